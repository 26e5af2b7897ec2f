"""SM2 verification by the system's libcrypto 3, through ctypes and EVP only.

`load()` gives the back-end where a libcrypto is found that has SM2 and passes its known-answer test, else None with the
reason in `why_not()`. OpenSSL builds without SM2 are common. The environment variable INTEROP_LIBCRYPTO names another
library, and `none` turns it off.

It works on the 32-octet digest e, as `sm2_reference` does: EVP_PKEY_verify hashes nothing and adds no Z. Handles are freed
where they were made, the error queue (one per thread) is left empty, and keys may be used by several threads at once.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from interop.crypto.der import BIT_STRING, SEQUENCE, encode, encode_oid, write_pair
from interop.crypto.sm2_kat import DIGEST, POINT, R, S
from interop.crypto.table_data import EC_PUBLIC_KEY, SM2
from interop.model.errors import EngineError

__all__ = ["Libcrypto", "LibcryptoError", "LibcryptoKey", "load", "why_not"]

_Pointer = ctypes.c_void_p
_Size = ctypes.c_size_t
_HEAD = encode(SEQUENCE, encode_oid(EC_PUBLIC_KEY), encode_oid(SM2))


class LibcryptoError(EngineError):
    """libcrypto refused what it should do; the text is the first entry of its error queue."""


class LibcryptoKey:
    """A public key inside libcrypto, freed with this object."""

    __slots__ = ("_library", "handle")

    def __init__(self, library: Libcrypto, handle: int) -> None:
        self._library = library
        self.handle = handle

    def __del__(self) -> None:
        self._library.free_key(self.handle)


class Libcrypto:
    """The calls that are needed, with their signatures declared."""

    def __init__(self, name: str) -> None:
        """Raises OSError where the library cannot be loaded, AttributeError where it is older than 3.0."""
        self.name = name
        library = ctypes.CDLL(name)

        def declare(function: str, result: type | None, *arguments: type) -> ctypes._NamedFuncPointer:
            pointer = getattr(library, function)
            pointer.restype = result
            pointer.argtypes = arguments
            return pointer  # type: ignore[no-any-return]

        buffer, integer = ctypes.c_char_p, ctypes.c_int
        self._is_a = declare("EVP_PKEY_is_a", integer, _Pointer, buffer)  # 3.0 and later
        self._d2i = declare("d2i_PUBKEY", _Pointer, _Pointer, ctypes.POINTER(buffer), ctypes.c_long)
        self._key_free = declare("EVP_PKEY_free", None, _Pointer)
        self._new = declare("EVP_PKEY_CTX_new", _Pointer, _Pointer, _Pointer)
        self._free = declare("EVP_PKEY_CTX_free", None, _Pointer)
        self._init = declare("EVP_PKEY_verify_init", integer, _Pointer)
        self._verify = declare("EVP_PKEY_verify", integer, _Pointer, buffer, _Size, buffer, _Size)
        self._clear = declare("ERR_clear_error", None)
        self._error = declare("ERR_get_error", ctypes.c_ulong)
        self._error_text = declare("ERR_error_string_n", None, ctypes.c_ulong, buffer, _Size)
        self._version = declare("OpenSSL_version", buffer, integer)

    @property
    def version(self) -> str:
        """E.g. `OpenSSL 3.0.19 27 Jan 2026`."""
        return bytes(self._version(0)).decode("ascii", "replace")

    @contextmanager
    def _clean_errors(self) -> Iterator[None]:
        """Another's leftovers are not ours, and ours are not another's: the queue is the thread's, shared with its owner."""
        self._clear()
        try:
            yield
        finally:
            self._clear()

    def _refused(self, call: str) -> LibcryptoError:
        text = ctypes.create_string_buffer(256)
        self._error_text(self._error(), text, len(text))
        return LibcryptoError(f"{call}: {text.value.decode('ascii', 'replace')}")

    def public_key(self, x: int, y: int) -> LibcryptoKey:
        """A key from its point. Raises LibcryptoError, also for a point that is not on the curve."""
        point = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
        spki = encode(SEQUENCE, _HEAD, encode(BIT_STRING, b"\x00", point))
        with self._clean_errors():
            handle = self._d2i(None, ctypes.byref(ctypes.c_char_p(spki)), len(spki))
            if not handle:
                raise self._refused("d2i_PUBKEY")
            key = LibcryptoKey(self, handle)
            if self._is_a(handle, b"SM2") != 1:
                raise LibcryptoError("EVP_PKEY_is_a: the key is not taken for SM2")
            return key

    def verify(self, key: LibcryptoKey, digest: bytes, value: bytes) -> bool:
        """Whether the DER value is a signature over the 32-octet digest e. Raises LibcryptoError when it cannot be tried."""
        with self._clean_errors():
            context = self._new(key.handle, None)
            if not context:
                raise self._refused("EVP_PKEY_CTX_new")
            try:
                if self._init(context) != 1:
                    raise self._refused("EVP_PKEY_verify_init")
                return bool(self._verify(context, value, len(value), digest, len(digest)) == 1)
            finally:
                self._free(context)

    def free_key(self, handle: int) -> None:
        """Give a key back."""
        self._key_free(handle)


def _known_answer(library: Libcrypto) -> str | None:
    """None if the library knows a right signature from wrong ones; else what it did."""
    key = library.public_key(*POINT)
    value = write_pair(R, S)
    if not library.verify(key, DIGEST, value):
        return "it refuses the example of GB/T 32918.5"
    if library.verify(key, DIGEST[:-1] + b"\x00", value) or library.verify(key, DIGEST, write_pair(S, R)):
        return "it accepts a wrong signature"
    if library.verify(key, DIGEST, value + b"\x00"):
        return "it accepts a trailing octet"
    return None


@cache
def _loaded() -> tuple[Libcrypto | None, str]:
    name = os.environ.get("INTEROP_LIBCRYPTO") or ctypes.util.find_library("crypto")
    if name is None:
        return None, "no libcrypto is installed"
    if name == "none":
        return None, "turned off by INTEROP_LIBCRYPTO"
    try:
        library = Libcrypto(name)
        wrong = _known_answer(library)
    except OSError as error:
        return None, f"{name} cannot be loaded: {error}"
    except AttributeError as error:
        return None, f"{name} is older than 3.0: {error}"
    except LibcryptoError as error:
        return None, f"{name} was built without SM2: {error}"
    if wrong is not None:
        return None, f"{name} fails its known-answer test: {wrong}"
    return library, ""


def load() -> Libcrypto | None:
    """The back-end, looked for and tested once per process; None where there is none that can be used."""
    return _loaded()[0]


def why_not() -> str:
    """Why `load()` gives None; empty where it does not."""
    return _loaded()[1]
