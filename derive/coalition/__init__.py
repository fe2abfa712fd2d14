"""Games in coalition form: worths in; Shapley value, core, convexity, nucleolus and their relatives out, each with its argument."""

from derive.coalition.argue import derive_coalition
from derive.coalition.ir import CONCEPTS, PROPERTIES, CoalitionGame, Member, Revision

__all__ = ["CONCEPTS", "PROPERTIES", "CoalitionGame", "Member", "Revision", "derive_coalition"]
