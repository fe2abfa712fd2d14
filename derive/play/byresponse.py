"""A leader before a response that is known only as a root: the response takes the place of the choice that moves it.

For every choice there is one response. Where the condition of the response is linear in the choice, there is one choice for every
response, too, in closed form. So the leader may be thought of as choosing the response. What the choice itself must satisfy is left
out at first, and shown to hold at the maximum found without it, which then is the maximum with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Eq, Expr, Symbol, oo, true
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.decision.anchor import dominated
from derive.decision.bounds import interval
from derive.decision.problem import (
    Journal,
    Optimum,
    Problem,
    Restriction,
    at_roots,
    relation_at,
    say_admissible,
    unique,
    with_ties,
)
from derive.decision.several import only, settle
from derive.errors import Refusal
from derive.field import NotRational, coefficients, normal
from derive.inverse import ByResponse
from derive.ir import Decision
from derive.play.leaders import pieces_of
from derive.play.setting import Continuation, Setting, decided, inside, known_before, settled
from derive.prove import prove
from derive.shocks import LawFunction, nonnegative_densities
from derive.solution import Implicit

__all__ = ["Turned", "by_response", "moved_by", "rooted"]


@dataclass(frozen=True)
class Turned:
    """What follows the stage, without the response, and the best choices with the response among them."""

    continuation: Continuation
    optima: tuple[Optimum, ...]
    payoffs: tuple[Expr, ...]


def moved_by(chosen: set[Symbol], continuation: Continuation) -> list[Implicit]:
    """The later choices known only as roots that move with what is chosen."""
    return [
        item
        for item in continuation.implicit
        if chosen & (item.equation.free_symbols | item.low.free_symbols | item.high.free_symbols)
    ]


def rooted(continuation: Continuation) -> Continuation:
    """What follows, with choices whose closed form is awkward known only as the roots they are."""
    known = {item.symbol for item in continuation.rooted}
    values = tuple((symbol, value) for symbol, value in continuation.values if symbol not in known)
    return replace(continuation, values=values, implicit=(*continuation.implicit, *continuation.rooted), rooted=())


def by_response(setting: Setting, decision: Decision, number: int, continuation: Continuation, journal: Journal) -> Turned:
    """The best choices before a response that is a root. Raises Refusal where the choice is not to be had from the response."""
    moving = moved_by(set(decision.chooses), continuation)
    if len(moving) != 1:
        raise Refusal(f"several responses are known only as roots: {', '.join(str(item.symbol) for item in moving)}")
    (item,) = moving
    stated = decided(setting, decision, number, continuation, journal)
    problem = stated.problem
    facts = unique((*problem.domain, *inside(setting, continuation), *nonnegative_densities(item.equation)))
    choice, step = _inverted(item, problem, facts, journal)
    turned, asked = _turned(problem, item, choice, step)
    found = only(settle(turned, journal), turned)
    optima = tuple(_with_choice(one, item, choice, step, asked, setting, turned, journal) for one in found)
    rest = tuple(other for other in continuation.implicit if other is not item)
    region = tuple(r for r in continuation.region if not {choice, item.symbol} & r.free_symbols)
    return Turned(
        replace(continuation, implicit=rest, region=region),
        tuple(with_ties(optimum, stated.ties) for optimum in optima),
        tuple(normal(step.after.xreplace(dict(optimum.values))) for optimum in optima),
    )


def _inverted(item: Implicit, problem: Problem, facts: tuple[Boolean, ...], journal: Journal) -> tuple[Symbol, ByResponse]:
    """The choice that the response determines."""
    moving = [v for v in problem.variables if v in item.equation.free_symbols]
    if len(moving) != 1:
        raise Refusal(
            f"the response {item.symbol} is known only as the root of {item.equation} = 0, which moves with several choices: "
            f"{', '.join(map(str, moving))}"
        )
    (choice,) = moving
    try:
        parts = coefficients(item.equation, choice)
    except NotRational:
        parts = None
    if parts is None or len(parts) != 2:
        raise Refusal(
            f"the response {item.symbol} is known only as the root of {item.equation} = 0, which moves with {choice} and is not "
            f"linear in it"
        )
    lead = normal(parts[1])
    certificate = _nonzero(lead, facts)
    if certificate is None and not lead.is_Rational:
        raise Refusal(f"the response {item.symbol} does not determine {choice} where {lead} = 0")
    value = normal(-parts[0] / parts[1])
    step = journal.add(
        ByResponse,
        given=facts,
        before=problem.objective,
        choice=choice,
        response=item.symbol,
        equation=item.equation,
        factor=normal((parts[0] + parts[1] * choice) / item.equation),
        lead=lead,
        value=value,
        certificate=certificate,
        after=normal(problem.objective.xreplace({choice: value})),
    )
    return choice, step


def _nonzero(lead: Expr, facts: tuple[Boolean, ...]) -> Certificate | None:
    return None if lead.is_Rational else prove(lead > 0, facts) or prove(lead < 0, facts)


def _turned(problem: Problem, item: Implicit, choice: Symbol, step: ByResponse) -> tuple[Problem, tuple[Restriction, ...]]:
    """The problem in the response, and the restrictions on the choice that it leaves out."""
    at = {choice: step.value}
    ends = ((item.low, item.symbol - item.low, -oo), (item.high, item.high - item.symbol, oo))
    slacks = [slack for end, slack, far in ends if end != far]
    support = tuple(Restriction(f"{item.symbol}: end", slack) for slack in slacks if choice not in slack.free_symbols)
    support += _beyond(problem, item, choice)
    others = set(problem.variables) - {choice}
    kept = tuple(r.at(at) for r in problem.restrictions if choice not in r.slack.free_symbols or others & r.slack.free_symbols)
    asked = tuple(r.at(at) for r in problem.restrictions if r.slack.free_symbols & set(problem.variables) == {choice})
    asked += tuple(Restriction("end", normal(slack.xreplace(at))) for slack in slacks if choice in slack.free_symbols)
    asked += tuple(
        Restriction("region", normal((r.gts - r.lts).xreplace(at)), r.rel_op in (">", "<"))
        for r in problem.given
        if choice in r.free_symbols and not isinstance(r, Eq) and r.rel_op != "!="
    )
    given = tuple(relation for relation in problem.given if choice not in relation.free_symbols)
    variables = tuple(item.symbol if v == choice else v for v in problem.variables)
    given = tuple(r for r in given if item.symbol not in r.free_symbols or r.atoms(LawFunction))
    return replace(problem, objective=step.after, variables=variables, restrictions=(*support, *kept), given=given), asked


def _beyond(problem: Problem, item: Implicit, choice: Symbol) -> tuple[Restriction, ...]:
    """Where the response lies beyond the choice itself, it lies beyond what bounds the choice on that side."""
    if choice not in (item.low, item.high):
        return ()
    alone = [r for r in problem.restrictions if r.slack.free_symbols & set(problem.variables) == {choice}]
    bounds = interval(choice, alone, problem.given)
    lower = [item.symbol - bound.value for bound in bounds.lower] if item.low == choice else []
    upper = [bound.value - item.symbol for bound in bounds.upper] if item.high == choice else []
    return tuple(Restriction(f"{item.symbol}: beyond", slack) for slack in (*lower, *upper))


def _with_choice(
    optimum: Optimum,
    item: Implicit,
    choice: Symbol,
    step: ByResponse,
    asked: Sequence[Restriction],
    setting: Setting,
    problem: Problem,
    journal: Journal,
) -> Optimum:
    """The optimum with the choice that leads to the response, after what was left out is shown to hold there."""
    values = dict(optimum.values)
    roots = [one for one in optimum.implicit if one.symbol == item.symbol]
    holding = inside(setting, Continuation((), (), tuple(roots)))
    densities = tuple(fact for one in roots for fact in nonnegative_densities(one.equation))
    closed = [replace(one, equation=settled(setting, one.equation, problem.domain, (one.symbol,))) for one in roots]
    given = tuple(relation_at(r, values) if r.free_symbols & set(values) else r for r in problem.given)
    known = unique((*given, *optimum.region, *holding, *densities, *at_roots(roots), *at_roots(closed)))
    for one in asked:
        placed = one.at(values)
        options = ((option, prove(option.relation, known)) for option in dict.fromkeys((placed, replace(placed, strict=False))))
        shown, certificate = next(((o, c) for o, c in options if c is not None), (placed, None))
        if certificate is not None and shown.relation != true:
            found = replace(optimum, labels=(step.label, *optimum.labels))
            say_admissible(found, one, shown, known, certificate, journal)
        if certificate is None:
            raise Refusal(
                f"whether {choice} is admissible where {item.symbol} is best for its own sake is not settled: {placed.relation}",
                symbol=str(choice),
            )
    value = normal(step.value.xreplace(values))
    return replace(optimum, values=(*optimum.values, (choice, value)), labels=(*optimum.labels, step.label))


def better_than_elsewhere(
    setting: Setting, decision: Decision, number: int, others: Sequence[Continuation], turned: Turned, journal: Journal
) -> None:
    """Show that no choice after which the game goes on in another way pays more. Raises Refusal where that is not shown."""
    if not others:
        return
    given = known_before(setting, number)
    for piece in pieces_of(setting, decision, number, others, journal):
        for optimum, payoff in zip(turned.optima, turned.payoffs, strict=True):
            roots = Continuation((), (), optimum.implicit)
            known = unique((*given, *optimum.region, *inside(setting, roots), *at_roots(optimum.implicit)))
            known = unique((*known, *(f for one in optimum.implicit for f in nonnegative_densities(one.equation))))
            if not dominated(piece, payoff, known, journal):
                raise Refusal(
                    f"that no choice after which the game goes on in another way pays more than {payoff} is not shown"
                )
