"""The comparative statics and the comparison of protocols as plain data, for programs and for tables in text."""

from __future__ import annotations

from typing import Any

from derive.audit.conditions import Condition
from derive.audit.explore import Effect, Exploration, Order, Sign, Signed, Table, kinds
from derive.audit.judgements import point_text
from derive.views.relations import relation_text

_SLOPES = {
    Sign.POSITIVE: "increasing",
    Sign.NEGATIVE: "decreasing",
    Sign.ZERO: "constant",
    Sign.NOT_NEGATIVE: "nondecreasing",
    Sign.NOT_POSITIVE: "nonincreasing",
    Sign.DEPENDS: "depends",
    Sign.UNSETTLED: "not settled",
}
_ORDERS = {
    Sign.POSITIVE: ">",
    Sign.NEGATIVE: "<",
    Sign.ZERO: "=",
    Sign.NOT_NEGATIVE: ">=",
    Sign.NOT_POSITIVE: "<=",
    Sign.DEPENDS: "depends",
    Sign.UNSETTLED: "not settled",
}


def exploration_data(found: Exploration) -> dict[str, Any]:
    """Everything that was found, as JSON data."""
    return {
        "statics": [_table(table) for table in found.tables],
        "orders": [_order(order) for order in found.orders],
        "left": found.left,
    } | ({"refused": list(found.refused)} if found.refused else {})


def _table(table: Table) -> dict[str, Any]:
    return {
        "protocol": table.protocol,
        "instance": table.instance,
        "regime": table.regime,
        "region": [relation_text(one) for one in table.region],
        "quantities": [symbol.name for symbol in table.quantities],
        "parameters": [symbol.name for symbol in table.parameters],
        "effects": [_effect(effect) for effect in table.effects],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    told = {"quantity": effect.quantity.name, "parameter": effect.parameter.name, "response": _SLOPES[effect.slope.sign]}
    return told | {"sign": effect.slope.sign.value} | _evidence(effect.slope, "increasing where")


def _order(order: Order) -> dict[str, Any]:
    return {
        "quantity": order.quantity.name,
        "protocols": list(order.protocols),
        "regimes": list(order.regimes),
        "region": [relation_text(one) for one in order.region],
        "order": _ORDERS[order.difference.sign],
    } | _evidence(order.difference, "larger where")


def _evidence(found: Signed, words: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if found.certificates:
        told["certificates"] = list(kinds(found))
    if found.condition is not None:
        told["condition"] = [[relation_text(one) for one in part] for part in found.condition]
        told["text"] = f"{words} {_condition_text(found.condition)}"
    elif found.points:
        told["points"] = [point_text(point) for point in found.points]
        told["text"] = f"positive at {told['points'][0]}; negative at {told['points'][1]}"
    return told


def _condition_text(condition: Condition) -> str:
    return "; or ".join(", ".join(map(relation_text, part)) for part in condition)
