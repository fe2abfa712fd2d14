"""consignment: The coalitions of the retailer and the two suppliers

Source: Yan Zhu, Zhanwen Niu, Longfei He (2013). Consignment supply chain operation with supplier competition.
    Computer Integrated Manufacturing Systems 19(9), 2280-2291.

Closed forms of the equilibrium, one function per protocol. Arguments are keywords: floats, integers or arrays that broadcast.
A function returns a named tuple: floats and the label of the regime for scalars; for arrays arrays of the broadcast shape, with
`regime` an array of positions in the result's `REGIMES` (-1: outside the domain, -2: left out by the solution). Quantities that
are equal in every regime share one array, which is read-only.
Outside the domain ValueError, or NaN with `on_invalid="nan"`.

Generated; changes made by hand are lost.
"""

from __future__ import annotations

import math
import threading
from typing import Any, NamedTuple

import numpy as np

__all__ = ["shapley", "superadditivity", "convexity", "core", "shapley_core", "PARAMETERS", "PROTOCOLS", "UNITS"]

PARAMETERS = {
    "a": "market size",
    "b": "elasticity of demand in the product's own price",
    "gamma": "elasticity of demand in the rival's price",
    "c": "cost of both suppliers and the retailer together, 2 c_S + c_R",
    "alpha": "one supplier's share of that cost, c_S/c",
    "B": "largest value of the demand shock",
}

UNITS: dict[str, str] = {
    "Pi_C": "money",
    "Pi_R_TDC": "money",
    "Pi_S1_PDC": "money",
    "c": "money per unit",
    "total": "money",
    "x_R": "money",
    "x_S1": "money",
    "x_S2": "money",
}


# --- shapley -----------------------------------------------------------------------------------------------------------


class Shapley(NamedTuple):
    """What `shapley` returns."""

    Pi_R_TDC: Any  # payoff of R under “Totally decentralised chain” [money]
    Pi_S1_PDC: Any  # payoff of S1 under “Partially decentralised chain” [money]
    Pi_C: Any  # expected profit of the chain under “Centralised chain” [money]
    x_R: Any  # payoff of R [money]
    x_S1: Any  # payoff of S1 [money]
    x_S2: Any  # payoff of S2 [money]
    total: Any  # sum of the payoffs x_R, x_S1, x_S2 [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("all", "left out by the solution", "outside the domain")


