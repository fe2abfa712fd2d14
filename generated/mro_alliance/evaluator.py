"""mro_alliance: Shapley value of a three-party sales alliance and its revision by weights

Source: Xiaoyu Tan, Junmo Cheng, Chunguang Jia, Bing Jiang (2020). Research on MRO online sales alliance and revenue
    distribution. Journal of Technology Economics 39(8), 161-167.

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

__all__ = ["shapley", "superadditivity", "convexity", "core", "shapley_core", "revision", "revision_core", "PARAMETERS",
        "PROTOCOLS", "UNITS"]

PARAMETERS = {
    "V_1": "what DPM earns alone",
    "V_2": "what NP earns alone",
    "V_3": "what DSE earns alone",
    "x_12": "surplus of DPM and NP over what they earn alone",
    "x_13": "surplus of DPM and DSE over what they earn alone",
    "x_23": "surplus of NP and DSE over what they earn alone",
    "x_123": "surplus of all three over what they earn alone",
    "R_1": "actual weight of DPM",
    "R_2": "actual weight of NP",
}

UNITS: dict[str, str] = {
    "V_1": "10 000 yuan",
    "V_12": "10 000 yuan",
    "V_123": "10 000 yuan",
    "V_13": "10 000 yuan",
    "V_2": "10 000 yuan",
    "V_23": "10 000 yuan",
    "V_3": "10 000 yuan",
    "phi_1": "10 000 yuan",
    "phi_2": "10 000 yuan",
    "phi_3": "10 000 yuan",
    "total": "10 000 yuan",
    "x_12": "10 000 yuan",
    "x_123": "10 000 yuan",
    "x_13": "10 000 yuan",
    "x_23": "10 000 yuan",
}


# --- shapley -----------------------------------------------------------------------------------------------------------


class Shapley(NamedTuple):
    """What `shapley` returns."""

    phi_1: Any  # payoff of DPM [10 000 yuan]
    phi_2: Any  # payoff of NP [10 000 yuan]
    phi_3: Any  # payoff of DSE [10 000 yuan]
    V_12: Any  # worth of the alliance of DPM and NP [10 000 yuan]
    V_13: Any  # worth of the alliance of DPM and DSE [10 000 yuan]
    V_23: Any  # worth of the alliance of NP and DSE [10 000 yuan]
    V_123: Any  # worth of the grand alliance [10 000 yuan]
    total: Any  # sum of the payoffs phi_1, phi_2, phi_3 [10 000 yuan]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("all", "left out by the solution", "outside the domain")


def shapley(*, V_1: Any, V_2: Any, V_3: Any, x_12: Any, x_13: Any, x_23: Any, x_123: Any, on_invalid: str = "raise") -> Shapley:
    """shapley: Shapley value.

    Parameters:
        V_1: what DPM earns alone [10 000 yuan]
        V_2: what NP earns alone [10 000 yuan]
        V_3: what DSE earns alone [10 000 yuan]
        x_12: surplus of DPM and NP over what they earn alone [10 000 yuan]
        x_13: surplus of DPM and DSE over what they earn alone [10 000 yuan]
        x_23: surplus of NP and DSE over what they earn alone [10 000 yuan]
        x_123: surplus of all three over what they earn alone [10 000 yuan]

    Domain: V_1 >= 0, V_2 >= 0, V_3 >= 0, x_12 >= 0, x_13 >= 0, x_23 >= 0, x_123 >= x_12, x_123 >= x_13, x_123 >=
        x_23.

    Regime all:
        phi_1 = V_1 + x_12/6 + x_123/3 + x_13/6 - x_23/3
        phi_2 = V_2 + x_12/6 + x_123/3 - x_13/3 + x_23/6
        phi_3 = V_3 - x_12/3 + x_123/3 + x_13/6 + x_23/6
        V_12 = V_1 + V_2 + x_12
        V_13 = V_1 + V_3 + x_13
        V_23 = V_2 + V_3 + x_23
        V_123 = V_1 + V_2 + V_3 + x_123
    """
    if not (
        type(V_1) is type(V_2) is type(V_3) is type(x_12) is type(x_13) is type(x_23)
        is type(x_123)
        is float
    ):
        if not {type(V_1), type(V_2), type(V_3), type(x_12), type(x_13), type(x_23), type(x_123)} <= _NUMBERS:
            return _evaluate(_SHAPLEY, (V_1, V_2, V_3, x_12, x_13, x_23, x_123), on_invalid)
        (V_1, V_2, V_3, x_12, x_13, x_23, x_123) = (float(V_1), float(V_2), float(V_3), float(x_12), float(x_13), float(x_23),
                float(x_123))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _shapley_scalar(V_1, V_2, V_3, x_12, x_13, x_23, x_123)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_SHAPLEY, (V_1, V_2, V_3, x_12, x_13, x_23, x_123), on_invalid)


def _shapley_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (V_1, V_2, V_3, x_12, x_13, x_23, x_123) = inputs
    return (
        ("V_1 >= 0", V_1 >= 0.0),
        ("V_1 is finite", np.isfinite(V_1)),
        ("V_2 >= 0", V_2 >= 0.0),
        ("V_2 is finite", np.isfinite(V_2)),
        ("V_3 >= 0", V_3 >= 0.0),
        ("V_3 is finite", np.isfinite(V_3)),
        ("x_12 >= 0", x_12 >= 0.0),
        ("x_12 is finite", np.isfinite(x_12)),
        ("x_13 >= 0", x_13 >= 0.0),
        ("x_13 is finite", np.isfinite(x_13)),
        ("x_23 >= 0", x_23 >= 0.0),
        ("x_23 is finite", np.isfinite(x_23)),
        ("x_123 >= x_12", x_123 >= x_12),
        ("x_123 is finite", np.isfinite(x_123)),
        ("x_123 >= x_13", x_123 >= x_13),
        ("x_123 >= x_23", x_123 >= x_23),
    )


def _shapley_scalar(V_1, V_2, V_3, x_12, x_13, x_23, x_123) -> Shapley:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(V_1 + V_2 + V_3 + x_12 + x_13 + x_23 + x_123)
        and V_1 >= 0.0
        and V_2 >= 0.0
        and V_3 >= 0.0
        and x_12 >= 0.0
        and x_13 >= 0.0
        and x_23 >= 0.0
        and x_123 >= x_12
        and x_123 >= x_13
        and x_123 >= x_23
    ):
        raise ValueError
    t1 = x_123/3.0
    t2 = x_12/6.0
    t3 = x_13/6.0
    phi_1 = V_1 + t1 + t2 + t3 - x_23/3.0
    t4 = x_23/6.0
    phi_2 = V_2 + t1 + t2 + t4 - x_13/3.0
    phi_3 = V_3 + t1 + t3 + t4 - x_12/3.0
    t5 = V_1 + V_2
    V_12 = t5 + x_12
    V_13 = V_1 + V_3 + x_13
    V_23 = V_2 + V_3 + x_23
    V_123 = t5 + V_3 + x_123
    total = V_123
    return _new(Shapley, (phi_1, phi_2, phi_3, V_12, V_13, V_23, V_123, total, "all"))


def _shapley_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _shapley_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime all: every quantity into its row."""
    (phi_1, phi_2, phi_3, V_12, V_13, V_23, V_123) = outputs
    (V_1, V_2, V_3, x_12, x_13, x_23, x_123) = inputs
    (t1, t2, t3, t4, t5) = work
    np.divide(x_123, 3.0, t1)
    np.add(V_1, t1, t2)
    np.divide(x_12, 6.0, t3)
    np.add(t2, t3, t2)
    np.divide(x_13, 6.0, t4)
    np.add(t2, t4, t2)
    np.divide(x_23, 3.0, t5)
    np.subtract(t2, t5, phi_1)
    np.add(V_2, t1, t5)
    np.add(t5, t3, t3)
    np.divide(x_23, 6.0, t5)
    np.add(t3, t5, t3)
    np.divide(x_13, 3.0, t2)
    np.subtract(t3, t2, phi_2)
    np.add(V_3, t1, t1)
    np.add(t1, t4, t4)
    np.add(t4, t5, t5)
    np.divide(x_12, 3.0, t4)
    np.subtract(t5, t4, phi_3)
    np.add(V_1, V_2, t4)
    np.add(t4, x_12, V_12)
    np.add(V_1, V_3, t5)
    np.add(t5, x_13, V_13)
    np.add(V_2, V_3, t5)
    np.add(t5, x_23, V_23)
    np.add(t4, V_3, t4)
    np.add(t4, x_123, V_123)


