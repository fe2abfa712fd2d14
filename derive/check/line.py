"""What is best along a line, exactly: a payoff by cases, rational in one unknown, against a level that it is not to exceed.

The real roots of everything whose sign matters (bounds, conditions of cases, the payoff less the level) are isolated by exact
arithmetic. Between two of them no sign changes, so that one rational choice there speaks for all: nothing is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product

import mpmath
import sympy
from sympy import Abs, Expr, Max, Min, Piecewise, Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.check.ratios import Crowded, Ratio, added, constant, isolated, multiplied
from derive.check.sample import flat
from derive.check.values import Op, Tape, chain, tape_of

__all__ = [
    "Branch",
    "Condition",
    "Conditions",
    "Found",
    "NotRational",
    "Reader",
    "Value",
    "cases_of",
    "element",
    "rational",
    "search",
]

MOST_CASES = 64
#: Values on a line are rational functions of one unknown (`derive.check.ratios.STEP`), numbers among them.
Value = Ratio
#: Relations ``gap op 0`` that hold together, by (op, gap).
Conditions = tuple[tuple[str, Expr], ...]


class NotRational(Exception):
    """Something on the line is no rational function of the unknown."""


@dataclass
class Reader:
    """Reads expressions where symbols have values on a line; `exact` is lost where a number had to be rounded to 40 digits."""

    at: dict[Symbol, Value]
    exact: bool = True
    _known: dict[Expr, Value] = field(default_factory=dict)

    def __call__(self, expr: Expr) -> Value:
        """The value of an expression. Raises `NotRational`."""
        return self.all((expr,))[0]

    def all(self, exprs: tuple[Expr, ...]) -> list[Value]:
        """The values of several expressions. Raises `NotRational`."""
        tape = tape_of(exprs)
        return self._run(tape) if tape.rational else [self._value(expr) for expr in exprs]

    def learn(self, values: tuple[tuple[Symbol, Expr], ...]) -> None:
        """Read the values that symbols have one after the other. Raises `NotRational`."""
        tape = chain(values)
        if tape is not None and tape.rational:
            self.at |= zip((symbol for symbol, _ in values), self._run(tape), strict=True)
            return
        for symbol, value in values:
            self.at[symbol] = self(value)

    def _run(self, tape: Tape) -> list[Value]:
        found: list[Value] = []
        for op, what in tape.operations:
            if op is Op.ADD:
                value = added([found[place] for place in what])
            elif op is Op.MUL:
                value = multiplied([found[place] for place in what])
            elif op is Op.WHOLE_POWER:
                value = self._power(found[what[0]], what[1])
            elif op is Op.NUMBER:
                value = constant(Fraction(*what))
            elif what in self.at:
                value = self.at[what]
            else:
                raise NotRational(f"{what} has no value")
            found.append(value)
        return [found[place] for place in tape.roots]

    @staticmethod
    def _power(base: Value, exponent: int) -> Value:
        if not base and exponent < 0:
            raise NotRational("a division by zero")
        return base**exponent

    def _value(self, expr: Expr) -> Value:
        if expr not in self._known:
            self._known[expr] = self._read(expr)
        return self._known[expr]

    def _read(self, expr: Expr) -> Value:
        if expr.is_Rational:
            return element(expr)
        if expr in self.at:
            return self.at[expr]
        if isinstance(expr, sympy.Add):
            return added(map(self._value, expr.args))
        if isinstance(expr, sympy.Mul):
            return multiplied(map(self._value, expr.args))
        if isinstance(expr, sympy.Pow) and expr.exp.is_Integer:
            return self._power(self._value(expr.base), int(expr.exp))
        return self._rounded(expr)

    def _rounded(self, expr: Expr) -> Value:
        parts = [rational(self._value(part)) for part in expr.args]
        if not parts or any(part is None for part in parts):
            raise NotRational(f"{expr} is not rational")
        try:
            value = expr.func(*(sympy.N(part, 60) for part in parts)).evalf(50)
        except (OverflowError, ValueError, TypeError) as reason:
            raise NotRational(f"{expr} has no value") from reason
        if not value.is_Float or abs(value) > 10**30:
            raise NotRational(f"{expr} has no value")
        self.exact = False
        with mpmath.workdps(50):
            near = Fraction(mpmath.nstr(mpmath.mpf(value), 42))
        return constant(near)


def rational(value: Value) -> Rational | None:
    """A value that does not depend on the unknown, as a number."""
    number = value.number
    return None if number is None else Rational(number.numerator, number.denominator)


def element(number: Rational) -> Value:
    """A number as a value on a line."""
    return constant(Fraction(int(number.p), int(number.q)))


# --- the search -----------------------------------------------------------------------------------------------------------


#: The signs of ``gap`` with which ``gap op 0`` holds.
_HOLDS = {">": (1,), ">=": (0, 1), "==": (0,), "!=": (-1, 1)}


@dataclass(frozen=True)
class Condition:
    """``gap op 0``."""

    op: str
    gap: Value

    def holds(self, x: Fraction) -> bool:
        """Whether it holds where the unknown is that number; it does not where it is not defined."""
        sign = self.gap.sign(x)
        return sign is not None and sign in _HOLDS[self.op]

    @property
    def never(self) -> bool:
        """Whether it does not hold whatever the unknown is, which it does not speak of."""
        return self.gap.is_number and not self.holds(Fraction(0))


@dataclass(frozen=True)
class Branch:
    """What is paid where conditions hold, if it is allowed."""

    region: tuple[Condition, ...]
    value: Value
    allowed: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Found:
    """A choice that pays more than it is not to, and one between whose neighbours no branch says what it pays."""

    better: Rational | None = None
    silent: Rational | None = None


def search(branches: Iterable[Branch], domain: Sequence[Condition], level: Value) -> Found:
    """Whether a number in place of the unknown pays more than `level` by one of the branches.

    Single numbers at which the payoff jumps are tried where they are rational. Raises `NotRational`.
    """
    silent = None
    told = [
        replace(b, region=_open(b.region), allowed=_open(b.allowed)) for b in branches if not any(c.never for c in b.region)
    ]
    gains, domain = [(branch, branch.value - level) for branch in told], _open(domain)
    conditions = [*domain, *(c for branch, _ in gains for c in (*branch.region, *branch.allowed))]
    for choice, alone in _choices([*(gain for _, gain in gains), *(condition.gap for condition in conditions)]):
        if not all(bound.holds(choice) for bound in domain):
            continue
        here = [(branch, gain) for branch, gain in gains if all(c.holds(choice) for c in branch.region)]
        for branch, gain in here:
            if gain.sign(choice) == 1 and all(c.holds(choice) for c in branch.allowed):
                return Found(Rational(choice.numerator, choice.denominator))
        if not here and not alone:
            silent = Rational(choice.numerator, choice.denominator)
    return Found(None, silent)


def _open(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions without those that hold whatever the unknown is."""
    return tuple(c for c in conditions if not c.gap.is_number or not c.holds(Fraction(0)))


