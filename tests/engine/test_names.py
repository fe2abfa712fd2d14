"""What symbols are called changes nothing: models with their parameters renamed to names the engine uses itself."""

from __future__ import annotations

import importlib
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
import sympy
from sympy import Basic, Symbol

from derive.check.solution import check_solution
from derive.field import normal
from derive.ir import Model
from derive.play.induction import derive_protocol
from derive.solution import Solution

NAMES = ("lambda_1", "lambda", "lambda_2", "h_1", "t_1", "n", "value0", "rent", "s_1", "N_q", "x_y", "h_2", "t_2", "z_q", "u_w")
MODELS = (
    "spengler_double_marginalization",
    "unbounded_advertising",
    "two_type_screening_shutdown",
    "limited_liability_regimes",
    "buyback_pasternack",
    "len_single_task",
    "remanufacturing_two_period",
    "entry_deterrence",
    "price_newsvendor_multiplicative",
)


def renamed(value: Any, names: dict[Symbol, Symbol]) -> Any:
    """The same value with other symbols, wherever they stand in it."""
    if isinstance(value, Basic):
        return value.xreplace(names)
    if isinstance(value, tuple):
        return tuple(renamed(one, names) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: renamed(getattr(value, f.name), names) for f in fields(value) if f.init})
    return value


def alike(first: Solution, second: Solution, back: dict[Symbol, Symbol]) -> bool:
    """Whether the regimes give the same values, in whatever order, shape and number of regimes."""
    ours = [{str(s): normal(v) for s, v in r.resolved().items()} for r in first.regimes]
    theirs = [{str(s): normal(v.xreplace(back)) for s, v in r.resolved().items()} for r in second.regimes]
    return all(one in theirs for one in ours) and all(one in ours for one in theirs)


@pytest.mark.parametrize("key", MODELS)
def test_names_of_parameters_do_not_matter(key: str) -> None:
    model: Model = importlib.import_module(f"models.gallery.{key}.model").model
    bare = replace(model, claims=(), printed=())
    there = {p.symbol: Symbol(name, real=True) for p, name in zip(bare.parameters, NAMES, strict=False)}
    other = renamed(bare, there)
    back = {new: old for old, new in there.items()}
    protocol = bare.protocols[0].key
    plain = derive_protocol(bare, bare.protocol(protocol))
    found = derive_protocol(other, other.protocol(protocol))
    assert check_solution(other, found, 3).accepted
    assert alike(plain, found, back)


def test_renaming_reaches_every_corner_of_a_statement() -> None:
    model: Model = importlib.import_module("models.gallery.len_single_task.model").model
    names = {p.symbol: Symbol(f"other_{p.symbol}", real=True) for p in model.parameters}
    assert not {s.name for s in names} & {node.name for node in sympy.Tuple(*_expressions(renamed(model, names))).free_symbols}


def _expressions(value: Any) -> list[Basic]:
    if isinstance(value, Basic):
        return [value]
    if isinstance(value, tuple):
        return [found for one in value for found in _expressions(one)]
    if is_dataclass(value) and not isinstance(value, type):
        return [found for f in fields(value) for found in _expressions(getattr(value, f.name))]
    return []
