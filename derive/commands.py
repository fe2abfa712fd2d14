"""What each command of the command line does. Computing libraries are imported in child processes only (`plot` evaluates: numpy)."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from derive.cli import BAD_INPUT, CONTRADICTED, DONE
from derive.errors import StatementError
from derive.system import catalogue, typeset, workers
from derive.system.catalogue import Entry
from derive.system.progress import Progress
from derive.system.scaffold import scaffold
from derive.system.store import Cache, Drawer, Files, Generated, Result, Shelf, engine_digest

PRELOAD = ("derive.pipeline",)
# Everything about a model; or its regimes, argument and evaluator alone, for whoever asks for these.
WHOLE, ANSWER, ARGUMENT = (f"derive.pipeline:{name}_entry" for name in ("derive", "answer", "explain"))
REPLAY = "derive.check.replay:replay_all"
# At how many points the checker attacks an equilibrium numerically: while deriving, and when asked to check.
ATTACKED_DERIVING, ATTACKED_CHECKING = 5, 50
SHARED: Files = {
    "__init__.py": '"""Evaluators of the derived models: `derive.generated.<key>`. Written by `make derive`; do not edit."""\n'
}


@dataclass(frozen=True)
class Place:
    """Where a command works: models are read below `models`, everything is written below `root`."""

    root: Path
    models: Path

    @property
    def generated(self) -> Generated:
        """The output folder."""
        return Generated(self.root / "generated", self.root / ".cache", SHARED)

    @property
    def cache(self) -> Cache:
        """Finished derivations."""
        return Cache(self.root / ".cache" / "derivations")

    def verdicts(self, entry: Entry) -> Path:
        """Where the verdicts of a model's audits are kept, with their certificates."""
        return self.root / ".cache" / "certificates" / entry.key

    def shelf(self, entry: Entry, engine: str, reading: bool) -> Shelf:
        """What is kept of a model between runs of an engine."""
        return Shelf(self.verdicts(entry), Drawer(self.root / ".cache" / "solved" / entry.key, engine, reading), reading)


@dataclass(frozen=True)
class Batch:
    """What came of deriving some models: results by key, and one line per model that has none."""

    results: dict[str, Result]
    failures: dict[str, workers.Failure]

    def code(self) -> int:
        """The exit code that tells it."""
        rejected = {key for key, failure in self.failures.items() if failure.kind == "rejection"}
        if self.failures.keys() - rejected or any(result.refused for result in self.results.values()):
            return BAD_INPUT
        return CONTRADICTED if rejected or any(result.contradicted for result in self.results.values()) else DONE


def _place(parsed: Namespace) -> Place:
    if parsed.root is not None:
        return Place(parsed.root.resolve(), parsed.root.resolve())
    home = catalogue.home()
    if (home / "pyproject.toml").is_file():
        return Place(home, home)
    here = Path.cwd()
    return Place(here, here if (here / "models").is_dir() else home)


def _batch(parsed: Namespace, place: Place, entries: tuple[Entry, ...], target: str = WHOLE, checking: bool = False) -> Batch:
    """Derive the models by `target`: known ones from the cache, the others in child processes, with progress on stderr.

    When `checking`, nothing is taken from the cache and the numerical attack is harder. The longest statements start first, so that
    no process is left alone with one of them in the end.
    """
    points = ATTACKED_CHECKING if checking else ATTACKED_DERIVING
    engine = engine_digest()
    keys = {entry.key: place.cache.key(f"{engine} {target}", entry) for entry in entries}
    results = {} if parsed.fresh or checking else _known(place, engine, entries, target)
    missing = sorted((entry for entry in entries if entry.key not in results), key=lambda entry: -entry.size())
    failures: dict[str, workers.Failure] = {}
    progress = Progress(total=len(missing))
    limits = workers.Limits(parsed.budget, int(parsed.memory))
    reading = not (parsed.fresh or checking)
    jobs = [workers.Job(entry.key, target, (entry, points, place.shelf(entry, engine, reading))) for entry in missing]
    try:
        for outcome in workers.run(jobs, limits, parsed.jobs, progress.stage, PRELOAD):
            if outcome.failure is None:
                results[outcome.name] = outcome.value
                place.cache.put(keys[outcome.name], results[outcome.name])
                progress.done(outcome.name, "contradicted" if outcome.value.contradicted else "derived")
            else:
                failures[outcome.name] = outcome.failure
                progress.done(outcome.name, outcome.failure.kind)
    finally:
        progress.close()
    order = [entry.key for entry in entries]
    for key in sorted(results, key=order.index):
        for note in results[key].notes:
            print(f"note: {note}", file=sys.stderr)
        for line in results[key].refused:
            print(f"refused: {line}", file=sys.stderr)
        for line in results[key].contradicted:
            print(f"contradicted: model {key}: {line}", file=sys.stderr)
    for key in sorted(failures, key=order.index):
        print(f"error: {failures[key].message}", file=sys.stderr)
        if parsed.trace and failures[key].trace:
            print(failures[key].trace, file=sys.stderr)
    return Batch({key: results[key] for key in sorted(results, key=order.index)}, failures)


