"""What a regime says beside its values: which constraints bind, and how ties are broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import mpmath
import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Relational

from derive.check.objectives import definitions_out
from derive.check.sample import flat, satisfied
from derive.check.values import number, numbers
from derive.ir import Decision, Model, Participation, Protocol, Stage
from derive.solution import Regime

__all__ = ["against_the_rule", "not_binding"]

TINY = mpmath.mpf(10) ** -15
GRID = 64
ZOOMS = 24
At = tuple[Mapping[Symbol, Any], Any]


def not_binding(
    model: Model, stages: Sequence[Stage], worth: Mapping[str, Expr], points: Sequence[At], regime: Regime
) -> list[str]:
    """Constraints that a regime says to bind and that do not at one of its points, or that the statement does not have."""
    known: dict[str, list[Expr]] = {}
    for name, slack in _slacks(model, stages, worth):
        known.setdefault(name, []).append(slack)
    wrong = []
    for name in dict.fromkeys(name for names in regime.active for name in ((names,) if names in known else names.split(", "))):
        if name not in known:
            wrong.append(f"{regime.name}: {name} is said to bind, and there is no such constraint")
        elif not any(all(_vanishes(slack, at, apply) for at, apply in points) for slack in known[name]):
            wrong.append(f"{regime.name}: {name} is said to bind, and does not")
    return wrong


def _slacks(model: Model, stages: Sequence[Stage], worth: Mapping[str, Expr]) -> Iterator[tuple[str, Expr]]:
    domain = {variable.symbol: variable.domain for variable in model.variables}
    for decision in (decision for stage in stages for decision in stage.decisions):
        for symbol in decision.chooses:
            for relation in flat(domain.get(symbol, ())):
                slack = definitions_out(relation.lhs - relation.rhs, model)
                yield from ((name, slack) for name in (str(relation), f"{symbol}: {relation}"))
        for constraint in decision.subject_to:
            if isinstance(constraint, Participation):
                reservation = definitions_out(sympy.sympify(constraint.reservation), model)
                yield constraint.name, worth[constraint.player] - reservation
            else:
                for relation in flat((constraint.relation,)):
                    yield constraint.name, definitions_out(relation.lhs - relation.rhs, model)


def _vanishes(slack: Expr, at: Mapping[Symbol, Any], apply: Any) -> bool:
    with mpmath.workdps(30):
        parts = numbers(sympy.Add.make_args(slack), at, apply)
        return bool(abs(mpmath.fsum(parts)) <= TINY * max(1, *map(abs, parts)))


def against_the_rule(
    protocol: Protocol, model: Model, worth: Mapping[str, Expr], points: Sequence[At], regime: Regime
) -> list[str]:
    """Choices of the last stage with which a regime breaks a tie otherwise than the statement does."""
    domain = {variable.symbol: variable.domain for variable in model.variables}
    wrong = []
    for decision in protocol.stages[-1].decisions:
        own = [symbol for symbol in decision.chooses if symbol in decision_symbols(decision)]
        if len(own) != 1:
            continue
        payoff = sympy.Add(*[worth[name] for name in decision.by])
        relations = [*domain.get(own[0], ()), *(c.relation for c in decision.subject_to if hasattr(c, "relation"))]
        rule = [definitions_out(relation, model) for relation in decision.indifferent]
        for at, apply in points:
            if all(satisfied(relation, at, apply) for relation in rule):
                continue
            allowed = [*rule, *flat(definitions_out(relation, model) for relation in relations)]
            if _as_good(payoff, own[0], allowed, at, apply):
                wrong.append(f"{regime.name}: {own[0]} is another choice than the statement makes where several are best")
                break
    return wrong


def decision_symbols(decision: Decision) -> set[Symbol]:
    """What the rule for ties of a decision speaks of."""
    return {symbol for relation in decision.indifferent for symbol in relation.free_symbols}


def _as_good(payoff: Expr, symbol: Symbol, allowed: Sequence[Relational], at: Mapping[Symbol, Any], apply: Any) -> bool:
    """Whether a choice that satisfies all relations pays as much as the one made."""
    with mpmath.workdps(30):
        level = number(payoff, at, apply)
        tried = {*_ends(symbol, allowed, at, apply), *_around(at[symbol], 1 + abs(at[symbol]))}
        best, step = _best(payoff, symbol, allowed, at, apply, tried), (1 + abs(at[symbol])) / GRID
        for _ in range(ZOOMS):
            if best is None or best[0] >= level - TINY * (1 + abs(level)):
                break
            best = max(filter(None, (best, _best(payoff, symbol, allowed, at, apply, (best[1] - step, best[1] + step)))))
            step /= 2
        return best is not None and bool(best[0] >= level - TINY * (1 + abs(level)))


def _around(centre: Any, size: Any) -> Iterator[Any]:
    return (centre + size * k / GRID for k in range(-2 * GRID, 2 * GRID + 1))


def _ends(symbol: Symbol, relations: Iterable[Relational], at: Mapping[Symbol, Any], apply: Any) -> Iterator[Any]:
    """Where relations that are affine in a choice hold just so."""
    for relation in relations:
        gap = relation.lhs - relation.rhs
        slope = sympy.diff(gap, symbol)
        if slope != 0 and symbol not in slope.free_symbols:
            rate = number(slope, at, apply)
            yield at[symbol] - number(gap, at, apply) / rate


def _best(
    payoff: Expr, symbol: Symbol, allowed: Sequence[Relational], at: Mapping[Symbol, Any], apply: Any, tried: Iterable[Any]
) -> tuple[Any, Any] | None:
    found = []
    for x in tried:
        here = {**at, symbol: x}
        if all(satisfied(relation, here, apply) for relation in allowed):
            found.append((number(payoff, here, apply), x))
    return max(found, default=None)
