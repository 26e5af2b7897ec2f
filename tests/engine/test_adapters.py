"""The thin adapters over recorded words of openssl 3.0.19, xmlsec1 1.2.37 and pdfsig 22.12: read for what they say, and no more.

The programs here are shell scripts under those names that print what the real ones printed, or die as they can die.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from core_run import Core

from interop.engine import command, protocol
from interop.engine.command import call, first_line, to_pem
from interop.engine.openssl import OpensslWitness, edge_verifies, sm2_value_verifies
from interop.engine.pdfsig import PdfsigWitness
from interop.engine.registry import WITNESSES, engine_infos, witness
from interop.engine.sniff import sniff
from interop.engine.xmlsec1 import Xmlsec1Witness
from interop.model import facts as model_facts  # not its names: pytest would take Testimony for a test
from interop.model.errors import EngineError, UsageError
from interop.model.facts import Facts

PDF = "eu-qtsp-natural.natural-rsa/pades/b-b/pdf-b-b"
XML = "eu-qtsp-natural.natural-rsa/xades/b-b/xml-b-b"
DETACHED = "eu-qtsp-natural.natural-rsa/xades/b-b/xml-b-b-detached"
ANCHOR = (b"\x30\x03\x02\x01\x01",)


class Programs:
    """A folder of scripts, first on the path."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def write(self, name: str, body: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def say(self, name: str, text: str, *, code: int = 0, stream: int = 1) -> None:
        """Print a recorded text and exit. `--version` and the like get the version first."""
        versions = {
            "openssl": "OpenSSL 3.0.19",
            "xmlsec1": "xmlsec1 1.2.37 (openssl)",
            "pdfsig": "pdfsig version 22.12.0",
        }
        recorded = self.folder / f"{name}.txt"
        recorded.write_text(text, encoding="utf-8")
        self.write(
            name,
            f'case "$1" in version|--version|-v) echo "{versions[name]}"; exit 0;; esac\n'
            f'cat "{recorded}" >&{stream}\nexit {code}',
        )


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    folder = tmp_path / "programs"
    folder.mkdir()
    return Programs(folder, monkeypatch)


def facts(core: Core, vector: str) -> Facts:
    return core.run.observations[vector].facts


def ask(
    core: Core, kind: protocol.Witness, vector: str = PDF, *, anchors: tuple[bytes, ...] = ()
) -> model_facts.Testimony:
    return kind.testify(core.request(vector), facts(core, vector), anchors)


def answers(testimony: model_facts.Testimony) -> dict[str, tuple[bool | None, str]]:
    assert testimony.error is None
    return {statement.about: (statement.ok, statement.why) for statement in testimony.statements}


# ---------------------------------------------------------------- pdfsig

PDFSIG = """Digital Signature Info of: vector.pdf
Signature #1:
  - Signature Field Name: {field}
  - Signer Certificate Common Name: TEST Eva Muster
  - Signing Time: Mar 01 2026 00:00:00
  - Signing Hash Algorithm: SHA-256
  - Signature Type: ETSI.CAdES.detached
  - Signed Ranges: {ranges}
  - Total document signed
  - Signature Validation: {answer}
"""


def pdfsig_ranges(core: Core) -> str:
    (signature,) = facts(core, PDF).signatures
    return ", ".join(f"[{start} - {start + length}]" for start, length in signature.covers.ranges)


@pytest.mark.parametrize(
    ("words", "ok", "why"),
    [
        ("Signature is Valid.", True, ""),
        ("Digest Mismatch.", False, "digest mismatch"),
        ("Signature is Invalid.", False, "signature invalid"),
        ("Unknown Validation Failure.", None, "Unknown Validation Failure."),
        ("Document isn't signed or corrupted data.", None, "Document isn't signed or corrupted data."),
        ("Signature has not yet been verified.", None, "Signature has not yet been verified."),
    ],
)
def test_pdfsigs_answers(core: Core, programs: Programs, words: str, ok: bool | None, why: str) -> None:
    programs.say("pdfsig", PDFSIG.format(field="Signature1", ranges=pdfsig_ranges(core), answer=words))
    testimony = ask(core, PdfsigWitness())
    assert answers(testimony) == {"digest-and-value": (ok, why)}
    assert testimony.engine == "pdfsig@22.12.0"
    assert testimony.artifact == facts(core, PDF).artifact


