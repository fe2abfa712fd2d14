"""Three firms divide what they earn together. States a game in coalition form by the worth of every coalition."""

from sympy import Integer

from derive.coalition import CoalitionGame, Member
from derive.ir import Parameter, symbols

v = symbols("v")[0]
x_1, x_2, x_3 = symbols("x_1 x_2 x_3")

game = CoalitionGame(
    key="alliance",
    title="Three firms",
    source="",
    players=(Member("1", x_1), Member("2", x_2), Member("3", x_3)),
    parameters=(Parameter(v, "worth of the grand coalition"),),
    assumptions=(v > 0,),
    worths=(
        (("1",), Integer(0)),
        (("2",), Integer(0)),
        (("3",), Integer(0)),
        (("1", "2"), v / 2),
        (("1", "3"), v / 2),
        (("2", "3"), Integer(0)),
        (("1", "2", "3"), v),
    ),
)
