"""What claims refer to: responses of which a continuum is best, and existence among players who are alike."""

from __future__ import annotations

import pytest
from sympy import Eq, Rational
from sympy.logic.boolalg import Boolean

from derive.audit.judge import judge
from derive.audit.judgements import CONDITIONAL, PROVED, REFUTED
from derive.audit.setting import setting_of
from derive.ir import After, Claim, Exists, Model, Player, symbols
from derive.pipeline import derive_statement
from tests.engine import crowds
from tests.engine.statements import decide, model, protocol

a, b, x, y, U, V = symbols("a b x y U V")


def level() -> Model:
    """Both want the sum to be `a`: the first may choose anything that the second can make up for."""
    domain = {x: (x >= 0, x <= 2), y: (y >= 0, y <= 2)}
    players = (Player("one", -((x + y - a) ** 2), U), Player("two", -((x + y - a) ** 2), V))
    return model(
        "level", (a, b), (a > 0, a < 3, b > 0), domain, players, protocol("P", (decide("one", x),), (decide("two", y),))
    )


@pytest.mark.parametrize(
    ("asserts", "status"),
    [
        (After(y, "P", 1) >= 0, PROVED),
        (After(y, "P", 1) <= 2, PROVED),
        (Eq(After(x + y, "P", 1), a), PROVED),
        (After(x, "P", 1) >= a - 2, PROVED),
        (After(y, "P", 1) > 0, REFUTED),
        (After(y, "P", 1) <= b, REFUTED),  # where b is small, x = 0 leaves more than that to the second
    ],
    ids=str,
)
def test_free_choices_of_a_response_are_among_those_that_are_best(asserts: Boolean, status: str) -> None:
    statement = level()
    (found,) = judge(Claim("c", "", asserts), setting_of(statement, derive_statement(statement)))
    assert found.status == status or (found.status == CONDITIONAL and x not in found.condition[0][0].free_symbols)


def test_equilibria_in_which_some_stay_out_are_not_said_not_to_exist() -> None:
    """Perez-Castrillo and Verdier (1992): of five with an exponent of 3/2, three may compete, each with a third of the prize at stake."""
    statement = crowds.power_contest()
    key, r = statement.protocols[0].key, 1.5
    given = (Eq(crowds.n, 5), Eq(crowds.b, Rational(3, 2)))
    setting = setting_of(statement, derive_statement(statement))
    for claim in (Claim("c", "", Eq(Exists(key), 0), given), Claim("c", "", Eq(Exists(key), 1), (), given)):
        assert all("in which those who are alike choose alike" in one.scope for one in judge(claim, setting))
    efforts = [i / 1000 for i in range(1, 2000)]
    inside = {e: e**r / (e**r + 2 * (1 / 3) ** r) - e for e in efforts}
    best = (1 / 3) ** r / (3 * (1 / 3) ** r) - 1 / 3
    assert max(inside.values()) <= best + 1e-6
    assert max(e**r / (e**r + 3 * (1 / 3) ** r) - e for e in efforts) <= 0
