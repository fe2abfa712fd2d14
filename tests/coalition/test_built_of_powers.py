"""Worths that are powers with symbolic exponents: named throughout, compared by proofs about their ratios, valued in the evaluator."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest
import sympy
from sympy import Rational, S

from derive.check.coalition import verify_solutions
from derive.check.coalition_built import verify_worths
from derive.coalition import PROPERTIES, CoalitionGame, Member, derive_coalition
from derive.coalition import steps as kinds
from derive.coalition.built import built
from derive.coalition.named import in_ratios, written_out
from derive.content import NOTHING_KEPT
from derive.errors import Rejection
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.pipeline import Work, _with_worths, derive_statement, work_through
from derive.solution import Solution

a, b, c, w, p, Pi_M, Pi_R, x_M, x_R = symbols("a b c w p Pi_M Pi_R x_M x_R")

# Demand a p^-b: the manufacturer's mark-up is b/(b - 1), so is the retailer's on top of it, and one firm's.
MODEL = Model(
    key="markups", title="", source="", parameters=tuple(Parameter(one, "") for one in (a, b, c)), assumptions=(a > 0, b > 1, c > 0),
    variables=(Variable(w, "wholesale price", (w > 0,)), Variable(p, "retail price", (p > 0,))),
    players=(Player("M", (w - c) * a * p ** (-b), Pi_M), Player("R", (p - w) * a * p ** (-b), Pi_R)),
    protocols=(
        Protocol("apart", "", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (p,)),)))),
        Protocol("together", "", (Stage((Decision(("M", "R"), (p,)),)),)),
    ),
)  # fmt: skip
GAME = CoalitionGame(
    "markups_game", "", "", (Member("M", x_M), Member("R", x_R)),
    plays=((("M",), "apart"), (("R",), "apart"), (("M", "R"), "together")),
    concepts=("shapley", "superadditivity", "core", "nucleolus"),
)  # fmt: skip


@cache
def solved() -> tuple[CoalitionGame, tuple[Solution, ...]]:
    game = built(GAME, MODEL, derive_statement(MODEL))
    return game, derive_coalition(game)


def found(concept: str) -> Solution:
    return next(one for one in solved()[1] if one.protocol == concept)


def test_worths_stay_names_with_the_values_that_theory_gives() -> None:
    game, _ = solved()
    assert len(game.named) == 3
    assert all(worth in game.named for _, worth in game.worths)
    values = {item.symbol: item.value for item in game.definitions}
    once, twice = b * c / (b - 1), b**2 * c / (b - 1) ** 2
    expected = (a * twice**-b * c / (b - 1), a * twice**-b * once / (b - 1), a * once**-b * c / (b - 1))
    at = {a: S(3), b: S(3), c: Rational(2)}
    assert [values[worth].xreplace(at) for _, worth in game.worths] == [one.xreplace(at) for one in expected]


def test_integration_pays_by_bernoullis_inequality() -> None:
    """(1 + 1/(b - 1))^b >= 1 + b/(b - 1): proved for every elasticity, so the game is superadditive and its core not empty."""
    for concept in ("superadditivity", "core"):
        (regime,) = found(concept).regimes
        assert (regime.region, regime.values) == ((), ((PROPERTIES[concept], S.One),))
    proved = [step for step in found("shapley").argument[0].proof if isinstance(step, kinds.Comparison)]
    claim = proved[-1].certificate.claim
    assert claim.lhs.exp == b
    assert sympy.cancel(claim.lhs.base - b / (b - 1)) == 0


def test_both_receive_half_of_what_integration_gains() -> None:
    game, _ = solved()
    (regime,) = found("shapley").regimes
    apart, other, whole = (worth for _, worth in game.worths)
    assert dict(regime.values)[x_M] == sympy.expand(apart + (whole - apart - other) / 2)
    assert regime.resolved()[x_M].free_symbols == {a, b, c}
    (nucleolus,) = found("nucleolus").regimes
    assert dict(nucleolus.values)[x_M] == dict(regime.values)[x_M]


def test_every_step_is_verified_and_forged_comparisons_are_not() -> None:
    game, solutions = solved()
    assert verify_solutions(game, solutions) == ()
    first, *rest = solutions
    opening = first.argument[0]
    comparison = opening.proof[-1]
    forgeries = (
        replace(comparison, scale=-comparison.scale),
        replace(comparison, positivity=None),
        replace(comparison, relation=comparison.relation.lhs >= 2 * comparison.relation.rhs),
        replace(comparison, certificate=comparison.positivity),
    )
    for forged in forgeries:
        changed = replace(first, argument=(replace(opening, proof=(*opening.proof[:-1], forged)), *first.argument[1:]))
        assert verify_solutions(game, (changed, *rest)) != ()


def test_a_forged_worth_is_refused() -> None:
    """The checker finds what the members earn from the model's objectives, not from what the solutions report."""
    game, _ = solved()
    solutions = derive_statement(MODEL)
    assert verify_worths(GAME, game, MODEL, solutions) == ()
    (mine, worth), *others = game.worths
    swapped = ((mine, others[0][1]), (others[0][0], worth), others[1])
    doubled = tuple(replace(item, value=2 * item.value) for item in game.definitions)
    for forged in (
        replace(game, worths=swapped),
        replace(game, worths=tuple(others)),
        replace(game, definitions=doubled),
        replace(game, assumptions=(*game.assumptions, b > 2)),
    ):
        assert verify_worths(GAME, forged, MODEL, solutions) != ()


def test_a_payoff_misreported_does_not_become_a_worth() -> None:
    """The retailer's payoff is doubled in the solution: what is built on it is not accepted."""
    apart, together = derive_statement(MODEL)
    (regime,) = apart.regimes
    values = tuple((symbol, 2 * value if symbol == Pi_R else value) for symbol, value in regime.values)
    forged = replace(apart, regimes=(replace(regime, values=values),))
    with pytest.raises(Rejection, match="its members earn"):
        _with_worths(GAME, Work(MODEL, solutions=(forged, together)), NOTHING_KEPT)


def test_document_and_evaluator() -> None:
    game, _ = solved()
    files = dict(work_through(game, 4).files)
    space: dict[str, object] = {}
    exec(files["evaluator.py"], space)
    at = {"a": 3.0, "b": 3.0, "c": 2.0}
    result = space["shapley"](**at)  # type: ignore[operator]
    apart, other, whole = 3 * 4.5**-3 * 1, 3 * 4.5**-3 * 1.5, 3 * 3.0**-3 * 1
    assert result.x_M == pytest.approx(apart + (whole - apart - other) / 2, rel=1e-14)
    assert r"\left( \frac{b}{b - 1} \right)^b \geq \frac{2 b - 1}{b - 1}" in files["proof.tex"]
    assert json.loads(files["solution.json"])[0]["regimes"][0]["values"]["x_M"].count("Pi_M_apart") == 1


def test_ratios() -> None:
    """A comparison of two powers is divided by what they have in common, whichever way it is written."""
    u, v = symbols("u v")
    values = {u: 6 * a * (2 * c) ** -b, v: 2 * a * (3 * c) ** -b}
    claim, scale = in_ratios(written_out(u >= 4 * v, values))
    assert claim == (Rational(3, 2) ** b >= Rational(4, 3))
    assert sympy.simplify(scale * (claim.lhs - claim.rhs) - (values[u] - 4 * values[v])) == 0
    three = written_out(u >= v + 1, values)
    assert in_ratios(three) == (three, S.One)
