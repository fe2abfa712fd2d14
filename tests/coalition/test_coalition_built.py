"""Worths built from solved protocols: members' payoffs added up, regime by regime."""

import json

import pytest
import sympy
from sympy import Rational, S

from derive.check.coalition import verify_solutions
from derive.coalition import CoalitionGame, Member, derive_coalition
from derive.coalition.built import Names, built, worths_from_solutions
from derive.errors import Refusal, StatementError
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.pipeline import derive_entry
from derive.solution import Gap, Implicit, Regime, Solution, Without
from derive.system import catalogue

a, c, q, w, k, z = symbols("a c q w k z")
Pi_M, Pi_R = symbols("Pi_M Pi_R")
mine, yours = symbols("y_M y_R")


def solution(protocol: str, *regimes: Regime, gaps: tuple = ()) -> Solution:
    return Solution("chain", protocol, "", (a > c, c > 0), regimes, (), gaps)


def regime(manufacturer: sympy.Expr, retailer: sympy.Expr, *region: sympy.Basic, **details: object) -> Regime:
    return Regime("all", region, ((k, (a - c) ** 2), (Pi_M, manufacturer), (Pi_R, retailer)), **details)


# Spengler 1950 with demand a - p and unit cost c: alone by wholesale price, together by joint maximisation.
APART = solution("apart", regime(k / 8, k / 16))
JOINT = solution("joint", regime(k / 4, S.Zero))

MODEL = Model(
    key="chain", title="", source="", parameters=(Parameter(a, "market"), Parameter(c, "cost")), assumptions=(a > c, c > 0),
    variables=(Variable(q, "quantity"), Variable(w, "wholesale price")),
    players=(Player("M", (w - c) * q, Pi_M), Player("R", (a - q - w) * q, Pi_R)),
    protocols=(
        Protocol("apart", "", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (q,)),)))),
        Protocol("joint", "", (Stage((Decision(("M", "R"), (q,)),)),)),
    ),
)  # fmt: skip

GAME = CoalitionGame(
    "chain_game", "", "", (Member("M", mine), Member("R", yours)),
    plays=((("M",), "apart"), (("R",), "apart"), (("M", "R"), "joint")), concepts=("shapley", "superadditivity", "core"),
)  # fmt: skip


def test_the_gain_of_integration_is_shared_equally() -> None:
    solutions = derive_coalition(GAME, MODEL, (APART, JOINT))
    (found,) = solutions[0].regimes
    values = dict(found.values)
    surplus = (a - c) ** 2
    assert sympy.expand(values[mine] - surplus * (Rational(1, 8) + Rational(1, 32))) == 0
    assert sympy.expand(values[yours] - surplus * (Rational(1, 16) + Rational(1, 32))) == 0
    assert verify_solutions(built(GAME, MODEL, (APART, JOINT)), solutions) == ()


def test_regimes_become_cases_of_the_worth() -> None:
    kinked = solution("apart", regime(k / 8, S.Zero, a > 2 * c), regime(S.Zero, k / 9, a <= 2 * c))
    game = built(GAME, MODEL, (kinked, JOINT))
    solutions = derive_coalition(game)
    assert verify_solutions(game, solutions) == ()
    assert {one.region for one in solutions[0].regimes} == {(a > 2 * c,), (a <= 2 * c,)}


def test_what_cannot_be_added_up_is_refused() -> None:
    open_end = solution("apart", regime(k, k), gaps=(Gap((a > 5,), Without.UNSETTLED, ""),))
    hidden = solution("apart", regime(z, z, implicit=(Implicit(z, z**5 - z - a, S.One, S(2), 1),)))
    silent = solution("apart", Regime("all", (), ((Pi_M, a),)))
    with pytest.raises(Refusal, match="leaves part of its domain out"):
        worths_from_solutions(MODEL, [(("M",), open_end)], Names())
    with pytest.raises(Refusal, match="only implicitly"):
        worths_from_solutions(MODEL, [(("M",), hidden)], Names())
    with pytest.raises(Refusal, match="does not report"):
        worths_from_solutions(MODEL, [(("R",), silent)], Names())
    beside = solution("apart", regime(k / 8, k / 16, unique=False), regime(S.Zero, S.Zero, unique=False))
    with pytest.raises(Refusal, match="several equilibria, which pay its members differently"):
        worths_from_solutions(MODEL, [(("M",), beside)], Names())
    alike = solution("apart", regime(k / 8, k / 16, unique=False), regime(k / 8, S.Zero, unique=False))
    assert worths_from_solutions(MODEL, [(("M",), alike)], Names())
    left = solution("apart", regime(k * w, k, unique=False, free=(w,), among=(w >= 0, w <= 1)))
    with pytest.raises(Refusal, match="several equilibria"):
        worths_from_solutions(MODEL, [(("M",), left)], Names())
    with pytest.raises(StatementError, match="not a player"):
        worths_from_solutions(MODEL, [(("X",), APART)], Names())
    with pytest.raises(StatementError, match="no solution"):
        built(GAME, MODEL, (APART,))


def test_a_file_may_state_a_model_and_the_game_of_its_coalitions() -> None:
    """Spengler 1950: integration gains a sixteenth of the margin's square over the slope, and the gain is shared equally."""
    entry = catalogue.find(catalogue.home(), "docs/examples/channel_game.py")
    result = derive_entry(lambda _: None, entry, 5)
    assert {"solution.json", "game/solution.json", "game/proof.tex"} <= set(result.files)
    (shapley, *_) = json.loads(result.files["game/solution.json"])
    b = symbols("b")[0]
    stated = shapley["regimes"][0]["values"]
    values = {name: sympy.sympify(value, locals={"a": a, "b": b, "c": c}) for name, value in stated.items()}
    assert sympy.cancel(values["x_M"] - 5 * (a - b * c) ** 2 / (32 * b)) == 0
    assert sympy.cancel(values["x_R"] - 3 * (a - b * c) ** 2 / (32 * b)) == 0
    assert "earn together" in result.files["game/proof.tex"]
