"""Expectations from the definition: moments and truncated means of the laws, computed by the checker itself.

Independent of the lowering pass: powers of a shock by their moments, kinks ``max(u, v)`` as ``v + (u - v)^+`` with
``E (m eps + n)^+`` from the overage ``E (z - eps)^+`` at ``z = -n/m``, products of kinks at one point by integrals below it and above,
normal exponentials by the moment generating function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy
from sympy import Abs, Add, Expr, Integer, Max, Min, Rational, Symbol, erf, exp, pi, sqrt

from derive.check.zero import Undecided
from derive.ir import Distribution, Exponential, GeneralDistribution, Normal, PowerDistribution, Shock, Uniform

__all__ = ["cdf", "certain", "described", "ends", "expected", "moment", "overage"]


def ends(law: Distribution) -> tuple[Expr, Expr]:
    """The ends of the support."""
    if isinstance(law, Normal):
        return -sympy.oo, sympy.oo
    if isinstance(law, Exponential):
        return Integer(0), sympy.oo
    if isinstance(law, PowerDistribution):
        return Integer(0), sympy.sympify(law.high)
    return sympy.sympify(law.low), sympy.sympify(law.high)


def described(shock: Shock) -> GeneralDistribution:
    """The law of a shock by its ends, its mean, and whether ``x f/(1 - F)`` and ``f/(1 - F)`` are nondecreasing.

    It is ``x/(high - x)`` for a uniform law, ``x/mean`` for an exponential one and ``k u/(1 - u)`` with ``u = (x/high)**k`` for a
    power law: increasing where ``x > 0``. It is not said of a normal law. ``f/(1 - F)`` is ``1/(high - x)`` for a uniform law and
    constant for an exponential one; a normal law has a log-concave density.
    """
    law = shock.distribution
    if isinstance(law, GeneralDistribution):
        return law
    low, high = ends(law)
    steady = not isinstance(law, PowerDistribution)
    return GeneralDistribution(f"F_{shock.symbol}", low, high, moment(law, 1), igfr=not isinstance(law, Normal), ifr=steady)


def moment(law: Distribution, n: int) -> Expr:
    """``E[eps**n]``: by the density's integral for bounded laws, by recursion for the normal and exponential laws."""
    if n == 0:
        return Integer(1)
    if isinstance(law, GeneralDistribution):
        if n > 1:
            raise Undecided("a general law has no stated moment beyond the mean")
        return sympy.sympify(law.mean)
    if isinstance(law, Uniform):
        return (law.high ** (n + 1) - law.low ** (n + 1)) / ((n + 1) * (law.high - law.low))
    if isinstance(law, Exponential):
        return n * law.mean * moment(law, n - 1)
    if isinstance(law, PowerDistribution):
        return law.exponent * law.high**n / (law.exponent + n)
    lower = (n - 1) * law.variance * moment(law, n - 2) if n > 1 else Integer(0)
    return law.mean * moment(law, n - 1) + lower


def cdf(law: Distribution, z: Expr) -> Expr:
    """``P(eps <= z)`` for `z` in the support of a named law."""
    if isinstance(law, Uniform):
        return (z - law.low) / (law.high - law.low)
    if isinstance(law, Exponential):
        return 1 - exp(-z / law.mean)
    if isinstance(law, PowerDistribution):
        return (z / law.high) ** law.exponent
    if isinstance(law, Normal):
        return (1 + erf((z - law.mean) / sqrt(2 * law.variance))) / 2
    raise Undecided("a general law has no closed cdf")


def overage(law: Distribution, z: Expr) -> Expr:
    """``E (z - eps)^+`` for `z` in the support of a named law: the integral of the cdf from the lower end."""
    if isinstance(law, Uniform):
        return (z - law.low) ** 2 / (2 * (law.high - law.low))
    if isinstance(law, Exponential):
        return z - law.mean + law.mean * exp(-z / law.mean)
    if isinstance(law, PowerDistribution):
        return z ** (law.exponent + 1) / ((law.exponent + 1) * law.high**law.exponent)
    if isinstance(law, Normal):
        gap = z - law.mean
        return gap * cdf(law, z) + sqrt(law.variance / (2 * pi)) * exp(-(gap**2) / (2 * law.variance))
    raise Undecided("a general law has no closed overage")


