"""A two-part tariff that the retailer must prefer to its outside profit (Moorthy 1987)."""

from sympy import Eq, Integer

from derive.ir import (
    At,
    Claim,
    Decision,
    Definition,
    Model,
    Parameter,
    Participation,
    Player,
    Protocol,
    Stage,
    Variable,
    symbols,
)

a, b, c, R0, w, F, p, q, Pi_M, Pi_R = symbols("a b c R0 w F p q Pi_M Pi_R")

TARIFF = "tariff"
offered = ((a - b * c) ** 2 / (4 * b) >= R0,)

model = Model(
    key="two_part_tariff_participation",
    title="Two-part tariff with a retailer that may decline",
    source="Moorthy, K. S. (1987) Managing channel profits: comment, Marketing Science 6(4), 375-379",
    parameters=(
        Parameter(a, "demand intercept"),
        Parameter(b, "demand slope"),
        Parameter(c, "unit production cost"),
        Parameter(R0, "what the retailer earns without the product", latex="R_0"),
    ),
    assumptions=(a > 0, b > 0, c >= 0, R0 >= 0, a > b * c),
    variables=(
        Variable(w, "wholesale price", (w >= 0,)),
        Variable(F, "fixed fee"),
        Variable(p, "retail price", (p >= 0, p <= a / b)),
    ),
    definitions=(Definition(q, a - b * p, "demand"),),
    players=(Player("M", (w - c) * q + F, Pi_M, "manufacturer"), Player("R", (p - w) * q - F, Pi_R, "retailer")),
    protocols=(
        Protocol(
            TARIFF,
            "The manufacturer offers a tariff, or none",
            (Stage((Decision(("M",), (w, F), (Participation("R", R0),)),)), Stage((Decision(("R",), (p,)),))),
            outside=(("M", Integer(0)), ("R", R0)),
        ),
    ),
    claims=(
        Claim(
            "a", "The wholesale price equals marginal cost: the channel is coordinated.", Eq(At(w, TARIFF), c), given=offered
        ),
        Claim("b", "The manufacturer always earns a strictly positive profit.", At(Pi_M, TARIFF) > 0),
    ),
)
