"""consignment: Consignment with revenue sharing: two competing suppliers and one retailer

Source: Yan Zhu, Zhanwen Niu, Longfei He (2013). Consignment supply chain operation with supplier competition.
    Computer Integrated Manufacturing Systems 19(9), 2280-2291.

Closed forms of the equilibrium, one function per protocol. Arguments are keywords: floats, integers or arrays that broadcast.
A function returns a named tuple: floats and the label of the regime for scalars; for arrays arrays of the broadcast shape, with
`regime` an array of positions in the result's `REGIMES` (-1: outside the domain, -2: left out by the solution). Quantities that
are equal in every regime share one array, which is read-only.
Outside the domain ValueError, or NaN with `on_invalid="nan"`.
Where the source prints a formula that is equal to the one here, its number there follows in brackets.

Without a function:
- C: it holds for a general law (Cdf, Overage); the instances have numbers
- TDC: it holds for a general law (Cdf, Overage); the instances have numbers
- PDC: it holds for a general law (Cdf, Overage); the instances have numbers

Generated; changes made by hand are lost.
"""

from __future__ import annotations

import math
import threading
from typing import Any, NamedTuple

import numpy as np

__all__ = ["c_uniform", "tdc_uniform", "pdc_uniform", "c_exponential", "tdc_exponential", "pdc_exponential", "c_power",
        "tdc_power", "pdc_power", "PARAMETERS", "PROTOCOLS", "UNITS"]

PARAMETERS = {
    "a": "market size",
    "b": "elasticity of demand in the product's own price",
    "gamma": "elasticity of demand in the rival's price",
    "c": "cost of both suppliers and the retailer together, 2 c_S + c_R",
    "alpha": "one supplier's share of that cost, c_S/c",
    "B": "largest value of the demand shock",
    "mu": "mean of the demand shock",
    "k": "exponent of the power law",
}

UNITS: dict[str, str] = {
    "Pi": "money",
    "Pi_R": "money",
    "Pi_S": "money",
    "Pi_S1": "money",
    "Pi_S2": "money",
    "c": "money per unit",
    "c_R": "money per unit",
    "c_S": "money per unit",
    "p_1": "money per unit",
    "p_2": "money per unit",
    "q": "units",
    "q_1": "units",
    "q_2": "units",
    "total": "money",
    "y_1": "units",
    "y_2": "units",
}


# --- c_uniform ---------------------------------------------------------------------------------------------------------


class CUniform(NamedTuple):
    """What `c_uniform` returns."""

    p_1: Any  # price of product 1 [money per unit]
    p_2: Any  # price of product 2 [money per unit]
    z_1: Any  # stocking factor of product 1
    z_2: Any  # stocking factor of product 2
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi: Any  # expected profit of the chain [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def c_uniform(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, on_invalid: str = "raise") -> CUniform:
    """C: Centralised chain (uniform).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, B > 0.

    Regime 1:
        p_1 = c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1)
        p_2 = p_1
        z_1 = 2*B/(b - gamma + 1)
        z_2 = z_1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = 2*B*a*p_1**gamma/(p_1**b*(b - gamma + 1))
        q_2 = q_1
        q = 4*B*a*p_1**gamma/(p_1**b*(b - gamma + 1))
        Pi = 4*B*a*c*p_1**gamma*(1 - alpha)/(p_1**b*(b - gamma - 1)*(b - gamma + 1))
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B)} <= _NUMBERS:
            return _evaluate(_C_UNIFORM, (a, b, gamma, c, alpha, B), on_invalid)
        (a, b, gamma, c, alpha, B) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _c_uniform_scalar(a, b, gamma, c, alpha, B)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_C_UNIFORM, (a, b, gamma, c, alpha, B), on_invalid)


def _c_uniform_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (a, b, gamma, c, alpha, B) = inputs
    (t1,) = work
    np.subtract(b, 1.0, t1)
    x1 = t1 > gamma
    np.multiply(2.0, alpha, t1)
    np.subtract(1.0, t1, t1)
    x2 = alpha > t1
    x3 = t1 > 0.0
    return (
        ("a > 0", a > 0.0),
        ("a is finite", np.isfinite(a)),
        ("b > 1", b > 1.0),
        ("b is finite", np.isfinite(b)),
        ("gamma >= 0", gamma >= 0.0),
        ("gamma is finite", np.isfinite(gamma)),
        ("b > gamma + 1", x1),
        ("c > 0", c > 0.0),
        ("c is finite", np.isfinite(c)),
        ("alpha > 1 - 2*alpha", x2),
        ("alpha is finite", np.isfinite(alpha)),
        ("1 - 2*alpha > 0", x3),
        ("B > 0", B > 0.0),
        ("B is finite", np.isfinite(B)),
    )


def _c_uniform_scalar(a, b, gamma, c, alpha, B) -> CUniform:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and B > 0.0
    ):
        raise ValueError
    t1 = 1.0 - gamma + b
    t2 = c*(1.0 - alpha)/(b - 1.0 - gamma)
    p_1 = t1*t2
    t3 = B/t1
    z_1 = 2.0*t3
    c_S = alpha*c
    c_R = c*(1.0 - 2.0*alpha)
    y_1 = a*math.pow(p_1, gamma - b)
    t4 = y_1*t3
    q_1 = 2.0*t4
    q = 4.0*t4
    Pi = q*t2
    p_2 = p_1
    z_2 = z_1
    y_2 = y_1
    q_2 = q_1
    return _new(CUniform, (p_1, p_2, z_1, z_2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi, "1"))


def _c_uniform_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _c_uniform_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (p_1, z_1, c_S, c_R, y_1, q_1, q, Pi) = outputs
    (a, b, gamma, c, alpha, B) = inputs
    (t1, t2, t3) = work
    np.subtract(1.0, gamma, t1)
    np.add(t1, b, t1)
    np.subtract(1.0, alpha, t2)
    np.multiply(c, t2, t2)
    np.subtract(b, 1.0, t3)
    np.subtract(t3, gamma, t3)
    np.divide(t2, t3, t3)
    np.multiply(t1, t3, p_1)
    np.divide(B, t1, t1)
    np.multiply(2.0, t1, z_1)
    np.multiply(alpha, c, c_S)
    np.multiply(2.0, alpha, t2)
    np.subtract(1.0, t2, t2)
    np.multiply(c, t2, c_R)
    np.subtract(gamma, b, t2)
    np.power(p_1, t2, t2)
    np.multiply(a, t2, y_1)
    np.multiply(y_1, t1, t1)
    np.multiply(2.0, t1, q_1)
    np.multiply(4.0, t1, q)
    np.multiply(q, t3, Pi)


# --- tdc_uniform -------------------------------------------------------------------------------------------------------


class TdcUniform(NamedTuple):
    """What `tdc_uniform` returns."""

    r: Any  # share of each unit's price that the retailer keeps
    p_1: Any  # price of product 1 [money per unit]
    z_1: Any  # stocking factor of product 1
    p_2: Any  # price of product 2 [money per unit]
    z_2: Any  # stocking factor of product 2
    Pi_R: Any  # payoff of R [money]
    Pi_S1: Any  # payoff of S1 [money]
    Pi_S2: Any  # payoff of S2 [money]
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi_S: Any  # expected profit of both suppliers [money]
    Pi: Any  # expected profit of the chain [money]
    total: Any  # sum of the payoffs Pi_R, Pi_S1, Pi_S2 [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def tdc_uniform(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, on_invalid: str = "raise") -> TdcUniform:
    """TDC: Totally decentralised chain (uniform).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, B > 0.

    Regime 1:
        r = (b*(alpha*(2*gamma + 3 - 2*b) + b - gamma - 1) + gamma*(1 - 2*alpha))/((b - gamma)*(alpha*(2 - b) + b -
            1)) [(16)]
        p_1 = c*(b + 1)*(b - gamma)*(alpha*(2 - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)) [Table 2]
        z_1 = 2*B/(b + 1)
        p_2 = p_1
        z_2 = z_1
        Pi_R = 4*B*a*c*p_1**gamma*(alpha*(2 - b) + b - 1)/(p_1**b*(b - 1)*(b + 1)*(b - gamma - 1)) [Table 2]
        Pi_S1 = 2*B*a*alpha*c*p_1**gamma/(p_1**b*(b - 1)*(b + 1))
        Pi_S2 = Pi_S1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = 2*B*a*p_1**gamma/(p_1**b*(b + 1)) [Table 2]
        q_2 = q_1
        q = 4*B*a*p_1**gamma/(p_1**b*(b + 1))
        Pi_S = 4*B*a*alpha*c*p_1**gamma/(p_1**b*(b - 1)*(b + 1)) [Table 2]
        Pi = 4*B*a*c*p_1**gamma*(alpha*(1 - gamma) + b - 1)/(p_1**b*(b - 1)*(b + 1)*(b - gamma - 1)) [Table 2]
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B)} <= _NUMBERS:
            return _evaluate(_TDC_UNIFORM, (a, b, gamma, c, alpha, B), on_invalid)
        (a, b, gamma, c, alpha, B) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _tdc_uniform_scalar(a, b, gamma, c, alpha, B)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_TDC_UNIFORM, (a, b, gamma, c, alpha, B), on_invalid)


