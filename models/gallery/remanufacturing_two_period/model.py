"""A monopoly over two periods that remanufactures returned units (Ferrer and Swaminathan 2006)."""

from derive.ir import (
    At,
    Claim,
    Decision,
    Definition,
    Feasibility,
    Model,
    Parameter,
    Player,
    Protocol,
    Slope,
    Stage,
    Variable,
    symbols,
)

A, c, s, gam, dlt, q1, qn, qr, mu, Pi = symbols("A c s gam dlt q1 qn qr mu Pi")

ALONE = "monopoly"

model = Model(
    key="remanufacturing_two_period",
    title="Two-period monopoly with remanufacturing and limited core availability",
    source=(
        "Ferrer, G. and Swaminathan, J.M. (2006) Managing new and remanufactured products, Management Science 52(1), 15-26 "
        "(monopoly, two periods, perfect substitutes)"
    ),
    parameters=(
        Parameter(A, "demand intercept"),
        Parameter(c, "unit cost of a new product"),
        Parameter(s, "saving per remanufactured unit"),
        Parameter(gam, "fraction of the units sold that return"),
        Parameter(dlt, "discount factor"),
    ),
    assumptions=(A > 0, c > 0, s > 0, gam > 0, gam <= 1, dlt > 0, dlt <= 1, c < A, s <= c),
    variables=(
        Variable(q1, "output of period 1", (q1 >= 0,)),
        Variable(qn, "new units of period 2", (qn >= 0,)),
        Variable(qr, "remanufactured units of period 2", (qr >= 0,)),
    ),
    definitions=(Definition(mu, dlt * (A - 2 * (qn + qr) - c + s), "marginal value of one more returned unit"),),
    players=(Player("M", q1 * (A - q1 - c) + dlt * ((qn + qr) * (A - qn - qr) - c * qn - (c - s) * qr), Pi, "monopolist"),),
    protocols=(
        Protocol(
            ALONE,
            "Both periods planned together",
            (Stage((Decision(("M",), (q1, qn, qr), (Feasibility("cores", qr <= gam * q1),)),)),),
        ),
    ),
    errata=("e",),
    claims=(
        Claim("a", "All returned units are used, and one more would be worth something.", At(mu, ALONE) > 0),
        Claim("b", "Output of period 1 exceeds the myopic monopoly output.", At(q1, ALONE) > (A - c) / 2),
        Claim("c", "New and remanufactured units are sold in period 2.", At(qn, ALONE) > 0),
        Claim("d", "Output of period 1 rises with the saving.", Slope(At(q1, ALONE), s) > 0),
        Claim("e", "Output of period 1 rises with the fraction that returns.", Slope(At(q1, ALONE), gam) > 0),
    ),
)
