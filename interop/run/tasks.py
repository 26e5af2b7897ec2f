"""What workers do: make a vector and observe it; publish a provider's hierarchy and status answers; observe a stranger's file."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from interop.engine.embedded import EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.certificate import ObjectId
from interop.model.codec import dump_json, load_json
from interop.model.facts import Facts, Observation
from interop.model.instant import format_instant, parse_instant
from interop.model.profile import Provider
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.status import publish
from interop.pki.variant import signer_variant
from interop.run.fetch import fetch
from interop.vector.catalogue import SIGNER_VARIANTS, Made, VectorSpec
from interop.vector.fates import with_fates

__all__ = [
    "Keys",
    "ObserveJob",
    "Observed",
    "PublishJob",
    "Published",
    "PublishedAnswer",
    "VectorJob",
    "guests",
    "pack_observation",
    "pack_published",
    "run_observe",
    "run_publish",
    "run_vector",
    "unpack_observation",
    "unpack_published",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Where private keys are looked for, and where missing ones are kept."""

    folders: tuple[Path, ...]
    missing: Path | None = None

    def store(self) -> KeyStore:
        """The key store, one per worker."""
        return _store(self)


@lru_cache(maxsize=4)
def _store(keys: Keys) -> KeyStore:
    return KeyStore(*keys.folders, missing=keys.missing)


def _issued(provider: Provider, keys: Keys) -> Issued:
    return issue(provider, keys.store())


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorJob:
    """Make one vector and observe it."""

    spec: VectorSpec
    keys: Keys
    signing: datetime
    sm2_ids: tuple[str, ...] = ()
    """As in `engine.protocol.Request`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A vector and what the primary engine saw in it."""

    made: Made
    observation: Observation


def run_vector(job: VectorJob) -> Observed:
    """Sign and observe. Runs in a worker."""
    from interop.vector.make import make  # noqa: PLC0415 - pyHanko is a third of a second that a cached run does not pay

    made = make(job.spec, _issued(job.spec.provider, job.keys), job.keys.store(), job.signing)
    request = Request(data=made.data, detached=made.detached, sm2_ids=job.sm2_ids)
    return Observed(made=made, observation=EmbeddedEngine().observe(request))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishJob:
    """A provider's certificates, and its status answers as of a time."""

    provider: Provider
    keys: Keys
    at: datetime
    signing: datetime | None = None
    """Signing instant of the run: the services know the twins of its vectors (`vector.fates`), and those without CRLs answer for
    the signer variants too. None: no vectors."""
    base: str | None = None
    """Where the services are really asked (`run.live`); None: their answers are made here."""


class PublishedAnswer(NamedTuple):
    """One status answer, as `pki.status.Published` has it."""

    service: str
    kind: str
    der: bytes
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a provider publishes."""

    certificates: Mapping[str, bytes]
    """Certificate id -> DER."""
    answers: tuple[PublishedAnswer, ...]
    """As of the time asked for."""


def run_publish(job: PublishJob) -> Published:
    """Issue and publish. Runs in a worker."""
    issued = _issued(with_fates(job.provider, job.signing), job.keys)
    also = guests(issued, job.signing)
    if job.base is not None:
        fetched = fetch(issued, job.at, job.base, also=also)
        answers = tuple(PublishedAnswer(o.service, o.kind, data, o.since, o.until) for o, data in fetched)
    else:
        made = publish(issued, job.at, also=also)
        answers = tuple(PublishedAnswer(a.service, a.kind, a.der, a.since, a.until) for a in made)
    return Published(certificates=dict(issued.certificates), answers=answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObserveJob:
    """Observe somebody's file."""

    name: str
    request: Request


def guests(issued: Issued, signing: datetime | None) -> tuple[bytes, ...]:
    """Signer variants of reference identities. A CRL that does not list them says that they are good, OCSP has to be asked."""
    if signing is None or issued.provider.services.crl:
        return ()
    signers = [identity.id for identity in issued.provider.identities if identity.reference]
    return tuple(
        signer_variant(issued, name, kind, signing)[0] for name in signers for kind in SIGNER_VARIANTS.values()
    )


def run_observe(job: ObserveJob) -> Observation:
    """Observe. Runs in a worker."""
    return EmbeddedEngine().observe(job.request)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def pack_observation(observation: Observation) -> bytes:
    """For the cache."""
    objects = {name: _b64(data) for name, data in observation.objects.items()}
    return json.dumps({"facts": dump_json(observation.facts).decode(), "objects": objects}).encode()


def unpack_observation(data: bytes) -> Observation | None:
    """From the cache; None where the entry is of another shape."""
    try:
        raw = json.loads(data)
        facts = load_json(Facts, raw["facts"], name="cache")
        objects = {ObjectId(name): base64.b64decode(text) for name, text in raw["objects"].items()}
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache entry, it is a miss
        return None
    return Observation(facts=facts, objects=objects)


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _read(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)


def pack_published(published: Published) -> bytes:
    """For the cache."""
    return json.dumps(
        {
            "certificates": {name: _b64(data) for name, data in published.certificates.items()},
            "answers": [
                [a.service, a.kind, _b64(a.der), _written(a.since), _written(a.until)] for a in published.answers
            ],
        }
    ).encode()


def unpack_published(data: bytes) -> Published | None:
    """From the cache; None where the entry is of another shape."""
    try:
        raw = json.loads(data)
        return Published(
            certificates={name: base64.b64decode(text) for name, text in raw["certificates"].items()},
            answers=tuple(
                PublishedAnswer(service, kind, base64.b64decode(text), _read(since), _read(until))
                for service, kind, text, since, until in raw["answers"]
            ),
        )
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache entry, it is a miss
        return None
