"""The package as a whole: what it imports, what it exports, and what must not stand in the repository."""

from __future__ import annotations

import ast
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
from importlib import import_module, metadata
from pathlib import Path

import pytest

import interop

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "interop"
HEAVY = ("pyhanko", "lxml", "cryptography", "pydantic", "rich", "asn1crypto", "pyhanko_certvalidator")
MODULES = sorted(m.name for m in pkgutil.walk_packages([str(PACKAGE)], "interop.") if not m.name.endswith("__main__"))


def _loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after the code."""
    probe = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{n.split('.')[0] for n in sys.modules}})), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["run", "--help"], ["check", "--help"], ["explain", "-h"]]
)
def test_a_help_needs_none_of_the_heavy_libraries(arguments: list[str]) -> None:
    loaded = _loaded_after(f"from interop.cli import run_command\nassert run_command({arguments!r}) == 0")
    assert not loaded & set(HEAVY)


def test_the_vocabulary_needs_nothing_but_the_standard_library() -> None:
    names = [name for name in MODULES if name.startswith("interop.model.") and not name.endswith((".codec",))]
    loaded = _loaded_after("\n".join(f"import {name}" for name in names))
    assert not loaded & {*HEAVY, "click"}


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_exports_and_has_it(name: str) -> None:
    module = import_module(name)
    assert module.__doc__, f"{name} has no docstring"
    if Path(str(module.__file__)).name == "__init__.py" and not hasattr(module, "__all__"):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Assign)]
        assert not defined, f"{name} defines something and has no __all__"
        return
    assert len(set(module.__all__)) == len(module.__all__), f"{name}.__all__ repeats a name"
    for exported in module.__all__:
        assert hasattr(module, exported), f"{name}.__all__ names {exported}, which is not there"
        assert not exported.startswith("_") or exported == "__version__", f"{name}.__all__ names a private {exported}"


def test_it_is_typed_and_says_so() -> None:
    assert (PACKAGE / "py.typed").is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "py.typed" in project["tool"]["setuptools"]["package-data"]["interop"]


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert interop.__version__ == project["version"] == metadata.version("interop")


def test_the_program_is_installed_under_its_name() -> None:
    (entry,) = metadata.entry_points(group="console_scripts", name="interop")
    assert entry.value == "interop.cli:main"


# --- what must not stand in the repository ------------------------------------------------------------------------


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _texts() -> list[tuple[str, str]]:
    found = []
    for path in _tracked():
        data = path.read_bytes()
        if b"\0" not in data[:4096]:
            found.append((path.relative_to(ROOT).as_posix(), data.decode("utf-8", "replace")))
    return found


FORBIDDEN = {
    "a package registry": re.compile(
        r"(?i)\b(?:(?:test\.)?pypi\.(?:org|io)|files\.pythonhosted\.org|registry\.npmjs\.org|rubygems\.org|crates\.io"
        r"|deb\.debian\.org|archive\.ubuntu\.com|conda\.anaconda\.org|proxy\.golang\.org"
        r"|(?:mirrors?|artifactory|nexus)\.[a-z0-9-]+\.[a-z]{2,})"
    ),
    "an index option": re.compile(r"(?m)^\s*(?:--(?:extra-)?index-url|--find-links|index-url\s*=)"),
    "an absolute path of somebody's machine": re.compile(
        r"(?<![\w.:/$}])/(?:home|Users|root|work|mnt|srv)/[A-Za-z0-9_.-]+|\b[A-Z]:\\Users\\"
    ),
    "an address of a mailbox": re.compile(
        r"\b[A-Za-z0-9._%+-]+@(?!(?:[A-Za-z0-9-]+\.)*(?:example|invalid|test|localhost)\b)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"
    ),
    "a private key that is no TEST key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{32}"),
}
ALLOWED = {
    # published TEST keys (design section 2), and keys made for tests
    "a private key that is no TEST key": re.compile(r"^(?:profiles/keys/|tests/).*"),
    # the signer's ID in the examples of GM/T 0003.5 and of its drafts; an address planted so that the linter finds it
    "an address of a mailbox": re.compile(r".*: (?:ALICE123@YAHOO\.COM|signer@mail\.org)$"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_of_a_machine_or_a_person_is_tracked(what: str) -> None:
    this = Path(__file__).relative_to(ROOT).as_posix()
    found = [
        f"{name}: {match.group(0)}"
        for name, text in _texts()
        if name != this
        for match in FORBIDDEN[what].finditer(text)
    ]
    assert [place for place in found if not (what in ALLOWED and ALLOWED[what].match(place))] == []


def test_nothing_generated_is_tracked() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in _tracked()]
    assert not [n for n in names if re.search(r"(?:^|/)(?:out|\.venv|__pycache__|build|dist)/|\.pyc$|\.egg-info/", n)]


def test_the_contract_names_every_crypto_module_but_the_table() -> None:
    """The judging wing may use the algorithm table and nothing else of `interop.crypto`; a new module there must be named."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (pure,) = [contract for contract in contracts if contract["type"] == "forbidden"]
    modules = {f"interop.crypto.{path.stem}" for path in (ROOT / "interop" / "crypto").glob("*.py")}
    tables = {
        "interop.crypto.table",
        "interop.crypto.table_data",
        "interop.crypto.table_types",
        "interop.crypto.__init__",
    }
    assert modules - tables <= set(pure["forbidden_modules"])
