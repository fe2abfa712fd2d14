"""How generated functions take arguments: scalars, integers, arrays of any shape, wrong types, outside the domain, threads."""

from __future__ import annotations

import math
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest

from tests.evaluator.support import module

POINT = {"a": 10.0, "b": 4.0, "gamma": 0.7, "c": 1.625, "alpha": 0.3}


def test_scalar_in_scalar_out_and_zero_dimensional_arrays_too() -> None:
    tdc = module("consignment").tdc_uniform
    plain = tdc(**POINT)
    assert [type(value) for value in plain] == [float] * 9 + [str]
    assert plain.regime == "interior"
    assert tdc(**{name: np.asarray(value) for name, value in POINT.items()}) == plain
    assert tdc(**{name: np.float64(value) for name, value in POINT.items()}) == plain
    assert tdc(**POINT | {"gamma": Fraction(7, 10)}) == plain


def test_integers_are_converted_and_do_not_overflow() -> None:
    tdc = module("consignment").tdc_uniform
    at = {"a": 10**15, "b": 9, "gamma": 1, "c": 10**6, "alpha": 0.25}
    truth = tdc(**{name: float(value) for name, value in at.items()})
    assert tdc(**at) == truth
    many = tdc(**at | {name: np.full(200, at[name], np.int64) for name in ("a", "b", "gamma", "c")})
    for got, value in zip(many[:-1], truth[:-1], strict=True):
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, value, rtol=1e-14)
    power = module("functions").all_(a=1, b=0.5, lambda_=np.full(100, 1000), n=np.full(100, 10))
    assert power.whole.tolist() == [1e30] * 100
    assert tdc(**at | {"a": 10**30}).Pi_R == pytest.approx(truth.Pi_R * 1e15, rel=1e-14)


@pytest.mark.parametrize("rows", [3, 30])
def test_arrays_broadcast(rows: int) -> None:
    tdc = module("consignment").tdc_uniform
    b, gamma = np.linspace(4, 6, rows)[:, None], np.linspace(0, 2, 5)
    grid = tdc(**POINT | {"b": b, "gamma": gamma})
    assert grid.p.shape == grid.regime.shape == (rows, 5)
    single = tdc(**POINT | {"b": b[1, 0], "gamma": gamma[3]})
    assert grid.p[1, 3] == pytest.approx(single.p, rel=1e-15)
    assert tdc(**POINT | {"b": [5, 6]}).p.shape == (2,)
    fortran = tdc(**POINT | {"b": np.asfortranarray(b + 0 * gamma), "gamma": gamma})
    assert np.array_equal(fortran.p, grid.p)
    strided = tdc(**POINT | {"b": np.linspace(4, 6, 2 * rows)[::2]})
    assert strided.p[-1] == pytest.approx(tdc(**POINT | {"b": np.linspace(4, 6, 2 * rows)[-2]}).p, rel=1e-15)


def test_blocks_and_small_arrays_agree() -> None:
    """Lengths around the sizes at which another way of computing takes over, regimes mixed."""
    capacity = module("clip").capacity
    a = np.random.default_rng(3).uniform(0, 30, 40000)
    whole = capacity(a=a, c=2.0, K=5.0)
    assert set(whole.regime.tolist()) == {0, 1, 2}
    for size in (1, 47, 48, 16383, 16384, 16385):
        part = capacity(a=a[:size], c=2.0, K=5.0)
        assert np.array_equal(part.x, whole.x[:size])
        assert np.array_equal(part.regime, whole.regime[:size])
    inner = np.clip((a - 2) / 2, 0, 5)
    np.testing.assert_allclose(whole.x, inner, rtol=1e-15)


def test_empty_arrays() -> None:
    empty = module("consignment").tdc_uniform(**POINT | {"b": np.empty((0, 3))})
    assert empty.p.shape == empty.regime.shape == (0, 3)
    assert empty.p.dtype == np.float64
    assert empty.regime.dtype == np.int8


def test_results_of_calls_do_not_share_memory_and_inputs_stay_as_they_are() -> None:
    tdc = module("consignment").tdc_uniform
    b = np.linspace(4, 6, 10000)
    b.flags.writeable = False
    first = tdc(**POINT | {"b": b})
    kept = [column.copy() for column in first]
    tdc(**POINT | {"b": b + 1})
    for column, copy in zip(first, kept, strict=True):
        assert np.array_equal(column, copy)


