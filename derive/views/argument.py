"""The argument of a protocol as text for a terminal: the same propositions and proofs as the document, without LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any

from derive.solution import Solution
from derive.views.latex.proof import Page, Part, pages
from derive.views.latex.results import Result
from derive.views.latex.words import roman
from derive.views.plain import Refs, plain_math, plain_text

WIDTH = 80
_DEEPEST = 6
_FIXED = "\0"
_RELATIONS = ("= ", "≤ ", "≥ ", "< ", "> ", "≠ ", "≷ ")
_SIGNS = (*_RELATIONS, "+ ", "- ", "· ")
_BLOCK = re.compile(r"\\begin\{(equation\*?|align\*?|center|tabular|enumerate|itemize)\}|\\\[")
_ROW = re.compile(r"\\begin\{\w+\}|\\end\{\w+\}|\\\\(?:\[[^\]]*\])?")


def arguments(statement: object, solutions: Sequence[Solution]) -> list[dict[str, Any]]:
    """The text of every protocol's argument, each by itself, with all that was solved of it."""
    found = []
    for protocol in dict.fromkeys(solution.protocol for solution in solutions):
        own = tuple(solution for solution in solutions if solution.protocol == protocol)
        found.append({"protocol": protocol, "lines": list(_page(pages(statement, own)))})
    return found


@dataclass(frozen=True)
class _Style:
    """How far text is indented, and what references are called."""

    refs: Refs
    indent: int = 0

    def deeper(self, by: int) -> _Style:
        return replace(self, indent=self.indent + by)


def _page(page: Page) -> Iterable[str]:
    results = [*page.lemmas, *(one for part in page.parts for one in part.results)]
    refs = {one.label: f"{one.kind.capitalize()} {number}" for number, one in enumerate(results, 1)}
    texts = [*page.model, *(text for one in results for text in (one.statement, *one.steps))]
    texts += [text for part in page.parts for text in (*part.intro, *part.notes)] + [one.display for one in page.appendix]
    labels = dict.fromkeys(label for text in texts for label in re.findall(r"\\label\{(eq:[^}]*)\}", text))
    style = _Style(refs | {label: f"({number})" for number, label in enumerate(labels, 1)})
    for paragraph in page.model:
        yield from (*_lines(paragraph, style), "")
    for one in page.lemmas:
        yield from _result(one, style)
    for part in page.parts:
        yield from _part(part, style)
    for long in page.appendix:
        yield from (*_lines(f"For {long.title}: {long.display}", style), "")


def _part(part: Part, style: _Style) -> Iterable[str]:
    title = plain_text(part.title, style.refs)
    yield from (title, "-" * len(title))
    for paragraph in part.intro:
        yield from _lines(paragraph, style)
    for number, move in enumerate(part.moves, 1):
        yield from _item(f"{number}.", move, style)
    yield ""
    for one in part.results:
        yield from _result(one, style)
    for note in part.notes:
        yield from (*_lines(note, style), "")


def _result(one: Result, style: _Style) -> Iterable[str]:
    title = f" ({plain_text(one.title, style.refs)})" if one.title else ""
    yield f"{style.refs[one.label]}{title}."
    yield from _lines(one.statement, style.deeper(2))
    if one.steps:
        yield "Proof."
    for place, step in enumerate(one.steps):
        yield from ([""] if place else [])
        yield from _lines(step, style.deeper(2))
    yield ""


# --- text with displays, tables and lists --------------------------------------------------------------------------------------


def _lines(tex: str, style: _Style) -> list[str]:
    """Text with all that stands in it, in lines that are not too wide."""
    begun = _BLOCK.search(tex)
    if begun is None:
        return _paragraphs(tex, style)
    kind = begun[1] or "["
    inside, after = _enclosed(tex[begun.end() :], kind)
    return [*_paragraphs(tex[: begun.start()], style), *_block(kind, inside, style), *_lines(after, style)]


def _enclosed(tex: str, kind: str) -> tuple[str, str]:
    """What stands up to the end of a block that has begun, and what stands after it."""
    if kind == "[":
        inside, _, after = tex.partition(r"\]")
        return inside, after
    depth = 1
    for mark in re.finditer(rf"\\(begin|end)\{{{re.escape(kind)}\}}", tex):
        depth += 1 if mark[1] == "begin" else -1
        if depth == 0:
            return tex[: mark.start()], tex[mark.end() :]
    return tex, ""


