"""A profile of automata in the discounted game: when it is an equilibrium, as regimes with the critical discount factor."""

from __future__ import annotations

from sympy import Expr, Integer, Symbol

from derive.errors import Refusal
from derive.repeated.cases import Comparison, Outcome, conditions, numbered, regimes, told
from derive.repeated.incentives import deviations, reply_comparisons, values
from derive.repeated.ir import Play, RepeatedGame, domain
from derive.repeated.paths import start
from derive.repeated.steps import DiscountedValues
from derive.solution import Proposition, Solution
from derive.steps import Step

__all__ = ["derive_play"]


def derive_play(game: RepeatedGame, play: Play) -> Solution:
    """All regimes of one profile of strategies. Raises Refusal when a sign that the argument needs is not settled."""
    discount = game.discount
    assert discount is not None
    given = domain(game)
    tables = tuple(values(game.stage, play, discount, player, given) for player in range(len(game.stage.players)))
    comparisons: list[Comparison] = []
    for player, table in enumerate(tables):
        if play.concept == "nash" and game.stage.number is None:
            comparisons += reply_comparisons(game.stage, play, discount, table, player, given)
        elif play.concept == "nash":
            raise Refusal("for identical firms only subgame perfection is derived", protocol=play.key)
        else:
            comparisons += deviations(game.stage, play, discount, table, player, given)
    root = play.threshold or Symbol(f"{discount.name}_star", real=True)
    found, labels = conditions(tuple(comparisons), discount, root, given, play.key)
    path = {symbol: table.values[table.states.index(start(play))] for symbol, table in zip(play.payoffs, tables, strict=False)}

    def report(bound: Expr | None, holds: bool) -> tuple[tuple[Symbol, Expr], ...]:
        return _reported(play, bound, holds, path if holds else {})

    unsolved = [item.relation for item in found if item.kind == "raw" and all(other.kind != "never" for other in found)]
    outcome = regimes(found, discount, root, given, play.key, report)
    return Solution(
        model=game.key,
        protocol=play.key,
        instance="",
        assumptions=given,
        regimes=outcome.regimes,
        argument=(
            _values_proposition(play, tables),
            _incentives_proposition(play, tuple(comparisons)),
            _theorem(play, outcome, numbered(outcome.steps, labels)),
        ),
        warnings=tuple(f"The condition {relation} is not solved for {discount}." for relation in unsolved),
    )


def _reported(play: Play, bound: Expr | None, holds: bool, path: dict[Symbol, Expr]) -> tuple[tuple[Symbol, Expr], ...]:
    values: list[tuple[Symbol, Expr]] = []
    if play.threshold is not None and bound is not None and bound != play.threshold:
        values.append((play.threshold, bound))
    if play.holds is not None:
        values.append((play.holds, Integer(int(holds))))
    return tuple(values) + tuple(path.items())


def _values_proposition(play: Play, tables: tuple[DiscountedValues, ...]) -> Proposition:
    text = (
        "From each joint state of the strategies the path of play is eventually periodic; the discounted payoffs along it are the "
        "only solution of value = payoff now + discount factor times value next."
    )
    return Proposition(f"{play.key}.values", "lemma", "Payoffs if all follow their strategies", text, (), tables)


def _incentives_proposition(play: Play, comparisons: tuple[Comparison, ...]) -> Proposition:
    if play.concept == "nash":
        text = (
            "A best reply to a finite automaton is a stationary Markov decision problem, so one of finitely many stationary replies "
            "is best. The strategies are a Nash equilibrium exactly if none of them earns more than following."
        )
    else:
        text = (
            "By the one-shot deviation principle the strategies are a subgame-perfect equilibrium exactly if in every joint state "
            "that some history leads to no player gains by one deviation followed by a return to the strategy."
        )
    return Proposition(f"{play.key}.incentives", "lemma", "Incentive conditions", text, (), comparisons)


def _theorem(play: Play, outcome: Outcome, proof: tuple[Step, ...]) -> Proposition:
    concept = "a Nash equilibrium" if play.concept == "nash" else "a subgame-perfect equilibrium"
    text, exactly = told(f"The strategies are {{}}{concept}", outcome)
    return Proposition(f"{play.key}.theorem", "proposition", play.title, text, outcome.cases, proof, exactly=exactly)
