"""Two players bargain over a frontier: Nash, Kalai-Smorodinsky, egalitarian, utilitarian, and alternating offers.

The engine is imported on first use, so that whoever needs the vocabulary alone (statements, steps) does not load it.
"""

from typing import Any

from derive.bargaining.ir import SOLUTIONS, Bargainer, BargainingProblem

__all__ = ["SOLUTIONS", "Bargainer", "BargainingProblem", "derive_bargaining"]


def __getattr__(name: str) -> Any:
    if name == "derive_bargaining":
        from derive.bargaining.derive import derive_bargaining

        return derive_bargaining
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