def shapley(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, on_invalid: str = "raise") -> Shapley:
    """shapley: Shapley value.

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock

    Domain: B > 0, a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0.

    Regime all:
        Pi_R_TDC = 4*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2 - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(gamma -
            b)*(alpha*(2 - b) + b - 1)/((b - 1)*(b + 1)*(b - gamma - 1))
        Pi_S1_PDC = 2*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(gamma + 2 - b) + b - gamma - 1)/(b - gamma -
            1)**2)**(gamma - b)/((b - gamma - 1)*(b - gamma + 1))
        Pi_C = 4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1))**(gamma - b)*(1 - alpha)/((b - gamma - 1)*(b
            - gamma + 1))
        x_R = Pi_C/3 + 2*Pi_R_TDC/3 - 2*Pi_S1_PDC/3
        x_S1 = Pi_C/3 - Pi_R_TDC/3 + Pi_S1_PDC/3
        x_S2 = x_S1
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B)} <= _NUMBERS:
            return _evaluate(_SHAPLEY, (a, b, gamma, c, alpha, B), on_invalid)
        (a, b, gamma, c, alpha, B) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _shapley_scalar(a, b, gamma, c, alpha, B)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_SHAPLEY, (a, b, gamma, c, alpha, B), on_invalid)


def _shapley_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
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
        ("B > 0", B > 0.0),
        ("B is finite", np.isfinite(B)),
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
    )


def _shapley_scalar(a, b, gamma, c, alpha, B) -> Shapley:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B)
        and B > 0.0
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
    ):
        raise ValueError
    t1 = b - 1.0
    t2 = t1 - gamma
    t3 = c/t2
    t4 = t3*(a*B)
    t5 = 4.0*t4
    t6 = b + 1.0
    t7 = 2.0 - b
    t8 = (t1 + alpha*t7)/t1
    t9 = gamma - b
    Pi_R_TDC = t5*math.pow(t3*t6*(b - gamma)*t8/b, t9)*t8/t6
    t10 = 1.0 - gamma + b
    t11 = 2.0*alpha*math.pow(c*t10*(t2 + alpha*(t7 + gamma))/(t2*t2), t9)
    Pi_S1_PDC = t11*t4/t10
    t12 = 1.0 - alpha
    Pi_C = t5*t12*math.pow(t3*t12*t10, t9)/t10
    t13 = 2.0/3.0
    x_R = Pi_C/3.0 + t13*Pi_R_TDC - t13*Pi_S1_PDC
    x_S1 = (Pi_C + Pi_S1_PDC - Pi_R_TDC)/3.0
    x_S2 = x_S1
    total = Pi_C
    return _new(Shapley, (Pi_R_TDC, Pi_S1_PDC, Pi_C, x_R, x_S1, x_S2, total, "all"))


def _shapley_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _shapley_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime all: every quantity into its row."""
    (Pi_R_TDC, Pi_S1_PDC, Pi_C, x_R, x_S1) = outputs
    (a, b, gamma, c, alpha, B) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9) = work
    np.subtract(b, 1.0, t1)
    np.subtract(t1, gamma, t2)
    np.divide(c, t2, t3)
    np.multiply(a, B, t4)
    np.multiply(t3, t4, t4)
    np.multiply(4.0, t4, t5)
    np.add(b, 1.0, t6)
    np.multiply(t3, t6, t7)
    np.subtract(b, gamma, t8)
    np.multiply(t7, t8, t8)
    np.subtract(2.0, b, t7)
    np.multiply(alpha, t7, t9)
    np.add(t1, t9, t9)
    np.divide(t9, t1, t1)
    np.multiply(t8, t1, t8)
    np.divide(t8, b, t8)
    np.subtract(gamma, b, t9)
    np.power(t8, t9, t8)
    np.multiply(t5, t8, t8)
    np.multiply(t8, t1, t1)
    np.divide(t1, t6, Pi_R_TDC)
    np.multiply(2.0, alpha, t6)
    np.subtract(1.0, gamma, t1)
    np.add(t1, b, t1)
    np.multiply(c, t1, t8)
    np.add(t7, gamma, t7)
    np.multiply(alpha, t7, t7)
    np.add(t2, t7, t7)
    np.multiply(t8, t7, t7)
    np.multiply(t2, t2, t2)
    np.divide(t7, t2, t2)
    np.power(t2, t9, t2)
    np.multiply(t6, t2, t2)
    np.multiply(t2, t4, t4)
    np.divide(t4, t1, Pi_S1_PDC)
    np.subtract(1.0, alpha, t4)
    np.multiply(t5, t4, t5)
    np.multiply(t3, t4, t4)
    np.multiply(t4, t1, t4)
    np.power(t4, t9, t9)
    np.multiply(t5, t9, t9)
    np.divide(t9, t1, Pi_C)
    np.divide(Pi_C, 3.0, t1)
    np.divide(2.0, 3.0, t9)
    np.multiply(t9, Pi_R_TDC, t5)
    np.add(t1, t5, t5)
    np.multiply(t9, Pi_S1_PDC, t9)
    np.subtract(t5, t9, x_R)
    np.add(Pi_C, Pi_S1_PDC, t9)
    np.subtract(t9, Pi_R_TDC, t9)
    np.divide(t9, 3.0, x_S1)


# --- superadditivity ---------------------------------------------------------------------------------------------------


class Superadditivity(NamedTuple):
    """What `superadditivity` returns."""

    superadditive: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "left out by the solution", "outside the domain")


