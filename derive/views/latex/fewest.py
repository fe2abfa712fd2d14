"""The fewest of many facts that show a claim at once: every factor of it is a sum of some of them, times positive numbers, and of
products that are seen to be positive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from sympy import Add, Expr, Integer, Mul, Rational, Symbol, ordered
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import leaves
from derive.field import NotRational, factored
from derive.views.latex.evident import is_single_sign
from derive.views.latex.expanded import expanded
from derive.views.latex.tidy import Tidy

__all__ = ["fewest"]

_INEQUALITIES = ("<", "<=", ">", ">=")
_MOST_FACTS = 3
_MOST_CHOSEN_FROM = 8
_MOST_TERMS = 8

_Terms = Mapping[Expr, Rational]


@dataclass(frozen=True)
class _Fact:
    """An inequality by the terms of what it says is positive, or not negative."""

    relation: Boolean
    terms: tuple[tuple[Expr, Rational], ...]
    strict: bool


@dataclass(frozen=True)
class _Signs:
    """The symbols that are positive, and those that are not negative."""

    positive: frozenset[Symbol]
    nonnegative: frozenset[Symbol]

    def of(self, term: Expr) -> str:
        """``+`` for a product that is positive, ``0`` for one that is not negative, nothing where neither is seen."""
        bases = [factor.as_base_exp() for factor in Mul.make_args(term) if factor != 1]
        if all(base in self.positive for base, _ in bases):
            return "+"
        weak = self.positive | self.nonnegative
        return "0" if all(base in weak or (exponent.is_Integer and exponent % 2 == 0) for base, exponent in bases) else ""


def fewest(
    claim: Boolean, given: Sequence[Boolean], tidy: Tidy, choices: frozenset[Symbol] = frozenset()
) -> tuple[Boolean, ...] | None:
    """Those of the given facts, as few as there may be; None where no few of them show the claim in this way.

    Signs of symbols go without saying, but for those of `choices`.
    """
    if not isinstance(claim, Relational) or claim.rel_op not in _INEQUALITIES:
        return None
    known = tidy.by_symbols(one for one in given if is_single_sign(one))
    known.positive, known.nonnegative = known.positive - choices, known.nonnegative - choices
    facts = tuple(one for one in given if not is_single_sign(one) or one.free_symbols & choices)
    return _fewest(claim, facts, _Signs(known.positive, known.nonnegative), known)


@lru_cache(maxsize=1 << 10)
def _fewest(claim: Relational, given: tuple[Boolean, ...], signs: _Signs, known: Tidy) -> tuple[Boolean, ...] | None:
    try:
        form = factored(claim.gts - claim.lts)
        facts = tuple(_facts(given))
    except (NotRational, ZeroDivisionError):
        return None
    strict, positive = "=" not in claim.rel_op, form.coefficient > 0
    used: set[Boolean] = set()
    for base, exponent in form.factors:
        if exponent % 2 == 0 and not strict:
            continue
        sign = known.sign(base)
        if sign == 0 and exponent % 2 == 0:
            return None
        if sign == 0 and not strict and exponent > 0 and base in signs.nonnegative:
            continue
        if sign == 0:
            first = sorted(facts, key=lambda fact: (fact.relation not in used, leaves(fact.relation)))
            shown = _shown(base, first, strict or exponent < 0, signs)
            if shown is None:
                return None
            sign = shown[0]
            used.update(shown[1])
        positive = positive == (sign > 0) if exponent % 2 else positive
    return tuple(one for one in given if one in used) if positive else None


def _facts(given: Sequence[Boolean]) -> Iterator[_Fact]:
    for one in given:
        if isinstance(one, Relational) and one.rel_op in _INEQUALITIES:
            yield _Fact(one, tuple(_terms(one.gts - one.lts).items()), "=" not in one.rel_op)


def _terms(total: Expr) -> _Terms:
    found: dict[Expr, Rational] = {}
    for term in Add.make_args(expanded(total)):
        number, rest = term.as_coeff_Mul()
        if not isinstance(number, Rational):
            raise NotRational(total)
        found[rest] = found.get(rest, Integer(0)) + number
    return found


def _shown(base: Expr, facts: Sequence[_Fact], strict: bool, signs: _Signs) -> tuple[int, tuple[Boolean, ...]] | None:
    """The sign of a factor, and the fewest facts that show it, the first ones rather than others."""
    useful = [fact for fact in facts if any(term in dict(fact.terms) for term in _terms(base) if term != 1)]
    if len(useful) > _MOST_CHOSEN_FROM:
        return None
    for number in range(1, _MOST_FACTS + 1):
        for chosen in combinations(useful, number):
            for sign in (1, -1):
                if _adds_up(_terms(sign * base), chosen, strict, signs):
                    return sign, tuple(fact.relation for fact in chosen)
    return None


def _adds_up(wanted: _Terms, chosen: Sequence[_Fact], strict: bool, signs: _Signs) -> bool:
    """Whether positive multiples of all these facts leave nothing of what is wanted but what is seen to be positive."""
    columns = [dict(fact.terms) for fact in chosen]
    terms = list(ordered({*wanted, *(term for column in columns for term in column)}))
    if len(terms) > _MOST_TERMS:
        return False
    rows = [([column.get(term, Integer(0)) for column in columns], wanted.get(term, Integer(0))) for term in terms]
    for tight in combinations(rows, len(chosen)):
        multiples = _solved([left for left, _ in tight], [right for _, right in tight])
        if multiples is None or any(one <= 0 for one in multiples):
            continue
        rest = {
            term: right - Add(*(one * number for one, number in zip(multiples, left, strict=True)))
            for term, (left, right) in zip(terms, rows, strict=True)
        }
        left_over = [(signs.of(term), number) for term, number in rest.items() if number != 0]
        if all(number > 0 and sign for sign, number in left_over):
            return not strict or any(fact.strict for fact in chosen) or any(sign == "+" for sign, _ in left_over)
    return False


def _solved(matrix: Sequence[Sequence[Rational]], right: Sequence[Rational]) -> tuple[Rational, ...] | None:
    """The only solution of a small square system; None where it has none or several."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for place in range(size):
        pivot = next((row for row in range(place, size) if rows[row][place] != 0), None)
        if pivot is None:
            return None
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [entry / rows[place][place] for entry in rows[place]]
        for other in range(size):
            if other != place and rows[other][place] != 0:
                rows[other] = [entry - rows[other][place] * lead for entry, lead in zip(rows[other], rows[place], strict=True)]
    return tuple(row[size] for row in rows)
