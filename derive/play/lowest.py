"""Replies to others at the lower bounds of their choices, where payoffs or their slopes may not be defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sympy import Eq, Expr, Integer, Pow, Symbol, log, nan, oo, preorder_traversal, zoo
from sympy.logic.boolalg import Boolean

from derive.algebra.powers import without_powers_of_zero
from derive.decision.bounds import Bound, interval
from derive.decision.problem import Decided, Journal, Nothing, Optimum, Outcome, needed, relation_at, unique
from derive.errors import Refusal
from derive.field import NotRational, normal
from derive.prove import prove
from derive.solution import Without

Answer = Callable[[Decided], Outcome]


@dataclass(frozen=True)
class _Lower:
    """The one closed lower bound of a decision's only choice."""

    choice: Symbol
    bound: Bound

    @property
    def above(self) -> Boolean:
        return self.choice > self.bound.value

    @property
    def reached(self) -> Boolean:
        return Eq(self.choice, self.bound.value)


@dataclass(frozen=True)
class _Rivals:
    """The lower bounds of the choices of all others."""

    lowers: tuple[_Lower, ...]

    @property
    def at(self) -> dict[Symbol, Expr]:
        return {lower.choice: lower.bound.value for lower in self.lowers}

    @property
    def all(self) -> tuple[Boolean, ...]:
        """That all are above."""
        return tuple(lower.above for lower in self.lowers)

    @property
    def some(self) -> tuple[Boolean, ...]:
        """That one at least is above."""
        if len(self.lowers) == 1:
            return self.all
        return (sum((lower.choice - lower.bound.value for lower in self.lowers), start=Integer(0)) > 0,)

    @property
    def reached(self) -> tuple[Boolean, ...]:
        """That all are at the bounds."""
        return tuple(lower.reached for lower in self.lowers)


def replies_by_bounds(
    decisions: Sequence[Decided], answer: Answer, answer_if_any: Answer, journal: Journal
) -> tuple[Sequence[Decided], list[Outcome]] | None:
    """Everybody's best response, to others above the lower bounds of their choices and to others at them looked at by themselves.

    To these there may be none, which `answer_if_any` says. Where that is not settled, choices at these bounds are left out, with a
    warning. None where the choices have no such bounds, or the responses to others above them are not settled either.
    """
    lowers = [_lower(decision) for decision in decisions]
    known = [lower for lower in lowers if lower is not None]
    if len(decisions) == 1 or len(known) < len(decisions) or any(decision.others for decision in decisions):
        return None
    seen = [_Rivals(tuple(lower for lower in known if lower is not own)) for own in known]
    mark, warned = len(journal.steps), len(journal.warnings)
    for some in (True, False) if len(decisions) > 2 else (True,):
        raised = [
            _supposing(decision, rivals.some if some else rivals.all) for decision, rivals in zip(decisions, seen, strict=True)
        ]
        try:
            above = [answer(decision) for decision in raised]
        except Refusal:
            del journal.steps[mark:], journal.warnings[warned:]
            continue
        found = _both_sides(decisions, known, seen, above, answer_if_any, journal) if some else None
        if found is not None:
            return decisions, found
        if not some or len(decisions) == 2:
            left = "payoffs are not defined where all choose their lower bounds; choices at these bounds are left out"
            journal.warnings.append(left)
            return raised, [_inside(outcome, own) for outcome, own in zip(above, known, strict=True)]
        del journal.steps[mark:], journal.warnings[warned:]
    return None


def _lower(decision: Decided) -> _Lower | None:
    problem = decision.problem
    if len(problem.variables) != 1:
        return None
    try:
        bounds = interval(problem.variables[0], problem.restrictions, problem.given).lower
    except Refusal:
        return None
    return _Lower(problem.variables[0], bounds[0]) if len(bounds) == 1 and not bounds[0].strict else None


def _supposing(decision: Decided, relations: Iterable[Boolean]) -> Decided:
    return replace(decision, problem=replace(decision.problem, given=unique((*decision.problem.given, *relations))))


def _inside(outcome: Outcome, own: _Lower) -> Outcome:
    """The best responses above the lower bound. What is left out is not settled."""
    at_bound = [o for o in outcome.optima if own.bound.name in o.active or dict(o.values).get(own.choice) == own.bound.value]
    left = tuple(
        Nothing(o.region, Without.INFEASIBLE, f"{own.choice} = {own.bound.value}, which is left out") for o in at_bound
    )
    return replace(outcome, optima=tuple(o for o in outcome.optima if o not in at_bound), nothing=(*outcome.nothing, *left))


# --- the rival at the bound ------------------------------------------------------------------------------------------


