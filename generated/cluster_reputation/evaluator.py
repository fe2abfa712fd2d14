"""cluster_reputation: Information sharing as a repeated prisoner's dilemma with reputation

Source: Cooperation of a service supply chain on a collaborative-commerce platform: a reputation model of information
    sharing and the division of the benefit. David M. Kreps, Paul Milgrom, John Roberts, Robert Wilson (1982).
    Rational cooperation in the finitely repeated prisoners' dilemma. Journal of Economic Theory 27(2),
    245-252.

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

__all__ = ["one_shot", "grim_trigger", "tit_for_tat_nash", "tit_for_tat_perfect", "punish_two", "one_stage", "two_stages",
        "three_stages", "four_stages", "one_sided_tit_for_tat", "two_sided_tit_for_tat", "two_sided_trigger", "division",
        "PARAMETERS", "PROTOCOLS", "UNITS"]

PARAMETERS = {
    "T_t": "payoff of refusing while the other shares",
    "R": "payoff of mutual sharing",
    "P": "payoff of mutual refusal",
    "S": "payoff of sharing while the other refuses",
    "delta": "discount factor",
    "p": "prior probability that a firm is committed",
    "T": "number of stages",
    "B": "benefit of the platform",
    "w_I": "weight of fixed investment",
    "w_E": "weight of effort",
    "w_S": "weight of actual sharing",
    "w_R": "weight of risk",
    "I_1": "fixed investment of firm 1",
    "I_2": "fixed investment of firm 2",
    "E_1": "effort of firm 1",
    "E_2": "effort of firm 2",
    "s_1": "information actually shared by firm 1",
    "s_2": "information actually shared by firm 2",
    "r_1": "risk borne by firm 1",
    "r_2": "risk borne by firm 2",
}

UNITS: dict[str, str] = {
}


# --- one_shot ----------------------------------------------------------------------------------------------------------


class OneShot(NamedTuple):
    """What `one_shot` returns."""

    v_1: Any
    v_2: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("dominant actions", "left out by the solution", "outside the domain")


def one_shot(*, T_t: Any, R: Any, P: Any, S: Any, on_invalid: str = "raise") -> OneShot:
    """one_shot: Sharing information once.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R.
    Assumed, not checked here: delta > 0, delta < 1, p > 0, p < 1, T >= 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R >
        0, I_1 > 0, I_2 > 0, E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime dominant actions:
        v_1 = P
        v_2 = P
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S)} <= _NUMBERS:
            return _evaluate(_ONE_SHOT, (T_t, R, P, S), on_invalid)
        (T_t, R, P, S) = (float(T_t), float(R), float(P), float(S))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _one_shot_scalar(T_t, R, P, S)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_ONE_SHOT, (T_t, R, P, S), on_invalid)


def _one_shot_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (T_t, R, P, S) = inputs
    (t1, t2) = work
    np.add(S, T_t, t1)
    np.multiply(2.0, R, t2)
    x1 = t1 < t2
    return (
        ("T_t > R", T_t > R),
        ("T_t is finite", np.isfinite(T_t)),
        ("R is finite", np.isfinite(R)),
        ("R > P", R > P),
        ("P is finite", np.isfinite(P)),
        ("P > S", P > S),
        ("S is finite", np.isfinite(S)),
        ("S + T_t < 2*R", x1),
    )


def _one_shot_scalar(T_t, R, P, S) -> OneShot:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
    ):
        raise ValueError
    v_1 = P
    v_2 = P
    return _new(OneShot, (v_1, v_2, "dominant actions"))


def _one_shot_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _one_shot_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime dominant actions: every quantity into its row."""
    (v_1,) = outputs
    (T_t, R, P, S) = inputs
    np.copyto(v_1, P)


# --- grim_trigger ------------------------------------------------------------------------------------------------------


class GrimTrigger(NamedTuple):
    """What `grim_trigger` returns."""

    delta_star: Any
    e: Any
    v_1: Any
    v_2: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("equilibrium", "not an equilibrium", "left out by the solution", "outside the domain")


def grim_trigger(*, T_t: Any, R: Any, P: Any, S: Any, delta: Any, on_invalid: str = "raise") -> GrimTrigger:
    """grim_trigger: Grim trigger.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        delta: discount factor

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, delta > 0, delta < 1.
    Assumed, not checked here: p > 0, p < 1, T >= 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0,
        E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime equilibrium, where delta >= (-R + T_t)/(-P + T_t):
        delta_star = (T_t - R)/(T_t - P) [grim trigger]
        e = 1
        v_1 = R/(1 - delta)
        v_2 = R/(1 - delta)

    Regime not an equilibrium, where delta < (-R + T_t)/(-P + T_t):
        delta_star = (T_t - R)/(T_t - P) [grim trigger]
        e = 0
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(delta)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(delta)} <= _NUMBERS:
            return _evaluate(_GRIM_TRIGGER, (T_t, R, P, S, delta), on_invalid)
        (T_t, R, P, S, delta) = (float(T_t), float(R), float(P), float(S), float(delta))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _grim_trigger_scalar(T_t, R, P, S, delta)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_GRIM_TRIGGER, (T_t, R, P, S, delta), on_invalid)


def _grim_trigger_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    np.add(S, T_t, t1)
    np.multiply(2.0, R, t2)
    x1 = t1 < t2
    return (
        ("T_t > R", T_t > R),
        ("T_t is finite", np.isfinite(T_t)),
        ("R is finite", np.isfinite(R)),
        ("R > P", R > P),
        ("P is finite", np.isfinite(P)),
        ("P > S", P > S),
        ("S is finite", np.isfinite(S)),
        ("S + T_t < 2*R", x1),
        ("delta > 0", delta > 0.0),
        ("delta is finite", np.isfinite(delta)),
        ("delta < 1", delta < 1.0),
    )


def _grim_trigger_scalar(T_t, R, P, S, delta) -> GrimTrigger:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + delta)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and delta > 0.0
        and delta < 1.0
    ):
        raise ValueError
    t1 = (T_t - R)/(T_t - P)
    if delta >= t1:
        delta_star = (T_t - R)/(T_t - P)
        v_1 = R/(1.0 - delta)
        e = 1.0
        v_2 = v_1
        return _new(GrimTrigger, (delta_star, e, v_1, v_2, "equilibrium"))
    if delta < t1:
        delta_star = (T_t - R)/(T_t - P)
        e = 0.0
        v_1 = math.nan
        v_2 = math.nan
        return _new(GrimTrigger, (delta_star, e, v_1, v_2, "not an equilibrium"))
    raise ValueError


def _grim_trigger_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    np.subtract(T_t, R, t1)
    np.subtract(T_t, P, t2)
    np.divide(t1, t2, t2)
    x1 = delta >= t2
    x2 = delta < t2
    return (
        x1,
        x2,
    )


def _grim_trigger_common(inputs: Any, outputs: Any, work: Any) -> None:
    """What is the same in all regimes: every quantity into its row."""
    (delta_star,) = outputs
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    np.subtract(T_t, R, t1)
    np.subtract(T_t, P, t2)
    np.divide(t1, t2, delta_star)


