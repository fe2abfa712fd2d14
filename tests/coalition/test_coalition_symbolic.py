"""Symbolic games: formulas, regions and covering of the parameters against the literature and numeric solutions."""

import random
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import sympy
from sympy import And, Max, Min, Or, Rational, S

from derive.check.coalition import verify_solutions
from derive.coalition import PROPERTIES, CoalitionGame, derive_coalition
from derive.coalition.nucleolus import nucleolus
from derive.coalition.table import table
from derive.ir import Definition, Parameter, symbols
from derive.solution import Regime, Solution, Without
from models.mro_alliance.model import game as mro
from tests.coalition.coalition_games import airport, groups, seats, shapley_by_arrival, stated, talmud, triangle

E, x, y, z = symbols("E x y z")
c1, c2, c3, c4 = symbols("c1 c2 c3 c4")
phi = symbols("phi_1 phi_2 phi_3 phi_4")
GAMES = {"talmud": talmud(), "airport": airport(), "triangle": triangle()}


@cache
def solved(key: str) -> dict[str, Solution]:
    return {solution.protocol: solution for solution in derive_coalition(GAMES[key])}


def at(solution: Solution, point: dict[sympy.Symbol, Rational]) -> list[Regime]:
    """The regimes whose region holds at a point."""
    return [one for one in solution.regimes if And(*one.region).xreplace(point) == sympy.true]


def value(regime: Regime, symbol: sympy.Symbol) -> sympy.Expr:
    """What a regime says a symbol is."""
    return dict(regime.values)[symbol]


def points(key: str, count: int) -> list[dict[sympy.Symbol, Rational]]:
    """Admissible points, corners of the regions among them."""
    source = random.Random(key)
    game = GAMES[key]
    names = [parameter.symbol for parameter in game.parameters]
    scale = {"talmud": 600, "airport": 24, "triangle": 1}[key]
    steps = {"talmud": 12, "airport": 24, "triangle": 12}[key]
    found = []
    while len(found) < count:
        values = sorted(Rational(scale * source.randint(0, steps), steps) for _ in names)
        point = dict(zip(names, values if key == "airport" else source.sample(values, len(values)), strict=True))
        if And(*game.assumptions).xreplace(point) == sympy.true:
            found.append(point)
    return found


@pytest.mark.parametrize("key", sorted(GAMES))
def test_every_step_is_verified(key: str) -> None:
    assert verify_solutions(GAMES[key], tuple(solved(key).values())) == ()


@pytest.mark.parametrize("key", sorted(GAMES))
def test_regimes_cover_and_agree_with_the_numeric_games(key: str) -> None:
    game = GAMES[key]
    names = tuple(member.share for member in game.players)
    for point in points(key, 60):
        values = [Fraction(int(v.p), int(v.q)) for v in (worth.xreplace(point) for worth in table(game).worths)]
        gains = values if game.kind == "value" else [-value for value in values]
        expected = {"shapley": shapley_by_arrival(values)}
        found = nucleolus(gains, individually_rational=True)
        assert found is not None
        expected["nucleolus"] = [share if game.kind == "value" else -share for share in found.shares]
        for concept, shares in expected.items():
            regimes = at(solved(key)[concept], point)
            assert regimes, f"{concept} leaves {point} out"
            for regime in regimes:
                assert [value(regime, name).xreplace(point) for name in names] == shares


@pytest.mark.parametrize("key", sorted(GAMES))
def test_regimes_are_disjoint_unless_a_warning_says_so(key: str) -> None:
    for concept, solution in solved(key).items():
        left_out = [Or(*(And(*gap.region) for gap in solution.gaps)).xreplace(point) for point in points(key, 40)]
        found = [len(at(solution, point)) for point in points(key, 40)]
        overlaps = [number for number, gap in zip(found, left_out, strict=True) if number != int(gap == sympy.false)]
        assert not overlaps or any("corners" in warning for warning in solution.warnings), concept


def test_triangle_regions_are_the_published_ones() -> None:
    """Bondareva 1963, Shapley 1967: the core is not empty iff x + y + z <= 2."""
    core = solved("triangle")["core"].regimes
    assert [(one.name, one.region) for one in core] == [("holds", (x + y + z <= 2,)), ("fails", (x + y + z > 2,))]
    inside = solved("triangle")["shapley_core"].regimes[0]
    assert set(inside.region) == {4 * x + y + z <= 4, x + 4 * y + z <= 4, x + y + 4 * z <= 4}
    shapley = solved("triangle")["shapley"].regimes[0]
    assert sympy.expand(value(shapley, phi[0]) - (2 + x + y - 2 * z) / 6) == 0


def test_triangle_counterexample_to_shapley_in_a_nonempty_core() -> None:
    point = {x: Rational(9, 10), y: Rational(9, 10), z: S.Zero}
    assert at(solved("triangle")["core"], point)[0].name == "holds"
    assert at(solved("triangle")["shapley_core"], point)[0].name == "fails"


