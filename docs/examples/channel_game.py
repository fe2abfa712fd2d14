"""A supply chain and the game of its coalitions: what a coalition is worth is what it earns in a protocol of the model."""

from derive.coalition import CoalitionGame, Member
from derive.ir import At, Claim, Decision, Definition, Model, Parameter, Player, Protocol, Stage, Variable, symbols

a, b, c, w, p, q, Pi_M, Pi_R, x_M, x_R = symbols("a b c w p q Pi_M Pi_R x_M x_R")

model = Model(
    key="channel_game",
    title="A manufacturer and a retailer, apart and together",
    source="Spengler (1950)",
    parameters=(Parameter(a, "demand intercept"), Parameter(b, "demand slope"), Parameter(c, "unit cost")),
    assumptions=(b > 0, c > 0, a > b * c),
    variables=(Variable(w, "wholesale price", (w >= 0,)), Variable(p, "retail price", (p >= 0, p <= a / b))),
    definitions=(Definition(q, a - b * p, "demand"),),
    players=(Player("M", (w - c) * q, Pi_M, "manufacturer"), Player("R", (p - w) * q, Pi_R, "retailer")),
    protocols=(
        Protocol("apart", "Each for itself", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (p,)),)))),
        Protocol("together", "Integrated", (Stage((Decision(("M", "R"), (p,)),)),)),
    ),
)

game = CoalitionGame(
    key="channel_game",
    title="The coalitions of a manufacturer and a retailer",
    source="Spengler (1950)",
    players=(Member("M", x_M), Member("R", x_R)),
    plays=((("M",), "apart"), (("R",), "apart"), (("M", "R"), "together")),
    claims=(Claim("1", "The manufacturer receives more than the retailer.", At(x_M, "shapley") > At(x_R, "shapley")),),
)
