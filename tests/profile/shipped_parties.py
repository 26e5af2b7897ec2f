"""Who is shipped, as the tests of shipped data name them, and the identifiers that a provider issues under."""

from __future__ import annotations

from collections.abc import Iterator

from interop.model.instant import parse_instant
from interop.model.profile import Provider

DOMESTIC = {
    "cn-licensed-sm2": 1, "cn-gov-gm": 2, "cn-dual-alg": 3, "cn-finance-lei": 4, "cn-customs-xml": 5, "gd-hk-scheme": 6,
    "hk-recognised": 7, "mo-accredited": 8,
}  # fmt: skip
"""Provider -> number of its profile in domestic-profiles.md 6.1, third arc of its stand-in policies (6.0)."""
FOREIGN = (
    "eu-qtsp-natural", "eu-qtsp-seal", "eu-qtsp-brainpool", "uk-qtsp", "ch-zertes", "us-fpki", "global-aatl", "jp-accredited",
    "kr-npki", "sg-accredited", "in-cca", "br-icp-a3", "ua-dual", "kz-nca", "ru-qualified", "zz-pilot",
)  # fmt: skip
EVERYBODY = (*DOMESTIC, *FOREIGN)
"""Who signs, and relies."""
RELYING_ONLY = ("ar-mercosur", "vn-accredited")
"""Who signs nothing: columns of the matrix on request."""
MAINLAND = ("cn-licensed-sm2", "cn-gov-gm", "cn-dual-alg", "cn-finance-lei", "cn-customs-xml", "gd-hk-scheme")
"""DOM of domestic-profiles.md 6.2: all licensed domestic roots."""
SIGNING, VALIDATION = parse_instant("2026-03-01"), parse_instant("2026-03-02")


def oids(provider: Provider) -> Iterator[tuple[str, str]]:
    """(OID, origin) of everything a provider issues under."""
    for spec in provider.certificates:
        for part in (*spec.extensions.policies, *spec.extensions.qc_statements, *spec.extensions.private):
            yield part.oid, part.origin
