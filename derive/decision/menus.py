"""Menus of contracts: several transfers in several constraints, pinned down by those of them that bind whatever else is chosen.

Payments enter payoff and constraints linearly, at rates that no choice changes. Where a choice of as many constraints as there are
payments has positive multipliers, the payoff is a function of the other choices less a positive combination of slacks: so these
constraints bind. What the other constraints then say of the choices that are left holds wherever some payments are admissible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.elimination import solve_linear
from derive.algebra.spread import put_together
from derive.certificates import Certificate
from derive.contracts.steps import BindingTransfers, Ordered
from derive.decision.problem import Journal, Optimum, Outcome, Problem, Restriction, say_admissible, unique
from derive.decision.quadratic import quadratic
from derive.errors import Refusal
from derive.field import NotRational, derivative, normal
from derive.prove import prove, witness
from derive.steps import Sign

__all__ = ["by_menu"]

Settle = Callable[[Problem, Journal], Outcome]
# Choices of binding constraints that are looked into.
MOST = 60


@dataclass(frozen=True)
class _Menu:
    """The transfers in terms of the other choices, and the objective that is left."""

    binding: tuple[Restriction, ...]
    solved: tuple[tuple[Symbol, Expr], ...]
    reduced: Expr
    label: str


def by_menu(problem: Problem, journal: Journal, settle: Settle) -> Outcome | None:
    """The outcome by way of the binding constraints; None where the problem has no such transfers or this does not lead to it."""
    transfers = [x for x in problem.variables if _is_transfer(x, problem)]
    if not transfers or len(transfers) == len(problem.variables) or quadratic(problem) is not None:
        return None
    start = len(journal.steps)
    sums = _sums(problem, transfers, journal)
    mark, warned = len(journal.steps), len(journal.warnings)
    for binding in _choices(problem, transfers):
        menu = _menu(problem, transfers, binding, sums, journal)
        found = None if menu is None else _settled(problem, menu, tuple(r for r, _ in sums), journal, settle)
        if found is not None:
            return found
        del journal.steps[mark:], journal.warnings[warned:]
    del journal.steps[start:]
    return None


def _sums(problem: Problem, transfers: Sequence[Symbol], journal: Journal) -> tuple[tuple[Restriction, str], ...]:
    """Pairs of constraints in whose sum the transfers cancel: what they say of the other choices, and the label of the step."""
    touched = [r for r in problem.restrictions if r.slack.free_symbols & set(transfers)]
    plain = tuple(r.relation for r in problem.restrictions if r not in touched)
    found: list[tuple[Restriction, str]] = []
    for first, second in combinations(touched, 2):
        total = normal(first.slack + second.slack)
        if total.is_number or total.free_symbols & set(transfers):
            continue
        certificate = prove(total >= 0, (*problem.given, *plain, first.relation, second.relation))
        if certificate is not None:
            step = journal.add(Sign, given=problem.domain, relation=total >= 0, certificate=certificate)
            found.append((Restriction(f"{first.name}, {second.name}", total), step.label))
    return tuple(found)


def _is_transfer(variable: Symbol, problem: Problem) -> bool:
    """Whether payoff and restrictions are linear in the choice, at rates that no choice changes, and several restrict it."""
    try:
        rates = [derivative(e, variable) for e in (problem.objective, *(r.slack for r in problem.restrictions))]
    except NotRational:
        return False
    if any(rate.free_symbols & set(problem.variables) for rate in rates) or rates[0] == 0:
        return False
    touched = [r for r, rate in zip(problem.restrictions, rates[1:], strict=True) if rate != 0]
    return not any(r.strict or not (r.slack.free_symbols & set(problem.variables) - {variable}) for r in touched)


# --- which constraints bind ------------------------------------------------------------------------------------------------


def _choices(problem: Problem, transfers: Sequence[Symbol]) -> Iterator[tuple[Restriction, ...]]:
    """As many constraints as transfers whose multipliers are positive at a sample point, the plainest first."""
    touched = [r for r in problem.restrictions if r.slack.free_symbols & set(transfers)]
    point = witness(problem.given) or {}
    looked = 0
    for binding in combinations(touched, len(transfers)):
        rows = [[derivative(r.slack, x) for r in binding] for x in transfers]
        right = [-derivative(problem.objective, x) for x in transfers]
        numbers = [[normal(entry.xreplace(point)) for entry in row] for row in rows]
        found = solve_linear(numbers, [normal(entry.xreplace(point)) for entry in right])
        if found is None or any(value.is_Rational and value <= 0 for value in found[0]):
            continue
        looked += 1
        if looked > MOST:
            return
        yield binding


def _menu(
    problem: Problem,
    transfers: Sequence[Symbol],
    binding: Sequence[Restriction],
    sums: Sequence[tuple[Restriction, str]],
    journal: Journal,
) -> _Menu | None:
    rows = [[derivative(r.slack, x) for r in binding] for x in transfers]
    priced = solve_linear(rows, [normal(-derivative(problem.objective, x)) for x in transfers])
    none = dict.fromkeys(transfers, sympy.Integer(0))
    columns = [list(column) for column in zip(*rows, strict=True)]
    paid = solve_linear(columns, [normal(-r.slack.xreplace(none)) for r in binding])
    if priced is None or paid is None:
        return None
    certificates = _each(tuple(value > 0 for value in priced[0]), problem.given)
    if certificates is None:
        return None
    solved = dict(zip(transfers, paid[0], strict=True))
    rest = [r for r in problem.restrictions if r not in binding and r.slack.free_symbols & set(transfers)]
    others = tuple(r.at(solved) for r in rest)
    plain = tuple(r.relation for r in problem.restrictions if not r.slack.free_symbols & set(transfers))
    held = _each(tuple(r.slack >= 0 for r in others), (*problem.given, *plain, *(r.relation for r, _ in sums)))
    if held is None:
        return None
    reduced = normal(problem.objective.xreplace(solved))
    step = journal.add(
        BindingTransfers,
        uses=tuple(label for _, label in sums),
        given=problem.domain,
        objective=problem.objective,
        binding=tuple(r.slack for r in binding),
        multipliers=priced[0],
        certificates=certificates,
        solved=tuple(solved.items()),
        others=tuple(r.slack for r in others),
        held=held,
        reduced=reduced,
    )
    return _Menu(tuple(binding), tuple(solved.items()), reduced, step.label)


def _each(claims: Sequence[Boolean], given: Sequence[Boolean]) -> tuple[Certificate | None, ...] | None:
    """A certificate for each claim (None for what is true of numbers); None if one is not proved."""
    found: list[Certificate | None] = []
    for claim in claims:
        certificate = None if claim in (sympy.true, sympy.false) else prove(claim, tuple(given))
        if certificate is None and claim != sympy.true:
            return None
        found.append(certificate)
    return tuple(found)


# --- what is left to choose ------------------------------------------------------------------------------------------------


def _settled(problem: Problem, menu: _Menu, sums: Sequence[Restriction], journal: Journal, settle: Settle) -> Outcome | None:
    """The other choices: first without what the sums of constraints say of them, which then holds, or else with it."""
    gone = {symbol for symbol, _ in menu.solved}
    plain = tuple(r for r in problem.restrictions if not r.slack.free_symbols & gone)
    relaxed = replace(
        problem, objective=menu.reduced, variables=tuple(v for v in problem.variables if v not in gone), restrictions=plain
    )
    mark, warned = len(journal.steps), len(journal.warnings)
    try:
        found = settle(relaxed, journal)
        if _admissible(found, sums, relaxed, journal):
            return _with_payments(found, menu, problem.given)
    except Refusal:
        pass
    del journal.steps[mark:], journal.warnings[warned:]
    orders = _independent([_in_order(r, relaxed, journal) for r in sums], relaxed)
    try:
        return _with_payments(settle(replace(relaxed, restrictions=(*plain, *orders)), journal), menu, problem.given)
    except Refusal:
        return None


def _independent(restrictions: Sequence[Restriction], problem: Problem) -> tuple[Restriction, ...]:
    """The restrictions without those that follow from the others."""
    kept = list(restrictions)
    for item in tuple(restrictions)[::-1]:
        others = [r for r in kept if r is not item]
        if prove(item.relation, (*problem.domain, *(r.relation for r in others))) is not None:
            kept = others
    return tuple(kept)


def _admissible(found: Outcome, sums: Sequence[Restriction], relaxed: Problem, journal: Journal) -> bool:
    """Whether constraints that were left out hold at the optimum, in every regime."""
    if found.nothing or not found.optima:
        return not sums
    for optimum in found.optima:
        known = unique((*relaxed.given, *optimum.region))
        values = dict(optimum.values)
        for item in sums:
            placed = replace(item, slack=normal(put_together(item.slack, values, known)), strict=False)
            relation = placed.relation
            certificate = prove(relation, known) if relation not in (sympy.true, sympy.false) else None
            if optimum.implicit or optimum.free or (certificate is None and relation != sympy.true):
                return False
            if certificate is not None:
                say_admissible(optimum, item, placed, known, certificate, journal)
    return True


def _in_order(item: Restriction, problem: Problem, journal: Journal) -> Restriction:
    """The restriction as an order of two choices, where it says just that."""
    own = sorted(item.slack.free_symbols & set(problem.variables), key=str)
    if len(own) != 2:
        return item
    for high, low in (own, own[::-1]):
        if normal(item.slack.xreplace({high: low})) != 0 or not _same_range(high, low, problem):
            continue
        inner = tuple(r.relation for r in problem.restrictions if r.slack.free_symbols & set(problem.variables) == {high})
        known = unique((*problem.given, *(sympy.Gt(r.gts, r.lts) for r in inner)))
        slope = derivative(item.slack, high)
        certificate = prove(slope > 0, known)
        if certificate is None:
            continue
        journal.add(Ordered, given=known, slack=item.slack, high=high, low=low, slope=slope, certificate=certificate)
        return Restriction(item.name, high - low)
    return item


def _same_range(high: Symbol, low: Symbol, problem: Problem) -> bool:
    variables = set(problem.variables)
    ranges = [
        {r.relation.xreplace({x: high}) for r in problem.restrictions if r.slack.free_symbols & variables == {x}}
        for x in (high, low)
    ]
    return ranges[0] == ranges[1]


def _with_payments(found: Outcome, menu: _Menu, given: Sequence[Boolean]) -> Outcome:
    return replace(found, optima=tuple(_paid(optimum, menu, given) for optimum in found.optima))


def _paid(optimum: Optimum, menu: _Menu, given: Sequence[Boolean]) -> Optimum:
    values, known = dict(optimum.values), (*given, *optimum.region)
    payments = tuple((symbol, normal(put_together(value, values, known))) for symbol, value in menu.solved)
    return replace(
        optimum,
        values=(*optimum.values, *payments),
        active=(*optimum.active, *(r.name for r in menu.binding)),
        labels=(menu.label, *optimum.labels),
        through=(*optimum.through, *menu.solved),
    )
