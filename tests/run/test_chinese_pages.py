"""A Chinese page says nothing in English: every detail of the core set, and the pages of cells of every kind.

Names, identifiers and terms that have no other name in Chinese stand as they are: what certificates, profiles and agreements are
called, algorithms, formats, OIDs, URIs, fields of standards.
"""

from __future__ import annotations

import io
import re
from functools import cached_property

import pytest
from core_run import Core
from rich.console import Console

from interop.model.ids import CellId
from interop.model.reasons import catalogue
from interop.report.clauses import clause_in
from interop.report.details import certificate_names, gathered, in_words
from interop.report.explained import print_cell
from interop.run.explain import explain_cell

CELLS = (
    "hk-recognised:cn-gov-gm",
    "cn-licensed-sm2:cn-gov-gm",
    "eu-qtsp-natural:br-icp-a3",
    "zz-pilot:eu-qtsp-natural",
    "uk-qtsp:eu-qtsp-natural",
    "ua-dual:eu-qtsp-seal",
    "gd-hk-scheme:hk-recognised",
    "ru-qualified:kz-nca",
    "us-fpki:global-aatl",
    "eu-qtsp-brainpool:ua-dual",
    "cn-dual-alg:cn-finance-lei",
    "ch-zertes:ch-zertes",
    "sg-accredited:cn-customs-xml",
    "cn-customs-xml:jp-accredited",
    "kr-npki:in-cca",
    "mo-accredited:gd-hk-scheme",
)
TITLES = re.compile(
    r"W3C (?:XML-Signature Best Practices|Canonical XML|XML Schema|XML)"
    r"|[A-Z][a-z]+ et al\., (?:1 Trillion Dollar Refund, )?[A-Za-z& ]+ \d{4}"
)
"""Standards and papers are called by their titles."""
TERMS = {"pades", "xades", "xmldsig"}
"""Words in small letters that name a format."""
WORD = re.compile(r"(?<![\w.:/#+*@=-])[A-Za-z]?[a-z]{2,}(?![\w:/#+*@=-])(?!\.\w)")
"""A word as English writes it: no mixed case, digits, dots, dashes or slashes as identifiers have them."""


class Leftovers:
    """What is left of a text in English words, once all that is a name is taken out."""

    def __init__(self, core: Core) -> None:
        self.core = core

    @cached_property
    def names(self) -> tuple[str, ...]:
        world, certificates = self.core.run.plan.world, self.core.bench.knowledge.certificates.values()
        found = {a.value for c in certificates for rdn in (*c.subject.rdns, *c.issuer.rdns) for a in rdn}
        found |= {suite for provider in world.providers for suite in provider.relying.algorithms.suites}
        found |= {identity.id for provider in world.providers for identity in provider.identities}
        found |= {e.condition.certificate_type or "" for a in world.agreements for e in a.entries}
        found |= {e.receipt or "" for a in world.agreements for e in a.entries}
        return tuple(sorted((name for name in found if re.search("[a-z]", name)), key=len, reverse=True))

    def of(self, text: str) -> set[str]:
        flat = TITLES.sub("*", re.sub(r"\s+", " ", text))
        for name in self.names:
            flat = re.sub(rf"(?<![A-Za-z.-]){re.escape(name)}(?![A-Za-z.-])", "*", flat)
        return set(WORD.findall(flat)) - TERMS


@pytest.fixture(scope="module")
def leftovers(core: Core) -> Leftovers:
    return Leftovers(core)


def test_the_measure_sees_english(leftovers: Leftovers) -> None:
    assert leftovers.of("签署方证书路径 ends at 根 CA“TEST ROOTCA”") == {"ends", "at"}
    assert leftovers.of("实际情况：found raw; accepted der") == {"found", "raw", "accepted", "der"}
    assert not leftovers.of(
        "rsa-sha256-2048，不在 etsi-ts-119312 中；keyCompromise；http://www.w3.org/2001/10/xml-exc-c14n#"
    )


def test_every_detail_of_the_core_matrix_is_translated(core: Core, leftovers: Leftovers) -> None:
    names = certificate_names(core.bench.knowledge.certificates.values())
    assert len(core.matrix.tables.reasons) > 500
    wrong = {}
    for row in core.matrix.tables.reasons:
        for text in (in_words(row.detail, names), *gathered([row.detail], names)):
            if "原文" in text.zh or leftovers.of(text.zh):
                wrong[row.code, row.detail] = text.zh
    assert not wrong


def test_every_detail_of_the_negatives_is_translated(core: Core, leftovers: Leftovers) -> None:
    # negatives are no part of the matrix's reasons: judged at home and at one foreign relying party
    names = certificate_names(core.bench.knowledge.certificates.values())
    details = {
        (cause.code, cause.detail)
        for vector, spec in core.specs.items()
        if not spec.case.positive
        for relying in dict.fromkeys((spec.provider.id, "eu-qtsp-natural"))
        for verdict in core.judge(vector, relying).verdicts
        for layer in verdict.layers
        for cause in layer.causes
    }
    assert {code.partition(".")[0] for code, _ in details} >= {"integrity", "signature", "revocation", "time"}
    wrong = {}
    for code, detail in details:
        text = in_words(detail, names).zh
        if "原文" in text or leftovers.of(text):
            wrong[code, detail] = text
    assert not wrong


def test_every_clause_is_translated(leftovers: Leftovers) -> None:
    wrong = {code: clause_in(entry.clause, "zh") for code, entry in catalogue().items()}
    assert {code: text for code, text in wrong.items() if leftovers.of(text)} == {}


@pytest.mark.parametrize("width", [80, 110])
@pytest.mark.parametrize("cell", CELLS)
def test_pages_are_chinese_and_short(core: Core, leftovers: Leftovers, cell: str, width: int) -> None:
    told = explain_cell(core.run, core.matrix, CellId.parse(cell))
    stream = io.StringIO()
    print_cell(told, Console(file=stream, width=width, color_system=None), "zh")
    assert not leftovers.of(stream.getvalue())
    stream = io.StringIO()
    print_cell(told, Console(file=stream, width=width, color_system=None), "en")
    # two or three screens, where much is in the way
    assert len(stream.getvalue().splitlines()) <= (130 if width == 80 else 110)
