"""Each mutation changes what it says and nothing else; xmlsec1 shows that wrapping and moved properties fool plain verifiers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from xml_signers import Signer, one, request

from interop.model.errors import UsageError
from interop.model.formats import Format, Packaging
from interop.xml.mutate import MUTATIONS
from interop.xml.sign import sign_xml

FORMS = [
    (Packaging.ENVELOPED, "document"),
    (Packaging.ENVELOPED, "id"),
    (Packaging.ENVELOPING, "document"),
]


@pytest.mark.parametrize("kind", ["RSA", "EC", "SM2"])
@pytest.mark.parametrize("form", [Format.XADES, Format.XMLDSIG])
@pytest.mark.parametrize(("packaging", "reference"), FORMS)
def test_one_thing_is_wrong(  # noqa: PLR0917 - fixtures
    signers: dict[str, Signer], contract: bytes, kind: str, form: Format, packaging: Packaging, reference: str
) -> None:
    signed = sign_xml(contract, request(signers[kind], format=form, packaging=packaging, reference=reference))
    changed = one(MUTATIONS["byte-changed"](signed))
    assert changed.references[0].ok is False
    assert [v.ok for v in changed.value] == [True]
    flipped = one(MUTATIONS["value-flipped"](signed))
    assert all(r.ok for r in flipped.references)
    assert [v.ok for v in flipped.value] == [False]
    if reference == "id" or packaging is Packaging.ENVELOPING:
        wrapped = one(MUTATIONS["xml-wrapping"](signed))
        assert all(r.ok for r in wrapped.references)
        assert [v.ok for v in wrapped.value] == [True]
        assert "integrity.signature-wrapping" in [f.code for f in wrapped.findings]
    if form is Format.XADES:
        moved = one(MUTATIONS["signed-properties-moved"](signed))
        assert all(r.ok for r in moved.references)
        assert [v.ok for v in moved.value] == [True]
        assert "integrity.signed-properties-misplaced" in [f.code for f in moved.findings]
        assert moved.claimed_time is None


def test_plain_verifiers_are_fooled(
    signers: dict[str, Signer], contract: bytes, xmlsec1_accepts: Callable[[bytes, bytes], bool]
) -> None:
    """xmlsec1 accepts both: the mutations are real attacks, not broken files."""
    signer = signers["RSA"]
    signed = sign_xml(contract, request(signer, reference="id"))
    assert xmlsec1_accepts(signed, signer.certificate)
    for name in ("xml-wrapping", "signed-properties-moved"):
        assert xmlsec1_accepts(MUTATIONS[name](signed), signer.certificate), name
    for name in ("byte-changed", "value-flipped"):
        assert not xmlsec1_accepts(MUTATIONS[name](signed), signer.certificate), name


def test_mutations_that_do_not_fit(signers: dict[str, Signer], contract: bytes) -> None:
    whole = sign_xml(contract, request(signers["EC"], format=Format.XMLDSIG))
    for name in ("xml-wrapping", "signed-properties-moved"):
        with pytest.raises(UsageError):
            MUTATIONS[name](whole)
    with pytest.raises(UsageError):
        MUTATIONS["byte-changed"](sign_xml(contract, request(signers["EC"], packaging=Packaging.DETACHED)))
    with pytest.raises(UsageError):
        MUTATIONS["value-flipped"](contract)


def test_same_bytes_each_time(signers: dict[str, Signer], contract: bytes) -> None:
    signed = sign_xml(contract, request(signers["EC"], reference="id"))
    for name, mutate in MUTATIONS.items():
        assert mutate(signed) == mutate(signed) != signed, name
