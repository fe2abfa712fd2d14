"""Displayed formulas that fit the line: broken between top-level terms by estimated width, long factors named.

A `Setter` serves one document. It remembers which factors it has named, so that a name means the same thing throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy
from sympy import Add, Expr, Mul, Pow, Symbol

from derive.render import Tex
from derive.views.latex.order import factor_order
from derive.views.latex.shape import Shape
from derive.views.latex.width import width
from derive.views.spelling import spelled

__all__ = ["NOTHING", "Display", "Row", "Setter", "below_each_other"]

#: No text.
NOTHING = Tex("")

#: Usable width of a display line in em: the text block less the equation number on its side.
BUDGET = 35.0
_INDENT = 2.6
_NAMEABLE = 5.0
_SHORT_FRONT = 9.0
_LETTERS = ("Lambda", "Phi", "Psi", "Theta", "Xi", "Omega", "Delta", "Gamma", "Upsilon", "Sigma")


@dataclass(frozen=True)
class Display:
    """One displayed formula: its lines (with ``&`` at the alignment), its label (empty: not numbered), the definitions of the
    factors it names (each a display of its own), the factors named before that it uses again, and the source's number for it."""

    lines: tuple[Tex, ...]
    label: str = ""
    where: tuple[Display, ...] = ()
    recalled: Tex = NOTHING

    @property
    def stop(self) -> Tex:
        """The environment, closed by a full stop, with the definitions of the factors it names."""
        return self.closed(".")

    @property
    def comma(self) -> Tex:
        """The same, closed by a comma: the sentence goes on."""
        return self.closed(",")

    @property
    def bare(self) -> Tex:
        """The same without punctuation."""
        return self.closed("")

    def closed(self, end: str) -> Tex:
        """The environment with the punctuation `end`; nothing where there are no lines."""
        if not self.lines:
            return NOTHING
        explained = bool(self.where or self.recalled)
        text = "\n" + self._environment("," if explained else end) + "\n"
        if self.where:
            text += "where\n"
            for place, definition in enumerate(self.where):
                last = place == len(self.where) - 1 and not self.recalled
                text += definition._environment(end if last else ",") + "\n"
        if self.recalled:
            text += f"{'and' if self.where else 'with'} {self.recalled}{end}\n"
        return Tex(text)

    def _environment(self, end: str) -> str:
        label = rf"\label{{{self.label}}}" if self.label else ""
        star = "" if label else "*"
        if len(self.lines) == 1 and "&" not in self.lines[0]:
            return f"\\begin{{equation{star}}}{label}\n{self.lines[0]}{end}\n\\end{{equation{star}}}"
        rows = [*self.lines[:-1], f"{self.lines[-1]}{end}{label}"]
        glue = " \\notag \\\\\n" if label else " \\\\\n"
        return f"\\begin{{align{star}}}\n{glue.join(rows)}\n\\end{{align{star}}}"


@dataclass(frozen=True)
class Row:
    """``left = rights[0] = rights[1] ...`` in a display of several rows, closed by `tail` (LaTeX); where `left` is the print of
    `first` it may be broken as well."""

    left: str
    rights: tuple[Expr, ...]
    relation: str = "="
    tail: str = ""
    first: Expr | None = None


