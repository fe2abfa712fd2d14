"""The root of a cubic equation in closed form, by cases of its discriminant, where that is short enough to be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Pow, Rational, Symbol, acos, cos, oo, pi, sqrt
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented, sign_of, signed_product
from derive.algebra.shape import balanced
from derive.certificates import Certificate
from derive.cubic import Form
from derive.errors import Refusal
from derive.field import NotRational, coefficients, normal
from derive.prove import prove, refute
from derive.solution import Implicit

__all__ = ["Closed", "closed_cubic", "discriminant"]

# How many operations the coefficients of the reduced cubic may have in all: beyond that the equation itself reads better.
READABLE = 28


@dataclass(frozen=True)
class Closed:
    """The root on a region, and what makes it that one."""

    region: tuple[Boolean, ...]
    power: Rational
    lead: Expr
    shift: Expr
    slope: Expr
    constant: Expr
    form: Form
    value: Expr
    conditions: tuple[Boolean, ...]
    certificates: tuple[Certificate | None, ...]


def closed_cubic(root: Implicit, given: Sequence[Boolean]) -> tuple[Closed, ...]:
    """The root by cases that cover all that is given; empty where its equation is no cubic, or which root it is stays open."""
    found = _in_unit(root, given)
    if found is None:
        return ()
    unit, power, equation = found
    try:
        parts = coefficients(equation, unit)
        if parts is None or len(parts) != 4 or any(p.has(root.symbol) for p in parts):
            return ()
        below = normal(sympy.Add(*(part * unit**degree for degree, part in enumerate(parts))) / equation)
        if unit in below.free_symbols:
            return ()
        constant, linear, square, lead = (normal(part / below) for part in parts)
        shift = normal(-square / (3 * lead))
        slope = oriented(normal((3 * lead * linear - square**2) / (3 * lead**2)), given)
        rest = (2 * square**3 - 9 * lead * square * linear + 27 * lead**2 * constant) / (27 * lead**3)
        rest = oriented(normal(rest), given)
        if sum(sympy.count_ops(part) for part in (shift, slope, rest)) > READABLE or rest == 0:
            return ()
        return tuple(_cases(_Cubic(root, power, lead, shift, slope, rest), tuple(given)))
    except (NotRational, Refusal):
        return ()


def _in_unit(root: Implicit, given: Sequence[Boolean]) -> tuple[Symbol, Rational, Expr] | None:
    """A power of the quantity of which the equation is a polynomial, that power, and the equation."""
    symbol = root.symbol
    powers = [p for p in root.equation.atoms(Pow) if p.base == symbol]
    if any(not p.exp.is_Rational for p in powers):
        return None
    whole = sympy.ilcm(1, 1, *(p.exp.q for p in powers))
    if whole == 1:
        return symbol, Rational(1), root.equation
    if root.low != 0 and prove(root.low >= 0, given) is None:
        return None
    unit = Symbol("u", real=True)
    if unit in root.equation.free_symbols:
        return None
    turned = root.equation.xreplace({p: unit ** (p.exp * whole) for p in powers}).xreplace({symbol: unit**whole})
    return unit, Rational(1, whole), turned


@dataclass(frozen=True)
class _Cubic:
    """``lead * (t**3 + slope*t + constant)`` with ``t = unit - shift``."""

    root: Implicit
    power: Rational
    lead: Expr
    shift: Expr
    slope: Expr
    constant: Expr

    def closed(self, form: Form, region: Sequence[Boolean], given: tuple[Boolean, ...], needed: Sequence[Boolean]) -> Closed:
        """The root in a form on a region. Raises Refusal where one of the relations that it needs is not proved."""
        here = (*given, *region)
        certificates = []
        open_ = [relation for relation in needed if relation != sympy.true]
        for relation in open_:
            certificate = None if relation in here else prove(relation, here)
            if certificate is None and relation not in here:
                raise Refusal(f"{relation} is not proved")
            certificates.append(certificate)
        value = (self.shift + _candidate(form, self.slope, self.constant, self.cosine(here))) ** (1 / self.power)
        return Closed(
            tuple(region), self.power, self.lead, self.shift, self.slope, self.constant, form, value, tuple(open_), tuple(certificates)
        )  # fmt: skip

    def cosine(self, given: tuple[Boolean, ...]) -> Expr:
        """The cosine of thrice the angle with its factors oriented, so that it is written without needless signs."""
        if self.slope == 0:
            return Integer(1)
        return oriented(normal(3 * self.constant / (2 * self.slope)), given) * sqrt(oriented(normal(-3 / self.slope), given))


def _cases(cubic: _Cubic, given: tuple[Boolean, ...]) -> Iterator[Closed]:
    if cubic.slope == 0:
        yield cubic.closed(Form.CUBE_ROOT, (), given, (cubic.constant <= 0,))
        return
    rising = signed_product(cubic.slope, given).core
    for side, bent in ((1, rising >= 0), (-1, rising < 0)):
        turn = _region(bent, given)
        if turn is None:
            continue
        if side > 0:
            yield cubic.closed(Form.RISING, turn, given, (cubic.slope >= 0,))
            continue
        yield from _bent(cubic, turn, given)


def _bent(cubic: _Cubic, turn: tuple[Boolean, ...], given: tuple[Boolean, ...]) -> Iterator[Closed]:
    """The cubic rises, falls and rises."""
    measure = discriminant(cubic.slope, cubic.constant)
    known = (*given, *turn)
    core = signed_product(measure, known).core
    three = _region(balanced(core, "<="), known)
    if three is not None:
        form, needed = _which(cubic, (*known, *three))
        yield cubic.closed(form, (*turn, *three), given, (cubic.slope < 0, measure <= 0, *needed))
    one = _region(balanced(core, ">"), known)
    if one is None:
        return
    sign = signed_product(cubic.constant, (*known, *one)).core
    for form, relation, claim in (
        (Form.POSITIVE, sign < 0, cubic.constant < 0),
        (Form.NEGATIVE, sign > 0, cubic.constant > 0),
    ):
        side = _region(relation, (*known, *one))
        if side is not None:
            yield cubic.closed(form, (*turn, *one, *side), given, (cubic.slope < 0, measure > 0, claim))


def _region(relation: Boolean, known: tuple[Boolean, ...]) -> tuple[Boolean, ...] | None:
    """The relation as a region, empty where it always holds; None where it never does."""
    if relation == sympy.true or (relation != sympy.false and prove(relation, known) is not None):
        return ()
    if relation == sympy.false or refute((*known, relation)) is not None:
        return None
    return (relation,)


def _which(cubic: _Cubic, given: tuple[Boolean, ...]) -> tuple[Form, tuple[Boolean, ...]]:
    """Which of three roots it is, and the relations that say so. Raises Refusal where that is open."""
    root = cubic.root
    side = sign_of(cubic.lead, given)
    if side is None:
        raise Refusal("the sign of the leading coefficient is open")
    leads = cubic.lead > 0 if side > 0 else cubic.lead < 0
    if side != root.sign:
        return Form.MIDDLE, (leads,)
    if root.high == oo:
        return Form.LARGEST, (leads,)
    if root.low == -oo:
        return Form.SMALLEST, (leads,)
    ends = ((Form.LARGEST, root.low**cubic.power - cubic.shift), (Form.SMALLEST, cubic.shift - root.high**cubic.power))
    for form, gap in ends:
        relation = sympy.Ge(gap, 0)
        if relation == sympy.true or (relation != sympy.false and prove(relation, given) is not None):
            return form, (leads, relation)
    raise Refusal("which of three roots it is stays open")


def discriminant(slope: Expr, constant: Expr) -> Expr:
    """Negative where ``t**3 + slope*t + constant`` has three real roots, positive where it has one."""
    return 4 * slope**3 + 27 * constant**2


def _candidate(form: Form, slope: Expr, constant: Expr, argument: Expr | None = None) -> Expr:
    """The root of ``t**3 + slope*t + constant`` that a form names; `argument` is the cosine of thrice its angle, in a shape of its own."""
    if form.trigonometric:
        turned = [Form.LARGEST, Form.MIDDLE, Form.SMALLEST].index(form)
        cosine = 3 * constant / (2 * slope) * sqrt(-3 / slope) if argument is None else argument
        return 2 * sqrt(-slope / 3) * cos(acos(cosine) / 3 - Rational(2, 3) * turned * pi, evaluate=False)
    half, third = constant / 2, Rational(1, 3)
    if form is Form.CUBE_ROOT:
        return (-constant) ** third
    inner = sqrt(half**2 + (slope / 3) ** 3)
    if form is Form.RISING:
        return (inner - half) ** third - (inner + half) ** third
    sign = Integer(1 if form is Form.POSITIVE else -1)
    return sign * ((inner - sign * half) ** third + (-inner - sign * half) ** third)
