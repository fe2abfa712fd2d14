"""What is found unasked: signs against derivatives at random points, orders between protocols, thresholds; all certified."""

from __future__ import annotations

import json
import random

import pytest
from sympy import Rational, log, oo, sqrt

from derive.audit.explore import Sign, certificates_of, explore
from derive.audit.judgements import Audit
from derive.audit.replayed import replayed
from derive.check.certificates import check
from derive.ir import GeneralDistribution, Model, Parameter, Player, Protocol, Shock, symbols
from derive.shocks import Cdf
from derive.solution import Implicit, Regime, Solution
from derive.views.audit import audit_texts
from derive.views.explore import exploration_data
from derive.views.lines import exploration_lines
from tests.audit.truth import true_at

a, b, c, q, p, u, v, w, z, A, eps = symbols("a b c q p u v w z A epsilon")
GIVEN = (a > c, c > 0, b > 0)


def statement(*shocks: Shock) -> Model:
    players = (Player("F", p * q, u),)
    parameters = tuple(Parameter(symbol, "") for symbol in (a, b, c, A))
    return Model("m", "", "", parameters, GIVEN, (), players, (Protocol("x", "", ()),), shocks=shocks)


def solved(protocol: str, values: tuple, region: tuple = (), **details: object) -> Solution:
    return Solution("m", protocol, "", GIVEN, (Regime("1", region, values, **details),), ())


MONOPOLY = solved("one", ((q, (a - c) / (2 * b)), (p, (a + c) / 2), (u, (a - c) ** 2 / (4 * b)), (v, q * (a - 3 * c))))
DUOPOLY = solved("two", ((q, 2 * (a - c) / (3 * b)), (p, (a + 2 * c) / 3), (u, (a - c) ** 2 / (9 * b)), (v, q * (a - 3 * c))))


def test_signs_are_those_of_the_derivatives_and_certified() -> None:
    found = explore(statement(), (MONOPOLY, DUOPOLY))
    assert len(found.tables) == 2
    rng = random.Random(3)
    settled = 0
    for table, solution in zip(found.tables, (MONOPOLY, DUOPOLY), strict=True):
        values = solution.regimes[0].resolved()
        for _ in range(20):
            at = {c: Rational(rng.randint(1, 30), 7), b: Rational(rng.randint(1, 30), 7)}
            at[a] = at[c] + Rational(rng.randint(1, 30), 7)
            for effect in table.effects:
                slope = values[effect.quantity].diff(effect.parameter).xreplace(at)
                match effect.slope.sign:
                    case Sign.POSITIVE:
                        assert slope > 0
                    case Sign.NEGATIVE:
                        assert slope < 0
                    case Sign.ZERO:
                        assert slope == 0
                    case Sign.DEPENDS if effect.slope.condition is not None:
                        there = any(all(true_at(one, at) for one in part) for part in effect.slope.condition)
                        assert (slope > 0) == there
                    case other:
                        raise AssertionError(other)
                settled += 1
    assert settled == 20 * 2 * 4 * 3
    for certificate in certificates_of(found):
        check(certificate)


def test_protocols_are_ordered_quantity_by_quantity() -> None:
    found = {one.quantity: one.difference.sign for one in explore(statement(), (MONOPOLY, DUOPOLY)).orders}
    assert (found[q], found[p], found[u]) == (Sign.NEGATIVE, Sign.POSITIVE, Sign.POSITIVE)
    (profit,) = [one.difference for one in explore(statement(), (MONOPOLY, DUOPOLY)).orders if one.quantity == v]
    assert profit.sign is Sign.DEPENDS
    assert profit.condition == ((a < 3 * c,),)


def test_regimes_that_exclude_each_other_are_not_compared() -> None:
    low, high = solved("one", ((q, a),), (a < 1,)), solved("two", ((q, c),), (a > 2,))
    assert explore(statement(), (low, high)).orders == ()


def test_implicit_quantities_move_with_their_equations() -> None:
    root = Implicit(z, z**3 + b * z - a, Rational(0), a, 1)
    (table,) = explore(statement(), (solved("one", ((q, z + c), (w, log(a))), implicit=(root,)),)).tables
    assert table.at(q, a).sign is Sign.POSITIVE
    assert table.at(q, b).sign is Sign.NEGATIVE
    assert table.at(q, c).sign is Sign.POSITIVE
    assert table.at(w, a).sign is Sign.POSITIVE


def test_a_parameter_that_describes_an_unknown_law_has_no_column() -> None:
    law = Shock(eps, GeneralDistribution("F", A, A + 1, A + Rational(1, 2)), "")
    root = Implicit(z, Cdf("F", z) - c / a, A, A + 1, 1)
    (table,) = explore(statement(law), (solved("one", ((q, z * b),), implicit=(root,)),)).tables
    assert A not in table.parameters


