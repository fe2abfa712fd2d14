"""A seller and a buyer bargain over a price; both can wait for another partner."""

from sympy import Rational

from derive.bargaining import Bargainer, BargainingProblem
from derive.ir import At, Claim, Parameter, Variable, symbols

v, c, s, b, x, u_S, u_B = symbols("v c s b x u_S u_B")

model = BargainingProblem(
    key="bargain",
    title="A price that two parties agree on",
    source="Nash (1950)",
    parameters=(
        Parameter(v, "value to the buyer"),
        Parameter(c, "cost of the seller"),
        Parameter(s, "what the seller earns elsewhere"),
        Parameter(b, "what the buyer gains elsewhere"),
    ),
    assumptions=(c > 0, s >= 0, b >= 0, v > c + s + b),
    # The frontier: what the seller and the buyer earn as the price moves from one end to the other.
    along=Variable(x, "price", (x >= c, x <= v)),
    players=(
        Bargainer("seller", x - c, u_S, disagreement=s, weight=Rational(2, 3)),
        Bargainer("buyer", v - x, u_B, disagreement=b, weight=Rational(1, 3)),
    ),
    claims=(Claim("1", "The seller gains more than the buyer.", At(u_S, "nash") - s > At(u_B, "nash") - b),),
)
