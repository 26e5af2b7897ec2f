"""Which identity of which provider the signing certificate is: by id first, else by shape below the same issuer."""

from __future__ import annotations

from interop.model.certificate import Certificate, ObjectId
from interop.model.verdict import Home, HomeIdentity, Path
from interop.validation.lookup import Lookup
from interop.validation.path import same_authority

__all__ = ["match_identity"]


def match_identity(lookup: Lookup, home: Home, path: Path, provider: str) -> HomeIdentity | None:
    """The identity, or None. By shape: same issuer, same key kind, and the policies asserted.

    Equal policies win over a part of them, more policies over fewer; where shapes still tie, the lower level is assumed.
    """
    signer = lookup.certificate(path.certificates[0])
    if signer is None:
        return None
    own = [identity for identity in home.identities if identity.provider == provider]
    for identity in own:
        if identity.certificate == signer.id:
            return identity
    issuer = path.certificates[1] if len(path.certificates) > 1 else path.certificates[0]
    shaped = [identity for identity in own if _fits(lookup, identity, signer, issuer)]
    return min(
        shaped,
        key=lambda i: (i.policies != signer.policy_oids, -len(i.policies), i.level, i.identity),
        default=None,
    )


def _fits(lookup: Lookup, identity: HomeIdentity, signer: Certificate, issuer: ObjectId) -> bool:
    if identity.key_kind != signer.key.kind:
        return False
    if identity.policies != signer.policy_oids and not (identity.policies and identity.policies <= signer.policy_oids):
        return False
    if identity.issuer == issuer:
        return True
    one, other = lookup.certificate(identity.issuer), lookup.certificate(issuer)
    return one is not None and other is not None and same_authority(one, other)
