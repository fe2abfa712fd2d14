"""A buyer procures from a seller whose unit cost is private and uniformly distributed (Baron and Myerson 1982)."""

from derive.contracts import HiddenType, Screening
from derive.ir import At, Claim, Parameter, Player, Slope, Uniform, Variable, symbols

a, low, high, theta, q, t, Pi, rent = symbols("a low high theta q t Pi rent")

model = Screening(
    key="screening",
    title="Procurement from a seller with private cost",
    source="Baron and Myerson (1982)",
    parameters=(
        Parameter(theta, "unit cost of the seller"),
        Parameter(a, "the buyer's value of the first unit"),
        Parameter(low, "lowest cost"),
        Parameter(high, "highest cost"),
    ),
    assumptions=(low >= 0, high > low, a > low),
    # Only the agent knows the type; a menu names a quantity and a transfer for each.
    type=HiddenType(theta, Uniform(low, high)),
    quantity=Variable(q, "quantity", (q >= 0,)),
    transfer=Variable(t, "payment"),
    principal=Player("buyer", a * q - q**2 / 2 - t, Pi),
    agent=Player("seller", t - theta * q, rent),
    claims=(
        Claim("1", "Less is produced than at the first best.", At(q, "hidden") <= At(q, "observed")),
        Claim("2", "Rents fall with the cost.", Slope(At(rent, "hidden"), theta) <= 0),
    ),
)
