"""Hand-made solutions are accepted; forged ones are rejected, exactly and by the attack alone."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Expr, Integer, Min, Rational, exp, log

import derive.check
from derive import steps
from derive.check.attack import attack
from derive.check.solution import Report, check_solution
from derive.ir import (
    Decision,
    Exponential,
    Feasibility,
    GeneralDistribution,
    Instance,
    Model,
    Parameter,
    Participation,
    Player,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    symbols,
)
from derive.shocks import Cdf, Overage
from derive.solution import Gap, Implicit, Proposition, Regime, Solution, Without
from tests.check.hand import ALL, box, chain, changed, contract, cournot, limited, newsvendor

Made = tuple[Model, Solution]


def value(solution: Solution, regime: int, name: str) -> Expr:
    return next(expr for symbol, expr in solution.regimes[regime].values if str(symbol) == name)


def forge(made: Made, regime: int, name: str, change: Callable[[Expr], Expr]) -> Made:
    model, solution = made
    symbol = next(s for s, _ in solution.regimes[regime].values if str(s) == name)
    return model, changed(solution, regime, symbol, change(value(solution, regime, name)))


def swapped(made: Made) -> Made:
    model, solution = made
    first, second, *rest = solution.regimes
    regions = (replace(first, region=second.region), replace(second, region=first.region))
    return model, replace(solution, regimes=(*regions, *rest))


def moved(made: Made, boundary: Expr) -> Made:
    """`box` with the boundary between `none` and `interior` at `boundary` instead of 0."""
    model, solution = made
    a = symbols("a")[0]
    none, interior, full = solution.regimes
    return model, replace(
        solution, regimes=(replace(none, region=(a <= boundary,)), replace(interior, region=(a > boundary, a < 1)), full)
    )


def without_payoffs(made: Made) -> Made:
    """The decisions alone, so that a wrong one is not betrayed by its payoff."""
    model, solution = made
    payoffs = {player.payoff for player in model.players}
    regimes = tuple(replace(r, values=tuple(v for v in r.values if v[0] not in payoffs)) for r in solution.regimes)
    return model, replace(solution, regimes=regimes)


@pytest.mark.parametrize("make", ALL)
def test_solutions_made_by_hand_are_accepted(make: Callable[[], Made]) -> None:
    report = check_solution(*make())
    assert report.accepted, report.failures
    assert report.attack is not None
    assert report.attack.points >= 50
    assert not report.attack.skipped
    assert (report.attack.boundary_points > 0) == (len(make()[1].regimes) > 1)


FORGED: tuple[tuple[str, Callable[[], Made]], ...] = (
    ("chain: sign flipped", lambda: forge(chain(), 0, "w", lambda e: e.subs(symbols("c")[0], -symbols("c")[0]))),
    ("chain: factor dropped", lambda: forge(chain(), 0, "q", lambda e: 2 * e)),
    ("chain: one per cent", lambda: forge(chain(), 0, "w", lambda e: e * Rational(101, 100))),
    ("chain: follower one per cent", lambda: forge(chain(), 0, "q", lambda e: e * Rational(99, 100))),
    ("chain: integrated price", lambda: forge(chain(), 0, "w", lambda _: symbols("c")[0])),
    ("box: swapped", lambda: swapped(box())),
    ("box: boundary moved inwards", lambda: moved(box(), Rational(1, 50))),
    ("box: boundary moved outwards", lambda: moved(box(), Rational(-1, 50))),
    ("box: interior off", lambda: forge(box(), 1, "x", lambda e: e * Rational(99, 100))),
    ("cournot: swapped", lambda: swapped(cournot())),
    ("cournot: sign flipped", lambda: forge(cournot(), 0, "q_1", lambda e: e.subs(symbols("c_2")[0], -symbols("c_2")[0]))),
    ("cournot: monopolist off", lambda: forge(cournot(), 1, "q_1", lambda e: e * Rational(101, 100))),
    ("contract: risk forgotten", lambda: forge(contract(), 0, "beta", lambda _: Integer(1))),
    ("contract: factor dropped", lambda: forge(contract(), 0, "beta", lambda e: e.subs(symbols("s")[0], 2 * symbols("s")[0]))),
    ("contract: overpaid", lambda: forge(contract(), 0, "alpha", lambda e: e + Rational(1, 100))),
    ("contract: underpaid", lambda: forge(contract(), 0, "alpha", lambda e: e - Rational(1, 100))),
    ("newsvendor: wrong fractile", lambda: forge(newsvendor(), 0, "q", lambda e: e.subs(symbols("p")[0], 2 * symbols("p")[0]))),
    ("newsvendor: mean demand", lambda: forge(newsvendor(), 0, "q", lambda _: symbols("h")[0] / 2)),
    ("limited: swapped", lambda: swapped(limited())),
    ("limited: leader off the kink", lambda: forge(limited(), 1, "w", lambda e: e * Rational(101, 100))),
)


@pytest.mark.parametrize(("made"), [make for _, make in FORGED], ids=[name for name, _ in FORGED])
def test_forged_solutions_are_rejected(made: Callable[[], Made]) -> None:
    assert check_solution(*made(), points=0).rejections, "exactly"
    assert attack(*without_payoffs(made())).findings, "by attack"


def test_a_wrong_payoff_is_rejected_both_ways() -> None:
    made = forge(chain(), 0, "pi_r", lambda e: -e)
    report = check_solution(*made, points=5)
    assert any("the payoff pi_r" in reason for reason in report.rejections)
    assert report.attack is not None
    assert any("pi_r is" in finding for finding in report.attack.findings)


def test_a_missing_regime_and_a_missing_value_are_found() -> None:
    model, solution = box()
    report = check_solution(model, replace(solution, regimes=solution.regimes[:2]))
    assert any("no region covers" in reason for reason in report.rejections)
    interior = replace(solution.regimes[1], values=())
    report = check_solution(model, replace(solution, regimes=(solution.regimes[0], interior, solution.regimes[2])))
    assert not report.accepted


def test_what_is_declared_uncovered_is_left_alone() -> None:
    model, solution = box()
    a = symbols("a")[0]
    report = check_solution(
        model, replace(solution, regimes=solution.regimes[:2], gaps=(Gap((a >= 1,), Without.UNSETTLED, ""),))
    )
    assert report.accepted, report.failures


def _argument(*proof: steps.Step) -> tuple[Proposition, ...]:
    return (Proposition("prop", "response", "", "", (), proof),)


def test_steps_are_replayed_in_order() -> None:
    model, solution = chain()
    a, b, c, w, q = symbols("a b c w q")
    first = steps.Marginal(label="1", objective=(a - b * q - w) * q, variable=q, positive=Integer(1), core=a - 2 * b * q - w)
    second = steps.Identity(label="2", uses=("1",), left=a + b, right=b + a)
    assert check_solution(model, replace(solution, argument=_argument(first, second)), 0).accepted
    wrong: tuple[tuple[tuple[steps.Step, ...], str], ...] = (
        ((second, first), "no earlier step"),
        ((replace(first, uses=("2",)), second), "no earlier step"),
        ((replace(first, uses=("1",)),), "no earlier step"),
        ((first, replace(second, label="1")), "two steps"),
        ((replace(first, core=a - b * q - w),), "derivative"),
        ((replace(second, uses=(), right=b - c),), "identity"),
    )
    for proof, reason in wrong:
        report = check_solution(model, replace(solution, argument=_argument(*proof)), 0)
        assert any(reason in rejection for rejection in report.rejections), reason


# --- harder statements ---------------------------------------------------------------------------------------------------


def _parameters(names: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(symbol, "") for symbol in symbols(names))


def tiers(depth: int) -> Made:
    """A serial chain: prices w_1, ..., then quantity q; every tier's quantity is half of the one below it."""
    a, b, c, q = symbols("a b c q")
    prices = symbols(" ".join(f"w_{i}" for i in range(1, depth)))
    costs = (c, *prices)
    firms = tuple(
        Player(f"T{i + 1}", ((prices[i] if i + 1 < depth else a - b * q) - costs[i]) * q, symbols(f"u_{i + 1}")[0])
        for i in range(depth)
    )
    stages = tuple(Stage((Decision((f"T{i + 1}",), (x,)),)) for i, x in enumerate((*prices, q)))
    variables = (*(Variable(w, "price") for w in prices), Variable(q, "quantity", (q >= 0,)))
    model = Model("tiers", "", "", _parameters("a b c"), (a > c, c > 0, b > 0), variables, firms, (Protocol("P", "", stages),))
    values = tuple((w, a - (a - c) / 2 ** (i + 1)) for i, w in enumerate(prices))
    regime = Regime("all", (), (*values, (q, (a - c) / (2**depth * b))))
    return model, Solution("tiers", "P", "", model.assumptions, (regime,), ())