def _tdc_uniform_scalar(a, b, gamma, c, alpha, B) -> TdcUniform:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and B > 0.0
    ):
        raise ValueError
    t1 = b - 1.0
    t2 = t1 - gamma
    t3 = alpha*2.0
    t4 = 1.0 - t3
    t5 = b - gamma
    t6 = t1 + alpha*(2.0 - b)
    r = (b*(t2 + alpha*(3.0 - 2.0*b + 2.0*gamma)) + gamma*t4)/(t5*t6)
    t7 = c/t1
    t8 = b + 1.0
    t9 = t6/t2
    p_1 = t7*t8*t5*t9/b
    t10 = B/t8
    z_1 = 2.0*t10
    y_1 = a*math.pow(p_1, gamma - b)
    t11 = y_1*t10
    q = 4.0*t11
    t12 = t7*q
    Pi_R = t9*t12
    Pi_S1 = t11*t3*t7
    c_S = alpha*c
    c_R = c*t4
    q_1 = 2.0*t11
    Pi_S = alpha*t12
    Pi = (t1 + alpha*(1.0 - gamma))*t12/t2
    p_2 = p_1
    z_2 = z_1
    Pi_S2 = Pi_S1
    y_2 = y_1
    q_2 = q_1
    total = Pi
    return _new(TdcUniform, (r, p_1, z_1, p_2, z_2, Pi_R, Pi_S1, Pi_S2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi_S, Pi, total, "1"))


def _tdc_uniform_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _tdc_uniform_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (r, p_1, z_1, Pi_R, Pi_S1, c_S, c_R, y_1, q_1, q, Pi_S, Pi) = outputs
    (a, b, gamma, c, alpha, B) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9) = work
    np.subtract(b, 1.0, t1)
    np.subtract(t1, gamma, t2)
    np.multiply(2.0, b, t3)
    np.subtract(3.0, t3, t3)
    np.multiply(2.0, gamma, t4)
    np.add(t3, t4, t4)
    np.multiply(alpha, t4, t4)
    np.add(t2, t4, t4)
    np.multiply(b, t4, t4)
    np.multiply(alpha, 2.0, t3)
    np.subtract(1.0, t3, t5)
    np.multiply(gamma, t5, t6)
    np.add(t4, t6, t6)
    np.subtract(b, gamma, t4)
    np.subtract(2.0, b, t7)
    np.multiply(alpha, t7, t7)
    np.add(t1, t7, t7)
    np.multiply(t4, t7, t8)
    np.divide(t6, t8, r)
    np.divide(c, t1, t8)
    np.add(b, 1.0, t6)
    np.multiply(t8, t6, t9)
    np.multiply(t9, t4, t4)
    np.divide(t7, t2, t7)
    np.multiply(t4, t7, t4)
    np.divide(t4, b, p_1)
    np.divide(B, t6, t6)
    np.multiply(2.0, t6, z_1)
    np.subtract(gamma, b, t4)
    np.power(p_1, t4, t4)
    np.multiply(a, t4, y_1)
    np.multiply(y_1, t6, t6)
    np.multiply(4.0, t6, q)
    np.multiply(t8, q, t4)
    np.multiply(t7, t4, Pi_R)
    np.multiply(t6, t3, t3)
    np.multiply(t3, t8, Pi_S1)
    np.multiply(alpha, c, c_S)
    np.multiply(c, t5, c_R)
    np.multiply(2.0, t6, q_1)
    np.multiply(alpha, t4, Pi_S)
    np.subtract(1.0, gamma, t6)
    np.multiply(alpha, t6, t6)
    np.add(t1, t6, t6)
    np.multiply(t6, t4, t4)
    np.divide(t4, t2, Pi)


# --- pdc_uniform -------------------------------------------------------------------------------------------------------


class PdcUniform(NamedTuple):
    """What `pdc_uniform` returns."""

    r: Any  # share of each unit's price that the retailer keeps
    p_1: Any  # price of product 1 [money per unit]
    p_2: Any  # price of product 2 [money per unit]
    z_1: Any  # stocking factor of product 1
    z_2: Any  # stocking factor of product 2
    Pi_R: Any  # payoff of R [money]
    Pi_S1: Any  # payoff of S1 [money]
    Pi_S2: Any  # payoff of S2 [money]
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi_S: Any  # expected profit of both suppliers [money]
    Pi: Any  # expected profit of the chain [money]
    total: Any  # sum of the payoffs Pi_R, Pi_S1, Pi_S2 [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def pdc_uniform(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, on_invalid: str = "raise") -> PdcUniform:
    """PDC: Partially decentralised chain (uniform).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, B > 0.

    Regime 1:
        r = (alpha*(2*gamma + 3 - 2*b) + b - gamma - 1)/(alpha*(gamma + 2 - b) + b - gamma - 1) [Table 2]
        p_1 = c*(b - gamma + 1)*(alpha*(gamma + 2 - b) + b - gamma - 1)/(b - gamma - 1)**2 [Table 2]
        p_2 = p_1
        z_1 = 2*B/(b - gamma + 1)
        z_2 = z_1
        Pi_R = 4*B*a*c*p_1**gamma*(alpha*(gamma + 2 - b) + b - gamma - 1)/(p_1**b*(b - gamma - 1)**2*(b - gamma +
            1)) [Table 2]
        Pi_S1 = 2*B*a*alpha*c*p_1**gamma/(p_1**b*(b - gamma - 1)*(b - gamma + 1))
        Pi_S2 = Pi_S1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = 2*B*a*p_1**gamma/(p_1**b*(b - gamma + 1))
        q_2 = q_1
        q = 4*B*a*p_1**gamma/(p_1**b*(b - gamma + 1)) [Table 2]
        Pi_S = 4*B*a*alpha*c*p_1**gamma/(p_1**b*(b - gamma - 1)*(b - gamma + 1)) [Table 2]
        Pi = 4*B*a*c*p_1**gamma*(alpha + b - gamma - 1)/(p_1**b*(b - gamma - 1)**2*(b - gamma + 1)) [Table 2]
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B)} <= _NUMBERS:
            return _evaluate(_PDC_UNIFORM, (a, b, gamma, c, alpha, B), on_invalid)
        (a, b, gamma, c, alpha, B) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _pdc_uniform_scalar(a, b, gamma, c, alpha, B)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_PDC_UNIFORM, (a, b, gamma, c, alpha, B), on_invalid)


def _pdc_uniform_scalar(a, b, gamma, c, alpha, B) -> PdcUniform:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and B > 0.0
    ):
        raise ValueError
    t1 = b - 1.0 - gamma
    t2 = t1 + alpha*(2.0 - b + gamma)
    r = (t1 + alpha*(3.0 - 2.0*b + 2.0*gamma))/t2
    t3 = 1.0 - gamma + b
    t4 = t1*t1
    t5 = t2/t4
    p_1 = c*t3*t5
    t6 = B/t3
    z_1 = 2.0*t6
    y_1 = a*math.pow(p_1, gamma - b)
    t7 = y_1*t6
    t8 = c*t7
    t9 = 4.0*t8
    Pi_R = t9*t5
    t10 = alpha*2.0
    Pi_S1 = t10*t8/t1
    c_S = alpha*c
    c_R = c*(1.0 - t10)
    q_1 = 2.0*t7
    q = 4.0*t7
    Pi_S = t9*alpha/t1
    Pi = t9*(alpha - 1.0 + b - gamma)/t4
    p_2 = p_1
    z_2 = z_1
    Pi_S2 = Pi_S1
    y_2 = y_1
    q_2 = q_1
    total = Pi
    return _new(PdcUniform, (r, p_1, p_2, z_1, z_2, Pi_R, Pi_S1, Pi_S2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi_S, Pi, total, "1"))


def _pdc_uniform_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _pdc_uniform_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (r, p_1, z_1, Pi_R, Pi_S1, c_S, c_R, y_1, q_1, q, Pi_S, Pi) = outputs
    (a, b, gamma, c, alpha, B) = inputs
    (t1, t2, t3, t4, t5, t6) = work
    np.subtract(b, 1.0, t1)
    np.subtract(t1, gamma, t1)
    np.multiply(2.0, b, t2)
    np.subtract(3.0, t2, t2)
    np.multiply(2.0, gamma, t3)
    np.add(t2, t3, t3)
    np.multiply(alpha, t3, t3)
    np.add(t1, t3, t3)
    np.subtract(2.0, b, t2)
    np.add(t2, gamma, t2)
    np.multiply(alpha, t2, t2)
    np.add(t1, t2, t2)
    np.divide(t3, t2, r)
    np.subtract(1.0, gamma, t3)
    np.add(t3, b, t3)
    np.multiply(c, t3, t4)
    np.multiply(t1, t1, t5)
    np.divide(t2, t5, t2)
    np.multiply(t4, t2, p_1)
    np.divide(B, t3, t3)
    np.multiply(2.0, t3, z_1)
    np.subtract(gamma, b, t4)
    np.power(p_1, t4, t4)
    np.multiply(a, t4, y_1)
    np.multiply(y_1, t3, t3)
    np.multiply(c, t3, t4)
    np.multiply(4.0, t4, t6)
    np.multiply(t6, t2, Pi_R)
    np.multiply(alpha, 2.0, t2)
    np.multiply(t2, t4, t4)
    np.divide(t4, t1, Pi_S1)
    np.multiply(alpha, c, c_S)
    np.subtract(1.0, t2, t2)
    np.multiply(c, t2, c_R)
    np.multiply(2.0, t3, q_1)
    np.multiply(4.0, t3, q)
    np.multiply(t6, alpha, t3)
    np.divide(t3, t1, Pi_S)
    np.subtract(alpha, 1.0, t1)
    np.add(t1, b, t1)
    np.subtract(t1, gamma, t1)
    np.multiply(t6, t1, t1)
    np.divide(t1, t5, Pi)


# --- c_exponential -----------------------------------------------------------------------------------------------------


class CExponential(NamedTuple):
    """What `c_exponential` returns."""

    z_1: Any  # stocking factor of product 1
    p_1: Any  # price of product 1 [money per unit]
    p_2: Any  # price of product 2 [money per unit]
    z_2: Any  # stocking factor of product 2
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi: Any  # expected profit of the chain [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def c_exponential(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, mu: Any, on_invalid: str = "raise") -> CExponential:
    """C: Centralised chain (exponential).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        mu: mean of the demand shock

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, mu > 0.

    Regime 1:
        z_1: the root between 2*mu/(b - gamma) and 2*mu*log((b - gamma)/(b - gamma - 1)) of 0 = -(b - gamma - 1)/(b
            - gamma) + z_1*exp(-z_1/mu)/(mu*(1 - exp(-z_1/mu)))
        p_1 = c*z_1*(1 - alpha)*(b - gamma)*exp(z_1/mu)/(mu*(exp(z_1/mu) - 1)*(b - gamma - 1))
        p_2 = p_1
        z_2 = z_1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = a*p_1**gamma*z_1/p_1**b
        q_2 = q_1
        q = 2*a*p_1**gamma*z_1/p_1**b
        Pi = 2*a*c*p_1**gamma*z_1*(1 - alpha)/(p_1**b*(b - gamma - 1))
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(mu)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(mu)} <= _NUMBERS:
            return _evaluate(_C_EXPONENTIAL, (a, b, gamma, c, alpha, mu), on_invalid)
        (a, b, gamma, c, alpha, mu) = (float(a), float(b), float(gamma), float(c), float(alpha), float(mu))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _c_exponential_scalar(a, b, gamma, c, alpha, mu)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_C_EXPONENTIAL, (a, b, gamma, c, alpha, mu), on_invalid)


