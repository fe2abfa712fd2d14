"""A firm whose unit cost first falls: its best output solves a cubic."""

from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols

a, b, c, q, Pi = symbols("a b c q Pi")

model = Model(
    key="returns_to_scale",
    title="Returns to scale that end",
    source="",
    parameters=(Parameter(a, "price"), Parameter(b, "learning"), Parameter(c, "congestion")),
    assumptions=(a > 0, b > 0, c > 0),
    variables=(Variable(q, "output", (q >= 0,)),),
    # The marginal profit is a + b*q - c*q**3: a cubic, with three real roots where learning is strong.
    players=(Player("firm", a * q + b * q**2 / 2 - c * q**4 / 4, Pi),),
    protocols=(Protocol("alone", "The firm produces", (Stage((Decision(("firm",), (q,)),)),)),),
)
