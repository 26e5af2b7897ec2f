"""The web site of providers: every http URL in their certificates, answered as of a time. A pure function, without sockets and clock.

    site = Site.build((issued, other))
    site.reply("GET", "crl.some.example", "/issuing.crl", b"", at)
    site.reply("POST", "127.0.0.1:8080", "/ocsp.some.example/", request, at)

The host may stand in the request, or as the first step of the path. Besides, every provider has a folder of its own that needs no host:
`/<provider>/crl/<ca>.crl`, `/<provider>/ocsp/<ca>`, `/<provider>/certificates/<id>.cer` and `/<provider>/tsa` (`/tsa/<id>`). `/` lists all.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import unquote_to_bytes

from interop.model.errors import InputError, Problem
from interop.model.hierarchy import CertificateSpec
from interop.pki.address import Address, address_of
from interop.pki.authority import authorities, same_authority
from interop.pki.bundle import bundle
from interop.pki.crl import build_crl
from interop.pki.crl_parts import CrlPart, crl_parts
from interop.pki.issue import Issued
from interop.pki.ocsp_request import ocsp_answer
from interop.pki.tsa_request import stamp_response

__all__ = ["Reply", "Site"]

_BUNDLES = (".p7c", ".p7b")
_TYPES = {
    "crl": "application/pkix-crl",
    "certificate": "application/pkix-cert",
    "bundle": "application/pkcs7-mime",
    "ocsp": "application/ocsp-response",
    "tsa": "application/timestamp-reply",
}
"""RFC 2585 section 4, RFC 5280 section 4.2.2.1, RFC 6960 appendix C, RFC 3161 section 3.4."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    """HTTP status."""
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is found at an address."""

    kind: Literal["crl", "certificate", "bundle", "ocsp", "tsa"]
    issued: Issued
    ids: tuple[str, ...]
    """Certificates: of a bundle, those in it; of OCSP, the CAs that are asked; of a TSA, that which stamps."""
    part: CrlPart | None = None
    delta: bool = False

    def same(self, other: _Thing) -> bool:
        """Whether both are the same thing."""
        mine, theirs = (self.kind, self.issued.provider.id, self.ids), (other.kind, other.issued.provider.id, other.ids)
        parts = [(part.issuer, part.name) if part is not None else None for part in (self.part, other.part)]
        return mine == theirs and parts[0] == parts[1] and self.delta == other.delta

    def text(self) -> str:
        """One line for people."""
        what = {"bundle": "certificates", "tsa": "time-stamps"}.get(self.kind, self.kind)
        delta = "delta " if self.delta else ""
        return f"{delta}{what} of {self.issued.provider.id}: {', '.join(self.ids) or 'none'}"