def leader_of_two() -> Made:
    """One leader, then two simultaneous followers; price 1 unit minus the sum, unit cost c."""
    a, c, x, y1, y2 = symbols("a c x y_1 y_2")
    price = a - x - y1 - y2 - c
    model = Model(
        "lead", "", "", _parameters("a c"), (a > c, c > 0),
        tuple(Variable(v, "quantity", (v >= 0,)) for v in (x, y1, y2)),
        tuple(Player(n, price * v, symbols(f"u_{n}")[0]) for n, v in (("L", x), ("F", y1), ("G", y2))),
        (Protocol("P", "", (Stage((Decision(("L",), (x,)),)), Stage((Decision(("F",), (y1,)), Decision(("G",), (y2,)))))),),
    )  # fmt: skip
    regime = Regime("all", (), ((x, (a - c) / 2), (y1, (a - c) / 6), (y2, (a - c) / 6)))
    return model, Solution("lead", "P", "", model.assumptions, (regime,), ())


def isoelastic() -> Made:
    """A price set against demand p**-b: the markup b/(b - 1); not concave, and the payoff is zero at infinity."""
    b, c, p, u = symbols("b c p u")
    model = Model(
        "iso", "", "", _parameters("b c"), (b > 1, c > 0), (Variable(p, "price", (p > 0,)),),
        (Player("M", (p - c) * p**-b, u),), (Protocol("P", "", (Stage((Decision(("M",), (p,)),)),)),),
    )  # fmt: skip
    best = b * c / (b - 1)
    regime = Regime("all", (), ((p, best), (u, c / (b - 1) * best**-b)))
    return model, Solution("iso", "P", "", model.assumptions, (regime,), ())