def _c_exponential_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (a, b, gamma, c, alpha, mu) = inputs
    (t1,) = work
    np.subtract(b, 1.0, t1)
    x1 = t1 > gamma
    np.multiply(2.0, alpha, t1)
    np.subtract(1.0, t1, t1)
    x2 = alpha > t1
    x3 = t1 > 0.0
    return (
        ("a > 0", a > 0.0),
        ("a is finite", np.isfinite(a)),
        ("b > 1", b > 1.0),
        ("b is finite", np.isfinite(b)),
        ("gamma >= 0", gamma >= 0.0),
        ("gamma is finite", np.isfinite(gamma)),
        ("b > gamma + 1", x1),
        ("c > 0", c > 0.0),
        ("c is finite", np.isfinite(c)),
        ("alpha > 1 - 2*alpha", x2),
        ("alpha is finite", np.isfinite(alpha)),
        ("1 - 2*alpha > 0", x3),
        ("mu > 0", mu > 0.0),
        ("mu is finite", np.isfinite(mu)),
    )


def _c_exponential_z_1(_low, _high, b, gamma) -> float:
    """The root between `_low` and `_high`: Newton's method, or half the way to the end that it leads beyond."""
    t1 = (b - 1.0 - gamma)/(b - gamma)
    z_1 = _low + 0.6667*(_high - _low)
    try:
        for _ in _STEPS:
            t2 = math.expm1(z_1)
            t3 = z_1/t2
            _value = t3 - t1
            _slope = (1.0 - t3*(1.0 + t2))/t2
            _step = _value/_slope
            _next = z_1 - _step
            if not _low < _next < _high:
                z_1 = _middle(*((z_1, _high) if _step < 0.0 else (_low, z_1)))
            elif _step*_step < 4e-17*_next*_next and (_step or not _value):
                return _next  # the error is of the order of the step squared
            else:
                z_1 = _next
    except (ArithmeticError, ValueError):
        pass
    return _root(_c_exponential_z_1_residual, _low, _high, -1, (b, gamma))


def _c_exponential_z_1_residual(z_1, b, gamma) -> tuple[Any, Any]:
    """For arrays: zero at the root; second, the slope."""
    t1 = np.expm1(z_1)
    t2 = z_1/t1
    _value = t2 - (b - 1.0 - gamma)/(b - gamma)
    _slope = (1.0 - t2*(1.0 + t1))/t1
    return _value, _slope


def _c_exponential_scalar(a, b, gamma, c, alpha, mu) -> CExponential:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + mu)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and mu > 0.0
    ):
        raise ValueError
    z_1 = mu*_c_exponential_z_1(2.0/(b - gamma), 2.0*math.log1p(1.0/(b - 1.0 - gamma)), b, gamma)
    t1 = z_1/mu
    t2 = c*(1.0 - alpha)/(b - 1.0 - gamma)
    p_1 = (gamma - b)*t1*t2/math.expm1(-t1)
    c_S = alpha*c
    c_R = c*(1.0 - 2.0*alpha)
    y_1 = a*math.pow(p_1, gamma - b)
    q_1 = z_1*y_1
    q = 2.0*q_1
    Pi = q*t2
    p_2 = p_1
    z_2 = z_1
    y_2 = y_1
    q_2 = q_1
    return _new(CExponential, (z_1, p_1, p_2, z_2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi, "1"))


def _c_exponential_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _c_exponential_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (z_1, p_1, c_S, c_R, y_1, q_1, q, Pi) = outputs
    (a, b, gamma, c, alpha, mu) = inputs
    (t1, t2, t3, t4) = work
    np.copyto(z_1, mu*_roots(_c_exponential_z_1_residual, 2.0/(b - gamma), 2.0*np.log1p(1.0/(b - 1.0 - gamma)), -1, (b, gamma),
            z_1.size, 0.6667))
    np.subtract(gamma, b, t1)
    np.divide(z_1, mu, t2)
    np.multiply(t1, t2, t1)
    np.subtract(1.0, alpha, t3)
    np.multiply(c, t3, t3)
    np.subtract(b, 1.0, t4)
    np.subtract(t4, gamma, t4)
    np.divide(t3, t4, t4)
    np.multiply(t1, t4, t1)
    np.negative(t2, t2)
    np.expm1(t2, t2)
    np.divide(t1, t2, p_1)
    np.multiply(alpha, c, c_S)
    np.multiply(2.0, alpha, t2)
    np.subtract(1.0, t2, t2)
    np.multiply(c, t2, c_R)
    np.subtract(gamma, b, t2)
    np.power(p_1, t2, t2)
    np.multiply(a, t2, y_1)
    np.multiply(z_1, y_1, q_1)
    np.multiply(2.0, q_1, q)
    np.multiply(q, t4, Pi)


# --- tdc_exponential ---------------------------------------------------------------------------------------------------


class TdcExponential(NamedTuple):
    """What `tdc_exponential` returns."""

    z_1: Any  # stocking factor of product 1
    r: Any  # share of each unit's price that the retailer keeps
    p_1: Any  # price of product 1 [money per unit]
    p_2: Any  # price of product 2 [money per unit]
    z_2: Any  # stocking factor of product 2
    Pi_R: Any  # payoff of R [money]
    Pi_S1: Any  # payoff of S1 [money]
    Pi_S2: Any  # payoff of S2 [money]
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi_S: Any  # expected profit of both suppliers [money]
    Pi: Any  # expected profit of the chain [money]
    total: Any  # sum of the payoffs Pi_R, Pi_S1, Pi_S2 [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def tdc_exponential(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, mu: Any, on_invalid: str = "raise") -> TdcExponential:
    """TDC: Totally decentralised chain (exponential).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        mu: mean of the demand shock

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, mu > 0.

    Regime 1:
        z_1: the root between 2*mu/b and 2*mu*log(b/(b - 1)) of 0 = z_1*exp(-z_1/mu)/(mu*(1 - exp(-z_1/mu))) - (b -
            1)/b
        r = (b*(alpha*(2*gamma + 3 - 2*b) + b - gamma - 1) + gamma*(1 - 2*alpha))/((b - gamma)*(alpha*(2 - b) + b -
            1)) [(16)]
        p_1 = c*z_1*(b - gamma)*(alpha*(2 - b) + b - 1)*exp(z_1/mu)/(mu*(b - 1)*(exp(z_1/mu) - 1)*(b - gamma - 1))
            [Table 2]
        p_2 = p_1
        z_2 = z_1
        Pi_R = 2*a*c*p_1**gamma*z_1*(alpha*(2 - b) + b - 1)/(p_1**b*(b - 1)*(b - gamma - 1)) [Table 2]
        Pi_S1 = a*alpha*c*p_1**gamma*z_1/(p_1**b*(b - 1))
        Pi_S2 = Pi_S1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = a*p_1**gamma*z_1/p_1**b [Table 2]
        q_2 = q_1
        q = 2*a*p_1**gamma*z_1/p_1**b
        Pi_S = 2*a*alpha*c*p_1**gamma*z_1/(p_1**b*(b - 1)) [Table 2]
        Pi = 2*a*c*p_1**gamma*z_1*(alpha*(1 - gamma) + b - 1)/(p_1**b*(b - 1)*(b - gamma - 1)) [Table 2]
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(mu)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(mu)} <= _NUMBERS:
            return _evaluate(_TDC_EXPONENTIAL, (a, b, gamma, c, alpha, mu), on_invalid)
        (a, b, gamma, c, alpha, mu) = (float(a), float(b), float(gamma), float(c), float(alpha), float(mu))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _tdc_exponential_scalar(a, b, gamma, c, alpha, mu)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_TDC_EXPONENTIAL, (a, b, gamma, c, alpha, mu), on_invalid)


def _tdc_exponential_z_1(_low, _high, b) -> float:
    """The root between `_low` and `_high`: Newton's method, or half the way to the end that it leads beyond."""
    t1 = (b - 1.0)/b
    z_1 = _low + 0.6667*(_high - _low)
    try:
        for _ in _STEPS:
            t2 = math.expm1(z_1)
            t3 = z_1/t2
            _value = t3 - t1
            _slope = (1.0 - t3*(1.0 + t2))/t2
            _step = _value/_slope
            _next = z_1 - _step
            if not _low < _next < _high:
                z_1 = _middle(*((z_1, _high) if _step < 0.0 else (_low, z_1)))
            elif _step*_step < 4e-17*_next*_next and (_step or not _value):
                return _next  # the error is of the order of the step squared
            else:
                z_1 = _next
    except (ArithmeticError, ValueError):
        pass
    return _root(_tdc_exponential_z_1_residual, _low, _high, -1, (b,))


