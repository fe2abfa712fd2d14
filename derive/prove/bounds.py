"""What is known to be positive, as bounds on symbols, and what substitutions make of it.

The choice of substitutions tries the same ones on the same bounds again and again, for one theory and for the next: a form keeps what
has been made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flint import fmpq_mpoly

from derive.prove.space import Space, limited
from derive.prove.theory import Sign


def used(polynomial: fmpq_mpoly) -> int:
    """The generators that occur, as a set of bits."""
    return sum(1 << i for i, degree in enumerate(polynomial.degrees()) if degree > 0)


def definite(polynomial: fmpq_mpoly, slacks: frozenset[int], strict: frozenset[int]) -> tuple[int, bool]:
    """``(sign, whether strict)`` if all terms have one sign, ``(0, False)`` otherwise. Symbols that are not slacks may be negative."""
    coefficients = polynomial.coeffs()
    positive = bool(coefficients) and coefficients[0] > 0
    if not coefficients or any((coefficient > 0) is not positive for coefficient in coefficients):
        return 0, False
    sure = False
    for monomial in polynomial.monoms():
        occurring = [i for i, e in enumerate(monomial) if e]
        if any(i not in slacks and monomial[i] % 2 for i in occurring):
            return 0, False
        sure = sure or all(i in strict for i in occurring)
    return 1 if positive else -1, sure


def lowest(top: fmpq_mpoly, bottom: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    """The fraction without a common factor, unless that leaves a denominator with a negative term."""
    if bottom.is_one():
        return top, bottom
    if bottom.is_constant():
        return top / bottom, bottom / bottom
    common = top.gcd(bottom)
    lower = bottom / common
    if common.is_one() or any(coefficient < 0 for coefficient in lower.coeffs()):
        return top, bottom
    return top / common, lower


class Form:
    """``now/scale`` in the symbols of a space and in slacks, with ``scale > 0``."""

    def __init__(self, space: Space, now: fmpq_mpoly, scale: fmpq_mpoly) -> None:
        self.space, self.now, self.scale = space, now, scale
        self.degrees = tuple(map(int, now.degrees()))
        self.used = sum(1 << i for i, degree in enumerate(self.degrees) if degree > 0)
        self._leads: dict[int, Lead] = {}
        self._after: dict[tuple[int, str, str], Form | None] = {}

    def lead(self, variable: int) -> Lead:
        """The coefficient of a variable in which the form is linear."""
        if variable not in self._leads:
            self._leads[variable] = Lead(self, variable, self.now.derivative(variable))
        return self._leads[variable]

    def after(self, move: Move) -> Form | None:
        """The form after a move; None where it is zero or all its terms are positive. Raises `TooLarge`."""
        if move.key not in self._after:
            now, scale = lowest(*self._put(move))
            explained = now.is_zero() or definite(now, self.space.slacks, frozenset())[0] > 0
            self._after[move.key] = None if explained else form(self.space, now, scale)
        return self._after[move.key]

    def _put(self, move: Move) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        """Top and bottom with the value put in."""
        if self.degrees[move.variable] != 1:
            now, power = self.space.put(self.now, move.variable, move.top, move.bottom)
            return now, self.scale * move.bottom**power if power else self.scale
        change = self.lead(move.variable).coefficient * move.change
        if move.whole:
            return limited(self.now + change), self.scale
        return limited(self.now * move.bottom + change), self.scale * move.bottom


@dataclass(frozen=True)
class Lead:
    """The coefficient of a variable in which a form is linear."""

    form: Form
    variable: int
    coefficient: fmpq_mpoly

    @cached_property
    def rest(self) -> fmpq_mpoly:
        """What is left of the form without the variable."""
        return self.form.now - self.coefficient * self.form.space.variables[self.variable]

    @cached_property
    def sign(self) -> int:
        """What all terms of the coefficient have, 0 where they have none."""
        return definite(self.coefficient, self.form.space.slacks, frozenset())[0]

    @cached_property
    def used(self) -> int:
        """The generators in the coefficient, as a set of bits."""
        return used(self.coefficient)

    def nonzero(self, strict: frozenset[int]) -> bool:
        """Whether a term of the coefficient, all of one sign, is surely not zero."""
        return not self.used or any(all(i in strict for i, e in enumerate(monomial) if e) for monomial in self.coefficient.monoms())


FORMS = 20_000


def form(space: Space, now: fmpq_mpoly, scale: fmpq_mpoly) -> Form:
    """The form, one for all who ask."""
    key = (space.key(now), space.key(scale))
    found = space.forms.get(key)
    if found is None:
        if len(space.forms) > FORMS:
            space.forms.clear()
        found = space.forms[key] = Form(space, now, scale)
    assert isinstance(found, Form)
    return found


@dataclass(frozen=True)
class Bound:
    """A known ``polynomial > 0`` (``strict``) or ``>= 0``, and the form that it has after the substitutions so far."""

    polynomial: fmpq_mpoly
    strict: bool
    source: Sign
    form: Form


@dataclass(frozen=True)
class Move:
    """``variable = top/bottom``; the new slack stands for ``first``, or for ``first/second``."""

    variable: int
    top: fmpq_mpoly
    bottom: fmpq_mpoly
    slack: int
    strict: bool
    first: Bound
    second: Bound | None = None

    @cached_property
    def key(self) -> tuple[int, str, str]:
        """The same for moves that replace the same symbol in the same way."""
        return self.variable, str(self.top), str(self.bottom)

    @cached_property
    def change(self) -> fmpq_mpoly:
        """``top - variable * bottom``: a form linear in the variable becomes ``now * bottom + lead * change``, over `bottom`."""
        return self.top - self.first.form.space.variables[self.variable] * self.bottom

    @cached_property
    def whole(self) -> bool:
        """Whether there is no denominator."""
        return bool(self.bottom.is_one())

    @cached_property
    def sets(self) -> int:
        """The variable and the slack, as a set of bits."""
        return 1 << self.variable | 1 << self.slack

    @cached_property
    def used(self) -> int:
        """The generators in the value, as a set of bits."""
        return used(self.top) | used(self.bottom)
