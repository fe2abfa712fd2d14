"""Verifiers for the steps of bargaining problems: each fact is computed again from the statement, never from the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sympy
from sympy import Expr, Integer, Symbol, sympify
from sympy.logic.boolalg import Boolean

from derive.bargaining import steps as kinds
from derive.bargaining.ir import BargainingProblem
from derive.check.argument import replay
from derive.check.bargaining_attack import attack_solution
from derive.check.certificates import Rejected
from derive.check.registry import need
from derive.check.steps import Context, definitions_out, follows, proved
from derive.check.zero import is_zero
from derive.ir import Decision, Model, Sharing
from derive.solution import Solution
from derive.steps import Step

__all__ = ["VERIFIERS", "verify_solutions"]


def verify_solutions(problem: BargainingProblem, solutions: Iterable[Solution], points: int = 50) -> tuple[str, ...]:
    """What is wrong with these solutions, one line each: steps that do not hold, agreements that the definitions contradict."""
    faults: list[str] = []
    for solution in solutions:
        known, wrong = replay(problem, solution)
        faults += wrong
        faults += _stated(solution, tuple(known.values()))
        faults += attack_solution(problem, solution, points)
    return tuple(faults)


def _stated(solution: Solution, steps: tuple[Step, ...]) -> list[str]:
    """Regimes that are not the theorem's cases, or that report what no step shows."""
    cases = [(case.region, case.values) for one in solution.argument if one.kind == "theorem" for case in one.cases]
    if cases != [(regime.region, regime.values) for regime in solution.regimes]:
        return [f"{solution.protocol}: the regimes are not the cases of the theorem"]
    shown = [step for step in steps if isinstance(step, kinds.BargainedPayoffs)]
    return [
        f"{solution.protocol}: the regime {regime.name} reports what no step shows"
        for regime in solution.regimes
        if not any(
            step.given == regime.region
            and regime.values in (step.payoffs, ((step.variable, step.at), *step.payoffs))
            and (regime.implicit == () or step.at == step.variable)
            for step in shown
        )
    ]


def _problem(context: Context) -> BargainingProblem:
    need(isinstance(context.statement, BargainingProblem), "the statement is not a bargaining problem")
    return context.statement  # type: ignore[return-value]


def _out(problem: BargainingProblem, value: Any) -> Any:
    value = sympify(value)
    for item in reversed(problem.definitions):
        value = value.xreplace({item.symbol: item.value})
    return value


def _payoffs(problem: BargainingProblem) -> tuple[Expr, Expr]:
    one, two = problem.players
    return _out(problem, one.objective), _out(problem, two.objective)


def _gains(problem: BargainingProblem) -> tuple[Expr, Expr]:
    one, two = _payoffs(problem)
    none = [_out(problem, player.disagreement) for player in problem.players]
    return one - none[0], two - none[1]


def _domain(problem: BargainingProblem) -> tuple[Boolean, ...]:
    return tuple(_out(problem, relation) for relation in problem.along.domain)


def _inner(problem: BargainingProblem) -> tuple[Boolean, ...]:
    """What holds at an agreement strictly inside the frontier from which both gain."""
    inside = tuple(sympy.Gt(relation.gts, relation.lts) for relation in _domain(problem))
    return (*inside, *(gain > 0 for gain in _gains(problem)))


def _only_interior(step: Step, problem: BargainingProblem, part: kinds.RationalPart | None) -> None:
    """A step on the interior may assume nothing else than that."""
    x = problem.along.symbol
    known = _inner(problem)
    known += (x > part.low, x < part.high) if part is not None else ()
    need(all(follows(relation, known) for relation in step.given), "assumes more than to be inside the frontier")


def _part(context: Context) -> kinds.RationalPart:
    found = [step for step in context.earlier if isinstance(step, kinds.RationalPart)]
    need(len(found) == 1, "the acceptable agreements are not shown before")
    return found[0]


def _frontier(step: kinds.Frontier, context: Context) -> None:
    problem = _problem(context)
    x = problem.along.symbol
    need(step.variable == x, "another coordinate")
    _only_interior(step, problem, None)
    one, two = _payoffs(problem)
    context.equal(one.diff(x), step.rising, "the slope of the first payoff")
    context.equal(two.diff(x), step.falling, "the slope of the second payoff")
    context.equal(two.diff(x, 2) * one.diff(x) - two.diff(x) * one.diff(x, 2), step.bend, "the curvature")
    proved(sympify(step.rising > 0), step.certificates[0], context.known, "the first payoff rises")
    proved(sympify(step.falling < 0), step.certificates[1], context.known, "the second payoff falls")
    proved(sympy.Le(step.bend, 0), step.certificates[2], context.known, "the frontier is concave")


