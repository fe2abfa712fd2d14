"""The JSON view of solutions: regimes with their formulas, and the argument step by step, all formulas as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from sympy import And, Basic, Or, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate, certificates_in
from derive.cubic import CubicRoot
from derive.solution import Case, Implicit, Proposition, Regime, Solution
from derive.steps import Elimination, Step
from derive.views.evidence import joined, spoken, way
from derive.views.relations import relation_text
from derive.views.spelling import readable, spelled

_HEADER = {"label", "uses", "given"}


def solution_data(solution: Solution) -> dict[str, Any]:
    """The solution as JSON data: formulas as text, steps with label, kind, premises and content."""
    return {
        "protocol": solution.protocol,
        "instance": solution.instance,
        "assumptions": _texts(solution.assumptions),
        "regimes": [
            {
                "name": regime.name,
                "region": _texts(regime.region),
                "active": list(regime.active),
                "values": {symbol.name: readable(value) for symbol, value in regime.values},
                **_several(regime),
                "implicit": [
                    {
                        "symbol": i.symbol.name,
                        "equation": f"{spelled(i.equation)} = 0",
                        "between": [spelled(i.low), spelled(i.high)],
                        **_closed(i, regime, solution),
                    }
                    for i in regime.implicit
                ],
            }
            for regime in solution.regimes
        ],
        "gaps": [{"region": _texts(g.region), "kind": g.kind.name.lower(), "reason": g.reason} for g in solution.gaps],
        "warnings": list(solution.warnings),
        "certificates": _certificates(solution.argument),
        "argument": [_proposition_data(proposition) for proposition in solution.argument],
    }


def _closed(item: Implicit, regime: Regime, solution: Solution) -> dict[str, Any]:
    """The closed form of an implicit quantity by cases, where the argument has one."""
    cases = [
        {"region": _texts(step.given[len(regime.region) :]), "value": spelled(step.value)}
        for one in solution.argument
        for step in one.proof
        if isinstance(step, CubicRoot) and step.root == item and step.given[: len(regime.region)] == regime.region
    ]
    return {"closed": cases} if cases else {}


def _certificates(argument: Iterable[Proposition]) -> dict[str, int]:
    """How many certificates of each kind the argument rests on."""
    found = Counter(_words(type(item).__name__) for one in argument for step in one.proof for item in certificates_in(step))
    return dict(sorted(found.items()))


def _several(regime: Regime) -> dict[str, Any]:
    """What is to be said of a regime that is not one equilibrium for each parameter point; nothing for one that is."""
    found: dict[str, Any] = {}
    if regime.free:
        found |= {"free": [symbol.name for symbol in regime.free], "among": _texts(regime.among)}
    if not regime.unique:
        found["unique"] = False
    if regime.outside:
        found["outside"] = True
    return found


def _proposition_data(proposition: Proposition) -> dict[str, Any]:
    return {
        "label": proposition.label,
        "kind": proposition.kind,
        "title": proposition.title,
        "text": proposition.text + _only_where(proposition.exactly),
        "cases": [_case_data(case) for case in proposition.cases],
        "facts": _texts(proposition.facts),
        "proof": [_step_data(step) for step in proposition.proof],
    }


def _only_where(regions: tuple[tuple[Boolean, ...], ...]) -> str:
    """The regions on which alone something holds, as the end of its sentence."""
    told = [" and ".join(_texts(region)) for region in regions]
    return f" exactly if {', or if '.join(told)}." if told else ""


def _case_data(case: Case) -> dict[str, Any]:
    own = {"free": [symbol.name for symbol in case.free], "among": _texts(case.among)} if case.free else {}
    return {"region": _texts(case.region), "values": {symbol.name: spelled(value) for symbol, value in case.values}, **own}


def _step_data(step: Step) -> dict[str, Any]:
    content = {field.name: _text(getattr(step, field.name)) for field in fields(step) if field.name not in _HEADER}
    return {
        "label": step.label,
        "kind": _words(type(step).__name__),
        "uses": list(step.uses),
        "given": _texts(step.given),
        "content": {name: text for name, text in content.items() if text},
    }


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _texts(values: Iterable[Any]) -> list[str]:
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    """One line for anything a step may hold; a certificate is told by what it proves and how."""
    match value:
        case None | False:
            return ""
        case Relational():
            return relation_text(value)
        case Basic():
            return spoken(value) if isinstance(value, And | Or) else spelled(value)
        case Certificate():
            return f"{'impossible' if value.claim == false else _text(value.claim)}, {way(value)}"
        case Elimination():
            return f"{value.unknown.name} = {_text(value.value)} from {_text(value.equation)} = 0"
        case (Symbol() as symbol, meaning):
            return f"{symbol.name} = {_text(meaning)}"
        case tuple():
            return _row(value) or "; ".join(filter(None, map(_text, value)))
        case _ if is_dataclass(value) and not isinstance(value, type):
            inner = [text for field in fields(value) if (text := _named(field.name, getattr(value, field.name)))]
            return " with ".join(filter(None, (_words(type(value).__name__), ", ".join(inner))))
        case _:
            return str(value)


def _named(name: str, value: Any) -> str:
    text = _text(value)
    return name if value is True else f"{name} {text}" if text else ""


def _row(value: tuple[Any, ...]) -> str:
    """What belongs to some players or to a region, which stand before it; empty for any other tuple."""
    first, *rest = value or ("",)
    if not rest or any(isinstance(one, tuple | Certificate) or is_dataclass(one) for one in rest):
        return ""
    told = ", ".join(filter(None, map(_text, rest)))
    if isinstance(first, tuple) and all(isinstance(one, str) for one in first):
        return f"{', '.join(first) or 'nobody'}: {told}"
    if isinstance(first, tuple) and first and all(isinstance(one, Boolean) for one in first):
        return f"where {joined(first)}: {told}"
    return ""
