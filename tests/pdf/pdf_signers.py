"""Shipped providers as signers of PDF files, and small PDF files to sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import PdfFileWriter

from interop.cms.build import SignRequest, build_signed_data
from interop.crypto.table import signature as signature_row
from interop.pdf.lasting import ValidationData, add_validation_data
from interop.pdf.sign import SUBFILTER_PADES, SUBFILTER_TIMESTAMP, Covered, PdfSignRequest, sign_pdf
from interop.pki.issue import Issued, issue
from interop.pki.shipped import shipped_keys
from interop.pki.status import publish
from interop.pki.tsa import stamper, timestamp
from interop.profile.load import data_root, load_provider

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 1, tzinfo=UTC)
DOCUMENTS = ROOT / "vectors" / "documents"


@cache
def provider(name: str) -> Issued:
    """A shipped provider with its certificates."""
    return issue(load_provider(data_root() / "profiles" / "providers" / f"{name}.toml"), shipped_keys())


def document(name: str = "contract") -> bytes:
    """A shipped document."""
    return (DOCUMENTS / f"{name}.pdf").read_bytes()


def cms_of(issued: Issued, identity: str, **changes: object) -> Callable[[Covered], bytes]:
    """The callable that `PdfSignRequest.cms` wants, for an identity of the provider."""
    spec = next(item for item in issued.provider.identities if item.id == identity)
    certificate = issued.spec(spec.certificate)
    row = signature_row(certificate.key.signature)
    assert row is not None
    assert row.digest is not None
    digest = row.digest
    request = SignRequest(
        key=issued.key(spec.certificate), certificate=issued.certificates[spec.certificate], chain=issued.chain(spec.certificate),
        signature=certificate.key.signature, digest=digest, **changes,  # type: ignore[arg-type]
    )  # fmt: skip
    return lambda covered: build_signed_data(replace(request, content_digest=covered(digest)))


def sign(
    data: bytes, issued: Issued | None = None, identity: str = "natural-rsa", *, subfilter: str = SUBFILTER_PADES,
    field: str | None = None, certify: int | None = None, **changes: object,
) -> bytes:  # fmt: skip
    """Sign with an identity; the European one with an RSA key unless said otherwise."""
    issued = issued or provider("eu-qtsp-natural")
    return sign_pdf(
        data,
        PdfSignRequest(
            subfilter=subfilter,
            cms=cms_of(issued, identity, **changes),
            signing_time=AT,
            field_name=field,
            certify=certify,
        ),
    )


def sign_t(data: bytes, identity: str = "natural-rsa") -> bytes:
    """Sign with a signature time-stamp."""
    issued = provider("eu-qtsp-natural")
    return sign(data, issued, identity, timestamp=stamper(issued, AT + timedelta(seconds=5)))


def store_status(data: bytes) -> bytes:
    """Append certificates and status answers."""
    issued = provider("eu-qtsp-natural")
    published = publish(issued, AT + timedelta(hours=1))
    return add_validation_data(
        data,
        ValidationData(
            certificates=tuple(issued.certificates.values()),
            crls=tuple(p.der for p in published if p.kind == "crl"),
            ocsps=tuple(p.der for p in published if p.kind == "ocsp"),
        ),
    )


def stamp(data: bytes, hours: int = 2) -> bytes:
    """Append a document time-stamp."""
    issued = provider("eu-qtsp-natural")
    at = AT + timedelta(hours=hours)
    return sign_pdf(
        data,
        PdfSignRequest(subfilter=SUBFILTER_TIMESTAMP, cms=lambda covered: timestamp(issued, None, covered.data, at)),
    )


def form(*, stream_xrefs: bool = False) -> bytes:
    """One page with a line of text, a text field `Name` filled with TEST, and an empty signature field `Seal`; made by pyHanko."""
    writer = PdfFileWriter(stream_xrefs=stream_xrefs)
    font = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"), pdf_name("/BaseFont"): pdf_name("/Helvetica"),
    })  # fmt: skip
    container = writer.prepare_object_stream() if stream_xrefs else None
    font_ref = writer.add_object(font, obj_stream=container)
    content = generic.StreamObject(stream_data=b"BT /F1 24 Tf 72 700 Td (Pay 100 to TEST) Tj ET")
    page = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Page"),
        pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
        pdf_name("/Resources"): generic.DictionaryObject({
            pdf_name("/Font"): generic.DictionaryObject({pdf_name("/F1"): font_ref})
        }),
        pdf_name("/Contents"): writer.add_object(content),
    })  # fmt: skip
    page_ref = writer.insert_page(page)
    look = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 20))),
        },
        stream_data=b"/Tx BMC BT (TEST) Tj ET EMC",
    )
    fields = []
    for name, kind, box in (("Name", "/Tx", (72, 600, 272, 620)), ("Seal", "/Sig", (72, 500, 272, 540))):
        widget = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"), pdf_name("/FT"): pdf_name(kind),
            pdf_name("/T"): generic.pdf_string(name), pdf_name("/F"): generic.NumberObject(4), pdf_name("/P"): page_ref,
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, box)),
        })  # fmt: skip
        if kind == "/Tx":
            widget[pdf_name("/V")] = generic.pdf_string("TEST")
            widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})
        fields.append(writer.add_object(widget, obj_stream=container))
    page[pdf_name("/Annots")] = generic.ArrayObject(fields)
    writer.root[pdf_name("/AcroForm")] = writer.add_object(
        generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject(fields)}), obj_stream=container
    )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
