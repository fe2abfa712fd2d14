"""Statements with their solutions written by hand from the literature: what an evaluator is generated from, and checked on."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Eq, Expr, Function, LambertW, Max, Rational, exp, log, oo, sqrt

from derive.ir import (
    Exponential,
    GeneralDistribution,
    Instance,
    Normal,
    Parameter,
    Player,
    PrintedFormula,
    Shock,
    Uniform,
    symbols,
)
from derive.shocks import cdf, overage
from derive.solution import Implicit, Regime, Solution


@dataclass(frozen=True)
class Statement:
    """The part of a statement that an evaluator looks at."""

    key: str
    title: str
    source: str
    parameters: tuple[Parameter, ...]
    assumptions: tuple[sympy.logic.boolalg.Boolean, ...]
    players: tuple[Player, ...] = ()
    shocks: tuple[Shock, ...] = ()
    instances: tuple[Instance, ...] = ()
    printed: tuple[PrintedFormula, ...] = ()


def solution(protocol: str, regimes: tuple[Regime, ...], instance: str = "") -> Solution:
    return Solution("game", protocol, instance, (), regimes, ())


def parameters(names: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(symbol, f"parameter {symbol}") for symbol in symbols(names))


def consignment() -> tuple[Statement, tuple[Solution, ...]]:
    """Revenue sharing on consignment, demand ``a p_i^-b p_j^gamma eps``, ``U[0, 2]`` and exponential laws.

    The totally and partially decentralised formulas are the printed ones of the paper's Table 2. The centralised ones are one
    planner's markup ``n/(n - 1)``, ``n = b - gamma``, on the unit cost ``(1 - alpha) c``; Table 5 checks them.
    """
    a, b, gamma, c, alpha = symbols("a b gamma c alpha")
    r, p, q, z = symbols("r p q z")
    pi_r, pi_1, pi_2, pi_s, pi = symbols("Pi_R Pi_S1 Pi_S2 Pi_S Pi")
    A, B, mu, eps, mean = symbols("A B mu eps m")
    n = b - gamma
    overage_uniform = z**2 / 4

    def tdc(z_value: Expr, z_share: Expr) -> tuple[tuple[sympy.Symbol, Expr], ...]:
        price = n * c / (n - 1) * (b + 2 * alpha - b * alpha - 1) / (b - 1) * z_share
        scale = price ** (gamma - b) * z_value
        supplier = a * c * alpha / (b - 1) * scale
        return (
            (r, (n * (1 - 2 * alpha) * (b - 1) + b * alpha) / (n * (b - b * alpha - 1 + 2 * alpha))),
            (p, price),
            (q, a * scale),
            (pi_r, 2 * a * c * (b + 2 * alpha - b * alpha - 1) / ((n - 1) * (b - 1)) * scale),
            (pi_1, supplier),
            (pi_2, supplier),
        )

    share = (b + 1) / b  # z/(z - Lambda) at z = 4/(b + 1)
    uniform_tdc = (
        *tdc(z, share),
        (pi, 2 * a * c * (b + alpha - gamma * alpha - 1) / ((n - 1) * (b - 1)) * p ** (gamma - b) * z),
    )
    z_joint = 4 / (n + 1)
    p_joint = c * n * (n * (1 - alpha) - (1 - 2 * alpha)) / (n - 1) ** 2 * (n + 1) / n
    uniform_pdc = (
        (z, z_joint),
        (r, ((n - 1) * (1 - 2 * alpha) + alpha) / ((n - 1) * (1 - alpha) + alpha)),
        (p, p_joint),
        (q, 2 * a * p ** (gamma - b) * z),
        (pi_r, 2 * a * c * p ** (gamma - b) * z * ((1 - alpha) * n - (1 - 2 * alpha)) / (n - 1) ** 2),
        (pi_s, 2 * a * c * alpha / (n - 1) * p ** (gamma - b) * z),
    )
    uniform_c = (
        (z, z_joint),
        (p, n / (n - 1) * c * (1 - alpha) * (n + 1) / n),
        (q, 2 * a * p ** (gamma - b) * z),
        (pi, 2 * a * c * (1 - alpha) / (n - 1) * p ** (gamma - b) * z),
    )
    survival = exp(-z / mean)
    sold = mean * (1 - exp(-z / mean))
    stocking = Implicit(z, (b - 1) * sold - b * z * survival, sympy.Integer(0), oo, 1)
    F, Lambda = Function("F"), Function("Lambda")
    general = tdc(z, z / (z - Lambda(z)))
    statement = Statement(
        "consignment",
        "two suppliers, one retailer",
        "Table 2",
        (*parameters("a b gamma c alpha"), Parameter(A, "low"), Parameter(B, "high"), Parameter(mu, "mean demand")),
        (a > 0, b > 1, gamma >= 0, b > gamma + 1, c > 0, alpha > 0, alpha < Rational(1, 2), B > A, A >= 0),
        tuple(Player(name, a, symbol) for name, symbol in (("R", pi_r), ("S1", pi_1), ("S2", pi_2))),
        (Shock(eps, GeneralDistribution("F", A, B, mu, True), "demand"),),
        (
            Instance("uniform", ((eps, Uniform(sympy.Integer(0), sympy.Integer(2))),)),
            Instance("exponential", ((eps, Exponential(mean)),), (Parameter(mean, "mean"),), (mean > 0,)),
        ),
    )
    assert overage_uniform.subs(z, 2) == 1
    everywhere = "interior"
    return statement, (
        solution("TDC", (Regime(everywhere, (), general, (Implicit(z, F(z) - b, A, B, 1),)),)),
        solution("TDC", (Regime(everywhere, (), ((z, 4 / (b + 1)), *uniform_tdc)),), "uniform"),
        solution("PDC", (Regime(everywhere, (), uniform_pdc),), "uniform"),
        solution("C", (Regime(everywhere, (), uniform_c),), "uniform"),
        solution("TDC", (Regime(everywhere, (), tdc(z, z / sold), (stocking,)),), "exponential"),
    )


def service() -> tuple[Statement, tuple[Solution, ...]]:
    """Hidden service (linear contract, CARA, normal sales): equations (13) and (14), and the corner without sharing."""
    names = "k eta rho p_d p_r w v_0 sigma_d sigma_r"
    k, eta, rho, p_d, p_r, w, v_0, sigma_d, sigma_r = symbols(names)
    alpha, beta, s_d, s_r, pi_m, pi_r = symbols("alpha beta s_d s_r Pi_m Pi_r")
    gain = k**2 * (p_d**2 + w**2)
    risk = eta * rho * sigma_r**2 * w * (p_r - w)
    slope = gain + eta * rho * (sigma_d**2 * p_d**2 + sigma_r**2 * w**2)

    def values(share: Expr) -> tuple[tuple[sympy.Symbol, Expr], ...]:
        income = p_r - w + beta * w
        fixed = v_0 - k**2 / (2 * eta) * (beta**2 * p_d**2 + income**2)
        fixed += rho / 2 * (beta**2 * p_d**2 * sigma_d**2 + income**2 * sigma_r**2)
        return (
            (beta, share),
            (s_d, beta * k * p_d / eta),
            (s_r, k * income / eta),
            (alpha, fixed),
            (pi_m, (1 - beta) * k * p_d * s_d + (1 - beta) * k * w * s_r - alpha),
            (pi_r, v_0),
        )

    statement = Statement(
        "service",
        "service incentive",
        "",
        parameters(names),
        (k > 0, eta > 0, rho > 0, p_d > 0, w > 0, p_r > w, sigma_d > 0, sigma_r > 0),
        tuple(Player(name, k, symbol) for name, symbol in (("M", pi_m), ("R", pi_r))),
    )
    interior = Regime("interior", (gain > risk,), values((gain - risk) / slope))
    corner = Regime("no sharing", (gain <= risk,), values(sympy.Integer(0)), (), ("beta = 0",))
    return statement, (solution("asymmetric", (interior, corner)),)


def clip() -> tuple[Statement, tuple[Solution, ...]]:
    """A quantity with capacity: zero, interior, or at capacity; the boundaries belong to two closed regions."""
    a, c, K = symbols("a c K")
    x, u = symbols("x u")
    statement = Statement("clip", "monopoly with capacity", "", parameters("a c K"), (K > 0, c > 0))
    inner = (a - c) / 2
    return statement, (
        solution(
            "capacity",
            (
                Regime("closed", (a <= c,), ((x, sympy.Integer(0)), (u, sympy.Integer(0)))),
                Regime("interior", (a >= c, (a - c) / 2 <= K), ((x, inner), (u, inner**2))),
                Regime("full", ((a - c) / 2 >= K,), ((x, K), (u, (a - c - K) * K))),
            ),
        ),
        solution("gap", (Regime("interior", (a > c, a < c + K), ((x, inner),)),)),
    )


def functions() -> tuple[Statement, tuple[Solution, ...]]:
    """Radicals, Lambert's W, a trigonometric root, error function, logarithms, maxima: one output each."""
    a, b, n, lam = symbols("a b n lambda")
    names = "w0 w1 share cubic third normal level root power whole kink decay"
    w0, w1, share, cubic, third, normal, level, root, power, whole, kink, decay = symbols(names)
    statement = Statement(
        "functions",
        "what formulas contain",
        "",
        (*parameters("a b lambda"), Parameter(n, "number of firms", integer=True)),
        (a > 0, b > 0, b < 1, n >= 1),
    )
    values = (
        (w0, LambertW(a)),
        (w1, LambertW(-b * exp(-1), -1)),
        (share, LambertW(exp(a / b))),
        (cubic, 2 * sqrt(a) * sympy.cos(sympy.acos(b) / 3)),
        (third, lam ** Rational(1, 3)),
        (normal, (1 + sympy.erf(lam / sqrt(2))) / 2),
        (level, log(1 + b * exp(-30)) / b),
        (root, a ** Rational(-3, 2)),
        (power, (a - lam) ** 5 / (lam - a) ** 2),
        (whole, lam**n),
        (kink, Max(lam, b, 1 - a)),
        (decay, (1 - exp(-b / 10**12)) / b),
    )
    return statement, (solution("all", (Regime("everywhere", (), values),)),)


