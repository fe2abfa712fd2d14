"""Games of the literature, by kind: costs and profits, bankruptcy, voting, markets, sequencing, museums, rivers; each with its source."""

from __future__ import annotations

import pytest
import sympy
from sympy import Expr, Max, Min, Rational, S
from sympy.logic.boolalg import Boolean

from derive.check.coalition import verify_solutions
from derive.coalition import CoalitionGame, derive_coalition
from derive.coalition.ir import LEAST_EXCESS, PROPERTIES
from derive.errors import Refusal
from derive.ir import Parameter, symbols
from derive.solution import Regime
from tests.coalition.coalition_games import seats, stated, voting

a, b, g12, g13, g23 = symbols("a b g12 g13 g23")
c1, c2, c3 = symbols("c1 c2 c3")
n1, n2, n3, n12, n13, n23, n123 = symbols("n1 n2 n3 n12 n13 n23 n123")


def ruled(n: int, rule: object, assumptions: tuple[Boolean, ...] = (), **details: object) -> CoalitionGame:
    """A game by a rule in the indicators of n players."""
    players = seats(n, indicators=True)
    marks = [player.indicator for player in players]
    worth = rule(*marks)  # type: ignore[operator]
    free = sorted(worth.free_symbols - set(marks), key=str)
    return CoalitionGame(
        "ruled", "ruled", "", players, rule=worth, parameters=tuple(Parameter(one, "given") for one in free),
        assumptions=assumptions, **details,
    )  # fmt: skip


def listed(worths: dict[str, object], assumptions: tuple[Boolean, ...] = (), **details: object) -> CoalitionGame:
    """A game of three by its seven worths, parameters those that occur."""
    free = sorted({s for worth in worths.values() for s in sympy.sympify(worth).free_symbols}, key=str)
    return stated(
        "listed", worths, 3, parameters=tuple(Parameter(one, "given") for one in free), assumptions=assumptions, **details
    )


def bankruptcy(estate: int) -> CoalitionGame:
    claims = (100, 200, 300)
    return ruled(3, lambda *marks: Max(0, estate - sum(c * (1 - mark) for c, mark in zip(claims, marks, strict=True))))


def trees(edges: dict[str, int]) -> CoalitionGame:
    """The cost of connecting a coalition to the source 0 over its own edges, by trying all spanning trees of up to three members."""

    def cost(members: str) -> int:
        nodes, total, reached = set(members), 0, {"0"}
        while nodes:
            price, node = min((edges["".join(sorted(u + w))], w) for u in reached for w in nodes)
            total, reached, nodes = total + price, reached | {node}, nodes - {node}
        return total

    return stated("trees", {key: cost(key) for key in ("1", "2", "3", "12", "13", "23", "123")}, 3, kind="cost")


TVA = {"1": 163520, "2": 140826, "3": 250096, "12": 301607, "13": 378821, "23": 367370, "123": 412584}
SAVED = {key: sum(TVA[one] for one in key) - cost for key, cost in TVA.items()}
HOUSE = listed({"1": 0, "2": 0, "3": 0, "12": a, "13": b, "23": 0, "123": b}, (a > 0, b > a))
BOSS = listed({"1": 0, "2": 0, "3": 0, "12": 5, "13": 6, "23": 0, "123": 9})
GLOVES = ruled(5, lambda v, w, x, y, z: Min(v + w, x + y + z))
SHIFTED = listed({"1": -3, "2": -3, "3": 4, "12": -2, "13": 1, "23": 1, "123": 2})

