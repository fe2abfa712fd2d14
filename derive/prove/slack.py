"""Slack substitution: symbols written as a bound plus a positive slack, so that signs can be read off the terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from flint import fmpq, fmpq_mpoly
from sympy import Expr, Mul

from derive.certificates import Certificate, Factor, Factors, Slack, SlackVariable
from derive.prove.bounds import Bound, Lead, Move, definite, form, lowest, used
from derive.prove.relations import relation
from derive.prove.space import Space, TooLarge, rational
from derive.prove.theory import Sign, Theory

PAIR_LIMIT = 6
# Bounds with more terms are left out of the first, and of any, choice of moves.
SIMPLE, MODERATE = 6, 12


@dataclass(frozen=True)
class Parametrisation:
    """Moves in order; a move's value uses earlier slacks and symbols that later moves replace (or that stay free)."""

    moves: tuple[Move, ...]
    strict: frozenset[int]
    bounds: tuple[Bound, ...]

    @cached_property
    def slacks(self) -> frozenset[int]:
        """Generators that are slack variables here."""
        return frozenset(move.slack for move in self.moves)


def bounds_of(theory: Theory) -> tuple[Bound, ...]:
    """Everything known that can serve as a bound, in a fixed order."""
    found = []

    def known(polynomial: fmpq_mpoly, source: Sign) -> Bound:
        return Bound(polynomial, source.op in (">", "<"), source, form(theory.space, polynomial, theory.space.one))

    for sign in theory.signs.values():
        if sign.op in (">", ">="):
            found.append(known(sign.base, sign))
        elif sign.op in ("<", "<="):
            found.append(known(-sign.base, sign))
    for fact in theory.facts:
        if fact.op in (">", ">=") and theory.irreducible(fact):
            found.append(known(fact.polynomial, Sign(fact.op, fact.prove, fact.polynomial)))
    return tuple(found)


def parametrise(theory: Theory, avoid: int = 0) -> Parametrisation:
    """Greedy choice of moves: the one that leaves the fewest bounds unexplained. `avoid` skips that many first choices.

    The choice depends on the bounds alone: it is made once for all theories that have them, and each puts in its own proofs.
    """
    space = theory.space
    few = SIMPLE if avoid % 2 == 0 else MODERATE
    bounds = tuple(bound for bound in bounds_of(theory) if len(bound.polynomial) <= few)
    key = (avoid, *((space.key(bound.polynomial), bound.strict) for bound in bounds))
    if key not in space.choices:
        space.choices[key] = _chosen(space, bounds, avoid)
    chosen = space.choices[key]
    assert isinstance(chosen, Parametrisation)
    own = {(space.key(bound.polynomial), bound.strict): bound.source for bound in reversed(bounds)}
    return replace(chosen, moves=tuple(_with_proofs(space, move, own) for move in chosen.moves))


def _with_proofs(space: Space, move: Move, own: dict[tuple[str, bool], Sign]) -> Move:
    first, second = (
        None if bound is None else replace(bound, source=own[space.key(bound.polynomial), bound.strict])
        for bound in (move.first, move.second)
    )
    assert first is not None
    return replace(move, first=first, second=second)


Rank = tuple[int, int, int, int]
Ranked = tuple[Rank, Parametrisation]


def _chosen(space: Space, bounds: tuple[Bound, ...], avoid: int) -> Parametrisation:
    state = Parametrisation((), frozenset(), bounds)
    remaining = list(range(space.size))
    while True:
        options = _next(space, state, remaining) if state.moves or not avoid else _firsts(space, state)[avoid:]
        if not options:
            return state
        state = options[0][1]
        remaining.remove(state.moves[-1].variable)


def _next(space: Space, state: Parametrisation, remaining: list[int]) -> list[Ranked]:
    """The next moves, the best first; one that settles its variable comes without others."""
    options: list[Ranked] = []
    for rank, option, settled in _options(space, state, _rarest(state, remaining), every=False):
        options = [(rank, option)] if settled else [*options, (rank, option)]
    return sorted(options, key=lambda pair: pair[0])


def _firsts(space: Space, start: Parametrisation) -> list[Ranked]:
    """The best first move of each variable, the best of all first: found once for all choices that avoid some of them."""
    key = tuple((space.key(bound.polynomial), bound.strict) for bound in start.bounds)
    if key not in space.firsts:
        options = [found[:2] for found in _options(space, start, _rarest(start, list(range(space.size))), every=True)]
        firsts: dict[int, Ranked] = {}
        for rank, option in sorted(options, key=lambda pair: pair[0]):
            firsts.setdefault(option.moves[-1].variable, (rank, option))
        space.firsts[key] = list(firsts.values())
    found = space.firsts[key]
    assert isinstance(found, list)
    return found


