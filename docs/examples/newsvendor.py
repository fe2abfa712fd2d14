"""A shop orders before it knows demand. States a shock, and what is sold of an order: the smaller of order and demand."""

from sympy import Integer, Min

from derive.ir import Decision, Model, Parameter, Player, Protocol, Shock, Stage, Uniform, Variable, symbols

p, c, B = symbols("p c B")
q, D, Pi = symbols("q D Pi")

model = Model(
    key="newsvendor",
    title="A newsvendor",
    source="",
    parameters=(Parameter(p, "price"), Parameter(c, "unit cost"), Parameter(B, "largest demand")),
    assumptions=(c > 0, p > c, B > 0),
    variables=(Variable(q, "order", (q >= 0, q <= B)),),
    # The objective is what the shop earns ex post; the engine takes the expectation.
    shocks=(Shock(D, Uniform(Integer(0), B), "demand"),),
    players=(Player("shop", p * Min(q, D) - c * q, Pi),),
    protocols=(Protocol("order", "The shop orders", (Stage((Decision(("shop",), (q,)),)),)),),
)
