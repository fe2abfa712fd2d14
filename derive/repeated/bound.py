"""How many stages can be without mutual cooperation when a committed type is possible: a bound that no length exceeds.

Payoffs are measured from mutual refusal in units of the gain from mutual cooperation: refusal 0, cooperation 1, temptation ``a > 1``,
exploited ``b < 0``, with ``a + b < 2``. With ``n`` stages left and belief ``q >= p`` that the rival is the committed type:

* Floor. Cooperating until the rival refuses and refusing from then on earns at least ``q n + (1 - q) b``.
* Trigger type. A refusal ends cooperation, so it earns at most ``a``. Hence no uninformed player refuses while
  ``n > M = (a - (1 - p) b) / p``. If both may be committed, all earlier stages are cooperative; if one may, the informed player,
  sure of cooperation in this and the next stage, waits too while ``n - 1 > M``.
* Reciprocal type (tit-for-tat), one informed player. Once it has departed from its type both refuse to the end. Where the type
  would refuse, so does the player. Until it departs it copies, so exploitations alternate: its payoff is at least the other's less
  ``a - b`` (at least the other's, where the type would refuse now). With the floor, and with ``b`` paid to restore cooperation, for
  ``n > M = 2 + b + (2 a - 3 b) / p`` departing (at most ``a``) is worse than copying whatever the other does now; so it copies.
  Against a sure copier each stage without cooperation costs at least ``rho = (2 - a - b) / (2 - b)`` of what cooperating
  throughout earns, up to ``a`` once; since the remaining ``M`` stages are worth between ``p M + (1 - p) b`` and ``M + a - 1``, at
  most ``((1 - p)(M - b) + 2 a - 1) / rho`` stages before the last ``M`` are without cooperation.
* Reciprocal type, both players. The first refusal reveals its author and starts the one-sided game, in which the other's payoff is
  at least ``n - (1 - p)(M - b) - 1 + b``. So each uncommitted player has at least ``T - c``, ``c = (1 - p)(M - b) + 2 (1 - b)``, by
  cooperating until the other refuses. Against the type nobody earns more than ``T + a - 1``, and each stage without cooperation costs
  two uncommitted players ``2 rho`` together; so their expected number is at most ``(c + p (a - 1)) / ((1 - p) rho)``.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Symbol, sympify
from sympy.logic.boolalg import Boolean

from derive.errors import Refusal
from derive.repeated.ir import RepeatedGame, Reputation
from derive.repeated.setting import Setting, dilemma, kind_of, setting_of
from derive.repeated.signs import sign_of
from derive.repeated.steps import NoncooperationBound, PayoffFloor
from derive.solution import Case, Proposition, Regime, Solution
from derive.steps import Sign, Step

__all__ = ["derive_bound"]

_TEXT = {
    ("trigger", 1): (
        "A refusal ends cooperation for good, so it earns at most the temptation once. While more than M stages are left the floor "
        "exceeds that, and the uninformed player cooperates; the informed player, sure of it for two stages, waits. Every path of "
        "every sequential equilibrium has at most the stated number of stages without mutual cooperation."
    ),
    ("trigger", 2): (
        "A refusal reveals its author and ends cooperation for good, so it earns at most the temptation once. While more than M "
        "stages are left the floor exceeds that, so neither player refuses. Every path of every sequential equilibrium has at most "
        "the stated number of stages without mutual cooperation."
    ),
    ("reciprocal", 1): (
        "While more than M stages are left the informed player does better to copy than to reveal itself, so it behaves as its type. "
        "Against a sure copier each stage without cooperation costs the uninformed player a fixed amount, and what the last M stages "
        "are worth varies by a bounded amount only. Every path of every sequential equilibrium has at most the stated number of "
        "stages without mutual cooperation."
    ),
    ("reciprocal", 2): (
        "The first refusal reveals its author and starts the game with one informed player. So an uncommitted player who cooperates "
        "until the other refuses loses a bounded amount against cooperation throughout, and the sum of both payoffs bounds the "
        "expected number of stages without mutual cooperation between two uncommitted players in every sequential equilibrium; some "
        "path of play has no more than that."
    ),
}


def derive_bound(game: RepeatedGame, protocol: Reputation, given: tuple[Boolean, ...]) -> Solution:
    """The bound for a game of symbolic length. Raises Refusal for an automaton or payoffs that the argument does not cover."""
    settings = tuple(setting_of(game, protocol, number) for number in range(len(protocol.committed)))
    kinds = {
        kind_of(item.commitment.automaton, item.cooperate[0], item.refuse[0], item.cooperate[1], item.refuse[1])
        for item in settings
    }
    priors = {sympify(item.commitment.prior) for item in settings}
    if len(kinds) > 1 or "" in kinds:
        raise Refusal("a bound is derived when every committed type is tit-for-tat, or every one is grim trigger")
    if len(priors) > 1:
        raise Refusal("a bound for two committed types is derived when both have the same prior")
    setting, kind, prior = settings[0], kinds.pop(), priors.pop()
    if any(sympy.expand(one - two) != 0 for one, two in zip(setting.payoffs(0), setting.payoffs(1), strict=True)):
        raise Refusal("a bound is derived for stage games that treat both players alike")
    proof: list[Step] = [*dilemma(setting, given, f"{protocol.key}.dilemma"), *_prior_signs(prior, given, protocol.key)]
    stages = sympify(protocol.stages)
    left = Symbol("n", real=True)
    while left in prior.free_symbols | {symbol for payoff in setting.payoffs(0) for symbol in payoff.free_symbols}:
        left = Symbol(f"{left.name}_", real=True)
    premises = tuple(step.label for step in proof)
    proof += [_floor(item, protocol, left, prior, premises) for item in settings]
    bound = _bound(setting, protocol, kind, len(settings), prior, tuple(step.label for step in proof))
    proof.append(bound)
    values: list[tuple[Symbol, Expr]] = []
    if protocol.noncooperative is not None:
        values.append((protocol.noncooperative, bound.bound))
    if protocol.cooperative is not None:
        values.append((protocol.cooperative, stages - bound.bound))
    proposition = Proposition(
        f"{protocol.key}.theorem",
        "proposition",
        protocol.title,
        _TEXT[kind, len(settings)],
        (Case((), tuple(values)),),
        tuple(proof),
    )
    meaning = "expected number between uncommitted players" if bound.expected else "number on every path"
    return Solution(
        model=game.key,
        protocol=protocol.key,
        instance="",
        assumptions=given,
        regimes=(Regime("every sequential equilibrium", (), tuple(values)),),
        argument=(proposition,),
        warnings=(f"The value is a bound for every sequential equilibrium ({meaning}), not the exact number.",),
    )


def _prior_signs(prior: Expr, given: tuple[Boolean, ...], key: str) -> list[Step]:
    made: list[Step] = []
    for name, difference in (("positive", prior), ("below_one", 1 - prior)):
        known = sign_of(difference, given)
        if known is None or known[0] <= 0:
            raise Refusal(f"the assumptions do not settle {difference} > 0 for the prior")
        if known[1] is not None:
            made.append(Sign(label=f"{key}.prior.{name}", relation=known[1].claim, certificate=known[1]))
    return made


def _floor(setting: Setting, protocol: Reputation, left: Symbol, prior: Expr, uses: tuple[str, ...]) -> PayoffFloor:
    both, exploited, _, none = setting.payoffs(1)
    return PayoffFloor(
        label=f"{protocol.key}.floor.{setting.players[1]}",
        uses=uses,
        protocol=protocol.key,
        player=setting.players[1],
        stages=left,
        belief=prior,
        strategy="cooperate until refused",
        floor=prior * left * both + (1 - prior) * (exploited + (left - 1) * none),
    )


def _bound(
    setting: Setting, protocol: Reputation, kind: str, sides: int, prior: Expr, uses: tuple[str, ...]
) -> NoncooperationBound:
    both, exploited, temptation, none = setting.payoffs(0)
    unit, tempting, losing = both - none, temptation - none, exploited - none
    a, b, rho = tempting / unit, losing / unit, (2 * both - temptation - exploited) / (2 * both - none - exploited)
    if kind == "trigger":
        last = (tempting - (1 - prior) * losing) / (prior * unit)
        total = last if sides == 2 else last + 1
    else:
        last = 2 + b + (2 * a - 3 * b) / prior
        if sides == 1:
            total = last + ((1 - prior) * (last - b) + 2 * a - 1) / rho
        else:
            total = ((1 - prior) * (last - b) + 2 * (1 - b) + prior * (a - 1)) / ((1 - prior) * rho)
    names = [("a", a), ("b", b), ("M", last)] + ([("rho", rho)] if kind == "reciprocal" else [])
    return NoncooperationBound(
        label=f"{protocol.key}.bound",
        uses=uses,
        protocol=protocol.key,
        automaton=kind,
        sides=sides,
        expected=kind == "reciprocal" and sides == 2,
        parts=tuple((Symbol(name, real=True), value) for name, value in names),
        bound=total,
    )
