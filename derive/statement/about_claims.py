"""Claims and printed results must speak of what the statement declares."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Symbol

from derive.errors import StatementError
from derive.exact import require_exact
from derive.ir import After, At, Exists, Model, PrintedFormula, PrintedNumber, PrintedRelation, Reply

__all__ = ["validate_claims"]


def validate_claims(model: Model, declared: frozenset[Symbol]) -> None:
    """Raises StatementError for a claim or a printed result about anything else than declared symbols and protocols."""
    protocols = {protocol.key for protocol in model.protocols}
    tags = frozenset(Symbol(key) for key in protocols)
    for claim in model.claims:
        where = f"claim {claim.key}"
        if claim.asserts is None:
            if not claim.needs:
                raise StatementError(f"{where} asserts nothing and does not say what it needs")
            continue
        for relation in (claim.asserts, *claim.given, *claim.window):
            _asserted(relation, declared, tags, where)
    for printed in model.printed:
        where = f"the printed {printed.where if isinstance(printed, PrintedNumber) else printed.equation}"
        if printed.protocol and printed.protocol not in protocols:
            raise StatementError(f"{where} is of an unknown protocol", protocol=printed.protocol)
        if isinstance(printed, PrintedRelation):
            _asserted(printed.relation, declared, tags, where)
            continue
        if printed.symbol not in declared:
            raise StatementError(f"{where} is of an undeclared symbol", symbol=str(printed.symbol))
        if isinstance(printed, PrintedFormula):
            require_exact(printed.value, declared, where)


def _asserted(relation: Any, declared: frozenset[Symbol], tags: frozenset[Symbol], where: str) -> None:
    for term in sorted(relation.atoms(At, After, Exists, Reply), key=str) if isinstance(relation, Basic) else ():
        tag = term.args[0] if isinstance(term, Exists) else term.args[1]
        if tag not in tags:
            raise StatementError(f"{where} speaks of an unknown protocol", protocol=str(tag))
    require_exact(relation, declared | tags, where)
