"""Signing a PDF: signature field, widget and dictionary in an incremental update, the CMS from outside.

This file knows nothing of keys: the CMS (or time-stamp token) comes from a callable that is given the digests of the
covered bytes. Equal inputs give equal bytes. Clauses: ISO 32000-2 12.8.1 and 12.7.5.5, EN 319 142-1 5.3 and 6.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils import generic

from interop.crypto.digests import digest_to_write
from interop.model.errors import UsageError
from interop.pdf.write import Update, pdf_date, text_string

__all__ = [
    "SUBFILTER_ADOBE",
    "SUBFILTER_PADES",
    "SUBFILTER_TIMESTAMP",
    "Covered",
    "DigestOf",
    "PdfSignRequest",
    "sign_pdf",
]

SUBFILTER_PADES = "ETSI.CAdES.detached"
SUBFILTER_ADOBE = "adbe.pkcs7.detached"
SUBFILTER_TIMESTAMP = "ETSI.RFC3161"

DigestOf = Callable[[str], bytes]
"""Digest of the covered bytes, by name in the algorithm table (`sha256`, `sm3`, ...)."""


@dataclass(frozen=True, slots=True)
class Covered:
    """The bytes that a signature covers: everything but its own /Contents. Called with a name it gives their digest."""

    data: bytes

    def __call__(self, name: str) -> bytes:
        """Digest by name in the algorithm table, or what is written in its place (`crypto.digests.digest_to_write`)."""
        return digest_to_write(name, self.data)


_RANGE_WIDTH = 10
_PERMISSION_BITS_SIGNED = 3  # SigFlags: SignaturesExist and AppendOnly (ISO 32000-2 table 225)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfSignRequest:
    """How one signature (or document time-stamp) is written."""

    subfilter: str
    """`ETSI.CAdES.detached`, `adbe.pkcs7.detached`, or `ETSI.RFC3161` for a document time-stamp."""
    cms: Callable[[Covered], bytes]
    """Gives the DER for /Contents (SignedData, or the token) from the covered bytes or their digests."""
    reserved: int = 16384
    """Bytes reserved for that DER; the rest is padded with zeros."""
    signing_time: datetime | None = None
    """Claimed time in /M; EN 319 142-1 6.3 asks for it in signatures. Not written for a document time-stamp."""
    field_name: str | None = None
    """Fully qualified name of a new field or of an empty signature field; None: the first free `SignatureN`."""
    name: str | None = None
    """/Name of the signer."""
    reason: str | None = None
    """/Reason; EN 319 142-1 forbids it together with a commitment-type-indication attribute."""
    location: str | None = None
    """/Location."""
    certify: int | None = None
    """DocMDP level 1 to 3: a certification signature, which must be the first one (ISO 32000-2 12.8.2.2)."""


def sign_pdf(document: bytes, request: PdfSignRequest) -> bytes:
    """Append one signature to the file and give the new file.

    Raises UsageError where the field is taken, the CMS does not fit, or a certification comes after another signature;
    Unsupported for an encrypted file; InputError for one that cannot be read.
    """
    update = Update(document)
    root = update.reader.root
    root_ref = _ref(update.reader.trailer.raw_get("/Root"))
    signature_ref = update.allocate()
    _attach_field(update, root, root_ref, request, signature_ref)
    if request.certify is not None:
        permissions = generic.DictionaryObject(root["/Perms"]) if "/Perms" in root else generic.DictionaryObject()
        permissions[generic.NameObject("/DocMDP")] = generic.IndirectObject(*signature_ref, update.reader)
        root[generic.NameObject("/Perms")] = permissions
        update.put(root_ref, root)
    body, range_at, contents_at = _dictionary(request)
    update.put(signature_ref, body)
    out, offsets = update.finish()
    start = offsets[signature_ref] + len(b"%d %d obj\n" % signature_ref)
    return _fill(bytearray(out), request, start + range_at, start + contents_at)


def _fill(out: bytearray, request: PdfSignRequest, range_at: int, contents_at: int) -> bytes:
    """Write the ByteRange, digest, ask for the CMS and put it in."""
    end = contents_at + 2 * request.reserved + 2
    ranges = b"[0 %d %d %d]" % (contents_at, end, len(out) - end)
    width = 4 * _RANGE_WIDTH
    out[range_at : range_at + width] = ranges.ljust(width)
    der = request.cms(Covered(bytes(out[:contents_at]) + bytes(out[end:])))
    if len(der) > request.reserved:
        raise UsageError(f"the signature needs {len(der)} bytes, {request.reserved} are reserved for it")
    value = der.hex().encode("ascii")
    out[contents_at + 1 : contents_at + 1 + len(value)] = value
    return bytes(out)


def _dictionary(request: PdfSignRequest) -> tuple[bytes, int, int]:
    """The signature dictionary, and where in it the values of /ByteRange and /Contents stand."""
    is_token = request.subfilter == SUBFILTER_TIMESTAMP
    head = b"<< /Type " + (b"/DocTimeStamp" if is_token else b"/Sig")
    head += b" /Filter /Adobe.PPKLite /SubFilter /" + request.subfilter.encode("ascii")
    if not is_token:
        if request.signing_time is not None:
            head += b" /M " + pdf_date(request.signing_time)
        for key, text in (("Name", request.name), ("Reason", request.reason), ("Location", request.location)):
            if text is not None:
                head += b" /" + key.encode() + b" " + text_string(text)
    if request.certify is not None:
        head += b" /Reference [<< /Type /SigRef /TransformMethod /DocMDP"
        head += b" /TransformParams << /Type /TransformParams /P %d /V /1.2 >> >>]" % request.certify
    head += b" /ByteRange "
    range_at = len(head)
    head += b" " * (4 * _RANGE_WIDTH) + b" /Contents "
    contents_at = len(head)
    return head + b"<" + b"00" * request.reserved + b"> >>", range_at, contents_at


def _ref(value: generic.IndirectObject) -> tuple[int, int]:
    return value.idnum, value.generation


def _attach_field(
    update: Update, root: generic.DictionaryObject, root_ref: tuple[int, int],
    request: PdfSignRequest, signature_ref: tuple[int, int],
) -> None:  # fmt: skip
    """Make the field (or fill an empty one) and hang it into form and page."""
    form = root["/AcroForm"] if "/AcroForm" in root else generic.DictionaryObject()
    fields = form["/Fields"] if "/Fields" in form else generic.ArrayObject()
    names = _field_names(fields)
    if request.certify is not None and any(field.get("/FT") == "/Sig" and "/V" in field for _, field in names.values()):
        raise UsageError("a certification signature must be the first signature of the file")
    name = request.field_name or next(n for i in range(1, 10_000) if (n := f"Signature{i}") not in names)
    value = generic.IndirectObject(*signature_ref, update.reader)
    if name in names:
        ref, field = names[name]
        if field.get("/FT") != "/Sig" or "/V" in field or ref is None:
            raise UsageError(f"the field '{name}' is not an empty signature field")
        field[generic.NameObject("/V")] = value
        update.put(ref, field)
    else:
        page_ref, page = _first_page(update)
        field_ref = update.allocate()
        update.put(
            field_ref,
            b"<< /Type /Annot /Subtype /Widget /FT /Sig /T " + text_string(name)
            + b" /V %d %d R /Rect [0 0 0 0] /F 132 /P %d %d R >>" % (*signature_ref, *page_ref),
        )  # fmt: skip
        link = generic.IndirectObject(*field_ref, update.reader)
        annotations = generic.ArrayObject(page.get("/Annots", ()))
        annotations.append(link)
        update.change(page, "/Annots", annotations, page_ref)
        fields = generic.ArrayObject(fields)
        fields.append(link)
        raw_fields = form.raw_get("/Fields") if "/Fields" in form else None
        if isinstance(raw_fields, generic.IndirectObject):
            update.put(_ref(raw_fields), fields)
        else:
            form[generic.NameObject("/Fields")] = fields
    flags = int(form.get("/SigFlags", 0)) | _PERMISSION_BITS_SIGNED
    form[generic.NameObject("/SigFlags")] = generic.NumberObject(flags)
    update.change(root, "/AcroForm", form, root_ref)


def _field_names(fields: generic.ArrayObject) -> dict[str, tuple[tuple[int, int] | None, generic.DictionaryObject]]:
    """Fields by fully qualified name, with their object number where they are indirect."""
    found: dict[str, tuple[tuple[int, int] | None, generic.DictionaryObject]] = {}
    seen: set[tuple[int, int]] = set()
    stack = [("", fields.raw_get(i)) for i in range(len(fields))]
    while stack:
        prefix, raw = stack.pop()
        ref = _ref(raw) if isinstance(raw, generic.IndirectObject) else None
        if ref is not None and ref in seen:
            continue
        if ref is not None:
            seen.add(ref)
        field = raw.get_object() if isinstance(raw, generic.IndirectObject) else raw
        if not isinstance(field, generic.DictionaryObject):
            continue
        name = prefix
        if "/T" in field:
            name = f"{prefix}.{field['/T']}" if prefix else str(field["/T"])
            found[name] = (ref, field)
        kids = field.get("/Kids", generic.ArrayObject())
        stack += [(name, kids.raw_get(i)) for i in range(len(kids))]
    return found


def _first_page(update: Update) -> tuple[tuple[int, int], generic.DictionaryObject]:
    page_ref, _ = update.reader.find_page_for_modification(0)
    return _ref(page_ref), page_ref.get_object()
