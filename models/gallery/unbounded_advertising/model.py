"""A monopolist sets a price and advertises (Dorfman and Steiner 1954, with a quadratic cost of advertising)."""

from derive.ir import At, Claim, Decision, Model, Parameter, Player, Protocol, Slope, Stage, Variable, symbols

a, b, c, g, k, p, e, Pi = symbols("a b c g k p e Pi")

ALONE = "monopoly"

model = Model(
    key="unbounded_advertising",
    title="Pricing and advertising: bounded only where advertising is dear enough",
    source="Dorfman, R. and Steiner, P.O. (1954) Optimal advertising and optimal quality, American Economic Review 44(5), 826-836",
    parameters=(
        Parameter(a, "demand intercept"),
        Parameter(b, "demand slope"),
        Parameter(c, "unit cost"),
        Parameter(g, "effect of advertising on demand"),
        Parameter(k, "cost coefficient of advertising"),
    ),
    assumptions=(a > 0, b > 0, c >= 0, g > 0, k > 0, a > b * c),
    variables=(Variable(p, "price", (p >= 0,)), Variable(e, "advertising", (e >= 0,))),
    players=(Player("F", (p - c) * (a - b * p + g * e) - k * e**2, Pi, "the firm"),),
    protocols=(Protocol(ALONE, "Price and advertising together", (Stage((Decision(("F",), (p, e)),)),)),),
    claims=(
        Claim(
            "b",
            "Where there is an optimum, profit falls with the cost of advertising.",
            Slope(At(Pi, ALONE), k) < 0,
            given=(4 * b * k > g**2,),
        ),
    ),
)