def general_newsvendor() -> Made:
    """Stock z against any demand law on [0, h]: F(z) = 1 - c/p, attacked through the uniform one."""
    p, c, h, mu, z, u, eps = symbols("p c h mu z u epsilon")
    model = Model(
        "general", "", "", _parameters("p c h mu"), (c > 0, p > c, mu > 0, mu < h), (Variable(z, "stock", (z >= 0, z <= h)),),
        (Player("N", p * Min(z, eps) - c * z, u),), (Protocol("P", "", (Stage((Decision(("N",), (z,)),)),)),),
        shocks=(Shock(eps, GeneralDistribution("F", Integer(0), h, mu), "demand"),),
        instances=(Instance("uniform", ((eps, Uniform(Integer(0), h)),)),),
    )  # fmt: skip
    root = Implicit(z, p * (1 - Cdf("F", z)) - c, Integer(0), h, -1)
    regime = Regime("all", (), ((u, p * (z - Overage("F", z)) - c * z),), (root,))
    return model, Solution("general", "P", "", model.assumptions, (regime,), ())


def exponential_newsvendor() -> Made:
    """Exponential demand: z = mean * log(p/c), a closed form with a logarithm."""
    p, c, mu, z, u, eps = symbols("p c mu z u epsilon")
    model = Model(
        "exponential", "", "", _parameters("p c mu"), (c > 0, p > c, mu > 0), (Variable(z, "stock", (z >= 0,)),),
        (Player("N", p * Min(z, eps) - c * z, u),), (Protocol("P", "", (Stage((Decision(("N",), (z,)),)),)),),
        shocks=(Shock(eps, Exponential(mu), "demand"),),
    )  # fmt: skip
    best = mu * log(p / c)
    regime = Regime("all", (), ((z, best), (u, mu * p * (1 - exp(-best / mu)) - c * best)))
    return model, Solution("exponential", "P", "", model.assumptions, (regime,), ())


def tariff() -> Made:
    """A fixed fee T and a price w under participation; the retailer then sells q. Price at cost, fee takes all."""
    a, c, v, w, T, q, um, ur = symbols("a c v w T q u_m u_r")
    model = Model(
        "tariff", "", "", _parameters("a c v"), (a > c, c > 0),
        (Variable(w, "price"), Variable(T, "fee"), Variable(q, "quantity", (q >= 0,))),
        (Player("M", (w - c) * q + T, um), Player("R", (a - q - w) * q - T, ur)),
        (Protocol("P", "", (Stage((Decision(("M",), (w, T), (Participation("R", v),)),)), Stage((Decision(("R",), (q,)),)))),),
    )  # fmt: skip
    regime = Regime("all", (), ((w, c), (T, (a - c) ** 2 / 4 - v), (q, (a - c) / 2), (um, (a - c) ** 2 / 4 - v), (ur, v)))
    return model, Solution("tariff", "P", "", model.assumptions, (regime,), ())


