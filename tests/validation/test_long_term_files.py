"""Files of others at the levels with time and long-term material: recognised as such, and accepted where their project accepts them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outside import data

from interop.model.check import CheckedFile
from interop.model.profile import World
from interop.profile.load import load_suites
from interop.run.check import CheckOptions, File, check_files
from interop.run.plan import Options, Plan

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LEVELS = {
    **{f"siva__TEST_ESTEID2018_PAdES_{level}_enveloped.pdf": f"B-{level}" for level in ("T", "LT", "LTA")},
    **{
        f"siva__TEST_ESTEID2018_XAdES_{level}_{packaging}.xml": f"B-{level}"
        for level in ("T", "LT", "LTA")
        for packaging in ("enveloped", "enveloping")
    },
    "dss__pades-t-duplicated-doctst.pdf": "B-T",
    "dss__mra_john-doe-lta.xml": "B-LTA",
}
"""All rows of the manifest that assert such a level."""


def _check(path: Path, *, at: datetime = NOW, trust: tuple[Path, ...] = ()) -> CheckedFile:
    plan = Plan(
        options=Options(profiles=None, agreements=None, relying=(), at=at, jobs=0, cache=None),
        world=World(providers=(), agreements=()),
        suites=load_suites(),
        cases=(),
        specs=(),
        relying=(),
        set_id="check",
        signing=at,
        validation=at,
        inputs={},
    )
    options = CheckOptions(at=at, now=NOW, jobs=0)
    options = replace(options, trust=tuple((one.name, one.read_bytes()) for one in trust))
    (file,) = check_files([File(name=path.name, data=path.read_bytes())], plan, options).files
    return file


@pytest.mark.parametrize("name", sorted(LEVELS))
def test_the_level_is_recognised(name: str) -> None:
    file = _check(data("external") / name)
    assert [signature.level for signature in file.signatures] == [LEVELS[name]]


@pytest.mark.parametrize("at", ["2022-07-29", "2022-08-01"])
def test_the_sample_of_the_fictitious_country_passes(at: str) -> None:
    """The mutual-recognition sample of ZZ, with its authorities as anchors."""
    folder = data("external")
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    anchors = folder.parent / "dss-mra" / "cookbook-anchors.pem"
    file = _check(folder / "dss__mra_john-doe-lta.xml", at=moment, trust=(anchors,))
    assert (file.indication, file.sub_indication) == ("TOTAL_PASSED", None)


def test_the_same_sample_before_its_time_stamps_has_no_proof() -> None:
    """Its time-stamps are of 2022-07-28: before that they prove nothing (EN 319 102-1 section 5.4)."""
    folder = data("external")
    anchors = folder.parent / "dss-mra" / "cookbook-anchors.pem"
    file = _check(folder / "dss__mra_john-doe-lta.xml", at=datetime(2022, 7, 11, tzinfo=UTC), trust=(anchors,))
    assert "time.timestamp-invalid" in file.signatures[0].layers["time"].reasons
