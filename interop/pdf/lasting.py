"""Writing validation data into a PDF: the document security store (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyhanko.pdf_utils import generic

from interop.pdf.dss import KINDS, vri_key
from interop.pdf.write import Update

__all__ = ["ValidationData", "add_validation_data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationData:
    """What is written into the store for the long term."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


def add_validation_data(document: bytes, data: ValidationData, *, contents: Iterable[bytes] = ()) -> bytes:
    """Append validation data in an incremental update; what the store held stays. `contents`: whole /Contents values of the
    signatures for which an entry in /VRI is wanted (optional in ISO 32000-2, discouraged by EN 319 142-1)."""
    update = Update(document)
    root = update.reader.root
    root_ref = update.reader.trailer.raw_get("/Root")
    dss = generic.DictionaryObject(root.get("/DSS", {}))
    dss[generic.pdf_name("/Type")] = generic.pdf_name("/DSS")
    fresh: dict[str, list[generic.IndirectObject]] = {}
    for (plural, _, _), ders in zip(KINDS, (data.certificates, data.crls, data.ocsps), strict=True):
        links = generic.ArrayObject(dss.get(f"/{plural}", ()))
        fresh[plural] = []
        for der in dict.fromkeys(ders):
            ref = update.allocate()
            update.put(ref, b"<< /Length %d >>\nstream\n" % len(der) + der + b"\nendstream")
            fresh[plural].append(generic.IndirectObject(*ref, update.reader))
        links.extend(fresh[plural])
        if links:
            dss[generic.pdf_name(f"/{plural}")] = links
    keys = [vri_key(value) for value in contents]
    if keys:
        related = generic.DictionaryObject(dss.get("/VRI", {}))
        for key in keys:
            related[generic.pdf_name(f"/{key}")] = generic.DictionaryObject({
                generic.pdf_name(f"/{singular}"): generic.ArrayObject(fresh[plural])
                for plural, singular, _ in KINDS if fresh[plural]
            })  # fmt: skip
        dss[generic.pdf_name("/VRI")] = related
    update.change(root, "/DSS", dss, (root_ref.idnum, root_ref.generation))
    out, _ = update.finish()
    return out
