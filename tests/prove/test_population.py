"""Populations: every member satisfies what is given, exactly; what plainly fails at one of them is no theorem."""

from fractions import Fraction

import pytest
from sympy import And, Eq, Ge, Gt, Le, Lt, Ne, Or, Rational, exp, symbols

from derive.prove import refute
from derive.prove.goals import names
from derive.prove.population import inhabited, population, together

x, y, z, w = symbols("x y z w", real=True)

REGIONS = (
    (Gt(x, 0), Gt(y, 0), Lt(x, y)),
    (Gt(x, 0), Gt(y, 0), Gt(x * y, 1), Lt(x * y, Rational(101, 100))),
    (Gt(x, 0), Gt(y, 0), Gt(z, 0), Lt(x**2 * y + z**3, x * y * z), Ge(z, x)),
    (Ge(x, 0), Le(x, 1), Lt(y, 0), Gt(x + y, -1)),
    (Gt(x, 1000), Lt(y, x / 1000), Gt(y, x / 2000)),
    (Gt(y, 0), Or(Gt(x, 5 * y), Lt(x, -5 * y))),
    (Gt(x, 0), Gt(1 / (y - x), 1)),
    (Gt(x, 0), Ne(y, x)),
)


def at(point, order):
    return {symbol: Rational(*Fraction(float(number)).as_integer_ratio()) for symbol, number in zip(order, point, strict=True)}


@pytest.mark.parametrize("region", REGIONS, ids=str)
def test_every_member_satisfies_everything_exactly(region):
    order = names(region)
    found = population(region, order)
    assert len(found) >= 50
    for point in found.values.T[:: max(1, len(found) // 40)]:
        assert all(fact.xreplace(at(point, order)) == True for fact in region)  # noqa: E712  (SymPy's true)


def test_a_symbol_given_by_an_equation_has_its_value():
    region = (Gt(x, 0), Gt(y, 0), Eq(z * (x + y), x), Gt(z, Rational(1, 2)))
    order = names(region)
    found = population(region, order)
    rows = dict(zip(order, found.values, strict=True))
    assert len(found) >= 50
    assert abs(rows[z] * (rows[x] + rows[y]) - rows[x]).max() < 1e-9 * rows[x].max()
    assert (rows[x] > rows[y]).all()
    assert found.holds(Ge(z * (x + y), x)).all()  # a tie is no failure,
    assert found.fails(Gt(z * (x + y), x)).all()  # but of a strict relation


def test_an_empty_region_has_no_members():
    for region in ((Gt(x, y), Gt(y, x)), (Gt(x, 0), Lt(x**2 + 1, 0)), (Gt(x, 1), Eq(x, 0))):
        assert not len(population(region, names(region)))


def test_what_fails_somewhere_is_seen_to_and_what_follows_is_not():
    region = (Gt(x, 0), Gt(y, 0), Lt(x, y))
    found = population(region, (w, x, y))
    for false in (Gt(2 * x, y), Lt(y, 5), Eq(x, y), And(Lt(x, y), Lt(x * y, 1)), Or(Gt(x, 1), Lt(y, 1)), Gt(w, x)):
        assert found.fails(false).any()
    for true in (Gt(x * y, x**2), Ne(x, y), Or(Gt(2 * x, y), Lt(x, y)), Gt(1 / x, 1 / y)):
        assert found.holds(true).all()
        assert not found.fails(true).any()


def test_what_is_not_read_is_neither_true_nor_false_and_draws_nothing():
    found = population((Gt(x, 0),), (x,))
    assert not found.holds(Gt(exp(x), 1)).any()
    assert not found.fails(Gt(exp(x), 1)).any()
    assert not len(population((Gt(exp(x), 2),), (x,)))


def test_without_a_search_only_what_is_drawn_counts():
    region = (Gt(x, 10**9), Lt(x, 2 * 10**9))
    assert not inhabited(region)
    assert len(population(region, (x,)))


def test_several_together_keep_all_points():
    parts = [population((Gt(x, 0), fact), (x,)) for fact in (Lt(x, 1), Gt(x, 2))]
    both = together(parts)
    assert len(both) == sum(map(len, parts))
    assert not both.holds(And(Gt(x, 1), Lt(x, 2))).any()


def test_what_is_small_is_not_taken_for_zero_because_of_its_power():
    """Close to ``x = y*z`` a seventh power is lost in the rounding of its terms: it is negative there all the same."""
    given = (x > 0, y > 0, z >= 0, x > y * z)
    assert not population(given, (x, y, z)).holds((y * z - x) ** 7 >= 0).any()
    assert refute((*given, (y * z - x) ** 7 / (128 * y**3) >= 0)) is not None


def test_statements_about_numbers_alone_are_read():
    nothing = population((), ())
    assert nothing.holds(Gt(Rational(1, 2), 0, evaluate=False)).all()
    assert nothing.fails(Lt(Rational(1, 2), 0, evaluate=False)).all()
    assert not len(population((Lt(Rational(1, 2), 0, evaluate=False),), ()))


def test_a_product_of_small_factors_is_not_nothing():
    region = (Gt(x, 0), Lt(1000 * x, y), Lt(y, 1), Gt(y, 0))
    found = population(region, (x, y))
    product = (y - 1000 * x) ** 2 * x**4 * (y**2 + x) ** 3
    assert not found.fails(Gt(product, 0)).any()
    assert found.holds(Gt(product, 0)).all()
