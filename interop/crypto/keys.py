"""Keys of every kind behind two classes, and signatures by their names in the table.

    >>> key = generate_private_key("SM2")
    >>> value = key.sign("sm2-sm3", b"text")
    >>> load_public_key(key.spki).verify("sm2-sm3", value, b"text")
    True

Signing gives the same octets for the same input. Verifying gives
False for whatever is not a signature, malformed values included, and raises Unsupported for what cannot be computed here.
"""

from __future__ import annotations

from interop.crypto.private_key import PrivateKey, generate_private_key, load_private_key, private_key_pem
from interop.crypto.pss import PssParameters, PssRestriction
from interop.crypto.public_key import MalformedKey, PublicKey, inherit_parameters, load_public_key, value_encoding
from interop.crypto.sm2 import DEFAULT_ID, ids_to_try

__all__ = [
    "DEFAULT_ID",
    "MalformedKey",
    "PrivateKey",
    "PssParameters",
    "PssRestriction",
    "PublicKey",
    "generate_private_key",
    "ids_to_try",
    "inherit_parameters",
    "load_private_key",
    "load_public_key",
    "private_key_pem",
    "value_encoding",
]
