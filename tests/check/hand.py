"""Five models with their solutions worked out by hand (textbook results), to be accepted, and to be forged."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Min, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.ir import (
    CARA,
    Decision,
    Feasibility,
    Model,
    Normal,
    Parameter,
    Participation,
    Player,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    symbols,
)
from derive.solution import Regime, Solution


def _parameters(names: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(symbol, str(symbol)) for symbol in symbols(names))


def _solution(model: Model, *regimes: Regime, assumptions: tuple[Boolean, ...] = ()) -> Solution:
    return Solution(model.key, "P", "", assumptions or model.assumptions, regimes, ())


def _model(
    key: str,
    parameters: str,
    assumptions: tuple[Boolean, ...],
    variables: tuple[Variable, ...],
    players: tuple[Player, ...],
    stages: tuple[Stage, ...],
    shocks: tuple[Shock, ...] = (),
) -> Model:
    return Model(
        key,
        key,
        "textbook",
        _parameters(parameters),
        assumptions,
        variables,
        players,
        (Protocol("P", key, stages),),
        shocks=shocks,
    )


def chain() -> tuple[Model, Solution]:
    """Spengler: a manufacturer sets w, a retailer q; demand p = a - b q, unit cost c."""
    a, b, c, w, q, pi_m, pi_r = symbols("a b c w q pi_m pi_r")
    model = _model(
        "chain", "a b c", (a > c, c > 0, b > 0),
        (Variable(w, "wholesale price"), Variable(q, "quantity", (q >= 0,))),
        (Player("M", (w - c) * q, pi_m), Player("R", (a - b * q - w) * q, pi_r)),
        (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (q,)),))),
    )  # fmt: skip
    values = ((w, (a + c) / 2), (q, (a - c) / (4 * b)), (pi_m, (a - c) ** 2 / (8 * b)), (pi_r, (a - c) ** 2 / (16 * b)))
    return model, _solution(model, Regime("interior", (), values))


def box() -> tuple[Model, Solution]:
    """One player maximises a x - x**2/2 on [0, 1]."""
    a, x, u = symbols("a x u")
    model = _model(
        "box", "a", (), (Variable(x, "effort", (x >= 0, x <= 1)),), (Player("A", a * x - x**2 / 2, u),),
        (Stage((Decision(("A",), (x,)),)),),
    )  # fmt: skip
    zero, one = Rational(0), Rational(1)
    return model, _solution(
        model,
        Regime("none", (a <= 0,), ((x, zero), (u, zero)), active=("x >= 0",)),
        Regime("interior", (a > 0, a < 1), ((x, a), (u, a**2 / 2))),
        Regime("full", (a >= 1,), ((x, one), (u, a - Rational(1, 2))), active=("x <= 1",)),
    )


def cournot() -> tuple[Model, Solution]:
    """Two firms with costs c_1 and c_2 and price a - q_1 - q_2; the costlier one may stay out."""
    a, c1, c2, q1, q2, u1, u2 = symbols("a c_1 c_2 q_1 q_2 u_1 u_2")
    price = a - q1 - q2
    model = _model(
        "cournot", "a c_1 c_2", (c1 > 0, c2 > 0, a > c1, a > c2),
        (Variable(q1, "quantity", (q1 >= 0,)), Variable(q2, "quantity", (q2 >= 0,))),
        (Player("1", (price - c1) * q1, u1), Player("2", (price - c2) * q2, u2)),
        (Stage((Decision(("1",), (q1,)), Decision(("2",), (q2,)))),),
    )  # fmt: skip
    both1, both2, zero = (a - 2 * c1 + c2) / 3, (a - 2 * c2 + c1) / 3, Rational(0)
    alone1, alone2 = (a - c1) / 2, (a - c2) / 2
    return model, _solution(
        model,
        Regime("both", (a - 2 * c1 + c2 > 0, a - 2 * c2 + c1 > 0), ((q1, both1), (q2, both2), (u1, both1**2), (u2, both2**2))),
        Regime("only 1", (a - 2 * c2 + c1 <= 0,), ((q1, alone1), (q2, zero), (u1, alone1**2), (u2, zero))),
        Regime("only 2", (a - 2 * c1 + c2 <= 0,), ((q1, zero), (q2, alone2), (u1, zero), (u2, alone2**2))),
    )


def contract() -> tuple[Model, Solution]:
    """LEN: wage alpha + beta (k e + eps), hidden effort e at cost e**2/2, CARA agent with reservation value v."""
    k, rho, s, v, alpha, beta, e, eps = symbols("k rho s v alpha beta e epsilon")
    pi, ce = symbols("pi CE")
    output = k * e + eps
    model = _model(
        "contract", "k rho s v", (k > 0, rho > 0, s > 0),
        (Variable(alpha, "fixed pay"), Variable(beta, "share", (beta >= 0, beta <= 1)), Variable(e, "effort", (e >= 0,))),
        (Player("P", (1 - beta) * output - alpha, pi),
         Player("A", alpha + beta * output - e**2 / 2, ce, risk=CARA(rho))),
        (Stage((Decision(("P",), (alpha, beta), (Participation("A", v),)),)), Stage((Decision(("A",), (e,)),))),
        (Shock(eps, Normal(Rational(0), s), "noise"),),
    )  # fmt: skip
    share = k**2 / (k**2 + rho * s)
    values = (
        (beta, share), (e, k**3 / (k**2 + rho * s)), (alpha, v - beta**2 * (k**2 - rho * s) / 2),
        (pi, k**4 / (2 * (k**2 + rho * s)) - v), (ce, v),
    )  # fmt: skip
    return model, _solution(model, Regime("interior", (), values, active=("IR",)))


def newsvendor() -> tuple[Model, Solution]:
    """Stock q at cost c, sold at p; demand uniform on [0, h]: the critical fractile."""
    p, c, h, q, u, eps = symbols("p c h q u epsilon")
    model = _model(
        "newsvendor", "p c h", (c > 0, p > c, h > 0), (Variable(q, "stock", (q >= 0, q <= h)),),
        (Player("N", p * Min(q, eps) - c * q, u),), (Stage((Decision(("N",), (q,)),)),),
        (Shock(eps, Uniform(Rational(0), h), "demand"),),
    )  # fmt: skip
    return model, _solution(model, Regime("interior", (), ((q, h * (p - c) / p), (u, h * (p - c) ** 2 / (2 * p)))))


def limited() -> tuple[Model, Solution]:
    """`chain` with a capacity K on the quantity: the leader meets a follower with a kinked response."""
    model, _ = chain()
    a, b, c, K, w, q, pi_m, pi_r = symbols("a b c K w q pi_m pi_r")
    stage = Stage((Decision(("R",), (q,), (Feasibility("capacity", q <= K),)),))
    model = replace(
        model, key="limited", parameters=_parameters("a b c K"), assumptions=(a > c, c > 0, b > 0, K > 0),
        protocols=(Protocol("P", "limited", (model.protocols[0].stages[0], stage)),),
    )  # fmt: skip
    free = (a - c) / (4 * b)
    loose = ((w, (a + c) / 2), (q, free), (pi_m, (a - c) ** 2 / (8 * b)), (pi_r, (a - c) ** 2 / (16 * b)))
    tight = ((w, a - 2 * b * K), (q, K), (pi_m, (a - 2 * b * K - c) * K), (pi_r, b * K**2))
    return model, _solution(model, Regime("loose", (4 * b * K > a - c,), loose), Regime("tight", (4 * b * K <= a - c,), tight))


ALL = (chain, box, cournot, contract, newsvendor, limited)


def changed(solution: Solution, regime: int, symbol: Symbol, value: Expr) -> Solution:
    """The solution with one value of one regime replaced."""
    old = solution.regimes[regime]
    new = replace(old, values=tuple((s, value if s == symbol else e) for s, e in old.values))
    return replace(solution, regimes=(*solution.regimes[:regime], new, *solution.regimes[regime + 1 :]))
