"""Relations read as conditions on the signs of expressions, and whether any choice of signs satisfies all of several clauses.

Nothing is known here of the expressions but that each is negative, zero or positive at every point, and that two of them that differ by
a rational factor are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyRing

from derive.certificates import Certificate
from derive.check.context import same
from derive.check.fractions import ANY, SIGNS, Known, Rejected, Session, product_of

Condition = tuple[int, frozenset[int]]
"""The number of an expression, and the signs that it may have."""
Clause = tuple[Condition, ...]
"""Conditions one of which holds."""


class Reader:
    """Reads relations in some symbols; it numbers the expressions whose signs they are about."""

    def __init__(self, symbols: Iterable[Symbol]) -> None:
        self._session = Session(PolyRing(sorted(symbols, key=lambda symbol: symbol.name), QQ), _nothing)
        self._numbers: dict[object, int] = {}
        self._others: list[tuple[Expr, int]] = []
        self._read: dict[Boolean, Condition] = {}

    def condition(self, relation: Boolean) -> Condition:
        """What a relation says of one expression. Raises `Rejected`."""
        if relation not in self._read:
            if not isinstance(relation, Relational):
                raise Rejected(f"not a relation: {relation}")
            number, turn = self._expression(relation)
            self._read[relation] = number, frozenset(turn * sign for sign in SIGNS[type(relation)])
        return self._read[relation]

    def fails(self, relations: Iterable[Boolean]) -> Clause:
        """That one of the relations does not hold."""
        return tuple((number, ANY - signs) for number, signs in map(self.condition, relations))

    def each(self, relations: Iterable[Boolean]) -> list[Clause]:
        """That all of the relations hold."""
        return [(self.condition(relation),) for relation in relations]

    def _expression(self, relation: Relational) -> tuple[int, int]:
        """The number of the difference of the sides, and the sign of the factor by which it differs from the one so numbered."""
        try:
            value = self._session.difference(relation)
        except Rejected:
            return self._irrational(relation.lhs - relation.rhs)
        top, bottom = value.top.cancel(product_of(self._session.ring, value.bottom))
        if not top:
            return self._numbers.setdefault(None, len(self._numbers)), 1
        number = self._numbers.setdefault((top.monic(), bottom.monic()), len(self._numbers))
        return number, 1 if (top.LC > 0) == (bottom.LC > 0) else -1

    def _irrational(self, expression: Expr) -> tuple[int, int]:
        for other, number in self._others:
            for turn in (1, -1):
                if same(expression, turn * other):
                    return number, turn
        number = self._numbers.setdefault(expression, len(self._numbers))
        self._others.append((expression, number))
        return number, 1


def _nothing(_session: Session, _certificate: Certificate, _known: Known) -> None:
    """No certificate is replayed here."""


def satisfiable(clauses: Sequence[Clause]) -> bool:
    """Whether some choice of signs satisfies all clauses."""
    count = 1 + max((number for clause in clauses for number, _ in clause), default=-1)
    return _some((ANY,) * count, clauses)


def _some(left: tuple[frozenset[int], ...], clauses: Sequence[Clause]) -> bool:
    """Whether some choice of what is `left` of the signs satisfies all clauses: a case distinction, after what follows at once."""
    signs = list(left)
    while True:
        undecided: list[Clause] = []
        for clause in clauses:
            open_ = [(number, allowed) for number, allowed in clause if signs[number] & allowed]
            if not open_:
                return False
            if len(open_) == 1:
                signs[open_[0][0]] &= open_[0][1]
            elif not any(signs[number] <= allowed for number, allowed in open_):
                undecided.append(clause)
        if tuple(signs) == left:
            break
        left = tuple(signs)
    if not undecided:
        return True
    number, allowed = next(one for one in undecided[0] if signs[one[0]] & one[1])
    parts = (signs[number] & allowed, signs[number] - allowed)
    return any(_some((*signs[:number], part, *signs[number + 1 :]), undecided) for part in parts)
