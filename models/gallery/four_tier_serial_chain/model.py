"""A serial chain of four tiers, upstream moves first (Spengler 1950 iterated; Corbett and Karmarkar 2001)."""

from sympy import Eq, Ne

from derive.ir import At, Claim, Decision, Definition, Model, Parameter, Player, Protocol, Slope, Stage, Variable, symbols

a, b, c1, c2, c3, c4, w1, w2, w3, p, q = symbols("a b c1 c2 c3 c4 w1 w2 w3 p q")
Pi_1, Pi_2, Pi_3, Pi_4 = symbols("Pi_1 Pi_2 Pi_3 Pi_4")

CHAIN = "chain"

model = Model(
    key="four_tier_serial_chain",
    title="Four-tier serial chain, upstream moves first",
    source=(
        "Corbett, C.J. and Karmarkar, U.S. (2001) Competition and structure in serial supply chains with deterministic demand, "
        "Management Science 47(7), 966-978, with one firm per tier"
    ),
    parameters=(
        Parameter(a, "demand intercept"),
        Parameter(b, "demand slope"),
        Parameter(c1, "unit cost of tier 1"),
        Parameter(c2, "unit cost of tier 2"),
        Parameter(c3, "unit cost of tier 3"),
        Parameter(c4, "unit cost of tier 4"),
    ),
    assumptions=(a > 0, b > 0, c1 >= 0, c2 >= 0, c3 >= 0, c4 >= 0, a > b * (c1 + c2 + c3 + c4)),
    variables=(
        Variable(w1, "price of tier 1", (w1 >= 0,)),
        Variable(w2, "price of tier 2", (w2 >= 0,)),
        Variable(w3, "price of tier 3", (w3 >= 0,)),
        Variable(p, "retail price", (p >= 0, p <= a / b)),
    ),
    definitions=(Definition(q, a - b * p, "demand"),),
    players=(
        Player("T1", (w1 - c1) * q, Pi_1, "tier 1"),
        Player("T2", (w2 - w1 - c2) * q, Pi_2, "tier 2"),
        Player("T3", (w3 - w2 - c3) * q, Pi_3, "tier 3"),
        Player("T4", (p - w3 - c4) * q, Pi_4, "tier 4, the retailer"),
    ),
    protocols=(
        Protocol(
            CHAIN,
            "Upstream moves first",
            (
                Stage((Decision(("T1",), (w1,)),)),
                Stage((Decision(("T2",), (w2,)),)),
                Stage((Decision(("T3",), (w3,)),)),
                Stage((Decision(("T4",), (p,)),)),
            ),
        ),
    ),
    errata=("b",),
    claims=(
        Claim("a", "Profits halve tier by tier going downstream.", Eq(At(Pi_1, CHAIN), 8 * At(Pi_4, CHAIN))),
        Claim(
            "b",
            "The retail price depends on how a given total cost is split over the tiers.",
            Ne(Slope(At(p, CHAIN), c1), Slope(At(p, CHAIN), c4)),
        ),
        Claim(
            "c",
            "The channel's profit is less than one quarter of the integrated profit.",
            At(Pi_1, CHAIN) + At(Pi_2, CHAIN) + At(Pi_3, CHAIN) + At(Pi_4, CHAIN)
            < (a - b * (c1 + c2 + c3 + c4)) ** 2 / (16 * b),
        ),
    ),
)