def test_talmud_nucleolus_has_the_five_published_pieces() -> None:
    """Aumann and Maschler 1985."""
    pieces = [(one.region, tuple(value(one, name) for name in phi[:3])) for one in solved("talmud")["nucleolus"].regimes]
    expected = [
        (150, (E / 3, E / 3, E / 3)),
        (250, (S(50), (E - 50) / 2, (E - 50) / 2)),
        (350, (S(50), S(100), E - 150)),
        (450, (S(50), 100 + (E - 350) / 2, 200 + (E - 350) / 2)),
        (600, tuple(claim - (600 - E) / 3 for claim in (100, 200, 300))),
    ]
    assert len(pieces) == 5
    for top, shares in expected:
        (found,) = [values for region, values in pieces if And(*region).xreplace({E: S(top) - 1}) == sympy.true]
        assert all(sympy.expand(a - b) == 0 for a, b in zip(found, shares, strict=True))


@pytest.mark.parametrize("key", ["talmud", "airport"])
def test_convex_games_are_shown_convex_for_all_parameters(key: str) -> None:
    for concept in ("convexity", "superadditivity", "core", "shapley_core"):
        (regime,) = solved(key)[concept].regimes
        assert (regime.region, regime.values) == ((), ((PROPERTIES[concept], S.One),))


def test_airport_shapley_is_littlechild_and_owens() -> None:
    (regime,) = solved("airport")["shapley"].regimes
    published = (c1 / 4, c1 / 4 + (c2 - c1) / 3, c1 / 4 + (c2 - c1) / 3 + (c3 - c2) / 2)
    published += (published[2] + c4 - c3,)
    assert regime.region == ()
    assert all(sympy.expand(value(regime, name) - share) == 0 for name, share in zip(phi, published, strict=True))


@pytest.mark.parametrize("point", [(8, 11, 13, 18), (3, 10, 14, 30), (5, 5, 5, 5), (1, 1, 9, 9), (6, 8, 20, 21)])
def test_airport_nucleolus_is_littlechilds_recursion(point: tuple[int, ...]) -> None:
    """Littlechild 1974."""
    x1 = Min(S(point[0]) / 2, S(point[1]) / 3, S(point[2]) / 4, S(point[3]) / 4)
    x2 = Min((point[1] - x1) / 2, (point[2] - x1) / 3, (point[3] - x1) / 3)
    x3 = Min((point[2] - x1 - x2) / 2, (point[3] - x1 - x2) / 2)
    values = dict(zip((c1, c2, c3, c4), map(S, point), strict=True))
    for regime in at(solved("airport")["nucleolus"], values):
        assert [value(regime, name).xreplace(values) for name in phi] == [x1, x2, x3, point[3] - x1 - x2 - x3]


def test_five_symbolic_players() -> None:
    """Five players with a symbol for every worth: all but what is refused with its reason, the core among it."""
    names = "12345"
    worth = symbols(" ".join(f"w_{k}" for k in range(1, 32)))
    groups = {"".join(names[i] for i in range(5) if k >> i & 1): worth[k - 1] for k in range(1, 32)}
    game = stated("five", groups, 5, parameters=tuple(Parameter(one, "worth") for one in worth))
    solutions = derive_coalition(game)
    assert verify_solutions(game, solutions) == ()
    assert {one.protocol for one in solutions} >= {"shapley", "superadditivity", "convexity", "shapley_core"}
    assert any(warning.startswith("core: ") for warning in solutions[0].warnings)


def test_quadratic_worths() -> None:
    """Worths that are polynomials: (number of members * a)**2 for a > 0 is convex, and everybody gets the same."""
    (a,) = symbols("a")
    game = stated(
        "squares", {"1": a**2, "2": a**2, "3": a**2, "12": 4 * a**2, "13": 4 * a**2, "23": 4 * a**2, "123": 9 * a**2}, 3,
        parameters=(Parameter(a, "size"),), assumptions=(a**2 > 0,),
    )  # fmt: skip
    solutions = {one.protocol: one for one in derive_coalition(game)}
    assert solutions["convexity"].regimes[0].region == ()
    assert value(solutions["shapley"].regimes[0], phi[0]) == 3 * a**2
    assert verify_solutions(game, tuple(solutions.values())) == ()


def test_maximum_of_two_projects() -> None:
    """A kink that cuts the parameters in two: the pieces exclude each other and every step holds on its own piece."""
    a, b = symbols("a b")
    game = stated(
        "two",
        {"1": 0, "2": 0, "12": Max(a, b)},
        2,
        parameters=(Parameter(a, ""), Parameter(b, "")),
        assumptions=(a >= 0, b >= 0),
    )
    solutions = derive_coalition(game)
    assert verify_solutions(game, solutions) == ()
    shapley = solutions[0]
    assert {value(one, phi[0]) for one in shapley.regimes} == {a / 2, b / 2}
    for point in ({a: S(3), b: S(1)}, {a: S(1), b: S(3)}, {a: S(2), b: S(2)}):
        assert len(at(shapley, point)) == 1
        assert value(at(shapley, point)[0], phi[0]).xreplace(point) == Max(a, b).xreplace(point) / 2