def superadditivity(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, on_invalid: str = "raise") -> Superadditivity:
    """superadditivity: Superadditivity.

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock

    Domain: B > 0, a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0.

    Regime holds, where 4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1))**(-b + gamma)*(1 - alpha)/((b -
        gamma - 1)*(b - gamma + 1)) >= 4*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b
        - gamma - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2
        - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)*(alpha*(2 - b) + b - 1)/((b - 1)*(b + 1)*(b - gamma
        - 1)), 2*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b - gamma - 1)**2)**(-b +
        gamma)/((b - gamma - 1)*(b - gamma + 1)) >= 2*B*a*alpha*c*(c*(b + 1)*(b - gamma)*(alpha*(2 - b) + b -
        1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)/((b - 1)*(b + 1)):
        superadditive = 1

    No equilibrium given where (2*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b - gamma
        - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) < 2*B*a*alpha*c*(c*(b + 1)*(b - gamma)*(alpha*(2 -
        b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)/((b - 1)*(b + 1))) | (4*B*a*c*(c*(1 - alpha)*(b -
        gamma + 1)/(b - gamma - 1))**(-b + gamma)*(1 - alpha)/((b - gamma - 1)*(b - gamma + 1)) <
        4*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b - gamma - 1)**2)**(-b +
        gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2 - b) + b - 1)/(b*(b -
        1)*(b - gamma - 1)))**(-b + gamma)*(alpha*(2 - b) + b - 1)/((b - 1)*(b + 1)*(b - gamma - 1))): no admissible
        parameters are known at which the game is not superadditive.
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B)} <= _NUMBERS:
            return _evaluate(_SUPERADDITIVITY, (a, b, gamma, c, alpha, B), on_invalid)
        (a, b, gamma, c, alpha, B) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _superadditivity_scalar(a, b, gamma, c, alpha, B)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_SUPERADDITIVITY, (a, b, gamma, c, alpha, B), on_invalid)


def _superadditivity_scalar(a, b, gamma, c, alpha, B) -> Superadditivity:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B)
        and B > 0.0
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
    ):
        raise ValueError
    t1 = 1.0 - alpha
    t2 = b - 1.0
    t3 = t2 - gamma
    t4 = c/t3
    t5 = 1.0 - gamma + b
    t6 = gamma - b
    t7 = a*B
    t8 = t4*t7
    t9 = t8/t5
    t10 = 2.0 - b
    t11 = math.pow(c*t5*(t3 + alpha*(t10 + gamma))/(t3*t3), t6)*t9
    t12 = t2 + alpha*t10
    t13 = b + 1.0
    t14 = math.pow(-(t4*t13*t6*t12/(b*t2)), t6)/(t2*t13)
    t15 = alpha*2.0
    if (
        4.0*t1*math.pow(t4*t1*t5, t6)*t9 >= 4.0*(alpha*t11 + t8*t12*t14)
        and t11*t15 >= t7*t15*c*t14
    ):
        superadditive = 1.0
        return _new(Superadditivity, (superadditive, "holds"))
    raise ValueError


def _superadditivity_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (a, b, gamma, c, alpha, B) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11) = work
    np.subtract(1.0, alpha, t1)
    np.multiply(4.0, t1, t2)
    np.subtract(b, 1.0, t3)
    np.subtract(t3, gamma, t4)
    np.divide(c, t4, t5)
    np.multiply(t5, t1, t1)
    np.subtract(1.0, gamma, t6)
    np.add(t6, b, t6)
    np.multiply(t1, t6, t1)
    np.subtract(gamma, b, t7)
    np.power(t1, t7, t1)
    np.multiply(t2, t1, t1)
    np.multiply(a, B, t2)
    np.multiply(t5, t2, t8)
    np.divide(t8, t6, t9)
    np.multiply(t1, t9, t1)
    np.multiply(c, t6, t6)
    np.subtract(2.0, b, t10)
    np.add(t10, gamma, t11)
    np.multiply(alpha, t11, t11)
    np.add(t4, t11, t11)
    np.multiply(t6, t11, t11)
    np.multiply(t4, t4, t4)
    np.divide(t11, t4, t4)
    np.power(t4, t7, t4)
    np.multiply(t4, t9, t9)
    np.multiply(alpha, t9, t4)
    np.multiply(alpha, t10, t10)
    np.add(t3, t10, t10)
    np.multiply(t8, t10, t8)
    np.add(b, 1.0, t11)
    np.multiply(t5, t11, t5)
    np.multiply(t5, t7, t5)
    np.multiply(t5, t10, t10)
    np.multiply(b, t3, t5)
    np.divide(t10, t5, t5)
    np.negative(t5, t5)
    np.power(t5, t7, t7)
    np.multiply(t3, t11, t11)
    np.divide(t7, t11, t11)
    np.multiply(t8, t11, t8)
    np.add(t4, t8, t8)
    np.multiply(4.0, t8, t8)
    x1 = t1 >= t8
    np.multiply(alpha, 2.0, t8)
    np.multiply(t9, t8, t9)
    np.multiply(t2, t8, t8)
    np.multiply(t8, c, t8)
    np.multiply(t8, t11, t11)
    x2 = t9 >= t11
    return (x1 & x2,)


def _superadditivity_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (superadditive,) = outputs
    (a, b, gamma, c, alpha, B) = inputs
    np.copyto(superadditive, 1.0)


# --- convexity ---------------------------------------------------------------------------------------------------------


class Convexity(NamedTuple):
    """What `convexity` returns."""

    convex: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "left out by the solution", "outside the domain")


def convexity(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, on_invalid: str = "raise") -> Convexity:
    """convexity: Convexity.

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock

    Domain: B > 0, a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0.

    Regime holds, where 4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1))**(-b + gamma)*(1 - alpha)/((b -
        gamma - 1)*(b - gamma + 1)) >= 4*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b
        - gamma - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2
        - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)*(alpha*(2 - b) + b - 1)/((b - 1)*(b + 1)*(b - gamma
        - 1)), 2*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b - gamma - 1)**2)**(-b +
        gamma)/((b - gamma - 1)*(b - gamma + 1)) >= 2*B*a*alpha*c*(c*(b + 1)*(b - gamma)*(alpha*(2 - b) + b -
        1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)/((b - 1)*(b + 1)):
        convex = 1

    No equilibrium given where (2*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b - gamma
        - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) < 2*B*a*alpha*c*(c*(b + 1)*(b - gamma)*(alpha*(2 -
        b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)/((b - 1)*(b + 1))) | (4*B*a*c*(c*(1 - alpha)*(b -
        gamma + 1)/(b - gamma - 1))**(-b + gamma)*(1 - alpha)/((b - gamma - 1)*(b - gamma + 1)) <
        4*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b - gamma - 1)**2)**(-b +
        gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2 - b) + b - 1)/(b*(b -
        1)*(b - gamma - 1)))**(-b + gamma)*(alpha*(2 - b) + b - 1)/((b - 1)*(b + 1)*(b - gamma - 1))): no admissible
        parameters are known at which the game is not convex.
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B)} <= _NUMBERS:
            return _evaluate(_CONVEXITY, (a, b, gamma, c, alpha, B), on_invalid)
        (a, b, gamma, c, alpha, B) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _convexity_scalar(a, b, gamma, c, alpha, B)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_CONVEXITY, (a, b, gamma, c, alpha, B), on_invalid)


