"""A prisoner's dilemma repeated for ever. States a stage game, strategies as automata and the concept asked for."""

from derive.ir import Parameter, symbols
from derive.repeated import Play, RepeatedGame, StageGame, grim_trigger, tit_for_tat

R, S, T, P, delta = symbols("R S T P delta")
d_grim, d_tft = symbols("d_grim d_tft")

payoffs = ((("C", "C"), (R, R)), (("C", "D"), (S, T)), (("D", "C"), (T, S)), (("D", "D"), (P, P)))

game = RepeatedGame(
    key="dilemma",
    title="A repeated dilemma",
    source="",
    parameters=(
        Parameter(R, "reward"),
        Parameter(S, "sucker's payoff"),
        Parameter(T, "temptation"),
        Parameter(P, "punishment"),
        Parameter(delta, "discount factor"),
    ),
    assumptions=(T > R, R > P, P > S, 2 * R > T + S),
    stage=StageGame(("row", "column"), (("C", "D"), ("C", "D")), payoffs),
    discount=delta,
    protocols=(
        Play("grim", "Grim trigger", (grim_trigger("C", "D"),) * 2, "subgame_perfect", threshold=d_grim),
        Play("tft", "Tit for tat", (tit_for_tat("C", "D"),) * 2, "nash", threshold=d_tft),
    ),
)
