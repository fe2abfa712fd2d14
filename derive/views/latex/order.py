"""The order of terms and factors, and how a product falls into the parts that are printed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import sympy
from flint import fmpq
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol
from sympy.core.function import AppliedUndef

from derive.views.spelling import spelled

_FRACTIONS = 3

def merged(factors: Sequence[Expr]) -> list[Expr]:
    """Powers of one base, one of them with a symbolic exponent, drawn together: ``p**(-b) * p**gamma / p`` is ``p**(gamma - b - 1)``."""
    exponents = {base: Integer(0) for base in drawn_together(factors)}
    kept = []
    for factor in factors:
        base, exponent = _as_power(factor)
        if base in exponents:
            exponents[base] = exponent if exponents[base] == 0 else _one_fraction(exponents[base] + exponent)
        else:
            kept.append(factor)
    drawn = [
        Pow(base, exponent) if exponent.is_Rational else Pow(base, exponent, evaluate=False)
        for base, exponent in exponents.items()
    ]
    return _with_whole_bases(_one_root(_one_exponential(kept)), [power for power in drawn if power != 1])


def _with_whole_bases(factors: list[Expr], powers: list[Expr]) -> list[Expr]:
    """A product beside a falling power of itself as one power: ``u*v * (u*v)**(-b)`` is ``(u*v)**(1 - b)``."""
    for place, power in enumerate(powers):
        base, exponent = power.as_base_exp()
        if not isinstance(base, Mul) or not exponent.could_extract_minus_sign():
            continue
        rest, whole = Mul(*factors).as_powers_dict(), base.as_powers_dict()
        if all(part in rest and (rest[part] - degree) * degree >= 0 for part, degree in whole.items()):
            left = Mul(*factors) / base
            joined = Pow(base, 1 + exponent, evaluate=False)
            return [*(factor for factor in Mul.make_args(left) if factor != 1), *powers[:place], joined, *powers[place + 1 :]]
    return [*factors, *powers]


def over_one_denominator(total: Expr) -> Expr:
    """``v + x/6 + y/3 - z/3`` as ``v + (x + 2*y - 2*z)/6``, where three symbols or more have denominators with a common multiple among
    them."""
    parts = [term for term in Add.make_args(total) if number_of(term).q > 1 and (term / number_of(term)).is_Symbol]
    largest = max((number_of(term).q for term in parts), default=1)
    if len(parts) < _FRACTIONS or len(parts) == len(Add.make_args(total)) or any(largest % number_of(term).q for term in parts):
        return total
    content, primitive = Add(*parts).primitive()
    return Add(*(term for term in total.args if term not in parts), Mul(content, primitive, evaluate=False), evaluate=False)


def _one_exponential(factors: list[Expr]) -> list[Expr]:
    """Exponentials drawn together: ``exp(-b*p)*exp(a)`` is ``exp(a - b*p)``."""
    several = [factor for factor in factors if isinstance(factor, sympy.exp)]
    if len(several) < 2:
        return factors
    joined = sympy.exp(Add(*(factor.args[0] for factor in several)))
    return [factor for factor in factors if factor not in several] + ([joined] if joined != 1 else [])


def drawn_together(factors: Sequence[Expr]) -> tuple[Expr, ...]:
    """The bases that stand among the factors with a symbolic exponent."""
    return tuple(dict.fromkeys(factor.base for factor in factors if isinstance(factor, Pow) and not factor.exp.is_Rational))


def _as_power(factor: Expr) -> tuple[Expr, Expr]:
    return (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, Integer(1))


def _one_fraction(exponent: Expr) -> Expr:
    """A sum of quotients as one: ``1/(1 - a) - b/(1 - a)`` is ``(1 - b)/(1 - a)``."""
    return sympy.factor(exponent) if sympy.fraction(sympy.together(exponent))[1].free_symbols else exponent


def _one_root(factors: list[Expr]) -> list[Expr]:
    """The square root of a number put under the square root beside it: ``sqrt(2) * sqrt(a)`` is ``sqrt(2 * a)``."""
    roots = [factor for factor in factors if isinstance(factor, Pow) and factor.exp == Rational(1, 2)]
    number = next((root for root in roots if root.base.is_Integer), None)
    other = next((root for root in roots if not root.base.is_number), None)
    if number is None or other is None:
        return factors
    inside = Mul(number.base, other.base, evaluate=False) if isinstance(other.base, Add) else number.base * other.base
    joined = Pow(inside, Rational(1, 2), evaluate=False)
    return [joined if factor is other else factor for factor in factors if factor is not number]


def turned(factor: Expr) -> Expr:
    base, exponent = factor.as_base_exp()
    return Pow(Add(*[-term for term in base.args]), exponent)


def is_sales(total: Expr, sign: int) -> bool:
    """Whether it is ``z - Lambda(z)`` (times `sign`), which is positive inside every support."""
    return len(total.args) == 2 and any(
        isinstance(node := (-sign * term), Expr) and heading_of(node) and total - term == sign * node.argument
        for term in total.args
    )


def _value(expr: Expr, point: Mapping[Symbol, Rational]) -> fmpq:
    """The value of a rational expression. Raises LookupError for any other, ZeroDivisionError."""
    if expr.is_Symbol:
        expr = point[expr]
    if expr.is_Rational:
        return fmpq(int(expr.p), int(expr.q))
    if isinstance(expr, Add):
        return sum((_value(part, point) for part in expr.args), fmpq(0))
    if isinstance(expr, Mul):
        return prod((_value(part, point) for part in expr.args), start=fmpq(1))
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return _value(expr.base, point) ** int(expr.exp)
    raise LookupError(type(expr).__name__)


def sign_at(total: Expr, point: Mapping[Symbol, Rational]) -> int:
    """The sign of an expression at a point; 0 also where it has no rational value."""
    try:
        found = _value(total, point)
        return int(found > 0) - int(found < 0)
    except (LookupError, ZeroDivisionError):
        value = total.xreplace(dict(point))
    return 0 if not value.is_Rational or value == 0 else 1 if value > 0 else -1


@dataclass(frozen=True)
class _Spelling:
    """The place of an expression in the order of texts; it is spelled only where it is compared with another one."""

    expression: Expr

    def __lt__(self, other: _Spelling) -> bool:
        return spelled(self.expression) < spelled(other.expression)


_Letter = tuple[str, _Spelling | None]


@lru_cache(maxsize=65536)
def monomial_key(term: Expr) -> tuple[object, ...]:
    """Alphabetical order of terms, higher powers of a letter first; numbers last."""
    letters: list[tuple[_Letter, str]] = []
    for factor in Mul.make_args(term):
        if factor.is_Number:
            continue
        base, exponent = factor.as_base_exp() if not isinstance(factor, sympy.exp) else (factor, Integer(1))
        power = int(exponent) if exponent.is_Integer else 1
        letters.append((_letter(base), f"{99 - power:03d}"))
    return (0, sorted(letters), _Spelling(term)) if letters else (1, [], _Spelling(term))


def _letter(node: Expr) -> _Letter:
    """Symbols by their names, in whatever case, before everything else."""
    return (f"{node.name.lower()} {node.name.swapcase()}", None) if isinstance(node, Symbol) else ("~", _Spelling(node))


def factor_class(factor: Expr) -> int:
    """0 numbers, 1 symbols and their numeric powers, 2 sums, 3 powers with a symbolic exponent, 4 functions."""
    if isinstance(factor, Rational | sympy.NumberSymbol) or (isinstance(factor, Pow) and factor.base.is_Integer and factor.exp.is_Rational):
        return 0
    base, exponent = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, Integer(1))
    if not exponent.is_Rational or isinstance(factor, sympy.exp):
        return 3
    if isinstance(base, Symbol):
        return 1
    return 2 if isinstance(base, Add | Mul) else 4


@lru_cache(maxsize=65536)
def factor_key(factor: Expr) -> tuple[object, ...]:
    base = factor.base if isinstance(factor, Pow) else factor
    kind = factor_class(factor)
    size = len(Add.make_args(base)) if kind == 2 else 0
    return kind, size, _letter(base), _Spelling(factor)


def number_of(term: Expr) -> Rational:
    """The rational coefficient of a term."""
    number = term.as_coeff_Mul()[0]
    return number if isinstance(number, Rational) else Integer(1)


def factor_order(factors: Sequence[Expr]) -> list[Expr]:
    """Factors in the order of printing."""
    return sorted(factors, key=factor_key)


def law_groups(above: list[Expr], below: list[Expr]) -> list[tuple[list[Expr], list[Expr]]]:
    """Splits off ``z/(z - Lambda(z))``: the factors that share the argument of a function in a denominator."""
    arguments = {
        s for factor in below if isinstance(factor, Add) for node in _function_nodes(factor) for s in node.free_symbols
    }
    if not arguments:
        return [(above, below)]

    def belongs(factor: Expr) -> bool:
        return bool(factor.free_symbols) and factor.free_symbols <= arguments

    inside = [f for f in above if belongs(f)], [f for f in below if belongs(f)]
    outside = [f for f in above if not belongs(f)], [f for f in below if not belongs(f)]
    if not inside[1] or not (outside[0] or outside[1]):
        return [(above, below)]
    return [outside, inside]


def _function_nodes(expression: Expr) -> list[Expr]:
    return [node for node in sympy.preorder_traversal(expression) if isinstance(node, AppliedUndef) or heading_of(node)]


def heading_of(node: object) -> str:
    heading = getattr(node, "heading", "")
    return heading if isinstance(heading, str) and hasattr(node, "argument") else ""


def parenthesised(tex: str) -> str:
    """`tex` in parentheses, as tall as it needs."""
    tall = any(mark in tex for mark in (r"\frac", r"\begin", r"\left("))
    return rf"\left( {tex} \right)" if tall else f"({tex})"