def _convexity_scalar(a, b, gamma, c, alpha, B) -> Convexity:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B)
        and B > 0.0
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
    ):
        raise ValueError
    t1 = 1.0 - alpha
    t2 = b - 1.0
    t3 = t2 - gamma
    t4 = c/t3
    t5 = 1.0 - gamma + b
    t6 = gamma - b
    t7 = a*B
    t8 = t4*t7
    t9 = t8/t5
    t10 = 2.0 - b
    t11 = math.pow(c*t5*(t3 + alpha*(t10 + gamma))/(t3*t3), t6)*t9
    t12 = t2 + alpha*t10
    t13 = b + 1.0
    t14 = math.pow(-(t4*t13*t6*t12/(b*t2)), t6)/(t2*t13)
    t15 = alpha*2.0
    if (
        4.0*t1*math.pow(t4*t1*t5, t6)*t9 >= 4.0*(alpha*t11 + t8*t12*t14)
        and t11*t15 >= t7*t15*c*t14
    ):
        convex = 1.0
        return _new(Convexity, (convex, "holds"))
    raise ValueError


def _convexity_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (a, b, gamma, c, alpha, B) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11) = work
    np.subtract(1.0, alpha, t1)
    np.multiply(4.0, t1, t2)
    np.subtract(b, 1.0, t3)
    np.subtract(t3, gamma, t4)
    np.divide(c, t4, t5)
    np.multiply(t5, t1, t1)
    np.subtract(1.0, gamma, t6)
    np.add(t6, b, t6)
    np.multiply(t1, t6, t1)
    np.subtract(gamma, b, t7)
    np.power(t1, t7, t1)
    np.multiply(t2, t1, t1)
    np.multiply(a, B, t2)
    np.multiply(t5, t2, t8)
    np.divide(t8, t6, t9)
    np.multiply(t1, t9, t1)
    np.multiply(c, t6, t6)
    np.subtract(2.0, b, t10)
    np.add(t10, gamma, t11)
    np.multiply(alpha, t11, t11)
    np.add(t4, t11, t11)
    np.multiply(t6, t11, t11)
    np.multiply(t4, t4, t4)
    np.divide(t11, t4, t4)
    np.power(t4, t7, t4)
    np.multiply(t4, t9, t9)
    np.multiply(alpha, t9, t4)
    np.multiply(alpha, t10, t10)
    np.add(t3, t10, t10)
    np.multiply(t8, t10, t8)
    np.add(b, 1.0, t11)
    np.multiply(t5, t11, t5)
    np.multiply(t5, t7, t5)
    np.multiply(t5, t10, t10)
    np.multiply(b, t3, t5)
    np.divide(t10, t5, t5)
    np.negative(t5, t5)
    np.power(t5, t7, t7)
    np.multiply(t3, t11, t11)
    np.divide(t7, t11, t11)
    np.multiply(t8, t11, t8)
    np.add(t4, t8, t8)
    np.multiply(4.0, t8, t8)
    x1 = t1 >= t8
    np.multiply(alpha, 2.0, t8)
    np.multiply(t9, t8, t9)
    np.multiply(t2, t8, t8)
    np.multiply(t8, c, t8)
    np.multiply(t8, t11, t11)
    x2 = t9 >= t11
    return (x1 & x2,)


