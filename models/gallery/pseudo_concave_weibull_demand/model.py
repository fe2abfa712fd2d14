"""Monopoly price with Weibull-type demand: the profit is not concave, but it has a single peak (Lariviere 2006)."""

from sympy import Rational, exp

from derive.ir import At, Claim, Decision, Definition, Model, Parameter, Player, Protocol, Slope, Stage, Variable, symbols

s, c, p, q, Pi = symbols("s c p q Pi")

MONOPOLY = "monopoly"

model = Model(
    key="pseudo_concave_weibull_demand",
    title="Monopoly price with Weibull-type demand",
    source="Lariviere, M.A. (2006) A note on probability distributions with increasing generalized failure rates, "
    "Operations Research 54(3), 602-604",
    parameters=(Parameter(s, "scale of willingness to pay"), Parameter(c, "unit cost")),
    assumptions=(s > 0, c >= 0),
    variables=(Variable(p, "price", (p >= c,)),),
    definitions=(Definition(q, exp(-((p / s) ** 2)), "demand"),),
    players=(Player("F", (p - c) * q, Pi, "monopolist"),),
    protocols=(Protocol(MONOPOLY, "Monopoly", (Stage((Decision(("F",), (p,)),)),)),),
    claims=(
        Claim(
            "c",
            "Cost pass-through lies strictly between one half and one.",
            (Slope(At(p, MONOPOLY), c) > Rational(1, 2)) & (Slope(At(p, MONOPOLY), c) < 1),
            given=(c > Rational(1, 10000),),
        ),
    ),
)
