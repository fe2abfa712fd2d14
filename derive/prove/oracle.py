"""A quick opinion from an SMT solver: is there any point at all? It saves the search for proofs of what is false.

The opinion is never evidence: "satisfiable" only ends a search early (the caller then answers "not proved"), and anything else
leaves the work to the engines that produce certificates. Effort is bounded by a resource count, so the answer is reproducible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from typing import Any

import sympy
from sympy import Expr, Pow, Rational, Symbol, exp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.prove.effort import Effort

EFFORT = 250_000
RESOURCES = 1000  # of the solver's units in one of ours


class _Translator:
    def __init__(self) -> None:
        import z3

        self.z3 = z3
        self.context = z3.Context()  # of its own: what a solver does within its limit depends on what its context has seen
        self.atoms: dict[Expr, Any] = {}
        self.side: list[Any] = []
        self.known: dict[Expr, Any] = {}

    def term(self, expr: Expr) -> Any:
        if expr not in self.known:
            self.known[expr] = self._term(expr)
        return self.known[expr]

    def _term(self, expr: Expr) -> Any:
        if expr.is_Rational:
            return self.z3.RealVal(str(expr), self.context)
        if expr.is_Add:
            return self.z3.Sum([self.term(argument) for argument in expr.args])
        if expr.is_Mul:
            return self.z3.Product([self.term(argument) for argument in expr.args])
        if expr.is_Pow and expr.exp.is_Integer:
            base = self.term(expr.base)
            value = self.z3.Product([base] * abs(int(expr.exp)))
            if expr.exp > 0:
                return value
            self.side.append(base != 0)
            return 1 / value
        if isinstance(expr, sympy.Max | sympy.Min):
            return reduce(partial(self._extreme, isinstance(expr, sympy.Max)), map(self.term, expr.args))
        if isinstance(expr, sympy.Abs):
            inside = self.term(expr.args[0])
            return self._extreme(True, inside, -inside)
        if expr not in self.atoms:
            self.atoms[expr] = self.z3.Real(f"v{len(self.atoms)}", self.context)
            if isinstance(expr, Pow) and expr.exp == Rational(1, 2):
                root = self.atoms[expr]
                self.side += [root >= 0, root * root == self.term(expr.base)]
            elif isinstance(expr, Pow | exp):
                self.side.append(self.atoms[expr] > 0)
        return self.atoms[expr]

    def _extreme(self, largest: bool, one: Any, other: Any) -> Any:
        return self.z3.If((one >= other) if largest else (one <= other), one, other)

    def formula(self, relation: Boolean) -> Any:
        if relation in (sympy.true, sympy.false):
            return self.z3.BoolVal(relation == sympy.true, self.context)
        if isinstance(relation, sympy.And):
            return self.z3.And([self.formula(part) for part in relation.args])
        if isinstance(relation, sympy.Or):
            return self.z3.Or([self.formula(part) for part in relation.args])
        if isinstance(relation, sympy.Not):
            return self.z3.Not(self.formula(relation.args[0]))
        if not isinstance(relation, Relational):
            raise TypeError(str(relation))
        left, right = self.term(relation.lhs), self.term(relation.rhs)
        match relation.rel_op:
            case ">":
                return left > right
            case ">=":
                return left >= right
            case "<":
                return left < right
            case "<=":
                return left <= right
            case "==":
                return left == right
            case _:
                return left != right

    def solver(self, formulas: Sequence[Any]) -> Any:
        """A solver of bounded effort for the formulas and what reading them added."""
        solver = self.z3.Solver(ctx=self.context)
        solver.set("rlimit", EFFORT)
        solver.add(*formulas, *self.side)
        return solver


@dataclass(frozen=True)
class Answer:
    """Whether there is a point as far as the solver can tell, one that it names (to be verified), and what the question cost."""

    satisfiable: bool | None
    model: tuple[tuple[Symbol, Rational], ...] | None
    price: int


def satisfiable(relations: Sequence[Boolean]) -> bool | None:
    """Whether some real point satisfies all relations, as far as the solver can tell; None when it cannot."""
    return _ask(tuple(relations)).satisfiable


def asked(relations: Sequence[Boolean], effort: Effort) -> bool | None:
    """Like `satisfiable`, charged to a budget."""
    answer = _ask(tuple(relations))
    effort.charge(answer.price)
    return answer.satisfiable


def model(relations: Sequence[Boolean], symbols: Sequence[Symbol]) -> dict[Symbol, Rational] | None:
    """Rational values near a point that the solver says satisfies all relations; to be verified by exact substitution."""
    found = _ask(tuple(relations)).model
    return None if found is None else {symbol: Rational(1) for symbol in symbols} | dict(found)


@lru_cache(maxsize=8192)
def _ask(relations: tuple[Boolean, ...]) -> Answer:
    translator = _Translator()
    try:
        formulas = [translator.formula(relation) for relation in relations]
    except (TypeError, AttributeError, RecursionError):
        return Answer(None, None, 1)
    solver = translator.solver(formulas)
    answer = solver.check()
    used = next((int(value) for name, value in solver.statistics() if name == "rlimit count"), 0)
    price = 1 + used // RESOURCES
    if answer == translator.z3.sat:
        return Answer(True, _values(translator, solver.model(), relations), price)
    return Answer(None if answer == translator.z3.unknown else False, None, price)


def _values(translator: _Translator, answer: Any, relations: Sequence[Boolean]) -> tuple[tuple[Symbol, Rational], ...] | None:
    found = []
    for symbol in sorted(set().union(*(relation.free_symbols for relation in relations)), key=lambda s: s.name):
        value = answer.eval(translator.term(symbol), model_completion=True)
        if translator.z3.is_algebraic_value(value):
            value = value.approx(12)
        if not translator.z3.is_rational_value(value):
            return None
        found.append((symbol, Rational(value.numerator_as_long(), value.denominator_as_long())))
    return tuple(found)