def coalition() -> Made:
    """Two firms that choose their quantities jointly under a common capacity that binds or not."""
    a, K, x, y = symbols("a K x y")
    players = tuple(Player(n, (a - v) * v, symbols(f"u_{n}")[0]) for n, v in (("A", x), ("B", y)))
    decision = Decision(("A", "B"), (x, y), (Feasibility("capacity", x + y <= K),))
    model = Model(
        "joint", "", "", _parameters("a K"), (a > 0, K > 0), tuple(Variable(v, "quantity", (v >= 0,)) for v in (x, y)), players,
        (Protocol("P", "", (Stage((decision,)),)),),
    )  # fmt: skip
    loose, tight = Regime("loose", (a < K,), ((x, a / 2), (y, a / 2))), Regime("tight", (a >= K,), ((x, K / 2), (y, K / 2)))
    return model, Solution("joint", "P", "", model.assumptions, (loose, tight), ())


HARDER: tuple[tuple[Callable[[], Made], str], ...] = (
    (lambda: tiers(3), "w_2"), (lambda: tiers(4), "w_1"), (leader_of_two, "x"), (isoelastic, "p"),
    (exponential_newsvendor, "z"), (tariff, "w"), (coalition, "x"),
)  # fmt: skip


@pytest.mark.parametrize(("make", "name"), HARDER)
def test_harder_solutions(make: Callable[[], Made], name: str) -> None:
    model, solution = make()
    points = 50 if len(model.protocols[0].stages) < 4 else 4
    report = check_solution(model, solution, points)
    assert report.accepted, report.failures
    assert not report.notes
    off = without_payoffs(forge((model, solution), 0, name, lambda e: e * Rational(101, 100)))
    assert check_solution(*off, points=0).rejections
    assert attack(*off, points=6).findings


def test_a_general_law_is_checked_as_a_symbol_and_attacked_by_name() -> None:
    model, solution = general_newsvendor()
    assert check_solution(model, solution).accepted
    assert check_solution(replace(model, instances=()), solution).accepted
    z, p, c = symbols("z p c")
    wrong = replace(solution.regimes[0].implicit[0], equation=p * (1 - Cdf("F", z)) - c * Rational(101, 100))
    report: Report = check_solution(model, replace(solution, regimes=(replace(solution.regimes[0], implicit=(wrong,)),)))
    assert any("stationarity" in reason for reason in report.rejections)
    assert report.attack is not None
    assert any("gain" in finding for finding in report.attack.findings)


def test_a_minimum_is_not_mistaken_for_a_maximum() -> None:
    """x**2 - a x on [0, 1]: the stationary point passes every first-order test, only the attack sees it is the worst choice."""
    a, x, u = symbols("a x u")
    model = Model(
        "convex", "", "", _parameters("a"), (a > 0, a < 2), (Variable(x, "effort", (x >= 0, x <= 1)),),
        (Player("A", x**2 - a * x, u),), (Protocol("P", "", (Stage((Decision(("A",), (x,)),)),)),),
    )  # fmt: skip
    solution = Solution("convex", "P", "", model.assumptions, (Regime("all", (), ((x, a / 2),)),), ())
    report = check_solution(model, solution)
    assert not report.rejections
    assert not report.accepted


def test_an_unbounded_payoff_is_found() -> None:
    model, solution = chain()
    a, w, q = symbols("a w q")
    players = (model.players[0], replace(model.players[1], objective=(a + q - w) * q))
    report = attack(replace(model, players=players), without_payoffs((model, solution))[1], 5)
    assert any("gain" in finding for finding in report.findings)


# --- independence ----------------------------------------------------------------------------------------------------------

SOLVER = {"algebra", "audit", "decision", "field", "law", "pipeline", "play", "prove", "statement", "system", "views"}


def test_the_checker_does_not_import_the_solver() -> None:
    for path in sorted(Path(derive.check.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                head = name.split(".")
                assert head[0] not in {"z3", "cvc5"}, (path.name, name)
                assert head[0] != "flint" or path.name == "quotients.py", (path.name, name)  # arithmetic alone
                assert not (head[0] == "derive" and len(head) > 1 and head[1] in SOLVER), (path.name, name)
                assert head[0] != "scipy" or path.name.endswith(("attack.py", "game.py")), (path.name, name)
                assert name not in {"sympy.solve", "sympy.simplify", "sympy.solvers"}, (path.name, name)
