"""PNG predictors, with which cross-reference and object streams are written (ISO 32000-2 7.4.4.4)."""

from __future__ import annotations

from interop.pdf.token import Malformed

__all__ = ["unpredict"]


def unpredict(data: bytes, parameters: dict[str, int]) -> bytes:
    """The data as it was before; `parameters` are the integers of /DecodeParms. Raises Malformed for what is not undone here."""
    predictor = parameters.get("Predictor", 1)
    if predictor == 1:
        return data
    if predictor < 10:
        raise Malformed(f"predictor {predictor} is not undone here")
    pixel = max(1, parameters.get("Colors", 1) * parameters.get("BitsPerComponent", 8) // 8)
    width = max(
        1, (parameters.get("Columns", 1) * parameters.get("Colors", 1) * parameters.get("BitsPerComponent", 8) + 7) // 8
    )
    out, above = bytearray(), bytes(width)
    for start in range(0, len(data) - width, width + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + width])
        if kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, above, strict=True))
        elif kind in (1, 3, 4):
            for i in range(width):
                left = row[i - pixel] if i >= pixel else 0
                corner = above[i - pixel] if i >= pixel else 0
                guess = left if kind == 1 else (left + above[i]) // 2 if kind == 3 else _paeth(left, above[i], corner)
                row[i] = (row[i] + guess) & 255
        elif kind != 0:
            raise Malformed(f"row predictor {kind}")
        out += row
        above = bytes(row)
    return bytes(out)


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))
