"""What a check says about one value: place, sentence, weight; and when to keep silent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from interop.model.certificate import under_arc
from interop.model.errors import suggestion
from interop.model.ids import is_slug
from interop.profile.expected import Path
from interop.profile.names import is_oid
from interop.profile.shape import dotted

__all__ = [
    "EXAMPLE_ARC", "Path", "Remark", "check_host", "check_number", "check_oid", "check_slug", "check_stand_in", "check_word",
    "duplicates", "is_hex", "sound",
]  # fmt: skip

EXAMPLE_ARC = "2.999"
"""The arc for examples (X.660): everything invented lives here, and nothing else does."""

_HOSTS = (".example", ".invalid", ".test")
"""RFC 2606: names that nobody can own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing that a check noticed."""

    path: Path
    what: str
    """One lower-case sentence, with a suggestion where there is one."""
    severity: Literal["error", "warning"] = "error"
    """An error keeps the profile from being used; a warning is something that a careful reader would ask about."""
    needs: tuple[Path, ...] = ()
    """Other values it rests on: where one of them is mistaken itself, the remark is not made."""

    @property
    def where(self) -> str:
        """Dotted path, e.g. `certificates[1].key.curve`."""
        return dotted(self.path)


def sound(remarks: Iterable[Remark], unsound: Collection[Path]) -> tuple[Remark, ...]:
    """The remarks that do not merely echo a mistake already reported at, or above, a path they rest on."""
    return tuple(
        remark
        for remark in remarks
        if not any(path[: len(bad)] == bad for bad in unsound for path in (remark.path, *remark.needs))
    )


def check_slug(path: Path, text: str) -> Iterator[Remark]:
    """Ids are lower-case letters, digits and inner hyphens."""
    if not is_slug(text):
        yield Remark(path=path, what=f"'{text}' is not an id (lower-case letters, digits, inner hyphens)")


def check_oid(path: Path, text: str) -> Iterator[Remark]:
    """OIDs are dotted, with at least three arcs."""
    if not is_oid(text):
        yield Remark(path=path, what=f"'{text}' is not an OID with at least three arcs")


def check_stand_in(path: Path, oid: str, origin: str) -> Iterator[Remark]:
    """What lies under 2.999 is a stand-in, and every stand-in OID lies there."""
    if not is_oid(oid):
        return
    if under_arc(oid, EXAMPLE_ARC) and origin != "stand-in":
        yield Remark(path=path, what=f"{oid} lies under {EXAMPLE_ARC}, so its origin is 'stand-in', not '{origin}'")
    if origin == "stand-in" and not under_arc(oid, EXAMPLE_ARC):
        yield Remark(path=path, what=f"{oid} is called a stand-in but does not lie under {EXAMPLE_ARC}")


def check_word(
    path: Path, word: str, known: Collection[str], what: str, needs: tuple[Path, ...] = ()
) -> Iterator[Remark]:
    """The word must be one of those known; `what` says what it is, e.g. `curve`."""
    if word not in known:
        near = suggestion(word, known) or (f" (there is {', '.join(sorted(known))})" if 0 < len(known) <= 8 else "")
        yield Remark(path=path, what=f"unknown {what} '{word}'{near}", needs=needs)


def check_number(
    path: Path, value: int | None, least: int, most: int | None = None, *, why: str = "", needs: tuple[Path, ...] = ()
) -> Iterator[Remark]:
    """The number, where there is one, lies between both ends, which are allowed; `why` names the clause."""
    if value is None or (value >= least and (most is None or value <= most)):
        return
    end = f"is less than {least}" if value < least else f"is more than {most}"
    yield Remark(path=path, what=f"{value} {end}{f' ({why})' if why else ''}", needs=needs)


def is_hex(text: str) -> bool:
    """Whether the text is hex of at least one octet."""
    try:
        return bool(bytes.fromhex(text))
    except ValueError:
        return False


def check_host(path: Path, url: str) -> Iterator[Remark]:
    """Test data names no host that somebody could own (RFC 2606), and no path of this machine."""
    scheme, separator, rest = url.partition("://")
    host = rest.split("/", 1)[0].rsplit("@", 1)[-1].split(":", 1)[0] if separator else url.rsplit("@", 1)[-1]
    if separator and scheme not in {"http", "https", "ldap"}:
        yield Remark(path=path, what=f"'{url}' is no http, https or ldap address")
    elif not f".{host}".endswith(_HOSTS):
        yield Remark(path=path, what=f"host '{host}' may belong to somebody (use one under {', '.join(_HOSTS)})")


def duplicates(values: Iterable[tuple[Path, str]], what: str) -> Iterator[Remark]:
    """Every value but the first of its kind."""
    seen: dict[str, Path] = {}
    for path, value in values:
        if value in seen:
            yield Remark(path=path, what=f"{what} '{value}' is already at {dotted(seen[value])}", needs=(seen[value],))
        seen.setdefault(value, path)
