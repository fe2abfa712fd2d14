"""The argument of a solution replayed, step by step in its order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Not, Symbol
from sympy.logic.boolalg import Boolean

from derive import cases
from derive.check.context import Context, follows
from derive.check.cubic import belongs_nowhere
from derive.check.sample import flat
from derive.check.steps import Rejected, check_step
from derive.solution import Solution
from derive.steps import Step


def replay(statement: Any, solution: Solution, doubts: list[str] | None = None) -> tuple[dict[str, Step], list[str]]:
    """The steps by label, and what is wrong with them, one line each.

    Labels are new, premises stand before (so there is no circle) and hold where they are used, and every step's verifier accepts it.
    A step may use earlier steps and whole earlier propositions. What rests on samples is added to `doubts`.
    """
    parameters = frozenset(parameter.symbol for parameter in statement.parameters)
    earlier: dict[str, Step] = {}
    propositions: dict[str, tuple[Step, ...]] = {}
    faults: list[str] = []
    for proposition in solution.argument:
        for step in proposition.proof:
            if step.label in earlier:
                faults.append(f"{step.label}: two steps of that label")
            missing = [use for use in step.uses if use not in earlier and use not in propositions]
            if missing:
                faults.append(f"{step.label}: no earlier step {', '.join(missing)}")
            premises = [earlier[use] for use in step.uses if use in earlier]
            premises += [part for use in step.uses for part in propositions.get(use, ())]
            faults += _out_of_place(step, premises, solution.assumptions, parameters)
            try:
                found = check_step(step, statement, solution.assumptions, tuple(premises), tuple(earlier.values()))
                if doubts is not None:
                    doubts += found
            except Rejected as reason:
                faults.append(str(reason))
            earlier[step.label] = step
        propositions[proposition.label] = proposition.proof
    return earlier, [*faults, *belongs_nowhere(solution, earlier.values())]


def _out_of_place(
    step: Step, premises: Sequence[Step], assumptions: tuple[Boolean, ...], parameters: frozenset[Symbol]
) -> list[str]:
    """What a step supposes against the assumptions, so that it says nothing; and what a premise supposes of parameters, and what need
    not hold where it is used. Replies that are not mutual are each supposed on a part of the parameters of their own."""
    here = Context(None, flat((*assumptions, *step.given)), ())
    faults = [
        f"{step.label}: supposes {relation}, against what is assumed of the parameters"
        for relation in flat(step.given)
        if relation not in (True, False) and follows(Not(relation), assumptions)
    ]
    for premise in premises if not isinstance(step, cases.NotMutual) else ():
        for relation in flat(premise.given):
            if relation.free_symbols <= parameters and not follows(relation, here.known) and here.fails(relation):
                faults.append(f"{step.label}: {premise.label} is used where {relation} need not hold")
    return faults
