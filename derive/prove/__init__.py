"""Proofs of relations between rational functions (and powers) of parameters, as certificates that a small checker replays."""

from derive.prove.api import prove, refute, witness

__all__ = ["prove", "refute", "witness"]
