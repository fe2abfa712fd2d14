"""cluster_reputation: the evaluator of its derivation."""

from .evaluator import *  # noqa: F403