def _tdc_exponential_z_1_residual(z_1, b) -> tuple[Any, Any]:
    """For arrays: zero at the root; second, the slope."""
    t1 = np.expm1(z_1)
    t2 = z_1/t1
    _value = t2 - (b - 1.0)/b
    _slope = (1.0 - t2*(1.0 + t1))/t1
    return _value, _slope


def _tdc_exponential_scalar(a, b, gamma, c, alpha, mu) -> TdcExponential:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + mu)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and mu > 0.0
    ):
        raise ValueError
    z_1 = mu*_tdc_exponential_z_1(2.0/b, 2.0*math.log1p(1.0/(b - 1.0)), b)
    t1 = b - 1.0
    t2 = t1 - gamma
    t3 = 1.0 - 2.0*alpha
    t4 = b - gamma
    t5 = t1 + alpha*(2.0 - b)
    r = (b*(t2 + alpha*(3.0 - 2.0*b + 2.0*gamma)) + gamma*t3)/(t4*t5)
    t6 = c/t1
    t7 = t5/t2
    t8 = z_1/mu
    p_1 = -(t6*t4*t7*t8/math.expm1(-t8))
    y_1 = a*math.pow(p_1, gamma - b)
    q_1 = z_1*y_1
    q = 2.0*q_1
    t9 = t6*q
    Pi_R = t7*t9
    Pi_S1 = alpha*t6*q_1
    c_S = alpha*c
    c_R = c*t3
    Pi_S = alpha*t9
    Pi = (t1 + alpha*(1.0 - gamma))*t9/t2
    p_2 = p_1
    z_2 = z_1
    Pi_S2 = Pi_S1
    y_2 = y_1
    q_2 = q_1
    total = Pi
    return _new(TdcExponential, (z_1, r, p_1, p_2, z_2, Pi_R, Pi_S1, Pi_S2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi_S, Pi, total,
            "1"))


def _tdc_exponential_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _tdc_exponential_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (z_1, r, p_1, Pi_R, Pi_S1, c_S, c_R, y_1, q_1, q, Pi_S, Pi) = outputs
    (a, b, gamma, c, alpha, mu) = inputs
    (t1, t2, t3, t4, t5, t6, t7) = work
    np.copyto(z_1, mu*_roots(_tdc_exponential_z_1_residual, 2.0/b, 2.0*np.log1p(1.0/(b - 1.0)), -1, (b,), z_1.size, 0.6667))
    np.subtract(b, 1.0, t1)
    np.subtract(t1, gamma, t2)
    np.multiply(2.0, b, t3)
    np.subtract(3.0, t3, t3)
    np.multiply(2.0, gamma, t4)
    np.add(t3, t4, t4)
    np.multiply(alpha, t4, t4)
    np.add(t2, t4, t4)
    np.multiply(b, t4, t4)
    np.multiply(2.0, alpha, t3)
    np.subtract(1.0, t3, t3)
    np.multiply(gamma, t3, t5)
    np.add(t4, t5, t5)
    np.subtract(b, gamma, t4)
    np.subtract(2.0, b, t6)
    np.multiply(alpha, t6, t6)
    np.add(t1, t6, t6)
    np.multiply(t4, t6, t7)
    np.divide(t5, t7, r)
    np.divide(c, t1, t7)
    np.multiply(t7, t4, t4)
    np.divide(t6, t2, t6)
    np.multiply(t4, t6, t4)
    np.divide(z_1, mu, t5)
    np.multiply(t4, t5, t4)
    np.negative(t5, t5)
    np.expm1(t5, t5)
    np.divide(t4, t5, t5)
    np.negative(t5, p_1)
    np.subtract(gamma, b, t5)
    np.power(p_1, t5, t5)
    np.multiply(a, t5, y_1)
    np.multiply(z_1, y_1, q_1)
    np.multiply(2.0, q_1, q)
    np.multiply(t7, q, t5)
    np.multiply(t6, t5, Pi_R)
    np.multiply(alpha, t7, t7)
    np.multiply(t7, q_1, Pi_S1)
    np.multiply(alpha, c, c_S)
    np.multiply(c, t3, c_R)
    np.multiply(alpha, t5, Pi_S)
    np.subtract(1.0, gamma, t3)
    np.multiply(alpha, t3, t3)
    np.add(t1, t3, t3)
    np.multiply(t3, t5, t5)
    np.divide(t5, t2, Pi)


# --- pdc_exponential ---------------------------------------------------------------------------------------------------


class PdcExponential(NamedTuple):
    """What `pdc_exponential` returns."""

    z_1: Any  # stocking factor of product 1
    r: Any  # share of each unit's price that the retailer keeps
    p_1: Any  # price of product 1 [money per unit]
    p_2: Any  # price of product 2 [money per unit]
    z_2: Any  # stocking factor of product 2
    Pi_R: Any  # payoff of R [money]
    Pi_S1: Any  # payoff of S1 [money]
    Pi_S2: Any  # payoff of S2 [money]
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi_S: Any  # expected profit of both suppliers [money]
    Pi: Any  # expected profit of the chain [money]
    total: Any  # sum of the payoffs Pi_R, Pi_S1, Pi_S2 [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def pdc_exponential(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, mu: Any, on_invalid: str = "raise") -> PdcExponential:
    """PDC: Partially decentralised chain (exponential).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        mu: mean of the demand shock

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, mu > 0.

    Regime 1:
        z_1: the root between 2*mu/(b - gamma) and 2*mu*log((b - gamma)/(b - gamma - 1)) of 0 = -(b - gamma - 1)/(b
            - gamma) + z_1*exp(-z_1/mu)/(mu*(1 - exp(-z_1/mu)))
        r = (alpha*(2*gamma + 3 - 2*b) + b - gamma - 1)/(alpha*(gamma + 2 - b) + b - gamma - 1) [Table 2]
        p_1 = c*z_1*(b - gamma)*(alpha*(gamma + 2 - b) + b - gamma - 1)*exp(z_1/mu)/(mu*(exp(z_1/mu) - 1)*(b - gamma
            - 1)**2) [Table 2]
        p_2 = p_1
        z_2 = z_1
        Pi_R = 2*a*c*p_1**gamma*z_1*(alpha*(gamma + 2 - b) + b - gamma - 1)/(p_1**b*(b - gamma - 1)**2) [Table 2]
        Pi_S1 = a*alpha*c*p_1**gamma*z_1/(p_1**b*(b - gamma - 1))
        Pi_S2 = Pi_S1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = a*p_1**gamma*z_1/p_1**b
        q_2 = q_1
        q = 2*a*p_1**gamma*z_1/p_1**b [Table 2]
        Pi_S = 2*a*alpha*c*p_1**gamma*z_1/(p_1**b*(b - gamma - 1)) [Table 2]
        Pi = 2*a*c*p_1**gamma*z_1*(alpha + b - gamma - 1)/(p_1**b*(b - gamma - 1)**2) [Table 2]
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(mu)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(mu)} <= _NUMBERS:
            return _evaluate(_PDC_EXPONENTIAL, (a, b, gamma, c, alpha, mu), on_invalid)
        (a, b, gamma, c, alpha, mu) = (float(a), float(b), float(gamma), float(c), float(alpha), float(mu))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _pdc_exponential_scalar(a, b, gamma, c, alpha, mu)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_PDC_EXPONENTIAL, (a, b, gamma, c, alpha, mu), on_invalid)


def _pdc_exponential_z_1(_low, _high, b, gamma) -> float:
    """The root between `_low` and `_high`: Newton's method, or half the way to the end that it leads beyond."""
    t1 = (b - 1.0 - gamma)/(b - gamma)
    z_1 = _low + 0.6667*(_high - _low)
    try:
        for _ in _STEPS:
            t2 = math.expm1(z_1)
            t3 = z_1/t2
            _value = t3 - t1
            _slope = (1.0 - t3*(1.0 + t2))/t2
            _step = _value/_slope
            _next = z_1 - _step
            if not _low < _next < _high:
                z_1 = _middle(*((z_1, _high) if _step < 0.0 else (_low, z_1)))
            elif _step*_step < 4e-17*_next*_next and (_step or not _value):
                return _next  # the error is of the order of the step squared
            else:
                z_1 = _next
    except (ArithmeticError, ValueError):
        pass
    return _root(_pdc_exponential_z_1_residual, _low, _high, -1, (b, gamma))


