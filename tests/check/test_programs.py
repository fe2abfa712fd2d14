"""Steps about payoffs over several choices: true examples accepted and typeset, forged ones rejected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Integer, Rational
from sympy.logic.boolalg import Boolean

from derive import programs, steps
from derive.check.programs import VERIFIERS
from derive.check.steps import Rejected, check_step
from derive.decision.candidates import best_candidates
from derive.decision.curvature import strictly_concave, weakly_concave
from derive.decision.lagrangian import by_lagrangian
from derive.decision.outerbounds import beyond_roots
from derive.decision.parametric import maximise_quadratic
from derive.decision.problem import Journal, Problem, restriction
from derive.decision.quadratic import quadratic
from derive.decision.rootbounds import between_roots
from derive.decision.unbounded import recession
from derive.ir import symbols
from derive.solution import Proposition, Solution
from derive.views.latex import latex_fragment
from tests.latex import fixtures

a, b, c, x, y = symbols("a b c x y")
GIVEN: tuple[Boolean, ...] = (a > 0, b > 0)


def problem(objective: Expr, *relations: Boolean, given: tuple[Boolean, ...] = GIVEN) -> Problem:
    named = tuple(restriction(f"r{i}", relation) for i, relation in enumerate(relations))
    return Problem(objective, (x, y), named, given)


def argument(one: Problem) -> tuple[steps.Step, ...]:
    """The steps that settle a concave problem."""
    journal = Journal("t")
    form = quadratic(one)
    assert form is not None
    label = strictly_concave(form, journal)
    maximise_quadratic(form, label or weakly_concave(form, journal) or "", journal, strictly=label is not None)
    return journal.taken()


def first(kind: type[steps.Step], found: tuple[steps.Step, ...]) -> steps.Step:
    return next(step for step in found if isinstance(step, kind))


BUDGET = argument(problem(a * x + b * y - (x + y) ** 2, x >= 0, y >= 0, x + y <= c, given=(*GIVEN, c > 0)))
CONCAVITY = first(programs.WeakConcavity, BUDGET)
MAXIMUM = first(programs.GlobalMaximum, BUDGET)
LEVEL = argument(problem(x + y, x >= 0, y >= 0, x + y <= c, given=(*GIVEN, c > 0)))
FLAT, FREE = first(programs.WeakConcavity, LEVEL), first(programs.GlobalMaximum, LEVEL)
OPEN = argument(problem(-((x - a) ** 2) - y**2, x < b, y >= 0))
LIMIT = next(step for step in OPEN if isinstance(step, programs.GlobalMaximum) and not step.attained)
INSIDE = next(step for step in OPEN if isinstance(step, programs.GlobalMaximum) and step.attained)
STRICT = first(steps.Concavity, OPEN)
NARROW = argument(problem(-((x - a) ** 2) - y**2, x >= a, y >= b, x + y <= c))
NONE = first(programs.Infeasible, NARROW)


def ray(one: Problem) -> steps.Step:
    journal = Journal("t")
    form = quadratic(one)
    assert form is not None
    assert recession(form, (), journal) is not None
    return journal.steps[0]


FASTER = ray(problem(x * y - x, x >= 0, y >= 0))
LINEAR = ray(problem(a * x - y**2, x >= 0, y >= 0, x >= b * y))
BOX = problem(x * y - a * x - b * y, x >= 0, y >= 0, x <= 1, y <= 1)


def search(one: Problem) -> tuple[steps.Step, ...]:
    journal = Journal("t")
    form = quadratic(one)
    assert form is not None
    assert best_candidates(form, journal) is not None
    return journal.taken()


EXISTS, SEARCH = search(BOX)[:2]
COERCIVE, PLANE = search(problem(a * (x + y) - x**2 - y**2 - 3 * x * y, x >= 0, y >= 0))[:2]


def between(*relations: Boolean, given: tuple[Boolean, ...] = GIVEN) -> steps.Step:
    """The step that tells a concave quadratic constraint on ``x`` as bounds."""
    journal = Journal("t")
    between_roots(Problem(a * x, (x,), tuple(restriction(f"r{i}", r) for i, r in enumerate(relations)), given), journal)
    return journal.steps[0]


def beyond(*relations: Boolean, given: tuple[Boolean, ...] = GIVEN) -> steps.Step:
    """The step that tells a convex quadratic constraint on ``x`` as one bound."""
    journal = Journal("t")
    beyond_roots(Problem(a * x, (x,), tuple(restriction(f"r{i}", r) for i, r in enumerate(relations)), given), journal)
    return journal.steps[0]


def saddle(one: Problem) -> steps.Step:
    journal = Journal("t")
    assert by_lagrangian(one, journal) is not None
    return first(programs.LagrangianMaximum, journal.taken())


ROOTS = between(b - x**2 + 2 * a * x >= 0)
SOMETIMES = between(a * x - x**2 - b >= 0)
DISC = saddle(problem(a * x + b * y, x**2 + y**2 <= 1))
CUT = saddle(problem(6 * x + y, 3 * x**2 + y**2 <= 4, x <= y, given=()))
BELOW = beyond((a - b * x) ** 2 >= 4 * b * c, x >= 0, b * x <= a, given=(*GIVEN, c >= 0))
ABOVE = beyond((x - a) ** 2 > b, x >= a)
assert isinstance(ROOTS, programs.RootBounds)
APART = between(b - x**2 + 2 * a * x > 0)
assert isinstance(APART, programs.RootBounds)
assert isinstance(BELOW, programs.OuterBound)
assert isinstance(ABOVE, programs.OuterBound)
assert isinstance(SOMETIMES, programs.RootBounds)
assert isinstance(DISC, programs.LagrangianMaximum)
assert isinstance(CUT, programs.LagrangianMaximum)
assert isinstance(EXISTS, programs.Existence)
assert isinstance(COERCIVE, programs.Existence)
assert isinstance(SEARCH, programs.OnlyCandidates)
assert isinstance(CONCAVITY, programs.WeakConcavity)
assert isinstance(MAXIMUM, programs.GlobalMaximum)
assert isinstance(FREE, programs.GlobalMaximum)
assert isinstance(NONE, programs.Infeasible)
assert isinstance(FASTER, programs.Recession)
assert isinstance(LINEAR, programs.Recession)

VALID: tuple[tuple[steps.Step, tuple[steps.Step, ...]], ...] = (
    (CONCAVITY, ()),
    *((step, (CONCAVITY,)) for step in BUDGET if isinstance(step, programs.GlobalMaximum)),
    (FREE, (FLAT,)),
    (LIMIT, (STRICT,)),
    (INSIDE, (STRICT,)),
    (NONE, ()),
    (FASTER, ()),
    (LINEAR, ()),
    (EXISTS, ()),
    (COERCIVE, ()),
    (SEARCH, (EXISTS,)),
    (PLANE, (COERCIVE,)),
    (ROOTS, ()),
    (APART, ()),
    (SOMETIMES, ()),
    (BELOW, ()),
    (ABOVE, ()),
    (DISC, ()),
    (CUT, ()),
)


def changed(case: int, **fields: object) -> steps.Step:
    """The search with one case altered."""
    assert isinstance(SEARCH, programs.OnlyCandidates)
    cases = list(SEARCH.cases)
    cases[case] = replace(cases[case], **fields)
    return replace(SEARCH, cases=tuple(cases))


KEPT = next(i for i, case in enumerate(SEARCH.cases) if case.values and case.certificate is None)
OUT = next(i for i, case in enumerate(SEARCH.cases) if case.values and case.certificate is not None)
EVEN = next(i for i, case in enumerate(SEARCH.cases) if case.flat)
TWICE = next(i for i, case in enumerate(SEARCH.cases) if case.dependent)
SHIFTED = tuple((s, v + 1) for s, v in MAXIMUM.values)
FORGED: tuple[tuple[steps.Step, tuple[steps.Step, ...], str], ...] = (
    (replace(CONCAVITY, objective=CONCAVITY.objective + x**2 * 3), (), "minor"),
    (replace(CONCAVITY, minors=CONCAVITY.minors[:2], certificates=CONCAVITY.certificates[:2]), (), "missing"),
    (replace(CONCAVITY, given=(*CONCAVITY.given, x * y >= 1)), (), "convex set"),
    (MAXIMUM, (), "no premise"),
    (replace(MAXIMUM, values=SHIFTED), (CONCAVITY,), "stationarity|binds"),
    (replace(MAXIMUM, objective=MAXIMUM.objective + x), (CONCAVITY,), "no premise"),
    (replace(MAXIMUM, given=GIVEN), (CONCAVITY,), "not given|no certificate|no premise"),
    (replace(MAXIMUM, multipliers=tuple(-m for m in MAXIMUM.multipliers)), (CONCAVITY,), "stationarity"),
    (replace(FREE, values=((x, c - 2 * y), (y, y))), (FLAT,), "proves"),
    (replace(FREE, values=((x, c - y), (y, y + 1))), (FLAT,), "depend on the choices"),
    (replace(FREE, given=(*GIVEN, c > 0)), (FLAT,), "not given"),
    (replace(LIMIT, attained=True), (STRICT,), "attained"),
    (replace(INSIDE, attained=False), (STRICT,), "attained"),
    (replace(NONE, constraints=NONE.constraints[:2]), (), "not given"),
    (replace(FASTER, direction=(Integer(1), Integer(-1))), (), "direction"),
    (replace(FASTER, objective=x - x * y), (), "second derivative"),
    (replace(FASTER, point=(Integer(-1), Integer(0))), (), "point"),
    (replace(LINEAR, objective=-a * x - y**2), (), "first derivative"),
    (replace(LINEAR, accelerating=True), (), "second derivative"),
    (replace(LINEAR, direction=(x, Integer(0))), (), "depends on the choices"),
    (replace(EXISTS, constraints=EXISTS.constraints[:3]), (), "not given|not"),
    (replace(EXISTS, certificates=EXISTS.certificates[:2]), (), "missing"),
    (replace(COERCIVE, objective=COERCIVE.objective + 2 * x**2), (), "proves|certificate"),
    (SEARCH, (COERCIVE,), "there is a maximum"),
    (replace(SEARCH, cases=SEARCH.cases[1:]), (EXISTS,), "missing"),
    (changed(KEPT, values=(Integer(1), Integer(3))), (EXISTS,), "stationarity|binds"),
    (changed(OUT, multipliers=tuple(-m for m in SEARCH.cases[OUT].multipliers)), (EXISTS,), "stationarity"),
    (changed(KEPT, certificate=SEARCH.cases[OUT].certificate), (EXISTS,), "not given"),
    (changed(EVEN, flat=(Integer(1), Integer(-1))), (EXISTS,), "direction|curvature"),
    (changed(EVEN, flat=(Integer(0), Integer(0))), (EXISTS,), "no direction"),
    (changed(TWICE, dependent=(Integer(1), Integer(-1))), (EXISTS,), "dependent"),
    (changed(KEPT, dependent=(Integer(1), Integer(1))), (EXISTS,), "dependent"),
    (replace(ROOTS, centre=-ROOTS.centre), (), "as a square"),
    (replace(ROOTS, root=-ROOTS.root), (), "not negative"),
    (replace(ROOTS, root=2 * ROOTS.root), (), "the root"),
    (replace(ROOTS, lead=-ROOTS.lead, constraint=-b + x**2 - 2 * a * x >= 0), (), "concave"),
    (replace(APART, root=-APART.root), (), "not negative"),
    (replace(APART, constraint=b + x**2 + 2 * a * x > 0), (), "as a square"),
    (replace(BELOW, upper=False), (), "side of the centre"),
    (replace(BELOW, root=-BELOW.root), (), "not negative"),
    (replace(BELOW, root=2 * BELOW.root), (), "the root"),
    (replace(BELOW, root=BELOW.root + x), (), "depends on the choice"),
    (replace(BELOW, centre=BELOW.centre + 1), (), "as a square"),
    (replace(BELOW, exists=None), (), "there are roots"),
    (replace(BELOW, given=tuple(r for r in BELOW.given if a not in r.free_symbols or x not in r.free_symbols)), (), "side"),
    (replace(BELOW, lead=-BELOW.lead, constraint=BELOW.constraint.func(-BELOW.constraint.lhs, 0)), (), "convex"),
    (replace(ABOVE, upper=True), (), "side of the centre"),
    (replace(ABOVE, root=-ABOVE.root), (), "not negative"),
    (replace(DISC, values=tuple((s, -v) for s, v in DISC.values)), (), "stationarity"),
    (replace(DISC, values=tuple((s, -v) for s, v in DISC.values), multipliers=(-DISC.multipliers[0],)), (), "minor"),
    (replace(DISC, constraints=(x**2 + y**2 >= 1,), multipliers=(-DISC.multipliers[0],)), (), "multiplier"),
    (replace(DISC, minors=DISC.minors[:1], concave=DISC.concave[:1]), (), "missing"),
    (replace(CUT, multipliers=(CUT.multipliers[0], Integer(0))), (), "stationarity"),
)


@pytest.mark.parametrize(("step", "premises"), VALID)
def test_a_true_step_is_accepted(step: steps.Step, premises: tuple[steps.Step, ...]) -> None:
    check_step(step, None, (), premises, premises)


@pytest.mark.parametrize(("step", "premises", "reason"), FORGED)
def test_a_forged_step_is_rejected(step: steps.Step, premises: tuple[steps.Step, ...], reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        check_step(step, None, (), premises, premises)


def test_every_kind_has_one_verifier_and_examples() -> None:
    kinds = {kind for kind in steps.kinds() if kind.__module__ == programs.__name__}
    assert kinds == set(VERIFIERS)
    assert kinds == {type(step) for step, _ in VALID} == {type(step) for step, _, _ in FORGED}


def test_every_kind_is_typeset() -> None:
    proof = tuple(replace(step, label=f"s{i}", uses=()) for i, (step, _) in enumerate(VALID))
    solution = Solution("chain", "two", "", (), (), (Proposition("all", "corollary", "", "All of it.", (), proof),))
    text = latex_fragment(fixtures.CHAIN, (solution,))
    for phrase in (
        "negative semidefinite",
        "Karush",
        "not attained",
        "choice of",
        "not bounded above",
        "has a maximum",
        "What remains",
        "if and only if",
        "is convex, and every choice",
        "Lagrangian is quadratic",
    ):
        assert phrase in text


def test_a_regime_for_each_point_of_the_domain() -> None:
    regions = [step.given for step in BUDGET if isinstance(step, programs.GlobalMaximum)]
    for at in ({a: Rational(i), b: Rational(j, 2), c: Rational(k, 3)} for i in (1, 4) for j in (1, 9) for k in (1, 2, 8)):
        assert sum(all(bool(r.xreplace(at)) for r in region) for region in regions) == 1
    assert isinstance(BUDGET[-1], steps.Coverage)