@dataclass(slots=True)
class _Map:
    """Addresses, filled once."""

    things: dict[Address, _Thing] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def put(self, address: Address | None, thing: _Thing) -> None:
        """Note a thing; OCSP services of one provider at one address become one, other doubles are mistakes."""
        if address is None:
            return
        known = self.things.get(address)
        if known is None or known.same(thing):
            self.things[address] = thing
        elif known.kind == thing.kind == "ocsp" and known.issued is thing.issued:
            self.things[address] = _Thing("ocsp", thing.issued, tuple(dict.fromkeys((*known.ids, *thing.ids))))
        else:
            url = f"http://{address[0]}{address[1]}"
            self.problems.append(Problem(where=url, what=f"stands for {known.text()} and for {thing.text()}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything that is served."""

    things: Mapping[Address, _Thing] = field(repr=False)
    also: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)
    """Provider id -> further certificates that its OCSP service answers for, as in `status.publish`."""

    @staticmethod
    def build(providers: Iterable[Issued], *, also: Mapping[str, tuple[bytes, ...]] | None = None) -> Site:
        """The site of some hierarchies. Raises InputError where one URL would stand for two things, with every such URL."""
        found = _Map()
        for issued in providers:
            for address, thing in (*_named(issued), *_own(issued)):
                found.put(address, thing)
        if found.problems:
            raise InputError("URLs in certificates", tuple(found.problems))
        return Site(things=found.things, also=also or {})

    def reply(self, method: str, host: str, path: str, body: bytes, at: datetime) -> Reply:
        """The answer to one request at a time (whole seconds). `path` as it came, percent-encoded; a query is passed over."""
        path = path.partition("?")[0]
        found = self._find(host.lower(), path)
        if found is None:
            if path == "/" and method in ("GET", "HEAD"):
                return Reply(200, "text/plain; charset=utf-8", self._index())
            return _plain(404, "nothing is here; / lists what is")
        thing, rest = found
        if thing.kind in ("ocsp", "tsa"):
            return self._service(thing, method, rest, body, at)
        if method not in ("GET", "HEAD"):
            return _plain(405, "GET alone is served here")
        return _download(thing, at)

    def _find(self, host: str, path: str) -> tuple[_Thing, str] | None:
        """The thing at an address, and what of the path follows it (OCSP by GET)."""
        step, slash, rest = path[1:].partition("/")
        for address in ((host, path), (step.lower(), slash + rest if slash else "/"), ("", path)):
            thing = self.things.get(address)
            if thing is not None:
                return thing, ""
            below = self._above(*address)
            if below is not None:
                return below
        return None

    def _above(self, host: str, path: str) -> tuple[_Thing, str] | None:
        """The OCSP service whose path is the longest beginning of a path."""
        cut = len(path)
        while (cut := path.rfind("/", 0, cut)) >= 0:
            for base in (path[:cut], path[: cut + 1]):
                thing = self.things.get((host, base))
                if thing is not None and thing.kind == "ocsp":
                    return thing, path[cut + 1 :]
        return None

    def _service(self, thing: _Thing, method: str, rest: str, body: bytes, at: datetime) -> Reply:
        issued = thing.issued
        if method == "POST" and not rest:
            if thing.kind == "tsa":
                return Reply(200, _TYPES["tsa"], stamp_response(issued, body, at, tsa=thing.ids[0]))
        elif thing.kind == "ocsp" and method == "GET" and rest:
            try:  # RFC 6960 appendix A.1: url-encoding of the base64 of the request
                body = base64.b64decode(unquote_to_bytes(rest), validate=True)
            except (binascii.Error, ValueError):
                body = b""
        else:
            return _plain(
                405, "requests come by POST" + (", or by GET below this path" if thing.kind == "ocsp" else "")
            )
        guests = self.also.get(issued.provider.id, ())
        return Reply(200, _TYPES["ocsp"], ocsp_answer(issued, body, at, only=frozenset(thing.ids), also=guests))

    def _index(self) -> bytes:
        lines = sorted(
            (f"http://{host}" if host else "") + path + f"  {t.text()}" for (host, path), t in self.things.items()
        )
        return ("\n".join(lines) + "\n").encode()


def _plain(status: int, text: str) -> Reply:
    return Reply(status, "text/plain; charset=utf-8", f"{text}\n".encode())


def _download(thing: _Thing, at: datetime) -> Reply:
    issued = thing.issued
    if thing.part is not None:
        if at < thing.part.issuer.start:
            return _plain(404, "this CA has no CRL before its validity")
        return Reply(200, _TYPES["crl"], build_crl(issued, thing.part, at, delta=thing.delta))
    certificates = [issued.certificates[name] for name in thing.ids]
    if thing.kind == "bundle":
        return Reply(200, _TYPES["bundle"], bundle(certificates))
    return Reply(200, _TYPES["certificate"], certificates[0])


def _named(issued: Issued) -> Iterator[tuple[Address | None, _Thing]]:
    """What the URLs in the certificates stand for."""
    services = issued.provider.services
    cas = authorities(issued)
    for spec in issued.specs.values():
        info, more = spec.extensions.authority_info, spec.extensions.subject_info
        for url in info.ocsp if info is not None and services.ocsp else ():
            asked = tuple(ca.spec.id for ca in cas if same_authority(issued, ca.spec.id, spec.issuer))
            yield address_of(url), _Thing("ocsp", issued, asked)
        for url in info.ca_issuers if info is not None else ():
            yield address_of(url), _issuers(issued, spec, url)
        for url in more.ca_repository if more is not None else ():
            below = tuple(s.id for s in issued.specs.values() if s.extensions.ca and _issued_by(issued, s, spec))
            yield address_of(url), _Thing("bundle", issued, below)
    for part in crl_parts(issued) if services.crl else ():
        for delta in (False, True) if services.crl_delta_hours is not None else (False,):
            thing = _Thing("crl", issued, (part.issuer.spec.id,), part, delta)
            for url in part.uris(delta=delta):
                yield address_of(url), thing


def _issued_by(issued: Issued, spec: CertificateSpec, ca: CertificateSpec) -> bool:
    return spec.issuer != spec.id and same_authority(issued, spec.issuer, ca.id)


def _issuers(issued: Issued, spec: CertificateSpec, url: str) -> _Thing:
    """caIssuers: the issuer's certificate, or all certificates of that CA in a bundle (RFC 5280 section 4.2.2.1)."""
    cas = [s for s in issued.specs.values() if s.role in ("root", "ca") and same_authority(issued, s.id, spec.issuer)]
    if url.lower().endswith(_BUNDLES):
        return _Thing("bundle", issued, tuple(ca.id for ca in cas))
    return _Thing("certificate", issued, (cas[0].id if cas else spec.issuer,))


def _own(issued: Issued) -> Iterator[tuple[Address, _Thing]]:
    """The provider's own folder."""
    services, top = issued.provider.services, f"/{issued.provider.id}"
    for spec in issued.specs.values():
        yield ("", f"{top}/certificates/{spec.id}.cer"), _Thing("certificate", issued, (spec.id,))
        if spec.role == "tsa":
            yield ("", f"{top}/tsa/{spec.id}"), _Thing("tsa", issued, (spec.id,))
    if services.tsa is not None:
        yield ("", f"{top}/tsa"), _Thing("tsa", issued, (services.tsa,))
    for ca in authorities(issued) if services.ocsp else ():
        yield ("", f"{top}/ocsp/{ca.spec.id}"), _Thing("ocsp", issued, (ca.spec.id,))
    for part in crl_parts(issued) if services.crl else ():
        name = part.issuer.spec.id + (f"/{part.name}" if part.name else "")
        for delta in (False, True) if services.crl_delta_hours is not None else (False,):
            thing = _Thing("crl", issued, (part.issuer.spec.id,), part, delta)
            yield ("", f"{top}/crl/{name}/delta.crl" if delta else f"{top}/crl/{name}.crl"), thing
