"""A rival comes in or stays out while the incumbent prepares for a fight or does not: all equilibria, mixed ones too."""

from sympy import Integer

from derive.ir import Parameter, symbols
from derive.repeated import OneShot, RepeatedGame, StageGame

d, m, k, l, U, V = symbols("d m k l U V")
p_in, p_out, q_fight, q_yield = symbols("p_in p_out q_fight q_yield")

game = RepeatedGame(
    key="market_entry",
    title="Entry while the incumbent prepares",
    source="",
    parameters=(
        Parameter(d, "duopoly profit"),
        Parameter(m, "monopoly profit"),
        Parameter(k, "cost of preparing for a fight"),
        Parameter(l, "loss of whoever enters and meets one"),
    ),
    assumptions=(d > 0, m > d + k, k > 0, l > 0),
    stage=StageGame(
        ("rival", "incumbent"),
        (("in", "out"), ("fight", "yield")),
        (
            (("in", "fight"), (-l, m - k)),
            (("in", "yield"), (d, d)),
            (("out", "fight"), (Integer(0), m - k)),
            (("out", "yield"), (Integer(0), m)),
        ),
    ),
    protocols=(OneShot("once", "Played once", (U, V), probabilities=((p_in, p_out), (q_fight, q_yield))),),
)
