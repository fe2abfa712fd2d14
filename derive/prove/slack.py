"""Slack substitution: symbols written as a bound plus a positive slack, so that signs can be read off the terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from flint import fmpq, fmpq_mpoly
from sympy import Expr, Mul

from derive.certificates import Certificate, Factor, Factors, Slack, SlackVariable
from derive.prove.relations import relation
from derive.prove.space import Space, TooLarge, rational
from derive.prove.theory import Sign, Theory, holds

PAIR_LIMIT = 6
# Bounds with more terms are left out of the first, and of any, choice of moves.
SIMPLE, MODERATE = 6, 12


@dataclass(frozen=True)
class Bound:
    """A known ``polynomial > 0`` (``strict``) or ``>= 0``; after the substitutions so far it reads ``now/scale``, ``scale > 0``."""

    polynomial: fmpq_mpoly
    strict: bool
    source: Sign
    now: fmpq_mpoly
    scale: fmpq_mpoly

    @cached_property
    def degrees(self) -> tuple[int, ...]:
        """The degrees of `now` in all generators."""
        return tuple(map(int, self.now.degrees()))


@dataclass(frozen=True)
class Move:
    """``variable = top/bottom``; the new slack stands for ``first``, or for ``first/second``."""

    variable: int
    top: fmpq_mpoly
    bottom: fmpq_mpoly
    slack: int
    strict: bool
    first: Bound
    second: Bound | None = None


@dataclass(frozen=True)
class Parametrisation:
    """Moves in order; a move's value uses earlier slacks and symbols that later moves replace (or that stay free)."""

    moves: tuple[Move, ...]
    strict: frozenset[int]
    bounds: tuple[Bound, ...]

    @property
    def slacks(self) -> frozenset[int]:
        """Generators that are slack variables here."""
        return frozenset(move.slack for move in self.moves)


def definite(polynomial: fmpq_mpoly, slacks: frozenset[int], strict: frozenset[int]) -> tuple[int, bool]:
    """``(sign, whether strict)`` if all terms have one sign, ``(0, False)`` otherwise. Symbols that are not slacks may be negative."""
    sign, sure = 0, False
    for monomial, coefficient in zip(polynomial.monoms(), polynomial.coeffs(), strict=True):
        here = 1 if coefficient > 0 else -1
        if sign and here != sign:
            return 0, False
        sign = here
        used = [i for i, e in enumerate(monomial) if e]
        if any(monomial[i] % 2 and i not in slacks for i in used):
            return 0, False
        sure = sure or all(i in strict for i in used)
    return sign, sure


def bounds_of(theory: Theory) -> tuple[Bound, ...]:
    """Everything known that can serve as a bound, in a fixed order."""
    found = []
    one = theory.space.one
    for sign in theory.signs.values():
        if sign.op in (">", ">="):
            found.append(Bound(sign.base, sign.op == ">", sign, sign.base, one))
        elif sign.op in ("<", "<="):
            found.append(Bound(-sign.base, sign.op == "<", sign, -sign.base, one))
    for fact in theory.facts:
        if fact.op in (">", ">=") and theory.irreducible(fact):
            source = Sign(fact.op, fact.prove, fact.polynomial)
            found.append(Bound(fact.polynomial, fact.op == ">", source, fact.polynomial, one))
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