# --- superadditivity ---------------------------------------------------------------------------------------------------


class Superadditivity(NamedTuple):
    """What `superadditivity` returns."""

    superadditive: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "left out by the solution", "outside the domain")


def superadditivity(*, on_invalid: str = "raise") -> Superadditivity:
    """superadditivity: Superadditivity.

    Parameters:

    Domain: all real numbers.
    Assumed, not checked here: V_1 >= 0, V_2 >= 0, V_3 >= 0, x_12 >= 0, x_13 >= 0, x_23 >= 0, x_123 >= x_12, x_123
        >= x_13, x_123 >= x_23.

    Regime holds:
        superadditive = 1
    """
    return _evaluate(_SUPERADDITIVITY, (), on_invalid)


def _superadditivity_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    return (
    )


def _superadditivity_scalar() -> Superadditivity:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    superadditive = 1.0
    return _new(Superadditivity, (superadditive, "holds"))


def _superadditivity_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _superadditivity_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (superadditive,) = outputs
    np.copyto(superadditive, 1.0)


# --- convexity ---------------------------------------------------------------------------------------------------------


class Convexity(NamedTuple):
    """What `convexity` returns."""

    convex: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "fails", "left out by the solution", "outside the domain")


def convexity(*, x_12: Any, x_13: Any, x_23: Any, x_123: Any, on_invalid: str = "raise") -> Convexity:
    """convexity: Convexity.

    Parameters:
        x_12: surplus of DPM and NP over what they earn alone [10 000 yuan]
        x_13: surplus of DPM and DSE over what they earn alone [10 000 yuan]
        x_23: surplus of NP and DSE over what they earn alone [10 000 yuan]
        x_123: surplus of all three over what they earn alone [10 000 yuan]

    Domain: x_12 >= 0, x_13 >= 0, x_23 >= 0, x_123 >= x_12, x_123 >= x_13, x_123 >= x_23.
    Assumed, not checked here: V_1 >= 0, V_2 >= 0, V_3 >= 0.

    Regime holds, where x_123 >= x_13 + x_23, x_123 >= x_12 + x_23, x_123 >= x_12 + x_13:
        convex = 1

    Regime fails, where (x_123 < x_12 + x_13) | (x_123 < x_12 + x_23) | (x_123 < x_13 + x_23):
        convex = 0
    """
    if not (
        type(x_12) is type(x_13) is type(x_23) is type(x_123)
        is float
    ):
        if not {type(x_12), type(x_13), type(x_23), type(x_123)} <= _NUMBERS:
            return _evaluate(_CONVEXITY, (x_12, x_13, x_23, x_123), on_invalid)
        (x_12, x_13, x_23, x_123) = (float(x_12), float(x_13), float(x_23), float(x_123))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _convexity_scalar(x_12, x_13, x_23, x_123)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_CONVEXITY, (x_12, x_13, x_23, x_123), on_invalid)


