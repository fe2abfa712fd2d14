"""What is on disk: digests, the cache of finished derivations, and ``generated/`` written as one set or not at all.

The cache answers "was this model, under this engine, derived here before?"; ``generated/manifest.json`` answers "which inputs
do the committed outputs come from, and has anyone edited them since?". Nothing here imports SymPy.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from derive.errors import StatementError
from derive.system.catalogue import Entry

MANIFEST = "manifest.json"
TOOLS = ("sympy", "python-flint", "mpmath", "numpy", "scipy", "z3-solver", "jinja2")
# Modules that decide how a run is conducted and reported, never what is derived or written.
CONDUCT = {"cli.py", "__main__.py", "progress.py", "workers.py", "store.py", "catalogue.py", "typeset.py", "commands.py"}
PROVING = ("algebra", "audit", "check", "prove")  # the folders on which verdicts depend, beside the vocabulary
_KEEP_IN_CACHE = 400
_AT_CURRENT_FOLDER, _EXCHANGE = -100, 2

Files = dict[str, str]


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@cache
def tools() -> Mapping[str, str]:
    """The installed version of every library that can influence an output; "absent" when it is not installed."""
    versions = {}
    for name in TOOLS:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "absent"
    return versions


def engine_digest() -> str:
    """One digest of everything that turns a statement into outputs: engine, templates, versions of the tools."""
    package = Path(__file__).resolve().parents[1]
    templates = package.parent / "templates"
    templates = templates if templates.is_dir() else package / "templates"
    total = hashlib.sha256(json.dumps(dict(tools()), sort_keys=True).encode())
    for folder, pattern in ((package, "**/*.py"), (templates, "**/*.j2")):
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder).as_posix()
            if name in CONDUCT or name.startswith(("models/", "generated/")):
                continue
            total.update(f"{name}\0{digest(path.read_bytes())}\n".encode())
    return total.hexdigest()


def prover_digest() -> str:
    """One digest of everything that decides what is proved and what is accepted: vocabulary, prover, audit, checker, tools."""
    package = Path(__file__).resolve().parents[1]
    total = hashlib.sha256(json.dumps(dict(tools()), sort_keys=True).encode())
    for pattern in ("*.py", *(f"{folder}/**/*.py" for folder in PROVING)):
        for path in sorted(package.glob(pattern)):
            total.update(f"{path.relative_to(package).as_posix()}\0{digest(path.read_bytes())}\n".encode())
    return total.hexdigest()


def input_digests(entry: Entry) -> dict[str, str]:
    """The digest of every file of a statement, by its name inside the model's folder."""
    return {path.relative_to(entry.path.parent).as_posix(): digest(path.read_bytes()) for path in entry.sources()}


# --- the cache -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What deriving one model gave, as plain data.

    ``files`` are its outputs by name; ``notes`` are lines for the reader; ``contradicted`` names what does not hold (a failed
    check, a printed figure that is wrong and not recorded as an erratum). ``refused`` says of the protocols of which nothing was
    derived why; ``checked`` is what the checker did, one entry for each solution.
    """

    files: Files
    notes: tuple[str, ...] = ()
    contradicted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    checked: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Cache:
    """Finished derivations under the digest of all they depend on. A corrupt or missing entry is a miss."""

    folder: Path

    def key(self, engine: str, entry: Entry) -> str:
        """The digest of all that the outputs of `entry` depend on."""
        return digest(json.dumps([engine, entry.key, input_digests(entry)], sort_keys=True).encode())

    def get(self, key: str) -> Result | None:
        """The result stored under that key, if it is there and whole."""
        try:
            seal, text = (self.folder / f"{key}.json").read_text("utf-8").split("\n", 1)
            if seal != digest(text.encode()):
                return None
            stored = json.loads(text)
            notes, contradicted, refused = (tuple(stored[name]) for name in ("notes", "contradicted", "refused"))
            checked = tuple(stored["checked"])
            return Result(dict(stored["files"]), notes, contradicted, refused, checked)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, result: Result) -> None:
        """Store a result; a full or read-only disk only costs the next run its time."""
        text = json.dumps(asdict(result), sort_keys=True)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f"{key}.{os.getpid()}.part"
            part.write_text(f"{digest(text.encode())}\n{text}", "utf-8")
            part.replace(self.folder / f"{key}.json")
            old = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)[:-_KEEP_IN_CACHE]
            for path in old:
                path.unlink()


@dataclass(frozen=True)
class Drawer:
    """Sealed contents of files of one engine. What is corrupt or missing is not there; a full disk only costs the next run time."""

    folder: Path
    engine: str
    reading: bool = True

    def get(self, key: str) -> bytes | None:
        """What was put there under that key."""
        try:
            seal, content = self._path(key).read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return None
        return content if self.reading and seal == digest(content).encode() else None

    def put(self, key: str, content: bytes) -> None:
        """Keep a content."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(digest(content).encode() + b"\n" + content)
            part.replace(path)

    def tidy(self) -> None:
        """Drop what other engines left, and the oldest of much."""
        with contextlib.suppress(OSError):
            for folder in self.folder.iterdir():
                if folder.name != self.engine:
                    shutil.rmtree(folder, ignore_errors=True)
            for path in sorted((self.folder / self.engine).iterdir(), key=lambda one: one.stat().st_mtime_ns)[:-_KEEP_IN_CACHE]:
                path.unlink()

    def _path(self, key: str) -> Path:
        return self.folder / self.engine / key


