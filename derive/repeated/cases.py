"""From incentive conditions to regimes: the equilibrium's region and, one after another, the ways it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import sympy
from sympy import Eq, Expr, Integer, Not, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import balanced
from derive.repeated.signs import split
from derive.repeated.steps import CaseChain, OneShotDeviation, PlanComparison, ReplyComparison, SignChangeRoot
from derive.repeated.threshold import Condition, condition, merged
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
    root: Symbol,
    given: tuple[Boolean, ...],
    key: str,
    report: Report,
) -> Outcome:
    """The regimes of a candidate whose conditions were `found`."""
    lowers = [item for item in found if item.kind == "lower"]
    roots = [item for item in found if item.kind == "root"]
    if any(item.kind == "never" for item in found):
        regime = Regime("not an equilibrium", (), report(None, False))
        return Outcome((regime,), (), ())
    splits: list[tuple[tuple[Boolean, ...], Expr | None, tuple[Condition, ...]]] = []
    others = tuple(item for item in found if item.kind != "lower")
    steps: list[Step] = []
    if len(lowers) == 2 and not roots:
        one, two = lowers
        assert one.bound is not None
        assert two.bound is not None
        larger = balanced(split(one.bound - two.bound, given).core, ">=")
        steps.append(_chain([larger], f"{key}.larger", ()))
        splits = [((larger,), one.bound, (*others, one)), ((Not(larger),), two.bound, (*others, two))]
    elif len(lowers) == 1 and not roots:
        splits = [((), lowers[0].bound, found)]
    elif not lowers and len(roots) == 1:
        splits = [((), root, found)]
    elif not lowers and not roots:
        equal = [item.bound for item in found if item.kind == "equal"]
        always = not _ordered(found)
        splits = [((), equal[0] if equal else Integer(0) if always else None, found)]
    else:
        splits = [((), sympy.Max(*[item.bound for item in lowers]) if not roots else None, found)]
    made: list[Regime] = []
    holds: list[tuple[Boolean, ...]] = []
    for region, bound, mine in splits:
        conditions = _ordered(mine)
        implicit = _implicit(roots, root) if roots else ()
        suffix = "" if len(splits) == 1 else f" ({region[0]})"
        if not conditions:
            made.append(Regime("equilibrium" + suffix, region, report(bound, True)))
            holds.append(region)
            continue
        chain = _chain(conditions, f"{key}.cases.{len(made) + 1}", region)
        steps.append(chain)
        holds.append(region + chain.regions[0])
        made.append(Regime("equilibrium" + suffix, region + chain.regions[0], report(bound, True), implicit))
        knife_edge = any(isinstance(item, Eq) for item in conditions)
        for number, failing in enumerate(chain.regions[1:]):
            last = number == len(conditions) - 1
            shown = bound if last and not knife_edge else bound if bound not in (None, root) and not knife_edge else None
            name = "not an equilibrium" + (f", {number + 1}" if len(conditions) > 1 else "") + suffix
            keep = implicit if shown == root or any(root in item.free_symbols for item in failing) else ()
            made.append(Regime(name, region + failing, report(shown, False), keep))
    return Outcome(tuple(made), tuple(steps), tuple(holds))


def _implicit(roots: list[Condition], root: Symbol) -> tuple[Implicit, ...]:
    step = next(step for step in roots[0].steps if isinstance(step, SignChangeRoot))
    return (Implicit(root, step.core.xreplace({step.variable: root}), Integer(0), Integer(1), step.sign),)


def told(sentence: str, outcome: Outcome) -> tuple[str, tuple[tuple[Boolean, ...], ...]]:
    """`sentence` with a never or an always in its gap, or as it is with the regions on which alone it holds."""
    if not outcome.holds:
        return sentence.format("never ") + ".", ()
    if () in outcome.holds:
        return sentence.format("always ") + ".", ()
    return sentence.format(""), outcome.holds
