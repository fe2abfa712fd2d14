"""The signs of many expressions in one region.

Points of the region come first: what two of them refute is not sent to the prover. Every expression has the same small counted effort,
whatever was asked before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.audit.conditions import ALWAYS, Condition, symbols_of
from derive.audit.products import Proofs
from derive.audit.realised import NAMED, Laws, realised
from derive.audit.recall import Recall
from derive.audit.scatter import Places
from derive.audit.where import Conditions
from derive.certificates import Certificate
from derive.prove.balls import sign_at
from derive.prove.relations import relation
from derive.prove.theory import ALLOWS
from derive.prove.verdicts import Witness
from derive.tree import free_symbols

MOST_CONFIRMED = 8  # points of each sign


class Sign(Enum):
    """The sign of a slope or of a difference."""

    POSITIVE = "+"
    NEGATIVE = "-"
    ZERO = "0"
    NOT_NEGATIVE = "(+)"
    NOT_POSITIVE = "(-)"
    DEPENDS = "+/-"
    UNSETTLED = "?"

    @property
    def operator(self) -> str | None:
        """The relation to zero that it says; None of what is exactly zero, has no one sign, or is not settled."""
        return _OPERATORS.get(self)


_OPERATORS = {Sign.POSITIVE: ">", Sign.NEGATIVE: "<", Sign.NOT_NEGATIVE: ">=", Sign.NOT_POSITIVE: "<="}


@dataclass(frozen=True)
class Signed:
    """An expression with its sign and what proves it.

    Of a sign that `DEPENDS`, `condition` says where it is positive, if that was found; else two `points` show both signs.
    """

    expression: Expr
    sign: Sign
    certificates: tuple[Certificate, ...] = ()
    condition: Condition | None = None
    points: tuple[Witness, ...] = ()


class Territory:
    """A region given by relations, with points of it and the signs that were looked for in it.

    Of the symbols in `hidden` nothing may be told: conditions and points that speak of them are no answer. Nor is a sign said to
    differ where its points are not those of any of the `laws`.
    """

    def __init__(
        self, given: tuple[Boolean, ...], places: Places, hidden: frozenset[Symbol], recall: Recall, laws: Laws = NAMED
    ) -> None:
        self.given = given
        self.places = places
        self.hidden = hidden
        self.laws = laws
        self._proofs = Proofs(given, places, recall)
        self._conditions = Conditions(self._proofs)
        self._signs: dict[Expr, Signed] = {}

    def signed(self, expression: Expr) -> Signed:
        """The sign of an expression in normal form."""
        if expression not in self._signs:
            self._signs[expression] = self._signed(expression)
        return self._signs[expression]

    def _signed(self, expression: Expr) -> Signed:
        if expression == 0:
            return Signed(expression, Sign.ZERO)
        if self._proofs.varies(expression):
            return self._under_a_condition(expression) or self._at_points(expression)
        for sign, op in _OPERATORS.items():
            if self._proofs.shown(expression).keys() <= ALLOWS[op]:
                proof = self._proofs.of(expression, op)
                if proof is not None:
                    return Signed(expression, sign, (proof,))
        return Signed(expression, Sign.UNSETTLED)

    def _under_a_condition(self, expression: Expr) -> Signed | None:
        """Where the expression is positive: where the product of those of its factors is whose signs vary, or found as a whole."""
        claim = relation(expression, ">")
        proofs, condition = self._conditions.of(claim) or ((), None)
        if condition is None or condition == ALWAYS or symbols_of(condition) & self.hidden:
            return None
        return Signed(expression, Sign.DEPENDS, proofs, condition) if self._differs(expression, condition) else None

    def _differs(self, expression: Expr, condition: Condition) -> bool:
        """Whether both signs are those of some game in the region: with parameters and, where it matters, a law like this."""
        if self.laws.silent_on(symbols_of(condition)):
            return True
        possible, signs = realised(self.laws, self.places, symbols_of(condition), self.given), self.places.signs(expression)
        rows = (np.flatnonzero(possible & (signs == sign))[:MOST_CONFIRMED] for sign in (1, -1))
        return all(any(self.places.inside(int(row)) for row in shown) for shown in rows)

    def _at_points(self, expression: Expr) -> Signed:
        """The expression with a point of each sign, if each is confirmed exactly."""
        everything = set(self.laws.stated) <= set(self.given)
        if everything and not free_symbols(expression) & self.hidden and not self.places.unknown:
            points = tuple(self._confirmed(expression, sign) for sign in (1, -1))
            if None not in points:
                return Signed(expression, Sign.DEPENDS, points=tuple(point for point in points if point is not None))
        return Signed(expression, Sign.UNSETTLED)

    def _confirmed(self, expression: Expr, sign: int) -> Witness | None:
        for row in self._proofs.shown(expression)[sign]:
            point = self.places.point(row)
            if free_symbols(expression) <= point.keys() and self.places.inside(row) and sign_at(expression, point) == sign:
                return tuple(sorted(point.items(), key=lambda item: item[0].name))
        return None
