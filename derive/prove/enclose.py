"""Claims on one symbol proved by balls: the sides are compared through logarithms, the range divided until each piece is settled.

What is searched are the pieces; `derive.check.balls` evaluates each again by other means. The quantities are sums
``sum(P_i(x) * log|F_i(x)|) + P_0(x)`` with rational polynomials, as differences of logarithms of products of powers are, and their
derivatives again. Anything else is not attempted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import flint
from flint import fmpq, fmpq_poly
from sympy import Add, And, Expr, Ge, Integer, Le, Mul, Or, Pow, Rational, Symbol, exp, log
from sympy.core.relational import Eq, Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import Cases, Certificate, Conjunction, Enclosed, Enclosure, Member, Piece
from derive.prove.atoms import has_atoms
from derive.prove.balls import Window, truth, window
from derive.prove.forms import NIL, ONE, Form, Ratio, add, derivative, enclosed_sign, over, plus, scaled, span, times, vanishes
from derive.prove.relations import flatten, operator

BITS = 160
MOST_PIECES = 400
DEEPEST = 24
GRID = 48
MOST_MEMBERS = 4
SHORT = (1, 2, 4, 5, 10, 20, 50, 100)
_SIGNS = {">": {1}, ">=": {0, 1}, "<": {-1}, "<=": {-1, 0}, "!=": {-1, 1}}


class Unsettled(Exception):
    """Outside of what is attempted, or not decided within the effort."""


def prove_by_balls(claim: Boolean, given: Sequence[Boolean]) -> Certificate | None:
    """A certificate for a claim in which one symbol is not fixed, over a bounded range; None if none is found."""
    facts = tuple(given)
    if isinstance(claim, And):
        parts = [prove_by_balls(part, facts) for part in claim.args]
        return Conjunction(claim=claim, given=facts, parts=tuple(p for p in parts if p)) if all(parts) else None
    choice = next((fact for fact in flatten(facts) if isinstance(fact, Or)), None)
    if choice is not None:
        rest = tuple(fact for fact in flatten(facts) if fact != choice)
        branches = []
        for case in choice.args:
            proof = prove_by_balls(claim, flatten((*rest, case)))
            if proof is None:
                return None
            branches.append((case, proof))
        return Cases(claim=claim, given=facts, branches=tuple(branches), fact=choice)
    if isinstance(claim, Or):
        return _by_members(claim, facts)
    if not isinstance(claim, Relational) or isinstance(claim, Eq):
        return None
    inside = window(claim, flatten(facts))
    if inside is None or inside.low is None or inside.high is None or not inside.low < inside.high:
        return None
    with flint.ctx.workprec(BITS):
        try:
            return _enclosed(claim, facts, inside)
        except (Unsettled, ZeroDivisionError, ArithmeticError, ValueError):
            return None


def _by_members(claim: Or, facts: tuple[Boolean, ...], pieces: int = MOST_MEMBERS) -> Certificate | None:
    """The range cut where one member gives way to the next: each piece by one of them, the one that reaches farthest."""
    inside = window(claim, flatten(facts))
    if inside is None or inside.low is None or inside.high is None or not inside.low < inside.high or pieces == 0:
        return None
    step = (inside.high - inside.low) / GRID
    grid = [inside.low + step * k for k in range(1, GRID)]
    reach = {member: _reach(member, inside, grid) for member in claim.args}
    member = max(claim.args, key=lambda one: reach[one])
    if reach[member] == len(grid):
        part = prove_by_balls(member, facts)
        return None if part is None else Member(claim=claim, given=facts, part=part)
    rest = [_reach(other, inside, grid[reach[member] :]) for other in claim.args if other != member]
    if reach[member] < 2 or not any(rest):
        return None
    cut = _cut(claim, member, inside, grid[: reach[member]])
    before, after = Le(inside.symbol, cut), Ge(inside.symbol, cut)
    part = prove_by_balls(member, (*facts, before))
    last = None if part is None else _by_members(claim, (*facts, after), pieces - 1)
    if part is None or last is None:
        return None
    first = Member(claim=claim, given=part.given, part=part)
    return Cases(claim=claim, given=facts, branches=((before, first), (after, last)))


def _reach(member: Boolean, inside: Window, grid: Sequence[Rational]) -> int:
    """At how many points of the grid, from its start on, the member holds."""
    fixed = dict(inside.values)
    return next((k for k, value in enumerate(grid) if truth(member, {**fixed, inside.symbol: value}) is not True), len(grid))


def _cut(claim: Or, member: Boolean, inside: Window, grid: Sequence[Rational]) -> Rational:
    """A short number between the first point from which on another member holds and the last at which this one does."""
    others = Or(*(other for other in claim.args if other != member))
    backward = _reach(others, inside, grid[::-1])
    low, high = grid[max(len(grid) - backward, 0)] if backward else grid[-1], grid[-1]
    middle = (low + high) / 2
    return next((value for value in (middle.limit_denominator(d) for d in SHORT) if low <= value <= high), middle)


def _enclosed(claim: Relational, given: tuple[Boolean, ...], inside: Window) -> Enclosed:
    search = Search(inside)
    left, right = (side.xreplace(dict(inside.values)) for side in (claim.lhs, claim.rhs))
    assert inside.low is not None
    assert inside.high is not None
    allowed = _SIGNS[operator(claim)]

    def built(compared: tuple[Expr, Expr] | None) -> Enclosed:
        return Enclosed(
            claim=claim, given=given, symbol=inside.symbol, low=inside.low, high=inside.high,
            enclosures=tuple(search.found.values()), compared=compared,
        )  # fmt: skip

    for first, second in sides(left - right):
        try:
            search.found.clear()
            if search.sign(first) == 1 and search.sign(second) == 1:
                form = plus(search.log_of(first), search.log_of(second), -1)
                expression = log(first) - log(second)
                last = search.settle(expression, form, weak=0 in allowed)
                if last.sign not in allowed:
                    raise Unsettled
                search.found.pop(expression, None)
                search.found[expression] = last
                return built((first, second))
        except (Unsettled, ZeroDivisionError):
            continue
    search.found.clear()
    if search.sign(left - right) not in allowed:
        raise Unsettled
    return built(None)


def sides(difference: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Ways to write a sum of two terms as a difference; the checker proves both parts positive."""
    terms = list(difference.args) if isinstance(difference, Add) else []
    rational = Add(*[t for t in terms if not has_atoms(t)])
    one, two = (terms[0], terms[1]) if len(terms) == 2 else (difference - rational, rational)
    if one != 0 and two != 0:
        yield one, -two
        yield two, -one


