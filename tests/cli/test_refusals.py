"""Games without the answer asked for: refused with the true reason, in one line that says where, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.cli import main

HEAD = """
from sympy import Integer, Min, Rational
from derive.ir import (
    Decision, Feasibility, Model, Parameter, Participation, Player, Protocol, Shock, Stage, Uniform, Variable, symbols,
)

a, b, c, k = symbols("a b c k")
x, y, p = symbols("x y p")
U, V = symbols("U V")


def stated(variables, players, stages, assumptions=(a > 0, b > 0), parameters=(a, b)):
    return Model(
        key="bad", title="", source="", parameters=tuple(Parameter(s, "") for s in parameters), assumptions=assumptions,
        variables=variables, players=players, protocols=(Protocol("only", "", stages),),
    )


def both_at_once(first, second, x_domain, y_domain):
    return stated(
        (Variable(x, "", x_domain), Variable(y, "", y_domain)),
        (Player("one", first, U), Player("two", second, V)),
        (Stage((Decision(("one",), (x,)), Decision(("two",), (y,)))),),
    )


def alone(objective, domain, *constraints):
    return stated(
        (Variable(x, "", domain),), (Player("one", objective, U),), (Stage((Decision(("one",), (x,), constraints),)),)
    )


"""

BAD_GAMES: dict[str, tuple[str, list[str]]] = {
    "linear and unbounded": ("alone(a*x - b, (x >= 0,))", ["unbounded", "player one", "symbol x"]),
    "quadratic and unbounded": ("alone(a*x**2 - b*x, (x >= 0,))", ["unbounded|convex|change sign", "player one"]),
    "convex without bounds": ("alone((x - a)**2 + b, ())", ["unbounded|convex|change sign", "player one"]),
    "supremum not attained": ("alone(a*x - b, (x >= 0, x < 1))", ["not attained|attain|open", "player one"]),
    "objective that does not depend on the choice": ("alone(a - b + 0*x, (x >= 0, x <= 1))", ["does not depend"]),
    "participation that nothing satisfies": (
        "alone(-a*x - b, (x >= 0,), Participation('one', Integer(0)))", ["infeasible|no admissible|no choice satisfies"],
    ),
    "constraint that nothing satisfies": (
        "alone(-a*x**2 + b*x, (x >= 0, x <= 1), Feasibility('quota', x > 2))",
        ["infeasible|no admissible|no choice satisfies"],
    ),
    "no equilibrium in pure strategies": (
        "both_at_once(-b*(x - y)**2, a*(x - y)**2, (x >= 0, x <= 1), (y >= 0, y <= 1))",
        ["no equilibrium in pure strategies"],
    ),
    "one chases and the other flees": (
        "both_at_once(-b*(x - y)**2, (x - y)**2 / a, (x >= 0, x <= 1), (y >= 0, y <= 1))", ["no equilibrium in pure strategies"],
    ),
    "a continuum of equilibria": (
        "both_at_once(-a*(x - y)**2, -b*(x - y)**2, (x >= 0, x <= 1), (y >= 0, y <= 1))", ["continuum"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_GAMES)
def test_a_game_without_an_answer_is_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    game, words = BAD_GAMES[kind]
    path = tmp_path / "models" / "bad" / "model.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"{HEAD}model = {game}\n", "utf-8")
    assert main(["run", "bad", "--root", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    (line,) = [line for line in said.splitlines() if line.startswith("error:")]
    assert "internal error" not in line
    assert not (tmp_path / "generated").exists()
    for word in ["model bad", "protocol only", *words]:
        assert any(part in line for part in word.split("|")), line
