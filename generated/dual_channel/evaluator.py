"""dual_channel: Service incentives in a dual-channel supply chain

Source: Jun Chen, Ying Yang (2014). Service Cooperation Incentive Mechanism in a Dual-channel Supply Chain under
    Service Differentiation. TELKOMNIKA 12(12), 8303-8311.

Closed forms of the equilibrium, one function per protocol. Arguments are keywords: floats, integers or arrays that broadcast.
A function returns a named tuple: floats and the label of the regime for scalars; for arrays arrays of the broadcast shape, with
`regime` an array of positions in the result's `REGIMES` (-1: outside the domain, -2: left out by the solution). Quantities that
are equal in every regime share one array, which is read-only.
Outside the domain ValueError, or NaN with `on_invalid="nan"`.
Where the source prints a formula that is equal to the one here, its number there follows in brackets.

Generated; changes made by hand are lost.
"""

from __future__ import annotations

import math
import threading
from typing import Any, NamedTuple

import numpy as np

__all__ = ["symmetric", "asymmetric", "PARAMETERS", "PROTOCOLS", "UNITS"]

PARAMETERS = {
    "p_d": "price in the direct channel",
    "p_r": "price at the retailer",
    "w": "wholesale price",
    "k": "sales per unit of service, in both channels",
    "eta": "cost of service",
    "rho": "the retailer's absolute risk aversion",
    "v_0": "the retailer's reservation certainty equivalent",
    "sigma2_d": "variance of direct sales",
    "sigma2_r": "variance of the retailer's sales",
}

UNITS: dict[str, str] = {
    "CE_r": "money",
    "C_d": "money",
    "C_r": "money",
    "Pi": "money",
    "Pi_m": "money",
    "alpha": "money",
    "eta": "money",
    "k": "units",
    "p_d": "money per unit",
    "p_r": "money per unit",
    "rho": "1 per money",
    "sigma2_d": "units squared",
    "sigma2_r": "units squared",
    "total": "money",
    "v_0": "money",
    "w": "money per unit",
}


# --- symmetric ---------------------------------------------------------------------------------------------------------


class Symmetric(NamedTuple):
    """What `symmetric` returns."""

    s_d: Any  # service to the direct channel
    s_r: Any  # service to the retail channel
    alpha: Any  # fixed payment to the retailer [money]
    beta: Any  # the retailer's share of the manufacturer's revenue
    Pi_m: Any  # payoff of M [money]
    CE_r: Any  # payoff of R [money]
    C_d: Any  # cost of service to the direct channel [money]
    C_r: Any  # cost of service to the retail channel [money]
    Pi: Any  # the system's profit [money]
    total: Any  # sum of the payoffs Pi_m, CE_r [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "2", "3", "4", "left out by the solution", "outside the domain")


def symmetric(*, p_d: Any, p_r: Any, w: Any, k: Any, eta: Any, rho: Any, v_0: Any, sigma2_d: Any, sigma2_r: Any,
        on_invalid: str = "raise") -> Symmetric:
    """symmetric: Symmetric information.

    Parameters:
        p_d: price in the direct channel [money per unit]
        p_r: price at the retailer [money per unit]
        w: wholesale price [money per unit]
        k: sales per unit of service, in both channels [units]
        eta: cost of service [money]
        rho: the retailer's absolute risk aversion [1 per money]
        v_0: the retailer's reservation certainty equivalent [money]
        sigma2_d: variance of direct sales [units squared]
        sigma2_r: variance of the retailer's sales [units squared]

    Domain: p_d > 0, w > 0, w < p_r, k > 0, eta > 0, rho > 0, sigma2_d > 0, sigma2_r > 0.

    Regime 1, where eta > k*p_d, eta > k*p_r:
        s_d = k*p_d/eta [section 3]
        s_r = k*p_r/eta [section 3]
        alpha = (eta*(rho*sigma2_r*(p_r - w)**2 + 2*v_0) + k**2*(p_d**2 + p_r*(2*w - p_r)))/(2*eta) [(10)]
        beta = 0 [section 3]
        Pi_m = (k**2*(p_d**2 + p_r**2) - eta*rho*sigma2_r*(p_r - w)**2 - 2*eta*v_0)/(2*eta) [(10)]
        CE_r = v_0
        C_d = k**2*p_d**2/(2*eta)
        C_r = k**2*p_r**2/(2*eta)
        Pi = (k**2*(p_d**2 + p_r**2) - eta*rho*sigma2_r*(p_r - w)**2)/(2*eta)

    Regime 2, where eta > k*p_d, k*p_r >= eta:
        s_d = k*p_d/eta [section 3]
        s_r = 1
        alpha = (eta*(eta + 2*k*(w - p_r) + rho*sigma2_r*(p_r - w)**2 + 2*v_0) + k**2*p_d**2)/(2*eta)
        beta = 0 [section 3]
        Pi_m = (k**2*p_d**2 - eta*rho*sigma2_r*(p_r - w)**2 - eta*(eta - 2*k*p_r + 2*v_0))/(2*eta)
        CE_r = v_0
        C_d = k**2*p_d**2/(2*eta)
        C_r = eta/2
        Pi = (k**2*p_d**2 - eta*rho*sigma2_r*(p_r - w)**2 - eta*(eta - 2*k*p_r))/(2*eta)

    Regime 3, where k*p_d >= eta, eta > k*p_r:
        s_d = 1
        s_r = k*p_r/eta [section 3]
        alpha = (eta*(eta + rho*sigma2_r*(p_r - w)**2 + 2*v_0) + k**2*p_r*(2*w - p_r))/(2*eta)
        beta = 0 [section 3]
        Pi_m = (k**2*p_r**2 - eta*rho*sigma2_r*(p_r - w)**2 - eta*(eta - 2*k*p_d + 2*v_0))/(2*eta)
        CE_r = v_0
        C_d = eta/2
        C_r = k**2*p_r**2/(2*eta)
        Pi = (k**2*p_r**2 - eta*rho*sigma2_r*(p_r - w)**2 - eta*(eta - 2*k*p_d))/(2*eta)

    Regime 4, where k*p_d >= eta, k*p_r >= eta:
        s_d = 1
        s_r = 1
        alpha = (2*eta + 2*k*(w - p_r) + rho*sigma2_r*(p_r - w)**2 + 2*v_0)/2
        beta = 0 [section 3]
        Pi_m = (2*k*(p_d + p_r) - 2*eta - rho*sigma2_r*(p_r - w)**2 - 2*v_0)/2
        CE_r = v_0
        C_d = eta/2
        C_r = eta/2
        Pi = (2*k*(p_d + p_r) - 2*eta - rho*sigma2_r*(p_r - w)**2)/2
    """
    if not (
        type(p_d) is type(p_r) is type(w) is type(k) is type(eta) is type(rho)
        is type(v_0) is type(sigma2_d) is type(sigma2_r)
        is float
    ):
        if not {type(p_d), type(p_r), type(w), type(k), type(eta), type(rho), type(v_0), type(sigma2_d),
                type(sigma2_r)} <= _NUMBERS:
            return _evaluate(_SYMMETRIC, (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r), on_invalid)
        (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = (float(p_d), float(p_r), float(w), float(k), float(eta),
                float(rho), float(v_0), float(sigma2_d), float(sigma2_r))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _symmetric_scalar(p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_SYMMETRIC, (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r), on_invalid)


def _symmetric_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    return (
        ("p_d > 0", p_d > 0.0),
        ("p_d is finite", np.isfinite(p_d)),
        ("w > 0", w > 0.0),
        ("w is finite", np.isfinite(w)),
        ("w < p_r", w < p_r),
        ("p_r is finite", np.isfinite(p_r)),
        ("k > 0", k > 0.0),
        ("k is finite", np.isfinite(k)),
        ("eta > 0", eta > 0.0),
        ("eta is finite", np.isfinite(eta)),
        ("rho > 0", rho > 0.0),
        ("rho is finite", np.isfinite(rho)),
        ("sigma2_d > 0", sigma2_d > 0.0),
        ("sigma2_d is finite", np.isfinite(sigma2_d)),
        ("sigma2_r > 0", sigma2_r > 0.0),
        ("sigma2_r is finite", np.isfinite(sigma2_r)),
        ("v_0 is finite", np.isfinite(v_0)),
    )


def _symmetric_scalar(p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) -> Symmetric:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(p_d + p_r + w + k + eta + rho + v_0 + sigma2_d + sigma2_r)
        and p_d > 0.0
        and w > 0.0
        and w < p_r
        and k > 0.0
        and eta > 0.0
        and rho > 0.0
        and sigma2_d > 0.0
        and sigma2_r > 0.0
    ):
        raise ValueError
    t1 = k*p_d
    t2 = k*p_r
    if (
        eta > t1
        and eta > t2
    ):
        t1 = k/eta
        s_d = t1*p_d
        s_r = t1*p_r
        t2 = p_r - w
        t3 = t2*t2*(rho*sigma2_r)
        t4 = k*k
        t5 = p_d*p_d
        t6 = 0.5/eta
        alpha = (eta*(2.0*v_0 + t3) + t4*(t5 + p_r*(2.0*w - p_r)))*t6
        t7 = p_r*p_r
        Pi = (t4*(t5 + t7) - eta*t3)*t6
        Pi_m = Pi - v_0
        t8 = t4*t6
        C_d = t8*t5
        C_r = t8*t7
        beta = 0.0
        CE_r = v_0
        total = Pi
        return _new(Symmetric, (s_d, s_r, alpha, beta, Pi_m, CE_r, C_d, C_r, Pi, total, "1"))
    if (
        eta > t1
        and t2 >= eta
    ):
        s_d = k*p_d/eta
        t1 = w - p_r
        t2 = k*2.0
        t3 = t1*t1*(rho*sigma2_r)
        t4 = k*k*(p_d*p_d)
        t5 = 0.5/eta
        alpha = (eta*(eta + 2.0*v_0 + t1*t2 + t3) + t4)*t5
        Pi = (t4 - (eta*(eta - p_r*t2) + eta*t3))*t5
        Pi_m = Pi - v_0
        C_d = t4*t5
        C_r = 0.5*eta
        s_r = 1.0
        beta = 0.0
        CE_r = v_0
        total = Pi
        return _new(Symmetric, (s_d, s_r, alpha, beta, Pi_m, CE_r, C_d, C_r, Pi, total, "2"))
    if (
        t1 >= eta
        and eta > t2
    ):
        s_r = k*p_r/eta
        t1 = p_r - w
        t2 = t1*t1*(rho*sigma2_r)
        t3 = k*k
        t4 = 0.5/eta
        alpha = (eta*(eta + 2.0*v_0 + t2) + p_r*t3*(2.0*w - p_r))*t4
        t5 = t3*(p_r*p_r)
        Pi = (t5 - (eta*(eta - 2.0*k*p_d) + eta*t2))*t4
        Pi_m = Pi - v_0
        C_d = 0.5*eta
        C_r = t5*t4
        s_d = 1.0
        beta = 0.0
        CE_r = v_0
        total = Pi
        return _new(Symmetric, (s_d, s_r, alpha, beta, Pi_m, CE_r, C_d, C_r, Pi, total, "3"))
    if (
        t1 >= eta
        and t2 >= eta
    ):
        t1 = 2.0*eta
        t2 = w - p_r
        t3 = k*2.0
        t4 = rho*sigma2_r*(t2*t2)
        alpha = 0.5*(t1 + 2.0*v_0 + t2*t3 + t4)
        Pi = 0.5*((p_d + p_r)*t3 - (t1 + t4))
        Pi_m = Pi - v_0
        C_d = 0.5*eta
        s_d = 1.0
        s_r = 1.0
        beta = 0.0
        CE_r = v_0
        C_r = C_d
        total = Pi
        return _new(Symmetric, (s_d, s_r, alpha, beta, Pi_m, CE_r, C_d, C_r, Pi, total, "4"))
    raise ValueError


