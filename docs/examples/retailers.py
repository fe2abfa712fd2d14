"""A manufacturer sells through any number of identical retailers. States a group of players, a sum over it, and existence."""

from sympy import Eq

from derive.ir import (
    Aggregate,
    At,
    Claim,
    Decision,
    Definition,
    Exists,
    Model,
    Parameter,
    Player,
    Protocol,
    Slope,
    Stage,
    Variable,
    symbols,
)

a, b, c, n = symbols("a b c n")
w, q, Q, p = symbols("w q Q p")
Pi_M, Pi_R = symbols("Pi_M Pi_R")

model = Model(
    key="retailers",
    title="A manufacturer and its retailers",
    source="",
    parameters=(
        Parameter(a, "highest price"),
        Parameter(b, "slope of demand"),
        Parameter(c, "unit cost"),
        Parameter(n, "number of retailers", integer=True),
    ),
    assumptions=(a > c, b > 0, c >= 0, n >= 1),
    variables=(Variable(w, "wholesale price", (w >= 0,)), Variable(q, "quantity of a retailer", (q >= 0,))),
    # Q adds up q over all retailers, the one that is deciding included.
    aggregates=(Aggregate(Q, q, "retailers", "quantity of all retailers"),),
    definitions=(Definition(p, a - b * Q, "price"),),
    players=(Player("maker", (w - c) * Q, Pi_M), Player("retailers", (p - w) * q, Pi_R, count=n)),
    protocols=(
        Protocol("sale", "Price first", (Stage((Decision(("maker",), (w,)),)), Stage((Decision(("retailers",), (q,)),)))),
    ),
    claims=(
        Claim("1", "More retailers sell more.", Slope(At(Q, "sale"), n) > 0),
        Claim("2", "There is an equilibrium.", Eq(Exists("sale"), 1)),
    ),
)
