"""What the paper claims, as printed. Nothing here is a verdict; a claim may be wrong."""

from sympy import And, Eq, Expr
from sympy.logic.boolalg import Boolean

from derive.coalition.ir import PROPERTIES
from derive.ir import At, Claim, Slope, exact

from .glossary import V_1, V_2, V_3, V_12, V_13, V_23, V_123, phi_1, phi_2, phi_3, x_12, x_13, x_23, x_123
from .printed import AT_EXAMPLE

SURPLUSES = {(1, 2): x_12, (1, 3): x_13, (2, 3): x_23}
NONEMPTY = Eq(At(PROPERTIES["core"], "core"), 1)


def share(symbol: Expr) -> Expr:
    return At(symbol, "shapley")


def worth(symbol: Expr) -> Expr:
    return At(symbol, "shapley")


TOTAL = share(phi_1) + share(phi_2) + share(phi_3)

PAIRS_CONTENT = And(
    share(phi_1) + share(phi_2) >= worth(V_12),
    share(phi_1) + share(phi_3) >= worth(V_13),
    share(phi_2) + share(phi_3) >= worth(V_23),
)

BETTER_THAN_IN_A_PAIR = And(
    share(phi_1) >= V_1 + x_12 / 2,
    share(phi_1) >= V_1 + x_13 / 2,
    share(phi_2) >= V_2 + x_12 / 2,
    share(phi_2) >= V_2 + x_23 / 2,
    share(phi_3) >= V_3 + x_13 / 2,
    share(phi_3) >= V_3 + x_23 / 2,
)


def claim(number: str, text: str, asserts: Boolean | None, **details: object) -> Claim:
    return Claim(f"002-{number}", text, asserts, **details)


CLAIMS = (
    claim("1", "phi_1 = 505, phi_2 = 415.", And(Eq(share(phi_1), 505), Eq(share(phi_2), 415)), given=AT_EXAMPLE),
    claim(
        "2",
        "phi_3 is about 498.3, and the three values together exceed V(N) = 1350.",
        And(share(phi_3) >= exact("498.25"), share(phi_3) < exact("498.35"), worth(V_123) < TOTAL),
        given=AT_EXAMPLE,
    ),
    claim(
        "3",
        "Any two players' values together exceed what the pair earns; the alliance is stable.",
        And(
            share(phi_1) + share(phi_2) > worth(V_12),
            share(phi_1) + share(phi_3) > worth(V_13),
            share(phi_2) + share(phi_3) > worth(V_23),
        ),
        window=AT_EXAMPLE,
    ),
    claim(
        "4",
        "DPM has the largest marginal contribution (to the grand alliance).",
        And(worth(V_123) - worth(V_23) > worth(V_123) - worth(V_13), worth(V_123) - worth(V_23) > worth(V_123) - worth(V_12)),
        window=AT_EXAMPLE,
    ),
    claim(
        "5",
        "Requirement (2) as printed, V(S_i) + V(S_j) >= V(S_i u S_j), holds for V.",
        And(
            worth(V_12) <= V_1 + V_2,
            worth(V_13) <= V_1 + V_3,
            worth(V_23) <= V_2 + V_3,
            worth(V_12) + V_3 >= worth(V_123),
            worth(V_13) + V_2 >= worth(V_123),
            worth(V_23) + V_1 >= worth(V_123),
        ),
        window=AT_EXAMPLE,
        source="(2)",
    ),
    claim(
        "6",
        "A larger surplus of any pair lowers the third player's value.",
        And(Slope(share(phi_3), x_12) < 0, Slope(share(phi_2), x_13) < 0, Slope(share(phi_1), x_23) < 0),
    ),
    claim(
        "7",
        "Only a larger grand surplus raises all three values; the gain is shared equally.",
        And(
            *(Eq(Slope(share(phi), x_123), exact("1") / 3) for phi in (phi_1, phi_2, phi_3)),
            Slope(share(phi_3), x_12) <= 0,
            Slope(share(phi_2), x_13) <= 0,
            Slope(share(phi_1), x_23) <= 0,
            Slope(share(phi_2), V_1) <= 0,
            Slope(share(phi_1), V_2) <= 0,
            Slope(share(phi_1), V_3) <= 0,
        ),
    ),
    claim(
        "8",
        "If x_123 >= (x_12 + x_13 + x_23)/2, the three-party alliance gives every member its maximum and is stable.",
        And(BETTER_THAN_IN_A_PAIR, PAIRS_CONTENT),
        given=(2 * x_123 >= x_12 + x_13 + x_23,),
        source="read as: under the Shapley value nobody gains in a pair sharing its surplus equally, and no pair gains at all",
    ),
    claim(
        "8-core",
        "The same condition, read as: some division of the total is stable.",
        NONEMPTY,
        given=(2 * x_123 >= x_12 + x_13 + x_23,),
    ),
    claim(
        "9",
        "Half the sum of any two pairs' surpluses suffices (for some stable division of the total).",
        NONEMPTY,
        given=(2 * x_123 >= x_12 + x_13, 2 * x_123 >= x_12 + x_23, 2 * x_123 >= x_13 + x_23),
        source="Conclusion 1",
    ),
    claim("10", "phi_1 decreases in x_23.", Slope(share(phi_1), x_23) < 0, source="Fig. 6"),
    claim(
        "11",
        "The minimum of phi_1, at the largest x_23, is V{1}.",
        Eq(share(phi_1), V_1),
        given=(Eq(x_23, x_123),),
        source="Fig. 6; the largest x_23 that a superadditive V admits is x_123",
    ),
    claim(
        "12",
        "At x_23 = 0 phi_1 is at its maximum (it never rises from there on).",
        Slope(share(phi_1), x_23) <= 0,
        given=(x_23 >= 0,),
        source="Fig. 6",
    ),
    claim(
        "13",
        "A member's value (its gain over V{i}) is proportional to the surplus of the pairs it belongs to.",
        And(
            *(
                Eq(share(phi) - single, sum(x * Slope(share(phi), x) for pair, x in SURPLUSES.items() if i in pair))
                for i, phi, single in ((1, phi_1, V_1), (2, phi_2, V_2), (3, phi_3, V_3))
            )
        ),
        source="Conclusion 2",
    ),
    claim(
        "14",
        "In all three modes NP's weight is above the average; DSE's is the least volatile.",
        None,
        needs="the weights of the three operating modes (Tables 3, 4 and 5)",
    ),
    claim(
        "15",
        "The revision redistributes a fixed total.",
        Eq(At(phi_1, "revision") + At(phi_2, "revision") + At(phi_3, "revision"), worth(V_123)),
    ),
)
