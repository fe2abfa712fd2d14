"""The bankruptcy problem of the Talmud as a game in coalition form (O'Neill 1982, Aumann and Maschler 1985)."""

from sympy import And, Eq, Max

from derive.coalition import CoalitionGame, Member
from derive.ir import At, Claim, Parameter, Slope, symbols

E, in_1, in_2, in_3, x_1, x_2, x_3, convex = symbols("E in_1 in_2 in_3 x_1 x_2 x_3 convex")

game = CoalitionGame(
    key="talmud_bankruptcy",
    title="Bankruptcy game of the Talmud",
    source="Aumann, R.J. and Maschler, M. (1985) Game theoretic analysis of a bankruptcy problem from the Talmud, "
    "Journal of Economic Theory 36, 195-213",
    parameters=(Parameter(E, "estate"),),
    assumptions=(E > 0, E <= 600),
    players=(
        Member("1", x_1, "the creditor who claims 100", in_1),
        Member("2", x_2, "the creditor who claims 200", in_2),
        Member("3", x_3, "the creditor who claims 300", in_3),
    ),
    rule=Max(0, E - 100 * (1 - in_1) - 200 * (1 - in_2) - 300 * (1 - in_3)),
    errata=("c",),
    claims=(
        Claim(
            "a",
            "Each claimant's nucleolus award is weakly increasing in the estate.",
            And(*(Slope(At(x, "nucleolus"), E) >= 0 for x in (x_1, x_2, x_3))),
        ),
        Claim("b", "The nucleolus coincides with proportional division.", Eq(At(x_1, "nucleolus"), E / 6)),
        Claim(
            "c",
            "The smallest claimant gets at least as much under random arrival as under the nucleolus.",
            At(x_1, "shapley") >= At(x_1, "nucleolus"),
        ),
        Claim("d", "The game is convex.", Eq(At(convex, "convexity"), 1)),
    ),
)
