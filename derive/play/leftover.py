"""Parameters of which nothing was said: what followers may choose is looked for only where those before them have a choice."""

from __future__ import annotations

from dataclasses import replace

from derive.algebra.shape import simplest
from derive.decision.problem import Journal, needed, unique
from derive.decision.regions import Region, told_outside, uncovered
from derive.errors import Refusal
from derive.play.setting import Setting, domains
from derive.play.told import Told
from derive.programs import Infeasible
from derive.prove import refute
from derive.solution import Gap, Proposition, Without

__all__ = ["nobody_ever_can", "with_what_is_left"]

# Regions of which what they leave out is looked for beyond one relation of theirs that fails.
MOST = 12


def with_what_is_left(setting: Setting, told: Told) -> Told:
    """The same with what no case and no gap covers: there nobody can choose, or it is not settled. Only where all regions are
    relations between parameters."""
    regions = [*(c.region for c in told.continuations), *(g.region for g in told.gaps)]
    parameters = {parameter.symbol for parameter in setting.model.parameters}
    spoken = all(relation.free_symbols <= parameters for region in regions for relation in region)
    if not spoken or not all(regions):
        return told
    journal = Journal(f"{setting.protocol.key}.L")

    def gap(region: Region) -> Gap | None:
        return _nobody_can_choose(setting, region, journal)

    gaps, everything = told_outside(regions, setting.given, lambda region: gap(simplest(region, setting.given)))
    if not everything and len(regions) <= MOST:
        holes = uncovered([*regions, *(g.region for g in gaps)], setting.given)
        shaped = [simplest(hole, setting.given) for hole in holes]
        gaps += [gap(hole) or _unsettled(setting, hole) for hole in shaped]
    if not journal.steps:
        return replace(told, gaps=(*told.gaps, *gaps))
    lemma = Proposition(journal.prefix, "lemma", "Without a choice", "Elsewhere somebody has nothing to choose.", (), journal.taken())
    return replace(told, gaps=(*told.gaps, *gaps), argument=(*told.argument, lemma))


def nobody_ever_can(setting: Setting) -> Refusal | None:
    """The refusal that names the first decision whose bounds contradict one another, whatever was chosen before; None without one."""
    known: Region = setting.given
    for number, stage in enumerate(setting.protocol.stages, 1):
        for decision in stage.decisions:
            bounds = domains(setting, set(decision.chooses))
            if refute((*known, *bounds)) is not None:
                own = (v for v in setting.model.variables if v.symbol in decision.chooses)
                told, chosen = "; ".join(f"{v.symbol}: {r}" for v in own for r in v.domain), ", ".join(map(str, decision.chooses))
                refusal = Refusal(f"infeasible: no choice satisfies all constraints ({told})", symbol=chosen)
                place = {"model": setting.model.key, "protocol": setting.protocol.key, "stage": str(number)}
                return refusal.located(player=" and ".join(decision.by), **place)
        known = unique((*known, *domains(setting, {symbol for d in stage.decisions for symbol in d.chooses})))
    return None


def _nobody_can_choose(setting: Setting, hole: Region, journal: Journal) -> Gap | None:
    """The gap where the bounds on one decision contradict one another whatever was chosen before."""
    known = unique((*setting.given, *hole))
    for decision in (decision for stage in setting.protocol.stages for decision in stage.decisions):
        constraints = domains(setting, set(decision.chooses))
        certificate = refute((*known, *constraints))
        if certificate is not None:
            journal.add(Infeasible, given=known, variables=decision.chooses, constraints=constraints, certificate=certificate)
            region = needed(hole, setting.given)
            return Gap(region, Without.INFEASIBLE, f"{' and '.join(decision.by)}: no choice satisfies all constraints")
    return None


def _unsettled(setting: Setting, hole: Region) -> Gap:
    return Gap(needed(hole, setting.given), Without.UNSETTLED, "no stage says anything of these parameters")
