"""Games in coalition form: worths in; Shapley value, core, convexity, nucleolus and their relatives out, with the arguments.

The engine is imported on first use, so that whoever needs the vocabulary alone (statements, steps) does not load it.
"""

from typing import Any

from derive.coalition.ir import CONCEPTS, PROPERTIES, CoalitionGame, Member, Revision

__all__ = ["CONCEPTS", "PROPERTIES", "CoalitionGame", "Member", "Revision", "derive_coalition"]


def __getattr__(name: str) -> Any:
    if name == "derive_coalition":
        from derive.coalition.argue import derive_coalition

        return derive_coalition
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
