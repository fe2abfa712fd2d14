"""Successive monopoly with linear demand (Spengler 1950)."""

from sympy import Eq, Rational

from derive.ir import (
    At,
    Claim,
    Decision,
    Definition,
    Model,
    Parameter,
    Player,
    Protocol,
    Slope,
    Stage,
    Variable,
    symbols,
)

a, b, c, w, p, q, Pi_M, Pi_R, Pi_C = symbols("a b c w p q Pi_M Pi_R Pi_C")

CHAIN, ALONE = "chain", "integrated"

model = Model(
    key="spengler_double_marginalization",
    title="Successive monopoly with linear demand",
    source="Spengler, J.J. (1950) Vertical integration and antitrust policy, Journal of Political Economy 58(4), 347-352",
    parameters=(Parameter(a, "demand intercept"), Parameter(b, "demand slope"), Parameter(c, "unit production cost")),
    assumptions=(a > 0, b > 0, c >= 0, a > b * c),
    variables=(Variable(w, "wholesale price", (w >= 0,)), Variable(p, "retail price", (p >= 0, p <= a / b))),
    definitions=(Definition(q, a - b * p, "demand"), Definition(Pi_C, Pi_M + Pi_R, "the channel's profit")),
    players=(Player("M", (w - c) * q, Pi_M, "manufacturer"), Player("R", (p - w) * q, Pi_R, "retailer")),
    protocols=(
        Protocol(CHAIN, "Decentralised", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (p,)),)))),
        Protocol(ALONE, "Integrated", (Stage((Decision(("M", "R"), (p,)),)),)),
    ),
    errata=("c",),
    claims=(
        Claim("a", "The decentralised retail price exceeds the integrated one.", At(p, CHAIN) > At(p, ALONE)),
        Claim(
            "b",
            "Channel profit is exactly three quarters of the integrated profit.",
            Eq(At(Pi_C, CHAIN), Rational(3, 4) * At(Pi_C, ALONE)),
        ),
        Claim("c", "The manufacturer earns strictly more than twice the retailer.", At(Pi_M, CHAIN) > 2 * At(Pi_R, CHAIN)),
        Claim("d", "Cost pass-through is lower.", Slope(At(p, CHAIN), c) < Slope(At(p, ALONE), c)),
    ),
)
