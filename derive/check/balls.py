"""Replays `Enclosed` by the interval arithmetic of mpmath (see `derive.check.certificates`).

The expressions are ``sum(P_i(x) * log|F_i(x)|) + P_0(x)`` with polynomials over the rationals: signs of polynomials are decided by
counting their roots exactly, signs of the sums by enclosures. A range may be open at a root of some ``F_i``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sympy import Add, Expr, Ge, Gt, Le, Lt, Mul, Poly, Pow, Rational, S, Symbol, exp, factor_list, fraction, log, together
from sympy.core.relational import Eq, Relational
from sympy.logic.boolalg import Boolean
from sympy.polys.polyerrors import PolynomialError

from derive.certificates import Enclosed, Enclosure, Piece, Switched
from derive.check.fractions import SIGNS, Known, Rejected, Session, part_of
from derive.check.intervals import Sum, enclosed_sign
from derive.ir import Switches

_KEPT = 4096  # signs of the same few expressions are asked for over and over within a proof


@dataclass(frozen=True)
class Range:
    """``low < x < high``, with the ends that are not open."""

    x: Symbol
    low: Rational
    high: Rational
    low_open: bool
    high_open: bool

    def within(self, value: Rational) -> bool:
        """Whether an end of the range belongs to it."""
        return not ((value == self.low and self.low_open) or (value == self.high and self.high_open))


Form = dict[Expr, Expr]  # log|key| -> coefficient, a rational function; the key 1 stands for the rest


def enclosed(_session: Session, c: Enclosed, known: Known) -> None:
    """Signs of the factors give the sign of the product; of positive quantities the larger has the larger logarithm."""
    if type(c.claim) not in SIGNS or type(c.claim) is Eq:
        raise Rejected("not an inequality")
    values = _values(known)
    reach = _range(c, known, values)
    difference = c.claim.lhs.xreplace(values) - c.claim.rhs.xreplace(values)
    table = {e.expression: e for e in c.enclosures}
    if c.compared is None:
        sign = _sign(difference, reach, table)
        _defined(c.claim, values, reach, table)
    else:
        left, right = c.compared
        if Add(difference, -left, right) != 0:
            raise Rejected("not the difference of the two sides")
        if _sign(left, reach, table) != 1 or _sign(right, reach, table) != 1:
            raise Rejected("a side that is not positive has no logarithm")
        form = _minus(_log_of(left, reach), _log_of(right, reach))
        sign = _verify(c.enclosures[-1], form, reach, weak=0 in SIGNS[type(c.claim)])
    if not {sign} <= SIGNS[type(c.claim)]:
        raise Rejected("the sign is not the one claimed")


def switched(session: Session, c: Switched, known: Known) -> None:
    """Positive before, negative after, and between a quantity of the same sign is monotone: it vanishes once."""
    if not isinstance(c.claim, Switches) or not c.low < c.high:
        raise Rejected("not a change of sign")
    expression, x = c.claim.args
    part_of(session, c.before, known | {Le(x, c.low, evaluate=False)}, Gt(expression, 0, evaluate=False))
    part_of(session, c.after, known | {Ge(x, c.high, evaluate=False)}, Lt(expression, 0, evaluate=False))
    values = _values(known)
    if not all(_holds_between(fact.xreplace(values), x, c.low, c.high) for fact in known if x in fact.free_symbols):
        raise Rejected("not values that the parameter is known to have")
    expression = expression.xreplace(values)
    reach = Range(x, c.low, c.high, False, False)
    if c.compared is not None:
        left, right = c.compared
        if Add(expression, -left, right) != 0 or _sign(left, reach, {}) != 1 or _sign(right, reach, {}) != 1:
            raise Rejected("not the difference of two positive quantities")
        form = _minus(_log_of(left, reach), _log_of(right, reach))
    elif c.product is not None:
        factor, core = c.product
        if Mul(factor, core) != expression and together(Mul(factor, core) - expression) != 0:
            raise Rejected("not the product")
        _sign(factor, reach, {})
        form = _form(core, reach)
    else:
        raise Rejected("nothing that is monotone")
    total, _ = _clear(form, reach)
    steep, _ = _clear(_slope(total, x), reach)
    if enclosed_sign(steep, c.low, c.high) == 0:
        raise Rejected("the slope has no sign between the bounds")


def _holds_between(fact: Boolean, x: Symbol, low: Rational, high: Rational) -> bool:
    """Whether a fact bounds the symbol by numbers, and holds from `low` to `high`."""
    if not isinstance(fact, Relational) or type(fact) not in SIGNS or len(SIGNS[type(fact)] - {0}) != 1:
        return False
    gap = fact.lhs - fact.rhs
    linear = gap.free_symbols == {x} and gap.is_polynomial(x) and Poly(gap, x).degree() == 1
    return linear and all(_sign_of(gap.xreplace({x: end})) in SIGNS[type(fact)] for end in (low, high))


def _sign_of(value: Expr) -> int:
    return int(bool(value > 0)) - int(bool(value < 0))


def _defined(claim: Relational, values: dict[Symbol, Rational], reach: Range, table: dict[Expr, Enclosure]) -> None:
    """Terms that cancel in the difference might hide a side that is not defined: each side is looked at alone."""
    for side in (claim.lhs, claim.rhs):
        for node in side.xreplace(values).atoms(Pow, log):
            base = node.args[0]
            if isinstance(node, log) or not node.exp.is_Integer:
                if _sign(base, reach, table) != 1:
                    raise Rejected("a base that is not positive")
            elif node.exp.is_negative and _sign(base, reach, table) == 0:
                raise Rejected("a denominator that may vanish")


def _values(known: Known) -> dict[Symbol, Rational]:
    found: dict[Symbol, Rational] = {}
    for fact in sorted(known, key=str):
        if isinstance(fact, Eq):
            for left, right in (fact.args, fact.args[::-1]):
                if isinstance(left, Symbol) and isinstance(right, Rational):
                    found.setdefault(left, right)
    return found


def _range(c: Enclosed, known: Known, values: dict[Symbol, Rational]) -> Range:
    """The bounds that the given relations state, which must be those of the certificate."""
    strict: dict[tuple[bool, Rational], bool] = {}
    for fact in known:
        if not isinstance(fact, Relational) or type(fact) not in SIGNS or len(SIGNS[type(fact)] - {0}) != 1:
            continue
        difference = (fact.lhs - fact.rhs).xreplace(values)
        if difference.free_symbols != {c.symbol}:
            continue
        try:
            polynomial = Poly(difference, c.symbol, domain="QQ")
        except PolynomialError:
            continue
        if polynomial.degree() == 1:
            slope, rest = (Rational(k) for k in polynomial.all_coeffs())
            end = (bool((slope > 0) == (1 in SIGNS[type(fact)])), -rest / slope)
            strict[end] = strict.get(end, False) or 0 not in SIGNS[type(fact)]
    if (True, c.low) not in strict or (False, c.high) not in strict or not c.low < c.high:
        raise Rejected("not the range that is given")
    return Range(c.symbol, c.low, c.high, strict[True, c.low], strict[False, c.high])


# --- signs by structure -----------------------------------------------------------------------------------------------


def _sign(expression: Expr, reach: Range, table: dict[Expr, Enclosure]) -> int:
    """1 or -1 on the whole range; raises `Rejected` where that is not shown."""
    if expression.is_rational_function(reach.x) and not expression.atoms(log, exp) and _over_rationals(expression):
        return _rational_sign(expression, reach)
    if isinstance(expression, Mul):
        sign = 1
        for part in expression.args:
            sign *= _sign(part, reach, table)
        return sign
    if isinstance(expression, Pow) and expression.exp.is_Integer:
        return int(_sign(expression.base, reach, table) ** abs(int(expression.exp)))
    if isinstance(expression, Pow):
        if _sign(expression.base, reach, table) != 1:
            raise Rejected("a base that is not positive")
        _finite(expression.exp, reach)
        return 1
    if isinstance(expression, exp):
        _finite(expression.args[0], reach)
        return 1
    if expression in table:
        return _verify(table[expression], _form(expression, reach), reach)
    raise Rejected(f"no sign for {expression}")


@lru_cache(maxsize=_KEPT)
def _over_rationals(expression: Expr) -> bool:
    return all(p.exp.is_Integer for p in expression.atoms(Pow)) and not any(
        n.is_number and not n.is_Rational for n in expression.atoms()
    )


def _finite(expression: Expr, reach: Range) -> None:
    """A rational function without poles on the range."""
    if not _over_rationals(expression) or not expression.is_rational_function(reach.x):
        raise Rejected("not a rational function")
    _rational_sign(_parts(expression)[1], reach)


@lru_cache(maxsize=_KEPT)
def _parts(expression: Expr) -> tuple[Expr, Expr]:
    """Numerator and denominator."""
    above, below = fraction(together(expression))
    return above, below


@lru_cache(maxsize=_KEPT)
def _factors(polynomial: Expr, x: Symbol) -> tuple[Expr, tuple[tuple[Expr, int], ...]]:
    constant, factors = factor_list(polynomial, x)
    return constant, tuple(factors)


@lru_cache(maxsize=_KEPT)
def _rational_sign(expression: Expr, reach: Range) -> int:
    sign = 1
    for part in _parts(expression):
        constant, factors = _factors(part, reach.x)
        if constant == 0:
            raise Rejected("zero")
        sign *= 1 if constant > 0 else -1
        for base, power in factors:
            sign *= _polynomial_sign(base, reach) ** (power % 2)
    return sign


@lru_cache(maxsize=_KEPT)
def _polynomial_sign(base: Expr, reach: Range) -> int:
    """The sign of an irreducible polynomial without roots in the range, roots counted exactly."""
    polynomial = Poly(base, reach.x, domain="QQ")
    roots = polynomial.count_roots(reach.low, reach.high)
    for end in (reach.low, reach.high):
        if polynomial.eval(end) == 0:
            if reach.within(end):
                raise Rejected("a root at an end")
            roots -= 1
    if roots:
        raise Rejected("a root inside the range")
    return 1 if polynomial.eval((reach.low + reach.high) / 2) > 0 else -1


# --- sums of logarithms -----------------------------------------------------------------------------------------------


def _form(expression: Expr, reach: Range) -> Form:
    """Collects ``sum(R_i * log(...)) + R_0``; raises `Rejected` for anything else."""
    if isinstance(expression, Add):
        total: Form = {}
        for part in expression.args:
            total = _plus(total, _form(part, reach))
        return total
    if _over_rationals(expression) and not expression.atoms(log, exp) and expression.is_rational_function(reach.x):
        _finite(expression, reach)
        return {S.One: expression}
    if isinstance(expression, log):
        if _sign(expression.args[0], reach, {}) != 1:
            raise Rejected("the logarithm of something not positive")
        return _log_of(expression.args[0], reach)
    if isinstance(expression, Mul):
        parts = [_form(part, reach) for part in expression.args]
        total = {S.One: S.One}
        for part in parts:
            if set(total) <= {S.One}:
                total = _times(part, total.get(S.One, S.Zero))
            elif set(part) <= {S.One}:
                total = _times(total, part.get(S.One, S.Zero))
            else:
                raise Rejected("a product of logarithms")
        return total
    raise Rejected(f"not a sum of logarithms: {expression}")


def _log_of(expression: Expr, reach: Range) -> Form:
    """``log(expression)`` for an expression whose sign is shown to be positive by its structure."""
    if _over_rationals(expression) and not expression.atoms(log, exp):
        total: Form = {}
        for part, turn in zip(_parts(expression), (1, -1), strict=True):
            constant, factors = _factors(part, reach.x)
            total = _plus(total, {S.One * p: Rational(turn * k) for p, k in abs(Rational(constant)).factors().items() if p > 1})
            for base, power in factors:
                total = _plus(total, {base: Rational(turn * power)})
        return total
    if isinstance(expression, Mul):
        total = {}
        for part in expression.args:
            total = _plus(total, _log_of(part, reach))
        return total
    if isinstance(expression, Pow):
        return _times(_log_of(expression.base, reach), expression.exp)
    if isinstance(expression, exp):
        return {S.One: expression.args[0]}
    raise Rejected(f"no logarithm of {expression}")


def _plus(left: Form, right: Form) -> Form:
    return {key: left.get(key, S.Zero) + right.get(key, S.Zero) for key in {**left, **right}}


def _times(form: Form, factor: Expr) -> Form:
    return {key: factor * value for key, value in form.items()}


def _minus(left: Form, right: Form) -> Form:
    return _plus(left, _times(right, S.NegativeOne))


def _clear(form: Form, reach: Range) -> tuple[Sum, int]:
    """The form times a rational function of known sign, with polynomials as coefficients, and that sign."""
    fractions = {key: _parts(value) for key, value in form.items()}
    common = Poly(1, reach.x, domain="QQ")
    for _, bottom in fractions.values():
        common = common.lcm(Poly(bottom, reach.x, domain="QQ"))
    tops = {}
    for key, (top, bottom) in fractions.items():
        value = Poly(top, reach.x, domain="QQ") * common.quo(Poly(bottom, reach.x, domain="QQ"))
        if not value.is_zero:
            tops[key] = value
    shared = Poly(0, reach.x, domain="QQ")
    for value in tops.values():
        shared = shared.gcd(value)
    if not tops:
        raise Rejected("zero")
    try:
        sign = _rational_sign(shared.as_expr() / common.as_expr(), reach)
    except Rejected:  # the common factor changes sign: it stays
        shared = Poly(1, reach.x, domain="QQ")
        sign = _rational_sign(1 / common.as_expr(), reach)
    return tuple(
        (value.quo(shared), None if key == 1 else Poly(key, reach.x, domain="QQ"))
        for key, value in sorted(tops.items(), key=lambda item: str(item[0]))
    ), sign


def _slope(total: Sum, x: Symbol) -> Form:
    form: Form = {}
    for coefficient, inside in total:
        if inside is None:
            form = _plus(form, {S.One: coefficient.diff(x).as_expr()})
        else:
            form = _plus(form, {inside.as_expr(): coefficient.diff(x).as_expr()})
            form = _plus(form, {S.One: coefficient.as_expr() * inside.diff(x).as_expr() / inside.as_expr()})
    return form


def _verify(claim: Enclosure, form: Form, reach: Range, weak: bool = False) -> int:
    """The pieces cover the range, and on each the sign is the one said; where `weak`, it may vanish at ends of pieces."""
    if claim.sign not in (1, -1) or not claim.pieces:
        raise Rejected("no sign")
    total, turn = _clear(form, reach)
    wanted = claim.sign * turn
    at = reach.low
    steep: tuple[Sum, int] | None = None
    for piece in claim.pieces:
        if piece.low > at or not piece.low < piece.high:
            raise Rejected("a gap between the pieces")
        at = max(at, piece.high)
        if piece.low < reach.low or piece.high > reach.high:
            raise Rejected("a piece outside the range")
        if not piece.monotone:
            if enclosed_sign(total, piece.low, piece.high) != wanted:
                raise Rejected("the enclosure does not show the sign")
            continue
        steep = steep or _clear(_slope(total, reach.x), reach)
        _by_slope(total, steep, piece, wanted, reach, weak)
    if at < reach.high:
        raise Rejected("the end is not reached")
    return claim.sign


def _by_slope(total: Sum, steep: tuple[Sum, int], piece: Piece, wanted: int, reach: Range, weak: bool) -> None:
    """A monotone quantity is on the right side of zero throughout if it is so at the end where it is least (or largest)."""
    direction = enclosed_sign(steep[0], piece.low, piece.high) * steep[1]
    if direction == 0:
        raise Rejected("the slope has no sign")
    end = piece.low if direction == wanted else piece.high
    if enclosed_sign(total, end, end) == wanted:
        return
    if (reach.within(end) and not weak) or not _exactly_zero(total, end):
        raise Rejected("the value at the end does not show the sign")


def _exactly_zero(total: Sum, value: Rational) -> bool:
    """Logarithms of primes are linearly independent over the rationals; ``0 * log 0`` is the limit 0."""
    table: dict[object, Rational] = {}
    for coefficient, inside in total:
        weight = Rational(coefficient.eval(value))
        if weight == 0:
            continue
        if inside is None:
            table["rest"] = table.get("rest", S.Zero) + weight
            continue
        argument = abs(Rational(inside.eval(value)))
        if argument == 0:
            return False
        for prime, power in argument.factors().items():
            if prime > 1:
                table[prime] = table.get(prime, S.Zero) + weight * power
    return not any(table.values())