@pytest.mark.parametrize("size", [3, 10000])
def test_only_equal_quantities_share_an_array_and_it_cannot_be_written_to(size: int) -> None:
    result = module("consignment").tdc_uniform(**POINT | {"b": np.linspace(4, 6, size)})
    assert np.shares_memory(result.Pi_S1, result.Pi_S2)
    with pytest.raises(ValueError, match="read-only"):
        result.Pi_S1[0] = 0.0
    assert np.shares_memory(result.Pi, result.total)  # by their formulas; the one is not written as the sum of payoffs
    others = [column for name, column in zip(result._fields, result, strict=True) if name not in ("Pi_S2", "total")]
    assert not any(np.shares_memory(x, y) for i, x in enumerate(others) for y in others[:i])
    result.p[0] = 0.0
    assert result.Pi_S1[0] > 0


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"gamma": 3.0}, "b > gamma + 1 does not hold"),
        ({"gamma": -1e-300}, "gamma >= 0 does not hold"),
        ({"alpha": 0.5}, "alpha < 1/2 does not hold"),
        ({"a": math.nan}, "a > 0 does not hold"),
        ({"a": math.inf}, "a is finite does not hold"),
        ({"b": 10**400}, "int too large"),
    ],
)
def test_outside_the_domain_the_condition_is_named(change: dict[str, float], condition: str) -> None:
    with pytest.raises((ValueError, OverflowError), match=condition.replace("+", r"\+")):
        module("consignment").tdc_uniform(**POINT | change)


@pytest.mark.parametrize(("shape", "index"), [((40, 500), "(12, 345)"), ((20000,), "6345"), ((5, 2), "(4, 1)")])
def test_first_offending_index_and_its_values_are_named(shape: tuple[int, ...], index: str) -> None:
    gamma = np.full(shape, 0.7)
    where = tuple(int(part) for part in index.strip("()").split(","))
    gamma[where] = 3.5
    gamma.flat[np.ravel_multi_index(where, shape) + 1 :] = -1.0
    with pytest.raises(ValueError, match="tdc_uniform: ") as caught:
        module("consignment").tdc_uniform(**POINT | {"gamma": gamma})
    assert str(caught.value) == (
        f"tdc_uniform: b > gamma + 1 does not hold at index {index}: a = 10.0, b = 4.0, gamma = 3.5, c = 1.625, alpha = 0.3"
    )


