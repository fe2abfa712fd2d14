"""Signs held against the checker: one whose proof is not accepted counts as not settled, and costs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.audit.explore import Effect, Exploration, Order, certificates_of, signs_of
from derive.audit.signs import Sign, Signed
from derive.certificates import Certificate
from derive.check.certificates import Rejected, check_all
from derive.prove.relations import relation

__all__ = ["replayed"]


def replayed(found: Exploration) -> Exploration:
    """An exploration with the signs whose certificates the checker accepts; the others are not settled, and `refused` says why."""
    if not any(_misread(one) for one in signs_of(found)) and not _fault(certificates_of(found)):
        return found
    refused: list[str] = []

    def kept(one: Signed, what: str) -> Signed:
        fault = _misread(one) or _fault(one.certificates)
        if not fault:
            return one
        refused.append(f"{what}: the checker does not accept the proof: {fault}")
        return Signed(one.expression, Sign.UNSETTLED)

    def effect(one: Effect, where: str) -> Effect:
        return replace(one, slope=kept(one.slope, f"{where}, {one.quantity} in {one.parameter}"))

    def order(one: Order) -> Order:
        return replace(one, difference=kept(one.difference, f"{one.quantity} under {' and '.join(one.protocols)}"))

    tables = tuple(
        replace(table, effects=tuple(effect(one, f"{table.protocol}, regime {table.regime}") for one in table.effects))
        for table in found.tables
    )
    return replace(found, tables=tables, orders=tuple(map(order, found.orders)), refused=tuple(refused))


def _fault(certificates: Sequence[Certificate]) -> str:
    """Why the checker does not accept these certificates; empty if it does."""
    try:
        check_all(certificates)
    except Rejected as reason:
        return str(reason) or type(reason).__name__
    return ""


def _misread(one: Signed) -> str:
    """Why what is said of a sign is not what its certificate proves; empty if it is."""
    asserted = one.sign.operator
    if asserted is None:
        return "" if one.sign is not Sign.ZERO or one.expression == 0 else f"{one.expression} is not zero"
    claims = [certificate.claim for certificate in one.certificates]
    return "" if claims == [relation(one.expression, asserted)] else f"what is proved is not {one.expression} {asserted} 0"
