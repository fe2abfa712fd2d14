"""An entrant decides whether to pay for entry; a licence that need not be taken. States payoffs with cases, a rule for ties, and an
outside option."""

from sympy import Eq, Integer, Piecewise

from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols

A, F, q_1, q_2, y, Pi_1, Pi_2 = symbols("A F q_1 q_2 y Pi_1 Pi_2")

# What the entrant earns has two cases: nothing is paid where nothing is produced.
entry = Piecewise(((A - q_1 - q_2) * q_2 - F, q_2 > 0), (0, True))
# An entrant that earns nothing by entering stays out.
stays_out = Decision(("entrant",), (q_2,), indifferent=(Eq(q_2, 0),))
leads = Stage((Decision(("incumbent",), (q_1,)),))

model = Model(
    key="entry",
    title="Entry deterred or accommodated",
    source="",
    parameters=(Parameter(A, "demand intercept"), Parameter(F, "cost of entry")),
    assumptions=(A > 0, F > 0),
    variables=(
        Variable(q_1, "output of the incumbent", (q_1 >= 0, q_1 <= A)),
        Variable(q_2, "output of the entrant", (q_2 >= 0, q_2 <= A)),
        Variable(y, "whether the licence is sold on", values=(Integer(0), Integer(1))),
    ),
    players=(
        Player("incumbent", (A - q_1 - q_2) * q_1, Pi_1),
        Player("entrant", entry, Pi_2),
    ),
    protocols=(
        Protocol("free", "Entry is free to be tried", (leads, Stage((stays_out,)))),
        # The incumbent pays for a licence that costs as much as entry, or stays out of business.
        Protocol(
            "licence",
            "The incumbent alone, with a licence",
            (leads,),
            outside=(("incumbent", Integer(0)), ("entrant", Integer(0))),
            objectives=(("incumbent", (A - q_1) * q_1 - F), ("entrant", Integer(0))),
        ),
        # Before it produces, the incumbent may sell the licence for half of a monopoly's profit.
        Protocol(
            "sale",
            "A licence that may be sold",
            (Stage((Decision(("incumbent",), (y,)),)), leads),
            objectives=(("incumbent", (1 - y) * ((A - q_1) * q_1 - F) + y * (A**2 / 8 - q_1**2)), ("entrant", Integer(0))),
        ),
    ),
)
