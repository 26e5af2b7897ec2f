"""x509-limbo: a JSON file of certification paths with the expected result of each."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from interop.model.errors import InputError, Problem
from interop.run.conformance import PathCase

__all__ = ["read_limbo"]

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_PURPOSES = {
    "anyExtendedKeyUsage": "2.5.29.37.0",
    "serverAuth": "1.3.6.1.5.5.7.3.1",
    "clientAuth": "1.3.6.1.5.5.7.3.2",
    "codeSigning": "1.3.6.1.5.5.7.3.3",
    "emailProtection": "1.3.6.1.5.5.7.3.4",
    "timeStamping": "1.3.6.1.5.5.7.3.8",
    "OCSPSigning": "1.3.6.1.5.5.7.3.9",
}
_ANY = _PURPOSES["anyExtendedKeyUsage"]


def read_limbo(path: Path, now: datetime) -> tuple[PathCase, ...]:
    """Its cases. `now` is the validation time of those that name none.

    Raises InputError for what is no such file, with the case and the field.
    """
    try:
        raw = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(str(path), (Problem(where="file", what=error.strerror or str(error)),)) from error
    except ValueError as error:
        raise InputError(str(path), (Problem(where="file", what=f"no JSON: {error}"),)) from error
    entries = raw.get("testcases") if isinstance(raw, dict) else None
    if not isinstance(entries, list):
        raise InputError(str(path), (Problem(where="testcases", what="missing; this is no x509-limbo file"),))
    cases: list[PathCase] = []
    problems: list[Problem] = []
    for index, entry in enumerate(entries):
        name = str(entry.get("id", index)) if isinstance(entry, dict) else str(index)
        try:
            cases.append(_case(entry, now))
        except (KeyError, TypeError, ValueError) as error:
            problems.append(Problem(where=f"testcases[{index}] ({name})", what=f"{type(error).__name__}: {error}"))
    if problems:
        raise InputError(str(path), tuple(problems))
    return tuple(cases)


def _case(entry: Mapping[str, Any], now: datetime) -> PathCase:
    purposes = frozenset(_PURPOSES[name] for name in entry["extended_key_usage"])
    when = entry["validation_time"]
    return PathCase(
        id=entry["id"],
        certificate=_der(entry["peer_certificate"]),
        others=tuple(map(_der, entry["untrusted_intermediates"])),
        anchors=tuple(map(_der, entry["trusted_certs"])),
        crls=tuple(map(_der, entry["crls"])),
        at=now if when is None else datetime.fromisoformat(when),
        revocation=bool(entry["crls"]),
        purposes=purposes | {_ANY} if purposes else purposes,
        most_between=entry["max_chain_depth"],
        conforming=True,
        expected=entry["expected_result"] == "SUCCESS",
    )


def _der(text: str) -> bytes:
    found = _PEM.search(text)
    if found is None:
        raise ValueError("no PEM block")
    try:
        return base64.b64decode("".join(found[2].split()), validate=True)
    except binascii.Error as error:
        raise ValueError(f"PEM: {error}") from error
