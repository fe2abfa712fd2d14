"""Several leaders and several followers with linear demand (Sherali 1984), beside the Cournot game of all of them."""

from derive.ir import (
    Aggregate,
    At,
    Claim,
    Decision,
    Definition,
    Model,
    Parameter,
    Player,
    Protocol,
    Stage,
    Variable,
    symbols,
)

a, b, c, k, m, x, y, q, X_L, X_F, Q, price, price_C = symbols("a b c k m x y q X_L X_F Q price price_C")
Pi_L, Pi_F, Pi_cournot = symbols("Pi_L Pi_F Pi_cournot")

LEAD, COURNOT = "stackelberg", "cournot"

model = Model(
    key="stackelberg_k_leaders",
    title="Several leaders and several followers with linear demand",
    source="Sherali, H.D. (1984) A multiple leader Stackelberg model and analysis, Operations Research 32(2), 390-404; "
    "Daughety, A.F. (1990) Beneficial concentration, American Economic Review 80(5), 1231-1237",
    parameters=(
        Parameter(a, "demand intercept"),
        Parameter(b, "demand slope"),
        Parameter(c, "unit cost"),
        Parameter(k, "number of leaders", integer=True),
        Parameter(m, "number of followers", integer=True),
    ),
    assumptions=(a > 0, b > 0, c >= 0, a > c, k >= 1, m >= 1),
    variables=(
        Variable(x, "output of a leader", (x >= 0,)),
        Variable(y, "output of a follower", (y >= 0,)),
        Variable(q, "output of a firm, all moving at once", (q >= 0,)),
    ),
    aggregates=(
        Aggregate(X_L, x, "leaders", "output of all leaders"),
        Aggregate(X_F, y, "followers", "output of all followers"),
        Aggregate(Q, q, "firms", "output of all firms, all moving at once"),
    ),
    definitions=(
        Definition(price, a - b * (X_L + X_F), "price"),
        Definition(price_C, a - b * Q, "price, all moving at once"),
    ),
    players=(
        Player("leaders", (a - b * (X_L + X_F) - c) * x, Pi_L, count=k),
        Player("followers", (a - b * (X_L + X_F) - c) * y, Pi_F, count=m),
        Player("firms", (a - b * Q - c) * q, Pi_cournot, count=k + m),
    ),
    protocols=(
        Protocol(
            LEAD,
            "Leaders and followers",
            (Stage((Decision(("leaders",), (x,)),)), Stage((Decision(("followers",), (y,)),))),
        ),
        Protocol(COURNOT, "All firms move at once", (Stage((Decision(("firms",), (q,)),)),)),
    ),
    claims=(
        Claim("a", "A leader earns more than a follower.", At(Pi_L, LEAD) > At(Pi_F, LEAD)),
        Claim(
            "b",
            "A leader earns more than in the Cournot game of all firms.",
            At(Pi_L, LEAD) > At(Pi_cournot, COURNOT),
        ),
        Claim(
            "c",
            "A follower always earns less than in the Cournot game.",
            At(Pi_F, LEAD) < At(Pi_cournot, COURNOT),
        ),
        Claim("d", "The price is below that of the Cournot game.", At(price, LEAD) < At(price_C, COURNOT)),
    ),
)
