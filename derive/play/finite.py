"""Choices out of finitely many values beside continuous ones: to enter or not, to invest or not, which channel to use.

The rest of the game is solved once for every value that such a choice may have; then the values are compared, regime by regime.
Decisions that only choose among values may be simultaneous, with each other and with choices from ranges: all their equilibria in
pure strategies are listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import sympy
from sympy import Add, Expr, Ge, Le, Symbol

from derive.algebra.shape import balanced
from derive.decision.compare import Candidate, best, named_choices
from derive.decision.problem import Journal, Nothing, Optimum, needed, relation_at, unique
from derive.decision.regions import Region, beyond, emptiness, uncovered, with_edge
from derive.errors import Refusal
from derive.field import normal
from derive.ir import Decision, Feasibility, Model, Stage
from derive.play.setting import Continuation, Setting
from derive.prove import prove
from derive.solution import Without
from derive.steps import Dominance

Assignment = tuple[tuple[Symbol, Expr], ...]
# Ways in which all finite choices of a protocol can be made.
MOST = 64


@dataclass(frozen=True)
class Course:
    """What follows where the values of a stage are `made` so: `continuations` with the choices from ranges that are best replies at
    once, `later` how the game goes on after any such choices, and `without` where somebody has nothing to choose."""

    made: Assignment
    continuations: tuple[Continuation, ...]
    later: tuple[Continuation, ...]
    without: tuple[Nothing, ...] = ()


@dataclass(frozen=True)
class Picked:
    """How the game goes on from the choice among values, and where there is no equilibrium."""

    continuations: tuple[Continuation, ...]
    nothing: tuple[Nothing, ...] = ()


def finite_choices(model: Model, stage: Stage) -> tuple[Symbol, ...]:
    """The choices of a stage that are made out of finitely many values."""
    finite = {variable.symbol for variable in model.variables if variable.values}
    return tuple(symbol for decision in stage.decisions for symbol in decision.chooses if symbol in finite)


def assignments(model: Model, symbols: Sequence[Symbol]) -> tuple[Assignment, ...]:
    """All ways to give the symbols values. Raises Refusal when they are too many."""
    values = {variable.symbol: variable.values for variable in model.variables}
    found = tuple(tuple(zip(symbols, row, strict=True)) for row in product(*(values[symbol] for symbol in symbols)))
    if len(found) > MOST:
        raise Refusal(f"there are {len(found)} ways to make the choices among values, more than the {MOST} that are looked at")
    return found


def fixed(setting: Setting, assignment: Assignment) -> Setting:
    """The same protocol with some choices made; decisions left without a choice are left out."""
    values = dict(assignment)
    tag = "".join(f".{symbol}_{str(value).replace('-', 'm').replace('/', '_')}" for symbol, value in assignment)
    stages = tuple(Stage(tuple(_fixed_decisions(stage, values))) for stage in setting.protocol.stages)
    protocol = replace(setting.protocol, key=setting.protocol.key + tag, stages=stages)
    variables = tuple(
        replace(v, domain=unique(r.xreplace(values) for r in v.domain))
        for v in setting.model.variables
        if v.symbol not in values
    )
    objectives = {payoff: value.xreplace(values) for payoff, value in setting.objectives.items()}
    return replace(setting, model=replace(setting.model, variables=variables), protocol=protocol, objectives=objectives)


def named_as_stated(setting: Setting, assignment: Assignment, continuation: Continuation) -> Continuation:
    """The continuation of a game with some choices made, its binding bounds called as the statement has them."""
    values = dict(assignment)
    names = {f"{v.symbol}: {r.xreplace(values)}": f"{v.symbol}: {r}" for v in setting.model.variables for r in v.domain}
    return replace(continuation, active=tuple(names.get(name, name) for name in continuation.active))


def _fixed_decisions(stage: Stage, values: dict[Symbol, Expr]) -> list[Decision]:
    found = []
    for decision in stage.decisions:
        left = tuple(symbol for symbol in decision.chooses if symbol not in values)
        if not left:
            continue
        constraints = tuple(
            replace(c, relation=c.relation.xreplace(values))
            if isinstance(c, Feasibility)
            else replace(c, reservation=sympy.sympify(c.reservation).xreplace(values))
            for c in decision.subject_to
        )
        kept = tuple(c for c in constraints if not (isinstance(c, Feasibility) and c.relation == sympy.true))
        found.append(replace(decision, chooses=left, subject_to=kept))
    return found


# --- one who chooses -------------------------------------------------------------------------------------------------------


def pick(
    setting: Setting,
    decision: Decision,
    courses: Sequence[Course],
    given: Region,
    journal: Journal,
) -> Picked:
    """The best values of one decision: `courses` say how the game goes on after each of them."""
    ends = [(course.made, c) for course in courses for c in course.continuations]
    _refuse_undetermined([c for _, c in ends])
    candidates = []
    for place, (own, continuation) in enumerate(ends):
        values = (*own, *continuation.values)
        worth = _worth(setting, decision.by, values)
        _refuse_free(worth, continuation)
        candidates.append(Candidate(Optimum(continuation.region, values, active=continuation.active), worth, place))
    ordered = sorted(candidates, key=lambda c: not _wanted(c.optimum, decision.indifferent, given))
    found = []
    for winner in best(_differing(setting, decision, ordered, given, journal), given, journal):
        own, continuation = ends[winner.source]
        alone = winner.optimum.unique
        found.append(replace(continuation, region=winner.optimum.region, values=(*own, *continuation.values), unique=alone))
    return Picked(tuple(found))


def _differing(
    setting: Setting, decision: Decision, ordered: Sequence[Candidate], given: Region, journal: Journal
) -> list[Candidate]:
    """The candidates without those that are always as good as an earlier one which the stated rule prefers to them, or under which
    everybody earns as much as under that one: then it makes no difference which is taken, and a warning says so."""
    kept: list[Candidate] = []
    for candidate in ordered:
        before = [c for c in kept if _as_good_wherever(c, candidate, given)]
        wanted = [c for c in before if _wanted(c.optimum, decision.indifferent, given)]
        if wanted and not _wanted(candidate.optimum, decision.indifferent, given):
            continue
        same = next((c for c in before if _nobody_minds(setting, c.optimum, candidate.optimum)), None)
        if same is None:
            kept.append(candidate)
            continue
        named = named_choices(same.optimum, candidate.optimum)
        journal.warnings.append(f"everybody earns the same under two choices: {named}")
    return kept


def _as_good_wherever(first: Candidate, second: Candidate, given: Region) -> bool:
    """Whether the first pays as much as the second and can be had wherever the second can."""
    known = unique((*given, *second.optimum.region))
    return normal(first.value - second.value) == 0 and all(prove(r, known) is not None for r in first.optimum.region)


def _nobody_minds(setting: Setting, first: Optimum, second: Optimum) -> bool:
    """Whether every player earns the same under both, whatever was chosen before."""
    gaps = (value.xreplace(dict(first.values)) - value.xreplace(dict(second.values)) for value in setting.objectives.values())
    return all(normal(gap) == 0 for gap in gaps)


def _worth(setting: Setting, players: Sequence[str], values: Assignment) -> Expr:
    total = Add(*(setting.objectives[setting.model.player(name).payoff] for name in players))
    return normal(normal(total.xreplace(dict(values))))


def _wanted(optimum: Optimum, prefer: Region, given: Region) -> bool:
    values = dict(optimum.values)
    placed = [relation_at(r, values) for r in prefer]
    known = (*given, *optimum.region)
    return bool(prefer) and all(r == sympy.true or (r != sympy.false and prove(r, known) is not None) for r in placed)


def _refuse_free(worth: Expr, continuation: Continuation) -> None:
    for symbol in sorted(worth.free_symbols & set(continuation.free), key=str):
        raise Refusal(f"what a choice leads to is not determined: {symbol} is left open and makes a difference")


def _refuse_undetermined(continuations: Sequence[Continuation]) -> None:
    if any(not c.unique for c in continuations):
        raise Refusal("what follows has several equilibria: what a choice leads to is not determined")
    if any(c.implicit for c in continuations):
        raise Refusal("what follows has no closed form: the values of a choice are not compared")


# --- several who choose at once --------------------------------------------------------------------------------------------


def pick_together(
    setting: Setting,
    decisions: Sequence[Decision],
    courses: Sequence[Course],
    given: Region,
    journal: Journal,
) -> Picked:
    """All equilibria in pure strategies of decisions at once that choose among values, or from a range: then `courses` say what is
    chosen from ranges where the values are as they are, each a best reply to the rest."""
    _refuse_undetermined([c for course in courses for c in course.later])
    finite = {symbol for course in courses for symbol, _ in course.made}
    table = {frozenset(course.made): course for course in courses}
    ranged = {s for d in decisions for s in d.chooses} - finite
    found: list[Continuation] = []
    for course in table.values():
        own = course.made
        for continuation in course.continuations:
            held = tuple(pair for pair in continuation.values if pair[0] in ranged)
            cells: list[Region] = [continuation.region]
            rivals: list[tuple[Region, Expr, Expr]] = []
            for decision in (d for d in decisions if finite & set(d.chooses)):
                mine = _worth(setting, decision.by, (*own, *continuation.values))
                _refuse_free(mine, continuation)
                for other in table.values():
                    if other is course or any(value != dict(own)[s] for s, value in other.made if s not in decision.chooses):
                        continue
                    ends = (_where(later, dict(held)) for later in other.later)
                    paid = ((end, (*other.made, *held, *end.values)) for end in ends)
                    rivals += [(end.region, mine, _worth(setting, decision.by, values)) for end, values in paid]
            for region, mine, theirs in rivals:
                better = unique((*region, normal(theirs - mine) > 0))
                cells = [part for cell in cells for part in beyond(cell, better, given)]
            for cell in cells:
                _justify(cell, rivals, given, journal)
                found.append(replace(continuation, region=needed(cell, given), values=(*own, *continuation.values)))
    listed = tuple(_told_apart(found, given))
    first, *others = courses
    nobody = tuple(item for item in first.without if all(item in other.without for other in others))
    holes = uncovered([*(one.region for one in found), *(item.region for item in nobody)], given)
    reason = "at every choice of pure strategies somebody gains by another one"
    nothing = (Nothing(needed(hole, given), Without.NO_PURE_EQUILIBRIUM, reason) for hole in holes)
    return Picked(listed, (*nobody, *nothing))


def _where(later: Continuation, held: dict[Symbol, Expr]) -> Continuation:
    """How the game goes on where choices from ranges are held as they are."""
    if not held:
        return later
    values = tuple((symbol, normal(value.xreplace(held))) for symbol, value in later.values)
    return replace(later, region=unique(relation_at(r, held) for r in later.region), values=values)


def _told_apart(found: Sequence[Continuation], given: Region) -> list[Continuation]:
    """Each equilibrium on the parameters at which it is the only one, and on those at which it is not."""
    done: list[Continuation] = []
    for one in found:
        rest: list[Region] = [one.region]
        for other in found:
            if other is one:
                continue
            common = [unique((*cell, *other.region)) for cell in rest]
            done += [
                replace(one, region=_with_equations(needed(cell, given)), unique=False)
                for cell in common
                if emptiness(cell, given) is None
            ]
            rest = [part for cell in rest for part in beyond(cell, other.region, given)]
        done += [replace(one, region=cell) for cell in rest]
    return _joined(done, given)


def _with_equations(region: Region) -> Region:
    """The region with an equation for two relations that say that something is at least and at most zero."""
    sides = {relation: normal(relation.gts - relation.lts) for relation in region if isinstance(relation, Ge | Le)}
    for one, two in combinations(sides, 2):
        if normal(sides[one] + sides[two]) == 0:
            rest = tuple(relation for relation in region if relation not in (one, two))
            core = sympy.fraction(sides[one])[0].primitive()[1]
            return _with_equations((*rest, balanced(core if not core.could_extract_minus_sign() else -core, "==")))
    return region


def _joined(found: Sequence[Continuation], given: Region) -> list[Continuation]:
    """The same equilibrium on a region and on a part of its edge is one."""
    kept = list(found)
    for one in found:
        for place, other in enumerate(kept):
            same = other is not one and other.values == one.values and other.unique == one.unique
            region = with_edge(other.region, one.region, given) if same else None
            if region is not None:
                kept[place] = replace(other, region=region)
                kept = [entry for entry in kept if entry is not one]
                break
    return kept


def _justify(cell: Region, rivals: Sequence[tuple[Region, Expr, Expr]], given: Region, journal: Journal) -> None:
    """No other choice of one player pays that player more."""
    for region, mine, theirs in rivals:
        known, gain = unique((*given, *cell, *region)), normal(theirs - mine)
        if gain.is_Rational or emptiness((), known) is not None:
            continue
        certificate = prove(Ge(-gain, 0, evaluate=False), known)
        if certificate is None:
            raise Refusal(f"two choices are not compared: the sign of {gain} is not settled")
        journal.add(Dominance, given=known, better=mine, worse=theirs, certificate=certificate)
