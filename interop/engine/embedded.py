"""The embedded engine: our own scan of the file before any library, then pdf, xml, cms and x509."""

from __future__ import annotations

from dataclasses import replace

from interop import __version__
from interop.engine.protocol import EngineInfo, Request
from interop.engine.sniff import sniff
from interop.model.certificate import Finding
from interop.model.facts import DocumentFacts, Facts, Observation
from interop.x509.certificate import object_id

__all__ = ["NAME", "EmbeddedEngine"]

NAME = f"embedded@{__version__}"
MOST_OBJECTS = 500
"""Objects of one file that are looked at."""


class EmbeddedEngine:
    """Facts about PDF and XML signatures with all algorithms of the table."""

    def info(self) -> EngineInfo:
        """Who it is."""
        return EngineInfo(
            id="embedded",
            version=__version__,
            role="primary",
            capabilities=("pdf", "xml", "value", "digest", "edge", "token"),
            install="ships with interop",
            description="PDF and XML signatures, RSA, ECDSA, EdDSA and SM2, certificates, status answers and time-stamps",
        )

    def observe(self, request: Request) -> Observation:
        """All facts of one file.

        One with more than `MOST_OBJECTS` certificates, status answers and tokens has its signatures reported without them: to
        verify who signed whom among so many would cost the square of their number.
        """
        found = self._observe(request)
        if len(found.objects) <= MOST_OBJECTS:
            return found
        finding = Finding(code="container.too-many-objects", detail=f"{len(found.objects)}, at most {MOST_OBJECTS}")
        document = replace(found.facts.document, findings=(*found.facts.document.findings, finding))
        return Observation(facts=replace(found.facts, document=document, objects=()), objects={})

    def _observe(self, request: Request) -> Observation:
        kind = sniff(request.data)
        if kind == "pdf":
            from interop.pdf.observe import observe_pdf  # noqa: PLC0415 - pyHanko is a third of a second

            return observe_pdf(request.data, password=request.password, sm2_ids=request.sm2_ids)
        if kind == "xml":
            from interop.xml.observe import observe_xml  # noqa: PLC0415 - only what the file needs

            return observe_xml(
                request.data,
                detached=request.detached,
                element=request.element,
                certificates=request.certificates,
                sm2_ids=request.sm2_ids,
            )
        code = "container.unrecognised" if kind == "unknown" else "container.format-not-handled"
        document = DocumentFacts(format=kind, findings=(Finding(code=code, detail=kind),))
        return Observation(facts=Facts(artifact=object_id(request.data), engine=NAME, document=document), objects={})
