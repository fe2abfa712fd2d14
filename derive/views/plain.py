"""The mathematics of our own LaTeX as plain text: ``\\frac{k p}{2 \\eta}`` as ``k p/(2 η)``. Only what the views write is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi"
_GREEK += " omega"
_LETTERS = {name: chr(0x3B1 + place) for place, name in enumerate(_GREEK.split())}
_LETTERS |= {name.capitalize(): chr(0x391 + place) for place, name in enumerate(_GREEK.split())}
_SIGNS = {
    "varepsilon": "ε", "varphi": "φ", "phi": "ϕ", "vartheta": "ϑ", "varrho": "ϱ", "varpi": "ϖ", "varsigma": "ς", "ell": "ℓ",
    "partial": "∂", "geq": "≥", "ge": "≥", "leq": "≤", "le": "≤", "neq": "≠", "cdot": "·", "times": "×", "infty": "∞", "to": "→",
    "pm": "±", "oplus": "⊕", "ominus": "⊖", "in": "∈", "cup": "∪", "cap": "∩", "varnothing": "∅", "sum": "Σ", "int": "∫",
    "Longrightarrow": "⇒", "gtrless": "≷", "ldots": "...", "prime": "′", "star": "*", "ast": "*", "dagger": "†", "circ": "°",
    "lvert": "|", "rvert": "|", "quad": "  ", "qquad": "    ", "hbar": "ℏ",
}  # fmt: skip
_SAME = ("min", "max", "ln", "log", "exp", "det", "inf", "sup", "sin", "cos", "tan", "tanh", "arctan", "arcsin", "arccos", "mod", "lim")
_ACCENTS = {"bar": "\u0304", "overline": "\u0304", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303"}
_ACCENTS |= {"dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306", "vec": "\u20d7", "underline": "\u0332"}
_FONTS = ("mathrm", "mathit", "mathbf", "mathsf", "mathcal", "mathbb", "boldsymbol", "operatorname")
_TEXTS = ("text", "textnormal", "textit", "textsf", "texttt", "emph")
_NOTHING = ("left", "right", "bigl", "bigr", "displaystyle", "textstyle", "notag", "qedhere", "upshape", "small", "noindent")
_RAISED = {**dict(zip("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", strict=True)), "*": "*", "′": "′", "**": "**", "T": "ᵀ"}
_SPECIAL = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "ldots": "...", "dots": "..."}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_&~]|\s+|[A-Za-z]|\d+(?:\.\d+)?|.", re.DOTALL)
_FACTOR = re.compile(r"[\w(\[√∂Σ∫|]")

_TORN = 32  # from this length on a formula in running text may go on in the next line

Refs = Mapping[str, str]


def plain_math(tex: str) -> str:
    """A formula, without its dollar signs."""
    told = re.sub(r"(?<=[(\[]) +| +(?=[)\]])", "", _Reader(tex).formula())
    return re.sub(r" {2,}", " ", re.sub(r" *([≥≤≠≷→⇒]) *", r" \1 ", told)).strip()


def plain_text(tex: str, refs: Refs, within: str = " ") -> str:
    """Running text in one line: formulas between dollar signs, references by the names that `refs` has for their labels. `within`
    is the blank in formulas that should not be torn apart."""
    text = re.sub(r"\\(?:cref|eqref|ref)\{([^}]*)\}", lambda found: _referred(found[1], refs), tex)
    parts = re.split(r"(?<!\\)\$([^$]*)\$", text)
    told = [_together(plain_math(part), within) if place % 2 else _words(part) for place, part in enumerate(parts)]
    return re.sub(r"\s+", " ", "".join(told)).strip()


def _together(formula: str, blank: str) -> str:
    return formula.replace(" ", blank) if len(formula) < _TORN else formula


def _referred(labels: str, refs: Refs) -> str:
    return " and ".join(refs.get(label.strip(), "(above)") for label in labels.split(","))


def _words(tex: str) -> str:
    """Text without formulas: commands for fonts are left out, what is emphasised stands in quotation marks."""
    text = re.sub(r"\\label\{[^}]*\}", "", tex)
    text = re.sub(r"\\emph\{([^{}]*)\}", r'"\1"', text)
    text = re.sub(r"\\(text\w+)\{\}", lambda found: _SPECIAL.get(found[1], ""), text)
    text = re.sub(r"\\([A-Za-z]+)\s?", lambda found: _SPECIAL.get(found[1], ""), text)
    text = text.replace("``", '"').replace("''", '"').replace("~", " ").replace("---", " - ").replace("--", "-")
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[{}]", "", text))


class _Reader:
    """A formula, token by token."""

    def __init__(self, tex: str) -> None:
        self._tokens = _TOKEN.findall(tex)
        self._place = 0

    def formula(self, until: str = "") -> str:
        """The text up to a closing brace, or to the end."""
        told: list[str] = []
        while self._place < len(self._tokens) and self._tokens[self._place] != until:
            before = "".join(told)
            told.append(self._piece(before))
        self._place += 1
        return "".join(told)

    def _next(self) -> str:
        token = self._tokens[self._place] if self._place < len(self._tokens) else ""
        self._place += 1
        return token

    def _argument(self) -> str:
        """A group in braces, or a single token."""
        while self._place < len(self._tokens) and self._tokens[self._place].isspace():
            self._place += 1
        if self._place < len(self._tokens) and self._tokens[self._place] == "{":
            self._place += 1
            return self.formula("}").strip()
        return self._piece("")

    def _raw(self) -> str:
        """A group in braces as it is written."""
        depth, parts = 0, []
        for token in iter(self._next, ""):
            depth += (token == "{") - (token == "}")
            if depth == 0 and token == "}":
                break
            parts.append(token)
        return "".join(parts)[1:]

    def _follows(self) -> str:
        """What stands next, read and put back."""
        place = self._place
        while self._place < len(self._tokens):
            piece = self._piece("").lstrip()
            if piece:
                break
        else:
            piece = ""
        self._place = place
        return piece

    def _piece(self, before: str) -> str:
        token = self._next()
        if token == "{":
            return self.formula("}")
        if token in ("^", "_"):
            return _raised(self._argument()) if token == "^" else _lowered(self._argument())
        if token in ("&", "~") or token.isspace():
            return "" if before.endswith(("∂", "∂²")) or token == "&" else " "
        return self._command(token[1:], before) if token.startswith("\\") else token

    def _command(self, name: str, before: str) -> str:
        if name in ("frac", "tfrac", "dfrac"):
            return self._fraction()
        if name == "sqrt":
            inside = self._argument()
            return f"√{inside}" if _is_atom(inside) else f"√({inside})"
        if name in _ACCENTS:
            inside = self._argument()
            return inside[:1] + _ACCENTS[name] + inside[1:]
        if name in _FONTS:
            return self._argument()
        if name in _TEXTS:
            return plain_text(re.sub(r"\s", "\u00a0", self._raw()), {}).replace("\u00a0", " ")
        if name == "label":
            self._raw()
            return ""
        if name in _SAME:
            return f" {name}" if before[-1:].isalnum() else name
        if name in _NOTHING:
            return ""
        if name in _SIGNS or name in _LETTERS:
            return _SIGNS.get(name) or _LETTERS[name]
        return {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "\\": " "}.get(name, name)

    def _fraction(self) -> str:
        above, below = self._argument(), self._argument()
        above = f"({above})" if _is_sum(above) else above
        below = below if _is_atom(below) else f"({below})"
        whole = f"{above}/{below}"
        return f"({whole})" if _FACTOR.match(self._follows()) else whole


def _raised(text: str) -> str:
    if all(sign in _RAISED for sign in text):
        return "".join(_RAISED[sign] for sign in text)
    return f"^{text}" if _is_atom(text) else f"^({text})"


def _lowered(text: str) -> str:
    return f"_{text}" if re.fullmatch(r"\w+|\W", text) else f"_{{{text}}}"


def _is_atom(text: str) -> bool:
    """Whether it needs no brackets after a stroke, an accent or a root."""
    return bool(re.fullmatch(r"[∂√]?[\w.∞\u0300-\u036f]+[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ*′]*", text)) or _is_bracketed(text)


def _is_bracketed(text: str) -> bool:
    """Whether one pair of round brackets encloses it."""
    return text.startswith("(") and text.endswith(")") and all(depth > 0 for depth in _depths(text[:-1]))


def _is_sum(text: str) -> bool:
    """Whether a plus or minus stands outside all brackets, but for a sign before the first term."""
    return any(depth == 0 and sign in "+-±" for depth, sign in list(zip(_depths(text), text, strict=True))[1:])


def _depths(text: Sequence[str]) -> Iterator[int]:
    depth = 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        yield depth
