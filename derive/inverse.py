"""Kinds of step for choices made through what they lead to, and for conditions on a quantity inside the support of a law."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.certificates import Certificate
from derive.steps import Step


@dataclass(frozen=True)
class LawTerm:
    """``coefficient * (1 - F)**survival * z**stock * S**sales * g**rate`` with ``S = z - Lambda`` and ``g = z f/(1 - F)``."""

    coefficient: Expr
    survival: int
    stock: int
    sales: int
    rate: int


@dataclass(frozen=True, kw_only=True)
class FallingByLaw(Step):
    """``core``, the sum of ``terms``, falls strictly in ``variable`` inside the support ``[low, high]`` of the law with the cdf
    ``law``, from the first of ``limits`` to the second, because no term rises and one falls.

    ``certificates`` prove the signs of the coefficients of those terms that are not constant, in their order.
    """

    variable: Symbol
    law: str
    core: Expr
    terms: tuple[LawTerm, ...]
    low: Expr
    high: Expr
    limits: tuple[Expr, Expr]
    certificates: tuple[Certificate | None, ...]


@dataclass(frozen=True, kw_only=True)
class ByResponse(Step):
    """The response to ``choice`` is the only root ``response`` of ``equation = 0``, which ``choice = value`` alone satisfies for a
    given response. So to choose ``choice`` is to choose ``response``, and ``before`` becomes ``after``.

    ``lead``, the coefficient of ``choice`` in the equation times ``factor``, is not zero, by ``certificate``.
    """

    before: Expr
    choice: Symbol
    response: Symbol
    equation: Expr
    factor: Expr
    lead: Expr
    value: Expr
    certificate: Certificate | None
    after: Expr
