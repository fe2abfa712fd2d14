"""What a reader stumbles over: values in another order in each regime, letters that nobody introduced, sums told three times."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Eq, Integer, Symbol

from derive.certificates import Assumed
from derive.check.context import Context
from derive.check.fractions import Rejected
from derive.check.steps import _identity
from derive.ir import Exponential, Instance, PowerDistribution, Uniform, symbols
from derive.law.heading import opening, title
from derive.play.order import in_stage_order
from derive.prove import prove
from derive.solution import Case, Proposition, Regime, Solution
from derive.steps import Concavity, Identity, Sign
from derive.views.latex.certificates import reason
from derive.views.latex.names import Names
from derive.views.latex.paragraphs import fresh_uses, paragraphs_of
from derive.views.latex.results import stated
from derive.views.latex.shape import Shape
from derive.views.latex.words import roman
from derive.views.latex.writer import Writer
from tests.engine.statements import decide, protocol

GENERATED = Path(__file__).resolve().parents[2] / "generated"
a, b, c, d, k, t, u, w, x, y, z = symbols("a b c d k t u w x y z")
U, V = symbols("U V")
IN_TURN = protocol("P", (decide("F", w, u),), (decide("G", x, y),))


def writer() -> Writer:
    return Writer.of(Shape(Names()), (a > 0, b > 0))


def solved(*values: dict[Symbol, object]) -> Solution:
    regimes = tuple(Regime(str(n), (a > n,), tuple(told.items())) for n, told in enumerate(values))
    theorem = Proposition("P.E", "theorem", "Equilibrium", "", tuple(Case(r.region, r.values) for r in regimes), ())
    return Solution("m", "P", "", (), regimes, (theorem,))


def orders(solution: Solution) -> list[str]:
    told = [regime.values for regime in solution.regimes]
    assert told == [case.values for one in solution.argument for case in one.cases]
    return [" ".join(symbol.name for symbol, _ in values) for values in told]


def test_choices_are_told_stage_by_stage_and_then_what_everybody_earns() -> None:
    found = in_stage_order(solved({x: a, w: b, y: c, u: a, U: b, V: c}, {u: a, w: b, y: c, x: d, U: b, V: c}), IN_TURN)
    assert orders(found) == ["w u x y U V"] * 2


def test_what_another_value_is_written_in_stands_before_it_in_every_regime() -> None:
    found = in_stage_order(solved({u: a, w: u + b, x: a}, {w: b, x: a, u: c}), IN_TURN)
    assert orders(found) == ["u w x", "u w x"]


def test_where_no_order_serves_all_regimes_each_has_its_own() -> None:
    found = in_stage_order(solved({u: a, w: u + b}, {w: b, u: w + c}), IN_TURN)
    assert orders(found) == ["u w", "w u"]
    assert in_stage_order(solved({u: u, w: a}), IN_TURN).regimes[0].values == ((w, a), (u, u))


def test_every_regime_of_the_dual_channel_tells_its_values_in_one_order() -> None:
    text = (GENERATED / "dual_channel" / "evaluator.py").read_text()
    regimes = re.findall(r"    Regime \d+, where.*?:\n((?:        .*\n)+)", text)
    names = [re.findall(r"^        (\w+) = ", regime, re.MULTILINE) for regime in regimes]
    assert {" ".join(row) for row in names} == {
        "s_d s_r alpha beta Pi_m CE_r C_d C_r Pi",
        "beta alpha s_d s_r Pi_m CE_r C_d C_r Pi",
    }


@pytest.mark.parametrize(
    ("laws", "called"),
    [
        ((Uniform(0, b),), "The uniform law"),
        ((PowerDistribution(b, k), Exponential(b)), "The power and exponential laws"),
        ((Uniform(0, b), Uniform(0, c)), "The uniform laws"),
    ],
)
def test_a_corollary_is_called_by_its_laws_and_not_by_a_key(laws: tuple[object, ...], called: str) -> None:
    instance = Instance("u02", tuple((Symbol(f"e{n}"), law) for n, law in enumerate(laws)))  # type: ignore[arg-type]
    assert title(instance) == called
    assert ("laws" in opening(instance)) == (len(laws) > 1)


def test_a_letter_for_a_power_is_introduced() -> None:
    text = (GENERATED / "consignment" / "proof.tex").read_text()
    assert r"Write $t = (z_1 / B)^k$. " in text
    assert text.count("with $t = ") == text.count("Write $t = ") == 3


def test_a_name_in_an_identity_must_be_put_in() -> None:
    step = Identity(label="1", left=k * t - a, right=Integer(0), where=((t, a / k),), names=((t, z**2),))
    nothing = Context(None, (), ())
    _identity(step, nothing)
    for names in (((u, z),), ((t, t + 1),)):
        with pytest.raises(Rejected):
            _identity(replace(step, names=names), nothing)


def test_what_has_a_name_is_spoken_of_by_it() -> None:
    value = a / (a + b)
    certificate = prove(value < 1, (a > 0, b > 0))
    assert certificate is not None
    steps = (
        Identity(label="1", left=x * (a + b), right=a, where=((x, value),)),
        Sign(label="2", relation=value < 1, certificate=certificate),
    )
    told = "\n".join(paragraphs_of(steps, writer()))
    assert r"x = \frac{a}{a + b} < 1." in told


def test_of_steps_of_one_kind_all_are_referred_to_or_none() -> None:
    signs = tuple(Identity(label=name, left=a, right=a) for name in "123")
    last = Sign(label="4", uses=("1", "2", "3"), relation=a > 0, certificate=Assumed(claim=a > 0, given=(a > 0,), fact=a > 0))
    assert fresh_uses((*signs, last))[-1] == ("1", "2", "3")
    assert fresh_uses((signs[0], replace(last, uses=("1",))))[-1] == ()


def test_leading_minors_are_told_together() -> None:
    step = Concavity(label="1", objective=-(x**2) - a * y**2, variables=(x, y), minors=(Integer(2), 4 * a), certificates=())
    told = "\n".join(paragraphs_of((step,), writer()))
    assert told.count(r"\begin") == 2  # the objective, and all the minors
    assert r"-\det H_1 &= 2 > 0" in told
    assert r"\det H_2 &= 4 a > 0" in told


def test_what_a_claim_becomes_once_a_value_is_put_in_is_told() -> None:
    certificate = prove(x > b, (Eq(x, a + b), a > 0, b > 0))
    assert certificate is not None
    text = reason(certificate, writer())
    assert not text.startswith("Substitute") or "the claim becomes" in text or "evident" in text


def test_a_root_that_two_protocols_share_is_said_to_be_the_same() -> None:
    text = (GENERATED / "consignment" / "proof.tex").read_text()
    assert "Under both $z_1$ solves the same equation, so that it is the same number." in text


def test_what_a_factor_split_off_is_not_called_the_first_of_a_fraction() -> None:
    text = (GENERATED / "cluster_reputation" / "proof.tex").read_text()
    assert "first factor" not in text
    assert "The denominator is positive." in text
    assert "A direct computation with these values gives" in text


def test_the_condition_of_the_only_case_begins_a_sentence_after_a_whole_one() -> None:
    case = Case((a > b,), ((x, a),))
    one = Proposition("P.1", "proposition", "Share", "Each player receives its share.", (case,), ())
    told = stated(one, one.text, solved({x: a}), {}, writer())
    assert told.startswith("Each player receives its share. If $a > b$, then\n")


def test_shared_borders_name_the_regimes_by_the_marks_of_the_list() -> None:
    assert [roman(n) for n in (1, 4, 9, 14, 40)] == ["(i)", "(iv)", "(ix)", "(xiv)", "(xl)"]
    assert "regimes (i) and (iv), " in (GENERATED / "dual_channel" / "proof.tex").read_text()


def test_help_on_an_evaluator_says_where_the_model_comes_from() -> None:
    text = (GENERATED / "dual_channel" / "evaluator.py").read_text()
    assert "\nSource: Jun Chen, Ying Yang (2014). Service Cooperation Incentive Mechanism" in text
    assert "chen2014service" not in text.partition("import")[0]