def _convexity_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (x_12, x_13, x_23, x_123) = inputs
    return (
        ("x_12 >= 0", x_12 >= 0.0),
        ("x_12 is finite", np.isfinite(x_12)),
        ("x_13 >= 0", x_13 >= 0.0),
        ("x_13 is finite", np.isfinite(x_13)),
        ("x_23 >= 0", x_23 >= 0.0),
        ("x_23 is finite", np.isfinite(x_23)),
        ("x_123 >= x_12", x_123 >= x_12),
        ("x_123 is finite", np.isfinite(x_123)),
        ("x_123 >= x_13", x_123 >= x_13),
        ("x_123 >= x_23", x_123 >= x_23),
    )


def _convexity_scalar(x_12, x_13, x_23, x_123) -> Convexity:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(x_12 + x_13 + x_23 + x_123)
        and x_12 >= 0.0
        and x_13 >= 0.0
        and x_23 >= 0.0
        and x_123 >= x_12
        and x_123 >= x_13
        and x_123 >= x_23
    ):
        raise ValueError
    t1 = x_13 + x_23
    t2 = x_12 + x_23
    t3 = x_12 + x_13
    if (
        x_123 >= t1
        and x_123 >= t2
        and x_123 >= t3
    ):
        convex = 1.0
        return _new(Convexity, (convex, "holds"))
    if ((x_123 < t3) or (x_123 < t2) or (x_123 < t1)):
        convex = 0.0
        return _new(Convexity, (convex, "fails"))
    raise ValueError


def _convexity_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (x_12, x_13, x_23, x_123) = inputs
    (t1, t2, t3) = work
    np.add(x_13, x_23, t1)
    x1 = x_123 >= t1
    np.add(x_12, x_23, t2)
    x2 = x_123 >= t2
    np.add(x_12, x_13, t3)
    x3 = x_123 >= t3
    x4 = x_123 < t3
    x5 = x_123 < t2
    x6 = x_123 < t1
    return (
        x1 & x2 & x3,
        ((x4) | (x5) | (x6)),
    )


def _convexity_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (convex,) = outputs
    (x_12, x_13, x_23, x_123) = inputs
    np.copyto(convex, 1.0)


