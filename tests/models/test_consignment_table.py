"""Table 5 and Table 2 of the consignment paper from the derivation, exactly."""

from __future__ import annotations

import pytest
import sympy
from sympy import Rational

from derive import field
from derive.check.coalition import verify_solutions
from derive.check.coalition_built import verify_worths
from derive.coalition import derive_coalition
from derive.coalition.built import built
from derive.ir import PrintedFormula, PrintedNumber
from derive.law.instances import specialise_solution
from derive.play.induction import derive_protocol
from derive.solution import Solution
from models.consignment.model import game, model

CELLS = [printed for printed in model.printed if isinstance(printed, PrintedNumber)]
FORMULAS = [printed for printed in model.printed if isinstance(printed, PrintedFormula)]
HALF_A_DIGIT = Rational(1, 20000)


@pytest.fixture(scope="module")
def solutions() -> dict[str, Solution]:
    return {protocol.key: derive_protocol(model, protocol) for protocol in model.protocols}


@pytest.fixture(scope="module")
def specialised(solutions: dict[str, Solution]) -> dict[str, Solution]:
    return {key: specialise_solution(solution, model, "uniform") for key, solution in solutions.items()}


@pytest.fixture(scope="module")
def uniform(specialised: dict[str, Solution]) -> dict[str, dict[sympy.Symbol, sympy.Expr]]:
    found = {}
    for key, solution in specialised.items():
        (regime,) = solution.regimes
        assert regime.implicit == ()
        found[key] = regime.resolved()
    return found


@pytest.mark.parametrize(
    "cell", CELLS, ids=lambda cell: f"{cell.symbol}-{cell.protocol}-{dict(cell.at)[model.parameters[2].symbol]}"
)
def test_every_cell_to_its_printed_digits(cell: PrintedNumber, uniform: dict[str, dict[sympy.Symbol, sympy.Expr]]) -> None:
    value = uniform[cell.protocol][cell.symbol].xreplace(dict(cell.at))
    assert not value.free_symbols
    # Rounding half way either up or down is what a printed digit may mean.
    error = abs(value - Rational(cell.digits))
    assert error == HALF_A_DIGIT or error.evalf(40) < HALF_A_DIGIT


def test_the_cell_that_is_cut_off(uniform: dict[str, dict[sympy.Symbol, sympy.Expr]]) -> None:
    printed = {cell.symbol.name: cell for cell in CELLS if cell.protocol == "PDC" and cell.at == CELLS[-1].at}
    assert sorted(printed) == ["Pi_R", "Pi_S", "p_1", "q", "r"]
    total = sympy.Symbol("Pi", real=True)
    value = uniform["PDC"][total].xreplace(dict(CELLS[-1].at)).evalf(20)
    assert float(value) == pytest.approx(float(printed["Pi_R"].digits) + float(printed["Pi_S"].digits), abs=1.1e-4)
    assert f"{value:.4f}" == "8.7541"


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: f"{formula.equation}-{formula.protocol}-{formula.symbol}")
def test_every_printed_formula_for_a_general_law(formula: PrintedFormula, solutions: dict[str, Solution]) -> None:
    (regime,) = solutions[formula.protocol].regimes
    derived = regime.resolved()
    price = sympy.Symbol("p_1", real=True)
    printed = formula.value.xreplace({price: derived[price]}) if formula.symbol != price else formula.value
    assert field.is_zero(derived[formula.symbol] - printed)


def test_shapley_shares_follow_from_the_printed_table(specialised: dict[str, Solution]) -> None:
    """Worths taken from Table 5 give the shares to the printed digits; all properties hold there, and what decides is one relation."""
    worths = built(game, model, tuple(specialised.values()))
    assert verify_worths(game, worths, model, tuple(specialised.values())) == ()
    solved = derive_coalition(worths)
    assert verify_solutions(worths, solved) == ()
    shapley, *properties = solved
    share = game.players[0].share
    named = {symbol.name: symbol for symbol in worths.named}
    alone, joint, whole = named["Pi_R_TDC"], named["Pi_S1_PDC"], named["Pi_C"]
    assert dict(shapley.regimes[0].values)[share] == whole / 3 + 2 * alone / 3 - 2 * joint / 3
    (case,) = next(p for one in properties if one.protocol == "core" for p in one.argument if p.label == "core").cases
    assert case.region == (whole >= alone + 2 * joint,)
    for at in sorted({cell.at for cell in CELLS}, key=str)[1:]:
        printed = {(cell.symbol.name, cell.protocol): Rational(cell.digits) for cell in CELLS if cell.at == at}
        expected = (2 * printed["Pi_R", "TDC"] + printed["Pi", "C"] - printed["Pi_S", "PDC"]) / 3
        assert abs(shapley.regimes[0].resolved()[share].xreplace(dict(at)).evalf(20) - expected) < Rational(1, 10**4)
        for solution in properties:
            (here,) = [one for one in solution.regimes if sympy.And(*one.region).xreplace(dict(at)) == sympy.true]
            assert here.values[-1][1] == 1
