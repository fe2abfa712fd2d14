"""Values of the wrong type, as a newcomer writes them: told by field and place, before anything reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sympy import Function, Integer

from derive.coalition.ir import CoalitionGame, Member
from derive.errors import StatementError
from derive.ir import Decision, Feasibility, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.statement.validate import validate

a, c, p, s_1, s_2 = symbols("a c p s_1 s_2")
Pi = symbols("Pi")[0]
SELLS = Decision(("shop",), (p,))
PLAIN = Model(
    key="shop",
    title="",
    source="",
    parameters=(Parameter(a, ""), Parameter(c, "")),
    assumptions=(a > c, c > 0),
    variables=(Variable(p, "price", (p >= 0,)),),
    players=(Player("shop", (p - c) * (a - p), Pi),),
    protocols=(Protocol("only", "", (Stage((SELLS,)),)),),
)
GAME = CoalitionGame("pair", "", "", (Member("1", s_1), Member("2", s_2)), worths=((("1",), Integer(0)),))


def deciding(**changes: Any) -> Model:
    return replace(PLAIN, protocols=(Protocol("only", "", (Stage((replace(SELLS, **changes),)),)),))


WRONG: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "a variable in place of a tuple": (
        lambda: replace(PLAIN, variables=PLAIN.variables[0]), ["`variables` of a Model", "tuple", "a Variable"],
    ),
    "a list": (lambda: replace(PLAIN, variables=list(PLAIN.variables)), ["`variables`", "a list", "round brackets"]),
    "a relation in place of a domain": (
        lambda: replace(PLAIN, variables=(replace(PLAIN.variables[0], domain=p >= 0),)), ["symbol p", "`domain`", "tuple"],
    ),
    "a symbol in place of the choices": (lambda: deciding(chooses=p), ["protocol only", "stage 1", "`chooses`", "tuple"]),
    "a name in place of the owners": (lambda: deciding(by="shop"), ["stage 1", "`by`", '("shop",)']),
    "a decision in place of the decisions": (
        lambda: replace(PLAIN, protocols=(Protocol("only", "", (Stage(SELLS),)),)),  # type: ignore[arg-type]
        ["protocol only", "stage 1", "`decisions` of a Stage", "a Decision"],
    ),
    "decisions in place of stages": (
        lambda: replace(PLAIN, protocols=(Protocol("only", "", (SELLS,)),)),  # type: ignore[arg-type]
        ["protocol only", "stage 1", "a Stage belongs there", "a Decision"],
    ),
    "a relation in place of a constraint": (
        lambda: deciding(subject_to=(p <= a,)), ["protocol only", "a Feasibility or a Participation", "p <= a"],
    ),
    "nothing in place of a decision": (
        lambda: replace(PLAIN, protocols=(Protocol("only", "", (Stage((None,)),)),)),  # type: ignore[arg-type]
        ["stage 1", "a Decision belongs there", "None"],
    ),
    "an assumption that Python has decided": (lambda: replace(PLAIN, assumptions=(1 < 2,)), ["`assumptions`", "True"]),
    "an equality that Python has decided": (
        lambda: deciding(subject_to=(Feasibility("tie", p == c),)),  # type: ignore[arg-type]
        ["`relation` of a Feasibility", "False", "Eq(a, b)"],
    ),
    "an expression in place of a relation": (lambda: replace(PLAIN, assumptions=(a,)), ["`assumptions`", "a relation", "Symbol"]),
    "a function without a formula": (
        lambda: replace(PLAIN, players=(Player("shop", p * Function("f")(p), Pi),)), ["player shop", "f(p)", "not stated"],
    ),
    "a payoff's name in an objective": (
        lambda: replace(PLAIN, players=(Player("shop", p * (a - p) - Pi, Pi),)), ["player shop", "symbol Pi", "payoff"],
    ),
    "a third written as a float": (
        lambda: replace(PLAIN, players=(Player("shop", p * (a - p) / 3.0 + (1 / 3) * c, Pi),)),
        ["player shop", "Rational(1, 3)"],
    ),
    "names in place of the players of a game": (
        lambda: replace(GAME, players=("1", "2")), ["`players` of a CoalitionGame", "a Member", "'1'"],
    ),
    "a coalition in one word": (lambda: replace(GAME, worths=(("12", Integer(4)),)), ["`worths`", '("12",)']),
    "worths in a dictionary": (lambda: replace(GAME, worths={("1",): Integer(4)}), ["`worths`", "a dict"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_value_of_the_wrong_type_is_told_in_one_line(kind: str) -> None:
    make, words = WRONG[kind]
    with pytest.raises(StatementError) as caught:
        validate(make())
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message, f"{message!r} does not say {word!r}"
