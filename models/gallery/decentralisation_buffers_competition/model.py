"""Two competing exclusive channels: integrate or decentralise (McGuire and Staelin 1983)."""

from sympy import Eq

from derive.ir import At, Claim, Decision, Definition, Feasibility, Model, Parameter, Player, Protocol, Stage, Variable, symbols

th, w1, w2, p1, p2, q1, q2 = symbols("th w1 w2 p1 p2 q1 q2")
Pi_M1, Pi_M2, Pi_R1, Pi_R2 = symbols("Pi_M1 Pi_M2 Pi_R1 Pi_R2")

BOTH, NONE, ONE = "DD", "II", "ID"
# An integrated manufacturer owns its retailer: what the retailer sells at is what the manufacturer gets.
FIRST = Decision(("M1", "R1"), (p1, w1), (Feasibility("channel 1 is integrated", Eq(w1, p1)),))
SECOND = Decision(("M2", "R2"), (p2, w2), (Feasibility("channel 2 is integrated", Eq(w2, p2)),))
RETAIL = Stage((Decision(("R1",), (p1,)), Decision(("R2",), (p2,))))

model = Model(
    key="decentralisation_buffers_competition",
    title="Two competing exclusive channels, integrate or decentralise",
    source="McGuire and Staelin (1983) An industry equilibrium analysis of downstream vertical integration, Marketing Science "
    "2(2), 161-191",
    parameters=(Parameter(th, "substitutability"),),
    assumptions=(th > 0, th < 1),
    variables=(
        Variable(w1, "wholesale price of channel 1", (w1 >= 0,)),
        Variable(w2, "wholesale price of channel 2", (w2 >= 0,)),
        Variable(p1, "retail price of channel 1", (p1 >= 0,)),
        Variable(p2, "retail price of channel 2", (p2 >= 0,)),
    ),
    definitions=(
        Definition(q1, 1 - p1 + th * p2, "demand of channel 1"),
        Definition(q2, 1 - p2 + th * p1, "demand of channel 2"),
    ),
    players=(
        Player("M1", w1 * q1, Pi_M1, "manufacturer of channel 1"),
        Player("M2", w2 * q2, Pi_M2, "manufacturer of channel 2"),
        Player("R1", (p1 - w1) * q1, Pi_R1, "retailer of channel 1"),
        Player("R2", (p2 - w2) * q2, Pi_R2, "retailer of channel 2"),
    ),
    protocols=(
        Protocol(BOTH, "Both channels decentralised", (Stage((Decision(("M1",), (w1,)), Decision(("M2",), (w2,)))), RETAIL)),
        Protocol(NONE, "Both channels integrated", (Stage((FIRST, SECOND)),)),
        Protocol(
            ONE,
            "Channel 1 integrated, channel 2 decentralised",
            (Stage((Decision(("M2",), (w2,)),)), Stage((FIRST, Decision(("R2",), (p2,))))),
        ),
    ),
    claims=(
        Claim("a", "Manufacturers earn more under decentralisation than under integration.", At(Pi_M1, BOTH) > At(Pi_M1, NONE)),
        Claim(
            "b",
            "A channel as a whole earns more under decentralisation than under integration.",
            At(Pi_M1, BOTH) + At(Pi_R1, BOTH) > At(Pi_M1, NONE),
        ),
        Claim("c", "No manufacturer gains by integrating alone.", At(Pi_M1, BOTH) >= At(Pi_M1, ONE)),
        Claim("d", "No manufacturer gains by decentralising alone.", At(Pi_M2, ONE) <= At(Pi_M2, NONE)),
        Claim(
            "e",
            "Integration of both channels gives manufacturers at least the decentralised profit.",
            At(Pi_M1, NONE) >= At(Pi_M1, BOTH),
        ),
    ),
    errata=("e",),
)
