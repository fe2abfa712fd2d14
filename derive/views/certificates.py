"""All certificates behind a model's outputs as one text, which the checker alone can replay."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from derive.certificates import Certificate
from derive.prooftext import Unreadable, distinct_texts, to_text


def certificates_text(*sources: object) -> str:
    """JSON of the outermost certificates in these values (tuples and dataclasses), each once, in the order in which they stand."""
    found: list[Certificate] = []
    seen: set[int] = set()
    for source in sources:
        _collect(source, found, seen)
    try:
        return distinct_texts(found) + "\n"
    except Unreadable:
        return distinct_texts(filter(_readable, found)) + "\n"


def _collect(value: object, found: list[Certificate], seen: set[int]) -> None:
    if isinstance(value, tuple):
        for part in value:
            _collect(part, found, seen)
        return
    if id(value) in seen or isinstance(value, type) or not is_dataclass(value):
        return
    seen.add(id(value))
    if isinstance(value, Certificate):
        found.append(value)
    else:
        for each in fields(value):
            _collect(getattr(value, each.name), found, seen)


def _readable(certificate: Certificate) -> bool:
    try:
        to_text(certificate)
    except Unreadable:
        return False
    return True
