"""The tau value as a solution: numbers for a numeric game, one formula per region for symbolic worths (Tijs 1981).

A player's minimal right is the most that it keeps, over the coalitions it is in, when all others there are paid their utopia
payoffs. With symbolic worths each region fixes the coalitions that attain these maxima.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, permutations
from typing import TYPE_CHECKING

import sympy
from sympy import Eq, Expr, S
from sympy.logic.boolalg import Boolean, Or, false, true

from derive.coalition.argue import Part, conditions
from derive.coalition.cases import branches, merge, possible, prune
from derive.coalition.decide import Shown, decide, follows, met, relations
from derive.coalition.linear import forms, read, tidy
from derive.coalition.steps import LinearCombination, TauValue
from derive.coalition.table import Table, members, plain, told
from derive.coalition.values import tau
from derive.errors import Refusal
from derive.field import NotRational, normal
from derive.prove import refute
from derive.solution import Case, Gap, Proposition, Solution, Without
from derive.steps import Sign, Step

if TYPE_CHECKING:
    from derive.coalition.argue import _Argument

__all__ = ["derive_tau"]

_SYMBOLIC = 5
_PARAMETERS = {4: 10, 5: 6}  # the most that worths of so many players may have
_CASES = 24  # combinations of coalitions that attain the maxima; nobody reads a result with more
_TITLE = "Tau value"
_TEXT = "The division is the efficient point on the segment from the minimal rights to the utopia payoffs"
_UNBALANCED = "the game is not quasi-balanced, so the tau value is not defined"

Region = tuple[Boolean, ...]


@dataclass(frozen=True)
class _Piece:
    """On `region` the minimal rights are `lower`, and the share of player i is ``lower + position * (upper - lower)``.

    ``facts`` are the premises behind them, ``proofs`` those of them that are steps of their own.
    """

    region: Region
    lower: tuple[Expr, ...]
    position: Expr
    shares: tuple[Expr, ...]
    facts: tuple[Shown, ...] = ()
    proofs: tuple[Step, ...] = ()


def derive_tau(argument: _Argument) -> Solution:
    """The tau value on every region where the game is quasi-balanced, the rest as gaps. Raises `Refusal` where there is no region
    of the first kind, or more cases than can be told apart."""
    propositions: list[Proposition] = []
    pieces: list[tuple[Region, tuple[Expr, ...]]] = []
    gaps: list[Gap] = []
    for k, part in enumerate(argument.parts):
        name = argument.name("tau", k, len(argument.parts))
        if part.game.numeric:
            found = _numeric(part)
        else:
            rights = _Rights(argument, part, name)
            found = rights.pieces()
            gaps += rights.gaps
        for j, piece in enumerate(found):
            label = name if len(found) == 1 else f"{name}-{j + 1}"
            propositions.append(_proposition(argument, part, piece, label))
            pieces.append((piece.region, piece.shares))
    if not pieces:
        raise Refusal(_UNBALANCED)
    united = merge(tuple(pieces), argument.game.assumptions) if len(pieces) > 1 else tuple(pieces)
    paired = tuple((region, tuple(zip(argument.shares, values, strict=True))) for region, values in united)
    return argument.solution("tau", paired, tuple(propositions), gaps=tuple(gaps))


def _numeric(part: Part) -> tuple[_Piece, ...]:
    found = tau(part.game)
    return () if found is None else (_Piece(part.region, found.lower, found.position, found.shares),)


def _proposition(argument: _Argument, part: Part, piece: _Piece, label: str) -> Proposition:
    game = part.game
    pairs = tuple(zip(argument.shares, piece.shares, strict=True))
    step = TauValue(
        label=f"{label}-value",
        uses=(part.label, *dict.fromkeys(one.label for one in piece.facts)),
        given=piece.region,
        upper=tuple(told(game.sign * value) for value in _utopia(game)),
        lower=tuple(told(game.sign * value) for value in piece.lower) if not game.numeric else piece.lower,
        position=piece.position,
        shares=pairs,
        proofs=_comparisons(argument, game, piece, label),
        cost=game.sign < 0,
    )
    steps: list[Step] = [*piece.proofs, step]
    if plain(sympy.Add(*piece.shares) - game.worths[game.grand]) == 0 or piece.position != 1:
        steps.append(argument.efficiency(f"{label}-efficiency", part, pairs, (step.label,), piece.region))
    text = _TEXT if piece.region else f"{_TEXT}."
    return Proposition(label, "proposition", _TITLE, text, (Case(piece.region, pairs),), tuple(steps))


def _utopia(game: Table) -> tuple[Expr, ...]:
    """What each player adds to all others, as a gain."""
    gains = game.gains()
    return tuple(plain(gains[game.grand] - gains[game.grand ^ 1 << i]) for i in range(game.n))


def _kept(game: Table) -> tuple[tuple[Expr, ...], ...]:
    """What each player keeps in each coalition that it is in when all others there are paid their utopia payoffs."""
    gains, upper = game.gains(), _utopia(game)
    return tuple(
        tuple(
            plain(gains[mask] - sympy.Add(*(upper[j] for j in members(mask) if j != i)))
            for mask in range(1, game.grand + 1)
            if mask >> i & 1
        )
        for i in range(game.n)
    )


def _needed(game: Table, piece: _Piece) -> Iterator[Expr]:
    """What must not be negative for the piece to be the tau value."""
    upper, total = _utopia(game), game.gains()[game.grand]
    for low, high, kept in zip(piece.lower, upper, _kept(game), strict=True):
        yield high - low
        yield from (low - one for one in kept)
    yield total - sympy.Add(*piece.lower)
    yield sympy.Add(*upper) - total
    if piece.position == 1:
        yield total - sympy.Add(*upper)


def _comparisons(argument: _Argument, game: Table, piece: _Piece, label: str) -> tuple[LinearCombination, ...]:
    """Each of them as a combination of what is given and shown."""
    if game.numeric:
        return ()
    needed = conditions(_needed(game, piece))
    if not piece.position.is_Rational:
        needed = (*needed, tidy(sympy.Add(*_utopia(game)) - sympy.Add(*piece.lower), strict=True))
    given = (*argument.game.assumptions, *piece.region)
    found: list[LinearCombination] = []
    for relation in dict.fromkeys(needed):
        if relation == true or relation in relations(piece.facts):
            continue
        proof = follows(f"{label}-order-{len(found) + 1}", relation, given, piece.facts)
        if proof is None:
            raise Refusal(f"the comparison {relation} behind a minimal right could not be certified")
        found.append(proof)
    return tuple(found)


class _Rights:
    """The minimal rights of one part of a symbolic game, and the regions on which they are plain expressions."""

    def __init__(self, argument: _Argument, part: Part, name: str) -> None:
        if part.game.n > _SYMBOLIC:
            raise Refusal(
                f"the tau value of symbolic worths is derived for up to {_SYMBOLIC} players; the game has {part.game.n}"
            )
        names = {symbol for worth in part.game.worths for symbol in worth.free_symbols}
        if len(names) > _PARAMETERS.get(part.game.n, len(names)):
            raise Refusal(f"the tau value of {part.game.n} players with {len(names)} parameters has too many cases")
        self.argument, self.part, self.game, self.name = argument, part, part.game, name
        self.assumptions = argument.game.assumptions
        self.upper = _utopia(part.game)
        self.total = part.game.gains()[part.game.grand]
        self.gaps: list[Gap] = []

    def pieces(self) -> tuple[_Piece, ...]:
        """The pieces; what they leave out are the `gaps`."""
        game, region = self.game, self.part.region
        covered = (sympy.Add(*(self.upper[i] for i in members(mask))) - game.gains()[mask] for mask in range(1, game.grand + 1))
        proofs, open_ones = self._decided("covered", conditions(map(plain, covered)), region)
        if not self._possible((*region, *open_ones)):
            self._miss(region)
            return ()
        if open_ones:
            self._miss((*region, Or(*(one.negated for one in open_ones))))
        region = (*region, *open_ones)
        facts: tuple[Shown, ...] = (*self.argument.known, *_signs(proofs))
        ordered, _ = self._decided("rights", self._nonlinear(), region)
        facts = (*facts, *_signs(ordered))
        given = (*self.assumptions, *region, *relations(facts))
        kinks = tuple(sympy.Max(*kept, evaluate=False) if len(set(kept)) > 1 else kept[0] for kept in _kept(game))
        split = tuple(islice(branches(kinks, given), _CASES + 1))
        if len(split) > _CASES:
            raise Refusal(f"the minimal rights have more than {_CASES} cases")
        found: list[_Piece] = []
        for k, branch in enumerate(split):
            one = _Piece((*region, *branch.region), branch.values, S.One, (), facts, (*_signs(proofs), *_signs(ordered)))
            found += self._settled(one, f"case-{k + 1}")
        return tuple(found)

    def _miss(self, region: Region) -> None:
        self.gaps.append(Gap(region, Without.INFEASIBLE, _UNBALANCED))

    def _nonlinear(self) -> tuple[Boolean, ...]:
        """The comparisons of what a player keeps that linear reasoning cannot settle."""
        pairs = (one - other for kept in _kept(self.game) for one, other in permutations(dict.fromkeys(kept), 2))
        return tuple(one for one in conditions(map(plain, pairs)) if (form := read(one)) is None or not form.linear)

    def _settled(self, piece: _Piece, name: str) -> Iterator[_Piece]:
        """The piece where its rights leave something to divide: with room above them, and without."""
        least, most = sympy.Add(*piece.lower), sympy.Add(*self.upper)
        proofs, open_ones = self._decided(f"{name}-least", conditions([plain(self.total - least)]), piece.region, piece.facts)
        if not self._possible((*piece.region, *open_ones)):
            self._miss(piece.region)
            return
        if open_ones:
            self._miss((*piece.region, *(one.negated for one in open_ones)))
        piece = self._with(piece, (*piece.region, *open_ones), proofs)
        room = plain(most - least)
        some = tidy(room, strict=True)
        proofs, tight = self._decided(f"{name}-room", (some,), piece.region, piece.facts)
        if some != false and self._possible((*piece.region, *tight)):
            position = normal((self.total - least) / room)
            yield self._shared(self._with(piece, (*piece.region, *tight), proofs), position)
        if tight:
            level = (*piece.region, *(() if some == false else (Eq(some.lhs, some.rhs),)))
            if met((*self.assumptions, *level), self.argument.named):
                yield self._shared(self._with(piece, level, ()), S.One)
            elif self._possible(level):
                self.gaps.append(
                    Gap(level, Without.UNSETTLED, "it is not known whether the bounds ever leave no room between them")
                )

    def _with(self, piece: _Piece, region: Region, proofs: tuple[Step, ...]) -> _Piece:
        signs = _signs(proofs)
        return _Piece(region, piece.lower, S.One, (), (*piece.facts, *signs), (*piece.proofs, *signs))

    def _shared(self, piece: _Piece, position: Expr) -> _Piece:
        sign = self.game.sign
        if position != 1 and len(set(piece.lower)) == len(set(self.upper)) == 1:
            shares = (told(sign * plain(self.total / self.game.n)),) * self.game.n
        else:
            between = zip(piece.lower, self.upper, strict=True)
            shares = tuple(_written(sign * (low + position * (high - low))) for low, high in between)
        beyond = tuple(one for one in piece.region if one not in self.part.region)
        region = (*self.part.region, *prune(beyond, (*self.assumptions, *self.part.region)))
        return _Piece(region, piece.lower, position, shares, piece.facts, piece.proofs)

    def _decided(
        self, name: str, needed: tuple[Boolean, ...], region: Region, facts: tuple[Shown, ...] = ()
    ) -> tuple[tuple[Step, ...], Region]:
        known = facts or self.argument.known
        return decide(f"{self.name}-{name}", needed, self.assumptions, region, known)

    def _possible(self, region: Region) -> bool:
        """False only where the region is proved to be empty."""
        everything = (*self.assumptions, *region)
        if not possible((*everything, *relations(self.argument.known))):
            return False
        return _linear(everything) or refute(everything) is None


def _linear(region: Region) -> bool:
    """Whether linear reasoning settles if the region is empty."""
    found = forms(region)
    return found is not None and all(one.linear for one in found)


def _signs(proofs: tuple[Step, ...]) -> tuple[Sign, ...]:
    """The steps that are facts of their own; combinations of what is given are found again where they are needed."""
    return tuple(one for one in proofs if isinstance(one, Sign))


def _written(expression: Expr) -> Expr:
    """As a fraction in lowest terms; as a sum where nothing is divided."""
    try:
        found = normal(expression)
    except (NotRational, ZeroDivisionError):
        return told(plain(expression))
    return told(plain(found)) if found.as_numer_denom()[1].is_Rational else told(found)
