"""The steps of a proof as paragraphs: what each says, what it supposes, what it refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import groupby, pairwise
from typing import Any, cast

from sympy.logic.boolalg import Boolean

from derive.cases import NotMutual
from derive.programs import Infeasible
from derive.render import Tex, render_macro
from derive.steps import Concavity, Crossing, Dominance, EmptyCase, Marginal, Multiplier, Sign, SinglePeak, Stationary, Step
from derive.views.latex.certificates import seen_from_few
from derive.views.latex.evident import is_short, used_in
from derive.views.latex.fewest import fewest
from derive.views.latex.repeats import HERE
from derive.views.latex.steps import macro_name, step_view
from derive.views.latex.words import words_list
from derive.views.latex.writer import Writer, normal_form, scaled

__all__ = ["MACROS", "fresh_uses", "paragraphs_of"]

#: The templates that hold the macros of the kinds of step.
MACROS = (
    "steps.tex.j2",
    "steps_programs.tex.j2",
    "steps_groups.tex.j2",
    "steps_coalition.tex.j2",
    "steps_repeated.tex.j2",
    "steps_bargaining.tex.j2",
    "steps_contracts.tex.j2",
    "steps_auctions.tex.j2",
)

_ABOUT_IT = ("label", "uses", "given", "certificate", "certificates")
_CARRY_ON = (SinglePeak, Crossing, Concavity, Stationary, Multiplier, NotMutual)
_WHEREVER = (Dominance, Infeasible)  # what holds wherever the facts do that it rests on
_LIST = 3
_WHY = re.compile(r", since |\. [A-Z]")

_Told = tuple[Tex, bool]


def paragraphs_of(proof: tuple[Step, ...], writer: Writer) -> list[Tex]:
    """The steps in words; one that carries on the thought of the step before it continues its paragraph."""
    texts: list[Tex] = []
    for kind, run in groupby(zip(proof, fresh_uses(proof), strict=True), key=lambda pair: type(pair[0])):
        told = [one for one in _sentences(tuple(run), writer) if one[0]]
        if kind is NotMutual and len(told) >= _LIST and not any(supposing for _, supposing in told):
            items = "\n".join(rf"\item {text}" for text, _ in told)
            texts.append(Tex(f"These replies are nowhere best to one another.\n\\begin{{itemize}}\n{items}\n\\end{{itemize}}"))
            continue
        for place, (text, supposing) in enumerate(told):
            carries_on = kind in _CARRY_ON or (kind is EmptyCase and place > 0)
            if texts and carries_on and not supposing:
                texts[-1] = Tex(f"{texts[-1]}\n{text}")
            else:
                texts.append(text)
    return texts


def fresh_uses(proof: tuple[Step, ...]) -> list[tuple[str, ...]]:
    """What each step refers to beyond the step before it and what that one already referred to; to a marginal payoff rather than to
    what is said of its slope. Of several steps of one kind that it rests on, all are named or none."""
    spoken_of = {
        after.label: before.label
        for before, after in pairwise(proof)
        if isinstance(before, Marginal) and isinstance(after, SinglePeak | Crossing) and before.variable == after.variable
    }
    kinds = {step.label: type(step) for step in proof}
    found = []
    near: set[str] = set()
    for step in proof:
        uses = tuple(dict.fromkeys(spoken_of.get(use, use) for use in step.uses))
        told = {kinds[use] for use in uses if use not in near and use in kinds}
        found.append(tuple(use for use in uses if use not in near or kinds.get(use) in told))
        near = {spoken_of.get(step.label, step.label), *uses}
    return found


def _sentences(run: Sequence[tuple[Step, tuple[str, ...]]], writer: Writer) -> list[_Told]:
    """The texts of steps of one kind in a row, with whether each supposes something; what is only recalled of the assumptions
    stands in one sentence."""
    if len(run) > 1 and isinstance(run[0][0], Infeasible):
        return _nowhere(run, writer)
    recalled = [step for step, _ in run if isinstance(step, Sign) and normal_form(step.relation) in writer.known]
    if len(recalled) < 2:
        return [_sentence(step, uses, writer) for step, uses in run]
    told = Tex(f"By assumption, {writer.facts(step.relation for step in recalled)}.")
    return [(told, False), *(_sentence(step, uses, writer) for step, uses in run if step not in recalled)]


def _nowhere(run: Sequence[tuple[Step, tuple[str, ...]]], writer: Writer) -> list[_Told]:
    """The texts of steps that find nothing to choose; those that only name where that is so, in one sentence for the same bounds."""
    told: list[_Told] = []
    where: dict[str, list[Tex]] = {}
    for step, uses in run:
        supposed = _supposed(step, writer)
        text, supposing = _sentence(step, uses, writer)
        lead = f"{writer.condition(supposed, 'Let', '.')} " if supposing else ""
        if lead and text.startswith(lead) and not writer.too_wide(supposed) and not _WHY.search(bare := text.removeprefix(lead)):
            where.setdefault(bare.removesuffix("."), []).append(writer.condition(supposed, "if", ""))
            writer.region = ()
        elif text:
            told.append((text, supposing))
    return [*told, *((Tex(f"{what} {words_list(regions, 'or')}."), False) for what, regions in where.items())]


def _rendered(step: Step, view: Any) -> str:
    return re.sub(r"\n\s*\n", "\n", render_macro(MACROS, macro_name(type(step)), view).strip())


def _told_before(step: Step, region: tuple[Boolean, ...], writer: Writer) -> bool:
    """Whether the present proof has said the same where it supposed the same."""
    said = tuple(getattr(step, one.name) for one in fields(step) if one.name not in _ABOUT_IT)
    return writer.again((type(step), said, frozenset(map(normal_form, region)))) and step.label not in writer.wanted


def _supposed(step: Step, writer: Writer) -> tuple[Boolean, ...]:
    """What a step supposes; of what holds wherever a few of these relations do, as its certificate tells, those alone."""
    region = writer.news(step.given)
    used = _grounds(step, writer) if isinstance(step, _WHEREVER) else None
    if used is None:
        return region
    needed = {scaled(form) for fact in used for form in (fact, writer.plain(fact))}
    return tuple(one for one in region if scaled(one) in needed)


def _grounds(step: Dominance | Infeasible, writer: Writer) -> tuple[Boolean, ...] | None:
    """The facts from which a reader sees what is said; None where they cannot be told."""
    if isinstance(step, Dominance) and writer.tidy.is_square(step.better - step.worse):
        return ()
    certificate, used = step.certificate, used_in(step.certificate)
    known = (certificate.claim, certificate.given, writer.tidy, writer.choices)
    few = fewest(*known) if is_short(certificate) else seen_from_few(certificate, writer)
    return few if few is not None and (used is None or len(few) <= len(used)) else used


def _is_seen_at_once(step: Dominance | Infeasible, writer: Writer) -> bool:
    return is_short(step.certificate) or seen_from_few(step.certificate, writer) is not None


def _sentence(step: Step, uses: tuple[str, ...], writer: Writer) -> _Told:
    """The text of one step, and whether it begins by supposing something."""
    region, before = _supposed(step, writer), writer.region
    lead = ""
    if region != writer.region:
        if region:
            lead = str(writer.condition(region, "Let", "."))
            lead += "" if lead.endswith("\n") else " "
        writer.region = region
    if _told_before(step, region, writer):
        writer.region = before
        return Tex(""), False
    references = writer.refer(uses)
    if lead and isinstance(step, _WHEREVER) and _is_seen_at_once(step, writer):
        writer.suppose(region)
    view = step_view(step, writer)
    body = _rendered(step, view)
    varies = isinstance(getattr(view, "variant", None), int)
    plain = re.sub(HERE, "", _rendered(step, replace(cast(Any, view), variant=0)) if varies else body)
    writer.stated = frozenset()
    if not body or (writer.again((plain, frozenset(region))) and step.label not in writer.wanted):
        writer.region = before
        return Tex(""), False
    supposing = bool(lead)
    if references:
        lead += f"By {words_list(references)}, "
        body = body[0].lower() + body[1:] if body[:2].isalpha() else body
    return Tex(lead + body), supposing
