"""From incentive conditions to regimes: the equilibrium's region and, one after another, the ways it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import sympy
from sympy import Basic, Eq, Expr, Integer, Not, Symbol
from sympy.logic.boolalg import Boolean

from derive.repeated.steps import CaseChain, OneShotDeviation, PlanComparison, ReplyComparison, SignChangeRoot
from derive.repeated.threshold import Condition, condition, larger, merged
from derive.solution import Case, Implicit, Regime
from derive.steps import Step

__all__ = ["Outcome", "conditions", "numbered", "regimes", "told"]

Comparison = OneShotDeviation | ReplyComparison | PlanComparison
Report = Callable[[Expr | None, bool], tuple[tuple[Symbol, Expr], ...]]
"""What a regime reports, given the threshold (None if there is none there) and whether the equilibrium exists."""


@dataclass(frozen=True)
class Outcome:
    """All regimes of a candidate, the steps that tell them apart, and the regions on which it is an equilibrium."""

    regimes: tuple[Regime, ...]
    steps: tuple[Step, ...]
    holds: tuple[tuple[Boolean, ...], ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """What the regimes report, region by region."""
        return tuple(Case(regime.region, regime.values) for regime in self.regimes)


def conditions(
    comparisons: tuple[Comparison, ...], variable: Symbol, root: Symbol, given: tuple[Boolean, ...], key: str
) -> tuple[tuple[Condition, ...], dict[str, tuple[str, ...]]]:
    cores: list[Expr] = []
    sources: dict[str, tuple[str, ...]] = {}
    made = []
    for item in comparisons:
        if item.core in cores:
            name = f"{key}.condition.{cores.index(item.core) + 1}"
            sources[name] = (*sources[name], item.label)
            continue
        cores.append(item.core)
        name = f"{key}.condition.{len(cores)}"
        sources[name] = (item.label,)
        if item.core != 0:
            made.append(condition(item.core, variable, root, given, name))
    return merged(tuple(made), variable, given, f"{key}.strongest"), sources


def numbered(steps: tuple[Step, ...], sources: dict[str, tuple[str, ...]]) -> tuple[Step, ...]:
    """The steps with the comparisons that each condition came from as premises; a repeated step once."""
    kept: list[Step] = []
    for step in steps:
        if any(step.label == other.label for other in kept):
            continue
        name = step.label.rsplit(".", 1)[0]
        kept.append(replace(step, uses=step.uses + sources[name]) if name in sources else step)
    return tuple(kept)


def _ordered(found: tuple[Condition, ...]) -> list[Boolean]:
    """Conditions on parameters first, then those on the discount factor; trivial ones left out."""
    first = [item.relation for item in found if item.kind == "parameter"]
    first += [item.needs for item in found if item.needs is not None]
    last = [item.relation for item in found if item.kind in ("raw", "root", "upper", "lower", "equal")]
    return list(dict.fromkeys(first + last))


def _chain(conditions: list[Boolean], label: str, given: tuple[Boolean, ...]) -> CaseChain:
    failing = [(*conditions[:index], Not(item)) for index, item in enumerate(conditions)]
    return CaseChain(label=label, given=given, conditions=tuple(conditions), regions=(tuple(conditions), *failing))


def regimes(
    found: tuple[Condition, ...],
    variable: Symbol,
    root: Symbol,
    given: tuple[Boolean, ...],
    key: str,
    report: Report,
) -> Outcome:
    """The regimes of a candidate whose conditions were `found`."""
    if any(item.kind == "never" for item in found):
        regime = Regime("not an equilibrium", (), report(None, False))
        return Outcome((regime,), tuple(step for item in found for step in item.steps), ())
    begins = [item for item in found if item.kind in ("lower", "root")]
    others = tuple(item for item in found if item not in begins)
    splits: list[tuple[tuple[Boolean, ...], Expr | None, tuple[Condition, ...]]] = []
    chains: list[Step] = []
    first_larger = larger(begins, variable, given)
    if first_larger is not None:
        chains.append(_chain([first_larger], f"{key}.larger", ()))
        begins = [
            _named(item, name)
            for item, name in zip(begins, _names(root, (*given, *(item.core for item in found))), strict=False)
        ]
        for region, item in zip(((first_larger,), (Not(first_larger),)), begins, strict=True):
            splits.append((region, _begin(item), (*others, item)))
    elif begins:
        splits = [((), sympy.Max(*map(_begin, begins)), found)]
    else:
        equal = [item.bound for item in found if item.kind == "equal"]
        always = not _ordered(found)
        splits = [((), equal[0] if equal else Integer(0) if always else None, found)]
    solved = all(item.kind != "raw" for item in found)
    made: list[Regime] = []
    holds: list[tuple[Boolean, ...]] = []
    for region, begin, mine in splits:
        bound = begin if solved else None
        conditions = _ordered(mine)
        implicit = _implicit(mine)
        roots = {one.symbol for one in implicit}
        suffix = "" if len(splits) == 1 else f" ({region[0]})"
        if not conditions:
            made.append(Regime("equilibrium" + suffix, region, report(bound, True)))
            holds.append(region)
            continue
        chain = _chain(conditions, f"{key}.cases.{len(made) + 1}", region)
        chains.append(chain)
        holds.append(region + chain.regions[0])
        made.append(Regime("equilibrium" + suffix, region + chain.regions[0], report(bound, True), implicit))
        knife_edge = any(isinstance(item, Eq) for item in conditions)
        for number, failing in enumerate(chain.regions[1:]):
            last = number == len(conditions) - 1
            patience = bool(failing[-1].free_symbols & {variable, *roots})
            shown = bound if patience and not knife_edge and (last or bound not in roots) else None
            name = "not an equilibrium" + (f", {number + 1}" if len(conditions) > 1 else "") + suffix
            keep = implicit if shown in roots or any(roots & item.free_symbols for item in failing) else ()
            made.append(Regime(name, region + failing, report(shown, False), keep))
    named = {item.core: item for item in begins}
    proof = tuple(step for item in found for step in named.get(item.core, item).steps)
    return Outcome(tuple(made), (*proof, *chains), tuple(holds))


def _begin(item: Condition) -> Expr:
    """Where a condition begins to hold: its bound, or the root."""
    return _root(item).root if item.bound is None else item.bound


def _root(item: Condition) -> SignChangeRoot:
    """The step that says where the root is from which a condition holds."""
    return next(step for step in item.steps if isinstance(step, SignChangeRoot))


def _names(root: Symbol, spoken_of: tuple[Basic, ...]) -> Iterator[Symbol]:
    """Names for roots of different cases that nothing else has."""
    taken = {symbol for part in spoken_of for symbol in part.free_symbols}
    numbered = (Symbol(f"{root.name}_{number}", real=True) for number in count(1))
    return (name for name in numbered if name not in taken)


def _named(item: Condition, name: Symbol) -> Condition:
    """The condition with another name for its root, if it has one: in different cases there are different roots."""
    if item.kind != "root":
        return item
    old = _root(item)
    steps = tuple(replace(step, root=name) if step is old else step for step in item.steps)
    return replace(item, relation=item.relation.xreplace({old.root: name}), steps=steps)


def _implicit(found: tuple[Condition, ...]) -> tuple[Implicit, ...]:
    """The equation of the root from which on a condition holds, where one does."""
    steps = [_root(item) for item in found if item.kind == "root"]
    return tuple(
        Implicit(step.root, step.core.xreplace({step.variable: step.root}), Integer(0), Integer(1), step.sign) for step in steps
    )


def told(sentence: str, outcome: Outcome) -> tuple[str, tuple[tuple[Boolean, ...], ...]]:
    """`sentence` with a never or an always in its gap, or as it is with the regions on which alone it holds."""
    if not outcome.holds:
        return sentence.format("never ") + ".", ()
    if () in outcome.holds:
        return sentence.format("always ") + ".", ()
    return sentence.format(""), outcome.holds
