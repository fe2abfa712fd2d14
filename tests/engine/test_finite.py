"""Choices among values beside continuous ones: invest or not, enter or not, one after the other or at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq, Expr, Integer, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.check.game import game_of
from derive.check.play import laws_in_play
from derive.check.solution import check_solution
from derive.errors import Refusal, StatementError
from derive.ir import Model, Player, Protocol, Stage, Variable, symbols
from derive.play.induction import derive_model
from derive.solution import Regime, Solution, Without
from derive.statement.validate import validate
from tests.engine.statements import decide, model

a, c, F, K, q, x, y, r, s, u, v = symbols("a c F K q x y r s u v")
BINARY = (Integer(0), Integer(1))


def among(statement: Model, *choices: Symbol) -> Model:
    variables = tuple(replace(w, values=BINARY) if w.symbol in choices else w for w in statement.variables)
    return replace(statement, variables=variables)


def at(solution: Solution, **point: object) -> list[Regime]:
    values = {Symbol(name, real=True): Rational(str(value)) for name, value in point.items()}
    found = [one for one in solution.regimes if all(relation.xreplace(values) == True for relation in one.region)]  # noqa: E712
    return [replace(one, values=tuple((symbol, w.xreplace(values)) for symbol, w in one.values)) for one in found]


def checked(statement: Model, points: int = 10) -> Solution:
    validate(statement)
    (solution,) = derive_model(statement)
    report = check_solution(statement, solution, points)
    assert report.accepted, report.failures
    return solution


def investment() -> Model:
    """A monopolist may halve its unit cost for F before it produces."""
    cost = c * (1 - x / 2)
    player = Player("firm", (a - cost - q) * q - F * x, u)
    protocol = Protocol("play", "play", (Stage((decide("firm", x),)), Stage((decide("firm", q),))))
    return among(model("invest", (a, c, F), (a > c, c > 0, F > 0), {x: (), q: (q >= 0,)}, (player,), protocol), x)


def test_an_investment_is_made_where_it_pays() -> None:
    solution = checked(investment())
    (yes,), (no,) = at(solution, a=10, c=4, F=6), at(solution, a=10, c=4, F=8)
    assert (dict(yes.values)[x], dict(yes.values)[q], dict(yes.values)[u]) == (1, 4, 10)
    assert (dict(no.values)[x], dict(no.values)[q], dict(no.values)[u]) == (0, 3, 9)


def test_a_choice_among_values_and_from_a_range_in_one_decision() -> None:
    player = Player("firm", (a - q) * q - x * (q - K) - c * (1 - x) * q, u)
    statement = model("both", (a, c, K), (a > c, c > 0, K > 0, a > 1), {x: (), q: (q >= 0,)}, (player,),
                      Protocol("play", "play", (Stage((decide("firm", x, q),)),)))  # fmt: skip
    solution = checked(among(statement, x))
    (first,) = at(solution, a=10, c=4, K=1)
    assert (dict(first.values)[x], dict(first.values)[q]) == (1, Rational(9, 2))
    (second,) = at(solution, a=10, c=Rational(1, 100), K=Rational(1, 100))
    assert dict(second.values)[x] == 0


@pytest.mark.parametrize("values", [BINARY, BINARY[::-1]])
def test_an_offer_that_leaves_nothing_is_accepted(values: tuple[Integer, ...]) -> None:
    """Whoever asks r for what is worth a takes all of it, in whatever order the answers are listed: the answer hinges on the tie."""
    players = (Player("L", (r - c) * x, u), Player("F", (a - r) * x, v))
    stages = (Stage((decide("L", r),)), Stage((decide("F", x),)))
    statement = model("offer", (a, c), (a > c, c > 0), {r: (r >= 0,), x: ()}, players, Protocol("play", "play", stages))
    solution = checked(replace(statement, variables=(statement.variables[0], replace(statement.variables[1], values=values))))
    (one,) = at(solution, a=5, c=2)
    assert [dict(one.values)[symbol] for symbol in (r, x, u, v)] == [5, 1, 3, 0]
    assert not solution.gaps
    assert any("the same: x = " in warning for warning in solution.warnings)


@pytest.mark.parametrize("values", [BINARY, BINARY[::-1]])
def test_a_fee_and_a_royalty_for_a_lower_unit_cost(values: tuple[Integer, ...]) -> None:
    """A monopolist with demand a - q and unit cost c may take a licence that lowers it by K: it pays a fee up to what its profit
    rises by, ((a - c + K)**2 - (a - c)**2)/4, or the royalty K a unit, above which the old technology is better."""

    def licensed(payment: Expr, profit: Expr) -> Solution:
        stages = (Stage((decide("L", r),)), Stage((decide("F", x),)), Stage((decide("F", q),)))
        players = (Player("L", payment, u), Player("F", profit, v))
        choices = {r: (r >= 0,), x: (), q: (q >= 0,)}
        statement = model("licence", (a, c, K), (a > c, c > K, K > 0), choices, players, Protocol("play", "play", stages))
        variables = tuple(replace(w, values=values) if w.symbol == x else w for w in statement.variables)
        return checked(replace(statement, variables=variables), 4)

    (one,) = at(licensed(r * x, (a - c + x * K - q) * q - r * x), a=10, c=4, K=2)
    assert [dict(one.values)[symbol] for symbol in (r, x, q, u, v)] == [7, 1, 4, 7, 9]
    (one,) = at(licensed(r * x * q, (a - c + x * (K - r) - q) * q), a=10, c=4, K=2)
    assert [dict(one.values)[symbol] for symbol in (r, x, q, u, v)] == [2, 1, 3, 6, 9]


def test_two_buyers_who_may_decline_compete_in_quantities() -> None:
    """A supplier with unit cost c asks both for the same price: w = (a + c)/2, and each buys (a - w)/3; nobody's answer is between
    yes and no."""
    stages = (Stage((decide("S", r),)), Stage((decide("A", x), decide("B", y))), Stage((decide("A", q), decide("B", s))))
    players = (
        Player("S", (r - c) * (x * q + y * s), K),
        Player("A", x * (a - r - q - y * s) * q - (1 - x) * q**2, u),
        Player("B", y * (a - r - s - x * q) * s - (1 - y) * s**2, v),
    )
    choices = {r: (r >= 0,), x: (), y: (), q: (q >= 0,), s: (s >= 0,)}
    statement = model("two", (a, c), (a > c, c > 0), choices, players, Protocol("play", "play", stages))
    (one,) = at(checked(among(statement, x, y), 3), a=10, c=4)
    assert [dict(one.values)[symbol] for symbol in (r, x, y, q, s, K)] == [7, 1, 1, 1, 1, 6]


def test_entry_before_a_quantity_game() -> None:
    """An entrant pays F to compete in quantities; else the incumbent is alone."""
    players = (Player("I", (a - q - y * x) * q, u), Player("E", x * ((a - q - y) * y - F), v))
    stages = (Stage((replace(decide("E", x), indifferent=(Eq(x, 0),)),)), Stage((decide("I", q), decide("E", y))))
    statement = model("enter", (a, F), (a > 0, F > 0), {x: (), q: (q >= 0, q <= a), y: (y >= 0, y <= a)}, players,
                      Protocol("play", "play", stages))  # fmt: skip
    statement = replace(statement, players=(players[0], Player("E", x * ((a - q - y) * y - F) - (1 - x) * y**2, v)))
    solution = checked(among(statement, x), 4)
    (enters,), (stays) = at(solution, a=6, F=3), at(solution, a=6, F=5)
    assert (dict(enters.values)[x], dict(enters.values)[q], dict(enters.values)[y]) == (1, 2, 2)
    assert (dict(stays[0].values)[x], dict(stays[0].values)[q]) == (0, 3)


def coordination() -> Model:
    """Two firms enter a market that is worth a to one and K to each of two."""
    players = (Player("A", x * (a * (1 - y) + K * y - F), u), Player("B", y * (a * (1 - x) + K * x - F), v))
    protocol = Protocol("play", "play", (Stage((decide("A", x), decide("B", y))),))
    return among(model("market", (a, K, F), (a > K, K > 0, F > 0), {x: (), y: ()}, players, protocol), x, y)


def test_all_pure_equilibria_of_simultaneous_entry() -> None:
    solution = checked(coordination())
    both = at(solution, a=5, K=3, F=1)
    assert [(dict(one.values)[x], dict(one.values)[y], one.unique) for one in both] == [(1, 1, True)]
    one_enters = {(dict(one.values)[x], dict(one.values)[y]) for one in at(solution, a=5, K=1, F=3)}
    assert one_enters == {(0, 1), (1, 0)}
    assert not any(one.unique for one in at(solution, a=5, K=1, F=3))
    assert [(dict(one.values)[x], dict(one.values)[y]) for one in at(solution, a=5, K=1, F=6)] == [(0, 0)]


def make_or_buy(*before: Stage) -> Model:
    """Two Cournot rivals buy an input at s or make it, for F each."""
    firms = tuple(
        Player(name, (a - q - r - s * (1 - mine)) * own - F * mine, payoff)
        for name, own, mine, payoff in (("A", q, x, u), ("B", r, y, v))
    )
    supplier = Player("S", s * ((1 - x) * q + (1 - y) * r), K)
    stages = (*before, Stage((decide("A", x), decide("B", y))), Stage((decide("A", q), decide("B", r))))
    chosen = {s: (s >= 0, s <= a / 3)} if before else {}
    known = (a > 0, F > 0) if before else (a > 0, F > 0, s > 0, s < a / 2)
    names = (a, F) if before else (a, F, s)
    players = (*firms, supplier) if before else firms
    variables = {**chosen, x: (), y: (), q: (q >= 0,), r: (r >= 0,)}
    return among(model("make", names, known, variables, players, Protocol("play", "play", stages)), x, y)


def test_where_a_choice_makes_no_difference_is_said_without_fractions() -> None:
    """Who alone makes it gains (a + s)**2/9 - (a - s)**2/9 = 4*a*s/9, less F."""
    solution = checked(make_or_buy())
    nobody = [str(one.region) for one in solution.regimes if (dict(one.values)[x], dict(one.values)[y]) == (0, 0)]
    assert nobody == ["(Eq(9*F, 4*a*s),)", "(9*F > 4*a*s,)"]


def test_a_price_before_rivals_who_may_be_torn_is_refused_in_words() -> None:
    with pytest.raises(Refusal, match="the game goes on in a way of its own"):
        derive_model(make_or_buy(Stage((decide("S", s),))))


def test_matching_pennies_has_no_pure_equilibrium() -> None:
    players = (Player("A", a * (1 - (x - y) ** 2), u), Player("B", a * (x - y) ** 2, v))
    protocol = Protocol("play", "play", (Stage((decide("A", x), decide("B", y))),))
    (solution,) = derive_model(among(model("pennies", (a,), (a > 0,), {x: (), y: ()}, players, protocol), x, y))
    assert solution.regimes == ()
    assert [gap.kind for gap in solution.gaps] == [Without.NO_PURE_EQUILIBRIUM]


def test_a_forged_choice_is_found_out() -> None:
    statement = investment()
    (solution,) = derive_model(statement)
    swapped = tuple(
        replace(one, region=other.region) for one, other in zip(solution.regimes, reversed(solution.regimes), strict=True)
    )
    assert not check_solution(statement, replace(solution, regimes=swapped, argument=()), 10).accepted


def test_ill_posed_values_are_refused() -> None:
    statement = investment()
    for wrong, reason in (
        (Variable(x, "x", (x >= 0,), values=BINARY), "from a range"),
        (Variable(x, "x", values=(Integer(1),)), "fewer than two"),
        (Variable(x, "x", values=(Integer(0), F)), "not all numbers"),
    ):
        with pytest.raises(StatementError, match=reason):
            validate(replace(statement, variables=(wrong, statement.variables[1])))


def test_an_entrant_who_stays_out_has_nothing_to_decide() -> None:
    """What it would have produced makes no difference: it is left open where it does not enter."""
    q_1, q_2 = symbols("q_1 q_2")
    statement = among(
        model(
            "entry",
            (a, F),
            (a > 0, F > 0),
            {y: (), q_1: (q_1 >= 0,), q_2: (q_2 >= 0,)},
            (Player("I", (a - q_1 - y * q_2) * q_1, u), Player("E", y * ((a - q_1 - q_2) * q_2 - F), v)),
            Protocol("entry", "entry", (Stage((decide("E", y),)), Stage((decide("I", q_1), decide("E", q_2))))),
        ),
        y,
    )
    solution = checked(statement, 1)
    (out,), (inside,) = at(solution, a=3, F=2), at(solution, a=6, F=2)
    assert (dict(out.values)[y], dict(out.values)[q_1], out.free) == (0, Rational(3, 2), (q_2,))
    assert (dict(inside.values)[y], dict(inside.values)[q_2], inside.free) == (1, 2, ())


def test_a_choice_that_nobody_minds_is_made_in_some_way() -> None:
    """Where the offer was accepted it makes no difference what would have followed had it been declined."""
    second = Player("second", x * a + (1 - x) * (y * c + (1 - y) * K), v)
    first = Player("first", x * F + (1 - x) * y * K, u)
    play = Protocol("play", "play", (Stage((decide("first", x),)), Stage((decide("second", y),))))
    given = (a > 0, c > K, K > 0, F > K)
    solution = checked(among(model("offer", (a, c, F, K), given, {x: (), y: ()}, (first, second), play), x, y))
    (regime,) = solution.regimes
    assert regime.resolved()[x] == 1
    assert any("everybody earns the same" in warning for warning in solution.warnings)


@pytest.mark.parametrize("wanted", BINARY)
def test_at_a_tie_the_checker_plays_what_is_stated_whatever_rounding_says(wanted: Integer) -> None:
    """Who pays s for what is worth c gains nothing where they are equal, but for a rounding error of either sign."""
    players = (Player("owner", s * x, u), Player("firm", (c - s) * x, v))
    stages = (Stage((decide("owner", s),)), Stage((replace(decide("firm", x), indifferent=(Eq(x, wanted),)),)))
    statement = among(model("fee", (c,), (c > 0,), {s: (s >= 0,), x: ()}, players, Protocol("play", "play", stages)), x)
    (play,) = laws_in_play(statement, "")
    game = game_of(play, "play")
    (decision,) = game.decisions[1]
    fees = np.array([0.1 + 0.2, 0.3, 0.3 - 2.0**-54, 0.31, 0.29])
    rows = np.zeros((5, 3))
    rows[:, game.column[c]], rows[:, game.column[s]] = 0.3, fees
    _, played = game.search(decision, 1, rows)
    assert played[:, game.column[x]].astype(int).tolist() == [*[int(wanted)] * 3, 0, 1]


def test_a_choice_that_leaves_the_follower_nothing_to_choose_is_not_to_be_had() -> None:
    """The follower's bound is the leader's choice: with c below 1 the leader cannot choose 1."""
    players = (
        Player("A", -c * x - x * y / 2 - 2 * (x - K) ** 2, u),
        Player("B", -x * y / 2 - 2 * (y - K) ** 2, v),
    )
    play = Protocol("play", "play", (Stage((decide("A", x),)), Stage((decide("B", y),))))
    solution = checked(among(model("floor", (c, K), (c > 0, K > 0), {x: (), y: (y <= c, y >= x)}, players, play), x))
    found = [at(solution, c=cost, K=level) for cost, level in (("1/2", "2"), ("2", "1"), ("6/5", "3/2"), ("1", "11/10"))]
    chosen = [(dict(one.values)[x], dict(one.values)[y]) for (one,) in found]
    assert chosen == [(0, Rational(1, 2)), (0, 1), (1, Rational(6, 5)), (1, 1)]


def test_where_no_choice_among_values_leaves_anything_is_a_gap() -> None:
    players = (Player("A", -x * y - (x - c) ** 2, u), Player("B", -(y - K) ** 2, v))
    play = Protocol("play", "play", (Stage((decide("A", x),)), Stage((decide("B", y),))))
    statement = among(model("bounds", (c, K), (c > 0, K > 0), {x: (), y: (y >= c, y <= K)}, players, play), x)
    (gap,) = checked(statement).gaps
    assert gap.kind is Without.INFEASIBLE
    assert gap.region == (c > K,)


@pytest.mark.parametrize("followed", [False, True])
def test_one_enters_or_not_while_another_chooses_how_much(followed: bool) -> None:
    """By hand: B's best reply is y = (c - x)/2. Alone, A at x = 1 earns K - y: out is best against y = c/2 where K <= c/2, in against
    (c - 1)/2 where K >= (c - 1)/2. With C after them, who makes s = x + y, it earns K - s, one more each."""
    players = [Player("A", x * (K - (s if followed else y)), u), Player("B", y * (c - x - y), v)]
    stages = [Stage((decide("A", x), decide("B", y)))]
    choices: dict[Symbol, tuple[Boolean, ...]] = {x: (), y: (y >= 0,)}
    if followed:
        players.append(Player("C", -((s - x - y) ** 2), r))
        stages.append(Stage((decide("C", s),)))
        choices[s] = ()
    statement = model("enter", (c, K), (c > 1, K > 0), choices, tuple(players), Protocol("play", "play", tuple(stages)))
    solution = checked(among(statement, x))
    more = 1 if followed else 0
    out, both, enters = (at(solution, c=2, K=Rational(level) + more) for level in ("1/4", "3/4", "5/4"))
    assert [[dict(one.values)[x] for one in found] for found in (out, both, enters)] == [[0], [0, 1], [1]]
    assert [[dict(one.values)[y] for one in found] for found in (out, both, enters)] == [[1], [1, Rational(1, 2)], [Rational(1, 2)]]


def test_where_the_one_who_chooses_from_a_range_has_nothing_is_a_gap() -> None:
    players = (Player("A", x * y / 2 - 2 * (x + c - K) ** 2, u), Player("B", -x * y / 2 - (y - c - K) ** 2, v))
    play = Protocol("play", "play", (Stage((decide("A", x), decide("B", y))),))
    statement = among(model("bounds", (c, K), (c >= 0, K >= 0), {x: (), y: (y >= c, y <= K)}, players, play), x)
    solution = checked(statement)
    assert {gap.kind for gap in solution.gaps if gap.region == (c > K,)} == {Without.INFEASIBLE}


def test_one_who_chooses_among_values_and_from_a_range_beside_another_is_refused_by_name() -> None:
    players = (Player("A", x * y - (y - c) ** 2, u), Player("B", -((q - x) ** 2), v))
    play = Protocol("play", "play", (Stage((decide("A", x, y), decide("B", q))),))
    statement = among(model("both", (c,), (c > 0,), {x: (), y: (), q: ()}, players, play), x)
    with pytest.raises(Refusal, match=r"stage 1, player A: one who chooses among values and from a range"):
        derive_model(statement)
