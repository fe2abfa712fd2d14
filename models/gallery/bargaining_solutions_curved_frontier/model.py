"""Four solutions of a bargaining problem with a parabolic frontier (Nash 1950, Kalai and Smorodinsky 1975)."""

from sympy import And, Eq, Rational

from derive.bargaining import Bargainer, BargainingProblem
from derive.ir import At, Claim, Parameter, Slope, Variable, symbols

g, h, al, x, u_1, u_2 = symbols("g h al x u_1 u_2")

NASH, KS = "nash", "kalai_smorodinsky"

model = BargainingProblem(
    key="bargaining_solutions_curved_frontier",
    title="Nash, Kalai-Smorodinsky, egalitarian and utilitarian solutions on a parabolic frontier",
    source="Muthoo, A. (1999) Bargaining Theory with Applications, Cambridge University Press, chapter 2",
    parameters=(
        Parameter(g, "ideal payoff of player 1"),
        Parameter(h, "ideal payoff of player 2"),
        Parameter(al, "bargaining weight of player 1", latex=r"\alpha"),
    ),
    assumptions=(g > 0, h > 0, al > 0, al < 1),
    along=Variable(x, "what player 1 receives", (x >= 0, x <= g)),
    players=(
        Bargainer("1", x, u_1, weight=al),
        Bargainer("2", h * (1 - (x / g) ** 2), u_2, weight=1 - al),
    ),
    claims=(
        Claim(
            "a",
            "The Nash solution is invariant to rescaling of utilities.",
            And(Eq(Slope(At(u_1, NASH), h), 0), Eq(Slope(At(u_2, NASH), g), 0)),
        ),
        Claim("b", "Player 1 prefers the Nash solution to Kalai-Smorodinsky.", At(u_1, NASH) > At(u_1, KS)),
        Claim(
            "c",
            "With equal weights the Nash and Kalai-Smorodinsky solutions coincide.",
            Eq(At(u_1, NASH), At(u_1, KS)),
            given=(Eq(al, Rational(1, 2)),),
        ),
    ),
    errata=("b", "c"),
)
