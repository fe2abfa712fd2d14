"""The alliance of three: printed numbers, the one that contradicts the paper's own worths, and where the alliance is stable."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import sympy
from sympy import And, Rational

from derive.check.coalition import verify_solutions
from derive.coalition import derive_coalition
from derive.coalition.slips import explain, misprint, rounds_to, slips
from derive.coalition.table import Table, table
from derive.ir import symbols
from derive.solution import Solution
from models.mro_alliance.model import game
from models.mro_alliance.printed import EXAMPLE, PRINTED
from tests.coalition.coalition_games import groups, numeric, stated

POINT = dict(EXAMPLE)
phi = symbols("phi_1 phi_2 phi_3")
V_1, V_2, V_3, x_12, x_13, x_23, x_123 = symbols("V_1 V_2 V_3 x_12 x_13 x_23 x_123")
R_1, R_2 = symbols("R_1 R_2")


@cache
def solved() -> dict[str, Solution]:
    return {solution.protocol: solution for solution in derive_coalition(game)}


def example() -> Table:
    """The game at the paper's numbers."""
    symbolic = table(game)
    return replace(symbolic, worths=tuple(worth.xreplace(POINT) for worth in symbolic.worths))


def shapley() -> dict[sympy.Symbol, sympy.Expr]:
    (regime,) = solved()["shapley"].regimes
    return dict(regime.values)


def test_the_argument_holds() -> None:
    assert verify_solutions(game, tuple(solved().values())) == ()


def test_shapley_value_in_the_papers_notation() -> None:
    expected = V_1 + (x_12 + x_13) / 6 + (x_123 - x_23) / 3
    assert sympy.expand(shapley()[phi[0]] - expected) == 0


@pytest.mark.parametrize("number", PRINTED, ids=lambda number: number.symbol.name)
def test_printed_numbers(number) -> None:  # type: ignore[no-untyped-def]
    """All are reproduced but the third share: the worths give 430."""
    value = shapley()[number.symbol].xreplace(dict(number.at))
    right = rounds_to(Fraction(int(value.p), int(value.q)), number.digits)
    assert right == (number.symbol != phi[2])
    if number.symbol == phi[2]:
        assert value == 430


def test_printed_shares_exceed_the_total_that_any_shapley_value_has() -> None:
    printed = {number.symbol: Rational(number.digits) for number in PRINTED}
    assert sum(printed[one] for one in phi) == Rational("1418.3")
    assert sum(shapley()[one] for one in phi).xreplace(POINT) == 1350


def test_the_misprint_is_explained_by_exactly_one_slip() -> None:
    """With the share 505 just found for the first player put where the third one's own worth belongs, 498.3 results."""
    tried = list(slips(example(), 2))
    assert len(tried) > 50
    ((slip,),) = explain(example(), 2, "498.3")
    assert slip.value == Fraction(505 - 0, 3) + Fraction(850 - 400, 6) + Fraction(750 - 320, 6) + Fraction(1350 - 800, 3)
    assert (slip.kind, slip.coalition) == ("a player's value taken for a worth", 0)
    assert "505" in slip.detail


@pytest.mark.parametrize(("player", "digits"), [(0, "505"), (1, "415"), (2, "430")])
def test_right_digits_need_no_explanation(player: int, digits: str) -> None:
    assert explain(example(), player, digits) == ()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Fraction(300, 3) + Fraction(850, 6) + Fraction(430, 6) + Fraction(550, 3), "subtraction omitted"),
        (Fraction(300, 3) + Fraction(450, 3) + Fraction(430, 6) + Fraction(550, 3), "weight of another size"),
        (
            Fraction(300, 3) + Fraction(450, 6) + Fraction(430, 6) + Fraction(1350 - 750, 3),
            "another coalition's worth subtracted",
        ),
        (Fraction(450, 6) + Fraction(430, 6) + Fraction(550, 3), "column left out"),
    ],
)
def test_slips_made_on_purpose_are_found(value: Fraction, kind: str) -> None:
    digits = f"{float(value):.3f}"
    assert kind in {slip.kind for (slip,) in explain(example(), 2, digits)}


