"""Normal forms of expressions, on FLINT's multivariate polynomials.

Every expression of a derivation is a rational function of *generators*: symbols, applied functions such as ``F(z)``, and powers
with symbolic or fractional exponents. A power ``p**(gamma - b + 1)`` is read as ``p**gamma / p**b * p``, so that equal powers
meet whatever way they were written, and first-order conditions of power-law payoffs are rational functions. Bases of such powers
are positive wherever the expression is real; nothing else is assumed of any symbol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from math import lcm

import flint
import sympy
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Add, Expr, Integer, Pow, Rational, Symbol

from derive.exponents import exponent_terms
from derive.logarithms import with_plain_logarithms
from derive.tree import free_symbols
from derive.written import Factored, Writer, factors_of

Polynomial = fmpq_mpoly
Fraction = tuple[Polynomial, Polynomial]
MOST_KEPT = 4096  # conversions that a ring remembers
MOST_FACTORED = 1 << 14  # expressions of which the factors are remembered


class NotRational(ValueError):
    """The expression is not a rational function of generators (a relation, Piecewise, infinity...)."""


def rational(value: Rational) -> fmpq:
    return fmpq(int(value.p), int(value.q))


@lru_cache(maxsize=4096)
def _power_parts(base: Expr, exponent: Expr) -> tuple[tuple[Expr, Rational], ...]:
    """``base**exponent`` as powers of generator-like bases with rational exponents: ``(generator, coefficient)`` pairs."""
    parts = []
    for coefficient, monomial in exponent_terms(exponent):
        if monomial == 1:
            parts.append((base, coefficient))
        else:
            parts.append((Pow(base, monomial, evaluate=False), coefficient))
    return tuple(parts)


def _split(expr: Expr) -> tuple[tuple[Expr, Rational], ...] | None:
    """The powers a `Pow` or `exp` consists of, with canonical bases; None for anything else."""
    if isinstance(expr, sympy.exp):
        return _power_parts(sympy.E, expr.args[0] if not expr.args[0].is_Add else normal(expr.args[0]))
    if isinstance(expr, Pow) and isinstance(expr.base, Pow) and not expr.base.exp.is_Integer and expr.base.base != sympy.E:
        return _split(Pow(expr.base.base, expr.base.exp * expr.exp, evaluate=False))
    if isinstance(expr, Pow):
        base = expr.base if expr.base.is_Symbol or expr.base == sympy.E else normal(expr.base)
        return _power_parts(base, normal(expr.exp) if not expr.exp.is_Rational else expr.exp)
    return None


class _Builder:
    """Collects generators of some expressions, then converts the expressions to fractions over them."""

    def __init__(self) -> None:
        self.roots: dict[Expr, int] = {}  # generator -> common denominator of the exponents met

    def scan(self, expr: Expr) -> None:
        if expr.is_Symbol:
            self.roots.setdefault(expr, 1)
            return
        if expr.is_Rational:
            return
        if expr.is_Add or expr.is_Mul:
            for argument in expr.args:
                self.scan(argument)
            return
        if expr.is_Pow and expr.exp.is_Integer:
            self.scan(expr.base)
            return
        parts = _split(expr)
        if parts is None:
            if not isinstance(expr, Expr) or expr.is_Piecewise or expr in (sympy.oo, -sympy.oo, sympy.zoo, sympy.nan):
                raise NotRational(expr)
            self.roots.setdefault(expr, 1)
            return
        for generator, coefficient in parts:
            if coefficient.is_Integer and not _power_of_its_own(generator) and generator != sympy.E:
                self.scan(generator)
            else:
                self.roots[generator] = lcm(self.roots.get(generator, 1), int(coefficient.q))
                if coefficient.q > 1 and _compound(generator):
                    self.scan(generator)

    def ring(self) -> _Ring:
        return _ring(frozenset(self.roots.items()))


@lru_cache(maxsize=256)
def _ring(roots: frozenset[tuple[Expr, int]]) -> _Ring:
    return _Ring(tuple(sorted(roots, key=lambda item: sympy.default_sort_key(item[0]))))


class _Ring:
    def __init__(self, roots: tuple[tuple[Expr, int], ...]) -> None:
        self.index = {generator: i for i, (generator, _) in enumerate(roots)}
        self.degree = dict(roots)
        self.generators = tuple(_rooted(generator, root) for generator, root in roots)
        self.context = fmpq_mpoly_ctx.get([f"g{i}" for i in range(len(roots))], flint.Ordering.degrevlex)
        self.gens = self.context.gens()
        self.one = self.context.constant(1)
        self.memo: dict[Expr, Fraction] = {}
        self._writer = Writer(self.generators)

    def convert(self, expr: Expr) -> Fraction:
        found = self.memo.get(expr)
        if found is None:
            found = self._convert(expr)
            if len(self.memo) > MOST_KEPT:
                self.memo.clear()
            self.memo[expr] = found
        return found

    def _convert(self, expr: Expr) -> Fraction:
        if expr.is_Symbol:
            return self.gens[self.index[expr]] ** self.degree[expr], self.one
        if expr.is_Rational:
            return self.context.constant(rational(expr)), self.one
        if composed(expr):
            return self.combine(expr, self.convert)
        parts = _split(expr)
        if parts is None:
            return self.gens[self.index[expr]] ** self.degree[expr], self.one
        top, bottom = self.one, self.one
        for generator, coefficient in parts:
            if generator in self.index:
                n, d = self.gens[self.index[generator]], self.one
                power = coefficient * self.degree[generator]
            else:
                n, d = self.convert(generator)
                power = coefficient
            n, d = _raise(n, d, int(power))
            top, bottom = top * n, bottom * d
        return self.reduce(top, bottom)

    def combine(self, expr: Expr, read: Callable[[Expr], Fraction]) -> Fraction:
        """The sum, product or whole power that `expr` is, of what `read` makes of its parts."""
        if expr.is_Add:
            return self._sum([read(argument) for argument in expr.args])
        if expr.is_Pow:
            n, d = read(expr.base)
            return _raise(n, d, int(expr.exp))
        top, bottom = self.one, self.one
        for argument in expr.args:
            n, d = read(argument)
            top, bottom = top * n, bottom * d
        return self.reduce(top, bottom)

    def _sum(self, parts: list[Fraction]) -> Fraction:
        common = self.one
        for _, d in parts:
            common = common * (d / common.gcd(d)) if not d.is_constant() else common
        total = self.context.constant(0)
        for n, d in parts:
            total = total + n * (common / d)
        return self.reduce(total, common)

    def reduce(self, top: Polynomial, bottom: Polynomial) -> Fraction:
        top, bottom = self._unroot(top, bottom)
        if top.is_zero():
            return top, self.one
        common = top.gcd(bottom)
        if not common.is_one():
            top, bottom = top / common, bottom / common
        if bottom.is_constant():
            return top / bottom, self.one
        return top, bottom

    def _unroot(self, top: Polynomial, bottom: Polynomial) -> Fraction:
        """Use ``(u**(1/n))**n = u`` for roots of compound bases ``u`` until every root's exponent is below ``n``."""
        for base, root in self.degree.items():
            if root == 1 or not _compound(base):
                continue
            i = self.index[base]
            for _ in range(64):
                if top.degrees()[i] < root and bottom.degrees()[i] < root:
                    break
                un, ud = self.convert(base)
                top, scale_top = self._lower(top, i, root, un, ud)
                bottom, scale_bottom = self._lower(bottom, i, root, un, ud)
                top, bottom = top * scale_bottom, bottom * scale_top
        return top, bottom

    def _lower(self, poly: Polynomial, i: int, root: int, un: Polynomial, ud: Polynomial) -> Fraction:
        """``poly`` with powers of generator `i` reduced by its relation, and the power of `ud` it was multiplied by."""
        highest = poly.degrees()[i] // root if not poly.is_zero() else 0
        total = self.context.constant(0)
        for monomial, coefficient in poly.to_dict().items():
            times, rest = divmod(monomial[i], root)
            lowered = (*monomial[:i], rest, *monomial[i + 1 :])
            total = total + self.context.from_dict({lowered: coefficient}) * un**times * ud ** (highest - times)
        return total, ud**highest

    def expression(self, poly: Polynomial) -> Expr:
        return self._writer.sum(poly)


