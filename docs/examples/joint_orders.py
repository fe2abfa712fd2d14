"""Any number of shops that order together: one fixed cost, and one for each."""

from sympy import Piecewise

from derive.coalition import CoalitionGame, Member
from derive.ir import Parameter, symbols

n, s, K, k, y = symbols("n s K k y")

game = CoalitionGame(
    key="joint_orders",
    title="Joint orders",
    source="",
    kind="cost",
    parameters=(
        Parameter(n, "number of shops", integer=True),
        Parameter(K, "cost of an order"),
        Parameter(k, "cost of a shop in it"),
    ),
    assumptions=(n >= 2, K > 0, k > 0),
    players=(Member("shop", y, indicator=s, count=n),),
    rule=Piecewise((K + k * s, s > 0), (0, True)),
)
