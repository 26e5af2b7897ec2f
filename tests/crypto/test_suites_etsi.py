"""The shipped suites against the machine-readable file of ETSI TS 119 312, entry by entry, and against the table."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interop.crypto import table
from interop.model.suite import Suite, SuiteEntry
from interop.model.text import Text

FOLDER = Path(__file__).resolve().parents[2] / "profiles" / "algorithms"
Entry = tuple[str, str, int | None, datetime | None, str]
"""kind, name, min_bits, end, recommendation."""


def suite(name: str) -> Suite:
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    entries = tuple(SuiteEntry(**entry) for entry in data.pop("entries"))
    name_text = Text(**data.pop("name"))
    corrections = tuple(data.pop("corrections"))
    return Suite(name=name_text, corrections=corrections, entries=entries, **data)


def flat(entries: tuple[SuiteEntry, ...]) -> list[Entry]:
    return [(e.kind, e.name, e.min_bits, e.end, e.recommendation) for e in entries]


def listed(value: Any) -> list[Any]:
    """The file writes one-element lists as the element."""
    return value if isinstance(value, list) else [value]


WRONG_OIDS = {
    ("SHA224", "1.2.840.10045.4.3.1"): "2.16.840.1.101.3.4.2.4",
    ("SHA384", "2.16.840.1.101.3.4.2"): "2.16.840.1.101.3.4.2.2",
}
DIGESTS = ("sha224", "sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512")


def rows_for(name: str, oid: str) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """(kind, our name, OIDs, URIs) of what one algorithm of the file stands for in the table."""
    if name == "rsassa-pss":
        general = table.signature_by_oid(oid)
        assert general is not None
        assert general.name == "rsa-pss"
        return [("signature", f"rsa-pss-{d}", (oid,), general.uris) for d in DIGESTS]
    if name == "DSA":
        assert table.key_kind_by_oid(oid) == "DSA"
        return [
            ("key", "DSA", (oid,), ()),
            ("signature", "dsa-sha224", (oid,), ()),
            ("signature", "dsa-sha256", (oid,), ()),
        ]
    digest, signature, curve = table.digest_by_oid(oid), table.signature_by_oid(oid), table.curve_by_oid(oid)
    if digest is not None:
        assert digest.name == name.lower()
        return [("digest", digest.name, (digest.oid,), digest.uris)]
    if signature is not None:
        spelt = name.lower().replace(" with ", "-").replace("sha-", "sha").replace("id-rsassa-pkcs1-v1-5-with-", "rsa-")
        spelt = re.sub(r"(\w+)withrsaencryption", r"rsa-\1", spelt)
        assert signature.name == spelt
        return [("signature", signature.name, signature.oids, signature.uris)]
    assert curve is not None, (name, oid)
    nist = {"secp256r1": "P-256", "secp384r1": "P-384", "secp512r1": "P-521"}  # secp512r1: corrected, see the suite
    assert curve.name == nist.get(name, name)
    return [("key", curve.name, (curve.oid,), ())]


def expected(data: dict[str, Any]) -> list[Entry]:
    found: list[Entry] = []
    for algorithm in data["Algorithm"]:
        identifier = algorithm["AlgorithmIdentifier"]
        name, oid = identifier["Name"], identifier["Objectidentifier"]
        oid = WRONG_OIDS.get((name, oid), oid)
        for kind, ours, oids, uris in rows_for(name, oid):
            assert oid in oids
            assert identifier.get("URI") == (uris[0] if uris else None)
            for evaluation in listed(algorithm["Evaluation"]):
                sizes = {p["name"]: int(p["Min"]) for p in listed(evaluation.get("Parameter", []))}
                assert sizes.keys() <= {"moduluslength", "plength", "qlength"}
                end = evaluation["Validity"].get("End")
                assert evaluation["Validity"].keys() <= {"End"}
                exclusive = None
                if end is not None:
                    exclusive = datetime.fromisoformat(end).astimezone(UTC) + timedelta(milliseconds=1)
                grade = {"R": "recommended", "L": "legacy"}[evaluation["Recommendation"]]
                found.append((kind, ours, sizes.get("moduluslength", sizes.get("plength")), exclusive, grade))
    return found


def test_etsi_suite_is_the_file_entry_by_entry(external: Callable[..., Path]) -> None:
    data = json.loads(external("crypto-suites", "etsi-ts-119312.json").read_text(encoding="utf-8"))
    policy = data["SecuritySuitabilityPolicyType"]
    ours = suite("etsi-ts-119312")
    assert ours.issued == datetime.fromisoformat(policy["PolicyIssueDate"])
    entries = flat(ours.entries)
    derived = [e for e in entries if e[:2] == ("key", "RSA")]
    assert sorted(e for e in map(repr, entries) if e not in map(repr, derived)) == sorted(map(repr, expected(policy)))


def test_rsa_key_sizes_follow_from_the_signatures() -> None:
    """The file has no row for RSA keys: a size is suitable as long as any RSA scheme is with it."""
    entries = flat(suite("etsi-ts-119312").entries)
    for bits in (1900, 3000):
        ends = [
            end
            for kind, name, size, end, _ in entries
            if kind == "signature" and name.startswith("rsa-") and size == bits
        ]
        latest = None if None in ends else max(end for end in ends if end is not None)
        assert [e[3] for e in entries if e[:3] == ("key", "RSA", bits)] == [latest]


def test_ends_are_exclusive_and_in_utc() -> None:
    ends = {entry.end for entry in suite("etsi-ts-119312").entries} - {None}
    assert ends == {datetime(2028, 12, 31, 23, tzinfo=UTC)}
    assert ends == {datetime.fromisoformat("2029-01-01T00:00:00+01:00")}


@pytest.mark.parametrize(
    "wrong", ["1.2.840.10045.4.3.1", "2.16.840.1.101.3.4.2 ", "secp512r1", "1.5.1", "Objectidentifier"]
)
def test_corrections_name_what_was_wrong(wrong: str) -> None:
    assert any(wrong.strip() in line for line in suite("etsi-ts-119312").corrections)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_suite_names_what_the_table_has(path: Path) -> None:
    ours = suite(path.stem)
    assert ours.id == path.stem
    assert ours.name.en
    assert ours.name.zh
    keys = {*table.key_kinds(), *(curve.name for curve in table.curves())}
    for entry in ours.entries:
        known = {"digest": table.digest, "signature": table.signature}.get(entry.kind, lambda name: name in keys)
        assert known(entry.name), entry.name
        if entry.kind == "signature":
            row = table.signature(entry.name)
            assert row is not None
            assert row.digest in {e.name for e in ours.entries if e.kind == "digest"} | {"sha3-224"}
    assert len(set(flat(ours.entries))) == len(ours.entries)


def test_gm_suite_has_no_end() -> None:
    ours = suite("gm")
    assert ours.origin == "modelled"
    assert flat(ours.entries) == [
        ("digest", "sm3", None, None, "recommended"),
        ("signature", "sm2-sm3", None, None, "recommended"),
        ("key", "SM2", None, None, "recommended"),
    ]


def test_the_pilot_suite_adds_eddsa_to_the_etsi_one_and_is_a_stand_in() -> None:
    ours, theirs = suite("zz-pilot"), suite("etsi-ts-119312")
    assert (ours.origin, ours.issued) == ("stand-in", None)
    added = {(entry.kind, entry.name) for entry in ours.entries}
    assert added == {
        ("digest", "sha512"), ("digest", "shake256"), ("signature", "ed25519"), ("signature", "ed448"),
        ("key", "Ed25519"), ("key", "Ed448"),
    }  # fmt: skip
    listed_by_etsi = {(entry.kind, entry.name) for entry in theirs.entries}
    assert added & listed_by_etsi == {("digest", "sha512")}
    assert {(entry.start, entry.end, entry.min_bits) for entry in ours.entries} == {(None, None, None)}
