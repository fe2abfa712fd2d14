"""A profile of automata in the discounted game: when it is an equilibrium, as regimes with the critical discount factor."""

from __future__ import annotations

import sympy
from sympy import Eq, Expr, Integer, Not, Symbol
from sympy.logic.boolalg import Boolean

from derive.errors import Refusal
from derive.repeated.incentives import deviations, reply_comparisons, values
from derive.repeated.ir import Play, RepeatedGame, domain
from derive.repeated.paths import start
from derive.repeated.signs import balanced, split
from derive.repeated.steps import CaseChain, DiscountedValues, OneShotDeviation, ReplyComparison, SignChangeRoot
from derive.repeated.threshold import Condition, condition, merged
from derive.solution import Case, Implicit, Proposition, Regime, Solution
from derive.steps import Step

__all__ = ["derive_play"]

Comparison = OneShotDeviation | ReplyComparison


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
    found, labels = _conditions(tuple(comparisons), discount, root, given, play.key)
    warnings = tuple(f"the condition {item.relation} is not solved for {discount}" for item in found if item.kind == "raw")
    regimes, cases, chains = _regimes(play, found, tables, discount, root, given)
    proof = tuple(step for item in found for step in item.steps) + chains
    return Solution(
        model=game.key,
        protocol=play.key,
        instance="",
        assumptions=given,
        regimes=regimes,
        argument=(
            _values_proposition(play, tables),
            _incentives_proposition(play, tuple(comparisons)),
            _theorem(play, found, cases, _numbered(proof, labels)),
        ),
        warnings=warnings,
    )


def _conditions(
    comparisons: tuple[Comparison, ...], discount: Symbol, root: Symbol, given: tuple[Boolean, ...], key: str
) -> tuple[tuple[Condition, ...], dict[str, tuple[str, ...]]]:
    cores: list[Expr] = []
    sources: dict[str, tuple[str, ...]] = {}
    made = []
    for item in comparisons:
        if item.core in cores:
            name = f"{key}.condition.{cores.index(item.core) + 1}"
            sources[name] = (*sources[name], item.label)
            continue
        cores.append(item.core)
        name = f"{key}.condition.{len(cores)}"
        sources[name] = (item.label,)
        if item.core != 0:
            made.append(condition(item.core, discount, root, given, name))
    return merged(tuple(made), discount, given, f"{key}.strongest"), sources


def _numbered(steps: tuple[Step, ...], sources: dict[str, tuple[str, ...]]) -> tuple[Step, ...]:
    """The steps with the comparisons that each condition came from as premises; a repeated step once."""
    from dataclasses import replace

    kept: list[Step] = []
    for step in steps:
        if any(step.label == other.label for other in kept):
            continue
        name = step.label.rsplit(".", 1)[0]
        kept.append(replace(step, uses=step.uses + sources[name]) if name in sources else step)
    return tuple(kept)


def _ordered(found: tuple[Condition, ...]) -> list[Boolean]:
    """Conditions on parameters first, then those on the discount factor; trivial ones left out."""
    first = [item.relation for item in found if item.kind == "parameter"]
    first += [item.needs for item in found if item.needs is not None]
    last = [item.relation for item in found if item.kind in ("raw", "root", "upper", "lower", "equal")]
    return list(dict.fromkeys(first + last))


def _chain(conditions: list[Boolean], label: str, given: tuple[Boolean, ...]) -> CaseChain:
    failing = [(*conditions[:index], Not(item)) for index, item in enumerate(conditions)]
    return CaseChain(label=label, given=given, conditions=tuple(conditions), regions=(tuple(conditions), *failing))


def _regimes(
    play: Play,
    found: tuple[Condition, ...],
    tables: tuple[DiscountedValues, ...],
    discount: Symbol,
    root: Symbol,
    given: tuple[Boolean, ...],
) -> tuple[tuple[Regime, ...], tuple[Case, ...], tuple[Step, ...]]:
    lowers = [item for item in found if item.kind == "lower"]
    roots = [item for item in found if item.kind == "root"]
    path = {symbol: table.values[table.states.index(start(play))] for symbol, table in zip(play.payoffs, tables, strict=False)}
    if any(item.kind == "never" for item in found):
        regime = Regime("not an equilibrium", (), _reported(play, None, False, {}))
        return (regime,), (Case((), regime.values),), ()
    splits: list[tuple[tuple[Boolean, ...], Expr | None, tuple[Condition, ...]]] = []
    others = tuple(item for item in found if item.kind != "lower")
    steps: list[Step] = []
    if len(lowers) == 2 and not roots:
        one, two = lowers
        assert one.bound is not None and two.bound is not None
        larger = balanced(split(one.bound - two.bound, given).core, ">=")
        steps.append(_chain([larger], f"{play.key}.larger", ()))
        splits = [((larger,), one.bound, (*others, one)), ((Not(larger),), two.bound, (*others, two))]
    elif len(lowers) == 1 and not roots:
        splits = [((), lowers[0].bound, found)]
    elif not lowers and len(roots) == 1:
        splits = [((), root, found)]
    elif not lowers and not roots:
        equal = [item.bound for item in found if item.kind == "equal"]
        always = not _ordered(found)
        splits = [((), equal[0] if equal else Integer(0) if always else None, found)]
    else:
        splits = [((), sympy.Max(*[item.bound for item in lowers]) if not roots else None, found)]
    regimes: list[Regime] = []
    for region, bound, mine in splits:
        conditions = _ordered(mine)
        implicit = _implicit(roots, root) if bound == root else ()
        suffix = "" if len(splits) == 1 else f" ({region[0]})"
        if not conditions:
            regimes.append(Regime("equilibrium" + suffix, region, _reported(play, bound, True, path)))
            continue
        chain = _chain(conditions, f"{play.key}.cases.{len(regimes) + 1}", region)
        steps.append(chain)
        regimes.append(Regime("equilibrium" + suffix, region + chain.regions[0], _reported(play, bound, True, path), implicit))
        knife_edge = any(isinstance(item, Eq) for item in conditions)
        for number, failing in enumerate(chain.regions[1:]):
            last = number == len(conditions) - 1
            shown = bound if last and not knife_edge else bound if bound not in (None, root) and not knife_edge else None
            name = "not an equilibrium" + (f", {number + 1}" if len(conditions) > 1 else "") + suffix
            keep = implicit if shown == root else ()
            regimes.append(Regime(name, region + failing, _reported(play, shown, False, {}), keep))
    cases = tuple(Case(regime.region, regime.values) for regime in regimes)
    return tuple(regimes), cases, tuple(steps)


def _implicit(roots: list[Condition], root: Symbol) -> tuple[Implicit, ...]:
    step = next(step for step in roots[0].steps if isinstance(step, SignChangeRoot))
    return (Implicit(root, step.core, Integer(0), Integer(1), step.sign),)


def _reported(
    play: Play, bound: Expr | None, holds: bool, path: dict[Symbol, Expr]
) -> tuple[tuple[Symbol, Expr], ...]:
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


def _theorem(play: Play, found: tuple[Condition, ...], cases: tuple[Case, ...], proof: tuple[Step, ...]) -> Proposition:
    concept = "a Nash equilibrium" if play.concept == "nash" else "a subgame-perfect equilibrium"
    if any(item.kind == "never" for item in found):
        text = f"The strategies are never {concept}."
    elif not _ordered(found):
        text = f"The strategies are always {concept}."
    else:
        text = f"The strategies are {concept} exactly under the conditions listed."
    return Proposition(f"{play.key}.theorem", "proposition", play.title, text, cases, proof)
