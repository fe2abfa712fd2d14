"""A statement and its solutions as a document: notation, model, and per protocol the propositions with their proofs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sympy import Add, Expr, Min, Symbol, expand
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.ir import Protocol
from derive.lemmas import lemma
from derive.render import Tex, escape_latex, render_latex, render_macro
from derive.solution import Case, Proposition, Solution
from derive.steps import Anticipation, Concavity, EmptyCase, Expectation, ImplicitRoot, Multiplier, SinglePeak, Stationary, Step
from derive.views.latex.breaking import BUDGET, Display, Row
from derive.views.latex.nomenclature import Group, model_paragraphs, moves, names_of, notation, player_tex
from derive.views.latex.sample import admissible_points
from derive.views.latex.shape import Shape
from derive.views.latex.source import reference
from derive.views.latex.steps import macro_name, step_view
from derive.views.latex.width import width
from derive.views.latex.words import law_text, math, prose, relation_texts, words_list
from derive.views.latex.writer import Writer, normal_form

__all__ = ["MACROS", "latex_document", "latex_fragment"]

#: The templates that hold the macros of the kinds of step.
MACROS = ("steps.tex.j2", "steps_coalition.tex.j2", "steps_repeated.tex.j2")

_SHORT_VALUE = 12.0
_CARRY_ON = (SinglePeak, Concavity, Stationary, Multiplier)
_KINDS = ("proposition", "lemma", "theorem", "corollary")

Numbers = Mapping[tuple[str, Symbol], str]


@dataclass(frozen=True)
class Result:
    """One proposition: its environment, heading, statement and the paragraphs of its proof."""

    kind: str
    title: Tex
    label: str
    statement: Tex
    steps: tuple[Tex, ...]


@dataclass(frozen=True)
class Part:
    """One solved protocol."""

    title: Tex
    intro: tuple[Tex, ...]
    moves: tuple[Tex, ...]
    results: tuple[Result, ...]
    notes: tuple[Tex, ...]


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
    notation: tuple[Group, ...]
    model: tuple[Tex, ...]
    parts: tuple[Part, ...]
    appendix: tuple[Long, ...]
    lemmas: tuple[Result, ...]


@dataclass(frozen=True)
class Document:
    """What the document template prints around the body."""

    title: Tex
    source: Tex
    body: Tex


def latex_document(
    statement: object, solutions: Iterable[Solution], numbers: Numbers | None = None, bibliography: str = ""
) -> str:
    """A standalone document: `latex_fragment` with a preamble, title and source.

    `numbers` gives, for a protocol's key and a symbol, the source's number of the formula for it. `bibliography` is BibTeX text in
    which the statement's source may be a key. Raises StatementError when two symbols print alike.
    """
    body = _fragment(statement, tuple(solutions), numbers or {}, "section")
    title = Tex(escape_latex(getattr(statement, "title", "")))
    source = Tex(escape_latex(reference(getattr(statement, "source", ""), bibliography)))
    return render_latex("proof.tex.j2", Document(title, source, Tex(body)))


def latex_fragment(statement: object, solutions: Iterable[Solution], numbers: Numbers | None = None) -> str:
    """The same without preamble, title and document environment, to be read into a paper with ``\\input``."""
    return _fragment(statement, tuple(solutions), numbers or {}, "subsection")


def _fragment(statement: object, solutions: tuple[Solution, ...], numbers: Numbers, section: str) -> str:
    shape = _shape(statement)
    prefix = re.sub(r"[^a-z0-9]+", "-", str(getattr(statement, "key", "")).lower()).strip("-") + ":"
    writer = Writer.of(shape, getattr(statement, "assumptions", ()), prefix)
    writer.wanted = frozenset(
        use for solution in solutions for one in solution.argument for uses in _fresh_uses(one.proof) for use in uses
    )
    model = model_paragraphs(statement, writer)
    _introduce_players(statement, writer)
    parts = tuple(_part(statement, solution, numbers, writer) for solution in solutions)
    page = Page(
        Tex(section),
        prose(getattr(statement, "abstract", ""), shape),
        notation(statement, shape),
        model,
        parts,
        tuple(Long(entry.title, entry.display.stop) for entry in writer.appendix),
        tuple(_law_lemma(key, writer) for key in writer.lemmas),
    )
    return _tidy(render_latex("fragment.tex.j2", page))


def _shape(statement: object) -> Shape:
    instances = (*getattr(statement, "instances", ()), *filter(None, [getattr(statement, "revision", None)]))
    parameters = (*getattr(statement, "parameters", ()), *(one for owner in instances for one in owner.parameters))
    assumptions = (*getattr(statement, "assumptions", ()), *(one for owner in instances for one in owner.assumptions))
    symbols = tuple(dict.fromkeys(parameter.symbol for parameter in parameters))
    stated = [one.value for one in getattr(statement, "definitions", ())]
    stated += [player.objective for player in getattr(statement, "players", ()) if hasattr(player, "objective")]
    usual = frozenset(total for value in stated for total in value.atoms(Add))
    return Shape(names_of(statement), admissible_points(symbols, assumptions), usual)


def _introduce_players(statement: object, writer: Writer) -> None:
    """The payoffs of the statement, abbreviations written out, are known under their symbols."""
    values = {one.symbol: one.value for one in getattr(statement, "definitions", ())}
    writer.notation.update(values)
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
    title = prose(getattr(named, "title", "") or solution.protocol.replace("_", " ").capitalize(), writer.shape)
    instance = next((one for one in getattr(statement, "instances", ()) if one.key == solution.instance), None)
    intro = []
    if instance is not None:
        laws = words_list([law_text(symbol, law, writer.shape) for symbol, law in instance.laws])
        title = Tex(f"{title}: {prose(instance.note or instance.key, writer.shape)}")
        intro.append(Tex(f"Here {laws}."))
    if getattr(named, "note", ""):
        intro.append(prose(named.note, writer.shape))  # type: ignore[union-attr]
    sequence = moves(protocol, statement, writer.shape) if isinstance(protocol, Protocol) and instance is None else ()
    if sequence:
        intro.append(
            Tex("The order of moves is as follows." if len(sequence) > 1 else f"There is a single stage: {sequence[0]}")
        )
    domains = (relation for variable in getattr(statement, "variables", ()) for relation in variable.domain)
    known = (*solution.assumptions, *getattr(statement, "assumptions", ()), *domains)
    writer.known = frozenset(normal_form(relation) for relation in known)
    results = tuple(
        _result(one, solution, protocol, numbers, writer) for one in solution.argument if not _told_before(one, writer)
    )
    notes = [prose(warning, writer.shape) for warning in solution.warnings]
    if solution.uncovered:
        notes.append(
            Tex(writer.condition(solution.uncovered, "This derivation does not cover the parameters with").rstrip() + ".")
        )
    return Part(title, tuple(intro), sequence if len(sequence) > 1 else (), results, tuple(notes))


def _result(one: Proposition, solution: Solution, protocol: Protocol | None, numbers: Numbers, writer: Writer) -> Result:
    title, lead = _heading(one, protocol, writer)
    statement = _statement(one, lead, solution, numbers, writer)
    label = f"res:{writer.prefix}{writer.count('result') + 1}"
    writer.begin(closing=one.kind == "theorem")
    paragraphs = _evaluation(one, solution, writer) or _expectations(one, writer)
    if paragraphs is None:
        paragraphs = _paragraphs(one.proof, writer)
    writer.labels[one.label] = label
    writer.results[one.kind, one.title, one.text, one.cases] = label
    kind = one.kind if one.kind in _KINDS else "proposition"
    return Result(kind, title, label, statement, _ended(paragraphs))


def _paragraphs(proof: tuple[Step, ...], writer: Writer) -> list[Tex]:
    """The steps in words; one that carries on the thought of the step before it continues its paragraph."""
    texts: list[Tex] = []
    previous: type[Step] | None = None
    for step, uses in zip(proof, _fresh_uses(proof), strict=True):
        text, supposing = _sentence(step, uses, writer)
        carries_on = type(step) in _CARRY_ON or (type(step) is EmptyCase and previous is EmptyCase)
        if texts and carries_on and not supposing:
            texts[-1] = Tex(f"{texts[-1]}\n{text}")
        else:
            texts.append(text)
        previous = type(step)
    return texts


def _evaluation(one: Proposition, solution: Solution, writer: Writer) -> list[Tex] | None:
    """The proof of an equilibrium that only evaluates payoffs at choices found before, in one paragraph."""
    stated = [dict(case.values) for case in one.cases]
    if one.kind != "theorem" or not one.proof or not all(isinstance(step, Anticipation) for step in one.proof):
        return None
    steps = [step for step in one.proof if isinstance(step, Anticipation)]
    if any(all(expand(step.after - values.get(step.payoff, step.after + 1)) != 0 for values in stated) for step in steps):
        return None
    chosen = {symbol for case in one.cases for symbol, _ in case.values} - {step.payoff for step in steps}
    earlier = [
        writer.labels[result.label]
        for result in solution.argument
        if result.label in writer.labels and any(symbol in chosen for case in result.cases for symbol, _ in case.values)
    ]
    payoffs = dict.fromkeys(step.payoff for step in steps)
    names = words_list([math(writer.shape.tex(symbol)) for symbol in payoffs])
    place = ", regime by regime," if len(one.cases) > 1 else ""
    inserted = f", each inserted{place} into the later ones" if len(earlier) > 1 else ""
    source = f"The choices are those of {_references(earlier)}{inserted}. " if earlier else ""
    return [Tex(f"{source}Evaluating {names} at these choices gives the values stated.")]


def _references(labels: list[str]) -> str:
    return words_list([rf"\cref{{{label}}}" for label in labels])


def _told_before(one: Proposition, writer: Writer) -> bool:
    """Whether an earlier part has stated the same result: then references go there."""
    content = (one.kind, one.title, one.text, one.cases)
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


def _fresh_uses(proof: tuple[Step, ...]) -> list[tuple[str, ...]]:
    """What each step refers to beyond the step before it and what that one already referred to."""
    found = []
    near: set[str] = set()
    for step in proof:
        found.append(tuple(use for use in step.uses if use not in near))
        near = {step.label, *step.uses}
    return found


def _ended(paragraphs: list[Tex]) -> tuple[Tex, ...]:
    """The end mark set in the last line, also where that is a display."""
    if paragraphs:
        for name in ("equation*", "align*"):
            closing = f"\n\\end{{{name}}}"
            if paragraphs[-1].endswith(closing):
                paragraphs[-1] = Tex(paragraphs[-1].removesuffix(closing) + r" \qedhere" + closing)
    return tuple(paragraphs)


def _sentence(step: Step, uses: tuple[str, ...], writer: Writer) -> tuple[Tex, bool]:
    """The text of one step, and whether it begins by supposing something."""
    region = writer.news(step.given)
    lead = ""
    if region != writer.region:
        if region:
            lead = str(writer.condition(region, "Let")).rstrip() + (". " if not writer.too_wide(region) else "\n")
        writer.region = region
    references = writer.refer(uses)
    body = render_macro(MACROS, macro_name(type(step)), step_view(step, writer)).strip()
    body = re.sub(r"\n\s*\n", "\n", body)
    supposing = bool(lead)
    if references:
        lead += f"By {words_list(references)}, "
        body = body[0].lower() + body[1:] if body[:2].isalpha() else body
    return Tex(lead + body), supposing


# --- statements ------------------------------------------------------------------------------------------------------


def _heading(one: Proposition, protocol: Protocol | None, writer: Writer) -> tuple[Tex, str]:
    """The title and the words before the formulas; where the argument gives none, from who decides at that stage."""
    symbols = {symbol for case in one.cases for symbol, _ in case.values}
    text = str(prose(one.text, writer.shape))
    title = prose(one.title, writer.shape)
    if text:
        return title, text
    if one.kind == "theorem":
        return title, "In equilibrium" if len(one.cases) < 2 else "The equilibrium is"
    earlier: list[str] = []
    for stage in protocol.stages if protocol else ():
        chosen = {symbol for decision in stage.decisions for symbol in decision.chooses}
        if symbols & chosen:
            groups = [decision for decision in stage.decisions if symbols & set(decision.chooses)]
            who = words_list([player_tex(name) for decision in groups for name in decision.by])
            single = len(groups) == 1 and len(groups[0].by) == 1
            given = f"Given {words_list(earlier)}, " if earlier else ""
            if len(groups) > 1:
                return Tex(f"Choices of {who}"), f"{given or 'In equilibrium '}{who} choose"
            verb = "the best response of" if earlier else "the choice of"
            lead = f"{given}{verb} {who} is"
            name = "Choice" if single else "Joint choice"
            return Tex(f"{name} of {who}"), lead[0].upper() + lead[1:]
        earlier += [math(writer.shape.tex(symbol)) for decision in stage.decisions for symbol in decision.chooses]
    payoffs = title == "Payoffs"
    return title, "As functions of all choices, the payoffs are" if payoffs else "We have"


def _statement(one: Proposition, text: str, solution: Solution, numbers: Numbers, writer: Writer) -> Tex:
    cases = one.cases
    if len(cases) == 1 and not cases[0].region:
        body = _rows(cases[0], solution, numbers, writer)
    elif len(cases) == 1:
        body = Tex(" " + _condition(cases[0], "if", writer) + _rows(cases[0], solution, numbers, writer))
    elif cases:
        body = _by_cases(text, cases, solution, numbers, writer)
        if text.endswith(".") and body.startswith(" is as follows"):
            body = Tex(f" The outcome{body}")
    else:
        body = Tex("")
    body = Tex(body + _implicit(one, solution, writer))
    if one.facts:
        body = Tex(f"{body}" + writer.condition(one.facts, "Moreover,") + ("." if not writer.too_wide(one.facts) else ""))
    return Tex(text + body)


def _condition(case: Case, lead: str, writer: Writer) -> str:
    return str(writer.condition(writer.news(case.region) or case.region, lead)).rstrip("\n")


def _rows(case: Case, solution: Solution, numbers: Numbers, writer: Writer) -> Tex:
    """One row per value; symbols with the same value share a row, the mere notation of the statement is left out."""
    shared: dict[Expr, list[Symbol]] = {}
    for symbol, value in case.values:
        if writer.notation.get(symbol) != value:
            shared.setdefault(value, []).append(symbol)
    rows = []
    for value, symbols in shared.items():
        number = next((numbers[solution.protocol, symbol] for symbol in symbols if (solution.protocol, symbol) in numbers), "")
        tail = rf"\qquad \text{{[source: {escape_latex(number)}]}}" if number else ""
        left = " = ".join(writer.shape.tex(symbol) for symbol in symbols)
        rows.append(Row(left, (writer.form(value),), tail=tail))
    return writer.setter.rows(rows, shape=writer.shape).stop if rows else Tex("")


def _implicit(one: Proposition, solution: Solution, writer: Writer) -> Tex:
    """What the implicitly defined symbols of the values are."""
    used = {symbol for case in one.cases for _, value in case.values for symbol in value.free_symbols}
    roots = [(step.symbol, step.core, step.low, step.high) for step in one.proof if isinstance(step, ImplicitRoot)]
    if one.kind == "theorem":
        roots += [(item.symbol, item.equation, item.low, item.high) for regime in solution.regimes for item in regime.implicit]
    text = ""
    for symbol, equation, low, high in dict.fromkeys(root for root in roots if root[0] in used):
        span = math(rf"({writer.shape.inline(low)}, {writer.shape.inline(high)})")
        shown = _equation(equation, writer)
        text += f"{'Moreover' if text else 'Here'} {writer.math(symbol)} is the unique root in {span} of{shown.stop}"
    return Tex(text)


def _equation(equation: Expr, writer: Writer) -> Display:
    """``left = right`` with the positive terms on the left."""
    positive = [term for term in Add.make_args(equation) if not term.could_extract_minus_sign()]
    negative = [-term for term in Add.make_args(equation) if term.could_extract_minus_sign()]
    if not positive or not negative:
        return writer.display("0", equation)
    left = writer.shape.tex(writer.form(Add(*positive)))
    return writer.display(left, Add(*negative))


def _by_cases(text: str, cases: tuple[Case, ...], solution: Solution, numbers: Numbers, writer: Writer) -> Tex:
    """``symbol = cases`` for every symbol where all rows fit; else one item per regime, after what is common to all."""
    common, rest = _common(cases)
    lead = ""
    if common and all(width(writer.shape.inline(value)) < _SHORT_VALUE for _, value in common):
        shared = words_list([math(f"{writer.shape.tex(symbol)} = {writer.shape.inline(value)}") for symbol, value in common])
        lead = f"{' such that' if text.endswith(' is') else ''} {shared} in every regime"
        cases = rest
    table = _compact(cases, writer)
    if table is not None:
        return Tex(f"{lead}{', and' if lead else ''}{table}")
    items = []
    for case in cases:
        when = _condition(case, "If", writer) if case.region else "Otherwise"
        glue = " then" if when.endswith("*}") else ", then"
        items.append(rf"\item {when}{glue}{_rows(case, solution, numbers, writer)}")
    rest_of_it = "; the other values are as follows" if lead else " as follows, regime by regime"
    if not lead and not text.endswith(" is"):
        rest_of_it = " the following, regime by regime"
    return Tex(f"{lead}{rest_of_it}.\n\\begin{{enumerate}}\n" + "\n".join(items) + "\n\\end{enumerate}\n")


def _common(cases: tuple[Case, ...]) -> tuple[tuple[tuple[Symbol, Expr], ...], tuple[Case, ...]]:
    """The values that are the same in all cases, and the cases without them."""
    first, *others = (dict(case.values) for case in cases)
    common = tuple((symbol, value) for symbol, value in first.items() if all(other.get(symbol) == value for other in others))
    shared = {symbol for symbol, _ in common}
    rest = tuple(replace(case, values=tuple(pair for pair in case.values if pair[0] not in shared)) for case in cases)
    return (common, rest) if all(case.values for case in rest) else ((), cases)


def _compact(cases: tuple[Case, ...], writer: Writer) -> Tex | None:
    symbols = [symbol for symbol, _ in cases[0].values]
    if any([symbol for symbol, _ in case.values] != symbols for case in cases) or len(symbols) > 4:
        return None
    shape = writer.shape
    regions = [frozenset(map(writer.plain, writer.news(case.region))) for case in cases]
    displays = []
    for symbol in symbols:
        branches = _merged([(region, dict(case.values)[symbol]) for region, case in zip(regions, cases, strict=True)])
        rows = []
        for region, value in branches:
            when = r",\ ".join(relation_texts(sorted(region, key=str), shape))
            rows.append((shape.tex(writer.form(value)), rf"\text{{if }} {when}" if when else r"\text{otherwise}"))
        if any(width(shape.tex(symbol)) + width(value) + width(when) > BUDGET - 6 for value, when in rows):
            return None
        tall = r"\\[1.5ex]" if any(r"\frac" in value for value, _ in rows) else r"\\"
        body = f" {tall}\n".join(rf"\displaystyle {value} & {when}" for value, when in rows)
        displays.append(f"{shape.tex(symbol)} &= \\begin{{cases}}\n{body}\n\\end{{cases}}")
    return Tex("\n\\begin{align*}\n" + " \\\\[1ex]\n".join(displays) + "\n\\end{align*}\n")


Branch = tuple[frozenset[Boolean], Expr]


def _merged(branches: list[Branch]) -> list[Branch]:
    """Branches of equal value whose regions differ in one relation and its negation become one branch."""
    for place, (region, value) in enumerate(branches):
        for other in range(place + 1, len(branches)):
            mine, theirs = region - branches[other][0], branches[other][0] - region
            if branches[other][1] == value and len(mine) == len(theirs) == 1 and _opposite(*mine, *theirs):
                joined = (region & branches[other][0], value)
                rest = branches[place + 1 : other] + branches[other + 1 :]
                return _merged([*branches[:place], joined, *rest])
    return branches


def _opposite(first: Boolean, second: Boolean) -> bool:
    return isinstance(first, Relational) and normal_form(first.negated) == normal_form(second)