def _symmetric_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2) = work
    np.multiply(k, p_d, t1)
    x1 = eta > t1
    np.multiply(k, p_r, t2)
    x2 = eta > t2
    x3 = t2 >= eta
    x4 = t1 >= eta
    return (
        x1 & x2,
        x1 & x3,
        x4 & x2,
        x4 & x3,
    )


def _symmetric_common(inputs: Any, outputs: Any, work: Any) -> None:
    """What is the same in all regimes: every quantity into its row."""
    (beta, CE_r) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    np.copyto(beta, 0.0)
    np.copyto(CE_r, v_0)


def _symmetric_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (s_d, s_r, alpha, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6) = work
    np.divide(k, eta, t1)
    np.multiply(t1, p_d, s_d)
    np.multiply(t1, p_r, s_r)
    np.multiply(2.0, v_0, t1)
    np.subtract(p_r, w, t2)
    np.multiply(t2, t2, t2)
    np.multiply(rho, sigma2_r, t3)
    np.multiply(t2, t3, t3)
    np.add(t1, t3, t1)
    np.multiply(eta, t1, t1)
    np.multiply(k, k, t2)
    np.multiply(p_d, p_d, t4)
    np.multiply(2.0, w, t5)
    np.subtract(t5, p_r, t5)
    np.multiply(p_r, t5, t5)
    np.add(t4, t5, t5)
    np.multiply(t2, t5, t5)
    np.add(t1, t5, t5)
    np.divide(0.5, eta, t1)
    np.multiply(t5, t1, alpha)
    np.multiply(p_r, p_r, t5)
    np.add(t4, t5, t6)
    np.multiply(t2, t6, t6)
    np.multiply(eta, t3, t3)
    np.subtract(t6, t3, t3)
    np.multiply(t3, t1, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(t2, t1, t1)
    np.multiply(t1, t4, C_d)
    np.multiply(t1, t5, C_r)


def _symmetric_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 2: every quantity into its row."""
    (s_d, s_r, alpha, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5) = work
    np.multiply(k, p_d, t1)
    np.divide(t1, eta, s_d)
    np.multiply(2.0, v_0, t1)
    np.add(eta, t1, t1)
    np.subtract(w, p_r, t2)
    np.multiply(k, 2.0, t3)
    np.multiply(t2, t3, t4)
    np.add(t1, t4, t4)
    np.multiply(t2, t2, t2)
    np.multiply(rho, sigma2_r, t1)
    np.multiply(t2, t1, t1)
    np.add(t4, t1, t4)
    np.multiply(eta, t4, t4)
    np.multiply(k, k, t2)
    np.multiply(p_d, p_d, t5)
    np.multiply(t2, t5, t5)
    np.add(t4, t5, t4)
    np.divide(0.5, eta, t2)
    np.multiply(t4, t2, alpha)
    np.multiply(p_r, t3, t3)
    np.subtract(eta, t3, t3)
    np.multiply(eta, t3, t3)
    np.multiply(eta, t1, t1)
    np.add(t3, t1, t1)
    np.subtract(t5, t1, t1)
    np.multiply(t1, t2, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(t5, t2, C_d)
    np.multiply(0.5, eta, C_r)
    np.copyto(s_r, 1.0)


def _symmetric_block3(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 3: every quantity into its row."""
    (s_d, s_r, alpha, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5) = work
    np.multiply(k, p_r, t1)
    np.divide(t1, eta, s_r)
    np.multiply(2.0, v_0, t1)
    np.add(eta, t1, t1)
    np.subtract(p_r, w, t2)
    np.multiply(t2, t2, t2)
    np.multiply(rho, sigma2_r, t3)
    np.multiply(t2, t3, t3)
    np.add(t1, t3, t1)
    np.multiply(eta, t1, t1)
    np.multiply(k, k, t2)
    np.multiply(p_r, t2, t4)
    np.multiply(2.0, w, t5)
    np.subtract(t5, p_r, t5)
    np.multiply(t4, t5, t5)
    np.add(t1, t5, t5)
    np.divide(0.5, eta, t1)
    np.multiply(t5, t1, alpha)
    np.multiply(p_r, p_r, t5)
    np.multiply(t2, t5, t5)
    np.multiply(2.0, k, t2)
    np.multiply(t2, p_d, t2)
    np.subtract(eta, t2, t2)
    np.multiply(eta, t2, t2)
    np.multiply(eta, t3, t3)
    np.add(t2, t3, t3)
    np.subtract(t5, t3, t3)
    np.multiply(t3, t1, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(0.5, eta, C_d)
    np.multiply(t5, t1, C_r)
    np.copyto(s_d, 1.0)


def _symmetric_block4(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 4: every quantity into its row."""
    (s_d, s_r, alpha, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5) = work
    np.multiply(2.0, eta, t1)
    np.multiply(2.0, v_0, t2)
    np.add(t1, t2, t2)
    np.subtract(w, p_r, t3)
    np.multiply(k, 2.0, t4)
    np.multiply(t3, t4, t5)
    np.add(t2, t5, t5)
    np.multiply(rho, sigma2_r, t2)
    np.multiply(t3, t3, t3)
    np.multiply(t2, t3, t3)
    np.add(t5, t3, t5)
    np.multiply(0.5, t5, alpha)
    np.add(p_d, p_r, t5)
    np.multiply(t5, t4, t4)
    np.add(t1, t3, t3)
    np.subtract(t4, t3, t3)
    np.multiply(0.5, t3, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(0.5, eta, C_d)
    np.copyto(s_d, 1.0)
    np.copyto(s_r, 1.0)
    np.copyto(C_r, C_d)


# --- asymmetric --------------------------------------------------------------------------------------------------------


class Asymmetric(NamedTuple):
    """What `asymmetric` returns."""

    beta: Any  # the retailer's share of the manufacturer's revenue
    alpha: Any  # fixed payment to the retailer [money]
    s_d: Any  # service to the direct channel
    s_r: Any  # service to the retail channel
    Pi_m: Any  # payoff of M [money]
    CE_r: Any  # payoff of R [money]
    C_d: Any  # cost of service to the direct channel [money]
    C_r: Any  # cost of service to the retail channel [money]
    Pi: Any  # the system's profit [money]
    total: Any  # sum of the payoffs Pi_m, CE_r [money]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "left out by the solution", "outside the domain")


def asymmetric(*, p_d: Any, p_r: Any, w: Any, k: Any, eta: Any, rho: Any, v_0: Any, sigma2_d: Any, sigma2_r: Any,
        on_invalid: str = "raise") -> Asymmetric:
    """asymmetric: Asymmetric information.

    Parameters:
        p_d: price in the direct channel [money per unit]
        p_r: price at the retailer [money per unit]
        w: wholesale price [money per unit]
        k: sales per unit of service, in both channels [units]
        eta: cost of service [money]
        rho: the retailer's absolute risk aversion [1 per money]
        v_0: the retailer's reservation certainty equivalent [money]
        sigma2_d: variance of direct sales [units squared]
        sigma2_r: variance of the retailer's sales [units squared]

    Domain: p_d > 0, w > 0, w < p_r, k > 0, eta > 0, rho > 0, sigma2_d > 0, sigma2_r > 0.

    Regime 1, where eta*rho*sigma2_r*w**2 + k**2*(p_d**2 + w**2) >= eta*p_r*rho*sigma2_r*w,
        eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) + k*(k*(p_d**2 + w**2) + p_d*p_r*rho*sigma2_r*w)) >=
        k*p_d*(eta*rho*sigma2_r*w**2 + k**2*(p_d**2 + w**2)), eta*(p_d**2*(k**2 + rho*sigma2_d*(eta + k*w)) +
        w**2*(eta*rho*sigma2_r + k**2)) >= k*p_r*(eta*p_d**2*rho*sigma2_d + k**2*(p_d**2 + w**2)):
        beta = (eta*rho*sigma2_r*w*(w - p_r) + k**2*(p_d**2 + w**2))/(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) +
            k**2*(p_d**2 + w**2)) [(13)]
        alpha = (eta*(rho*sigma2_r*w*(beta - 1)*(2*p_r + w*(beta - 1)) + rho*(beta**2*p_d**2*sigma2_d +
            p_r**2*sigma2_r) + 2*v_0) + k**2*(-beta**2*p_d**2 - p_r**2 - w*(beta - 1)*(2*p_r + w*(beta -
            1))))/(2*eta) [(14)]
        s_d = beta*k*p_d/eta [section 4]
        s_r = k*(p_r + w*(beta - 1))/eta [section 4]
        Pi_m = -(eta*(rho*sigma2_r*w*(beta - 1)*(2*p_r + w*(beta - 1)) + rho*(beta**2*p_d**2*sigma2_d +
            p_r**2*sigma2_r) + 2*v_0) + k**2*(beta*p_d**2*(beta - 2) - p_r**2 + w**2*(beta - 1)**2))/(2*eta) [(15)]
        CE_r = v_0
        C_d = beta**2*k**2*p_d**2/(2*eta)
        C_r = k**2*(p_r + w*(beta - 1))**2/(2*eta)
        Pi = (k**4*(p_d**2 + p_r**2)*(p_d**2 + w**2) - eta*p_d**2*rho*(p_r - w)*(eta*rho*sigma2_d*sigma2_r*(p_r - w)
            - k**2*(p_r + w)*(sigma2_d - sigma2_r)))/(2*eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) +
            k**2*(p_d**2 + w**2)))

    Regime 2, where eta*p_r*rho*sigma2_r*w > eta*rho*sigma2_r*w**2 + k**2*(p_d**2 + w**2), eta + k*w >= k*p_r:
        beta = 0
        alpha = (eta*(rho*sigma2_r*(p_r - w)**2 + 2*v_0) - k**2*(p_r - w)**2)/(2*eta) [(14)]
        s_d = 0 [section 4]
        s_r = k*(p_r - w)/eta [section 4]
        Pi_m = (k**2*(p_r - w)*(p_r + w) - eta*rho*sigma2_r*(p_r - w)**2 - 2*eta*v_0)/(2*eta) [(15)]
        CE_r = v_0
        C_d = 0
        C_r = k**2*(p_r - w)**2/(2*eta)
        Pi = (p_r - w)*(eta*rho*sigma2_r*(w - p_r) + k**2*(p_r + w))/(2*eta)

    Regime 3, where eta*rho*sigma2_r*w**2 + k**2*p_d**2 >= eta*p_r*rho*sigma2_r*w, eta*k*p_d**2*p_r*rho*sigma2_d +
        k**3*p_d**2*p_r >= eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) + k*p_d**2*(k + rho*sigma2_d*w)),
        eta*(p_d**2*(eta*rho*sigma2_d + k**2) + rho*sigma2_r*w*(eta*w + k*p_d*p_r)) >= eta*k*p_d*rho*sigma2_r*w**2 +
        k**3*p_d**3:
        beta = (eta*rho*sigma2_r*w*(w - p_r) + k**2*p_d**2)/(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) +
            k**2*p_d**2)
        alpha = (beta**2*p_d**2*(eta*rho*sigma2_d - k**2) + eta*rho*sigma2_r*(p_r + w*(beta - 1))**2 + eta*(eta +
            2*k*(w*(1 - beta) - p_r) + 2*v_0))/(2*eta)
        s_d = k*p_d*(eta*rho*sigma2_r*w*(w - p_r) + k**2*p_d**2)/(eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) +
            k**2*p_d**2)) [section 4]
        s_r = 1
        Pi_m = -(beta*p_d**2*(beta*eta*rho*sigma2_d + k**2*(beta - 2)) + eta*rho*sigma2_r*w*(beta - 1)*(2*p_r +
            w*(beta - 1)) + eta*(eta + p_r*(p_r*rho*sigma2_r - 2*k) + 2*v_0))/(2*eta)
        CE_r = v_0
        C_d = beta**2*k**2*p_d**2/(2*eta)
        C_r = eta/2
        Pi = -(beta*p_d**2*(beta*eta*rho*sigma2_d + k**2*(beta - 2)) + eta*rho*sigma2_r*w*(beta - 1)*(2*p_r +
            w*(beta - 1)) + eta*(eta + p_r*(p_r*rho*sigma2_r - 2*k)))/(2*eta)

    Regime 4, where eta*p_r*rho*sigma2_r*w > eta*rho*sigma2_r*w**2 + k**2*p_d**2, k*p_r >= eta + k*w:
        beta = 0
        alpha = (eta + 2*k*(w - p_r) + rho*sigma2_r*(p_r - w)**2 + 2*v_0)/2
        s_d = 0 [section 4]
        s_r = 1
        Pi_m = (2*k*p_r - eta - rho*sigma2_r*(p_r - w)**2 - 2*v_0)/2
        CE_r = v_0
        C_d = 0
        C_r = eta/2
        Pi = (2*k*p_r - eta - rho*sigma2_r*(p_r - w)**2)/2

    Regime 5, where eta*rho*sigma2_r*w + k**2*w > eta*p_r*rho*sigma2_r, eta*k*p_d*rho*sigma2_r*w**2 + k**3*p_d*w**2
        >= eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) + k*w*(k*w + p_d*p_r*rho*sigma2_r)),
        eta*(p_d**2*rho*sigma2_d*(eta + k*w) + w**2*(eta*rho*sigma2_r + k**2)) >= eta*k*p_d**2*p_r*rho*sigma2_d +
        k**3*p_r*w**2:
        beta = w*(eta*rho*sigma2_r*(w - p_r) + k**2*w)/(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) + k**2*w**2)
        alpha = (eta*(beta*p_d*(beta*p_d*rho*sigma2_d - 2*k) + eta + p_r**2*rho*sigma2_r + rho*sigma2_r*w*(beta -
            1)*(2*p_r + w*(beta - 1)) + 2*v_0) - k**2*(p_r + w*(beta - 1))**2)/(2*eta)
        s_d = 1
        s_r = k*(p_r + w*(beta - 1))/eta [section 4]
        Pi_m = -(eta*p_d**2*rho*sigma2_d*(eta*(eta - 2*k*p_d + rho*sigma2_r*(p_r - w)**2 + 2*v_0) - k**2*(p_r -
            w)*(p_r + w)) + w**2*(eta**2*rho*sigma2_r*(eta - 2*k*p_d + 2*v_0) + k**2*(eta*(eta - 2*k*p_d + 2*v_0) -
            k**2*p_r**2)))/(2*eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) + k**2*w**2))
        CE_r = v_0
        C_d = eta/2
        C_r = k**2*(p_r + w*(beta - 1))**2/(2*eta)
        Pi = (k**2*(p_r + w*(1 - beta))*(p_r + w*(beta - 1)) - eta*rho*sigma2_r*(p_r + w*(beta - 1))**2 - eta*(eta +
            p_d*(beta**2*p_d*rho*sigma2_d - 2*k)))/(2*eta)

    Regime 6, where k*p_d*(eta*rho*sigma2_r*w**2 + k**2*(p_d**2 + w**2)) > eta*(eta*rho*(p_d**2*sigma2_d +
        sigma2_r*w**2) + k*(k*(p_d**2 + w**2) + p_d*p_r*rho*sigma2_r*w)), k*p_d > eta, eta*p_d + k*p_d*w >= eta*w +
        k*p_d*p_r, eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) + k*w*(k*w + p_d*p_r*rho*sigma2_r)) >
        eta*k*p_d*rho*sigma2_r*w**2 + k**3*p_d*w**2:
        beta = eta/(k*p_d)
        alpha = (eta*rho*(eta**2*(p_d**2*sigma2_d + sigma2_r*w**2) + k*p_d*sigma2_r*(p_r - w)*(2*eta*w + k*p_d*(p_r
            - w))) + k**2*(eta*(p_d**2*(2*v_0 - eta) + w*(2*k*p_d*(w - p_r) - eta*w)) - k**2*p_d**2*(p_r -
            w)**2))/(2*eta*k**2*p_d**2) [(14)]
        s_d = 1 [section 4]
        s_r = (eta*w + k*p_d*(p_r - w))/(eta*p_d) [section 4]
        Pi_m = -(eta*rho*(eta**2*(p_d**2*sigma2_d + sigma2_r*w**2) + k*p_d*sigma2_r*(p_r - w)*(2*eta*w + k*p_d*(p_r
            - w))) + k**2*(p_d**2*(eta*(eta - 2*k*p_d + 2*v_0) - k**2*p_r**2) + w**2*(k*p_d -
            eta)**2))/(2*eta*k**2*p_d**2) [(15)]
        CE_r = v_0
        C_d = eta/2
        C_r = (eta*w + k*p_d*(p_r - w))**2/(2*eta*p_d**2)
        Pi = -(eta*rho*(eta**2*(p_d**2*sigma2_d + sigma2_r*w**2) + k*p_d*sigma2_r*(p_r - w)*(2*eta*w + k*p_d*(p_r -
            w))) + k**2*(eta**2*(p_d**2 + w**2) + k*p_d*(-2*eta*(p_d**2 + w**2) - k*p_d*(p_r - w)*(p_r +
            w))))/(2*eta*k**2*p_d**2)

    Regime 7, where k*p_r*(eta*p_d**2*rho*sigma2_d + k**2*(p_d**2 + w**2)) > eta*(p_d**2*(k**2 + rho*sigma2_d*(eta +
        k*w)) + w**2*(eta*rho*sigma2_r + k**2)), k*p_r > eta, eta*w + k*p_d*p_r > eta*p_d + k*p_d*w, eta + k*w >
        k*p_r, eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) + k*p_d**2*(k + rho*sigma2_d*w)) >
        eta*k*p_d**2*p_r*rho*sigma2_d + k**3*p_d**2*p_r:
        beta = (eta + k*(w - p_r))/(k*w)
        alpha = (eta*w**2*(eta**2*rho*sigma2_r + k**2*(2*v_0 - eta)) + p_d**2*(eta + k*(w -
            p_r))**2*(eta*rho*sigma2_d - k**2))/(2*eta*k**2*w**2) [(14)]
        s_d = p_d*(eta + k*(w - p_r))/(eta*w) [section 4]
        s_r = 1 [section 4]
        Pi_m = (p_d**2*(eta + k*(w - p_r))*(eta*rho*sigma2_d*(k*(p_r - w) - eta) + k**2*(k*(p_r + w) - eta)) -
            eta*w**2*(eta**2*rho*sigma2_r + k**2*(eta - 2*k*p_r + 2*v_0)))/(2*eta*k**2*w**2) [(15)]
        CE_r = v_0
        C_d = p_d**2*(eta + k*(w - p_r))**2/(2*eta*w**2)
        C_r = eta/2
        Pi = (k**2*p_d**2*(k*(p_r + w) - eta)*(eta + k*(w - p_r)) - eta*p_d**2*rho*sigma2_d*(eta + k*(w - p_r))**2 -
            eta*w**2*(eta**2*rho*sigma2_r + k**2*(eta - 2*k*p_r)))/(2*eta*k**2*w**2)

    Regime 8, where eta*k*p_d*rho*sigma2_r*w**2 + k**3*p_d**3 > eta*(p_d**2*(eta*rho*sigma2_d + k**2) +
        rho*sigma2_r*w*(eta*w + k*p_d*p_r)), k*p_d > eta, eta*w + k*p_d*p_r >= eta*p_d + k*p_d*w:
        beta = eta/(k*p_d)
        alpha = (eta*(eta*rho*(p_d**2*sigma2_d + sigma2_r*w**2) + 2*k*p_d*w*(rho*sigma2_r*(p_r - w) - k)) +
            k**2*p_d**2*(2*k*(w - p_r) + rho*sigma2_r*(p_r - w)**2 + 2*v_0))/(2*k**2*p_d**2)
        s_d = 1 [section 4]
        s_r = 1
        Pi_m = -(eta*(p_d**2*(eta*rho*sigma2_d + 2*k**2) + rho*sigma2_r*w*(eta*w + 2*k*p_d*(p_r - w))) +
            k**2*p_d**2*(rho*sigma2_r*(p_r - w)**2 + 2*v_0 - 2*k*(p_d + p_r)))/(2*k**2*p_d**2)
        CE_r = v_0
        C_d = eta/2
        C_r = eta/2
        Pi = -(eta*(p_d**2*(eta*rho*sigma2_d + 2*k**2) + rho*sigma2_r*w*(eta*w + 2*k*p_d*(p_r - w))) +
            k**2*p_d**2*(rho*sigma2_r*(p_r - w)**2 - 2*k*(p_d + p_r)))/(2*k**2*p_d**2)

    Regime 9, where eta*k*p_d**2*p_r*rho*sigma2_d + k**3*p_r*w**2 > eta*(p_d**2*rho*sigma2_d*(eta + k*w) +
        w**2*(eta*rho*sigma2_r + k**2)), k*p_r > eta, eta*p_d + k*p_d*w > eta*w + k*p_d*p_r:
        beta = (eta + k*(w - p_r))/(k*w)
        alpha = (p_d**2*rho*sigma2_d*(eta + k*(w - p_r))**2 + w*(2*k**2*p_d*(k*(p_r - w) - eta) +
            w*(eta**2*rho*sigma2_r + 2*k**2*v_0)))/(2*k**2*w**2)
        s_d = 1
        s_r = 1 [section 4]
        Pi_m = -(p_d**2*rho*sigma2_d*(eta + k*(w - p_r))**2 + w**2*(eta**2*rho*sigma2_r + 2*k**2*(eta - k*(p_d +
            p_r) + v_0)))/(2*k**2*w**2)
        CE_r = v_0
        C_d = eta/2
        C_r = eta/2
        Pi = -(p_d**2*rho*sigma2_d*(eta + k*(w - p_r))**2 + w**2*(eta*(eta*rho*sigma2_r + 2*k**2) - 2*k**3*(p_d +
            p_r)))/(2*k**2*w**2)
    """
    if not (
        type(p_d) is type(p_r) is type(w) is type(k) is type(eta) is type(rho)
        is type(v_0) is type(sigma2_d) is type(sigma2_r)
        is float
    ):
        if not {type(p_d), type(p_r), type(w), type(k), type(eta), type(rho), type(v_0), type(sigma2_d),
                type(sigma2_r)} <= _NUMBERS:
            return _evaluate(_ASYMMETRIC, (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r), on_invalid)
        (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = (float(p_d), float(p_r), float(w), float(k), float(eta),
                float(rho), float(v_0), float(sigma2_d), float(sigma2_r))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _asymmetric_scalar(p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_ASYMMETRIC, (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r), on_invalid)


def _asymmetric_scalar(p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) -> Asymmetric:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(p_d + p_r + w + k + eta + rho + v_0 + sigma2_d + sigma2_r)
        and p_d > 0.0
        and w > 0.0
        and w < p_r
        and k > 0.0
        and eta > 0.0
        and rho > 0.0
        and sigma2_d > 0.0
        and sigma2_r > 0.0
    ):
        raise ValueError
    t1 = k*k
    t2 = p_d*p_d
    t3 = w*w
    t4 = t2 + t3
    t5 = t1*t4
    t6 = eta*rho
    t7 = sigma2_r*t6
    t8 = t3*t7
    t9 = t5 + t8
    t10 = p_r*t7
    t11 = t10*w
    t12 = p_d*p_r
    t13 = w*rho
    t14 = sigma2_r*t13
    t15 = sigma2_d*t2
    t16 = t6*(t15 + sigma2_r*t3)
    t17 = eta*(k*(k*t4 + t12*t14) + t16)
    t18 = p_d*k
    t19 = t9*t18
    t20 = w*k
    t21 = eta + t20
    t22 = rho*t21
    t23 = t3*(t1 + t7)
    t24 = eta*(t2*(t1 + t22*sigma2_d) + t23)
    t25 = t6*t15
    t26 = p_r*k
    t27 = (t5 + t25)*t26
    if (
        t9 >= t11
        and t17 >= t19
        and t24 >= t27
    ):
        t1 = k*k
        t2 = p_d*p_d
        t3 = w*w
        t4 = t2 + t3
        t5 = t1*t4
        t6 = eta*rho
        t7 = (w - p_r)*t6
        t8 = sigma2_r*t7
        t9 = t5 + t6*(sigma2_d*t2 + sigma2_r*t3)
        beta = (t5 + t8*w)/t9
        t10 = p_r*p_r
        t11 = t2*(beta*beta)
        t12 = w*(beta - 1.0)
        t13 = (2.0*p_r + t12)*t12
        t14 = 2.0*v_0 + rho*(sigma2_r*t10 + sigma2_d*t11) + rho*sigma2_r*t13
        t15 = 0.5/eta
        alpha = (eta*t14 - t1*(t10 + t11 + t13))*t15
        t16 = k/eta
        s_d = beta*t16*p_d
        t17 = p_r + t12
        s_r = t16*t17
        t18 = t1*t1*(t2 + t10)*t4 - t2*(t1*(p_r + w)*(sigma2_d - sigma2_r) + sigma2_d*t8)*t7
        Pi = t18*t15/t9
        Pi_m = Pi - v_0
        t19 = t1*t15
        C_d = t19*t11
        C_r = t19*(t17*t17)
        CE_r = v_0
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "1"))
    if (
        t11 > t9
        and t21 >= t26
    ):
        t1 = rho*sigma2_r
        t2 = p_r - w
        t3 = t2*t2
        t4 = k*k
        t5 = t3*t4
        t6 = 0.5/eta
        alpha = (eta*(2.0*v_0 + t1*t3) - t5)*t6
        s_r = k*t2/eta
        Pi = t2*(t4*(p_r + w) - eta*t1*t2)*t6
        Pi_m = Pi - v_0
        C_r = t6*t5
        beta = 0.0
        s_d = 0.0
        CE_r = v_0
        C_d = 0.0
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "2"))
    t28 = t1*t2 + t8
    t29 = t1*k
    t30 = p_r*t29
    t31 = t25*t26
    t32 = t30*t2 + t31
    t33 = eta*(t16 + k*t2*(k + sigma2_d*t13))
    t34 = eta*w + p_r*t18
    t35 = eta*(t2*(t1 + t6*sigma2_d) + t14*t34)
    t36 = t8*t18
    t37 = t29*(t2*p_d) + t36
    if (
        t28 >= t11
        and t32 >= t33
        and t35 >= t37
    ):
        t1 = k*k
        t2 = p_d*p_d
        t3 = t1*t2
        t4 = eta*rho
        t5 = sigma2_r*t4
        beta = (t3 + w*t5*(w - p_r))/(t3 + t4*(sigma2_d*t2 + sigma2_r*(w*w)))
        t6 = w*(1.0 - beta)
        t7 = k*2.0
        t8 = beta*beta
        t9 = sigma2_d*t4
        t10 = p_r - t6
        t11 = eta*(eta + 2.0*v_0 + (t6 - p_r)*t7) + t8*t2*(t9 - t1) + t10*t10*t5
        t12 = 0.5/eta
        alpha = t11*t12
        s_d = k*p_d*beta/eta
        t13 = eta*(eta + p_r*(p_r*rho*sigma2_r - t7)) + beta*t2*(t1*(beta - 2.0) + beta*t9)
        Pi = (t6*t5*(2.0*p_r - t6) - t13)*t12
        Pi_m = Pi - v_0
        C_d = t8*t3*t12
        C_r = 0.5*eta
        s_r = 1.0
        CE_r = v_0
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "3"))
    if (
        t11 > t28
        and t26 >= t21
    ):
        t1 = w - p_r
        t2 = k*2.0
        t3 = rho*sigma2_r*(t1*t1)
        alpha = 0.5*(eta + 2.0*v_0 + t1*t2 + t3)
        Pi = 0.5*(p_r*t2 - (eta + t3))
        Pi_m = Pi - v_0
        C_r = 0.5*eta
        beta = 0.0
        s_d = 0.0
        s_r = 1.0
        CE_r = v_0
        C_d = 0.0
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "4"))
    t38 = p_d*t29*t3 + t36
    t39 = eta*(t16 + (t20 + t12*rho*sigma2_r)*t20)
    t40 = eta*(t23 + t22*t15)
    t41 = t30*t3 + t31
    if (
        w*t1 + w*t7 > t10
        and t38 >= t39
        and t40 >= t41
    ):
        t1 = k*k
        t2 = rho*sigma2_r
        t3 = eta*t2
        t4 = w*w
        beta = w*(w*t1 + t3*(w - p_r))/(t1*t4 + eta*rho*(sigma2_d*(p_d*p_d) + sigma2_r*t4))
        t5 = sigma2_d*(p_d*rho)
        t6 = 2.0*k
        t7 = w*(beta - 1.0)
        t8 = eta + 2.0*v_0 + beta*p_d*(beta*t5 - t6) + t2*(p_r*p_r) + t2*t7*(2.0*p_r + t7)
        t9 = p_r + t7
        t10 = t9*t9
        t11 = t1*t10
        t12 = 0.5/eta
        alpha = (eta*t8 - t11)*t12
        s_r = k*t9/eta
        t13 = t1*(p_r - t7)*t9 - (eta*(eta + p_d*(beta*beta*t5 - t6)) + t3*t10)
        Pi = t13*t12
        Pi_m = Pi - v_0
        C_d = 0.5*eta
        C_r = t11*t12
        s_d = 1.0
        CE_r = v_0
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "5"))
    t42 = eta*p_d + w*t18
    if (
        t19 > t17
        and t18 > eta
        and t42 >= t34
        and t39 > t38
    ):
        beta = eta/(k*p_d)
        t1 = k*k
        t2 = w - p_r
        t3 = p_d*k
        t4 = t2*t3
        t5 = w*eta
        t6 = p_d*p_d
        t7 = eta*(w*(2.0*t4 - t5) + t6*(2.0*v_0 - eta)) - t1*t6*(t2*t2)
        t8 = eta*eta
        t9 = w*w
        t10 = t8*(sigma2_d*t6 + sigma2_r*t9) - sigma2_r*(2.0*t5 - t4)*t4
        t11 = eta*rho*t10
        t12 = 0.5/(eta*t6)
        t13 = t12/t1
        alpha = (t1*t7 + t11)*t13
        t14 = t5 - t4
        s_r = t14/(eta*p_d)
        t15 = t6 + t9
        t16 = (t1*(t8*t15 + ((p_r + w)*t4 - 2.0*eta*t15)*t3) + t11)*t13
        Pi = -t16
        Pi_m = Pi - v_0
        C_d = 0.5*eta
        C_r = t12*(t14*t14)
        s_d = 1.0
        CE_r = v_0
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "6"))
    if (
        t27 > t24
        and t26 > eta
        and t34 > t42
        and t21 > t26
        and t33 > t32
    ):
        t1 = eta + k*(w - p_r)
        t2 = t1/w
        beta = t2/k
        t3 = w*w
        t4 = eta*t3
        t5 = k*k
        t6 = rho*sigma2_r*(eta*eta)
        t7 = p_d*p_d
        t8 = t7*(t1*t1)
        t9 = sigma2_d*(eta*rho)
        t10 = 0.5/(eta*t3)
        t11 = t10/t5
        alpha = (t4*(t5*(2.0*v_0 - eta) + t6) + t8*(t9 - t5))*t11
        s_d = p_d*t2/eta
        t12 = t5*t7*t1*(k*(p_r + w) - eta) - (t4*(t5*(eta - 2.0*k*p_r) + t6) + t8*t9)
        Pi = t12*t11
        Pi_m = Pi - v_0
        C_d = t10*t8
        C_r = 0.5*eta
        s_r = 1.0
        CE_r = v_0
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "7"))
    if (
        t37 > t35
        and t18 > eta
        and t34 >= t42
    ):
        beta = eta/(k*p_d)
        t1 = k*k
        t2 = p_d*p_d
        t3 = 0.5/(t1*t2)
        t4 = eta*rho
        t5 = k*2.0
        t6 = p_d*t5
        t7 = rho*sigma2_r
        t8 = p_r - w
        t9 = eta*(t4*(sigma2_d*t2 + sigma2_r*(w*w)) + t6*w*(t7*t8 - k))
        t10 = t1*t2
        t11 = t7*(t8*t8)
        alpha = t3*(t9 + t10*(2.0*v_0 + t11 - t8*t5))
        t12 = eta*(t2*(2.0*t1 + t4*sigma2_d) + t7*w*(eta*w + t6*t8)) + t10*(t11 - (p_d + p_r)*t5)
        Pi = -(t3*t12)
        Pi_m = Pi - v_0
        C_d = 0.5*eta
        s_d = 1.0
        s_r = 1.0
        CE_r = v_0
        C_r = C_d
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "8"))
    if (
        t41 > t40
        and t26 > eta
        and t42 > t34
    ):
        t1 = eta + k*(w - p_r)
        beta = t1/(k*w)
        t2 = k*k
        t3 = w*w
        t4 = 0.5/(t2*t3)
        t5 = t2*2.0
        t6 = rho*sigma2_r
        t7 = rho*sigma2_d*(p_d*p_d)*(t1*t1)
        alpha = t4*(w*(w*(v_0*t5 + t6*(eta*eta)) - p_d*t1*t5) + t7)
        t8 = t4*(t3*(eta*(t5 + eta*t6) - 2.0*(t2*k)*(p_d + p_r)) + t7)
        Pi = -t8
        Pi_m = Pi - v_0
        C_d = 0.5*eta
        s_d = 1.0
        s_r = 1.0
        CE_r = v_0
        C_r = C_d
        total = Pi
        return _new(Asymmetric, (beta, alpha, s_d, s_r, Pi_m, CE_r, C_d, C_r, Pi, total, "9"))
    raise ValueError


def _asymmetric_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24, t25, t26,
            t27, t28, t29, t30) = work
    np.multiply(k, k, t1)
    np.multiply(p_d, p_d, t2)
    np.multiply(w, w, t3)
    np.add(t2, t3, t4)
    np.multiply(t1, t4, t5)
    np.multiply(eta, rho, t6)
    np.multiply(sigma2_r, t6, t7)
    np.multiply(t3, t7, t8)
    np.add(t5, t8, t9)
    np.multiply(p_r, t7, t10)
    np.multiply(t10, w, t11)
    x1 = t9 >= t11
    np.multiply(k, t4, t4)
    np.multiply(p_d, p_r, t12)
    np.multiply(w, rho, t13)
    np.multiply(sigma2_r, t13, t14)
    np.multiply(t12, t14, t15)
    np.add(t4, t15, t15)
    np.multiply(k, t15, t15)
    np.multiply(sigma2_d, t2, t4)
    np.multiply(sigma2_r, t3, t16)
    np.add(t4, t16, t16)
    np.multiply(t6, t16, t16)
    np.add(t15, t16, t15)
    np.multiply(eta, t15, t15)
    np.multiply(p_d, k, t17)
    np.multiply(t9, t17, t18)
    x2 = t15 >= t18
    np.multiply(w, k, t19)
    np.add(eta, t19, t20)
    np.multiply(rho, t20, t21)
    np.multiply(t21, sigma2_d, t22)
    np.add(t1, t22, t22)
    np.multiply(t2, t22, t22)
    np.add(t1, t7, t23)
    np.multiply(t3, t23, t23)
    np.add(t22, t23, t22)
    np.multiply(eta, t22, t22)
    np.multiply(t6, t4, t24)
    np.add(t5, t24, t5)
    np.multiply(p_r, k, t25)
    np.multiply(t5, t25, t5)
    x3 = t22 >= t5
    x4 = t11 > t9
    x5 = t20 >= t25
    np.multiply(t1, t2, t9)
    np.add(t9, t8, t9)
    x6 = t9 >= t11
    np.multiply(t1, k, t26)
    np.multiply(p_r, t26, t27)
    np.multiply(t27, t2, t28)
    np.multiply(t24, t25, t24)
    np.add(t28, t24, t28)
    np.multiply(k, t2, t29)
    np.multiply(sigma2_d, t13, t13)
    np.add(k, t13, t13)
    np.multiply(t29, t13, t13)
    np.add(t16, t13, t13)
    np.multiply(eta, t13, t13)
    x7 = t28 >= t13
    np.multiply(t6, sigma2_d, t6)
    np.add(t1, t6, t6)
    np.multiply(t2, t6, t6)
    np.multiply(eta, w, t29)
    np.multiply(p_r, t17, t30)
    np.add(t29, t30, t30)
    np.multiply(t14, t30, t14)
    np.add(t6, t14, t14)
    np.multiply(eta, t14, t14)
    np.multiply(t2, p_d, t2)
    np.multiply(t26, t2, t2)
    np.multiply(t8, t17, t8)
    np.add(t2, t8, t2)
    x8 = t14 >= t2
    x9 = t11 > t9
    x10 = t25 >= t20
    np.multiply(w, t1, t1)
    np.multiply(w, t7, t7)
    np.add(t1, t7, t7)
    x11 = t7 > t10
    np.multiply(p_d, t26, t26)
    np.multiply(t26, t3, t26)
    np.add(t26, t8, t8)
    np.multiply(t12, rho, t12)
    np.multiply(t12, sigma2_r, t12)
    np.add(t19, t12, t12)
    np.multiply(t12, t19, t19)
    np.add(t16, t19, t19)
    np.multiply(eta, t19, t19)
    x12 = t8 >= t19
    np.multiply(t21, t4, t4)
    np.add(t23, t4, t4)
    np.multiply(eta, t4, t4)
    np.multiply(t27, t3, t3)
    np.add(t3, t24, t24)
    x13 = t4 >= t24
    x14 = t18 > t15
    x15 = t17 > eta
    np.multiply(eta, p_d, t15)
    np.multiply(w, t17, t17)
    np.add(t15, t17, t17)
    x16 = t17 >= t30
    x17 = t19 > t8
    x18 = t5 > t22
    x19 = t25 > eta
    x20 = t30 > t17
    x21 = t20 > t25
    x22 = t13 > t28
    x23 = t2 > t14
    x24 = t30 >= t17
    x25 = t24 > t4
    x26 = t17 > t30
    return (
        x1 & x2 & x3,
        x4 & x5,
        x6 & x7 & x8,
        x9 & x10,
        x11 & x12 & x13,
        x14 & x15 & x16 & x17,
        x18 & x19 & x20 & x21 & x22,
        x23 & x15 & x24,
        x25 & x19 & x26,
    )


def _asymmetric_common(inputs: Any, outputs: Any, work: Any) -> None:
    """What is the same in all regimes: every quantity into its row."""
    (CE_r,) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    np.copyto(CE_r, v_0)


def _asymmetric_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 1: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12) = work
    np.multiply(k, k, t1)
    np.multiply(p_d, p_d, t2)
    np.multiply(w, w, t3)
    np.add(t2, t3, t4)
    np.multiply(t1, t4, t5)
    np.subtract(w, p_r, t6)
    np.multiply(eta, rho, t7)
    np.multiply(t6, t7, t6)
    np.multiply(sigma2_r, t6, t8)
    np.multiply(t8, w, t9)
    np.add(t5, t9, t9)
    np.multiply(sigma2_d, t2, t10)
    np.multiply(sigma2_r, t3, t3)
    np.add(t10, t3, t3)
    np.multiply(t7, t3, t3)
    np.add(t5, t3, t3)
    np.divide(t9, t3, beta)
    np.multiply(2.0, v_0, t9)
    np.multiply(p_r, p_r, t5)
    np.multiply(sigma2_r, t5, t7)
    np.multiply(beta, beta, t10)
    np.multiply(t2, t10, t10)
    np.multiply(sigma2_d, t10, t11)
    np.add(t7, t11, t11)
    np.multiply(rho, t11, t11)
    np.add(t9, t11, t11)
    np.multiply(rho, sigma2_r, t9)
    np.multiply(2.0, p_r, t7)
    np.subtract(beta, 1.0, t12)
    np.multiply(w, t12, t12)
    np.add(t7, t12, t7)
    np.multiply(t7, t12, t7)
    np.multiply(t9, t7, t9)
    np.add(t11, t9, t9)
    np.multiply(eta, t9, t9)
    np.add(t5, t10, t11)
    np.add(t11, t7, t7)
    np.multiply(t1, t7, t7)
    np.subtract(t9, t7, t7)
    np.divide(0.5, eta, t9)
    np.multiply(t7, t9, alpha)
    np.divide(k, eta, t7)
    np.multiply(beta, t7, t11)
    np.multiply(t11, p_d, s_d)
    np.add(p_r, t12, t12)
    np.multiply(t7, t12, s_r)
    np.multiply(t1, t1, t7)
    np.add(t2, t5, t5)
    np.multiply(t7, t5, t5)
    np.multiply(t5, t4, t4)
    np.add(p_r, w, t5)
    np.multiply(t1, t5, t5)
    np.subtract(sigma2_d, sigma2_r, t7)
    np.multiply(t5, t7, t7)
    np.multiply(sigma2_d, t8, t8)
    np.add(t7, t8, t8)
    np.multiply(t2, t8, t8)
    np.multiply(t8, t6, t6)
    np.subtract(t4, t6, t6)
    np.multiply(t6, t9, t6)
    np.divide(t6, t3, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(t1, t9, t9)
    np.multiply(t9, t10, C_d)
    np.multiply(t12, t12, t12)
    np.multiply(t9, t12, C_r)


def _asymmetric_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 2: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6) = work
    np.multiply(2.0, v_0, t1)
    np.multiply(rho, sigma2_r, t2)
    np.subtract(p_r, w, t3)
    np.multiply(t3, t3, t4)
    np.multiply(t2, t4, t5)
    np.add(t1, t5, t5)
    np.multiply(eta, t5, t5)
    np.multiply(k, k, t1)
    np.multiply(t4, t1, t4)
    np.subtract(t5, t4, t5)
    np.divide(0.5, eta, t6)
    np.multiply(t5, t6, alpha)
    np.multiply(k, t3, t5)
    np.divide(t5, eta, s_r)
    np.add(p_r, w, t5)
    np.multiply(t1, t5, t5)
    np.multiply(eta, t2, t2)
    np.multiply(t2, t3, t2)
    np.subtract(t5, t2, t2)
    np.multiply(t3, t2, t2)
    np.multiply(t2, t6, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(t6, t4, C_r)
    np.copyto(beta, 0.0)
    np.copyto(s_d, 0.0)
    np.copyto(C_d, 0.0)


def _asymmetric_block3(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 3: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11) = work
    np.multiply(k, k, t1)
    np.multiply(p_d, p_d, t2)
    np.multiply(t1, t2, t3)
    np.multiply(eta, rho, t4)
    np.multiply(sigma2_r, t4, t5)
    np.multiply(w, t5, t6)
    np.subtract(w, p_r, t7)
    np.multiply(t6, t7, t7)
    np.add(t3, t7, t7)
    np.multiply(sigma2_d, t2, t6)
    np.multiply(w, w, t8)
    np.multiply(sigma2_r, t8, t8)
    np.add(t6, t8, t8)
    np.multiply(t4, t8, t8)
    np.add(t3, t8, t8)
    np.divide(t7, t8, beta)
    np.multiply(2.0, v_0, t8)
    np.add(eta, t8, t8)
    np.subtract(1.0, beta, t7)
    np.multiply(w, t7, t7)
    np.subtract(t7, p_r, t6)
    np.multiply(k, 2.0, t9)
    np.multiply(t6, t9, t6)
    np.add(t8, t6, t6)
    np.multiply(eta, t6, t6)
    np.multiply(beta, beta, t8)
    np.multiply(t8, t2, t10)
    np.multiply(sigma2_d, t4, t4)
    np.subtract(t4, t1, t11)
    np.multiply(t10, t11, t11)
    np.add(t6, t11, t11)
    np.subtract(p_r, t7, t6)
    np.multiply(t6, t6, t6)
    np.multiply(t6, t5, t6)
    np.add(t11, t6, t6)
    np.divide(0.5, eta, t11)
    np.multiply(t6, t11, alpha)
    np.multiply(k, p_d, t6)
    np.multiply(t6, beta, t6)
    np.divide(t6, eta, s_d)
    np.multiply(t7, t5, t5)
    np.multiply(2.0, p_r, t6)
    np.subtract(t6, t7, t7)
    np.multiply(t5, t7, t7)
    np.multiply(p_r, rho, t5)
    np.multiply(t5, sigma2_r, t5)
    np.subtract(t5, t9, t9)
    np.multiply(p_r, t9, t9)
    np.add(eta, t9, t9)
    np.multiply(eta, t9, t9)
    np.multiply(beta, t2, t2)
    np.subtract(beta, 2.0, t5)
    np.multiply(t1, t5, t5)
    np.multiply(beta, t4, t4)
    np.add(t5, t4, t4)
    np.multiply(t2, t4, t4)
    np.add(t9, t4, t4)
    np.subtract(t7, t4, t4)
    np.multiply(t4, t11, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(t8, t3, t3)
    np.multiply(t3, t11, C_d)
    np.multiply(0.5, eta, C_r)
    np.copyto(s_r, 1.0)


def _asymmetric_block4(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 4: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4) = work
    np.multiply(2.0, v_0, t1)
    np.add(eta, t1, t1)
    np.subtract(w, p_r, t2)
    np.multiply(k, 2.0, t3)
    np.multiply(t2, t3, t4)
    np.add(t1, t4, t4)
    np.multiply(rho, sigma2_r, t1)
    np.multiply(t2, t2, t2)
    np.multiply(t1, t2, t2)
    np.add(t4, t2, t4)
    np.multiply(0.5, t4, alpha)
    np.multiply(p_r, t3, t3)
    np.add(eta, t2, t2)
    np.subtract(t3, t2, t2)
    np.multiply(0.5, t2, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(0.5, eta, C_r)
    np.copyto(beta, 0.0)
    np.copyto(s_d, 0.0)
    np.copyto(s_r, 1.0)
    np.copyto(C_d, 0.0)


def _asymmetric_block5(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 5: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10) = work
    np.multiply(k, k, t1)
    np.multiply(w, t1, t2)
    np.multiply(rho, sigma2_r, t3)
    np.multiply(eta, t3, t4)
    np.subtract(w, p_r, t5)
    np.multiply(t4, t5, t5)
    np.add(t2, t5, t5)
    np.multiply(w, t5, t5)
    np.multiply(w, w, t2)
    np.multiply(t1, t2, t6)
    np.multiply(eta, rho, t7)
    np.multiply(p_d, p_d, t8)
    np.multiply(sigma2_d, t8, t8)
    np.multiply(sigma2_r, t2, t2)
    np.add(t8, t2, t2)
    np.multiply(t7, t2, t2)
    np.add(t6, t2, t2)
    np.divide(t5, t2, beta)
    np.multiply(2.0, v_0, t2)
    np.add(eta, t2, t2)
    np.multiply(beta, p_d, t5)
    np.multiply(p_d, rho, t6)
    np.multiply(sigma2_d, t6, t6)
    np.multiply(beta, t6, t7)
    np.multiply(2.0, k, t8)
    np.subtract(t7, t8, t7)
    np.multiply(t5, t7, t7)
    np.add(t2, t7, t7)
    np.multiply(p_r, p_r, t2)
    np.multiply(t3, t2, t2)
    np.add(t7, t2, t2)
    np.subtract(beta, 1.0, t7)
    np.multiply(w, t7, t7)
    np.multiply(t3, t7, t3)
    np.multiply(2.0, p_r, t5)
    np.add(t5, t7, t5)
    np.multiply(t3, t5, t5)
    np.add(t2, t5, t5)
    np.multiply(eta, t5, t5)
    np.add(p_r, t7, t2)
    np.multiply(t2, t2, t3)
    np.multiply(t1, t3, t9)
    np.subtract(t5, t9, t5)
    np.divide(0.5, eta, t10)
    np.multiply(t5, t10, alpha)
    np.multiply(k, t2, t5)
    np.divide(t5, eta, s_r)
    np.subtract(p_r, t7, t7)
    np.multiply(t1, t7, t7)
    np.multiply(t7, t2, t2)
    np.multiply(beta, beta, t7)
    np.multiply(t7, t6, t6)
    np.subtract(t6, t8, t8)
    np.multiply(p_d, t8, t8)
    np.add(eta, t8, t8)
    np.multiply(eta, t8, t8)
    np.multiply(t4, t3, t3)
    np.add(t8, t3, t3)
    np.subtract(t2, t3, t3)
    np.multiply(t3, t10, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(0.5, eta, C_d)
    np.multiply(t9, t10, C_r)
    np.copyto(s_d, 1.0)


def _asymmetric_block6(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 6: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11) = work
    np.multiply(k, p_d, t1)
    np.divide(eta, t1, beta)
    np.multiply(k, k, t1)
    np.subtract(w, p_r, t2)
    np.multiply(p_d, k, t3)
    np.multiply(t2, t3, t4)
    np.multiply(2.0, t4, t5)
    np.multiply(w, eta, t6)
    np.subtract(t5, t6, t5)
    np.multiply(w, t5, t5)
    np.multiply(p_d, p_d, t7)
    np.multiply(2.0, v_0, t8)
    np.subtract(t8, eta, t8)
    np.multiply(t7, t8, t8)
    np.add(t5, t8, t8)
    np.multiply(eta, t8, t8)
    np.multiply(t1, t7, t5)
    np.multiply(t2, t2, t2)
    np.multiply(t5, t2, t2)
    np.subtract(t8, t2, t2)
    np.multiply(t1, t2, t2)
    np.multiply(eta, rho, t8)
    np.multiply(eta, eta, t5)
    np.multiply(sigma2_d, t7, t9)
    np.multiply(w, w, t10)
    np.multiply(sigma2_r, t10, t11)
    np.add(t9, t11, t11)
    np.multiply(t5, t11, t11)
    np.multiply(2.0, t6, t9)
    np.subtract(t9, t4, t9)
    np.multiply(sigma2_r, t9, t9)
    np.multiply(t9, t4, t9)
    np.subtract(t11, t9, t9)
    np.multiply(t8, t9, t9)
    np.add(t2, t9, t2)
    np.multiply(eta, t7, t8)
    np.divide(0.5, t8, t8)
    np.divide(t8, t1, t11)
    np.multiply(t2, t11, alpha)
    np.subtract(t6, t4, t6)
    np.multiply(eta, p_d, t2)
    np.divide(t6, t2, s_r)
    np.add(t7, t10, t10)
    np.multiply(t5, t10, t5)
    np.add(p_r, w, t7)
    np.multiply(t7, t4, t4)
    np.multiply(2.0, eta, t7)
    np.multiply(t7, t10, t10)
    np.subtract(t4, t10, t10)
    np.multiply(t10, t3, t3)
    np.add(t5, t3, t3)
    np.multiply(t1, t3, t3)
    np.add(t3, t9, t9)
    np.multiply(t9, t11, t11)
    np.negative(t11, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(0.5, eta, C_d)
    np.multiply(t6, t6, t6)
    np.multiply(t8, t6, C_r)
    np.copyto(s_d, 1.0)


def _asymmetric_block7(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 7: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11) = work
    np.subtract(w, p_r, t1)
    np.multiply(k, t1, t1)
    np.add(eta, t1, t1)
    np.divide(t1, w, t2)
    np.divide(t2, k, beta)
    np.multiply(w, w, t3)
    np.multiply(eta, t3, t4)
    np.multiply(k, k, t5)
    np.multiply(2.0, v_0, t6)
    np.subtract(t6, eta, t6)
    np.multiply(t5, t6, t6)
    np.multiply(rho, sigma2_r, t7)
    np.multiply(eta, eta, t8)
    np.multiply(t7, t8, t8)
    np.add(t6, t8, t6)
    np.multiply(t4, t6, t6)
    np.multiply(p_d, p_d, t7)
    np.multiply(t1, t1, t9)
    np.multiply(t7, t9, t9)
    np.multiply(eta, rho, t10)
    np.multiply(sigma2_d, t10, t10)
    np.subtract(t10, t5, t11)
    np.multiply(t9, t11, t11)
    np.add(t6, t11, t11)
    np.multiply(eta, t3, t3)
    np.divide(0.5, t3, t3)
    np.divide(t3, t5, t6)
    np.multiply(t11, t6, alpha)
    np.multiply(p_d, t2, t2)
    np.divide(t2, eta, s_d)
    np.multiply(t5, t7, t7)
    np.multiply(t7, t1, t1)
    np.add(p_r, w, t7)
    np.multiply(k, t7, t7)
    np.subtract(t7, eta, t7)
    np.multiply(t1, t7, t7)
    np.multiply(2.0, k, t1)
    np.multiply(t1, p_r, t1)
    np.subtract(eta, t1, t1)
    np.multiply(t5, t1, t1)
    np.add(t1, t8, t8)
    np.multiply(t4, t8, t8)
    np.multiply(t9, t10, t10)
    np.add(t8, t10, t10)
    np.subtract(t7, t10, t10)
    np.multiply(t10, t6, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(t3, t9, C_d)
    np.multiply(0.5, eta, C_r)
    np.copyto(s_r, 1.0)


def _asymmetric_block8(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 8: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13) = work
    np.multiply(k, p_d, t1)
    np.divide(eta, t1, beta)
    np.multiply(k, k, t1)
    np.multiply(p_d, p_d, t2)
    np.multiply(t1, t2, t3)
    np.divide(0.5, t3, t3)
    np.multiply(eta, rho, t4)
    np.multiply(sigma2_d, t2, t5)
    np.multiply(w, w, t6)
    np.multiply(sigma2_r, t6, t6)
    np.add(t5, t6, t6)
    np.multiply(t4, t6, t6)
    np.multiply(k, 2.0, t5)
    np.multiply(p_d, t5, t7)
    np.multiply(t7, w, t8)
    np.multiply(rho, sigma2_r, t9)
    np.subtract(p_r, w, t10)
    np.multiply(t9, t10, t11)
    np.subtract(t11, k, t11)
    np.multiply(t8, t11, t11)
    np.add(t6, t11, t11)
    np.multiply(eta, t11, t11)
    np.multiply(t1, t2, t6)
    np.multiply(2.0, v_0, t8)
    np.multiply(t10, t10, t12)
    np.multiply(t9, t12, t12)
    np.add(t8, t12, t8)
    np.multiply(t10, t5, t13)
    np.subtract(t8, t13, t13)
    np.multiply(t6, t13, t13)
    np.add(t11, t13, t13)
    np.multiply(t3, t13, alpha)
    np.multiply(2.0, t1, t1)
    np.multiply(t4, sigma2_d, t4)
    np.add(t1, t4, t4)
    np.multiply(t2, t4, t4)
    np.multiply(t9, w, t9)
    np.multiply(eta, w, t2)
    np.multiply(t7, t10, t10)
    np.add(t2, t10, t10)
    np.multiply(t9, t10, t10)
    np.add(t4, t10, t10)
    np.multiply(eta, t10, t10)
    np.add(p_d, p_r, t4)
    np.multiply(t4, t5, t5)
    np.subtract(t12, t5, t5)
    np.multiply(t6, t5, t5)
    np.add(t10, t5, t5)
    np.multiply(t3, t5, t5)
    np.negative(t5, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(0.5, eta, C_d)
    np.copyto(s_d, 1.0)
    np.copyto(s_r, 1.0)
    np.copyto(C_r, C_d)


def _asymmetric_block9(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime 9: every quantity into its row."""
    (beta, alpha, s_d, s_r, Pi_m, C_d, C_r, Pi) = outputs
    (p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9) = work
    np.subtract(w, p_r, t1)
    np.multiply(k, t1, t1)
    np.add(eta, t1, t1)
    np.multiply(k, w, t2)
    np.divide(t1, t2, beta)
    np.multiply(k, k, t2)
    np.multiply(w, w, t3)
    np.multiply(t2, t3, t4)
    np.divide(0.5, t4, t4)
    np.multiply(t2, 2.0, t5)
    np.multiply(v_0, t5, t6)
    np.multiply(rho, sigma2_r, t7)
    np.multiply(eta, eta, t8)
    np.multiply(t7, t8, t8)
    np.add(t6, t8, t8)
    np.multiply(w, t8, t8)
    np.multiply(p_d, t1, t6)
    np.multiply(t6, t5, t6)
    np.subtract(t8, t6, t6)
    np.multiply(w, t6, t6)
    np.multiply(rho, sigma2_d, t8)
    np.multiply(p_d, p_d, t9)
    np.multiply(t8, t9, t9)
    np.multiply(t1, t1, t1)
    np.multiply(t9, t1, t1)
    np.add(t6, t1, t6)
    np.multiply(t4, t6, alpha)
    np.multiply(eta, t7, t7)
    np.add(t5, t7, t7)
    np.multiply(eta, t7, t7)
    np.multiply(t2, k, t2)
    np.multiply(2.0, t2, t2)
    np.add(p_d, p_r, t5)
    np.multiply(t2, t5, t5)
    np.subtract(t7, t5, t5)
    np.multiply(t3, t5, t5)
    np.add(t5, t1, t1)
    np.multiply(t4, t1, t1)
    np.negative(t1, Pi)
    np.subtract(Pi, v_0, Pi_m)
    np.multiply(0.5, eta, C_d)
    np.copyto(s_d, 1.0)
    np.copyto(s_r, 1.0)
    np.copyto(C_r, C_d)


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