def _known(place: Place, engine: str, entries: tuple[Entry, ...], target: str) -> dict[str, Result]:
    """What the cache has of the models; everything about one contains every answer."""
    found = {}
    for entry in entries:
        for kind in (ARGUMENT,) if target == ARGUMENT else dict.fromkeys((WHOLE, target)):
            result = place.cache.get(place.cache.key(f"{engine} {kind}", entry))
            if result is not None:
                found[entry.key] = result
                break
    return found


def _one(parsed: Namespace, target: str = WHOLE) -> tuple[Place, Entry, Batch]:
    place = _place(parsed)
    entry = catalogue.find(place.models, parsed.key)
    return place, entry, _batch(parsed, place, (entry,), target)


def _publish(parsed: Namespace, place: Place, batch: Batch, entries: tuple[Entry, ...], keep: frozenset[str]) -> bool:
    """Write what was derived, if anything was, unless a statement is ill-posed: then everything stays as it was."""
    if not batch.results or any(failure.kind == "statement" for failure in batch.failures.values()):
        return False
    by_key = {entry.key: entry for entry in entries}
    return place.generated.publish(
        {key: (by_key[key], result) for key, result in batch.results.items()}, keep | batch.failures.keys(), parsed.force
    )


# --- commands ------------------------------------------------------------------------------------------------------


def derive_all(parsed: Namespace) -> int:
    """Derive every model but the gallery's, replace generated/ as a whole, remove the outputs of models that are gone."""
    place = _place(parsed)
    entries = _own(place)
    if not entries:
        raise StatementError("there is no model; `python -m derive new KEY` writes one to start from", file="models")
    batch = _batch(parsed, place, entries)
    changed = _publish(parsed, place, batch, entries, frozenset())
    state = "written" if changed else "unchanged"
    print(f"{len(batch.results)} of {len(entries)} models derived; generated/ {state}", file=sys.stderr)
    return batch.code()


def run_one(parsed: Namespace) -> int:
    """Derive one model and write its outputs; the other models' outputs stay as they are."""
    place, entry, batch = _one(parsed)
    others = frozenset(place.generated.manifest()["models"]) - {entry.key}
    changed = _publish(parsed, place, batch, (entry,), others)
    if batch.results:
        print(f"generated/{entry.key}/ {'written' if changed else 'unchanged'}", file=sys.stderr)
    return batch.code()


def show(parsed: Namespace) -> int:
    """Print the regimes of a model."""
    from derive.views import lines

    _, _, batch = _one(parsed, ANSWER)
    for result in batch.results.values():
        for solution in _solutions(result):
            print("\n".join(lines.results_lines(solution)))
    return batch.code()


def explain(parsed: Namespace) -> int:
    """Print the argument of one protocol."""
    _, entry, batch = _one(parsed, ARGUMENT)
    for result in batch.results.values():
        told = {one["protocol"]: one["lines"] for one in _data(result, "argument.json")}
        if parsed.protocol not in told:
            raise StatementError(f"there is no protocol {parsed.protocol!r}; there are {', '.join(told)}", model=entry.key)
        print("\n".join(told[parsed.protocol]))
    return batch.code()


