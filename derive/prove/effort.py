"""How much work a question may cost, counted and not timed: the same question has the same answer on every machine.

The unit is roughly a millisecond on a common machine. Engines charge what they are about to do from the sizes of what they work
on; an answer that is remembered is charged what it cost when it was found, so that no answer depends on earlier questions.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar

Answer = TypeVar("Answer")


class Budget:
    """The work left for one question, shared by all its parts."""

    def __init__(self, work: int) -> None:
        self.left = work

    def charge(self, work: int) -> None:
        """Take `work` away, below zero too."""
        self.left -= work


@dataclass(frozen=True)
class Effort:
    """A budget, and how many nested case distinctions may still be made."""

    budget: Budget
    splits: int

    def spent(self) -> bool:
        """Whether nothing is left to spend."""
        return self.budget.left < 0

    def charge(self, work: int) -> None:
        """Spend `work`."""
        self.budget.charge(work)

    def with_splits(self, splits: int) -> Effort:
        """The same budget with that many case distinctions."""
        return replace(self, splits=splits)

    def less(self) -> Effort:
        """One case distinction deeper."""
        return self.with_splits(self.splits - 1)


def allowance(work: int, splits: int) -> Effort:
    """A budget of its own."""
    return Effort(Budget(work), splits)


Memory = dict[Hashable, tuple[Answer | None, int]]


def remembered(memory: Memory[Answer], key: Hashable, spend: Effort, find: Callable[[], Answer | None]) -> Answer | None:
    """What `find` answers, or answered before, at its price; None, and nothing remembered, where the budget does not reach."""
    if key in memory:
        answer, price = memory[key]
        spend.charge(price)
        return None if spend.spent() else answer
    before = spend.budget.left
    answer = find()
    if spend.spent():
        return None
    memory[key] = (answer, before - spend.budget.left)
    return answer
