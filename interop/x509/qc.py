"""Statements of the qcStatements extension (RFC 3739 section 3.2.6, EN 319 412-5, EN 319 412-1 for semantics)."""

from __future__ import annotations

from interop.model.certificate import QcStatement
from interop.x509.ber import Node
from interop.x509.names import text_of

__all__ = ["qc_statements"]

_QC = "0.4.0.1862.1."
LIMIT_VALUE = _QC + "2"
RETENTION_PERIOD = _QC + "3"
PDS = _QC + "5"
TYPE = _QC + "6"
LEGISLATION = _QC + "7"
IDENTIFICATION = _QC + "8"
QSCD_LEGISLATION = _QC + "9"
SYNTAX_V1 = "1.3.6.1.5.5.7.11.1"
SYNTAX_V2 = "1.3.6.1.5.5.7.11.2"


def _leaves(node: Node) -> tuple[str, ...]:
    """OIDs, texts and numbers below the node, in order; hex of other primitive elements."""
    if node.tag & 0x20:
        return tuple(value for child in node.children() for value in _leaves(child))
    if node.tag == 0x06:
        return (node.oid(),)
    if node.tag == 0x02:
        return (str(node.integer()),)
    text, string_type = text_of(node)
    return (text,) if string_type else (node.raw.hex(),)


def _values(oid: str, info: Node) -> tuple[str, ...]:
    if oid in (TYPE, LEGISLATION, IDENTIFICATION, QSCD_LEGISLATION, RETENTION_PERIOD, SYNTAX_V1, SYNTAX_V2):
        return _leaves(info)
    if oid == PDS:
        locations = [location.items("PdsLocation") for location in info.items("QcEuPDS")]
        return tuple(f"{text_of(parts[0])[0]} {text_of(parts[1])[0]}" for parts in locations)
    if oid == LIMIT_VALUE:
        currency, amount, exponent = _leaves(info)
        return (currency, amount, exponent)
    return (info.raw.hex(),)


def qc_statements(node: Node) -> tuple[QcStatement, ...]:
    """All statements in order. Raises Malformed where the sequence itself is broken; unreadable info is kept as hex."""
    statements: list[QcStatement] = []
    for entry in node.items("QCStatements"):
        parts = entry.items("QCStatement")
        oid = parts[0].oid()
        values: tuple[str, ...] = ()
        if len(parts) > 1:
            try:
                values = _values(oid, parts[1])
            except (ValueError, IndexError):
                values = (parts[1].raw.hex(),)
        statements.append(QcStatement(oid=oid, values=values))
    return tuple(statements)
