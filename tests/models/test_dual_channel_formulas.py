"""The printed equations of the dual-channel paper, as identities in the regime that the paper looks at."""

from __future__ import annotations

import pytest
from sympy import And, Expr, Rational, Symbol, true

from derive import field
from derive.ir import At, PrintedFormula, PrintedRelation
from derive.play.induction import derive_protocol
from models.dual_channel.model import model

FORMULAS = [item for item in model.printed if isinstance(item, PrintedFormula) and item.protocol]
RELATIONS = [item for item in model.printed if isinstance(item, PrintedRelation)]


#: The parameters of the figures, with a cost of service at which nothing is at a bound but the share under symmetry.
FIGURE = {
    "p_d": "1/2",
    "p_r": "3/5",
    "w": "3/10",
    "v_0": "1/10",
    "sigma2_d": "2",
    "sigma2_r": "3/2",
    "rho": "1/2",
    "k": "1/2",
    "eta": "3/5",
}
POINT = {Symbol(name, real=True): Rational(value) for name, value in FIGURE.items()}


@pytest.fixture(scope="module")
def interior() -> dict[str, dict[Symbol, Expr]]:
    """The values of the regime in which the paper's figures lie."""
    found = {}
    for protocol in model.protocols:
        solution = derive_protocol(model, protocol)
        (regime,) = [each for each in solution.regimes if And(*each.region).xreplace(POINT) == true]
        found[protocol.key] = regime.resolved()
    return found


@pytest.mark.parametrize("item", FORMULAS, ids=lambda item: f"{item.equation}-{item.protocol}-{item.symbol}")
def test_printed_formulas(item: PrintedFormula, interior: dict[str, dict[Symbol, Expr]]) -> None:
    values = interior[item.protocol]
    printed = item.value.xreplace(values)
    assert field.is_zero(values[item.symbol] - printed)


@pytest.mark.parametrize("item", RELATIONS, ids=lambda item: f"{item.equation}-{item.protocol}")
def test_printed_relations(item: PrintedRelation, interior: dict[str, dict[Symbol, Expr]]) -> None:
    difference = item.relation.lhs - item.relation.rhs
    across = {node: interior[node.args[1].name][node.args[0]] for node in difference.atoms(At)}
    difference = difference.xreplace(across)
    assert field.is_zero(difference.xreplace(interior[item.protocol]) if item.protocol else difference)