def _grim_trigger_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime equilibrium: every quantity into its row."""
    (e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    (t1,) = work
    np.subtract(1.0, delta, t1)
    np.divide(R, t1, v_1)
    np.copyto(e, 1.0)
    np.copyto(v_2, v_1)


def _grim_trigger_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium: every quantity into its row."""
    (e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    np.copyto(e, 0.0)
    np.copyto(v_1, math.nan)
    np.copyto(v_2, math.nan)


# --- tit_for_tat_nash --------------------------------------------------------------------------------------------------


class TitForTatNash(NamedTuple):
    """What `tit_for_tat_nash` returns."""

    delta_star: Any
    e: Any
    v_1: Any
    v_2: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("equilibrium (S + T_t >= P + R)", "not an equilibrium (S + T_t >= P + R)", "equilibrium (S + T_t < P + R)",
            "not an equilibrium (S + T_t < P + R)", "left out by the solution", "outside the domain")


def tit_for_tat_nash(*, T_t: Any, R: Any, P: Any, S: Any, delta: Any, on_invalid: str = "raise") -> TitForTatNash:
    """tit_for_tat_nash: Tit-for-tat as a Nash equilibrium.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        delta: discount factor

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, delta > 0, delta < 1.
    Assumed, not checked here: p > 0, p < 1, T >= 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0,
        E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime equilibrium (S + T_t >= P + R), where S + T_t >= P + R, delta >= (-R + T_t)/(R - S):
        delta_star = (T_t - R)/(R - S)
        e = 1
        v_1 = R/(1 - delta)
        v_2 = R/(1 - delta)

    Regime not an equilibrium (S + T_t >= P + R), where S + T_t >= P + R, delta < (-R + T_t)/(R - S):
        delta_star = (T_t - R)/(R - S)
        e = 0

    Regime equilibrium (S + T_t < P + R), where S + T_t < P + R, delta >= (-R + T_t)/(-P + T_t):
        delta_star = (T_t - R)/(T_t - P)
        e = 1
        v_1 = R/(1 - delta)
        v_2 = R/(1 - delta)

    Regime not an equilibrium (S + T_t < P + R), where S + T_t < P + R, delta < (-R + T_t)/(-P + T_t):
        delta_star = (T_t - R)/(T_t - P)
        e = 0
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(delta)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(delta)} <= _NUMBERS:
            return _evaluate(_TIT_FOR_TAT_NASH, (T_t, R, P, S, delta), on_invalid)
        (T_t, R, P, S, delta) = (float(T_t), float(R), float(P), float(S), float(delta))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _tit_for_tat_nash_scalar(T_t, R, P, S, delta)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_TIT_FOR_TAT_NASH, (T_t, R, P, S, delta), on_invalid)


def _tit_for_tat_nash_scalar(T_t, R, P, S, delta) -> TitForTatNash:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + delta)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and delta > 0.0
        and delta < 1.0
    ):
        raise ValueError
    t1 = S + T_t
    t2 = P + R
    t3 = T_t - R
    t4 = t3/(R - S)
    if (
        t1 >= t2
        and delta >= t4
    ):
        delta_star = (T_t - R)/(R - S)
        v_1 = R/(1.0 - delta)
        e = 1.0
        v_2 = v_1
        return _new(TitForTatNash, (delta_star, e, v_1, v_2, "equilibrium (S + T_t >= P + R)"))
    if (
        t1 >= t2
        and delta < t4
    ):
        delta_star = (T_t - R)/(R - S)
        e = 0.0
        v_1 = math.nan
        v_2 = math.nan
        return _new(TitForTatNash, (delta_star, e, v_1, v_2, "not an equilibrium (S + T_t >= P + R)"))
    t5 = t3/(T_t - P)
    if (
        t1 < t2
        and delta >= t5
    ):
        delta_star = (T_t - R)/(T_t - P)
        v_1 = R/(1.0 - delta)
        e = 1.0
        v_2 = v_1
        return _new(TitForTatNash, (delta_star, e, v_1, v_2, "equilibrium (S + T_t < P + R)"))
    if (
        t1 < t2
        and delta < t5
    ):
        delta_star = (T_t - R)/(T_t - P)
        e = 0.0
        v_1 = math.nan
        v_2 = math.nan
        return _new(TitForTatNash, (delta_star, e, v_1, v_2, "not an equilibrium (S + T_t < P + R)"))
    raise ValueError


def _tit_for_tat_nash_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (T_t, R, P, S, delta) = inputs
    (t1, t2, t3, t4) = work
    np.add(S, T_t, t1)
    np.add(P, R, t2)
    x1 = t1 >= t2
    np.subtract(T_t, R, t3)
    np.subtract(R, S, t4)
    np.divide(t3, t4, t4)
    x2 = delta >= t4
    x3 = delta < t4
    x4 = t1 < t2
    np.subtract(T_t, P, t2)
    np.divide(t3, t2, t2)
    x5 = delta >= t2
    x6 = delta < t2
    return (
        x1 & x2,
        x1 & x3,
        x4 & x5,
        x4 & x6,
    )


def _tit_for_tat_nash_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime equilibrium (S + T_t >= P + R): every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    np.subtract(T_t, R, t1)
    np.subtract(R, S, t2)
    np.divide(t1, t2, delta_star)
    np.subtract(1.0, delta, t2)
    np.divide(R, t2, v_1)
    np.copyto(e, 1.0)
    np.copyto(v_2, v_1)


def _tit_for_tat_nash_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium (S + T_t >= P + R): every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    np.subtract(T_t, R, t1)
    np.subtract(R, S, t2)
    np.divide(t1, t2, delta_star)
    np.copyto(e, 0.0)
    np.copyto(v_1, math.nan)
    np.copyto(v_2, math.nan)


def _tit_for_tat_nash_block3(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime equilibrium (S + T_t < P + R): every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    np.subtract(T_t, R, t1)
    np.subtract(T_t, P, t2)
    np.divide(t1, t2, delta_star)
    np.subtract(1.0, delta, t2)
    np.divide(R, t2, v_1)
    np.copyto(e, 1.0)
    np.copyto(v_2, v_1)


def _tit_for_tat_nash_block4(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium (S + T_t < P + R): every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    np.subtract(T_t, R, t1)
    np.subtract(T_t, P, t2)
    np.divide(t1, t2, delta_star)
    np.copyto(e, 0.0)
    np.copyto(v_1, math.nan)
    np.copyto(v_2, math.nan)


# --- tit_for_tat_perfect -----------------------------------------------------------------------------------------------


class TitForTatPerfect(NamedTuple):
    """What `tit_for_tat_perfect` returns."""

    delta_star: Any
    e: Any
    v_1: Any
    v_2: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("equilibrium", "not an equilibrium, 1", "not an equilibrium, 2", "left out by the solution",
            "outside the domain")


def tit_for_tat_perfect(*, T_t: Any, R: Any, P: Any, S: Any, delta: Any, on_invalid: str = "raise") -> TitForTatPerfect:
    """tit_for_tat_perfect: Tit-for-tat as a subgame-perfect equilibrium.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        delta: discount factor

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, delta > 0, delta < 1.
    Assumed, not checked here: p > 0, p < 1, T >= 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0,
        E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime equilibrium, where Eq(S + T_t, P + R), Eq(delta, (-R + T_t)/(R - S)):
        delta_star = (T_t - R)/(R - S)
        e = 1
        v_1 = R/(1 - delta)
        v_2 = R/(1 - delta)

    Regime not an equilibrium, 1, where Ne(S + T_t, P + R):
        e = 0

    Regime not an equilibrium, 2, where Eq(S + T_t, P + R), Ne(delta, (-R + T_t)/(R - S)):
        e = 0
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(delta)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(delta)} <= _NUMBERS:
            return _evaluate(_TIT_FOR_TAT_PERFECT, (T_t, R, P, S, delta), on_invalid)
        (T_t, R, P, S, delta) = (float(T_t), float(R), float(P), float(S), float(delta))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _tit_for_tat_perfect_scalar(T_t, R, P, S, delta)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_TIT_FOR_TAT_PERFECT, (T_t, R, P, S, delta), on_invalid)


def _tit_for_tat_perfect_scalar(T_t, R, P, S, delta) -> TitForTatPerfect:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + delta)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and delta > 0.0
        and delta < 1.0
    ):
        raise ValueError
    t1 = S + T_t
    t2 = P + R
    t3 = (T_t - R)/(R - S)
    if (
        t1 == t2
        and delta == t3
    ):
        delta_star = (T_t - R)/(R - S)
        v_1 = R/(1.0 - delta)
        e = 1.0
        v_2 = v_1
        return _new(TitForTatPerfect, (delta_star, e, v_1, v_2, "equilibrium"))
    if t1 != t2:
        e = 0.0
        delta_star = math.nan
        v_1 = math.nan
        v_2 = math.nan
        return _new(TitForTatPerfect, (delta_star, e, v_1, v_2, "not an equilibrium, 1"))
    if (
        t1 == t2
        and delta != t3
    ):
        e = 0.0
        delta_star = math.nan
        v_1 = math.nan
        v_2 = math.nan
        return _new(TitForTatPerfect, (delta_star, e, v_1, v_2, "not an equilibrium, 2"))
    raise ValueError


