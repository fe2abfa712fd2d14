"""What claims about one statement are judged with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.audit.joint import Joint, joint_choices
from derive.audit.recall import FORGETFUL, Recall
from derive.ir import Distribution, GeneralDistribution, Instance
from derive.shocks import law_values
from derive.solution import Solution
from derive.tree import free_symbols

__all__ = ["Setting", "law_parameters", "setting_of"]


@dataclass(frozen=True)
class Setting:
    """Solutions, notation and domains of choices; `of_laws` describe laws that are known by their properties alone, `named` what they
    become under an instance; `joint` says which protocols leave which players at least as much together as which others."""

    solutions: tuple[Solution, ...]
    definitions: tuple[tuple[Symbol, Expr], ...] = ()
    domains: tuple[tuple[Symbol, tuple[Boolean, ...]], ...] = ()
    integers: frozenset[Symbol] = frozenset()
    joint: tuple[Joint, ...] = ()
    of_laws: frozenset[Symbol] = frozenset()
    named: tuple[tuple[str, tuple[tuple[Symbol, Expr], ...]], ...] = ()
    recall: Recall = FORGETFUL


def setting_of(statement: Any, solutions: Sequence[Solution], recall: Recall = FORGETFUL) -> Setting:
    """What the claims about a statement are judged with."""
    return Setting(
        solutions=tuple(solutions),
        definitions=tuple((d.symbol, d.value) for d in getattr(statement, "definitions", ())),
        domains=tuple((v.symbol, v.domain) for v in getattr(statement, "variables", ())),
        joint=joint_choices(statement) if any(regime.implicit for s in solutions for regime in s.regimes) else (),
        of_laws=frozenset(
            symbol for shock in getattr(statement, "shocks", ()) for symbol in law_parameters(shock.distribution)
        ),
        named=tuple((instance.key, _named(statement, instance)) for instance in getattr(statement, "instances", ())),
        integers=frozenset(p.symbol for p in getattr(statement, "parameters", ()) if p.integer),
        recall=recall,
    )


def _named(statement: Any, instance: Instance) -> tuple[tuple[Symbol, Expr], ...]:
    """What describes the general laws, under the named ones in their place."""
    laws = dict(instance.laws)
    general = [s for s in statement.shocks if s.symbol in laws and isinstance(s.distribution, GeneralDistribution)]
    return tuple(pair for shock in general for pair in law_values(shock.distribution, laws[shock.symbol]))


def law_parameters(law: Distribution) -> frozenset[Symbol]:
    """What describes a law known by its properties alone: a change there changes the law, in no way that could be told."""
    if not isinstance(law, GeneralDistribution):
        return frozenset()
    return frozenset(symbol for end in (law.low, law.high, law.mean) for symbol in free_symbols(end))