def test_choices_out_of_a_continuum_are_left_out() -> None:
    (table,) = explore(statement(), (solved("one", ((q, w), (p, a), (u, w - a)), free=(w,), among=(w > 0,)),)).tables
    assert table.at(p, a).sign is Sign.POSITIVE
    assert table.at(u, a).sign is Sign.UNSETTLED


def test_what_was_not_looked_at_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = explore(statement(), (MONOPOLY, DUOPOLY))
    assert whole.left == 0
    monkeypatch.setattr("derive.audit.explore.MOST_CELLS", 5)
    monkeypatch.setattr("derive.audit.explore.MOST_PAIRS", 3)
    found = explore(statement(), (MONOPOLY, DUOPOLY))
    cells = [
        (mine, theirs)
        for one, two in zip(whole.tables, found.tables, strict=True)
        for mine, theirs in zip(one.effects, two.effects, strict=True)
    ]
    left = [theirs for mine, theirs in cells if theirs.slope.sign is Sign.UNSETTLED is not mine.slope.sign]
    assert found.left == len(left) + 1
    assert all(mine == theirs for mine, theirs in cells if theirs not in left)
    assert exploration_lines(exploration_data(found))[-1].endswith(f"{found.left}.")
    assert f"looked for: {found.left}." in audit_texts(Audit("m", (), (), ()), found)[0]


def test_what_is_found_is_written_and_told() -> None:
    roots = solved("roots", ((q, sqrt(a)), (p, (a - c) * (a - 3 * c)), (w, Rational(3))))
    found = explore(statement(), (MONOPOLY, roots))
    audit = Audit("m", (), (), ())
    data = json.loads(audit_texts(audit, found)[1])["exploration"]
    lines = exploration_lines(data)
    assert "one, regime 1" in lines
    assert any(line.split() == ["q", "+", "-", "-"] for line in lines)
    assert "    v in a: increasing where a > 2*c" in lines
    text = audit_texts(audit, found)[0]
    assert "| q | + | - | - |" in text
    assert "Protocols compared" in text
    assert "w" not in data["statics"][1]["quantities"]


def test_a_root_in_the_equation_of_another_carries_the_parameter_along() -> None:
    """z + z**3 = w where w + w**3 = a: both rise with a, neither moves with b."""
    roots = (Implicit(w, a - w - w**3, Rational(0), oo, -1), Implicit(z, w - z - z**3, Rational(0), oo, -1))
    (table,) = explore(statement(), (solved("chain", ((u, b * z),), implicit=roots),)).tables
    signs = {(quantity, parameter): table.at(quantity, parameter).sign for quantity in (w, z, u) for parameter in (a, b)}
    rising = {(w, a), (z, a), (u, a), (u, b)}
    assert signs == {cell: Sign.POSITIVE if cell in rising else Sign.ZERO for cell in signs}


def test_a_condition_with_a_denominator_is_one_that_the_checker_accepts() -> None:
    """The price of a newsvendor with additive demand a - b p + eps, eps uniform between A and B."""
    B = symbols("B")[0]
    equation = (A + B + 2 * a) * p**2 + (A - B) * c**2 + 2 * b * c * p**2 - 4 * b * p**3
    given = (c > 0, A < B, b > 0, A + a > b * c, A < 0, B > 0)
    regime = Regime("1", (), (), (Implicit(p, equation, c, oo, -1),))
    model = Model("m", "", "", tuple(Parameter(s, "") for s in (a, b, c, A, B)), given, (), (), (Protocol("x", "", ()),))
    found = replayed(explore(model, (Solution("m", "x", "", given, (regime,), ()),)))
    assert not found.refused
    slope = found.tables[0].at(p, c)
    assert slope.sign is Sign.DEPENDS
    ((condition,),) = slope.condition
    assert (condition.gts - condition.lts - (A + b * p**2 / c - B)).expand() == 0


def test_protocols_with_roots_of_one_symbol_are_compared_in_what_is_told_without_them() -> None:
    """w + w**3 is a in one protocol, a + 1 in the other: what rests on it is not compared, prices are."""
    one = (Implicit(w, a - w - w**3, Rational(0), oo, -1),)
    other = (Implicit(w, a + 1 - w - w**3, Rational(0), oo, -1),)
    found = explore(statement(), (solved("one", ((p, a), (u, w)), implicit=one), solved("two", ((p, a + b), (u, w)), implicit=other)))
    assert [(order.quantity, order.difference.sign) for order in found.orders] == [(p, Sign.NEGATIVE)]
