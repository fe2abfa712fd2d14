"""What the abstract and the textbook account behind it claim. Nothing here is a verdict; a claim may be wrong."""

from sympy import And, Eq, Implies, Integer

from derive.ir import At, Claim, Slope

from .glossary import B, P, R, S, T, T_t, e, k, m, p, v_1, v_2, x_1, x_2

PREMIUM = (T_t - P) / (R - P)
LOSS = (S - P) / (R - P)

CLAIMS = (
    Claim(
        "000-1",
        "One-shot information sharing is a prisoner's dilemma: not sharing is dominant.",
        And(T_t > R, P > S, Eq(At(v_1, "one_shot"), P), Eq(At(v_2, "one_shot"), P), At(v_1, "one_shot") < R),
        source="abstract",
    ),
    Claim(
        "000-2",
        "With two-sided uncertainty, however small p, enough repetitions make sharing the outcome in all but a bounded number "
        "of stages; the bound depends on p, not on T.",
        And(Eq(Slope(At(k, "two_sided_trigger"), T), 0), Eq(Slope(At(k, "two_sided_tit_for_tat"), T), 0)),
        source="abstract",
    ),
    Claim(
        "000-3",
        "With one-sided uncertainty and p below the two-stage threshold there is never cooperation, however long the game.",
        Eq(At(m, "four_stages"), 0),
        given=(p < (P - S) / (R - S),),
        source="textbook account behind the abstract",
    ),
    Claim(
        "000-4",
        "Both parties must foresee a long-term game: with T = 1 there is no cooperation.",
        Eq(At(m, "one_stage"), 0),
        source="abstract",
    ),
    Claim(
        "000-5",
        "Dividing by investment, effort, sharing and risk is a more reasonable, feasible division. (Judged here: feasible, "
        "that is, nobody gets less than nothing and the benefit is used up. The sense of `more reasonable` is lost.)",
        And(Eq(At(x_1, "division") + At(x_2, "division"), B), At(x_1, "division") >= 0, At(x_2, "division") >= 0),
        source="abstract; the formula is our reading",
    ),
    Claim(
        "textbook-1",
        "Three stages: p + (1-p) b >= 0, 1 + p a >= a and a + b <= 1 suffice for cooperation in the first stage.",
        Eq(At(e, "three_stages"), 1),
        given=(p + (1 - p) * LOSS >= 0, 1 + p * PREMIUM >= PREMIUM, PREMIUM + LOSS <= 1),
        source="textbook",
    ),
    Claim(
        "textbook-2",
        "Three stages: cooperation in the first stage needs p + (1-p) b >= 0.",
        Implies(Eq(At(e, "three_stages"), Integer(1)), p + (1 - p) * LOSS >= 0),
        source="textbook",
    ),
    Claim(
        "textbook-3",
        "Three stages: cooperation in the first stage needs 1 + p a >= a.",
        Implies(Eq(At(e, "three_stages"), Integer(1)), 1 + p * PREMIUM >= PREMIUM),
        source="textbook",
    ),
    Claim(
        "textbook-4",
        "Three stages: cooperation in the first stage needs a + b <= 1.",
        Implies(Eq(At(e, "three_stages"), Integer(1)), PREMIUM + LOSS <= 1),
        source="textbook",
    ),
)