def _chosen(space: Space, bounds: tuple[Bound, ...], avoid: int) -> Parametrisation:
    state = Parametrisation((), frozenset(), bounds)
    remaining = list(range(space.size))
    while True:
        options: list[tuple[tuple[int, ...], Parametrisation]] = []
        settled = False
        order = sorted(remaining, key=lambda v: (sum(1 for b in state.bounds if b.degrees[v]), v))
        before, every = set(map(id, state.bounds)), bool(avoid and not state.moves)
        for variable in order:
            worst = len(state.bounds) if every or not options else min(rank[0] for rank, _ in options)
            for rank, option in _options(space, state, remaining, variable, worst):
                options.append((rank, option))
                move = option.moves[-1]
                clean = all(b.degrees[variable] == 0 and id(b) in before for b in option.bounds)
                settled = settled or (clean and move.bottom.is_one() and rank[0] == 0)
                if settled:
                    break
            if settled and not every:
                options = options[-1:]
                break
        options.sort(key=lambda pair: pair[0])
        if not state.moves and avoid:
            firsts: list[tuple[tuple[int, ...], Parametrisation]] = []
            for option_ in options:
                if all(option_[1].moves[-1].variable != other[1].moves[-1].variable for other in firsts):
                    firsts.append(option_)
            options = firsts[avoid:]
        if not options:
            return state
        state = options[0][1]
        remaining.remove(state.moves[-1].variable)


def _options(
    space: Space, state: Parametrisation, remaining: list[int], variable: int, worst: int
) -> Iterator[tuple[tuple[int, ...], Parametrisation]]:
    """Moves for a variable with their ranks; those with more than `worst` bounds left unexplained for good are left out."""
    slacks, strict = state.slacks, state.strict
    fresh = space.size + len(state.moves)
    lower: list[tuple[Bound, fmpq_mpoly, fmpq_mpoly]] = []
    upper: list[tuple[Bound, fmpq_mpoly, fmpq_mpoly]] = []
    for bound in state.bounds:
        if bound.degrees[variable] != 1:
            continue
        parts = space.split(bound.now, variable)
        degrees = parts[1].degrees()
        if any(degrees[v] for v in remaining):
            continue
        sign, sure = definite(parts[1], slacks, strict)
        if sign and sure:
            (lower if sign > 0 else upper).append((bound, parts[1], parts.get(0, space.zero)))
    for bound, lead, rest in lower + upper:
        t = space.variables[fresh]
        top, bottom = t * bound.scale - rest, lead
        if bottom.leading_coefficient() < 0:
            top, bottom = -top, -bottom
        yield from _take(space, state, remaining, Move(variable, top, bottom, fresh, bound.strict, bound), worst)
    for low, high in [(low, high) for low in lower for high in upper][:PAIR_LIMIT]:
        one, other = (low, high) if high[0].strict else (high, low)
        if other[0].strict:
            yield from _take(space, state, remaining, _between(space, variable, fresh, one, other), worst)


def _between(
    space: Space,
    variable: int,
    fresh: int,
    one: tuple[Bound, fmpq_mpoly, fmpq_mpoly],
    other: tuple[Bound, fmpq_mpoly, fmpq_mpoly],
) -> Move:
    t = space.variables[fresh]
    (first, lead_1, rest_1), (second, lead_2, rest_2) = one, other
    if first.scale != second.scale:
        lead_1, rest_1 = lead_1 * second.scale, rest_1 * second.scale
        lead_2, rest_2 = lead_2 * first.scale, rest_2 * first.scale
    top, bottom = t * rest_2 - rest_1, lead_1 - t * lead_2
    if bottom.leading_coefficient() < 0:
        top, bottom = -top, -bottom
    return Move(variable, top, bottom, fresh, first.strict, first, second)


