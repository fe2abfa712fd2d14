"""Alternating offers over finitely many rounds: the last offer takes everything, and each earlier one leaves the other indifferent."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Integer, Symbol, sympify
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented
from derive.bargaining.balance import Curve, written_out
from derive.bargaining.ir import BargainingProblem
from derive.bargaining.steps import OffersByInduction, RoundOffer
from derive.bargaining.surds import root_of
from derive.decision.problem import Journal
from derive.errors import Refusal
from derive.field import derivative, normal
from derive.prove import prove

__all__ = ["first_offer"]

KEY = "alternating_offers"
# How many rounds are solved one by one.
MOST = 12


def first_offer(problem: BargainingProblem, curve: Curve, high: Expr, given: Sequence[Boolean], journal: Journal) -> Expr:
    """What the first player offers in the first round, which is accepted. Raises Refusal where there is no closed form.

    The frontier has the first player's payoff as its coordinate, and the second player's reaches zero at its upper end.
    """
    rounds = written_out(problem, sympify(problem.rounds))
    patience = [written_out(problem, sympify(player.discount)) for player in problem.players]
    if rounds.is_Integer:
        return _round_by_round(int(rounds), curve, high, patience, given, journal)
    return _by_induction(rounds, curve, high, patience, given, journal)


def _round_by_round(
    rounds: int, curve: Curve, high: Expr, patience: Sequence[Expr], given: Sequence[Boolean], journal: Journal
) -> Expr:
    if rounds > MOST:
        raise Refusal(f"more than {MOST} rounds: write their number as 2*m or 2*m + 1 with a whole number m")
    offer = high
    for number in range(rounds, 0, -1):
        proposer = (number - 1) % 2
        if number == rounds:
            offer = high if proposer == 0 else Integer(0)
        else:
            offer = patience[0] * offer if proposer else _matching(curve, patience[1], offer, given)
        uses = () if number == rounds else (journal.steps[-1].label,)
        offer = oriented(normal(offer), given)
        journal.add(
            RoundOffer, uses=uses, solution=KEY, variable=curve.x, round=number, rounds=rounds, proposer=proposer, offer=offer
        )
    return offer


def _matching(curve: Curve, patience: Expr, following: Expr, given: Sequence[Boolean]) -> Expr:
    """What leaves the second player as well off as its own offer a round later."""
    level = patience * curve.payoffs[1].xreplace({curve.x: following})
    root = root_of(normal(curve.payoffs[1] - level), curve.x, given)
    if root is None:
        raise Refusal("the offer that leaves the second player indifferent has no closed form")
    return root.expression(given)


def _by_induction(
    rounds: Expr, curve: Curve, high: Expr, patience: Sequence[Expr], given: Sequence[Boolean], journal: Journal
) -> Expr:
    """A whole number of pairs of rounds, along a straight frontier."""
    count = _counted(rounds)
    if derivative(curve.payoffs[1], curve.x, curve.x) != 0:
        raise Refusal("for a symbolic number of rounds the frontier must be a straight line")
    odd = int(rounds.xreplace({count: Integer(0)})) % 2 == 1
    least = Integer(1 if odd else 2)
    start = normal((least - rounds.xreplace({count: Integer(0)})) / 2)
    claim = count >= start
    certificate = None if claim in given else prove(claim, tuple(given))
    if claim not in given and certificate is None:
        raise Refusal(f"the assumptions do not say that {claim}", symbol=count.name)
    whole = patience[0] * patience[1]
    forever = oriented(normal(high * (1 - patience[1]) / (1 - whole)), given)
    pairs = normal(count - start) if odd else normal(count - start + 1)
    offer = forever + oriented(normal(high - forever), given) * whole**pairs if odd else forever * (1 - whole**pairs)
    journal.add(
        OffersByInduction,
        solution=KEY,
        variable=curve.x,
        rounds=rounds,
        count=count,
        start=start,
        certificate=certificate,
        offer=offer,
    )
    return offer


def _counted(rounds: Expr) -> Symbol:
    """The whole number in the number of rounds. Raises Refusal for anything but ``2*m`` plus a number."""
    symbols = sorted(rounds.free_symbols, key=str)
    if len(symbols) != 1 or rounds.diff(symbols[0]) != 2 or not rounds.xreplace({symbols[0]: Integer(0)}).is_Integer:
        raise Refusal("who makes the last offer is open: write the number of rounds as 2*m or 2*m + 1 with a whole number m")
    return symbols[0]
