"""A returns policy that coordinates a newsvendor channel (Pasternack 1985)."""

from sympy import Integer, Min

from derive.ir import (
    At,
    Claim,
    Coordination,
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

pr, c, v, w, m, q, bb, D, Pi_R, Pi_S, Pi_C = symbols("pr c v w m q bb D Pi_R Pi_S Pi_C")

BUYBACK, TOGETHER, FULL, NONE = "buyback", "integrated", "full_credit", "no_returns"
ORDER = (Stage((Decision(("R",), (q,)),)),)


def retailer(credit):
    return pr * Min(q, D) + credit * (q - Min(q, D)) - w * q


def supplier(credit):
    return (w - c) * q - (credit - v) * (q - Min(q, D))


model = Model(
    key="buyback_pasternack",
    title="Buyback contract that coordinates a newsvendor channel",
    source="Pasternack, B.A. (1985) Optimal pricing and return policies for perishable commodities, "
    "Marketing Science 4(2), 166-176",
    parameters=(
        Parameter(pr, "retail price", latex="p_r"),
        Parameter(c, "supplier's unit cost"),
        Parameter(v, "supplier's salvage value of a returned unit"),
        Parameter(w, "wholesale price"),
        Parameter(m, "largest demand"),
    ),
    assumptions=(pr > 0, c > 0, v >= 0, w > 0, v < c, c < w, w < pr, m > 0),
    variables=(
        Variable(q, "retailer's order", (q >= 0, q <= m)),
        Variable(bb, "price at which unsold units are bought back", (bb < pr,), latex="b"),
    ),
    definitions=(Definition(Pi_C, Pi_R + Pi_S, "the channel's profit"),),
    shocks=(Shock(D, Uniform(Integer(0), m), "demand"),),
    players=(Player("R", retailer(bb), Pi_R, "retailer"), Player("S", supplier(bb), Pi_S, "supplier")),
    protocols=(
        Protocol(BUYBACK, "Coordinating buyback", ORDER, coordinates=Coordination(bb, TOGETHER)),
        Protocol(TOGETHER, "Integrated channel", (Stage((Decision(("R", "S"), (q,)),)),)),
        Protocol(FULL, "Full credit", ORDER, objectives=(("R", retailer(w)), ("S", supplier(w)))),
        Protocol(NONE, "No returns", ORDER, objectives=(("R", retailer(v)), ("S", supplier(v)))),
    ),
    errata=("e",),
    claims=(
        Claim("a", "The coordinating buyback price is below the wholesale price.", At(bb, BUYBACK) < w),
        Claim("b", "The coordinating buyback price exceeds the salvage value.", At(bb, BUYBACK) > v),
        Claim("c", "Full credit for unlimited returns over-stocks the channel.", At(q, FULL) > At(q, TOGETHER)),
        Claim("d", "Without returns the channel is under-stocked.", At(q, NONE) < At(q, TOGETHER)),
        Claim("e", "The coordinating buyback price rises with the largest demand.", Slope(At(bb, BUYBACK), m) > 0),
        Claim("f", "The retailer earns less than half of the chain's profit.", 2 * At(Pi_R, BUYBACK) < At(Pi_C, TOGETHER)),
    ),
)
