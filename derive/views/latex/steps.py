"""Each kind of step as a flat view for its macro: strings, LaTeX, displays and tuples of them.

Other families of steps register their own views with ``step_view.register``; a kind without one is shown by `Plain`, which holds
every field of the step as LaTeX under the field's name.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import singledispatch
from types import SimpleNamespace

from sympy import Basic, Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.render import Tex
from derive.steps import Step
from derive.views.latex.certificates import reason
from derive.views.latex.words import prose
from derive.views.latex.writer import Writer

__all__ = ["macro_name", "step_view"]

_SHORT_CORE = 16.0
_SHORT_LIST = 18.0


def macro_name(kind: type[Step]) -> str:
    """The name of the macro of a kind: ``EmptyCase`` has ``empty_case``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


@singledispatch
def step_view(step: Step, writer: Writer) -> object:
    """The flat view of a step. Without a function of its own: every field as LaTeX, by name."""
    return SimpleNamespace(**{entry.name: flat(getattr(step, entry.name), writer) for entry in fields(step)})


def flat(value: object, writer: Writer) -> object:
    """Any field as LaTeX: expressions inline, relations and certificates as text, tuples item by item."""
    if isinstance(value, Tex | bool | int) or value is None:
        return value
    if isinstance(value, Certificate):
        return reason(value, writer)
    if isinstance(value, Boolean) and not isinstance(value, Symbol):
        return writer.relation(value)
    if isinstance(value, Basic):
        return writer.math(value)
    if isinstance(value, tuple | list):
        return tuple(flat(item, writer) for item in value)
    if is_dataclass(value):
        return SimpleNamespace(**{entry.name: flat(getattr(value, entry.name), writer) for entry in fields(value)})
    return prose(str(value), writer.shape) if isinstance(value, str) else str(value)