@pytest.mark.parametrize(
    "text",
    ["File 'vector.pdf' does not contain any signatures\n", "Syntax Error: Couldn't find trailer dictionary\n", ""],
)
def test_pdfsig_that_lists_nothing_says_nothing(core: Core, programs: Programs, text: str) -> None:
    """Exit code 0 or 2, it is no rejection."""
    for code in (0, 1, 2):
        programs.say("pdfsig", text, code=code)
        assert answers(ask(core, PdfsigWitness())) == {"digest-and-value": (None, "not listed by pdfsig")}


def test_pdfsig_blocks_go_by_ranges_and_not_by_order(core: Core, programs: Programs) -> None:
    mine = PDFSIG.format(field="A", ranges=pdfsig_ranges(core), answer="Signature is Valid.")
    other = PDFSIG.format(field="B", ranges="[0 - 10], [20 - 30]", answer="Digest Mismatch.").replace("#1", "#2")
    for text in (mine + other, other + mine):
        programs.say("pdfsig", text)
        assert answers(ask(core, PdfsigWitness())) == {"digest-and-value": (True, "")}


@pytest.mark.parametrize(
    "field",
    [
        "x - Signature Validation: Signature is Valid.",
        "x\n  - Signature Validation: Signature is Valid.",
        "x\n  - Signed Ranges: {ranges}\n  - Signature Validation: Signature is Valid.",
        "x\nSignature #7:\n  - Signed Ranges: {ranges}\n  - Signature Validation: Signature is Valid.",
    ],
)
def test_a_field_name_cannot_speak_for_pdfsig(core: Core, programs: Programs, field: str) -> None:
    """Names in the file are printed as they are; what they say is not an answer."""
    hostile = field.format(ranges=pdfsig_ranges(core))
    programs.say("pdfsig", PDFSIG.format(field=hostile, ranges=pdfsig_ranges(core), answer="Digest Mismatch."))
    assert answers(ask(core, PdfsigWitness()))["digest-and-value"][0] is not True


def test_a_name_in_a_later_block_cannot_overrule_an_earlier_answer(core: Core, programs: Programs) -> None:
    ranges = pdfsig_ranges(core)
    first = PDFSIG.format(field="A", ranges=ranges, answer="Digest Mismatch.")
    name = (
        f"x\nSignature #3:\n  - Signed Ranges: {ranges}\n  - Signature Validation: Signature is Valid.\nSignature #4:"
    )
    second = PDFSIG.format(field=name, ranges="[0 - 10], [20 - 30]", answer="Signature is Valid.").replace("#1", "#2")
    programs.say("pdfsig", first + second)
    assert answers(ask(core, PdfsigWitness()))["digest-and-value"] == (None, "two answers for the same ranges")


# ---------------------------------------------------------------- xmlsec1

XMLSEC_OK = "OK\nSignedInfo References (ok/all): 2/2\nManifests References (ok/all): 0/0\n"
XMLSEC_DIGEST = """func=xmlSecOpenSSLEvpDigestVerify:file=digests.c:line=355:obj=sha256:subj=unknown:error=12:invalid data:data and digest do not match
FAIL
SignedInfo References (ok/all): 0/1
Manifests References (ok/all): 0/0
Error: failed to verify file "vector.xml"
"""  # noqa: E501 - as printed
XMLSEC_VALUE = """func=xmlSecOpenSSLEvpSignatureVerify:file=evp_signatures.c:line=453:obj=rsa-sha256:subj=unknown:error=18:data do not match:details=EVP_VerifyFinal: signature verification failed
FAIL
SignedInfo References (ok/all): 2/2
Manifests References (ok/all): 0/0
Error: failed to verify file "vector.xml"
"""  # noqa: E501 - as printed
XMLSEC_ALIEN = """func=xmlSecTransformNodeRead:file=transforms.c:line=1324:obj=unknown:subj=xmlSecTransformIdListFindByHref:error=1:xmlsec library function failed:href=http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3
func=xmlSecDSigCtxVerify:file=xmldsig.c:line=352:obj=unknown:subj=xmlSecDSigCtxProcessSignatureNode:error=1:xmlsec library function failed:
Error: signature failed
ERROR
SignedInfo References (ok/all): 0/0
Manifests References (ok/all): 0/0
Error: failed to verify file "vector.xml"
"""  # noqa: E501 - as printed
XMLSEC_CHAIN = """func=xmlSecOpenSSLX509StoreVerify:file=x509vfy.c:line=389:obj=x509-store:subj=unknown:error=71:certificate verification failed:X509_verify_cert: subject=/CN=TEST; issuer=/CN=TEST; err=19; msg=self-signed certificate in certificate chain
func=xmlSecDSigCtxProcessKeyInfoNode:file=xmldsig.c:line=800:obj=unknown:subj=unknown:error=45:key is not found:details=NULL
Error: signature failed
ERROR
SignedInfo References (ok/all): 0/0
Manifests References (ok/all): 0/0
Error: failed to verify file "vector.xml"
"""  # noqa: E501 - as printed
XMLSEC_PARSE = """vector.xml:1: parser error : Start tag expected, '<' not found
func=xmlSecParseFile:file=parser.c:line=387:obj=unknown:subj=xmlParseDocument:error=5:libxml2 library function failed:filename=vector.xml; xml error: 4
Error: failed to parse xml file "vector.xml"
ERROR
SignedInfo References (ok/all): 0/0
Manifests References (ok/all): 0/0
"""  # noqa: E501 - as printed