def _convexity_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (convex,) = outputs
    (a, b, gamma, c, alpha, B) = inputs
    np.copyto(convex, 1.0)


# --- core --------------------------------------------------------------------------------------------------------------


class Core(NamedTuple):
    """What `core` returns."""

    core_nonempty: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "left out by the solution", "outside the domain")


def core(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, on_invalid: str = "raise") -> Core:
    """core: The core.

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock

    Domain: B > 0, a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0.

    Regime holds, where 4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1))**(-b + gamma)*(1 - alpha)/((b -
        gamma - 1)*(b - gamma + 1)) >= 4*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b
        - gamma - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2
        - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)*(alpha*(2 - b) + b - 1)/((b - 1)*(b + 1)*(b - gamma
        - 1)):
        core_nonempty = 1

    No equilibrium given where 4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1))**(-b + gamma)*(1 - alpha)/((b
        - gamma - 1)*(b - gamma + 1)) < 4*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b
        - gamma - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2
        - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)*(alpha*(2 - b) + b - 1)/((b - 1)*(b + 1)*(b - gamma
        - 1)): no admissible parameters are known at which the core is empty.
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B)} <= _NUMBERS:
            return _evaluate(_CORE, (a, b, gamma, c, alpha, B), on_invalid)
        (a, b, gamma, c, alpha, B) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _core_scalar(a, b, gamma, c, alpha, B)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_CORE, (a, b, gamma, c, alpha, B), on_invalid)


def _core_scalar(a, b, gamma, c, alpha, B) -> Core:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B)
        and B > 0.0
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
    ):
        raise ValueError
    t1 = 1.0 - alpha
    t2 = b - 1.0
    t3 = t2 - gamma
    t4 = c/t3
    t5 = 1.0 - gamma + b
    t6 = gamma - b
    t7 = t4*(a*B)
    t8 = t7/t5
    t9 = 2.0 - b
    t10 = b + 1.0
    t11 = (t2 + alpha*t9)/t2
    if 4.0*t1*math.pow(t4*t1*t5, t6)*t8 >= 4.0*(alpha*math.pow(c*t5*(t3 + alpha*(t9 + gamma))/(t3*t3),
            t6)*t8 + t7*math.pow(-(t4*t10*t6*t11/b), t6)*t11/t10):
        core_nonempty = 1.0
        return _new(Core, (core_nonempty, "holds"))
    raise ValueError


def _core_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (a, b, gamma, c, alpha, B) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10) = work
    np.subtract(1.0, alpha, t1)
    np.multiply(4.0, t1, t2)
    np.subtract(b, 1.0, t3)
    np.subtract(t3, gamma, t4)
    np.divide(c, t4, t5)
    np.multiply(t5, t1, t1)
    np.subtract(1.0, gamma, t6)
    np.add(t6, b, t6)
    np.multiply(t1, t6, t1)
    np.subtract(gamma, b, t7)
    np.power(t1, t7, t1)
    np.multiply(t2, t1, t1)
    np.multiply(a, B, t2)
    np.multiply(t5, t2, t2)
    np.divide(t2, t6, t8)
    np.multiply(t1, t8, t1)
    np.multiply(c, t6, t6)
    np.subtract(2.0, b, t9)
    np.add(t9, gamma, t10)
    np.multiply(alpha, t10, t10)
    np.add(t4, t10, t10)
    np.multiply(t6, t10, t10)
    np.multiply(t4, t4, t4)
    np.divide(t10, t4, t4)
    np.power(t4, t7, t4)
    np.multiply(alpha, t4, t4)
    np.multiply(t4, t8, t8)
    np.add(b, 1.0, t4)
    np.multiply(t5, t4, t5)
    np.multiply(t5, t7, t5)
    np.multiply(alpha, t9, t9)
    np.add(t3, t9, t9)
    np.divide(t9, t3, t3)
    np.multiply(t5, t3, t5)
    np.divide(t5, b, t5)
    np.negative(t5, t5)
    np.power(t5, t7, t7)
    np.multiply(t2, t7, t7)
    np.multiply(t7, t3, t3)
    np.divide(t3, t4, t4)
    np.add(t8, t4, t4)
    np.multiply(4.0, t4, t4)
    x1 = t1 >= t4
    return (x1,)


def _core_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (core_nonempty,) = outputs
    (a, b, gamma, c, alpha, B) = inputs
    np.copyto(core_nonempty, 1.0)


# --- shapley_core ------------------------------------------------------------------------------------------------------


class ShapleyCore(NamedTuple):
    """What `shapley_core` returns."""

    shapley_in_core: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "left out by the solution", "outside the domain")


def shapley_core(*, a: Any, b: Any, gamma: Any, c: Any, alpha: Any, B: Any, on_invalid: str = "raise") -> ShapleyCore:
    """shapley_core: The Shapley value and the core.

    Parameters:
        a: market size
        b: elasticity of demand in the product's own price
        gamma: elasticity of demand in the rival's price
        c: cost of both suppliers and the retailer together, 2 c_S + c_R [money per unit]
        alpha: one supplier's share of that cost, c_S/c
        B: largest value of the demand shock

    Domain: B > 0, a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 1 - 2*alpha, 1 - 2*alpha > 0.

    Regime holds, where 4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1))**(-b + gamma)*(1 - alpha)/((b -
        gamma - 1)*(b - gamma + 1)) >= 4*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b
        - gamma - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2
        - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)*(alpha*(2 - b) + b - 1)/((b - 1)*(b + 1)*(b - gamma
        - 1)), 2*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b - gamma - 1)**2)**(-b +
        gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1))**(-b +
        gamma)*(1 - alpha)/((b - gamma - 1)*(b - gamma + 1)) >= -2*B*a*c*(c*(b + 1)*(b - gamma)*(alpha*(2 - b) + b -
        1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)*(alpha*b - 3*alpha*gamma + alpha + 2*b - 2)/((b - 1)*(b +
        1)*(-b + gamma + 1)):
        shapley_in_core = 1

    No equilibrium given where (4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b - gamma - 1))**(-b + gamma)*(1 -
        alpha)/((b - gamma - 1)*(b - gamma + 1)) < 4*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b -
        gamma - 1)/(b - gamma - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(b + 1)*(b -
        gamma)*(alpha*(2 - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)*(alpha*(2 - b) + b - 1)/((b -
        1)*(b + 1)*(b - gamma - 1))) | (2*B*a*alpha*c*(c*(b - gamma + 1)*(alpha*(-b + gamma + 2) + b - gamma - 1)/(b
        - gamma - 1)**2)**(-b + gamma)/((b - gamma - 1)*(b - gamma + 1)) + 4*B*a*c*(c*(1 - alpha)*(b - gamma + 1)/(b
        - gamma - 1))**(-b + gamma)*(1 - alpha)/((b - gamma - 1)*(b - gamma + 1)) < -2*B*a*c*(c*(b + 1)*(b -
        gamma)*(alpha*(2 - b) + b - 1)/(b*(b - 1)*(b - gamma - 1)))**(-b + gamma)*(alpha*b - 3*alpha*gamma + alpha +
        2*b - 2)/((b - 1)*(b + 1)*(-b + gamma + 1))): no admissible parameters are known at which the Shapley value
        is not in the core.
    """
    if not (
        type(a) is type(b) is type(gamma) is type(c) is type(alpha) is type(B)
        is float
    ):
        if not {type(a), type(b), type(gamma), type(c), type(alpha), type(B)} <= _NUMBERS:
            return _evaluate(_SHAPLEY_CORE, (a, b, gamma, c, alpha, B), on_invalid)
        (a, b, gamma, c, alpha, B) = (float(a), float(b), float(gamma), float(c), float(alpha), float(B))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _shapley_core_scalar(a, b, gamma, c, alpha, B)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_SHAPLEY_CORE, (a, b, gamma, c, alpha, B), on_invalid)


def _shapley_core_scalar(a, b, gamma, c, alpha, B) -> ShapleyCore:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(a + b + gamma + c + alpha + B)
        and B > 0.0
        and a > 0.0
        and b > 1.0
        and gamma >= 0.0
        and b - 1.0 > gamma
        and c > 0.0
        and alpha > 1.0 - 2.0*alpha
        and 1.0 - 2.0*alpha > 0.0
    ):
        raise ValueError
    t1 = 1.0 - alpha
    t2 = b - 1.0
    t3 = t2 - gamma
    t4 = c/t3
    t5 = 1.0 - gamma + b
    t6 = gamma - b
    t7 = t4*(a*B)
    t8 = t7/t5
    t9 = 4.0*t1*math.pow(t4*t1*t5, t6)*t8
    t10 = 2.0 - b
    t11 = t8*(alpha*math.pow(c*t5*(t3 + alpha*(t10 + gamma))/(t3*t3), t6))
    t12 = t2 + alpha*t10
    t13 = b + 1.0
    t14 = math.pow(-(t4*t13*t6*t12/(b*t2)), t6)*t7/(t2*t13)
    if (
        t9 >= 4.0*(t11 + t12*t14)
        and 2.0*t11 + t9 >= 2.0*(alpha - 2.0 + 2.0*b + alpha*b - 3.0*alpha*gamma)*t14
    ):
        shapley_in_core = 1.0
        return _new(ShapleyCore, (shapley_in_core, "holds"))
    raise ValueError


def _shapley_core_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (a, b, gamma, c, alpha, B) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10) = work
    np.subtract(1.0, alpha, t1)
    np.multiply(4.0, t1, t2)
    np.subtract(b, 1.0, t3)
    np.subtract(t3, gamma, t4)
    np.divide(c, t4, t5)
    np.multiply(t5, t1, t1)
    np.subtract(1.0, gamma, t6)
    np.add(t6, b, t6)
    np.multiply(t1, t6, t1)
    np.subtract(gamma, b, t7)
    np.power(t1, t7, t1)
    np.multiply(t2, t1, t1)
    np.multiply(a, B, t2)
    np.multiply(t5, t2, t2)
    np.divide(t2, t6, t8)
    np.multiply(t1, t8, t1)
    np.multiply(c, t6, t6)
    np.subtract(2.0, b, t9)
    np.add(t9, gamma, t10)
    np.multiply(alpha, t10, t10)
    np.add(t4, t10, t10)
    np.multiply(t6, t10, t10)
    np.multiply(t4, t4, t4)
    np.divide(t10, t4, t4)
    np.power(t4, t7, t4)
    np.multiply(alpha, t4, t4)
    np.multiply(t8, t4, t4)
    np.multiply(alpha, t9, t9)
    np.add(t3, t9, t9)
    np.add(b, 1.0, t8)
    np.multiply(t5, t8, t5)
    np.multiply(t5, t7, t5)
    np.multiply(t5, t9, t5)
    np.multiply(b, t3, t10)
    np.divide(t5, t10, t10)
    np.negative(t10, t10)
    np.power(t10, t7, t7)
    np.multiply(t7, t2, t2)
    np.multiply(t3, t8, t8)
    np.divide(t2, t8, t8)
    np.multiply(t9, t8, t9)
    np.add(t4, t9, t9)
    np.multiply(4.0, t9, t9)
    x1 = t1 >= t9
    np.multiply(2.0, t4, t4)
    np.add(t4, t1, t1)
    np.subtract(alpha, 2.0, t4)
    np.multiply(2.0, b, t9)
    np.add(t4, t9, t9)
    np.multiply(alpha, b, t4)
    np.add(t9, t4, t4)
    np.multiply(3.0, alpha, t9)
    np.multiply(t9, gamma, t9)
    np.subtract(t4, t9, t9)
    np.multiply(2.0, t9, t9)
    np.multiply(t9, t8, t8)
    x2 = t1 >= t8
    return (x1 & x2,)


def _shapley_core_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (shapley_in_core,) = outputs
    (a, b, gamma, c, alpha, B) = inputs
    np.copyto(shapley_in_core, 1.0)


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


_SHAPLEY = _Protocol(
    "shapley",
    ("a", "b", "gamma", "c", "alpha", "B"),
    Shapley,
    (0, 1, 2, 3, 4, 4, 2),
    _shapley_scalar,
    (_shapley_domain, 1),
    (_shapley_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_shapley_block, 9),
    ),
)

_SUPERADDITIVITY = _Protocol(
    "superadditivity",
    ("a", "b", "gamma", "c", "alpha", "B"),
    Superadditivity,
    (0,),
    _superadditivity_scalar,
    (_shapley_domain, 1),
    (_superadditivity_where, 11),
    (None, 0, 0),
    (),
    (
        (_superadditivity_block, 0),
    ),
)

_CONVEXITY = _Protocol(
    "convexity",
    ("a", "b", "gamma", "c", "alpha", "B"),
    Convexity,
    (0,),
    _convexity_scalar,
    (_shapley_domain, 1),
    (_convexity_where, 11),
    (None, 0, 0),
    (),
    (
        (_convexity_block, 0),
    ),
)

_CORE = _Protocol(
    "core",
    ("a", "b", "gamma", "c", "alpha", "B"),
    Core,
    (0,),
    _core_scalar,
    (_shapley_domain, 1),
    (_core_where, 10),
    (None, 0, 0),
    (),
    (
        (_core_block, 0),
    ),
)

_SHAPLEY_CORE = _Protocol(
    "shapley_core",
    ("a", "b", "gamma", "c", "alpha", "B"),
    ShapleyCore,
    (0,),
    _shapley_core_scalar,
    (_shapley_domain, 1),
    (_shapley_core_where, 10),
    (None, 0, 0),
    (),
    (
        (_shapley_core_block, 0),
    ),
)

PROTOCOLS = {
    "shapley": shapley,
    "superadditivity": superadditivity,
    "convexity": convexity,
    "core": core,
    "shapley_core": shapley_core,
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