def audit(parsed: Namespace) -> int:
    """Print the audit of a model."""
    _, _, batch = _one(parsed)
    for result in batch.results.values():
        print("\n".join(text for name, text in result.files.items() if name.endswith("audit.md")))
    return batch.code()


def explore(parsed: Namespace) -> int:
    """Print how every equilibrium value responds to every parameter, and how the protocols compare."""
    from derive.views import lines

    _, _, batch = _one(parsed)
    for result in batch.results.values():
        for name, text in result.files.items():
            if name.endswith("audit.json"):
                print("\n".join(lines.exploration_lines(json.loads(text)["exploration"])))
    return batch.code()


def plot(parsed: Namespace) -> int:
    """Draw one protocol over one parameter, by the evaluator that belongs to its derivation."""
    from derive.figure import Request, figure
    from derive.views.latex.figure import figure_latex

    place, entry, batch = _one(parsed, ANSWER)
    for result in batch.results.values():
        evaluator = _evaluator(result, entry)
        request = Request(parsed.protocol, parsed.parameter, dict(parsed.at), parsed.of, parsed.low, parsed.high)
        try:
            text = figure_latex(figure(evaluator, request))
        except StatementError as error:
            raise error.located(model=entry.key) from None
        folder = place.root / "build" / "plot"
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / f"{entry.key}-{parsed.protocol}-{parsed.parameter}.tex"
        source.write_text(text, "utf-8")
        print(_typeset(source, place.root))
    return batch.code()


def _evaluator(result: Result, entry: Entry) -> ModuleType:
    """The evaluator among the outputs, as a module."""
    for name, text in result.files.items():
        if name.endswith("evaluator.py"):
            module = ModuleType(f"evaluator of {entry.key}")
            exec(compile(text, name, "exec"), module.__dict__)
            return module
    raise StatementError("there is no evaluator to draw: nothing of this model depends on parameters", model=entry.key)


def _typeset(source: Path, root: Path) -> str:
    """What became of a figure: its PDF where there is a pdflatex, otherwise its source."""
    if not typeset.available():
        return f"{source.relative_to(root)} (no pdflatex here; it is a document of its own)"
    document = typeset.compile_one(source.stem, source, source.parent / source.stem)
    return "; ".join(document.faults[:5]) or str(document.pdf.relative_to(root))


def check(parsed: Namespace) -> int:
    """Derive again, let the independent checker judge, and compare with what stands in generated/.

    A classic model of the gallery has no outputs there unless it was run: then there is nothing to compare it with.
    """
    from derive.views import lines

    place = _place(parsed)
    entries = tuple(catalogue.find(place.models, key) for key in parsed.keys) or _own(place)
    batch = _batch(parsed, place, entries, checking=True)
    generated = place.generated
    written = generated.manifest()["models"]
    alone = {entry.key for entry in entries if entry.path.name != "model.py" or (entry.in_gallery and entry.key not in written)}
    wrong = []
    for entry in entries:
        if entry.key not in batch.results or entry.key in alone:
            continue
        for name, text in batch.results[entry.key].files.items():
            path = generated.folder / entry.key / name
            if not path.is_file() or path.read_text("utf-8") != text:
                wrong.append(f"generated/{entry.key}/{name} is not what its model gives; `make derive` writes it")
    if not parsed.keys:
        wrong += [f"generated/{name} was edited by hand, added or lost" for name in generated.edited()]
        wrong += [f"generated/ is out of date for the model {key}" for key in generated.stale(entries)]
    for line in dict.fromkeys(wrong):
        print(f"contradicted: {line}", file=sys.stderr)
    if parsed.json:
        print(json.dumps({key: list(result.checked) for key, result in batch.results.items()}, indent=1, ensure_ascii=False))
        return batch.code() or (CONTRADICTED if wrong else DONE)
    for key, result in batch.results.items():
        nothing = f" (nothing to compare with: `python -m derive run {key}` writes generated/{key}/)" if key in alone else ""
        print(f"{key}: {'contradicted' if result.contradicted else 'checked'}{nothing}")
        if parsed.keys:
            print("\n".join(lines.checked_lines(result.checked)))
    return batch.code() or (CONTRADICTED if wrong else DONE)


