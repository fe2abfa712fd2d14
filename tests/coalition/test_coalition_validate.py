"""Ill-posed games are refused in one line that says where."""

from dataclasses import replace

import pytest
from sympy import Float, Integer, Max, Rational, Symbol

from derive.coalition import CoalitionGame, Member, Revision, derive_coalition
from derive.coalition.validate import validate
from derive.errors import Refusal, StatementError
from derive.ir import Definition, Parameter, symbols
from tests.coalition.coalition_games import seats, stated, talmud, triangle

x, y, w = symbols("x y w")
PAIR = {"1": 1, "2": 1, "12": 3}


def game(**details: object) -> CoalitionGame:
    return replace(stated("pair", PAIR, 2), **details)


ILL_POSED = {
    "has no worth": game(worths=stated("pair", {"1": 1, "12": 3}, 2).worths),
    "it must be 0": game(worths=(*stated("pair", PAIR, 2).worths, ((), Integer(5)))),
    "float 0.5": game(worths=((("1",), 0.5), *stated("pair", PAIR, 2).worths[1:])),
    "float 0.25": game(worths=((("1",), Float(0.25) * 1), *stated("pair", PAIR, 2).worths[1:])),
    "undeclared symbol": game(worths=((("1",), x), *stated("pair", PAIR, 2).worths[1:])),
    "never used": game(parameters=(Parameter(x, "nothing"),)),
    "stated twice": game(worths=(*stated("pair", PAIR, 2).worths, (("2", "1"), Integer(3)))),
    "not a player": game(worths=(*stated("pair", PAIR, 2).worths, (("3",), Integer(3)))),
    "only once": game(rule=Integer(0)),
    "either by worths or by a rule": game(worths=()),
    "declared twice": replace(triangle(), definitions=(Definition(x, y, "again"),)),
    "derive.ir.symbols": replace(triangle(), parameters=(Parameter(Symbol("x", positive=True), "worth"),)),
    "false for all": replace(triangle(), assumptions=(Integer(1) < 0,)),
    "contradict each other": replace(triangle(), assumptions=(x > 0, x < 0)),
    "rule gives the empty coalition": replace(talmud(), rule=talmud().rule + 1),
    "needs an indicator": replace(talmud(), players=seats(3)),
    "rule uses an undeclared": replace(talmud(), rule=Max(0, w)),
    "one weight per player": replace(triangle(), revision=Revision((Integer(1),))),
    "weights sum to": replace(triangle(), revision=Revision((Rational(1, 2),) * 3)),
    "under one symbol": game(players=(Member("1", x), Member("2", x))),
    "must be distinct": game(players=(Member("1", x), Member("1", y))),
    "unknown concept": game(concepts=("kernel",)),
    "not a finite": game(worths=((("1",), 1 / Integer(0)), *stated("pair", PAIR, 2).worths[1:])),
    "must be 'value' or 'cost'": game(kind="profit"),
    "to stay a name": game(named=(w,)),
    "their solutions are needed": game(plays=((("1",), "alone"),)),
}


@pytest.mark.parametrize("message", sorted(ILL_POSED))
def test_refused_in_one_line_naming_the_model(message: str) -> None:
    bad = ILL_POSED[message]
    with pytest.raises(StatementError) as caught:
        validate(bad)
    text = str(caught.value)
    assert message in text
    assert "\n" not in text
    assert f"model {bad.key}" in text


def test_names_the_symbol_and_the_player() -> None:
    with pytest.raises(StatementError) as caught:
        validate(replace(triangle(), revision=Revision((w, Rational(1, 2), Rational(1, 2) - w))))
    assert (caught.value.player, caught.value.symbol) == ("1", "w")


@pytest.mark.parametrize("good", [game(), triangle(), talmud()], ids=lambda good: good.key)
def test_sound_statements_pass(good: CoalitionGame) -> None:
    validate(good)


def test_the_empty_coalition_may_be_stated_as_zero() -> None:
    validate(game(worths=(((), Integer(0)), *stated("pair", PAIR, 2).worths)))


def test_a_concept_asked_for_and_out_of_reach_is_refused() -> None:
    majority = {"1": 0, "2": 0, "3": 0, "12": 2, "13": 2, "23": 2, "123": 2}
    with pytest.raises(Refusal, match="not quasi-balanced") as caught:
        derive_coalition(stated("majority", majority, 3, concepts=("tau",)))
    assert (caught.value.model, caught.value.protocol) == ("majority", "tau")


def test_what_is_out_of_reach_otherwise_is_a_warning() -> None:
    (first, *_) = derive_coalition(stated("rich", {"1": 2, "2": 2, "12": 3}, 2))
    assert any(warning.startswith("nucleolus: no division gives every player") for warning in first.warnings)
