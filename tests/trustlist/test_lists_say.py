"""What lists say to relying parties here: with our extension all of an agreement, without it what the standard says; what contradicts,
and what nobody here can make use of, is told.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Condition, Entry, StatusChange
from interop.model.assurance import AssuranceLevel
from interop.model.certificate import ObjectId
from interop.model.errors import InputError
from interop.model.formats import DocumentKind
from interop.model.profile import World
from interop.model.text import Text
from interop.model.trusted_list import ListPointer, ListSignature, TrustedList
from interop.pki.issue import issue
from interop.pki.shipped import shipped_keys
from interop.profile.load import load_world
from interop.run.judge import certificate_names
from interop.run.list_driven import Driven, drive
from interop.run.list_export import SIGNERS, export_lists, write_lists
from interop.run.list_folder import read_folder
from interop.trustlist.read import read_list
from interop.trustlist.signers import list_signer
from interop.trustlist.terms import TERMS, read_terms, write_terms
from interop.trustlist.verify import observe_list_signature
from interop.trustlist.write import sign_list, write_list
from interop.xml.observe import observe_xml

AT = datetime(2026, 3, 2, tzinfo=UTC)
EU = ("eu-qtsp-brainpool", "eu-qtsp-natural", "eu-qtsp-seal")
External = Callable[..., Path]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def names(world: World) -> dict[str, ObjectId]:
    keys = shipped_keys()
    return certificate_names({provider.id: issue(provider, keys).certificates for provider in world.providers})


def export(world: World, folder: Path) -> Path:
    write_lists(folder, export_lists(world, shipped_keys(), issued=AT))
    return folder


def change(path: Path, turn: Callable[[ListPointer], ListPointer | tuple[ListPointer, ...]]) -> None:
    """A list of lists with every pointer put through a change, signed again."""
    was = read_list(path.read_bytes())
    pointers: list[ListPointer] = []
    for pointer in was.list.pointers:
        new = turn(pointer)
        pointers += new if isinstance(new, tuple) else (new,)
    values: TrustedList = replace(
        was.list, id=ObjectId(""), signature=ListSignature(count=0), pointers=tuple(pointers), sequence=2
    )
    signer = list_signer(path.stem, values.territory or "ZZ", shipped_keys())
    path.write_bytes(sign_list(write_list(values, was.certificates), signer, signing=AT))


def driven(folder: Path, world: World, names: dict[str, ObjectId]) -> Driven:
    return drive(world, read_folder(folder, at=AT), names)


def wider(world: World) -> World:
    """The pilot, for the UK too, and for natural persons alone."""
    (pilot,) = (agreement for agreement in world.agreements if agreement.id == "zz-to-eu")
    entries = tuple(replace(e, condition=replace(e.condition, persons=("natural",))) for e in pilot.entries)
    new = replace(pilot, relying=(*pilot.relying, "uk-qtsp"), entries=entries)
    return replace(world, agreements=tuple(new if a is pilot else a for a in world.agreements))


def bare(pointer: ListPointer) -> ListPointer:
    return replace(pointer, raw_information=())


def test_without_our_extension_a_list_of_lists_speaks_to_its_territory(
    world: World, names: dict[str, ObjectId], tmp_path: Path
) -> None:
    """The EU's: its members by its own law, ZZ by the pilot, for signatures; Ukraine as a service that is not qualified, so at most
    advanced. Who is of the territory loads all of it."""
    folder = export(world, tmp_path / "lists")
    change(folder / "lotl-eu.xml", bare)
    found = driven(folder, world, names).world
    by_id = {agreement.id: agreement for agreement in found.agreements}
    home = by_id["eu-list"]
    assert (home.kind, set(home.signers), set(home.relying)) == (AgreementKind.HOME, set(EU), set(EU))
    pilot = by_id["zz-to-eu"]
    assert pilot.kind is AgreementKind.MUTUAL_RECOGNITION
    assert pilot.history == (
        StatusChange(at=datetime(2020, 5, 16, 23, 59, 59, tzinfo=UTC), status=AgreementStatus.ENACTED),
    )
    (entry,) = pilot.entries
    assert entry.issuer == "zz-pilot:issuing"
    assert entry.condition.qc_legislation == "ZZ"
    assert entry.condition.persons == ("natural", "mixed")
    ukraine = [a for a in found.agreements if a.id.startswith("ua-to-eu") and set(a.relying) == set(EU)]
    assert ukraine
    assert {agreement.level_cap for agreement in ukraine} == {AssuranceLevel.L2}
    for party in EU:
        trust = found.provider(party).relying.trust
        assert {"zz-to-eu", *(a.id for a in ukraine)} <= set(trust.load)
        assert {anchor.partition(":")[0] for anchor in trust.anchors} == set(EU)
    assert found.provider("uk-qtsp").relying.trust.load == ("eu-to-uk",)


def test_equivalences_that_speak_of_one_service_are_named(
    world: World, names: dict[str, ObjectId], tmp_path: Path
) -> None:
    """TS 119 615 asks for exactly one; agreements may overlap, so each counts here, and the reader is told."""
    folder = export(world, tmp_path / "lists")

    def twice(pointer: ListPointer) -> ListPointer:
        terms = read_terms(pointer)
        if pointer.recognition is None or terms is None or pointer.territory != "ZZ":
            return pointer
        (one,), (instrument,) = pointer.recognition.equivalences, terms.instruments
        other = replace(
            instrument,
            id="zz-by-contract",
            level_cap=AssuranceLevel.L2,
            entries=tuple(replace(entry, equivalence="zz-by-contract") for entry in instrument.entries),
        )
        return replace(
            pointer,
            recognition=replace(pointer.recognition, equivalences=(one, replace(one, legal_identifier=other.id))),
            raw_information=(write_terms(replace(terms, instruments=(instrument, other))),),
        )

    change(folder / "lotl-eu.xml", twice)
    found = driven(folder, world, names)
    assert found.notes == (
        "lotl-eu.xml: zz-to-eu, zz-by-contract: all of them speak of zz-pilot:issuing; each counts "
        "(TS 119 615 asks for exactly one)",
    )
    assert {"zz-to-eu", "zz-by-contract"} <= {agreement.id for agreement in found.world.agreements}


def test_lists_of_lists_that_contradict_each_other_count_for_their_own_parties(
    world: World, names: dict[str, ObjectId], tmp_path: Path
) -> None:
    """The pilot, for parties in two areas: the list of one says that it holds up to L1, that of the other has no such ceiling."""
    folder = export(wider(world), tmp_path / "lists")
    name, areas = "zz-to-eu", ("lotl-eu.xml", "lotl-uk.xml")
    assert driven(folder, world, names).notes == ()

    def lower(pointer: ListPointer) -> ListPointer:
        terms = read_terms(pointer)
        if terms is None:
            return pointer
        instruments = tuple(replace(i, level_cap=AssuranceLevel.L1) if i.id == name else i for i in terms.instruments)
        return replace(pointer, raw_information=(write_terms(replace(terms, instruments=instruments)),))

    change(folder / areas[0], lower)
    found = driven(folder, world, names)
    assert f"{name}: lists of lists say different things of it; each counts for its own parties" in found.notes
    both = {a.id: a for a in found.world.agreements if a.id.partition("@")[0] == name}
    assert set(both) == {f"{name}@{area.removesuffix('.xml')}" for area in areas[:2]}
    lowered = both[f"{name}@{areas[0].removesuffix('.xml')}"]
    assert lowered.level_cap is AssuranceLevel.L1
    assert not {p for a in both.values() if a is not lowered for p in a.relying} & set(lowered.relying)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind="mutual-recognition"', 'kind="friendship"', "friendship"),
        ('evidence="published"', 'evidence="rumour"', "unknown evidence 'rumour'"),
        ("<it:Entry ", '<it:Entry mood="good" ', "Entry has an unknown mood"),
        ('persons="', 'persons="android ', "unknown kind of person 'android'"),
    ],
)
def test_terms_that_cannot_be_read_are_refused(
    names: dict[str, ObjectId], tmp_path: Path, old: str, new: str, said: str
) -> None:
    """What they narrow must not be lost."""
    world = load_world()
    folder = export(wider(world), tmp_path / "lists")
    changed: list[str] = []

    def spoil(pointer: ListPointer) -> ListPointer:
        (text,) = pointer.raw_information
        if old in text and not changed:
            changed.append(text)
            return replace(pointer, raw_information=(text.replace(old, new, 1),))
        return pointer

    for path in sorted(folder.glob("lotl-*.xml")):
        if not changed:
            change(path, spoil)
    assert changed
    with pytest.raises(InputError, match="terms of a pointer cannot be read") as refused:
        driven(folder, world, names)
    assert said in refused.value.problems[0].what


def test_the_published_pilot_names_nobody_here(
    external: External, world: World, names: dict[str, ObjectId], tmp_path: Path
) -> None:
    """Lists of others: read, believed, and every service named as one of no provider here; nobody is trusted by them."""
    for name in ("dss__mra-lotl.xml", "dss__mra-zz-tl.xml"):
        (tmp_path / name).write_bytes(external("external", name).read_bytes())
    (tmp_path / SIGNERS).write_bytes(external("dss-mra", "cookbook-lotl-signer.pem").read_bytes())
    lists = read_folder(tmp_path, at=datetime(2022, 8, 1, tzinfo=UTC))
    assert [area.file for area in lists.areas] == ["dss__mra-lotl.xml"]
    assert any("trust.list-territory-differs" in finding for finding in lists.findings)
    found = drive(world, lists, names)
    assert any("is of no provider here" in note for note in found.notes)
    assert any(note.startswith("dss__mra-lotl.xml: QCForESig") for note in found.notes)
    assert [agreement for agreement in found.world.agreements if agreement.entries] == []
    assert all(not provider.relying.trust.anchors for provider in found.world.providers)


def test_the_lists_of_2019_are_read_as_a_folder(
    external: External, world: World, names: dict[str, ObjectId], tmp_path: Path
) -> None:
    names_of_files = ("AT", "BE", "CZ", "EU", "FI", "LU", "PE", "SE", "UK")
    for name in names_of_files:
        (tmp_path / f"{name}.xml").write_bytes(external("trusted-lists", f"{name}.xml").read_bytes())
    lotl = (tmp_path / "EU.xml").read_bytes()
    signer = observe_xml(lotl).objects[observe_list_signature(lotl).value_ok[0]]
    (tmp_path / SIGNERS).write_text(ssl.DER_cert_to_PEM_cert(signer), encoding="ascii")
    lists = read_folder(tmp_path, at=datetime(2019, 12, 1, tzinfo=UTC))
    assert lists.idle == ("PE.xml",)
    reached = {other.territory for _, other in lists.areas[0].reached if other is not None}
    assert reached >= {"AT", "BE", "CZ", "FI", "LU", "SE", "UK"}
    found = drive(world, lists, names)
    assert all(not provider.relying.trust.anchors for provider in found.world.providers)
    assert len(found.notes) > 100
    (tmp_path / "CZ.xml").write_bytes(external("trusted-lists", "CZ_broken-sig.xml").read_bytes())
    with pytest.raises(InputError) as refused:
        read_folder(tmp_path, at=datetime(2019, 12, 1, tzinfo=UTC))
    assert [(p.where, "trust.list-damaged" in p.what) for p in refused.value.problems] == [("CZ.xml", True)]


OIDS = ("2.999.1.1", "2.999.1.2", "2.999.7")
CONDITIONS = st.builds(
    Condition,
    policies_any=st.lists(st.sampled_from(OIDS), unique=True, max_size=2).map(tuple),
    policy_prefix=st.sampled_from([None, "2.999.1"]),
    key_usage_all=st.sampled_from([(), ("nonRepudiation",), ("digitalSignature", "nonRepudiation")]),
    extended_key_usage_any=st.sampled_from([(), ("2.999.3.1",), ("2.999.3.1", "2.999.3.2")]),
    qc_statements_all=st.sampled_from([(), ("0.4.0.1862.1.1",), ("0.4.0.1862.1.1", "0.4.0.1862.1.6.1")]),
    qc_legislation=st.sampled_from([None, "ZZ"]),
    certificate_type=st.sampled_from([None, "TEST type"]),
    persons=st.sampled_from([(), ("natural",), ("legal", "mixed")]),
)
SERVICES = (("zz-pilot:root", "zz-pilot:issuing"), ("uk-qtsp:root", "uk-qtsp:issuing"), ("hk-recognised:root", None))
TIMES = st.integers(0, 4000).map(lambda days: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days))


@st.composite
def instruments(draw: st.DrawFn) -> Agreement:
    """Any instrument of the kinds that carry entries, between any parties."""
    chosen = draw(st.lists(st.sampled_from(SERVICES), min_size=1, max_size=2, unique=True))
    start = draw(st.one_of(st.none(), TIMES))
    entries = tuple(
        Entry(
            anchor=anchor,
            issuer=issuer,
            condition=draw(CONDITIONS),
            start=start,
            end=None if start is None else draw(st.one_of(st.none(), st.just(start + timedelta(days=900)))),
        )
        for anchor, issuer in chosen
    )
    steps = sorted(draw(st.sets(TIMES, min_size=1, max_size=3)))
    status = (AgreementStatus.ENACTED, AgreementStatus.REPEALED)
    return Agreement(
        id="drawn",
        kind=draw(st.sampled_from([AgreementKind.MUTUAL_RECOGNITION, AgreementKind.UNILATERAL])),
        name=Text(en="drawn", zh="随机"),
        signers=tuple(dict.fromkeys(anchor.partition(":")[0] for anchor, _ in chosen)),
        relying=tuple(draw(st.lists(st.sampled_from((*EU, "sg-accredited")), min_size=1, max_size=3, unique=True))),
        history=tuple(StatusChange(at=at, status=status[index % 2]) for index, at in enumerate(steps)),
        evidence=draw(st.sampled_from(["published", "hypothetical"])),
        origin="modelled",
        source="drawn",
        entries=entries,
        level_cap=draw(st.sampled_from([None, *AssuranceLevel])),
        scope=draw(st.sampled_from([(), (DocumentKind.CONTRACT,)])),
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=instruments())
def test_any_instrument_comes_back_from_the_lists_as_it_was(
    world: World, names: dict[str, ObjectId], tmp_path_factory: pytest.TempPathFactory, drawn: Agreement
) -> None:
    wanted = {party.partition(":")[0] for party in (*drawn.signers, *drawn.relying, *EU)}
    small = World(
        providers=tuple(provider for provider in world.providers if provider.id in wanted),
        agreements=(*(a for a in world.agreements if a.id in ("eu-home", "zz-home")), drawn),
    )
    small = replace(small, agreements=tuple(a for a in small.agreements if set(a.signers) <= wanted))
    found = driven(export(small, tmp_path_factory.mktemp("drawn") / "lists"), small, names)
    (new,) = (agreement for agreement in found.world.agreements if agreement.id == "drawn")
    assert set(new.entries) == set(drawn.entries)
    assert set(new.relying) == set(drawn.relying)
    for field in ("kind", "name", "evidence", "scope", "level_cap", "history", "counterpart"):
        assert getattr(new, field) == getattr(drawn, field), field
    assert set(new.signers) == set(drawn.signers)


def test_the_extension_is_in_a_space_of_its_own() -> None:
    assert TERMS.startswith("https://stand-in.lists.example/")