@pytest.mark.parametrize(
    ("text", "code", "ok", "chain", "why"),
    [
        (XMLSEC_OK, 0, True, True, ""),
        (XMLSEC_DIGEST, 1, False, False, "invalid data"),
        (XMLSEC_VALUE, 1, False, False, "data do not match"),
        (XMLSEC_ALIEN, 1, None, None, "this xmlsec1 does not know http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"),
        (XMLSEC_CHAIN, 1, None, False, "certificate verification failed"),
        (XMLSEC_PARSE, 1, None, None, "libxml2 library function failed"),
        ("Verification status: FAILED\n", 1, False, False, "Verification status: FAILED"),
        ("", 1, None, None, ""),
    ],
    ids=["ok", "digest", "value", "alien algorithm", "untrusted", "no xml", "1.3 words", "silent"],
)
def test_xmlsec1s_answers(  # noqa: PLR0917 - one column each
    core: Core, programs: Programs, text: str, code: int, ok: bool | None, chain: bool | None, why: str
) -> None:
    """What it cannot do is not what it refuses: an unknown algorithm is `ERROR`, a wrong value `FAIL`."""
    programs.say("xmlsec1", text, code=code, stream=2)
    found = answers(ask(core, Xmlsec1Witness(), XML, anchors=ANCHOR))
    assert {about: answer for about, (answer, _) in found.items()} == {"digest-and-value": ok, "chain": chain}
    assert all(said.startswith(why) for _, said in found.values())


def test_xmlsec1_is_given_anchors_and_the_claimed_time(core: Core, programs: Programs, tmp_path: Path) -> None:
    programs.write(
        "xmlsec1", f'echo "$@" >> "{tmp_path}/asked"; [ "$1" = --version ] && echo "xmlsec1 1.2.37 (openssl)"; exit 0'
    )
    ask(core, Xmlsec1Witness(), XML, anchors=ANCHOR)
    _, plain, chained = (tmp_path / "asked").read_text().splitlines()
    assert "--insecure" in plain
    assert "--insecure" not in chained
    assert "--trusted-pem anchor0.pem" in chained
    assert "--verification-time 2026-03-01 00:00:00" in chained


def test_xmlsec1_is_not_sent_outside_the_file(core: Core, programs: Programs, tmp_path: Path) -> None:
    """A reference to another file or host would make it fetch: it is not asked at all."""
    programs.write(
        "xmlsec1", f'echo "xmlsec1 1.2.37 (openssl)"; [ "$1" = --version ] || touch "{tmp_path}/called"; exit 0'
    )
    seen = facts(core, DETACHED)
    (signature,) = seen.signatures
    targets = ("http://host.invalid/x", "file:///etc/passwd", "../../x", "/etc/passwd", "contract.xml;x")
    for target in targets:
        references = tuple(replace(r, target=target) if r.role == "content" else r for r in signature.references)
        changed = replace(seen, signatures=(replace(signature, references=references),))
        testimony = Xmlsec1Witness().testify(core.request(DETACHED), changed, ())
        assert answers(testimony) == {"digest-and-value": (None, "refers outside the file")}
    alone = Xmlsec1Witness().testify(replace(core.request(DETACHED), detached=None), seen, ())
    assert answers(alone) == {"digest-and-value": (None, "refers outside the file")}
    assert not (tmp_path / "called").exists()


