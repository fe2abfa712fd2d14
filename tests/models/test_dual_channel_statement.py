"""The dual-channel statement is the paper's game: payoffs as printed, optimum by brute force as printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import sympy
from scipy.optimize import minimize

from derive import field
from derive.ir import PrintedFormula, PrintedRelation
from derive.law.lower import lower
from derive.statement.validate import validate
from models.dual_channel.model import model

NAMED = {item.symbol.name: item.symbol for item in (*model.parameters, *model.variables)}
PAYOFFS = {player.name: player.payoff for player in model.players}
FIGURE = {"p_d": 0.5, "p_r": 0.6, "w": 0.3, "v_0": 0.1, "sigma2_d": 2.0, "sigma2_r": 1.5, "rho": 0.5, "k": 0.5, "eta": 0.6}


def test_the_statement_is_well_posed() -> None:
    validate(model)


def test_every_claim_is_there() -> None:
    assert [claim.key for claim in model.claims] == [f"001-{number}" for number in range(1, 19)]
    assert all(claim.needs for claim in model.claims if claim.asserts is None)


def test_the_lowered_payoffs_are_the_printed_ones() -> None:
    lowered = lower(model, model.protocol("symmetric"))
    printed = [item for item in model.printed if isinstance(item, PrintedFormula) and not item.protocol]
    assert {item.symbol for item in printed} == set(PAYOFFS.values())
    for item in printed:
        assert field.is_zero(lowered.objective(item.symbol) - item.value)


CHOICES = ("s_d", "s_r", "alpha", "beta")


@cache
def income(player: str) -> Callable[..., np.ndarray]:
    """The ex-post income as stated, a function of the choices and the two shocks, at the parameters of the figures."""
    stated = model.player(player).objective
    for _ in range(3):
        stated = stated.xreplace({definition.symbol: definition.value for definition in model.definitions})
    fixed = stated.xreplace({NAMED[name]: sympy.Float(value, 20) for name, value in FIGURE.items()})
    return sympy.lambdify([*(NAMED[name] for name in CHOICES), *(shock.symbol for shock in model.shocks)], fixed, "numpy")


def mean_and_variance(player: str, choices: dict[str, float]) -> tuple[float, float]:
    """Of the ex-post income, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    weights = weights / weights.sum()
    first, second = np.sqrt(FIGURE["sigma2_d"]) * nodes[:, None], np.sqrt(FIGURE["sigma2_r"]) * nodes[None, :]
    grid = np.broadcast_to(income(player)(*(choices[name] for name in CHOICES), first, second), (5, 5))
    mean = float(weights @ grid @ weights)
    return mean, float(weights @ (grid - mean) ** 2 @ weights)


def certainty(choices: dict[str, float]) -> float:
    mean, spread = mean_and_variance("R", choices)
    return mean - FIGURE["rho"] / 2 * spread


def manufacturer(choices: dict[str, float]) -> float:
    """The manufacturer's expected profit when the fixed payment leaves the retailer exactly its reservation."""
    free = {**choices, "alpha": 0.0}
    return mean_and_variance("M", free)[0] + certainty(free) - FIGURE["v_0"]


def service(beta: float) -> dict[str, float]:
    """The retailer's own choice, by search."""
    found = minimize(
        lambda s: -certainty({"s_d": s[0], "s_r": s[1], "alpha": 0.0, "beta": beta}),
        (0.4, 0.4),
        bounds=((0, 1), (0, 1)),
        tol=1e-14,
    )
    return {"s_d": float(found.x[0]), "s_r": float(found.x[1])}


def printed_at(equation: str, protocol: str, symbol: str, **known: float) -> float:
    (item,) = [
        item
        for item in model.printed
        if isinstance(item, PrintedFormula) and (item.equation, item.protocol, item.symbol.name) == (equation, protocol, symbol)
    ]
    point = {**FIGURE, **known}
    return float(item.value.xreplace({s: sympy.Float(point[s.name], 20) for s in item.value.free_symbols}))


def test_symmetric_optimum_by_search() -> None:
    found = minimize(
        lambda v: -manufacturer({"s_d": v[0], "s_r": v[1], "beta": v[2]}),
        (0.5, 0.5, 0.5),
        bounds=((0, 1), (0, 1), (0, 1)),
        tol=1e-13,
    )
    expected = [printed_at("section 3", "symmetric", name) for name in ("s_d", "s_r", "beta")]
    assert found.x == pytest.approx(expected, abs=1e-4)
    assert -found.fun == pytest.approx(printed_at("(10)", "symmetric", "Pi_m"), rel=1e-6)


def test_asymmetric_optimum_by_search() -> None:
    grid = np.linspace(0, 1, 41)
    values = [manufacturer({**service(beta), "beta": beta}) for beta in grid]
    best = int(np.argmax(values))
    expected = printed_at("(13)", "asymmetric", "beta")
    assert abs(grid[best] - max(expected, 0)) <= 0.025
    beta = max(expected, 0.0)
    optimum = manufacturer({**service(beta), "beta": beta})
    assert optimum >= max(values) - 1e-9
    if expected > 0:
        assert optimum == pytest.approx(printed_at("(15)", "asymmetric", "Pi_m", beta=beta), rel=1e-6)


def test_the_comparison_of_the_structures_is_a_relation_between_both() -> None:
    (comparison,) = [item for item in model.printed if isinstance(item, PrintedRelation) and item.equation == "(16)"]
    tags = {at.args[1].name for at in comparison.relation.atoms(sympy.Function) if len(at.args) == 2}
    assert tags == {"symmetric", "asymmetric"}
