"""What a copy editor looks for: formulas set as formulas, every sign named, nothing said that says nothing, no sentence that
continues what was never begun."""

from __future__ import annotations

import re

import pytest
from sympy import Add, sqrt
from sympy.logic.boolalg import Boolean

from derive import cases, steps
from derive.certificates import Certificate
from derive.ir import Player, symbols
from derive.play.induction import derive_protocol
from derive.play.limits import tie_told
from derive.prove import prove, refute
from derive.repeated.automata import grim_trigger, limited_punishment
from derive.repeated.derive import derive_repeated
from derive.solution import Proposition, Solution
from derive.steps import Step
from derive.views.latex import latex_fragment, latex_texts
from derive.views.latex.breaking import BUDGET
from derive.views.latex.certificates import reason
from derive.views.latex.contradictions import clash
from derive.views.latex.names import Names
from derive.views.latex.shape import Shape
from derive.views.latex.width import width
from derive.views.latex.words import prose
from derive.views.latex.writer import Writer
from derive.views.text import solution_data
from tests.engine.statements import decide, model, protocol
from tests.latex import fixtures
from tests.repeated.games import C, D, both, delta, game, star

a, b, c, g, k, t, u, w, x, y, W, U = symbols("a b c g k t u w x y W U")


def _writer(*assumptions: object) -> Writer:
    return Writer.of(Shape(Names()), assumptions)  # type: ignore[arg-type]


def _raw(*proof: Step, assumptions: tuple[Boolean, ...] = ()) -> str:
    one = Proposition("x", "lemma", "A", "B", (), proof)
    return latex_fragment(fixtures.CHAIN, (Solution("chain", "two", "", assumptions, (), (one,)),))


def _proved(certificate: Certificate | None) -> Certificate:
    assert certificate is not None
    return certificate


# --- remarks and headings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where 2*a*q1 = a**2 + q1**2 both pay", "where $2 a q_1 = a^2 + q_1^2$ both pay"),
        ("q1 = (a - k)/2 is as good", "$q_1 = (a - k) / 2$ is as good"),
        ("F(x) = (x/a)**k on [0, a]", "$F(x) = (x / a)^k$ on $[0, a]$"),
        ("a = 4*sqrt(k)", r"$a = 4 \sqrt{k}$"),
        ("the jump at k != 0", r"the jump at $k \neq 0$"),
        ("costs c_R = (1 - 2 k) c_S. The", "costs $c_R = c_S (1 - 2 k)$. The"),
        ("where c_S = k a retailer buys", "where $c_S = k$ a retailer buys"),
        ("with a positive number lambda, lambda times it", r"with a positive number $\lambda$, $\lambda$ times it"),
        ("twice c_S, 2 c_S + c_R", "twice $c_S$, $c_R + 2 c_S$"),
        ("a k-period punishment", "a k-period punishment"),
        ("the share a of B - list", "the share a of B - list"),
        ("in (0, 1)", "in (0, 1)"),
        ("k is given", "k is given"),
    ],
)
def test_formulas_in_plain_text_are_set_as_mathematics(text: str, expected: str) -> None:
    shape = Shape(Names.of([(name, "") for name in ("a", "k", "q1", "c_S", "c_R")]))
    assert prose(text, shape) == expected


def test_a_tie_names_its_players_in_the_right_number() -> None:
    assert "where A or B finds several choices equally good, it is taken to make the one that L prefers" in tie_told(
        ("A", "B"), ("L",)
    )
    assert "where A and B find several choices equally good, they are taken to make the one that L and M prefer" in tie_told(
        ("A and B",), ("L", "M")
    )


# --- repeated games --------------------------------------------------------------------------------------------------


def test_every_strategy_has_its_own_argument_and_says_where_it_is_an_equilibrium() -> None:
    grim, two = both(grim_trigger(C, D), key="grim"), both(limited_punishment(C, D, 2), key="two")
    statement = game(grim, two)
    text = re.sub(r"\s+", " ", latex_texts(statement, derive_repeated(statement))[0])
    assert text.count(r"[Incentive conditions]") == 2
    assert text.count(r"V(\text{hostile}") > 0
    assert text.count(r"V(\text{punish 1}") > 0
    assert r"a subgame-perfect equilibrium exactly if $\delta \geq (T - R) / (T - P)$." in text
    assert "conditions listed" not in text
    assert "the following, regime by regime" not in text
    assert "holds or it fails" not in text
    assert r"linear in $\delta$, with the coefficient $T - P$, which is positive." in text


def test_strategies_of_which_nothing_is_reported_leave_no_empty_display() -> None:
    """Only the condition is to be told; the root in it is defined beside it."""
    play = both(limited_punishment(C, D, 2))
    bare = type(play)(play.key, play.title, play.strategies, play.concept, star)
    statement = game(bare)
    solutions = derive_repeated(statement)
    text = latex_texts(statement, solutions)[0]
    assert not re.search(r"\\begin\{align\*\}\s*\\end\{align\*\}", text)
    assert "unique root in $(0, 1)$ of" in text
    told = [one["text"] for one in solution_data(solutions[0])["argument"]]
    assert any("exactly if" in one and delta.name in one for one in told)


def test_one_value_that_all_cases_share_is_no_case() -> None:
    play = both(grim_trigger(C, D))
    statement = game(type(play)(play.key, play.title, play.strategies, play.concept, star))
    text = latex_texts(statement, derive_repeated(statement))[0]
    assert r"\text{otherwise}" not in text
    assert "in every regime" in text


# --- reasons ---------------------------------------------------------------------------------------------------------