def certain(objective: Expr, laws: Mapping[Symbol, Distribution], aversion: Expr) -> Expr:
    """The certainty equivalent ``-1/rho * log E exp(-rho X)`` of an income affine in normal shocks.

    By the moment generating function, ``E exp(t eps) = exp(t m + t**2 v / 2)``. Raises `Undecided` for any other income.
    """
    exponent: Expr = Integer(0)
    for shock in sorted(objective.free_symbols & set(laws), key=str):
        law = laws[shock]
        if not isinstance(law, Normal):
            raise Undecided(f"{shock} is not normal")
        slope, objective = _line(objective, shock)
        if slope.free_symbols & set(laws):
            raise Undecided(f"the income is not affine in {shock}")
        t = -aversion * slope
        exponent += t * law.mean + t**2 * law.variance / 2
    return objective - exponent / aversion


def expected(
    term: Expr,
    laws: Mapping[Symbol, Distribution],
    over: Callable[[Symbol, Expr], Expr],
    sign: Callable[[Expr], int],
) -> Expr:
    """``E[term]`` over independent shocks; `over` gives ``E (z - eps)^+`` and `sign` the sign of a slope (0: either)."""
    shocks = sorted(term.free_symbols & set(laws), key=str)
    if not shocks:
        return term
    if isinstance(term, Add):
        return Add(*[expected(part, laws, over, sign) for part in term.args])
    if isinstance(term, Max | Min | Abs):
        return _kink(term, laws, over, sign)
    if isinstance(term, exp) and len(shocks) == 1 and isinstance(law := laws[shocks[0]], Normal):
        m, n = _line(term.args[0], shocks[0])
        return exp(n + m * law.mean + m**2 * law.variance / 2)
    opened = sympy.expand(term)
    if isinstance(opened, Add):
        return Add(*[expected(part, laws, over, sign) for part in opened.args])
    value: Expr = Integer(1)
    seen: set[Symbol] = set()
    bent, rest = _bent_apart(opened, set(laws))
    for shock, factors in bent:
        value *= _across(factors, shock, laws[shock], sign)
        seen.add(shock)
    for base, exponent in rest.as_powers_dict().items():
        mine = base.free_symbols & set(laws)
        if seen & mine or (mine and exponent != 1 and not (base in laws and exponent.is_Integer and exponent > 0)):
            raise Undecided(f"no expectation of {term}")
        seen |= mine
        if base in laws:
            value *= moment(laws[base], int(exponent))
        elif mine:
            if base == opened:
                raise Undecided(f"no expectation of {term}")
            value *= expected(base, laws, over, sign)
        else:
            value *= base**exponent
    return value


def _bent_apart(product: Expr, shocks: set[Symbol]) -> tuple[list[tuple[Symbol, Expr]], Expr]:
    """The factors that depend on the same single shock and of which one has a kink, shock by shock, if they are more than that kink;
    and all others."""
    found, rest = [], product
    for shock in sorted(shocks & product.free_symbols, key=str):
        mine = [factor for factor in sympy.Mul.make_args(product) if factor.free_symbols & shocks == {shock}]
        if any(factor.has(Max, Min, Abs) for factor in mine) and (len(mine) > 1 or mine[0].is_Pow):
            found.append((shock, sympy.Mul(*mine)))
            rest = rest / sympy.Mul(*mine)
    return found, rest


def _across(product: Expr, shock: Symbol, law: Distribution, sign: Callable[[Expr], int]) -> Expr:
    """``E`` of a product that bends at one point alone: its integrals below that point and above it."""
    low, high = ends(law)
    below, above, places = product, product, []
    for kink in sorted((node for node in product.atoms(Max, Min, Abs) if shock in node.free_symbols), key=str):
        if len(kink.args) > 2:
            raise Undecided(f"no expectation of {product}")
        left, right = (kink.args[0], -kink.args[0]) if isinstance(kink, Abs) else kink.args
        slope, level = _line(left - right, shock)
        direction = sign(slope) * (1 if isinstance(kink, Min) else -1)
        if not direction:
            raise Undecided(f"no expectation of {product}")
        below = below.xreplace({kink: left if direction > 0 else right})
        above = above.xreplace({kink: right if direction > 0 else left})
        places.append(-level / slope)
    if any(sympy.cancel(place - places[0]) != 0 for place in places):
        raise Undecided(f"no expectation of {product}")
    place = places[0]
    at_low, at_high = sign(low - place), -1 if high == sympy.oo else sign(place - high)
    if at_low >= 0 or at_high >= 0:
        place = low if at_low > 0 else high if at_high > 0 else Min(Max(place, low), high)
    return _integral(below, shock, law, low, place) + _integral(above, shock, law, place, high)


def _integral(integrand: Expr, shock: Symbol, law: Distribution, start: Expr, end: Expr) -> Expr:
    """Of a polynomial in the shock times its density, within the support."""
    total: Expr = Integer(0)
    for (order,), value in sympy.Poly(sympy.expand(integrand), shock).terms():
        total += value * (_primitive(law, order, end) - _primitive(law, order, start))
    return total


