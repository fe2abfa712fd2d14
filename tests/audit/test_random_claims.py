"""Random claims about roots of several protocols, judged, and held against numbers: roots found by bisection, two laws, many points."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pytest
from sympy import Expr, Ge, Gt, Integer, Le, Lt, Symbol, exp, lambdify, oo
from sympy.core.relational import Relational

from derive.audit.conditions import Never, boolean
from derive.audit.judge import judge
from derive.audit.judgements import CONDITIONAL, PROVED, REFUTED
from derive.audit.setting import Setting
from derive.ir import At, Claim, Slope, symbols
from derive.shocks import Cdf, Overage
from derive.solution import Implicit, Regime, Solution

a, b, q, x, y, u, v = symbols("a b q x y u v")
GIVEN = (a > 0, a < 1, b > 0, b < 1)
RENT = q * Cdf("F", q) - Overage("F", q)
CLEAR = 1e-7  # smaller differences and slopes have no sign here
STEP = 1e-5


def solution(protocol: str, values: dict[Symbol, Expr], *roots: Implicit) -> Solution:
    return Solution("m", protocol, "", GIVEN, (Regime("1", (), tuple(values.items()), roots),), ())


def root(symbol: Symbol, core: Expr) -> Implicit:
    return Implicit(symbol, core, Integer(0), oo, -1)


SOLUTIONS = {
    one.protocol: one
    for one in (
        solution("shop", {u: RENT, v: b * RENT}, root(q, a - Cdf("F", q))),
        solution("whole", {u: RENT, v: a * RENT}, root(q, 1 - (1 - a) * b - Cdf("F", q))),
        solution("plain", {u: x**2, v: a * x}, root(x, a - x - x**3)),
        solution("dear", {u: x**2, v: b * x}, root(x, a + b - x - x**3)),
        solution("chain", {u: x + y, v: y}, root(x, a - x - x**3), root(y, x - y - y**3)),
    )
}
KNOWN = {
    key: (*(s for s, _ in one.regimes[0].values), *(r.symbol for r in one.regimes[0].implicit))
    for key, one in SOLUTIONS.items()
}
# Demand that is exponential, or uniform up to 2: distribution function and expected overage.
LAWS = ((lambda z: 1 - exp(-z), lambda z: z - 1 + exp(-z)), (lambda z: z / 2, lambda z: z**2 / 4))


@cache
def evaluated(expr: Expr, law: int) -> Callable[..., float]:
    cdf, overage = LAWS[law]
    plain = expr.replace(Cdf, lambda _, z: cdf(z)).replace(Overage, lambda _, z: overage(z))
    return lambdify((a, b, q, x, y), plain, "math")


def value(reference: At, law: int, at: dict[Symbol, float]) -> float:
    quantity, protocol = reference.args
    (regime,) = SOLUTIONS[str(protocol)].regimes
    known = {**at, q: 0.0, x: 0.0, y: 0.0}
    for item in regime.implicit:
        low, high = 0.0, 64.0
        for _ in range(70):
            known[item.symbol] = (low + high) / 2
            rising = evaluated(item.equation, law)(*known.values()) > 0
            low, high = (known[item.symbol], high) if rising else (low, known[item.symbol])
    return evaluated(dict(regime.values).get(quantity, quantity), law)(*known.values())


def number(expr: Expr, law: int, at: dict[Symbol, float]) -> float:
    if isinstance(expr, At):
        return value(expr, law, at)
    if isinstance(expr, Slope):
        inner, parameter = expr.args
        above, below = ({**at, parameter: at[parameter] + side * STEP} for side in (1, -1))
        return (value(inner, law, above) - value(inner, law, below)) / (2 * STEP)
    if expr.is_Mul:
        return number(expr.args[0], law, at) * number(expr.args[1], law, at)
    return at[expr] if expr in at else float(expr)


def drawn(chance: random.Random) -> Relational:
    def reference() -> At:
        protocol = chance.choice(sorted(SOLUTIONS))
        return At(chance.choice(KNOWN[protocol]), protocol)

    left = reference()
    others = (
        reference(),
        Integer(chance.randint(1, 3)) * reference(),
        chance.choice((a, b)),
        Integer(1) / chance.randint(2, 4),
    )
    relation = chance.choice((Gt, Ge, Lt, Le))
    if chance.random() < 0.4:
        return relation(Slope(left, chance.choice((a, b))), 0, evaluate=False)
    return relation(left, chance.choice(others), evaluate=False)


@pytest.mark.parametrize("seed", range(6))
def test_no_verdict_on_a_random_claim_is_untrue(seed: int) -> None:
    chance = random.Random(seed)
    points = [{a: chance.uniform(0.02, 0.98), b: chance.uniform(0.02, 0.98)} for _ in range(6)]
    setting, settled = Setting(tuple(SOLUTIONS.values())), 0
    for _ in range(12):
        claim = drawn(chance)
        (judgement,) = judge(Claim("c", "", claim), setting)
        settled += judgement.status in (PROVED, REFUTED, CONDITIONAL)
        for law, at in ((law, at) for law in range(len(LAWS)) for at in points):
            gap = number(claim.lhs, law, at) - number(claim.rhs, law, at)
            holds = bool(claim.func(gap, 0))
            if abs(gap) < CLEAR:
                continue
            if judgement.status == PROVED:
                assert holds, (claim, at)
            elif judgement.status == REFUTED and len(judgement.parts) == 1 and isinstance(judgement.parts[0][1], Never):
                assert not holds, (claim, at)
            elif judgement.status == CONDITIONAL and boolean(judgement.condition).free_symbols <= {a, b}:
                assert bool(boolean(judgement.condition).xreplace(at)) is holds, (claim, at, judgement.condition)
    assert settled >= 4
