"""What a proof of one relation looks like. Each certificate is data that `derive.check.certificates` can replay.

A certificate establishes ``claim`` at every real point where all of ``given`` hold. ``claim`` is a SymPy relation, or ``false``
when the certificate shows that ``given`` has no solution. A given relation holds only where both its sides are defined; a claim
is established together with the fact that its sides are defined.

Certificates nest. The ``given`` of a certificate inside another are relations known at that place: the outer ``given``,
the lemmas shown before, and what the outer kind adds (the case supposed, the equation used).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Base of all certificates: what is established, and under which relations."""

    claim: Boolean
    given: tuple[Boolean, ...]


@dataclass(frozen=True, kw_only=True)
class Assumed(Certificate):
    """``claim`` is ``fact`` (one of ``given``), or a weaker form of it: ``>`` read as ``>=`` or ``!=``, a positive multiple."""

    fact: Boolean


@dataclass(frozen=True, kw_only=True)
class Denominator(Certificate):
    """``claim`` is ``expression != 0``: a denominator of ``fact`` (one of ``given``), which would otherwise not be defined."""

    fact: Boolean


@dataclass(frozen=True)
class Factor:
    """``base**exponent`` in a product. ``sign`` proves ``base`` ``>``, ``>=``, ``<``, ``<=`` or ``!=`` zero.

    It may be missing where nothing is needed (an even positive exponent under a claim that is not strict).
    """

    base: Expr
    exponent: int
    sign: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class Factors(Certificate):
    """The two sides of ``claim`` differ by ``coefficient * product(factors)``, and the signs of the factors give its sign.

    Every denominator of ``claim`` is a product of factors shown to be nonzero. Without factors it is a statement on numbers.
    """

    coefficient: Rational
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True)
class SlackVariable:
    """``symbol`` stands for ``meaning``, which ``sign`` proves positive (``strict``) or nonnegative."""

    symbol: Symbol
    meaning: Expr
    strict: bool
    sign: Certificate


@dataclass(frozen=True, kw_only=True)
class Slack(Certificate):
    """Write each symbol as in ``substitution``; the difference of the sides of ``claim`` becomes ``numerator/denominator``.

    Both are polynomials in the slack variables (and symbols that stay) whose terms are all nonnegative, the denominator (and, for
    a strict claim, the numerator) with a term that is positive. Putting the ``meaning`` of the slack variables back into
    ``substitution`` gives the symbols again, so every admissible point is covered.
    """

    substitution: tuple[tuple[Symbol, Expr], ...]
    slacks: tuple[SlackVariable, ...]
    numerator: Expr
    denominator: Expr


@dataclass(frozen=True)
class Product:
    """``coefficient * square**2 * product(facts)`` with ``coefficient > 0``. A fact ``greater > smaller`` (or ``>=``) enters as
    ``greater - smaller``, a fact ``left != right`` as ``(left - right)**2``."""

    coefficient: Rational
    facts: tuple[Boolean, ...]
    square: Expr


