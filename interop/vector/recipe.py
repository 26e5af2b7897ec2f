"""The recipe of a vector: everything that its bytes follow from, as one digest.

Vectors are named by their recipe in `matrix.json`; the digests of the artifacts, which randomised schemes change, stand in
the facts only.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from interop.model.codec import dump_json
from interop.model.instant import format_instant
from interop.model.profile import Provider
from interop.pki.keystore import KeyStore
from interop.vector.catalogue import VectorSpec
from interop.vector.documents import document

__all__ = ["provider_digest", "recipe"]


def provider_digest(provider: Provider, keys: KeyStore) -> str:
    """Digest of what a provider's files follow from: its hierarchy, services and identities, and the public keys, alien keys of its
    kinds included. What it accepts from others has no part in it."""
    digest = hashlib.sha256(f"{provider.id} {provider.jurisdiction} {' '.join(provider.anchors)}".encode())
    for part in (provider.certificates, provider.services, provider.identities):
        for value in part if isinstance(part, tuple) else (part,):
            digest.update(hashlib.sha256(dump_json(value)).digest())
    for spec in provider.certificates:
        digest.update(hashlib.sha256(keys.of(provider, spec.id).spki).digest())
        digest.update(hashlib.sha256(keys.alien(spec.key).spki).digest())
    return digest.hexdigest()


def recipe(spec: VectorSpec, signer: str, signing: datetime) -> str:
    """`r:` and 32 hex digits. `signer` is the digest of the signing provider."""
    digest = hashlib.sha256()
    parts = (
        signer.encode(),
        spec.identity.id.encode(),
        dump_json(spec.emits),
        dump_json(spec.case),
        document(spec.case.document, spec.case.family),
        format_instant(signing).encode(),
    )
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return f"r:{digest.hexdigest()[:32]}"