def _rarest(state: Parametrisation, remaining: list[int]) -> list[int]:
    """The variables, those in the fewest bounds first."""
    return sorted(remaining, key=lambda v: (sum(1 for b in state.bounds if b.form.degrees[v] > 0), v))


def _options(
    space: Space, state: Parametrisation, order: list[int], every: bool
) -> Iterator[tuple[Rank, Parametrisation, bool]]:
    """Moves for the variables with their ranks, and whether a move settles its variable: all bounds on it are explained and none
    is left for good. After such a move one move of each variable is enough, and none if not `every` variable is asked for.
    Those that rank below another one are left out."""
    least: Rank | None = None
    done = False
    for variable in order:
        aside = _Aside.of(state, order, variable)
        for move in _moves(space, state, order, variable):
            found = _take(state, aside, move, None if every else least)
            if found is None:
                continue
            rank, option = found
            settled = rank[0] == 0 and rank[1] == len(aside.bounds) and option.moves[-1].bottom.is_one()
            yield rank, option, settled
            done = done or settled
            if done:
                break
            least = rank if least is None else min(least, rank)
        if done and not every:
            return


@dataclass(frozen=True)
class _Aside:
    """The bounds that a move of one variable leaves as they are, and how many of them have no other symbol to replace."""

    left: int
    bounds: tuple[Bound, ...]
    dead: int

    @classmethod
    def of(cls, state: Parametrisation, remaining: list[int], variable: int) -> _Aside:
        left = sum(1 << v for v in remaining if v != variable)
        bounds = tuple(bound for bound in state.bounds if not bound.form.used >> variable & 1)
        return cls(left, bounds, sum(1 for bound in bounds if not bound.form.used & left))


def _moves(space: Space, state: Parametrisation, remaining: list[int], variable: int) -> Iterator[Move]:
    """The moves of a variable: by one bound that is linear in it, or by one on each side."""
    fresh = space.size + len(state.moves)
    replaced = sum(1 << v for v in remaining)
    lower: list[tuple[Bound, Lead]] = []
    upper: list[tuple[Bound, Lead]] = []
    for bound in state.bounds:
        if bound.form.degrees[variable] != 1:
            continue
        lead = bound.form.lead(variable)
        if lead.sign and not lead.used & replaced and lead.nonzero(state.strict):
            (lower if lead.sign > 0 else upper).append((bound, lead))
    for bound, lead in lower + upper:
        yield _move(variable, space.variables[fresh] * bound.form.scale - lead.rest, lead.coefficient, fresh, bound)
    for low, high in [(low, high) for low in lower for high in upper][:PAIR_LIMIT]:
        one, other = (low, high) if high[0].strict else (high, low)
        if other[0].strict:
            yield _between(space, variable, fresh, one, other)


def _between(space: Space, variable: int, fresh: int, one: tuple[Bound, Lead], other: tuple[Bound, Lead]) -> Move:
    t = space.variables[fresh]
    (first, lead), (second, beyond) = one, other
    lead_1, rest_1, lead_2, rest_2 = lead.coefficient, lead.rest, beyond.coefficient, beyond.rest
    if first.form.scale != second.form.scale:
        lead_1, rest_1 = lead_1 * second.form.scale, rest_1 * second.form.scale
        lead_2, rest_2 = lead_2 * first.form.scale, rest_2 * first.form.scale
    return _move(variable, t * rest_2 - rest_1, lead_1 - t * lead_2, fresh, first, second)


def _move(variable: int, top: fmpq_mpoly, bottom: fmpq_mpoly, slack: int, first: Bound, second: Bound | None = None) -> Move:
    if bottom.leading_coefficient() < 0:
        top, bottom = -top, -bottom
    top, bottom = lowest(top, bottom)
    return Move(variable, top, bottom, slack, first.strict, first, second)


