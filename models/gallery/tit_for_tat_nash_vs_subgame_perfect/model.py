"""Tit-for-tat as a Nash equilibrium and as a subgame-perfect one (Axelrod 1984; Kalai, Samet and Stanford 1988)."""

from sympy import Eq, Or

from derive.ir import At, Claim, Parameter, symbols
from derive.repeated import Play, RepeatedGame, StageGame, tit_for_tat

T, R, P, Sx, dl, dl_nash, is_nash, is_perfect = symbols("T R P Sx dl dl_nash is_nash is_perfect")

NASH, PERFECT = "nash", "perfect"
BOTH = (tit_for_tat("C", "D"),) * 2

game = RepeatedGame(
    key="tit_for_tat_nash_vs_subgame_perfect",
    title="Tit-for-tat: Nash region and knife-edge subgame perfection",
    source="Kalai, E., Samet, D. and Stanford, W. (1988) A note on reactive equilibria in the discounted prisoner's dilemma "
    "and associated games, International Journal of Game Theory 17, 177-186",
    parameters=(
        Parameter(T, "temptation"),
        Parameter(R, "reward"),
        Parameter(P, "punishment"),
        Parameter(Sx, "sucker's payoff"),
        Parameter(dl, "discount factor", latex=r"\delta"),
    ),
    assumptions=(T > R, R > P, Sx < P, T + Sx < 2 * R, dl > 0, dl < 1),
    stage=StageGame(
        players=("1", "2"),
        actions=(("C", "D"), ("C", "D")),
        payoffs=((("C", "C"), (R, R)), (("C", "D"), (Sx, T)), (("D", "C"), (T, Sx)), (("D", "D"), (P, P))),
    ),
    discount=dl,
    protocols=(
        Play(NASH, "Tit-for-tat as a Nash equilibrium", BOTH, "nash", dl_nash, is_nash),
        Play(PERFECT, "Tit-for-tat as a subgame-perfect equilibrium", BOTH, "subgame_perfect", holds=is_perfect),
    ),
    claims=(
        Claim("a", "(TFT, TFT) is a Nash equilibrium.", Eq(At(is_nash, NASH), 1)),
        Claim(
            "b",
            "(TFT, TFT) is subgame perfect whenever it is Nash.",
            Or(Eq(At(is_nash, NASH), 0), Eq(At(is_perfect, PERFECT), 1)),
        ),
        Claim(
            "c",
            "The grim-trigger threshold is never above the tit-for-tat threshold.",
            At(dl_nash, NASH) >= (T - R) / (T - P),
        ),
        Claim(
            "d",
            "With T + S = R + P and a discount factor of (T - R)/(R - S) tit-for-tat is subgame perfect.",
            Eq(At(is_perfect, PERFECT), 1),
            given=(Eq(T + Sx, R + P), Eq(dl, (T - R) / (R - Sx))),
        ),
    ),
)
