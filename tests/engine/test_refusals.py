"""What has no answer is refused with the true reason, never answered wrongly."""

from __future__ import annotations

import pytest
from sympy import Integer, Rational

from derive.errors import Refusal
from derive.ir import Model, symbols
from derive.play.induction import derive_protocol
from tests.engine import statements

m, x, y = symbols("m x y")


def refusal(model: Model) -> Refusal:
    with pytest.raises(Refusal) as caught:
        derive_protocol(model, model.protocols[0])
    return caught.value


def test_an_unbounded_objective():
    found = refusal(statements.one_choice(m * x, x >= 0, assumptions=(m > 0,)))
    assert "unbounded" in str(found)
    assert "symbol x" in str(found)


def test_a_convex_objective_is_not_maximised_at_its_stationary_point():
    convex = statements.one_choice(x**2 - m * x, x >= 0, x <= 1, assumptions=(m > 0,))
    solution = derive_protocol(convex, convex.protocols[0])
    assert [(r.region[0].xreplace({m: 2}), dict(r.values)[x]) for r in solution.regimes] == [(True, 0), (False, 1)]
    quartic = statements.one_choice(x**4 - m * x, x >= 0, x <= 1, assumptions=(m > 0,))
    for point, best in ((Rational(1, 2), 1), (Integer(2), 0)):
        regimes = derive_protocol(quartic, quartic.protocols[0]).regimes
        (regime,) = (r for r in regimes if all(bool(relation.xreplace({m: point})) for relation in r.region))
        assert dict(regime.values)[x] == best


def test_a_flat_objective_is_a_continuum():
    found = refusal(statements.one_choice(m + 0 * x, x >= 0, x <= 1))
    assert "every admissible value is optimal" in str(found)


def test_a_supremum_at_an_excluded_bound_is_not_attained():
    found = refusal(statements.one_choice(-m * x, x > 0, x <= 1, assumptions=(m > 0,)))
    assert "not attained" in str(found)


def test_several_equilibria_are_not_answered_by_one():
    game = statements.matching(2 * x * y - x**2 * y, 2 * x * y - y**2 * x)
    solution = derive_protocol(game, game.protocols[0])
    assert {(r.resolved()[x], r.resolved()[y], r.unique) for r in solution.regimes} == {(0, 0, False), (1, 1, False)}


def test_best_responses_that_never_meet():
    quadratic = statements.matching(-((x - y) ** 2), -((y - x - 2 * m) ** 2))
    # x = y and y = min(1, x + 2m): they meet at the upper ends only.
    solution = derive_protocol(quadratic, quadratic.protocols[0])
    assert [dict(r.values)[x] for r in solution.regimes] == [1]


def test_participation_that_nobody_can_meet_is_not_waved_through():
    from derive.ir import Participation, Player

    w, e, pay, agent = symbols("w e U_P U_A")
    model = statements.model(
        "stuck",
        (m,),
        (m > 1,),
        {w: (w >= 0, w <= 1), e: (e >= 0, e <= 1)},
        (Player("P", e - w, pay), Player("A", w - e**2, agent)),
        statements.protocol("one", (statements.decide("P", w, e, subject_to=(Participation("A", m),)),)),
    )
    assert str(refusal(model))
