"""The argument of one solution as text for a terminal, from its JSON view: what holds throughout once, then the propositions with
their steps in the order of the argument, each step with what it says, its formulas and its reasons, and the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

from derive.views.lines import listed, results_lines
from derive.views.says import EQUATIONS, FIELDS, SAYS

WIDTH = 80
_STEP = 6  # what the text of a step is indented by
_DEEPEST = 8
_FIXED = "\0"
_SIGNS = (" +", " -")


def argument_lines(data: Mapping[str, Any]) -> list[str]:
    """The argument of one solution (as `solution_data` gives it), line by line."""
    name = data["protocol"] + (f" with {data['instance']}" if data["instance"] else "")
    known = [*data["assumptions"]]
    lines = [f"{name}: the argument. Its answer stands at the end."]
    lines += ["", *_set("Throughout: ", _and(known) + ".")] if known else []
    for proposition in data["argument"]:
        lines += ["", *_proposition(proposition, known)]
    answer = [part for line in results_lines(dict(data)) for part in _wrapped(line)]
    return [*lines, "", "The answer:", *answer]


def _proposition(data: Mapping[str, Any], known: Sequence[str]) -> list[str]:
    title = f". {data['title']}" if data["title"] else ""
    lines = _set("", f"{data['kind'].capitalize()} {data['label']}{title}")
    lines += _set("  ", data["text"]) if data["text"] else []
    for case in data["cases"]:
        free = f"for every {', '.join(case['free'])} with {_and(case['among'])}" if case.get("free") else ""
        where = "; ".join(filter(None, (f"where {_and(case['region'])}" if case["region"] else "", free)))
        lines += _set("  ", f"{where}:") if where else []
        for symbol, value in case["values"].items():
            lines += _set(f"    {symbol} = ", value)
    for fact in data["facts"]:
        lines += _set("  moreover ", fact)
    steps = data["proof"]
    if not steps:
        return lines
    shared = [fact for fact in steps[0]["given"] if all(fact in step["given"] for step in steps)]
    lines.append("  Proof.")
    told = [fact for fact in shared if fact not in known]
    lines += _set("    ", f"In all of it {_and(told)}.") if told else []
    own = frozenset((*known, *shared))
    places: dict[str, frozenset[str]] = {}
    for step in steps:
        lines += [*_told(step), *_where(step, own, places)]
    return lines


def _where(step: Mapping[str, Any], known: frozenset[str], places: dict[str, frozenset[str]]) -> list[str]:
    """Where a step holds, as far as it is not known; by an earlier step of the proof, in `places`, that says most of it."""
    here = [fact for fact in step["given"] if fact not in known]
    said = [label for label, facts in places.items() if len(facts) > 1 and facts <= set(here)]
    nearest = max(said, key=lambda label: len(places[label]), default="")
    more = [fact for fact in here if fact not in places.get(nearest, ())]
    if nearest not in places:
        places[step["label"]] = frozenset(here)
    elif more:
        places.setdefault(step["label"], frozenset(here))
    told = ", and ".join(filter(None, (f"as in {nearest}" if nearest else "", _and(more))))
    return _set("      where ", told, _STEP + 2) if told else []


def _told(step: Mapping[str, Any]) -> list[str]:
    """A step: its label, what it says and from which steps; then its formulas and reasons, a line each."""
    content: dict[str, str] = step["content"]
    kind = step["kind"]
    says, used = _sentence(SAYS.get(kind, f"{kind.capitalize()}."), content)
    uses = f" (By {', '.join(step['uses'])}.)" if step["uses"] else ""
    lines = _set(f"    [{step['label']}] ", says + uses, _STEP)
    labels = FIELDS.get(kind, {})
    for name, text in content.items():
        label = labels.get(name, name.replace("_", " "))
        if name in used or not label:
            continue
        parts = text.split("; ") if name not in ("objective", "result") else [text]
        first, *others = map(_zero, parts) if label in EQUATIONS else parts
        lines += _set(f"      {label}: ", first, _STEP + 4)
        for part in others:
            lines += _set(" " * (_STEP + 2), part, _STEP + 4)
    return lines


def _zero(text: str) -> str:
    """The equation that an expression is zero; ``-p = 0`` as ``p = 0``."""
    return re.sub(r"^-(\w+)$", r"\1", text) + " = 0"


def _sentence(pattern: str, content: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """A sentence with the short contents put in, and the names of these; a long one stands below, in a line of its own."""
    names = re.findall(r"\{(\w+)\}", pattern)
    found = {name: content.get(name, "") for name in names}
    return pattern.format(**found), frozenset(names)


def _and(texts: Iterable[str]) -> str:
    """Relations as a list, each once."""
    return listed(list(dict.fromkeys(texts)))


def _set(head: str, text: str, indent: int | None = None) -> list[str]:
    """Text after a head, in lines that are not too wide; the lines after the first are indented."""
    after = " " * (indent if indent is not None else len(head) - len(head.lstrip()) + 4)
    room = WIDTH - max(len(head), len(after))
    kept = next((k for depth in range(1, _DEEPEST) if max(map(len, (k := _kept(text, depth)).split(" "))) <= room), text)
    lines = wrap(kept, WIDTH, initial_indent=head, subsequent_indent=after, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_FIXED, " ") for line in lines]


def _kept(text: str, depth: int) -> str:
    """The text with the spaces fixed that stand within as many brackets, or after a sign, at which no line is to end."""
    told, open_ = [], 0
    for place, letter in enumerate(text):
        open_ += (letter == "(") - (letter == ")")
        sign = text[place - 2 : place] in _SIGNS
        told.append(_FIXED if letter == " " and (open_ >= depth or sign) else letter)
    return "".join(told)


def _wrapped(line: str) -> list[str]:
    begun = len(line) - len(line.lstrip())
    return _set(" " * begun, line.lstrip(), begun + 4)