@dataclass(frozen=True)
class Shelf:
    """What is kept between runs of a model: a folder of verdicts with their certificates, and a drawer of what is solved and judged.

    `reading` says whether what is there may be read.
    """

    folder: Path
    drawer: Drawer
    reading: bool = True


# --- generated/ ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Generated:
    """The output folder. `scratch` is a folder on the same disk for staging, the lock and recovery."""

    folder: Path
    scratch: Path
    shared: Files = field(default_factory=dict)

    def manifest(self) -> dict[str, Any]:
        """The manifest as it stands; without one, or with an unreadable one, an empty manifest."""
        empty: dict[str, Any] = {"models": {}, "shared": {}}
        try:
            stored = json.loads((self.folder / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError):
            return empty
        return stored if isinstance(stored, dict) and {"models", "shared"} <= stored.keys() else empty

    def edited(self) -> tuple[str, ...]:
        """Files that differ from what the manifest says was written: changed by hand, added, or lost."""
        recorded = _recorded(self.manifest())
        there = _contents(self.folder)
        changed = [name for name, content in there.items() if name != MANIFEST and recorded.get(name) != digest(content)]
        return tuple(sorted({*changed, *(recorded.keys() - there.keys())}))

    def stale(self, entries: tuple[Entry, ...]) -> tuple[str, ...]:
        """Keys whose outputs do not come from the statement as it is now, with those of deleted models."""
        models = self.manifest()["models"]
        current = {entry.key: input_digests(entry) for entry in entries}
        now = [key for key, inputs in current.items() if models.get(key, {}).get("inputs") != inputs]
        return tuple(sorted({*now, *(models.keys() - current.keys())}))

    def publish(self, results: Mapping[str, tuple[Entry, Result]], keep: frozenset[str], force: bool = False) -> bool:
        """Replace the whole folder by the outputs of `results` and the present outputs of the models named in `keep`.

        Returns whether anything changed. Raises StatementError, and changes nothing, when a file was edited by hand (unless
        `force`) or cannot be written.
        """
        if self.folder.is_symlink():
            raise StatementError("the output folder is a symbolic link; outputs are written only to a folder of their own")
        try:
            self.scratch.mkdir(parents=True, exist_ok=True)
            with self._locked():
                self._recover()
                present = _contents(self.folder)
                manifest, wanted = self._wanted(results, keep, present)
                wanted[MANIFEST] = (json.dumps(manifest, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()
                if not force:
                    self._refuse_edited(present, wanted)
                if present == wanted:
                    return False
                self._swap(wanted)
                return True
        except OSError as error:
            raise StatementError(f"cannot write {self.folder.name}/: {error.strerror or error}; it is as it was") from error

    def _wanted(
        self, results: Mapping[str, tuple[Entry, Result]], keep: frozenset[str], present: Mapping[str, bytes]
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        old = self.manifest()["models"]
        wanted = {name: text.encode() for name, text in self.shared.items()}
        models = {}
        for key in sorted(keep & old.keys() - results.keys()):
            models[key] = old[key]
            wanted |= {name: present[name] for name in old[key]["outputs"] if name in present}
        for key, (entry, result) in sorted(results.items()):
            outputs = {f"{key}/{name}": text.encode() for name, text in result.files.items()}
            models[key] = {
                "inputs": input_digests(entry),
                "outputs": {name: digest(content) for name, content in outputs.items()},
            }
            wanted |= outputs
        shared = {name: digest(text.encode()) for name, text in self.shared.items()}
        return {"models": models, "shared": shared, "tools": dict(tools())}, wanted

    def _refuse_edited(self, present: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> None:
        lost = [name for name in self.edited() if name in present and present[name] != wanted.get(name)]
        if lost:
            shown = ", ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
            raise StatementError(
                f"edited by hand or not written by this tool: {shown}; move the change into the model, a template or the "
                "engine, or give --force to overwrite",
                file=self.folder.name,
            )

    def _swap(self, wanted: Mapping[str, bytes]) -> None:
        stage = self.scratch / "stage"
        for name, content in wanted.items():
            path = stage / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if not (self.folder.exists() and _exchange(stage, self.folder)):
            if self.folder.exists():
                self.folder.rename(self.scratch / "old")
            stage.rename(self.folder)
        self._recover()

    def _recover(self) -> None:
        """Bring the folder back if a run ended between its two renames, and remove what an interrupted run left."""
        old = self.scratch / "old"
        if old.exists() and not self.folder.exists():
            old.rename(self.folder)
        for leftover in (old, self.scratch / "stage"):
            shutil.rmtree(leftover, ignore_errors=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.scratch / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, where the system can."""
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(swap(_AT_CURRENT_FOLDER, os.fsencode(one), _AT_CURRENT_FOLDER, os.fsencode(other), _EXCHANGE) == 0)


def _contents(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}


def _recorded(manifest: Mapping[str, Any]) -> dict[str, str]:
    recorded = dict(manifest["shared"])
    for model in manifest["models"].values():
        recorded |= model["outputs"]
    return recorded
