"""What the text of one document needs to remember while it is written: names, labels, what has been said already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sympy import Add, Eq, Expr, Pow, Symbol, preorder_traversal
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.field import NotRational, normal
from derive.render import Tex
from derive.steps import Marginal, Step
from derive.views.latex.breaking import BUDGET, Display, Row, Setter, below_each_other
from derive.views.latex.compared import is_law_fact, normal_form, scaled, sharpest, weaker
from derive.views.latex.evident import is_single_sign
from derive.views.latex.expanded import expanded
from derive.views.latex.shape import RELATIONS, Shape
from derive.views.latex.tidy import Tidy
from derive.views.latex.width import width
from derive.views.latex.words import math, neat, relation_texts, words_list

__all__ = ["Entry", "Writer", "alone", "is_law_fact", "normal_form", "scaled", "sharpest", "weaker"]

_INLINE = 17.0
_SHORT_SIDE = 3.0
_RUNNING = ("result", "objective", "here")  # counted through the document; words that refer to what was said, in each proof


@dataclass(frozen=True)
class Entry:
    """An expression too long for the text, printed in the appendix under `label`."""

    label: str
    title: Tex
    display: Display


@dataclass(frozen=True)
class Recognised:
    """A constraint as a bound on a named payoff, at the responses of later stages that the constraint has inserted."""

    relation: Tex
    responses: tuple[tuple[Symbol, Expr], ...]


@dataclass
class Writer:
    """One document in the making. Created by `derive.views.latex.proof`, passed to every view function."""

    shape: Shape
    setter: Setter
    tidy: Tidy
    prefix: str = ""
    wanted: frozenset[str] = frozenset()
    labels: dict[str, str] = field(default_factory=dict)
    objectives: dict[Expr, str] = field(default_factory=dict)
    shown: set[Expr] = field(default_factory=set)
    responses: list[tuple[tuple[Symbol, Expr], ...]] = field(default_factory=list)
    explained: set[object] = field(default_factory=set)
    results: dict[object, str] = field(default_factory=dict)
    definitions: dict[Symbol, Expr] = field(default_factory=dict)
    values: dict[Expr, Expr] = field(default_factory=dict)
    called: dict[Expr, Symbol] = field(default_factory=dict)
    choices: frozenset[Symbol] = frozenset()
    described: set[str] = field(default_factory=set)
    lemmas: list[str] = field(default_factory=list)
    stated: frozenset[object] = frozenset()
    sign_carrier: Expr | None = None
    marginal: Marginal | None = None
    known: frozenset[object] = frozenset()
    region: tuple[Boolean, ...] = ()
    closing: bool = False
    appendix: list[Entry] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    source: dict[object, str] = field(default_factory=dict)

    @classmethod
    def of(cls, shape: Shape, assumptions: Iterable[Boolean] = (), prefix: str = "") -> Writer:
        """A writer for an empty document; `prefix` is put before every label."""
        return cls(shape, Setter(shape, prefix), Tidy(assumptions), prefix)

    def using(self, shape: Shape) -> Writer:
        """The same document, written with another shape (stars)."""
        return replace(self, shape=shape)

    def knowing(self, positive: Iterable[Symbol]) -> Writer:
        """The same document, in which these symbols stand for something positive."""
        return replace(self, tidy=self.tidy.knowing(positive))

    def having_told(self, claims: Iterable[Boolean]) -> Writer:
        """The same document, whose reader has just been told the claims."""
        return replace(self, stated=self.stated | {normal_form(claim) for claim in claims})

    def suppose(self, conditions: Iterable[Boolean]) -> None:
        """From here on the reader has been told these conditions, and nothing else, in whatever spelling."""
        told = [form for one in conditions for spelling in (one, self.plain(one)) for form in (spelling, weaker(spelling))]
        self.stated = frozenset(key for one in told for key in (normal_form(one), scaled(one)))

    def begin(self, closing: bool = False) -> None:
        """A new proof starts: nothing is supposed, nothing has been shown in it."""
        self.region, self.closing, self.sign_carrier, self.marginal = (), closing, None, None
        self.counts = {kind: number for kind, number in self.counts.items() if kind in _RUNNING}
        self.shown.clear()
        self.responses.clear()
        self.explained.clear()
        self.called.clear()

    # --- formulas ----------------------------------------------------------------------------------------------------

    def math(self, expression: Expr | Boolean) -> Tex:
        """Inline mathematics."""
        return math(self.shape.inline(expression))

    def form(self, expression: Expr) -> Expr:
        """The expression as it stands or as a product of grouped sums, whichever prints shorter."""
        other = self.tidy.factored(expression)
        if other is expression:
            return expression
        return other if self._narrower(other, expression) else expression

    def settle(self, values: Iterable[Expr]) -> None:
        """From here on equal values are told in one form, the plainest of those in which they come."""
        for value in dict.fromkeys(values):
            key, form = _value_key(value), self.form(value)
            known = self.values.get(key)
            if known is None or self._plainness(form) < self._plainness(known):
                self.values[key] = form

    def _plainness(self, form: Expr) -> tuple[bool, int, float]:
        """The less the plainer: a leading minus, how many symbols stand in the form, how wide it is."""
        printed = self.shape.tex(form)
        symbols = sum(isinstance(node, Symbol) for node in preorder_traversal(form))
        return printed.startswith("-"), symbols, width(printed)

    def told(self, value: Expr) -> Expr:
        """The form in which a value is told."""
        return self.values.get(_value_key(value)) or self.form(value)

    def exceeds(self, expression: Expr, room: float) -> bool:
        """Whether no form of it could be printed in `room`, as is told without printing any."""
        return self.shape.exceeds(expression, room) and self.shape.exceeds(self.tidy.product(expression), room)

    def _narrower(self, other: Expr, expression: Expr) -> bool:
        wide = width(self.shape.tex(other))
        return self.shape.exceeds(expression, wide) or wide < width(self.shape.tex(expression))

    def display(
        self, left: str, *rights: Expr, relation: str = "=", label: str = "", tail: str = "", as_given: bool = False
    ) -> Display:
        """A displayed formula that fits the line, in its tidy form unless it is to stand `as_given`."""
        forms = rights if as_given else tuple(self.form(right) for right in rights)
        return self.setter.display(left, *forms, relation=relation, label=label, shape=self.shape, tail=tail)

    def equations(self, pairs: Iterable[tuple[Expr, Expr]], label: str = "") -> Display:
        """``symbol = value`` rows as one display."""
        rows = [Row(self.shape.tex(left), (self.told(right),)) for left, right in pairs]
        return self.setter.rows(rows, label=label, shape=self.shape)

    def equation(self, core: Expr, label: str = "", unknown: Symbol | None = None) -> Display:
        """``core = 0`` with its positive terms on the left and the negative ones on the right, or with the side that has the unknown
        first where the other has it not."""
        negative = [-term for term in Add.make_args(core) if term.could_extract_minus_sign()]
        positive = [term for term in Add.make_args(core) if not term.could_extract_minus_sign()]
        if not positive or not negative:
            return self.display("0", core, label=label)
        if unknown is not None and not any(unknown in term.free_symbols for term in positive):
            positive, negative = negative, positive
        return self.display(self.shape.tex(self.form(Add(*positive))), Add(*negative), label=label)

    def plain(self, relation: Boolean) -> Boolean:
        """The relation freed of evident factors; itself where it is evident altogether."""
        tidy = self.tidy.relation(relation)
        return relation if tidy == True else tidy  # noqa: E712 (SymPy's true)

    def evident(self, relation: Boolean, given: Iterable[Boolean] = ()) -> bool:
        """Whether a reader sees the relation from the signs alone of its symbols, as assumed or `given`."""
        return bool(self.tidy.by_symbols(given).relation(relation) == True)  # noqa: E712 (SymPy's true)

    def has_stated(self, relation: Boolean) -> bool:
        """Whether the reader has been told the relation, in whatever spelling."""
        return not self.stated.isdisjoint((normal_form(relation), scaled(relation), scaled(self.plain(relation))))

    def obvious(self, relation: Boolean) -> bool:
        """Whether it is the sign of a single symbol that is assumed to be positive."""
        return is_single_sign(relation) and relation.rel_op in (">", ">=") and self.tidy.sign(relation.lhs) == 1

    def relation(self, relation: Boolean) -> Tex:
        """One relation inline, in its neat form."""
        return self.relations([relation])

    def relations(self, relations: Iterable[Boolean], last: str = "and") -> Tex:
        """Several relations as running text."""
        plain = tuple(map(self.plain, relations))
        told = sharpest(plain) if last == "and" else plain
        return words_list([math(text) for text in relation_texts(told, self.shape)], last)

    def facts(self, relations: Iterable[Boolean]) -> Tex:
        """Relations as running text in the form in which they were assumed."""
        told = (self.plain(one) if _is_computed(one) else one for one in sharpest(relations))
        return words_list([math(text) for text in relation_texts(sharpest(told), self.shape)])

    def too_wide(self, relations: Iterable[Boolean]) -> bool:
        """Whether one of the relations would not break well in running text."""
        return any(width(text) > _INLINE for text in relation_texts(map(self.plain, relations), self.shape))

    def condition(self, relations: Sequence[Boolean], lead: str, end: str) -> Tex:
        """`lead`, the relations, in the line where they are short, displayed where they are not, and the mark `end`."""
        if not self.too_wide(relations):
            return Tex(f"{lead} {self.relations(relations)}{end}")
        return Tex(f"{lead}{below_each_other([self.claim(one) for one in sharpest(map(self.plain, relations))], end)}")

    def claim(self, relation: Boolean, label: str = "", as_given: bool = False) -> Display:
        """A relation as a displayed formula, in its plain form unless it is to stand `as_given` or that is only the sign of a symbol."""
        plain = self.plain(relation)
        relation = relation if (as_given or is_single_sign(plain)) and isinstance(relation, Relational) else plain
        if not isinstance(relation, Relational):
            return Display((self.shape.tex(relation),), label)
        relation = neat(relation)
        left, mark, right = relation.lhs, RELATIONS[relation.rel_op], relation.rhs
        wide, narrow = width(self.shape.tex(left)), width(self.shape.tex(right))
        if wide > narrow > _SHORT_SIDE and wide + narrow > BUDGET - _SHORT_SIDE:
            return self.setter.rows([Row(self.shape.tex(left), (right,), mark, first=left)], label=label, shape=self.shape)
        if wide > narrow:
            return self.setter.rows(
                [Row("", (left,), "")], label=label, shape=self.shape, tail=f" {mark} {self.shape.tex(right)}"
            )
        return self.display(self.shape.tex(left), right, relation=mark, label=label)

    def news(self, relations: Iterable[Boolean]) -> tuple[Boolean, ...]:
        """Those relations, each once, that neither assumptions, domains of variables, signs nor sharper ones among them imply."""
        found = {normal_form(one): self.tidy.relation(one) for one in relations if not is_law_fact(one)}
        return sharpest(tidy for form, tidy in found.items() if form not in self.known and tidy != True)  # noqa: E712

    # --- memory ------------------------------------------------------------------------------------------------------

    def introduce(self, objective: Expr, symbol: str, shown: bool = True) -> None:
        """From here on `symbol` (LaTeX) stands for that objective, which has just been displayed (`shown`) or not."""
        key = expanded(objective)
        self.objectives[key] = symbol
        if shown:
            self.shown.add(key)

    def is_named(self, objective: Expr) -> bool:
        """Whether a symbol stands for that objective."""
        return expanded(objective) in self.objectives

    def objective(self, objective: Expr) -> tuple[str, Display | None]:
        """The symbol of an objective, and a display of what it is unless the present proof has shown it already."""
        key = expanded(objective)
        if key not in self.objectives:
            known = self._known_at_level(key)
            self.objectives[key] = known or f"{self.fresh('J')}_{{{self.count('objective') + 1}}}"
        symbol = self.objectives[key]
        if key in self.shown:
            return symbol, None
        self.shown.add(key)
        return symbol, self.display(alone(symbol), objective)

    def _known_at_level(self, objective: Expr) -> str:
        """The symbol of a named objective that is this one where the equations supposed hold; empty if there is none."""
        levels = {one.lhs: one.rhs for one in self.region if isinstance(one, Eq) and isinstance(one.lhs, Symbol)}
        if not levels:
            return ""
        return next((name for known, name in self.objectives.items() if expanded(known.xreplace(levels)) == objective), "")

    def recognised(self, constraint: Expr) -> Recognised | None:
        """``constraint >= 0`` as a bound on a payoff that the text has named, at the responses told, where it is one."""
        named = [entry for entry in self.objectives.items() if len(Add.make_args(entry[0])) > 2]
        plain = expanded(constraint)
        for objective, symbol in named:
            rest = expanded(objective - plain)
            if not rest.atoms(Symbol) & objective.free_symbols:
                return Recognised(self._bound(symbol, rest), ())
        for responses in self.responses:
            for objective, symbol in named:
                if not objective.has(*dict(responses)):
                    continue
                rest = normal(objective.xreplace(dict(responses)) - constraint)
                if not rest.atoms(Symbol) & objective.free_symbols:
                    return Recognised(self._bound(symbol, rest), responses)
        return None

    def _bound(self, symbol: str, least: Expr) -> Tex:
        return Tex(rf"{symbol} \geq {self.shape.tex(least)}")

    def again(self, reasoning: object) -> bool:
        """Whether the present proof has given that reasoning before, and need only point at it."""
        before = reasoning in self.explained
        self.explained.add(reasoning)
        return before

    def fresh(self, *letters: str) -> str:
        """The first of the letters that no declared symbol looks like, else a calligraphic one."""
        taken = self.shape.names.keys()
        free = (letter for letter in letters if not any(key == letter or key.startswith(letter + "_") for key in taken))
        return next(free, rf"\mathcal{{{letters[0].upper()}}}")

    def refer(self, uses: Iterable[str]) -> tuple[Tex, ...]:
        """References to the steps of those labels, as far as they stand in this document."""
        found = dict.fromkeys(self.labels[use] for use in uses if use in self.labels)
        return tuple(Tex(rf"\cref{{{label}}}") for label in found)

    def label(self, step: Step) -> str:
        """The label of a step's main formula, empty when nothing refers to it. From here on it can be referred to."""
        if step.label not in self.wanted:
            return ""
        self.labels.setdefault(step.label, f"eq:{self.prefix}{len(self.labels) + 1}")
        return self.labels[step.label]

    def lemma(self, key: str) -> Tex:
        """A reference to a lemma on laws, which the document then states and proves."""
        if key not in self.lemmas:
            self.lemmas.append(key)
        return Tex(rf"\cref{{{self.lemma_label(key)}}}")

    def lemma_label(self, key: str) -> str:
        """Where that lemma stands."""
        return f"res:{self.prefix}{key}"

    def count(self, kind: str) -> int:
        """How often this was asked before, to vary the wording."""
        self.counts[kind] = self.counts.get(kind, -1) + 1
        return self.counts[kind]

    def put_aside(self, title: Tex, display: Display) -> str:
        """Moves a long display to the appendix; its label."""
        label = f"eq:{self.prefix}long-{len(self.appendix) + 1}"
        self.appendix.append(Entry(label, title, replace(display, label=label)))
        return label


def alone(symbol: str) -> str:
    """The symbol of an objective where it is the whole side of an equation: a sum without parentheses."""
    return symbol[1:-1] if symbol.startswith("(") and symbol.endswith(")") else symbol


def _value_key(value: Expr) -> Expr:
    """Equal for values that are identically equal, as far as this is a matter of rational arithmetic."""
    try:
        return normal(value)
    except (NotRational, ZeroDivisionError):
        return value


def _is_computed(relation: Boolean) -> bool:
    """Whether nobody would state it so: a sum or a fraction compared with nothing, or something with a denominator."""
    if not isinstance(relation, Relational) or is_single_sign(relation):
        return False
    return relation.rhs == 0 or any(power.exp.is_negative for power in relation.atoms(Pow))