def _rational_part(step: kinds.RationalPart, context: Context) -> None:
    problem = _problem(context)
    x = problem.along.symbol
    need(step.variable == x and not step.given, "another coordinate, or not for all parameters")
    need(any(isinstance(one, kinds.Frontier) for one in context.earlier), "the shape of the frontier is not shown before")
    gains = _gains(problem)
    bounds = {True: [r.lts for r in _domain(problem) if r.gts == x], False: [r.gts for r in _domain(problem) if r.lts == x]}
    for lower, end, certificate in ((True, step.low, step.ends[0]), (False, step.high, step.ends[1])):
        gain = _at_end(gains[0 if lower else 1], x, end, context)
        if end in bounds[lower]:
            if not _vanishes(gain, context):
                proved(sympy.Ge(gain, 0), certificate, context.known, "the player still gains at the end")
        else:
            context.equal(gain, Integer(0), "the player gains nothing at the end")
            for bound in bounds[lower]:
                outside = gains[0 if lower else 1].xreplace({x: bound})
                proved(
                    sympy.Le(outside, 0), certificate, context.known, "the frontier begins where the player gains nothing yet"
                )
    for gain, certificate in (
        (_at_end(gains[1], x, step.low, context), step.gains[0]),
        (_at_end(gains[0], x, step.high, context), step.gains[1]),
    ):
        proved(sympify(gain > 0), certificate, context.known, "something to gain")


def _at_end(gain: Expr, x: Symbol, end: Expr, context: Context) -> Expr:
    """A gain at an end of the frontier, where a positive power of zero is zero."""
    return gain.xreplace({x: end}).replace(
        lambda part: isinstance(part, sympy.Pow) and part.base == 0 and context.sign(part.exp) > 0, lambda _: Integer(0)
    )


def _vanishes(value: Expr, context: Context) -> bool:
    try:
        context.equal(value, Integer(0), "")
    except Rejected:
        return False
    return True


def _balance_of(problem: BargainingProblem, solution: str, part: kinds.RationalPart) -> Expr:
    """The balance by the solution's definition."""
    x = problem.along.symbol
    one, two = _payoffs(problem)
    gain, other = _gains(problem)
    if solution == "nash":
        first, second = (_out(problem, player.weight) for player in problem.players)
        return first * one.diff(x) * other + second * two.diff(x) * gain
    if solution == "kalai_smorodinsky":
        return gain.xreplace({x: part.high}) * other - other.xreplace({x: part.low}) * gain
    if solution == "egalitarian":
        return other - gain
    if solution == "utilitarian":
        return one.diff(x) + two.diff(x)
    need(solution == "alternating_offers", f"{solution} is not a solution")
    first, second = (_out(problem, player.discount) for player in problem.players)
    return two - second * two.xreplace({x: first * x})


def _balance(step: kinds.Balance, context: Context) -> None:
    problem = _problem(context)
    part = _part(context)
    need(step.variable == problem.along.symbol, "another coordinate")
    _only_interior(step, problem, part)
    raw = _balance_of(problem, step.solution, part)
    if step.solution == "nash":
        for player in problem.players:
            proved(sympify(_out(problem, player.weight) > 0), None, context.known, "a weight is positive")
    if step.solution == "alternating_offers":
        _offers(problem, part, context)
    context.equal(raw, step.positive * step.core, "the balance as a positive factor times the core")
    proved(sympify(step.positive > 0), step.positivity, context.known, "the factor split off")
    context.equal(step.core.diff(step.variable), step.slope, "the slope of the core")
    proved(sympify(step.slope < 0), step.certificate, context.known, "the core falls")


def _offers(problem: BargainingProblem, part: kinds.RationalPart, context: Context) -> None:
    """What the argument on alternating offers takes for granted."""
    one, two = _payoffs(problem)
    x = problem.along.symbol
    context.equal(one, x, "the first player's payoff is the coordinate")
    for value in (part.low, two.xreplace({x: part.high}), *(_out(problem, player.disagreement) for player in problem.players)):
        context.equal(value, Integer(0), "perpetual disagreement pays nothing, and the frontier reaches that")
    for player in problem.players:
        for bound in (_out(problem, player.discount) > 0, _out(problem, player.discount) < 1):
            proved(sympify(bound), None, context.known, "a discount factor lies between 0 and 1")


