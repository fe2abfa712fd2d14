"""A seller with a reserve price: three auctions of one object (Vickrey 1961, Riley and Samuelson 1981)."""

from sympy import Eq, S

from derive.auctions import Auction, Earner, Format
from derive.contracts import HiddenType
from derive.ir import At, Claim, Parameter, Uniform, Variable, symbols

v, n, r, b, x, U, R = symbols("v n r b x U R")

model = Auction(
    key="auction",
    title="Three auctions with a reserve price",
    source="Riley and Samuelson (1981)",
    parameters=(
        Parameter(v, "value of the object to the bidder"),
        Parameter(n, "number of bidders", integer=True),
        Parameter(r, "reserve price"),
    ),
    assumptions=(n >= 2, r > 0, r < 1),
    # Each bidder alone knows its value, drawn from the law; all bid at once, and no bid below the reserve is admitted.
    type=HiddenType(v, Uniform(S.Zero, S.One)),
    bidders=n,
    bid=Variable(b, "bid"),
    reserve=r,
    # A format says what the winner and the losers earn, in terms of the own bid and of the best rival bid x.
    rival=x,
    formats=(
        Format("first_price", "First-price auction", win=v - b),
        Format("second_price", "Second-price auction", win=v - x),
        Format("all_pay", "All-pay auction", win=v - b, lose=-b),
    ),
    bidder=Earner("bidder", U, "what a bidder expects"),
    seller=Earner("seller", R, "expected revenue"),
    claims=(
        Claim("1", "Both standard auctions yield the same.", Eq(At(R, "first_price"), At(R, "second_price"))),
        Claim("2", "Bids are shaded.", At(b, "first_price") <= v),
    ),
)