def _convexity_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime fails: every quantity into its row."""
    (convex,) = outputs
    (x_12, x_13, x_23, x_123) = inputs
    np.copyto(convex, 0.0)


# --- core --------------------------------------------------------------------------------------------------------------


class Core(NamedTuple):
    """What `core` returns."""

    core_nonempty: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "fails", "left out by the solution", "outside the domain")


def core(*, x_12: Any, x_13: Any, x_23: Any, x_123: Any, on_invalid: str = "raise") -> Core:
    """core: The core.

    Parameters:
        x_12: surplus of DPM and NP over what they earn alone [10 000 yuan]
        x_13: surplus of DPM and DSE over what they earn alone [10 000 yuan]
        x_23: surplus of NP and DSE over what they earn alone [10 000 yuan]
        x_123: surplus of all three over what they earn alone [10 000 yuan]

    Domain: x_12 >= 0, x_13 >= 0, x_23 >= 0, x_123 >= x_12, x_123 >= x_13, x_123 >= x_23.
    Assumed, not checked here: V_1 >= 0, V_2 >= 0, V_3 >= 0.

    Regime holds, where 2*x_123 >= x_12 + x_13 + x_23:
        core_nonempty = 1

    Regime fails, where 2*x_123 < x_12 + x_13 + x_23:
        core_nonempty = 0
    """
    if not (
        type(x_12) is type(x_13) is type(x_23) is type(x_123)
        is float
    ):
        if not {type(x_12), type(x_13), type(x_23), type(x_123)} <= _NUMBERS:
            return _evaluate(_CORE, (x_12, x_13, x_23, x_123), on_invalid)
        (x_12, x_13, x_23, x_123) = (float(x_12), float(x_13), float(x_23), float(x_123))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _core_scalar(x_12, x_13, x_23, x_123)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_CORE, (x_12, x_13, x_23, x_123), on_invalid)


def _core_scalar(x_12, x_13, x_23, x_123) -> Core:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(x_12 + x_13 + x_23 + x_123)
        and x_12 >= 0.0
        and x_13 >= 0.0
        and x_23 >= 0.0
        and x_123 >= x_12
        and x_123 >= x_13
        and x_123 >= x_23
    ):
        raise ValueError
    t1 = 2.0*x_123
    t2 = x_12 + x_13 + x_23
    if t1 >= t2:
        core_nonempty = 1.0
        return _new(Core, (core_nonempty, "holds"))
    if t1 < t2:
        core_nonempty = 0.0
        return _new(Core, (core_nonempty, "fails"))
    raise ValueError


def _core_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (x_12, x_13, x_23, x_123) = inputs
    (t1, t2) = work
    np.multiply(2.0, x_123, t1)
    np.add(x_12, x_13, t2)
    np.add(t2, x_23, t2)
    x1 = t1 >= t2
    x2 = t1 < t2
    return (
        x1,
        x2,
    )


def _core_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (core_nonempty,) = outputs
    (x_12, x_13, x_23, x_123) = inputs
    np.copyto(core_nonempty, 1.0)


def _core_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime fails: every quantity into its row."""
    (core_nonempty,) = outputs
    (x_12, x_13, x_23, x_123) = inputs
    np.copyto(core_nonempty, 0.0)


# --- shapley_core ------------------------------------------------------------------------------------------------------


class ShapleyCore(NamedTuple):
    """What `shapley_core` returns."""

    shapley_in_core: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "fails", "left out by the solution", "outside the domain")


def shapley_core(*, x_12: Any, x_13: Any, x_23: Any, x_123: Any, on_invalid: str = "raise") -> ShapleyCore:
    """shapley_core: The Shapley value and the core.

    Parameters:
        x_12: surplus of DPM and NP over what they earn alone [10 000 yuan]
        x_13: surplus of DPM and DSE over what they earn alone [10 000 yuan]
        x_23: surplus of NP and DSE over what they earn alone [10 000 yuan]
        x_123: surplus of all three over what they earn alone [10 000 yuan]

    Domain: x_12 >= 0, x_13 >= 0, x_23 >= 0, x_123 >= x_12, x_123 >= x_13, x_123 >= x_23.
    Assumed, not checked here: V_1 >= 0, V_2 >= 0, V_3 >= 0.

    Regime holds, where 4*x_123 >= 4*x_12 + x_13 + x_23, 4*x_123 >= x_12 + 4*x_13 + x_23, 4*x_123 >= x_12 + x_13 +
        4*x_23:
        shapley_in_core = 1

    Regime fails, where (4*x_123 < x_12 + x_13 + 4*x_23) | (4*x_123 < x_12 + 4*x_13 + x_23) | (4*x_123 < 4*x_12 +
        x_13 + x_23):
        shapley_in_core = 0
    """
    if not (
        type(x_12) is type(x_13) is type(x_23) is type(x_123)
        is float
    ):
        if not {type(x_12), type(x_13), type(x_23), type(x_123)} <= _NUMBERS:
            return _evaluate(_SHAPLEY_CORE, (x_12, x_13, x_23, x_123), on_invalid)
        (x_12, x_13, x_23, x_123) = (float(x_12), float(x_13), float(x_23), float(x_123))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _shapley_core_scalar(x_12, x_13, x_23, x_123)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_SHAPLEY_CORE, (x_12, x_13, x_23, x_123), on_invalid)


def _shapley_core_scalar(x_12, x_13, x_23, x_123) -> ShapleyCore:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(x_12 + x_13 + x_23 + x_123)
        and x_12 >= 0.0
        and x_13 >= 0.0
        and x_23 >= 0.0
        and x_123 >= x_12
        and x_123 >= x_13
        and x_123 >= x_23
    ):
        raise ValueError
    t1 = 4.0*x_123
    t2 = x_13 + x_23 + 4.0*x_12
    t3 = x_12 + x_23 + 4.0*x_13
    t4 = x_12 + x_13 + 4.0*x_23
    if (
        t1 >= t2
        and t1 >= t3
        and t1 >= t4
    ):
        shapley_in_core = 1.0
        return _new(ShapleyCore, (shapley_in_core, "holds"))
    if ((t1 < t4) or (t1 < t3) or (t1 < t2)):
        shapley_in_core = 0.0
        return _new(ShapleyCore, (shapley_in_core, "fails"))
    raise ValueError