@dataclass
class Search:
    """The quantities met while one claim is looked at, and the signs found."""

    inside: Window

    def __post_init__(self) -> None:
        self.x: Symbol = self.inside.symbol
        self.low, self.high = _fmpq(self.inside.low), _fmpq(self.inside.high)
        self.found: dict[Expr, Enclosure] = {}

    # --- structure

    def sign(self, expression: Expr) -> int:
        """1 or -1 throughout the range. Raises `Unsettled`."""
        if expression in self.found:
            return self.found[expression].sign
        value = self.ratio(expression)
        if value is not None:
            return self.ratio_sign(value)
        if isinstance(expression, Mul):
            sign = 1
            for part in expression.args:
                sign *= self.sign(part)
            return sign
        if isinstance(expression, Pow):
            base = self.sign(expression.base)
            if isinstance(expression.exp, Integer):
                return base ** abs(int(expression.exp))
            if base == 1 and self.ratio(expression.exp) is not None:
                return 1
            raise Unsettled
        if isinstance(expression, exp):
            return 1
        self.found[expression] = self.settle(expression, self.form(expression))
        return self.found[expression].sign

    def ratio(self, expression: Expr) -> Ratio | None:
        """A rational function of the variable as numerator and denominator without common factors; None for anything else."""
        if isinstance(expression, Rational):
            return fmpq_poly([_fmpq(expression)]), ONE
        if expression == self.x:
            return fmpq_poly([0, 1]), ONE
        if isinstance(expression, Add | Mul):
            total = (NIL, ONE) if isinstance(expression, Add) else (ONE, ONE)
            for part in expression.args:
                own = self.ratio(part)
                if own is None:
                    return None
                total = add(total, own) if isinstance(expression, Add) else times(total, own)
            return total
        if isinstance(expression, Pow) and isinstance(expression.exp, Integer):
            base = self.ratio(expression.base)
            if base is None:
                return None
            n = int(expression.exp)
            if n < 0 and not base[0]:
                raise ZeroDivisionError
            return (base[0] ** n, base[1] ** n) if n >= 0 else (base[1] ** -n, base[0] ** -n)
        return None

    def ratio_sign(self, value: Ratio) -> int:
        """The sign of a rational function without zeros and poles in the range."""
        sign = 1
        for part in value:
            constant, factors = part.factor()
            if constant == 0:
                raise Unsettled
            sign *= 1 if constant > 0 else -1
            for base, power in factors:
                sign *= self.polynomial_sign(base) ** (power % 2)
        return sign

    def polynomial_sign(self, base: fmpq_poly) -> int:
        """By bisection: the sign in the middle, if the enclosures of all pieces agree; roots may lie at open ends only."""
        middle = 1 if base((self.low + self.high) / 2) > 0 else -1
        if base.degree() < 1:
            return middle
        if base.degree() == 1:
            root = -base[0] / base[1]
            outside = root < self.low or root > self.high
            at_open = (root == self.low and self.inside.low_open) or (root == self.high and self.inside.high_open)
            if not (outside or at_open):
                raise Unsettled
            return middle
        pieces = [(self.low, self.high, 0)]
        while pieces:
            low, high, depth = pieces.pop()
            value = over(base, span(low, high))
            if value > 0 or value < 0:
                continue
            if depth > DEEPEST:
                raise Unsettled
            half = (low + high) / 2
            pieces += [(low, half, depth + 1), (half, high, depth + 1)]
        return middle

    # --- sums of logarithms

    def form(self, expression: Expr) -> Form:
        """The expression as a sum of logarithms with rational coefficients. Raises `Unsettled`."""
        value = self.ratio(expression)
        if value is not None:
            return {(): value}
        if isinstance(expression, Add):
            total: Form = {}
            for part in expression.args:
                total = plus(total, self.form(part))
            return total
        if isinstance(expression, log):
            if self.sign(expression.args[0]) != 1:
                raise Unsettled
            return self.log_of(expression.args[0])
        if isinstance(expression, Mul):
            factor: Ratio = (ONE, ONE)
            inner: Form | None = None
            for part in expression.args:
                own = self.form(part)
                if set(own) <= {()}:
                    factor = times(factor, own.get((), (NIL, ONE)))
                elif inner is None:
                    inner = own
                else:
                    raise Unsettled
            return scaled(inner or {(): (ONE, ONE)}, factor)
        raise Unsettled

    def log_of(self, expression: Expr) -> Form:
        """The logarithm of a positive product of powers."""
        value = self.ratio(expression)
        if value is not None:
            total: Form = {}
            for part, turn in zip(value, (1, -1), strict=True):
                constant, factors = part.factor()
                for number, way in ((int(constant.p), turn), (int(constant.q), -turn)):
                    for prime, power in flint.fmpz(abs(number)).factor():
                        total = plus(total, {(fmpq(prime),): (fmpq_poly([way * int(power)]), ONE)})
                for base, power in factors:
                    key = tuple(fmpq(k) for k in base.coeffs())
                    total = plus(total, {key: (fmpq_poly([turn * int(power)]), ONE)})
            return total
        if isinstance(expression, Mul):
            total = {}
            for part in expression.args:
                total = plus(total, self.log_of(part))
            return total
        if isinstance(expression, Pow):
            exponent = self.ratio(expression.exp)
            if exponent is None:
                raise Unsettled
            return scaled(self.log_of(expression.base), exponent)
        if isinstance(expression, exp):
            inner = self.ratio(expression.args[0])
            if inner is not None:
                return {(): inner}
        raise Unsettled

    def clear(self, form: Form) -> tuple[Form, int]:
        """Times a rational function of known sign, so that the coefficients are polynomials without common factor."""
        common, shared = ONE, NIL
        for _, bottom in form.values():
            common = common * bottom / common.gcd(bottom) if bottom.degree() else common
        tops = {key: top * (common / bottom) for key, (top, bottom) in form.items() if top}
        for top in tops.values():
            shared = shared.gcd(top) if shared else top / top[top.degree()]
        if not tops:
            raise Unsettled
        try:
            sign = self.ratio_sign((shared, common))
        except Unsettled:  # the common factor changes sign: it stays
            shared, sign = ONE, self.ratio_sign((ONE, common))
        return {key: (top / shared, ONE) for key, top in tops.items()}, sign

    # --- pieces

    def settle(self, expression: Expr, form: Form, weak: bool = False) -> Enclosure:
        """Finds the pieces that show the sign, zero at an end allowed too when `weak`. Raises `Unsettled`."""
        total, turn = self.clear(form)
        steep: tuple[Form, int] | None
        try:
            steep = self.clear(derivative(total))
        except (Unsettled, ZeroDivisionError):
            steep = None
        wanted = 0
        pieces: list[Piece] = []
        todo = [(self.low, self.high, 0)]
        while todo:
            low, high, depth = todo.pop()
            direct, sloped = enclosed_sign(total, low, high), 0
            if not direct and steep is not None:
                sloped = self.by_slope(total, steep, low, high, weak)
            sign = direct or sloped
            if sign and wanted and sign != wanted:
                raise Unsettled
            if sign:
                wanted = sign
                pieces.append(Piece(_rational(low), _rational(high), not direct))
                continue
            if depth >= DEEPEST or len(pieces) + len(todo) > MOST_PIECES:
                raise Unsettled
            half = (low + high) / 2
            todo += [(half, high, depth + 1), (low, half, depth + 1)]
        return Enclosure(expression, wanted * turn, tuple(pieces))

    def has_slope(self, form: Form) -> bool:
        """Whether a factor of known sign times the form is seen to be strictly monotone over the whole range."""
        steep, _ = self.clear(derivative(self.clear(form)[0]))
        return enclosed_sign(steep, self.low, self.high) != 0

    def falls_as_logarithms(self, left: Expr, right: Expr) -> bool:
        """Whether ``log(left) - log(right)`` is."""
        return self.has_slope(plus(self.log_of(left), self.log_of(right), -1))

    def by_slope(self, total: Form, steep: tuple[Form, int], low: fmpq, high: fmpq, weak: bool) -> int:
        """The sign on a piece on which the quantity is monotone."""
        direction = enclosed_sign(steep[0], low, high) * steep[1]
        if not direction:
            return 0
        for sign, end in ((direction, low), (-direction, high)):
            if enclosed_sign(total, end, end) == sign:
                return sign
            edge = (end == self.low and self.inside.low_open) or (end == self.high and self.inside.high_open)
            if (edge or weak) and vanishes(total, end):
                return sign
        return 0


def _fmpq(value: Rational | None) -> fmpq:
    assert value is not None
    return fmpq(int(value.p), int(value.q))


def _rational(value: fmpq) -> Rational:
    return Rational(int(value.p), int(value.q))
