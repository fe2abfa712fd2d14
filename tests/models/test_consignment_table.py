"""Table 5 and Table 2 of the consignment paper from the derivation, exactly."""

from __future__ import annotations

import pytest
import sympy
from sympy import Rational

from derive import field
from derive.ir import PrintedFormula, PrintedNumber
from derive.law.instances import specialise_solution
from derive.play.induction import derive_protocol
from derive.solution import Solution
from models.consignment.model import model

CELLS = [printed for printed in model.printed if isinstance(printed, PrintedNumber)]
FORMULAS = [printed for printed in model.printed if isinstance(printed, PrintedFormula)]
HALF_A_DIGIT = Rational(1, 20000)


@pytest.fixture(scope="module")
def solutions() -> dict[str, Solution]:
    return {protocol.key: derive_protocol(model, protocol) for protocol in model.protocols}


@pytest.fixture(scope="module")
def uniform(solutions: dict[str, Solution]) -> dict[str, dict[sympy.Symbol, sympy.Expr]]:
    found = {}
    for key, solution in solutions.items():
        (regime,) = specialise_solution(solution, model, "uniform").regimes
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