def _take(state: Parametrisation, aside: _Aside, move: Move, least: Rank | None) -> tuple[Rank, Parametrisation] | None:
    """The state after a move, with its rank: by the bounds left unexplained for good, those left unexplained, and size.

    None as soon as it is seen to rank below `least`, unless it might still settle its variable.
    """
    kept: list[Bound] = []
    dead, count = aside.dead, len(aside.bounds)
    for bound in state.bounds:
        if not bound.form.used >> move.variable & 1:
            kept.append(bound)
            continue
        try:
            after = bound.form.after(move)
        except TooLarge:
            return None
        if after is None:
            continue
        kept.append(Bound(bound.polynomial, bound.strict, bound.source, after))
        dead, count = dead + (not after.used & aside.left), count + 1
        if least is not None and (dead, count) > least[:2]:
            return None
    size = len(move.top) + 3 * len(move.bottom) + (2 if move.second else 0)
    rank = (dead, count, sum(len(bound.form.now) for bound in kept) + size, move.variable)
    strict = state.strict | {move.slack} if move.strict else state.strict
    return rank, Parametrisation((*state.moves, move), strict, tuple(kept))


def apply(space: Space, chosen: Parametrisation, polynomial: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    """``(n, d)``: `polynomial` after the moves is ``n/d`` with ``d`` positive. Raises `TooLarge`."""
    scale = space.one
    for move in chosen.moves:
        polynomial, power = space.put(polynomial, move.variable, move.top, move.bottom)
        if power:
            polynomial, scale = lowest(polynomial, scale * move.bottom**power)
    return polynomial, scale


def prove_by_slack(theory: Theory, chosen: Parametrisation, polynomial: fmpq_mpoly, op: str) -> Certificate | None:
    """Certificate of ``polynomial op 0`` (op one of ``> >= < <=``) if all terms have that sign after the moves."""
    space = theory.space
    moves = _relevant(chosen, polynomial)
    try:
        top, bottom = apply(space, replace(chosen, moves=moves), polynomial)
    except TooLarge:
        return None
    sign, sure = definite(top, chosen.slacks, chosen.strict)
    wanted = 1 if op in (">", ">=") else -1
    if not top.is_zero() and sign != wanted:
        return None
    if op in (">", "<") and not sure:
        return None
    return Slack(
        claim=relation(space.expression(polynomial), op),
        given=theory.given,
        substitution=tuple((space.symbols[m.variable], space.expression(m.top) / space.expression(m.bottom)) for m in moves),
        slacks=tuple(_variable(theory, move) for move in moves),
        numerator=space.expression(top),
        denominator=_factored(space, bottom),
    )


def _factored(space: Space, polynomial: fmpq_mpoly) -> Expr:
    """The polynomial as a product, which is short where its terms are many, if all terms of all factors are positive."""
    constant, factors = space.factor(polynomial)
    if any(coefficient < 0 for base, _ in factors for coefficient in base.coeffs()):
        return space.expression(polynomial)
    return Mul(rational(constant), *(space.expression(base) ** exponent for base, exponent in factors))


def sign_by_slack(theory: Theory, chosen: Parametrisation, polynomial: fmpq_mpoly) -> str | None:
    """The sign (``> >= < <=``) that all terms have after the moves, if they have one."""
    try:
        top, _ = apply(theory.space, replace(chosen, moves=_relevant(chosen, polynomial)), polynomial)
    except TooLarge:
        return None
    sign, sure = definite(top, chosen.slacks, chosen.strict)
    if not sign:
        return None
    return (">" if sign > 0 else "<") + ("" if sure else "=")


def _relevant(chosen: Parametrisation, polynomial: fmpq_mpoly) -> tuple[Move, ...]:
    """The moves whose symbol or slack occurs in `polynomial` or in the value of another relevant move."""
    reached = used(polynomial)
    kept: set[int] = set()
    changed = True
    while changed:
        changed = False
        for k, move in enumerate(chosen.moves):
            if k not in kept and move.sets & reached:
                kept.add(k)
                changed = True
                reached |= move.used
    return tuple(move for k, move in enumerate(chosen.moves) if k in kept)


def _variable(theory: Theory, move: Move) -> SlackVariable:
    space = theory.space
    symbol = space.slack_symbols[move.slack - space.size]
    first = space.expression(move.first.polynomial)
    if move.second is None:
        return SlackVariable(symbol, first, move.strict, move.first.source.prove())
    second = space.expression(move.second.polynomial)
    proof = Factors(
        claim=relation(first / second, ">" if move.strict else ">="),
        given=theory.given,
        coefficient=rational(fmpq(1)),
        factors=(_signed(theory, move.first, 1), _signed(theory, move.second, -1)),
    )
    return SlackVariable(symbol, first / second, move.strict, proof)


def _signed(theory: Theory, bound: Bound, exponent: int) -> Factor:
    return Factor(theory.space.expression(bound.polynomial), exponent, bound.source.prove())
