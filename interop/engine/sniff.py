"""What kind of file this is, by its bytes and never by its name."""

from __future__ import annotations

__all__ = ["sniff"]

_GM_SIGNED_DATA = bytes.fromhex("060a2a811ccf550601040202")
_PKCS7_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")


def sniff(data: bytes) -> str:
    """`pdf`, `xml`; recognised and not handled: `ofd`, `asic`, `zip`, `p7m`, `ses`; else `unknown`.

    A PDF header may stand within the first 1024 bytes (ISO 32000-2 7.5.2, Annex H).
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    head = data.lstrip(b"\xef\xbb\xbf\r\n\t ")[:512]
    if head.startswith((b"<?xml", b"<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")):
        return "xml"
    if data.startswith(b"PK\x03\x04"):
        if b"OFD.xml" in data:
            return "ofd"
        return "asic" if b"mimetypeapplication/vnd.etsi.asic" in data[:200] or b"META-INF/" in data else "zip"
    if data[:1] == b"\x30":
        if _PKCS7_SIGNED_DATA in data[:32] or _GM_SIGNED_DATA in data[:32]:
            return "p7m"
        if b"\x16\x02ES" in data[:64]:
            return "ses"
    return "unknown"
