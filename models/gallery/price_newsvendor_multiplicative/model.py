"""A newsvendor who sets price and stock, with isoelastic demand and a multiplicative shock (Petruzzi and Dada 1999)."""

from sympy import Integer, Min, Ne

from derive.ir import (
    At,
    Claim,
    Decision,
    Definition,
    Model,
    Parameter,
    Player,
    Protocol,
    Shock,
    Slope,
    Stage,
    Uniform,
    Variable,
    symbols,
)

y0, k, c, u, p, q, z, dem, X, Pi, Pi0 = symbols("y0 k c u p q z dem X Pi Pi0")

UNCERTAIN, RISKLESS = "uncertain", "riskless"

model = Model(
    key="price_newsvendor_multiplicative",
    title="Price-setting newsvendor, isoelastic multiplicative demand",
    source="Petruzzi, N.C. and Dada, M. (1999) Pricing and the newsvendor problem, Operations Research 47(2), 183-194",
    parameters=(
        Parameter(y0, "market scale"),
        Parameter(k, "price elasticity"),
        Parameter(c, "unit cost"),
        Parameter(u, "largest value of the shock"),
    ),
    assumptions=(y0 > 0, k > 1, c > 0, u > 0),
    variables=(Variable(p, "price", (p >= c,)), Variable(q, "stock", (q >= 0,))),
    definitions=(Definition(dem, y0 * p ** (-k), "scale of demand"), Definition(z, q / dem, "stocking factor")),
    shocks=(Shock(X, Uniform(Integer(0), u), "demand shock"),),
    players=(
        Player("F", p * Min(q, dem * X) - c * q, Pi, "newsvendor"),
        Player("F0", (p - c) * dem * u / 2, Pi0, "seller who meets mean demand"),
    ),
    protocols=(
        Protocol(UNCERTAIN, "Under uncertainty", (Stage((Decision(("F",), (p, q)),)),)),
        Protocol(RISKLESS, "Riskless", (Stage((Decision(("F0",), (p,)),)),)),
    ),
    errata=("b",),
    claims=(
        Claim("a", "The price exceeds the riskless price.", At(p, UNCERTAIN) > At(p, RISKLESS)),
        Claim("b", "The price depends on the spread of the shock.", Ne(Slope(At(p, UNCERTAIN), u), 0)),
        Claim("c", "The stocking factor exceeds the mean shock.", At(z, UNCERTAIN) > u / 2),
    ),
)
