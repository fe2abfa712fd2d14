"""One decision over several variables: transfers eliminated, independent blocks separated, the rest one by one or by KKT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented
from derive.algebra.powers import told_in_powers
from derive.algebra.spread import apart, put_together
from derive.decision.acceptance import without_products
from derive.decision.curves import by_curves
from derive.decision.floors import above_floors
from derive.decision.kkt import concave, maximise_concave
from derive.decision.lagrangian import by_lagrangian
from derive.decision.levelled import levelled, with_levels
from derive.decision.menus import by_menu
from derive.decision.nested import maximise_nested
from derive.decision.newvariable import restored
from derive.decision.problem import Journal, Nothing, Optimum, Outcome, Problem, Restriction, at_roots, unique
from derive.decision.regions import without
from derive.decision.settle import settle_quadratic
from derive.decision.single import maximise_single
from derive.decision.stocking import stockings
from derive.decision.univariate import univariate, univariate_where_possible
from derive.errors import Refusal
from derive.field import coefficients, derivative, normal
from derive.placed import normal_at
from derive.prove import prove, refute
from derive.solution import Without
from derive.steps import Concentration, Separation, Transfer


@dataclass(frozen=True)
class Eliminated:
    """A transfer, solved from the constraint that its own desirability makes binding."""

    symbol: Symbol
    solved: Expr
    constraint: str
    label: str


def maximise(problem: Problem, journal: Journal) -> tuple[Optimum, ...]:
    """Every regime of the problem where it has an admissible choice.

    Raises Refusal where there is one and the optimum does not exist or cannot be justified.
    """
    outcome = univariate_where_possible(problem, journal) or settle(problem, journal)
    return only(replace(outcome, nothing=tuple(n for n in outcome.nothing if n.kind is not Without.INFEASIBLE)), problem)


def settle(problem: Problem, journal: Journal) -> Outcome:
    """Every regime of the problem, and the regions on which it is proved to have no maximum. Raises Refusal when not settled."""
    reduced, transfers = without_transfers(without_products(problem), journal)
    outcome = above_floors(reduced, journal, settle) or _by_levels(reduced, journal)
    for way in (by_curves, by_menu):
        outcome = outcome or way(reduced, journal, settle)
    if outcome is None:
        outcome = _by_stocking(reduced, journal)
    if outcome is None:
        outcome = _separately(reduced, journal)
    nothing = tuple(approached_with_transfers(item, transfers) for item in outcome.nothing)
    return Outcome(tuple(with_transfers(optimum, transfers) for optimum in outcome.optima), nothing, outcome.ties)


def _by_levels(problem: Problem, journal: Journal) -> Outcome | None:
    """The outcome with slacks in place of transfers, which makes the constraints linear; None where that does not lead to it."""
    mark, warned = len(journal.steps), len(journal.warnings)
    changed = levelled(problem, journal)
    if changed is None:
        return None
    try:
        found = settle(changed[0], journal)
    except Refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        return None
    return replace(found, optima=tuple(with_levels(optimum, changed[1]) for optimum in found.optima))


def _by_stocking(problem: Problem, journal: Journal) -> Outcome | None:
    """The outcome by way of a stocking factor; None where the problem has none. Raises Refusal where none leads to an optimum."""
    reasons = []
    mark, warned = len(journal.steps), len(journal.warnings)
    for stocking in stockings(problem, journal):
        try:
            found = maximise(stocking.problem, journal)
            return Outcome(tuple(restored(optimum, (stocking.change,)) for optimum in found))
        except Refusal as refusal:
            reasons.append(refusal)
            del journal.steps[mark:], journal.warnings[warned:]
    if reasons:
        raise reasons[-1]
    return None


def _separately(problem: Problem, journal: Journal) -> Outcome:
    blocks = _blocks(problem)
    if len(blocks) > 1:
        journal.add(
            Separation, given=problem.domain, objective=problem.objective, blocks=tuple(block.variables for block in blocks)
        )
    return _product([_block(block, journal) for block in blocks], problem)


def only(outcome: Outcome, problem: Problem) -> tuple[Optimum, ...]:
    """The optima of an outcome that is expected to have nothing else. Raises Refusal."""
    for missing in outcome.nothing:
        where = " and ".join(str(relation) for relation in missing.region)
        raise Refusal(
            f"{missing.kind.value}{' where ' + where if where else ''}: {missing.reason}",
            symbol=", ".join(map(str, problem.variables)),
        )
    return outcome.optima


def without_transfers(problem: Problem, journal: Journal) -> tuple[Problem, tuple[Eliminated, ...]]:
    """The problem with every transfer eliminated, in the order of elimination."""
    eliminated: list[Eliminated] = []
    while (found := _transfer(problem)) is not None:
        problem, transfer = _eliminate(problem, *found, journal)
        eliminated.append(transfer)
    return problem, tuple(eliminated)


def with_transfers(optimum: Optimum, transfers: Sequence[Eliminated]) -> Optimum:
    """The optimum of the reduced problem with the transfers it implies."""
    for transfer in reversed(transfers):
        value = normal_at(transfer.solved, dict(optimum.values))
        optimum = replace(
            optimum,
            values=(*optimum.values, (transfer.symbol, value)),
            active=(*optimum.active, transfer.constraint),
            labels=(transfer.label, *optimum.labels),
            through=(*optimum.through, (transfer.symbol, transfer.solved)),
        )
    return optimum


def approached_with_transfers(item: Nothing, transfers: Sequence[Eliminated]) -> Nothing:
    """What is approached in the reduced problem together with the transfers it implies."""
    return replace(item, approached=with_transfers(Optimum((), item.approached), transfers).values) if item.approached else item


# --- transfers -------------------------------------------------------------------------------------------------------------


def _transfer(problem: Problem) -> tuple[Symbol, Restriction, Expr, Expr] | None:
    """A variable in which the objective is linear and which a single restriction bounds: (it, the restriction, slopes)."""
    for variable in problem.variables:
        touched = [item for item in problem.restrictions if variable in item.slack.free_symbols]
        if len(touched) != 1 or touched[0].strict or len(problem.variables) == 1:
            continue
        gain = derivative(problem.objective, variable)
        relief = derivative(touched[0].slack, variable)
        if gain.free_symbols & set(problem.variables) or relief.free_symbols & set(problem.variables):
            continue
        if gain != 0 and relief != 0 and not _blocked_alone(touched[0], variable, problem):
            return variable, touched[0], gain, relief
    return None


def _blocked_alone(item: Restriction, variable: Symbol, problem: Problem) -> bool:
    """A plain bound on the variable itself leaves nothing to trade: that is an ordinary corner, not a transfer."""
    return not (item.slack.free_symbols & (set(problem.variables) - {variable}))


def _eliminate(
    problem: Problem, transfer: Symbol, item: Restriction, gain: Expr, relief: Expr, journal: Journal
) -> tuple[Problem, Eliminated]:
    value = normal(-gain / relief)
    certificate = None
    if not value.is_Rational:
        certificate = prove(value > 0, problem.given)
    if not (value.is_positive if value.is_Rational else certificate is not None):
        raise Refusal(f"raising {transfer} is not stopped by {item.name}: the payoff is unbounded", symbol=str(transfer))
    parts = coefficients(item.slack, transfer)
    if parts is None or len(parts) != 2:
        raise Refusal(f"{item.name} cannot be solved for the transfer", symbol=str(transfer))
    solved = normal(-parts[0] / parts[1])
    reduced = normal_at(problem.objective, {transfer: solved})
    step = journal.add(
        Transfer,
        given=problem.given,
        objective=problem.objective,
        transfer=transfer,
        constraint=item.slack,
        value=value,
        certificate=certificate,
        solved=solved,
        reduced=reduced,
    )
    rest = replace(
        problem,
        objective=reduced,
        variables=tuple(v for v in problem.variables if v != transfer),
        restrictions=tuple(r for r in problem.restrictions if r is not item),
    )
    return rest, Eliminated(transfer, solved, item.name, step.label)


# --- independent blocks ----------------------------------------------------------------------------------------------------


def _blocks(problem: Problem) -> list[Problem]:
    group = {variable: i for i, variable in enumerate(problem.variables)}

    def join(first: Symbol, second: Symbol) -> None:
        old, new = group[second], group[first]
        for variable in group:
            if group[variable] == old:
                group[variable] = new

    for i, first in enumerate(problem.variables):
        for second in problem.variables[i + 1 :]:
            tied = any({first, second} <= item.slack.free_symbols for item in problem.restrictions)
            if group[first] != group[second] and (tied or derivative(problem.objective, first, second) != 0):
                join(first, second)
    blocks = []
    for number in dict.fromkeys(group.values()):
        members = tuple(v for v in problem.variables if group[v] == number)
        others = set(problem.variables) - set(members)
        # What restricts the others may have no solution: that is for their own block to say.
        own = tuple(r for r in problem.restrictions if not (r.slack.free_symbols & others))
        blocks.append(replace(problem, variables=members, restrictions=own))
    return blocks


def _product(parts: Sequence[Outcome], problem: Problem) -> Outcome:
    """Independent blocks together: a maximum of all is one of each; where one has none, nor have they together."""
    if len(parts) == 1:
        return parts[0]
    found = []
    for combination in product(*(part.optima for part in parts)):
        region = unique(relation for optimum in combination for relation in optimum.region)
        if refute((*problem.given, *region)) is not None:
            continue
        found.append(
            Optimum(
                region,
                tuple(value for optimum in combination for value in optimum.values),
                tuple(name for optimum in combination for name in optimum.active),
                tuple(item for optimum in combination for item in optimum.implicit),
                tuple(label for optimum in combination for label in optimum.labels),
                free=tuple(symbol for optimum in combination for symbol in optimum.free),
                among=unique(relation for optimum in combination for relation in optimum.among),
                unique=all(optimum.unique for optimum in combination),
            )
        )
    nothing: list[Nothing] = []
    for item in sorted((n for part in parts for n in part.nothing), key=lambda n: n.kind is not Without.INFEASIBLE):
        cells: list[tuple[Boolean, ...]] = [item.region]
        for earlier in nothing:
            cells = [rest for cell in cells for rest in without(cell, earlier.region, problem.given)]
        nothing += [replace(item, region=cell, supremum=None, approached=()) for cell in cells]
    return Outcome(tuple(found), tuple(nothing), tuple(tie for part in parts for tie in part.ties))


def _block(problem: Problem, journal: Journal) -> Outcome:
    if len(problem.variables) == 1:
        return univariate(problem, journal)
    outcome = settle_quadratic(problem, journal)
    if outcome is not None:
        return outcome
    certificates = concave(problem)
    reasons = []
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        curved = by_lagrangian(problem, journal)
        if curved is not None:
            return curved
    except Refusal as refusal:
        reasons.append(refusal.message)
        del journal.steps[mark:], journal.warnings[warned:]
    if certificates is not None:
        try:
            return Outcome(maximise_concave(problem, certificates, journal))
        except Refusal as refusal:
            reasons.append(refusal.message)
            del journal.steps[mark:], journal.warnings[warned:]
    for way in (_one_by_one, maximise_nested):
        try:
            return Outcome(way(problem, journal))
        except Refusal as refusal:
            reasons.append(refusal.message)
            del journal.steps[mark:], journal.warnings[warned:]
    raise Refusal("; ".join(reasons), symbol=", ".join(map(str, problem.variables)))


# --- one variable after the other ------------------------------------------------------------------------------------------


def _one_by_one(problem: Problem, journal: Journal) -> tuple[Optimum, ...]:
    """Maximise over one variable for any values of the others, put the result in, and go on.

    A maximum over one variable that is unique for every value of the others, followed by a unique maximum of the concentrated
    objective, is the unique global maximum: no concavity in all variables together is needed.
    """
    reasons = []
    for variable in problem.variables:
        mark, warned = len(journal.steps), len(journal.warnings)
        try:
            return _starting_with(variable, problem, journal)
        except Refusal as refusal:
            reasons.append(f"{variable}: {refusal.message}")
            del journal.steps[mark:], journal.warnings[warned:]
    raise Refusal(
        "neither joint concavity nor a maximum one variable at a time is proved (" + "; ".join(reasons) + ")",
        symbol=", ".join(map(str, problem.variables)),
    )


def _starting_with(variable: Symbol, problem: Problem, journal: Journal) -> tuple[Optimum, ...]:
    others = tuple(v for v in problem.variables if v != variable)
    own = tuple(r for r in problem.restrictions if variable in r.slack.free_symbols)
    rest = tuple(r for r in problem.restrictions if variable not in r.slack.free_symbols)
    inner = replace(
        problem, variables=(variable,), restrictions=own, given=unique((*problem.given, *(r.relation for r in rest)))
    )
    optima = maximise_single(inner, journal)
    if len(optima) != 1 or any(set(others) & relation.free_symbols for relation in optima[0].region):
        raise Refusal(f"the best {variable} falls into cases that depend on the other choices")
    (optimum,) = optima
    if any(set(others) & item.equation.free_symbols for item in optimum.implicit):
        raise Refusal(f"the best {variable} has no closed form in the other choices")
    values = dict(optimum.values)
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        return _then_the_others(problem, optimum, values, normal_at(problem.objective, values), journal)
    except Refusal:
        spread = {chosen: apart(value, others, problem.domain) for chosen, value in values.items()}
        after = normal(put_together(problem.objective, spread, problem.domain))
        if after == normal_at(problem.objective, values):
            raise
        del journal.steps[mark:], journal.warnings[warned:]
        return _then_the_others(problem, optimum, spread, after, journal)


def _then_the_others(
    problem: Problem, optimum: Optimum, values: dict[Symbol, Expr], after: Expr, journal: Journal
) -> tuple[Optimum, ...]:
    """The other variables, with `values` put in for one that is best at them; `after` is what is left to maximise.

    Without values the best choice is a root that does not move with the others.
    """
    settled = {*values, *(item.symbol for item in optimum.implicit)}
    if values:
        journal.add(
            Concentration,
            uses=optimum.labels,
            given=problem.domain,
            before=problem.objective,
            replace=tuple(values.items()),
            after=after,
        )
    outer = replace(
        problem,
        objective=after,
        variables=tuple(v for v in problem.variables if v not in settled),
        restrictions=tuple(r.at(values) for r in problem.restrictions if not settled & r.slack.free_symbols),
        given=unique((*problem.given, *optimum.region, *at_roots(optimum.implicit))),
    )
    found = []
    for outer_optimum in only(_block(outer, journal), outer):
        chosen = dict(outer_optimum.values)
        known = (*problem.given, *outer_optimum.region)
        own = (
            (variable, told_in_powers(oriented(normal(put_together(value, chosen, known)), problem.domain), known))
            for variable, value in values.items()
        )
        found.append(
            replace(
                outer_optimum,
                region=unique((*optimum.region, *outer_optimum.region)),
                values=(*((symbol, told_in_powers(value, known)) for symbol, value in outer_optimum.values), *own),
                active=(*optimum.active, *outer_optimum.active),
                implicit=(*optimum.implicit, *outer_optimum.implicit),
                labels=(*optimum.labels, *outer_optimum.labels),
            )
        )
    return tuple(found)
