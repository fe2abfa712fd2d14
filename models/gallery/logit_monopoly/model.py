"""Monopoly price with logit demand: the margin and the profit by Lambert's function (Li and Huh 2011)."""

from sympy import Eq, Rational, exp

from derive.ir import At, Claim, Decision, Definition, Model, Parameter, Player, Protocol, Slope, Stage, Variable, symbols

a, b, c, p, q, Pi = symbols("a b c p q Pi")

MONOPOLY = "monopoly"

model = Model(
    key="logit_monopoly",
    title="Monopoly price with logit demand",
    source="Li, H. and Huh, W.T. (2011) Pricing multiple products with the multinomial logit and nested logit models: concavity and "
    "implications, Manufacturing & Service Operations Management 13(4), 549-563, with one product",
    parameters=(Parameter(a, "mean utility at a price of zero"), Parameter(b, "price sensitivity"), Parameter(c, "unit cost")),
    assumptions=(b > 0, c >= 0),
    variables=(Variable(p, "price", (p >= 0,)),),
    definitions=(Definition(q, 1 / (1 + exp(b * p - a)), "market share"),),
    players=(Player("F", (p - c) * q, Pi, "monopolist"),),
    protocols=(Protocol(MONOPOLY, "Monopoly", (Stage((Decision(("F",), (p,)),)),)),),
    claims=(
        Claim("a", "The margin exceeds 1/b by the profit.", Eq(At(p, MONOPOLY) - c, 1 / b + At(Pi, MONOPOLY))),
        Claim(
            "b",
            "A part of a higher cost, but not all of it, is passed on.",
            (Slope(At(p, MONOPOLY), c) > 0) & (Slope(At(p, MONOPOLY), c) < 1),
        ),
        Claim("c", "At least half of a higher cost is passed on.", Slope(At(p, MONOPOLY), c) >= Rational(1, 2)),
    ),
)