def kinked() -> tuple[Statement, tuple[Solution, ...]]:
    """Implicit quantities that are awkward: a kink, one defined through another, a root far away, a decreasing equation."""
    a, b = symbols("a b")
    x, y, v, u = symbols("x y v u")
    zero = sympy.Integer(0)
    roots = (
        Implicit(x, x + Max(x, a) - 3 * a, zero, oo, 1),
        Implicit(y, exp(-y) * x - y, zero, x, -1),
        Implicit(v, log(v / b), zero, oo, 1),
        Implicit(u, u**3 + u - b, -oo, oo, 1),
    )
    statement = Statement("kinked", "awkward roots", "", parameters("a b"), (a > 0, b > 0))
    return statement, (solution("roots", (Regime("interior", (), ((v, v),), roots),)),)


def odd() -> tuple[Statement, tuple[Solution, ...]]:
    """A domain with a disjunction and an inequation, a regime on a line, a value that only one regime has."""
    a, b, x, y = symbols("a b x y")
    statement = Statement("odd", "odd domains", "", parameters("a b"), (sympy.Or(a > 1, b > 1), sympy.Ne(a, b)))
    regimes = (Regime("sum", (Eq(a, 2),), ((x, a + b), (y, a))), Regime("rest", (), ((x, a * b),)))
    return statement, (solution("odd", regimes),)


