"""What the paper prints: equations (12) and (16), Table 2 and Table 5. The derivation does not read this."""

import csv
from pathlib import Path

from sympy import Eq, Rational

from derive.ir import PrintedFormula, PrintedNumber, PrintedRelation, exact, symbols
from derive.shocks import Cdf, Overage

a, b, gamma, c, alpha, B, r, p, z, q1, q = symbols("a b gamma c alpha B r p_1 z_1 q_1 q")
Pi_R, Pi_S, Pi = symbols("Pi_R Pi_S Pi")

markup = z / (z - Overage("F", z))
scale = a * p ** (gamma - b) * z

EQUATIONS = (
    PrintedRelation("(12)", "TDC", Eq(1 / (1 - Cdf("F", z)), b / (b - 1) * markup)),
    PrintedFormula(
        "(16)",
        "TDC",
        r,
        ((b - gamma) * (1 - 2 * alpha) * (b - 1) + b * alpha) / ((b - gamma) * (b - b * alpha - 1 + 2 * alpha)),
    ),
)

TABLE_2 = (
    PrintedFormula("Table 2", "TDC", p, (b - gamma) * c / (b - gamma - 1) * (b + 2 * alpha - b * alpha - 1) / (b - 1) * markup),
    PrintedFormula("Table 2", "TDC", q1, scale),
    PrintedFormula("Table 2", "TDC", Pi_R, 2 * c * (b + 2 * alpha - b * alpha - 1) / ((b - gamma - 1) * (b - 1)) * scale),
    PrintedFormula("Table 2", "TDC", Pi_S, 2 * c * alpha / (b - 1) * scale),
    PrintedFormula("Table 2", "TDC", Pi, 2 * c * (b + alpha - gamma * alpha - 1) / ((b - gamma - 1) * (b - 1)) * scale),
    PrintedFormula("Table 2", "PDC", r, ((b - gamma - 1) * (1 - 2 * alpha) + alpha) / ((b - gamma - 1) * (1 - alpha) + alpha)),
    PrintedFormula(
        "Table 2", "PDC", p, c * (b - gamma) * ((b - gamma) * (1 - alpha) - (1 - 2 * alpha)) / (b - gamma - 1) ** 2 * markup
    ),
    PrintedFormula("Table 2", "PDC", q, 2 * scale),
    PrintedRelation("Table 2", "PDC", Eq(1 / (1 - Cdf("F", z)), (b - gamma) / (b - gamma - 1) * markup)),
    PrintedFormula(
        "Table 2", "PDC", Pi_R, 2 * c * scale * ((1 - alpha) * (b - gamma) - (1 - 2 * alpha)) / (b - gamma - 1) ** 2
    ),
    PrintedFormula("Table 2", "PDC", Pi_S, 2 * c * alpha / (b - gamma - 1) * scale),
    PrintedFormula("Table 2", "PDC", Pi, 2 * c * scale * ((b - gamma) - (1 - alpha)) / (b - gamma - 1) ** 2),
)

QUANTITIES = {"r": r, "p": p, "q": q, "PiR": Pi_R, "PiS": Pi_S, "Pi": Pi}


def table_5() -> tuple[PrintedNumber, ...]:
    """The 74 surviving cells of Table 5, at the parameters printed with Fig. 1; the shock, uniform on [0, 2], is inferred."""
    with Path(__file__).with_name("table5.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    found = []
    for row in rows:
        quantity, protocol = row["quantity"].split("_")
        point = (
            (a, Rational(10)),
            (b, exact(row["b"])),
            (gamma, exact(row["gamma"])),
            (c, exact("1.625")),
            (alpha, exact("0.75") / exact("1.625")),
            (B, Rational(2)),
        )
        found.append(PrintedNumber("Table 5", protocol, QUANTITIES[quantity], row["printed"], point, "uniform"))
    return tuple(found)


PRINTED = (*EQUATIONS, *TABLE_2, *table_5())