def _shapley_core_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (x_12, x_13, x_23, x_123) = inputs
    (t1, t2, t3, t4, t5) = work
    np.multiply(4.0, x_123, t1)
    np.add(x_13, x_23, t2)
    np.multiply(4.0, x_12, t3)
    np.add(t2, t3, t3)
    x1 = t1 >= t3
    np.add(x_12, x_23, t2)
    np.multiply(4.0, x_13, t4)
    np.add(t2, t4, t4)
    x2 = t1 >= t4
    np.add(x_12, x_13, t2)
    np.multiply(4.0, x_23, t5)
    np.add(t2, t5, t5)
    x3 = t1 >= t5
    x4 = t1 < t5
    x5 = t1 < t4
    x6 = t1 < t3
    return (
        x1 & x2 & x3,
        ((x4) | (x5) | (x6)),
    )


def _shapley_core_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (shapley_in_core,) = outputs
    (x_12, x_13, x_23, x_123) = inputs
    np.copyto(shapley_in_core, 1.0)


def _shapley_core_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime fails: every quantity into its row."""
    (shapley_in_core,) = outputs
    (x_12, x_13, x_23, x_123) = inputs
    np.copyto(shapley_in_core, 0.0)


# --- revision ----------------------------------------------------------------------------------------------------------


class Revision(NamedTuple):
    """What `revision` returns."""

    phi_1: Any  # payoff of DPM [10 000 yuan]
    phi_2: Any  # payoff of NP [10 000 yuan]
    phi_3: Any  # payoff of DSE [10 000 yuan]
    total: Any  # sum of the payoffs phi_1, phi_2, phi_3 [10 000 yuan]
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("all", "left out by the solution", "outside the domain")


def revision(*, V_1: Any, V_2: Any, V_3: Any, x_12: Any, x_13: Any, x_23: Any, x_123: Any, R_1: Any, R_2: Any,
        on_invalid: str = "raise") -> Revision:
    """revision: Shares revised by weights.

    Parameters:
        V_1: what DPM earns alone [10 000 yuan]
        V_2: what NP earns alone [10 000 yuan]
        V_3: what DSE earns alone [10 000 yuan]
        x_12: surplus of DPM and NP over what they earn alone [10 000 yuan]
        x_13: surplus of DPM and DSE over what they earn alone [10 000 yuan]
        x_23: surplus of NP and DSE over what they earn alone [10 000 yuan]
        x_123: surplus of all three over what they earn alone [10 000 yuan]
        R_1: actual weight of DPM
        R_2: actual weight of NP

    Domain: V_1 >= 0, V_2 >= 0, V_3 >= 0, x_12 >= 0, x_13 >= 0, x_23 >= 0, x_123 >= x_12, x_123 >= x_13, x_123 >=
        x_23, R_1 >= 0, R_2 >= 0, R_1 + R_2 <= 1.

    Regime all:
        phi_1 = V_1 + x_12/6 + x_123/3 + x_13/6 - x_23/3 + (R_1 - 1/3)*(V_1 + V_2 + V_3 + x_123)
        phi_2 = V_2 + x_12/6 + x_123/3 - x_13/3 + x_23/6 + (R_2 - 1/3)*(V_1 + V_2 + V_3 + x_123)
        phi_3 = V_3 - x_12/3 + x_123/3 + x_13/6 + x_23/6 + (2/3 - R_1 - R_2)*(V_1 + V_2 + V_3 + x_123)
    """
    if not (
        type(V_1) is type(V_2) is type(V_3) is type(x_12) is type(x_13) is type(x_23)
        is type(x_123) is type(R_1) is type(R_2)
        is float
    ):
        if not {type(V_1), type(V_2), type(V_3), type(x_12), type(x_13), type(x_23), type(x_123), type(R_1),
                type(R_2)} <= _NUMBERS:
            return _evaluate(_REVISION, (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2), on_invalid)
        (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) = (float(V_1), float(V_2), float(V_3), float(x_12), float(x_13),
                float(x_23), float(x_123), float(R_1), float(R_2))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _revision_scalar(V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_REVISION, (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2), on_invalid)


def _revision_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) = inputs
    (t1,) = work
    np.add(R_1, R_2, t1)
    x1 = t1 <= 1.0
    return (
        ("V_1 >= 0", V_1 >= 0.0),
        ("V_1 is finite", np.isfinite(V_1)),
        ("V_2 >= 0", V_2 >= 0.0),
        ("V_2 is finite", np.isfinite(V_2)),
        ("V_3 >= 0", V_3 >= 0.0),
        ("V_3 is finite", np.isfinite(V_3)),
        ("x_12 >= 0", x_12 >= 0.0),
        ("x_12 is finite", np.isfinite(x_12)),
        ("x_13 >= 0", x_13 >= 0.0),
        ("x_13 is finite", np.isfinite(x_13)),
        ("x_23 >= 0", x_23 >= 0.0),
        ("x_23 is finite", np.isfinite(x_23)),
        ("x_123 >= x_12", x_123 >= x_12),
        ("x_123 is finite", np.isfinite(x_123)),
        ("x_123 >= x_13", x_123 >= x_13),
        ("x_123 >= x_23", x_123 >= x_23),
        ("R_1 >= 0", R_1 >= 0.0),
        ("R_1 is finite", np.isfinite(R_1)),
        ("R_2 >= 0", R_2 >= 0.0),
        ("R_2 is finite", np.isfinite(R_2)),
        ("R_1 + R_2 <= 1", x1),
    )


def _revision_scalar(V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) -> Revision:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(V_1 + V_2 + V_3 + x_12 + x_13 + x_23 + x_123 + R_1 + R_2)
        and V_1 >= 0.0
        and V_2 >= 0.0
        and V_3 >= 0.0
        and x_12 >= 0.0
        and x_13 >= 0.0
        and x_23 >= 0.0
        and x_123 >= x_12
        and x_123 >= x_13
        and x_123 >= x_23
        and R_1 >= 0.0
        and R_2 >= 0.0
        and R_1 + R_2 <= 1.0
    ):
        raise ValueError
    t1 = x_123/3.0
    t2 = x_12/6.0
    t3 = x_13/6.0
    t4 = V_1 + V_2 + V_3 + x_123
    phi_1 = V_1 + t1 + t2 + t3 - x_23/3.0 + (R_1 - 0.3333333333333333)*t4
    t5 = x_23/6.0
    phi_2 = V_2 + t1 + t2 + t5 - x_13/3.0 + (R_2 - 0.3333333333333333)*t4
    phi_3 = V_3 + t1 + t3 + t5 - x_12/3.0 + (0.6666666666666666 - R_1 - R_2)*t4
    total = phi_1 + phi_2 + phi_3
    return _new(Revision, (phi_1, phi_2, phi_3, total, "all"))


def _revision_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _revision_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime all: every quantity into its row."""
    (phi_1, phi_2, phi_3, total) = outputs
    (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) = inputs
    (t1, t2, t3, t4, t5, t6) = work
    np.divide(x_123, 3.0, t1)
    np.add(V_1, t1, t2)
    np.divide(x_12, 6.0, t3)
    np.add(t2, t3, t2)
    np.divide(x_13, 6.0, t4)
    np.add(t2, t4, t2)
    np.divide(x_23, 3.0, t5)
    np.subtract(t2, t5, t5)
    np.subtract(R_1, 0.3333333333333333, t2)
    np.add(V_1, V_2, t6)
    np.add(t6, V_3, t6)
    np.add(t6, x_123, t6)
    np.multiply(t2, t6, t2)
    np.add(t5, t2, phi_1)
    np.add(V_2, t1, t2)
    np.add(t2, t3, t3)
    np.divide(x_23, 6.0, t2)
    np.add(t3, t2, t3)
    np.divide(x_13, 3.0, t5)
    np.subtract(t3, t5, t5)
    np.subtract(R_2, 0.3333333333333333, t3)
    np.multiply(t3, t6, t3)
    np.add(t5, t3, phi_2)
    np.add(V_3, t1, t1)
    np.add(t1, t4, t4)
    np.add(t4, t2, t2)
    np.divide(x_12, 3.0, t4)
    np.subtract(t2, t4, t4)
    np.subtract(0.6666666666666666, R_1, t2)
    np.subtract(t2, R_2, t2)
    np.multiply(t2, t6, t6)
    np.add(t4, t6, phi_3)
    np.add(phi_1, phi_2, t6)
    np.add(t6, phi_3, total)


