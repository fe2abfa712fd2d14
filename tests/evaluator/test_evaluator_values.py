"""What generated functions return: the printed table, 50-digit arithmetic, boundaries between regimes, implicit roots."""

from __future__ import annotations

import math
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from sympy import exp, log, sqrt

from derive.ir import symbols
from derive.solution import Implicit, Regime
from derive.views.python import python_module
from tests.evaluator import games
from tests.evaluator.support import exact, load, module, relative

# Table 5 of the paper: b = 4; a = 10, c = 1.625, alpha = 0.75/1.625, demand U[0, 2]. Rows: gamma; then as named.
TABLE = {
    "0": "0.3333 0.3333 1.4583 1.8750 1.8750 3.5375 1.2945 1.2945 0.4855 0.4855 0.3236 0.3236 1.0318 0.8091 0.8091",
    "0.7": "0.3805 0.3756 1.6359 2.0177 2.2455 3.6665 1.5780 1.2891 0.7719 0.6732 0.3945 0.4204 1.3949 1.1664 1.0935",
    "1.4": "0.4530 0.4419 1.9687 2.2852 3.0234 3.8185 1.8661 1.2517 1.3121 1.0512 0.4665 0.5867 2.0882 1.7786 1.6379",
    "2.1": "0.5789 0.5610 2.8194 2.9687 5.5046 3.8493 2.0241 1.0797 2.5301 2.0495 0.5060 0.8998 3.7424 3.0361 2.9492",
    "2.8": "0.8519 0.8378 9.6250 8.4375 50.8750 2.4021 1.2378 0.3257 6.9628 7.5326 0.3095 1.2215 10.5091 7.2723",
}


@pytest.mark.parametrize("gamma", list(TABLE))
def test_printed_table_reproduces_to_every_digit(gamma: str) -> None:
    at = {"a": 10, "b": 4, "gamma": float(gamma), "c": 1.625, "alpha": 0.75 / 1.625}
    generated = module("consignment")
    tdc, pdc, c = (getattr(generated, f"{key}_uniform")(**at) for key in ("tdc", "pdc", "c"))
    suppliers = tdc.Pi_S1 + tdc.Pi_S2
    got = (tdc.r, pdc.r, c.p, tdc.p, pdc.p, c.q, 2 * tdc.q, pdc.q, tdc.Pi_R, pdc.Pi_R, suppliers, pdc.Pi_S, c.Pi)
    got += (tdc.total, pdc.Pi_R + pdc.Pi_S)
    printed = TABLE[gamma].split()
    for value, digits in zip(got, printed, strict=len(printed) == len(got)):
        assert abs(value - float(digits)) <= 0.00005 * (1 + 1e-9)  # p_TDC = 2.96875 at gamma = 2.1 is half way
    assert tdc.Pi == pytest.approx(tdc.total, rel=1e-14)


def uniform(rng: np.random.Generator, size: int, **ranges: tuple[float, float]) -> dict[str, np.ndarray]:
    return {name: rng.uniform(low, high, size) for name, (low, high) in ranges.items()}


