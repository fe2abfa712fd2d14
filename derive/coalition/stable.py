"""The nucleolus as a solution: numbers for a numeric game, one formula per region for worths linear in the parameters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from sympy import Expr, Rational, S, expand
from sympy.logic.boolalg import Boolean, false, true

from derive.coalition.argue import Part
from derive.coalition.cases import merge, possible, remainder
from derive.coalition.certify import combination, partition
from derive.coalition.core import nucleolus_of
from derive.coalition.decide import follows, relations
from derive.coalition.ir import LEAST_EXCESS, TITLES
from derive.coalition.linear import forms, tidy
from derive.coalition.nucleolus import Level, nucleolus
from derive.coalition.region import Critical, SymbolicLevel, critical_regions
from derive.coalition.steps import ExcessLevel, LinearCombination, NucleolusChain
from derive.coalition.table import Table
from derive.errors import Refusal
from derive.solution import Case, Gap, Proposition, Solution, Without

if TYPE_CHECKING:
    from derive.coalition.argue import _Argument

__all__ = ["derive_nucleolus"]

_SYMBOLIC = 5
_CUT_UP, _PARTS = 4, 8  # players and parameters from which on, and cases beyond which, regions are not looked for
_PARAMETERS = {4: 10, 5: 6}  # the most that a game of so many players may have
_TEXT = "Level by level, no division can keep the largest remaining excess lower, and only this one attains every level"

_LEAST = "No division keeps the largest excess of a coalition lower, and the one below attains it"

Piece = tuple[tuple[Boolean, ...], tuple[Expr, ...]]


def derive_nucleolus(argument: _Argument, concept: str = "nucleolus") -> Solution:
    """The nucleolus, the prenucleolus, or the least excess (``least_core``) on every region, with gaps where none exists.

    Raises `Refusal` where worths are not linear in the parameters or no division gives everybody what it has alone.
    """
    game = argument.game
    rational = concept == "nucleolus"
    gaps: list[Gap] = []
    pieces: list[Piece] = []
    propositions = []
    for k, part in enumerate(argument.parts):
        label = argument.name(concept, k, len(argument.parts))
        part, gap = _with_divisions(argument, part) if rational and not part.game.numeric else (part, None)
        gaps += [gap] if gap is not None else []
        found = _numeric(part, rational=rational) if part.game.numeric else _symbolic(argument, part, rational=rational)
        for j, critical in enumerate(found):
            region = (*part.region, *critical.region)
            name = label if len(found) == 1 else f"{label}-{j + 1}"
            shares = tuple(zip(argument.shares, critical.shares, strict=True))
            excess = critical.levels[0].excess if critical.levels else S.Zero
            pairs = ((LEAST_EXCESS, excess),) if concept == "least_core" else shares
            proofs: list[LinearCombination] = []
            for relation in critical.comparisons:
                proof = follows(f"{name}-order-{len(proofs) + 1}", relation, (*game.assumptions, *region), argument.known)
                if proof is None:
                    raise Refusal(f"the comparison {relation} of excesses could not be certified")
                proofs.append(proof)
            chain = NucleolusChain(
                label=f"{name}-chain",
                uses=(part.label, *dict.fromkeys(label for proof in proofs for label in proof.uses)),
                given=region,
                shares=shares,
                levels=tuple(_level(part.game, one) for one in critical.levels),
                individually_rational=rational,
                cost=part.game.sign < 0,
                proofs=tuple(proofs),
            )
            efficiency = argument.efficiency(f"{name}-efficiency", part, shares, (chain.label,), region)
            text = (_LEAST if concept == "least_core" else _TEXT) + ("" if region else ".")
            title = TITLES[concept]
            propositions.append(Proposition(name, "proposition", title, text, (Case(region, pairs),), (chain, efficiency)))
            pieces.append((region, tuple(value for _, value in pairs)))
    domain = (*game.assumptions, *relations(argument.known))
    regions, warnings = _apart(merge(tuple(pieces), domain), domain)
    symbols = (LEAST_EXCESS,) if concept == "least_core" else argument.shares
    paired = tuple((region, tuple(zip(symbols, values, strict=True))) for region, values in regions)
    return argument.solution(concept, paired, tuple(propositions), warnings=warnings, gaps=tuple(gaps))


def _with_divisions(argument: _Argument, part: Part) -> tuple[Part, Gap | None]:
    """The part where some division gives everybody what it has alone, and the rest of it as a gap."""
    game, assumptions = part.game, (*argument.game.assumptions, *part.region, *relations(argument.known))
    alone = sum((game.worths[1 << i] for i in range(game.n)), S.Zero)
    needed = tidy(expand(game.sign * (game.worths[game.grand] - alone)))
    if needed == true or needed in assumptions or combination("", needed, assumptions) is not None:
        return part, None
    if needed == false or not possible((*assumptions, needed)):
        raise Refusal("no division gives every player what it earns alone, so there is no nucleolus")
    gap = Gap((*part.region, needed.negated), Without.INFEASIBLE, "no division gives every player what it has alone")
    return replace(part, region=(*part.region, needed)), gap


def _numeric(part: Part, *, rational: bool) -> tuple[Critical, ...]:
    game = part.game
    found = nucleolus_of(game) if rational else nucleolus([game.sign * worth for worth in game.fractions()])
    if found is None:
        raise Refusal("no division gives every player what it earns alone, so there is no nucleolus")
    shares = tuple(Rational(game.sign * share.numerator, share.denominator) for share in found.shares)
    levels = tuple(SymbolicLevel(_q(level.excess), level) for level in found.levels)
    return (Critical((), shares, levels, ()),)


def _symbolic(argument: _Argument, part: Part, *, rational: bool) -> tuple[Critical, ...]:
    if part.game.n > _SYMBOLIC:
        raise Refusal(f"the nucleolus of symbolic worths is derived for up to {_SYMBOLIC} players; the game has {part.game.n}")
    domain = (*argument.game.assumptions, *part.region, *relations(argument.known))
    names = {symbol for relation in domain for symbol in relation.free_symbols}
    names |= {symbol for worth in part.game.worths for symbol in worth.free_symbols}
    if len(names) > _PARAMETERS.get(part.game.n, len(names)):
        raise Refusal(f"the nucleolus of {part.game.n} players with {len(names)} parameters has too many cases")
    if part.game.n >= _CUT_UP and len(names) >= _CUT_UP and len(argument.parts) > _PARTS:
        raise Refusal(
            f"worths with {len(argument.parts)} cases in {len(names)} parameters leave too many regions to the nucleolus"
        )
    ordered = tuple(sorted(names, key=str))
    found = critical_regions(part.game, ordered, domain, individually_rational=rational)
    if found is None:
        raise Refusal(
            "the worths or their domain are not linear in the parameters, some admissible worths leave no division giving every "
            "player what it earns alone, or the formula has too many cases"
        )
    return found


def _level(game: Table, one: SymbolicLevel) -> ExcessLevel:
    level: Level = one.level
    return ExcessLevel(
        excess=one.excess,
        weights=tuple((game.names(mask), _q(weight)) for mask, weight in level.weights),
        floors=tuple((game.names(1 << i), _q(weight)) for i, weight in level.floors),
        settled=tuple((game.names(mask), _q(weight)) for mask, weight in level.settled),
    )


def _apart(pieces: tuple[Piece, ...], assumptions: tuple[Boolean, ...]) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """Common boundaries given to the first of the regions that share them, wherever that loses no point.

    Where regions meet in a corner this may leave an overlap, on which their formulas agree; a warning says so.
    """
    apart, touching = _opened(pieces, assumptions, careful=False)
    if len(apart) == 1 or (not touching and partition("", tuple(region for region, _ in apart), assumptions) is not None):
        return apart, ()
    apart, touching = _opened(pieces, assumptions, careful=True)
    return apart, ("neighbouring regions share corners, where their formulas agree",) if touching else ()


def _opened(pieces: tuple[Piece, ...], assumptions: tuple[Boolean, ...], *, careful: bool) -> tuple[tuple[Piece, ...], bool]:
    """The pieces with boundaries made strict against earlier pieces, and whether some still touch.

    ``careful`` opens a boundary only where earlier pieces cover all of it.
    """
    apart: list[Piece] = []
    base = forms(assumptions) or ()
    touching = False
    for region, shares in pieces:
        relations = list(region)
        earlier = [one for one, _ in apart]
        taken = tuple(forms(one) or () for one in earlier)
        for other in earlier:
            if not possible((*assumptions, *other, *relations)):
                continue
            for index, relation in enumerate(relations):
                strict = tidy(relation.gts - relation.lts, strict=True)
                if relation.rel_op not in (">=", "<=") or possible((*assumptions, *other, *relations, strict)):
                    continue
                edge = forms((*relations, relation.gts <= relation.lts)) or ()
                if not careful or not any(True for _ in remainder((*base, *edge), taken)):
                    relations[index] = strict
                    break
            else:
                touching = True
        apart.append((tuple(relations), shares))
    return tuple(apart), touching


def _q(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)