def replay(parsed: Namespace) -> int:
    """Check every certificate that stands beside the models' proofs, by the checker alone."""
    place = _place(parsed)
    entries = tuple(catalogue.find(place.models, key) for key in parsed.keys) or _own(place)
    jobs = [workers.Job(entry.key, REPLAY, (str(place.root / "generated" / entry.key),)) for entry in entries]
    wrong = False
    for outcome in workers.run(
        jobs, workers.Limits(parsed.budget, int(parsed.memory)), parsed.jobs, preload=(REPLAY.split(":")[0],)
    ):
        if outcome.failure is not None:
            print(f"error: {outcome.failure.message}", file=sys.stderr)
            wrong = True
            continue
        accepted, rejected = outcome.value
        print(f"{outcome.name}: {accepted} certificates accepted in {outcome.seconds:.1f} s")
        for line in rejected:
            print(f"contradicted: model {outcome.name}: {line}", file=sys.stderr)
        wrong = wrong or bool(rejected)
    return CONTRADICTED if wrong else DONE


def gallery(parsed: Namespace) -> int:
    """Derive the classic models of the gallery and print what was solved; with --write, also to docs/gallery.md."""
    from derive.views.gallery import gallery_page

    place = _place(parsed)
    entries = tuple(entry for entry in catalogue.entries(place.models) if entry.in_gallery)
    batch = _batch(parsed, place, entries)
    titles = {entry.key: entry.title() for entry in entries}
    page = gallery_page(titles, batch.results, {key: failure.message for key, failure in batch.failures.items()})
    print(page)
    if parsed.write:
        (place.root / "docs" / "gallery.md").write_text(page, encoding="utf-8")
    return batch.code()


def list_models(parsed: Namespace) -> int:
    """Print every model with its title and whether its outputs are up to date."""
    place = _place(parsed)
    entries = catalogue.entries(place.models)
    stale = set(place.generated.stale(entries))
    width = max((len(entry.key) for entry in entries), default=0)
    for entry in entries:
        print(f"{entry.key:<{width}}  {'to derive' if entry.key in stale else 'derived  '}  {entry.title()}")
    return DONE


def pdf(parsed: Namespace) -> int:
    """Compile the proof.tex of the models named, or of all that are derived, below build/pdf/."""
    place = _place(parsed)
    keys = tuple(catalogue.find(place.models, key).key for key in parsed.keys)
    sources = typeset.sources(place.root / "generated", keys)
    if not typeset.available():
        print("there is no pdflatex here (Debian: texlive-latex-extra); everything else works without it", file=sys.stderr)
        return BAD_INPUT if parsed.require_tex else DONE
    documents = typeset.compile_all(sources, place.root / "build" / "pdf")
    for document in documents:
        print(f"{document.key}: {'; '.join(document.faults[:5]) or document.pdf.relative_to(place.root)}")
    return CONTRADICTED if any(document.faults for document in documents) else DONE


def new(parsed: Namespace) -> int:
    """Write a commented model that runs."""
    place = _place(parsed)
    path = scaffold(place.root, parsed.key).relative_to(place.root)
    print(f"wrote {path}; derive it with: python -m derive run {parsed.key}")
    return DONE


def _own(place: Place) -> tuple[Entry, ...]:
    return tuple(entry for entry in catalogue.entries(place.models) if not entry.in_gallery)


def _solutions(result: Result) -> list[dict[str, Any]]:
    return _data(result, "solution.json")


def _data(result: Result, file: str) -> list[dict[str, Any]]:
    """What a file of that name has of a model, then of a game that the model's file states beside it."""
    names = sorted((name for name in result.files if name.endswith(file)), key=lambda name: name.count("/"))
    texts = [result.files[name] for name in names]
    return [one for text in texts for one in json.loads(text)]


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "list": list_models,
    "show": show,
    "run": run_one,
    "check": check,
    "replay": replay,
    "audit": audit,
    "explore": explore,
    "explain": explain,
    "plot": plot,
    "derive": derive_all,
    "gallery": gallery,
    "pdf": pdf,
    "new": new,
}