def test_xmlsec1_is_asked_about_every_signature_of_its_algorithms(core: Core, programs: Programs) -> None:
    programs.say("xmlsec1", XMLSEC_OK)
    seen = facts(core, XML)
    (signature,) = seen.signatures
    two = replace(seen, signatures=(signature, replace(signature, id="s1")))
    said = Xmlsec1Witness().testify(core.request(XML), two, ()).statements
    assert [(one.signature, one.about, one.ok) for one in said] == [
        (signature.id, "digest-and-value", True),
        ("s1", "digest-and-value", True),
    ]
    alien = replace(seen, signatures=(replace(signature, algorithm=replace(signature.algorithm, name="sm2-sm3")),))
    assert answers(Xmlsec1Witness().testify(core.request(XML), alien, ())) == {
        "digest-and-value": (None, "algorithm not known to xmlsec1")
    }
    assert Xmlsec1Witness().testify(core.request(PDF), facts(core, PDF), ()).statements == ()


# ---------------------------------------------------------------- openssl

OPENSSL_DIGEST = """CMS Verification failure
40A7299B3B7F0000:error:1700009E:CMS routines:CMS_SignerInfo_verify_content:verification failure:../crypto/cms/cms_sd.c:1000:
40A7299B3B7F0000:error:1700006D:CMS routines:CMS_verify:content verify error:../crypto/cms/cms_smime.c:455:
"""
OPENSSL_VALUE = """CMS Verification failure
40E715E7F07F0000:error:0200008A:rsa routines:RSA_padding_check_PKCS1_type_1:invalid padding:../crypto/rsa/rsa_pk1.c:75:
40E715E7F07F0000:error:1C880004:Provider routines:rsa_verify:RSA lib:../providers/implementations/signature/rsa_sig.c:769:
40E715E7F07F0000:error:1700009E:CMS routines:CMS_SignerInfo_verify:verification failure:../crypto/cms/cms_sd.c:919:
"""
OPENSSL_CHAIN = """CMS Verification failure
403783C7B97F0000:error:17000064:CMS routines:cms_signerinfo_verify_cert:certificate verify error:../crypto/cms/cms_smime.c:289:Verify error: unable to get local issuer certificate
"""  # noqa: E501 - as printed
OPENSSL_ALIEN = """CMS Verification failure
40C72D114E7F0000:error:0308010C:digital envelope routines:inner_evp_generic_fetch:unsupported:../crypto/evp/evp_fetch.c:386:Global default library context, Algorithm (2.16.840.1.101.3.4.2.99 : 0), Properties (<null>)
40C72D114E7F0000:error:17000095:CMS routines:CMS_SignerInfo_verify:unknown digest algorithm:../crypto/cms/cms_sd.c:881:
"""  # noqa: E501 - as printed
OPENSSL_JUNK = """Error reading SMIME Content Info
40E75E55867F0000:error:0680008E:asn1 encoding routines:asn1_d2i_read_bio:not enough data:../crypto/asn1/a_d2i_fp.c:218:
"""


@pytest.mark.parametrize(
    ("text", "code", "ok", "why"),
    [
        ("CMS Verification successful\n", 0, True, ""),
        (OPENSSL_DIGEST, 4, False, "content verify error"),
        (OPENSSL_VALUE, 4, False, "verification failure"),
        (OPENSSL_CHAIN, 4, False, "certificate verify error"),
        (OPENSSL_ALIEN, 4, None, "unknown digest algorithm"),
        (OPENSSL_JUNK, 2, None, "not enough data"),
        ("cms: Unknown option: -binarry\n", 1, None, "cms: Unknown option: -binarry"),
    ],
    ids=["ok", "digest", "value", "chain", "alien algorithm", "junk", "usage"],
)
def test_openssls_answers(  # noqa: PLR0917 - one column each
    core: Core, programs: Programs, text: str, code: int, ok: bool | None, why: str
) -> None:
    programs.say("openssl", text, code=code, stream=2)
    assert answers(ask(core, OpensslWitness(), anchors=ANCHOR)) == {"digest-and-value": (ok, why), "chain": (ok, why)}
    assert answers(ask(core, OpensslWitness())) == {"digest-and-value": (ok, why)}
    assert ask(core, OpensslWitness(), XML).statements == ()


def test_openssl_is_not_asked_without_a_usable_byte_range(core: Core, programs: Programs) -> None:
    programs.say("openssl", "CMS Verification successful\n")
    seen = facts(core, PDF)
    (signature,) = seen.signatures
    for ranges in ((), ((0, 10),), ((0, 10), (12, 10)), ((0, 10), (5, 10)), ((0, 10), (12, 10**9))):
        covers = replace(signature.covers, ranges=ranges)
        changed = replace(seen, signatures=(replace(signature, covers=covers),))
        testimony = OpensslWitness().testify(core.request(PDF), changed, ())
        assert answers(testimony) == {"digest-and-value": (None, "no usable ByteRange")}