def _take(
    space: Space, state: Parametrisation, remaining: list[int], move: Move, worst: int
) -> Iterator[tuple[tuple[int, ...], Parametrisation]]:
    strict = state.strict | {move.slack} if move.strict else state.strict
    slacks = state.slacks | {move.slack}
    left = [v for v in remaining if v != move.variable]
    kept: list[Bound] = []
    dead = weight = 0
    try:
        top, bottom = _lowest(move.top, move.bottom)
        move = replace(move, top=top, bottom=bottom)
        for bound in state.bounds:
            if dead > worst:
                return
            if bound.degrees[move.variable] == 0:
                kept.append(bound)
                weight += len(bound.now)
                dead += all(bound.degrees[v] == 0 for v in left)
                continue
            now, power = space.put(bound.now, move.variable, top, bottom)
            scale = bound.scale * bottom**power if power else bound.scale
            if power or now != bound.now:
                now, scale = _lowest(now, scale)
            sign, _ = definite(now, slacks, strict)
            if sign > 0 or now.is_zero():
                continue
            kept.append(Bound(bound.polynomial, bound.strict, bound.source, now, scale))
            weight += len(now)
            dead += all(kept[-1].degrees[v] == 0 for v in left)
    except TooLarge:
        return
    size = len(move.top) + 3 * len(move.bottom) + (2 if move.second else 0)
    yield (dead, len(kept), weight + size, move.variable), Parametrisation((*state.moves, move), strict, tuple(kept))


def _lowest(top: fmpq_mpoly, bottom: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    if bottom.is_constant():
        return top / bottom, bottom / bottom
    common = top.gcd(bottom)
    lower = bottom / common
    if common.is_one() or any(coefficient < 0 for coefficient in lower.coeffs()):
        return top, bottom
    return top / common, lower


def apply(space: Space, chosen: Parametrisation, polynomial: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    """``(n, d)``: `polynomial` after the moves is ``n/d`` with ``d`` positive. Raises `TooLarge`."""
    scale = space.one
    for move in chosen.moves:
        polynomial, power = space.put(polynomial, move.variable, move.top, move.bottom)
        if power:
            polynomial, scale = _lowest(polynomial, scale * move.bottom**power)
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
    used = {i for i, d in enumerate(polynomial.degrees()) if d}
    kept: set[int] = set()
    changed = True
    while changed:
        changed = False
        for k, move in enumerate(chosen.moves):
            if k not in kept and (move.variable in used or move.slack in used):
                kept.add(k)
                changed = True
                for part in (move.top, move.bottom):
                    used |= {i for i, d in enumerate(part.degrees()) if d}
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


# --- points --------------------------------------------------------------------------------------------------------

_POOL = tuple(
    fmpq(n, d) for n, d in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (5, 1), (1, 5), (10, 1), (1, 10), (50, 1), (1, 50))
)


def candidates(space: Space, chosen: Parametrisation, tries: int) -> Iterator[tuple[fmpq, ...]]:
    """Points from values of the slacks, always the same ones: they satisfy what the moves were made from."""
    random = Random(1)
    for attempt in range(tries):
        pool = _POOL[:1] if attempt == 0 else _POOL[:4] if attempt < tries // 3 else _POOL
        values = [fmpq(0)] * space.width
        for v in range(space.size):
            values[v] = random.choice(pool) * (1 if attempt % 2 == 0 else random.choice((-1, 1, 0)))
        for move in chosen.moves:
            values[move.slack] = random.choice(pool) if move.strict or random.random() < 0.8 else fmpq(0)
        for move in reversed(chosen.moves):
            bottom = move.bottom(*values)
            if bottom == 0:
                break
            values[move.variable] = move.top(*values) / bottom
        else:
            yield tuple(values[: space.size])


def sample(theory: Theory, tried: Iterable[tuple[fmpq, ...]], count: int) -> list[tuple[fmpq, ...]]:
    """At most `count` distinct points among those `tried`, at which all facts hold."""
    found: dict[tuple[tuple[int, int], ...], tuple[fmpq, ...]] = {}
    for point in tried:
        if satisfied(theory, point):
            found.setdefault(tuple((int(x.p), int(x.q)) for x in point), point)
            if len(found) >= count:
                break
    return list(found.values())


def satisfied(theory: Theory, point: tuple[fmpq, ...]) -> bool:
    """Whether every fact (and every noted denominator) holds there."""
    space = theory.space
    return all(holds(space.value(fact.polynomial, point), fact.op) for fact in theory.facts) and all(
        space.value(sign.base, point) != 0 for sign in theory.signs.values() if sign.op == "!="
    )
