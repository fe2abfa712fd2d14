"""Verdicts kept on disk under a digest of what was asked and of the prover, so that an edit elsewhere in a model costs no search.

Nothing that is read is believed: a certificate must prove what is asked and pass the checker, a counterexample must be one. What
fails is asked anew. That nothing was found is kept too: it claims nothing, and `reading` switched off asks again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sympy import Rational, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.audit.clauses import clauses
from derive.audit.conditions import Never
from derive.certificates import Certificate
from derive.prooftext import Unreadable, texts, values_of
from derive.prove.balls import truth
from derive.prove.decide import accepted
from derive.prove.relations import flatten, relation, sides
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Undecided, Vacuous, Verdict, Witness
from derive.tree import free_symbols

Found = Verdict | Never | None
_KEEP = 4000


@dataclass(frozen=True)
class Question:
    """Does `asserts` hold wherever all of `given` do; `marks` are what else the answer depends on."""

    asserts: Boolean
    given: tuple[Boolean, ...]
    marks: tuple[str, ...] = ()

    def digest(self) -> str:
        """The same however the facts are ordered, repeated or turned round."""
        facts = sorted({_digest(fact) for fact in flatten(self.given)})
        return _hashed(json.dumps([_digest(self.asserts), facts, self.marks]))


@dataclass(frozen=True)
class Recall:
    """A folder of verdicts; `version` is the digest of the prover that found them. Without a folder nothing is kept."""

    folder: Path | None = None
    version: str = ""
    reading: bool = True

    def answer(self, question: Question, search: Callable[[], Found]) -> Found:
        """What is known and stands the check, else what the search finds, which is then kept."""
        path = self._path(question)
        if path is None:
            return search()
        if self.reading:
            try:
                return _checked(_read(path.read_text("utf-8")), question)
            except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, _Doubtful):
                pass
        found = search()
        with contextlib.suppress(OSError, Unreadable, _Doubtful):
            text = _written(_fitting(found, question))
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_text(text, "utf-8")
            part.replace(path)
        return found

    def _path(self, question: Question) -> Path | None:
        """Where the answer is kept; what has no text has no place."""
        try:
            return None if self.folder is None else self.folder / self.version / f"{question.digest()}.json"
        except Unreadable:
            return None

    def tidy(self) -> None:
        """Drop what other provers found, and the oldest of many."""
        if self.folder is None or not self.folder.is_dir():
            return
        for folder in self.folder.iterdir():
            if folder.name != self.version:
                shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            for path in sorted((self.folder / self.version).glob("*.json"), key=lambda one: one.stat().st_mtime_ns)[:-_KEEP]:
                path.unlink()


FORGETFUL = Recall()


class _Doubtful(Exception):
    """What was read does not settle the question."""


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1 << 14)
def _digest(statement: Boolean) -> str:
    if isinstance(statement, Relational):
        greater, op, smaller = sides(statement)
        statement = relation(greater, op, smaller)
    return _hashed(texts((statement,)))


# --- what stands the check ---------------------------------------------------------------------------------------------------


def _checked(found: Found, question: Question) -> Found:
    """The verdict, if its certificates are accepted and its counterexample is one. Raises `_Doubtful`."""
    _fitting(found, question)
    if not all(accepted(certificate) for certificate in _certificates(found)):
        raise _Doubtful
    if isinstance(found, Never) and found.witness is not None:
        _inside(found.witness, question)
    elif isinstance(found, Refuted | HoldsIff):
        _against(found.witness, question)
    return found


def _fitting(found: Found, question: Question) -> Found:
    """The verdict, if its certificates are about the question. Raises `_Doubtful`."""
    asserts, given = question.asserts, question.given
    match found:
        case Proved(proof):
            _about(proof, (asserts,), given)
        case Vacuous(proof):
            _about(proof, (false,), given)
        case Never(proof, _):
            _about(proof, (false,), (*given, asserts))
        case HoldsIff(condition, sufficient, necessary, _, thresholds):
            if thresholds:
                raise _Doubtful
            _about(sufficient, (asserts,), (*given, condition))
            _about(necessary, (condition, clauses(condition)), (*given, asserts))
    return found


def _about(proof: Certificate, claims: tuple[Boolean, ...], given: Iterable[Boolean]) -> None:
    if proof.claim not in claims or not set(flatten(proof.given)) <= set(flatten(given)):
        raise _Doubtful


def _certificates(found: Found) -> tuple[Certificate, ...]:
    match found:
        case Proved(proof) | Vacuous(proof) | Never(proof, _):
            return (proof,)
        case HoldsIff(_, sufficient, necessary, _, _):
            return sufficient, necessary
        case _:
            return ()


def _against(witness: Witness, question: Question) -> None:
    point = dict(witness)
    if truth(question.asserts, point) is not False or any(truth(fact, point) is not True for fact in question.given):
        raise _Doubtful


def _inside(witness: Witness, question: Question) -> None:
    """Of a claim that fails wherever all facts hold, the point is one for which they do; roots are not among its symbols, and exist."""
    point = dict(witness)
    for fact in question.given:
        if free_symbols(fact) <= set(point) and truth(fact, point) is not True:
            raise _Doubtful


# --- as text -----------------------------------------------------------------------------------------------------------------


def _written(found: Found) -> str:
    parts: tuple[Any, ...] = _certificates(found)
    more: dict[str, Any] = {}
    match found:
        case HoldsIff():
            parts = (found.condition, *parts)
        case Undecided():
            parts, more = (found.obligation,), {"tried": found.tried, "smt": found.smt}
    if isinstance(found, Refuted | HoldsIff | Never) and found.witness is not None:
        more["witness"] = [[symbol.name, str(value)] for symbol, value in found.witness]
    return json.dumps({"kind": type(found).__name__, "parts": texts(parts), **more}, sort_keys=True)


def _read(text: str) -> Found:
    stored = json.loads(text)
    kind, parts = stored["kind"], values_of(stored["parts"])
    witness = _witness(stored["witness"]) if "witness" in stored else None
    match kind, parts:
        case "Proved", (proof,):
            return Proved(proof)
        case "Vacuous", (proof,):
            return Vacuous(proof)
        case "Never", (proof,):
            return Never(proof, witness)
        case "HoldsIff", (condition, sufficient, necessary):
            return HoldsIff(condition, sufficient, necessary, witness or ())
        case "Refuted", ():
            return Refuted(witness or ())
        case "Undecided", (obligation,):
            return Undecided(obligation, tuple(map(str, stored["tried"])), str(stored["smt"]))
        case "NoneType", ():
            return None
    raise _Doubtful


def _witness(rows: list[list[str]]) -> Witness:
    return tuple((Symbol(str(name), real=True), Rational(str(value))) for name, value in rows)
