"""Landing fees at an airport for four types of aircraft (Littlechild and Owen 1973)."""

from sympy import Eq, Max

from derive.coalition import CoalitionGame, Member
from derive.ir import At, Claim, Parameter, symbols

c1, c2, c3, c4, in_1, in_2, in_3, in_4, x_1, x_2, x_3, x_4 = symbols("c1 c2 c3 c4 in_1 in_2 in_3 in_4 x_1 x_2 x_3 x_4")

game = CoalitionGame(
    key="airport_four_players",
    title="Airport cost game with four ordered players",
    source="Littlechild, S.C. and Owen, G. (1973) A simple expression for the Shapley value in a special case, "
    "Management Science 20(3), 370-372",
    kind="cost",
    parameters=tuple(Parameter(c, f"cost of the runway that aircraft {i} needs") for i, c in enumerate((c1, c2, c3, c4), 1)),
    assumptions=(c1 > 0, c2 > 0, c3 > 0, c4 > 0, c1 <= c2, c2 <= c3, c3 <= c4),
    players=tuple(
        Member(str(i), share, f"what aircraft {i} pays", indicator)
        for i, (share, indicator) in enumerate(((x_1, in_1), (x_2, in_2), (x_3, in_3), (x_4, in_4)), 1)
    ),
    rule=Max(c1 * in_1, c2 * in_2, c3 * in_3, c4 * in_4),
    claims=(
        Claim(
            "a",
            "The Shapley value charges the smallest user less than the nucleolus does.",
            At(x_1, "shapley") <= At(x_1, "nucleolus"),
        ),
        Claim("b", "The nucleolus charges players 1 and 2 equally.", Eq(At(x_1, "nucleolus"), At(x_2, "nucleolus"))),
        Claim(
            "c",
            "The largest player pays more under the nucleolus than under the Shapley value.",
            At(x_4, "nucleolus") > At(x_4, "shapley"),
        ),
    ),
    errata=("c",),
)
