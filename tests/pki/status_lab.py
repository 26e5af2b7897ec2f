"""Asking our judge about a certificate with answers made on purpose: link real bytes, then ask the layer `revocation`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from interop.model.rules import RevocationRules
from interop.model.verdict import Path
from interop.pki.issue import Issued
from interop.run.link import Linker
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment
from interop.validation.path_status import path_status
from interop.validation.revocation import StatusSources

__all__ = ["ask"]

OFFLINE = RevocationRules(offline=True)


def ask(
    issued: Issued, certificate: str, at: datetime, answers: Iterable[tuple[str, bytes]], *, whole: bool = False
) -> list[str]:
    """Codes about one certificate with (kind, DER) answers in the file and nothing else; `[]`: good.

    Its CA is the anchor, unless the `whole` path up to the provider's own is asked about.
    """
    linker = Linker()
    ids = {name: linker.add("certificate", der) for name, der in issued.certificates.items()}
    held = frozenset(linker.add(kind, der) for kind, der in answers)
    chain = [certificate, issued.spec(certificate).issuer]
    while whole and chain[-1] not in issued.provider.anchors:
        chain.append(issued.spec(chain[-1]).issuer)
    path = Path(certificates=tuple(ids[name] for name in chain))
    causes = path_status(Lookup(linker.knowledge()), path, StatusSources(in_file=held, rules=OFFLINE), Moment(at))
    return [cause.code for cause in causes]
