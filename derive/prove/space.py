"""Rational functions over the rationals, for the search: python-flint polynomials in a fixed list of symbols."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import flint
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Add, Expr, Integer, Mul, Pow, Rational, S, Symbol

from derive.written import Writer

EXPONENT_LIMIT = 60
TERM_LIMIT = 20000


class NotRational(ValueError):
    """An expression that is not a rational function of the symbols."""


class TooLarge(ValueError):
    """A polynomial of a size that no engine here should work on."""


@dataclass(frozen=True)
class Fraction:
    """``numerator/denominator`` in lowest terms; ``divisors`` are all polynomials by which the expression divides."""

    numerator: fmpq_mpoly
    denominator: fmpq_mpoly
    divisors: tuple[fmpq_mpoly, ...] = ()


class Space:
    """The polynomial ring in `symbols` followed by as many slack variables and two to spare."""

    def __init__(self, symbols: tuple[Symbol, ...]) -> None:
        self.symbols = symbols
        self.size = len(symbols)
        self.width = 2 * self.size + 2
        names = [f"x{i}" for i in range(self.size)] + [f"y{i}" for i in range(self.size + 2)]
        self.context = fmpq_mpoly_ctx.get(tuple(names), Ordering.lex)
        self.variables = self.context.gens()
        self.zero = self.context.constant(0)
        self.one = self.context.constant(1)
        self._index = {symbol: i for i, symbol in enumerate(symbols)}
        self._known: dict[Expr, Fraction] = {}
        self._factored: dict[str, tuple[fmpq, list[tuple[fmpq_mpoly, int]]]] = {}
        self.choices: dict[object, object] = {}
        self.firsts: dict[object, object] = {}
        self.forms: dict[object, object] = {}
        self.slacks = frozenset(range(self.size, self.width))
        self._differences: dict[tuple[Expr, Expr], Fraction] = {}
        self._written: dict[str, Expr] = {}
        self.slack_symbols = _slack_symbols(symbols)
        self._writer = Writer((*symbols, *self.slack_symbols))

    # --- from and to SymPy

    def fraction(self, expression: Expr) -> Fraction:
        """`expression` in lowest terms. Raises `NotRational`, `ZeroDivisionError`, `TooLarge`."""
        known = self._known.get(expression)
        if known is None:
            known = self._read(expression)
            if len(self._known) > 4000:
                self._known.clear()
            self._known[expression] = known
        return known

    def _read(self, expression: Expr) -> Fraction:
        if isinstance(expression, Symbol):
            try:
                return Fraction(self.variables[self._index[expression]], self.one)
            except KeyError:
                raise NotRational(expression) from None
        if isinstance(expression, Rational):
            return Fraction(self.context.constant(fmpq(int(expression.p), int(expression.q))), self.one)
        if isinstance(expression, Add):
            total = Fraction(self.zero, self.one)
            for part in expression.args:
                total = self.add(total, self.fraction(part))
            return total
        if isinstance(expression, Mul):
            total = Fraction(self.one, self.one)
            for part in expression.args:
                total = self.multiply(total, self.fraction(part))
            return total
        if isinstance(expression, Pow) and isinstance(expression.exp, Integer):
            return self._power(self.fraction(expression.base), int(expression.exp))
        raise NotRational(expression)

    def _power(self, base: Fraction, exponent: int) -> Fraction:
        if abs(exponent) > EXPONENT_LIMIT:
            raise TooLarge("exponent")
        top, bottom, divisors = base.numerator, base.denominator, base.divisors
        if exponent < 0:
            if top.is_zero():
                raise ZeroDivisionError("a denominator vanishes identically")
            if not top.is_constant():
                divisors = (*divisors, top)
            top, bottom, exponent = bottom, top, -exponent
        return self._guard(Fraction(top**exponent, bottom**exponent, divisors))

    def _guard(self, value: Fraction) -> Fraction:
        if len(value.numerator) > TERM_LIMIT or len(value.denominator) > TERM_LIMIT:
            raise TooLarge("terms")
        return value

    def add(self, a: Fraction, b: Fraction, sign: int = 1) -> Fraction:
        """``a + sign*b``."""
        divisors = a.divisors + b.divisors if b.divisors else a.divisors
        if a.denominator == b.denominator:
            top, bottom = a.numerator + sign * b.numerator, a.denominator
            if bottom.is_one():
                return Fraction(top, bottom, divisors)
        else:
            shared = a.denominator.gcd(b.denominator)
            rest = b.denominator / shared
            top = a.numerator * rest + sign * b.numerator * (a.denominator / shared)
            bottom = a.denominator * rest
        return self._guard(self._reduce(top, bottom, divisors))

    def multiply(self, a: Fraction, b: Fraction) -> Fraction:
        """``a * b``."""
        divisors = a.divisors + b.divisors if b.divisors else a.divisors
        top, bottom = a.numerator * b.numerator, a.denominator * b.denominator
        if bottom.is_one():
            return self._guard(Fraction(top, bottom, divisors))
        return self._guard(self._reduce(top, bottom, divisors))

    def _reduce(self, top: fmpq_mpoly, bottom: fmpq_mpoly, divisors: tuple[fmpq_mpoly, ...]) -> Fraction:
        if bottom.is_constant():
            return Fraction(top / bottom, self.one, divisors)
        common = top.gcd(bottom)
        if not common.is_one():
            top, bottom = top / common, bottom / common
        return Fraction(top, bottom, divisors)

    def difference(self, left: Expr, right: Expr) -> Fraction:
        """``left - right``."""
        if right is S.Zero:
            return self.fraction(left)
        key = (left, right)
        if key not in self._differences:
            if len(self._differences) > 2000:
                self._differences.clear()
            self._differences[key] = self.add(self.fraction(left), self.fraction(right), -1)
        return self._differences[key]

    def expression(self, polynomial: fmpq_mpoly) -> Expr:
        """`polynomial` as an expanded SymPy expression."""
        key = self.key(polynomial)
        if key not in self._written:
            if len(self._written) > 4000:
                self._written.clear()
            self._written[key] = self._writer.sum(polynomial)
        return self._written[key]

    def key(self, polynomial: fmpq_mpoly) -> str:
        """A text that is the same for equal polynomials only."""
        return str(polynomial)

    # --- polynomials

    def factor(self, polynomial: fmpq_mpoly) -> tuple[fmpq, list[tuple[fmpq_mpoly, int]]]:
        """``(constant, [(irreducible, exponent), ...])`` in a fixed order."""
        key = self.key(polynomial)
        if key not in self._factored:
            if len(self._factored) > 4000:
                self._factored.clear()
            self._factored[key] = self._factor(polynomial)
        constant, factors = self._factored[key]
        return constant, list(factors)

    def _factor(self, polynomial: fmpq_mpoly) -> tuple[fmpq, list[tuple[fmpq_mpoly, int]]]:
        constant, found = polynomial.factor()
        constant, factors = fmpq(constant), []
        for base, exponent in found:
            if base.leading_coefficient() < 0:
                base, constant = -base, constant * (-1) ** int(exponent)
            factors.append((base, int(exponent)))
        return constant, sorted(factors, key=lambda pair: (len(pair[0]), str(pair[0])))

    def split(self, polynomial: fmpq_mpoly, variable: int) -> dict[int, fmpq_mpoly]:
        """Coefficients of `polynomial` by powers of one variable."""
        found: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for monomial, coefficient in zip(polynomial.monoms(), polynomial.coeffs(), strict=True):
            rest = list(monomial)
            degree = int(rest[variable])
            rest[variable] = 0
            found.setdefault(degree, {})[tuple(rest)] = coefficient
        return {degree: self.context.from_dict(terms) for degree, terms in found.items()}

    def put(self, polynomial: fmpq_mpoly, variable: int, top: fmpq_mpoly, bottom: fmpq_mpoly) -> tuple[fmpq_mpoly, int]:
        """``(n, d)`` with ``polynomial(variable = top/bottom) = n / bottom**d``."""
        degree = int(polynomial.degrees()[variable])
        if degree <= 0:  # the zero polynomial has degree -1
            return polynomial, 0
        if degree == 1:
            whole = bottom.is_one()
            moved = top - self.variables[variable] * bottom
            total = (polynomial if whole else polynomial * bottom) + polynomial.derivative(variable) * moved
            return limited(total), 0 if whole else 1
        if bottom.is_one():
            arguments = list(self.variables)
            arguments[variable] = top
            return polynomial.compose(*arguments, ctx=self.context), 0
        parts = self.split(polynomial, variable)
        total, scale = self.zero, self.one
        for power in range(degree, -1, -1):
            total = total * top
            if power in parts:
                total = total + parts[power] * scale
            scale = scale * bottom
        return limited(total), degree

    def value(self, polynomial: fmpq_mpoly, point: tuple[fmpq, ...]) -> fmpq:
        """The value at a point of the symbols (slack variables are absent)."""
        return polynomial(*point, *([0] * (self.width - len(point))))


def limited(polynomial: fmpq_mpoly) -> fmpq_mpoly:
    """The polynomial. Raises `TooLarge`."""
    if len(polynomial) > TERM_LIMIT:
        raise TooLarge("terms")
    return polynomial


def rational(value: fmpq) -> Rational:
    """The SymPy number."""
    return Rational(int(value.p), int(value.q))


def _slack_symbols(symbols: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    taken = {symbol.name for symbol in symbols}
    base = next(name for name in ("t", "u", "v", "xi", "tau", "slack") if not any(_numbered(other, name) for other in taken))
    return tuple(Symbol(f"{base}_{i + 1}", real=True) for i in range(len(symbols) + 2))


def _numbered(name: str, base: str) -> bool:
    return name == base or (name.startswith(base + "_") and name[len(base) + 1 :].isdigit())


@lru_cache(maxsize=256)
def space(symbols: tuple[Symbol, ...]) -> Space:
    """The ring in these symbols (shared: it holds no state beyond memories of conversions and of choices of substitutions)."""
    return Space(symbols)


__all__ = ["Fraction", "NotRational", "Space", "TooLarge", "flint", "limited", "rational", "space"]
