"""Exact zero test of SymPy expressions by a normal form of the checker's own.

An expression becomes a rational function, over the rationals, of generators: its symbols, and one generator for each power
with a symbolic or fractional exponent, logarithm and applied function. Exponents are split (``p**(g - b + 1)`` is
``p**(g - b) * p``), logarithms and bases are split into factors, and roots carry the relation they satisfy. The ring
arithmetic is that of `derive.check.quotients`; no solver and no ``simplify`` is used. Every verdict is compared with the value at
random points.

Reading of powers: an expression speaks only where it is real, so the base of a non-integer power is nonnegative.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
import sympy
from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, Symbol, exp, log
from sympy.logic.boolalg import Boolean

from derive.check.quotients import Polynomial, Quotient, Quotients, factors, product, raised, signed
from derive.check.rough import doubles
from derive.check.values import DIGITS, Undecided, exact, holds, number, numbers, opaque

__all__ = ["Undecided", "holds", "is_zero", "number", "opaque", "pieces"]


PLACES = 12  # points at which an expression is valued until four of them have told its value


class _Restart(Exception):
    """A generator turned out to need a finer root than it was given."""


def is_zero(expr: Expr, positive: Iterable[Expr] = ()) -> bool:
    """Whether `expr` is zero wherever it is defined and real and all of `positive` are positive.

    Applied functions are free values, one per argument. Raises `Undecided` where neither answer can be shown.
    """
    return _is_zero(sympy.sympify(expr), tuple(positive))


@lru_cache(maxsize=20_000)
def _is_zero(expr: Expr, positive: tuple[Expr, ...]) -> bool:
    if expr.is_Number:
        return bool(expr == 0)
    if _probe(expr, positive) is False:
        return False
    for split in (False, True):
        if _forms(positive, split).vanishes(expr):
            return True
    raise Undecided("zero at random points but not by normal form", expr)


def pieces(exprs: Iterable[Expr], positive: Iterable[Expr] = ()) -> list[list[tuple[Expr, Integer]]]:
    """The irreducible factors of each expression with multiplicities, without signs and without powers of positive bases.

    They are in terms of the same generators, so factors of different expressions can be compared.
    """
    exprs = tuple(exprs)
    fineness: dict[Any, int] = {}
    while True:
        normal = _Normal(tuple(positive), True, fineness)
        try:
            found = [normal.factors(expr, split=True) for expr in exprs]
        except _Restart:
            continue
        powers = {symbol for key, symbol in normal.generators.items() if key[0] == "power"}
        return [[(base, n) for base, n in factors if base not in powers] for factors in found]


def _probe(expr: Expr, positive: tuple[Expr, ...]) -> bool | None:
    """False: nonzero at some point, of positive coordinates or of mixed signs. True: zero at all. None: nowhere evaluated."""
    symbols = sorted(expr.free_symbols | {s for p in positive for s in p.free_symbols}, key=str)
    terms = Add.make_args(expr)
    seen = 0
    with mpmath.workdps(DIGITS):
        for at in _places(tuple(symbols), positive):
            try:
                value = exact((expr,), at)
                if value is not None:
                    if value[0]:
                        return False
                elif not _tiny(numbers(terms, at, opaque)):
                    return False
            except (ArithmeticError, ValueError):
                continue
            except Undecided:
                return None
            seen += 1
            if seen == 4:
                return True
    return True if seen else None


@lru_cache(maxsize=512)
def _places(symbols: tuple[Symbol, ...], positive: tuple[Expr, ...]) -> tuple[dict[Symbol, Fraction], ...]:
    """Points at random of positive coordinates or of mixed signs: the first of forty at which all of `positive` are so."""
    conditions = [_condition(p) for p in positive]
    rng = random.Random(20240229)
    found = []
    with mpmath.workdps(DIGITS):
        for trial in range(40):
            span = 8 if trial % 4 > 1 else 1
            at = {s: Fraction(rng.randint(1, 999 * span), rng.randint(300, 999)) for s in symbols}
            if trial % 2:
                at = {s: v if rng.random() < 0.5 else -v for s, v in at.items()}
            try:
                near = doubles(at)
                if all(holds(condition, at, opaque, near) for condition in conditions):
                    found.append(at)
            except (ArithmeticError, ValueError, Undecided):
                continue
            if len(found) == PLACES:
                break
    return tuple(found)


@lru_cache(maxsize=2048)
def _condition(expr: Expr) -> Boolean:
    return sympy.Gt(expr, 0, evaluate=False)


def _tiny(terms: list[Any]) -> bool:
    """Whether the sum is no more than rounding."""
    scale = max(*map(abs, terms), mpmath.mpf(10) ** -20)
    return bool(abs(mpmath.fsum(terms)) <= scale * mpmath.mpf(10) ** (-DIGITS // 3))


class _Forms:
    """The normal forms of expressions under the same signs: what is known of their parts is kept for the next one."""

    def __init__(self, positive: tuple[Expr, ...], split: bool) -> None:
        self.positive, self.split = positive, split
        self.fineness: dict[Any, int] = {}
        self.normal = _Normal(positive, split, self.fineness)

    def vanishes(self, expr: Expr) -> bool:
        """Whether the normal form of an expression is zero."""
        while True:
            try:
                return self.normal.vanishing(self.normal.rational(expr))
            except _Restart:
                self.normal = _Normal(self.positive, self.split, self.fineness)


@lru_cache(maxsize=16)
def _forms(positive: tuple[Expr, ...], split: bool) -> _Forms:
    """Those that expressions under these signs share: a memory, on which no verdict depends."""
    return _Forms(positive, split)


# --- normal form ---------------------------------------------------------------------------------------------------------


class _Normal:
    """One normal form computation: its generators, the fineness of each, and the relations that roots satisfy."""

    def __init__(self, positive: tuple[Expr, ...], split: bool, fineness: dict[Any, int]) -> None:
        self.positive = positive
        self.split = split
        self.fineness = fineness
        self.generators: dict[Any, Symbol] = {}
        self.named: dict[Expr, Any] = {}  # what each of them stands for
        self.roots: list[tuple[Symbol, int, Expr]] = []
        self.known: dict[Expr, Expr] = {}
        self.grounds: dict[tuple[Symbol, ...], Quotients] = {}
        plain = (sympy.expand(p) for p in positive if p.is_polynomial())
        self.plainly = {sympy.expand(side * p): side for p in plain for side in (1, -1)}

    # --- from an expression to a rational expression in generators

    def rational(self, expr: Expr) -> Expr:
        """An expression as a rational one in symbols and generators."""
        if expr not in self.known:
            self.known[expr] = self._rational(expr)
        return self.known[expr]

    def _rational(self, expr: Expr) -> Expr:
        if expr.is_Symbol or expr.is_Rational:
            return expr
        if isinstance(expr, Add | Mul):
            return expr.func(*[self.rational(arg) for arg in expr.args])
        if isinstance(expr, exp):
            return self.power(None, expr.args[0])
        if isinstance(expr, Pow):
            if expr.base is sympy.S.Exp1:
                return self.power(None, expr.exp)
            if expr.exp.is_Integer:
                return self.rational(expr.base) ** expr.exp
            return self.product_power(expr.base, expr.exp)
        if expr is sympy.S.Exp1:
            return self.power(None, Integer(1))
        if isinstance(expr, Abs):
            return self.power(expr.args[0] ** 2, Rational(1, 2))
        if isinstance(expr, log):
            return Add(*[n * self.logarithm(f) for f, n in self.factors(expr.args[0], split=True)])
        if isinstance(expr, sympy.Derivative):
            return self.generator(("derivative", expr))
        if not expr.args or isinstance(expr, sympy.Function | sympy.Max | sympy.Min):
            args = [self.canonical(arg) if isinstance(arg, Expr) else arg for arg in expr.args]
            if isinstance(expr, sympy.Max | sympy.Min):
                args.sort(key=sympy.default_sort_key)
            return self.generator((type(expr).__name__ if args else str(expr), *args))
        raise Undecided(f"no normal form for {type(expr).__name__}")

    def logarithm(self, factor: Expr) -> Expr:
        """Of a power it is the exponent times that of the base, and ``log(W(z)) = log(z) - W(z)``, as ``W(z) e**W(z) = z``."""
        kind, *of = self.named.get(factor, ("",))
        if kind == "power":
            exponent = of[1] / self.fineness.get(("power", *of), 1)
            return exponent if of[0] is None else exponent * self.rational(log(of[0]))
        if kind == "LambertW":
            return self.rational(log(of[0])) - factor
        return self.generator(("log", factor))

    def product_power(self, base: Expr, exponent: Expr) -> Expr:
        """``base**exponent``; exponentials and powers inside the base, which are not negative, get exponents of their own."""
        inner = [part for part in Mul.make_args(base) if isinstance(part, exp) or (isinstance(part, Pow) and not part.exp.is_Integer)]
        if not inner:
            return self.power(base, exponent)
        rest = Mul(*(part for part in Mul.make_args(base) if part not in inner))
        found = self.power(rest, exponent) if rest != 1 else Integer(1)
        for part in inner:
            natural = isinstance(part, exp) or part.base is sympy.S.Exp1
            found *= self.power(None, part.exp * exponent) if natural else self.product_power(part.base, part.exp * exponent)
        return found

    def generator(self, key: Any) -> Symbol:
        found = self.generators.setdefault(key, Symbol(f"_g{len(self.generators):03d}"))
        self.named[found] = key
        return found

    def canonical(self, expr: Expr) -> Expr:
        """The reduced fraction of an expression: equal rational functions of the generators give equal results."""
        ground, numerator, denominator = self.fraction(self.rational(expr))
        return ground.expression(numerator) / ground.expression(denominator)

    def power(self, base: Expr | None, exponent: Expr) -> Expr:
        """``base**exponent`` (``exp(exponent)`` without a base): the integer part, then one generator per factor and term."""
        if base is not None and base.is_Rational and base < 0:
            return self.generator(("power", base, self.canonical(exponent)))
        ground, numerator, denominator = self.fraction(self.rational(exponent))
        whole, rest = ground.divided(numerator, denominator)
        constant = next((coefficient for term, coefficient in whole if term == 1), Integer(0))
        integer = Integer(0) if base is None else sympy.floor(constant)
        parts = [(term, coefficient - integer if term == 1 else coefficient) for term, coefficient in whole]
        parts = [(term, coefficient) for term, coefficient in parts if coefficient]
        below = ground.expression(denominator)
        parts += [(term / below, coefficient) for term, coefficient in rest]
        factors = [(None, Integer(1))] if base is None else self.factors(base, self.split)
        result = Integer(1) if base is None else self.rational(base) ** integer
        for factor, multiplicity in factors:
            for term, coefficient in parts:
                result *= self.root(factor, term, coefficient * multiplicity)
        return result

    def root(self, factor: Expr | None, term: Expr, coefficient: Rational) -> Expr:
        """``|factor|**(term * coefficient)`` as a power of one generator."""
        if factor is None and coefficient.q == 1 and self.named.get(term, ("",))[0] == "LambertW":  # W(z) e**W(z) = z
            return (self.named[term][1] / term) ** coefficient
        if factor is not None and term == 1 and coefficient.q == 1 and self.split and factor in self.plainly:
            return (self.plainly[factor] * factor) ** coefficient
        if factor is not None and (again := self.raised_again(factor, term * coefficient)) is not None:
            return again
        key = ("power", factor, term)
        fine = self.fineness.get(key, 1)
        if fine % coefficient.q:
            self.fineness[key] = int(sympy.ilcm(fine, coefficient.q))
            raise _Restart
        new = key not in self.generators
        generator = self.generator(key)
        if new and factor is not None and term == 1:
            sign = self.sign(factor) if self.split else 1
            self.roots.append((generator, fine, sign * factor) if sign else (generator, 2 * fine, factor**2))
        return generator ** (coefficient * fine)

    def raised_again(self, factor: Expr, exponent: Expr) -> Expr | None:
        """A generator that is a power of ``|base|``, raised again: the exponents are multiplied. None for other factors."""
        kind, *of = self.named.get(factor, ("",))
        if kind != "power" or (of[0] is not None and of[0].is_Rational and of[0] < 0):
            return None
        exponent = exponent * of[1] / self.fineness.get(("power", *of), 1)
        return self.power(of[0] ** 2, exponent / 2) if of[0] is not None and self.split else self.power(of[0], exponent)

    def sign(self, factor: Expr) -> int:
        """The sign of a factor where it is evident from what is positive, else 0."""
        known = {self.canonical(p) for p in self.positive}
        for sign in (1, -1):
            if sympy.expand(sign * factor) in known:
                return sign
        roots = {symbol for key, symbol in self.generators.items() if key[0] in ("power", "pi")}
        poly = factor.as_poly(*sorted(factor.free_symbols, key=str)) if factor.free_symbols else None
        if poly is None:
            return int(sympy.sign(factor))
        if all(symbol in known or symbol in roots for symbol in poly.gens):
            signs = {int(sympy.sign(coefficient)) for coefficient in poly.coeffs()}
            return signs.pop() if len(signs) == 1 else 0
        return 0

    def factors(self, base: Expr, split: bool) -> list[tuple[Expr, Integer]]:
        """Numbers and polynomials with multiplicities whose product is ``|base|``; primes and, if `split`, irreducible ones."""
        ground, numerator, denominator = self.fraction(self.rational(base))
        if numerator.is_zero():
            raise Undecided("a power or logarithm of zero")
        found: dict[Expr, int] = {}
        whole: Expr = Integer(1)
        for poly, direction in ((numerator, 1), (denominator, -1)):
            content, primitive = signed(poly)
            _count_primes(content, direction, found)
            if split:
                self._split(ground, primitive, direction, found)
            else:  # with the sign it has: where it is raised to a power that is not whole, it is not negative
                whole *= ground.expression(primitive if content > 0 else -primitive) ** direction
        if whole != 1:
            found[whole] = 1
        return sorted(((f, Integer(n)) for f, n in found.items() if n), key=lambda item: sympy.default_sort_key(item[0]))

    def _split(self, ground: Quotients, primitive: Polynomial, times: int, found: dict[Expr, int]) -> None:
        """Count the irreducible factors; one that the relations of the roots make another polynomial by the factors of that."""
        for factor, n in factors(primitive):
            within, lowered = self.reduced(ground, factor)
            if lowered.is_zero():
                raise Undecided("a power or logarithm of zero")
            if within is ground and lowered == factor:
                piece = ground.expression(factor)
                found[piece] = found.get(piece, 0) + times * n
            else:
                content, rest = signed(lowered)
                _count_primes(content, times * n, found)
                self._split(within, rest, times * n, found)

    # --- from a rational expression to a reduced fraction

    def ground(self, expr: Expr) -> Quotients:
        """The rational functions in the symbols of an expression."""
        symbols = tuple(sorted(expr.free_symbols, key=str))
        return self.grounds.get(symbols) or self.grounds.setdefault(symbols, Quotients(symbols))

    def fraction(self, expr: Expr) -> tuple[Quotients, Polynomial, Polynomial]:
        """Numerator and denominator of a rational expression, coprime, and where they are polynomials."""
        ground = self.ground(expr)
        return ground, *ground.fraction(self.element(expr, ground))

    def element(self, expr: Expr, ground: Quotients) -> Quotient:
        """A rational expression as a rational function."""
        found = ground.read.get(expr)
        if found is None:
            found = ground.read[expr] = self._element(expr, ground)
        return found

    def _element(self, expr: Expr, ground: Quotients) -> Quotient:
        if expr.is_Symbol:
            return ground.generators[expr]
        if expr.is_Rational:
            return ground.constant(expr)
        if isinstance(expr, Add):
            return ground.total([self.element(arg, ground) for arg in expr.args])
        if isinstance(expr, Mul):
            return product([self.element(arg, ground) for arg in expr.args])
        if isinstance(expr, Pow) and expr.exp.is_Integer:
            value, n = self.element(expr.base, ground), int(expr.exp)
            if n < 0 and not (value and (not self.roots or not self.reduced(ground, ground.top(value))[1].is_zero())):
                raise Undecided("division by zero")
            return raised(value, n)
        raise Undecided(f"not rational: {expr}")

    def vanishing(self, expr: Expr) -> bool:
        """Whether the relations of the roots make a rational expression zero."""
        ground = self.ground(expr)
        return bool(self.reduced(ground, ground.top(self.element(expr, ground)))[1].is_zero())

    def reduced(self, ground: Quotients, numerator: Polynomial) -> tuple[Quotients, Polynomial]:
        """A polynomial after the relations of the roots: zero whenever they make it vanish; in its symbols."""
        for generator, power, value in reversed(self.roots):
            if generator not in ground.symbols:
                continue
            index = ground.symbols.index(generator)
            if numerator.degrees()[index] < power:
                continue
            terms: list[Expr] = []
            for monomial, coefficient in numerator.terms():
                times, rest = divmod(int(monomial[index]), power)
                lowered = ground.ring.from_dict({(*monomial[:index], rest, *monomial[index + 1 :]): coefficient})
                terms.append(ground.expression(lowered) * value**times)
            expr = Add(*terms)
            ground = self.ground(expr)
            numerator = ground.top(self.element(expr, ground))
        return ground, numerator


def _count_primes(number: int, times: int, found: dict[Expr, int]) -> None:
    for prime, n in sympy.factorint(abs(number)).items():
        found[Integer(prime)] = found.get(Integer(prime), 0) + times * n
