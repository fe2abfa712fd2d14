"""Proofs of relations between rational functions (and powers) of parameters, as certificates that a small checker replays."""

from derive.prooftext import from_text, to_text
from derive.prove.api import plausible, prove, refute, required
from derive.prove.decide import decide
from derive.prove.doubt import independent
from derive.prove.points import witness
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Threshold, Undecided, Vacuous, Verdict

__all__ = [
    "HoldsIff",
    "Proved",
    "Refuted",
    "Threshold",
    "Undecided",
    "Vacuous",
    "Verdict",
    "decide",
    "from_text",
    "independent",
    "plausible",
    "prove",
    "refute",
    "required",
    "to_text",
    "witness",
]
