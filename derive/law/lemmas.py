"""Proved lemmas on the functions of a law, and their use on first-order conditions.

With ``S(z) = z - Lambda(z) = E min(z, eps)`` four quantities are strictly monotone inside the support ``[A, B]``: the cdf, the
elasticity ``z (1 - F(z)) / S(z)`` of expected sales in the stock, the sales per unit stocked ``S(z)/z``, and ``S`` itself.
`single_peak` recognises a condition that is a positive factor times one of them minus a constant; such a condition has at most
one root, whatever the law. The proofs are the `proof` sentences of `LEMMAS`; tests attack each statement numerically.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Mul, Symbol, oo, sympify, true
from sympy.logic.boolalg import Boolean

from derive import field
from derive.algebra.signs import sign
from derive.ir import GeneralDistribution
from derive.prove import prove
from derive.shocks import Cdf, Density, LawFunction, Overage
from derive.solution import Implicit

__all__ = [
    "LEMMAS",
    "ImplicitSlope",
    "Lemma",
    "Level",
    "Peak",
    "gap",
    "implicit_slope",
    "lemma",
    "level",
    "quantity",
    "single_peak",
]

_U = Symbol("_u", real=True)
_S = Symbol("_S", real=True)


@dataclass(frozen=True)
class Lemma:
    """A quantity of a law that is strictly monotone inside its support ``[low, high]``.

    `direction` is +1 (increasing) or -1. `limits` say, in TeX, what it tends to at the two ends. `nonnegative` asks for
    ``low >= 0``, `igfr` for an increasing generalised failure rate. `statement`, `hypotheses` and `proof` are TeX sentences.
    """

    key: str
    direction: int
    nonnegative: bool
    igfr: bool
    hypotheses: str
    statement: str
    limits: str
    proof: tuple[str, ...]


LEMMAS = (
    Lemma(
        key="cdf-increasing",
        direction=1,
        nonnegative=False,
        igfr=False,
        hypotheses=r"a continuous law with support $[A,B]$",
        statement=r"$F$ is strictly increasing on $[A,B]$",
        limits=r"$F(A)=0$ and $F(z)\to 1$ as $z\to B$",
        proof=(
            r"Every subinterval of the support has positive probability, so $F(z_2)-F(z_1)=P(z_1<\varepsilon\le z_2)>0$ "
            r"for $A\le z_1<z_2\le B$.",
            r"There are no atoms, so $F(A)=0$; and $F(z)\to 1$ as $z\to B$ by the definition of a distribution function.",
        ),
    ),
    Lemma(
        key="elasticity-decreasing",
        direction=-1,
        nonnegative=True,
        igfr=True,
        hypotheses=r"a law on $[A,B]$ with $A\ge 0$, a density and a finite mean, whose generalised failure rate "
        r"$g(z)=zf(z)/(1-F(z))$ is nondecreasing (IGFR)",
        statement=r"$e(z)=z(1-F(z))/(z-\Lambda(z))$ is strictly decreasing on $(A,B)$",
        limits=r"$e(z)\to 1$ as $z\to A$ and $e(z)\to 0$ as $z\to B$",
        proof=(
            r"Write $S(z)=z-\Lambda(z)=\int_0^z(1-F(x))\,dx>0$; then $S'=1-F$ and $ze'(z)/e(z)=1-g(z)-e(z)$.",
            r"Since $\frac{d}{dx}\,x(1-F(x))=(1-F(x))(1-g(x))$, we have $z(1-F(z))=\int_0^z(1-F(x))(1-g(x))\,dx"
            r"\ge(1-g(z))S(z)$, because $g$ (zero below $A$) is nondecreasing; that is, $e(z)+g(z)\ge 1$.",
            r"Equality would need $g$ to be constant on $(0,z)$, $g=g_0$. If $g_0=0$ then $F(z)=0$, impossible for $z>A$. "
            r"If $g_0>0$ then $A=0$ and $1-F(x)=Cx^{-g_0}$ on $(0,z)$ is unbounded, impossible. "
            r"Hence $e+g>1$ and $e'<0$ on $(A,B)$.",
            r"At $A>0$, $S(A)=A$ and $e(A)=1$; if $A=0$, $S(z)/z\to 1-F(0)=1$ and so $e(z)\to 1$.",
            r"As $z\to B$, $S(z)\to\mu>0$ and $z(1-F(z))\to 0$: trivially if $B<\infty$, else because "
            r"$z(1-F(z))\le E[\varepsilon;\varepsilon>z]\to 0$ for a finite mean.",
        ),
    ),
    Lemma(
        key="sales-per-unit-decreasing",
        direction=-1,
        nonnegative=True,
        igfr=False,
        hypotheses=r"a continuous law with support $[A,B]$, $A\ge 0$, and a finite mean",
        statement=r"$(z-\Lambda(z))/z$ is strictly decreasing on $(A,B)$; equivalently "
        r"$z/(z-\Lambda(z))$ is strictly increasing",
        limits=r"$(z-\Lambda(z))/z\to 1$ as $z\to A$ and $\to\mu/B$ as $z\to B$ ($0$ if $B=\infty$)",
        proof=(
            r"With $S(z)=z-\Lambda(z)=\int_0^z(1-F(x))\,dx$, the ratio $S(z)/z$ is the average of $1-F$ over $(0,z)$.",
            r"Its derivative is $\bigl(z(1-F(z))-S(z)\bigr)/z^2=-\int_0^z(F(z)-F(x))\,dx/z^2$, negative for $z>A$ because "
            r"$F(x)<F(z)$ for $x<z$ close to $A$.",
            r"As $z\to A$ the average tends to $1-F(A)=1$; as $z\to B$, $S(z)\to\mu$.",
        ),
    ),
    Lemma(
        key="sales-increasing",
        direction=1,
        nonnegative=False,
        igfr=False,
        hypotheses=r"a continuous law with support $[A,B]$ and a finite mean",
        statement=r"$z-\Lambda(z)=E\min(z,\varepsilon)$ is strictly increasing on $[A,B]$ and concave",
        limits=r"$A-\Lambda(A)=A$ and $z-\Lambda(z)\to\mu$ as $z\to B$",
        proof=(
            r"$\frac{d}{dz}(z-\Lambda(z))=1-F(z)>0$ for $z<B$, and it is nonincreasing.",
            r"$\min(A,\varepsilon)=A$; as $z\to B$, $E\min(z,\varepsilon)\to E\varepsilon=\mu$ by monotone convergence.",
        ),
    ),
)


def lemma(key: str) -> Lemma:
    """The lemma of that key. Raises KeyError."""
    return {entry.key: entry for entry in LEMMAS}[key]


def quantity(key: str, name: str, z: Expr) -> Expr:
    """The monotone quantity of lemma `key`, for the law whose cdf is called `name`. Raises KeyError."""
    sales = z - Overage(name, z)
    return {
        "cdf-increasing": Cdf(name, z),
        "elasticity-decreasing": z * (1 - Cdf(name, z)) / sales,
        "sales-per-unit-decreasing": sales / z,
        "sales-increasing": sales,
    }[key]


def ends(key: str, law: GeneralDistribution) -> tuple[Expr, Expr]:
    """The limits of the quantity of lemma `key` at the two ends of the support. Raises KeyError."""
    one, zero = Integer(1), Integer(0)
    share = zero if law.high == oo else sympify(law.mean) / law.high
    return {
        "cdf-increasing": (zero, one),
        "elasticity-decreasing": (one, zero),
        "sales-per-unit-decreasing": (one, share),
        "sales-increasing": (sympify(law.low), sympify(law.mean)),
    }[key]


# --- recognising a condition -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Level:
    """A condition read as ``factor * (quantity - level)`` with the quantity of a lemma and a level free of its argument."""

    lemma: str
    level: Expr
    factors: tuple[tuple[Expr, int], ...]
    factor: Expr


@dataclass(frozen=True)
class Peak:
    """``condition = positive * core`` inside the support, with ``positive > 0`` and `core` strictly monotone by `lemma`.

    `core` is the lemma's quantity minus a `level` free of ``z`` (or the negative), `limits` its values at the two ends of the
    support, and `sign` is +1 when it increases in ``z``, -1 when it decreases.
    """

    positive: Expr
    core: Expr
    lemma: str
    limits: tuple[Expr, Expr]
    sign: int
    level: Expr


def level(condition: Expr, z: Symbol, name: str) -> Level | None:
    """`condition` as an expression in one of the monotone quantities of the law `name`, linear with a level free of `z`."""
    heads = sorted((head for head in condition.atoms(LawFunction) if z in head.free_symbols), key=str)
    if not heads or any(head.law != name or head.argument != z or isinstance(head, Density) for head in heads):
        return None
    kinds = {type(head) for head in heads}
    cdf, left = Cdf(name, z), Overage(name, z)
    if kinds == {Cdf}:
        readings: tuple[tuple[str, dict[Expr, Expr]], ...] = (("cdf-increasing", {cdf: _U}),)
    elif kinds == {Overage}:
        readings = (("sales-increasing", {left: z - _U}), ("sales-per-unit-decreasing", {left: z - z * _U}))
    else:
        readings = (("elasticity-decreasing", {cdf: 1 - _U * _S / z, left: z - _S}),)
    for key, replacement in readings:
        found = _linear(condition.xreplace(replacement), key, z)
        if found is not None:
            return found
    return None


def _linear(condition: Expr, key: str, z: Symbol) -> Level | None:
    """The reading ``factor * (_U - level)`` of a condition in which `_U` stands for the quantity of lemma `key`."""
    product = field.factored(condition)
    carrying = [(base, power) for base, power in product.factors if _U in base.free_symbols]
    if len(carrying) != 1 or carrying[0][1] != 1:
        return None
    slopes = field.coefficients(carrying[0][0], _U)
    if slopes is None or len(slopes) != 2:
        return None
    constant, slope = slopes
    value = _tidy(-constant / slope)
    if value.free_symbols & {z, _S, _U}:
        return None
    others = tuple((base, power) for base, power in product.factors if (base, power) != carrying[0])
    return Level(key, value, (*others, (slope, 1)), product.coefficient)


def _tidy(value: Expr) -> Expr:
    """The factored normal form, with a leading minus sign moved into a difference where there is one."""
    product = field.factored(value)
    if product.coefficient < 0:
        for base, power in product.factors:
            if base.is_Add and power == 1:
                return Mul(-product.coefficient, -base, *(other**n for other, n in product.factors if other != base))
    return product.expression()


def single_peak(condition: Expr, z: Symbol, law: GeneralDistribution, given: tuple[Boolean, ...]) -> Peak | None:
    """Show that `condition`, as a function of `z` inside the support of `law`, changes sign at most once, or return None.

    `condition` is built from parameters, `z`, ``F(z)`` and ``Lambda(z)``; `given` are relations between parameters (and
    whatever else it contains).
    """
    reading = level(condition, z, law.cdf)
    if reading is None:
        return None
    entry = lemma(reading.lemma)
    if (entry.igfr and not law.igfr) or (entry.nonnegative and not _nonnegative(law.low, given)):
        return None
    known = (*given, *_inside(z, law, given))
    orientation = 1
    positive = sympify(abs(reading.factor))
    if reading.factor < 0:
        orientation = -1
    for base, power in reading.factors:
        found = sign(base, known, prove)
        if found is None:
            return None
        if power % 2 and found < 0:
            orientation = -orientation
        positive = positive * (base if found > 0 else -base) ** power
    start, end = ends(reading.lemma, law)
    core = orientation * (quantity(reading.lemma, law.cdf, z) - reading.level)
    return Peak(
        positive=positive.xreplace({_S: z - Overage(law.cdf, z)}),
        core=core,
        lemma=reading.lemma,
        limits=(_tidy(orientation * (start - reading.level)), _tidy(orientation * (end - reading.level))),
        sign=orientation * entry.direction,
        level=reading.level,
    )


def _nonnegative(low: Expr, given: tuple[Boolean, ...]) -> bool:
    claim = sympify(low) >= 0
    return claim == true or claim in given or prove(claim, given) is not None


def _inside(z: Symbol, law: GeneralDistribution, given: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    """What holds strictly inside the support, with `_S` for the expected sales ``z - Lambda(z)``."""
    found = [z > law.low] if law.low != -oo else []
    if law.high != oo:
        found.append(z < law.high)
    if _nonnegative(law.low, given):
        found += [z > 0, _S > 0, z - _S > 0]
    return tuple(found)


# --- comparative statics of an implicit quantity -----------------------------------------------------------------------


@dataclass(frozen=True)
class ImplicitSlope:
    """``dz/dparameter = value``; `same_sign` is an expression free of the law with the sign of that derivative."""

    value: Expr
    same_sign: Expr


def implicit_slope(implicit: Implicit, parameter: Symbol) -> ImplicitSlope:
    """The derivative of an implicit quantity with respect to `parameter`, by the implicit function theorem.

    The equation must have the form that `single_peak` returns, so that its slope in the quantity is nonzero with sign
    ``implicit.sign`` and its derivative in the parameter is free of the quantity.
    """
    core, z = implicit.equation, implicit.symbol
    by_parameter = core.diff(parameter)
    return ImplicitSlope(value=-by_parameter / core.diff(z), same_sign=_tidy(-implicit.sign * by_parameter))


def gap(first: Implicit, second: Implicit, name: str) -> Expr | None:
    """An expression free of the law with the sign of ``first - second``, two quantities implicit in the law `name`.

    Both equations must set the quantity of the same lemma to a level; None otherwise.
    """
    one = level(first.equation, first.symbol, name)
    two = level(second.equation, second.symbol, name)
    if one is None or two is None or one.lemma != two.lemma:
        return None
    return _tidy(lemma(one.lemma).direction * (one.level - two.level))
