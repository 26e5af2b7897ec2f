"""Independent tools over every vector of the core set: what they can read they confirm, and what is tampered they contradict.

A tool that is not on this machine skips its tests here and fails them in CI.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import outside
import pytest
from core_run import Core
from lxml import etree

from interop.cms.parse import parse_signed_data
from interop.engine.command import find, to_pem
from interop.engine.openssl import OpensslWitness, edge_verifies, sm2_value_verifies
from interop.model import facts as model_facts  # not its names: pytest would take Testimony for a test
from interop.model.knowledge import Relation
from interop.run.cache import Cache
from interop.run.execute import _questions
from interop.run.link import Linker
from interop.run.plan import Options, plan
from interop.run.progress import SILENT
from interop.run.witness import ask_all, contradictions
from interop.x509 import der
from interop.x509.certificate import certificate_parts, object_id, parse_certificate, read_certificates

TOOLS = ("openssl", "xmlsec1", "pdfsig")
SPECS = {spec.id: spec for spec in plan(Options()).specs}
Answers = Mapping[str, tuple[model_facts.Testimony, ...]]
"""Vector -> what each tool says."""

OPAQUE = ("GOST", "GOST-KZ", "DSTU", "KCDSA")
DEFAULT_ID = "1234567812345678"
DS = "{http://www.w3.org/2000/09/xmldsig#}"

TAMPERED = ("byte-changed", "value-flipped", "wrong-key", "cms-transplanted")
"""Mutations that digest or value show; what else is wrong is no affair of these tools."""


def signing_key(vector: str) -> str:
    spec = SPECS[vector]
    return spec.provider.certificate(spec.identity.certificate).key.kind


def curve_or_scheme(vector: str) -> str:
    """What a tool may not know though it knows the key kind: `brainpoolP256r1`, `rsa-pss-sha256`, ..."""
    key = SPECS[vector].provider.certificate(SPECS[vector].identity.certificate).key
    return key.curve or key.signature


def mutation(vector: str) -> str | None:
    found = SPECS[vector].case.mutation
    return None if found is None else found.name


def vectors(
    *, family: str, keys: tuple[str, ...], mutations: tuple[str | None, ...], beside: tuple[str, ...] = ()
) -> list[str]:
    """Vectors of these key kinds and mutations, without the curves and schemes in `beside`; not those with two algorithms."""
    found = [
        v
        for v, spec in SPECS.items()
        if spec.case.family == family
        and signing_key(v) in keys
        and mutation(v) in mutations
        and not curve_or_scheme(v).startswith(beside or ("nothing",))
        and spec.case.signatures != "legs"
    ]
    assert found
    return sorted(found)


@pytest.fixture(scope="session")
def testimonies(core: Core) -> Answers:
    """Vector -> what each tool here says, the provider's own roots as anchors."""
    present = [tool for tool in TOOLS if find(tool)]
    return ask_all(_questions(core.run, Cache(core.cache)), present, SILENT)


def each(testimonies: Answers, vector: str, tool: str) -> dict[str, dict[str, bool | None]]:
    """Signature -> about -> answer; missing tools end the test. What is not answered has its reason."""
    outside.tool(tool)
    (testimony,) = [t for t in testimonies[vector] if t.engine.partition("@")[0] == tool]
    assert testimony.error is None
    found: dict[str, dict[str, bool | None]] = {}
    for statement in testimony.statements:
        assert statement.ok is not None or statement.why
        found.setdefault(statement.signature, {})[statement.about] = statement.ok
    return found


def said(testimonies: Answers, vector: str, tool: str) -> dict[str, bool | None]:
    """About -> answer, the same for every signature of the file; every signature has one."""
    answers = each(testimonies, vector, tool)
    assert len(answers) == (1 if SPECS[vector].case.signatures == "one" else 2)
    (answer,) = {tuple(sorted(answer.items())) for answer in answers.values()}
    return dict(answer)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_is_here(tool: str) -> None:
    assert outside.tool(tool)


NOT_IN_NSS = ("brainpool",)
"""What pdfsig does not read."""
NEW_IN_XMLSEC = ("rsa-pss",)
"""What xmlsec1 reads from 1.3 on (its change log): earlier ones say that they cannot."""


@pytest.mark.parametrize("vector", vectors(family="pdf", keys=("RSA", "EC"), mutations=(None,)))
def test_pdf_positives_are_confirmed(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "openssl") == {"digest-and-value": True, "chain": True}


