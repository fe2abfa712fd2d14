"""Random contracts for a hidden effort against linear programs: no payoff is wrong at any point tried, nothing is left out."""

from __future__ import annotations

import random

import pytest
from sympy import Rational, true

from derive.check.solution import check_solution
from derive.play.induction import derive_protocol
from derive.solution import Without
from tests.engine.random_contracts import U, V, drawn, k, u

SEEDS = range(8)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_derived_of_a_random_contract_is_what_a_program_finds(seed: int) -> None:
    contract = drawn(seed)
    statement = contract.statement()
    solution = derive_protocol(statement, statement.protocols[0])
    assert check_solution(statement, solution, 4).failures == ()
    assert not any(gap.kind is Without.UNSETTLED for gap in solution.gaps)
    source = random.Random(seed)
    for _ in range(6):
        at = {symbol: Rational(source.randint(1, 400), 100) for symbol in (V, k, u)}
        here = [r for r in solution.regimes if all(relation.xreplace(at) is true for relation in r.region)]
        best = contract.best(*(float(at[symbol]) for symbol in (V, k, u)))
        assert bool(here) == (best is not None)
        for regime in here:
            assert float(regime.resolved()[U].xreplace(at)) == pytest.approx(best, abs=1e-8)