def _tit_for_tat_perfect_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (T_t, R, P, S, delta) = inputs
    (t1, t2, t3, t4) = work
    np.add(S, T_t, t1)
    np.add(P, R, t2)
    x1 = t1 == t2
    np.subtract(T_t, R, t3)
    np.subtract(R, S, t4)
    np.divide(t3, t4, t4)
    x2 = delta == t4
    x3 = t1 != t2
    x4 = delta != t4
    return (
        x1 & x2,
        x3,
        x1 & x4,
    )


def _tit_for_tat_perfect_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime equilibrium: every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    np.subtract(T_t, R, t1)
    np.subtract(R, S, t2)
    np.divide(t1, t2, delta_star)
    np.subtract(1.0, delta, t2)
    np.divide(R, t2, v_1)
    np.copyto(e, 1.0)
    np.copyto(v_2, v_1)


def _tit_for_tat_perfect_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium, 1: every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    np.copyto(e, 0.0)
    np.copyto(delta_star, math.nan)
    np.copyto(v_1, math.nan)
    np.copyto(v_2, math.nan)


def _tit_for_tat_perfect_block3(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium, 2: every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    np.copyto(e, 0.0)
    np.copyto(delta_star, math.nan)
    np.copyto(v_1, math.nan)
    np.copyto(v_2, math.nan)


# --- punish_two --------------------------------------------------------------------------------------------------------


class PunishTwo(NamedTuple):
    """What `punish_two` returns."""

    delta_star: Any
    e: Any
    v_1: Any
    v_2: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("equilibrium", "not an equilibrium, 1", "not an equilibrium, 2", "left out by the solution",
            "outside the domain")


def punish_two(*, T_t: Any, R: Any, P: Any, S: Any, delta: Any, on_invalid: str = "raise") -> PunishTwo:
    """punish_two: Punishment of two periods.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        delta: discount factor

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, delta > 0, delta < 1.
    Assumed, not checked here: p > 0, p < 1, T >= 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0,
        E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime equilibrium, where 3*R > 2*P + T_t, delta >= delta_star:
        delta_star: the root between 0 and 1 of 0 = -P*delta_star**2 - P*delta_star + R*delta_star**2 + R*delta_star
            + R - T_t
        e = 1
        v_1 = R/(1 - delta)
        v_2 = R/(1 - delta)

    Regime not an equilibrium, 1, where 3*R <= 2*P + T_t:
        e = 0

    Regime not an equilibrium, 2, where 3*R > 2*P + T_t, delta < delta_star:
        delta_star: the root between 0 and 1 of 0 = -P*delta_star**2 - P*delta_star + R*delta_star**2 + R*delta_star
            + R - T_t
        e = 0
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(delta)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(delta)} <= _NUMBERS:
            return _evaluate(_PUNISH_TWO, (T_t, R, P, S, delta), on_invalid)
        (T_t, R, P, S, delta) = (float(T_t), float(R), float(P), float(S), float(delta))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _punish_two_scalar(T_t, R, P, S, delta)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_PUNISH_TWO, (T_t, R, P, S, delta), on_invalid)


def _punish_two_delta_star(_low, _high, T_t, R, P) -> float:
    """The root between `_low` and `_high`: Newton's method, or half the way to the end that it leads beyond."""
    t1 = R - T_t
    delta_star = _low + 0.5*(_high - _low)
    try:
        for _ in _STEPS:
            t2 = delta_star*delta_star
            _value = t1 + R*delta_star + R*t2 - P*delta_star - P*t2
            t3 = delta_star + delta_star
            _slope = R + t3*R - P - t3*P
            _step = _value/_slope
            _next = delta_star - _step
            if not _low < _next < _high:
                delta_star = _middle(*((delta_star, _high) if _step < 0.0 else (_low, delta_star)))
            elif _step*_step < 4e-17*_next*_next and (_step or not _value):
                return _next  # the error is of the order of the step squared
            else:
                delta_star = _next
    except (ArithmeticError, ValueError):
        pass
    return _root(_punish_two_delta_star_residual, _low, _high, 1, (T_t, R, P))


def _punish_two_delta_star_residual(delta_star, T_t, R, P) -> tuple[Any, Any]:
    """For arrays: zero at the root; second, the slope."""
    t1 = delta_star*delta_star
    _value = R - T_t + R*delta_star + R*t1 - P*delta_star - P*t1
    t2 = delta_star + delta_star
    _slope = R + t2*R - P - t2*P
    return _value, _slope


def _punish_two_scalar(T_t, R, P, S, delta) -> PunishTwo:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + delta)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and delta > 0.0
        and delta < 1.0
    ):
        raise ValueError
    delta_star = _punish_two_delta_star(0.0, 1.0, T_t, R, P)
    t1 = 3.0*R
    t2 = T_t + 2.0*P
    if (
        t1 > t2
        and delta >= delta_star
    ):
        v_1 = R/(1.0 - delta)
        e = 1.0
        v_2 = v_1
        return _new(PunishTwo, (delta_star, e, v_1, v_2, "equilibrium"))
    if t1 <= t2:
        e = 0.0
        delta_star = math.nan
        v_1 = math.nan
        v_2 = math.nan
        return _new(PunishTwo, (delta_star, e, v_1, v_2, "not an equilibrium, 1"))
    if (
        t1 > t2
        and delta < delta_star
    ):
        e = 0.0
        v_1 = math.nan
        v_2 = math.nan
        return _new(PunishTwo, (delta_star, e, v_1, v_2, "not an equilibrium, 2"))
    raise ValueError


def _punish_two_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (T_t, R, P, S, delta) = inputs
    (t1, t2) = work
    delta_star = _roots(_punish_two_delta_star_residual, 0.0, 1.0, 1, (T_t, R, P), max(np.size(x) for x in inputs), 0.5)
    np.multiply(3.0, R, t1)
    np.multiply(2.0, P, t2)
    np.add(T_t, t2, t2)
    x1 = t1 > t2
    x2 = t1 <= t2
    return (
        x1 & (delta >= delta_star),
        x2,
        x1 & (delta < delta_star),
    )


def _punish_two_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime equilibrium: every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    (t1,) = work
    np.copyto(delta_star, _roots(_punish_two_delta_star_residual, 0.0, 1.0, 1, (T_t, R, P), delta_star.size, 0.5))
    np.subtract(1.0, delta, t1)
    np.divide(R, t1, v_1)
    np.copyto(e, 1.0)
    np.copyto(v_2, v_1)


def _punish_two_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium, 1: every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    np.copyto(e, 0.0)
    np.copyto(delta_star, math.nan)
    np.copyto(v_1, math.nan)
    np.copyto(v_2, math.nan)


