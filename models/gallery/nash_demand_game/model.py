"""Two players claim shares of a pie (Nash 1953)."""

from sympy import Eq, Piecewise

from derive.ir import At, Claim, Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols

m, x1, x2, U1, U2 = symbols("m x1 x2 U1 U2")

DEMANDS = "demands"
fits = x1 + x2 <= m

model = Model(
    key="nash_demand_game",
    title="The demand game",
    source="Nash, J. (1953) Two-person cooperative games, Econometrica 21(1), 128-140",
    parameters=(Parameter(m, "size of the pie"),),
    assumptions=(m > 0,),
    variables=(
        Variable(x1, "demand of player 1", (x1 >= 0, x1 <= m), latex="x_1"),
        Variable(x2, "demand of player 2", (x2 >= 0, x2 <= m), latex="x_2"),
    ),
    players=(
        Player("P1", Piecewise((x1, fits), (0, True)), U1, "player 1", latex="U_1"),
        Player("P2", Piecewise((x2, fits), (0, True)), U2, "player 2", latex="U_2"),
    ),
    protocols=(
        Protocol(DEMANDS, "Both demand at the same time", (Stage((Decision(("P1",), (x1,)), Decision(("P2",), (x2,)))),)),
    ),
    claims=(
        Claim("a", "The equal split is the only equilibrium.", Eq(At(x1, DEMANDS), At(x2, DEMANDS))),
        Claim("b", "Every equilibrium is efficient.", Eq(At(U1, DEMANDS) + At(U2, DEMANDS), m)),
    ),
    errata=("a", "b"),
)
