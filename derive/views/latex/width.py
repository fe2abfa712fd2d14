"""How wide a formula comes out, estimated from its LaTeX: in em of the text size, display style, a little on the wide side."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["width"]

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_&]|\s+|.", re.DOTALL)
_RELATIONS = frozenset(
    ["=", "<", ">"]
    + [
        rf"\{name}"
        for name in ("leq", "geq", "neq", "Longrightarrow", "le", "ge", "in", "sim", "to", "approx", "Longleftrightarrow")
    ]
)
_BINARY = frozenset(["+", "-", "\\cdot", "\\times"])
_NARROW = frozenset(".,;:!|'")
_COMMAND_WIDTH = {
    "\\quad": 1.0,
    "\\qquad": 2.0,
    "\\,": 0.17,
    "\\;": 0.28,
    "\\ ": 0.33,
    "\\!": -0.17,
    "\\partial": 0.58,
    "\\infty": 1.0,
    "\\max": 1.9,
    "\\min": 1.8,
    "\\ln": 0.95,
    "\\exp": 1.6,
    "\\{": 0.5,
    "\\}": 0.5,
    "\\lvert": 0.3,
    "\\rvert": 0.3,
    "\\notag": 0.0,
    "\\displaystyle": 0.0,
    "\\left": 0.2,
    "\\right": 0.2,
    "\\prime": 0.3,
    "\\\\": 0.0,
}
_WIDE_LETTERS = frozenset("mwMWΩ")
_TEXT = frozenset({"\\text", "\\mathrm", "\\mathit", "\\operatorname", "\\textsf", "\\textit", "\\mathsf", "\\mathbf"})
_ACCENTS = frozenset({"\\bar", "\\hat", "\\tilde", "\\dot", "\\overline", "\\widehat", "\\widetilde", "\\underline"})
_SCRIPT = 0.74


@lru_cache(maxsize=65536)
def width(tex: str) -> float:
    """The estimated width in em of one line of mathematics."""
    tokens = [token for token in _TOKEN.findall(tex) if not token.isspace() or token == "\\ "]
    return _Reader(tokens).sequence(stop=None)


class _Reader:
    """Walks the tokens once, adding widths; fractions count their wider half, scripts are smaller."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0

    def sequence(self, stop: str | None) -> float:
        total = 0.0
        while self.place < len(self.tokens):
            if self.tokens[self.place] == stop:
                self.place += 1
                return total
            total += self.item()
        return total

    def scripts(self) -> float:
        """Adjacent sub- and superscript stand above each other."""
        widest = 0.0
        while self.place < len(self.tokens) and self.tokens[self.place] in "^_":
            self.place += 1
            widest = max(widest, self.item(bare=True))
        return _SCRIPT * widest + 0.05 if widest else 0.0

    def item(self, bare: bool = False) -> float:
        if self.place >= len(self.tokens):
            return 0.0
        token = self.tokens[self.place]
        self.place += 1
        size = self.nucleus(token)
        return size if bare else size + self.scripts()

    def nucleus(self, token: str) -> float:
        if token == "{":
            return self.sequence(stop="}")
        if token == "\\frac":
            return max(self.item(bare=True), self.item(bare=True)) + 0.3
        if token == "\\sqrt":
            return self.item(bare=True) + 0.95
        if token in _TEXT:
            return 0.6 * self.characters() + 0.05
        if token in _ACCENTS:
            return self.item(bare=True)
        if token in _RELATIONS:
            return 1.4
        if token in _BINARY:
            return 1.28 if token != "\\cdot" else 0.75
        if token == "\\begin":
            self.item(bare=True)
            return 1.0
        if token == "\\end":
            self.item(bare=True)
            return 0.2
        if token in _COMMAND_WIDTH:
            return _COMMAND_WIDTH[token]
        if token.startswith("\\"):
            return 0.84 if token[1:2].isupper() else 0.62
        return _character(token)

    def characters(self) -> int:
        """Characters of a text group, spaces lost in tokenising counted back roughly."""
        start = self.place
        self.sequence_of_group()
        inner = [token for token in self.tokens[start : self.place] if token not in "{}"]
        return len(inner)

    def sequence_of_group(self) -> None:
        depth = 0
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            self.place += 1
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth == 0:
                return


def _character(token: str) -> float:
    if token in _NARROW:
        return 0.3
    if token in "()[]/":
        return 0.45
    if token.isdigit():
        return 0.5
    if token in _WIDE_LETTERS:
        return 0.95
    return 0.78 if token.isupper() else 0.56
