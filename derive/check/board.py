"""A protocol as arrays: payoffs, bounds, constraints and marginal payoffs as functions of rows.

A row holds the parameters, then all choices. Everything comes from the statement; expectations are the checker's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import product
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy import Abs, DiracDelta, Expr, Heaviside, Integer, Max, Min, Piecewise, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.check.arrays import of_arrays, steady
from derive.check.context import Context
from derive.check.derivatives import derivative
from derive.check.moments import certain, ends, expected, overage
from derive.check.play import without_internal
from derive.check.ranges import Array
from derive.check.ridges import ridges
from derive.check.sample import flat
from derive.check.zero import Undecided, number
from derive.ir import CARA, Decision, Distribution, Model, Participation, Protocol

__all__ = ["Array", "Board"]

# Sides of a condition that differ by less than this share of what they consist of are equal but for rounding.
ROUNDING = 1e-13


class Board:
    """One protocol of a statement as functions of rows: parameters first, then choices."""

    def __init__(
        self, model: Model, protocol: Protocol, laws: Mapping[Symbol, Distribution], parameters: Sequence[Symbol]
    ) -> None:
        self.model = model
        self.players = [player.name for player in model.players]
        self.finite = {v.symbol: tuple(float(value) for value in v.values) for v in model.variables if v.values}
        self.decisions = [stage.decisions for stage in protocol.stages]
        self.definitions = {d.symbol: d.value for d in model.definitions}
        ties = self._ties()
        self.crossed = {s for s, value in ties.items() if value.free_symbols & self._of_others(s)}
        self.ties = {symbol: value for symbol, value in ties.items() if symbol not in self.crossed}
        chosen = tuple(s for stage in protocol.stages for d in stage.decisions for s in d.chooses)
        self.choices = tuple(s for s in chosen if s not in self.ties)
        self.symbols = (*parameters, *self.choices)
        self.column = {symbol: i for i, symbol in enumerate(self.symbols)}

        domain = {v.symbol: v.domain for v in model.variables}
        known = flat((*model.assumptions, *(r for relations in domain.values() for r in relations)))
        self.worth: dict[str, Expr] = {}
        opened: list[Expr] = []
        for player in model.players:
            objective = self.plain(player.objective)
            if isinstance(player.risk, CARA):
                self.worth[player.name] = certain(objective, laws, player.risk.risk_aversion)
            else:
                self.worth[player.name], smooth = _expectations(objective, tuple(laws.items()), known)
                opened.append(smooth)
        stated = self.worth
        self.worth = without_internal(stated, protocol, parameters)
        self.whole = {name for name in self.players if self.worth[name] == stated[name]}
        late = {s for stage in self.decisions[1:] for d in stage for s in d.chooses}
        # The ends of a law are not among them: what is expected of a shock bends smoothly there.
        self.jumps = bool(late & set(self.finite)) or any(worth.atoms(Piecewise, Max, Min, Abs, Heaviside) for worth in opened)
        self.ridges = {
            d: ridges(sympy.Add(*[self.worth[name] for name in d.by]), self._own(d), self._joint(d, domain), self.numeric)
            for stage in self.decisions
            for d in stage
        }
        self.payoffs = self.numeric(tuple(_rounded(self.worth[name]) for name in self.players))
        self.moving = {
            d: tuple((s, self.numeric((self.plain(ties[s]),))) for s in d.chooses if s in self.crossed)
            for stage in self.decisions
            for d in stage
        }
        self.limits = {d: self._limits(d, domain) for stage in self.decisions for d in stage}
        self.transfers = {d: self._transfers(d) for stage in self.decisions for d in stage}

    def _own(self, decision: Decision) -> list[Symbol]:
        return [symbol for symbol in decision.chooses if symbol in self.column]

    def _joint(self, decision: Decision, domain: Mapping[Symbol, tuple[Boolean, ...]]) -> tuple[Expr, ...]:
        """What is zero where a constraint on several choices of a decision binds."""
        own = set(self._own(decision))
        relations = [r for s in decision.chooses for r in domain[s]]
        relations += [c.relation for c in decision.subject_to if not isinstance(c, Participation)]
        gaps = [sympy.expand(self.plain(r.lhs - r.rhs)) for r in flat(relations) if not isinstance(r, sympy.Eq)]
        return tuple(gap for gap in gaps if len(own & gap.free_symbols) > 1)

    def plain(self, expr: Any) -> Any:
        """An expression in terms of parameters and free choices: definitions opened, choices tied by equalities replaced."""
        return expr.xreplace(self._meanings)

    @cached_property
    def _meanings(self) -> dict[Symbol, Expr]:
        """What defined quantities and tied choices are in terms of all others, each written out once."""
        found = {**self.definitions, **self.ties}
        for _ in found:
            before, found = found, {symbol: value.xreplace(found) for symbol, value in found.items()}
            if found == before:
                break
        return found

    def _ties(self) -> dict[Symbol, Expr]:
        """Choices that an equality constraint ties to others of the same decision, linearly."""
        found: dict[Symbol, Expr] = {}
        for decision in (d for stage in self.decisions for d in stage):
            for constraint in decision.subject_to:
                if isinstance(constraint, Participation) or constraint.relation.rel_op != "==":
                    continue
                gap = (constraint.relation.lhs - constraint.relation.rhs).xreplace(self.definitions).xreplace(found)
                for symbol in reversed(decision.chooses):
                    slope = gap.diff(symbol)
                    if symbol not in found and slope.is_Rational and slope:
                        found[symbol] = symbol - gap / slope
                        break
                else:
                    raise Undecided(f"{constraint.relation} is not linear in a choice")
        return found

    def _of_others(self, symbol: Symbol) -> set[Symbol]:
        """What others choose in the stage in which `symbol` is chosen and after it: while they change it, an equality of its own
        decision that speaks of it does not move `symbol`."""
        first = next(i for i, stage in enumerate(self.decisions) if any(symbol in d.chooses for d in stage))
        return {s for stage in self.decisions[first:] for d in stage if symbol not in d.chooses for s in d.chooses}

    def numeric(self, exprs: Sequence[Expr]) -> Any:
        """A function from rows to an array with one column per expression; not finite becomes nan."""
        return of_arrays(self.symbols, exprs)

    def _limits(self, decision: Decision, domain: Mapping[Symbol, Sequence[Boolean]]) -> Any:
        """Bounds of single choices as ``slope * choice + level >= 0``, and the relations that tie several (as gaps >= 0)."""
        relations = [r for symbol in decision.chooses for r in domain.get(symbol, ())]
        relations += [c.relation for c in decision.subject_to if not isinstance(c, Participation)]
        bounds, gaps = [], []
        for relation in flat(relations):
            if relation.rel_op == "==":
                continue
            gap = self.plain(relation.gts - relation.lts)
            own = [s for s in decision.chooses if s in gap.free_symbols]
            slope = sympy.expand(gap.diff(own[0])) if len(own) == 1 else None
            later = gap.free_symbols & self._later(decision)
            if slope is not None and own[0] not in slope.free_symbols and not later:
                bounds.append((own[0], steady(self.numeric((slope, gap.xreplace({own[0]: sympy.Integer(0)}))))))
            else:
                gaps.append(gap)
        return bounds, self.numeric(tuple(gaps)) if gaps else None

    def _later(self, decision: Decision) -> set[Symbol]:
        stage = next(i for i, decisions in enumerate(self.decisions) if decision in decisions)
        return {symbol for decisions in self.decisions[stage + 1 :] for d in decisions for symbol in d.chooses}

    def _transfers(self, decision: Decision) -> list[tuple[Symbol, str, Any]]:
        """Unbounded payments, everybody's worth affine in them with constant slope, each with the participation it serves."""
        found: list[tuple[Symbol, str, Any]] = []
        bounded = {symbol for symbol, _ in self.limits[decision][0]}
        if not any(isinstance(c, Participation) for c in decision.subject_to):
            return found
        for symbol in decision.chooses:
            slopes = {name: sympy.expand(worth.diff(symbol)) for name, worth in self.worth.items()}
            constant = all(slope.is_Rational for slope in slopes.values())
            served = [c for c in decision.subject_to if isinstance(c, Participation) and slopes[c.player] != 0]
            own = sum((slopes[name] for name in decision.by), sympy.Integer(0))
            if constant and own and len(served) == 1 and symbol not in bounded and own * slopes[served[0].player] < 0:
                level = self.numeric((self.plain(sympy.sympify(served[0].reservation)),))
                found.append((symbol, served[0].player, (float(slopes[served[0].player]), level)))
        return found

    def box(self, decision: Decision, symbol: Symbol, rows: Array) -> tuple[Array, Array]:
        low, high = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
        for name, line in self.limits[decision][0]:
            if name == symbol:
                slope, level = line(rows).T
                with np.errstate(all="ignore"):
                    low = np.where(slope > 0, np.maximum(low, -level / slope), low)
                    high = np.where(slope < 0, np.minimum(high, -level / slope), high)
        return low, high

    def paid(self, decisions: Sequence[Decision], rows: Array) -> Array:
        """The rows with the payments of those decisions set so that the participation they serve just binds, and with what their
        own equalities tie to what others choose."""
        for decision in decisions:
            for symbol, value in self.moving[decision]:
                rows = rows.copy()
                rows[:, self.column[symbol]] = value(rows)[:, 0]
            for symbol, player, (slope, level) in self.transfers[decision]:
                rows = rows.copy()
                missing = level(rows)[:, 0] - self.payoffs(rows)[:, self.players.index(player)]
                rows[:, self.column[symbol]] += missing / slope
        return rows

    def precise(self, names: Sequence[str], at: Mapping[Symbol, Any]) -> Any:
        """What these players get together at one point, to 40 digits: to tell a gain from rounding."""
        with mpmath.workdps(40):
            return mpmath.fsum(number(self.worth[name], at) for name in names)

    def total(self, decision: Decision, rows: Array) -> Array:
        """What those who decide get together, row by row; -inf where it is not allowed."""
        agreed = [c for c in decision.subject_to if isinstance(c, Participation)]
        payoffs = self.payoffs(rows) if agreed else self.own[decision](rows)
        with np.errstate(invalid="ignore"):  # an infinite gain of one against an infinite loss of another is not allowed below
            total = (
                payoffs[:, [self.players.index(name) for name in decision.by]].sum(axis=1) if agreed else payoffs.sum(axis=1)
            )
        allowed = np.isfinite(total)
        size = 1e-11 * (1 + np.nan_to_num(np.abs(payoffs)).max(axis=1)) if agreed else None
        for constraint in agreed:
            level = self.reservations[constraint](rows)[:, 0]
            allowed &= payoffs[:, self.players.index(constraint.player)] >= level - size
        gaps = self.limits[decision][1]
        if gaps is not None:
            allowed &= (gaps(rows) >= -1e-12 * (0.1 + np.abs(rows).max(axis=1))[:, None]).all(axis=1)
        return np.where(allowed, total, -np.inf)

    def alone(self, decision: Decision) -> bool:
        """Whether what a decision gets where it moves last hangs on its bounds and its own payoffs alone: no participation, no
        payment, no relation between several choices."""
        agreed = any(isinstance(c, Participation) for c in decision.subject_to)
        return not (agreed or self.moving[decision] or self.transfers[decision] or self.limits[decision][1])

    def totals_along(self, decision: Decision, rows: Array, moved: Mapping[int, Array]) -> Array:
        """What a decision that is `alone` gets where some columns take several values each, as many in every column."""
        first, *others = self.own[decision].along(rows, moved)
        with np.errstate(invalid="ignore"):  # infinite gains and losses together are not allowed
            total = sum(others, first)
        total = np.where(np.isfinite(total), total, -np.inf)
        shape = next(iter(moved.values())).shape
        return total if total.shape == shape else np.broadcast_to(total, shape)

    @cached_property
    def own(self) -> dict[Decision, Any]:
        """What each of those who decide together gets, without all others."""
        return {d: self.numeric(tuple(_rounded(self.worth[name]) for name in d.by)) for stage in self.decisions for d in stage}

    @cached_property
    def reservations(self) -> dict[Participation, Any]:
        return {
            c: self.numeric((self.plain(sympy.sympify(c.reservation)),))
            for stage in self.decisions
            for d in stage
            for c in d.subject_to
            if isinstance(c, Participation)
        }

    def free(self, decision: Decision) -> list[Symbol]:
        """What the decision chooses out of ranges, without what equalities tie and the payments that participation constraints fix."""
        paid = {symbol for symbol, _, _ in self.transfers[decision]}
        return [s for s in decision.chooses if s not in paid | self.crossed and s not in self.ties and s not in self.finite]

    def ways(self, decision: Decision) -> list[tuple[dict[Symbol, float], float]]:
        """The ways to choose among values, those first which the statement says are taken where several are equally good; each with
        the share of all payoffs by which it has to pay more than those before: others than these may seem to by rounding."""
        among = [symbol for symbol in decision.chooses if symbol in self.finite]
        every = [dict(zip(among, values, strict=True)) for values in product(*(self.finite[symbol] for symbol in among))]
        rules = [relation for relation in decision.indifferent if relation.free_symbols <= set(among)]
        wanted = [way for way in every if rules and all(relation.subs(way) == sympy.true for relation in rules)]
        return [(way, 0.0) for way in wanted] + [(way, ROUNDING if wanted else 0.0) for way in every if way not in wanted]

    @cached_property
    def last_marginals(self) -> Callable[[Array], Array] | None:
        """Own marginal payoffs in the last stage, then their derivatives row by row; None where payments are tied to them."""
        stage = self.decisions[-1]
        if self.jumps or self.crossed or any(self.transfers[decision] for decision in stage):
            return None
        own = [(s, sympy.Add(*[self.worth[name] for name in d.by])) for d in stage for s in self.free(d)]
        first = [derivative(worth, symbol) for symbol, worth in own]
        second = [derivative(slope, symbol) for slope in first for symbol, _ in own]
        return self.numeric([slope.replace(DiracDelta, lambda *_: Integer(0)) for slope in (*first, *second)])