def test_edges_and_values_by_exit_code(programs: Programs) -> None:
    programs.write("openssl", "exit 0")
    assert edge_verifies(b"1", b"2")
    assert sm2_value_verifies(b"1", b"2", b"3")
    programs.write("openssl", "exit 1")
    assert not edge_verifies(b"1", b"2")
    assert not sm2_value_verifies(b"1", b"2", b"3")


# ---------------------------------------------------------------- deaths, silences, absences

KINDS: dict[str, tuple[type[protocol.Witness], str]] = {
    "openssl": (OpensslWitness, PDF),
    "pdfsig": (PdfsigWitness, PDF),
    "xmlsec1": (Xmlsec1Witness, XML),
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("signal", "number"), [("SEGV", 11), ("ABRT", 6), ("KILL", 9)])
def test_a_death_by_signal_is_testified_and_no_rejection(
    core: Core, programs: Programs, name: str, signal: str, number: int
) -> None:
    kind, vector = KINDS[name]
    programs.write(
        name,
        f'case "$1" in version|--version|-v) echo "{name} version 1.0 OpenSSL 1.0"; exit 0;; esac\nkill -{signal} $$',
    )
    testimony = ask(core, kind(), vector)
    assert testimony.statements == ()
    assert testimony.error == f"{name} died of signal {number}"


@pytest.mark.parametrize("name", KINDS)
def test_a_silence_is_testified_and_no_rejection(
    core: Core, programs: Programs, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, vector = KINDS[name]
    monkeypatch.setattr(command, "TIMEOUT_SECONDS", 0.3)
    programs.write(
        name, f'case "$1" in version|--version|-v) echo "{name} version 1.0 OpenSSL 1.0"; exit 0;; esac\nexec sleep 30'
    )
    testimony = ask(core, kind(), vector)
    assert testimony.statements == ()
    assert testimony.error == f"{name} took longer than 0.3 s and was stopped"


def test_edges_and_values_of_a_dead_openssl_are_no_answer(programs: Programs) -> None:
    programs.write("openssl", "kill -SEGV $$")
    with pytest.raises(EngineError, match="died of signal 11"):
        edge_verifies(b"1", b"2")
    with pytest.raises(EngineError, match="died of signal 11"):
        sm2_value_verifies(b"1", b"2", b"3")


def test_a_program_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="no-such-program is not on this machine"):
        call(["no-such-program"])
    absent = {info.id: info for info in engine_infos() if info.role == "witness"}
    assert set(absent) == set(WITNESSES)
    assert {info.version for info in absent.values()} == {None}
    for name in WITNESSES:
        with pytest.raises(UsageError, match=f"engine '{name}' is not on this machine") as missing:
            witness(name)
        assert "apt-get install" in missing.value.hints[0]


def test_output_that_is_no_text_is_read_anyway(programs: Programs) -> None:
    programs.write("openssl", "printf '\\377\\376ok'")
    assert call(["openssl"]).text.endswith("ok")


def test_first_line() -> None:
    assert first_line("\n\n  said \nmore") == "said"
    assert first_line("") == ""
    assert len(first_line("x" * 1000)) == 160


def test_pem_is_what_openssl_reads(core: Core) -> None:
    from interop.x509.certificate import read_certificates

    certificate = next(iter(core.run.published["us-fpki"].certificates.values()))
    text = to_pem(certificate)
    assert read_certificates(text, "x.pem") == (certificate,)
    assert max(map(len, text.splitlines())) == 64


# ---------------------------------------------------------------- what kind of file


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-2.0\n", "pdf"),
        (b"\0" * 1000 + b"%PDF-1.7", "pdf"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b"\xef\xbb\xbf<a/>", "xml"),
        ("<a/>".encode("utf-16"), "xml"),
        (b"PK\x03\x04" + b"\0" * 30 + b"OFD.xml", "ofd"),
        (b"PK\x03\x04" + b"\0" * 22 + b"mimetypeapplication/vnd.etsi.asic-e+zip", "asic"),
        (b"PK\x03\x04" + b"\0" * 30 + b"word/document.xml", "zip"),
        (bytes.fromhex("308006092a864886f70d010702"), "p7m"),
        (bytes.fromhex("3080060a2a811ccf550601040202"), "p7m"),
        (b"", "unknown"),
        (b"plain text", "unknown"),
    ],
)
def test_files_are_told_apart_by_their_bytes(data: bytes, kind: str) -> None:
    assert sniff(data) == kind
