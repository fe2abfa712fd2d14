"""Every mutant of an accepted solution whose decisions or regions differ somewhere is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sympy import Min

from derive.ir import Decision, Model, Parameter, Participation, Player, Protocol, Stage, Variable, symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution
from tests.check.hand import ALL
from tests.check.mutants import survivors
from tests.check.test_replies import chain

a, c, k, K, x, y, w, F, q, u, v = symbols("a c k K x y w F q u v")
MOST = 6
Made = tuple[Model, Solution]


def game(
    parameters: str, given: tuple[object, ...], variables: tuple[Variable, ...], players: tuple[Player, ...], *stages: Stage
) -> Model:
    listed = tuple(Parameter(symbol, "") for symbol in symbols(parameters))
    return Model("game", "", "", listed, given, variables, players, (Protocol("P", "", stages),))  # type: ignore[arg-type]


def alone(name: str, *chosen: object) -> Stage:
    return Stage((Decision((name,), chosen),))  # type: ignore[arg-type]


def tariff() -> Model:
    """A price and a fee that the retailer accepts if it loses nothing."""
    leader = Decision(("M",), (w, F), (Participation("R", c * 0),))
    variables = (Variable(w, "", (w >= 0,)), Variable(F, ""), Variable(q, "", (q >= 0,)))
    players = (Player("M", (w - c) * q + F, u), Player("R", (a - q - w) * q - F, v))
    return game("a c", (a > c, c > 0), variables, players, Stage((leader,)), alone("R", q))


def efforts() -> Model:
    """Two efforts of one player with a joint budget, linear payoffs with quadratic costs."""
    variables = (Variable(x, "", (x >= 0,)), Variable(y, "", (y >= 0,)))
    players = (Player("E", a * x + c * y - x**2 / 2 - y**2 / 2 - k * x * y, u),)
    return game("a c k", (a > 0, c > 0, k > 0, k < 1), variables, players, alone("E", x, y))


def capacity() -> Model:
    """Two sellers of one good, the first of whom cannot sell more than it has."""
    sold = Min(x, K)
    variables = (Variable(x, "", (x >= 0,)), Variable(y, "", (y >= 0,)))
    players = (Player("A", (a - sold - y) * sold - c * x, u), Player("B", (a - sold - y - c) * y, v))
    both = Stage((Decision(("A",), (x,)), Decision(("B",), (y,))))
    return game("a c K", (a > c, c > 0, K > 0), variables, players, both)


def derived(make: Callable[[], Model]) -> Callable[[], Made]:
    def made() -> Made:
        model = make()
        return model, derive_protocol(model, model.protocols[0])

    return made


MODELS: tuple[Callable[[], Made], ...] = (
    *ALL,
    *(derived(make) for make in (chain, tariff, efforts, capacity)),
)


@pytest.mark.parametrize("make", MODELS)
def test_no_mutant_survives(make: Callable[[], Made]) -> None:
    tried, accepted = survivors(*make(), most=MOST)
    assert not accepted
    assert tried >= 4
