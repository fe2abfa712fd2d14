"""A union and a firm make offers in turn before a deadline (Stahl 1972)."""

from derive.bargaining import Bargainer, BargainingProblem
from derive.ir import At, Claim, Parameter, Slope, Variable, symbols

s, d_U, d_F, m, w, u_U, u_F = symbols("s d_U d_F m w u_U u_F")

model = BargainingProblem(
    key="wage_talks",
    title="Wage talks before a deadline",
    source="Stahl (1972)",
    parameters=(
        Parameter(s, "what there is to share"),
        Parameter(d_U, "patience of the union"),
        Parameter(d_F, "patience of the firm"),
        Parameter(m, "pairs of rounds", integer=True),
    ),
    assumptions=(s > 0, d_U > 0, d_U < 1, d_F > 0, d_F < 1, m >= 1),
    along=Variable(w, "what the union receives", (w >= 0, w <= s)),
    players=(Bargainer("union", w, u_U, discount=d_U), Bargainer("firm", s - w, u_F, discount=d_F)),
    solutions=("alternating_offers",),
    # Offers alternate for an even number of rounds: the first is the union's, the last the firm's.
    rounds=2 * m,
    claims=(Claim("1", "A patient union gains.", Slope(At(u_U, "alternating_offers"), d_U) >= 0, given=(m >= 2,)),),
)