def _pdc_exponential_z_1_residual(z_1, b, gamma) -> tuple[Any, Any]:
    """For arrays: zero at the root; second, the slope."""
    t1 = np.expm1(z_1)
    t2 = z_1/t1
    _value = t2 - (b - 1.0 - gamma)/(b - gamma)
    _slope = (1.0 - t2*(1.0 + t1))/t1
    return _value, _slope


def _pdc_exponential_scalar(a, b, gamma, c, alpha, mu) -> PdcExponential:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + mu)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and mu > 0.0
    ):
        raise ValueError
    z_1 = mu*_pdc_exponential_z_1(2.0/(b - gamma), 2.0*math.log1p(1.0/(b - 1.0 - gamma)), b, gamma)
    t1 = b - 1.0 - gamma
    t2 = t1 + alpha*(2.0 - b + gamma)
    r = (t1 + alpha*(3.0 - 2.0*b + 2.0*gamma))/t2
    t3 = t1*t1
    t4 = t2/t3
    t5 = z_1/mu
    p_1 = c*(gamma - b)*t4*t5/math.expm1(-t5)
    y_1 = a*math.pow(p_1, gamma - b)
    q_1 = z_1*y_1
    t6 = c*q_1
    t7 = 2.0*t6
    Pi_R = t7*t4
    t8 = alpha/t1
    Pi_S1 = t8*t6
    c_S = alpha*c
    c_R = c*(1.0 - 2.0*alpha)
    q = 2.0*q_1
    Pi_S = t7*t8
    Pi = t7*(alpha - 1.0 + b - gamma)/t3
    p_2 = p_1
    z_2 = z_1
    Pi_S2 = Pi_S1
    y_2 = y_1
    q_2 = q_1
    total = Pi
    return _new(PdcExponential, (z_1, r, p_1, p_2, z_2, Pi_R, Pi_S1, Pi_S2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi_S, Pi, total,
            "1"))


def _pdc_exponential_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _pdc_exponential_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (z_1, r, p_1, Pi_R, Pi_S1, c_S, c_R, y_1, q_1, q, Pi_S, Pi) = outputs
    (a, b, gamma, c, alpha, mu) = inputs
    (t1, t2, t3, t4, t5) = work
    np.copyto(z_1, mu*_roots(_pdc_exponential_z_1_residual, 2.0/(b - gamma), 2.0*np.log1p(1.0/(b - 1.0 - gamma)), -1, (b,
            gamma), z_1.size, 0.6667))
    np.subtract(b, 1.0, t1)
    np.subtract(t1, gamma, t1)
    np.multiply(2.0, b, t2)
    np.subtract(3.0, t2, t2)
    np.multiply(2.0, gamma, t3)
    np.add(t2, t3, t3)
    np.multiply(alpha, t3, t3)
    np.add(t1, t3, t3)
    np.subtract(2.0, b, t2)
    np.add(t2, gamma, t2)
    np.multiply(alpha, t2, t2)
    np.add(t1, t2, t2)
    np.divide(t3, t2, r)
    np.subtract(gamma, b, t3)
    np.multiply(c, t3, t3)
    np.multiply(t1, t1, t4)
    np.divide(t2, t4, t2)
    np.multiply(t3, t2, t3)
    np.divide(z_1, mu, t5)
    np.multiply(t3, t5, t3)
    np.negative(t5, t5)
    np.expm1(t5, t5)
    np.divide(t3, t5, p_1)
    np.subtract(gamma, b, t5)
    np.power(p_1, t5, t5)
    np.multiply(a, t5, y_1)
    np.multiply(z_1, y_1, q_1)
    np.multiply(c, q_1, t5)
    np.multiply(2.0, t5, t3)
    np.multiply(t3, t2, Pi_R)
    np.divide(alpha, t1, t1)
    np.multiply(t1, t5, Pi_S1)
    np.multiply(alpha, c, c_S)
    np.multiply(2.0, alpha, t5)
    np.subtract(1.0, t5, t5)
    np.multiply(c, t5, c_R)
    np.multiply(2.0, q_1, q)
    np.multiply(t3, t1, Pi_S)
    np.subtract(alpha, 1.0, t1)
    np.add(t1, b, t1)
    np.subtract(t1, gamma, t1)
    np.multiply(t3, t1, t1)
    np.divide(t1, t4, Pi)


# --- c_power -----------------------------------------------------------------------------------------------------------


class CPower(NamedTuple):
    """What `c_power` returns."""

    p_1: Any  # price of product 1 [money per unit]
    p_2: Any  # price of product 2 [money per unit]
    z_1: Any  # stocking factor of product 1
    z_2: Any  # stocking factor of product 2
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi: Any  # expected profit of the chain [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def c_power(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, k: Any, on_invalid: str = "raise") -> CPower:
    """C: Centralised chain (power).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock
        k: exponent of the power law

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, k > 0, B > 0.

    Regime 1:
        p_1 = c*(1 - alpha)*(k*(b - gamma) + 1)/(k*(b - gamma - 1))
        p_2 = p_1
        z_1 = B*((k + 1)/(k*(b - gamma) + 1))**(1/k)
        z_2 = z_1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = a*p_1**gamma*z_1/p_1**b
        q_2 = q_1
        q = 2*a*p_1**gamma*z_1/p_1**b
        Pi = 2*a*c*p_1**gamma*z_1*(1 - alpha)/(p_1**b*(b - gamma - 1))
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is type(k)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B), type(k)} <= _NUMBERS:
            return _evaluate(_C_POWER, (a, b, gamma, c, alpha, B, k), on_invalid)
        (a, b, gamma, c, alpha, B, k) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B), float(k))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _c_power_scalar(a, b, gamma, c, alpha, B, k)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_C_POWER, (a, b, gamma, c, alpha, B, k), on_invalid)


def _c_power_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (a, b, gamma, c, alpha, B, k) = inputs
    (t1,) = work
    np.subtract(b, 1.0, t1)
    x1 = t1 > gamma
    np.multiply(2.0, alpha, t1)
    np.subtract(1.0, t1, t1)
    x2 = alpha > t1
    x3 = t1 > 0.0
    return (
        ("a > 0", a > 0.0),
        ("a is finite", np.isfinite(a)),
        ("b > 1", b > 1.0),
        ("b is finite", np.isfinite(b)),
        ("gamma >= 0", gamma >= 0.0),
        ("gamma is finite", np.isfinite(gamma)),
        ("b > gamma + 1", x1),
        ("c > 0", c > 0.0),
        ("c is finite", np.isfinite(c)),
        ("alpha > 1 - 2*alpha", x2),
        ("alpha is finite", np.isfinite(alpha)),
        ("1 - 2*alpha > 0", x3),
        ("k > 0", k > 0.0),
        ("k is finite", np.isfinite(k)),
        ("B > 0", B > 0.0),
        ("B is finite", np.isfinite(B)),
    )


def _c_power_scalar(a, b, gamma, c, alpha, B, k) -> CPower:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B + k)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and k > 0.0
        and B > 0.0
    ):
        raise ValueError
    t1 = 1.0 + k*(b - gamma)
    t2 = c*(1.0 - alpha)/(b - 1.0 - gamma)
    p_1 = t1*t2/k
    z_1 = B*math.pow((k + 1.0)/t1, 1.0/k)
    c_S = alpha*c
    c_R = c*(1.0 - 2.0*alpha)
    y_1 = a*math.pow(p_1, gamma - b)
    q_1 = y_1*z_1
    q = 2.0*q_1
    Pi = q*t2
    p_2 = p_1
    z_2 = z_1
    y_2 = y_1
    q_2 = q_1
    return _new(CPower, (p_1, p_2, z_1, z_2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi, "1"))


def _c_power_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _c_power_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (p_1, z_1, c_S, c_R, y_1, q_1, q, Pi) = outputs
    (a, b, gamma, c, alpha, B, k) = inputs
    (t1, t2, t3) = work
    np.subtract(b, gamma, t1)
    np.multiply(k, t1, t1)
    np.add(1.0, t1, t1)
    np.subtract(1.0, alpha, t2)
    np.multiply(c, t2, t2)
    np.subtract(b, 1.0, t3)
    np.subtract(t3, gamma, t3)
    np.divide(t2, t3, t3)
    np.multiply(t1, t3, t2)
    np.divide(t2, k, p_1)
    np.add(k, 1.0, t2)
    np.divide(t2, t1, t1)
    np.divide(1.0, k, t2)
    np.power(t1, t2, t2)
    np.multiply(B, t2, z_1)
    np.multiply(alpha, c, c_S)
    np.multiply(2.0, alpha, t2)
    np.subtract(1.0, t2, t2)
    np.multiply(c, t2, c_R)
    np.subtract(gamma, b, t2)
    np.power(p_1, t2, t2)
    np.multiply(a, t2, y_1)
    np.multiply(y_1, z_1, q_1)
    np.multiply(2.0, q_1, q)
    np.multiply(q, t3, Pi)


# --- tdc_power ---------------------------------------------------------------------------------------------------------


class TdcPower(NamedTuple):
    """What `tdc_power` returns."""

    r: Any  # share of each unit's price that the retailer keeps
    p_1: Any  # price of product 1 [money per unit]
    z_1: Any  # stocking factor of product 1
    p_2: Any  # price of product 2 [money per unit]
    z_2: Any  # stocking factor of product 2
    Pi_R: Any  # payoff of R [money]
    Pi_S1: Any  # payoff of S1 [money]
    Pi_S2: Any  # payoff of S2 [money]
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi_S: Any  # expected profit of both suppliers [money]
    Pi: Any  # expected profit of the chain [money]
    total: Any  # sum of the payoffs Pi_R, Pi_S1, Pi_S2 [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def tdc_power(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, k: Any, on_invalid: str = "raise") -> TdcPower:
    """TDC: Totally decentralised chain (power).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock
        k: exponent of the power law

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, k > 0, B > 0.

    Regime 1:
        r = (b*(alpha*(2*gamma + 3 - 2*b) + b - gamma - 1) + gamma*(1 - 2*alpha))/((b - gamma)*(alpha*(2 - b) + b -
            1)) [(16)]
        p_1 = c*(b - gamma)*(b*k + 1)*(alpha*(2 - b) + b - 1)/(b*k*(b - 1)*(b - gamma - 1)) [Table 2]
        z_1 = B*((k + 1)/(b*k + 1))**(1/k)
        p_2 = p_1
        z_2 = z_1
        Pi_R = 2*a*c*p_1**gamma*z_1*(alpha*(2 - b) + b - 1)/(p_1**b*(b - 1)*(b - gamma - 1)) [Table 2]
        Pi_S1 = a*alpha*c*p_1**gamma*z_1/(p_1**b*(b - 1))
        Pi_S2 = Pi_S1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = a*p_1**gamma*z_1/p_1**b [Table 2]
        q_2 = q_1
        q = 2*a*p_1**gamma*z_1/p_1**b
        Pi_S = 2*a*alpha*c*p_1**gamma*z_1/(p_1**b*(b - 1)) [Table 2]
        Pi = 2*a*c*p_1**gamma*z_1*(alpha*(1 - gamma) + b - 1)/(p_1**b*(b - 1)*(b - gamma - 1)) [Table 2]
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is type(k)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B), type(k)} <= _NUMBERS:
            return _evaluate(_TDC_POWER, (a, b, gamma, c, alpha, B, k), on_invalid)
        (a, b, gamma, c, alpha, B, k) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B), float(k))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _tdc_power_scalar(a, b, gamma, c, alpha, B, k)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_TDC_POWER, (a, b, gamma, c, alpha, B, k), on_invalid)


