"""The table of symbols and the paragraphs that state the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr, Symbol, sympify
from sympy.logic.boolalg import Boolean

from derive.auctions.ir import Auction, DoubleAuction
from derive.ir import CARA, Bargain, Decision, Feasibility, GeneralDistribution, Protocol, other
from derive.render import Tex, escape_latex
from derive.repeated.ir import RepeatedGame, domain
from derive.shocks import Cdf, Density, Overage
from derive.views.latex.auctions import auction_paragraphs, double_auction_paragraphs
from derive.views.latex.names import Names, symbol_tex
from derive.views.latex.repeated import stage_paragraphs
from derive.views.latex.shape import Shape
from derive.views.latex.words import conjunction, law_text, math, numeral, prose, relation_texts, words_list
from derive.views.latex.writer import Writer

__all__ = ["Group", "Row", "assumed", "model_paragraphs", "moves", "names_of", "nomenclature", "player_tex"]


@dataclass(frozen=True)
class Row:
    """One line of the table of symbols."""

    symbol: Tex
    meaning: Tex
    unit: Tex
    domain: Tex


@dataclass(frozen=True)
class Group:
    """Rows of one sort."""

    title: str
    rows: tuple[Row, ...]


def _entries(statement: object) -> list[tuple[str, tuple[object, ...]]]:
    """The declared quantities in their sorts."""
    instances = getattr(statement, "instances", ())
    revision = getattr(statement, "revision", None)
    more = tuple(one for owner in (*instances, *([revision] if revision else ())) for one in owner.parameters)
    parameters = {one.symbol: one for one in (*getattr(statement, "parameters", ()), *more)}
    return [
        ("Parameters", tuple(parameters.values())),
        ("Random variables", tuple(getattr(statement, "shocks", ()))),
        ("Choices", tuple(getattr(statement, "variables", ()))),
        ("Abbreviations", (*getattr(statement, "aggregates", ()), *getattr(statement, "definitions", ()))),
        ("Payoffs", tuple(getattr(statement, "players", ()))),
    ]


def _symbol(entry: object) -> Symbol | None:
    for name in ("symbol", "payoff", "share"):
        found = getattr(entry, name, None)
        if isinstance(found, Symbol):
            return found
    return None


def names_of(statement: object) -> Names:
    """The LaTeX of every declared symbol and law. Raises StatementError when two print alike."""
    declared: list[tuple[str, str]] = []
    for _, entries in _entries(statement):
        for entry in entries:
            symbol = _symbol(entry)
            if symbol is not None:
                declared.append((symbol.name, getattr(entry, "latex", "")))
    if any(_count(player) != 1 for player in getattr(statement, "players", ())):
        declared += [(other(one.symbol).name, "") for one in getattr(statement, "variables", ())]
    z = Symbol("z", real=True)
    for shock in getattr(statement, "shocks", ()):
        if isinstance(shock.distribution, GeneralDistribution):
            law = shock.distribution.cdf
            declared += [(head(law, z).heading, "") for head in (Cdf, Density, Overage)]
    return Names.of(dict.fromkeys(declared), getattr(statement, "key", ""))


def assumed(statement: object) -> tuple[Boolean, ...]:
    """What a statement assumes, a discount factor between its bounds included."""
    if isinstance(statement, RepeatedGame):
        return domain(statement)
    return tuple(getattr(statement, "assumptions", ()))


def nomenclature(statement: object, shape: Shape) -> tuple[Group, ...]:
    """The table of symbols: parameters, shocks, choices, abbreviations, payoffs."""
    assumptions = [
        *assumed(statement),
        *(one for instance in getattr(statement, "instances", ()) for one in instance.assumptions),
        *getattr(getattr(statement, "revision", None), "assumptions", ()),
    ]
    groups = []
    for title, entries in _entries(statement):
        rows = []
        for entry in entries:
            symbol = _symbol(entry)
            if symbol is None:
                continue
            own = [relation for relation in assumptions if relation.free_symbols == {symbol}]
            relations = (*own, *getattr(entry, "domain", ()))
            rows.append(
                Row(
                    math(shape.tex(symbol)),
                    _meaning(entry, shape),
                    prose(getattr(entry, "unit", ""), shape),
                    math(_set(among, shape))
                    if (among := getattr(entry, "values", ()))
                    else words_list([math(text) for text in relation_texts(relations, shape)]),
                )
            )
        if title == "Random variables":
            rows += _law_rows(entries, shape)
        if rows:
            groups.append(Group(title, tuple(rows)))
    return tuple(groups)


def _law_rows(shocks: tuple[object, ...], shape: Shape) -> list[Row]:
    """The functions of a law that the statement leaves general."""
    rows = []
    z = Symbol("z", real=True)
    for shock in shocks:
        law = shock.distribution  # type: ignore[attr-defined]
        if not isinstance(law, GeneralDistribution):
            continue
        name = math(shape.tex(shock.symbol))  # type: ignore[attr-defined]
        said = (
            (Cdf, f"distribution function of {name}"),
            (Density, f"density of {name}"),
            (Overage, rf"expected leftover $\mathrm{{E}}(z - {name[1:-1]})^{{+}}$"),
        )
        rows += [Row(math(shape.tex(head(law.cdf, z))), Tex(meaning), Tex(""), Tex("")) for head, meaning in said]
    return rows


def _meaning(entry: object, shape: Shape) -> Tex:
    meaning = prose(getattr(entry, "meaning", ""), shape)
    name = getattr(entry, "name", "")
    if not name:
        return meaning
    return Tex(f"payoff of {player_tex(name)}" + (f", {meaning}" if meaning and meaning != name else ""))


def player_tex(name: str) -> Tex:
    """A player's name: short ones as symbols, words as words."""
    return math(symbol_tex(name)) if len(name) <= 3 and name[:1].isupper() else Tex(escape_latex(name))


