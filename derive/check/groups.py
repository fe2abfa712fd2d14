"""Groups of identical players, as the checker reads them: one deviating member beside its equals, and whole groups written out.

Symbolically, one member's own choice is told apart from that of all others (`told_apart`). Numerically, a group of ``n`` becomes
``n`` ordinary players with choices of their own (`written_out`), for several whole numbers ``n``: an equilibrium of the
statement must be one of each of these games.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

import sympy
from sympy import Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive import members, steps
from derive.check.context import Context, follows, proved
from derive.check.objectives import definitions_out
from derive.check.registry import need, verifies
from derive.check.sample import flat
from derive.ir import (
    Aggregate,
    Constraint,
    Decision,
    Definition,
    Model,
    Parameter,
    Participation,
    Player,
    Protocol,
    Stage,
    Variable,
    other,
)
from derive.solution import Regime, Solution

__all__ = ["others_of", "told_apart", "written_out"]

MEMBERS = 6  # at most this many players in a game that is written out
GAMES = 4  # so many games are written out
Table = Mapping[Symbol, Expr]


# --- one member beside its equals ----------------------------------------------------------------------------------------


def _chosen(model: Model, protocol: Protocol, name: str) -> tuple[Symbol, ...]:
    """What a member of a group chooses; nothing for an ordinary player."""
    grouped = model.player(name).count != 1 or any(one.over == name for one in model.aggregates)
    decisions = [d for stage in protocol.stages for d in stage.decisions if name in d.by]
    return tuple(symbol for decision in decisions for symbol in decision.chooses) if grouped else ()


def others_of(model: Model, protocol: Protocol, decisions: Iterable[Decision]) -> dict[Symbol, Symbol]:
    """The others' choices with the member's own, for the groups that take these decisions."""
    names = {name for decision in decisions for name in decision.by}
    return {other(symbol): symbol for name in sorted(names) for symbol in _chosen(model, protocol, name)}


def _apart(model: Model, protocol: Protocol, one: Aggregate) -> Expr:
    count, of = model.player(one.over).count, definitions_out(sympy.sympify(one.of), model)
    theirs = {symbol: other(symbol) for symbol in _chosen(model, protocol, one.over)}
    return of + (count - 1) * of.xreplace(theirs)


def told_apart(model: Model, protocol: Protocol) -> Model:
    """The statement with every sum as one member's term and ``count - 1`` of the others', which have symbols of their own.

    The sums themselves stand for ``count`` equal terms, so that their values are checked.
    """
    if not model.aggregates:
        return model
    sums = {one.symbol: _apart(model, protocol, one) for one in model.aggregates}
    whole = tuple(
        Definition(one.symbol, model.player(one.over).count * sympy.sympify(one.of), one.meaning) for one in model.aggregates
    )
    plain = {definition.symbol: definitions_out(definition.value, model).xreplace(sums) for definition in model.definitions}

    def out(expr: Expr) -> Expr:
        return sympy.sympify(expr).xreplace(plain).xreplace(sums)

    return replace(
        model,
        players=tuple(replace(player, objective=out(player.objective)) for player in model.players),
        definitions=(*(Definition(symbol, value, "") for symbol, value in plain.items()), *whole),
        variables=tuple(replace(v, domain=flat(r.xreplace(plain).xreplace(sums) for r in v.domain)) for v in model.variables),
        protocols=tuple(replace(p, stages=tuple(_stage(stage, out) for stage in p.stages)) for p in model.protocols),
        aggregates=(),
    )


def _stage(stage: Stage, out: object) -> Stage:
    def constraint(entry: Constraint) -> Constraint:
        if isinstance(entry, Participation):
            return replace(entry, reservation=out(entry.reservation))  # type: ignore[operator]
        relation = entry.relation
        return replace(entry, relation=relation.func(out(relation.lhs), out(relation.rhs)))  # type: ignore[operator]

    return Stage(tuple(replace(d, subject_to=tuple(map(constraint, d.subject_to))) for d in stage.decisions))


# --- groups written out ----------------------------------------------------------------------------------------------------


def written_out(model: Model, solution: Solution) -> list[tuple[Model, Solution]]:
    """The game and its solution for several whole numbers of members; nothing where there is no group."""
    protocol = model.protocol(solution.protocol)
    groups = [player for player in model.players if _chosen(model, protocol, player.name)]
    if not groups:
        return []
    entered = {s for player in groups for s in sympy.sympify(player.count).free_symbols} & {v.symbol for v in model.variables}
    if entered:
        return [game for fixed in _once_entered(model, solution, entered) for game in written_out(*fixed)]
    idle = {player.name for player in model.players if player.count != 1} - {player.name for player in groups}
    model = replace(
        model,
        players=tuple(player for player in model.players if player.name not in idle),
        aggregates=tuple(one for one in model.aggregates if one.over not in idle),
    )
    numbers = sorted({s for player in groups for s in sympy.sympify(player.count).free_symbols}, key=str)
    found = []
    for values in sorted(product(range(1, MEMBERS + 1), repeat=len(numbers)), key=_spread):
        at = {symbol: Integer(value) for symbol, value in zip(numbers, values, strict=True)}
        sizes = {player.name: sympy.sympify(player.count).xreplace(at) for player in groups}
        if not all(size.is_Integer and size >= 1 for size in sizes.values()) or sum(sizes.values()) > MEMBERS:
            continue
        if any(r.xreplace(at) == sympy.false for r in (*model.assumptions, *solution.assumptions)):
            continue
        found.append(_written(model, protocol, solution, at, {name: int(size) for name, size in sizes.items()}))
        if len(found) == GAMES:
            break
    return found


def _once_entered(model: Model, solution: Solution, numbers: set[Symbol]) -> list[tuple[Model, Solution]]:
    """The game that follows when numbers of members have been chosen, for given whole ones, with the responses as its solution."""
    protocol = model.protocol(solution.protocol)
    last = max(i for i, stage in enumerate(protocol.stages, 1) if numbers & {s for d in stage.decisions for s in d.chooses})
    before = {s for stage in protocol.stages[:last] for d in stage.decisions for s in d.chooses}
    made = [v for v in model.variables if v.symbol in before]
    follows_ = [one for one in solution.responses if one.complete and one.stage == last + 1]
    if len(follows_) != 1:
        return []
    facts = flat(relation for v in made for relation in v.domain)
    game = replace(
        model,
        parameters=(*model.parameters, *(Parameter(v.symbol, v.meaning, integer=v.symbol in numbers) for v in made)),
        assumptions=(*model.assumptions, *facts),
        variables=tuple(v for v in model.variables if v.symbol not in before),
        protocols=(replace(protocol, stages=protocol.stages[last:], outside=()),),
    )
    regimes = tuple(
        Regime(str(i), case.region, case.values, follows_[0].implicit) for i, case in enumerate(follows_[0].cases, 1)
    )
    kept = replace(solution, assumptions=(*solution.assumptions, *facts), regimes=regimes, argument=(), gaps=(), responses=())
    return [(game, kept)]


def _spread(values: tuple[int, ...]) -> tuple[int, ...]:
    """Small games first, those of different sizes before those of equal ones."""
    return (sum(values), -max(values, default=0), *values)


def _written(
    model: Model, protocol: Protocol, solution: Solution, at: dict[Symbol, Integer], sizes: dict[str, int]
) -> tuple[Model, Solution]:
    own = {name: (*_chosen(model, protocol, name), model.player(name).payoff) for name in sizes}
    symbols = {(name, i): {s: _numbered(s, i) for s in own[name]} for name, size in sizes.items() for i in range(1, size + 1)}
    definitions = {d.symbol: definitions_out(d.value, model) for d in model.definitions}
    sums = {
        one.symbol: sympy.Add(
            *[sympy.sympify(one.of).xreplace(definitions).xreplace(symbols[one.over, i]) for i in range(1, sizes[one.over] + 1)]
        ).xreplace(at)
        for one in model.aggregates
    }

    def out(expr: Expr, member: Table = {}) -> Expr:  # noqa: B006
        return sympy.sympify(expr).xreplace(definitions).xreplace(dict(member)).xreplace(sums).xreplace(at)

    def relation(one: Boolean, member: Table = {}) -> Boolean:  # noqa: B006
        return one.xreplace(definitions).xreplace(dict(member)).xreplace(sums).xreplace(at)

    def members(name: str) -> list[tuple[str, Table]]:
        return [(f"{name} {i}", symbols[name, i]) for i in range(1, sizes[name] + 1)] if name in sizes else [(name, {})]

    def constraints(decision: Decision, member: Table) -> tuple[Constraint, ...]:
        kept: list[Constraint] = []
        for entry in decision.subject_to:
            if isinstance(entry, Participation):
                kept += [Participation(n, out(entry.reservation, t), entry.name) for n, t in members(entry.player)]
            elif relation(entry.relation, member) != sympy.true:
                kept.append(replace(entry, relation=relation(entry.relation, member)))
        return tuple(kept)

    def decisions(decision: Decision) -> list[Decision]:
        if len(decision.by) > 1 or decision.by[0] not in sizes:
            return [replace(decision, subject_to=constraints(decision, {}))]
        return [
            Decision((name,), tuple(table[s] for s in decision.chooses), constraints(decision, table))
            for name, table in members(decision.by[0])
        ]

    owner = {symbol: name for name in sizes for symbol in own[name]}
    variables: list[Variable] = []
    for v in model.variables:
        for _, table in members(owner.get(v.symbol, "")):
            variables.append(
                replace(v, symbol=table.get(v.symbol, v.symbol), domain=flat(relation(r, table) for r in v.domain))
            )
    stages = tuple(Stage(tuple(d for one in stage.decisions for d in decisions(one))) for stage in protocol.stages)
    outside = tuple((n, out(value, t)) for name, value in protocol.outside for n, t in members(name))
    game = replace(
        model,
        parameters=tuple(p for p in model.parameters if p.symbol not in at),
        assumptions=flat(relation(r) for r in model.assumptions),
        variables=tuple(variables),
        players=tuple(
            Player(n, out(p.objective, t), t.get(p.payoff, p.payoff), risk=p.risk)
            for p in model.players
            for n, t in members(p.name)
        ),
        protocols=(replace(protocol, stages=stages, outside=outside),),
        definitions=(),
        aggregates=(),
        claims=(),
        printed=(),
    )
    copies = {s: tuple(_numbered(s, i) for i in range(1, sizes[name] + 1)) for name in sizes for s in own[name]}
    return game, _solved(solution, at, copies)


def _numbered(symbol: Symbol, i: int) -> Symbol:
    return Symbol(f"{symbol.name}__{i}", real=True)


def _solved(solution: Solution, at: dict[Symbol, Integer], copies: Mapping[Symbol, tuple[Symbol, ...]]) -> Solution:
    def regions(region: Iterable[Boolean]) -> tuple[Boolean, ...]:
        return flat(relation.xreplace(at) for relation in region)

    def regime(one: Regime) -> Regime:
        values: list[tuple[Symbol, Expr]] = []
        for symbol, value in one.values:
            here = value.xreplace(at)
            values += [(symbol, here), *((copy, here) for copy in copies.get(symbol, ()))]
        implicit = tuple(replace(i, equation=i.equation.xreplace(at), low=i.low.xreplace(at), high=i.high.xreplace(at))
                         for i in one.implicit)  # fmt: skip
        return replace(one, region=regions(one.region), values=tuple(values), implicit=implicit)

    return replace(
        solution,
        assumptions=regions(solution.assumptions),
        regimes=tuple(r for r in map(regime, solution.regimes) if sympy.false not in r.region),
        gaps=tuple(g for g in (replace(g, region=regions(g.region)) for g in solution.gaps) if sympy.false not in g.region),
        argument=(),
        responses=(),
    )


# --- verifiers -------------------------------------------------------------------------------------------------------------


def _stated(group: str, context: Context) -> tuple[Expr, dict[Symbol, Expr]] | None:
    """The number of members and one member's term of each sum, as the statement says; None without a statement."""
    if context.statement is None:
        return None
    model = context.statement
    players = [player for player in model.players if player.name == group]
    need(len(players) == 1, f"{group} is no player")
    return sympy.sympify(players[0].count), {
        one.symbol: definitions_out(sympy.sympify(one.of), model) for one in model.aggregates if one.over == group
    }


