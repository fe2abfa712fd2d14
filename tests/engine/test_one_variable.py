"""One variable, globally: exponential, logarithmic and power-law payoffs against their published optima and a fine grid."""

from __future__ import annotations

import itertools

import mpmath
import pytest
import sympy
from sympy import E, Expr, Integer, LambertW, Rational, Symbol, exp, log
from sympy.logic.boolalg import Boolean

from derive.check.solution import check_solution
from derive.decision.peak import defined_at
from derive.decision.problem import Journal, Problem, restriction
from derive.decision.single import settle_single
from derive.errors import Refusal
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.solution import Regime
from derive.steps import Crossing, SinglePeak
from tests.engine.statements import decide, model, protocol

a, b, c, k, s, w, p, x, Pi = symbols("a b c k s w p x Pi")


def alone(chosen: Symbol, domain: tuple[Boolean, ...], payoff: Expr, assumptions: tuple[Boolean, ...]) -> Model:
    parameters = tuple(sorted((payoff.free_symbols | {s for r in assumptions for s in r.free_symbols}) - {chosen}, key=str))
    return model(
        "alone", parameters, assumptions, {chosen: domain}, (Player("F", payoff, Pi),), protocol("P", (decide("F", chosen),))
    )


def solved(statement: Model) -> tuple[Regime, ...]:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 4)
    assert report.accepted, report.failures
    return solution.regimes


CLOSED = [
    # A price against exponential, logistic, isoelastic and Weibull demand; a leader against a power-law fractile.
    (alone(p, (p >= c,), (p - c) * exp(-b * p), (b > 0, c >= 0)), "c + 1/b"),
    (alone(p, (p >= c,), (p - c) / (1 + exp(p - a)), (c >= 0,)), "c + 1 + LambertW(exp(a - c - 1))"),
    (alone(p, (p >= c,), (p - c) * p ** (-k), (k > 1, c > 0)), "c*k/(k - 1)"),
    (alone(p, (p >= c,), (p - c) * exp(-((p / s) ** 2)), (s > 0, c >= 0)), "(c + sqrt(c**2 + 2*s**2))/2"),
    (alone(p, (p >= c,), (p - c) * k / (k + exp(b * p)), (b > 0, c >= 0, k > 0)), "c + (1 + LambertW(k*exp(-b*c - 1)))/b"),
    # An exponential benefit at a quadratic cost, a logarithmic one at an exponential cost; a hump against a line.
    (alone(x, (x >= 0,), k * (1 - exp(-a * x)) - b * x**2 / 2, (a > 0, b > 0, k > 0)), "LambertW(a**2*k/b)/a"),
    (alone(x, (x > 0,), k * log(x) - b * exp(a * x), (a > 0, b > 0, k > 0)), "LambertW(k/b)/a"),
    (alone(p, (p > 0,), (p - c) * (a - b * log(p)), (a > 0, b > 0, c > 0)), "c/LambertW(c*exp(1 - a/b))"),
    # Stocked at its fractile, a price against linear demand and a uniform factor; its marginal profit vanishes at the cost, too.
    (alone(p, (p >= c, p < a / b), (a - b * p) * (p - c) ** 2 / p, (a > b * c, b > 0, c > 0)), "(a + sqrt(a**2 + 8*a*b*c))/(4*b)"),
    (alone(w, (w >= c, w <= p), (w - c) * (1 - w / p) ** (1 / k), (p > c, c > 0, k > 0)), "(c + k*p)/(k + 1)"),
    # Production with decreasing returns.
    (alone(x, (x >= 0,), a * x**k - w * x, (a > 0, w > 0, k > 0, k < 1)), "(a*k/w)**(1/(1 - k))"),
    (alone(x, (x >= 0,), 2 * a * sympy.sqrt(x) - b * x, (a > 0, b > 0)), "a**2/b**2"),
]


@pytest.mark.parametrize(("statement", "published"), CLOSED, ids=lambda value: value if isinstance(value, str) else "")
def test_the_only_optimum_has_its_published_closed_form(statement: Model, published: str) -> None:
    (regime,) = solved(statement)
    ((_, value), *_) = regime.values
    here = {q.symbol.name: q.symbol for q in statement.parameters} | {"LambertW": LambertW, "E": E}
    gap = value - sympy.parse_expr(published, local_dict=here)
    at = {q.symbol: sympy.Rational(n, 7) for q, n in zip(statement.parameters, (9, 10, 11), strict=False)}
    at |= {k: sympy.Rational(3, 5) if (k < 1) in statement.assumptions else sympy.Rational(5, 2)}
    at |= {p: sympy.Integer(3)}
    assert abs(gap.xreplace(at).evalf(30)) < 1e-25


