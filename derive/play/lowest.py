"""Replies to others at the lower bounds of their choices, where payoffs or their slopes may not be defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sympy import Eq, Expr, Pow, Symbol, log, nan, oo, preorder_traversal, zoo
from sympy.logic.boolalg import Boolean

from derive.decision.bounds import Bound, interval
from derive.decision.problem import Decided, Journal, Nothing, Optimum, Outcome, needed, relation_at, unique
from derive.errors import Refusal
from derive.field import NotRational, normal
from derive.prove import prove
from derive.solution import Without

Answer = Callable[[Decided], Outcome]


@dataclass(frozen=True)
class _Lower:
    """The one closed lower bound of a decision's only choice."""

    choice: Symbol
    bound: Bound

    @property
    def above(self) -> Boolean:
        return self.choice > self.bound.value

    @property
    def reached(self) -> Boolean:
        return Eq(self.choice, self.bound.value)


def replies_by_bounds(
    decisions: Sequence[Decided], answer: Answer, journal: Journal
) -> tuple[Sequence[Decided], list[Outcome]] | None:
    """Everybody's best response, to others above the lower bounds of their choices and to others at them looked at by themselves.

    Where the latter is not settled, choices at these bounds are left out, with a warning. None where the choices have no such
    bounds, or the responses to others above them are not settled either.
    """
    lowers = [_lower(decision) for decision in decisions]
    known = [lower for lower in lowers if lower is not None]
    if len(decisions) == 1 or len(known) < len(decisions) or any(decision.others for decision in decisions):
        return None
    mark, warned = len(journal.steps), len(journal.warnings)
    raised = [
        _supposing(decision, (lower.above for lower in known if lower is not own))
        for decision, own in zip(decisions, known, strict=True)
    ]
    try:
        above = [answer(decision) for decision in raised]
    except Refusal:
        del journal.steps[mark:], journal.warnings[warned:]
        return None
    if len(decisions) == 2:
        found = _both_sides(decisions, known, above, answer, journal)
        if found is not None:
            return decisions, found
    journal.warnings.append("payoffs are not defined where all choose their lower bounds; choices at these bounds are left out")
    return raised, [_inside(outcome, own) for outcome, own in zip(above, known, strict=True)]


def _lower(decision: Decided) -> _Lower | None:
    problem = decision.problem
    if len(problem.variables) != 1:
        return None
    try:
        bounds = interval(problem.variables[0], problem.restrictions, problem.given).lower
    except Refusal:
        return None
    return _Lower(problem.variables[0], bounds[0]) if len(bounds) == 1 and not bounds[0].strict else None


def _supposing(decision: Decided, relations: Iterable[Boolean]) -> Decided:
    return replace(decision, problem=replace(decision.problem, given=unique((*decision.problem.given, *relations))))


def _inside(outcome: Outcome, own: _Lower) -> Outcome:
    """The best responses above the lower bound. What is left out is not settled."""
    at_bound = [o for o in outcome.optima if own.bound.name in o.active or dict(o.values).get(own.choice) == own.bound.value]
    left = tuple(
        Nothing(o.region, Without.INFEASIBLE, f"{own.choice} = {own.bound.value}, which is left out") for o in at_bound
    )
    return replace(outcome, optima=tuple(o for o in outcome.optima if o not in at_bound), nothing=(*outcome.nothing, *left))


# --- the rival at the bound ------------------------------------------------------------------------------------------


