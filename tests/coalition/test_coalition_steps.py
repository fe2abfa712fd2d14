"""Every kind of step: the true one is accepted, a forged one is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
import sympy
from sympy import Piecewise, Rational, S

from derive.check.coalition import VERIFIERS, Context, Rejected, verify_solutions, verify_step
from derive.coalition import CoalitionGame, Revision, derive_coalition
from derive.coalition import steps as kinds
from derive.ir import Definition, Parameter, symbols
from derive.solution import Solution
from derive.steps import Sign, Step
from tests.coalition.coalition_games import airport, alike, groups, stated, talmud, triangle

x, y, s, u, v = symbols("x y s u v")
MAJORITY = {"1": 0, "2": 0, "3": 0, "12": 1, "13": 1, "23": 1, "123": 1}
GLOVES = {**MAJORITY, "23": 0}
WEIGHTS = Revision((Rational(1, 2), Rational(1, 4), Rational(1, 4)))
GAMES: dict[str, CoalitionGame] = {
    "triangle": triangle(revision=WEIGHTS),
    "talmud": talmud(),
    "airport": airport(),
    "majority": stated("majority", MAJORITY, 3),
    "gloves": stated("gloves", GLOVES, 3),
    "alike": alike(Piecewise((x * s**2 + y, s >= 1), (0, True)), x > 0, y > 0),
    "named": stated(
        "named",
        {"1": u, "2": 0, "12": v},
        2,
        parameters=(Parameter(x, "base"), Parameter(y, "exponent")),
        named=(u, v),
        assumptions=(x > 0, y > 1),
        definitions=(Definition(u, (1 + x) ** y, "low"), Definition(v, (2 + x) ** y, "high")),
    ),
    "tau": triangle(concepts=("tau",)),
    "five": stated("five", {"".join(group): len(group) ** 2 for group in groups(5)}, 5),
}


@cache
def solutions(key: str) -> tuple[Solution, ...]:
    return derive_coalition(GAMES[key])


def bent(values: tuple, index: int, change: Callable) -> tuple:
    """A tuple with one entry changed."""
    return (*values[:index], change(values[index]), *values[index + 1 :])


def last(row: tuple) -> tuple:
    """A row with its last entry, the slack or the value, raised by one."""
    return (*row[:-1], row[-1] + 1)


FORGED: dict[type[Step], tuple[str, Callable]] = {
    kinds.Balancedness: ("triangle", lambda step: replace(step, rows=step.rows[:-1])),
    kinds.BanzhafValue: ("triangle", lambda step: replace(step, value=-step.value)),
    kinds.CharacteristicFunction: ("talmud", lambda step: replace(step, worths=bent(step.worths, 6, last))),
    kinds.Comparison: ("named", lambda step: replace(step, relation=-step.relation.lhs >= step.relation.rhs)),
    kinds.Convexity: ("triangle", lambda step: replace(step, rows=step.rows[1:])),
    kinds.CoreElement: ("gloves", lambda step: replace(step, point=(S.Zero, S.One, S.Zero))),
    kinds.CoreMembership: ("triangle", lambda step: replace(step, rows=bent(step.rows, 3, last))),
    kinds.CoreOfConvex: ("airport", lambda step: replace(step, uses=step.uses[:2])),
    kinds.Efficiency: ("triangle", lambda step: replace(step, shares=bent(step.shares, 0, last))),
    kinds.EmptyCore: ("majority", lambda step: replace(step, weights=(Rational(2, 3), Rational(1, 3), Rational(1, 3)))),
    kinds.LinearCombination: ("airport", lambda step: replace(step, relation=step.relation.reversed.negated)),
    kinds.MarginalContributions: (
        "triangle",
        lambda step: replace(step, rows=bent(step.rows, 1, lambda r: (r[0], 2 * r[1], r[2]))),
    ),
    kinds.NucleolusChain: ("gloves", lambda step: replace(step, levels=step.levels[:-1])),
    kinds.Partition: ("talmud", lambda step: replace(step, regions=step.regions[:-1])),
    kinds.ShapleyValue: ("triangle", lambda step: replace(step, value=step.value + x - y)),
    kinds.EqualShares: ("alike", lambda step: replace(step, value=2 * step.value)),
    kinds.SizeCriterion: ("alike", lambda step: replace(step, conditions=())),
    kinds.SizeWorth: ("alike", lambda step: replace(step, worth=step.worth + 1)),
    kinds.Superadditivity: ("triangle", lambda step: replace(step, rows=bent(step.rows, 0, lambda r: (r[0], r[1], -r[2])))),
    kinds.TauValue: ("five", lambda step: replace(step, position=step.position + Rational(1, 3))),
    kinds.WeightedRevision: ("triangle", lambda step: replace(step, revised=tuple(reversed(step.revised)))),
}


def test_every_kind_has_a_verifier_and_a_forgery() -> None:
    every = {
        value for value in vars(kinds).values() if isinstance(value, type) and issubclass(value, Step) and value is not Step
    }
    assert every == set(VERIFIERS) - {Sign} == set(FORGED)


@pytest.mark.parametrize("kind", sorted(FORGED, key=lambda kind: kind.__name__))
def test_the_true_step_passes_and_the_forged_one_does_not(kind: type[Step]) -> None:
    key, forge = FORGED[kind]
    context = Context(GAMES[key], ())
    for solution in solutions(key):
        context = replace(context, assumptions=solution.assumptions)
        for proposition in solution.argument:
            for step in proposition.proof:
                if type(step) is kind:
                    verify_step(step, context)
                    forged = forge(step)
                    assert forged != step
                    with pytest.raises(Rejected):
                        verify_step(forged, context)
                    return
                context.known[step.label] = step
    pytest.fail(f"{key} has no step of this kind")


@pytest.mark.parametrize("key", sorted(GAMES))
def test_whole_arguments_pass(key: str) -> None:
    assert verify_solutions(GAMES[key], solutions(key)) == ()


def test_signs_come_with_certificates_that_are_replayed() -> None:
    """Worths that are squares: superadditivity needs the prover, and its certificate is for this relation and nothing else."""
    a, c = symbols("a c")
    game = stated(
        "squares", {"1": (a - c) ** 2 / 8, "2": (a - c) ** 2 / 16, "12": (a - c) ** 2 / 4}, 2,
        parameters=(Parameter(a, "size"), Parameter(c, "cost")), assumptions=(a > c, c > 0),
    )  # fmt: skip
    found = {one.protocol: one for one in derive_coalition(game)}
    (regime,) = found["superadditivity"].regimes
    assert regime.region == ()
    assert verify_solutions(game, tuple(found.values())) == ()
    step = next(one for p in found["superadditivity"].argument for one in p.proof if isinstance(one, Sign))
    context = Context(game, game.assumptions)
    verify_step(step, context)
    for forged in (replace(step, relation=a > 2 * c), replace(step, relation=step.relation.negated)):
        with pytest.raises(Rejected):
            verify_step(forged, context)
    with pytest.raises(Rejected):
        verify_step(step, Context(game, ()))


@pytest.mark.parametrize("key", ["airport", "triangle"])
def test_costs_are_not_taken_for_worths(key: str) -> None:
    solution = solutions(key)[0]
    step = solution.argument[0].proof[0]
    context = Context(GAMES[key], solution.assumptions)
    verify_step(step, context)
    with pytest.raises(Rejected):
        verify_step(replace(step, cost=not step.cost), context)


def test_more_forgeries_of_the_nucleolus() -> None:
    """Shares moved, a level's weights moved, an excess lowered, a proof of order taken from elsewhere."""
    (solution,) = [one for one in solutions("triangle") if one.protocol == "nucleolus"]
    context = Context(
        GAMES["triangle"],
        solution.assumptions,
        {s.label: s for one in solutions("triangle") for p in one.argument for s in p.proof},
    )
    step = next(s for p in solution.argument for s in p.proof if isinstance(s, kinds.NucleolusChain))
    verify_step(step, context)
    (first, one), (second, two), third = step.shares
    level = step.levels[0]
    forgeries = [
        replace(step, shares=((first, one + x), (second, two - x), third)),
        replace(step, levels=(replace(level, excess=level.excess - 1), *step.levels[1:])),
        replace(step, levels=(replace(level, weights=level.weights[:-1]), *step.levels[1:])),
        replace(step, proofs=step.proofs[1:]),
        replace(step, given=()),
    ]
    for forged in forgeries:
        with pytest.raises(Rejected):
            verify_step(forged, context)


