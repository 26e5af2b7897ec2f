"""Certificates and chains of others, row by row: the path to the anchor, by RFC 5280 and the status answers beside it.

A row without an anchor asserts the layer `certificate` alone. Rows of PKITS name their path material in the note.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from pathlib import Path

from external_rows import NOW, Compared, Row

from interop.model.certificate import ObjectId
from interop.model.instant import parse_instant
from interop.model.layers import Cause
from interop.model.reasons import is_finding
from interop.model.rules import CertificateRules, RelyingRules, RevocationRules
from interop.profile.load import load_neutral_rules, load_suites
from interop.run.link import Linker
from interop.validation.algorithm import Use, algorithm_causes, certificate_uses
from interop.validation.certificate import content_causes
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment
from interop.validation.path import build_paths
from interop.validation.path_status import path_status
from interop.validation.revocation import StatusSources
from interop.validation.rfc5280 import check_path, validity_causes
from interop.x509.certificate import parse_certificate, read_certificates

__all__ = ["compared_paths"]

_KINDS = frozenset({"certificate", "chain"})


def compared_paths(folder: Path, rows: Iterable[Row]) -> tuple[Compared, ...]:
    """Every row of kind `certificate`, `chain`, `crl`, `anchor`; those that are material for others say so."""
    return tuple(_compare(folder, row) for row in rows if row["kind"] in {*_KINDS, "crl", "anchor"})


def _compare(folder: Path, row: Row) -> Compared:
    expected = ", ".join(p for p in (row["expect"], row["blocks"].replace("|", " or ")) if p)
    if row["expect"] == "na":
        return Compared(file=row["file"], expected=expected, found="", out_of_scope="material for other rows")
    against = _path(folder, row) if row["trust anchor file"] else _content(folder, row)
    accepted, layers = not against, {code.partition(".")[0] for code in against}
    problems: list[str] = []
    if row["expect"] == "accept" and not accepted:
        problems.append(f"refused: {', '.join(against)}")
    if row["expect"] != "accept" and accepted:
        problems.append("accepted")
    if row["expect"] != "accept" and against and not layers & set(row["blocks"].split("|")):
        problems.append(f"blocked at {', '.join(sorted(layers))}")
    return Compared(
        file=row["file"],
        expected=expected,
        found=" ".join(["refused", *dict.fromkeys(against)]) if against else "accepted",
        problems=tuple(problems),
        options=f"at {row['at'][:10]}" if row["at"] else "",
    )


def _content(folder: Path, row: Row) -> list[str]:
    """What the layer `certificate` holds against it where statements of EN 319 412-5 are asked to be in order."""
    (der,) = read_certificates((folder / row["file"]).read_bytes(), row["file"])
    rules = CertificateRules(key_usage_any=(), key_usage_refused=(), key_usage_required=False, qc_statements=True)
    certificate = parse_certificate(der)
    codes = [cause.code for cause in content_causes(certificate, rules)]
    return codes + [finding.code for finding in certificate.findings if not is_finding(finding.code)]


def _path(folder: Path, row: Row) -> list[str]:
    """Codes that stand against the best path; empty: there is a good one."""
    linker = Linker()
    names = re.findall(r"\S+\.cr[tl](?=[\s.]|$)", row["note"])
    chain = [linker.add("certificate", der) for der in _certificates(folder, row["file"])]
    anchors = {linker.add("certificate", der) for der in _certificates(folder, row["trust anchor file"])}
    anchors -= set(chain[:1])
    status: set[ObjectId] = set()
    for name in [*names, *_beside(folder, row["trust anchor file"])]:
        if name.endswith(".crl"):
            status.add(linker.add("crl", _der((folder / name).read_bytes())))
        else:
            for der in _certificates(folder, name):
                linker.add("certificate", der)
    lookup, moment = Lookup(linker.knowledge()), Moment(parse_instant(row["at"]) if row["at"] else NOW)
    sources = StatusSources(in_file=frozenset(status), rules=RevocationRules(required=bool(status)))
    best: list[str] | None = None
    for path in build_paths(lookup, chain[0], anchors):
        check = check_path(lookup, path, moment=moment)
        causes = [*check.causes, *validity_causes(check), *path_status(lookup, path, sources, moment)]
        causes += _algorithms(lookup, path.certificates[0], certificate_uses(lookup, path), moment)
        codes = [cause.code for cause in causes if not is_finding(cause.code)]
        codes += ["time.certificate-out-of-bounds" for _ in check.outside]
        best = codes if best is None or len(codes) < len(best) else best
    if best is not None:
        return best
    tried = [ok for _, ok in lookup.issuers(chain[0])]
    return ["chain.signature-wrong" if tried and not any(tried) else "chain.home-anchor-unknown"]


def _algorithms(lookup: Lookup, leaf: ObjectId, uses: Iterable[Use], moment: Moment) -> tuple[Cause, ...]:
    rules: RelyingRules = load_neutral_rules()
    suites = [suite for name, suite in load_suites().items() if name in rules.algorithms.suites]
    certificate = lookup.certificate(leaf)
    assert certificate is not None
    key = certificate.key
    own = Use(kind="key", where="leaf", name=key.kind, written=key.algorithm.oid, curve=key.curve, bits=key.bits)
    return algorithm_causes(lookup, [*uses, own], rules.algorithms, suites, moment)


def _der(data: bytes) -> bytes:
    """The one object in a file that is PEM or DER."""
    block = re.search(rb"-----BEGIN X509 CRL-----(.*?)-----END", data, re.DOTALL)
    return data if block is None else base64.b64decode(block[1])


def _certificates(folder: Path, name: str) -> tuple[bytes, ...]:
    return read_certificates((folder / name).read_bytes(), name)


def _beside(folder: Path, anchor: str) -> list[str]:
    """The CRL of the PKITS anchor is a file of its own, which no note names."""
    crl = anchor.replace("RootCertificate.crt", "RootCRL.crl")
    return [crl] if crl != anchor and (folder / crl).is_file() else []
