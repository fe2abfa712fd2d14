"""A restriction that bounds a choice from above or from below, depending on the sign of a parameter."""

from __future__ import annotations

import random
from fractions import Fraction

from sympy import Rational, fraction

from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.programs import Infeasible
from tests.engine.statements import decide, model, protocol
from tests.engine.test_one_variable import alone, solved

a, b, c, g, k, x, q_1, q_2, Pi_1, Pi_2 = symbols("a b c g k x q_1 q_2 Pi_1 Pi_2")


def spillover() -> Model:
    """One firm's effort lowers its own cost and, in part, its rival's, before both compete."""
    price = a - q_1 - q_2
    firms = (Player("A", (price - c + x) * q_1 - k * x**2 / 2, Pi_1), Player("B", (price - c + b * x) * q_2, Pi_2))
    choices = {x: (x >= 0, x <= c), q_1: (q_1 >= 0,), q_2: (q_2 >= 0,)}
    played = protocol("P", (decide("A", x),), (decide("A", q_1), decide("B", q_2)))
    return model("spillover", (a, b, c, k), (a > c, c > 0, b >= 0, b <= 1, k > 1), choices, firms, played)


def test_a_bound_whose_side_is_that_of_a_parameter() -> None:
    inner, corner = solved(alone(x, (x >= 0, g * x <= k), a * x - x**2 / 2, (a > 0, k > 0, g < 9)))
    assert [str(r) for r in inner.region] == ["k > a*g"]
    assert dict(inner.values)[x] == a
    assert [str(r) for r in corner.region] == ["a*g >= k"]
    assert dict(corner.values)[x] == k / g


def test_premises_are_stated_without_quotients_of_known_sign() -> None:
    statement = spillover()
    solution = derive_protocol(statement, statement.protocols[0])
    steps = [step for part in solution.argument for step in part.proof if isinstance(step, Infeasible)]
    sides = [side for step in steps for relation in step.given for side in relation.args]
    assert steps
    assert not any(fraction(side)[1].free_symbols for side in sides)


def test_a_spillover_below_and_above_a_half_against_a_grid() -> None:
    regimes = solved(spillover())
    draw, met = random.Random(3), set()
    for _ in range(200):
        cost = Fraction(draw.randint(1, 40), 10)
        at = {c: cost, a: cost + Fraction(draw.randint(1, 30), 10), b: Fraction(draw.randint(0, 20), 20)}
        at[k] = 1 + Fraction(draw.randint(1, 30), 10)
        point = {symbol: Rational(value.numerator, value.denominator) for symbol, value in at.items()}
        here = [number for number, regime in enumerate(regimes) if all(r.xreplace(point) == True for r in regime.region)]  # noqa: E712
        assert len(here) == 1
        met.update(here)

        def earned(effort: Fraction, at: dict[object, Fraction] = at) -> Fraction:
            margin = at[a] - at[c]
            rival = margin + (2 * at[b] - 1) * effort
            quantity = (margin + (2 - at[b]) * effort) / 3 if rival > 0 else (margin + effort) / 2
            return quantity**2 - at[k] * effort**2 / 2

        leaves = (at[a] - at[c]) / (1 - 2 * at[b]) if 2 * at[b] < 1 else at[c]
        grid = [at[c] * step / 300 for step in range(301)]
        best = max(map(earned, [min(leaves, at[c]), *grid]))
        told = dict(regimes[here[0]].values)[Pi_1].xreplace(point)
        assert 0 <= told - Rational(best.numerator, best.denominator) <= float(at[k] + 2) / 2 * float(at[c] / 600) ** 2
    assert met == set(range(len(regimes)))
