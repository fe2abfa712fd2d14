"""Two shops at the ends of a street, one with higher costs (Hotelling 1929; Tirole 1988)."""

from sympy import Eq, Max, Min, Rational

from derive.ir import (
    At,
    Claim,
    Decision,
    Definition,
    Model,
    Parameter,
    Player,
    Protocol,
    Slope,
    Stage,
    Variable,
    symbols,
)

t, c1, d, p1, p2, x1, Pi_1, Pi_2 = symbols("t c1 d p1 p2 x1 Pi_1 Pi_2")

PRICES = "prices"
# Where firm 1 takes the whole market there are many equilibria. Claims speak of those in which firm 2 does not price below cost.
undominated = (At(p2, PRICES) >= c1 + d,)

model = Model(
    key="hotelling_cost_asymmetry",
    title="Price competition on a street with unequal costs",
    source="Hotelling, H. (1929) Stability in competition, Economic Journal 39(153), 41-57; "
    "Tirole, J. (1988) The Theory of Industrial Organization, section 7.1",
    parameters=(
        Parameter(t, "transport cost"),
        Parameter(c1, "unit cost of firm 1", latex="c_1"),
        Parameter(d, "cost disadvantage of firm 2"),
    ),
    assumptions=(t > 0, c1 >= 0, d >= 0),
    variables=(
        Variable(p1, "price of firm 1", (p1 >= 0,), latex="p_1"),
        Variable(p2, "price of firm 2", (p2 >= 0,), latex="p_2"),
    ),
    definitions=(Definition(x1, Max(0, Min(1, Rational(1, 2) + (p2 - p1) / (2 * t))), "share of firm 1", latex="x_1"),),
    players=(Player("F1", (p1 - c1) * x1, Pi_1, "firm 1"), Player("F2", (p2 - c1 - d) * (1 - x1), Pi_2, "firm 2")),
    protocols=(
        Protocol(PRICES, "Prices are set simultaneously", (Stage((Decision(("F1",), (p1,)), Decision(("F2",), (p2,)))),)),
    ),
    claims=(
        Claim("b", "Firm 1's price rises with its rival's cost.", Slope(At(p1, PRICES), d) > 0, given=undominated),
        Claim("c", "Firm 2 earns a positive profit.", At(Pi_2, PRICES) > 0),
        Claim("d", "Firm 1 passes on a third.", Eq(Slope(At(p1, PRICES), d), Rational(1, 3)), given=undominated),
    ),
)
