"""Three players whose pairs are worth something: when the core is not empty (Bondareva 1963, Shapley 1967)."""

from sympy import Eq, Integer, Or

from derive.coalition import CoalitionGame, Member
from derive.ir import At, Claim, Parameter, symbols

x, y, z, x_1, x_2, x_3, core_nonempty, shapley_in_core = symbols("x y z x_1 x_2 x_3 core_nonempty shapley_in_core")

game = CoalitionGame(
    key="core_emptiness_triangle",
    title="Three-person game with symbolic pair worths",
    source="Shapley, L.S. (1967) On balanced sets and cores, Naval Research Logistics Quarterly 14(4), 453-460",
    parameters=(
        Parameter(x, "worth of players 1 and 2 together"),
        Parameter(y, "worth of players 1 and 3 together"),
        Parameter(z, "worth of players 2 and 3 together"),
    ),
    assumptions=(x >= 0, x <= 1, y >= 0, y <= 1, z >= 0, z <= 1),
    players=(Member("1", x_1), Member("2", x_2), Member("3", x_3)),
    worths=(
        (("1",), Integer(0)),
        (("2",), Integer(0)),
        (("3",), Integer(0)),
        (("1", "2"), x),
        (("1", "3"), y),
        (("2", "3"), z),
        (("1", "2", "3"), Integer(1)),
    ),
    errata=("b",),
    claims=(
        Claim("a", "The core is nonempty.", Eq(At(core_nonempty, "core"), 1)),
        Claim(
            "b",
            "Whenever the core is nonempty the Shapley value belongs to it.",
            Or(Eq(At(core_nonempty, "core"), 0), Eq(At(shapley_in_core, "shapley_core"), 1)),
        ),
        Claim(
            "c",
            "With equal pair worths the core is nonempty whatever these are.",
            Eq(At(core_nonempty, "core"), 1),
            given=(Eq(x, y), Eq(y, z)),
        ),
    ),
)
