"""Compiling the LaTeX in ``generated/``: a document may have no error, no undefined reference and no overfull box."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from derive.errors import StatementError

PASSES = 3
SECONDS = 180
_AGAIN = re.compile(r"Rerun to get|There were undefined references|Label\(s\) may have changed")
_FAULTS = re.compile(
    r"^! .*|^\S+\.\w+:\d+: .*|LaTeX Warning: (?:Reference|Citation|Hyper reference) .* undefined.*"
    r"|LaTeX Warning: There were undefined.*|LaTeX Warning: Label .* multiply defined.*|Overfull \\[hv]box .*"
    r"|Missing character: .*",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Document:
    """A compiled document: where the PDF is, and what TeX complained of (empty when all is well)."""

    key: str
    pdf: Path
    faults: tuple[str, ...]


def available() -> bool:
    """Whether there is a pdflatex on this machine."""
    return shutil.which("pdflatex") is not None


def sources(generated: Path, keys: Sequence[str] = ()) -> dict[str, Path]:
    """The documents of these models and of the games beside them, or of all models that are derived, by folder, sorted.

    Raises StatementError for a model that has no document yet.
    """
    for key in keys:
        if not (generated / key / "proof.tex").is_file():
            raise StatementError(f"no derivation to compile yet: `python -m derive run {key}` writes it", model=key)
    found = {path.parent.relative_to(generated).as_posix(): path for path in generated.glob("**/proof.tex")}
    return {name: path for name, path in sorted(found.items()) if not keys or name.split("/")[0] in keys}


def compile_all(sources: dict[str, Path], into: Path, workers: int = 2) -> tuple[Document, ...]:
    """Compile every source (by key) below `into`, in the order given."""
    with ThreadPoolExecutor(max(1, workers)) as pool:
        return tuple(pool.map(lambda item: compile_one(item[0], item[1], into / item[0]), sources.items()))


def compile_one(key: str, source: Path, folder: Path) -> Document:
    """Run pdflatex until references settle, without shell escape and reading only below the folder and TeX's own tree."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.is_file():  # a folder below is another document's
            old.unlink()
    shutil.copy(source, folder / source.name)
    confined = {"openin_any": "p", "openout_any": "p"}
    repeatable = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "max_print_line": "1000"}
    environment = {**os.environ, **confined, **repeatable}
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", source.name]
    pdf, log = folder / f"{source.stem}.pdf", folder / f"{source.stem}.log"
    text = ""
    for _ in range(PASSES):
        try:
            run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return Document(key, pdf, (f"pdflatex did not end within {SECONDS} s",))
        text = log.read_text("utf-8", errors="replace") if log.is_file() else run.stdout.decode(errors="replace")
        if run.returncode or not _AGAIN.search(text):
            break
    found = faults(text)
    if not found and not pdf.is_file():
        found = ("pdflatex wrote no document",)
    return Document(key, pdf, found)


def faults(log: str) -> tuple[str, ...]:
    """The lines of a TeX log that no document may have, each once."""
    return tuple(dict.fromkeys(match.group().strip() for match in _FAULTS.finditer(log)))
