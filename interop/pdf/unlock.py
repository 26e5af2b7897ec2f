"""Opening an encrypted PDF (ISO 32000-2 7.6): pyHanko does the decryption, our store asks it for decoded streams.

Signatures themselves need no password: /Contents is never encrypted, and digests are over the bytes as they are.
"""

from __future__ import annotations

from io import BytesIO

from interop.model.certificate import Finding
from interop.pdf.store import Store
from interop.pdf.token import Malformed

__all__ = ["unlock"]


def unlock(store: Store, password: str | None) -> tuple[Finding, ...]:
    """Give the store a decoder where the file is encrypted; a finding where it cannot be opened. Nothing for a plain file."""
    last = len(store.revisions) - 1
    if store.trailer_entry("Encrypt", store.revisions[last].sections - 1).value.kind == "keyword":
        return ()
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 - a third of a second, for encrypted files only
    from pyhanko.pdf_utils.crypt import AuthStatus  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        reader = PdfFileReader(BytesIO(store.data), strict=False)
        opened = reader.decrypt(password or "").status != AuthStatus.FAILED
    except Exception as error:  # noqa: BLE001 - the library may raise anything on hostile input; its text is the finding
        return (Finding(code="container.encrypted", detail=f"{type(error).__name__}: {error}"),)
    if not opened:
        what = "the password does not open the file" if password else "a password is needed"
        return (Finding(code="container.encrypted", detail=what),)

    def decode(number: int, revision: int) -> bytes:
        try:
            section = store.revisions[revision].sections - 1
            return bytes(reader.get_object(generic.Reference(number, 0, reader), revision=section).data)
        except Exception as error:  # as above; the store treats the object as unreadable
            raise Malformed(f"stream {number}: {type(error).__name__}: {error}") from error

    store.decoder = decode
    return ()