def test_a_sign_that_a_sum_needs_is_named_in_a_direct_proof_too() -> None:
    known = (b > c, c > 0, a > 0)
    writer = _writer(*known)
    writer.choices = frozenset((w, x))
    told = [reason(_proved(prove(claim, (*known, w >= 0, x >= 0))), writer) for claim in (a + b * w + x > 0, b + w > c)]
    assert all(sign in told[0] for sign in ("$b > c$", r"$w \geq 0$", r"$x \geq 0$"))
    assert "$b > c$" in told[1]
    assert r"$w \geq 0$" in told[1]


def test_what_cannot_hold_together_is_denied_with_what_is_known_as_the_reason() -> None:
    writer = _writer(c < a)
    writer.known = frozenset(((a - c), ">") for _ in range(1))
    told = clash(_proved(refute((c < a, 3 * a <= c, a > 0))), writer)
    assert told.startswith("It cannot be that ")
    assert "contradict one another" not in told


def test_a_root_that_is_squared_has_a_name() -> None:
    refuted = _proved(refute((k > 0, a > 0, a <= 4 * sqrt(k), a >= 4 * sqrt(k), a**2 + 32 * k > 16 * a * sqrt(k))))
    told = reason(refuted, _writer(k > 0, a > 0))
    assert r"\sqrt{k}^2" not in told
    assert r"Write $u = \sqrt{k}$. Substitute $k = u^2$." in told


def test_a_claim_is_not_its_own_reason() -> None:
    proved = _proved(prove(a * b > 0, (a > 1 - 2 * a, b > 1, b > c + 1)))
    told = reason(proved, _writer(a > 1 - 2 * a, b > 1, b > c + 1))
    assert "$a > 0$ (by" not in told
    assert "$b > 0$" not in told


def test_assumptions_recalled_in_a_row_are_one_sentence() -> None:
    facts = (a > b, b > c, 2 * b > a)
    signs = [steps.Sign(label=str(i), relation=f, certificate=_proved(prove(f, facts))) for i, f in enumerate(facts)]
    text = re.sub(r"\s+", " ", _raw(*signs, assumptions=facts))
    assert "By assumption, $b < a < 2 b$ and $b > c$." in text
    assert "Note that" not in text


def test_a_proof_does_not_begin_by_going_on() -> None:
    relations = (a * b + c > 0, a + b * c > 0)
    given = (a > 1, b > 1, c > 1)
    one = tuple(steps.Sign(label=str(i), relation=f, certificate=_proved(prove(f, given))) for i, f in enumerate(relations))
    results = tuple(Proposition(key, "lemma", key, "B", (), one[: 1 + number]) for number, key in enumerate(("A", "B")))
    text = re.sub(r"\s+", " ", latex_fragment(fixtures.CHAIN, (Solution("chain", "two", "", (), (), results),)))
    assert text.count(r"\begin{proof} We have") == 2


def test_a_kink_shows_by_how_much_the_marginal_payoff_falls() -> None:
    text = re.sub(
        r"\s+",
        " ",
        _raw(
            steps.Kink(
                label="k",
                variable=x,
                value=a,
                left=b * x,
                right=c * x + (b - c) * a,
                certificate=_proved(prove(b - c >= 0, (b > c,))),
            )
        ),
    )
    assert r"falls by \begin{equation*} b - c \geq 0. \end{equation*}" in text


# --- lines that fit --------------------------------------------------------------------------------------------------


def test_wide_cases_of_a_payoff_have_their_conditions_below_them() -> None:
    value = (w - c) * (a * b - a * g - b * w + g * y) / (b**2 - g**2)
    regions = ((a * b + g * y > a * g + b * w, a * b + g * w > a * g + b * y), (a * b + g * y <= a * g + b * w,))
    step = cases.Branching(
        label="b", objective=Add(value, x, evaluate=False), cases=((regions[0], value), (regions[1], a * 0 + x))
    )
    text = _raw(step)
    lines = [
        line for piece in text.split("\\begin{align*}")[-1].split("\\end{align*}")[0].split("\\\\") for line in [piece.strip()]
    ]
    assert all(width(line.replace("&", "")) <= BUDGET for line in lines)
    assert "&&" not in text


def test_a_wide_left_side_is_broken() -> None:
    left = Add(*(a**i * b * c * (w + x + y) ** 2 / (b + c * i + 1) for i in range(1, 9)))
    text = _raw(steps.Identity(label="i", left=left, right=b * c))
    display = text.split("A direct computation gives")[1].split("\\end{align*}")[0].replace("\\begin{align*}", "")
    assert all(width(line.replace("&", "")) <= BUDGET + 1 for line in display.split("\\\\"))


def test_a_joint_payoff_stands_alone_on_its_side_without_parentheses() -> None:
    total = (a - x) * x + (a - y) * y
    text = _raw(
        steps.JointObjective(label="j", members=((U, (a - x) * x), (W, (a - y) * y)), eliminated=(), result=total),
        steps.Concentration(label="c", before=total, replace=((x, a / 2),), after=total.subs(x, a / 2)),
    )
    assert re.search(r"^U \+ W = ", text, re.MULTILINE)
    assert "(U + W) =" not in text


def test_a_maximum_inside_says_that_its_constraints_hold() -> None:
    """The signs named after it are those of the choices, which nothing had spoken of."""
    statement = model(
        "two",
        (a, b, c),
        (a > c, c > 0, b > 0, b < 1),
        {x: (x >= 0,), y: (y >= 0,)},
        (Player("F", (a - x - b * y - c) * x + (a - y - b * x) * y, U),),
        protocol("P", (decide("F", x, y),)),
    )
    solution = derive_protocol(statement, statement.protocols[0])
    text = re.sub(r"\s+", " ", latex_texts(statement, [solution])[0])
    inside = [one for one in solution.regimes if not one.active]
    assert inside
    assert "vanish, and the choice satisfies all constraints. " in text
