"""Conditions on a quantity inside the support of a law, as sums of products that all fall.

Inside the support write ``S = z - Lambda`` for expected sales, ``g = z f/(1 - F)`` for the generalised failure rate and
``e = z (1 - F)/S`` for the elasticity of sales. The logarithmic slope of ``(1 - F)**a z**c S**d``, times ``z``, is
``-a g + c + d e``, with ``g >= 0`` and ``0 < e <= 1``; if ``g`` does not fall then ``e + g > 1``, too. It is linear in ``e`` and ``g``,
so its sign is seen from the corners of that set. A condition divided by the positive part of one of its terms may so be a sum of
which no term rises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Ge, Gt, Integer, Le, Lt, Mul, Rational, Symbol, oo, sympify, true
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import SignedProduct
from derive.algebra.signs import sign
from derive.algebra.terms import powered
from derive.certificates import Certificate
from derive.field import NotRational, factored, fraction, normal
from derive.inverse import LawTerm
from derive.ir import GeneralDistribution
from derive.prove import prove
from derive.shocks import Cdf, Density, LawFunction, Overage

__all__ = ["Falls", "expression", "falls_by_law", "terms_of", "way"]

_B, _S, _G = (Symbol(name, real=True) for name in ("_survival", "_sales", "_rate"))


@dataclass(frozen=True)
class Falls:
    """A condition as a positive factor times the falling sum of `terms`, with its limits at the ends of the support."""

    split: SignedProduct
    terms: tuple[LawTerm, ...]
    limits: tuple[Expr, Expr]
    certificates: tuple[Certificate | None, ...]
    given: tuple[Boolean, ...]


def expression(term: LawTerm, z: Symbol, name: str) -> Expr:
    """The term itself."""
    survival = 1 - Cdf(name, z)
    rate = z * Density(name, z) / survival
    return Mul(term.coefficient, survival**term.survival, z**term.stock, (z - Overage(name, z)) ** term.sales, rate**term.rate)


def falls_by_law(core: Expr, z: Symbol, law: GeneralDistribution, given: tuple[Boolean, ...]) -> Falls | None:
    """`core` as a positive factor times a sum that falls in `z` inside the support; None if none of its forms is seen to."""
    nonnegative = sympify(law.low).is_nonnegative is True or prove(sympify(law.low) >= 0, given) is not None
    terms = terms_of(core, z, law.cdf)
    if terms is None or len(terms) < 2:
        return None
    known = (*given, *_inside(z, law, nonnegative))
    for leader in (LawTerm(Integer(1), 0, 0, 0, 0), *terms):
        divided = tuple(_over(term, leader) for term in terms)
        if not nonnegative and any(term.stock or term.sales or term.rate for term in divided):
            continue
        certificates = _none_rises(divided, law.igfr and nonnegative, known)
        if certificates is None:
            continue
        limits = _at_low(divided, law, given), _at_high(divided, law, given)
        if limits[0] is None or limits[1] is None:
            continue
        total = Add(*(expression(term, z, law.cdf) for term in divided))
        positive = normal(core / total)
        certificate = prove(positive > 0, known) if not positive.is_Rational else None
        if certificate is not None or (positive.is_Rational and positive > 0):
            return Falls(SignedProduct(positive, total, certificate), divided, (limits[0], limits[1]), certificates, known)
    return None


def _inside(z: Symbol, law: GeneralDistribution, nonnegative: bool) -> tuple[Boolean, ...]:
    """What holds strictly inside the support."""
    found = [z > law.low] if law.low != -oo else []
    found += [z < law.high] if law.high != oo else []
    found += [Cdf(law.cdf, z) < 1, Cdf(law.cdf, z) > 0]
    return (*found, z > 0, z - Overage(law.cdf, z) > 0) if nonnegative else tuple(found)


def terms_of(core: Expr, z: Symbol, name: str) -> tuple[LawTerm, ...] | None:
    """The numerator's terms, by powers of the law's quantities; None if the condition is not a sum of such terms."""
    heads = [head for head in core.atoms(LawFunction) if z in head.free_symbols]
    if any(head.law != name or head.argument != z for head in heads):
        return None
    plain = {Cdf(name, z): 1 - _B, Overage(name, z): z - _S, Density(name, z): _G * _B / z}
    own = (_B, z, _S, _G)
    collected: dict[tuple[int, ...], list[Expr]] = {}
    try:
        form = factored(core.xreplace(plain))
        tops = Mul(form.coefficient, *(base**n for base, n in form.factors if n > 0))
        if any(n < 0 and set(own) & base.free_symbols and base not in own for base, n in form.factors):
            return None
        below = {base: n for base, n in form.factors if n < 0}
        ring, top, _ = fraction(tops)
    except NotRational:
        return None
    for monomial, number in top.to_dict().items():
        powers = dict.fromkeys(own, 0)
        coefficient: list[Expr] = [Rational(int(number.p), int(number.q))]
        for generator, times in zip(ring.index, monomial, strict=True):
            if generator in powers and ring.degree[generator] == 1:
                powers[generator] = int(times)
            elif times and set(own) & generator.free_symbols:
                return None
            elif times:
                coefficient.append(powered(generator, Rational(int(times), ring.degree[generator])))
        key = tuple(powers[symbol] + int(below.get(symbol, 0)) for symbol in own)
        collected.setdefault(key, []).append(Mul(*coefficient))
    outside = Mul(*(base**n for base, n in below.items() if base not in own))
    return tuple(LawTerm(normal(outside * Add(*parts)), *key) for key, parts in collected.items())


def _over(term: LawTerm, leader: LawTerm) -> LawTerm:
    """The term divided by the part of another that is positive inside the support."""
    return LawTerm(
        term.coefficient,
        term.survival - leader.survival,
        term.stock - leader.stock,
        term.sales - leader.sales,
        term.rate,
    )


# --- no term rises -----------------------------------------------------------------------------------------------------------


def _none_rises(terms: Sequence[LawTerm], igfr: bool, given: tuple[Boolean, ...]) -> tuple[Certificate | None, ...] | None:
    found: list[Certificate | None] = []
    strict = False
    for term in terms:
        if not (term.survival or term.stock or term.sales or term.rate):
            continue
        direction = way(term, igfr=igfr)
        if direction is None:
            return None
        surely = bool(term.survival or term.stock or term.sales)
        goals = _goals(term.coefficient, -direction)
        for goal, definite in goals:
            if goal == true:
                found.append(None)
                strict |= surely and definite
                break
            certificate = prove(goal, given)
            if certificate is not None:
                found.append(certificate)
                strict |= surely and definite
                break
        else:
            return None
    return tuple(found) if strict else None


def _goals(coefficient: Expr, side: int) -> tuple[tuple[Boolean, bool], ...]:
    """That the coefficient has that sign, strictly or at least weakly."""
    strict, weak = (Gt, Ge) if side > 0 else (Lt, Le)
    return (strict(coefficient, 0), True), (weak(coefficient, 0), False)


def way(term: LawTerm, *, igfr: bool) -> int | None:
    """+1 for a product that does not fall in `z`, -1 for one that does not rise; None where neither is known."""
    a, c, d = term.survival, term.stock, term.sales
    if igfr:
        falls, rises = a >= 0 and c + d <= 0 and c <= a, a <= 0 and c + d >= 0 and c >= a
    else:
        falls, rises = a >= 0 and c <= 0 and c + d <= 0, a <= 0 and c >= 0 and c + d >= 0
    if term.rate < 0 or (term.rate and not igfr):
        return None
    if rises:
        return 1
    return -1 if falls and not term.rate else None


# --- at the ends -----------------------------------------------------------------------------------------------------------


def _at_low(terms: Sequence[LawTerm], law: GeneralDistribution, given: tuple[Boolean, ...]) -> Expr | None:
    """Where the sum tends as `z` falls to the lower end: ``F`` vanishes there, ``S/z`` tends to 1 and, at zero, ``g`` to 0."""
    low = sympify(law.low)
    total: list[Expr] = []
    for term in terms:
        power = term.stock + term.sales
        if term.rate:
            if low != 0 or power < 0:
                return None
        elif power == 0:
            total.append(term.coefficient)
        elif low == 0:
            if power < 0 and not _signed(term.coefficient, given):
                return None
            total += [_signed(term.coefficient, given) * oo] if power < 0 else []
        elif power > 0 or sign(low, given, prove) == 1:
            total.append(term.coefficient * low**power)
        else:
            return None
    return _sum(total)


def _at_high(terms: Sequence[LawTerm], law: GeneralDistribution, given: tuple[Boolean, ...]) -> Expr | None:
    """Where the sum tends as `z` rises to the upper end, at which ``1 - F`` vanishes and ``S`` is the mean; ``g`` grows without
    bound where that end is finite. None of the terms rises."""
    high, mean = sympify(law.high), sympify(law.mean)
    total: list[Expr] = []
    settled = True
    for term in terms:
        if term.survival > 0:
            continue
        if term.survival < 0 or (term.rate and (high != oo or term.stock > 0)) or (high == oo and term.stock > 0):
            settled &= bool(_signed(term.coefficient, given))
            total += [-oo] if _signed(term.coefficient, given) else []
        elif term.rate:
            settled = False
        elif high != oo:
            total.append(term.coefficient * high**term.stock * mean**term.sales)
        elif term.stock == 0:
            total.append(term.coefficient * mean**term.sales)
    return _sum(total) if settled or -oo in total else None


def _signed(coefficient: Expr, given: tuple[Boolean, ...]) -> int:
    """The sign of a coefficient, 0 where it may vanish."""
    return sign(coefficient, given, prove) or 0


def _sum(parts: Sequence[Expr]) -> Expr | None:
    infinite = {part for part in parts if part in (oo, -oo)}
    if len(infinite) > 1:
        return None
    return infinite.pop() if infinite else normal(Add(*parts))
