"""What a proposition says: its heading, its values by cases, the equations of implicit quantities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.coalition.ir import PROPERTIES
from derive.ir import Protocol
from derive.render import Tex, escape_latex
from derive.solution import Case, Proposition, Solution
from derive.steps import ImplicitRoot, Marginal
from derive.views.latex.breaking import BUDGET, Row
from derive.views.latex.nomenclature import player_tex
from derive.views.latex.numbering import Numbers, number_of_formula
from derive.views.latex.width import width
from derive.views.latex.words import math, prose, relation_texts, roman, words_list
from derive.views.latex.writer import Writer, normal_form

__all__ = ["Result", "heading", "roots_of", "stated"]

_SHORT_VALUE = 12.0
_ARTICLES = ("A", "I")
_PROPERTIES = frozenset(PROPERTIES.values())


@dataclass(frozen=True)
class Result:
    """One proposition: its environment, heading, statement and the paragraphs of its proof."""

    kind: str
    title: Tex
    label: str
    statement: Tex
    steps: tuple[Tex, ...]


def heading(one: Proposition, solution: Solution, protocol: Protocol | None, writer: Writer) -> tuple[Tex, str]:
    """The title and the words before the formulas; where the argument gives none, from who decides at that stage."""
    symbols = {symbol for case in one.cases for symbol, _ in case.values} or {root[0] for root in _nothing_but_roots(one, solution)}
    stages = protocol.stages if isinstance(protocol, Protocol) else ()
    players = sorted({name for stage in stages for one in stage.decisions for name in one.by})
    text = _with_players(str(prose(one.text, writer.shape)), players)
    title = prose(one.title, writer.shape)
    if text:
        return title, text
    if one.kind == "theorem":
        if not _told_apart(one.cases):
            return title, "The equilibria are"
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


def _with_players(text: str, players: Sequence[str]) -> str:
    """Plain text with the short names of players set as they are elsewhere; a name that is an article too is left."""
    short = [re.escape(name) for name in players if name not in _ARTICLES and player_tex(name) != name]
    pattern = re.compile(rf"\$[^$]*\$|\b(?:{'|'.join(short)})\b")
    return pattern.sub(lambda found: found[0] if "$" in found[0] else player_tex(found[0]), text) if short else text


def stated(one: Proposition, text: str, solution: Solution, numbers: Numbers, writer: Writer) -> Tex:
    cases = one.cases
    told = {symbol for case in cases for symbol, _ in case.values}
    if told and told <= _PROPERTIES:
        return _property(text, cases, writer)
    text += _only_where(one.exactly, writer)
    if cases and not told and not any(case.free for case in cases) and one.exactly:
        body = Tex("")
    elif len(cases) == 1:
        whole = text.endswith(".")
        where = _condition(cases[0], "If" if whole else "if", ",", writer) if cases[0].region else ""
        when = (f" {where} then" if whole else f" {where}" if "\n" in where else f", {where}") if where else ""
        body = Tex(when + _values(cases[0], solution, numbers, writer, "any {}."))
    elif cases:
        if text.endswith((".", "}")):
            text += " The outcome is"
        body = _by_cases(text, cases, solution, numbers, writer)
    else:
        body = Tex("")
    for place, root in enumerate(_nothing_but_roots(one, solution)):
        name = writer.math(root[0])
        said = f" {name} is the unique root" if place or one.kind == "theorem" else f" the unique root {name}"
        body = Tex(body + _root(f"Moreover{said}" if place else said, root, writer))
    roots = _implicit(one, solution, writer)
    body = Tex(f"{body} {roots}" if roots and not f"{text}{body}".endswith("\n") else f"{body}{roots}")
    if one.facts:
        body = Tex(f"{body}" + writer.condition(one.facts, "Moreover,", "."))
    return Tex(text + body)


def _only_where(regions: tuple[tuple[Boolean, ...], ...], writer: Writer) -> str:
    """The regions on which alone something holds, as the end of its sentence."""
    last = len(regions) - 1
    told = [
        str(writer.condition(writer.news(region) or region, "if", "." if place == last else ",")).rstrip()
        for place, region in enumerate(regions)
    ]
    return f" exactly {' or '.join(told)}" if told else ""


def _property(text: str, cases: tuple[Case, ...], writer: Writer) -> Tex:
    """Where a game has a property, in words: the symbol that reports it is 1 there and 0 elsewhere."""
    if len(cases) == 1:
        return Tex(f"{text} {_condition(cases[0], 'if', '.', writer)}" if cases[0].region else f"{text}.")
    holding = [case for case in cases if all(value == 1 for _, value in case.values)]
    holds = [_condition(case, "if", "," if case is holding[-1] else "", writer) for case in holding]
    return Tex(f"{text} The property holds {' or '.join(holds)} and fails otherwise." if holds else text)


def _values(case: Case, solution: Solution, numbers: Numbers, writer: Writer, anything: str) -> str:
    """The values of a case, for every choice that it leaves free; where it has none, `anything` of them."""
    rows = _rows(case, solution, numbers, writer)
    if not case.free:
        return str(rows)
    names = words_list([writer.math(symbol) for symbol in case.free])
    if rows:
        family = str(writer.condition(case.among, f"{names} with", ",")).rstrip() if case.among else f"{names},"
        return f" for every {family}{rows}"
    return f" {anything.format(str(writer.condition(case.among, f'{names} with', '')).rstrip() if case.among else names)}"


def _condition(case: Case, lead: str, end: str, writer: Writer) -> str:
    return str(writer.condition(writer.news(case.region) or case.region, lead, end)).rstrip("\n")


def _rows(case: Case, solution: Solution, numbers: Numbers, writer: Writer) -> Tex:
    """One row per value; symbols with the same value share a row, what the statement defines so is left out."""
    shared: dict[Expr, list[Symbol]] = {}
    for symbol, value in case.values:
        if writer.definitions.get(symbol) != value:
            shared.setdefault(value, []).append(symbol)
    rows = []
    places = _regimes(case, solution)
    for value, symbols in shared.items():
        told = (number_of_formula(numbers, solution.protocol, symbol, places) for symbol in symbols)
        number = next(filter(None, told), "")
        tail = rf"\qquad \text{{[source: {escape_latex(number)}]}}" if number else ""
        left = " = ".join(writer.shape.tex(symbol) for symbol in symbols)
        rows.append(Row(left, (writer.told(value),), tail=tail))
    return writer.setter.rows(rows, shape=writer.shape).stop if rows else Tex("")


def _is_outside(case: Case, solution: Solution) -> bool:
    """Whether a case is a regime in which the game is not started."""
    return any(r.outside and r.region == case.region for r in solution.regimes)


def _regimes(case: Case, solution: Solution) -> tuple[str, ...]:
    """The names of the regimes that a case speaks of; all of them for a case without a region of its own."""
    own = tuple(regime.name for regime in solution.regimes if set(regime.region) == set(case.region))
    return own or tuple(regime.name for regime in solution.regimes)


def _implicit(one: Proposition, solution: Solution, writer: Writer) -> Tex:
    """What the implicitly defined symbols of the values are."""
    used = {symbol for case in one.cases for _, value in case.values for symbol in value.free_symbols}
    roots = _proved_roots(one) + (roots_of(solution) if one.kind == "theorem" or solution.instance else [])
    if one.exactly:
        used |= {symbol for region in one.exactly for relation in region for symbol in relation.free_symbols}
        roots += roots_of(solution)
    text = ""
    for root in dict.fromkeys(root for root in roots if root[0] in used):
        text += _root(f"{'Moreover' if text else 'Here'} {writer.math(root[0])} is the unique root", root, writer)
    return Tex(text)


_Root = tuple[Symbol, Expr, Expr, Expr]


def _root(lead: str, root: _Root, writer: Writer) -> str:
    """A root by its bracket and its equation."""
    symbol, equation, low, high = root
    span = math(rf"({writer.shape.inline(low)}, {writer.shape.inline(high)})")
    return f"{lead} in {span} of{writer.equation(equation, unknown=symbol).stop}"


def _proved_roots(one: Proposition) -> list[_Root]:
    return [(step.symbol, step.core, step.low, step.high) for step in one.proof if isinstance(step, ImplicitRoot)]


def roots_of(solution: Solution) -> list[_Root]:
    return [(item.symbol, item.equation, item.low, item.high) for regime in solution.regimes for item in regime.implicit]


def _nothing_but_roots(one: Proposition, solution: Solution) -> list[_Root]:
    """What is chosen, where all that is chosen at a stage solves an equation: no value stands beside it."""
    if one.text or one.cases != (Case((), ()),):
        return []
    roots = (*_proved_roots(one), *roots_of(solution))
    decided = {step.variable for step in one.proof if isinstance(step, Marginal)}
    found = {root[0]: root for root in reversed(roots) if one.kind == "theorem" or root[0] in decided}
    return list(reversed(found.values()))


def _by_cases(text: str, cases: tuple[Case, ...], solution: Solution, numbers: Numbers, writer: Writer) -> Tex:
    """``symbol = cases`` for every symbol where all rows fit; else one item per regime, after what is common to all."""
    common, rest = _common(cases)
    lead = ""
    if common and all(width(writer.shape.inline(value)) < _SHORT_VALUE for _, value in common):
        shared = words_list([math(f"{writer.shape.tex(symbol)} = {writer.shape.inline(value)}") for symbol, value in common])
        lead = f"{' such that' if text.endswith(' is') else ''} {shared} in every regime"
        cases = rest
        if not any(case.values or case.free for case in rest):
            return Tex(f"{lead}.")
    table = _compact(cases, solution, writer)
    if table is not None:
        return Tex(f"{lead}{', and' if lead else ''}{table}")
    items: list[str] = []
    first: dict[str, str] = {}
    for place, case in enumerate(cases, start=1):
        when = _condition(case, "If", ",", writer) if case.region else "Otherwise," if _told_apart(cases) else "For all parameters"
        glue = " then" if case.region or _told_apart(cases) else ""
        told = " the game is not started, and" if _is_outside(case, solution) else ""
        values = _values(case, solution, numbers, writer, "every {} is equally good.")
        same = first.setdefault(values, roman(place))
        if same != roman(place) and r"\begin{align*}" in values:
            values = f" all is as in {same}."
        items.append(rf"\item {when}{glue}{told}{values}")
    rest_of_it = "; the other values are as follows" if lead else " as follows, regime by regime"
    if not lead and not text.endswith(" is"):
        rest_of_it = " the following, regime by regime"
    return Tex(f"{lead}{rest_of_it}.\n\\begin{{enumerate}}\n" + "\n".join(items) + "\n\\end{enumerate}\n")


def _told_apart(cases: tuple[Case, ...]) -> bool:
    """Whether at most one of the cases has no region of its own."""
    return sum(not case.region for case in cases) < 2


def _common(cases: tuple[Case, ...]) -> tuple[tuple[tuple[Symbol, Expr], ...], tuple[Case, ...]]:
    """The values that are the same in all cases, and the cases without them."""
    first, *others = (dict(case.values) for case in cases)
    common = tuple((symbol, value) for symbol, value in first.items() if all(other.get(symbol) == value for other in others))
    shared = {symbol for symbol, _ in common}
    rest = tuple(replace(case, values=tuple(pair for pair in case.values if pair[0] not in shared)) for case in cases)
    return (common, rest) if all(case.values for case in rest) or not any(case.values or case.free for case in rest) else ((), cases)


def _compact(cases: tuple[Case, ...], solution: Solution, writer: Writer) -> Tex | None:
    symbols = [symbol for symbol, _ in cases[0].values]
    if any([symbol for symbol, _ in case.values] != symbols for case in cases) or len(symbols) > 4:
        return None
    if any(case.free or _is_outside(case, solution) for case in cases):
        return None
    if len({case.region for case in cases}) < len(cases):
        return None
    shape = writer.shape
    regions = [tuple(map(writer.plain, writer.news(case.region))) for case in cases]
    displays = []
    for symbol in symbols:
        branches = _merged([(region, dict(case.values)[symbol]) for region, case in zip(regions, cases, strict=True)])
        rows = []
        for region, value in branches:
            when = r",\ ".join(relation_texts(region, shape))
            rows.append((shape.tex(writer.told(value)), rf"\text{{if }} {when}" if when else r"\text{otherwise}"))
        if any(width(shape.tex(symbol)) + width(value) + width(when) > BUDGET - 6 for value, when in rows):
            return None
        tall = r"\\[1.5ex]" if any(r"\frac" in value for value, _ in rows) else r"\\"
        body = f" {tall}\n".join(rf"\displaystyle {value} & {when}" for value, when in rows)
        by_cases = f"\\begin{{cases}}\n{body}\n\\end{{cases}}" if len(rows) > 1 else rows[0][0]
        displays.append(f"{shape.tex(symbol)} &= {by_cases}")
    return Tex("\n\\begin{align*}\n" + " \\\\[1ex]\n".join(displays) + "\n\\end{align*}\n")


Branch = tuple[tuple[Boolean, ...], Expr]


def _merged(branches: list[Branch]) -> list[Branch]:
    """Branches of equal value whose regions differ in one relation and its negation become one branch."""
    for place, (region, value) in enumerate(branches):
        for other in range(place + 1, len(branches)):
            mine, theirs = set(region) - set(branches[other][0]), set(branches[other][0]) - set(region)
            if branches[other][1] == value and len(mine) == len(theirs) == 1 and _opposite(*mine, *theirs):
                joined = (tuple(relation for relation in region if relation not in mine), value)
                rest = branches[place + 1 : other] + branches[other + 1 :]
                return _merged([*branches[:place], joined, *rest])
    return branches


def _opposite(first: Boolean, second: Boolean) -> bool:
    return isinstance(first, Relational) and normal_form(first.negated) == normal_form(second)
