"""The order in which the values of a solution are told: the choices stage by stage, then what the players earn and what the
statement defines, the same in every regime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Symbol

from derive.ir import Protocol
from derive.solution import Case, Proposition, Solution

Values = tuple[tuple[Symbol, Expr], ...]


def in_stage_order(solution: Solution, protocol: Protocol) -> Solution:
    """The solution with choices told in the order in which they are made; one that another is written in stands before that one."""
    made = [symbol for stage in protocol.stages for decision in stage.decisions for symbol in decision.chooses]
    values = _ordered([regime.values for regime in solution.regimes], made)
    regimes = tuple(replace(regime, values=own) for regime, own in zip(solution.regimes, values, strict=True))
    return replace(solution, regimes=regimes, argument=tuple(_told(one, made) for one in solution.argument))


def _told(one: Proposition, made: Sequence[Symbol]) -> Proposition:
    if not any(symbol in made for case in one.cases for symbol, _ in case.values):
        return one
    values = _ordered([case.values for case in one.cases], made)
    cases: list[Case] = [replace(case, values=own) for case, own in zip(one.cases, values, strict=True)]
    return replace(one, cases=tuple(cases))


def _ordered(several: Sequence[Values], made: Sequence[Symbol]) -> list[Values]:
    """Lists of values, all in one order if there is one in which each value uses only those before it, else each in its own."""
    wanted = list(dict.fromkeys((*made, *(symbol for values in several for symbol, _ in values))))
    together = _sequence(wanted, [pair for values in several for pair in values])
    found = []
    for values in several:
        order = together or _sequence(wanted, values)
        place = {symbol: place for place, symbol in enumerate(order)}
        found.append(tuple(sorted(values, key=lambda pair: place[pair[0]])) if order else values)
    return found


def _sequence(wanted: Sequence[Symbol], pairs: Iterable[tuple[Symbol, Expr]]) -> list[Symbol]:
    """The symbols as they are wanted, but none before those that its values are written in; empty where that goes in a circle."""
    needs: dict[Symbol, set[Symbol]] = {symbol: set() for symbol in wanted}
    for symbol, value in pairs:
        needs[symbol] |= (value.free_symbols - {symbol}) & needs.keys()
    order: list[Symbol] = []
    while len(order) < len(wanted):
        ready = _first_ready(wanted, needs, order)
        if ready is None:
            return []
        order.append(ready)
    return order


def _first_ready(wanted: Sequence[Symbol], needs: Mapping[Symbol, set[Symbol]], told: Sequence[Symbol]) -> Symbol | None:
    return next((symbol for symbol in wanted if symbol not in told and needs[symbol] <= set(told)), None)
