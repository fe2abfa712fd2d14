"""Rules of the tree: what every file must keep to, whoever wrote it."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 400


def python_files(folder: str) -> list[Path]:
    return sorted(file for file in (ROOT / folder).rglob("*.py") if "__pycache__" not in file.parts)


def tracked() -> list[Path]:
    """What git keeps; where the tree is no checkout, everything that lies in the project's own folders."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        folders = ("derive", "models", "templates", "generated", "tests", "docs", "benchmarks")
        found = [file for folder in folders for file in (ROOT / folder).rglob("*")]
        return sorted(file for file in found if file.is_file() and "__pycache__" not in file.parts)
    names = [name for name in listing.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def model_keys() -> list[str]:
    """Keys of the models that come with the project; one that a user is writing beside them may be any word."""
    return sorted(file.parent.name for file in tracked() if file.name == "model.py" and file.is_relative_to(ROOT / "models"))


def test_the_models_of_the_project_are_found() -> None:
    assert {"consignment", "dual_channel", "mro_alliance", "cluster_reputation"} < set(model_keys())


def calls(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            found.add(function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""))
    return found


FORBIDDEN_IN_MODELS = {
    "solve", "nsolve", "solveset", "linsolve", "nonlinsolve", "dsolve", "diff", "integrate", "simplify", "factor", "expand",
    "cancel", "together", "apart", "subs", "series", "limit", "lambdify", "sympify", "parse_expr",
}  # fmt: skip


def test_models_state_and_compute_nothing() -> None:
    found = {
        str(file.relative_to(ROOT)): sorted(calls(ast.parse(file.read_text("utf-8"))) & FORBIDDEN_IN_MODELS)
        for file in python_files("models")
    }
    assert not {file: names for file, names in found.items() if names}


def test_the_rule_about_models_sees_a_call() -> None:
    assert calls(ast.parse("import sympy\nx = sympy.solve(1)")) & FORBIDDEN_IN_MODELS == {"solve"}
    assert calls(ast.parse("y = (p*q).diff(p)")) & FORBIDDEN_IN_MODELS == {"diff"}


def test_models_import_the_vocabulary_only() -> None:
    allowed = {"derive", "sympy", "__future__", "collections", "csv", "pathlib"}
    for file in python_files("models"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            assert {name.split(".")[0] for name in names} <= allowed, file


def test_the_engine_names_no_model() -> None:
    for key in model_keys():
        whole = re.compile(rf"\b{re.escape(key)}\b", re.IGNORECASE)
        for file in python_files("derive") + sorted((ROOT / "templates").rglob("*.j2")):
            assert not whole.search(file.read_text("utf-8")), f"{file.relative_to(ROOT)} names the model {key}"


def test_generated_modules_import_numpy_only() -> None:
    for file in python_files("generated"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= {"numpy", "math", "threading"}, file
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert node.module in {"__future__", "typing", "dataclasses", "numpy", "collections.abc", "math"}, file


def test_modules_are_short_enough_to_read() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in python_files("derive")}
    assert not {name: n for name, n in lengths.items() if n > LONGEST}


def test_no_machine_path_and_nothing_left_open() -> None:
    path = re.compile(r"/(?:work|farm|root|home|Users)/[a-z.]")
    left_open = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X)\b")
    this = Path(__file__).resolve()
    for file in tracked():
        if file.resolve() == this or file.suffix in {".pdf", ".png"}:
            continue
        text = file.read_text("utf-8")
        assert not path.search(text), f"a path of one machine in {file.relative_to(ROOT)}"
        assert not left_open.search(text), f"something left open in {file.relative_to(ROOT)}"


SOLVERS = {"solve", "nsolve", "solveset", "linsolve", "nonlinsolve", "simplify", "nsimplify"}


def called_of_sympy(tree: ast.AST) -> set[str]:
    """Functions of SymPy that a module calls, imported by name or as ``sympy.name``."""
    own = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sympy")
        for alias in node.names
    }
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {function.id for function in functions if isinstance(function, ast.Name)} & own
    spelled = {
        f.attr for f in functions if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id == "sympy"
    }
    return named | spelled


def test_only_one_home_for_templates_and_for_solvers() -> None:
    for file in python_files("derive"):
        tree = ast.parse(file.read_text("utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        name = file.relative_to(ROOT / "derive").as_posix()
        assert "jinja2" not in imported or name == "render.py", name
        assert not called_of_sympy(tree) & SOLVERS or name == "systems.py", f"{name} calls a solver of SymPy"


def test_the_checker_does_not_import_the_deriver() -> None:
    allowed = {
        "check",
        "ir",
        "steps",
        "solution",
        "certificates",
        "prooftext",
        "errors",
        "shocks",
        "tree",  # how an expression is built; nothing about what holds
        "auctions",
        "bargaining",
        "coalition",
        "repeated",
        "contracts",
    }
    for file in python_files("derive/check"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("derive."):
                assert (node.module or "").split(".")[1] in allowed, f"{file.name} imports {node.module}"


def test_the_lock_pins_every_dependency_exactly() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["test"], *extras["dev"]]
    for requirement in wanted:
        assert re.match(r"[A-Za-z0-9-]+", requirement)[0] in pins, requirement
