"""Grim trigger in the repeated prisoner's dilemma (Friedman 1971)."""

from sympy import Ne

from derive.ir import At, Claim, Parameter, Slope, symbols
from derive.repeated import Play, RepeatedGame, StageGame, grim_trigger

T, R, P, S, dl, dl_star = symbols("T R P S dl dl_star")

GRIM = "grim_trigger"

game = RepeatedGame(
    key="grim_trigger_prisoners_dilemma",
    title="Grim trigger in the symbolic prisoner's dilemma",
    source="Friedman, J.W. (1971) A non-cooperative equilibrium for supergames, Review of Economic Studies 38(1), 1-12",
    parameters=(
        Parameter(T, "temptation"),
        Parameter(R, "reward"),
        Parameter(P, "punishment"),
        Parameter(S, "sucker's payoff"),
        Parameter(dl, "discount factor", latex=r"\delta"),
    ),
    assumptions=(T > R, R > P, P > S, 2 * R > T + S),
    stage=StageGame(
        players=("1", "2"),
        actions=(("C", "D"), ("C", "D")),
        payoffs=((("C", "C"), (R, R)), (("C", "D"), (S, T)), (("D", "C"), (T, S)), (("D", "D"), (P, P))),
    ),
    discount=dl,
    protocols=(Play(GRIM, "Grim trigger", (grim_trigger("C", "D"),) * 2, "subgame_perfect", threshold=dl_star),),
    claims=(
        Claim("a", "The critical discount factor falls with the cooperative payoff.", Slope(At(dl_star, GRIM), R) < 0),
        Claim("b", "The critical discount factor rises with the punishment payoff.", Slope(At(dl_star, GRIM), P) > 0),
        Claim("c", "The critical discount factor depends on the sucker payoff.", Ne(Slope(At(dl_star, GRIM), S), 0)),
        Claim("d", "The critical discount factor is always below one.", At(dl_star, GRIM) < 1),
    ),
    errata=("c",),
)
