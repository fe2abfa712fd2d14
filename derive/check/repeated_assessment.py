"""Sequential rationality and consistency of a stated equilibrium with one committed type, row by row, in exact arithmetic."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, sympify

from derive.check.certificates import Rejected
from derive.check.repeated_game import roles, stage_payoff
from derive.repeated.ir import RepeatedGame, Reputation
from derive.repeated.steps import Assessment, InformationSet

__all__ = ["assessment"]


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise Rejected(reason)


class _Table:
    """The stated game at the given values: payoffs by role and the committed automaton."""

    def __init__(self, game: RepeatedGame, protocol: Reputation) -> None:
        self.game, self.values = game, dict(protocol.at)
        _need(len(protocol.committed) == 1, "not one committed player")
        self.informed, self.uninformed, self.cooperate, self.refuse = roles(game, protocol)
        self.automaton = protocol.committed[0].automaton
        self.prior = sympify(protocol.committed[0].prior).xreplace(self.values)
        self.stages = sympify(protocol.stages).xreplace(self.values)
        for role in (0, 1):
            good = self.cooperate[1 - role]
            bad = self.refuse[1 - role]
            for other in (good, bad):
                gain = self.pay(role, self.refuse[role], other) - self.pay(role, self.cooperate[role], other)
                _need(bool(gain > 0), "refusing is not dominant, so play after a departure is not settled")

    def pay(self, role: int, own: str, other: str) -> Expr:
        """Stage payoff of the informed (0) or uninformed (1) player."""
        first, second = (own, other) if role == 0 else (other, own)
        profile = (first, second) if self.informed == 0 else (second, first)
        value = stage_payoff(self.game, profile, self.informed if role == 0 else self.uninformed).xreplace(self.values)
        _need(bool(value.is_Rational), "a payoff is not a number at the given values")
        return value

    def ended(self, role: int, stages: int) -> Expr:
        """Refusal to the end."""
        return stages * self.pay(role, self.refuse[role], self.refuse[1 - role])


def assessment(game: RepeatedGame, protocol: Reputation, step: Assessment) -> None:
    """Raises `Rejected` unless the rows are a sequential equilibrium of the stated game."""
    table = _Table(game, protocol)
    rows = step.rows
    _need(bool(rows), "no rows")
    start = rows[0]
    _need(
        start.left == table.stages and start.belief == table.prior and start.state == table.automaton.initial,
        "the first row is not the start of the game",
    )
    for number, row in enumerate(rows):
        try:
            _row(table, rows, row)
        except Rejected as reason:
            raise Rejected(f"row {number}: {reason}") from None
    _need(_cooperation(table, rows) == step.cooperative, "another expected number of cooperative stages")


def _posterior(table: _Table, row: InformationSet) -> tuple[str, Expr, Expr]:
    """(the committed type's action, its probability over both types, belief after it)."""
    typical = table.automaton.plays(row.state)
    alike = row.informed if typical == table.cooperate[0] else 1 - row.informed
    met = row.belief + (1 - row.belief) * alike
    return typical, met, row.belief / met


def _row(table: _Table, rows: tuple[InformationSet, ...], row: InformationSet) -> None:
    probabilities = (row.belief, row.informed, row.uninformed)
    _need(all(bool(value.is_Rational and 0 <= value <= 1) for value in probabilities), "not a probability")
    _need(row.belief > 0 and row.left >= 1 and row.state in table.automaton.states, "not a situation of the game")
    typical, met, belief = _posterior(table, row)
    other = table.refuse[0] if typical == table.cooperate[0] else table.cooperate[0]
    later: list[tuple[Expr, Expr]] = []
    for action, following in zip((table.cooperate[1], table.refuse[1]), row.then, strict=True):
        if row.left == 1:
            _need(following == -1, "a row after the end")
            later.append((Integer(0), Integer(0)))
            continue
        _need(0 <= following < len(rows), "no such row")
        then = rows[following]
        _need(then.left == row.left - 1, "not the next stage")
        _need(then.state == table.automaton.after(row.state, (typical, action)), "another state of the committed automaton")
        _need(then.belief == belief, "the belief does not follow by Bayes' rule")
        later.append((then.value_informed, then.value_uninformed))
    chances = ((table.cooperate[1], row.uninformed), (table.refuse[1], 1 - row.uninformed))
    same = sum((c * (table.pay(0, typical, a) + later[i][0]) for i, (a, c) in enumerate(chances)), Integer(0))
    depart = sum((c * table.pay(0, other, a) for a, c in chances), Integer(0)) + table.ended(0, row.left - 1)
    mimics = row.informed if typical == table.cooperate[0] else 1 - row.informed
    _optimal(row.value_informed, ((mimics, same), (1 - mimics, depart)), "the informed player")
    options = []
    for index, (action, chance) in enumerate(chances):
        faced = table.pay(1, action, typical) + later[index][1]
        alone = table.pay(1, action, other) + table.ended(1, row.left - 1)
        options.append((chance, met * faced + (1 - met) * alone))
    _optimal(row.value_uninformed, tuple(options), "the uninformed player")


def _optimal(value: Expr, options: tuple[tuple[Expr, Expr], ...], who: str) -> None:
    """Every option earns at most the value, and those taken with positive probability earn exactly that."""
    for chance, payoff in options:
        _need(bool(payoff <= value), f"{who} gains by one deviation")
        _need(chance == 0 or payoff == value, f"{who} takes an action that is not a best reply")


def _cooperation(table: _Table, rows: tuple[InformationSet, ...]) -> Any:
    """Expected number of stages with mutual cooperation, from the probabilities of the rows."""
    weight: dict[int, Expr] = {0: Integer(1)}
    total: Expr = Integer(0)
    for index in sorted(range(len(rows)), key=lambda index: (-rows[index].left, index)):
        row, here = rows[index], weight.get(index, Integer(0))
        typical, met, _ = _posterior(table, row)
        if typical == table.cooperate[0]:
            total += here * met * row.uninformed
        for following, chance in zip(row.then, (row.uninformed, 1 - row.uninformed), strict=True):
            if following >= 0:
                weight[following] = weight.get(following, Integer(0)) + here * met * chance
    return total