def composed(expr: Expr) -> bool:
    """Whether an expression is a sum, a product or a whole power."""
    return bool(expr.is_Add or expr.is_Mul or (expr.is_Pow and expr.exp.is_Integer))


def _power_of_its_own(generator: Expr) -> bool:
    """Whether a generator is a power with a symbolic exponent; an even power under a root is not, as the root has no sign of its own."""
    return isinstance(generator, Pow) and not generator.exp.is_Integer


def _compound(generator: Expr) -> bool:
    """Whether a root of the generator is one of something composed, whose powers are polynomials in other generators."""
    return not (generator.is_Symbol or generator == sympy.E or _power_of_its_own(generator))


def _rooted(generator: Expr, root: int) -> Expr:
    if root == 1:
        return generator
    if _power_of_its_own(generator):
        return Pow(generator.base, generator.exp / root, evaluate=False)
    return Pow(generator, Rational(1, root), evaluate=False)


def _raise(n: Polynomial, d: Polynomial, exponent: int) -> Fraction:
    if exponent >= 0:
        return n**exponent, d**exponent
    if n.is_zero():
        raise ZeroDivisionError("power of zero")
    return d**-exponent, n**-exponent


def ring_for(expressions: Iterable[Expr]) -> _Ring:
    """The polynomial ring over all generators of the expressions."""
    return _generators(expressions).ring()


def _generators(expressions: Iterable[Expr]) -> _Builder:
    builder = _Builder()
    for expr in expressions:
        builder.scan(expr)
    return builder


def fraction(expr: Expr, extra: tuple[Expr, ...] = ()) -> tuple[_Ring, Polynomial, Polynomial]:
    """The reduced fraction of `expr`, in a ring that also holds the generators of `extra`.

    Raises NotRational, and ZeroDivisionError where the expression divides by zero identically.
    """
    expr = with_plain_logarithms(sympy.sympify(expr), normal)
    ring = ring_for((expr, *extra))
    top, bottom = ring.convert(expr)
    return ring, top, bottom