def _round_offer(step: kinds.RoundOffer, context: Context) -> None:
    problem, part = _problem(context), _part(context)
    x = problem.along.symbol
    need(not step.given and step.solution == "alternating_offers" and step.variable == x, "it is about something else")
    need(_out(problem, problem.rounds) == step.rounds, "another number of rounds")
    need(1 <= step.round <= step.rounds and step.proposer == (step.round - 1) % 2, "another proposer")
    _offers(problem, part, context)
    if step.round == step.rounds:
        context.equal(step.offer, part.low if step.proposer else part.high, "the last offer takes everything")
        return
    later = [one for one in context.premises if isinstance(one, kinds.RoundOffer) and one.round == step.round + 1]
    need(len(later) == 1, "the offer of the round after is missing")
    _indifferent(problem, step.proposer, step.offer, later[0].offer, context)
    inside = (context.sampled_sign(step.offer - part.low), context.sampled_sign(part.high - step.offer))
    need(-1 not in inside and inside != (0, 0), "the offer is beyond the frontier")


def _indifferent(problem: BargainingProblem, proposer: int, offer: Expr, later: Expr, context: Context) -> None:
    """The other player has as much as by its own offer a round later, discounted."""
    x = problem.along.symbol
    other = 1 - proposer
    payoff, patience = _payoffs(problem)[other], _out(problem, problem.players[other].discount)
    context.equal(payoff.xreplace({x: offer}), patience * payoff.xreplace({x: later}), "the other player's indifference")


def _by_induction(step: kinds.OffersByInduction, context: Context) -> None:
    problem, part = _problem(context), _part(context)
    x, m = problem.along.symbol, step.count
    need(not step.given and step.solution == "alternating_offers" and step.variable == x, "it is about something else")
    need(_out(problem, problem.rounds) == step.rounds, "another number of rounds")
    need(step.rounds.diff(m) == 2 and any(p.symbol == m and p.integer for p in problem.parameters), "no whole number of rounds")
    proved(sympify(m >= step.start), step.certificate, context.known, "the least number of rounds")
    _offers(problem, part, context)
    first = step.offer.xreplace({m: step.start})
    least = step.rounds.xreplace({m: step.start})
    need(least in (1, 2), "the induction starts with one round or two")
    if least == 1:
        context.equal(first, part.high, "a single offer takes everything")
    else:
        _indifferent(problem, 0, first, part.low, context)
    answer = _out(problem, problem.players[0].discount) * step.offer
    _indifferent(problem, 0, step.offer.xreplace({m: m + 1}), answer, context)


def _core(step: kinds.BalanceRoot | kinds.BalanceCorner, context: Context) -> kinds.RationalPart:
    named = [one for one in context.premises if isinstance(one, kinds.Balance)]
    need(len(named) == 1 and named[0].core == step.core and named[0].solution == step.solution, "another balance")
    return _part(context)


def _root(step: kinds.BalanceRoot, context: Context) -> None:
    part = _core(step, context)
    x = step.variable
    context.equal(_at_end(step.core, x, part.low, context), step.at_low, "the balance at the lower end")
    context.equal(_at_end(step.core, x, part.high, context), step.at_high, "the balance at the upper end")
    proved(sympify(step.at_low > 0), step.certificates[0], context.known, "the balance at the lower end")
    proved(sympify(step.at_high < 0), step.certificates[1], context.known, "the balance at the upper end")
    if step.root == x:
        return
    numerator, denominator = sympy.fraction(sympy.together(step.core))
    need(x not in denominator.free_symbols, "the root is not that of a polynomial")
    poly = sympy.Poly(sympy.expand(numerator), x)
    need(poly.degree() <= 2, "no closed form is known for such a root")
    context.equal(step.core.xreplace({x: step.root}), Integer(0), "the root")
    if poly.degree() == 2:
        square, linear, constant = poly.all_coeffs()
        turn = context.sign(sympy.factor(denominator))
        need(turn != 0, "the sign of the denominator is not evident")
        # At the two roots the numerator's slopes are the square root of the discriminant and its negative; the core falls inside.
        falling = -turn * sympy.sqrt(sympy.factor(linear**2 - 4 * square * constant))
        context.equal(poly.as_expr().diff(x).xreplace({x: step.root}), falling, "the slope at the root")


