"""What a verification tells of itself: what was shown, how often, and what rests on samples."""

from __future__ import annotations

from dataclasses import replace

from sympy import Abs, Integer, sqrt

from derive import steps
from derive.check.solution import check_solution
from derive.check.steps import check_step
from derive.check.summary import report_data
from derive.ir import symbols
from derive.solution import Proposition
from derive.views.lines import checked_lines
from tests.check.hand import box, chain
from tests.check.test_forgeries import derived
from tests.check.test_replies import chain as pair
from tests.check.test_replies import entry

a, b = symbols("a b")


def test_a_derived_solution_tells_its_steps_and_what_was_tried() -> None:
    model, solution = derived(entry)
    report = check_solution(model, solution, 12)
    told = report_data(solution, report)
    steps_ = sum(len(one.proof) for one in solution.argument) + 1
    assert (told["regimes"], sum(told["steps"].values())) == (len(solution.regimes), steps_)
    assert told["steps"]["Coverage"] == 1
    assert report.replies is not None
    assert told["exact"] == {"points": report.replies.points, "choices": report.replies.choices}
    assert report.attack is not None
    assert told["attacked"]["deviations"] == report.attack.deviations > 12
    assert any("cases of a payoff" in what for what in told["samples"])
    table = checked_lines((told,))
    assert table[1].split()[:3] == [solution.protocol, str(len(solution.regimes)), str(steps_)]
    assert len(table[0]) == len(table[1])
    assert any("1 coverage" in line for line in table)


def test_regions_without_a_proof_rest_on_samples() -> None:
    model, solution = box()
    told = report_data(solution, check_solution(model, solution, 4))
    assert told["regions"] == "points left out were looked for"
    assert any("leave nothing out" in what for what in told["samples"])
    model, solution = derived(pair)
    assert report_data(solution, check_solution(model, solution, 4))["samples"] == []


def test_a_sign_that_relations_do_not_give_is_a_doubt_and_one_that_they_give_is_none() -> None:
    root = steps.Identity(label="1", left=sqrt((a - b) ** 2), right=a - b)
    assert check_step(replace(root, given=(a > b,)), None, ()) == ()
    far = replace(root, given=(a > 3, b < 1))
    assert check_step(far, None, ()) == ("1: the sign of a - b",)
    model, solution = chain()
    told = Proposition("p", "lemma", "", "", (), (replace(far, left=Abs(a - b) + Integer(0)),))
    assert "1: the sign of a - b" in check_solution(model, replace(solution, argument=(told,)), 0).doubts
