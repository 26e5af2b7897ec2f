"""The pages hold together: links lead somewhere, codes exist, every package has a page, generated pages are up to date."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from docs_pages import ROOT, blocks, pages
from docs_writer import GENERATED

from interop.model.layers import LAYERS
from interop.model.reasons import catalogue
from interop.model.rules import RelyingRules
from interop.profile.load import load_case
from interop.run.plan import load_catalogue
from interop.xml.mutate import MUTATIONS

_LINK = re.compile(r"\[[^\]]*\]\((?P<to>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
_CODE = re.compile(rf"(?<![\w./:-])(?:{'|'.join(LAYERS)})\.[a-z0-9]+(?:-[a-z0-9]+)*(?![\w/-]|\.\w|:\d)")
_ENDINGS = frozenset({"py", "toml", "json", "md", "pdf", "xml", "pem", "der", "cms", "jsonl"})

PAGE_OF = {
    "model": "words.md",
    "crypto": "algorithms.md",
    "x509": "objects.md",
    "cms": "objects.md",
    "profile": "profiles.md",
    "pki": "pki.md",
    "pdf": "pdf.md",
    "xml": "xml.md",
    "vector": "vectors.md",
    "engine": "engines.md",
    "validation": "validation.md",
    "recognition": "recognition.md",
    "trustlist": "trusted-lists.md",
    "matrix": "matrix.md",
    "report": "run.md",
    "run": "run.md",
    "cli": "cli.md",
}
"""Package -> the page that tells what it does."""


def _without_blocks(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    for block in reversed(blocks(page)):
        text = text[: block.start] + text[block.start + len(block.body) :]
    return text


def _anchor(heading: str) -> str:
    """As GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def _anchors(page: Path) -> set[str]:
    return {_anchor(match["text"].strip()) for match in _HEADING.finditer(_without_blocks(page))}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_relative_links_resolve(page: Path) -> None:
    for match in _LINK.finditer(_without_blocks(page)):
        target, _, anchor = match["to"].partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        path = page if not target else (page.parent / target)
        assert path.exists(), f"{page.name}: no such file: {target}"
        assert path.resolve().is_relative_to(ROOT), f"{page.name}: {target} leads out of the repository"
        if anchor and path.suffix == ".md":
            assert anchor in _anchors(path), f"{page.name}: no heading for #{anchor} in {path.name}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_named_reason_codes_exist(page: Path) -> None:
    """What looks like a reason code is one; keys of the rules (`trust.load`) and names of files look alike and are none."""
    keys = {f"{part.name}.{key}" for part in fields(RelyingRules) if part.name in LAYERS for key in _keys_of(part.name)}
    for code in _CODE.findall(page.read_text(encoding="utf-8")):
        if code in keys or code.rpartition(".")[2] in _ENDINGS:
            continue
        assert code in catalogue(), f"{page.name}: '{code}' is no reason"


def _keys_of(part: str) -> list[str]:
    from interop.model import rules

    kind = {
        "certificate": rules.CertificateRules,
        "revocation": rules.RevocationRules,
        "time": rules.TimeRules,
        "trust": rules.TrustRules,
    }
    return [field.name for field in fields(kind[part])] if part in kind else []


def test_a_wrong_code_would_be_seen() -> None:
    assert _CODE.findall("`trust.no-such-reason`, relying.trust.load, interop/run/time.py") == ["trust.no-such-reason"]


def test_the_example_of_a_new_case_loads(tmp_path: Path) -> None:
    """The case on the page about vectors is a case, its mutation exists, and its control is shipped."""
    block = next(b for b in blocks(ROOT / "docs" / "vectors.md") if b.info == "toml")
    path = tmp_path / Path(block.body.splitlines()[0].removeprefix("# ")).name
    path.write_text(block.body, encoding="utf-8")
    case = load_case(path)
    shipped = {known.id: known for known in load_catalogue()[0]}
    assert case.mutation is not None
    assert case.mutation.name in MUTATIONS
    assert case.control in shipped
    assert shipped[case.control].packaging == case.packaging


def _packages() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "interop").glob("*/__init__.py"))


@pytest.mark.parametrize("package", _packages())
def test_every_package_has_a_page(package: str) -> None:
    assert package in PAGE_OF, f"interop/{package} has no page in docs/"
    page = ROOT / "docs" / PAGE_OF[package]
    assert page.is_file(), f"docs/{page.name} is missing"


def test_index_leads_to_every_page() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for page in sorted((ROOT / "docs").glob("*.md")):
        assert page.name == "index.md" or f"({page.name})" in index, f"docs/index.md does not lead to {page.name}"


@pytest.mark.parametrize("name", GENERATED)
def test_generated_page_is_up_to_date(name: str) -> None:
    shown = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert shown == GENERATED[name](), f"`python tests/docs/docs_writer.py {name}` writes it again"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_machine_paths_and_no_loose_ends(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for word in (*(f"/{folder}/" for folder in ("work", "root")), "TODO", "FIXME", "TBD"):
        assert word not in text, f"{page.name} says {word}"
