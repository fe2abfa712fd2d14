"""One firm moves first. States claims about the follower's response, about a sign that switches, and about a paper's own window."""

from sympy import Eq, Rational

from derive.ir import (
    After,
    At,
    Claim,
    Decision,
    Model,
    Parameter,
    Player,
    PrintedRelation,
    Protocol,
    Reply,
    Stage,
    Switches,
    Variable,
    symbols,
)

a, g = symbols("a g")
q_1, q_2 = symbols("q_1 q_2")
Pi_1, Pi_2 = symbols("Pi_1 Pi_2")

first, second = Decision(("leader",), (q_1,)), Decision(("follower",), (q_2,))

model = Model(
    key="leader",
    title="A leader and a follower",
    source="",
    parameters=(Parameter(a, "market size"), Parameter(g, "how close the products are")),
    assumptions=(a > 0, g > 0, g <= 1),
    variables=(Variable(q_1, "leader's quantity", (q_1 >= 0,)), Variable(q_2, "follower's quantity", (q_2 >= 0,))),
    players=(Player("leader", (a - q_1 - g * q_2) * q_1, Pi_1), Player("follower", (a - q_2 - g * q_1) * q_2, Pi_2)),
    protocols=(
        Protocol("in_turn", "The leader moves first", (Stage((first,)), Stage((second,)))),
        Protocol("at_once", "Both move at once", (Stage((first, second)),)),
    ),
    claims=(
        # After: what is chosen from a stage on, in terms of what was chosen before. Reply: the best reply to everything else.
        Claim("1", "The follower gives way.", After(q_2, "in_turn", 2) <= a / 2),
        Claim("2", "It replies as it would if both moved at once.", Eq(Reply(q_2, "in_turn"), Reply(q_2, "at_once"))),
        # Switches: positive for a small g, then zero once, then negative.
        Claim(
            "3",
            "Close products take a firm below two fifths of the market.",
            Switches(At(q_1, "at_once") - Rational(2, 5) * a, g),
        ),
        # given: what the sentence speaks of. window: what the paper looked at; the claim is judged on both.
        Claim(
            "4",
            "The leader earns more than its follower.",
            At(Pi_1, "in_turn") > At(Pi_2, "in_turn"),
            window=(g > Rational(1, 2),),
        ),
        Claim("5", "The follower produces more.", At(q_2, "in_turn") > At(q_1, "in_turn")),
    ),
    printed=(PrintedRelation("(7)", "in_turn", Eq(2 * q_2, a - g * q_1)),),
    # What is known to be wrong in the paper is named, so that only new contradictions count.
    errata=("5",),
)
