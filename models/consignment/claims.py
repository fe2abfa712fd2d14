"""What the paper claims, as printed. Nothing here is a verdict; a claim may be wrong."""

from collections.abc import Iterable

from sympy import And, Eq, Expr, Implies, Rational
from sympy.logic.boolalg import Boolean

from derive.ir import After, At, Claim, Exists, Reply, Slope, Switches, symbols

a, b, gamma, c, alpha, B, r, p, p2, z, z2, q, q1 = symbols("a b gamma c alpha B r p_1 p_2 z_1 z_2 q q_1")
Pi_R, Pi_S, Pi = symbols("Pi_R Pi_S Pi")

FIG_1 = (Eq(a, 10), Eq(c, Rational(13, 8)), Eq(alpha, Rational(6, 13)), Eq(B, 2))
TABLE_3 = (*FIG_1, Eq(gamma, 1), b > 2, b <= 4)
TABLE_4 = (*FIG_1, Eq(b, 4), gamma >= 0, gamma < 3)
TABLE_3_OR_4 = (*FIG_1, And(Eq(gamma, 1), b > 2, b <= 4) | And(Eq(b, 4), gamma >= 0, gamma < 3))


def falls_in_b_rises_in_gamma(terms: Iterable[Expr]) -> Boolean:
    return And(*[And(Slope(term, b) < 0, Slope(term, gamma) > 0) for term in terms])


def claim(number: int, text: str, asserts: Boolean | None, **details: object) -> Claim:
    return Claim(f"003-{number}", text, asserts, instance="uniform", **details)


