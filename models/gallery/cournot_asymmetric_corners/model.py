"""Three firms with different costs compete in quantities; the dearer ones may stay out (Cournot 1838)."""

from sympy import And, Eq

from derive.ir import (
    At,
    Claim,
    Decision,
    Definition,
    Feasibility,
    Model,
    Parameter,
    Player,
    Protocol,
    Slope,
    Stage,
    Variable,
    symbols,
)

a, c1, c2, c3, q1, q2, q3, Q, W = symbols("a c1 c2 c3 q1 q2 q3 Q W")
Pi_1, Pi_2, Pi_3 = symbols("Pi_1 Pi_2 Pi_3")

ALL, WITHOUT = "triopoly", "without3"
FIRST, SECOND = Decision(("F1",), (q1,)), Decision(("F2",), (q2,))
REMOVED = Feasibility("removed", Eq(q3, 0))

model = Model(
    key="cournot_asymmetric_corners",
    title="Three-firm Cournot with asymmetric costs and exit",
    source="Cournot (1838); Bergstrom and Varian (1985) Economics Letters 19; Lahiri and Ono (1988) Economic Journal 98",
    parameters=(
        Parameter(a, "demand intercept"),
        Parameter(c1, "unit cost of firm 1"),
        Parameter(c2, "unit cost of firm 2"),
        Parameter(c3, "unit cost of firm 3"),
    ),
    assumptions=(a > 0, c1 >= 0, c2 >= 0, c3 >= 0, c1 <= c2, c2 <= c3, c1 < a),
    variables=(
        Variable(q1, "output of firm 1", (q1 >= 0, q1 <= a)),
        Variable(q2, "output of firm 2", (q2 >= 0, q2 <= a)),
        Variable(q3, "output of firm 3", (q3 >= 0, q3 <= a)),
    ),
    definitions=(
        Definition(Q, q1 + q2 + q3, "total output"),
        Definition(W, Q**2 / 2 + Pi_1 + Pi_2 + Pi_3, "welfare: consumer surplus and profits"),
    ),
    players=(
        Player("F1", (a - Q - c1) * q1, Pi_1, "firm 1"),
        Player("F2", (a - Q - c2) * q2, Pi_2, "firm 2"),
        Player("F3", (a - Q - c3) * q3, Pi_3, "firm 3"),
    ),
    protocols=(
        Protocol(ALL, "Three firms", (Stage((FIRST, SECOND, Decision(("F3",), (q3,)))),)),
        Protocol(WITHOUT, "Firm 3 removed", (Stage((FIRST, SECOND, Decision(("F3",), (q3,), (REMOVED,)))),)),
    ),
    claims=(
        Claim(
            "a",
            "Total output depends on costs only through their sum.",
            And(Eq(Slope(At(Q, ALL), c1), Slope(At(Q, ALL), c2)), Eq(Slope(At(Q, ALL), c2), Slope(At(Q, ALL), c3))),
        ),
        Claim("b", "Removing the least efficient firm raises welfare.", At(W, WITHOUT) > At(W, ALL)),
        Claim("c", "Firm 1's profit increases in firm 3's cost.", Slope(At(Pi_1, ALL), c3) > 0),
    ),
)