@pytest.mark.parametrize("size", [4, 400])
def test_nan_on_request(size: int) -> None:
    tdc = module("consignment").tdc_uniform
    gamma = np.tile([0.7, 3.5, math.nan, 0.0], size // 4)
    many = tdc(**POINT | {"gamma": gamma}, on_invalid="nan")
    assert many.regime.tolist() == [0, -1, -1, 0] * (size // 4)
    assert np.isnan(many.Pi).tolist() == [False, True, True, False] * (size // 4)
    assert many.REGIMES[-1] == "outside the domain"
    np.testing.assert_allclose(many.p[::4], tdc(**POINT).p, rtol=1e-15)
    alone = tdc(**POINT | {"gamma": 3.5}, on_invalid="nan")
    assert math.isnan(alone.p)
    assert alone.regime == "outside the domain"


def test_points_that_the_solution_leaves_out() -> None:
    gap = module("clip").gap
    assert gap(a=3.0, c=2.0, K=5.0).x == 0.5
    with pytest.raises(ValueError, match="the solution leaves this point out: a = 2"):
        gap(a=2.0, c=2.0, K=5.0)
    with pytest.raises(ValueError, match="leaves this point out at index 70"):
        gap(a=np.append(np.full(70, 3.0), 9.0), c=2.0, K=5.0)
    many = gap(a=np.tile([3.0, 9.0], 50), c=[2.0], K=np.tile([5.0, 5.0], 50), on_invalid="nan")
    assert many.regime.tolist() == [0, -2] * 50
    assert [many.REGIMES[code] for code in (0, -2)] == ["interior", "left out by the solution"]


def test_odd_domains() -> None:
    odd = module("odd").odd
    for bad in ({"a": 0.5, "b": 0.7}, {"a": 4.0, "b": 4.0}):
        with pytest.raises(ValueError, match="does not hold"):
            odd(**bad)
    with pytest.raises(ValueError, match="n is an integer does not hold"):
        module("functions").all_(a=1.0, b=0.5, n=2.5, lambda_=1.0)


def test_wrong_arguments() -> None:
    tdc = module("consignment").tdc_uniform
    with pytest.raises(TypeError, match="gamma"):
        tdc(**{name: value for name, value in POINT.items() if name != "gamma"})
    with pytest.raises(TypeError, match="delta"):
        tdc(**POINT, delta=1)
    with pytest.raises(TypeError):
        tdc(*POINT.values())
    for wrong in ("4", None, 1j, True, np.array([1j]), np.array(["x"]), [None, 1.0]):
        with pytest.raises(TypeError, match="tdc_uniform: b must be real numbers"):
            tdc(**POINT | {"b": wrong})
    with pytest.raises(ValueError, match=r"do not broadcast: b \(2,\), gamma \(3,\)"):
        tdc(**POINT | {"b": np.ones(2), "gamma": np.ones(3)})
    with pytest.raises(ValueError, match="on_invalid is 'raise' or 'nan'"):
        tdc(**POINT | {"gamma": 5.0}, on_invalid="ignore")


@pytest.mark.parametrize("word", ["ignore", "", None, 0])
def test_an_unknown_word_is_refused_also_where_all_is_well(word: object) -> None:
    tdc = module("consignment").tdc_uniform
    for point in (POINT, {name: np.full(100, value) for name, value in POINT.items()}):
        with pytest.raises(ValueError, match="on_invalid is 'raise' or 'nan'"):
            tdc(**point, on_invalid=word)
    assert tdc(**POINT, on_invalid="nan") == tdc(**POINT)


def test_masked_arrays_are_refused_rather_than_unmasked() -> None:
    with pytest.raises(TypeError, match="b must be real numbers, not a masked array"):
        module("consignment").tdc_uniform(**POINT | {"b": np.ma.array([5.0, 6.0], mask=[False, True])})


@pytest.mark.parametrize("kind", [np.float32, np.float16, ">f8", np.longdouble, np.int8, np.uint64])
def test_arrays_of_other_numbers_become_doubles(kind: object) -> None:
    a = np.arange(1, 101).astype(kind)
    result = module("clip").capacity(a=a, c=2.0, K=5.0)
    assert result.x.dtype == np.dtype(float)
    assert np.array_equal(result.x, module("clip").capacity(a=np.arange(1.0, 101.0), c=2.0, K=5.0).x)


@pytest.mark.parametrize("size", [1, 5, 100])
def test_results_can_be_pickled(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    generated = module("clip")
    monkeypatch.setitem(sys.modules, generated.__name__, generated)
    result = generated.capacity(a=np.linspace(1, 20, size) if size > 1 else 3.0, c=2.0, K=5.0)
    again = pickle.loads(pickle.dumps(result))
    assert type(again) is generated.Capacity
    assert all(np.array_equal(x, y) for x, y in zip(result, again, strict=True))


def test_threads_in_several_regimes_do_not_disturb_each_other() -> None:
    capacity = module("clip").capacity
    jobs = [np.random.default_rng(seed).uniform(0, 30, 50000) for seed in range(8)]
    alone = [capacity(a=a, c=2.0, K=5.0) for a in jobs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda a: capacity(a=a, c=2.0, K=5.0), jobs))
    for first, second in zip(alone, together, strict=True):
        assert all(np.array_equal(x, y) for x, y in zip(first, second, strict=True))


def test_threads_do_not_disturb_each_other() -> None:
    generated = module("consignment")
    rng = np.random.default_rng(5)
    jobs = [np.sort(rng.uniform(4, 9, 30000)) for _ in range(12)]

    def work(b: np.ndarray) -> list[np.ndarray]:
        return [*generated.tdc_uniform(**POINT | {"b": b}), *generated.tdc_exponential(**POINT | {"b": b[:3000]}, m=1.0)]

    alone = [work(b) for b in jobs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(work, jobs))
    for first, second in zip(alone, together, strict=True):
        assert all(np.array_equal(x, y) for x, y in zip(first, second, strict=True))