def _corner(step: kinds.BalanceCorner, context: Context) -> None:
    part = _core(step, context)
    need(step.end == (part.high if step.upper else part.low), "not that end")
    context.equal(_at_end(step.core, step.variable, step.end, context), step.value, "the balance at the end")
    claim = sympy.Ge(step.value, 0) if step.upper else sympy.Le(step.value, 0)
    proved(sympify(claim), step.certificate, context.known, "the sign of the balance at the end")


def _bargained(step: kinds.BargainedPayoffs, context: Context) -> None:
    problem = _problem(context)
    x = problem.along.symbol
    need(len(context.premises) == 1, "one agreement")
    (found,) = context.premises
    need(step.solution == getattr(found, "solution", ""), "another solution")
    need(tuple(symbol for symbol, _ in step.payoffs) == tuple(player.payoff for player in problem.players), "not all players")
    if isinstance(found, kinds.RoundOffer | kinds.OffersByInduction):
        need(not isinstance(found, kinds.RoundOffer) or found.round == 1, "an offer of a later round")
        where = found.offer
    else:
        where = found.root if isinstance(found, kinds.BalanceRoot) else found.end  # type: ignore[attr-defined]
    need(step.at == where, "another agreement")
    wanted = [payoff.xreplace({x: where}) for payoff in _payoffs(problem)]
    if isinstance(found, kinds.BalanceCorner) and step.solution == "egalitarian":
        gains = [gain.xreplace({x: where}) for gain in _gains(problem)]
        worse = 0 if found.upper else 1
        wanted[1 - worse] = _out(problem, problem.players[1 - worse].disagreement) + gains[worse]
    for (symbol, value), right in zip(step.payoffs, wanted, strict=True):
        context.equal(value, right, f"the payoff {symbol}")


def _shared(step: kinds.SharedGains, context: Context) -> None:
    """Of two gains that a payment moves against each other the weighted product, at a fixed sum, is largest in this proportion."""
    model = context.statement
    need(isinstance(model, Model), "the statement is not a model")
    assert isinstance(model, Model)
    owners = [next((player for player in model.players if player.payoff == payoff), None) for payoff in step.payoffs]
    need(None not in owners, "not players of the model")
    names = tuple(owner.name for owner in owners if owner is not None)
    found = [one for protocol in model.protocols for stage in protocol.stages for one in stage.decisions if one.by == names]
    decision = next((one for one in found if one.bargain is not None and _shares(one, step.transfer)), None)
    need(decision is not None, "these two do not share their gains by that payment")
    assert decision is not None
    assert decision.bargain is not None
    bargain = decision.bargain
    need(tuple(bargain.weights) == step.weights, "other weights")
    none = bargain.disagreement or (Integer(0), Integer(0))
    for owner, value, gain in zip(owners, none, step.gains, strict=True):
        assert owner is not None
        context.equal(definitions_out(owner.objective - sympify(value), model), gain, f"what {owner.name} gains")
    rates = [gain.diff(step.transfer) for gain in step.gains]
    beside = {variable.symbol for variable in model.variables} - (set(decision.chooses) - {step.transfer})
    for player in model.players:
        rate = sympy.expand(definitions_out(player.objective, model).diff(step.transfer))
        need(not rate.free_symbols & beside, "a choice that is not agreed on with the payment depends on it")
    need(not is_zero(rates[0]), "the payment moves nothing")
    context.equal(rates[0] + rates[1], Integer(0), "the payment moves both against each other")
    for weight in step.weights:
        proved(sympify(weight) > 0, None, context.known, "a weight is positive")
    at = [gain.xreplace({step.transfer: step.value}) for gain in step.gains]
    context.equal(step.weights[1] * at[0], step.weights[0] * at[1], "the gains are in proportion to the weights")


def _shares(decision: Decision, transfer: Symbol) -> bool:
    """Whether it is this choice by which the decision shares what is gained together."""
    terms = [one.relation for one in decision.subject_to if isinstance(one, Sharing)]
    return transfer in decision.chooses and any(isinstance(r, sympy.Eq) and r.lhs == transfer for r in terms)


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {
    kinds.Balance: _balance,
    kinds.BalanceCorner: _corner,
    kinds.BalanceRoot: _root,
    kinds.BargainedPayoffs: _bargained,
    kinds.Frontier: _frontier,
    kinds.OffersByInduction: _by_induction,
    kinds.RationalPart: _rational_part,
    kinds.RoundOffer: _round_offer,
    kinds.SharedGains: _shared,
}
"""The verifier of each kind of step."""