def _primitive(law: Distribution, order: int, at: Expr) -> Expr:
    """An antiderivative of ``x**order`` times the density."""
    if isinstance(law, Uniform):
        return at ** (order + 1) / ((order + 1) * (law.high - law.low))
    if isinstance(law, PowerDistribution):
        return law.exponent * at ** (law.exponent + order) / ((law.exponent + order) * law.high**law.exponent)
    if isinstance(law, Exponential):
        if at == sympy.oo:
            return Integer(0)
        falling = [sympy.ff(order, i) * law.mean**i * at ** (order - i) for i in range(order + 1)]
        return -exp(-at / law.mean) * Add(*falling)
    raise Undecided("the law has no antiderivative that is known")


def _line(expr: Expr, shock: Symbol) -> tuple[Expr, Expr]:
    """``(m, n)`` with ``expr = m * shock + n``."""
    slopes, level = [], []
    for term in Add.make_args(sympy.expand(expr)):
        if shock not in term.free_symbols:
            level.append(term)
            continue
        slopes.append(term / shock)
        if shock in slopes[-1].free_symbols:
            raise Undecided(f"{expr} is not affine in {shock}")
    return Add(*slopes), Add(*level)


def _kink(
    term: Expr, laws: Mapping[Symbol, Distribution], over: Callable[[Symbol, Expr], Expr], sign: Callable[[Expr], int]
) -> Expr:
    if isinstance(term, Abs):
        return 2 * _plus(term.args[0], laws, over, sign) - expected(term.args[0], laws, over, sign)
    sure = [arg for arg in term.args if not arg.free_symbols & set(laws)]
    risky = [arg for arg in term.args if arg.free_symbols & set(laws)]
    if len(risky) + bool(sure) != 2:
        raise Undecided(f"no expectation of {term}")
    left, right = risky[0], type(term)(*sure) if sure else risky[1]
    if isinstance(term, Max):
        return expected(right, laws, over, sign) + _plus(left - right, laws, over, sign)
    return expected(right, laws, over, sign) - _plus(right - left, laws, over, sign)


def _plus(
    inner: Expr, laws: Mapping[Symbol, Distribution], over: Callable[[Symbol, Expr], Expr], sign: Callable[[Expr], int]
) -> Expr:
    """``E (inner)^+`` for `inner` affine in one shock, or the lesser or greater of such a line and something sure."""
    nested = sorted((node for node in inner.atoms(Max, Min) if node.free_symbols & set(laws)), key=str)
    if nested:
        return _plus_of_kink(inner, nested[-1], laws, over, sign)
    shocks = inner.free_symbols & set(laws)
    if len(shocks) != 1:
        raise Undecided(f"no expectation of the positive part of {inner}")
    shock = shocks.pop()
    m, n = _line(inner, shock)
    if m.free_symbols & set(laws):
        raise Undecided(f"no expectation of the positive part of {inner}")
    z = -n / m
    below = over(shock, z)
    above = moment(laws[shock], 1) - z + below
    direction = sign(m)
    if direction:
        return m * above if direction > 0 else -m * below
    return (Abs(m) + m) * Rational(1, 2) * above + (Abs(m) - m) * Rational(1, 2) * below


def _plus_of_kink(
    inner: Expr,
    kink: Expr,
    laws: Mapping[Symbol, Distribution],
    over: Callable[[Symbol, Expr], Expr],
    sign: Callable[[Expr], int],
) -> Expr:
    """``min(a, b)^+ = a^+ - (a - b^+)^+`` and ``max(a, b)^+ = b^+ + (a - b^+)^+`` where `b` is sure."""
    name = sympy.Dummy()
    factor, shift = _line(inner.xreplace({kink: name}), name)
    direction = sign(factor)
    sure = [arg for arg in kink.args if not arg.free_symbols & set(laws)]
    risky = [arg for arg in kink.args if arg.free_symbols & set(laws)]
    if not direction or not sure or len(risky) != 1 or (factor.free_symbols | shift.free_symbols) & set(laws):
        raise Undecided(f"no expectation of the positive part of {inner}")
    lesser = isinstance(kink, Min) == (direction > 0)
    line, bound = factor * risky[0] + shift, factor * type(kink)(*sure) + shift
    above = {1: bound, -1: Integer(0), 0: Max(bound, 0)}[sign(bound)]
    beyond = _plus(line - above, laws, over, sign)
    return _plus(line, laws, over, sign) - beyond if lesser else above + beyond
