"""A supplier sells through a retailer who also advertises: the model of the README's tutorial."""

from derive.ir import At, Claim, Decision, Definition, Model, Parameter, Player, Protocol, Slope, Stage, Variable, symbols

a, b, c, g, k = symbols("a b c g k")
w, p, e = symbols("w p e")
q, Pi_S, Pi_R = symbols("q Pi_S Pi_R")

model = Model(
    key="advertising",
    title="A supplier and a retailer who advertises",
    source="",
    parameters=(
        Parameter(a, "market size"),
        Parameter(b, "price sensitivity"),
        Parameter(c, "unit cost"),
        Parameter(g, "sales per unit of advertising"),
        Parameter(k, "cost of advertising"),
    ),
    assumptions=(a > 0, b > 0, c >= 0, g > 0, k > 0, a > b * c, 2 * b * k > g**2),
    variables=(
        Variable(w, "wholesale price", (w >= 0,)),
        Variable(p, "retail price", (p >= 0,)),
        Variable(e, "advertising", (e >= 0,)),
    ),
    definitions=(Definition(q, a - b * p + g * e, "demand"),),
    players=(
        Player("S", (w - c) * q, Pi_S, "supplier"),
        Player("R", (p - w) * q - k * e**2 / 2, Pi_R, "retailer"),
    ),
    protocols=(
        Protocol("chain", "The supplier moves first", (Stage((Decision(("S",), (w,)),)), Stage((Decision(("R",), (p, e)),)))),
        Protocol("integrated", "One firm", (Stage((Decision(("S", "R"), (p, e)),)),)),
    ),
    claims=(
        Claim("1", "The chain advertises half as much as one firm would.", At(e, "integrated") >= 2 * At(e, "chain")),
        Claim("2", "Customers who respond more to advertising pay more.", Slope(At(p, "chain"), g) > 0),
        Claim("3", "The chain always charges more than one firm.", At(p, "chain") > At(p, "integrated")),
    ),
)
