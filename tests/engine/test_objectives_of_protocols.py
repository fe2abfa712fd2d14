"""A protocol may say what players earn in place of their own objective."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.check.solution import check_solution
from derive.errors import StatementError
from derive.ir import Model, Player, Protocol, Stage, symbols
from derive.play.induction import derive_model
from derive.statement.validate import validate
from tests.engine.statements import decide, model

a, c, t, q, Pi = symbols("a c t q Pi")


def taxed() -> Model:
    stage = (Stage((decide("firm", q),)),)
    free, tax = Protocol("free", "", stage), Protocol("tax", "", stage, objectives=(("firm", (a - c - t - q) * q),))
    player = Player("firm", (a - c - q) * q, Pi)
    return model("m", (a, c, t), (a > c + t, c > 0, t > 0), {q: (q >= 0,)}, (player,), free, tax)


def test_each_protocol_has_its_own_objectives() -> None:
    statement = taxed()
    validate(statement)
    free, tax = derive_model(statement)
    assert free.regimes[0].resolved()[q].equals((a - c) / 2)
    assert tax.regimes[0].resolved()[q].equals((a - c - t) / 2)
    assert check_solution(statement, free, 5).accepted
    assert check_solution(statement, tax, 5).accepted
    assert not check_solution(statement, replace(free, protocol="tax"), 5).accepted


def test_an_objective_of_nobody_is_refused() -> None:
    statement = taxed()
    wrong = replace(statement.protocols[1], objectives=(("state", t * q),))
    with pytest.raises(StatementError, match="not a player"):
        validate(replace(statement, protocols=(statement.protocols[0], wrong)))