def _punish_two_block3(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium, 2: every quantity into its row."""
    (delta_star, e, v_1, v_2) = outputs
    (T_t, R, P, S, delta) = inputs
    np.copyto(delta_star, _roots(_punish_two_delta_star_residual, 0.0, 1.0, 1, (T_t, R, P), delta_star.size, 0.5))
    np.copyto(e, 0.0)
    np.copyto(v_1, math.nan)
    np.copyto(v_2, math.nan)


# --- one_stage ---------------------------------------------------------------------------------------------------------


class OneStage(NamedTuple):
    """What `one_stage` returns."""

    k: Any
    m: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("one stage", "left out by the solution", "outside the domain")


def one_stage(*, on_invalid: str = "raise") -> OneStage:
    """one_stage: One stage, both firms perhaps committed.

    Parameters:

    Domain: all real numbers.
    Assumed, not checked here: T_t > R, R > P, P > S, S + T_t < 2*R, delta > 0, delta < 1, p > 0, p < 1, T >= 1, B >
        0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0, E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 >
        0.

    Regime one stage:
        k = 1
        m = 0
    """
    return _evaluate(_ONE_STAGE, (), on_invalid)


def _one_stage_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    return (
    )


def _one_stage_scalar() -> OneStage:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    k = 1.0
    m = 0.0
    return _new(OneStage, (k, m, "one stage"))


def _one_stage_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _one_stage_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime one stage: every quantity into its row."""
    (k, m) = outputs
    np.copyto(k, 1.0)
    np.copyto(m, 0.0)


# --- two_stages --------------------------------------------------------------------------------------------------------


class TwoStages(NamedTuple):
    """What `two_stages` returns."""

    p_star: Any
    e: Any
    k: Any
    m: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("equilibrium", "not an equilibrium", "left out by the solution", "outside the domain")


def two_stages(*, T_t: Any, R: Any, P: Any, S: Any, p: Any, on_invalid: str = "raise") -> TwoStages:
    """two_stages: Two stages, firm 1 perhaps committed to tit-for-tat.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        p: prior probability that a firm is committed

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, p > 0, p < 1.
    Assumed, not checked here: delta > 0, delta < 1, T >= 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2
        > 0, E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime equilibrium, where p >= (P - S)/(R - S):
        p_star = (P - S)/(R - S) [two stages]
        e = 1
        k = 2 - p
        m = p

    Regime not an equilibrium, where p < (P - S)/(R - S):
        p_star = (P - S)/(R - S) [two stages]
        e = 0
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(p)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(p)} <= _NUMBERS:
            return _evaluate(_TWO_STAGES, (T_t, R, P, S, p), on_invalid)
        (T_t, R, P, S, p) = (float(T_t), float(R), float(P), float(S), float(p))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _two_stages_scalar(T_t, R, P, S, p)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_TWO_STAGES, (T_t, R, P, S, p), on_invalid)


def _two_stages_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (T_t, R, P, S, p) = inputs
    (t1, t2) = work
    np.add(S, T_t, t1)
    np.multiply(2.0, R, t2)
    x1 = t1 < t2
    return (
        ("T_t > R", T_t > R),
        ("T_t is finite", np.isfinite(T_t)),
        ("R is finite", np.isfinite(R)),
        ("R > P", R > P),
        ("P is finite", np.isfinite(P)),
        ("P > S", P > S),
        ("S is finite", np.isfinite(S)),
        ("S + T_t < 2*R", x1),
        ("p > 0", p > 0.0),
        ("p is finite", np.isfinite(p)),
        ("p < 1", p < 1.0),
    )


def _two_stages_scalar(T_t, R, P, S, p) -> TwoStages:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + p)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and p > 0.0
        and p < 1.0
    ):
        raise ValueError
    t1 = (P - S)/(R - S)
    if p >= t1:
        p_star = (P - S)/(R - S)
        k = 2.0 - p
        e = 1.0
        m = p
        return _new(TwoStages, (p_star, e, k, m, "equilibrium"))
    if p < t1:
        p_star = (P - S)/(R - S)
        e = 0.0
        k = math.nan
        m = math.nan
        return _new(TwoStages, (p_star, e, k, m, "not an equilibrium"))
    raise ValueError


def _two_stages_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (T_t, R, P, S, p) = inputs
    (t1, t2) = work
    np.subtract(P, S, t1)
    np.subtract(R, S, t2)
    np.divide(t1, t2, t2)
    x1 = p >= t2
    x2 = p < t2
    return (
        x1,
        x2,
    )


def _two_stages_common(inputs: Any, outputs: Any, work: Any) -> None:
    """What is the same in all regimes: every quantity into its row."""
    (p_star,) = outputs
    (T_t, R, P, S, p) = inputs
    (t1, t2) = work
    np.subtract(P, S, t1)
    np.subtract(R, S, t2)
    np.divide(t1, t2, p_star)


def _two_stages_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime equilibrium: every quantity into its row."""
    (e, k, m) = outputs
    (T_t, R, P, S, p) = inputs
    np.subtract(2.0, p, k)
    np.copyto(e, 1.0)
    np.copyto(m, p)


def _two_stages_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium: every quantity into its row."""
    (e, k, m) = outputs
    (T_t, R, P, S, p) = inputs
    np.copyto(e, 0.0)
    np.copyto(k, math.nan)
    np.copyto(m, math.nan)


# --- three_stages ------------------------------------------------------------------------------------------------------


class ThreeStages(NamedTuple):
    """What `three_stages` returns."""

    p_star: Any
    e: Any
    k: Any
    m: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("equilibrium", "not an equilibrium, 1", "not an equilibrium, 2", "not an equilibrium, 3",
            "left out by the solution", "outside the domain")


def three_stages(*, T_t: Any, R: Any, P: Any, S: Any, p: Any, on_invalid: str = "raise") -> ThreeStages:
    """three_stages: Three stages, firm 1 perhaps committed to tit-for-tat.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        p: prior probability that a firm is committed

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, p > 0, p < 1.
    Assumed, not checked here: delta > 0, delta < 1, T >= 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2
        > 0, E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime equilibrium, where p >= (P - S)/(R - S), p >= (-R + T_t)/(R - S), p >= (P - R - S + T_t)/(-P + R - S +
        T_t):
        p_star = Max((P - S)/(R - S), (T_t - R)/(R - S), (P - R - S + T_t)/(R + T_t - P - S))
        e = 1
        k = 2 - p
        m = p + 1

    Regime not an equilibrium, 1, where p < (P - S)/(R - S):
        p_star = Max((P - S)/(R - S), (T_t - R)/(R - S), (P - R - S + T_t)/(R + T_t - P - S))
        e = 0

    Regime not an equilibrium, 2, where p >= (P - S)/(R - S), p < (-R + T_t)/(R - S):
        p_star = Max((P - S)/(R - S), (T_t - R)/(R - S), (P - R - S + T_t)/(R + T_t - P - S))
        e = 0

    Regime not an equilibrium, 3, where p >= (P - S)/(R - S), p >= (-R + T_t)/(R - S), p < (P - R - S + T_t)/(-P + R
        - S + T_t):
        p_star = Max((P - S)/(R - S), (T_t - R)/(R - S), (P - R - S + T_t)/(R + T_t - P - S))
        e = 0
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(p)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(p)} <= _NUMBERS:
            return _evaluate(_THREE_STAGES, (T_t, R, P, S, p), on_invalid)
        (T_t, R, P, S, p) = (float(T_t), float(R), float(P), float(S), float(p))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _three_stages_scalar(T_t, R, P, S, p)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_THREE_STAGES, (T_t, R, P, S, p), on_invalid)


def _three_stages_scalar(T_t, R, P, S, p) -> ThreeStages:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + p)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and p > 0.0
        and p < 1.0
    ):
        raise ValueError
    t1 = R - S
    t2 = (P - S)/t1
    t3 = (T_t - R)/t1
    t4 = (P + T_t - R - S)/(R + T_t - P - S)
    if (
        p >= t2
        and p >= t3
        and p >= t4
    ):
        t1 = R - S
        p_star = _max(_max((P - S)/t1, (T_t - R)/t1), (P + T_t - R - S)/(R + T_t - P - S))
        k = 2.0 - p
        m = p + 1.0
        e = 1.0
        return _new(ThreeStages, (p_star, e, k, m, "equilibrium"))
    if p < t2:
        t1 = R - S
        p_star = _max(_max((P - S)/t1, (T_t - R)/t1), (P + T_t - R - S)/(R + T_t - P - S))
        e = 0.0
        k = math.nan
        m = math.nan
        return _new(ThreeStages, (p_star, e, k, m, "not an equilibrium, 1"))
    if (
        p >= t2
        and p < t3
    ):
        t1 = R - S
        p_star = _max(_max((P - S)/t1, (T_t - R)/t1), (P + T_t - R - S)/(R + T_t - P - S))
        e = 0.0
        k = math.nan
        m = math.nan
        return _new(ThreeStages, (p_star, e, k, m, "not an equilibrium, 2"))
    if (
        p >= t2
        and p >= t3
        and p < t4
    ):
        t1 = R - S
        p_star = _max(_max((P - S)/t1, (T_t - R)/t1), (P + T_t - R - S)/(R + T_t - P - S))
        e = 0.0
        k = math.nan
        m = math.nan
        return _new(ThreeStages, (p_star, e, k, m, "not an equilibrium, 3"))
    raise ValueError