def _tdc_power_scalar(a, b, gamma, c, alpha, B, k) -> TdcPower:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B + k)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and k > 0.0
        and B > 0.0
    ):
        raise ValueError
    t1 = b - 1.0
    t2 = t1 - gamma
    t3 = 1.0 - 2.0*alpha
    t4 = b - gamma
    t5 = t1 + alpha*(2.0 - b)
    r = (b*(t2 + alpha*(3.0 - 2.0*b + 2.0*gamma)) + gamma*t3)/(t4*t5)
    t6 = c/t1
    t7 = 1.0 + b*k
    t8 = t5/t2
    p_1 = t6*t7*t4*t8/(b*k)
    z_1 = B*math.pow((k + 1.0)/t7, 1.0/k)
    y_1 = a*math.pow(p_1, gamma - b)
    q_1 = y_1*z_1
    q = 2.0*q_1
    t9 = t6*q
    Pi_R = t8*t9
    Pi_S1 = q_1*alpha*t6
    c_S = alpha*c
    c_R = c*t3
    Pi_S = alpha*t9
    Pi = (t1 + alpha*(1.0 - gamma))*t9/t2
    p_2 = p_1
    z_2 = z_1
    Pi_S2 = Pi_S1
    y_2 = y_1
    q_2 = q_1
    total = Pi
    return _new(TdcPower, (r, p_1, z_1, p_2, z_2, Pi_R, Pi_S1, Pi_S2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi_S, Pi, total, "1"))


def _tdc_power_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _tdc_power_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (r, p_1, z_1, Pi_R, Pi_S1, c_S, c_R, y_1, q_1, q, Pi_S, Pi) = outputs
    (a, b, gamma, c, alpha, B, k) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8) = work
    np.subtract(b, 1.0, t1)
    np.subtract(t1, gamma, t2)
    np.multiply(2.0, b, t3)
    np.subtract(3.0, t3, t3)
    np.multiply(2.0, gamma, t4)
    np.add(t3, t4, t4)
    np.multiply(alpha, t4, t4)
    np.add(t2, t4, t4)
    np.multiply(b, t4, t4)
    np.multiply(2.0, alpha, t3)
    np.subtract(1.0, t3, t3)
    np.multiply(gamma, t3, t5)
    np.add(t4, t5, t5)
    np.subtract(b, gamma, t4)
    np.subtract(2.0, b, t6)
    np.multiply(alpha, t6, t6)
    np.add(t1, t6, t6)
    np.multiply(t4, t6, t7)
    np.divide(t5, t7, r)
    np.divide(c, t1, t7)
    np.multiply(b, k, t5)
    np.add(1.0, t5, t5)
    np.multiply(t7, t5, t8)
    np.multiply(t8, t4, t4)
    np.divide(t6, t2, t6)
    np.multiply(t4, t6, t4)
    np.multiply(b, k, t8)
    np.divide(t4, t8, p_1)
    np.add(k, 1.0, t8)
    np.divide(t8, t5, t5)
    np.divide(1.0, k, t8)
    np.power(t5, t8, t8)
    np.multiply(B, t8, z_1)
    np.subtract(gamma, b, t8)
    np.power(p_1, t8, t8)
    np.multiply(a, t8, y_1)
    np.multiply(y_1, z_1, q_1)
    np.multiply(2.0, q_1, q)
    np.multiply(t7, q, t8)
    np.multiply(t6, t8, Pi_R)
    np.multiply(q_1, alpha, t6)
    np.multiply(t6, t7, Pi_S1)
    np.multiply(alpha, c, c_S)
    np.multiply(c, t3, c_R)
    np.multiply(alpha, t8, Pi_S)
    np.subtract(1.0, gamma, t3)
    np.multiply(alpha, t3, t3)
    np.add(t1, t3, t3)
    np.multiply(t3, t8, t8)
    np.divide(t8, t2, Pi)


# --- pdc_power ---------------------------------------------------------------------------------------------------------


class PdcPower(NamedTuple):
    """What `pdc_power` returns."""

    r: Any  # share of each unit's price that the retailer keeps
    p_1: Any  # price of product 1 [money per unit]
    p_2: Any  # price of product 2 [money per unit]
    z_1: Any  # stocking factor of product 1
    z_2: Any  # stocking factor of product 2
    Pi_R: Any  # payoff of R [money]
    Pi_S1: Any  # payoff of S1 [money]
    Pi_S2: Any  # payoff of S2 [money]
    c_S: Any  # unit cost of each supplier [money per unit]
    c_R: Any  # unit cost of the retailer [money per unit]
    y_1: Any  # scale of demand for product 1 [units]
    y_2: Any  # scale of demand for product 2 [units]
    q_1: Any  # stock of product 1 [units]
    q_2: Any  # stock of product 2 [units]
    q: Any  # total stock [units]
    Pi_S: Any  # expected profit of both suppliers [money]
    Pi: Any  # expected profit of the chain [money]
    total: Any  # sum of the payoffs Pi_R, Pi_S1, Pi_S2 [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "left out by the solution", "outside the domain")


