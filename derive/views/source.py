"""Where a model comes from, as one line for the title page: plain text, or an entry of a BibTeX file."""

from __future__ import annotations

import re

__all__ = ["reference"]

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s]+)\s*,")
_FIELD = re.compile(r"(\w+)\s*=\s*")


def reference(source: str, bibliography: str = "") -> str:
    """`source` itself, or what `bibliography` (BibTeX text) says under that key: authors (year). Title. Where, pages.

    Several keys are separated by semicolons.
    """
    if ";" in source and bibliography:
        return " ".join(reference(one.strip(), bibliography) for one in source.split(";"))
    fields = _fields(source, bibliography)
    if not fields:
        return source
    authors = ", ".join(_author(name) for name in re.split(r"\s+and\s+", fields.get("author", "")) if name.strip())
    where = fields.get("journal") or fields.get("booktitle") or fields.get("school") or fields.get("publisher") or ""
    volume = fields.get("volume", "") + (f"({fields['number']})" if fields.get("number") else "")
    pages = fields.get("pages", "").replace("--", "\u2013")
    place = ", ".join(part for part in (f"{where} {volume}".strip(), pages) if part)
    year = f" ({fields['year']})" if fields.get("year") else ""
    parts = [f"{authors}{year}".strip(), fields.get("title", ""), place]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _author(name: str) -> str:
    family, _, given = name.strip().partition(",")
    return f"{given.strip()} {family.strip()}".strip()


def _fields(key: str, bibliography: str) -> dict[str, str]:
    for entry in _ENTRY.finditer(bibliography):
        if entry.group(2) == key:
            return _read(bibliography, entry.end())
    return {}


def _read(text: str, place: int) -> dict[str, str]:
    found: dict[str, str] = {}
    while match := _FIELD.search(text, place):
        if "}" in text[place : match.start()]:
            break
        value, place = _value(text, match.end())
        found[match.group(1).lower()] = " ".join(re.sub(r"[{}]", "", value).split())
    return found


def _value(text: str, start: int) -> tuple[str, int]:
    """A value in braces, in quotes or bare, and where it ends."""
    if start < len(text) and text[start] == "{":
        depth = 0
        for place in range(start, len(text)):
            depth += {"{": 1, "}": -1}.get(text[place], 0)
            if depth == 0:
                return text[start + 1 : place], place + 1
    if start < len(text) and text[start] == '"':
        end = text.find('"', start + 1)
        return text[start + 1 : end], end + 1
    bare = re.compile(r"[^,}\s]*").match(text, start)
    return (bare.group(), bare.end()) if bare else ("", len(text))