class Setter:
    """Sets formulas of one document; the only state is which factors have been named so far."""

    def __init__(self, shape: Shape, prefix: str = "") -> None:
        self.shape = shape
        self.prefix = prefix
        taken = shape.names.keys()
        self._letter = next(letter for letter in _LETTERS if not any(key.startswith(f"\\{letter}") for key in taken))
        self._named: dict[Expr, Symbol] = {}

    # --- displays ----------------------------------------------------------------------------------------------------

    def display(
        self,
        left: str,
        *rights: Expr,
        relation: str = "=",
        label: str = "",
        shape: Shape | None = None,
        tail: str = "",
    ) -> Display:
        """``left = right = right ...``, one right side per line unless all fit on one; `tail` (LaTeX) closes the last line."""
        return self.rows([Row(left, tuple(rights), relation)], label=label, shape=shape, tail=tail)

    def rows(
        self,
        rows: Sequence[Row],
        label: str = "",
        shape: Shape | None = None,
        tail: str = "",
    ) -> Display:
        """Several formulas aligned below each other, as one display; `tail` closes the last of them."""
        shape = shape or self.shape
        before = set(self._named)
        lines: list[str] = []
        used: set[Symbol] = set()
        for number, row in enumerate(rows):
            left, relation, rights = row.left, row.relation, row.rights
            ending = row.tail + (tail if number == len(rows) - 1 else ",")
            room = BUDGET - width(ending)
            one = [shape.tex(right) for right in rights]
            whole = f" {relation} ".join([left, *one]).strip() + ending
            if len(rows) == 1 and width(whole) <= BUDGET:
                lines.append(whole)
                continue
            hanging = width(left) > 0.4 * BUDGET
            if hanging:
                parts, names = ([left], set()) if row.first is None else self._fit(row.first, BUDGET, shape)
                used |= names
                lines += [f"& {parts[0]}", *(rf"&\qquad {part}" for part in parts[1:])]
            for position, right in enumerate(rights):
                head = "" if hanging or position else left
                start = rf"&\quad {relation} " if hanging else f"{head} &{relation} "
                gap = _INDENT + 1.4 if hanging else width(left) + 1.4
                parts, names = self._fit(right, room - gap, shape)
                used |= names
                more = r"&\quad\qquad " if hanging else r"&\qquad "
                lines += [start + parts[0], *(more + part for part in parts[1:])]
            lines[-1] += ending
        if len(lines) == 1:
            lines = [lines[0].replace("&", "", 1)]
        return Display(
            tuple(Tex(line) for line in lines), label, self._definitions(before, shape), self._recalled(before, used)
        )

    # --- fitting -----------------------------------------------------------------------------------------------------

    def _fit(self, expression: Expr, room: float, shape: Shape, nested: bool = False) -> tuple[list[str], set[Symbol]]:
        """Lines no wider than `room`, and the names they use."""
        whole = shape.tex(expression)
        if width(whole) <= room:
            return [whole], set()
        room = max(room, BUDGET / 3)
        bracketed = None if nested else self._bracketed(expression, room, shape)
        if bracketed is not None:
            return bracketed
        used: set[Symbol] = set()
        pieces: list[tuple[str, bool]] = []
        for sign, term in shape.terms(expression):
            mark = f"{sign} " if pieces or sign == "-" else ""
            wide = width(shape.tex(term)) > room - _INDENT
            inside = self._bracketed(term, room - _INDENT, shape) if wide and not nested else None
            if inside is not None:
                lines, names = inside
                used |= names
                pieces += [(f"{mark}{lines[0]}", True), *((rf"\quad {line}", True) for line in lines[1:])]
                continue
            short, names = self._shortened(term, room - _INDENT, shape)
            used |= names
            printed = shape.tex(short)
            if printed.startswith("-"):
                mark, printed = ("" if not pieces and sign == "-" else "+ " if sign == "-" else "- "), Tex(printed[1:])
            chunks = self._chunks(short, printed, room - _INDENT, shape)
            pieces += [(f"{mark}{chunks[0]}", False), *((rf"\times {part}", False) for part in chunks[1:])]
        return _filled(pieces, room), used

    def _bracketed(self, expression: Expr, room: float, shape: Shape) -> tuple[list[str], set[Symbol]] | None:
        """A short factor times one long sum: the sum is broken inside brackets."""
        (sign, term), *more = shape.terms(expression)
        sums = [factor for factor in Mul.make_args(term) if isinstance(factor, Add)]
        if more or not sums:
            return None
        longest = max(sums, key=lambda factor: width(shape.tex(factor)))
        rest = Mul(*[factor for factor in Mul.make_args(term) if factor is not longest], evaluate=False)
        front = shape.tex(rest) if rest != 1 else ""
        if width(front) > _SHORT_FRONT or (rest == 1 and sign == "+"):
            return None
        lines, used = self._fit(longest, room - width(front) - _INDENT, shape, nested=True)
        lines[0] = rf"{'-' if sign == '-' else ''}{front} \bigl[ {lines[0]}"
        lines[-1] += r" \bigr]"
        return lines, used

    def _shortened(self, term: Expr, room: float, shape: Shape) -> tuple[Expr, set[Symbol]]:
        """`term` with its widest sums named until it fits, and the names."""
        used: set[Symbol] = set()
        while width(shape.tex(term)) > room:
            sums = [node for node in sympy.preorder_traversal(term) if isinstance(node, Add) and node != term]
            sums += [node.base for node in term.atoms(Pow) if isinstance(node.base, Mul) and node.exp.free_symbols]
            sums.sort(key=spelled)
            wide = [(width(shape.tex(node)), -place, node) for place, node in enumerate(sums)]
            wide = [entry for entry in wide if entry[0] > _NAMEABLE]
            if not wide:
                break
            chosen = max(wide, key=lambda entry: entry[:2])[2]
            name = self._name(chosen)
            used.add(name)
            term = term.xreplace({chosen: name})
        return term, used

    def _chunks(self, term: Expr, printed: str, room: float, shape: Shape) -> list[str]:
        """A product with nothing left to name is broken between factors."""
        if width(printed) <= room or not isinstance(term, Mul):
            return [printed]
        chunks: list[Expr] = []
        for factor in factor_order(term.args):
            joined = Mul(*Mul.make_args(chunks[-1]), factor, evaluate=False) if chunks else factor
            if chunks and width(shape.tex(joined)) <= room - 1.4:
                chunks[-1] = joined
            else:
                chunks.append(factor)
        return [shape.tex(chunk) if not isinstance(chunk, Add) else f"({shape.tex(chunk)})" for chunk in chunks]

    # --- names -------------------------------------------------------------------------------------------------------

    def named(self, expression: Expr) -> Tex:
        """The name that a factor has been given, as inline mathematics; empty where it has none."""
        name = self._named.get(expression)
        return Tex(f"${self.shape.names.tex(name)}$") if name is not None else NOTHING

    def _name(self, expression: Expr) -> Symbol:
        if expression not in self._named:
            self._named[expression] = Symbol(f"{self._letter}_{len(self._named) + 1}", real=True)
        return self._named[expression]

    def _label(self, name: Symbol) -> str:
        return f"eq:{self.prefix}factor-{name.name.rsplit('_', 1)[1]}"

    def _definitions(self, before: set[Expr], shape: Shape) -> tuple[Display, ...]:
        displays: list[Display] = []
        defined = set(before)
        while True:
            new = [expression for expression in self._named if expression not in defined]
            if not new:
                return tuple(displays)
            for expression in new:
                defined.add(expression)
                name = self._named[expression]
                left = shape.names.tex(name)
                parts, _ = self._fit(expression, BUDGET - width(left) - 1.4, shape)
                lines = [f"{left} &= {parts[0]}", *(rf"&\qquad {part}" for part in parts[1:])]
                displays.append(Display(tuple(Tex(line) for line in lines), self._label(name)))

    def _recalled(self, before: set[Expr], used: set[Symbol]) -> Tex:
        known = [
            self._named[expression] for expression in self._named if expression in before and self._named[expression] in used
        ]
        parts = [rf"${self.shape.names.tex(name)}$ from \eqref{{{self._label(name)}}}" for name in known]
        return Tex(" and ".join(parts) if len(parts) < 3 else ", ".join(parts[:-1]) + ", and " + parts[-1])


def below_each_other(displays: Sequence[Display], end: str) -> Tex:
    """Formulas in one display with commas between them and the mark `end` behind the last; then what the factors they name are."""
    lines: list[Tex] = []
    for place, one in enumerate(displays):
        told = [line if "&" in line else "&" + line for line in one.lines]
        told[-1] += "," if place < len(displays) - 1 else ""
        lines += map(Tex, told)
    where = tuple(definition for one in displays for definition in one.where)
    recalled = " and ".join(dict.fromkeys(one.recalled for one in displays if one.recalled))
    return Display(tuple(lines), "", where, Tex(recalled)).closed(end)


def _filled(pieces: list[tuple[str, bool]], room: float) -> list[str]:
    """Terms drawn together to lines no wider than `room`; a term that is marked stands on a line of its own."""
    lines: list[str] = []
    closed = True
    for piece, alone in pieces:
        limit = room - (_INDENT if len(lines) > 1 else 0)
        if closed or alone or width(f"{lines[-1]} {piece}") > limit:
            lines.append(piece)
        else:
            lines[-1] += f" {piece}"
        closed = alone
    return lines