CORNERS = [
    (alone(x, (x >= 0,), a * log(1 + x) - w * x, (a > 0, w > 0)), {x >= 0: a / w - 1}),
    (alone(x, (x >= 0,), a * (1 - exp(-x)) - b * x, (a > 0, b > 0)), {x >= 0: log(a / b)}),
    (alone(x, (x >= 0,), x * exp(-a * x) - b * x, (a > 0, b > 0)), {x >= 0: (1 - LambertW(E * b)) / a}),
    (alone(p, (p >= c,), (p - c) * (a - b * p**k), (a > 0, b > 0, c > 0, k > 1)), {}),
]


@pytest.mark.parametrize("number", range(len(CORNERS)))
def test_a_corner_takes_over_where_the_interior_optimum_leaves_the_range(number: int) -> None:
    statement, interior = CORNERS[number]
    regimes = solved(statement)
    assert sorted(bool(regime.active) for regime in regimes) == [False, True]
    (inner,) = [regime for regime in regimes if not regime.active]
    for expected in interior.values():
        assert sympy.simplify(dict(inner.values)[x] - expected) == 0
    if not interior:
        assert [item.symbol for item in inner.implicit] == [p]


def test_a_root_is_where_a_fine_grid_has_its_maximum() -> None:
    statement = alone(p, (p >= c,), (p - c) * (a - b * p**k), (a > 0, b > 0, c > 0, k > 1))
    inner = next(regime for regime in solved(statement) if regime.implicit)
    (item,) = inner.implicit
    for values in itertools.product((5, 9), (1, 2), (1,), (sympy.Rational(3, 2), 3)):
        at = dict(zip((a, b, c, k), values, strict=True))
        equation = sympy.lambdify(p, item.equation.xreplace(at), "mpmath")
        payoff = sympy.lambdify(p, statement.players[0].objective.xreplace(at), "mpmath")
        top = (float(at[a]) / float(at[b])) ** (1 / float(at[k]))
        if top <= 1:
            continue
        root = mpmath.findroot(equation, (1.0001, top), solver="anderson")
        grid = [1 + (top - 1) * i / 4000 for i in range(4001)]
        assert abs(max(grid, key=payoff) - root) < 2 * (top - 1) / 4000


def test_what_has_two_peaks_is_refused() -> None:
    with pytest.raises(Refusal, match="change sign only once"):
        solved(alone(x, (x >= 0,), a * (1 - exp(-b * x**2)) - c * x, (a > 0, b > 0, c > 0)))


def test_a_payoff_that_rises_for_ever_is_refused() -> None:
    with pytest.raises(Refusal):
        solved(alone(x, (x >= 0,), a * log(1 + x), (a > 0,)))


def test_a_core_that_falls_only_at_its_root_is_enough() -> None:
    statement = alone(x, (x >= 0,), a * log(1 + x**2) - b * x**4, (a > 0, b > 0))
    solution = derive_protocol(statement, statement.protocols[0])
    kinds = {type(step) for proposition in solution.argument for step in proposition.proof}
    assert kinds & {Crossing, SinglePeak}


@pytest.mark.parametrize(("assumed", "at"), [((k >= 0,), 0), ((k >= 0,), 1), ((k >= 0,), 9), ((k > 0,), 4)])
def test_a_root_may_start_where_it_has_no_slope(assumed: tuple[Boolean, ...], at: int) -> None:
    """2 a sqrt(x + k) - x: the choice tops k up to a**2, also where k = 0 and the marginal payoff at x = 0 is not defined."""
    regimes = solved(alone(x, (x >= 0,), 2 * a * sympy.sqrt(x + k) - x, (a > 0, *assumed)))
    point = {a: sympy.Integer(2), k: sympy.Integer(at)}
    (value,) = {dict(r.values)[x].xreplace(point) for r in regimes if all(one.xreplace(point) for one in r.region)}
    assert value == max(4 - at, 0)


