"""`interop check --list`: the relying party of trusted lists, on the published sample of the pilot country ZZ.

Expectations are those of the project that publishes the sample: QESIG under the agreement, ADESIG without.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cli_calls import Result
from outside import data

from interop.model.certificate import ObjectId
from interop.model.indication import Indication
from interop.model.layers import TECHNICAL, LayerResult, LayerState
from interop.model.verdict import Path as Path_
from interop.model.verdict import Technical
from interop.profile.load import load_neutral_rules
from interop.run.link import Linker
from interop.run.lists import load_lists
from interop.x509.certificate import parse_certificate, read_certificates
from interop.xml.observe import observe_xml

Interop = Callable[..., Result]
AT = "2022-08-01T00:00:00Z"


class Sample:
    """The command of the pilot, with lists that a test may replace."""

    def __init__(self, interop: Interop) -> None:
        self._interop = interop
        self.lotl = data("external", "dss__mra-lotl.xml")
        self.zz = data("external", "dss__mra-zz-tl.xml")
        self.signer = data("dss-mra", "cookbook-lotl-signer.pem")
        self.anchors = data("dss-mra", "cookbook-anchors.pem")
        self.file = data("external", "dss__mra_john-doe-lta.xml")

    def __call__(self, *more: str | Path) -> Result:
        lists = ("--list", self.lotl, "--list", self.zz, "--list-signer", self.signer)
        return self._interop("check", *lists, "--trust", self.anchors, "--at", AT, self.file, "--as", "lists", *more)

    def answer(self, *more: str | Path) -> tuple[int, dict[str, Any], dict[str, Any]]:
        """(exit code, file, answer of the party)."""
        result = self(*more, "-f", "json")
        (file,) = json.loads(result.out)["files"]
        return result.code, file, file["relying_parties"]["lists"]

    def lists(self) -> dict[str, dict[str, Any]]:
        """What is said of the lists, by the name of the file without its folder."""
        return {Path(one["file"]).name: one for one in json.loads(self("-f", "json").out)["lists"]}


@pytest.fixture
def sample(interop: Interop) -> Sample:
    return Sample(interop)


def test_under_the_agreement_the_signature_is_qualified(sample: Sample) -> None:
    code, file, answer = sample.answer()
    assert (code, file["indication"], answer["accepted"]) == (0, "TOTAL_PASSED", True)
    assert (answer["qualification"], answer["certificate_qualification"]) == ("QESIG", "QCERT_FOR_ESIG_QSCD")
    assert (answer["level"], answer["agreement"]) == ("L4", "QCForESig")
    assert answer["service"] == "ZZ eTrust QC for eSignatures CA"
    lists = sample.lists()
    assert all(one["believed"] for one in lists.values())
    assert lists[sample.zz.name]["through"] == [str(sample.lotl)]
    assert lists[sample.zz.name]["recognition"] is True
    assert lists[sample.lotl.name]["through"] == []


def test_without_the_agreement_it_is_an_advanced_one_that_no_service_vouches_for(sample: Sample) -> None:
    code, file, answer = sample.answer("--no-recognition")
    assert (code, file["indication"], answer["accepted"]) == (1, "TOTAL_PASSED", False)
    assert (answer["qualification"], answer["level"]) == ("ADESIG", "L2")
    assert (answer["first_block"], answer["reasons"]) == ("trust", ["trust.list-no-granted-service"])
    assert "trust.list-foreign-legislation" in answer["findings"]
    assert answer["agreement"] is None


def test_the_page_says_it_in_both_languages(sample: Sample) -> None:
    english = " ".join(sample().out.split())  # where a line breaks depends on how long the paths are
    for said in ("trusted lists", "under an agreement", "accepted by: lists", "QESIG, certificate QCERT_FOR_ESIG_QSCD"):
        assert said in english
    chinese = " ".join(sample("--lang", "zh").out.split())
    for said in ("信任列表", "依互认协定", "接受方：lists", "QESIG，证书 QCERT_FOR_ESIG_QSCD"):
        assert said in chinese


def test_a_damaged_list_is_refused_with_its_reason_and_gives_no_trust(sample: Sample, tmp_path: Path) -> None:
    text = sample.zz.read_text(encoding="utf-8")
    assert "ZZ eTrust QC for eSignatures CA" in text
    sample.zz = tmp_path / "damaged.xml"
    sample.zz.write_text(text.replace("ZZ eTrust QC for eSignatures CA", "ZZ eTrust QC for eSignatures CB"), "utf-8")
    code, file, answer = sample.answer()
    assert (code, file["indication"], answer["accepted"]) == (1, "TOTAL_PASSED", False)
    assert answer["reasons"] == ["trust.no-path-to-known-anchor", "trust.list-damaged"]
    assert answer["qualification"] == "NA"
    one = sample.lists()["damaged.xml"]
    assert (one["believed"], one["reason"], one["through"]) == (False, "trust.list-damaged", [])
    page = " ".join(sample().out.split())
    assert "damaged.xml: refused" in page
    assert "trust.list-damaged the trusted list was changed after it was signed" in page


def test_a_list_that_bears_no_signature_is_refused(sample: Sample, tmp_path: Path) -> None:
    text = sample.lotl.read_text(encoding="utf-8")
    start, end = text.index("<ds:Signature "), text.index("</ds:Signature>") + len("</ds:Signature>")
    sample.lotl = tmp_path / "unsigned.xml"
    sample.lotl.write_text(text[:start] + text[end:], "utf-8")
    code, _, answer = sample.answer()
    assert (code, answer["accepted"]) == (1, False)
    assert set(answer["reasons"][:2]) == {"trust.list-unsigned", "trust.list-not-pointed-to"}, "no list is believed"
    assert sample.lists()["unsigned.xml"]["reason"] == "trust.list-unsigned"


def test_a_list_that_the_named_signer_did_not_sign_trusts_nobody(sample: Sample) -> None:
    sample.signer = sample.anchors
    code, _, answer = sample.answer()
    assert (code, answer["accepted"]) == (1, False)
    assert sample.lists()[sample.lotl.name]["reason"] == "trust.list-not-pointed-to"


def test_where_no_home_is_known_the_listed_service_is_the_home(sample: Sample, tmp_path: Path) -> None:
    """Named are only those who sign status answers and time-stamps: to them leads no path from the signer."""
    ders = read_certificates(sample.anchors.read_bytes(), "anchors")
    others = [der for der in ders if not parse_certificate(der).ca]
    assert len(others) == 2
    sample.anchors = tmp_path / "others.pem"
    sample.anchors.write_text("".join(map(ssl.DER_cert_to_PEM_cert, others)), "ascii")
    _, file, answer = sample.answer()
    assert file["reason"] == "chain.home-anchor-unknown"
    assert (answer["first_block"], answer["qualification"]) == ("revocation", "INDETERMINATE_QESIG")
    assert answer["reasons"] == ["revocation.no-evidence"], "about the CA between signer and listed service"
    code, _, answer = sample.answer("--rules", "legacy")  # which demand no status answer
    assert (code, answer["accepted"], answer["qualification"], answer["first_block"]) == (0, True, "QESIG", None)


def test_a_file_that_is_no_list_is_a_mistake_of_the_caller(sample: Sample, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<no", encoding="utf-8")
    sample.zz, sample.lotl = broken, sample.file
    result = sample()
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("interop: error: --list: 2 problems\n"), result.err
    assert "broken.xml" in result.err
    assert sample.file.name in result.err
    sample.zz = tmp_path / "absent.xml"
    assert "absent.xml: cannot be read" in sample().error


def test_naming_lists_adds_their_party_to_the_others_and_lets_it_decide(sample: Sample, interop: Interop) -> None:
    lists = ("--list", sample.lotl, "--list", sample.zz, "--list-signer", sample.signer)
    shared = ("check", *lists, "--trust", sample.anchors, "--at", AT, sample.file, "-f", "json")
    result = interop(*shared)
    (file,) = json.loads(result.out)["files"]
    assert result.code == 0
    assert file["relying_parties"]["lists"]["accepted"]
    assert not file["relying_parties"]["us-fpki"]["accepted"]
    assert file["relying_parties"]["us-fpki"]["qualification"] is None
    both = interop(*shared, "--as", "us-fpki")
    assert both.code == 1
    assert set(json.loads(both.out)["files"][0]["relying_parties"]) == {"lists", "us-fpki"}


def test_certificates_of_lists_complete_no_path_of_others(sample: Sample, interop: Interop) -> None:
    """The technical answer and those of other parties are the same with and without lists."""
    plain = json.loads(interop("check", sample.file, "--at", AT, "--as", "us-fpki", "-f", "json").out)["files"][0]
    lists = ("--list", sample.lotl, "--list", sample.zz, "--list-signer", sample.signer)
    with_lists = interop("check", sample.file, "--at", AT, "--as", "us-fpki", "-f", "json", *lists)
    file = json.loads(with_lists.out)["files"][0]
    del file["relying_parties"]["lists"]
    assert file == plain


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--list", "x.xml"), "--list without --list-signer"),
        (("--list-signer", "x.pem"), "--list-signer without --list"),
        (("--no-recognition",), "--no-recognition without --list"),
        (("--as", "lists"), "--as lists without --list"),
    ],
)
def test_options_that_need_each_other(interop: Interop, options: tuple[str, ...], said: str) -> None:
    result = interop("check", "x.pdf", *options)
    assert result.code == 2
    assert result.error.startswith(said)
    assert result.hints


@pytest.mark.parametrize("authority", [True, False])
def test_what_stands_between_home_anchor_and_listed_service_must_be_a_valid_path(
    sample: Sample, authority: bool
) -> None:
    """The sample's home anchor is the issuing CA, below the service listed. If it were no CA, nothing would hang on the service."""
    ders = {
        role: read_certificates(path.read_bytes(), role) for role, path in (("l", sample.signer), ("a", sample.anchors))
    }
    at = datetime(2022, 8, 1, tzinfo=UTC)
    party = load_lists([(p.name, p.read_bytes()) for p in (sample.lotl, sample.zz)], signers=ders["l"], at=at)
    observed = observe_xml(sample.file.read_bytes())
    linker = Linker()
    for der in (*party.graph.certificates.values(), *ders["a"]):
        linker.add("certificate", der)
    linker.add_objects(observed.objects, {fact.id: fact.kind for fact in observed.facts.objects})
    knowledge = linker.knowledge()
    (signature,) = observed.facts.signatures
    signer = next(fact.key for fact in signature.value if fact.ok)
    assert isinstance(signer, str)
    issuer = next(
        c for c in knowledge.certificates.values() if c.subject.text.endswith("CN=Test-Qualified-CA1-from-ZZ")
    )
    knowledge = replace(knowledge, certificates={**knowledge.certificates, issuer.id: replace(issuer, ca=authority)})
    technical = Technical(
        signature=signature.id,
        layers=tuple(LayerResult(layer=layer, state=LayerState.PASS) for layer in TECHNICAL),
        indication=Indication.TOTAL_PASSED,
        sub_indication=None,
        signer=ObjectId(signer),
        path=Path_(certificates=(ObjectId(signer), issuer.id)),
        provider="file:anchors.pem",
        identity=None,
        best_time=datetime(2022, 7, 28, 8, 38, 26, tzinfo=UTC),
        proven=True,
        level="B-LTA",
    )
    answer = party.answer(observed.facts, [technical], knowledge=knowledge, rules=load_neutral_rules(), at=at)
    expected = ("QESIG", True, ()) if authority else ("INDETERMINATE_QESIG", False, ("trust.path-invalid",))
    assert (answer.qualification, answer.accepted, answer.reasons) == expected
