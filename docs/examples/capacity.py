"""A firm with limited capacity. States a constraint on a decision: one regime where it binds, one where it does not."""

from derive.ir import Decision, Feasibility, Model, Parameter, Player, Protocol, Stage, Variable, symbols

a, K = symbols("a K")
q, Pi = symbols("q Pi")

model = Model(
    key="capacity",
    title="A monopoly with limited capacity",
    source="",
    parameters=(Parameter(a, "market size"), Parameter(K, "capacity")),
    assumptions=(a > 0, K > 0),
    variables=(Variable(q, "quantity", (q >= 0,)),),
    players=(Player("firm", (a - q) * q, Pi),),
    protocols=(
        Protocol("monopoly", "The firm produces", (Stage((Decision(("firm",), (q,), (Feasibility("capacity", q <= K),)),)),)),
    ),
)