@pytest.mark.parametrize("vector", vectors(family="pdf", keys=("RSA", "EC"), mutations=(None,), beside=NOT_IN_NSS))
def test_pdf_positives_are_confirmed_twice(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "pdfsig") == {"digest-and-value": True}


@pytest.mark.parametrize("vector", vectors(family="xml", keys=("RSA", "EC"), mutations=(None,), beside=NEW_IN_XMLSEC))
def test_xml_positives_are_confirmed(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "xmlsec1") == {"digest-and-value": True, "chain": True}


@pytest.mark.parametrize("vector", [v for v in SPECS if curve_or_scheme(v).startswith("rsa-pss") and "/xades/" in v])
def test_rsa_pss_in_xml_is_confirmed_or_said_to_be_unknown(testimonies: Answers, vector: str) -> None:
    answer = said(testimonies, vector, "xmlsec1")
    if None in answer.values():
        (testimony,) = [t for t in testimonies[vector] if t.engine.startswith("xmlsec1")]
        assert {s.why for s in testimony.statements} == {
            "this xmlsec1 does not know http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
        }
    elif SPECS[vector].case.positive:
        assert answer == {"digest-and-value": True, "chain": True}


@pytest.mark.parametrize(
    "vector", sorted(v for v, s in SPECS.items() if s.case.signatures == "legs" and s.provider.id == "cn-dual-alg")
)
def test_each_leg_is_confirmed_by_what_reads_it(testimonies: Answers, vector: str) -> None:
    """The RSA leg whole and with its chain, the SM2 leg value by value; pdfsig reads the first and says that it cannot the second."""
    assert each(testimonies, vector, "openssl") == {
        "s0": {"digest-and-value": True, "chain": True},
        "s1": {"value": True},
    }
    assert each(testimonies, vector, "pdfsig") == {"s0": {"digest-and-value": True}, "s1": {"digest-and-value": None}}


@pytest.mark.parametrize("vector", sorted(v for v, s in SPECS.items() if s.identity.opaque))
def test_of_opaque_signatures_nothing_is_said_and_that_is_said(testimonies: Answers, vector: str) -> None:
    for tool in ("openssl", "pdfsig") if SPECS[vector].case.family == "pdf" else ("xmlsec1",):
        assert said(testimonies, vector, tool) == {"digest-and-value": None}


def test_every_canonicalisation_is_confirmed_in_every_packaging(core: Core, testimonies: Answers) -> None:
    """xmlsec1 computes digest and value over its own canonical form: what it confirms it canonicalises as we do."""
    outside.tool("xmlsec1")
    agreed = set()
    for vector, spec in SPECS.items():
        if spec.case.family == "xml" and spec.case.positive and spec.case.signatures == "one":
            (signature,) = core.run.observations[vector].facts.signatures
            if said(testimonies, vector, "xmlsec1")["digest-and-value"]:
                agreed.add((signature.algorithm.canonicalization, signature.packaging))
    bases = ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11")
    methods = [uri for base in bases for uri in (base, f"{base}#WithComments")]
    methods += ["http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"]
    assert agreed == {(uri, packaging) for uri in methods for packaging in ("enveloped", "enveloping", "detached")}


def test_every_signature_is_asked_about(core: Core, testimonies: Answers) -> None:
    """By each tool that reads its container: what it cannot read is said, not passed over."""
    for vector, spec in SPECS.items():
        names = {s.id for s in core.run.observations[vector].facts.signatures}
        for tool in ("openssl", "pdfsig") if spec.case.family == "pdf" else ("xmlsec1",):
            assert set(each(testimonies, vector, tool)) == names, (vector, tool)


@pytest.mark.parametrize("vector", vectors(family="pdf", keys=("RSA", "EC"), mutations=TAMPERED))
def test_tampered_pdfs_are_contradicted(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "openssl")["digest-and-value"] is False


@pytest.mark.parametrize("vector", vectors(family="pdf", keys=("RSA", "EC"), mutations=TAMPERED, beside=NOT_IN_NSS))
def test_tampered_pdfs_are_contradicted_twice(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "pdfsig")["digest-and-value"] is False


@pytest.mark.parametrize("vector", vectors(family="xml", keys=("RSA", "EC"), mutations=TAMPERED, beside=NEW_IN_XMLSEC))
def test_tampered_xml_is_contradicted(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "xmlsec1")["digest-and-value"] is False


