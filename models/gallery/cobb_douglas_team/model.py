"""Two partners share what their efforts produce together (Holmstrom 1982): nobody's share pays for the whole of what effort adds."""

from derive.ir import At, Claim, Decision, Model, Parameter, Player, Protocol, Slope, Stage, Variable, symbols

A, s, c, k, alpha, beta, x, y, U, V = symbols("A s c k alpha beta x y U V")

TEAM, EFFICIENT = "team", "efficient"

output = A * x**alpha * y**beta

model = Model(
    key="cobb_douglas_team",
    title="A team of two with Cobb-Douglas production and a budget that balances",
    source="Holmstrom, B. (1982) Moral hazard in teams, Bell Journal of Economics 13(2), 324-340",
    parameters=(
        Parameter(A, "scale of production"),
        Parameter(s, "the first partner's share"),
        Parameter(c, "the first partner's cost of effort"),
        Parameter(k, "the second partner's cost of effort"),
        Parameter(alpha, "elasticity of output in the first effort"),
        Parameter(beta, "elasticity of output in the second effort"),
    ),
    assumptions=(A > 0, s > 0, s < 1, c > 0, k > 0, alpha > 0, beta > 0, alpha + beta < 1),
    variables=(Variable(x, "the first partner's effort", (x > 0,)), Variable(y, "the second partner's effort", (y > 0,))),
    players=(
        Player("I", s * output - c * x, U, "the first partner"),
        Player("J", (1 - s) * output - k * y, V, "the second partner"),
    ),
    protocols=(
        Protocol(TEAM, "Each chooses an effort", (Stage((Decision(("I",), (x,)), Decision(("J",), (y,)))),)),
        Protocol(EFFICIENT, "Efforts chosen together", (Stage((Decision(("I", "J"), (x, y)),)),)),
    ),
    claims=(
        Claim("a", "The first partner works less than is efficient.", At(x, TEAM) < At(x, EFFICIENT)),
        Claim("b", "So does the second.", At(y, TEAM) < At(y, EFFICIENT)),
        Claim("c", "The first partner works more than the second.", At(x, TEAM) > At(y, TEAM)),
        Claim("d", "A partner works more, the larger the own share.", Slope(At(x, TEAM), s) > 0),
    ),
)
