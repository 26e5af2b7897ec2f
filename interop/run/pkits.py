"""NIST PKITS: folders of certificates and CRLs with an index of 246 cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from interop.model.errors import InputError, Problem
from interop.run.conformance import PathCase
from interop.validation.rfc5280 import PathInputs

__all__ = ["PKITS_AT", "read_pkits"]

PKITS_AT = datetime(2020, 1, 1, tzinfo=UTC)
"""Inside the validity of its certificates (2010 to 2030) and of its CRLs."""

_INPUTS = {
    "user_initial_policy_set": "policies",
    "initial_explicit_policy": "explicit_policy",
    "initial_policy_mapping_inhibit": "inhibit_mapping",
    "initial_any_policy_inhibit": "inhibit_any",
}


def read_pkits(folder: Path) -> tuple[PathCase, ...]:
    """Its cases: `pkits.json` beside the folders `certs` and `crls`.

    Raises InputError for a folder that is none, and names the case that is wrong or the file that is missing.
    """
    index = folder / "pkits.json"
    try:
        entries = json.loads(index.read_bytes())
    except OSError as error:
        raise InputError(
            str(index),
            (Problem(where="file", what=error.strerror or str(error)),),
            hints=("the folder holds pkits.json and the folders certs and crls (docs/conformance.md)",),
        ) from error
    except ValueError as error:
        raise InputError(str(index), (Problem(where="file", what=f"no JSON: {error}"),)) from error
    if not isinstance(entries, list):
        raise InputError(str(index), (Problem(where="file", what="no list of cases"),))
    cases: list[PathCase] = []
    problems: list[Problem] = []
    for number, entry in enumerate(entries):
        try:
            cases.append(_case(folder, entry))
        except (KeyError, TypeError, OSError) as error:
            problems.append(Problem(where=f"[{number}]", what=f"{type(error).__name__}: {error}"))
    if problems:
        raise InputError(str(index), tuple(problems))
    return tuple(cases)


def _case(folder: Path, entry: Mapping[str, Any]) -> PathCase:
    fields: dict[str, Any] = {_INPUTS[key]: value for key, value in entry.get("params", {}).items()}
    if "policies" in fields:
        fields["policies"] = frozenset(fields["policies"])
    certificates, crls = folder / "certs", folder / "crls"
    return PathCase(
        id=entry["name"],
        certificate=(certificates / entry["cert"]).read_bytes(),
        others=tuple((certificates / name).read_bytes() for name in entry.get("other_certs", ())),
        anchors=((certificates / "TrustAnchorRootCertificate.crt").read_bytes(),),
        crls=tuple((crls / name).read_bytes() for name in ("TrustAnchorRootCRL.crl", *entry.get("crls", ()))),
        at=PKITS_AT,
        inputs=PathInputs(**fields),
        revocation=entry.get("revocation", True),
        expected="error" not in entry,
    )