# --- revision_core -----------------------------------------------------------------------------------------------------


class RevisionCore(NamedTuple):
    """What `revision_core` returns."""

    revision_in_core: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("holds", "fails", "left out by the solution", "outside the domain")


def revision_core(*, V_1: Any, V_2: Any, V_3: Any, x_12: Any, x_13: Any, x_23: Any, x_123: Any, R_1: Any, R_2: Any,
        on_invalid: str = "raise") -> RevisionCore:
    """revision_core: Core-stable weights.

    Parameters:
        V_1: what DPM earns alone [10 000 yuan]
        V_2: what NP earns alone [10 000 yuan]
        V_3: what DSE earns alone [10 000 yuan]
        x_12: surplus of DPM and NP over what they earn alone [10 000 yuan]
        x_13: surplus of DPM and DSE over what they earn alone [10 000 yuan]
        x_23: surplus of NP and DSE over what they earn alone [10 000 yuan]
        x_123: surplus of all three over what they earn alone [10 000 yuan]
        R_1: actual weight of DPM
        R_2: actual weight of NP

    Domain: V_1 >= 0, V_2 >= 0, V_3 >= 0, x_12 >= 0, x_13 >= 0, x_23 >= 0, x_123 >= x_12, x_123 >= x_13, x_123 >=
        x_23, R_1 >= 0, R_2 >= 0, R_1 + R_2 <= 1.

    Regime holds, where (R_1 - 1/3)*(V_1 + V_2 + V_3 + x_123) >= -x_12/6 - x_123/3 - x_13/6 + x_23/3, (R_2 -
        1/3)*(V_1 + V_2 + V_3 + x_123) >= -x_12/6 - x_123/3 + x_13/3 - x_23/6, (-R_1 - R_2 + 2/3)*(V_1 + V_2 + V_3 +
        x_123) >= x_12/3 - x_123/3 - x_13/6 - x_23/6, (R_1 + R_2 - 2/3)*(V_1 + V_2 + V_3 + x_123) >= 2*x_12/3 -
        2*x_123/3 + x_13/6 + x_23/6, (1/3 - R_2)*(V_1 + V_2 + V_3 + x_123) >= x_12/6 - 2*x_123/3 + 2*x_13/3 +
        x_23/6, (1/3 - R_1)*(V_1 + V_2 + V_3 + x_123) >= x_12/6 - 2*x_123/3 + x_13/6 + 2*x_23/3:
        revision_in_core = 1

    Regime fails, where ((R_1 - 1/3)*(V_1 + V_2 + V_3 + x_123) < -x_12/6 - x_123/3 - x_13/6 + x_23/3) | ((R_2 -
        1/3)*(V_1 + V_2 + V_3 + x_123) < -x_12/6 - x_123/3 + x_13/3 - x_23/6) | ((R_1 + R_2 - 2/3)*(V_1 + V_2 + V_3
        + x_123) < 2*x_12/3 - 2*x_123/3 + x_13/6 + x_23/6) | ((1/3 - R_1)*(V_1 + V_2 + V_3 + x_123) < x_12/6 -
        2*x_123/3 + x_13/6 + 2*x_23/3) | ((1/3 - R_2)*(V_1 + V_2 + V_3 + x_123) < x_12/6 - 2*x_123/3 + 2*x_13/3 +
        x_23/6) | ((-R_1 - R_2 + 2/3)*(V_1 + V_2 + V_3 + x_123) < x_12/3 - x_123/3 - x_13/6 - x_23/6):
        revision_in_core = 0
    """
    if not (
        type(V_1) is type(V_2) is type(V_3) is type(x_12) is type(x_13) is type(x_23)
        is type(x_123) is type(R_1) is type(R_2)
        is float
    ):
        if not {type(V_1), type(V_2), type(V_3), type(x_12), type(x_13), type(x_23), type(x_123), type(R_1),
                type(R_2)} <= _NUMBERS:
            return _evaluate(_REVISION_CORE, (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2), on_invalid)
        (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) = (float(V_1), float(V_2), float(V_3), float(x_12), float(x_13),
                float(x_23), float(x_123), float(R_1), float(R_2))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _revision_core_scalar(V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_REVISION_CORE, (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2), on_invalid)