def _block(kind: str, inside: str, style: _Style) -> list[str]:
    if kind == "center":
        return _lines(re.sub(r"\\small\b", "", inside), style)
    if kind == "tabular":
        return _table(re.sub(r"^\{(?:[^{}]|\{[^{}]*\})*\}", "", inside.lstrip()), style)
    if kind in ("enumerate", "itemize"):
        items = re.split(r"\\item\b", re.sub(r"\\renewcommand\{[^}]*\}\{[^{}]*(?:\{[^}]*\})*[^{}]*\}", "", inside))[1:]
        marks = [roman(number) if kind == "enumerate" else "-" for number in range(1, len(items) + 1)]
        return [line for mark, item in zip(marks, items, strict=True) for line in _item(mark, item, style)]
    return [line for row in _rows(inside) for line in _display(row, style.deeper(4))]


def _item(mark: str, tex: str, style: _Style) -> list[str]:
    lines = _lines(tex.strip(), style.deeper(len(mark) + 3)) or [""]
    return [f"{' ' * (style.indent + 2)}{mark} {lines[0].lstrip()}", *lines[1:]]


def _paragraphs(tex: str, style: _Style) -> list[str]:
    room = " " * style.indent
    told = [plain_text(part, style.refs, _FIXED) for part in re.split(r"\n\s*\n", tex)]
    lines = (line for text in told for line in wrap(text, WIDTH, initial_indent=room, subsequent_indent=room, break_on_hyphens=False))
    return [line.replace(_FIXED, " ") for line in lines]


def _rows(tex: str) -> list[str]:
    """The rows of a display or table; those of cases in it are not its own."""
    rows, depth, begun = [], 0, 0
    for mark in _ROW.finditer(tex):
        depth += mark[0].startswith(r"\begin") - mark[0].startswith(r"\end")
        if depth == 0 and mark[0].startswith(r"\\"):
            rows.append(tex[begun : mark.start()])
            begun = mark.end()
    return [row for row in (*rows, tex[begun:]) if row.strip()]


def _display(row: str, style: _Style) -> list[str]:
    label = re.search(r"\\label\{([^}]*)\}", row)
    number = f"{_FIXED * 3}{style.refs[label[1]]}" if label and label[1] in style.refs else ""
    goes_on = 4 if re.match(r"\s*&\s*\\q?quad", row) else 0
    cases = re.search(r"\\begin\{cases\}(.*)\\end\{cases\}", row, re.DOTALL)
    if cases is None:
        return _set(" " * (style.indent + goes_on), plain_math(row) + number, style.indent + 4)
    head = f"{' ' * style.indent}{plain_math(row[: cases.start()])} "
    cells = [[plain_math(cell) for cell in one.split("&")] for one in _rows(cases[1])]
    wide = max(len(row[0]) for row in cells)
    told = ["   ".join((row[0].ljust(wide), *row[1:])).rstrip() for row in cells]
    return [line for place, text in enumerate(told) for line in _set(f"{' ' * len(head) if place else head}{{ ", text)]


def _table(tex: str, style: _Style) -> list[str]:
    rows = [[plain_text(cell, style.refs) for cell in _spread(row).split("&")] for row in _rows(tex)]
    widths = [max((len(row[place]) for row in rows if place < len(row)), default=0) for place in range(max(map(len, rows), default=0))]
    padded = ("  ".join(cell.ljust(widths[place]) for place, cell in enumerate(row)) for row in rows)
    return [f"{' ' * (style.indent + 2)}{line.rstrip()}" for line in padded if line.strip()]


def _spread(row: str) -> str:
    """What stands over several columns in the first of them."""
    pattern = r"\\multicolumn\{(\d+)\}\{[^}]*\}\{([^}]*)\}"
    return re.sub(pattern, lambda found: found[2] + "&" * (int(found[1]) - 1), row)


# --- lines that are not too wide -----------------------------------------------------------------------------------------------


def _set(head: str, text: str, indent: int | None = None) -> list[str]:
    """A formula after a head, broken before signs that stand within as few brackets as will do, else at any blank."""
    after = " " * (indent if indent is not None else len(head) + 2)
    room = WIDTH - max(len(head), len(after))
    ways = [(1, _RELATIONS), *((depth, _SIGNS) for depth in range(1, _DEEPEST)), *((depth, ("",)) for depth in range(1, _DEEPEST))]
    tried = (_kept(text, depth, signs) for depth, signs in ways)
    kept = next((one for one in tried if max(map(len, one.split(" "))) <= room), text)
    lines = wrap(kept, WIDTH, initial_indent=head, subsequent_indent=after, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_FIXED, " ") for line in lines]


def _kept(text: str, depth: int, signs: tuple[str, ...]) -> str:
    """The text with the blanks fixed at which no line is to end: those within as many brackets, and those not before such a sign."""
    told, open_ = [], 0
    for place, letter in enumerate(text):
        open_ += (letter in "([{") - (letter in ")]}")
        after = text[place + 1 :]
        free = after.startswith((*signs, " ")) and text[place - 1] not in "+-=<>≤≥≠"
        told.append(_FIXED if letter == " " and (open_ >= depth or not free) else letter)
    return "".join(told)
