"""Results that say of another case what an earlier one has said, word for word, and for the same reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from derive.render import Tex
from derive.views.latex.results import Result

__all__ = ["HERE", "told_once"]

#: How a reason may open; the words take turns.
HERE = "This follows from|Here we use|This holds since"


def told_once(results: Sequence[Result], leads: Sequence[str], again: str) -> tuple[Result, ...]:
    """Each result that differs from an earlier one in the case it speaks of alone, which its lead names, only points there.

    `again` is how its sentence goes on, with a place for the reference.
    """
    found: list[Result] = []
    first: dict[object, Result] = {}
    for one, lead in zip(results, leads, strict=True):
        said = _said(one, lead)
        same = first.setdefault(said, one) if said is not None else one
        if same is one:
            found.append(one)
        else:
            pointed = again.format(rf"\cref{{{same.label}}}")
            found.append(replace(one, statement=Tex(f"{lead} {pointed}, for the same reasons."), steps=()))
    return tuple(found)


def _said(one: Result, lead: str) -> object:
    """What a result says but for the case; nothing where it names no case or something in it is referred to."""
    texts = (one.statement.removeprefix(lead), *one.steps)
    if not lead or not one.statement.startswith(lead) or any(r"\label{" in text for text in texts):
        return None
    return one.kind, one.title, tuple(re.sub(HERE, "", text) for text in texts)