# --- the model in words ----------------------------------------------------------------------------------------------


def model_paragraphs(statement: object, writer: Writer) -> tuple[Tex, ...]:
    """Players and their objectives, randomness, attitude to risk, assumptions."""
    shape = writer.shape
    paragraphs: list[str] = []
    players = tuple(getattr(statement, "players", ()))
    earning = tuple(player for player in players if hasattr(player, "objective"))
    if earning:
        named = "; ".join(_introduced(player, shape) for player in earning)
        sorts = f"{numeral(len(earning))} {'sorts of players' if any(_count(p) != 1 for p in earning) else 'players'}"
        count = (
            f"There is one {'sort of players' if _count(earning[0]) != 1 else 'player'}"
            if len(earning) == 1
            else f"There are {sorts}"
        )
        rows = writer.equations([(player.payoff, player.objective) for player in earning])
        text = f"{count}: {named}. "
        random = any(getattr(statement, "shocks", ()))
        text += ("Before the uncertainty is resolved, what each earns is random:" if random else "The payoffs are") + rows.stop
        paragraphs.append(text)
    paragraphs += _sums(statement, shape)
    definitions = tuple(getattr(statement, "definitions", ()))
    if definitions:
        shown = writer.equations([(one.symbol, one.value) for one in definitions])
        paragraphs.append("We abbreviate" + shown.stop)
    shocks = tuple(getattr(statement, "shocks", ()))
    if shocks:
        texts = [law_text(shock.symbol, shock.distribution, shape) for shock in shocks]
        writer.described.update(texts)
        laws = words_list(texts)
        paragraphs.append(f"Here {laws}" + ("; these are independent." if len(shocks) > 1 else "."))
    averse = [player for player in earning if isinstance(player.risk, CARA)]
    if averse:
        text = ""
        for player in averse:
            rho = shape.inline(player.risk.risk_aversion)
            utility = math(rf"-\mathrm{{e}}^{{-{rho} x}}")
            text += (
                f"Player {player_tex(player.name)} has constant absolute risk aversion {math(rho)}: the utility of an income $x$ is "
                f"{utility}, and {math(shape.tex(player.payoff))} denotes the certainty equivalent. "
            )
        others = [player_tex(player.name) for player in earning if player not in averse]
        if others:
            text += f"{words_list(others)} {'is' if len(others) == 1 else 'are'} risk neutral."
        paragraphs.append(text.strip())
    elif shocks and earning:
        paragraphs.append("All players are risk neutral.")
    if isinstance(statement, RepeatedGame):
        paragraphs += stage_paragraphs(statement, writer)
    if isinstance(statement, Auction):
        paragraphs += auction_paragraphs(statement, writer)
    if isinstance(statement, DoubleAuction):
        paragraphs += double_auction_paragraphs(statement, writer)
    assumptions = assumed(statement)
    if assumptions:
        paragraphs.append(str(writer.condition(assumptions, "Throughout we assume", ".")).rstrip())
    paragraphs += _whole(earning, shape)
    return tuple(Tex(paragraph) for paragraph in paragraphs)


