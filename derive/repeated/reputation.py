"""Finitely many stages with committed types: one stage, two or three in closed form, any number exactly, symbolic by a bound."""

from __future__ import annotations

from fractions import Fraction

import sympy
from sympy import Expr, Integer, Symbol, sympify
from sympy.logic.boolalg import Boolean

from derive.errors import Refusal, StatementError
from derive.prove.relations import compared
from derive.repeated.assessment import assess, cooperative_stages
from derive.repeated.bound import derive_bound
from derive.repeated.cases import conditions, numbered, regimes, told
from derive.repeated.endgame import Payoffs
from derive.repeated.ir import RepeatedGame, Reputation
from derive.repeated.oneshot import dominance
from derive.repeated.plans import compared_plans, planned
from derive.repeated.setting import Setting, dilemma, kind_of, setting_of
from derive.repeated.steps import Assessment, BayesUpdate, InformationSet
from derive.solution import Case, Proposition, Regime, Solution
from derive.steps import Step

__all__ = ["derive_reputation"]


def derive_reputation(game: RepeatedGame, protocol: Reputation) -> Solution:
    """The solution of one reputation game. Raises Refusal for what is not covered, StatementError for values not admitted."""
    given = _instance(game, protocol)
    stages = sympify(protocol.stages).xreplace(dict(protocol.at))
    if isinstance(stages, Symbol):
        return derive_bound(game, protocol, given)
    if stages == 1:
        return _single(game, protocol)
    if len(protocol.committed) > 1:
        raise Refusal("for a given number of stages an equilibrium is derived with one committed player")
    setting = setting_of(game, protocol)
    kind = kind_of(
        setting.commitment.automaton, setting.cooperate[0], setting.refuse[0], setting.cooperate[1], setting.refuse[1]
    )
    if not kind:
        raise Refusal("reputation is derived for commitment to tit-for-tat or grim trigger", player=setting.players[0])
    numbers = [*setting.payoffs(0), *setting.payoffs(1), sympify(setting.commitment.prior).xreplace(dict(protocol.at))]
    if all(number.is_Rational for number in numbers):
        return _exact(game, protocol, setting, int(stages), kind == "reciprocal", given)
    if stages <= 3:
        return _closed(game, protocol, setting, int(stages), given)
    raise Refusal(f"{stages} stages need exact values of all payoffs and of the prior; in closed form at most 3 are derived")


def _instance(game: RepeatedGame, protocol: Reputation) -> tuple[Boolean, ...]:
    """The assumptions at the values given. Raises StatementError when the values violate one."""
    at = dict(protocol.at)
    found = []
    for relation in game.assumptions:
        here = relation.xreplace(at)
        if here == sympy.false:
            raise StatementError(f"the values given violate the assumption {relation}")
        if here != sympy.true:
            found.append(here)
    return tuple(found)


