"""Contracts under hidden information: menus, payments that are seen through a utility, a continuum of types.

The engine is imported on first use, so that whoever needs the vocabulary alone (statements, steps) does not load it.
"""

from typing import Any

from derive.contracts.ir import SOLUTIONS, HiddenType, Screening

__all__ = ["SOLUTIONS", "HiddenType", "Screening", "derive_screening"]


def __getattr__(name: str) -> Any:
    if name == "derive_screening":
        from derive.contracts.screening import derive_screening

        return derive_screening
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