def constant() -> tuple[Statement, tuple[Solution, ...]]:
    """No parameters at all."""
    (x,) = symbols("x")
    return Statement("constant", "a number", "", (), ()), (solution("constant", (Regime("only", (), ((x, Rational(1, 3)),)),)),)


def threshold() -> tuple[Statement, tuple[Solution, ...]]:
    """Regimes on both sides of a threshold that is itself an implicit quantity: ``s**2 + s = a``."""
    a, d, s, v = symbols("a d s v")
    root = Implicit(s, s**2 + s - a, sympy.Integer(0), oo, 1)
    regimes = (
        Regime("above", (d >= s,), ((v, d - s),), (root,)),
        Regime("below", (d < s,), ((v, s + a),), (root,)),
    )
    statement = Statement("threshold", "regimes around a root", "", parameters("a d"), (a > 0,))
    return statement, (solution("threshold", regimes),)


def newsvendor() -> tuple[Statement, tuple[Solution, ...]]:
    """A stock ``q`` at cost ``c`` against normal demand: the critical fractile, and price times expected sales less cost."""
    c, p, m, s, q, profit = symbols("c p m s q Pi")
    below = cdf(Normal(m, s**2), q)
    sales = q - overage(Normal(m, s**2), q)
    fractile = Implicit(q, (p - c) / p - below, -oo, oo, -1)
    statement = Statement("newsvendor", "normal demand", "", parameters("c p m s"), (c > 0, p > c, s > 0))
    return statement, (solution("stock", (Regime("only", (), ((profit, p * sales - c * q),), (fractile,)),)),)