def _introduced(player: object, shape: Shape) -> Tex:
    name, meaning = player.name, getattr(player, "meaning", "")  # type: ignore[attr-defined]
    told = f"{player_tex(name)}, {prose(meaning, shape)}" if meaning and meaning != name else player_tex(name)
    count = _count(player)
    return Tex(told if count == 1 else f"{math(shape.inline(count))} identical ones called {told}")


def _count(player: object) -> Expr:
    """How many identical players it stands for."""
    return sympify(getattr(player, "count", 1))


def _sums(statement: object, shape: Shape) -> list[str]:
    """What is summed over the members of a group."""
    texts = [
        f"{math(shape.tex(one.symbol))} is the sum of {math(shape.inline(one.of))} over all {player_tex(one.over)}"
        for one in getattr(statement, "aggregates", ())
    ]
    what = "Payoff and choices of identical players are those of any one of them."
    return [f"{what} Here {words_list(texts)}."] if texts else []


def _whole(players: tuple[object, ...], shape: Shape) -> list[str]:
    """That numbers of players are whole, and that the proofs do not use it."""
    numbers = sorted({symbol for player in players for symbol in _count(player).free_symbols}, key=str)
    if not numbers:
        return []
    names = words_list([math(shape.tex(symbol)) for symbol in numbers])
    verb, noun = ("is", "a whole number") if len(numbers) == 1 else ("are", "whole numbers")
    return [f"{names} {verb} {noun}; the arguments below hold for all real values in the range assumed."]


def moves(protocol: Protocol, statement: object, shape: Shape) -> tuple[Tex, ...]:
    """One sentence per stage: who chooses what, under which constraints."""
    sentences = []
    domains = {variable.symbol: variable.domain for variable in getattr(statement, "variables", ())}
    for number, stage in enumerate(protocol.stages):
        parts = [_decision(decision, domains, statement, shape) for decision in stage.decisions]
        knowing = "Knowing this, " if number == 1 else "Knowing all that, " if number else ""
        glue = "; at the same time, " if len(parts) > 1 else ""
        sentences.append(Tex(knowing + glue.join(parts) + "."))
    return tuple(sentences)


def _terms(bargain: Bargain, shape: Shape) -> str:
    """The weights of the Nash product and what the gains are measured from."""
    weights = words_list([math(shape.inline(weight)) for weight in bargain.weights])
    none = [value for value in bargain.disagreement if value != 0]
    apart = words_list([math(shape.inline(value)) for value in bargain.disagreement])
    over = f" over what they have otherwise, {apart}" if none else ""
    return f"so as to maximise the product of their gains with weights {weights}{over}"


def _set(values: Iterable[Expr], shape: Shape) -> str:
    inner = ", ".join(shape.inline(value) for value in values)
    return rf"\{{{inner}\}}"


def _decision(decision: Decision, domains: dict[Symbol, tuple[Boolean, ...]], statement: object, shape: Shape) -> str:
    counts = {player.name: _count(player) for player in getattr(statement, "players", ())}
    named = [(player_tex(name), counts.get(name, 1)) for name in decision.by]
    who = words_list([name if count == 1 else f"each of the {math(shape.inline(count))} {name}" for name, count in named])
    verb = "bargain over" if decision.bargain else "jointly choose" if len(decision.by) > 1 else "chooses"
    what = words_list([math(shape.tex(symbol)) for symbol in decision.chooses])
    text = f"{who} {verb} {what}"
    if decision.bargain:
        text += f", {_terms(decision.bargain, shape)}"
    bounds = [relation for symbol in decision.chooses for relation in domains.get(symbol, ())]
    if bounds:
        text += f"{', where' if decision.bargain else ' with'} {conjunction(bounds, shape)}"
    among = {v.symbol: v.values for v in getattr(statement, "variables", ()) if v.values}
    picked = [math(rf"{shape.tex(s)} \in {_set(among[s], shape)}") for s in decision.chooses if s in among]
    if picked:
        text += f" with {words_list(picked)}"
    feasible = [one.relation for one in decision.subject_to if isinstance(one, Feasibility)]
    if feasible:
        text += f", subject to {conjunction(feasible, shape)}"
    payoffs = {player.name: player.payoff for player in getattr(statement, "players", ()) if hasattr(player, "payoff")}
    for one in decision.subject_to:
        if not isinstance(one, Feasibility):
            accepts = math(rf"{shape.tex(payoffs[one.player])} \geq {shape.inline(one.reservation)}")
            text += f", provided that {player_tex(one.player)} accepts, {accepts}"
    return text
