"""A cache entry is what was put or nothing: damaged, foreign or missing entries are misses, and cost only their work."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from core_run import Core, entry_files, run_with
from hypothesis import given
from hypothesis import strategies as st

from interop.model.errors import EngineError
from interop.run.cache import Cache, code_digest
from interop.run.execute import artifact_name
from interop.run.files import matrix_json
from interop.run.measure import matrix_of
from interop.run.tasks import pack_observation, pack_published, unpack_observation, unpack_published
from interop.run.workers import Failure

NAME = Cache.name("entry")


def path_of(cache: Path, name: str) -> Path:
    (found,) = [path for path in cache.rglob("*") if path.is_file() and path.parent.name + path.name == name]
    return found


@given(body=st.binary(max_size=200))
def test_what_was_put_is_got(body: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    assert cache.get(NAME) is None
    cache.put(NAME, body)
    assert cache.get(NAME) == body
    cache.put(NAME, body + b"x")
    assert cache.get(NAME) == body + b"x"


@given(body=st.binary(max_size=100), data=st.data())
def test_an_entry_with_any_other_byte_is_a_miss(
    body: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    Cache(folder).put(NAME, body)
    path = path_of(folder, NAME)
    raw = path.read_bytes()
    at = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[at]))
    path.write_bytes(raw[:at] + bytes([other]) + raw[at + 1 :])
    assert Cache(folder).get(NAME) is None


@given(body=st.binary(max_size=100), data=st.data())
def test_an_entry_cut_short_or_longer_is_a_miss(
    body: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    Cache(folder).put(NAME, body)
    path = path_of(folder, NAME)
    raw = path.read_bytes()
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw) - 1))])
    assert Cache(folder).get(NAME) is None
    path.write_bytes(raw + data.draw(st.binary(min_size=1, max_size=9)))
    assert Cache(folder).get(NAME) is None


@given(parts=st.lists(st.text(max_size=5), min_size=2, max_size=4))
def test_names_tell_where_one_part_ends(parts: list[str]) -> None:
    """`("ab", "c")` and `("a", "bc")` are two entries."""
    joined = "".join(parts)
    if [joined] != parts:
        assert Cache.name(joined) != Cache.name(*parts)
    if parts[0]:
        moved = [parts[0][:-1], parts[0][-1] + parts[1], *parts[2:]]
        assert Cache.name(*moved) != Cache.name(*parts)


def test_no_folder_keeps_nothing() -> None:
    cache = Cache(None)
    cache.put(NAME, b"x")
    assert cache.get(NAME) is None


def test_a_folder_that_is_a_file_costs_only_speed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    Cache(file).put(NAME, b"x")
    assert Cache(file).get(NAME) is None


def test_a_half_written_entry_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted before the rename: the entry is not there, and the next one is written as usual."""

    def interrupted(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupted)
        with contextlib.suppress(KeyboardInterrupt):
            Cache(tmp_path).put(NAME, b"x")
    assert Cache(tmp_path).get(NAME) is None
    Cache(tmp_path).put(NAME, b"x")
    assert Cache(tmp_path).get(NAME) == b"x"


@given(junk=st.binary(max_size=60))
def test_a_sealed_entry_of_another_shape_is_a_miss(junk: bytes) -> None:
    assert unpack_observation(junk) is None
    assert unpack_published(junk) is None


def test_packing_loses_nothing(core: Core) -> None:
    for observation in core.run.observations.values():
        assert unpack_observation(pack_observation(observation)) == observation
    for published in core.run.published.values():
        assert unpack_published(pack_published(published)) == published


def test_a_run_over_a_damaged_cache_makes_everything_again(core: Core, copied_cache: Path) -> None:
    for number, path in enumerate(entry_files(copied_cache)):
        raw = path.read_bytes()
        path.write_bytes((b"", raw[: len(raw) // 2], b"\0" + raw[1:], raw + b"\n")[number % 4])
    run = run_with(copied_cache)
    assert run.made == len(run.plan.specs)
    assert matrix_json(matrix_of(run)) == matrix_json(core.matrix)
    repaired = run_with(copied_cache)
    assert repaired.made == 0


def test_only_what_is_damaged_is_made_again(core: Core, copied_cache: Path) -> None:
    vectors = sorted(core.run.recipes)[::20]
    for vector in vectors:
        name = Cache.name("observe", code_digest(), core.run.recipes[vector], *core.run.sm2_ids)
        path_of(copied_cache, name).write_bytes(b"")
    run = run_with(copied_cache)
    assert run.made == len(vectors)
    assert matrix_json(matrix_of(run)) == matrix_json(core.matrix)


@pytest.mark.parametrize("part", ["data", "detached"])
def test_a_damaged_artifact_is_made_again_where_its_bytes_are_needed(core: Core, copied_cache: Path, part: str) -> None:
    """Witnesses and real relying parties are given the file itself: half of it would make liars of them."""
    vector = next(v for v, s in core.specs.items() if s.case.id == "xml-b-b-detached")
    path = path_of(copied_cache, artifact_name(core.run.recipes[vector], part))
    path.write_bytes(path.read_bytes()[:-1])
    signer = core.specs[vector].provider.id
    untouched = run_with(copied_cache, signers=(signer,))
    assert untouched.made == 0  # judging needs the facts alone
    asked = run_with(copied_cache, signers=(signer,), real={"us-fpki": "nobody asks it here"})
    assert asked.made == 1
    assert Cache(copied_cache).get(artifact_name(core.run.recipes[vector], part)) is not None


def test_facts_are_keyed_by_the_code_that_saw_them(monkeypatch: pytest.MonkeyPatch, core: Core) -> None:
    """Another version of the code or of a library shares no entry with this one."""
    from interop.run import execute

    with monkeypatch.context() as patch:
        patch.setattr(execute, "code_digest", lambda: "another")
        patch.setattr(
            execute, "run_jobs", lambda function, jobs, **_: iter([(job, Failure(what="stopped")) for job in jobs])
        )
        with pytest.raises(EngineError, match="could not be issued: stopped"):
            run_with(core.cache)
