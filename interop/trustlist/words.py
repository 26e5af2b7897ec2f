"""The words of a list: URIs for service types, status, qualifiers and list types, in the space of one agreement area.

The European Union has those of TS 119 612 clause 5.5 and annex D. Every other area has stand-ins in a space of its own under a reserved
name, so that no URI of a real scheme is claimed for test data: `https://stand-in.lists.example/<area>/...`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from interop.model.qualification import Vocabulary
from interop.model.trusted_list import NamedType

__all__ = ["EU", "LISTS_TYPE", "STAND_IN", "Words", "words_of"]

EU: Final = "eu"
"""Id of the one area that speaks in the words of TS 119 612."""
STAND_IN: Final = "https://stand-in.lists.example/"
_ETSI: Final = "http://uri.etsi.org/TrstSvc/"
_QUALIFIERS: Final = (
    "QCStatement", "NotQualified", "QCWithQSCD", "QCNoQSCD", "QCQSCDStatusAsInCert", "QCQSCDManagedOnBehalf", "QCForLegalPerson",
    "QCForESig", "QCForESeal", "QCForWSA",
)  # fmt: skip
_ADDITIONAL: Final = ("ForeSignatures", "ForeSeals", "ForWebSiteAuthentication")
_OLD_GRANTED: Final = ("undersupervision", "supervisionincessation", "accredited")
"""Status of services before 1 July 2016 that count as granted."""
LISTS_TYPE: Final = "TSLType/ListOfTheLists"
"""Ending of the TSLType of a list of lists in a stand-in space."""


@dataclass(frozen=True, slots=True)
class Words:
    """The URIs of one area."""

    area: str
    """Id of the area, e.g. `eu`, `hk`."""

    @property
    def _standard(self) -> bool:
        return self.area == EU

    def _uri(self, path: str, standard: str) -> str:
        return _ETSI + (standard or path) if self._standard else f"{STAND_IN}{self.area}/{path}"

    def type(self, name: str) -> str:
        """ServiceTypeIdentifier: `CA/QC` (qualified, or what stands for it), `CA/PKC` (not qualified), `NationalRootCA-QC` (an
        anchor), `TSA`, `TSA/QTST`."""
        return self._uri(f"Svctype/{name}", "")

    @property
    def qualified(self) -> str:
        """Issues qualified certificates, or what the law of the area has in their place."""
        return self.type("CA/QC")

    @property
    def other(self) -> str:
        """Issues other certificates."""
        return self.type("CA/PKC")

    @property
    def anchor(self) -> str:
        """A CA at which paths may end, above those that issue."""
        return self.type("NationalRootCA-QC")

    @property
    def conditional(self) -> str:
        """What an equivalence makes of a service on conditions that its criteria cannot say: in a stand-in space always, so that
        whoever does not read the conditions has nothing of it."""
        return f"{STAND_IN}{self.area}/Svctype/conditional"

    @property
    def granted(self) -> str:
        """ServiceStatus of a service that counts."""
        return self._uri("Svcstatus/granted", "TrustedList/Svcstatus/granted")

    @property
    def withdrawn(self) -> str:
        """ServiceStatus of one that does not."""
        return self._uri("Svcstatus/withdrawn", "TrustedList/Svcstatus/withdrawn")

    def information(self, name: str) -> str:
        """A qualifier or AdditionalServiceInformation, by its name in TS 119 612 clause 5.5.9."""
        return self._uri(f"SvcInfoExt/{name}", f"TrustedList/SvcInfoExt/{name}")

    @property
    def list_type(self) -> str:
        """TSLType of a provider's list."""
        return self._uri("TSLType/generic", "TrustedList/TSLType/EUgeneric")

    @property
    def lists_type(self) -> str:
        """TSLType of the list of lists."""
        return self._uri(LISTS_TYPE, "TrustedList/TSLType/EUlistofthelists")

    @property
    def legislation(self) -> str:
        """Legislation URI of an agreement: no rule reads it, and the published samples hold a placeholder."""
        return f"{STAND_IN}{self.area}/legislation"

    @property
    def valid(self) -> tuple[str, ...]:
        """Every ServiceStatus that counts as granted."""
        old = (_ETSI + "TrustedList/Svcstatus/" + name for name in _OLD_GRANTED)
        return (self.granted, *(old if self._standard else ()))

    def qualifiers(self, other: Words) -> tuple[tuple[str, str], ...]:
        """Pairs (here, there) for an equivalence."""
        return tuple((self.information(name), other.information(name)) for name in _QUALIFIERS)

    def vocabulary(self, law: str) -> Vocabulary:
        """These words in those of TS 119 612, for whoever judges by a list of this area under the law of that territory."""
        if self._standard:
            return Vocabulary()
        standard = Words(EU)
        return Vocabulary(
            types={self.type(n): NamedType(type=standard.type(n)) for n in ("CA/QC", "CA/PKC", "NationalRootCA-QC")},
            statuses={self.granted: standard.granted, self.withdrawn: standard.withdrawn},
            additional={self.information(n): standard.information(n) for n in _ADDITIONAL},
            qualifiers={self.information(n): standard.information(n) for n in _QUALIFIERS},
            legislations=frozenset({law}),
        )


def words_of(list_type: str) -> Words:
    """The words in which a list of that TSLType speaks: a stand-in space by its area, else TS 119 612."""
    if list_type.startswith(STAND_IN):
        return Words(list_type[len(STAND_IN) :].partition("/")[0])
    return Words(EU)
