"""Every kind of ill-posed statement is refused in one line that names where; a well-posed one is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy
from sympy import Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.errors import StatementError
from derive.ir import (
    CARA,
    Aggregate,
    At,
    Claim,
    Decision,
    Definition,
    Distribution,
    Feasibility,
    Instance,
    Model,
    Normal,
    Parameter,
    Participation,
    Player,
    PrintedFormula,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    symbols,
)
from derive.statement.validate import validate

a, b, c, w, p, q, x, eps = symbols("a b c w p q x epsilon")
Pi_M, Pi_R = symbols("Pi_M Pi_R")

CHAIN = Protocol("chain", "", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (p,)),))))
TOGETHER = Protocol("together", "", (Stage((Decision(("M", "R"), (p,)),)),))
GOOD = Model(
    key="good",
    title="A chain",
    source="",
    parameters=(Parameter(a, "size"), Parameter(b, "slope"), Parameter(c, "cost")),
    assumptions=(a > 0, b > 0, c >= 0, a > b * c),
    variables=(Variable(w, "wholesale price", (w >= 0,)), Variable(p, "retail price", (p >= 0, p <= a / b))),
    definitions=(Definition(q, a - b * p, "demand"),),
    players=(Player("M", (w - c) * q, Pi_M), Player("R", (p - w) * q, Pi_R)),
    protocols=(CHAIN, TOGETHER),
)


def with_first_player(**changes: Any) -> Model:
    return replace(GOOD, players=(replace(GOOD.players[0], **changes), GOOD.players[1]))


def with_chain(*stages: Stage, **changes: Any) -> Model:
    return replace(GOOD, protocols=(replace(CHAIN, stages=stages, **changes), TOGETHER))


def with_constraint(constraint: Feasibility | Participation) -> Model:
    return with_chain(CHAIN.stages[0], Stage((Decision(("R",), (p,), (constraint,)),)))


def shaken(law: Distribution) -> Model:
    return replace(with_first_player(objective=(w - c) * q + eps), shocks=(Shock(eps, law, ""),))


def test_a_well_posed_statement_passes_without_a_warning() -> None:
    validate(GOOD)


@pytest.mark.parametrize("name", ["beta", "gamma", "S", "N", "Q", "E", "I", "O", "zeta", "lambda", "pi"])
def test_names_that_sympy_uses_for_other_things_are_names_here(name: str) -> None:
    renamed = symbols(name)[0]
    model = replace(
        GOOD,
        parameters=(Parameter(a, ""), Parameter(b, ""), Parameter(renamed, "")),
        assumptions=(a > 0, b > 0, renamed >= 0, a > b * renamed),
        players=(Player("M", (w - renamed) * q, Pi_M), GOOD.players[1]),
    )
    validate(model)


@pytest.mark.parametrize("bounds", [(), (x > 0,), (x > 0, x < 1)])
def test_a_parameter_that_nothing_but_its_own_bound_mentions_is_refused(bounds: tuple[Boolean, ...]) -> None:
    model = replace(GOOD, parameters=(*GOOD.parameters, Parameter(x, "")), assumptions=(*GOOD.assumptions, *bounds))
    with pytest.raises(StatementError, match="symbol x: is declared as a parameter and never used"):
        validate(model)


def test_a_parameter_that_bounds_another_is_used() -> None:
    further = symbols("further")[0]
    chained = replace(GOOD, parameters=(*GOOD.parameters, Parameter(x, ""), Parameter(further, "")))
    validate(replace(chained, assumptions=(x > further, c > x, *GOOD.assumptions)))
    validate(replace(GOOD, parameters=(*GOOD.parameters, Parameter(x, "")), assumptions=(*GOOD.assumptions, c > x)))


BAD: dict[str, tuple[Callable[[], Model], list[str]]] = {
    "undeclared symbol in an objective": (
        lambda: with_first_player(objective=(w - x) * q),
        ["player M", "symbol x", "not declared"],
    ),
    "undeclared symbol, near a declared one": (
        lambda: replace(GOOD, parameters=(*GOOD.parameters, Parameter(symbols("theta_1")[0], "")),
                        definitions=(Definition(q, a - b * p + symbols("theta_2")[0], ""),)),
        ["symbol theta_2", "did you mean theta_1"],
    ),
    "undeclared symbol in an assumption": (lambda: replace(GOOD, assumptions=(a > x,)), ["symbol x", "assumptions"]),
    "undeclared symbol in a domain": (
        lambda: replace(GOOD, variables=(GOOD.variables[0], Variable(p, "", (p <= x,)))), ["symbol x", "domain of p"],
    ),
    "undeclared symbol in a definition": (
        lambda: replace(GOOD, definitions=(Definition(q, a - x * p, ""),)), ["symbol x", "definition of q", "not declared"],
    ),
    "undeclared symbol in a constraint": (
        lambda: with_constraint(Feasibility("quota", p < x)), ["protocol chain", "stage 2", "symbol x", "quota"],
    ),
    "undeclared symbol in a reservation": (
        lambda: with_constraint(Participation("R", x)), ["protocol chain", "stage 2", "symbol x"],
    ),
    "undeclared symbol outside": (lambda: with_chain(*CHAIN.stages, outside=(("M", x),)), ["player M", "symbol x"]),
    "undeclared symbol in a law": (
        lambda: replace(GOOD, shocks=(Shock(eps, Normal(sympy.Integer(0), x), ""),)), ["symbol x", "law of epsilon"],
    ),
    "undeclared risk aversion": (lambda: with_first_player(risk=CARA(x)), ["player M", "symbol x", "risk"]),
    "player without objective": (lambda: with_first_player(objective=None), ["player M", "no objective"]),
    "objective that is not an expression": (lambda: with_first_player(objective="w*q"), ["player M", "str"]),
    "decision without owner": (
        lambda: with_chain(Stage((Decision((), (w,)),)), CHAIN.stages[1]), ["chain", "stage 1", "symbol w", "nobody takes"],
    ),
    "owner given as text": (
        lambda: with_chain(Stage((Decision("M", (w,)),)), CHAIN.stages[1]), ["stage 1", '("M",)'],  # type: ignore[arg-type]
    ),
    "unknown owner": (
        lambda: with_chain(Stage((Decision(("Mx",), (w,)),)), CHAIN.stages[1]), ["player Mx", "not a player"],
    ),
    "owner named twice": (
        lambda: with_chain(Stage((Decision(("M", "M"), (w,)),)), CHAIN.stages[1]), ["player M", "twice"],
    ),
    "decision that chooses nothing": (
        lambda: with_chain(Stage((Decision(("M",), ()),)), CHAIN.stages[1]), ["player M", "chooses nothing"],
    ),
    "variable chosen in two stages": (
        lambda: with_chain(*CHAIN.stages, Stage((Decision(("M",), (w,)),))), ["stage 3", "symbol w", "stage 1 and in stage 3"],
    ),
    "variable chosen twice in one stage": (
        lambda: with_chain(Stage((Decision(("M",), (w,)), Decision(("R",), (w, p))))), ["symbol w", "chosen twice in stage 1"],
    ),
    "domain that says nothing": (
        lambda: replace(GOOD, variables=(GOOD.variables[0], Variable(p, "", (p >= 0, p <= sympy.oo)))),
        ["symbol p", "its domain: a relation there holds whatever the values are"],
    ),
    "domain that is an equation": (
        lambda: replace(GOOD, variables=(GOOD.variables[0], Variable(p, "", (sympy.Eq(p, a),)))),
        ["symbol p", "its domain: 'Eq(p, a)' is not an inequality"],
    ),
    "constraint that says nothing": (
        lambda: with_constraint(Feasibility("room", p <= sympy.oo)),
        ["protocol chain", "stage 2", "the constraint room", "whatever the values are"],
    ),
    "two payoffs under one symbol": (
        lambda: with_first_player(payoff=Pi_R), ["symbol Pi_R", "declared twice as payoff"],
    ),
    "variable nobody chooses in a protocol": (
        lambda: with_chain(CHAIN.stages[0]), ["protocol chain", "stage 1", "player M", "symbol p", "nobody chooses"],
    ),
    "variable nobody ever chooses": (
        lambda: replace(GOOD, variables=(*GOOD.variables, Variable(x, ""))), ["symbol x", "nobody ever chooses"],
    ),
    "choice that is not a variable": (
        lambda: with_chain(Stage((Decision(("M",), (w, c)),)), CHAIN.stages[1]), ["symbol c", "not declared as a variable"],
    ),
    "empty stage": (lambda: with_chain(*CHAIN.stages, Stage(())), ["protocol chain", "stage 3", "no decision"]),
    "protocol without stages": (lambda: with_chain(), ["protocol chain", "no stages"]),
    "no protocols": (lambda: replace(GOOD, protocols=()), ["no protocols"]),
    "no players": (lambda: replace(GOOD, players=()), ["no players"]),
    "contradictory assumptions": (lambda: replace(GOOD, assumptions=(*GOOD.assumptions, a < b * c)), ["contradict"]),
    "contradictory domain": (
        lambda: replace(GOOD, variables=(GOOD.variables[0], Variable(p, "", (p >= 0, p <= -a)))), ["symbol p", "is empty"],
    ),
    "assumption that is false": (lambda: replace(GOOD, assumptions=(sympy.false,)), ["false whatever"]),
    "assumption about a choice": (lambda: replace(GOOD, assumptions=(*GOOD.assumptions, w > c)), ["symbol w", "domain"]),
    "two symbols that print alike": (
        lambda: replace(GOOD, parameters=(*GOOD.parameters, Parameter(symbols("Pi_R_")[0], ""))), ["prints exactly as"],
    ),
    "two symbols given the same latex": (
        lambda: replace(GOOD, parameters=(Parameter(a, "", latex="p_{r}"), Parameter(b, "", latex="p_r"), GOOD.parameters[2])),
        ["symbol b", "prints exactly as a"],
    ),
    "a command for a symbol's latex": (
        lambda: replace(GOOD, parameters=(Parameter(a, "", latex=r"\input{x}"), *GOOD.parameters[1:])), ["symbol a", "command"],
    ),
    "float in an objective": (
        lambda: with_first_player(objective=(w - 0.1 * c) * q), ["player M", "float 0.1", 'exact("0.1")', "1/10"],
    ),
    "float as a reservation": (
        lambda: with_constraint(Participation("R", 2.5)), ["float 2.5", "5/2", "stage 2"],  # type: ignore[arg-type]
    ),
    "division by zero": (lambda: with_first_player(objective=w * sympy.zoo), ["player M", "not defined"]),
    "infinite objective": (lambda: with_first_player(objective=w + sympy.oo), ["player M", "not finite|not an expression"]),
    "symbol declared twice": (
        lambda: replace(GOOD, parameters=(*GOOD.parameters, Parameter(p, ""))), ["symbol p", "twice, as parameter and as variable"],
    ),
    "symbol made elsewhere": (
        lambda: replace(GOOD, parameters=(Parameter(Symbol("a", positive=True), ""), *GOOD.parameters[1:])),
        ["symbol a", "derive.ir.symbols"],
    ),
    "other assumptions in use": (
        lambda: with_first_player(objective=(w - Symbol("c", positive=True)) * q), ["symbol c", "other assumptions"],
    ),
    "name that is not a name": (
        lambda: replace(GOOD, parameters=(*GOOD.parameters, Parameter(Symbol("p_{r}", real=True), ""))), ["p_{r}", "letters"],
    ),
    "name that is too long": (
        lambda: replace(GOOD, parameters=(*GOOD.parameters, Parameter(symbols("x" * 65)[0], ""))), ["at most 64"],
    ),
    "cyclic definitions": (
        lambda: replace(GOOD, definitions=(Definition(q, a - x, ""), Definition(x, b * q, ""))), ["in terms of itself"],
    ),
    "two protocols of one key": (lambda: replace(GOOD, protocols=(CHAIN, CHAIN)), ["two protocols", "'chain'"]),
    "two players of one name": (
        lambda: replace(GOOD, players=(GOOD.players[0], replace(GOOD.players[1], name="M"))), ["two players", "'M'"],
    ),
    "a protocol's key that is not a name": (lambda: replace(GOOD, protocols=(replace(CHAIN, key="a b"),)), ["'a b'"]),
    "participation of a stranger": (lambda: with_constraint(Participation("X", c)), ["player X", "not a player"]),
    "claim about an unknown protocol": (
        lambda: replace(GOOD, claims=(Claim("1", "", At(p, "chian") > 0),)), ["claim 1", "protocol chian"],
    ),
    "claim about an undeclared symbol": (
        lambda: replace(GOOD, claims=(Claim("1", "", At(x, "chain") > 0),)), ["claim 1", "symbol x"],
    ),
    "claim that needs what it does not say": (lambda: replace(GOOD, claims=(Claim("1", "", None),)), ["claim 1", "needs"]),
    "printed formula of an unknown protocol": (
        lambda: replace(GOOD, printed=(PrintedFormula("(1)", "none", p, a),)), ["(1)", "protocol none"],
    ),
    "printed formula of an undeclared symbol": (
        lambda: replace(GOOD, printed=(PrintedFormula("(1)", "chain", x, a),)), ["(1)", "symbol x"],
    ),
    "shock that nothing depends on": (
        lambda: replace(GOOD, shocks=(Shock(eps, Uniform(sympy.Integer(0), a), ""),)), ["symbol epsilon", "shock and never used"],
    ),
    "law without a support": (lambda: shaken(Uniform(b, b - a)), ["symbol epsilon", "b < -a + b", "contradict"]),
    "law of any sign": (lambda: shaken(Uniform(sympy.Integer(0), c - 1)), ["symbol epsilon", "0 < c - 1", "do not say"]),
    "negative variance": (lambda: shaken(Normal(a, -b)), ["symbol epsilon", "-b > 0", "contradict"]),
    "bound that is not known when the choice is made": (
        lambda: replace(GOOD, variables=(Variable(w, "", (w >= 0, w <= p)), GOOD.variables[1])),
        ["protocol chain, stage 1, symbol w", "w <= p", "state it as a bound of p"],
    ),
    "instance with assumptions that contradict": (
        lambda: replace(
            GOOD, shocks=(Shock(eps, Uniform(sympy.Integer(0), a), ""),), instances=(Instance("i", (), (), (a < 0,)),)
        ),
        ["instance i", "contradict"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_an_ill_posed_statement_is_refused_in_one_line(kind: str) -> None:
    make, words = BAD[kind]
    with pytest.raises(StatementError) as caught:
        validate(make())
    message = str(caught.value)
    assert "\n" not in message
    for word in ["good", *words]:
        assert any(part in message for part in word.split("|")), f"{message!r} does not say {word!r}"


def test_a_transfer_between_those_who_decide_together_need_not_be_chosen() -> None:
    validate(replace(GOOD, protocols=(CHAIN, TOGETHER)))
    taxed = replace(GOOD, players=(replace(GOOD.players[0], objective=(w - c) * q - w * Rational(1, 9)), GOOD.players[1]))
    with pytest.raises(StatementError, match=r"protocol together.*symbol w.*nobody chooses"):
        validate(taxed)


def test_other_things_than_statements_are_refused() -> None:
    with pytest.raises(StatementError, match="int is not a statement"):
        validate(3)


TOGETHER_WITH_MANY = Protocol("chain", "", (Stage((Decision(("M", "R"), (w, x)),)),))
N, Q = symbols("N Q")
MANY = replace(
    GOOD,
    parameters=(*GOOD.parameters, Parameter(N, "how many", integer=True)),
    assumptions=(*GOOD.assumptions, N >= 1),
    variables=(Variable(w, "wholesale price"), Variable(x, "order", (x >= 0,))),
    definitions=(),
    aggregates=(Aggregate(Q, x, "R", "all orders"),),
    players=(Player("M", (w - c) * Q, Pi_M), Player("R", (a - b * Q - w) * x, Pi_R, count=N)),
    protocols=(Protocol("chain", "", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (x,)),)))),),
)


def test_a_group_of_players_is_well_posed() -> None:
    validate(MANY)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(MANY, aggregates=(replace(MANY.aggregates[0], over="S"),)), "not a player"),
        (replace(MANY, aggregates=(replace(MANY.aggregates[0], of=w),)), "does not choose w"),
        (replace(MANY, players=(MANY.players[0], replace(MANY.players[1], count=a))), "integer=True"),
        (replace(MANY, players=(MANY.players[0], replace(MANY.players[1], count=N - 1))), "at least one"),
        (replace(MANY, players=(MANY.players[0], replace(MANY.players[1], count=sympy.Integer(0)))), "cannot be 0"),
        (replace(MANY, players=(Player("M", (w - c) * x, Pi_M), MANY.players[1])), "single one"),
        (replace(MANY, protocols=(TOGETHER_WITH_MANY,)), "decide jointly"),
        (replace(MANY, parameters=(*MANY.parameters, Parameter(Symbol("x_other", real=True), ""))), "what the others choose"),
    ],
)
def test_what_is_wrong_about_a_group_is_said(wrong: Model, said: str) -> None:
    with pytest.raises(StatementError, match=said):
        validate(wrong)
