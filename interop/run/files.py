"""What a run leaves behind: `facts.jsonl` with `objects/` beside it, `matrix.json`, `summary.md`.

Each file is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from interop.model.certificate import ObjectId
from interop.model.codec import dump_plain, load_json
from interop.model.errors import UsageError
from interop.model.facts import Facts, Testimony
from interop.model.knowledge import Edge, Evidence
from interop.model.matrix import Matrix
from interop.model.records import (
    EdgeRecord,
    ErrorRecord,
    EvidenceRecord,
    FactRecord,
    FooterRecord,
    HeaderRecord,
    Record,
    TestimonyRecord,
    dump_record,
)

__all__ = ["FactsFile", "matrix_json", "read_matrix", "write_atomically", "write_objects"]


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises UsageError where the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})", hints=("name a folder with -o",)) from None


def matrix_json(matrix: Matrix) -> bytes:
    """`matrix.json`: equal inputs give equal bytes; one line per cell, so that a diff reads well."""
    plain = dump_plain(matrix)
    cells = plain.pop("cells")
    head = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    lines = [
        f"{json.dumps(name)}:{json.dumps(cell, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}"
        for name, cell in sorted(cells.items())
    ]
    return (head[:-1] + ',"cells":{\n' + ",\n".join(lines) + "\n}}\n").encode()


def read_matrix(path: Path) -> Matrix:
    """Read a `matrix.json` back. Raises UsageError where there is none, InputError where it is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror})", hints=("`interop run` writes it into out/",)
        ) from None
    return load_json(Matrix, data, name=str(path))


def write_objects(folder: Path, objects: Mapping[ObjectId, bytes]) -> None:
    """Certificates, status answers and tokens, each once, named by its digest."""
    for identifier, data in objects.items():
        path = folder / f"{identifier.removeprefix('sha256:')}.der"
        if not path.is_file():
            write_atomically(path, data)


class FactsFile:
    """`facts.jsonl`: header, one record a line, footer with counts and digest. Without a footer a run is partial."""

    def __init__(self, header: HeaderRecord) -> None:
        self._lines = [dump_record(header)]
        self._counts: dict[str, int] = {}

    def _add(self, record: Record) -> None:
        self._counts[record.record] = self._counts.get(record.record, 0) + 1
        self._lines.append(dump_record(record))

    def fact(self, vector: str, recipe: str, facts: Facts) -> None:
        """What the primary engine saw in one vector."""
        self._add(FactRecord.of(vector, recipe, facts))

    def failure(self, vector: str, recipe: str, what: str) -> None:
        """A vector for which the engine could not answer."""
        self._add(ErrorRecord(record="error", vector=vector, recipe=recipe, what=what))

    def testimony(self, vector: str, testimony: Testimony) -> None:
        """What a witness said about one vector."""
        self._add(TestimonyRecord.of(vector, testimony))

    def edges(self, edges: Iterable[Edge]) -> None:
        """Verified edges."""
        for edge in edges:
            self._add(EdgeRecord.of(edge))

    def evidence(self, evidence: Iterable[Evidence]) -> None:
        """Status answers as of a time."""
        for record in sorted(evidence, key=lambda e: (e.service, e.object, e.at)):
            self._add(EvidenceRecord.of(record))

    def _footer(self) -> bytes:
        digest = hashlib.sha256(b"".join(self._lines)).hexdigest()
        return dump_record(
            FooterRecord(record="footer", counts=dict(sorted(self._counts.items())), digest=f"sha256:{digest}")
        )

    def write(self, path: Path, *, complete: bool) -> None:
        """Write it; a partial run gets no footer."""
        lines = [*self._lines, self._footer()] if complete else self._lines
        write_atomically(path, b"".join(lines))