def test_two_slips_where_one_does_not_do() -> None:
    value = Fraction(300, 3) + Fraction(850, 6) + Fraction(750, 6) + Fraction(550, 3)
    found = explain(example(), 2, f"{float(value):.3f}")
    assert all(len(slips) == 2 for slips in found)
    assert {slip.kind for slip in found[0]} == {"subtraction omitted"}


def test_digits_out_of_reach_stay_unexplained() -> None:
    assert explain(numeric([0, 1, 1, 3]), 0, "1234.5") == ()


def test_requirement_2_as_printed_is_the_opposite_of_what_holds() -> None:
    """Superadditive for all admissible parameters; the printed inequality fails at the paper's own numbers."""
    (regime,) = solved()["superadditivity"].regimes
    assert (regime.name, regime.region) == ("holds", ())
    worths = dict(zip(range(8), example().worths, strict=True))
    assert worths[1] + worths[2] < worths[3]


def test_core_and_convexity_regions() -> None:
    assert solved()["core"].regimes[0].region == (2 * x_123 >= x_12 + x_13 + x_23,)
    assert set(solved()["shapley_core"].regimes[0].region) == {
        4 * x_123 >= 4 * x_12 + x_13 + x_23,
        4 * x_123 >= x_12 + 4 * x_13 + x_23,
        4 * x_123 >= x_12 + x_13 + 4 * x_23,
    }
    assert set(solved()["convexity"].regimes[0].region) == {x_123 >= x_12 + x_13, x_123 >= x_12 + x_23, x_123 >= x_13 + x_23}
    for concept in ("core", "shapley_core", "convexity"):
        assert And(*solved()[concept].regimes[0].region).xreplace(POINT) == sympy.true


def test_a_nonempty_core_does_not_put_the_shapley_value_into_it() -> None:
    """The paper's stability condition lets some division be stable, not this one."""
    point = {V_1: 0, V_2: 0, V_3: 0, x_12: 1, x_13: 1, x_23: 0, x_123: 1}
    exact = {symbol: sympy.Integer(value) for symbol, value in point.items()}
    assert And(*game.assumptions).xreplace(exact) == sympy.true
    assert And(*solved()["core"].regimes[0].region).xreplace(exact) == sympy.true
    assert And(*solved()["shapley_core"].regimes[0].region).xreplace(exact) == sympy.false


@pytest.mark.parametrize(
    ("weights", "stable"),
    [(("1/3", "1/3"), True), (("2/5", "3/10"), True), (("1/2", "1/3"), False), (("1/10", "1/3"), False)],
)
def test_core_stable_weights(weights: tuple[str, str], stable: bool) -> None:
    """Weights of our own, since the paper's are lost: checked against the shares and the worths directly."""
    point = POINT | dict(zip((R_1, R_2), map(Rational, weights), strict=True))
    (regime,) = solved()["revision"].regimes
    shares = [dict(regime.values)[name].xreplace(point) for name in phi]
    assert sum(shares) == 1350
    worths = example().worths
    direct = all(sum(shares[i] for i in range(3) if mask >> i & 1) >= worths[mask] for mask in range(1, 7))
    assert direct == stable
    assert (And(*solved()["revision_core"].regimes[0].region).xreplace(point) == sympy.true) == stable


def test_every_claim_of_the_paper_is_there() -> None:
    keys = [claim.key for claim in game.claims]
    assert {f"002-{number}" for number in range(1, 16)} <= set(keys)
    assert len(keys) == len(set(keys))
    for claim in game.claims:
        assert (claim.asserts is None) == bool(claim.needs)


def test_a_share_of_a_larger_table_is_explained_too() -> None:
    """Four players, worth the square of the size: each has 4. Counting the last column twice gives 4 + 7/4."""
    found = explain(table(stated("four", {"".join(group): len(group) ** 2 for group in groups(4)}, 4)), 3, "5.75")
    assert "column counted twice" in {slip.kind for (slip,) in found}


def test_the_audits_sentence_on_the_misprint() -> None:
    (item,) = [number for number in PRINTED if number.symbol == phi[2]]
    text = misprint(game, item)
    assert "V(N) = 1350" in text
    assert "1418.3" in text
    assert "The only single slip" in text
    assert "the value 505 of DPM stands for V{DSE}" in text
    assert [misprint(game, number) for number in PRINTED if number != item] == [""] * 6
