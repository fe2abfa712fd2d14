"""Every kind of step: the true one is accepted, a forged one is not; forged solutions neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sympy import Rational

from derive.bargaining import derive_bargaining
from derive.bargaining import steps as kinds
from derive.bargaining.product import played
from derive.check.bargaining import VERIFIERS, verify_solutions
from derive.check.steps import Rejected, check_step
from derive.ir import Decision, Stage
from derive.play.induction import derive_model
from derive.render import TEMPLATES
from derive.steps import Step
from derive.views.latex.steps import macro_name
from tests.bargaining.channels import fee, p, supply, w, x
from tests.bargaining.problems import EVERY, a, b

FORGED: dict[type[Step], tuple[str, str, list[Callable]]] = {
    kinds.Frontier: (
        "parabola",
        "nash",
        [
            lambda s: replace(s, falling=-s.falling),
            lambda s: replace(s, bend=2 * s.bend),
            lambda s: replace(s, given=(*s.given, a > 2 * b)),
            lambda s: replace(s, certificates=(None, None, None)),
        ],
    ),
    kinds.RationalPart: (
        "outside",
        "nash",
        [
            lambda s: replace(s, low=s.low / 2),
            lambda s: replace(s, high=a),
            lambda s: replace(s, low=s.high, high=s.low),
            lambda s: replace(s, given=(a > 2 * b,)),
        ],
    ),
    kinds.Balance: (
        "parabola",
        "nash",
        [
            lambda s: replace(s, solution="egalitarian"),
            lambda s: replace(s, core=-s.core, slope=-s.slope),
            lambda s: replace(s, positive=-s.positive, core=-s.core, slope=-s.slope),
            lambda s: replace(s, certificate=None),
        ],
    ),
    kinds.BalanceRoot: (
        "parabola",
        "nash",
        [
            lambda s: replace(s, root=-s.root),
            lambda s: replace(s, root=s.root / 2),
            lambda s: replace(s, at_low=-s.at_low),
            lambda s: replace(s, certificates=s.certificates[::-1]),
            lambda s: replace(s, solution="egalitarian"),
        ],
    ),
    kinds.BalanceCorner: (
        "parabola",
        "utilitarian",
        [
            lambda s: replace(s, upper=not s.upper),
            lambda s: replace(s, end=s.end / 2),
            lambda s: replace(s, certificate=None),
            lambda s: replace(s, given=()),
        ],
    ),
    kinds.RoundOffer: (
        "three rounds",
        "alternating_offers",
        [
            lambda s: replace(s, offer=s.offer / 2),
            lambda s: replace(s, proposer=1 - s.proposer),
            lambda s: replace(s, round=s.round + 1),
            lambda s: replace(s, rounds=s.rounds + 1),
            lambda s: replace(s, given=(a > 2,)),
        ],
    ),
    kinds.OffersByInduction: (
        "any even number",
        "alternating_offers",
        [
            lambda s: replace(s, offer=s.offer / 2),
            lambda s: replace(s, offer=s.offer.subs(s.count, s.count + 1)),
            lambda s: replace(s, start=s.start - 1),
            lambda s: replace(s, start=s.start + 1),
            lambda s: replace(s, rounds=s.rounds + 1),
        ],
    ),
    kinds.BargainedPayoffs: (
        "capped",
        "egalitarian",
        [
            lambda s: replace(s, payoffs=s.payoffs[::-1]),
            lambda s: replace(s, at=s.at / 2),
            lambda s: replace(s, payoffs=(s.payoffs[0], (s.payoffs[1][0], s.payoffs[1][1] + Rational(1, 9)))),
        ],
    ),
}


def test_every_kind_has_a_verifier_a_macro_and_forgeries() -> None:
    own = {kind for kind in vars(kinds).values() if isinstance(kind, type) and issubclass(kind, Step) and kind is not Step}
    assert own == set(VERIFIERS) == {*FORGED, kinds.SharedGains}
    template = (TEMPLATES / "steps_bargaining.tex.j2").read_text("utf-8")
    for kind in own:
        assert f"macro {macro_name(kind)}(" in template


@pytest.mark.parametrize("kind", FORGED, ids=lambda kind: kind.__name__)
def test_the_genuine_step_is_accepted_and_the_forged_one_is_not(kind: type[Step]) -> None:
    name, key, forgeries = FORGED[kind]
    (solution,) = [one for one in derive_bargaining(EVERY[name]) if one.protocol == key]
    earlier: dict[str, Step] = {}
    for step in (step for one in solution.argument for step in one.proof):
        if type(step) is kind:
            break
        earlier[step.label] = step
    assert type(step) is kind

    def verify(one: Step) -> None:
        premises = tuple(earlier[label] for label in one.uses)
        check_step(one, EVERY[name], solution.assumptions, premises, tuple(earlier.values()))  # type: ignore[arg-type]

    verify(step)
    for forge in forgeries:
        with pytest.raises(Rejected):
            verify(forge(step))


def test_forged_shares_of_gains_are_rejected() -> None:
    model = fee((Rational(1, 3), Rational(2, 3)))
    played_out = played(model, "together")
    (solution, *_) = derive_model(model)
    step = next(step for one in solution.argument for step in one.proof if isinstance(step, kinds.SharedGains))
    check_step(step, played_out, solution.assumptions)
    forgeries = [
        replace(step, value=step.value + 1),
        replace(step, weights=step.weights[::-1]),
        replace(step, gains=step.gains[::-1]),
        replace(step, gains=(step.gains[0] + 1, step.gains[1])),
        replace(step, transfer=p, value=step.value),
        replace(step, payoffs=step.payoffs[::-1]),
    ]
    for forged in forgeries:
        with pytest.raises(Rejected):
            check_step(forged, played_out, solution.assumptions)


def test_a_price_shares_gains_only_with_what_is_agreed_on_with_it() -> None:
    model = supply()
    together = played(model, "efficient")
    (solution,) = derive_model(model)
    step = next(step for one in solution.argument for step in one.proof if isinstance(step, kinds.SharedGains))
    check_step(step, together, solution.assumptions)
    (protocol,) = together.protocols
    (decision,) = protocol.stages[0].decisions
    alone = Stage((replace(decision, chooses=(w,)),)), Stage((Decision(("R",), (x,)),))
    unshared = Stage((replace(decision, subject_to=()),))
    for stages in (alone, (unshared,)):
        with pytest.raises(Rejected):
            check_step(step, replace(together, protocols=(replace(protocol, stages=stages),)), solution.assumptions)
    for forged in (replace(step, value=step.value + 1), replace(step, transfer=x), replace(step, weights=step.weights[::-1])):
        with pytest.raises(Rejected):
            check_step(forged, together, solution.assumptions)


@pytest.mark.parametrize(("name", "key"), [("parabola", "utilitarian"), ("capped", "egalitarian"), ("outside", "nash")])
def test_forged_solutions_are_rejected(name: str, key: str) -> None:
    (solution,) = [one for one in derive_bargaining(EVERY[name]) if one.protocol == key]
    first, *rest = solution.regimes
    swapped = [replace(one, values=other.values) for one, other in zip(solution.regimes, solution.regimes[::-1], strict=True)]
    forged = [
        replace(solution, regimes=(replace(first, values=tuple((s, v + 1) for s, v in first.values)), *rest)),
        replace(solution, regimes=(replace(first, region=(a > 5 * b,)), *rest)),
    ]
    if rest:
        forged += [replace(solution, regimes=tuple(swapped)), replace(solution, regimes=(first,))]
    for one in forged:
        cases = tuple(
            replace(solution.argument[-1].cases[0], region=regime.region, values=regime.values) for regime in one.regimes
        )
        dressed = replace(one, argument=(*one.argument[:-1], replace(one.argument[-1], cases=cases)))
        assert verify_solutions(EVERY[name], (one,), 12)
        assert verify_solutions(EVERY[name], (dressed,), 12)
