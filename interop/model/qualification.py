"""What a certificate and a signature are worth by trusted lists: the values of TS 119 615, as lists and reports name them.

Made by `interop.recognition.qualification`. Beside the technical indication, never instead of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from interop.model.certificate import Finding, ObjectId
from interop.model.trusted_list import NamedType

__all__ = [
    "CertificateQualification",
    "CertificateUse",
    "QcContent",
    "QualificationAt",
    "QualificationOutcome",
    "SignatureQualification",
    "Vocabulary",
]


class CertificateUse(StrEnum):
    """What a certificate is for."""

    ESIG = "esig"
    """Electronic signatures of natural persons."""
    ESEAL = "eseal"
    """Electronic seals of legal persons."""
    WSA = "wsa"
    """Website authentication."""
    UNKNOWN = "unknown"
    """Nothing says it, or several things differ."""


class CertificateQualification(StrEnum):
    """A certificate at one time (TS 119 615)."""

    QCERT_FOR_ESIG_QSCD = "QCERT_FOR_ESIG_QSCD"
    """Qualified, for electronic signatures, the key in a qualified device."""
    QCERT_FOR_ESEAL_QSCD = "QCERT_FOR_ESEAL_QSCD"
    """Qualified, for electronic seals, the key in a qualified device."""
    QCERT_FOR_UNKNOWN_QSCD = "QCERT_FOR_UNKNOWN_QSCD"
    """Qualified, the key in a qualified device, for a use that is not settled."""
    QCERT_FOR_ESIG = "QCERT_FOR_ESIG"
    """Qualified, for electronic signatures."""
    QCERT_FOR_ESEAL = "QCERT_FOR_ESEAL"
    """Qualified, for electronic seals."""
    QCERT_FOR_WSA = "QCERT_FOR_WSA"
    """Qualified, for website authentication."""
    QCERT_FOR_UNKNOWN = "QCERT_FOR_UNKNOWN"
    """Qualified, for a use that is not settled."""
    CERT_FOR_ESIG = "CERT_FOR_ESIG"
    """Not qualified, for electronic signatures."""
    CERT_FOR_ESEAL = "CERT_FOR_ESEAL"
    """Not qualified, for electronic seals."""
    CERT_FOR_WSA = "CERT_FOR_WSA"
    """Not qualified, for website authentication."""
    CERT_FOR_UNKNOWN = "CERT_FOR_UNKNOWN"
    """Not qualified, for a use that is not settled."""
    NA = "NA"
    """No list is reached, or the services that are reached contradict each other."""

    @property
    def qualified(self) -> bool:
        """It is a qualified certificate."""
        return self.name.startswith("QCERT")

    @property
    def qscd(self) -> bool:
        """Its key is in a qualified device."""
        return self.name.endswith("_QSCD")

    @property
    def use(self) -> CertificateUse:
        """What it is for."""
        word = self.name.removesuffix("_QSCD").rpartition("_")[2].lower()
        return CertificateUse(word) if word != "na" else CertificateUse.UNKNOWN

    @classmethod
    def of(cls, *, qualified: bool, use: CertificateUse, qscd: bool) -> CertificateQualification:
        """The value for three answers. A device counts for qualified certificates alone, and never for web servers."""
        device = "_QSCD" if qualified and qscd and use is not CertificateUse.WSA else ""
        return cls[f"{'Q' if qualified else ''}CERT_FOR_{use.name}{device}"]


class SignatureQualification(StrEnum):
    """A signature (TS 119 615). With INDETERMINATE the technical answer is open, with NOT_ADES it failed."""

    QESIG = "QESIG"
    """Qualified electronic signature."""
    QESEAL = "QESEAL"
    """Qualified electronic seal."""
    UNKNOWN_QC_QSCD = "UNKNOWN_QC_QSCD"
    """With a qualified certificate and device, signature or seal not settled."""
    ADESIG_QC = "ADESIG_QC"
    """Advanced electronic signature supported by a qualified certificate."""
    ADESEAL_QC = "ADESEAL_QC"
    """Advanced electronic seal supported by a qualified certificate."""
    UNKNOWN_QC = "UNKNOWN_QC"
    """Advanced, supported by a qualified certificate, signature or seal not settled."""
    ADESIG = "ADESIG"
    """Advanced electronic signature."""
    ADESEAL = "ADESEAL"
    """Advanced electronic seal."""
    UNKNOWN = "UNKNOWN"
    """Advanced, signature or seal not settled."""
    INDETERMINATE_QESIG = "INDETERMINATE_QESIG"
    """QESIG, if the technical answer should turn to passed."""
    INDETERMINATE_QESEAL = "INDETERMINATE_QESEAL"
    """QESEAL, likewise."""
    INDETERMINATE_UNKNOWN_QC_QSCD = "INDETERMINATE_UNKNOWN_QC_QSCD"
    """UNKNOWN_QC_QSCD, likewise."""
    INDETERMINATE_ADESIG_QC = "INDETERMINATE_ADESIG_QC"
    """ADESIG_QC, likewise."""
    INDETERMINATE_ADESEAL_QC = "INDETERMINATE_ADESEAL_QC"
    """ADESEAL_QC, likewise."""
    INDETERMINATE_UNKNOWN_QC = "INDETERMINATE_UNKNOWN_QC"
    """UNKNOWN_QC, likewise."""
    INDETERMINATE_ADESIG = "INDETERMINATE_ADESIG"
    """ADESIG, likewise."""
    INDETERMINATE_ADESEAL = "INDETERMINATE_ADESEAL"
    """ADESEAL, likewise."""
    INDETERMINATE_UNKNOWN = "INDETERMINATE_UNKNOWN"
    """UNKNOWN, likewise."""
    NOT_ADES_QC_QSCD = "NOT_ADES_QC_QSCD"
    """No valid signature, though the certificate is qualified and its key in a qualified device."""
    NOT_ADES_QC = "NOT_ADES_QC"
    """No valid signature, though the certificate is qualified."""
    NOT_ADES = "NOT_ADES"
    """No valid signature, or one by a certificate for web servers."""
    NA = "NA"
    """No list is reached, or the services that are reached contradict each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QcContent:
    """What a certificate says of itself in QC statements (EN 319 412-5), as written or as an equivalence translates it."""

    compliance: bool = False
    """QcCompliance."""
    types: tuple[str, ...] = ()
    """QcType, dotted."""
    qscd: bool = False
    """QcSSCD."""
    legislations: tuple[str, ...] = ()
    """QcCClegislation; any makes it no EU qualified certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """How the lists of a party outside the European Union say what TS 119 615 asks for: its URIs -> those of TS 119 612.

    Empty, as for the Union, every URI means itself. It is applied to what lists say in that party's words, foreign lists after an
    equivalence translated them, so that any two parties can recognise each other, in either direction.
    """

    types: Mapping[str, NamedType] = field(default_factory=dict)
    """ServiceTypeIdentifier -> type, and additional information where the type alone says what the service is for."""
    statuses: Mapping[str, str] = field(default_factory=dict)
    """ServiceStatus."""
    additional: Mapping[str, str] = field(default_factory=dict)
    """AdditionalServiceInformation."""
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    """Qualifiers."""
    legislations: frozenset[str] = frozenset()
    """QcCClegislation that is the party's own law; the Union's certificates carry none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationAt:
    """A certificate at one time, and the service that decided it."""

    at: datetime
    """Issuance or best signature time."""
    qualification: CertificateQualification
    """What it is at that time."""
    list: ObjectId | None = None
    """Id of the list the deciding service stands on; None: no granted service for qualified certificates is left."""
    service: str = ""
    """Its name; untrusted text."""
    equivalence: str | None = None
    """TrustServiceLegalIdentifier of the equivalence that translated it; None: the list's own terms."""
    findings: tuple[Finding, ...] = ()
    """What narrowed the choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationOutcome:
    """A signature by the lists."""

    signature: SignatureQualification
    """Certificate and technical indication together."""
    certificate: CertificateQualification
    """Of both times together."""
    at_issuance: QualificationAt | None = None
    """At notBefore; None: no list is reached."""
    at_best_time: QualificationAt | None = None
    """At best signature time; None: no list is reached."""
    content: QcContent = QcContent()
    """Of the signing certificate, after translation."""
    translated_by: str | None = None
    """TrustServiceLegalIdentifier of the equivalence that translated the content; None: it is as written."""
    findings: tuple[Finding, ...] = ()
    """Ambiguities of equivalences and services that were not used."""
