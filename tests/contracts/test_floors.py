"""An agreement reached after an investment is sunk: what it must gain restricts nothing that is chosen."""

from __future__ import annotations

from sympy import Integer

from derive.check.solution import check_solution
from derive.ir import Bargain, Decision, Player, symbols
from derive.play.induction import derive_protocol
from tests.engine.statements import decide, model, protocol

a, c, k, beta, x, q, t, U, V = symbols("a c k beta x q t U V")


def test_the_hold_up_problem() -> None:
    """Grout (1984): whoever gets a share beta of the surplus invests up to where that share is the marginal cost."""
    game = model(
        "holdup",
        (a, c, k, beta),
        (a > c, c > 0, k > 1, beta > 0, beta < 1),
        {x: (x >= 0,), q: (q >= 0,), t: ()},
        (Player("B", (a + x) * q - q**2 / 2 - t - k * x**2 / 2, U), Player("S", t - c * q, V)),
        protocol(
            "sunk",
            (decide("B", x),),
            (Decision(("B", "S"), (q, t), bargain=Bargain((beta, 1 - beta), (-k * x**2 / 2, Integer(0)))),),
        ),
        protocol("agreed", (decide(("B", "S"), x, q),)),
    )
    chosen = []
    for one in game.protocols:
        solution = derive_protocol(game, one)
        report = check_solution(game, solution, 10)
        assert report.accepted, report.failures
        (regime,) = solution.regimes
        chosen.append(dict(regime.values)[x])
    assert (chosen[0] - beta * (a - c) / (k - beta)).cancel() == 0
    assert (chosen[1] - (a - c) / (k - 1)).cancel() == 0
