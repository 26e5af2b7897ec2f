"""Lists that stay readable with many providers and hundreds of vectors: `profile list`, `profile show`, `vectors list`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable

import pytest
from cli_calls import Result
from rich.cells import cell_len

from interop.profile.load import load_world

Interop = Callable[..., Result]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 120, 200])
def test_every_provider_is_listed_at_every_width(interop: Interop, width: int, lang: str) -> None:
    result = interop("profile", "list", "--lang", lang, env={"COLUMNS": str(width)})
    assert result.code == 0, result.err
    assert all(cell_len(line) <= width for line in result.out.splitlines())
    world = load_world()
    assert re.findall(r"^([a-z][a-z0-9-]+) +[A-Z]{2}  ", result.out, re.MULTILINE) == [p.id for p in world.providers]
    assert str(len(world.providers)) in result.err
    opaque = [i.id for p in world.providers for i in p.identities if i.opaque]
    assert re.findall(r"([a-z0-9-]+)\s+\(~", result.out) == opaque
    silent = {"en": "relies only", "zh": "仅依赖，不签名"}[lang]
    assert result.out.count(silent) == sum(not p.identities for p in world.providers) > 0


def test_a_profile_says_what_is_not_verified_and_who_signs_after_whom(interop: Interop) -> None:
    shown = interop("profile", "show", "ru-qualified").out
    assert "recognised and never verified: listed, not counted" in " ".join(shown.split())
    dual = interop("profile", "show", "cn-dual-alg", "--lang", "zh").out
    assert "先签名，sm2 随后签名" in dual
    assert re.search(r"relies on +RSA\n", interop("profile", "show", "hk-recognised").out)


def test_vectors_are_counted_as_they_are_listed(interop: Interop) -> None:
    listed = interop("vectors", "list").out.splitlines()
    ids = [line.split("  ")[0] for line in listed]
    assert len(set(ids)) == len(ids) > 0
    keys = {
        "signer": [name.split(".")[0] for name in ids],
        "identity": [name.split("/")[0] for name in ids],
        "format": [name.split("/")[1] for name in ids],
        "level": [name.split("/")[2] for name in ids],
        "case": [name.split("/")[3] for name in ids],
        "expectation": [line.split("  ", 1)[1] for line in listed],
    }
    for by, values in keys.items():
        result = interop("vectors", "list", "--by", by, "-f", "json")
        assert json.loads(result.out) == Counter(values)
        table = interop("vectors", "list", "--by", by)
        rows = [line.strip().split("  ", 1) for line in table.out.splitlines()]
        assert {name: int(count) for count, name in rows} == Counter(values)
        assert f"{len(ids)} vectors" in table.err


def test_vectors_of_some_signers(interop: Interop) -> None:
    some = interop("vectors", "list", "--signers", "us-fpki,hk-recognised", "-k", "pades")
    assert some.out
    assert all(re.match(r"(us-fpki|hk-recognised)\.[a-z-]+/pades/", line) for line in some.out.splitlines())
    unknown = interop("vectors", "list", "--signers", "us-fpkl")
    assert unknown.code == 2
    assert "did you mean 'us-fpki'?" in unknown.error
