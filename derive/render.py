"""The only home of Jinja: flat views in, text out. Templates see strings, booleans and tuples; no algebra happens there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jinja2

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_PACKAGED = Path(__file__).resolve().parent / "templates"

_LATEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


_MACRO = re.compile(r"\(\(\* macro (\w+)\(.*?\(\(\* endmacro \*\)\)", re.DOTALL)
_FOREIGN = re.compile("[^\\x20-\\x7e\\u00a1-\\u017f\\u2013\\u2014\\u2018-\\u201e\\u2026]+")


class Tex(str):
    """Text that already is LaTeX and passes into a template unescaped."""

    __slots__ = ()


class Code(str):
    """Text that already is Python source and passes into a template as it is."""

    __slots__ = ()


def escape_latex(value: object) -> str:
    """The LaTeX that prints `value` literally; a `Tex` passes unchanged.

    Characters beyond Latin letters and punctuation, which the fonts of pdflatex lack, are left out together with the blank
    before them; any white space is a blank.
    """
    if isinstance(value, Tex):
        return str(value)
    text = _FOREIGN.sub("", re.sub(r"\s+", " ", str(value)))
    return "".join(_LATEX_SPECIAL.get(character, character) for character in text)


def _folder() -> Path:
    return TEMPLATES if TEMPLATES.is_dir() else _PACKAGED


@lru_cache(maxsize=2)
def _environment(latex: bool) -> jinja2.Environment:
    delimiters: dict[str, Any] = (
        {
            "block_start_string": "((*",
            "block_end_string": "*))",
            "variable_start_string": "(((",
            "variable_end_string": ")))",
            "comment_start_string": "((=",
            "comment_end_string": "=))",
        }
        if latex
        else {}
    )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_folder()),
        undefined=jinja2.StrictUndefined,
        finalize=escape_latex if latex else None,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        **delimiters,
    )
    environment.filters["tex"] = Tex  # what a macro returns is text that was escaped already
    return environment


def render_latex(template: str, view: object) -> str:
    """Render ``templates/<template>`` with ``view``; everything that is not `Tex` is escaped."""
    return _environment(True).get_template(template).render(view=view)


def render_macro(templates: tuple[str, ...], macro: str, view: object) -> str:
    """Call the macro of that name with ``view``; the first of the LaTeX templates that defines it is used.

    Templates that do not exist are passed over. Raises KeyError when none has the macro.
    """
    for name in templates:
        if f"macro {macro}(" in _source(name):
            return str(_macro(name, macro)(view))
    raise KeyError(f"no macro {macro} in {', '.join(templates)}")


@cache
def _macro(template: str, macro: str) -> Callable[[object], object]:
    """A macro of a template of macros, compiled with those it calls; the others are not wanted."""
    texts = {found[1]: found[0] for found in _MACRO.finditer(_source(template))}
    wanted = [macro]
    for name in wanted:
        wanted += [other for other in texts if other not in wanted and f"{other}(" in texts[name]]
    module = _environment(True).from_string("\n".join(texts[name] for name in wanted)).module
    found: Callable[[object], object] = getattr(module, macro)
    return found


@cache
def _source(template: str) -> str:
    """The text of a template, which costs nothing as long as it is not compiled; empty where there is none."""
    path = _folder() / template
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def render_text(template: str, view: object) -> str:
    """Render ``templates/<template>`` with ``view`` for Python source, Markdown or plain text; nothing is escaped."""
    return _environment(False).get_template(template).render(view=view)
