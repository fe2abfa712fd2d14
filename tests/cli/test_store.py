"""generated/ is replaced as a whole or not at all; edits by hand are kept; the cache returns only what it was given."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from derive.errors import StatementError
from derive.system import store
from derive.system.catalogue import Entry, entries, find
from derive.system.store import Cache, Generated, Result

ROOT = Path(__file__).resolve().parents[2]


def state(root: Path, key: str, text: str = "x = 1\n") -> Entry:
    path = root / "models" / key / "model.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return Entry(key, path)


def output(root: Path) -> Generated:
    return Generated(root / "generated", root / ".cache", {"__init__.py": "# shared\n"})


def contents(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_set_is_written_and_writing_it_again_changes_nothing(tmp_path: Path) -> None:
    one = state(tmp_path, "one")
    results = {"one": (one, Result({"proof.tex": "text", "deep/er.md": "more"}))}
    assert output(tmp_path).publish(results, frozenset())
    assert contents(tmp_path / "generated").keys() == {"__init__.py", "manifest.json", "one/proof.tex", "one/deep/er.md"}
    before = (tmp_path / "generated").stat().st_ino
    assert not output(tmp_path).publish(results, frozenset())
    assert (tmp_path / "generated").stat().st_ino == before
    assert not output(tmp_path).edited()
    assert not output(tmp_path).stale((one,))


def test_outputs_of_other_models_are_kept_and_those_of_deleted_models_removed(tmp_path: Path) -> None:
    one, two = state(tmp_path, "one"), state(tmp_path, "two")
    output(tmp_path).publish({"one": (one, Result({"a": "1"})), "two": (two, Result({"a": "2"}))}, frozenset())
    output(tmp_path).publish({"one": (one, Result({"a": "new"}))}, frozenset({"two"}))
    assert (tmp_path / "generated/two/a").read_text("utf-8") == "2"
    output(tmp_path).publish({"one": (one, Result({"a": "new"}))}, frozenset())
    assert not (tmp_path / "generated/two").exists()


@pytest.mark.parametrize("change", ["edit", "add"])
def test_what_was_written_by_hand_is_not_overwritten_without_force(tmp_path: Path, change: str) -> None:
    one = state(tmp_path, "one")
    output(tmp_path).publish({"one": (one, Result({"a": "1"}))}, frozenset())
    mine = tmp_path / "generated/one" / ("a" if change == "edit" else "notes.txt")
    mine.write_text("by hand", "utf-8")
    with pytest.raises(StatementError, match=r"edited by hand.*one/.*--force"):
        output(tmp_path).publish({"one": (one, Result({"a": "2"}))}, frozenset())
    assert mine.read_text("utf-8") == "by hand"
    assert output(tmp_path).edited() == (f"one/{mine.name}",)
    output(tmp_path).publish({"one": (one, Result({"a": "2"}))}, frozenset(), force=True)
    assert contents(tmp_path / "generated")["one/a"] == "2"


def test_a_changed_statement_makes_its_outputs_stale_and_no_others(tmp_path: Path) -> None:
    one, two = state(tmp_path, "one"), state(tmp_path, "two")
    output(tmp_path).publish({"one": (one, Result({})), "two": (two, Result({}))}, frozenset())
    state(tmp_path, "one", "x = 2\n")
    assert output(tmp_path).stale((one, two)) == ("one",)


def test_a_symbolic_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "generated").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StatementError, match="symbolic link"):
        output(tmp_path).publish({}, frozenset())


def test_without_an_atomic_exchange_two_renames_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_exchange", lambda *_: False)
    one = state(tmp_path, "one")
    for text in ("1", "2"):
        output(tmp_path).publish({"one": (one, Result({"a": text}))}, frozenset())
        assert contents(tmp_path / "generated")["one/a"] == text
    assert not (tmp_path / ".cache/old").exists()


def test_a_run_that_ended_between_two_renames_is_recovered(tmp_path: Path) -> None:
    one = state(tmp_path, "one")
    output(tmp_path).publish({"one": (one, Result({"a": "1"}))}, frozenset())
    (tmp_path / "generated").rename(tmp_path / ".cache/old")
    assert not output(tmp_path).publish({"one": (one, Result({"a": "1"}))}, frozenset())
    assert contents(tmp_path / "generated")["one/a"] == "1"


def test_killed_at_any_moment_there_is_one_whole_set(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from derive.system.catalogue import Entry
        from derive.system.store import Generated, Result
        root = Path(sys.argv[1])
        one = Entry("one", root / "models/one/model.py")
        generated = Generated(root / "generated", root / ".cache")
        print("ready", flush=True)
        for turn in range(10**6):
            files = {f"f{n}": str(turn) * 50 for n in range(20)}
            generated.publish({"one": (one, Result(files))}, frozenset())
    """)
    one = state(tmp_path, "one")
    output(tmp_path).publish({"one": (one, Result({f"f{n}": "start" for n in range(20)}))}, frozenset())
    for turn in range(12):
        command = [sys.executable, "-c", program, str(tmp_path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                process.wait(0.005 * turn)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
        generated = output(tmp_path)
        assert generated.edited() == ("__init__.py",) or not generated.edited()
        assert len({text for name, text in contents(tmp_path / "generated").items() if name.startswith("one/")}) == 1


def test_the_cache_gives_back_what_it_was_given_and_nothing_corrupt(tmp_path: Path) -> None:
    cache, entry = Cache(tmp_path / "cache"), state(tmp_path, "one")
    key = cache.key("engine", entry)
    assert cache.get(key) is None
    result = Result({"a": "1\n", "é": "β"}, ("note",), ("wrong",))
    cache.put(key, result)
    assert cache.get(key) == result
    state(tmp_path, "one", "x = 3\n")
    assert cache.key("engine", entry) != key
    assert cache.key("another engine", entry) != cache.key("engine", entry)
    path = tmp_path / "cache" / f"{key}.json"
    path.write_text(path.read_text("utf-8").replace("1", "2", 1), "utf-8")
    assert cache.get(key) is None


def test_the_manifest_holds_nothing_of_this_machine(tmp_path: Path) -> None:
    output(tmp_path).publish({"one": (state(tmp_path, "one"), Result({"a": "1"}))}, frozenset())
    text = (tmp_path / "generated/manifest.json").read_text("utf-8")
    assert str(tmp_path) not in text
    assert json.loads(text).keys() == {"models", "shared", "tools"}


def test_models_are_found_by_folder_and_a_key_is_unique(tmp_path: Path) -> None:
    state(tmp_path, "one")
    state(tmp_path, "gallery/two")
    assert [entry.key for entry in entries(tmp_path)] == ["one", "two"]
    with pytest.raises(StatementError, match="did you mean one"):
        find(tmp_path, "onee")
    state(tmp_path, "gallery/one")
    with pytest.raises(StatementError, match="two models have this key"):
        entries(tmp_path)


@pytest.mark.parametrize("key", ["a-b", "1a", "x" * 65, "a b"])
def test_a_folder_whose_name_is_not_a_key_is_refused(tmp_path: Path, key: str) -> None:
    state(tmp_path, key)
    with pytest.raises(StatementError, match="not a key"):
        entries(tmp_path)