def _three_stages_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    (T_t, R, P, S, p) = inputs
    (t1, t2, t3, t4) = work
    np.subtract(P, S, t1)
    np.subtract(R, S, t2)
    np.divide(t1, t2, t1)
    x1 = p >= t1
    np.subtract(T_t, R, t3)
    np.divide(t3, t2, t2)
    x2 = p >= t2
    np.add(P, T_t, t3)
    np.subtract(t3, R, t3)
    np.subtract(t3, S, t3)
    np.add(R, T_t, t4)
    np.subtract(t4, P, t4)
    np.subtract(t4, S, t4)
    np.divide(t3, t4, t4)
    x3 = p >= t4
    x4 = p < t1
    x5 = p < t2
    x6 = p < t4
    return (
        x1 & x2 & x3,
        x4,
        x1 & x5,
        x1 & x2 & x6,
    )


def _three_stages_common(inputs: Any, outputs: Any, work: Any) -> None:
    """What is the same in all regimes: every quantity into its row."""
    (p_star,) = outputs
    (T_t, R, P, S, p) = inputs
    (t1, t2, t3) = work
    np.subtract(P, S, t1)
    np.subtract(R, S, t2)
    np.divide(t1, t2, t1)
    np.subtract(T_t, R, t3)
    np.divide(t3, t2, t2)
    np.maximum(t1, t2, out=t2)
    np.add(P, T_t, t1)
    np.subtract(t1, R, t1)
    np.subtract(t1, S, t1)
    np.add(R, T_t, t3)
    np.subtract(t3, P, t3)
    np.subtract(t3, S, t3)
    np.divide(t1, t3, t3)
    np.maximum(t2, t3, out=p_star)


def _three_stages_block1(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime equilibrium: every quantity into its row."""
    (e, k, m) = outputs
    (T_t, R, P, S, p) = inputs
    np.subtract(2.0, p, k)
    np.add(p, 1.0, m)
    np.copyto(e, 1.0)


def _three_stages_block2(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium, 1: every quantity into its row."""
    (e, k, m) = outputs
    (T_t, R, P, S, p) = inputs
    np.copyto(e, 0.0)
    np.copyto(k, math.nan)
    np.copyto(m, math.nan)


def _three_stages_block3(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium, 2: every quantity into its row."""
    (e, k, m) = outputs
    (T_t, R, P, S, p) = inputs
    np.copyto(e, 0.0)
    np.copyto(k, math.nan)
    np.copyto(m, math.nan)


def _three_stages_block4(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime not an equilibrium, 3: every quantity into its row."""
    (e, k, m) = outputs
    (T_t, R, P, S, p) = inputs
    np.copyto(e, 0.0)
    np.copyto(k, math.nan)
    np.copyto(m, math.nan)


# --- four_stages -------------------------------------------------------------------------------------------------------


class FourStages(NamedTuple):
    """What `four_stages` returns."""

    k: Any
    m: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("a sequential equilibrium", "left out by the solution", "outside the domain")


def four_stages(*, on_invalid: str = "raise") -> FourStages:
    """four_stages: Four stages with p below the two-stage threshold.

    Parameters:

    Domain: all real numbers.
    Assumed, not checked here: T_t > R, R > P, P > S, S + T_t < 2*R, delta > 0, delta < 1, p > 0, p < 1, T >= 1, B >
        0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0, E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 >
        0, Eq(R, 3), Eq(S, -1), Eq(T_t, 4), Eq(P, 0), Eq(p, 1/5).

    Regime a sequential equilibrium:
        k = 239/80
        m = 81/80
    """
    return _evaluate(_FOUR_STAGES, (), on_invalid)


def _four_stages_scalar() -> FourStages:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    k = 2.9875
    m = 1.0125
    return _new(FourStages, (k, m, "a sequential equilibrium"))


def _four_stages_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _four_stages_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime a sequential equilibrium: every quantity into its row."""
    (k, m) = outputs
    np.copyto(k, 2.9875)
    np.copyto(m, 1.0125)


# --- one_sided_tit_for_tat ---------------------------------------------------------------------------------------------


class OneSidedTitForTat(NamedTuple):
    """What `one_sided_tit_for_tat` returns."""

    k: Any
    m: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("every sequential equilibrium", "left out by the solution", "outside the domain")


def one_sided_tit_for_tat(*, T_t: Any, R: Any, P: Any, S: Any, p: Any, T: Any, on_invalid: str = "raise") -> OneSidedTitForTat:
    """one_sided_tit_for_tat: Any length, firm 1 perhaps committed to tit-for-tat.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        p: prior probability that a firm is committed
        T: number of stages

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, p > 0, p < 1, T >= 1.
    Assumed, not checked here: delta > 0, delta < 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0,
        E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime every sequential equilibrium:
        k = (2*R - P - S)*((1 - p)*(2 + (3*(P - S)/(R - P) + 2*(T_t - P)/(R - P))/p) - 1 + 2*(T_t - P)/(R - P))/(2*R
            - S - T_t) + 2 + (S - P)/(R - P) + (3*(P - S)/(R - P) + 2*(T_t - P)/(R - P))/p
        m = T + (P - 2*R + S)*((1 - p)*(2 + (3*(P - S)/(R - P) + 2*(T_t - P)/(R - P))/p) - 1 + 2*(T_t - P)/(R -
            P))/(2*R - S - T_t) - 2 + (P - S)/(R - P) + (3*(S - P)/(R - P) + 2*(P - T_t)/(R - P))/p
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(p) is type(T)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(p), type(T)} <= _NUMBERS:
            return _evaluate(_ONE_SIDED_TIT_FOR_TAT, (T_t, R, P, S, p, T), on_invalid)
        (T_t, R, P, S, p, T) = (float(T_t), float(R), float(P), float(S), float(p), float(T))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _one_sided_tit_for_tat_scalar(T_t, R, P, S, p, T)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_ONE_SIDED_TIT_FOR_TAT, (T_t, R, P, S, p, T), on_invalid)


def _one_sided_tit_for_tat_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (T_t, R, P, S, p, T) = inputs
    (t1, t2) = work
    np.add(S, T_t, t1)
    np.multiply(2.0, R, t2)
    x1 = t1 < t2
    return (
        ("T_t > R", T_t > R),
        ("T_t is finite", np.isfinite(T_t)),
        ("R is finite", np.isfinite(R)),
        ("R > P", R > P),
        ("P is finite", np.isfinite(P)),
        ("P > S", P > S),
        ("S is finite", np.isfinite(S)),
        ("S + T_t < 2*R", x1),
        ("p > 0", p > 0.0),
        ("p is finite", np.isfinite(p)),
        ("p < 1", p < 1.0),
        ("T >= 1", T >= 1.0),
        ("T is finite", np.isfinite(T)),
        ("T is an integer", T == np.floor(T)),
    )


def _one_sided_tit_for_tat_scalar(T_t, R, P, S, p, T) -> OneSidedTitForTat:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + p + T)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and p > 0.0
        and p < 1.0
        and T >= 1.0
        and T == math.floor(T)
    ):
        raise ValueError
    t1 = R - P
    t2 = 2.0*(T_t - P)/t1
    t3 = (S - P)/t1
    t4 = (t2 - 3.0*t3)/p
    t5 = 2.0 + t4
    t6 = 2.0*R
    t7 = ((1.0 - p)*t5 - 1.0 + t2)*(t6 - P - S)/(t6 - S - T_t)
    k = t5 + t3 + t7
    m = T - 2.0 - t4 - t3 - t7
    return _new(OneSidedTitForTat, (k, m, "every sequential equilibrium"))