def is_zero(expr: Expr) -> bool:
    """Whether `expr` vanishes identically as a function of its generators."""
    _, top, _ = fraction(expr)
    return bool(top.is_zero())


_FACTORS: dict[Expr, Factored] = {}


def factored(expr: Expr) -> Factored:
    """`expr` as a rational constant times irreducible factors, each with most of its coefficients positive."""
    found = _FACTORS.get(expr)
    return found if found is not None else _kept(expr, _factors(*fraction(expr)))


def normal_of(ring: _Ring, top: Polynomial, bottom: Polynomial) -> Expr:
    """The factored normal form of a reduced fraction."""
    return _multiplied(_factors(ring, top, bottom))


def _factors(ring: _Ring, top: Polynomial, bottom: Polynomial) -> Factored:
    return factors_of(top, bottom, ring.expression)


def _kept(expr: Expr, factors: Factored) -> Factored:
    if len(_FACTORS) >= MOST_FACTORED:
        _FACTORS.clear()
    _FACTORS[expr] = factors
    return factors


def _multiplied(factors: Factored) -> Expr:
    """The product, of which the factors are known from now on: most normal forms are asked for theirs."""
    found = factors.expression()
    _kept(found, factors)
    return found


@lru_cache(maxsize=8192)
def normal(expr: Expr) -> Expr:
    """The factored normal form; identically equal expressions have the same one."""
    if expr.is_Symbol or expr.is_Rational:
        return expr
    return _multiplied(factored(expr))


@lru_cache(maxsize=8192)
def derivative(expr: Expr, symbol: Symbol, *further: Symbol) -> Expr:
    """The normal form of the derivative by a symbol, and by further ones, by the chain rule over the generators.

    Raises NotRational.
    """
    if further:
        return derivative(derivative(expr, symbol), *further)
    if symbol not in free_symbols(expr):
        return Integer(0)
    try:
        roots = _generators((expr,)).roots
    except NotRational:
        return normal(expr.diff(symbol))
    inner = [generator for generator in roots if symbol in free_symbols(generator)]
    if any(roots[generator] > 1 and _compound(generator) for generator in inner):
        return normal(expr.diff(symbol))  # a root of a sum and the sum itself do not cancel
    rates = {generator: _rate(generator, symbol) for generator in inner}
    ring = ring_for((expr, *rates.values()))
    top, bottom = ring.convert(expr)
    moving = [(ring.index[generator], ring.degree[generator], *ring.convert(rate)) for generator, rate in rates.items()]
    common = ring.one
    for _, _, _, below in moving:
        common = common * (below / common.gcd(below))

    def slope(poly: Polynomial) -> Polynomial:
        total = ring.context.constant(0)
        for i, root, above, below in moving:
            total += poly.derivative(i) * ring.gens[i] * above * (common / below) / root
        return total

    found = ring.reduce(slope(top) * bottom - top * slope(bottom), common * bottom**2)
    return normal_of(ring, *found)


@lru_cache(maxsize=1024)
def _rate(generator: Expr, symbol: Symbol) -> Expr:
    """The derivative of a generator, divided by it."""
    if generator == symbol:
        return 1 / symbol
    if isinstance(generator, Pow) and symbol not in free_symbols(generator.exp):
        base = generator.base
        return generator.exp / symbol if base == symbol else generator.exp * derivative(base, symbol) / base
    return generator.diff(symbol) / generator


def plain(expr: Expr) -> Expr:
    """The normal form, with a minus sign before a lone sum multiplied out."""
    found = normal(expr)
    coefficient, rest = found.as_coeff_Mul()
    return Add(*(-term for term in rest.args)) if coefficient == -1 and rest.is_Add else found


def numerator(expr: Expr) -> Expr:
    """The numerator of the reduced fraction, expanded."""
    ring, top, _ = fraction(expr)
    return ring.expression(top)


def denominator(expr: Expr) -> Expr:
    """The denominator of the reduced fraction, expanded."""
    ring, _, bottom = fraction(expr)
    return ring.expression(bottom)


def coefficients(expr: Expr, unknown: Symbol) -> tuple[Expr, ...] | None:
    """The numerator's coefficients by rising powers of `unknown`; None when it occurs inside another generator."""
    ring, top, _ = fraction(expr, (unknown,))
    if any(unknown in free_symbols(generator) for generator in ring.generators if generator != unknown):
        used = top.degrees()
        for i, generator in enumerate(ring.generators):
            if generator != unknown and unknown in free_symbols(generator) and used[i]:
                return None
    i = ring.index[unknown]
    if ring.degree[unknown] != 1:
        return None
    rows: dict[int, dict[tuple[int, ...], fmpq]] = {}
    for monomial, coefficient in top.to_dict().items():
        rows.setdefault(monomial[i], {})[(*monomial[:i], 0, *monomial[i + 1 :])] = coefficient
    if not rows:
        return (Integer(0),)
    return tuple(ring.expression(ring.context.from_dict(rows[k])) if k in rows else Integer(0) for k in range(max(rows) + 1))