def _both_sides(
    decisions: Sequence[Decided], lowers: Sequence[_Lower], above: Sequence[Outcome], answer: Answer, journal: Journal
) -> list[Outcome] | None:
    """The best responses of two who decide, to all choices of the other."""
    mark, warned = len(journal.steps), len(journal.warnings)
    found, undefined = [], False
    for decision, own, rival, outcome in zip(decisions, lowers, reversed(lowers), above, strict=True):
        defined = _defined(decision.problem.objective, {own.choice: own.bound.value, rival.choice: rival.bound.value})
        undefined = undefined or not defined
        try:
            reached = answer(_at(decision, own, rival, closed=defined))
        except (Refusal, NotRational, ZeroDivisionError):
            del journal.steps[mark:], journal.warnings[warned:]
            return None
        found.append(_joined(outcome, reached, rival, decision.problem.given))
    if undefined:
        journal.warnings.append("payoffs are not defined where all choose their lower bounds; this profile is left out")
    return found


def _defined(payoff: Expr, at: dict[Symbol, Expr]) -> bool:
    """Whether nothing in the payoff divides by zero, takes the logarithm of zero or an unknown power of it there."""
    for node in preorder_traversal(payoff):
        if isinstance(node, Pow) and not (node.exp.is_Rational and node.exp > 0):
            doubtful = node.base
        elif isinstance(node, log):
            doubtful = node.args[0]
        else:
            continue
        value = doubtful.xreplace(at)
        if value.has(nan, zoo, oo) or normal(value) == 0:
            return False
    return True


def _at(decision: Decided, own: _Lower, rival: _Lower, *, closed: bool) -> Decided:
    """The decision against a rival at the lower bound; the own bound stays admissible only if `closed`."""
    at = {rival.choice: rival.bound.value}
    problem = decision.problem
    restrictions = tuple(
        replace(item, slack=normal(item.slack.xreplace(at)), strict=item.strict or (item.name == own.bound.name and not closed))
        for item in problem.restrictions
    )
    known = (relation for one in problem.given if (relation := relation_at(one, at)) != True)  # noqa: E712
    given = unique((*known, rival.reached))
    return replace(
        decision,
        problem=replace(problem, objective=problem.objective.xreplace(at), restrictions=restrictions, given=given),
        ties=tuple((symbol, value.xreplace(at)) for symbol, value in decision.ties),
    )


def _joined(above: Outcome, reached: Outcome, rival: _Lower, given: tuple[Boolean, ...]) -> Outcome:
    """The responses to all choices of the rival: a formula that holds at the bound, too, is not cut there."""
    closed = {piece: same for piece in above.optima if (same := _continued(piece, reached, rival, given)) is not None}
    rest = [optimum for optimum in reached.optima if optimum not in closed.values()]
    optima = [
        replace(piece, labels=(*piece.labels, *closed[piece].labels))
        if piece in closed
        else replace(piece, region=needed((rival.above, *piece.region), given))
        for piece in above.optima
    ]
    optima += [replace(optimum, region=(rival.reached, *optimum.region)) for optimum in rest]
    nothing = [replace(item, region=(rival.above, *item.region)) for item in above.nothing]
    nothing += [replace(item, region=(rival.reached, *item.region)) for item in reached.nothing]
    ties = [(rival.above, *tie) for tie in above.ties] + [(rival.reached, *tie) for tie in reached.ties]
    return Outcome(tuple(optima), tuple(nothing), tuple(ties))


def _continued(piece: Optimum, reached: Outcome, rival: _Lower, given: tuple[Boolean, ...]) -> Optimum | None:
    """The response at the rival's bound that is this piece's formula, on exactly the piece's region there."""
    at = {rival.choice: rival.bound.value}
    if piece.implicit or piece.free:
        return None
    try:
        values = {symbol: normal(value.xreplace(at)) for symbol, value in piece.values}
        region = tuple(relation_at(relation, at) for relation in piece.region)
    except (ZeroDivisionError, NotRational):
        return None
    for optimum in reached.optima:
        same = not optimum.implicit and {s: normal(v) for s, v in optimum.values} == values
        if same and _implies((*given, *optimum.region), region) and _implies((*given, *region), optimum.region):
            return optimum
    return None


def _implies(given: tuple[Boolean, ...], relations: tuple[Boolean, ...]) -> bool:
    return all(prove(relation, given) is not None for relation in relations)