@verifies(members.Member)
def _member(step: members.Member, context: Context) -> None:
    stated = _stated(step.group, context)
    theirs = dict(step.others)
    for symbol, value in step.sums:
        if stated is None:
            continue
        need(symbol in stated[1], f"{symbol} is no sum over {step.group}")
        context.equal(step.count, stated[0], "the number of members")
        of = stated[1][symbol]
        whole = of + (step.count - 1) * of.xreplace(theirs) if theirs else step.count * of
        context.equal(value, whole, f"{symbol} as seen by one of them")
    context.equal(step.before.xreplace(dict(step.sums)), step.after, "the payoff of one of them")


@verifies(members.Symmetry)
def _symmetry(step: members.Symmetry, context: Context) -> None:
    alike = {theirs: own for own, theirs in step.others}
    need(len(step.conditions) == len(step.equations), "a condition is missing")
    for condition, equation in zip(step.conditions, step.equations, strict=True):
        context.equal(condition.xreplace(alike), equation, "the condition where all choose alike")


@verifies(members.Alike)
def _alike(step: members.Alike, context: Context) -> None:
    stated = _stated(step.group, context)
    for symbol, of in step.sums:
        need(stated is None or symbol in stated[1], f"{symbol} is no sum over {step.group}")
        if stated is not None:
            context.equal(of, stated[1][symbol], f"one member's term of {symbol}")
    through = [step.objective.diff(symbol) * of.diff(step.choice) for symbol, of in step.sums]
    context.equal(step.objective.diff(step.choice) + sympy.Add(*through), step.rate, "the marginal payoff")
    context.equal(step.rate.diff(step.choice), step.slope, "its slope with the sums held fixed")
    proved(step.slope < 0, step.certificate, context.known, "the slope")