def _one_sided_tit_for_tat_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _one_sided_tit_for_tat_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime every sequential equilibrium: every quantity into its row."""
    (k, m) = outputs
    (T_t, R, P, S, p, T) = inputs
    (t1, t2, t3, t4, t5, t6) = work
    np.subtract(T_t, P, t1)
    np.multiply(2.0, t1, t1)
    np.subtract(R, P, t2)
    np.divide(t1, t2, t1)
    np.subtract(S, P, t3)
    np.divide(t3, t2, t2)
    np.multiply(3.0, t2, t3)
    np.subtract(t1, t3, t3)
    np.divide(t3, p, t3)
    np.add(2.0, t3, t4)
    np.add(t4, t2, t5)
    np.subtract(1.0, p, t6)
    np.multiply(t6, t4, t4)
    np.subtract(t4, 1.0, t4)
    np.add(t4, t1, t1)
    np.multiply(2.0, R, t4)
    np.subtract(t4, P, t6)
    np.subtract(t6, S, t6)
    np.multiply(t1, t6, t6)
    np.subtract(t4, S, t4)
    np.subtract(t4, T_t, t4)
    np.divide(t6, t4, t4)
    np.add(t5, t4, k)
    np.subtract(T, 2.0, t5)
    np.subtract(t5, t3, t3)
    np.subtract(t3, t2, t2)
    np.subtract(t2, t4, m)


# --- two_sided_tit_for_tat ---------------------------------------------------------------------------------------------


class TwoSidedTitForTat(NamedTuple):
    """What `two_sided_tit_for_tat` returns."""

    k: Any
    m: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("every sequential equilibrium", "left out by the solution", "outside the domain")


def two_sided_tit_for_tat(*, T_t: Any, R: Any, P: Any, S: Any, p: Any, T: Any, on_invalid: str = "raise") -> TwoSidedTitForTat:
    """two_sided_tit_for_tat: Any length, both firms perhaps committed to tit-for-tat.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        p: prior probability that a firm is committed
        T: number of stages

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, p > 0, p < 1, T >= 1.
    Assumed, not checked here: delta > 0, delta < 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0,
        E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime every sequential equilibrium:
        k = (2*R - P - S)*(p*((T_t - P)/(R - P) - 1) + (1 - p)*(2 + (3*(P - S)/(R - P) + 2*(T_t - P)/(R - P))/p) + 2
            + 2*(P - S)/(R - P))/((1 - p)*(2*R - S - T_t))
        m = T + (P - 2*R + S)*(p*((T_t - P)/(R - P) - 1) + (1 - p)*(2 + (3*(P - S)/(R - P) + 2*(T_t - P)/(R - P))/p)
            + 2 + 2*(P - S)/(R - P))/((1 - p)*(2*R - S - T_t))
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(p) is type(T)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(p), type(T)} <= _NUMBERS:
            return _evaluate(_TWO_SIDED_TIT_FOR_TAT, (T_t, R, P, S, p, T), on_invalid)
        (T_t, R, P, S, p, T) = (float(T_t), float(R), float(P), float(S), float(p), float(T))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _two_sided_tit_for_tat_scalar(T_t, R, P, S, p, T)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_TWO_SIDED_TIT_FOR_TAT, (T_t, R, P, S, p, T), on_invalid)


def _two_sided_tit_for_tat_scalar(T_t, R, P, S, p, T) -> TwoSidedTitForTat:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + p + T)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and p > 0.0
        and p < 1.0
        and T >= 1.0
        and T == math.floor(T)
    ):
        raise ValueError
    t1 = 2.0*R
    t2 = T_t - P
    t3 = R - P
    t4 = 1.0 - p
    t5 = 2.0/t3
    t6 = S - P
    t7 = 2.0 + p*(t2/t3 - 1.0) + t4*(2.0 + (t5*t2 - 3.0*t6/t3)/p) - t5*t6
    k = (t1 - P - S)*t7/(t4*(t1 - S - T_t))
    m = T - k
    return _new(TwoSidedTitForTat, (k, m, "every sequential equilibrium"))


def _two_sided_tit_for_tat_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _two_sided_tit_for_tat_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime every sequential equilibrium: every quantity into its row."""
    (k, m) = outputs
    (T_t, R, P, S, p, T) = inputs
    (t1, t2, t3, t4, t5, t6, t7, t8, t9) = work
    np.multiply(2.0, R, t1)
    np.subtract(t1, P, t2)
    np.subtract(t2, S, t2)
    np.subtract(T_t, P, t3)
    np.subtract(R, P, t4)
    np.divide(t3, t4, t5)
    np.subtract(t5, 1.0, t5)
    np.multiply(p, t5, t5)
    np.add(2.0, t5, t5)
    np.subtract(1.0, p, t6)
    np.divide(2.0, t4, t7)
    np.multiply(t7, t3, t3)
    np.subtract(S, P, t8)
    np.multiply(3.0, t8, t9)
    np.divide(t9, t4, t4)
    np.subtract(t3, t4, t4)
    np.divide(t4, p, t4)
    np.add(2.0, t4, t4)
    np.multiply(t6, t4, t4)
    np.add(t5, t4, t4)
    np.multiply(t7, t8, t8)
    np.subtract(t4, t8, t8)
    np.multiply(t2, t8, t8)
    np.subtract(t1, S, t1)
    np.subtract(t1, T_t, t1)
    np.multiply(t6, t1, t1)
    np.divide(t8, t1, k)
    np.subtract(T, k, m)


# --- two_sided_trigger -------------------------------------------------------------------------------------------------


class TwoSidedTrigger(NamedTuple):
    """What `two_sided_trigger` returns."""

    k: Any
    m: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("every sequential equilibrium", "left out by the solution", "outside the domain")


def two_sided_trigger(*, T_t: Any, R: Any, P: Any, S: Any, p: Any, T: Any, on_invalid: str = "raise") -> TwoSidedTrigger:
    """two_sided_trigger: Any length, both firms perhaps committed to grim trigger.

    Parameters:
        T_t: payoff of refusing while the other shares
        R: payoff of mutual sharing
        P: payoff of mutual refusal
        S: payoff of sharing while the other refuses
        p: prior probability that a firm is committed
        T: number of stages

    Domain: T_t > R, R > P, P > S, S + T_t < 2*R, p > 0, p < 1, T >= 1.
    Assumed, not checked here: delta > 0, delta < 1, B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0,
        E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0.

    Regime every sequential equilibrium:
        k = (T_t + (1 - p)*(P - S) - P)/(p*(R - P))
        m = T + (P - T_t + (1 - p)*(S - P))/(p*(R - P))
    """
    if not (
        type(T_t) is type(R) is type(P) is type(S) is type(p) is type(T)
        is float
    ):
        if not {type(T_t), type(R), type(P), type(S), type(p), type(T)} <= _NUMBERS:
            return _evaluate(_TWO_SIDED_TRIGGER, (T_t, R, P, S, p, T), on_invalid)
        (T_t, R, P, S, p, T) = (float(T_t), float(R), float(P), float(S), float(p), float(T))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _two_sided_trigger_scalar(T_t, R, P, S, p, T)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_TWO_SIDED_TRIGGER, (T_t, R, P, S, p, T), on_invalid)


def _two_sided_trigger_scalar(T_t, R, P, S, p, T) -> TwoSidedTrigger:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(T_t + R + P + S + p + T)
        and T_t > R
        and R > P
        and P > S
        and S + T_t < 2.0*R
        and p > 0.0
        and p < 1.0
        and T >= 1.0
        and T == math.floor(T)
    ):
        raise ValueError
    k = (T_t - P - (1.0 - p)*(S - P))/(p*(R - P))
    m = T - k
    return _new(TwoSidedTrigger, (k, m, "every sequential equilibrium"))


def _two_sided_trigger_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _two_sided_trigger_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime every sequential equilibrium: every quantity into its row."""
    (k, m) = outputs
    (T_t, R, P, S, p, T) = inputs
    (t1, t2, t3) = work
    np.subtract(T_t, P, t1)
    np.subtract(1.0, p, t2)
    np.subtract(S, P, t3)
    np.multiply(t2, t3, t3)
    np.subtract(t1, t3, t3)
    np.subtract(R, P, t1)
    np.multiply(p, t1, t1)
    np.divide(t3, t1, k)
    np.subtract(T, k, m)