def test_printed_data_change_no_formula() -> None:
    assert mro.printed
    assert derive_coalition(replace(mro, printed=(), claims=())) == derive_coalition(mro)


def test_a_convex_game_has_a_core_whatever_the_number_of_requirements() -> None:
    """Shapley 1971, on costs with roots: what is saved by ordering together (the balanced collections alone would not settle it)."""
    a, b, c = symbols("a b c")
    names = ("1", "2", "3")
    amounts = dict(zip(names, (a, b, c), strict=True))
    worths = {"".join(group): sympy.sqrt(sum(amounts[name] for name in group)) for group in groups(3)}
    game = stated(
        "orders", worths, 3, kind="cost", parameters=tuple(Parameter(one, "orders") for one in (a, b, c)),
        assumptions=(a > 0, b > 0, c > 0), concepts=("shapley", "convexity", "core", "shapley_core"),
    )  # fmt: skip
    solutions = derive_coalition(game)
    assert [dict(one.regimes[0].values) for one in solutions[1:]] == [
        {PROPERTIES[key]: 1} for key in ("convexity", "core", "shapley_core")
    ]
    assert verify_solutions(game, solutions, 8) == ()


def test_five_landing_fees() -> None:
    """Littlechild 1974: the nucleolus of the airport game by its recursion, here for five runways at random costs."""
    costs = symbols("c1 c2 c3 c4 c5")
    players = seats(5, indicators=True)
    game = CoalitionGame(
        "five", "five", "", players, kind="cost",
        rule=sympy.Max(*(cost * player.indicator for cost, player in zip(costs, players, strict=True))),
        parameters=tuple(Parameter(cost, "cost") for cost in costs),
        assumptions=(costs[0] > 0, *(costs[i] <= costs[i + 1] for i in range(4))), concepts=("nucleolus",),
    )  # fmt: skip
    (nucleolus,) = [one for one in derive_coalition(game) if one.protocol == "nucleolus"]
    rng = random.Random(5)
    for _ in range(30):
        numbers = sorted(Rational(rng.randint(1, 40)) for _ in costs)
        paid: list[Rational] = []
        for i in range(4):
            left = [numbers[k] - sum(paid) for k in range(5)]
            paid.append(min(*(left[k] / (k - i + 2) for k in range(i, 4)), left[4] / (5 - i)))
        paid.append(numbers[4] - sum(paid))
        at = dict(zip(costs, numbers, strict=True))
        here = [one for one in nucleolus.regimes if all(relation.xreplace(at) == sympy.true for relation in one.region)]
        assert here
        for regime in here:
            assert [dict(regime.values)[player.share].xreplace(at) for player in players] == paid


def test_that_a_property_fails_is_said_only_where_some_parameters_are_known() -> None:
    """Three to a power against one and two to that power: superadditive wherever anybody has looked, and not proved so."""
    low, mid, high, base, power = symbols("low mid high base power")
    game = stated(
        "powers", {"1": low, "2": mid, "12": high}, 2, named=(low, mid, high), concepts=("superadditivity",),
        parameters=(Parameter(base, "base"), Parameter(power, "exponent")),
        assumptions=(base >= 0, base <= Rational(1, 2), power >= Rational(3, 2)),
        definitions=(
            Definition(low, (1 + base) ** power, ""),
            Definition(mid, (2 + base) ** power, ""),
            Definition(high, (3 + base) ** power, ""),
        ),
    )  # fmt: skip
    found = derive_coalition(game)
    (regime,) = found[-1].regimes
    assert regime.name == "holds"
    assert all(gap.kind is Without.UNSETTLED for gap in found[-1].gaps)
    assert verify_solutions(game, found) == ()
    wider = replace(game, assumptions=(base >= 0, power >= Rational(3, 2)))
    assert [one.name for one in derive_coalition(wider)[-1].regimes] == ["holds", "fails"]


def test_a_core_that_is_empty_whatever_the_parameters_is_counted_by_its_balanced_collections() -> None:
    """Costs depend on x, but the balanced collections of slack below zero show it: 12 and 3 together pay 2 too little."""
    worths = {"1": 0, "2": 0, "3": 0, "12": x / 2, "13": x, "23": 0, "123": x / 2 + 2}
    game = stated("levy", worths, 3, kind="cost", concepts=("core",), parameters=(Parameter(x, "levy"),), assumptions=(x >= 0,))
    found = derive_coalition(game)
    core = found[-1]
    regime = core.regimes[0]
    assert len(core.regimes) == 1
    assert regime.region == ()
    assert value(regime, PROPERTIES["core"]) == 0
    assert verify_solutions(game, found) == ()
    forged = replace(core, regimes=(replace(regime, values=((PROPERTIES["core"], S.One),)),))
    assert verify_solutions(game, (*found[:-1], forged)) != ()