@verifies(steps.Hill)
def _hill(step: steps.Hill, context: Context) -> None:
    x = step.variable
    context.equal(step.objective.diff(x), step.marginal, "the marginal payoff")
    context.equal(step.marginal.diff(x), step.positive * step.inner, "its derivative")
    context.equal(step.inner.diff(x), step.slope, "the slope of the factor that decides")
    left = list(step.certificates)
    for goal, what in ((step.positive > 0, "the factor split off"), (step.slope < 0, "the slope")):
        if goal != sympy.true:
            proved(goal, left.pop(0) if left else None, context.known, what)
    for relation in context.known:
        if x in relation.free_symbols:
            need(follows(relation, (x > step.low,)), f"{relation} bounds {x} in another way")
    need(follows(x > step.low, context.known), f"{step.low} is not its lower bound")
    context.equal(_at_bound(step.objective, x, step.low, context), step.at_low, "the payoff at the lower bound")


def _at_bound(expr: Expr, x: Symbol, low: Expr, context: Context) -> Expr:
    """The value at a bound, where a power of zero with a positive exponent is zero. Raises `Rejected` where it is not defined."""
    if x not in expr.free_symbols:
        return expr
    if expr == x:
        return low
    parts = [_at_bound(part, x, low, context) for part in expr.args]
    if isinstance(expr, sympy.Pow) and parts[0] == 0:
        need(parts[1].is_positive is True or context.sign(parts[1]) > 0, f"{expr} is not defined at {x} = {low}")
        return Integer(0)
    return expr.func(*parts)
