"""A benefit divided by weighted factors: equal shares revised by each player's part of every factor."""

from __future__ import annotations

import sympy
from sympy import Add, Expr, Integer, Rational, sympify

from derive.errors import Refusal
from derive.prove.relations import compared
from derive.repeated.ir import Division, RepeatedGame
from derive.repeated.signs import proved, sign_of
from derive.repeated.steps import RevisedShares
from derive.solution import Case, Proposition, Regime, Solution
from derive.steps import Identity, Sign, Step

__all__ = ["derive_division"]


def derive_division(game: RepeatedGame, division: Division) -> Solution:
    """Every player's share, with the proof that the shares exhaust the benefit and, where it holds, that none is negative.

    Raises Refusal when the contributions to a factor may sum to zero.
    """
    number = Integer(len(game.stage.players))
    ratios: list[tuple[Expr, ...]] = []
    for factor in division.factors:
        total = Add(*factor.contributions)
        known = sign_of(total, game.assumptions)
        if known is None or known[0] <= 0:
            raise Refusal(f"the contributions to {factor.name} are not proved to sum to a positive number", symbol=str(total))
        ratios.append(tuple(sympify(value) / total for value in factor.contributions))
    weights = tuple(sympify(factor.weight) for factor in division.factors)
    equal = Rational(1, number)
    shares = []
    for player, symbol in enumerate(division.shares):
        proportional = Add(*[weight * ratio[player] for weight, ratio in zip(weights, ratios, strict=True)])
        shares.append((symbol, division.benefit * (equal * sympy.cancel(sympy.together(1 - Add(*weights))) + proportional)))
    label = division.key
    revised = RevisedShares(
        label=f"{label}.shares", protocol=label, equal=equal, weights=weights, ratios=tuple(ratios), shares=tuple(shares)
    )
    proof: list[Step] = [
        revised,
        Identity(
            label=f"{label}.sum",
            uses=(revised.label,),
            left=Add(*division.shares),
            right=sympify(division.benefit),
            where=tuple(shares),
        ),
    ]
    for symbol, share in shares:
        claim = compared(share, ">=")
        certificate = proved(claim, game.assumptions)
        if certificate is not None:
            proof.append(
                Sign(label=f"{label}.sign.{symbol.name}", uses=(revised.label,), relation=claim, certificate=certificate)
            )
    regime = Regime("division", (), tuple(shares))
    proposition = Proposition(
        f"{label}.theorem",
        "proposition",
        division.title,
        "Each factor moves its weight of the benefit from equal shares to shares in proportion to the players' contributions; the "
        "shares sum to the benefit.",
        (Case((), tuple(shares)),),
        tuple(proof),
    )
    return Solution(game.key, division.key, "", game.assumptions, (regime,), (proposition,))