def _assumed(protocol: Reputation, given: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    return (*given, *(compared(symbol, "=", sympify(value)) for symbol, value in protocol.at))


def _reported(protocol: Reputation, stages: Expr, cooperative: Expr) -> tuple[tuple[Symbol, Expr], ...]:
    values: list[tuple[Symbol, Expr]] = []
    if protocol.noncooperative is not None:
        values.append((protocol.noncooperative, stages - cooperative))
    if protocol.cooperative is not None:
        values.append((protocol.cooperative, cooperative))
    return tuple(values)


def _single(game: RepeatedGame, protocol: Reputation) -> Solution:
    """One stage: a reputation has no future, so an uncommitted player takes its dominant action whatever it believes."""
    steps: list[Step] = []
    for player, name in enumerate(game.stage.players):
        action, mine = dominance(game.stage, player, game.assumptions, protocol.key)
        if action == protocol.cooperate[player]:
            raise Refusal("the cooperative action is dominant in the stage game", player=name)
        steps += mine
    values = _reported(protocol, Integer(1), Integer(0))
    text = (
        "With one stage nothing depends on beliefs: each player's dominant action is the only best reply to every type of the other, "
        "so no uncommitted player cooperates."
    )
    proposition = Proposition(f"{protocol.key}.theorem", "proposition", protocol.title, text, (Case((), values),), tuple(steps))
    return Solution(game.key, protocol.key, "", game.assumptions, (Regime("one stage", (), values),), (proposition,))


def _closed(game: RepeatedGame, protocol: Reputation, setting: Setting, stages: int, given: tuple[Boolean, ...]) -> Solution:
    prior = sympify(setting.commitment.prior)
    if not isinstance(prior, Symbol):
        raise Refusal("in closed form the prior must be a symbol of its own")
    premises = dilemma(setting, given, f"{protocol.key}.dilemma")
    comparisons = compared_plans(game, protocol, setting, stages, given)
    root = protocol.threshold or Symbol(f"{prior.name}_star", real=True)
    found, sources = conditions(comparisons, prior, root, given, protocol.key)

    def report(bound: Expr | None, holds: bool) -> tuple[tuple[Symbol, Expr], ...]:
        shown: list[tuple[Symbol, Expr]] = []
        if protocol.threshold is not None and bound is not None and bound != root:
            shown.append((protocol.threshold, bound))
        if protocol.holds is not None:
            shown.append((protocol.holds, Integer(int(holds))))
        return (*shown, *(_path(protocol, setting, stages) if holds else ()))

    outcome = regimes(found, prior, root, given, protocol.key, report)
    informed, uninformed = planned(setting, stages)
    intro = (
        f"The candidate: the uncommitted {setting.players[0]} plays {', '.join(informed)}; {setting.players[1]} plays "
        f"{', '.join(uninformed)} as long as the other behaves as the committed type; after any departure from that type both "
        "refuse to the end, and where the type would refuse so does the uncommitted player, since each refusal is then dominant."
    )
    text, exactly = told("The candidate is {}a sequential equilibrium", outcome)
    return Solution(
        model=game.key,
        protocol=protocol.key,
        instance="",
        assumptions=_assumed(protocol, given),
        regimes=outcome.regimes,
        argument=(
            Proposition(
                f"{protocol.key}.plans", "lemma", "Every plan compared with the candidate", intro, (), premises + comparisons
            ),
            Proposition(
                f"{protocol.key}.theorem",
                "proposition",
                protocol.title,
                text,
                outcome.cases,
                numbered(outcome.steps, sources),
                exactly=exactly,
            ),
        ),
        warnings=(
            "The conditions are those of this candidate; other equilibria, with mixing, are not excluded where they fail.",
        ),
    )


def _path(protocol: Reputation, setting: Setting, stages: int) -> tuple[tuple[Symbol, Expr], ...]:
    """Expected stages with mutual cooperation under the candidate."""
    prior = sympify(setting.commitment.prior)
    mimics = max(stages - 2, 0)
    return _reported(protocol, Integer(stages), mimics + prior * (stages - 1 - mimics))


def _fraction(value: Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _exact(
    game: RepeatedGame, protocol: Reputation, setting: Setting, stages: int, forgives: bool, given: tuple[Boolean, ...]
) -> Solution:
    dilemma(setting, given, protocol.key)
    prior = sympify(setting.commitment.prior).xreplace(dict(protocol.at))
    automaton = setting.commitment.automaton
    after = automaton.after(automaton.initial, (setting.cooperate[0], setting.refuse[1]))
    tables = tuple(Payoffs(*[_fraction(value) for value in setting.payoffs(player)]) for player in (0, 1))
    rows = assess(tables[0], tables[1], _fraction(prior), stages, forgives, (automaton.initial, after))
    if rows is None:
        raise Refusal(f"no sequential equilibrium of the form searched for was found with {stages} stages")
    expected = cooperative_stages(rows, automaton.initial)
    table = Assessment(label=f"{protocol.key}.assessment", protocol=protocol.key, rows=rows, cooperative=expected)
    values = _reported(protocol, Integer(stages), expected)
    text = (
        f"Backward induction with Bayes' rule over {len(rows)} public situations. In each, neither player gains by one deviation, and "
        "the belief follows from the strategies; so strategies and beliefs are a sequential equilibrium. Another may exist."
    )
    proposition = Proposition(
        f"{protocol.key}.theorem", "proposition", protocol.title, text, (Case((), values),), (*_updates(protocol, rows), table)
    )
    return Solution(
        model=game.key,
        protocol=protocol.key,
        instance="",
        assumptions=_assumed(protocol, given),
        regimes=(Regime("a sequential equilibrium", (), values),),
        argument=(proposition,),
        warnings=("One sequential equilibrium is given; others may exist.",),
    )


def _updates(protocol: Reputation, rows: tuple[InformationSet, ...]) -> tuple[BayesUpdate, ...]:
    """One step per distinct revision of a belief that some row makes by mixing."""
    mixed = dict.fromkeys((row.belief, row.informed) for row in rows if 0 < row.informed < 1)
    return tuple(
        BayesUpdate(
            label=f"{protocol.key}.bayes.{number}",
            prior=belief,
            mimics=mimics,
            posterior=belief / (belief + (1 - belief) * mimics),
        )
        for number, (belief, mimics) in enumerate(mixed, 1)
    )
