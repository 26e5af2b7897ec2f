"""The pages about shipped data say everything that the data says, and what they cite exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from docs_agreements import agreements_page
from docs_providers import origin_rows, providers_page
from outside import DATA, missing

from interop.model.profile import Provider, World
from interop.profile.load import load_world
from interop.profile.origins import sourced

NOTES = DATA.parent / "reference"
_CITED = re.compile(
    r"(?P<file>(?:domestic|foreign)-profiles\.md) (?P<first>\d+(?:\.\d+)*)(?P<more>(?:(?:,| and) \d+\.\d+)*)"
)
_SECTION = re.compile(r"^#+ (?P<number>\d+(?:\.\d+)*)\.? ", re.MULTILINE)


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def _section(page: str, name: str) -> str:
    return page.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]


def test_every_provider_has_its_section(world: World) -> None:
    page = providers_page(world)
    for provider in world.providers:
        section = _section(page, provider.id)
        assert f"[{provider.id}](#{provider.id})" in page
        for said in (provider.name.en, provider.name.zh, provider.summary.zh, *provider.unknowns, *provider.sources):
            assert " ".join(said.split()) in section
        for name in (*(c.id for c in provider.certificates), *(i.id for i in provider.identities)):
            assert f"| `{name}` |" in section
        for identity in provider.identities:
            row = next(
                line for line in section.splitlines() if line.startswith(f"| `{identity.id}` | {identity.name.en}")
            )
            assert ("never verified" in row) == identity.opaque


def test_every_agreement_has_its_section(world: World) -> None:
    page = agreements_page(world)
    for agreement in world.agreements:
        section = _section(page, agreement.id)
        for said in (agreement.name.zh, agreement.kind.value, agreement.evidence, agreement.source):
            assert " ".join(said.split()) in section
        admits = ("| anchor ", "| issuer ", "| over cross-certificate ")
        assert sum(section.count(word) for word in admits) == len(agreement.entries)
        loading = [p.id for p in world.providers if agreement.id in p.relying.trust.load]
        assert ("| loaded by |" in section) == bool(agreement.entries)
        assert all(f"[{name}](providers.md#{name})" in section for name in loading)


def test_every_value_stands_in_one_row(world: World) -> None:
    """The keys of every table of a profile are told with an origin and, unless they are invented, a source."""
    for provider in world.providers:
        rows = origin_rows(provider)
        for index, spec in enumerate(provider.certificates):
            part = f"certificate `{spec.id}`"
            told = {name for where, names, _, _ in rows if where == part for name in names.split(", ")}
            written = {str(v.path[2]) for v in sourced(provider) if v.path[:2] == ("certificates", index)}
            assert {name.split(".")[0].split(" ")[0] for name in told} == written
        assert all(source or origin == "stand-in" for _, _, origin, source in rows), provider.id


def test_an_oid_is_told_with_its_own_origin(world: World) -> None:
    provider = world.provider("eu-qtsp-natural")
    rows = {(part, origin): names for part, names, origin, _ in origin_rows(provider)}
    real = rows["certificate `signer-natural-rsa`", "real"]
    assert "extensions.policies 0.4.0.194112.1.2" in real  # QCP-n-qscd, EN 319 411-2 section 5.3
    assert "2.999.1.1.1" in rows["certificate `signer-natural-rsa`", "stand-in"]
    assert "2.999.1.1.1" not in real


def test_a_changed_origin_moves_the_value(world: World) -> None:
    provider = world.provider("eu-qtsp-natural")
    assert _origin(provider, "services", "tsa_policy") == "real"
    moved = replace(provider, services=replace(provider.services, origins={"tsa_policy": "modelled"}))
    assert _origin(moved, "services", "tsa_policy") == "modelled"


def _origin(provider: Provider, part: str, value: str) -> str:
    (found,) = [
        origin for where, names, origin, _ in origin_rows(provider) if where == part and value in names.split(", ")
    ]
    return found


@cache
def _sections(file: str) -> frozenset[str]:
    return frozenset(_SECTION.findall((NOTES / file).read_text(encoding="utf-8")))


def _citations(text: str) -> Iterator[tuple[str, str]]:
    for match in _CITED.finditer(text):
        for number in (match["first"], *re.findall(r"\d+\.\d+", match["more"])):
            yield match["file"], number


def test_citations_are_read() -> None:
    text = "domestic-profiles.md 6.2 row P7 and 6.1 P7; foreign-profiles.md 2.1 and 4.0, 1.3: x"
    assert list(_citations(text)) == [
        ("domestic-profiles.md", "6.2"), ("foreign-profiles.md", "2.1"), ("foreign-profiles.md", "4.0"),
        ("foreign-profiles.md", "1.3"),
    ]  # fmt: skip


def test_cited_sections_exist(world: World) -> None:
    """Every section of the notes that a profile or an agreement rests on is there."""
    if not NOTES.is_dir():
        missing("the notes that profiles cite")
    cited = {
        (document.id, file, number)
        for document in (*world.providers, *world.agreements)
        for text in {v.source for v in sourced(document)} | set(getattr(document, "sources", ()))
        for file, number in _citations(text)
    }
    assert len(cited) > 30
    assert [where for where in sorted(cited) if where[2] not in _sections(where[1])] == []