def consignment_points(rng: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    points = uniform(rng, size, a=(0.5, 20), gamma=(0, 3), c=(0.5, 3), alpha=(0.05, 0.45))
    return {**points, "b": 1 + points["gamma"] + rng.uniform(0.1, 4, size)}


def service_points(rng: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    points = uniform(rng, size, k=(0.5, 2), eta=(0.5, 2), rho=(0.1, 2), p_d=(0.5, 2), w=(0.1, 1), v_0=(-1, 1))
    return {**points, **uniform(rng, size, sigma_d=(0.5, 2), sigma_r=(0.5, 2)), "p_r": points["w"] + rng.uniform(0.1, 4, size)}


def functions_points(rng: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    return uniform(rng, size, a=(0.1, 30), b=(0.05, 0.95), lambda_=(0.01, 3)) | {"n": rng.integers(1, 9, size).astype(float)}


CASES = {
    "tdc_uniform": ("consignment", 1, consignment_points, 3e-14),
    "pdc_uniform": ("consignment", 2, consignment_points, 3e-14),
    "c_uniform": ("consignment", 3, consignment_points, 3e-14),
    "tdc_exponential": ("consignment", 4, lambda g, n: consignment_points(g, n) | uniform(g, n, m=(0.01, 100)), 1e-13),
    "asymmetric": ("service", 0, service_points, 3e-13),
    "all_": ("functions", 0, functions_points, 3e-13),
    "roots": ("kinked", 0, lambda g, n: uniform(g, n, a=(0.1, 9), b=(0.01, 1e6)), 1e-14),
    "capacity": ("clip", 0, lambda g, n: uniform(g, n, a=(0, 20), c=(1, 9), K=(0.1, 4)), 1e-14),
}


@pytest.mark.parametrize("name", list(CASES))
def test_arrays_and_scalars_agree_with_fifty_digits(name: str) -> None:
    game, position, draw, tolerance = CASES[name]
    solution = getattr(games, game)()[1][position]
    points = draw(np.random.default_rng(7), 60)
    function = getattr(module(game), name)
    many = function(**points)
    assert many.regime.dtype.kind == "i"
    seen = set()
    for index in range(60):
        point = {key: float(column[index]) for key, column in points.items()}
        one = function(**point)
        truth = exact(solution, {key.rstrip("_"): value for key, value in point.items()}, one)
        assert one.regime == truth.pop("regime") == many.REGIMES[many.regime[index]]
        seen.add(one.regime)
        for quantity, value in truth.items():
            assert type(getattr(one, quantity)) is float
            assert relative(getattr(one, quantity), value) < tolerance, quantity
            assert relative(getattr(many, quantity)[index], value) < tolerance, quantity
    assert len(seen) == len(solution.regimes)


@pytest.mark.parametrize("gap", [1e-2, 1e-5, 1e-8, 1e-11])
def test_digits_survive_where_the_margin_vanishes(gap: float) -> None:
    """``b - gamma - 1`` near zero: a sum in the wrong order keeps 5 of 16 digits at 1e-11."""
    solution = games.consignment()[1][1]
    gamma = np.linspace(0.3, 2.9, 23)
    many = module("consignment").tdc_uniform(a=2.0, b=1 + gamma + gap, gamma=gamma, c=1.5, alpha=0.3)
    for index, value in enumerate(gamma):
        point = {"a": 2.0, "b": float(1 + value + gap), "gamma": float(value), "c": 1.5, "alpha": 0.3}
        assert relative(many.p[index], exact(solution, point, None)["p"]) < 5e-15


def test_overflow_is_infinite_and_not_an_error() -> None:
    generated = module("consignment")
    at = {"a": 1e300, "b": 400.0, "gamma": 0.0, "c": 1e-3, "alpha": 0.25}
    assert generated.tdc_uniform(**at).q == math.inf
    assert generated.tdc_uniform(**at | {"a": np.full(100, 1e300)}).q.tolist() == [math.inf] * 100


def test_boundary_belongs_to_the_first_regime_that_holds() -> None:
    capacity = module("clip").capacity
    assert capacity(a=2.0, c=2.0, K=5.0).regime == "closed"
    assert capacity(a=12.0, c=2.0, K=5.0).regime == "interior"
    below, above = math.nextafter(12.0, 0), math.nextafter(12.0, 99)
    many = capacity(a=np.tile([2.0, 12.0, below, above], 30), c=2.0, K=5.0)
    assert many.regime.tolist() == [0, 1, 1, 2] * 30
    assert many.x[:3].tolist() == [0.0, 5.0, (below - 2) / 2]


def test_values_that_a_regime_lacks_are_nan() -> None:
    odd = module("odd").odd
    assert odd(a=2.0, b=5.0)[:2] == (7.0, 2.0)
    assert odd(a=3.0, b=5.0).x == 15.0
    assert math.isnan(odd(a=3.0, b=5.0).y)
    many = odd(a=np.tile([2.0, 3.0], 40), b=5.0)
    assert many.x[:2].tolist() == [7.0, 15.0]
    assert np.isnan(many.y).tolist() == [False, True] * 40


def test_no_parameters() -> None:
    assert module("constant").constant() == (1 / 3, "only")


@pytest.mark.parametrize("size", [1, 100])
def test_function_values_outside_the_reals_are_nan(size: int) -> None:
    """A negative base with a fractional power gives no complex number; with an integer power it is real."""
    result = module("functions").all_(a=1.0, b=0.5, n=3, lambda_=-8.0 if size == 1 else np.full(size, -8.0))
    assert np.all(np.isnan(result.third))
    assert np.all(result.whole == -512.0)
    assert np.all(np.asarray(result.power) == pytest.approx(9.0**3, rel=1e-15))


def test_lambert_near_its_branch_point_and_far_away() -> None:
    generated = module("functions")
    arguments = [-0.3678794411714422, -0.3678794411, -0.36, -0.1, -1e-9, -1e-300, 1e-300, 1e-8, 0.5, 3.0, 1e9, 1e300, 5e-324]
    upper = generated._lambertw(np.array(arguments))
    lower = generated._lambertw1(np.array(arguments[:6]))
    for index, value in enumerate(arguments):
        assert relative(upper[index], mpmath.lambertw(mpmath.mpf(value)).real) < 5e-15, value
        if value < 0:
            assert relative(lower[index], mpmath.lambertw(mpmath.mpf(value), -1).real) < 5e-15, value
    assert generated._lambertw(-math.exp(-1)) == generated._lambertw1(-math.exp(-1)) == -1.0
    outside = generated._lambertw(np.array([-0.3678794411714424, -4.0, math.nan, 0.0, math.inf]))
    assert np.isnan(outside[:3]).all()
    assert outside[3:].tolist() == [0.0, math.inf]
    outside = generated._lambertw1(np.array([-0.3678794411714424, 0.1, math.nan, 0.0]))
    assert np.isnan(outside[:3]).all()
    assert outside[3] == -math.inf


def test_lambert_of_an_exponential_beyond_the_range_of_doubles() -> None:
    generated = module("functions")
    arguments = [-700.0, -40.0, -1.0, 0.0, 1.0, 3.0, 49.9, 50.1, 700.0, 750.0, 1e6, 1e300]
    found = generated._omega(np.array(arguments))
    for value, at in zip(found, arguments, strict=True):
        start = mpmath.mpf(at) if at > 50 else mpmath.lambertw(mpmath.exp(at)).real
        truth = mpmath.findroot(lambda w, at=at: w + mpmath.log(w) - at, start) if at > 50 else start
        assert relative(value, truth) < 5e-15, at
        assert relative(generated._omega_scalar(at), truth) < 5e-15, at
    assert np.isnan(generated._omega(np.array([math.nan])))
    assert generated._omega(np.array([-math.inf, math.inf])).tolist() == [0.0, math.inf]


def test_roots_scalar_and_array_solver() -> None:
    generated = module("kinked")

    def cubic(x, a):
        return x * x * x - a, 3 * x * x

    for a in (1e-30, 1e-3, 7.0, 1e30):
        truth = mpmath.cbrt(mpmath.mpf(a))
        assert relative(generated._root(cubic, 0.0, math.inf, 1, (a,)), truth) < 3e-16
        with np.errstate(all="ignore"):
            many = generated._roots(cubic, -math.inf, math.inf, 1, (np.array([a, -a]),), 2)
        assert relative(many[0], truth) < 3e-16
        assert many[1] == -many[0]


def test_no_root_is_nan_never_an_end_of_the_bracket() -> None:
    generated = module("kinked")

    def positive(x, a):
        return a + x, 1.0 + 0.0 * x

    with pytest.raises(ArithmeticError):
        generated._root(positive, 0.0, 1.0, 1, (1.0,))
    assert np.isnan(generated._roots(positive, 0.0, 1.0, 1, (np.array([1.0, 2.0]),), 2)).all()
    mixed = generated._roots(positive, 0.0, 1.0, 1, (np.array([-0.25, 2.0]),), 2)
    assert mixed[0] == 0.25
    assert np.isnan(mixed[1])


def test_regimes_may_lie_around_an_implicit_threshold() -> None:
    threshold = module("threshold").threshold
    rng = np.random.default_rng(11)
    a, d = rng.uniform(0.1, 9, 300), rng.uniform(0, 4, 300)
    root = (np.sqrt(1 + 4 * a) - 1) / 2
    many = threshold(a=a, d=d)
    np.testing.assert_allclose(many.s, root, rtol=1e-14)
    assert np.array_equal(many.regime == 1, d < root)
    np.testing.assert_allclose(many.v, np.where(d < root, root + a, d - root), rtol=1e-12)
    assert threshold(a=2.0, d=1.0)[:3] == (1.0, 0.0, "above")
    assert threshold(a=2.0, d=0.5)[:3] == (1.0, 3.0, "below")
    assert threshold(a=2.0, d=np.array([1.0, 0.5])).regime.tolist() == [0, 1]


COSTS = (1e-300, 1e-200, 1e-100, 1e-16, 1e-10, 1e-6, 0.01, 0.074, 0.076, 0.3, 0.4999999, 0.5, 0.5000001, 0.8, 0.97, 1 - 1e-9, 1 - 2**-53)


@pytest.mark.parametrize("cost", COSTS)
def test_the_stock_against_normal_demand_keeps_its_digits_in_both_tails(cost: float) -> None:
    """A price of 1: the stock is where demand exceeds it with the probability `cost`; profit is ``(p - c) m - p s phi(z)``."""
    stock = module("newsvendor").stock
    with mpmath.workdps(60):
        ratio = mpmath.mpf(cost)
        tail = min(ratio, 1 - ratio)
        near = mpmath.sqrt(-2 * mpmath.log(2 * tail)) * 0.9
        size = mpmath.findroot(lambda x: mpmath.log(mpmath.erfc(x / mpmath.sqrt(2)) / 2) - mpmath.log(tail), near)
        z = size if cost < 0.5 else -size
        for mean, spread in ((0.0, 1.0), (3.0, 0.25)):
            one = stock(c=cost, p=1.0, m=mean, s=spread)
            many = stock(c=np.full(100, cost), p=1.0, m=mean, s=spread)
            truth = mean + spread * z
            profit = (1 - ratio) * mean - spread * mpmath.npdf(z)
            for q, gain in ((one.q, one.Pi), (many.q[7], many.Pi[7])):
                assert relative(q, truth) < 1e-15
                assert abs(mpmath.mpf(gain) - profit) <= 1e-15 * ((1 - ratio) * mean + (1 + z * z) * spread * mpmath.npdf(z))


def test_a_stock_is_brought_about_by_no_iteration() -> None:
    """One call of the quantile: fast, and nothing that could fail to converge."""
    source = python_module(*games.newsvendor())
    assert "_roots" not in source
    assert "erf" not in source.split("from __future__")[1].split("Regime only")[1].split('"""')[1]


@pytest.mark.parametrize("size", [1e-200, 1e-9, 1.0, 1e9, 1e200])
def test_a_root_is_found_in_any_unit_of_measurement(size: float) -> None:
    """The mean demand is the measure of the stocking factor, which without it would be sought from 1 on."""
    at = {"a": 2.0, "b": 3.0, "gamma": 0.5, "c": 1.0, "alpha": 0.3}
    function = module("consignment").tdc_exponential
    unit = function(**at, m=1.0)
    assert function(**at, m=size).z == pytest.approx(size * unit.z, rel=1e-15)
    assert function(**at, m=size).p == pytest.approx(unit.p, rel=1e-14)
    assert function(**at, m=np.full(100, size)).z[3] == pytest.approx(size * unit.z, rel=1e-15)


def test_a_search_begins_near_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds of the stocking factor under an exponential law: ``2/b`` and ``2 log(b/(b - 1))`` times the mean."""
    m, b, z = symbols("m b z")
    root = Implicit(z, z * exp(-z / m) / (m * (1 - exp(-z / m))) - (b - 1) / b, 2 * m / b, 2 * m * log(b / (b - 1)), -1)
    statement = games.Statement("bounded", "", "", games.parameters("m b"), (m > 0, b > 1))
    generated = load(python_module(statement, (games.solution("P", (Regime("only", (), ((symbols('w')[0], m * z),), (root,)),)),)))
    calls = []
    monkeypatch.setattr(generated, "math", SimpleNamespace(**vars(math) | {"expm1": lambda x: calls.append(x) or math.expm1(x)}))
    for value in (1.2, 1.5, 2.0, 5.0, 50.0):
        calls.clear()
        with mpmath.workdps(50):
            exact_b = mpmath.mpf(value)
            truth = mpmath.findroot(lambda x, k=1 - 1 / exact_b: x / mpmath.expm1(x) - k, (2 / exact_b, -2 * mpmath.log(1 - 1 / exact_b)))
            assert relative(generated.p(m=3.0, b=value).z, 3 * truth) < 2e-15 * value
        assert len(calls) <= 3
    with pytest.raises(ValueError, match="b > 1"):
        generated.p(m=3.0, b=1.0)


@pytest.mark.parametrize("b", [1e-9, 1e-4, 0.3, 1.0, 40.0, 1e6])
def test_the_smaller_of_two_roots_loses_no_digits(b: float) -> None:
    """``x**2 + 2 a x = b``: written as ``sqrt(a**2 + b) - a`` the root is 0 for ``a = 1e9`` and ``b = 1``."""
    a, c, x, y, z = symbols("a b x y z")
    values = ((x, sqrt(a**2 + c) - a), (y, (c - sqrt(c**2 + 4 * a)) / (2 * a)), (z, sqrt(5) * a - a))
    statement = games.Statement("quadratic", "", "", games.parameters("a b"), (a > 0, c > 0))
    generated = load(python_module(statement, (games.solution("P", (Regime("only", (), values),)),)))
    for size in (1e-6, 1.0, 1e9):
        one = generated.p(a=size, b=b)
        exact_a, exact_b = mpmath.mpf(size), mpmath.mpf(b)
        with mpmath.workdps(60):
            assert relative(one.x, mpmath.sqrt(exact_a**2 + exact_b) - exact_a) < 1e-15
            assert relative(one.y, (exact_b - mpmath.sqrt(exact_b**2 + 4 * exact_a)) / (2 * exact_a)) < 1e-15
    assert generated.p(a=1e300, b=b).z == pytest.approx((math.sqrt(5) - 1) * 1e300, rel=1e-15)


@pytest.mark.parametrize("margin", [1e-15, 1e-9, 1e-3, 0.5, 3.0, 1e6, 1e300])
def test_a_logarithm_near_zero_keeps_its_digits(margin: float) -> None:
    """The stock against exponential demand, ``m log(p/c)``, where the price hardly exceeds the cost, and where it does by far."""
    c, p, m, q, x = symbols("c p m q x")
    values = ((q, m * log(p / c)), (x, log(c / (p + 2 * c)) + log(c + p) + log(2 * p / c)))
    statement = games.Statement("stock", "", "", games.parameters("c p m"), (c > 0, p > c, m > 0))
    generated = load(python_module(statement, (games.solution("P", (Regime("only", (), values),)),)))
    for cost in (0.7, 1.0, 3.0):
        price = cost * (1 + margin)
        with mpmath.workdps(60):
            ratio = mpmath.mpf(price) / mpmath.mpf(cost)
            one = generated.p(c=cost, p=price, m=2.0) if price > cost else None
            if one is not None:
                assert relative(one.q, 2 * mpmath.log(ratio)) < 1e-15
                truth = -mpmath.log(ratio + 2) + mpmath.log(mpmath.mpf(cost) + mpmath.mpf(price)) + mpmath.log(2 * ratio)
                assert abs(one.x - truth) < 1e-13 * (1 + abs(truth))
