"""A statement and its solutions as a document: nomenclature, model, and per protocol the propositions with their proofs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sympy import Add, Expr, Min, Or, Symbol

from derive.auctions.ir import Auction
from derive.audit.explore import NOTHING, Exploration
from derive.certificates import certificates_in
from derive.field import NotRational, is_zero
from derive.ir import Protocol
from derive.law.lemmas import lemma
from derive.render import Tex, escape_latex, render_latex
from derive.solution import Gap, Proposition, Solution
from derive.steps import Anticipation, Expectation, ImplicitRoot, Sign
from derive.views.latex.auctions import rules_text
from derive.views.latex.nomenclature import Group, assumed, model_paragraphs, moves, names_of, nomenclature
from derive.views.latex.numbering import Numbers
from derive.views.latex.paragraphs import MACROS, fresh_uses, paragraphs_of
from derive.views.latex.repeats import told_once
from derive.views.latex.results import Result, heading, roots_of, stated
from derive.views.latex.sample import admissible_points
from derive.views.latex.shape import Shape
from derive.views.latex.statics import compared, responses, superscripts
from derive.views.latex.steps_partition import partitioned
from derive.views.latex.words import law_text, math, prose, words_list
from derive.views.latex.writer import Writer, normal_form, weaker
from derive.views.source import reference

__all__ = ["MACROS", "Page", "Part", "latex_document", "latex_fragment", "latex_texts", "pages"]

NO_TEX = Tex("")
_SUPPOSING = re.compile(r"Suppose that [^.]*\.(?= In what follows the choices are\s)")
_KINDS = ("proposition", "lemma", "theorem", "corollary")


@dataclass(frozen=True)
class Part:
    """One solved protocol."""

    title: Tex
    intro: tuple[Tex, ...]
    moves: tuple[Tex, ...]
    results: tuple[Result, ...]
    notes: tuple[Tex, ...]
    statics: tuple[Result, ...] = ()


@dataclass(frozen=True)
class Long:
    """One long expression of the appendix."""

    title: Tex
    display: Tex


@dataclass(frozen=True)
class Page:
    """Everything the fragment template prints."""

    section: Tex
    abstract: Tex
    nomenclature: tuple[Group, ...]
    model: tuple[Tex, ...]
    parts: tuple[Part, ...]
    appendix: tuple[Long, ...]
    lemmas: tuple[Result, ...]
    comparison: tuple[Result, ...] = ()
    superscripts: Tex = NO_TEX

    @property
    def units(self) -> bool:
        """Whether any symbol has a unit."""
        return any(row.unit for group in self.nomenclature for row in group.rows)


@dataclass(frozen=True)
class Document:
    """What the document template prints around the body; `certified`: some of it rests on certificates."""

    title: Tex
    source: Tex
    body: Tex
    certified: bool


def latex_texts(
    statement: object,
    solutions: Iterable[Solution],
    numbers: Numbers | None = None,
    bibliography: str = "",
    explored: Exploration = NOTHING,
) -> tuple[str, str]:
    """A standalone document, and the same without preamble and title, one level of section lower, to be read into a paper.

    `numbers` gives, for a protocol's key and a symbol, the source's number of the formula for it (`source_numbers`).
    `bibliography` is BibTeX text in which the statement's source may be a key; what was `explored` stands in corollaries.
    Raises StatementError when two symbols print alike.
    """
    solved = tuple(solutions)
    page = _page(statement, solved, numbers or {}, explored)
    body, fragment = (
        _tidy(render_latex("fragment.tex.j2", replace(page, section=Tex(level)))) for level in ("section", "subsection")
    )
    title = Tex(escape_latex(getattr(statement, "title", "")))
    source = Tex(escape_latex(reference(getattr(statement, "source", ""), bibliography)))
    certified = any(True for _ in certificates_in((*(one.argument for one in solved), explored)))
    return render_latex("proof.tex.j2", Document(title, source, Tex(body), certified)), fragment


def pages(statement: object, solutions: Iterable[Solution]) -> Page:
    """The parts of a document about these solutions, with what the statement itself says and without what was explored."""
    return _page(statement, tuple(solutions), {}, NOTHING)


def latex_document(
    statement: object, solutions: Iterable[Solution], numbers: Numbers | None = None, bibliography: str = ""
) -> str:
    """The standalone document of `latex_texts`."""
    return latex_texts(statement, solutions, numbers, bibliography)[0]


def latex_fragment(statement: object, solutions: Iterable[Solution], numbers: Numbers | None = None) -> str:
    """The fragment of `latex_texts`, to be read into a paper with ``\\input``."""
    return latex_texts(statement, solutions, numbers)[1]


def _page(statement: object, solutions: tuple[Solution, ...], numbers: Numbers, explored: Exploration) -> Page:
    shape = _shape(statement, solutions)
    prefix = re.sub(r"[^a-z0-9]+", "-", str(getattr(statement, "key", "")).lower()).strip("-") + ":"
    writer = Writer.of(shape, assumed(statement), prefix)
    writer.wanted = frozenset(
        use for solution in solutions for one in solution.argument for uses in fresh_uses(one.proof) for use in uses
    )
    model = model_paragraphs(statement, writer)
    _introduce_players(statement, writer)
    parts = []
    for solution in solutions:
        writer.shape = _of_revised(solution, statement, shape)
        told = _part(statement, solution, numbers, writer)
        parts.append(replace(told, statics=responses(solution, explored, writer)))
    writer.shape = shape
    comparison = compared(explored, solutions, writer)
    return Page(
        Tex("section"),
        prose(getattr(statement, "abstract", ""), shape),
        nomenclature(statement, shape),
        model,
        tuple(parts),
        tuple(Long(entry.title, entry.display.stop) for entry in writer.appendix),
        tuple(_law_lemma(key, writer) for key in writer.lemmas),
        comparison,
        superscripts(statement, writer),
    )


def _of_revised(solution: Solution, statement: object, shape: Shape) -> Shape:
    """How names are set; where shares are revised by weights they are primed, since they are not those of before."""
    if getattr(statement, "revision", None) is None or not solution.protocol.startswith("revision"):
        return shape
    shares = [member.share for member in getattr(statement, "players", ())]
    return replace(shape, names=shape.names.extended({share.name: f"{shape.tex(share)}'" for share in shares}))


def _shape(statement: object, solutions: Iterable[Solution]) -> Shape:
    instances = (*getattr(statement, "instances", ()), *filter(None, [getattr(statement, "revision", None)]))
    parameters = (*getattr(statement, "parameters", ()), *(one for owner in instances for one in owner.parameters))
    assumptions = (*assumed(statement), *(one for owner in instances for one in owner.assumptions))
    symbols = tuple(dict.fromkeys(parameter.symbol for parameter in parameters))
    stated = [one.value for one in getattr(statement, "definitions", ())]
    stated += [player.objective for player in getattr(statement, "players", ()) if hasattr(player, "objective")]
    usual = frozenset(total for value in stated for total in value.atoms(Add))
    regions = dict.fromkeys(regime.region for solution in solutions for regime in solution.regimes)
    points = [admissible_points(symbols, assumptions)]
    points += [admissible_points(symbols, (*assumptions, *region), count=2) for region in regions if region]
    return Shape(names_of(statement), tuple(point for some in points for point in some), usual)


def _introduce_players(statement: object, writer: Writer) -> None:
    """The payoffs of the statement, abbreviations written out, are known under their symbols."""
    values = {one.symbol: one.value for one in getattr(statement, "definitions", ())}
    writer.definitions.update(values)
    writer.choices = frozenset(variable.symbol for variable in getattr(statement, "variables", ()))
    for player in getattr(statement, "players", ()):
        objective = getattr(player, "objective", None)
        if objective is None:
            continue
        for _ in values:
            objective = objective.xreplace(values)
        writer.introduce(objective, writer.shape.tex(player.payoff), shown=False)


def _tidy(text: str) -> str:
    """No trailing blanks, no runs of empty lines, no empty line before a display inside a paragraph."""
    text = re.sub(r"[ \t]+\n", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return text.rstrip() + "\n"


def _law_lemma(key: str, writer: Writer) -> Result:
    """One of the lemmas on laws that the argument uses."""
    entry = lemma(key)
    overage = r"where $\Lambda(z) = \mathrm{E}(z - \varepsilon)^{+}$, "
    told = f"Let $F$ be {entry.hypotheses}. Then {overage if 'Lambda' in entry.statement else ''}{entry.statement}; {entry.limits}."
    return Result("lemma", Tex(""), writer.lemma_label(key), Tex(told), (Tex(" ".join(entry.proof)),))


# --- one protocol ----------------------------------------------------------------------------------------------------


def _part(statement: object, solution: Solution, numbers: Numbers, writer: Writer) -> Part:
    protocol = next((one for one in getattr(statement, "protocols", ()) if one.key == solution.protocol), None)
    named = next((one for one in getattr(statement, "arrangements", ()) if one.key == solution.protocol), protocol)
    given = getattr(named, "title", "") or solution.protocol.replace("_", " ")
    title = prose(given[:1].upper() + given[1:], writer.shape)
    instance = next((one for one in getattr(statement, "instances", ()) if one.key == solution.instance), None)
    intro = []
    if instance is not None:
        laws = words_list([law_text(symbol, law, writer.shape) for symbol, law in instance.laws])
        title = Tex(f"{title}: {prose(instance.note or instance.key, writer.shape)}")
        intro.append(Tex(f"Here {laws}."))
    if getattr(named, "note", ""):
        intro.append(prose(named.note, writer.shape))  # type: ignore[union-attr]
    intro += _own_objectives(protocol, statement, writer)
    sequence = moves(protocol, statement, writer.shape) if isinstance(protocol, Protocol) and instance is None else ()
    if sequence:
        intro.append(
            Tex("The order of moves is as follows." if len(sequence) > 1 else f"There is a single stage: {sequence[0]}")
        )
    domains = (relation for variable in getattr(statement, "variables", ()) for relation in variable.domain)
    known = (*solution.assumptions, *assumed(statement), *domains)
    writer.known = frozenset(normal_form(one) for relation in known for one in (relation, weaker(relation)))
    writer.settle(value for one in solution.argument for case in one.cases for _, value in case.values)
    results = [_result(one, solution, protocol, numbers, writer) for one in solution.argument if not _told_before(one, writer)]
    leads = [found[0] if (found := _SUPPOSING.match(result.statement)) else "" for result in results]
    notes = [_sentence_of(prose(warning, writer.shape)) for warning in solution.warnings]
    notes += [_left_out(gap, protocol, writer) for gap in solution.gaps]
    told = told_once(results, leads, "In what follows the choices are those of {}")
    return Part(title, tuple(intro), sequence if len(sequence) > 1 else (), told, tuple(notes))


def _left_out(gap: Gap, protocol: Protocol | None, writer: Writer) -> Tex:
    """Where nothing is given, and why; alternatives too long for a line are left to the file of the solution."""
    what = "no equilibrium is given" if protocol is not None else "nothing is asserted"
    reason = prose(gap.reason or gap.kind.value, writer.shape)
    if any(isinstance(relation, Or) and writer.too_wide([relation]) for relation in gap.region):
        return Tex(f"On a part of the remaining parameters, whose description is long, {what}: {reason}.")
    where = writer.condition(gap.region, "For", ",").rstrip() if gap.region else ""
    return Tex(f"{where} {what}: {reason}.".strip()) if where else _sentence_of(Tex(f"{what}: {reason}"))


def _own_objectives(protocol: Protocol | None, statement: object, writer: Writer) -> list[Tex]:
    """What players earn under this protocol in place of what the model says; the symbols of the payoffs stand for that from here."""
    if isinstance(statement, Auction) and protocol is not None:
        return [rules_text(statement, protocol.key, writer)]
    if not isinstance(protocol, Protocol) or not protocol.objectives:
        return []
    payoffs = {player.name: player.payoff for player in getattr(statement, "players", ())}
    _introduce_players(getattr(statement, "under")(protocol), writer)  # noqa: B009 (a model, as it has players)
    rows = writer.equations([(payoffs[name], value) for name, value in protocol.objectives])
    return [Tex(f"Here the payoffs are{rows.stop}")]


def _sentence_of(text: Tex) -> Tex:
    """A remark as a sentence of its own."""
    told = text if text.endswith((".", ":")) else Tex(f"{text}.")
    return Tex(told[:1].upper() + told[1:])


def _result(one: Proposition, solution: Solution, protocol: Protocol | None, numbers: Numbers, writer: Writer) -> Result:
    title, lead = heading(one, solution, protocol, writer)
    # A response to earlier choices is not the equilibrium value that the source's number names.
    statement = stated(one, lead, solution, {} if one.kind == "lemma" else numbers, writer)
    label = f"res:{writer.prefix}{writer.count('result') + 1}"
    writer.begin(closing=one.kind == "theorem")
    paragraphs = _evaluation(one, solution, writer) or _expectations(one, writer)
    if paragraphs is None:
        paragraphs = paragraphs_of(one.proof, writer)
    if not paragraphs and one.kind == "theorem":
        paragraphs = [Tex(source.strip()) for source in [_source(one, frozenset(), solution, writer)] if source]
    if one is solution.argument[-1] and solution.covering is not None:
        paragraphs.append(partitioned(solution.covering, bool(solution.gaps), writer))
    writer.labels[one.label] = label
    writer.results[_content(one)] = label
    kind = one.kind if one.kind in _KINDS else "proposition"
    return Result(kind, title, label, statement, _ended(paragraphs))


def _evaluation(one: Proposition, solution: Solution, writer: Writer) -> list[Tex] | None:
    """The proof of an equilibrium that only evaluates payoffs at choices found before, in one paragraph."""
    stated = [dict(case.values) for case in one.cases]
    steps = [step for step in one.proof if isinstance(step, Anticipation)]
    signs = [step.relation for step in one.proof if isinstance(step, Sign) and normal_form(step.relation) in writer.known]
    if not steps or len(steps) + len(signs) < len(one.proof):
        return None
    if not all(any(_same(step.after, values.get(step.payoff)) for values in stated) for step in steps):
        return None
    payoffs = dict.fromkeys(step.payoff for step in steps)
    names = words_list([math(writer.shape.tex(symbol)) for symbol in payoffs])
    source = _source(one, frozenset(payoffs), solution, writer)
    because = f", since {writer.facts(dict.fromkeys(signs))}" if signs else ""
    return [Tex(f"{source}Evaluating {names} at these choices gives the values stated{because}.")]


def _source(one: Proposition, payoffs: frozenset[Symbol], solution: Solution, writer: Writer) -> str:
    """A sentence that says where the choices of an equilibrium were found."""
    chosen = {symbol for case in one.cases for symbol, _ in case.values} - payoffs | {root[0] for root in roots_of(solution)}
    earlier = [
        writer.labels[result.label]
        for result in solution.argument
        if result.label in writer.labels and result is not one and chosen & _found(result)
    ]
    place = ", regime by regime," if len(one.cases) > 1 else ""
    inserted = f", each inserted{place} into the later ones" if len(earlier) > 1 else ""
    return f"The choices are those of {_references(earlier)}{inserted}. " if earlier else ""


def _found(one: Proposition) -> set[Symbol]:
    """The symbols for which a result gives a value or a condition with one root."""
    values = {symbol for case in one.cases for symbol, _ in case.values}
    return values | {step.symbol for step in one.proof if isinstance(step, ImplicitRoot)}


def _same(value: Expr, other: Expr | None) -> bool:
    try:
        return value == other or (other is not None and is_zero(value - other))
    except NotRational:
        return False


def _references(labels: list[str]) -> str:
    return words_list([rf"\cref{{{label}}}" for label in labels])


def _content(one: Proposition) -> object:
    """Equal for results that say the same; where formulas stand in the proof alone, for proofs of the same."""
    said = (one.kind, one.title, one.text, one.cases)
    return said if one.cases else (*said, tuple(replace(step, label="", uses=()) for step in one.proof))


def _told_before(one: Proposition, writer: Writer) -> bool:
    """Whether an earlier part has stated the same result: then references go there."""
    content = _content(one)
    label = writer.results.get(content)
    if label is None:
        return False
    writer.labels[one.label] = label
    return True


def _expectations(one: Proposition, writer: Writer) -> list[Tex] | None:
    """The proof of a list of expected payoffs that only takes expectations, in one sentence."""
    stated = dict(one.cases[0].values) if len(one.cases) == 1 else {}
    steps = [step for step in one.proof if isinstance(step, Expectation)]
    if not steps or len(steps) < len(one.proof) or any(stated.get(step.payoff) != step.result for step in steps):
        return None
    shocks = list(dict.fromkeys(symbol for step in steps for symbol, _ in step.laws))
    for step in steps:
        writer.introduce(step.result, writer.shape.tex(step.payoff), shown=False)
    over = words_list([math(writer.shape.tex(symbol)) for symbol in shocks])
    minimum = any(step.objective.has(Min) for step in steps)
    sales = r" and $\mathrm{E}\min\{z, x\} = z - \mathrm{E}(z - x)^{+}$ for every random variable $x$" if minimum else ""
    return [Tex(f"Take expectations over {over}, using linearity{sales}.")]


def _ended(paragraphs: list[Tex]) -> tuple[Tex, ...]:
    """The end mark set in the last line, also where that is a display."""
    if paragraphs:
        for name in ("equation*", "align*"):
            closing = f"\n\\end{{{name}}}"
            if paragraphs[-1].endswith(closing):
                paragraphs[-1] = Tex(paragraphs[-1].removesuffix(closing) + r" \qedhere" + closing)
    return tuple(paragraphs)