@pytest.mark.parametrize("vector", vectors(family="pdf", keys=("RSA", "EC"), mutations=("expired-signer",)))
def test_an_expired_signer_breaks_the_chain_alone(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "openssl") == {"digest-and-value": True, "chain": False}


@pytest.mark.parametrize("vector", vectors(family="pdf", keys=("RSA", "EC"), mutations=("update-appended",)))
def test_an_update_is_invisible_to_tools_that_look_at_bytes(testimonies: Answers, vector: str) -> None:
    """The signed revision is sound: that the page changed afterwards is what our own scan is for."""
    assert said(testimonies, vector, "openssl")["digest-and-value"] is True
    assert said(testimonies, vector, "pdfsig")["digest-and-value"] is not False


@pytest.mark.parametrize(
    "vector",
    vectors(
        family="xml", keys=("RSA", "EC"), mutations=("xml-wrapping", "signed-properties-moved"), beside=NEW_IN_XMLSEC
    ),
)
def test_plain_xml_signature_accepts_the_two_attacks(testimonies: Answers, vector: str) -> None:
    """Digest and value are those of the signed element: the attack is on who reads it. So ours must see more than this tool."""
    assert said(testimonies, vector, "xmlsec1")["digest-and-value"] is True


@pytest.mark.parametrize("vector", vectors(family="pdf", keys=("SM2", "Ed25519", "Ed448"), mutations=(None,)))
def test_sm2_and_eddsa_in_pdf_is_confirmed_value_by_value(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "openssl") == {"value": True}
    assert said(testimonies, vector, "pdfsig") == {"digest-and-value": None}  # it says that it cannot


@pytest.mark.parametrize(
    "vector",
    vectors(
        family="pdf",
        keys=("SM2", "Ed25519", "Ed448"),
        mutations=("value-flipped", "wrong-key", "sm2-wrong-id", "sm2-without-z"),
    ),
)
def test_bad_sm2_and_eddsa_in_pdf_is_contradicted(testimonies: Answers, vector: str) -> None:
    assert said(testimonies, vector, "openssl") == {"value": False}


def test_no_witness_contradicts_the_primary_engine(core: Core, testimonies: Answers) -> None:
    facts = {vector: seen.facts for vector, seen in core.run.observations.items()}
    assert list(contradictions(testimonies, facts)) == []


def test_a_contradiction_would_be_seen(core: Core, testimonies: Answers) -> None:
    """The same answers against the facts of the tampered twin."""
    outside.tool("openssl")
    vector = "eu-qtsp-natural.natural-rsa/pades/b-b/pdf-value-flipped"
    swapped = {vector: core.run.observations[core.control(vector)].facts}
    found = list(contradictions({vector: testimonies[vector]}, swapped))
    assert {contradiction.engine.partition("@")[0] for contradiction in found} == {
        tool for tool in ("openssl", "pdfsig") if find(tool)
    }
    assert {contradiction.ours for contradiction in found} == {True}


# ---------------------------------------------------------------- SM2, value by value and edge by edge


@pytest.fixture
def openssl() -> str:
    return outside.tool("openssl")


def raw_to_der(raw: bytes) -> bytes:
    half = len(raw) // 2
    return der.seq(der.integer(int.from_bytes(raw[:half], "big")), der.integer(int.from_bytes(raw[half:], "big")))


def signed_info(data: bytes) -> tuple[bytes, bytes]:
    """(canonical SignedInfo by lxml's own canonicaliser, value): a second opinion on ours.

    lxml drops the `xml:` attributes that the apex inherits (Canonical XML 1.0 section 2.4): they are put there first.
    """
    import base64

    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    (signature,) = root.iter(f"{DS}Signature")
    info = signature.find(f"{DS}SignedInfo")
    value = signature.find(f"{DS}SignatureValue")
    assert info is not None
    assert value is not None
    method = info.find(f"{DS}CanonicalizationMethod")
    assert method is not None
    assert method.get("Algorithm") == "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    for above in reversed(list(info.iterancestors())):
        for name, text in above.attrib.items():
            if str(name).startswith("{http://www.w3.org/XML/1998/namespace}"):
                info.set(name, text)
    return etree.tostring(info, method="c14n", exclusive=False), base64.b64decode(value.text or "")


