"""Levels by what is there (EN 319 142-1 6), document time-stamps (5.4.3) and the document security store (5.4.2)."""

from __future__ import annotations

from pdf_signers import document, provider, sign, sign_t, stamp, store_status

from interop.model.facts import Facts
from interop.pdf.dss import vri_key
from interop.pdf.lasting import ValidationData, add_validation_data
from interop.pdf.observe import observe_pdf
from interop.pdf.scan import scan_signatures


def facts(data: bytes) -> Facts:
    return observe_pdf(data).facts


def level(data: bytes) -> str | None:
    (signature,) = facts(data).signatures
    return signature.level


def test_the_four_levels() -> None:
    basic, timed = sign(document()), sign_t(document())
    lasting = store_status(timed)
    assert [level(d) for d in (basic, timed, lasting, stamp(lasting))] == ["B-B", "B-T", "B-LT", "B-LTA"]


def test_a_document_time_stamp_alone_gives_b_t() -> None:
    assert level(stamp(sign(document()))) == "B-T"
    assert level(store_status(stamp(sign(document())))) == "B-LT"


def test_status_answers_without_time_stamp_are_still_basic() -> None:
    assert level(store_status(sign(document()))) == "B-B"


def test_status_after_the_document_time_stamp_is_not_archived() -> None:
    assert level(store_status(stamp(sign_t(document())))) == "B-LT"


def test_status_of_somebody_else_does_not_help() -> None:
    other = provider("hk-recognised")
    from datetime import timedelta

    from pdf_signers import AT

    from interop.pki.status import publish

    crls = tuple(p.der for p in publish(other, AT + timedelta(hours=1)) if p.kind == "crl")
    assert crls
    assert level(add_validation_data(sign_t(document()), ValidationData(crls=crls))) == "B-T"


def test_a_time_stamp_that_does_not_fit_gives_no_level() -> None:
    stamped = stamp(sign(document()))
    at = stamped.index(b"/DocTimeStamp")
    changed = stamped[:at].replace(b"TEST eu-", b"TEST xx-") + stamped[at:]
    spoiled = (
        changed
        if changed != stamped
        else stamped.replace(
            b"/Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES", b"/Filter /Adobe.PPKLitf /SubFilter /ETSI.CAdES"
        )
    )
    assert spoiled != stamped
    found = facts(spoiled)
    assert [t.imprint.ok for t in found.tokens] == [False]
    assert found.signatures[0].level == "B-B"


def test_what_a_document_time_stamp_covers() -> None:
    found = facts(stamp(store_status(sign_t(document()))))
    token = next(t for t in found.tokens if t.kind == "document")
    assert (token.imprint.ok, token.value_ok, token.revision) == (True, True, 4)
    assert "s0" in token.covers
    inside = {o.id for o in found.objects if any(p.revision is not None and p.revision < 4 for p in o.found)}
    assert inside <= set(token.covers)
    assert {o.kind for o in found.objects if o.id in token.covers} == {"certificate", "crl", "ocsp", "token"}
    assert [c.kind for c in found.document.changes] == ["validation-data", "document-timestamp"]


def test_only_a_document_time_stamp_is_no_signature() -> None:
    found = facts(stamp(document()))
    assert found.signatures == ()
    assert [t.kind for t in found.tokens] == ["document"]


def test_objects_know_their_places() -> None:
    observed = observe_pdf(store_status(sign_t(document())))
    for entry in observed.facts.objects:
        assert entry.id in observed.objects
        assert entry.found
    places = {p.place for o in observed.facts.objects for p in o.found}
    assert {"cms", "dss", "token"} <= places


def test_vri_names_its_signature() -> None:
    issued = provider("eu-qtsp-natural")
    signed = sign_t(document())
    (scan,) = scan_signatures(signed).signatures
    assert scan.contents is not None
    data = ValidationData(certificates=(issued.certificates["root"],))
    found = facts(add_validation_data(signed, data, contents=(scan.contents,)))
    assert found.document.findings == ()
    assert [p.signature for o in found.objects for p in o.found if p.place == "vri"] == ["s0"]
    strange = facts(add_validation_data(signed, data, contents=(b"another",)))
    assert [(f.code, f.detail) for f in strange.document.findings] == [
        ("container.vri-key-unknown", vri_key(b"another"))
    ]


def test_a_broken_entry_is_skipped() -> None:
    found = facts(
        add_validation_data(
            sign_t(document()), ValidationData(certificates=(b"\x30\x03\x02\x01\x01",), crls=(b"junk",))
        )
    )
    assert {f.code for f in found.document.findings} == {"container.dss-entry-unreadable"}
    assert found.signatures[0].level == "B-T"