_SYMMETRIC = _Protocol(
    "symmetric",
    ("p_d", "p_r", "w", "k", "eta", "rho", "v_0", "sigma2_d", "sigma2_r"),
    Symmetric,
    (2, 3, 4, 0, 5, 1, 6, 7, 8, 8),
    _symmetric_scalar,
    (_symmetric_domain, 0),
    (_symmetric_where, 2),
    (_symmetric_common, 2, 0),
    (0, 1, 2, 3, 4, 5, 6, 8),
    (
        (_symmetric_block1, 6),
        (_symmetric_block2, 5),
        (_symmetric_block3, 5),
        (_symmetric_block4, 5),
    ),
)

_ASYMMETRIC = _Protocol(
    "asymmetric",
    ("p_d", "p_r", "w", "k", "eta", "rho", "v_0", "sigma2_d", "sigma2_r"),
    Asymmetric,
    (1, 2, 3, 4, 5, 0, 6, 7, 8, 8),
    _asymmetric_scalar,
    (_symmetric_domain, 0),
    (_asymmetric_where, 30),
    (_asymmetric_common, 1, 0),
    (0, 1, 2, 3, 4, 5, 6, 7, 8),
    (
        (_asymmetric_block1, 12),
        (_asymmetric_block2, 6),
        (_asymmetric_block3, 11),
        (_asymmetric_block4, 4),
        (_asymmetric_block5, 10),
        (_asymmetric_block6, 11),
        (_asymmetric_block7, 11),
        (_asymmetric_block8, 13),
        (_asymmetric_block9, 9),
    ),
)

PROTOCOLS = {
    "symmetric": symmetric,
    "asymmetric": asymmetric,
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