# --- division ----------------------------------------------------------------------------------------------------------


class Division(NamedTuple):
    """What `division` returns."""

    x_1: Any
    x_2: Any
    regime: Any  # label; for arrays positions in REGIMES

    REGIMES = ("division", "left out by the solution", "outside the domain")


def division(*, B: Any, w_I: Any, w_E: Any, w_S: Any, w_R: Any, I_1: Any, I_2: Any, E_1: Any, E_2: Any, s_1: Any, s_2: Any,
        r_1: Any, r_2: Any, on_invalid: str = "raise") -> Division:
    """division: Division of the benefit by investment, effort, sharing and risk.

    Parameters:
        B: benefit of the platform
        w_I: weight of fixed investment
        w_E: weight of effort
        w_S: weight of actual sharing
        w_R: weight of risk
        I_1: fixed investment of firm 1
        I_2: fixed investment of firm 2
        E_1: effort of firm 1
        E_2: effort of firm 2
        s_1: information actually shared by firm 1
        s_2: information actually shared by firm 2
        r_1: risk borne by firm 1
        r_2: risk borne by firm 2

    Domain: B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0, I_1 > 0, I_2 > 0, E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 >
        0, r_2 > 0.
    Assumed, not checked here: T_t > R, R > P, P > S, S + T_t < 2*R, delta > 0, delta < 1, p > 0, p < 1, T >= 1.

    Regime division:
        x_1 = B*(E_1*w_E/((E_1 + E_2)*(w_E + w_I + w_R + w_S)) + I_1*w_I/((I_1 + I_2)*(w_E + w_I + w_R + w_S)) +
            r_1*w_R/((r_1 + r_2)*(w_E + w_I + w_R + w_S)) + s_1*w_S/((s_1 + s_2)*(w_E + w_I + w_R + w_S)))
        x_2 = B*(E_2*w_E/((E_1 + E_2)*(w_E + w_I + w_R + w_S)) + I_2*w_I/((I_1 + I_2)*(w_E + w_I + w_R + w_S)) +
            r_2*w_R/((r_1 + r_2)*(w_E + w_I + w_R + w_S)) + s_2*w_S/((s_1 + s_2)*(w_E + w_I + w_R + w_S)))
    """
    if not (
        type(B) is type(w_I) is type(w_E) is type(w_S) is type(w_R) is type(I_1)
        is type(I_2) is type(E_1) is type(E_2) is type(s_1) is type(s_2) is type(r_1)
        is type(r_2)
        is float
    ):
        if not {type(B), type(w_I), type(w_E), type(w_S), type(w_R), type(I_1), type(I_2), type(E_1), type(E_2), type(s_1),
                type(s_2), type(r_1), type(r_2)} <= _NUMBERS:
            return _evaluate(_DIVISION, (B, w_I, w_E, w_S, w_R, I_1, I_2, E_1, E_2, s_1, s_2, r_1, r_2), on_invalid)
        (B, w_I, w_E, w_S, w_R, I_1, I_2, E_1, E_2, s_1, s_2, r_1, r_2) = (float(B), float(w_I), float(w_E), float(w_S),
                float(w_R), float(I_1), float(I_2), float(E_1), float(E_2), float(s_1), float(s_2), float(r_1), float(r_2))
    if on_invalid == "raise" or on_invalid == "nan":
        try:
            return _division_scalar(B, w_I, w_E, w_S, w_R, I_1, I_2, E_1, E_2, s_1, s_2, r_1, r_2)
        except (ArithmeticError, ValueError):  # named, or given as NaN or infinity
            pass
    return _evaluate(_DIVISION, (B, w_I, w_E, w_S, w_R, I_1, I_2, E_1, E_2, s_1, s_2, r_1, r_2), on_invalid)


def _division_domain(inputs: Any, work: Any) -> tuple[tuple[str, Any], ...]:
    """The conditions on the parameters, and where they hold."""
    (B, w_I, w_E, w_S, w_R, I_1, I_2, E_1, E_2, s_1, s_2, r_1, r_2) = inputs
    return (
        ("B > 0", B > 0.0),
        ("B is finite", np.isfinite(B)),
        ("w_I > 0", w_I > 0.0),
        ("w_I is finite", np.isfinite(w_I)),
        ("w_E > 0", w_E > 0.0),
        ("w_E is finite", np.isfinite(w_E)),
        ("w_S > 0", w_S > 0.0),
        ("w_S is finite", np.isfinite(w_S)),
        ("w_R > 0", w_R > 0.0),
        ("w_R is finite", np.isfinite(w_R)),
        ("I_1 > 0", I_1 > 0.0),
        ("I_1 is finite", np.isfinite(I_1)),
        ("I_2 > 0", I_2 > 0.0),
        ("I_2 is finite", np.isfinite(I_2)),
        ("E_1 > 0", E_1 > 0.0),
        ("E_1 is finite", np.isfinite(E_1)),
        ("E_2 > 0", E_2 > 0.0),
        ("E_2 is finite", np.isfinite(E_2)),
        ("s_1 > 0", s_1 > 0.0),
        ("s_1 is finite", np.isfinite(s_1)),
        ("s_2 > 0", s_2 > 0.0),
        ("s_2 is finite", np.isfinite(s_2)),
        ("r_1 > 0", r_1 > 0.0),
        ("r_1 is finite", np.isfinite(r_1)),
        ("r_2 > 0", r_2 > 0.0),
        ("r_2 is finite", np.isfinite(r_2)),
    )


def _division_scalar(B, w_I, w_E, w_S, w_R, I_1, I_2, E_1, E_2, s_1, s_2, r_1, r_2) -> Division:
    """All quantities at one point; an exception where the point is not inside the domain or a value is not a finite number."""
    if not (
        math.isfinite(B + w_I + w_E + w_S + w_R + I_1 + I_2 + E_1 + E_2 + s_1 + s_2 + r_1 + r_2)
        and B > 0.0
        and w_I > 0.0
        and w_E > 0.0
        and w_S > 0.0
        and w_R > 0.0
        and I_1 > 0.0
        and I_2 > 0.0
        and E_1 > 0.0
        and E_2 > 0.0
        and s_1 > 0.0
        and s_2 > 0.0
        and r_1 > 0.0
        and r_2 > 0.0
    ):
        raise ValueError
    t1 = w_E + w_I + w_R + w_S
    t2 = w_E/((E_1 + E_2)*t1)
    t3 = w_I/(t1*(I_1 + I_2))
    t4 = w_R/(t1*(r_1 + r_2))
    t5 = w_S/(t1*(s_1 + s_2))
    x_1 = B*(E_1*t2 + I_1*t3 + r_1*t4 + s_1*t5)
    x_2 = B*(E_2*t2 + I_2*t3 + r_2*t4 + s_2*t5)
    return _new(Division, (x_1, x_2, "division"))


def _division_where(inputs: Any, work: Any) -> tuple[Any, ...]:
    """Where each regime holds; the first that does counts."""
    return (True,)