@pytest.mark.usefixtures("openssl")
@pytest.mark.parametrize(
    "vector", vectors(family="xml", keys=("SM2",), mutations=(None, "byte-changed", "value-flipped", "wrong-key"))
)
def test_sm2_in_xml_is_confirmed_over_lxmls_canonical_form(core: Core, vector: str) -> None:
    message, value = signed_info(core.request(vector).data)
    spec = SPECS[vector]
    certificate = core.run.published[spec.provider.id].certificates[spec.identity.certificate]
    ok = sm2_value_verifies(certificate_parts(certificate).spki, raw_to_der(value), message)
    assert ok == (mutation(vector) in {None, "byte-changed"})


def tokens(core: Core) -> list[tuple[str, datetime | None, bytes]]:
    """(vector, time, DER) of every time-stamp token."""
    return [
        (vector, fact.time, seen.objects[fact.id])
        for vector, seen in sorted(core.run.observations.items())
        for fact in seen.facts.tokens
    ]


def test_every_vector_above_b_b_has_its_token(core: Core) -> None:
    assert {vector for vector, _, _ in tokens(core)} == {v for v, s in SPECS.items() if s.case.level != "b-b"}


@pytest.mark.usefixtures("openssl")
def test_sm2_tokens_are_confirmed(core: Core) -> None:
    """The value over the signed attributes, and the content digest in them, of each token of an SM2 authority."""
    seen = 0
    for vector, _, token in tokens(core):
        view = parse_signed_data(token)
        (signer,) = view.signers
        if signer.signature_algorithm.oid != "1.2.156.10197.1.501":
            continue
        seen += 1
        (tsa,) = [c for c in view.certificates if parse_certificate(c).serial == signer.serial]
        spki = certificate_parts(tsa).spki
        assert sm2_value_verifies(spki, signer.value, signer.signed_forms[0]), vector
        assert not sm2_value_verifies(spki, signer.value, signer.signed_forms[0], distid="other"), vector
        assert view.content is not None
        digest = subprocess.run(
            ["openssl", "dgst", "-sm3", "-binary"], input=view.content, capture_output=True, check=True
        ).stdout
        assert digest in signer.signed_forms[0], vector
    assert seen >= 2


