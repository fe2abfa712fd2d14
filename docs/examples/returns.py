"""A supplier buys back what its shop does not sell. States a contract that is to make the shop order what the channel would."""

from sympy import Integer, Min

from derive.ir import Coordination, Decision, Model, Parameter, Player, Protocol, Shock, Stage, Uniform, Variable, symbols

p, c, w, B = symbols("p c w B")
q, b, D, Pi_R, Pi_S = symbols("q b D Pi_R Pi_S")

unsold = q - Min(q, D)
orders = (Stage((Decision(("shop",), (q,)),)),)

model = Model(
    key="returns",
    title="Returns",
    source="",
    parameters=(
        Parameter(p, "price"),
        Parameter(c, "unit cost"),
        Parameter(w, "wholesale price"),
        Parameter(B, "largest demand"),
    ),
    assumptions=(c > 0, w > c, p > w, B > 0),
    variables=(Variable(q, "order", (q >= 0, q <= B)), Variable(b, "price at which unsold units are bought back", (b < p,))),
    shocks=(Shock(D, Uniform(Integer(0), B), "demand"),),
    players=(Player("shop", p * Min(q, D) + b * unsold - w * q, Pi_R), Player("supplier", (w - c) * q - b * unsold, Pi_S)),
    protocols=(
        # The price b is nobody's choice here: it is derived so that the shop orders what the channel would.
        Protocol("buyback", "Unsold units are bought back", orders, coordinates=Coordination(b, "channel")),
        Protocol("channel", "One firm", (Stage((Decision(("shop", "supplier"), (q,)),)),)),
    ),
)
