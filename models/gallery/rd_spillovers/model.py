"""Cooperative and noncooperative R&D with spillovers (d'Aspremont and Jacquemin 1988)."""

from sympy import Eq

from derive.ir import At, Claim, Decision, Definition, Feasibility, Model, Parameter, Player, Protocol, Stage, Variable, symbols

a, b, A, s, k, x1, x2, q1, q2, Q, x = symbols("a b A s k x1 x2 q1 q2 Q x")
Pi_1, Pi_2, Pi_J = symbols("Pi_1 Pi_2 Pi_J")

ALONE, JOINTLY, SYMMETRIC, MONOPOLY = "nc", "coop", "symmono", "mono"
BOTH = ("F1", "F2")
COMPETE = Stage((Decision(("F1",), (q1,)), Decision(("F2",), (q2,))))
SAME = (Feasibility("same research", Eq(x2, x1)), Feasibility("same output", Eq(q2, q1)))

model = Model(
    key="rd_spillovers",
    title="Cooperative and noncooperative R&D with spillovers",
    source="d'Aspremont and Jacquemin (1988) American Economic Review 78(5), 1133-1137, and Erratum (1990) 80(3)",
    parameters=(
        Parameter(a, "demand intercept"),
        Parameter(b, "demand slope"),
        Parameter(A, "initial unit cost"),
        Parameter(s, "spillover"),
        Parameter(k, "cost of research"),
    ),
    assumptions=(a > 0, b > 0, A > 0, s >= 0, s <= 1, k > 0, a > A, a < 2 * A, b * k > 2),
    variables=(
        Variable(x1, "research of firm 1", (x1 >= 0,)),
        Variable(x2, "research of firm 2", (x2 >= 0,)),
        Variable(q1, "output of firm 1", (q1 >= 0,)),
        Variable(q2, "output of firm 2", (q2 >= 0,)),
    ),
    definitions=(
        Definition(Q, q1 + q2, "total output"),
        Definition(x, (x1 + x2) / 2, "research per firm"),
        Definition(Pi_J, Pi_1 + Pi_2, "joint profit"),
    ),
    players=(
        Player("F1", (a - b * Q - A + x1 + s * x2) * q1 - k * x1**2 / 2, Pi_1, "firm 1"),
        Player("F2", (a - b * Q - A + x2 + s * x1) * q2 - k * x2**2 / 2, Pi_2, "firm 2"),
    ),
    protocols=(
        Protocol(
            ALONE,
            "Research, then output, each firm alone",
            (Stage((Decision(("F1",), (x1,)), Decision(("F2",), (x2,)))), COMPETE),
        ),
        Protocol(JOINTLY, "Research decided jointly, then output alone", (Stage((Decision(BOTH, (x1, x2)),)), COMPETE)),
        Protocol(SYMMETRIC, "A monopoly with two equal plants", (Stage((Decision(BOTH, (x1, x2, q1, q2), SAME),)),)),
        Protocol(MONOPOLY, "A monopoly", (Stage((Decision(BOTH, (x1, x2, q1, q2)),)),)),
    ),
    claims=(
        Claim("a", "Research done jointly exceeds research done alone.", At(x1, JOINTLY) > At(x1, ALONE)),
        Claim("b", "Cooperation in research raises output.", At(Q, JOINTLY) > At(Q, ALONE)),
        Claim("c", "Cooperation in research never lowers profits.", At(Pi_J, JOINTLY) >= 2 * At(Pi_1, ALONE)),
        Claim("d", "The symmetric monopoly maximises joint profit.", At(Pi_J, SYMMETRIC) >= At(Pi_J, MONOPOLY)),
        Claim(
            "e",
            "The symmetric monopoly invests more in research than duopolists who cooperate.",
            At(x, SYMMETRIC) > At(x1, JOINTLY),
        ),
    ),
)
