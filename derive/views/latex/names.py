"""How each symbol is printed: Greek letters, subscripts, accents, and what the statement itself asks for.

Two symbols that print alike would make a proof ambiguous, so `Names.of` refuses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sympy import Symbol

from derive.errors import StatementError
from derive.render import escape_latex

# fmt: off
_GREEK = frozenset([
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota",
    "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "varrho", "sigma", "tau", "upsilon", "phi", "varphi",
    "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi",
    "Omega",
])
# fmt: on
_SPELLING = {"lamda": "lambda", "lambda_": "lambda", "Lamda": "Lambda", "eps": "varepsilon"}
_UPRIGHT = {"Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I", "Kappa": "K", "Mu": "M", "Nu": "N"}
_UPRIGHT |= {"Rho": "P", "Tau": "T", "Chi": "X"}
_ACCENTS = {"bar": r"\bar", "hat": r"\hat", "tilde": r"\tilde", "dot": r"\dot"}
_ORDINARY = {"max": r"\max", "min": r"\min", "inf": r"\inf", "sup": r"\sup"}
_MARKS = {"star": "*", "prime": r"\prime"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")

# fmt: off
_COMMANDS = _GREEK | frozenset([
    "ell", "hbar", "bar", "hat", "tilde", "dot", "ddot", "check", "breve", "vec", "overline", "underline",
    "widehat", "widetilde", "mathrm", "mathit", "mathbf", "mathsf", "mathcal", "mathbb", "text", "textit", "upshape",
    "boldsymbol", "prime", "star", "ast", "circ", "dagger", "max", "min", "inf", "sup", "infty", "left", "right",
    "cdot", "ldots", "varpi", "varsigma",
])
# fmt: on


def symbol_tex(name: str) -> str:
    r"""The LaTeX of a symbol from its plain name: ``Pi_R`` is ``\Pi_R``, ``q1`` is ``q_1``, ``s_max`` is ``s_{\max}``.

    A name that is not of letters, digits and underscores is printed literally, escaped.
    """
    if not _NAME.match(name):
        return rf"\text{{\upshape {escape_latex(name)}}}"
    head, *tails = [part for part in name.split("_") if part] if name not in _SPELLING else [name]
    body, digits = re.fullmatch(r"(.*?)(\d*)", head).groups()  # type: ignore[union-attr]
    subscripts = [digits] if digits else []
    accents, marks = [], []
    for tail in tails:
        if tail in _ACCENTS:
            accents.append(_ACCENTS[tail])
        elif tail in _MARKS:
            marks.append(_MARKS[tail])
        else:
            subscripts.append(_subscript(tail))
    text = _letters(body)
    for accent in accents:
        text = f"{accent}{{{text}}}"
    if subscripts:
        text += _script("_", ",".join(subscripts))
    if marks:
        text += _script("^", "".join(marks))
    return text


def _letters(body: str) -> str:
    body = _SPELLING.get(body, body)
    if body in _GREEK:
        return f"\\{body}"
    if body in _UPRIGHT:
        return rf"\mathrm{{{_UPRIGHT[body]}}}"
    return body if len(body) == 1 else rf"\mathit{{{body}}}"


def _subscript(tail: str) -> str:
    if tail in _ORDINARY:
        return _ORDINARY[tail]
    word, digits = re.fullmatch(r"(.*?)(\d*)", tail).groups()  # type: ignore[union-attr]
    spelled = _SPELLING.get(word, word)
    if spelled in _GREEK:
        return f"\\{spelled}" + (f" {digits}" if digits else "")
    return tail if len(word) <= 1 else rf"\mathrm{{{tail}}}"


def _script(mark: str, text: str) -> str:
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"


def visual_key(tex: str) -> str:
    """A key equal for two snippets that print alike: spaces dropped, braces around one token dropped."""
    text = re.sub(r"(\\[A-Za-z]+)\s+", r"\1|", tex)
    text = re.sub(r"\s+", "", text)
    text = re.sub(r"\\(?:left|right|,|;|!|:)(?![A-Za-z])", "", text)
    while True:
        shorter = re.sub(r"\{(\\[A-Za-z]+\|?|[^\\{}|]|)\}", r"\1", text)
        if shorter == text:
            break
        text = shorter
    return text.replace("|", "").replace(r"\ast", "*").replace(r"\star", "*")


def checked_tex(tex: str, owner: str, model: str = "") -> str:
    """`tex` itself when it is harmless mathematics with balanced braces. Raises StatementError naming the symbol otherwise."""
    unknown = sorted({word for word in re.findall(r"\\([A-Za-z]+)", tex) if word not in _COMMANDS})
    depth = 0
    for character in re.sub(r"\\.", "", tex):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            break
    if unknown or depth != 0 or re.search(r"[$%#&~]|\^\^|\\[^A-Za-z,;!{}]", tex) or not tex.isprintable():
        what = f"the command \\{unknown[0]}" if unknown else "a character or a brace"
        raise StatementError(
            f"the LaTeX given for {owner} uses {what} that has no place in a symbol", model=model, symbol=owner
        )
    return tex


@dataclass(frozen=True)
class Names:
    """The LaTeX of every symbol and function name of one document; names not declared are spelled by `symbol_tex`."""

    table: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, declared: Iterable[tuple[str, str]], model: str = "") -> Names:
        """From pairs (name, LaTeX or empty). Raises StatementError when two names would print alike."""
        table: dict[str, str] = {}
        for name, tex in declared:
            chosen = checked_tex(tex, name, model) if tex else symbol_tex(name)
            if tex or name not in table:
                table[name] = chosen
        seen: dict[str, str] = {}
        for name, tex in table.items():
            other = seen.setdefault(visual_key(tex), name)
            if other != name:
                raise StatementError(
                    f"{other} and {name} are different symbols but print alike (${tex}$); give one of them another LaTeX",
                    model=model,
                    symbol=name,
                )
        return cls(table)

    def tex(self, symbol: Symbol | str) -> str:
        """The LaTeX of a symbol or of a name."""
        name = symbol if isinstance(symbol, str) else symbol.name
        return self.table.get(name) or symbol_tex(name)

    def extended(self, more: Mapping[str, str]) -> Names:
        """The same table with more names."""
        return Names({**self.table, **more})

    def keys(self) -> frozenset[str]:
        """What the names look like, to choose a fresh letter beside them."""
        return frozenset(visual_key(tex) for tex in self.table.values())