def _revision_core_scalar(V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) -> RevisionCore:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(V_1 + V_2 + V_3 + x_12 + x_13 + x_23 + x_123 + R_1 + R_2)
        and V_1 >= 0.0
        and V_2 >= 0.0
        and V_3 >= 0.0
        and x_12 >= 0.0
        and x_13 >= 0.0
        and x_23 >= 0.0
        and x_123 >= x_12
        and x_123 >= x_13
        and x_123 >= x_23
        and R_1 >= 0.0
        and R_2 >= 0.0
        and R_1 + R_2 <= 1.0
    ):
        raise ValueError
    t1 = V_1 + V_2 + V_3 + x_123
    t2 = (R_1 - 0.3333333333333333)*t1
    t3 = x_123/3.0
    t4 = x_12/6.0
    t5 = x_13/6.0
    t6 = x_23/3.0 - t3 - t4 - t5
    t7 = (R_2 - 0.3333333333333333)*t1
    t8 = x_23/6.0
    t9 = x_13/3.0 - t3 - t4 - t8
    t10 = (0.6666666666666666 - R_1 - R_2)*t1
    t11 = x_12/3.0 - t3 - t5 - t8
    t12 = -t10
    t13 = 2.0/3.0
    t14 = x_123*t13
    t15 = t5 + t8 + x_12*t13 - t14
    t16 = -t7
    t17 = t4 + t8 + x_13*t13 - t14
    t18 = -t2
    t19 = t4 + t5 + x_23*t13 - t14
    if (
        t2 >= t6
        and t7 >= t9
        and t10 >= t11
        and t12 >= t15
        and t16 >= t17
        and t18 >= t19
    ):
        revision_in_core = 1.0
        return _new(RevisionCore, (revision_in_core, "holds"))
    if ((t18 < t19) or (t16 < t17) or (t2 < t6) or (t7 < t9) or (t10 < t11) or (t12 < t15)):
        revision_in_core = 0.0
        return _new(RevisionCore, (revision_in_core, "fails"))
    raise ValueError