VALUES: list[tuple[str, CoalitionGame, str, tuple[object, ...]]] = [
    ("Tennessee Valley, Straffin and Heaney 1981", stated("tva", TVA, 3, kind="cost"), "shapley", (117829, "201513/2", "387997/2")),
    ("Tennessee Valley, Young 1994", stated("tva", TVA, 3, kind="cost"), "nucleolus", (116234, 93540, 202810)),
    ("what Tennessee saves, the same division", stated("tva", SAVED, 3), "shapley", (45691, "80139/2", "112195/2")),
    ("run on the bank, O'Neill 1982", bankruptcy(200), "shapley", ("100/3", "250/3", "250/3")),
    ("Talmud, Aumann and Maschler 1985", bankruptcy(200), "nucleolus", (50, 75, 75)),
    ("Talmud, Aumann and Maschler 1985", bankruptcy(100), "nucleolus", ("100/3", "100/3", "100/3")),
    ("apex game, Peleg 1968", voting("apex", 3, (2, 1, 1, 1)), "nucleolus", ("2/5", "1/5", "1/5", "1/5")),
    ("apex game", voting("apex", 3, (2, 1, 1, 1)), "shapley", ("1/2", "1/6", "1/6", "1/6")),
    ("apex game of five, Peleg 1968", voting("apex", 4, (3, 1, 1, 1, 1)), "nucleolus", ("3/7", *["1/7"] * 4)),
    ("apex game of five", voting("apex", 4, (3, 1, 1, 1, 1)), "shapley", ("3/5", *["1/10"] * 4)),
    ("Nassau County 1958, Banzhaf 1965", voting("nassau", 16, (9, 9, 7, 3, 1, 1)), "banzhaf", (*["1/2"] * 3, 0, 0, 0)),
    ("Nassau County 1958: three dummies", voting("nassau", 16, (9, 9, 7, 3, 1, 1)), "shapley", (*["1/3"] * 3, 0, 0, 0)),
    ("49, 48 and 3 of a hundred are equals", voting("equals", 51, (49, 48, 3)), "shapley", ("1/3", "1/3", "1/3")),
    ("one seller, two buyers", HOUSE, "shapley", ((a + 3 * b) / 6, a / 6, (3 * b - 2 * a) / 6)),
    ("one seller, two buyers", HOUSE, "nucleolus", ((a + b) / 2, 0, (b - a) / 2)),
    ("big boss, Muto, Nakayama, Potters and Tijs 1988", BOSS, "tau", ("11/2", "3/2", 2)),
    ("big boss: the nucleolus is the tau value", BOSS, "nucleolus", ("11/2", "3/2", 2)),
    (
        "sequencing, Curiel, Pederzoli and Tijs 1989",
        listed(
            {"1": 0, "2": 0, "3": 0, "12": g12, "13": 0, "23": g23, "123": g12 + g13 + g23}, (g12 >= 0, g13 >= 0, g23 >= 0)
        ),
        "shapley",
        (g12 / 2 + g13 / 3, g12 / 2 + g13 / 3 + g23 / 2, g13 / 3 + g23 / 2),
    ),
    (
        "museum passes, Ginsburgh and Zang 2003",
        ruled(3, lambda x, y, z: n1 * x + n2 * y + n3 * z + n12 * x * y + n13 * x * z + n23 * y * z + n123 * x * y * z),
        "shapley",
        (n1 + (n12 + n13) / 2 + n123 / 3, n2 + (n12 + n23) / 2 + n123 / 3, n3 + (n13 + n23) / 2 + n123 / 3),
    ),
    (
        "a polluted river, Ni and Wang 2007: upstream equal sharing",
        listed(
            {"1": c1 + c2 + c3, "2": c2 + c3, "3": c3, "12": c1 + c2 + c3, "13": c1 + c2 + c3, "23": c2 + c3, "123": c1 + c2 + c3},
            (c1 > 0, c2 > 0, c3 > 0),
            kind="cost",
        ),
        "shapley",
        (c1 + c2 / 2 + c3 / 3, c2 / 2 + c3 / 3, c3 / 3),
    ),
    ("airport, Littlechild and Owen 1973", ruled(3, lambda x, y, z: Max(12 * x, 28 * y, 30 * z), kind="cost"), "shapley", (4, 12, 14)),
    ("two left gloves, three right ones", GLOVES, "shapley", (*["13/20"] * 2, *["7/30"] * 3)),
    ("a dummy has what it has alone", listed({"1": 0, "2": 0, "3": 7, "12": 4, "13": 7, "23": 7, "123": 11}), "shapley", (2, 2, 7)),
    ("negative worths shift with the game", SHIFTED, "shapley", (-1, -1, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("source", "game", "concept", "shares"), VALUES, ids=[f"{row[2]}-{row[0][:24]}" for row in VALUES])
def test_the_published_value_is_derived_and_verified(
    source: str, game: CoalitionGame, concept: str, shares: tuple[object, ...]
) -> None:
    game = CoalitionGame(**{**vars(game), "concepts": (concept,), "source": source})
    solutions = derive_coalition(game)
    (regime,) = next(one for one in solutions if one.protocol == concept).regimes
    found = [regime.resolved()[player.share] for player in game.players]
    assert all(sympy.expand(one - sympy.sympify(share)) == 0 for one, share in zip(found, shares, strict=True)), found
    assert verify_solutions(game, solutions, 6) == ()


def property_of(game: CoalitionGame, concept: str) -> list[Regime]:
    game = CoalitionGame(**{**vars(game), "concepts": (concept,)})
    solutions = derive_coalition(game)
    assert verify_solutions(game, solutions, 6) == ()
    return list(next(one for one in solutions if one.protocol == concept).regimes)


def test_minimum_cost_spanning_trees_have_a_core() -> None:
    """Bird 1976, Granot and Huberman 1981: whoever joins pays the edge; and not every such game is concave."""
    edges = {"01": 6, "02": 8, "03": 9, "12": 4, "13": 7, "23": 5}
    game = trees(edges)
    assert dict(game.worths)["1", "2", "3"] == 15
    (regime,) = property_of(game, "core")
    assert regime.values == ((PROPERTIES["core"], S.One),)
    bird = {"1": 6, "2": 4, "3": 5}
    assert all(sum(bird[one] for one in group) <= cost for group, cost in game.worths)


def test_assignment_games_have_a_core_for_all_values() -> None:
    """Shapley and Shubik 1972: two sellers and two buyers, the second pair of no use to the others beyond v."""
    u, v = symbols("u v")
    game = ruled(4, lambda p, q, x, y: Max(u * Min(p, x) + v * Min(q, y), v * (Min(p, y) + Min(q, x))), (u > v, v > 0))
    (regime,) = property_of(game, "core")
    assert (regime.region, regime.values) == ((), ((PROPERTIES["core"], S.One),))


def test_a_nucleolus_of_very_many_regions_is_refused_at_once() -> None:
    """Two sellers, two buyers, four values in any order."""
    u, v, w, z = symbols("u v w z")
    worths = {"1": 0, "2": 0, "3": 0, "4": 0, "12": 0, "34": 0, "13": u, "14": v, "23": w, "24": z}
    worths |= {"123": Max(u, w), "124": Max(v, z), "134": Max(u, v), "234": Max(w, z), "1234": Max(u + z, v + w)}
    game = stated(
        "market", worths, 4, parameters=tuple(Parameter(one, "value") for one in (u, v, w, z)),
        assumptions=(u > 0, v > 0, w > 0, z > 0), concepts=("nucleolus",),
    )  # fmt: skip
    with pytest.raises(Refusal, match="18 cases in 4 parameters"):
        derive_coalition(game)


@pytest.mark.parametrize(
    ("game", "condition"),
    [
        (listed({"1": 0, "2": 0, "3": 0, "12": a, "13": a, "23": a, "123": 1}, (a >= 0, a <= 1)), 3 * a <= 2),
        (listed({"1": 0, "2": 0, "3": 0, "12": a, "13": b, "23": 1, "123": 1}, (a >= 0, b >= 0, a <= 1, b <= 1)), a + b <= 1),
    ],
    ids=["equal pairs", "one strong pair"],
)
def test_the_core_of_three_is_empty_where_pairs_earn_too_much(game: CoalitionGame, condition: Boolean) -> None:
    """Bondareva 1963, Shapley 1967."""
    holds, fails = property_of(game, "core")
    assert (holds.region, fails.region) == ((condition,), (condition.negated,))


@pytest.mark.parametrize(
    ("game", "excess"),
    [
        (voting("majority of five", 3, (1, 1, 1, 1, 1)), Rational(2, 5)),
        (voting("apex", 3, (2, 1, 1, 1)), Rational(2, 5)),
        (listed({"1": 0, "2": 0, "3": 0, "12": 1, "13": 1, "23": 0, "123": 1}), S.Zero),
    ],
    ids=["majority of five", "apex", "gloves"],
)
def test_least_excess(game: CoalitionGame, excess: Expr) -> None:
    """Maschler, Peleg and Shapley 1979: the least core of simple games; zero where a veto player keeps the core from being empty."""
    (regime,) = property_of(game, "least_core")
    assert regime.resolved()[LEAST_EXCESS] == excess