def pdc_power(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, k: Any, on_invalid: str = "raise") -> PdcPower:
    """PDC: Partially decentralised chain (power).

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock
        k: exponent of the power law

    Domain: a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0, k > 0, B > 0.

    Regime 1:
        r = (alpha*(2*gamma + 3 - 2*b) + b - gamma - 1)/(alpha*(gamma + 2 - b) + b - gamma - 1) [Table 2]
        p_1 = c*(k*(b - gamma) + 1)*(alpha*(gamma + 2 - b) + b - gamma - 1)/(k*(b - gamma - 1)**2) [Table 2]
        p_2 = p_1
        z_1 = B*((k + 1)/(k*(b - gamma) + 1))**(1/k)
        z_2 = z_1
        Pi_R = 2*a*c*p_1**gamma*z_1*(alpha*(gamma + 2 - b) + b - gamma - 1)/(p_1**b*(b - gamma - 1)**2) [Table 2]
        Pi_S1 = a*alpha*c*p_1**gamma*z_1/(p_1**b*(b - gamma - 1))
        Pi_S2 = Pi_S1
        c_S = alpha*c
        c_R = c*(1 - 2*alpha)
        y_1 = a*p_1**gamma/p_1**b
        y_2 = y_1
        q_1 = a*p_1**gamma*z_1/p_1**b
        q_2 = q_1
        q = 2*a*p_1**gamma*z_1/p_1**b [Table 2]
        Pi_S = 2*a*alpha*c*p_1**gamma*z_1/(p_1**b*(b - gamma - 1)) [Table 2]
        Pi = 2*a*c*p_1**gamma*z_1*(alpha + b - gamma - 1)/(p_1**b*(b - gamma - 1)**2) [Table 2]
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is type(k)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B), type(k)} <= _NUMBERS:
            return _evaluate(_PDC_POWER, (a, b, gamma, c, alpha, B, k), on_invalid)
        (a, b, gamma, c, alpha, B, k) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B), float(k))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _pdc_power_scalar(a, b, gamma, c, alpha, B, k)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_PDC_POWER, (a, b, gamma, c, alpha, B, k), on_invalid)


def _pdc_power_scalar(a, b, gamma, c, alpha, B, k) -> PdcPower:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B + k)
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
        and k > 0.0
        and B > 0.0
    ):
        raise ValueError
    t1 = b - 1.0 - gamma
    t2 = t1 + alpha*(2.0 - b + gamma)
    r = (t1 + alpha*(3.0 - 2.0*b + 2.0*gamma))/t2
    t3 = 1.0 + k*(b - gamma)
    t4 = t1*t1
    t5 = t2/t4
    p_1 = c*t3*t5/k
    z_1 = B*math.pow((k + 1.0)/t3, 1.0/k)
    y_1 = a*math.pow(p_1, gamma - b)
    q_1 = y_1*z_1
    t6 = c*q_1
    t7 = 2.0*t6
    Pi_R = t7*t5
    t8 = alpha/t1
    Pi_S1 = t8*t6
    c_S = alpha*c
    c_R = c*(1.0 - 2.0*alpha)
    q = 2.0*q_1
    Pi_S = t7*t8
    Pi = t7*(alpha - 1.0 + b - gamma)/t4
    p_2 = p_1
    z_2 = z_1
    Pi_S2 = Pi_S1
    y_2 = y_1
    q_2 = q_1
    total = Pi
    return _new(PdcPower, (r, p_1, p_2, z_1, z_2, Pi_R, Pi_S1, Pi_S2, c_S, c_R, y_1, y_2, q_1, q_2, q, Pi_S, Pi, total, "1"))


def _pdc_power_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _pdc_power_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (r, p_1, z_1, Pi_R, Pi_S1, c_S, c_R, y_1, q_1, q, Pi_S, Pi) = outputs
    (a, b, gamma, c, alpha, B, k) = inputs
    (t1, t2, t3, t4, t5) = work
    np.subtract(b, 1.0, t1)
    np.subtract(t1, gamma, t1)
    np.multiply(2.0, b, t2)
    np.subtract(3.0, t2, t2)
    np.multiply(2.0, gamma, t3)
    np.add(t2, t3, t3)
    np.multiply(alpha, t3, t3)
    np.add(t1, t3, t3)
    np.subtract(2.0, b, t2)
    np.add(t2, gamma, t2)
    np.multiply(alpha, t2, t2)
    np.add(t1, t2, t2)
    np.divide(t3, t2, r)
    np.subtract(b, gamma, t3)
    np.multiply(k, t3, t3)
    np.add(1.0, t3, t3)
    np.multiply(c, t3, t4)
    np.multiply(t1, t1, t5)
    np.divide(t2, t5, t2)
    np.multiply(t4, t2, t4)
    np.divide(t4, k, p_1)
    np.add(k, 1.0, t4)
    np.divide(t4, t3, t3)
    np.divide(1.0, k, t4)
    np.power(t3, t4, t4)
    np.multiply(B, t4, z_1)
    np.subtract(gamma, b, t4)
    np.power(p_1, t4, t4)
    np.multiply(a, t4, y_1)
    np.multiply(y_1, z_1, q_1)
    np.multiply(c, q_1, t4)
    np.multiply(2.0, t4, t3)
    np.multiply(t3, t2, Pi_R)
    np.divide(alpha, t1, t1)
    np.multiply(t1, t4, Pi_S1)
    np.multiply(alpha, c, c_S)
    np.multiply(2.0, alpha, t4)
    np.subtract(1.0, t4, t4)
    np.multiply(c, t4, c_R)
    np.multiply(2.0, q_1, q)
    np.multiply(t3, t1, Pi_S)
    np.subtract(alpha, 1.0, t1)
    np.add(t1, b, t1)
    np.subtract(t1, gamma, t1)
    np.multiply(t3, t1, t1)
    np.divide(t1, t5, Pi)


# --- evaluation of arrays: block by block, each regime on its own points ------------------------------------------------

_NUMBERS = frozenset({float, int, np.float64})
_new = tuple.__new__
_BLOCK = 32768
_FEW = 48


class _Local(threading.local):
    """Rows for intermediate results, each thread its own, kept between calls."""

    def __init__(self) -> None:
        self.rows: list[Any] = []


_LOCAL = _Local()


class _Protocol(NamedTuple):
    name: str
    parameters: tuple[str, ...]
    result: Any
    places: tuple[int, ...]  # the row of every quantity; equal quantities share one
    scalar: Any
    domain: tuple[Any, int]  # parameters to pairs of a condition's text and where it holds; rows of workspace
    where: tuple[Any, int]  # parameters to where the regimes hold, in their order; rows of workspace
    common: tuple[Any, int, int]  # kernel of the first rows, the same in all regimes; their number, rows of workspace
    used: tuple[int, ...]  # positions of the parameters that the kernels of the regimes need
    regimes: tuple[tuple[Any, int], ...]  # kernel, rows of workspace


_C_UNIFORM = _Protocol(
    "c_uniform",
    ("a", "b", "gamma", "c", "alpha", "B"),
    CUniform,
    (0, 0, 1, 1, 2, 3, 4, 4, 5, 5, 6, 7),
    _c_uniform_scalar,
    (_c_uniform_domain, 1),
    (_c_uniform_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_c_uniform_block, 3),
    ),
)

_TDC_UNIFORM = _Protocol(
    "tdc_uniform",
    ("a", "b", "gamma", "c", "alpha", "B"),
    TdcUniform,
    (0, 1, 2, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 8, 9, 10, 11, 11),
    _tdc_uniform_scalar,
    (_c_uniform_domain, 1),
    (_tdc_uniform_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_tdc_uniform_block, 9),
    ),
)

_PDC_UNIFORM = _Protocol(
    "pdc_uniform",
    ("a", "b", "gamma", "c", "alpha", "B"),
    PdcUniform,
    (0, 1, 1, 2, 2, 3, 4, 4, 5, 6, 7, 7, 8, 8, 9, 10, 11, 11),
    _pdc_uniform_scalar,
    (_c_uniform_domain, 1),
    (_pdc_uniform_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_pdc_uniform_block, 6),
    ),
)

_C_EXPONENTIAL = _Protocol(
    "c_exponential",
    ("a", "b", "gamma", "c", "alpha", "mu"),
    CExponential,
    (0, 1, 1, 0, 2, 3, 4, 4, 5, 5, 6, 7),
    _c_exponential_scalar,
    (_c_exponential_domain, 1),
    (_c_exponential_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_c_exponential_block, 4),
    ),
)

_TDC_EXPONENTIAL = _Protocol(
    "tdc_exponential",
    ("a", "b", "gamma", "c", "alpha", "mu"),
    TdcExponential,
    (0, 1, 2, 2, 0, 3, 4, 4, 5, 6, 7, 7, 8, 8, 9, 10, 11, 11),
    _tdc_exponential_scalar,
    (_c_exponential_domain, 1),
    (_tdc_exponential_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_tdc_exponential_block, 7),
    ),
)

_PDC_EXPONENTIAL = _Protocol(
    "pdc_exponential",
    ("a", "b", "gamma", "c", "alpha", "mu"),
    PdcExponential,
    (0, 1, 2, 2, 0, 3, 4, 4, 5, 6, 7, 7, 8, 8, 9, 10, 11, 11),
    _pdc_exponential_scalar,
    (_c_exponential_domain, 1),
    (_pdc_exponential_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_pdc_exponential_block, 5),
    ),
)

_C_POWER = _Protocol(
    "c_power",
    ("a", "b", "gamma", "c", "alpha", "B", "k"),
    CPower,
    (0, 0, 1, 1, 2, 3, 4, 4, 5, 5, 6, 7),
    _c_power_scalar,
    (_c_power_domain, 1),
    (_c_power_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5, 6),
    (
        (_c_power_block, 3),
    ),
)

_TDC_POWER = _Protocol(
    "tdc_power",
    ("a", "b", "gamma", "c", "alpha", "B", "k"),
    TdcPower,
    (0, 1, 2, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 8, 9, 10, 11, 11),
    _tdc_power_scalar,
    (_c_power_domain, 1),
    (_tdc_power_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5, 6),
    (
        (_tdc_power_block, 8),
    ),
)

_PDC_POWER = _Protocol(
    "pdc_power",
    ("a", "b", "gamma", "c", "alpha", "B", "k"),
    PdcPower,
    (0, 1, 1, 2, 2, 3, 4, 4, 5, 6, 7, 7, 8, 8, 9, 10, 11, 11),
    _pdc_power_scalar,
    (_c_power_domain, 1),
    (_pdc_power_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5, 6),
    (
        (_pdc_power_block, 5),
    ),
)

PROTOCOLS = {
    "c_uniform": c_uniform,
    "tdc_uniform": tdc_uniform,
    "pdc_uniform": pdc_uniform,
    "c_exponential": c_exponential,
    "tdc_exponential": tdc_exponential,
    "pdc_exponential": pdc_exponential,
    "c_power": c_power,
    "tdc_power": tdc_power,
    "pdc_power": pdc_power,
}


def _evaluate(protocol: _Protocol, values: tuple[Any, ...], on_invalid: str) -> Any:
    if on_invalid not in ("raise", "nan"):
        raise ValueError(f"{protocol.name}: on_invalid is 'raise' or 'nan', not {on_invalid!r}")
    arrays = [_real(protocol, name, value) for name, value in zip(protocol.parameters, values)]
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(protocol.parameters, arrays) if array.shape)
        raise ValueError(f"{protocol.name}: the shapes do not broadcast: {shapes}") from None
    flat = [array.item() if not array.shape else np.broadcast_to(array, shape).reshape(-1) for array in arrays]
    size = math.prod(shape)
    if size < _FEW:
        try:
            points = [protocol.scalar(*(x if type(x) is float else x.item(i) for x in flat)) for i in range(size)]
        except (ArithmeticError, ValueError):
            points = []
        if points:
            return points[0] if shape == () else _gathered(protocol, points, shape)
    outputs = _rows(max(protocol.places, default=-1) + 1, size)
    step = _BLOCK - 8 * len(protocol.regimes) if len(protocol.regimes) > 1 else _BLOCK // 2
    regime = np.empty(size, np.int8)
    with np.errstate(all="ignore"):
        for start in range(0, size, step):
            part = slice(start, min(start + step, size))
            inputs = [x if type(x) is float else x[part] for x in flat]
            _one_block(protocol, inputs, [row[part] for row in outputs], regime[part], on_invalid, (start, shape))
    if shape == ():
        return protocol.result(*(outputs[place].item() for place in protocol.places), protocol.result.REGIMES[regime.item()])
    return _shaped(protocol, outputs, regime, shape)


def _shaped(protocol: _Protocol, outputs: Any, regime: Any, shape: tuple[int, ...]) -> Any:
    """The result; what several quantities share must not be written to."""
    rows = [row.reshape(shape) for row in outputs]
    for place, row in enumerate(rows):
        row.flags.writeable = protocol.places.count(place) == 1
    return protocol.result(*(rows[place] for place in protocol.places), regime.reshape(shape))


def _real(protocol: _Protocol, name: str, value: Any) -> Any:
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{protocol.name}: {name} must be real numbers, not a masked array: fill it, with NaN say")
    array = np.asarray(value)
    if array.dtype.kind in "iuf":
        return array.astype(np.float64, copy=False)
    if array.dtype.kind == "O" and array.shape == ():
        try:
            return np.asarray(float(value))
        except TypeError:
            pass
    raise TypeError(f"{protocol.name}: {name} must be real numbers, not of type {array.dtype}")


def _gathered(protocol: _Protocol, points: list[Any], shape: tuple[int, ...]) -> Any:
    *columns, labels = zip(*points)
    regime = np.array([protocol.result.REGIMES.index(label) for label in labels], np.int8)
    first = [protocol.places.index(place) for place in range(max(protocol.places, default=-1) + 1)]
    return _shaped(protocol, [np.array(columns[index]) for index in first], regime, shape)


def _one_block(protocol: _Protocol, inputs: Any, outputs: Any, regime: Any, on_invalid: str, where: Any) -> None:
    conditions, rows = protocol.domain
    checks = conditions(inputs, _workspace(rows, regime.size))
    left = np.ones(regime.size, bool)
    for _, holds in checks:
        left &= holds
    if on_invalid == "raise" and not left.all():
        first = int(left.argmin())
        failed = next(text for text, holds in checks if not np.broadcast_to(holds, left.shape)[first])
        raise ValueError(_complaint(protocol, f"{failed} does not hold", inputs, first, where))
    common, count, rows = protocol.common
    if count:
        common(inputs, outputs[:count], _workspace(rows, regime.size))
    np.subtract(-1, left.view(np.int8), out=regime)
    conditions, rows = protocol.where
    sizes = []
    for number, holds in enumerate(conditions(inputs, _workspace(rows, regime.size))):
        here = left if holds is True else left & holds
        sizes.append(np.count_nonzero(here))
        if sizes[number] == regime.size:
            kernel, rows = protocol.regimes[number]
            kernel(inputs, outputs[count:], _workspace(rows, regime.size))
            regime.fill(number)
            return
        regime += (number + 2) * here.view(np.int8)
        left = left ^ here
    if on_invalid == "raise" and left.any():
        raise ValueError(_complaint(protocol, "the solution leaves this point out", inputs, int(left.argmax()), where))
    if any(sizes):
        _each_regime(protocol, inputs, outputs[count:], regime, sizes)
    if sum(sizes) < regime.size:
        for row in outputs:
            row[regime < 0] = math.nan


def _each_regime(protocol: _Protocol, inputs: Any, outputs: Any, regime: Any, sizes: list[int]) -> None:
    """Every quantity at the points of each regime: these are brought together, computed side by side, and put back."""
    widths = [-(-size // 8) * 8 for size in sizes]  # rows that begin at multiples of 64 bytes
    arrays = [i for i in protocol.used if type(inputs[i]) is not float]
    most = max(rows for _, rows in protocol.regimes)
    work = _workspace(2 + len(outputs) + len(arrays) + most, max(sum(widths), regime.size))
    order, back = work.pop().view(np.intp)[: sum(widths)], work.pop().view(np.intp)[: regime.size]
    results = [work.pop() for _ in outputs]
    parts, start = [], 0
    for number, (size, width) in enumerate(zip(sizes, widths)):
        part, here = order[start : start + width], np.flatnonzero(regime == number)
        part[:size], part[size:] = here, here[-1:]
        parts.append(slice(start, start + width))
        start += width
    inner = list(inputs)
    for i in arrays:
        inner[i] = inputs[i].take(order, out=work.pop()[: order.size], mode="clip")
    for part, (kernel, rows) in zip(parts, protocol.regimes):
        if part.start < part.stop:
            point = [x[part] if i in arrays else x for i, x in enumerate(inner)]
            kernel(point, [row[part] for row in results], [row[: part.stop - part.start] for row in work[:rows]])
    back[order] = np.arange(order.size)
    for row, values in zip(outputs, results):
        values.take(back, out=row, mode="clip")


def _complaint(protocol: _Protocol, what: str, inputs: Any, first: int, where: tuple[int, tuple[int, ...]]) -> str:
    start, shape = where
    point = [x if type(x) is float else x.item(first) for x in inputs]
    index = tuple(int(i) for i in np.unravel_index(start + first, shape)) if shape else ()
    place = f" at index {index[0] if len(index) == 1 else index}" if shape else ""
    values = ", ".join(f"{name} = {value!r}" for name, value in zip(protocol.parameters, point))
    return f"{protocol.name}: {what}{place}: {values}"


def _rows(count: int, size: int) -> list[Any]:
    """Uninitialised rows of doubles that start at multiples of 64 bytes: numpy adds and multiplies them twice as fast."""
    width = -(-size // 8) * 8
    raw = np.empty(8 * width * count + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return [*raw[start : start + 8 * width * count].view(np.float64).reshape(count, width)[:, :size]]


def _workspace(rows: int, size: int) -> list[Any]:
    while len(_LOCAL.rows) < rows:
        _LOCAL.rows += _rows(1, _BLOCK)
    return [row[:size] for row in _LOCAL.rows[:rows]]


# --- implicit quantities: Newton's method kept inside a bracket ---------------------------------------------------------

_STEPS = range(16)


def _root(residual: Any, low: float, high: float, sign: int, arguments: tuple[float, ...]) -> float:
    """The root of `residual(x, *arguments)` between `low` and `high`; ArithmeticError where none is found."""
    with np.errstate(all="ignore"):
        return _finite(_roots(residual, low, high, sign, arguments, 1).item())


def _roots(residual: Any, low: Any, high: Any, sign: int, arguments: tuple[Any, ...], size: int, start: float = 0.5) -> Any:
    """The root of `residual(x, *arguments)` between `low` and `high` (either may be infinite) at `size` points; NaN for none.

    `sign` is that of the slope. The ends are never evaluated; where the residual is not a number, x is too far out.
    """
    roots = np.full(size, math.nan)
    point = np.arange(size)
    low, high = np.full(size, low, float), np.full(size, high, float)
    x = np.where(np.isfinite(high - low), low + start * (high - low), _middles(low, high))
    step, good = np.full(size, math.inf), np.full(size, math.nan)
    below, above = np.zeros(size, bool), np.zeros(size, bool)
    for _ in range(400):
        value, slope = residual(x, *arguments)
        up, down, unknown = value * sign > 0.0, value * sign < 0.0, np.isnan(value)
        high = np.where(up | (unknown & (x > good)), x, high)
        low = np.where(down | (unknown & (x < good)), x, low)
        lost = unknown & np.isnan(good)
        good, above, below = np.where(unknown, good, x), above | up, below | down
        older, step = step, np.where(np.isfinite(slope), value / slope, math.nan)
        newton, middle = x - step, _middles(low, high)
        inside = (low < newton) & (newton < high)
        close = np.abs(step) <= np.where(inside, 1e-10, 4e-16) * np.abs(x)  # the error is of the order of the step squared
        tight = ~((low < middle) & (middle < high))
        done = (value == 0.0) | close | (tight & above & below)
        roots[point[done]] = np.where(inside & close, newton, x)[done]
        x = np.where(inside & (np.abs(step) < 0.5 * np.abs(older)), newton, middle)
        left = ~(done | tight | lost)
        if not left.any():
            break
        if not left.all():
            point, low, high, x, step, good = (row[left] for row in (point, low, high, x, step, good))
            below, above = below[left], above[left]
            arguments = tuple(row[left] if isinstance(row, np.ndarray) else row for row in arguments)
    return roots


def _middle(low: float, high: float) -> float:
    if high == math.inf:
        return max(1.0, 4.0 * low) if low > -math.inf else 0.0
    if low == -math.inf:
        return min(-1.0, 4.0 * high)
    return low + 0.5 * (high - low)


def _middles(low: Any, high: Any) -> Any:
    return np.where(
        high == math.inf,
        np.where(low > -math.inf, np.maximum(1.0, 4.0 * low), 0.0),
        np.where(low == -math.inf, np.minimum(-1.0, 4.0 * high), low + 0.5 * (high - low)),
    )


def _finite(x: float) -> float:
    if not math.isfinite(x):
        raise ArithmeticError
    return x
