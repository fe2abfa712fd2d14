"""consignment: the evaluator of its derivation."""

from .evaluator import *  # noqa: F403