def _division_block(inputs: Any, outputs: Any, work: Any) -> None:
    """Regime division: every quantity into its row."""
    (x_1, x_2) = outputs
    (B, w_I, w_E, w_S, w_R, I_1, I_2, E_1, E_2, s_1, s_2, r_1, r_2) = inputs
    (t1, t2, t3, t4, t5, t6) = work
    np.add(E_1, E_2, t1)
    np.add(w_E, w_I, t2)
    np.add(t2, w_R, t2)
    np.add(t2, w_S, t2)
    np.multiply(t1, t2, t1)
    np.divide(w_E, t1, t1)
    np.multiply(E_1, t1, t3)
    np.add(I_1, I_2, t4)
    np.multiply(t2, t4, t4)
    np.divide(w_I, t4, t4)
    np.multiply(I_1, t4, t5)
    np.add(t3, t5, t5)
    np.add(r_1, r_2, t3)
    np.multiply(t2, t3, t3)
    np.divide(w_R, t3, t3)
    np.multiply(r_1, t3, t6)
    np.add(t5, t6, t6)
    np.add(s_1, s_2, t5)
    np.multiply(t2, t5, t5)
    np.divide(w_S, t5, t5)
    np.multiply(s_1, t5, t2)
    np.add(t6, t2, t2)
    np.multiply(B, t2, x_1)
    np.multiply(E_2, t1, t1)
    np.multiply(I_2, t4, t4)
    np.add(t1, t4, t4)
    np.multiply(r_2, t3, t3)
    np.add(t4, t3, t3)
    np.multiply(s_2, t5, t5)
    np.add(t3, t5, t5)
    np.multiply(B, t5, x_2)


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


_ONE_SHOT = _Protocol(
    "one_shot",
    ("T_t", "R", "P", "S"),
    OneShot,
    (0, 0),
    _one_shot_scalar,
    (_one_shot_domain, 2),
    (_one_shot_where, 0),
    (None, 0, 0),
    (2,),
    (
        (_one_shot_block, 0),
    ),
)

_GRIM_TRIGGER = _Protocol(
    "grim_trigger",
    ("T_t", "R", "P", "S", "delta"),
    GrimTrigger,
    (0, 1, 2, 3),
    _grim_trigger_scalar,
    (_grim_trigger_domain, 2),
    (_grim_trigger_where, 2),
    (_grim_trigger_common, 1, 2),
    (1, 4),
    (
        (_grim_trigger_block1, 1),
        (_grim_trigger_block2, 0),
    ),
)

_TIT_FOR_TAT_NASH = _Protocol(
    "tit_for_tat_nash",
    ("T_t", "R", "P", "S", "delta"),
    TitForTatNash,
    (0, 1, 2, 3),
    _tit_for_tat_nash_scalar,
    (_grim_trigger_domain, 2),
    (_tit_for_tat_nash_where, 4),
    (None, 0, 0),
    (0, 1, 2, 3, 4),
    (
        (_tit_for_tat_nash_block1, 2),
        (_tit_for_tat_nash_block2, 2),
        (_tit_for_tat_nash_block3, 2),
        (_tit_for_tat_nash_block4, 2),
    ),
)

_TIT_FOR_TAT_PERFECT = _Protocol(
    "tit_for_tat_perfect",
    ("T_t", "R", "P", "S", "delta"),
    TitForTatPerfect,
    (0, 1, 2, 3),
    _tit_for_tat_perfect_scalar,
    (_grim_trigger_domain, 2),
    (_tit_for_tat_perfect_where, 4),
    (None, 0, 0),
    (0, 1, 3, 4),
    (
        (_tit_for_tat_perfect_block1, 2),
        (_tit_for_tat_perfect_block2, 0),
        (_tit_for_tat_perfect_block3, 0),
    ),
)

_PUNISH_TWO = _Protocol(
    "punish_two",
    ("T_t", "R", "P", "S", "delta"),
    PunishTwo,
    (0, 1, 2, 3),
    _punish_two_scalar,
    (_grim_trigger_domain, 2),
    (_punish_two_where, 2),
    (None, 0, 0),
    (0, 1, 2, 4),
    (
        (_punish_two_block1, 1),
        (_punish_two_block2, 0),
        (_punish_two_block3, 0),
    ),
)

_ONE_STAGE = _Protocol(
    "one_stage",
    (),
    OneStage,
    (0, 1),
    _one_stage_scalar,
    (_one_stage_domain, 0),
    (_one_stage_where, 0),
    (None, 0, 0),
    (),
    (
        (_one_stage_block, 0),
    ),
)

_TWO_STAGES = _Protocol(
    "two_stages",
    ("T_t", "R", "P", "S", "p"),
    TwoStages,
    (0, 1, 2, 3),
    _two_stages_scalar,
    (_two_stages_domain, 2),
    (_two_stages_where, 2),
    (_two_stages_common, 1, 2),
    (4,),
    (
        (_two_stages_block1, 0),
        (_two_stages_block2, 0),
    ),
)

_THREE_STAGES = _Protocol(
    "three_stages",
    ("T_t", "R", "P", "S", "p"),
    ThreeStages,
    (0, 1, 2, 3),
    _three_stages_scalar,
    (_two_stages_domain, 2),
    (_three_stages_where, 4),
    (_three_stages_common, 1, 3),
    (4,),
    (
        (_three_stages_block1, 0),
        (_three_stages_block2, 0),
        (_three_stages_block3, 0),
        (_three_stages_block4, 0),
    ),
)

_FOUR_STAGES = _Protocol(
    "four_stages",
    (),
    FourStages,
    (0, 1),
    _four_stages_scalar,
    (_one_stage_domain, 0),
    (_four_stages_where, 0),
    (None, 0, 0),
    (),
    (
        (_four_stages_block, 0),
    ),
)

_ONE_SIDED_TIT_FOR_TAT = _Protocol(
    "one_sided_tit_for_tat",
    ("T_t", "R", "P", "S", "p", "T"),
    OneSidedTitForTat,
    (0, 1),
    _one_sided_tit_for_tat_scalar,
    (_one_sided_tit_for_tat_domain, 2),
    (_one_sided_tit_for_tat_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_one_sided_tit_for_tat_block, 6),
    ),
)

_TWO_SIDED_TIT_FOR_TAT = _Protocol(
    "two_sided_tit_for_tat",
    ("T_t", "R", "P", "S", "p", "T"),
    TwoSidedTitForTat,
    (0, 1),
    _two_sided_tit_for_tat_scalar,
    (_one_sided_tit_for_tat_domain, 2),
    (_two_sided_tit_for_tat_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_two_sided_tit_for_tat_block, 9),
    ),
)

_TWO_SIDED_TRIGGER = _Protocol(
    "two_sided_trigger",
    ("T_t", "R", "P", "S", "p", "T"),
    TwoSidedTrigger,
    (0, 1),
    _two_sided_trigger_scalar,
    (_one_sided_tit_for_tat_domain, 2),
    (_two_sided_trigger_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5),
    (
        (_two_sided_trigger_block, 3),
    ),
)

_DIVISION = _Protocol(
    "division",
    ("B", "w_I", "w_E", "w_S", "w_R", "I_1", "I_2", "E_1", "E_2", "s_1", "s_2", "r_1", "r_2"),
    Division,
    (0, 1),
    _division_scalar,
    (_division_domain, 0),
    (_division_where, 0),
    (None, 0, 0),
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    (
        (_division_block, 6),
    ),
)

PROTOCOLS = {
    "one_shot": one_shot,
    "grim_trigger": grim_trigger,
    "tit_for_tat_nash": tit_for_tat_nash,
    "tit_for_tat_perfect": tit_for_tat_perfect,
    "punish_two": punish_two,
    "one_stage": one_stage,
    "two_stages": two_stages,
    "three_stages": three_stages,
    "four_stages": four_stages,
    "one_sided_tit_for_tat": one_sided_tit_for_tat,
    "two_sided_tit_for_tat": two_sided_tit_for_tat,
    "two_sided_trigger": two_sided_trigger,
    "division": division,
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



def _max(x: float, y: float) -> float:
    return x + y if x != x or y != y else max(x, y)


def _min(x: float, y: float) -> float:
    return x + y if x != x or y != y else min(x, y)
