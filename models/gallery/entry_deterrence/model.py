"""An incumbent chooses its output before an entrant decides whether to pay the cost of entry (Dixit 1980)."""

from sympy import Eq, Piecewise

from derive.ir import At, Claim, Decision, Definition, Model, Parameter, Player, Protocol, Slope, Stage, Variable, symbols

A, F, q1, q2, Q, Pi_L, Pi_E = symbols("A F q1 q2 Q Pi_L Pi_E")

ENTRY = "entry"

model = Model(
    key="entry_deterrence",
    title="Entry blockaded, deterred, accommodated",
    source="Dixit, A. (1980) The role of investment in entry-deterrence, Economic Journal 90(357), 95-106",
    parameters=(Parameter(A, "demand intercept, net of the unit cost"), Parameter(F, "cost of entry")),
    assumptions=(A > 0, F > 0),
    variables=(
        Variable(q1, "output of the incumbent", (q1 >= 0, q1 <= A), latex="q_1"),
        Variable(q2, "output of the entrant", (q2 >= 0, q2 <= A), latex="q_2"),
    ),
    definitions=(Definition(Q, q1 + q2, "total output"),),
    players=(
        Player("L", (A - q1 - q2) * q1, Pi_L, "incumbent"),
        Player("En", Piecewise(((A - q1 - q2) * q2 - F, q2 > 0), (0, True)), Pi_E, "entrant"),
    ),
    protocols=(
        Protocol(
            ENTRY,
            "The incumbent moves first",
            # An entrant that earns nothing by entering stays out.
            (Stage((Decision(("L",), (q1,)),)), Stage((Decision(("En",), (q2,), indifferent=(Eq(q2, 0),)),))),
        ),
    ),
    claims=(
        Claim("a", "The incumbent's profit does not fall with the cost of entry.", Slope(At(Pi_L, ENTRY), F) >= 0),
        Claim("b", "Within each regime the incumbent's output does not rise with it.", Slope(At(q1, ENTRY), F) <= 0),
        Claim("c", "The incumbent produces more than a monopolist.", At(q1, ENTRY) > A / 2),
        Claim("d", "Total output exceeds that under accommodation.", At(Q, ENTRY) > 3 * A / 4),
    ),
    errata=("c", "d"),
)
