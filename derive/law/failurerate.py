"""Conditions that rise and then fall inside the support of a law whose failure rate does not fall.

Inside the support write ``S = z - Lambda`` for expected sales and ``r = f/(1 - F)`` for the failure rate. The slope of
``(1 - F)(k + m S)`` is ``(1 - F) (m (1 - F) - r (k + m S))``. Where ``m > 0``, and ``k + m S > 0`` at the lower end and so everywhere,
the second factor falls: the product rises, then falls. So the product less a constant, not negative at the lower end and negative at
the upper one, changes sign once only.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Symbol, oo, sympify
from sympy.logic.boolalg import Boolean

from derive.algebra.signs import sign
from derive.certificates import Certificate
from derive.field import normal
from derive.ir import GeneralDistribution
from derive.law.lawsums import terms_of
from derive.prove import prove
from derive.shocks import Cdf, Overage

__all__ = ["RisesThenFalls", "rises_then_falls"]


@dataclass(frozen=True)
class RisesThenFalls:
    """``core = (1 - F)(base + rate S) - constant``, its limits at the ends of the support, and that it starts with the sign that
    leaves one change: ``certificates`` prove ``rate > 0``, ``constant > 0`` and that the first limit is not negative."""

    core: Expr
    base: Expr
    rate: Expr
    constant: Expr
    limits: tuple[Expr, Expr]
    certificates: tuple[Certificate | None, ...]


def rises_then_falls(core: Expr, z: Symbol, law: GeneralDistribution, given: tuple[Boolean, ...]) -> RisesThenFalls | None:
    """The condition so read; None where it has another form, or its signs are not proved."""
    if not law.ifr or law.low == -oo:
        return None
    terms = terms_of(core, z, law.cdf)
    if terms is None:
        return None
    parts = {(term.survival, term.stock, term.sales, term.rate): term.coefficient for term in terms}
    if not set(parts) <= {(1, 0, 0, 0), (1, 0, 1, 0), (0, 0, 0, 0)}:
        return None
    zero = Integer(0)
    base, rate, constant = parts.get((1, 0, 0, 0), zero), parts.get((1, 0, 1, 0), zero), -parts.get((0, 0, 0, 0), zero)
    start = normal(base + rate * sympify(law.low) - constant)
    certificates = []
    for claim in (rate > 0, constant > 0, start >= 0):
        certificate = prove(claim, given) if claim not in (True, False) else None
        if certificate is None and claim != True:  # noqa: E712
            return None
        certificates.append(certificate)
    whole = (1 - Cdf(law.cdf, z)) * (base + rate * (z - Overage(law.cdf, z))) - constant
    if sign(normal(core / whole), given, prove) != 1:
        return None
    return RisesThenFalls(whole, base, rate, constant, (start, normal(-constant)), tuple(certificates))
