"""The numerical attack: neither false alarms nor blind spots."""

from __future__ import annotations

from derive.check.attack import attack
from derive.check.solution import check_solution
from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols
from derive.play.induction import derive_protocol
from models.gallery.four_tier_serial_chain.model import model as four_tiers

a, c, k, K, q, Pi = symbols("a c k K q Pi")


def test_a_bound_that_an_earlier_choice_sets_is_kept_when_that_choice_is_varied() -> None:
    """Capacity first, then output up to it: a deviation to less capacity may not keep the old output."""
    protocol = Protocol("own", "own", (Stage((Decision(("F",), (K,)),)), Stage((Decision(("F",), (q,)),))))
    model = Model(
        key="capacity",
        title="Capacity, then output",
        source="",
        parameters=(Parameter(a, "market size"), Parameter(c, "unit cost"), Parameter(k, "cost of capacity")),
        assumptions=(a > c + k, c >= 0, k > 0),
        variables=(Variable(K, "capacity", (K >= 0,)), Variable(q, "output", (q >= 0, q <= K))),
        players=(Player("F", (a - q - c) * q - k * K, Pi),),
        protocols=(protocol,),
    )
    report = check_solution(model, derive_protocol(model, protocol), 12)
    assert report.accepted, report.failures


def test_the_error_of_answers_deep_down_is_no_gain() -> None:
    """Four tiers with hardly any surplus left: prices far above margins, so that an error of a price weighs heavily in a margin."""
    solution = derive_protocol(four_tiers, four_tiers.protocols[0])
    assert not attack(four_tiers, solution, 25).findings
