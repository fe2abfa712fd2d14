"""Whole numbers as Python writes them, in every place where an expression is due: a statement is the same with SymPy's."""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer, Min, S

from derive.bargaining.ir import Bargainer, BargainingProblem
from derive.ir import (
    Bargain,
    Decision,
    Exponential,
    Model,
    Parameter,
    Participation,
    Player,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    symbols,
)
from derive.play.induction import derive_protocol
from derive.repeated import StageGame
from derive.statement.numbers import with_exact_numbers

a, p, q, D, Pi, W = symbols("a p q D Pi W")


def shop(nought: object, one: object) -> Model:
    offer = Decision(("shop",), (q,), (Participation("public", nought),), bargain=Bargain((one, one), (nought, nought)))  # type: ignore[arg-type]
    return Model(
        key="shop",
        title="",
        source="",
        parameters=(Parameter(a, ""),),
        assumptions=(a > 1,),
        variables=(Variable(q, "order", (q >= 0,)), Variable(p, "open", values=(nought, one))),  # type: ignore[arg-type]
        shocks=(Shock(D, Exponential(one), ""), Shock(W, Uniform(nought, one), "")),  # type: ignore[arg-type]
        players=(Player("shop", a * Min(q, D) - q, Pi), Player("public", nought, W)),  # type: ignore[arg-type]
        protocols=(Protocol("only", "", (Stage((offer,)),), outside=(("shop", nought),)),),  # type: ignore[arg-type]
    )


def kinds(value: object) -> set[type]:
    return {type(value)} if not isinstance(value, tuple) else {kind for entry in value for kind in kinds(entry)}


def test_numbers_of_python_are_those_of_sympy() -> None:
    stated, exact = shop(0, 1), shop(S.Zero, S.One)
    found = with_exact_numbers(stated)
    assert found == exact
    assert isinstance(found.players[1].objective, Integer)
    assert isinstance(found.shocks[0].distribution.mean, Integer)  # type: ignore[union-attr]
    bargain = found.protocols[0].stages[0].decisions[0].bargain
    assert bargain is not None
    assert not kinds((*bargain.weights, *bargain.disagreement, *found.variables[1].values)) & {int}
    assert with_exact_numbers(exact) is exact
    game = with_exact_numbers(StageGame(("1",), (("C", "D"),), ((("C",), (0,)), (("D",), (1,)))))  # type: ignore[arg-type]
    assert not kinds(tuple(row for _, row in game.payoffs)) & {int}
    problem = BargainingProblem("split", "", "", Variable(q, ""), (Bargainer("1", q, Pi, weight=1), Bargainer("2", 1 - q, W)), rounds=3)  # type: ignore[arg-type]
    assert isinstance(with_exact_numbers(problem).rounds, Integer)


def test_a_law_with_numbers_of_python_is_solved() -> None:
    statement = shop(0, 1)
    alone = Decision(("shop",), (q,))
    plain = replace(
        statement,
        variables=statement.variables[:1],
        shocks=statement.shocks[:1],
        players=statement.players[:1],
        protocols=(Protocol("only", "", (Stage((alone,)),)),),
    )
    (regime,) = derive_protocol(with_exact_numbers(plain), with_exact_numbers(plain).protocols[0]).regimes
    assert regime.resolved()[q].free_symbols == {a}