def test_a_kink_cannot_be_resolved_at_will() -> None:
    solution = solutions("talmud")[0]
    context = Context(GAMES["talmud"], solution.assumptions)
    step = solution.argument[0].proof[0]
    assert isinstance(step, kinds.CharacteristicFunction)
    choice = step.choices[0]
    other = next(value for value in choice.kink.args if value != choice.value)
    forged = [replace(choice, value=other), replace(choice, proofs=()), replace(choice, kink=sympy.Max(0, x), value=x)]
    for one in forged:
        with pytest.raises(Rejected):
            verify_step(replace(step, choices=(one, *step.choices[1:])), context)


def test_premises_must_be_shown_before_and_on_the_same_region() -> None:
    first, second = (proposition.proof[0] for proposition in solutions("talmud")[0].argument[:3:2])
    context = Context(GAMES["talmud"], solutions("talmud")[0].assumptions)
    share = solutions("talmud")[0].argument[1].proof[1]
    with pytest.raises(Rejected, match="not shown before"):
        verify_step(share, context)
    context.known |= {step.label: step for step in (first, second)}
    foreign = replace(share, uses=(second.label,))
    with pytest.raises(Rejected, match="outside its region"):
        verify_step(foreign, context)


@pytest.mark.parametrize(
    ("key", "concept"),
    [("talmud", "nucleolus"), ("talmud", "shapley"), ("talmud", "banzhaf"), ("triangle", "core"), ("triangle", "shapley_core")],
)
def test_forged_regimes_are_rejected(key: str, concept: str) -> None:
    """Every step is true and yet the solution is not: values swapped between regions, a regime left out, two of them at once."""
    (genuine,) = [one for one in solutions(key) if one.protocol == concept]
    before = tuple(one for one in solutions(key) if one.protocol == "shapley" and one is not genuine)
    first, second, *rest = genuine.regimes
    swapped = (replace(first, values=second.values), replace(second, values=first.values), *rest)
    players = tuple(symbol for symbol, _ in first.values)
    exchanged = tuple(zip(players, (value for _, value in reversed(first.values)), strict=True))
    forgeries = [
        replace(genuine, regimes=swapped),
        replace(genuine, regimes=(second, *rest)),
        replace(genuine, regimes=(replace(first, region=()), second, *rest)),
        replace(genuine, regimes=(replace(first, values=tuple((s, v + 1) for s, v in first.values)), second, *rest)),
    ]
    if concept in ("shapley", "banzhaf") and exchanged != first.values:
        forgeries.append(replace(genuine, regimes=(replace(first, values=exchanged), second, *rest)))
    for forged in forgeries:
        assert verify_solutions(GAMES[key], (*before, forged)), forged.regimes


