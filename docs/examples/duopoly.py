"""Two firms choose quantities at the same time. States a simultaneous stage, claims, and what a paper prints."""

from derive.ir import (
    At,
    Claim,
    Decision,
    Definition,
    Model,
    Parameter,
    Player,
    PrintedFormula,
    PrintedNumber,
    Protocol,
    Slope,
    Stage,
    Variable,
    exact,
    symbols,
)

a, c_1, c_2 = symbols("a c_1 c_2")
q_1, q_2, p = symbols("q_1 q_2 p")
Pi_1, Pi_2 = symbols("Pi_1 Pi_2")

model = Model(
    key="duopoly",
    title="Quantity competition",
    source="",
    parameters=(Parameter(a, "market size"), Parameter(c_1, "unit cost of firm 1"), Parameter(c_2, "unit cost of firm 2")),
    assumptions=(c_1 > 0, c_2 >= c_1, a > c_2),
    variables=(Variable(q_1, "quantity of firm 1", (q_1 >= 0,)), Variable(q_2, "quantity of firm 2", (q_2 >= 0,))),
    definitions=(Definition(p, a - q_1 - q_2, "price"),),
    players=(Player("firm 1", (p - c_1) * q_1, Pi_1), Player("firm 2", (p - c_2) * q_2, Pi_2)),
    protocols=(
        Protocol("cournot", "Both move at once", (Stage((Decision(("firm 1",), (q_1,)), Decision(("firm 2",), (q_2,)))),)),
    ),
    claims=(
        Claim("1", "The firm with the lower cost produces more.", At(q_1, "cournot") >= At(q_2, "cournot")),
        Claim("2", "A higher cost of the rival helps.", Slope(At(Pi_1, "cournot"), c_2) > 0, given=(a + c_1 > 2 * c_2,)),
    ),
    # What a paper prints is compared with what is derived; taking it out changes no derived formula.
    printed=(
        PrintedFormula("(3)", "cournot", q_1, (a - 2 * c_1 + c_2) / 3, note="while both firms produce"),
        PrintedNumber("Table 1", "cournot", q_1, "3.67", ((a, exact("12")), (c_1, exact("1")), (c_2, exact("1")))),
    ),
)
