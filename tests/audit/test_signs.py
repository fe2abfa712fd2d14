"""Signs over a region: points first, every factor once, conditions with certificates that the checker accepts, also at borders."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from sympy import And, Expr, Integer, Rational, exp, sqrt
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.audit.products import operations
from derive.audit.recall import FORGETFUL
from derive.audit.scatter import Places, common_places, places
from derive.audit.signs import Sign, Signed, Territory
from derive.check.certificates import Rejected, check, check_all
from derive.field import normal
from derive.ir import symbols
from derive.prove.relations import relation
from derive.shocks import Cdf
from tests.audit.truth import true_at

a, b, c, x, y, z = symbols("a b c x y z")
POSITIVE = (a > 0, b > 0, c > 0)


def territory(given: Sequence[Boolean], hidden: frozenset = frozenset()) -> Territory:
    return Territory(tuple(given), places(tuple(given)), hidden, FORGETFUL)


def signed(expression: Expr, given: Sequence[Boolean] = POSITIVE) -> Signed:
    return territory(given).signed(normal(expression))


def holds(found: Signed, at: dict) -> bool:
    assert found.condition is not None
    return any(all(true_at(one, at) for one in part) for part in found.condition)


@pytest.mark.parametrize(
    ("expression", "given", "sign"),
    [
        (a * b + c, POSITIVE, Sign.POSITIVE),
        (-a / (b + c) ** 2, POSITIVE, Sign.NEGATIVE),
        ((a - b) ** 2 * c, POSITIVE, Sign.NOT_NEGATIVE),
        ((a - b) * c, (*POSITIVE, a >= b), Sign.NOT_NEGATIVE),
        ((b - a) / (a - b + c), (*POSITIVE, a >= b), Sign.NOT_POSITIVE),
        (a**2 - 2 * a * b + 2 * b**2, POSITIVE, Sign.POSITIVE),
        (a - a, POSITIVE, Sign.ZERO),
        ((a - b) * (a - c), (*POSITIVE, a > b, a > c), Sign.POSITIVE),
        ((x - y) * (x - y + 1), (x > y,), Sign.POSITIVE),
    ],
)
def test_one_sign_is_certified(expression: Expr, given: Sequence[Boolean], sign: Sign) -> None:
    found = signed(expression, given)
    assert found.sign is sign
    check_all(found.certificates)


def test_where_no_point_is_seen_the_sign_is_that_of_the_factors() -> None:
    nowhere_seen = (a > 0, b > 0, a > 4 * sqrt(b), a**2 + 32 * b > 16 * a * sqrt(b))
    assert not len(places(nowhere_seen))
    for expression, sign in ((Integer(-1), Sign.NEGATIVE), (-a * b, Sign.NEGATIVE), (a / b**3, Sign.POSITIVE)):
        found = signed(expression, nowhere_seen)
        assert found.sign is sign
        check_all(found.certificates)


@pytest.mark.parametrize(
    ("expression", "given"),
    [
        (a - b, POSITIVE),
        (c * (a - b) / (a + b), POSITIVE),
        (c / (a - b), POSITIVE),
        (-(c**3) * (a * b - c) / (a + 1), POSITIVE),
        ((a - b) * (a - 2 * c), POSITIVE),
        ((a - b) * (b - 2 * c), (*POSITIVE, a >= b)),
        (-(a - b) * (2 * b - c) * (a - c), (*POSITIVE, a >= b, a <= c)),
        ((a**2 - b) * (b - a * c), (*POSITIVE, a**2 >= b)),
        ((a - b) ** 2 * (a - c), POSITIVE),
        (x * y - 1, ()),
    ],
)
def test_where_a_sign_varies_the_condition_is_exact(expression: Expr, given: Sequence[Boolean]) -> None:
    found = signed(expression, given)
    assert found.sign is Sign.DEPENDS
    check_all(found.certificates)
    sufficient, necessary = found.certificates
    assert sufficient.claim == relation(found.expression, ">")
    assert relation(found.expression, ">") in necessary.given
    rng = random.Random(5)
    met = 0
    for _ in range(400):
        at = {
            symbol: Rational(rng.randint(1, 12), rng.randint(1, 4)) * (1 if given else rng.choice((1, -1)))
            for symbol in (a, b, c, x, y)
        }
        if rng.random() < 0.4:
            at[rng.choice((a, c))] = at[b]
        if all(true_at(fact, at) for fact in given) and (value := expression.xreplace(at)).is_finite:
            met += 1
            assert (value > 0) == holds(found, at), at
    assert met >= 20


def test_a_border_of_the_region_is_part_of_the_condition() -> None:
    found = signed((a - b) * (b - 2 * c), (*POSITIVE, a >= b))
    assert found.condition is not None
    (part,) = found.condition
    assert len(part) == 2
    assert not holds(found, {a: Rational(4), b: Rational(4), c: Rational(1)})
    _, necessary = found.certificates
    assert isinstance(necessary.claim, And)


def test_what_a_point_refutes_is_not_sent_to_the_prover(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr("derive.audit.products.prove_any", refused)
    monkeypatch.setattr("derive.audit.where.exact_condition", lambda *_: None)
    product = (a**3 - b**2 + c) * (a * b**2 - c**3 + 1)
    found = signed(product)
    assert found.sign is Sign.DEPENDS
    assert found.condition is None
    for point, positive in zip(found.points, (True, False), strict=True):
        at = dict(point)
        assert all(true_at(fact, at) for fact in POSITIVE)
        assert (product.xreplace(at) > 0) == positive
        assert product.xreplace(at) != 0


def test_what_one_sign_costs_changes_no_other() -> None:
    hard = [normal((a - b) * (a - c) * (b - c) + k * a**4 + b * c**3 - a * b * c * (k + 1)) for k in range(3)]
    easy = [normal(c * (a - b)), normal(a / (b + c) - 1), normal((a - 2 * b) * (b - c))]
    alone = [territory(POSITIVE).signed(one) for one in easy]
    after = territory(POSITIVE)
    for one in hard:
        after.signed(one)
    assert [after.signed(one) for one in easy] == alone


def test_of_hidden_symbols_nothing_is_told() -> None:
    assert territory(POSITIVE, frozenset({a})).signed(normal(a - b)).sign is Sign.UNSETTLED
    assert territory(POSITIVE, frozenset({a})).signed(normal(a + b)).sign is Sign.POSITIVE


def test_a_condition_carries_over_powers_and_values_of_laws() -> None:
    here = territory((*POSITIVE, Cdf("F", z) > 0, z > 0))
    found = here.signed(normal((b - 2) * z * a**c * exp(x) * Cdf("F", z)))
    assert found.sign is Sign.DEPENDS
    assert found.condition == ((b > 2,),)
    check_all(found.certificates)
    assert here.signed(normal((Cdf("F", z) - a) * c)).sign is Sign.UNSETTLED


def test_a_forged_condition_is_rejected() -> None:
    sufficient, necessary = signed(c * (a - b) / (a + b)).certificates
    for forged in (relation(a, ">", 2 * b), relation(a, "<", b)):
        with pytest.raises(Rejected):
            check(type(necessary)(**{**vars(necessary), "claim": forged}))
    with pytest.raises(Rejected):
        check(type(sufficient)(**{**vars(sufficient), "given": POSITIVE}))


def exactly(there: Places) -> list[dict]:
    return [there.point(row) for row in range(len(there)) if there.inside(row)]


@pytest.mark.parametrize(
    "given",
    [
        POSITIVE,
        (a > b, b > c, a + c < 2 * b),
        (*POSITIVE, relation(a * b, "=", c), a < 1),
        (*POSITIVE, a * b >= c, a**2 <= c),
        (x > 0, x < 1, relation(a * x**2 + b, "=", c), b > a),
    ],
)
def test_points_of_a_region_are_many_and_in_it(given: Sequence[Relational]) -> None:
    there = places(tuple(given))
    inside = exactly(there)
    assert len(inside) >= 60
    assert len(inside) >= len(there) * 0.95
    assert all(true_at(fact, at) for at in inside for fact in given)


def test_points_reach_both_sides_of_zero_where_they_may() -> None:
    there = places((a > b, b > c))
    for symbol in (a, b, c):
        assert set(there.shown(symbol)) >= {1, -1}


def test_points_of_other_regions_serve_where_they_are_enough() -> None:
    first, second = places((*POSITIVE, a > b)), places((*POSITIVE, b > c))
    both = common_places((*POSITIVE, a > b, b > c), (first, second))
    assert both is not None
    assert len(both) >= 24
    assert all(true_at(fact, at) for at in exactly(both) for fact in (a > b, b > c))


def test_regions_that_exclude_each_other_have_no_places_in_common() -> None:
    above, below = (*POSITIVE, a > b), (*POSITIVE, a < b)
    assert common_places((*above, *below), (places(above), places(below))) is None


def test_a_value_that_rounding_makes_is_no_sign() -> None:
    there = places(POSITIVE)
    nothing = (a + b) ** 2 - a**2 - 2 * a * b - b**2
    assert not there.signs(nothing).any()


def test_operations_are_counted() -> None:
    assert operations(a) == 0
    assert operations(a * b + c) == 2
    assert operations((a + b) ** 2) == 2
