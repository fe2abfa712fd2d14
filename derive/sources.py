"""What a source asserts and prints about a solution: the vocabulary of claims, formulas and digits. Nothing here computes.

Model files import these names from `derive.ir`.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Function, Rational, Symbol
from sympy.logic.boolalg import Boolean, BooleanFunction


class _Told(Function):
    """What a claim says of a solution: it stands for itself until there is one."""

    @classmethod
    def eval(cls, *_: object) -> None:
        return None


class _Under(_Told):
    """Of a quantity under a protocol."""

    nargs = 2

    def __new__(cls, quantity: Expr, protocol: str | Symbol, **_: object) -> _Under:
        return super().__new__(cls, quantity, _tag(protocol), evaluate=False)


def _tag(protocol: str | Symbol) -> Symbol:
    return Symbol(protocol) if isinstance(protocol, str) else protocol


class At(_Under):
    """``At(r, "TDC")``: the equilibrium value of a symbol under a protocol, inside a claim."""


class Slope(_Told):
    """``Slope(At(r, "TDC"), b)``: the derivative of an equilibrium value with respect to a parameter, inside a claim."""

    nargs = 2


class After(_Told):
    """``After(p, "TDC", 2)``: the value of a symbol in the game that begins at stage 2 (the first stage is 1), as a function of
    the parameters and of the choices made before, inside a claim."""

    nargs = 3

    def __new__(cls, quantity: Expr, protocol: str | Symbol, stage: int | Expr, **_: object) -> After:
        return super().__new__(cls, quantity, _tag(protocol), sympy.Integer(stage), evaluate=False)


class Reply(_Under):
    """``Reply(p_1, "TDC")``: the best reply of the decision that chooses the symbol, as a function of the parameters, the
    choices made before and the choices made at the same time by others, inside a claim."""


class Exists(_Told):
    """``Exists("TDC")``: 1 where the game under a protocol has an equilibrium in pure strategies, 0 where it is proved to have none,
    inside a claim. Where players are alike, only equilibria in which they choose alike count; the scope of the verdict says so."""

    nargs = 1

    def __new__(cls, protocol: str | Symbol, **_: object) -> Exists:
        return super().__new__(cls, _tag(protocol), evaluate=False)


class Switches(BooleanFunction):
    """``Switches(expression, parameter)``: as the parameter rises through its range, the expression is positive, then zero at
    one threshold, then negative, inside a claim. Of a `Slope`: the quantity first rises, then falls."""

    nargs = 2

    @classmethod
    def eval(cls, *_: object) -> None:
        return None


@dataclass(frozen=True)
class Claim:
    """Something a paper asserts. `asserts` is a relation (or And/Or/Implies of relations) over `At` and `Slope` terms.

    `given` restricts the parameters to what the sentence speaks of; `window` to the values the paper looked at, under its
    `instance` if that is named (the claim is judged on both). `asserts` is ``None`` when the data needed to state it are lost;
    `needs` then names them.
    """

    key: str
    text: str
    asserts: Boolean | None
    given: tuple[Boolean, ...] = ()
    window: tuple[Boolean, ...] = ()
    source: str = ""
    needs: str = ""
    instance: str = ""


@dataclass(frozen=True)
class PrintedFormula:
    """A formula as the paper prints it, for the value of `symbol` under `protocol`.

    An empty `protocol` says that the formula is a payoff in terms of the choices, before any of them is optimised.
    """

    equation: str
    protocol: str
    symbol: Symbol
    value: Expr
    note: str = ""


@dataclass(frozen=True)
class PrintedRelation:
    """A relation as the paper prints it, between values under `protocol` (or between `At` terms, if it compares protocols).

    Functions of a law are those of `derive.shocks`, e.g. ``Cdf("F", z)``.
    """

    equation: str
    protocol: str
    relation: Boolean
    note: str = ""


@dataclass(frozen=True)
class PrintedNumber:
    """Digits as the paper prints them, for `symbol` under `protocol` at a parameter point (`at`, exact)."""

    where: str
    protocol: str
    symbol: Symbol
    digits: str
    at: tuple[tuple[Symbol, Rational], ...]
    instance: str = ""