def test_forged_cases_of_propositions_are_rejected() -> None:
    (genuine,) = [one for one in solutions("talmud") if one.protocol == "nucleolus"]
    shapley = solutions("talmud")[0]
    stated = genuine.argument[0]
    wrong = replace(stated, cases=(replace(stated.cases[0], values=tuple((s, v / 2) for s, v in stated.cases[0].values)),))
    assert verify_solutions(GAMES["talmud"], (shapley, replace(genuine, argument=(wrong, *genuine.argument[1:]))))


def _with_nothing_compared(step: kinds.TauValue) -> kinds.TauValue:
    return replace(step, proofs=())


def _where_the_bounds_agree(step: kinds.TauValue) -> kinds.TauValue:
    return replace(step, position=S.One, shares=tuple(zip((one for one, _ in step.shares), step.upper, strict=True)))


def _with_another_maximum(step: kinds.TauValue) -> kinds.TauValue:
    lower = bent(step.lower, 0, lambda value: value - x)
    along = (low + step.position * (high - low) for low, high in zip(lower, step.upper, strict=True))
    return replace(step, lower=lower, shares=tuple(zip((one for one, _ in step.shares), along, strict=True)))


@pytest.mark.parametrize("forge", [_with_nothing_compared, _where_the_bounds_agree, _with_another_maximum])
def test_a_tau_value_of_symbolic_worths_needs_its_comparisons(forge: Callable) -> None:
    context = Context(GAMES["tau"], GAMES["tau"].assumptions)
    steps = [step for solution in solutions("tau") for one in solution.argument for step in one.proof]
    context.known.update({step.label: step for step in steps})
    first = next(step for step in steps if isinstance(step, kinds.TauValue) and not step.position.is_Rational)
    verify_step(first, context)
    with pytest.raises(Rejected):
        verify_step(forge(first), context)
