"""What a verification did, as plain data: what was shown exactly, at how many points, and what rests on samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from derive import cases
from derive.certificates import certificates_in
from derive.check.cover import Covered
from derive.check.elsewhere import DENIED
from derive.check.solution import Report
from derive.solution import Solution
from derive.steps import Step

__all__ = ["argument_data", "report_data"]

COMPARED = (cases.Branching, cases.BestReplies)  # steps about payoffs by cases, which are compared with the payoff at points


def argument_data(solution: Solution) -> dict[str, Any]:
    """How many steps of each kind a solution's argument has, and how many certificates they hold."""
    steps = [step for proposition in solution.argument for step in proposition.proof]
    steps += [solution.covering] if solution.covering is not None else []
    return {
        "protocol": solution.protocol,
        "instance": solution.instance,
        "regimes": len(solution.regimes),
        "gaps": len(solution.gaps),
        "steps": dict(sorted(Counter(type(step).__name__ for step in steps).items())),
        "certificates": sum(1 for step in steps for _ in certificates_in(step)),
    }


def report_data(solution: Solution, report: Report) -> dict[str, Any]:
    """The same with what was done beside replaying the steps."""
    replies, attack, elsewhere = report.replies, report.attack, report.elsewhere
    return {
        **argument_data(solution),
        "regions": report.cover.how.value if report.cover is not None else "",
        "exact": {"points": replies.points, "choices": replies.choices} if replies is not None else {},
        "attacked": {"points": attack.points, "borders": attack.boundary_points, "deviations": attack.deviations}
        if attack is not None
        else {},
        "active sets": _active_sets(report),
        "bounds": report.bounds,
        "elsewhere": elsewhere.points if elsewhere is not None else 0,
        "samples": list(dict.fromkeys(_samples(solution, report))),
    }


def _active_sets(report: Report) -> dict[str, int]:
    found = report.active_sets
    if found is None or not found.problems:
        return {}
    return {"problems": found.problems, "sets": found.sets, "cases": found.cases, "points": found.points}


def _samples(solution: Solution, report: Report) -> Iterator[str]:
    """What is known at points only."""
    steps: list[Step] = [step for proposition in solution.argument for step in proposition.proof]
    compared = [step.label for step in steps if isinstance(step, COMPARED)]
    if compared:
        yield f"the cases of a payoff, in {', '.join(compared)}"
    yield from report.doubts
    if report.cover is not None and report.cover.how in (Covered.SEARCHED, Covered.SAMPLED):
        yield f"that the regions leave nothing out: {report.cover.how.value}"
    denied = [gap.kind.value for gap in solution.gaps if gap.kind in DENIED]
    for kind in dict.fromkeys(denied):
        yield f"a gap: {kind}"
    yield from report.notes
    for one in (report.replies, report.attack, report.elsewhere):
        yield from (getattr(one, "sampled", ()) or getattr(one, "skipped", ())) if one is not None else ()