@dataclass(frozen=True, kw_only=True)
class Products(Certificate):
    """``claim`` is ``false``: the ``products`` (nonnegative, one of them positive) and ``multiplier * left`` of the ``equations``
    (facts ``left = 0``) sum to zero identically."""

    products: tuple[Product, ...]
    equations: tuple[tuple[Boolean, Expr], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Squares(Certificate):
    """The difference of the sides of ``claim``, a polynomial, times ``sum(k * root**2 for k, root in weight)`` is (up to sign)
    ``sum(k * root**2 for k, root in squares)``, all coefficients positive; for a strict claim one root of the weight and one of the
    squares is a number. Nothing given is used."""

    weight: tuple[tuple[Rational, Expr], ...]
    squares: tuple[tuple[Rational, Expr], ...]


@dataclass(frozen=True, kw_only=True)
class Contradiction(Certificate):
    """``refutation`` shows that ``given`` and the negation of ``claim`` have no common point; ``claim`` has no denominator."""

    refutation: Certificate


@dataclass(frozen=True, kw_only=True)
class Opposed(Certificate):
    """``claim`` is ``false``: ``denial`` proves under ``given`` the negation of ``fact``, which is one of ``given``."""

    fact: Boolean
    denial: Certificate


@dataclass(frozen=True, kw_only=True)
class Cases(Certificate):
    """``claim`` holds in each of the ``branches``, which are exhaustive: they are the members of ``fact`` (an ``Or`` in ``given``),
    or, without ``fact``, the comparison of one expression with zero split in two or three."""

    branches: tuple[tuple[Boolean, Certificate], ...]
    fact: Boolean | None = None


@dataclass(frozen=True, kw_only=True)
class Using(Certificate):
    """``proof`` establishes ``claim`` from ``given`` and the claims of ``lemmas``, each shown from ``given`` and those before it."""

    lemmas: tuple[Certificate, ...]
    proof: Certificate


@dataclass(frozen=True, kw_only=True)
class Conjunction(Certificate):
    """``claim`` is an ``And``, and ``parts`` prove its members; or an equation, and they prove ``<=`` and ``>=``."""

    parts: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class Alternatives(Certificate):
    """``claim`` is an ``Or`` of relations: ``refutation`` shows that they cannot all fail; ``defined`` that no denominator in
    them vanishes."""

    defined: tuple[Certificate, ...]
    refutation: Certificate


@dataclass(frozen=True, kw_only=True)
class Member(Certificate):
    """``claim`` is an ``Or``, and ``part`` proves one of its members."""

    part: Certificate


@dataclass(frozen=True, kw_only=True)
class Eliminated(Certificate):
    """``equation`` (one of ``given``) gives ``symbol = value``; ``proof`` shows ``claim`` after the substitution.

    ``nonzero`` proves that the coefficient ``lead`` of ``symbol`` in ``equation`` (cleared of denominators) is not zero; its claim
    ``lead != 0`` may be used by ``proof``.
    """

    symbol: Symbol
    value: Expr
    equation: Boolean
    lead: Expr
    nonzero: Certificate
    proof: Certificate


@dataclass(frozen=True, kw_only=True)
class Named(Certificate):
    """``symbol``, which occurs neither in ``claim`` nor in ``given``, is a name for ``value``; ``proof`` shows ``claim`` from ``given``
    and ``symbol = value``. ``defined`` proves the denominators of the value nonzero."""

    symbol: Symbol
    value: Expr
    defined: tuple[Certificate, ...]
    proof: Certificate


@dataclass(frozen=True)
class Atom:
    """``symbol`` stands for ``expression``: ``base**exponent``, ``exp(...)``, a logarithm or the value of an unknown function.

    ``premise`` proves its base positive (nonnegative for a root ``base**(1/n)`` and where ``rises`` proves the exponent of another power
    positive, the argument of a logarithm positive); it is missing where nothing is needed. Then ``symbol > 0`` (for a root:
    ``symbol**n = base`` and ``symbol >= 0``, or ``> 0`` where the premise says so of the base; with ``rises`` ``symbol >= 0``) may be used.
    ``defined`` proves the denominators of its exponent or arguments nonzero.
    """

    symbol: Symbol
    expression: Expr
    premise: Certificate | None = None
    defined: tuple[Certificate, ...] = ()
    rises: Certificate | None = None


@dataclass(frozen=True)
class Kernel:
    """``expression``, as it occurs in the claim or the given relations, is the product of ``powers`` (atom symbol or base, exponent).

    No exponent is negative where one of the atoms has a base that may vanish though it is no root: a positive power of that base is zero
    where it vanishes, and a quotient of such powers would be undefined there.
    """

    expression: Expr
    powers: tuple[tuple[Expr, int], ...]


@dataclass(frozen=True, kw_only=True)
class Abstracted(Certificate):
    """``proof`` shows ``claim`` with each of ``kernels`` replaced by its product of atoms, from the given relations so replaced
    and what is known of the atoms."""

    atoms: tuple[Atom, ...]
    kernels: tuple[Kernel, ...]
    proof: Certificate


@dataclass(frozen=True, kw_only=True)
class PowerOrder(Certificate):
    """``claim`` compares ``left**exponent`` with ``right**exponent``: both bases positive, ordered as `order` proves, and the
    exponent signed as `direction` proves."""

    left: Expr
    right: Expr
    exponent: Expr
    positive: tuple[Certificate, Certificate]
    order: Certificate
    direction: Certificate


@dataclass(frozen=True, kw_only=True)
class PowerTangent(Certificate):
    """``claim`` is ``left**e >= right**e * (1 + e*(left/right - 1))`` for positive bases, where `range` proves ``e <= 0`` or
    ``e >= 1``; the opposite inequality where it proves ``e >= 0`` and ``e <= 1`` (the tangent of a convex, or concave, power).
    It is strict where `apart` proves ``left != right`` and the bounds of the exponent are."""

    left: Expr
    right: Expr
    exponent: Expr
    positive: tuple[Certificate, Certificate]
    range: tuple[Certificate, ...]
    apart: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class KnownBound(Certificate):
    """``claim`` bounds ``node``, a value of a known function: ``1 - 1/x <= log(x) <= x - 1``, strictly where `apart` proves ``x != 1``, and
    for the principal branch of Lambert's function ``W(x) > 0`` and ``(3 - e/x)/2 <= W(x) <= (1 + x/e)/2``, where `premise` proves
    ``x > 0``; ``-1 < erf(x) < 1`` for every real ``x``; a number lies between rationals."""

    node: Expr
    premise: Certificate | None = None
    apart: Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class Chain(Certificate):
    """``claim`` compares the first with the last of several expressions; each of the `links` compares one with the next, the same
    way."""

    links: tuple[Certificate, ...]


@dataclass(frozen=True)
class Piece:
    """On ``[low, high]`` an expression has the sign it is said to have: seen from its enclosure, or, where it is `monotone`,
    from the enclosure of its derivative and its value at an end."""

    low: Rational
    high: Rational
    monotone: bool


@dataclass(frozen=True)
class Enclosure:
    """`expression` has the sign `sign` (1 or -1) on each of the `pieces`, which join into the range of the variable."""

    expression: Expr
    sign: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Enclosed(Certificate):
    """With the symbols that ``given`` equates with numbers replaced, the difference of the sides of ``claim`` depends on `symbol`
    only. It is a product whose factors that are not rational have the signs of `enclosures`; or, when it is `compared`, it is
    ``left - right`` with both positive, and the last of the enclosures is of ``log(left) - log(right)``."""

    symbol: Symbol
    low: Rational
    high: Rational
    enclosures: tuple[Enclosure, ...]
    compared: tuple[Expr, Expr] | None = None


@dataclass(frozen=True, kw_only=True)
class Switched(Certificate):
    """``claim`` is ``Switches(expression, parameter)``: `before` proves the expression positive up to `low`, `after` negative from
    `high` on; between, it has the sign of a strictly monotone quantity: of ``product[1]``, where ``expression`` is the product of the
    two with ``product[0]`` of one sign, or of ``log(left) - log(right)`` for the positive sides `compared`."""

    low: Rational
    high: Rational
    before: Certificate
    after: Certificate
    product: tuple[Expr, Expr] | None = None
    compared: tuple[Expr, Expr] | None = None


@dataclass(frozen=True)
class SharedBorder:
    """A border of two regions, by their numbers: where both hold so do the ``equations``, and ``alike`` prove what is equal there."""

    regions: tuple[int, int]
    equations: tuple[Boolean, ...]
    alike: tuple[Certificate, ...]


def certificates_in(value: Any) -> Iterator[Certificate]:
    """The certificates that a step holds, whole ones: their own parts are not counted."""
    if isinstance(value, Certificate):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from certificates_in(part)
    elif is_dataclass(value):
        for entry in fields(value):
            yield from certificates_in(getattr(value, entry.name))