CLAIMS = (
    claim(
        1,
        "The best-reply price does not depend on the rival's price; the stocking factor depends on neither r nor gamma; "
        "both suppliers choose the same.",
        And(
            Eq(Slope(Reply(p, "TDC"), p2), 0),
            Eq(Slope(After(z, "TDC", 2), r), 0),
            Eq(Slope(After(z, "TDC", 2), gamma), 0),
            Eq(At(z, "TDC"), At(z2, "TDC")),
            Eq(At(p, "TDC"), At(p2, "TDC")),
        ),
        source="(11), (12)",
    ),
    claim(
        2,
        "As r rises, price rises, stock falls, the stocking factor stays; the supplier's unit revenue is unaffected.",
        And(
            Slope(After(p, "TDC", 2), r) > 0,
            Slope(After(q1, "TDC", 2), r) < 0,
            Eq(Slope(After(z, "TDC", 2), r), 0),
            Eq(Slope((1 - r) * After(p, "TDC", 2), r), 0),
        ),
        window=(*FIG_1, Eq(b, 4), Eq(gamma, Rational(3, 2))),
        source="Fig. 1",
    ),
    claim(
        3,
        "r under TDC decreases in b and increases in gamma.",
        falls_in_b_rises_in_gamma([At(r, "TDC")]),
        source="Corollary 1(1)",
    ),
    claim(
        4,
        "p under TDC decreases in b and increases in gamma.",
        falls_in_b_rises_in_gamma([At(p, "TDC")]),
        source="Corollary 1(2)",
    ),
    claim(
        5,
        "z under TDC decreases in b and does not depend on gamma.",
        And(Slope(At(z, "TDC"), b) < 0, Eq(Slope(At(z, "TDC"), gamma), 0)),
        source="Corollary 1(3)",
    ),
    claim(
        6, "A positive price needs b gamma > 1.", Implies(At(p, "TDC") > 0, b * gamma > 1), source="printed beside Corollary 1"
    ),
    claim(
        7,
        "r_TDC > r_PDC (Table 3 at gamma = 1, b in (2,4]; Table 4 at b = 4, gamma in [0,3)).",
        At(r, "TDC") > At(r, "PDC"),
        window=TABLE_3_OR_4,
        source="Tables 3 and 4",
    ),
    claim(
        8,
        "r, p, z under every structure decrease in b and (except z_TDC) increase in gamma.",
        And(
            falls_in_b_rises_in_gamma(
                [
                    *(At(r, key) for key in ("TDC", "PDC")),
                    *(At(p, key) for key in ("C", "TDC", "PDC")),
                    At(z, "C"),
                    At(z, "PDC"),
                ]
            ),
            Slope(At(z, "TDC"), b) < 0,
        ),
        window=TABLE_3_OR_4,
        source="Tables 3 and 4",
    ),
    claim(
        9,
        "z_PDC = z_C > z_TDC.",
        And(Eq(At(z, "PDC"), At(z, "C")), At(z, "C") > At(z, "TDC")),
        window=TABLE_3_OR_4,
    ),
    claim(10, "p_PDC > p_TDC.", At(p, "PDC") > At(p, "TDC"), window=TABLE_3_OR_4),
    claim(11, "p_PDC > p_C.", At(p, "PDC") > At(p, "C"), window=TABLE_3_OR_4),
    claim(
        12,
        "At gamma = 1, p_TDC > p_C for every b.",
        At(p, "TDC") > At(p, "C"),
        given=(Eq(gamma, 1),),
        window=TABLE_3,
        source="Table 3",
    ),
    claim(
        13,
        "At b = 4: for small gamma p_TDC > p_C, for large gamma p_C > p_TDC.",
        Switches(At(p, "TDC") - At(p, "C"), gamma),
        given=(Eq(b, 4),),
        window=TABLE_4,
        source="Table 4",
    ),
    claim(14, "q_C > q_TDC.", At(q, "C") > At(q, "TDC"), window=TABLE_3_OR_4, source="Tables 3 and 4"),
    claim(15, "q_TDC > q_PDC.", At(q, "TDC") > At(q, "PDC"), window=TABLE_3_OR_4, source="Tables 3 and 4"),
    claim(
        16,
        "Pi_C > Pi_TDC and Pi_C > Pi_PDC always.",
        And(At(Pi, "C") > At(Pi, "TDC"), At(Pi, "C") > At(Pi, "PDC")),
        window=TABLE_3_OR_4,
    ),
    claim(
        17,
        "Suppliers always gain from deciding jointly: Pi_S_PDC > Pi_S_TDC.",
        At(Pi_S, "PDC") > At(Pi_S, "TDC"),
        window=TABLE_3_OR_4,
    ),
    claim(
        18,
        "At gamma = 1, whatever b: Pi_R_PDC < Pi_R_TDC.",
        At(Pi_R, "PDC") < At(Pi_R, "TDC"),
        given=(Eq(gamma, 1),),
        window=TABLE_3,
        source="Table 3",
    ),
    claim(
        19,
        "At gamma = 1, whatever b: Pi_C > Pi_TDC > Pi_PDC.",
        And(At(Pi, "C") > At(Pi, "TDC"), At(Pi, "TDC") > At(Pi, "PDC")),
        given=(Eq(gamma, 1),),
        window=TABLE_3,
        source="Table 3",
    ),
    claim(
        20,
        "At b = 4, Pi_R and the chain total are lower under PDC than under TDC for small gamma, higher for large gamma.",
        And(Switches(At(Pi_R, "TDC") - At(Pi_R, "PDC"), gamma), Switches(At(Pi, "TDC") - At(Pi, "PDC"), gamma)),
        given=(Eq(b, 4),),
        window=TABLE_4,
        source="Table 4",
    ),
    claim(
        21,
        "When competition is weak, joint decision helps only the suppliers; when it is strong, it is a Pareto improvement.",
        And(At(Pi_S, "PDC") > At(Pi_S, "TDC"), Switches(At(Pi_R, "TDC") - At(Pi_R, "PDC"), gamma)),
        window=TABLE_4,
        source="Abstract",
    ),
    claim(
        22,
        "Joint decision helps because under strong competition p_TDC falls below p_C.",
        Implies(At(Pi_R, "PDC") > At(Pi_R, "TDC"), At(p, "TDC") < At(p, "C")),
        window=TABLE_4,
        source="explanation given; read as: whenever the retailer gains from joint decision, p_TDC < p_C",
    ),
    claim(
        23,
        "q_C first rises then falls in b (gamma = 1) and in gamma (b = 4).",
        And(
            Implies(Eq(gamma, 1), Switches(Slope(At(q, "C"), b), b)),
            Implies(Eq(b, 4), Switches(Slope(At(q, "C"), gamma), gamma)),
        ),
        window=TABLE_3_OR_4,
        source="Tables 3 and 4",
    ),
    claim(
        24,
        "q_TDC first rises then falls in gamma; so does Pi_S under TDC (Table 4 says it of both TDC and PDC).",
        And(
            Switches(Slope(At(q, "TDC"), gamma), gamma),
            Switches(Slope(At(Pi_S, "TDC"), gamma), gamma),
            Switches(Slope(At(Pi_S, "PDC"), gamma), gamma),
        ),
        given=(Eq(b, 4),),
        window=TABLE_4,
        source="Table 4",
    ),
    claim(
        25,
        "q_PDC decreases in gamma, increases in b.",
        And(Slope(At(q, "PDC"), gamma) < 0, Slope(At(q, "PDC"), b) > 0),
        window=TABLE_3_OR_4,
        source="Tables 3 and 4",
    ),
    claim(
        26,
        "Pi_R under TDC and PDC and the chain totals under C, TDC, PDC increase in gamma and decrease in b.",
        falls_in_b_rises_in_gamma([*(At(Pi_R, key) for key in ("TDC", "PDC")), *(At(Pi, key) for key in ("C", "TDC", "PDC"))]),
        window=TABLE_3_OR_4,
        source="Tables 3 and 4",
    ),
    claim(
        27,
        "Pi_S under TDC and PDC first rises then falls in b (gamma = 1).",
        And(Switches(Slope(At(Pi_S, "TDC"), b), b), Switches(Slope(At(Pi_S, "PDC"), b), b)),
        given=(Eq(gamma, 1),),
        window=TABLE_3,
        source="Table 3",
    ),
    claim(
        28,
        "As b grows, price and stock under TDC and PDC come closer to C (the differences decrease in b).",
        And(
            *[Slope(At(p, key) - At(p, "C"), b) < 0 for key in ("TDC", "PDC")],
            *[Slope(At(q, "C") - At(q, key), b) < 0 for key in ("TDC", "PDC")],
        ),
        given=(Eq(gamma, 1),),
        window=TABLE_3,
        source="Table 3",
    ),
    claim(
        29,
        "The differences Pi_S_PDC - Pi_S_TDC, Pi_R_TDC - Pi_R_PDC, Pi_C - Pi_TDC, Pi_C - Pi_PDC decrease in b.",
        And(
            Slope(At(Pi_S, "PDC") - At(Pi_S, "TDC"), b) < 0,
            Slope(At(Pi_R, "TDC") - At(Pi_R, "PDC"), b) < 0,
            Slope(At(Pi, "C") - At(Pi, "TDC"), b) < 0,
            Slope(At(Pi, "C") - At(Pi, "PDC"), b) < 0,
        ),
        given=(Eq(gamma, 1),),
        window=TABLE_3,
        source="Table 3",
    ),
    claim(
        30,
        "C is the optimum of the whole chain and the suppliers' joint optimum under PDC exists.",
        And(Eq(Exists("C"), 1), Eq(Exists("PDC"), 1)),
    ),
    claim(
        31,
        "Pi_S first rises then falls because price and stock move in opposite directions.",
        And(*[Slope(At(p, key), b) * Slope(At(q, key), b) < 0 for key in ("TDC", "PDC")]),
        given=(Eq(gamma, 1),),
        window=TABLE_3,
        source="explanation given; read as: price and stock move in opposite directions as b changes",
    ),
    claim(
        32,
        "Lemma 1: ... is a monotonically increasing function of ..., where z is given by (12).",
        None,
        needs="the subject of Lemma 1, which is lost (candidates: z/(z - Lambda(z)) in z; the suppliers' price in r)",
    ),
)
