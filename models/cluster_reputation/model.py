"""Information sharing in an industrial cluster as a repeated prisoner's dilemma with reputation (thesis; abstract only).

Only the abstract survives. It names the prisoner's dilemma, the reputation model of Kreps, Milgrom, Roberts and Wilson
(1982), and a division of the benefit by four factors. Everything else here is an assumption of ours, in the field's
standard form.
"""

from sympy import Integer

from derive.ir import Parameter, exact
from derive.repeated import (
    Commitment,
    Division,
    Factor,
    OneShot,
    Play,
    RepeatedGame,
    Reputation,
    StageGame,
    grim_trigger,
    limited_punishment,
    tit_for_tat,
)

from .claims import CLAIMS
from .glossary import (
    E_1,
    E_2,
    I_1,
    I_2,
    B,
    P,
    R,
    S,
    T,
    T_t,
    delta,
    delta_star,
    e,
    k,
    m,
    p,
    p_star,
    r_1,
    r_2,
    s_1,
    s_2,
    v_1,
    v_2,
    w_E,
    w_I,
    w_R,
    w_S,
    x_1,
    x_2,
)
from .printed import PRINTED

FIRMS = ("firm 1", "firm 2")
SHARE, REFUSE = "share", "refuse"
BOTH_SHARE = (SHARE, SHARE)
GRIM, RECIPROCAL = grim_trigger(SHARE, REFUSE), tit_for_tat(SHARE, REFUSE)
WEIGHTS = w_I + w_E + w_S + w_R
OURS = "An assumption of ours: the abstract does not say it."


def play(key, title, automaton, concept):
    """Both firms follow the same strategy in the infinitely repeated game."""
    return Play(key, title, (automaton, automaton), concept, delta_star, e, (v_1, v_2), OURS)


def reputation(key, title, stages, automaton, firms, at=()):
    """Each firm named may be committed to the automaton, with probability p."""
    committed = tuple(Commitment(firm, automaton, p) for firm in firms)
    return Reputation(key, title, stages, committed, BOTH_SHARE, at, p_star, k, m, e, OURS)


TEXTBOOK_INSTANCE = ((R, exact("3")), (S, exact("-1")), (T_t, exact("4")), (P, exact("0")), (p, exact("0.2")))

game = RepeatedGame(
    key="cluster_reputation",
    title="Information sharing as a repeated prisoner's dilemma with reputation",
    source="thesis000; kreps1982",
    parameters=(
        Parameter(T_t, "payoff of refusing while the other shares", latex="T_t"),
        Parameter(R, "payoff of mutual sharing"),
        Parameter(P, "payoff of mutual refusal"),
        Parameter(S, "payoff of sharing while the other refuses"),
        Parameter(delta, "discount factor", latex=r"\delta"),
        Parameter(p, "prior probability that a firm is committed"),
        Parameter(T, "number of stages", integer=True),
        Parameter(B, "benefit of the platform"),
        Parameter(w_I, "weight of fixed investment"),
        Parameter(w_E, "weight of effort"),
        Parameter(w_S, "weight of actual sharing"),
        Parameter(w_R, "weight of risk"),
        Parameter(I_1, "fixed investment of firm 1"),
        Parameter(I_2, "fixed investment of firm 2"),
        Parameter(E_1, "effort of firm 1"),
        Parameter(E_2, "effort of firm 2"),
        Parameter(s_1, "information actually shared by firm 1"),
        Parameter(s_2, "information actually shared by firm 2"),
        Parameter(r_1, "risk borne by firm 1"),
        Parameter(r_2, "risk borne by firm 2"),
    ),
    assumptions=(
        T_t > R, R > P, P > S, T_t + S < 2 * R,
        delta > 0, delta < 1,
        p > 0, p < 1,
        T >= 1,
        B > 0, w_I > 0, w_E > 0, w_S > 0, w_R > 0,
        I_1 > 0, I_2 > 0, E_1 > 0, E_2 > 0, s_1 > 0, s_2 > 0, r_1 > 0, r_2 > 0,
    ),
    stage=StageGame(
        players=FIRMS,
        actions=((SHARE, REFUSE), (SHARE, REFUSE)),
        payoffs=(
            ((SHARE, SHARE), (R, R)),
            ((SHARE, REFUSE), (S, T_t)),
            ((REFUSE, SHARE), (T_t, S)),
            ((REFUSE, REFUSE), (P, P)),
        ),
    ),
    discount=delta,
    protocols=(
        OneShot("one_shot", "Sharing information once", (v_1, v_2)),
        play("grim_trigger", "Grim trigger", GRIM, "subgame_perfect"),
        play("tit_for_tat_nash", "Tit-for-tat as a Nash equilibrium", RECIPROCAL, "nash"),
        play("tit_for_tat_perfect", "Tit-for-tat as a subgame-perfect equilibrium", RECIPROCAL, "subgame_perfect"),
        play("punish_two", "Punishment of two periods", limited_punishment(SHARE, REFUSE, 2), "subgame_perfect"),
        reputation("one_stage", "One stage, both firms perhaps committed", Integer(1), RECIPROCAL, FIRMS),
        reputation("two_stages", "Two stages, firm 1 perhaps committed to tit-for-tat", Integer(2), RECIPROCAL, FIRMS[:1]),
        reputation("three_stages", "Three stages, firm 1 perhaps committed to tit-for-tat", Integer(3), RECIPROCAL, FIRMS[:1]),
        reputation(
            "four_stages",
            "Four stages with p below the two-stage threshold",
            Integer(4),
            RECIPROCAL,
            FIRMS[:1],
            TEXTBOOK_INSTANCE,
        ),
        reputation("one_sided_tit_for_tat", "Any length, firm 1 perhaps committed to tit-for-tat", T, RECIPROCAL, FIRMS[:1]),
        reputation("two_sided_tit_for_tat", "Any length, both firms perhaps committed to tit-for-tat", T, RECIPROCAL, FIRMS),
        reputation("two_sided_trigger", "Any length, both firms perhaps committed to grim trigger", T, GRIM, FIRMS),
        Division(
            "division",
            "Division of the benefit by investment, effort, sharing and risk",
            B,
            (
                Factor("fixed investment", w_I / WEIGHTS, (I_1, I_2)),
                Factor("effort", w_E / WEIGHTS, (E_1, E_2)),
                Factor("actual sharing", w_S / WEIGHTS, (s_1, s_2)),
                Factor("risk", w_R / WEIGHTS, (r_1, r_2)),
            ),
            (x_1, x_2),
            "Our reading: the thesis' formulas are lost. Equal shares are revised by each factor's weight.",
        ),
    ),
    claims=CLAIMS,
    printed=PRINTED,
    abstract=(
        "Two firms of a service supply chain decide whether to share information on a collaborative-commerce platform. "
        "Once, this is a prisoner's dilemma. Repeated for ever, sharing is supported by punishment; repeated finitely often, "
        "by the small chance that a firm is committed to sharing as long as the other does. The thesis survives as an "
        "abstract only: the payoffs, strategies and types are the field's standard form, and the division by four factors "
        "is our reading."
    ),
    errata=("000-3",),
)  # fmt: skip
