"""A buyer faces a seller whose cost is private: two types, with shutdown of the inefficient one (Baron and Myerson 1982)."""

from sympy import Eq

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

a, tl, th, nu, ql, qh, Tl, Th, rent, loss_h, Pi = symbols("a tl th nu ql qh Tl Th rent loss_h Pi")

MENU = "menu"

model = Model(
    key="two_type_screening_shutdown",
    title="Two-type adverse selection with shutdown of the inefficient type",
    source=(
        "Baron, D.P. and Myerson, R.B. (1982) Regulating a monopolist with unknown costs, Econometrica 50(4), 911-930; "
        "Laffont, J.-J. and Martimort, D. (2002) The Theory of Incentives, ch. 2"
    ),
    parameters=(
        Parameter(a, "the buyer's marginal value of the first unit"),
        Parameter(tl, "unit cost of the efficient type"),
        Parameter(th, "unit cost of the inefficient type"),
        Parameter(nu, "probability of the efficient type"),
    ),
    assumptions=(a > 0, tl > 0, th > 0, nu > 0, nu < 1, tl < th, th < a),
    variables=(
        Variable(ql, "output of the efficient type", (ql >= 0,)),
        Variable(qh, "output of the inefficient type", (qh >= 0,)),
        Variable(Tl, "payment to the efficient type"),
        Variable(Th, "payment to the inefficient type"),
    ),
    definitions=(
        Definition(rent, Tl - tl * ql, "rent of the efficient type"),
        Definition(loss_h, Th - th * qh - (Tl - th * ql), "what the inefficient type loses by taking the other contract"),
    ),
    players=(Player("P", nu * (a * ql - ql**2 / 2 - Tl) + (1 - nu) * (a * qh - qh**2 / 2 - Th), Pi, "the buyer"),),
    protocols=(
        Protocol(
            MENU,
            "A menu of contracts",
            (
                Stage(
                    (
                        Decision(
                            ("P",),
                            (ql, qh, Tl, Th),
                            (
                                Feasibility("IR of the efficient type", Tl - tl * ql >= 0),
                                Feasibility("IR of the inefficient type", Th - th * qh >= 0),
                                Feasibility("IC of the efficient type", Tl - tl * ql >= Th - tl * qh),
                                Feasibility("IC of the inefficient type", Th - th * qh >= Tl - th * ql),
                            ),
                        ),
                    )
                ),
            ),
        ),
    ),
    claims=(
        Claim("a", "The efficient type's output is at the first best.", Eq(At(ql, MENU), a - tl)),
        Claim("b", "The incentive constraint of the inefficient type is slack.", At(loss_h, MENU) > 0),
        Claim("c", "The efficient type earns a positive rent.", At(rent, MENU) > 0),
        Claim("d", "The rent rises with the cost gap (raising th).", Slope(At(rent, MENU), th) > 0),
    ),
)