@pytest.mark.usefixtures("openssl")
def test_other_tokens_are_confirmed_whole(core: Core, tmp_path: Path) -> None:
    """`openssl ts` checks token, imprint, signing-certificate binding and chain to our root, as of the token's time."""
    seen = set()
    for number, (vector, time, token) in enumerate(tokens(core)):
        spec = SPECS[vector]
        (signer,) = parse_signed_data(token).signers
        if signer.signature_algorithm.oid == "1.2.156.10197.1.501":
            continue
        published = core.run.published[spec.provider.id].certificates
        anchors = b"".join(to_pem(published[anchor]) for anchor in spec.provider.anchors)
        between = b"".join(to_pem(c) for name, c in published.items() if name not in spec.provider.anchors)
        (tmp_path / "roots.pem").write_bytes(anchors)
        (tmp_path / "others.pem").write_bytes(between)
        (tmp_path / f"{number}.der").write_bytes(token)
        assert time is not None
        imprint = parse_imprint(token)
        done = subprocess.run(
            [
                "openssl", "ts", "-verify", "-token_in", "-in", f"{number}.der", "-digest", imprint,
                "-CAfile", "roots.pem", "-untrusted", "others.pem", "-attime", str(int(time.timestamp())),
            ],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Verification: OK" in done.stdout + done.stderr, (vector, done.stderr)
        seen.add(spec.provider.id)
    assert seen >= {"eu-qtsp-natural", "us-fpki", "hk-recognised", "gd-hk-scheme"}


def parse_imprint(token: bytes) -> str:
    """Hex of messageImprint.hashedMessage, read with asn1crypto and not with our own parser."""
    from asn1crypto import cms, tsp

    content = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"]
    imprint = tsp.TSTInfo.load(bytes(content))["message_imprint"]["hashed_message"].native
    assert isinstance(imprint, bytes)
    return imprint.hex()


@pytest.mark.usefixtures("openssl")
@pytest.mark.parametrize("provider", sorted({spec.provider.id for spec in SPECS.values()}))
def test_every_certificate_edge_of_the_shipped_hierarchies(core: Core, provider: str) -> None:
    """Each certificate under its issuer, SM2 with the profile's ID; and none under another CA of the same kind."""
    profile = core.run.plan.world.provider(provider)
    published = core.run.published[provider].certificates
    for spec in profile.certificates:
        issuer = profile.certificate(spec.issuer)
        if issuer.key.kind in OPAQUE:
            continue
        distid = issuer.key.sm2_id if issuer.key.kind == "SM2" else None
        assert edge_verifies(published[spec.id], published[issuer.id], distid=distid), spec.id
        if distid is not None:
            assert not edge_verifies(published[spec.id], published[issuer.id], distid="another"), spec.id
    wrong = next(s for s in profile.certificates if s.role == "signer" and s.key.kind not in OPAQUE)
    root = profile.anchors[0]
    if profile.certificate(wrong.issuer).id != root:
        distid = DEFAULT_ID if profile.certificate(root).key.kind == "SM2" else None
        assert not edge_verifies(published[wrong.id], published[root], distid=distid)


@pytest.mark.usefixtures("openssl")
@pytest.mark.parametrize("provider", ["cn-licensed-sm2", "eu-qtsp-natural", "us-fpki"])
def test_a_root_is_not_believed_unread(core: Core, provider: str) -> None:
    """`openssl verify` trusts a self-signed certificate without looking at its signature: here it is looked at."""
    profile = core.run.plan.world.provider(provider)
    root = next(s for s in profile.certificates if s.issuer == s.id)
    sound = core.run.published[provider].certificates[root.id]
    broken = sound[:-1] + bytes([sound[-1] ^ 1])
    distid = DEFAULT_ID if root.key.kind == "SM2" else None
    assert edge_verifies(sound, sound, distid=distid)
    assert not edge_verifies(broken, broken, distid=distid)


def test_our_edges_are_the_profiles(core: Core) -> None:
    """What the linker found agrees: every certificate of a hierarchy is signed by its issuer's key."""
    edges = {(edge.object, edge.key): edge.ok for edge in core.run.linker.edges() if edge.relation is Relation.SIGNED}
    for provider in core.run.plan.world.providers:
        published = core.run.published[provider.id].certificates
        for spec in provider.certificates:
            known = provider.certificate(spec.issuer).key.kind not in OPAQUE
            assert edges[object_id(published[spec.id]), object_id(published[spec.issuer])] is (True if known else None)


REAL = [("Taier_CA.pem", "ROOTCA.pem"), ("TJCA.pem", "Civil_Servant_ROOT.pem")]


def real(name: str) -> bytes:
    (certificate,) = read_certificates(outside.data("sm2", name).read_bytes(), name)
    return certificate


@pytest.mark.parametrize(("subject", "issuer"), REAL)
def test_real_chains_link_with_the_code_of_everything_else(subject: str, issuer: str) -> None:
    linker = Linker()
    names = [linker.add("certificate", real(name)) for name in (subject, issuer, *(i for _, i in REAL if i != issuer))]
    edges = {(edge.object, edge.key): edge.ok for edge in linker.edges()}
    assert edges[names[0], names[1]] is True
    assert edges[names[1], names[1]] is True
    assert (names[0], names[2]) not in edges  # the other root is not even asked: it has another name


@pytest.mark.usefixtures("openssl")
@pytest.mark.parametrize(("subject", "issuer"), REAL)
def test_openssl_confirms_the_real_chains(subject: str, issuer: str) -> None:
    assert edge_verifies(real(subject), real(issuer), distid=DEFAULT_ID)
    assert edge_verifies(real(issuer), real(issuer), distid=DEFAULT_ID)
    assert not edge_verifies(real(subject), real(issuer), distid="another")
    other = next(i for _, i in REAL if i != issuer)
    assert not edge_verifies(real(subject), real(other), distid=DEFAULT_ID)


@pytest.mark.usefixtures("openssl")
def test_an_edge_outside_its_time_is_told(core: Core) -> None:
    published = core.run.published["us-fpki"].certificates
    provider = core.run.plan.world.provider("us-fpki")
    signer = next(s for s in provider.certificates if s.role == "signer")
    inside = int(core.run.plan.signing.timestamp())
    late = int(datetime(2050, 1, 1, tzinfo=UTC).timestamp())
    assert edge_verifies(published[signer.id], published[signer.issuer], at=inside)
    assert not edge_verifies(published[signer.id], published[signer.issuer], at=late)


@pytest.mark.usefixtures("openssl")
def test_foreign_anchors_break_the_chain_and_nothing_else(core: Core) -> None:
    vector = "us-fpki.human/pades/b-b/pdf-b-b"
    foreign = tuple(core.run.published["eu-qtsp-natural"].certificates[a] for a in ("root",))
    answer = OpensslWitness().testify(core.request(vector), core.run.observations[vector].facts, foreign)
    assert [(s.about, s.ok) for s in answer.statements] == [("digest-and-value", True), ("chain", False)]
