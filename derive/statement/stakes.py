"""What the payoff of those who decide depends on, read from the statement alone."""

from __future__ import annotations

import sympy
from sympy import Eq, Expr, Rational, Symbol

from derive.ir import Decision, Feasibility, Model, Protocol
from derive.law.lower import substitute_definitions


def fixed_choices(protocol: Protocol) -> dict[Symbol, Expr]:
    """The choices that an equality constraint of the protocol sets to a number (a party that takes no part chooses nothing)."""
    ties = [
        c.relation for stage in protocol.stages for d in stage.decisions for c in d.subject_to if isinstance(c, Feasibility)
    ]
    return {r.lhs: r.rhs for r in ties if isinstance(r, Eq) and r.lhs.is_Symbol and r.rhs.is_Rational}


def joint_payoff(model: Model, decision: Decision) -> Expr:
    """What those who decide earn together, definitions written out."""
    total = sympy.Add(*(model.player(name).objective for name in decision.by))
    return substitute_definitions(total, model.definitions)


def matters(objective: Expr, symbol: Symbol) -> bool:
    """Whether the objective changes with the symbol: a transfer between those who decide together cancels."""
    if symbol not in objective.free_symbols or symbol not in sympy.expand(objective).free_symbols:
        return False
    others = sorted(objective.free_symbols - {symbol}, key=str)
    point = {other: Rational(7 + 2 * index, 5 + index) for index, other in enumerate(others)}
    first, second = (sympy.N(objective.xreplace({**point, symbol: Rational(value, 7)}), 30) for value in (5, 17))
    return not (first.is_number and second.is_number) or bool(abs(first - second) > Rational(1, 10**20))
