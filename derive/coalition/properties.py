"""Superadditivity, convexity, a nonempty core, and allocations in the core: where they hold and where they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.coalition import core
from derive.coalition.argue import Part, conditions
from derive.coalition.cases import merge, possible
from derive.coalition.core import Row
from derive.coalition.decide import decide, met
from derive.coalition.ir import PROPERTIES
from derive.coalition.steps import (
    Balancedness,
    Convexity,
    CoreElement,
    CoreMembership,
    CoreOfConvex,
    EmptyCore,
    Superadditivity,
)
from derive.coalition.table import members, told
from derive.coalition.values import moved
from derive.errors import Refusal
from derive.prove.relations import compared
from derive.solution import Case, Gap, Proposition, Solution, Without
from derive.steps import Step

if TYPE_CHECKING:
    from derive.coalition.argue import _Argument

__all__ = ["derive_property"]

_LISTED = 4
_SYMBOLIC = 5
_BALANCED = 4

Pieces = list[tuple[tuple[Boolean, ...], tuple[Expr, ...]]]

_TITLES = {
    "superadditivity": ("Superadditivity", "The game is superadditive", "The game is not superadditive"),
    "convexity": ("Convexity", "The game is convex", "The game is not convex"),
    "core": ("Nonempty core", "The core is not empty", "The core is empty"),
    "shapley_core": (
        "The Shapley value and the core",
        "The Shapley value is in the core",
        "The Shapley value is not in the core",
    ),
    "revision_core": ("Core-stable weights", "The revised shares are in the core", "The revised shares are not in the core"),
}
_COSTS = {"superadditivity": "subadditive", "convexity": "concave"}


def derive_property(argument: _Argument, concept: str) -> Solution:
    """Where the game has the property: regimes ``holds`` (value 1) and ``fails`` (value 0). Raises `Refusal` beyond reach."""
    game = argument.game
    extra = game.revision.assumptions if concept == "revision_core" and game.revision else ()
    given = (*game.assumptions, *extra)
    allocations = {"shapley_core": lambda: argument.shapley, "revision_core": argument.revised}
    shares = allocations[concept]() if concept in allocations else None
    symbol = PROPERTIES[concept]
    title, yes, no = _TITLES[concept]
    listed: dict[int, Pieces] = {1: [], 0: []}
    gaps: list[Gap] = []
    propositions = []
    for k, part in enumerate(argument.parts):
        label = argument.name(concept, k, len(argument.parts))
        allocation = tuple(zip(argument.shares, shares[k], strict=True)) if shares is not None else ()
        criterion, proofs, open_ones = _settled(argument, concept, part, label, allocation, k, given)
        cases = []
        for answer, beyond in _answers(open_ones):
            region = (*part.region, *beyond)
            if beyond and not met((*given, *region), argument.named):
                gaps += _unmet(region, (*given, *region), yes if answer else no)
                continue
            listed[answer].append((region, (sympy.Integer(answer),)))
            cases.append(Case(region, ((symbol, sympy.Integer(answer)),)))
        if not cases:
            raise Refusal("neither parameters with the property nor parameters without it are known")
        said = yes if cases[0].values[0][1] == 1 else no
        propositions.append(
            Proposition(
                label=label,
                kind="proposition",
                title=title,
                text=_sentence(said, concept, part, conditional=len(cases[0].region) > len(part.region)),
                cases=tuple(cases[:1]),
                proof=(*criterion, *proofs),
            )
        )
    return _solution(argument, concept, symbol, listed, tuple(propositions), extra, tuple(gaps))


def _answers(open_ones: tuple[Boolean, ...]) -> Iterator[tuple[int, tuple[Boolean, ...]]]:
    """The answers that what is left open allows, each with what it takes."""
    if sympy.false not in open_ones:
        yield 1, open_ones
    if open_ones:
        yield 0, () if sympy.false in open_ones else (sympy.Or(*(one.negated for one in open_ones)),)


def _unmet(region: tuple[Boolean, ...], everything: tuple[Boolean, ...], said: str) -> Iterator[Gap]:
    """A region of which no point is known, unless it is proved to be empty: what would hold there is not asserted."""
    if possible(everything):
        yield Gap(region, Without.UNSETTLED, f"no admissible parameters are known at which {said[0].lower()}{said[1:]}")


def _settled(
    argument: _Argument,
    concept: str,
    part: Part,
    label: str,
    allocation: tuple[tuple[Symbol, Expr], ...],
    k: int,
    given: tuple[Boolean, ...],
) -> tuple[tuple[Step, ...], tuple[Step, ...], tuple[Boolean, ...]]:
    """The criterion, the proofs of what it asks for, and what is left open.

    Of a convex game with symbolic worths nothing is left open as to its core (Shapley 1971), and that takes fewer requirements.
    """
    promising = argument.convex.get(k, True) and not part.game.numeric and part.game.n > 2
    if concept in ("core", "shapley_core") and promising:
        step, needed = _criterion(argument, "convexity", part, label, (), k)
        proofs, open_ones = decide(f"{label}-sign", needed, given, part.region, argument.known)
        argument.convex[k] = not open_ones
        if not open_ones:
            uses = (part.label, step.label, *(proof.label for proof in proofs))
            final = CoreOfConvex(label=f"{label}-convex", uses=uses, given=part.region, cost=part.game.sign < 0)
            return (step,), (*proofs, final), ()
    step, needed = _criterion(argument, concept, part, label, allocation, k)
    proofs, open_ones = decide(f"{label}-sign", needed, given, part.region, argument.known)
    if concept == "convexity":
        argument.convex[k] = not open_ones
    return (step,), proofs, open_ones


def _sentence(text: str, concept: str, part: Part, *, conditional: bool) -> str:
    """The result in words; where it needs conditions they follow the sentence."""
    if part.game.sign < 0 and concept in _COSTS:
        text = " ".join([*text.split()[:-1], _COSTS[concept]])
    return f"{text} exactly" if conditional else text


def _solution(
    argument: _Argument,
    concept: str,
    symbol: Symbol,
    listed: dict[int, Pieces],
    propositions: tuple[Proposition, ...],
    extra: tuple[Boolean, ...],
    gaps: tuple[Gap, ...],
) -> Solution:
    given = (*argument.game.assumptions, *extra)
    united = [merge(tuple(pieces), given) if len(pieces) > 1 else tuple(pieces) for pieces in (listed[1], listed[0])]
    pieces = []
    names = []
    for word, group in zip(("holds", "fails"), united, strict=True):
        for k, (region, (value,)) in enumerate(group):
            pieces.append((region, ((symbol, value),)))
            names.append(word if len(group) == 1 else f"{word}, case {k + 1}")
    return argument.solution(concept, tuple(pieces), propositions, extra, tuple(names), gaps=gaps)


def _criterion(
    argument: _Argument, concept: str, part: Part, label: str, allocation: tuple[tuple[Symbol, Expr], ...], k: int
) -> tuple[Step, tuple[Boolean, ...]]:
    """The step that states what the property amounts to, and the relations it asks for."""
    game = part.game
    if concept == "core":
        return _balanced(part, label)
    if not game.numeric and game.n > _SYMBOLIC:
        raise Refusal(f"symbolic worths are examined for up to {_SYMBOLIC} players; the game has {game.n}")
    lists: dict[str, Callable[[], Iterator[Row]]] = {
        "superadditivity": lambda: core.superadditivity(game),
        "convexity": lambda: core.convexity(game),
        "shapley_core": lambda: core.core_slacks(game, tuple(value for _, value in allocation)),
        "revision_core": lambda: core.core_slacks(game, tuple(value for _, value in allocation)),
    }
    plain_numbers = game.numeric and all(value.is_Rational for _, value in allocation)
    least = plain_numbers and game.n > _LISTED
    found = core.least(concept, game, tuple(value for _, value in allocation)) if least else None
    rows = ((found,) if found is not None else ()) if least else tuple(lists[concept]())
    needed = conditions(row.slack for row in rows)
    if concept == "revision_core":
        needed = _stable_weights(argument, k, rows)
    name = f"{label}-criterion"
    named = [(tuple(game.names(mask) for mask in row.coalitions), told(row.slack)) for row in rows]
    if concept in ("superadditivity", "convexity"):
        kind = Superadditivity if concept == "superadditivity" else Convexity
        pairs = tuple((coalitions[0], coalitions[1], slack) for coalitions, slack in named)
        return kind(label=name, uses=(part.label,), given=part.region, rows=pairs, least=least, cost=game.sign < 0), needed
    return (
        CoreMembership(
            label=name,
            uses=(part.label,),
            given=part.region,
            shares=allocation,
            rows=tuple((coalitions[0], slack) for coalitions, slack in named),
            least=least,
            cost=game.sign < 0,
        ),
        needed,
    )


def _stable_weights(argument: _Argument, k: int, rows: tuple[Row, ...]) -> tuple[Boolean, ...]:
    """The requirements with the weights on the left: a coalition's surplus weight, times the total, covers its lack."""
    part, old = argument.parts[k], argument.shapley[k]
    revision = argument.game.revision
    assert revision is not None
    game = part.game
    total = game.worths[game.grand]
    relations = []
    for row in rows:
        inside = members(row.coalitions[0])
        change = sympy.expand(sum((moved(revision.weights[i], game.n) for i in inside), sympy.S.Zero)) * total
        lack = sympy.expand(game.worths[row.coalitions[0]] - sum((old[i] for i in inside), sympy.S.Zero))
        relations.append(compared(change, ">=" if game.sign > 0 else "<=", lack))
    return tuple(dict.fromkeys(one for one in relations if one != sympy.true))


def _balanced(part: Part, label: str) -> tuple[Step, tuple[Boolean, ...]]:
    game = part.game
    name = f"{label}-criterion"
    if not game.numeric:
        if game.n > _BALANCED:
            raise Refusal(f"with symbolic worths balancedness is examined for up to {_BALANCED} players; the game has {game.n}")
        rows = tuple(core.balancedness(game))
        step: Step = Balancedness(
            label=name,
            uses=(part.label,),
            given=part.region,
            rows=tuple((tuple(game.names(mask) for mask in row.coalitions), row.weights, told(row.slack)) for row in rows),
            cost=game.sign < 0,
        )
        return step, conditions(row.slack for row in rows)
    point = core.core_point(game)
    if point is not None:
        return CoreElement(label=name, uses=(part.label,), given=part.region, point=point, cost=game.sign < 0), ()
    empty = core.empty_core(game)
    assert empty is not None
    return (
        EmptyCore(
            label=name,
            uses=(part.label,),
            given=part.region,
            coalitions=tuple(game.names(mask) for mask in empty.coalitions),
            weights=empty.weights,
            excess=-empty.slack,
            cost=game.sign < 0,
        ),
        conditions([empty.slack]),
    )
