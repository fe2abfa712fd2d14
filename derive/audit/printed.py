"""What a paper prints, compared with what was derived: digits by rounding, formulas as identities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

import mpmath
import sympy
from sympy import Expr, Symbol
from sympy.core.relational import Equality
from sympy.logic.boolalg import Boolean

from derive.audit.roots import facts_of
from derive.audit.unknowns import Unknowns, apart, reduced, renamed
from derive.errors import Refusal
from derive.field import NotRational, normal
from derive.ir import At, PrintedFormula, PrintedNumber, PrintedRelation
from derive.prove import prove, witness
from derive.shocks import LawFunction
from derive.solution import Implicit, Regime, Solution
from derive.tree import free_symbols

DIGITS = 40


@dataclass(frozen=True)
class Comparison:
    """A printed item and its verdict: reproduced, contradicted (with a point where both differ) or undecided (with the reason).

    ``holds_in`` names the regimes in which a printed formula is the derived one.
    """

    where: str
    quantity: str
    printed: str
    derived: str
    verdict: str
    holds_in: tuple[str, ...] = ()
    evidence: str = ""


# --- numbers ---------------------------------------------------------------------------------------------------------------


def compare_number(item: PrintedNumber, solutions: Sequence[Solution]) -> Comparison:
    """Round the exact derived value to the printed digits; of a value exactly half-way both roundings are right."""
    where = f"{item.where}, {', '.join(f'{s} = {v}' for s, v in item.at)}"
    label = f"{item.symbol} under {item.protocol}"
    try:
        value = number_at(item, solutions)
    except Refusal as refusal:
        return Comparison(where, label, item.digits, "", "undecided", evidence=refusal.message)
    places = len(item.digits.partition(".")[2])
    rounded = Decimal(str(sympy.N(value, DIGITS))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if rounded == Decimal(item.digits):
        return Comparison(where, label, item.digits, str(rounded), "reproduced")
    halves = 2 * value * 10**places
    if halves.is_Integer and halves % 2 and abs(Decimal(item.digits) - rounded) == Decimal(1).scaleb(-places):
        exact = str(sympy.N(value, places + 3))
        return Comparison(where, label, item.digits, exact, "reproduced", evidence="exactly halfway between two such decimals")
    return Comparison(where, label, item.digits, str(rounded), "contradicted")


def number_at(item: PrintedNumber, solutions: Sequence[Solution]) -> Expr:
    """The derived value at the printed point, exact. Raises Refusal when no regime of a derived solution contains the point."""
    point = dict(item.at)
    for solution in solutions:
        if solution.protocol != item.protocol or solution.instance != item.instance:
            continue
        for regime in solution.regimes:
            if all(relation.xreplace(point) == sympy.true for relation in regime.region):
                value = regime.resolved().get(item.symbol, item.symbol if _is_root(item.symbol, regime) else None)
                if value is None:
                    continue
                found = value.xreplace(point)
                if free_symbols(found):
                    found = value.xreplace(_with_roots(regime, point))
                if not free_symbols(found):
                    return found
    raise Refusal(f"no derived value of {item.symbol} under {item.protocol} at this point")


def _is_root(symbol: Symbol, regime: Regime) -> bool:
    return any(item.symbol == symbol for item in regime.implicit)


def _with_roots(regime: Regime, point: dict[Symbol, Expr]) -> dict[Symbol, Expr]:
    """The point with the quantities that the regime defines by equations of the parameters, to more digits than anybody prints."""
    found = dict(point)
    for item in regime.implicit:
        equation, low, high = (part.xreplace(found) for part in (item.equation, item.low, item.high))
        if free_symbols(equation) == {item.symbol} and not free_symbols(low) | free_symbols(high):
            found[item.symbol] = _root(sympy.lambdify(item.symbol, item.sign * equation, "mpmath"), low, high)
    return found


def _root(rising: Callable[[Any], Any], low: Expr, high: Expr) -> Expr:
    """The only root between two ends of a function that rises through it; ends at infinity are sought by doubling."""
    with mpmath.workdps(DIGITS + 10):
        near, far = (None if end.is_infinite else mpmath.mpf(str(sympy.N(end, DIGITS + 10))) for end in (low, high))
        width = mpmath.mpf(1)
        for _ in range(8 * DIGITS):
            start = near if near is not None else (far or mpmath.mpf(0)) - width
            stop = far if far is not None else (near or mpmath.mpf(0)) + width
            if (near is not None or rising(start) < 0) and (far is not None or rising(stop) > 0):
                break
            width *= 2
        else:
            raise Refusal("the root that defines a quantity is not found between its ends")
        for _ in range(4 * DIGITS):
            middle = (start + stop) / 2
            start, stop = (start, middle) if rising(middle) > 0 else (middle, stop)
        return sympy.Float(mpmath.nstr((start + stop) / 2, DIGITS + 5), DIGITS)


# --- formulas --------------------------------------------------------------------------------------------------------------


def compare_formula(item: PrintedFormula, statement: Any, solutions: Sequence[Solution]) -> tuple[Comparison, ...]:
    """Whether the printed formula is the derived value, and in which regimes; without a protocol, the payoff before optimisation."""
    label = f"{item.symbol}" + (f" under {item.protocol}" if item.protocol else " as a function of the choices")
    if not item.protocol:
        return (_payoff(item, label, statement),)
    relation = sympy.Eq(item.symbol, item.value, evaluate=False)
    return _by_regimes(item.equation, label, item.value, relation, item.protocol, statement, solutions)


def compare_relation(item: PrintedRelation, statement: Any, solutions: Sequence[Solution]) -> tuple[Comparison, ...]:
    """Whether the printed equation holds at the derived values, in which regimes."""
    if not isinstance(item.relation, Equality):
        return (
            Comparison(item.equation, item.note, str(item.relation), "", "undecided", evidence="only equations are compared"),
        )
    if not item.protocol:
        return (_across(item, solutions),)
    label = item.note or f"relation under {item.protocol}"
    return _by_regimes(item.equation, label, item.relation, item.relation, item.protocol, statement, solutions)


def _payoff(item: PrintedFormula, label: str, statement: Any) -> Comparison:
    from derive.law.lower import lower, substitute_definitions

    for protocol in statement.protocols:
        lowered = lower(statement, protocol)
        ours = dict(lowered.objectives)[item.symbol]
        gap = normal(ours - substitute_definitions(item.value, statement.definitions))
        verdict = "reproduced" if gap == 0 else "contradicted"
        return Comparison(item.equation, label, str(item.value), str(ours), verdict)
    raise Refusal("the statement has no protocol")


def _by_regimes(
    where: str, label: str, printed: object, relation: Equality, protocol: str, statement: Any, solutions: Sequence[Solution]
) -> tuple[Comparison, ...]:
    mine = [s for s in solutions if s.protocol == protocol and not s.instance]
    if not mine:
        return (Comparison(where, label, str(printed), "", "undecided", evidence=f"protocol {protocol} was not derived"),)
    (solution,) = mine
    holds: list[Regime] = []
    differs: list[tuple[Regime, Expr, tuple[Implicit, ...], tuple[Boolean, ...]]] = []
    for regime in solution.regimes:
        try:
            gap, roots = gap_in(relation, regime, statement, solutions)
        except (Refusal, NotRational) as problem:
            return (Comparison(where, label, str(printed), "", "undecided", evidence=str(problem)),)
        known = (*solution.assumptions, *regime.region, *_known_of(roots, gap, solution.assumptions))
        if gap == 0 or (roots and prove(sympy.Eq(gap, 0), known) is not None):
            holds.append(regime)
        else:
            differs.append((regime, gap, roots, known))
    names = tuple(regime.name for regime in holds)
    if holds:
        note = "" if not differs else "in the other regimes another formula holds"
        return (Comparison(where, label, str(printed), "", "reproduced", names, note),)
    regime, gap, roots, known = differs[0]
    quantiles = [root for root in roots if root.symbol in free_symbols(gap) and root.equation.atoms(LawFunction)]
    point = witness((*known, sympy.Ne(gap, 0))) if len(quantiles) < 2 else None
    evidence = (
        "" if point is None else "at " + ", ".join(f"{s} = {v}" for s, v in sorted(point.items(), key=lambda i: str(i[0])))
    )
    derived = str(regime.resolved().get(relation.lhs, ""))
    verdict = "contradicted" if point is not None or not free_symbols(gap) else "undecided"
    return (Comparison(where, label, str(printed), derived, verdict, (), evidence),)


def _across(item: PrintedRelation, solutions: Sequence[Solution]) -> Comparison:
    """A relation between values under several protocols, in every combination of their regimes."""
    keys = sorted({str(reference.args[1]) for reference in item.relation.atoms(At)})
    general = {s.protocol: s for s in solutions if not s.instance}
    label = item.note or "relation between protocols"
    if any(key not in general for key in keys):
        return Comparison(item.equation, label, str(item.relation), "", "undecided", evidence="a protocol was not derived")
    holds, open_ = [], False
    for regimes in product(*(general[key].regimes for key in keys)):
        names = apart([_unknowns(key, regime) for key, regime in zip(keys, regimes, strict=True)])
        told = {key: _told(regime, own) for key, regime, own in zip(keys, regimes, names, strict=True)}
        table = {r: r.args[0].xreplace(told[str(r.args[1])][0]) for r in item.relation.atoms(At)}
        gap = (item.relation.lhs - item.relation.rhs).xreplace(table)
        roots = [root for _, implicit in told.values() for root in implicit]
        for root in roots:
            gap = reduced(gap, root)
        if normal(gap) == 0:
            holds.append(" with ".join(f"{key} {regime.name}" for key, regime in zip(keys, regimes, strict=True)))
        open_ = open_ or bool(free_symbols(normal(gap)) & {root.symbol for root in roots})
    verdict = "reproduced" if holds else "undecided" if open_ else "contradicted"
    return Comparison(item.equation, label, str(item.relation), "", verdict, tuple(holds))


def _known_of(roots: Sequence[Implicit], gap: Expr, given: Sequence[Boolean]) -> tuple[Boolean, ...]:
    """What is known of the roots in the gap; of one whose equation has functions of a law, which may be any, its range alone."""
    found: list[Boolean] = []
    for root in roots:
        if root.symbol in free_symbols(gap):
            ends = tuple(r for r in (root.symbol > root.low, root.symbol < root.high) if r != sympy.true)
            found += ends if root.equation.atoms(LawFunction) else facts_of(root, given)
    return tuple(found)


def gap_in(
    relation: Equality, regime: Regime, statement: Any, solutions: Sequence[Solution]
) -> tuple[Expr, tuple[Implicit, ...]]:
    """Left side minus right side at the values of the regime, in normal form, and the roots that it may contain.

    Raises Refusal for what was not derived.
    """
    values = regime.resolved()
    definitions = {d.symbol: d.value for d in getattr(statement, "definitions", ())}
    gap = relation.lhs - relation.rhs
    roots = list(regime.implicit)
    for reference in sorted(gap.atoms(At), key=str):
        others = [s for s in solutions if s.protocol == str(reference.args[1]) and not s.instance]
        if len(others) != 1:
            raise Refusal(f"{reference} was not derived")
        same = regime if regime in others[0].regimes else others[0].regimes[0]
        (_, names) = apart((_unknowns("", regime), _unknowns(str(reference.args[1]), same)))
        values_there, roots_there = _told(same, names)
        gap = gap.xreplace({reference: reference.args[0].xreplace(values_there)})
        roots += [root for root in roots_there if root not in roots]
    for _ in range(len(definitions) + 1):
        gap = gap.xreplace(values).xreplace({s: v for s, v in definitions.items() if s not in values})
    for root in roots:
        gap = reduced(gap, root)
    return normal(gap), tuple(roots)


def _unknowns(label: str, regime: Regime) -> Unknowns:
    return Unknowns(label, regime.implicit, regime.free)


def _told(regime: Regime, names: dict[Symbol, Symbol]) -> tuple[dict[Symbol, Expr], tuple[Implicit, ...]]:
    """The values and the roots of a regime with its unknowns renamed."""
    table: dict[Expr, Expr] = dict(names)
    values = {symbol: value.xreplace(table) for symbol, value in regime.resolved().items()}
    return values | dict(names), tuple(renamed(item, names) for item in regime.implicit)


def holds_identically(relation: Boolean) -> bool:
    """Whether an equation is an identity."""
    return isinstance(relation, Equality) and normal(relation.lhs - relation.rhs) == 0
