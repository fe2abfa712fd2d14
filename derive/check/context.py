"""What a verifier may use, and how relations and certificates are matched against it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import mpmath
import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive import steps
from derive.certificates import Certificate
from derive.check.certificates import Rejected, check
from derive.check.sample import flat, mp, sample, satisfied
from derive.check.zero import Undecided, is_zero, number, opaque
from derive.ir import Model

DIGITS = 30

__all__ = ["Context", "denials", "follows", "proved", "same"]


@dataclass(frozen=True)
class Context:
    """What a verifier may use: the statement, the relations known at the step, and the steps it names.

    `doubts` are the quantities whose signs were read off points, where what is known does not decide them.
    """

    statement: Model | None
    known: tuple[Boolean, ...]
    premises: tuple[steps.Step, ...]
    earlier: tuple[steps.Step, ...] = ()
    doubts: set[str] = field(default_factory=set, compare=False)

    @cached_property
    def positive(self) -> tuple[Expr, ...]:
        """What is known to be positive, for the reading of roots."""
        pairs = [(r.gts, r.lts) for r in self.known if isinstance(r, sympy.StrictGreaterThan | sympy.StrictLessThan)]
        above = (large for large, small in pairs if large.is_Symbol and small.is_Rational and small > 0)
        return tuple(dict.fromkeys((*(large - small for large, small in pairs), *above)))

    def equal(self, left: Expr, right: Expr, what: str) -> None:
        """Raises `Rejected` unless the two are identical."""
        try:
            same = left == right or self._vanishes(left - right)
            same = same or (bool(self.pinned) and self._vanishes((left - right).xreplace(self.pinned)))
        except Undecided as reason:
            raise Rejected(f"{what}: {reason}") from reason
        if not same:
            raise Rejected(f"{what}: {left} is not {right}")

    def _vanishes(self, expr: Expr) -> bool:
        return is_zero(self._without_absolutes(self._without_powers_of_zero(expr)), self.positive)

    @cached_property
    def pinned(self) -> dict[Symbol, Expr]:
        """Symbols that are known to equal something, or to be at least and at most the same."""
        weak = [r for r in self.known if isinstance(r, sympy.GreaterThan | sympy.LessThan)]
        above = {pair for r in weak for pair in ((r.gts, r.lts), (-r.lts, -r.gts))}
        equal = [(r.gts, r.lts) for r in weak if (r.lts, r.gts) in above]
        equal += [sides for r in self.known if isinstance(r, sympy.Eq) for sides in (r.args, r.args[::-1])]
        found: dict[Symbol, Expr] = {}
        for symbol, other in equal:
            value = other.xreplace(found)
            if symbol.is_Symbol and symbol not in found and symbol not in value.free_symbols:
                found = {name: known.xreplace({symbol: value}) for name, known in found.items()} | {symbol: value}
        return found

    def _without_powers_of_zero(self, expr: Expr) -> Expr:
        """`expr` with powers of zero that evidently have a positive exponent as zero."""
        nodes = [node for node in expr.atoms(sympy.Pow) if node.base == 0]
        gone = {node: sympy.Integer(0) for node in nodes if self.sign(node.exp) == 1}
        return self._without_powers_of_zero(expr.xreplace(gone)) if gone else expr

    def _without_absolutes(self, expr: Expr) -> Expr:
        """`expr` with absolute values of known sign written without them: so SymPy writes the root of a square."""
        nodes = expr.atoms(sympy.Abs)
        if not nodes:
            return expr
        restricted = {symbol for relation in self.known for symbol in relation.free_symbols}
        signs = {node: self.sampled_sign(node.args[0]) for node in nodes if node.free_symbols <= restricted}
        return expr.xreplace({node: sign * node.args[0] for node, sign in signs.items() if sign})

    def sign(self, expr: Expr) -> int:
        """The sign of `expr` where it is evident factor by factor from what is known, else 0."""
        if expr.is_number:
            return int(sympy.sign(expr)) if expr.is_real else 0
        if isinstance(expr, sympy.exp) or follows(expr > 0, self.known):
            return 1
        if follows(expr < 0, self.known):
            return -1
        if expr.is_Symbol and any((expr - gap).is_nonnegative for gap in self.positive):
            return 1
        if isinstance(expr, sympy.Pow):
            base = self.sign(expr.base)
            return base if base > 0 else base ** abs(int(expr.exp)) if base and expr.exp.is_Integer else 0
        if isinstance(expr, sympy.Mul):
            return int(sympy.prod(self.sign(arg) for arg in expr.args))
        return 0

    @property
    def points(self) -> tuple[dict[Any, Any], ...]:
        """Random points of what is known, functions of a law having arbitrary values."""
        return _points(self.known)

    def sampled_sign(self, expr: Expr) -> int:
        """The sign that `expr` has at random points of what is known (0 unless one sign alone appears)."""
        if expr in (sympy.oo, -sympy.oo):
            return 1 if expr == sympy.oo else -1
        if evident := self.sign(expr) or self.sign(sympy.factor(expr)):
            return evident
        self.doubts.add(f"the sign of {expr}")
        own = tuple(relation for relation in self.known if relation.free_symbols <= expr.free_symbols)
        return self._sign_at(_points_for(expr, own), expr) or self._sign_at(_points_for(expr, self.known), expr)

    def fails(self, relation: Boolean) -> bool:
        """Whether a relation is false at one of some random points of what is known."""
        with mpmath.workdps(DIGITS):
            return any(not satisfied(relation, at, opaque) for at in _points_for(relation, self.known))

    def agree(self, expr: Expr, others: Sequence[Expr]) -> bool:
        """Whether an expression has, at all of some random points of what is known where it has a value, that of one of others there,
        whatever the functions of a law. So it has where there is no such point at all."""
        points = _points_for(sympy.Tuple(expr, *others), self.known)
        told = [(value, point) for point in points for value in [_value(expr, point)] if value is not None]
        return bool(told or not points) and all(any(_close(value, _value(other, point)) for other in others) for value, point in told)

    @staticmethod
    def _sign_at(points: Iterable[dict[Any, Any]], expr: Expr) -> int:
        """The sign at all of some points where it is not zero; 0 unless it is one and the same, and where one point has no value."""
        signs = set()
        with mpmath.workdps(
            DIGITS
        ):  # as many as where the points were found: arbitrary values hang on all digits of their arguments
            for point in points:
                try:
                    signs.add(int(sympy.sign(number(expr, point, opaque))))
                except ArithmeticError:
                    return 0
        signs.discard(0)
        return signs.pop() if len(signs) == 1 else 0


def _value(expr: Expr, point: dict[Any, Any]) -> Any:
    """The real number that an expression is at a point; None where it is none."""
    with mpmath.workdps(DIGITS):
        try:
            return number(expr, point, opaque)
        except (ArithmeticError, ValueError, Undecided):
            return None


def _close(one: Any, other: Any) -> bool:
    return other is not None and bool(abs(one - other) <= mpmath.mpf(10) ** (10 - DIGITS) * (1 + abs(one)))


def _points_for(expr: sympy.Basic, known: tuple[Boolean, ...]) -> tuple[dict[Any, Any], ...]:
    """Random points of what is known that give a value to every symbol of an expression."""
    named = {symbol for relation in known for symbol in relation.free_symbols}
    return _points(known, tuple(sorted(expr.free_symbols - named, key=str)))


@lru_cache(maxsize=256)
def _points(known: tuple[Boolean, ...], beside: tuple[Expr, ...] = ()) -> tuple[dict[Any, Any], ...]:
    symbols = sorted({s for r in known for s in r.free_symbols} | set(beside), key=str)
    with mpmath.workdps(DIGITS):
        return tuple(mp(point) for point in sample(known, symbols, random.Random(7), 8, apply=opaque))


# --- relations -------------------------------------------------------------------------------------------------------------

_IMPLIES = {">": (">", ">=", "!="), ">=": (">=",), "==": ("==", ">="), "!=": ("!=",)}


@lru_cache(maxsize=1 << 13)
def _read(relation: Boolean) -> tuple[tuple[str, Expr], ...]:
    """A relation as ``expr op 0`` with op one of > >= == != (the two last in both orientations)."""
    if relation.rel_op in ("==", "!="):
        return (relation.rel_op, relation.lhs - relation.rhs), (relation.rel_op, relation.rhs - relation.lhs)
    return ((">" if relation.rel_op in ("<", ">") else ">=", relation.gts - relation.lts),)


@lru_cache(maxsize=1 << 14)
def _plain(expr: Expr) -> Expr:
    return sympy.expand(expr).primitive()[1]


def follows(goal: Boolean, known: Iterable[Boolean]) -> bool:
    """Whether `goal` is among the relations `known`, up to rearrangement, or a weaker form of one of them."""
    known = flat(known)
    if goal == sympy.true or goal in known or sympy.false in known:
        return True
    if isinstance(goal, sympy.And):
        return all(follows(part, known) for part in goal.args)
    if isinstance(goal, sympy.Or):
        return any(follows(part, known) for part in goal.args)
    if goal == sympy.false:
        return any(isinstance(r, sympy.core.relational.Relational) and r.func(sympy.expand(r.lhs - r.rhs), 0) == goal for r in known)
    if not isinstance(goal, sympy.core.relational.Relational):
        return False
    op, expr = _read(goal)[0]
    for relation in known:
        if not isinstance(relation, sympy.core.relational.Relational):
            continue
        for kind, other in _read(relation):
            if op in _IMPLIES[kind] and (_plain(expr) == _plain(other) or same(expr, other)):
                return True
    return False


@lru_cache(maxsize=20_000)
def _print(expr: Expr) -> tuple[Any, ...]:
    """Values at fixed points, to tell most different expressions apart quickly."""
    values = []
    with mpmath.workdps(30):
        for shift in (3, 7):
            at = {s: mpmath.mpf(zlib.crc32(str(s).encode()) % 997 + shift) / (shift * 31) for s in expr.free_symbols}
            try:
                values.append(mpmath.nstr(number(expr, at, opaque), 15))
            except (ArithmeticError, ValueError, Undecided):
                values.append("")
    return tuple(values)


def same(left: Expr, right: Expr) -> bool:
    if any(a != b and "" not in (a, b) for a, b in zip(_print(left), _print(right), strict=True)):
        return False
    try:
        return is_zero(left - right)
    except Undecided:
        return False


def denials(relation: Boolean) -> tuple[Boolean, ...]:
    """Relations one of which holds where `relation` does not."""
    denied = sympy.Not(relation)
    return (denied.lhs > denied.rhs, denied.lhs < denied.rhs) if isinstance(denied, sympy.Ne) else flat((denied,))


def proved(goal: Boolean, certificate: Certificate | None, known: Iterable[Boolean], what: str) -> None:
    """Raises `Rejected` unless `certificate` proves `goal` from relations that are `known`; numbers need none."""
    if goal == sympy.true or (certificate is None and follows(goal, known)):
        return
    if certificate is None:
        raise Rejected(f"{what}: no certificate that {goal}")
    check(certificate)
    known = tuple(known)
    for relation in certificate.given:
        if not follows(relation, known):
            raise Rejected(f"{what}: the certificate uses {relation}, which is not given")
    if certificate.claim != sympy.false and not follows(goal, (certificate.claim,)):
        raise Rejected(f"{what}: the certificate proves {certificate.claim}, not {goal}")