def test_a_fee_on_output_that_starts_with_a_root() -> None:
    """The agent produces e = s for the fee s; the principal's 2 a sqrt(s + k) - s**2 is best where a = 2 s sqrt(s + k)."""
    statement = model(
        "fee", (a, k), (a > 0, k >= 0), {s: (s >= 0,), x: (x >= 0,)},
        (Player("P", 2 * a * sympy.sqrt(x + k) - s * x, Pi), Player("A", s * x - x**2 / 2, w)),
        protocol("P", (decide("P", s),), (decide("A", x),)),
    )  # fmt: skip
    (regime,) = solved(statement)
    (root,) = regime.implicit
    for top in (sympy.Integer(0), sympy.Rational(3, 2)):
        found = mpmath.findroot(lambda y, top=top: root.equation.subs({a: 2, k: top, root.symbol: y}), 1)
        grid = max((n / 1000 for n in range(1, 3000)), key=lambda y, top=top: 4 * (y + float(top)) ** 0.5 - y**2)
        assert abs(float(found) - grid) < 2e-3


def test_a_bound_at_which_the_marginal_payoff_vanishes_does_not_bind_at_another_root() -> None:
    (regime,) = solved(alone(x, (x >= 1, x <= 2), (2 - x) ** 2 * (x - c), (c > Rational(1, 2), c < 1)))
    assert sympy.expand(dict(regime.values)[x] - (2 + 2 * c) / 3) == 0
    assert regime.active == ()


def test_a_power_of_what_vanishes_at_a_bound_has_a_value_there() -> None:
    margin = (a * (x - c)) ** (1 / (1 - k))
    given = (a > 0, c > 0, k > 0, k < 1)
    assert defined_at((x * margin) ** k, x, c, given)
    assert not defined_at((x / margin) ** k, x, c, given)


@pytest.mark.parametrize("at", [Rational(1, 4), 1, 5])
def test_a_root_by_lamberts_function_has_a_value_for_all_parameters(at: Expr | int) -> None:
    """log(1 + x)/(b + x) is best where (b + x)/(1 + x) = log(1 + x): at b = 1, where 1 + x is e, the other form of the root is 0/0."""
    (regime,) = solved(alone(x, (x >= 0,), log(1 + x) / (b + x), (b > 0,)))
    best = float(dict(regime.values)[x].xreplace({b: sympy.sympify(at)}))
    assert (at + best) / (1 + best) == pytest.approx(float(mpmath.log(1 + best)))


def test_a_root_without_closed_form_is_not_at_the_bound_at_which_the_marginal_payoff_vanishes_too() -> None:
    """a x - b x**3 - c x**6 vanishes at 0 and at the best choice, which is 1 where a = b + c."""
    (regime,) = solved(alone(x, (x >= 0,), a * x**2 / 2 - b * x**4 / 4 - c * x**7 / 7, (a > 0, b > 0, c > 0)))
    assert regime.active == ()
    (root,) = regime.implicit
    at = {a: sympy.Integer(5), b: sympy.Integer(2), c: sympy.Integer(3)}
    assert root.equation.xreplace({**at, x: sympy.Integer(1)}) == 0


def test_a_corner_at_a_bound_that_another_bound_of_its_side_would_deny() -> None:
    """3x - mx - x**2 on 0 <= x <= min(1, m): by hand, for m < 1 the tighter bound m is best, the payoff still rising there; beyond it,
    at x = 1, it would fall from m = 1 on only."""
    (m,) = symbols("m")
    for order in itertools.permutations((x >= 0, x <= 3, x <= 1, x <= m)):
        bounds = tuple(restriction(str(i), relation) for i, relation in enumerate(order))
        found = settle_single(Problem(3 * x - m * x - x**2, (x,), bounds, (m > 0, m < 4)), Journal("t"))
        assert (found.nothing, found.ties) == ((), ())
        for at, best in ((Rational(1, 2), Rational(1, 2)), (Rational(3, 2), Rational(3, 4)), (Rational(7, 2), Integer(0))):
            held = [o for o in found.optima if all(relation.xreplace({m: at}) == sympy.true for relation in o.region)]
            assert [dict(o.values)[x].xreplace({m: at}) for o in held] == [best]


def test_a_core_without_a_value_at_a_bound_is_refused() -> None:
    """Two choices of which neither order is settled: on the way a core without a value at a bound was asked for its sign beside it."""
    x, y, m = symbols("x y m")
    payoff = -m * x - x**2 + x * y + y**2 * (x + 1) - y**2
    bounds = {x: (x >= 0, x <= y + 1), y: (y >= 0,)}
    statement = model("pole", (m,), (m > 0, m < 4), bounds, (Player("A", payoff, Pi),), protocol("P", (decide("A", x, y),)))
    with pytest.raises(Refusal):
        derive_protocol(statement, statement.protocol("P"))