@lru_cache(maxsize=256)
def _expectations(
    objective: Expr, laws: tuple[tuple[Symbol, Distribution], ...], known: tuple[Boolean, ...]
) -> tuple[Expr, Expr]:
    """The expectation of an objective, and the same as it would be under laws whose overage has no kink."""
    law, context = dict(laws), Context(None, known, ())

    def over(shock: Symbol, z: Expr) -> Expr:
        low, high = ends(law[shock])
        inner = z if low == -sympy.oo else _either(Max, z, low)
        if high == sympy.oo:
            return overage(law[shock], inner)
        return overage(law[shock], _either(Min, inner, high)) + _either(Max, z - high, sympy.S.Zero)

    def sign(slope: Expr) -> int:
        return context.sign(sympy.factor(slope))

    worth = expected(objective, law, over, sign).replace(Abs, lambda inner: Max(inner, -inner))
    return worth, expected(objective, law, _smooth, sign)


def _either(kind: type[Max | Min], left: Expr, right: Expr) -> Expr:
    """The larger or smaller of two; which one is not looked into unless they are numbers."""
    return kind(left, right, evaluate=bool(left.is_number and right.is_number))


def _smooth(_shock: Symbol, z: Expr) -> Expr:
    """A stand-in for the overage, which is differentiable whatever the law."""
    return sympy.Function("overage")(z)


def _rounded(expr: Expr) -> Expr:
    """An expression whose cases are told apart up to rounding: what is equal but for it counts as equal."""

    def cases(*pairs: Any) -> Expr:
        return Piecewise(*((value, condition.replace(_is_relation, _apart)) for value, condition in pairs), evaluate=False)

    return expr.replace(Piecewise, cases)


def _is_relation(part: Any) -> bool:
    return isinstance(part, Relational)


def _apart(relation: Any) -> Any:
    gap = relation.lhs - relation.rhs
    slack = sympy.Float(ROUNDING) * (1 + sympy.Add(*(Abs(symbol) for symbol in sorted(gap.free_symbols, key=str))))
    match relation.rel_op:
        case "==":
            return sympy.Le(Abs(gap), slack, evaluate=False)
        case "!=":
            return sympy.Gt(Abs(gap), slack, evaluate=False)
        case "<=":
            return sympy.Le(gap, slack, evaluate=False)
        case "<":
            return sympy.Lt(gap, -slack, evaluate=False)
        case ">=":
            return sympy.Ge(gap, -slack, evaluate=False)
    return sympy.Gt(gap, slack, evaluate=False)
