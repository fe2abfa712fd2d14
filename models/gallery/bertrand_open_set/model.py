"""Price competition for a homogeneous good with unequal costs (Blume 2003)."""

from sympy import Eq, Expr, Piecewise, Rational
from sympy.logic.boolalg import Boolean

from derive.ir import At, Claim, Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols

c1, c2, a, p1, p2, Pi_1, Pi_2 = symbols("c1 c2 a p1 p2 Pi_1 Pi_2")

SHARING, EFFICIENT = "equal_sharing", "efficient_tie"
simultaneous = (Stage((Decision(("F1",), (p1,)), Decision(("F2",), (p2,)))),)
first, second = (p1 - c1) * (a - p1), (p2 - c2) * (a - p2)


def wins(market: Expr, cheaper: Boolean) -> Expr:
    """The whole market where the price is the lower one, half of it at equal prices."""
    return market * Piecewise((1, cheaper), (Rational(1, 2), Eq(p1, p2)), (0, True))


model = Model(
    key="bertrand_open_set",
    title="Undercutting a rival with higher costs",
    source="Blume, A. (2003) Bertrand without fudge, Economics Letters 78(2), 167-168",
    parameters=(
        Parameter(c1, "unit cost of firm 1", latex="c_1"),
        Parameter(c2, "unit cost of firm 2", latex="c_2"),
        Parameter(a, "demand intercept"),
    ),
    assumptions=(c1 >= 0, c2 > 0, a > 0, c1 < c2, 2 * c2 < a + c1, c2 < a),
    variables=(
        Variable(p1, "price of firm 1", (p1 >= 0,), latex="p_1"),
        Variable(p2, "price of firm 2", (p2 >= 0,), latex="p_2"),
    ),
    players=(
        Player("F1", wins(first, p1 < p2), Pi_1, "firm 1"),
        Player("F2", wins(second, p2 < p1), Pi_2, "firm 2"),
    ),
    protocols=(
        Protocol(SHARING, "Equal prices share the market", simultaneous),
        Protocol(
            EFFICIENT,
            "Equal prices leave the market to firm 1",
            simultaneous,
            objectives=(
                ("F1", first * Piecewise((1, p1 <= p2), (0, True))),
                ("F2", second * Piecewise((1, p2 < p1), (0, True))),
            ),
        ),
    ),
    claims=(
        Claim(
            "b",
            "The cost of firm 2 is an equilibrium price.",
            Eq(At(p1, EFFICIENT), c2),
            given=(At(p2, EFFICIENT) >= c2,),
        ),
    ),
)
