"""Who signs the lists that are exported: one TEST key and certificate for every provider and area.

    signer = list_signer("eu-qtsp-natural", "EU", keys)

A key of one's own is taken where the key store has one (`<keys>/<owner>/list-signer.pem`, EC P-256). Else it derives from the name
of its owner, so that equal inputs give equal lists without a file of keys: everybody can compute it, and nothing that it signs may be
trusted beyond a test.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import shake_256
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from interop.crypto.keys import PrivateKey, load_private_key
from interop.model.hierarchy import CertificateSpec, Extensions, KeySpec, NamePart
from interop.pki.issue import certificate_der, serial_number
from interop.pki.keystore import KeyStore
from interop.trustlist.write import ListSigner

__all__ = ["KEY_NAME", "list_signer"]

KEY_NAME: Final = "list-signer"
"""Name of a key of one's own in the key store."""
_SPEC: Final = KeySpec(kind="EC", curve="P-256", signature="ecdsa-sha256")
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256 (SEC 2 section 2.4.2)."""
_TSL_SIGNING: Final = "0.4.0.2231.3.0"
"""id-tsl-kp-tslSigning (TS 119 612 clause 5.7.1)."""
_START: Final = datetime(2015, 1, 1, tzinfo=UTC)
_END: Final = datetime(2050, 1, 1, tzinfo=UTC)


def _derived(owner: str) -> PrivateKey:
    """The key that belongs to a name. Wider than the order by 128 bits, so that no scalar is likelier than another."""
    wide = int.from_bytes(shake_256(f"interop TEST list signer\0{owner}".encode()).digest(48), "big")
    native = ec.derive_private_key(wide % (_ORDER - 1) + 1, ec.SECP256R1())
    return load_private_key(native.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def list_signer(owner: str, territory: str, keys: KeyStore) -> ListSigner:
    """The signer of one list. `owner` is a provider id, or `lotl-` and the id of an area; `territory` stands in its subject.

    InputError for a key of one's own that is of another kind.
    """
    key = keys.get(owner, KEY_NAME, _SPEC) if keys.has(owner, KEY_NAME) else _derived(owner)
    spec = CertificateSpec(
        id=KEY_NAME,
        role="signer",
        issuer=KEY_NAME,
        subject=(
            NamePart(type="C", value=territory, string="printable"),
            NamePart(type="O", value="TEST lists, keys known to everybody"),
            NamePart(type="CN", value=f"TEST list signer {owner}"),
        ),
        not_before=_START,
        not_after=_END,
        key=_SPEC,
        extensions=Extensions(
            ca=False, key_usage=("digitalSignature", "nonRepudiation"), extended_key_usage=(_TSL_SIGNING,)
        ),
        origin="stand-in",
    )
    der = certificate_der(spec, key, spec, key, serial_number(owner, KEY_NAME, 16))
    return ListSigner(key=key, certificate=der, signature=_SPEC.signature)