def _choices(values: Iterable[Value]) -> Iterator[tuple[Fraction, bool]]:
    """A rational number in every interval between two sign changes, and every sign change, alone, that is a rational number."""
    try:
        found = isolated({part for value in values for part in (value.top, value.bottom) if len(part) > 1})
    except Crowded:
        raise NotRational("roots too close to one another") from None
    if not found:
        yield Fraction(0), False
        return
    yield found[0][0] - 1, False
    for (_, left), (right, _) in pairwise(found):
        yield (left + right) / 2, False
    yield found[-1][1] + 1, False
    yield from ((low, True) for low, high in found if low == high)


# --- cases within an expression ------------------------------------------------------------------------------------------


def cases_of(expr: Expr, relations: Iterable[Boolean] = ()) -> tuple[tuple[Conditions, Expr], ...]:
    """An expression where relations hold, with Max, Min, Abs and Piecewise in it and in them as cases. Raises `NotRational`."""
    found = []
    for region, value in _opened(expr):
        for parts in product(*(_read(relation) for relation in (*region, *flat(relations)))):
            found.append((tuple(dict.fromkeys(one for part in parts for one in part)), value))
            if len(found) > MOST_CASES:
                raise NotRational(f"more than {MOST_CASES} cases")
    return tuple(found)


def _read(relation: Boolean) -> list[Conditions]:
    """The cases in which a relation holds."""
    if relation == sympy.false:
        return []
    if not isinstance(relation, Relational):
        raise NotRational(f"{relation} is no relation")
    op = relation.rel_op
    op, gap = (op, relation.lhs - relation.rhs) if op in ("==", "!=") else (op[0].replace("<", ">") + op[1:], _slack(relation))
    found = []
    for region, value in _opened(gap):
        for parts in product(*(_read(one) for one in region)):
            found.append((*(one for part in parts for one in part), (op, value)))
    return found


def _slack(relation: Relational) -> Expr:
    return relation.gts - relation.lts


@lru_cache(maxsize=512)
def _opened(expr: Expr) -> tuple[tuple[tuple[Boolean, ...], Expr], ...]:
    """An expression without Max, Min, Abs and Piecewise, by where it is so."""
    done: list[tuple[tuple[Boolean, ...], Expr]] = []
    left: list[tuple[tuple[Boolean, ...], Expr]] = [((), expr)]
    while left:
        if len(left) + len(done) > MOST_CASES:
            raise NotRational(f"more than {MOST_CASES} cases")
        region, value = left.pop()
        nodes = value.atoms(Max, Min, Abs, Piecewise)
        inner = [n for n in nodes if not any(a.atoms(Max, Min, Abs, Piecewise) for a in n.args)]
        if not inner:
            done.append((region, value))
            continue
        node = min(inner, key=sympy.default_sort_key)
        for conditions, part in _cases(node):
            if sympy.false not in conditions:
                left.append(((*region, *flat(conditions)), value.xreplace({node: part})))
    return tuple(done)


def _cases(node: Expr) -> list[tuple[tuple[Boolean, ...], Expr]]:
    if isinstance(node, Abs):
        return [((node.args[0] >= 0,), node.args[0]), ((node.args[0] < 0,), -node.args[0])]
    if isinstance(node, Max | Min):
        order = sympy.Ge if isinstance(node, Max) else sympy.Le
        return [(tuple(order(a, b) for b in node.args if b != a), a) for a in node.args]
    found: list[tuple[tuple[Boolean, ...], Expr]] = []
    before: list[list[Boolean]] = []
    for value, condition in node.args:
        parts = flat((condition,))
        if any(not isinstance(part, Relational) and part != sympy.false for part in parts):
            raise NotRational(f"{condition} is not made of relations")
        found += [((*failing, *parts), value) for failing in product(*before)]
        before.append([sympy.Not(part) for part in parts])
        if condition == sympy.true:
            break
    return found
