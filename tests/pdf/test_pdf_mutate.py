"""Each mutation breaks the one thing it is named for, and leaves the others as they were in its control."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from outside import tool
from pdf_signers import document, form, provider, sign, sign_t

from interop.model.errors import UsageError
from interop.pdf.mutate import MUTATIONS, byte_changed, cms_transplanted, update_appended, value_flipped
from interop.pdf.observe import observe_pdf

SIGNERS = [("eu-qtsp-natural", "natural-rsa"), ("eu-qtsp-natural", "natural-ec"), ("cn-gov-gm", "")]


def signed_by(name: str, identity: str, which: str = "contract") -> bytes:
    return sign(document(which), provider(name), identity or provider(name).provider.identities[0].id)


def verdicts(data: bytes) -> tuple[list[bool | None], bool, list[str]]:
    """(digests, does the signing certificate's key verify, changes)."""
    found = observe_pdf(data).facts
    (signature,) = found.signatures
    value = [v.ok for v in signature.value if v.key == signature.bound_by[0].certificate]
    return [r.ok for r in signature.references], value == [True], [c.kind for c in found.document.changes]


@pytest.mark.parametrize(("name", "identity"), SIGNERS)
def test_what_each_mutation_breaks(name: str, identity: str) -> None:
    signed = signed_by(name, identity)
    assert verdicts(signed) == ([True], True, [])
    assert verdicts(byte_changed(signed)) == ([False], True, [])
    assert verdicts(update_appended(signed)) == ([True], True, ["page-content"])
    assert verdicts(value_flipped(signed)) == ([True], False, [])
    assert verdicts(cms_transplanted(signed, signed_by(name, identity, "bill-of-lading"))) == ([False], True, [])
    for mutation in MUTATIONS.values():
        arguments = (signed, signed_by(name, identity, "bill-of-lading")) if mutation is cms_transplanted else (signed,)
        found = observe_pdf(mutation(*arguments)).facts
        assert found.document.findings == ()
        assert found.signatures[0].findings == ()
        assert found.signatures[0].covers.whole


def test_a_flipped_value_is_no_longer_what_was_stamped() -> None:
    found = observe_pdf(value_flipped(sign_t(document()))).facts
    assert [(t.imprint.ok, t.value_ok) for t in found.tokens] == [(False, True)]


def test_one_byte_is_changed_and_the_page_shows_it(tmp_path: Path) -> None:
    signed = signed_by("eu-qtsp-natural", "natural-rsa")
    changed = byte_changed(signed)
    assert len(changed) == len(signed)
    assert sum(a != b for a, b in zip(signed, changed, strict=True)) == 1
    texts = []
    for name, data in (("a", signed), ("b", changed)):
        (tmp_path / name).write_bytes(data)
        texts.append(
            subprocess.run([tool("pdftotext"), str(tmp_path / name), "-"], capture_output=True, check=True).stdout
        )
    assert texts[0] != texts[1]


@pytest.mark.parametrize("streams", [False, True])
def test_the_update_is_readable_and_covers_nothing(tmp_path: Path, streams: bool) -> None:
    data = update_appended(sign(form(stream_xrefs=streams)))
    (tmp_path / "u.pdf").write_bytes(data)
    done = subprocess.run(
        [tool("pdfsig"), "-nocert", str(tmp_path / "u.pdf")], capture_output=True, text=True, check=True
    )
    assert "Signature is Valid." in done.stdout
    assert "Not total document signed" in done.stdout


def test_a_literal_text_is_changed_too() -> None:
    assert verdicts(byte_changed(sign(form())))[0] == [False]


def test_what_cannot_be_mutated() -> None:
    for mutation in (value_flipped, lambda data: cms_transplanted(data, data)):
        with pytest.raises(UsageError, match="no sound signature"):
            mutation(document())
