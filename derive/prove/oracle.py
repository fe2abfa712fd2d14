"""A quick opinion from an SMT solver: is there any point at all? It saves the search for proofs of what is false.

The opinion is never evidence: "satisfiable" only ends a search early (the caller then answers "not proved"), and anything else
leaves the work to the engines that produce certificates. Effort is bounded by a resource count, so the answer is reproducible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from typing import Any

import sympy
from flint import fmpq_mpoly
from sympy import Expr, Pow, Rational, Symbol, exp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.effort import Effort
from derive.tree import free_symbols

EFFORT = 250_000
GLANCE = 80_000  # what almost every point is found within that spares a search
RESOURCES = 1000  # of the solver's units in one of ours
_WORDS = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "==": "="}


@dataclass(frozen=True)
class _Text:
    """An expression in SMT-LIB; `names` are its unknowns in the order in which they occur, `beside` what reading it supposes."""

    text: str
    names: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@lru_cache(maxsize=1 << 15)
def _term(expr: Expr) -> _Text:
    if expr.is_Rational:
        text = str(abs(expr.p)) if expr.q == 1 else f"(/ {abs(expr.p)} {expr.q})"
        return _Text(text if expr.p >= 0 else f"(- {text})")
    if expr.is_Add or expr.is_Mul:
        return _applied("+" if expr.is_Add else "*", [_term(argument) for argument in expr.args])
    if expr.is_Pow and expr.exp.is_Integer:
        base = _term(expr.base)
        value = _applied("*", [base] * abs(int(expr.exp)))
        if expr.exp > 0:
            return value
        return _Text(f"(/ 1 {value.text})", value.names, (*value.beside, f"(not (= {base.text} 0))"))
    if isinstance(expr, sympy.Max | sympy.Min):
        return reduce(partial(_extreme, ">=" if isinstance(expr, sympy.Max) else "<="), map(_term, expr.args))
    if isinstance(expr, sympy.Abs):
        return _extreme(">=", _term(expr.args[0]), _term(-expr.args[0]))
    name = f"|{expr}|"
    if isinstance(expr, Pow) and expr.exp == Rational(1, 2):
        base = _term(expr.base)
        root = (*base.beside, f"(>= {name} 0)", f"(= (* {name} {name}) {base.text})")
        return _Text(name, (name, *base.names), root)
    return _Text(name, (name,), (f"(> {name} 0)",) if isinstance(expr, Pow | exp) else ())


def _applied(word: str, parts: Sequence[_Text]) -> _Text:
    names = dict.fromkeys(name for part in parts for name in part.names)
    beside = dict.fromkeys(fact for part in parts for fact in part.beside)
    text = parts[0].text if len(parts) == 1 else f"({word} {' '.join(part.text for part in parts)})" if parts else f"({word})"
    return _Text(text, tuple(names), tuple(beside))


@lru_cache(maxsize=1 << 15)
def _formula(relation: Boolean) -> _Text:
    if relation in (sympy.true, sympy.false):
        return _Text(str(relation).lower())
    if isinstance(relation, sympy.And | sympy.Or):
        word = "and" if isinstance(relation, sympy.And) else "or"
        return _applied(word, [_formula(part) for part in relation.args])
    if isinstance(relation, sympy.Not):
        return _denied(_formula(relation.args[0]))
    if not isinstance(relation, Relational):
        raise TypeError(str(relation))
    equal = relation.rel_op == "!="
    compared = _applied("=" if equal else _WORDS[relation.rel_op], [_term(relation.lhs), _term(relation.rhs)])
    return _denied(compared) if equal else compared


def _signed(symbols: Sequence[Symbol], polynomial: fmpq_mpoly, op: str) -> _Text:
    """``polynomial op 0``, what is subtracted on the right: of a bound in that form the solver makes more, and often sooner."""
    sides: tuple[list[_Text], list[_Text]] = ([], [])
    for monomial, number in zip(polynomial.monoms(), polynomial.coeffs(), strict=True):
        size = abs(number)
        factors = [_term(symbols[place]) for place, power in enumerate(monomial) for _ in range(power)]
        if size != 1 or not factors:
            factors.insert(0, _Text(str(size.p) if size.q == 1 else f"(/ {size.p} {size.q})"))
        sides[number < 0].append(_applied("*", factors))
    compared = _applied("=" if op == "!=" else op, [_applied("+", side) if side else _Text("0") for side in sides])
    return _denied(compared) if op == "!=" else compared


def _extreme(word: str, one: _Text, other: _Text) -> _Text:
    both = _applied("ite", [one, other])
    return _Text(f"(ite ({word} {one.text} {other.text}) {one.text} {other.text})", both.names, both.beside)


def _denied(formula: _Text) -> _Text:
    return _Text(f"(not {formula.text})", formula.names, formula.beside)


@dataclass(frozen=True)
class Answer:
    """Whether there is a point as far as the solver can tell, one that it names (to be verified), and what the question cost."""

    satisfiable: bool | None
    model: tuple[tuple[Symbol, Rational], ...] | None
    price: int


def satisfiable(relations: Sequence[Boolean]) -> bool | None:
    """Whether some real point satisfies all relations, as far as the solver can tell; None when it cannot."""
    return _ask(tuple(relations)).satisfiable


def met(symbols: Sequence[Symbol], signs: Iterable[tuple[fmpq_mpoly, str]], effort: Effort) -> bool | None:
    """Like `satisfiable`, for ``polynomial op 0`` with polynomials in these symbols, charged to a budget, which bounds it."""
    limit = min(GLANCE, RESOURCES * max(effort.budget.left, 1))
    answer = _met(tuple(_signed(symbols, polynomial, op) for polynomial, op in signs), limit)
    effort.charge(answer.price)
    return answer.satisfiable


def model(relations: Sequence[Boolean], symbols: Sequence[Symbol]) -> dict[Symbol, Rational] | None:
    """Rational values near a point that the solver says satisfies all relations; to be verified by exact substitution."""
    found = _ask(tuple(relations)).model
    return None if found is None else {symbol: Rational(1) for symbol in symbols} | dict(found)


@lru_cache(maxsize=8192)
def _ask(relations: tuple[Boolean, ...]) -> Answer:
    try:
        whole = _applied("and", [_formula(relation) for relation in relations])
        formulas = [_formula(relation).text for relation in relations]
    except (TypeError, AttributeError, RecursionError):
        return Answer(None, None, 1)
    return _solved((*formulas, *whole.beside), whole.names, EFFORT, relations)


@lru_cache(maxsize=8192)
def _met(formulas: tuple[_Text, ...], limit: int) -> Answer:
    return _solved([formula.text for formula in formulas], _applied("and", formulas).names, limit)


def _solved(formulas: Sequence[str], names: Sequence[str], limit: int, relations: Sequence[Boolean] = ()) -> Answer:
    """The answer on the formulas within so many of the solver's units; with a point where `relations` tell what they say."""
    import z3

    declared = [f"(declare-const {name} Real)" for name in names]
    context = z3.Context()  # of its own: what a solver does within its limit depends on what its context has seen
    solver = z3.Tactic("qfnra-nlsat", ctx=context).solver()  # the default one tries others after it, by the clock and past the limit
    solver.set("rlimit", limit)
    solver.from_string("\n".join([*declared, *(f"(assert {formula})" for formula in formulas)]))
    answer = solver.check()
    used = next((int(value) for name, value in solver.statistics() if name == "rlimit count"), 0)
    price = 1 + used // RESOURCES
    if answer == z3.sat:
        return Answer(True, _values(solver.model(), context, relations) if relations else None, price)
    return Answer(None if answer == z3.unknown else False, None, price)


def _values(answer: Any, context: Any, relations: Sequence[Boolean]) -> tuple[tuple[Symbol, Rational], ...] | None:
    import z3

    found = []
    for symbol in sorted(set().union(*(free_symbols(relation) for relation in relations)), key=lambda s: s.name):
        value = answer.eval(z3.Real(symbol.name, context), model_completion=True)
        if z3.is_algebraic_value(value):
            value = value.approx(12)
        if not z3.is_rational_value(value):
            return None
        found.append((symbol, Rational(value.numerator_as_long(), value.denominator_as_long())))
    return tuple(found)
