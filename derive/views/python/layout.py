"""Long lines of generated source are broken after a comma inside brackets; nothing else is touched."""

from __future__ import annotations

_WIDTH = 128


def broken(source: str) -> str:
    """`source` with one final newline; lines over 128 characters are continued on indented lines where a comma allows it."""
    return "\n".join(piece for line in source.rstrip().split("\n") for piece in _pieces(line)) + "\n"


def _pieces(line: str) -> list[str]:
    if len(line) <= _WIDTH:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + 8)
    places = [place for place in _commas(line) if place < len(line)]
    pieces: list[str] = []
    start = 0
    while len(line) - start + (len(indent) if pieces else 0) > _WIDTH:
        room = start + _WIDTH - (len(indent) if pieces else 0)
        fitting = [place for place in places if start < place <= room] or [place for place in places if place > room][:1]
        if not fitting:
            break
        pieces.append(line[start : fitting[-1]].strip())
        start = fitting[-1]
    first = " " * (len(line) - len(line.lstrip()))
    pieces.append(line[start:].strip())
    return [(indent if index else first) + piece for index, piece in enumerate(pieces)]


def _commas(line: str) -> list[int]:
    """Positions after commas that are inside brackets and outside strings; none where a string is left open (documentation)."""
    places, depth, quote = [], 0, ""
    for position, character in enumerate(line):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth > 0:
            places.append(position + 1)
    return [] if quote or depth or line.lstrip().startswith('"""') else places