def _revision_core_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15) = work
    np.subtract(R_1, 0.3333333333333333, t1)
    np.add(V_1, V_2, t2)
    np.add(t2, V_3, t2)
    np.add(t2, x_123, t2)
    np.multiply(t1, t2, t1)
    np.divide(x_23, 3.0, t3)
    np.divide(x_123, 3.0, t4)
    np.subtract(t3, t4, t3)
    np.divide(x_12, 6.0, t5)
    np.subtract(t3, t5, t3)
    np.divide(x_13, 6.0, t6)
    np.subtract(t3, t6, t3)
    x1 = t1 >= t3
    np.subtract(R_2, 0.3333333333333333, t7)
    np.multiply(t7, t2, t7)
    np.divide(x_13, 3.0, t8)
    np.subtract(t8, t4, t8)
    np.subtract(t8, t5, t8)
    np.divide(x_23, 6.0, t9)
    np.subtract(t8, t9, t8)
    x2 = t7 >= t8
    np.subtract(0.6666666666666666, R_1, t10)
    np.subtract(t10, R_2, t10)
    np.multiply(t10, t2, t2)
    np.divide(x_12, 3.0, t10)
    np.subtract(t10, t4, t4)
    np.subtract(t4, t6, t4)
    np.subtract(t4, t9, t4)
    x3 = t2 >= t4
    np.negative(t2, t10)
    np.add(t6, t9, t11)
    np.divide(2.0, 3.0, t12)
    np.multiply(x_12, t12, t13)
    np.add(t11, t13, t13)
    np.multiply(x_123, t12, t11)
    np.subtract(t13, t11, t13)
    x4 = t10 >= t13
    np.negative(t7, t14)
    np.add(t5, t9, t9)
    np.multiply(x_13, t12, t15)
    np.add(t9, t15, t15)
    np.subtract(t15, t11, t15)
    x5 = t14 >= t15
    np.negative(t1, t9)
    np.add(t5, t6, t6)
    np.multiply(x_23, t12, t12)
    np.add(t6, t12, t12)
    np.subtract(t12, t11, t11)
    x6 = t9 >= t11
    x7 = t9 < t11
    x8 = t14 < t15
    x9 = t1 < t3
    x10 = t7 < t8
    x11 = t2 < t4
    x12 = t10 < t13
    return (
        x1 & x2 & x3 & x4 & x5 & x6,
        ((x7) | (x8) | (x9) | (x10) | (x11) | (x12)),
    )


def _revision_core_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime holds: every quantity into its row."""
    (revision_in_core,) = outputs
    (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) = inputs
    np.copyto(revision_in_core, 1.0)


def _revision_core_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime fails: every quantity into its row."""
    (revision_in_core,) = outputs
    (V_1, V_2, V_3, x_12, x_13, x_23, x_123, R_1, R_2) = inputs
    np.copyto(revision_in_core, 0.0)


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
    ("V_1", "V_2", "V_3", "x_12", "x_13", "x_23", "x_123"),
    Shapley,
    (0, 1, 2, 3, 4, 5, 6, 6),
    _shapley_scalar,
    (_shapley_domain, 0),
    (_shapley_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5, 6),
    (
        (_shapley_block, 5),
    ),
)

_SUPERADDITIVITY = _Protocol(
    "superadditivity",
    (),
    Superadditivity,
    (0,),
    _superadditivity_scalar,
    (_superadditivity_domain, 0),
    (_superadditivity_where, 0),
    (None, 0, 0),
    (),
    (
        (_superadditivity_block, 0),
    ),
)

_CONVEXITY = _Protocol(
    "convexity",
    ("x_12", "x_13", "x_23", "x_123"),
    Convexity,
    (0,),
    _convexity_scalar,
    (_convexity_domain, 0),
    (_convexity_where, 3),
    (None, 0, 0),
    (),
    (
        (_convexity_block1, 0),
        (_convexity_block2, 0),
    ),
)

_CORE = _Protocol(
    "core",
    ("x_12", "x_13", "x_23", "x_123"),
    Core,
    (0,),
    _core_scalar,
    (_convexity_domain, 0),
    (_core_where, 2),
    (None, 0, 0),
    (),
    (
        (_core_block1, 0),
        (_core_block2, 0),
    ),
)

_SHAPLEY_CORE = _Protocol(
    "shapley_core",
    ("x_12", "x_13", "x_23", "x_123"),
    ShapleyCore,
    (0,),
    _shapley_core_scalar,
    (_convexity_domain, 0),
    (_shapley_core_where, 5),
    (None, 0, 0),
    (),
    (
        (_shapley_core_block1, 0),
        (_shapley_core_block2, 0),
    ),
)

_REVISION = _Protocol(
    "revision",
    ("V_1", "V_2", "V_3", "x_12", "x_13", "x_23", "x_123", "R_1", "R_2"),
    Revision,
    (0, 1, 2, 3),
    _revision_scalar,
    (_revision_domain, 1),
    (_revision_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5, 6, 7, 8),
    (
        (_revision_block, 6),
    ),
)

_REVISION_CORE = _Protocol(
    "revision_core",
    ("V_1", "V_2", "V_3", "x_12", "x_13", "x_23", "x_123", "R_1", "R_2"),
    RevisionCore,
    (0,),
    _revision_core_scalar,
    (_revision_domain, 1),
    (_revision_core_where, 15),
    (None, 0, 0),
    (),
    (
        (_revision_core_block1, 0),
        (_revision_core_block2, 0),
    ),
)

PROTOCOLS = {
    "shapley": shapley,
    "superadditivity": superadditivity,
    "convexity": convexity,
    "core": core,
    "shapley_core": shapley_core,
    "revision": revision,
    "revision_core": revision_core,
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
