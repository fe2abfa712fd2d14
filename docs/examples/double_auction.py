"""A buyer and a seller make offers at once, each knowing its own value only (Chatterjee and Samuelson 1983)."""

from sympy import Rational, S

from derive.auctions import DoubleAuction, Earner
from derive.contracts import HiddenType
from derive.ir import At, Claim, Parameter, Uniform, Variable, symbols

c, v, h, s, b, u_S, u_B = symbols("c v h s b u_S u_B")

model = DoubleAuction(
    key="double_auction",
    title="A price between the ask and the offer",
    source="Chatterjee and Samuelson (1983)",
    parameters=(Parameter(c, "cost of the seller"), Parameter(v, "value to the buyer"), Parameter(h, "highest cost and value")),
    assumptions=(h > 0,),
    # They trade if the offer is no less than the ask, half-way between the two.
    cost=HiddenType(c, Uniform(S.Zero, h)),
    value=HiddenType(v, Uniform(S.Zero, h)),
    ask=Variable(s, "ask"),
    offer=Variable(b, "offer"),
    weight=Rational(1, 2),
    seller=Earner("seller", u_S),
    buyer=Earner("buyer", u_B),
    claims=(Claim("1", "The buyer offers no more than its value.", At(b, "linear") <= v),),
)