def _both_sides(
    decisions: Sequence[Decided],
    lowers: Sequence[_Lower],
    seen: Sequence[_Rivals],
    above: Sequence[Outcome],
    answer: Answer,
    journal: Journal,
) -> list[Outcome] | None:
    """The best responses of all who decide, to all choices of the others."""
    mark, warned = len(journal.steps), len(journal.warnings)
    found, undefined = [], False
    for decision, own, rivals, outcome in zip(decisions, lowers, seen, above, strict=True):
        defined = _defined(decision.problem.objective, {own.choice: own.bound.value, **rivals.at})
        undefined = undefined or not defined
        try:
            reached = answer(_at(decision, own, rivals, closed=defined))
        except (Refusal, NotRational, ZeroDivisionError):
            del journal.steps[mark:], journal.warnings[warned:]
            return None
        found.append(_joined(outcome, reached, rivals, decision.problem.given))
    if undefined:
        journal.warnings.append("payoffs are not defined where all choose their lower bounds; this profile is left out")
    return found


def _defined(payoff: Expr, at: dict[Symbol, Expr]) -> bool:
    """Whether nothing in the payoff divides by zero, takes the logarithm of zero or an unknown power of it there."""
    for node in preorder_traversal(payoff):
        if isinstance(node, Pow) and not (node.exp.is_Rational and node.exp > 0):
            doubtful = node.base
        elif isinstance(node, log):
            doubtful = node.args[0]
        else:
            continue
        value = doubtful.xreplace(at)
        if value.has(nan, zoo, oo) or normal(value) == 0:
            return False
    return True


def _at(decision: Decided, own: _Lower, rivals: _Rivals, *, closed: bool) -> Decided:
    """The decision against rivals at their lower bounds; the own bound stays admissible only if `closed`."""
    at = rivals.at
    problem = decision.problem
    restrictions = tuple(
        replace(item, slack=normal(item.slack.xreplace(at)), strict=item.strict or (item.name == own.bound.name and not closed))
        for item in problem.restrictions
    )
    known = (relation for one in problem.given if (relation := relation_at(one, at)) != True)  # noqa: E712
    given = unique((*known, *rivals.reached))
    return replace(
        decision,
        problem=replace(problem, objective=_payoff_at(decision, own, at), restrictions=restrictions, given=given),
        ties=tuple((symbol, value.xreplace(at)) for symbol, value in decision.ties),
    )


def _payoff_at(decision: Decided, own: _Lower, at: dict[Symbol, Expr]) -> Expr:
    """The payoff against rivals at their bounds, as a polynomial in the own choice where it is one."""
    payoff = without_powers_of_zero(decision.problem.objective.xreplace(at), decision.problem.given)
    plain = normal(payoff) if not payoff.has(nan, zoo) else payoff
    return plain if plain.is_polynomial(own.choice) else payoff


def _joined(above: Outcome, reached: Outcome, rivals: _Rivals, given: tuple[Boolean, ...]) -> Outcome:
    """The responses to all choices of the rivals: a formula that holds at the bounds, too, is not cut there."""
    closed = {piece: same for piece in above.optima if (same := _continued(piece, reached, rivals, given)) is not None}
    rest = [optimum for optimum in reached.optima if optimum not in closed.values()]
    optima = [
        replace(piece, labels=(*piece.labels, *closed[piece].labels))
        if piece in closed
        else replace(piece, region=_above(rivals, piece, given))
        for piece in above.optima
    ]
    optima += [replace(optimum, region=(*rivals.reached, *optimum.region)) for optimum in rest]
    nothing = [replace(item, region=(*rivals.some, *item.region)) for item in above.nothing]
    nothing += [replace(item, region=(*rivals.reached, *item.region)) for item in reached.nothing]
    ties = [(*rivals.some, *tie) for tie in above.ties] + [(*rivals.reached, *tie) for tie in reached.ties]
    return Outcome(tuple(optima), tuple(nothing), tuple(ties))


def _above(rivals: _Rivals, piece: Optimum, given: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    """The region of a response to rivals one of whom is above the bound. That is said, too, where the rest means nothing at the bounds."""
    region = needed((*rivals.some, *piece.region), given)
    try:
        for relation in region:
            relation_at(relation, rivals.at)
    except (ZeroDivisionError, NotRational):
        return unique((*rivals.some, *region))
    return region


def _continued(piece: Optimum, reached: Outcome, rivals: _Rivals, given: tuple[Boolean, ...]) -> Optimum | None:
    """The response at the rivals' bounds that is this piece's formula, on exactly the piece's region there."""
    at = rivals.at
    if piece.implicit or piece.free:
        return None
    try:
        values = {symbol: normal(value.xreplace(at)) for symbol, value in piece.values}
        region = tuple(relation_at(relation, at) for relation in piece.region)
    except (ZeroDivisionError, NotRational):
        return None
    for optimum in reached.optima:
        same = not optimum.implicit and {s: normal(v) for s, v in optimum.values} == values
        if same and _implies((*given, *optimum.region), region) and _implies((*given, *region), optimum.region):
            return optimum
    return None


def _implies(given: tuple[Boolean, ...], relations: tuple[Boolean, ...]) -> bool:
    return all(prove(relation, given) is not None for relation in relations)
