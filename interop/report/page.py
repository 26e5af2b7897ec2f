"""A page on a terminal: lines that wrap with hanging indents, in whatever width, language and encoding there is.

Nothing ends in spaces, nothing is clipped, and a word with its mark is never torn apart. What the encoding of the
stream cannot write is replaced by plain ASCII marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Styled

from interop.model.layers import LayerState
from interop.model.outcome import GLYPH, CellVerdict
from interop.model.text import Lang
from interop.report.wrap import wrapped

__all__ = ["STYLE", "Page", "padded"]

STYLE = {
    CellVerdict.NOT_TESTED: "dim",
    CellVerdict.UNSAFE: "bold white on red",
    CellVerdict.OVER_RECOGNISED: "bold magenta",
    CellVerdict.UNSUPPORTED: "dim",
    CellVerdict.INCONCLUSIVE: "bold yellow",
    CellVerdict.RECOGNISED: "green",
    CellVerdict.DOWNGRADED: "green",
    CellVerdict.PARTIAL: "cyan",
    CellVerdict.VALID_NOT_RECOGNISED: "yellow",
    CellVerdict.NOT_RECOGNISED: "red",
}
"""Colours of verdicts. Colour never says anything that the mark does not."""

_ASCII_GLYPH = {
    CellVerdict.NOT_TESTED: ".",
    CellVerdict.UNSAFE: "#",
    CellVerdict.OVER_RECOGNISED: "^",
    CellVerdict.UNSUPPORTED: "0",
    CellVerdict.INCONCLUSIVE: "?",
    CellVerdict.RECOGNISED: "+",
    CellVerdict.DOWNGRADED: "v",
    CellVerdict.PARTIAL: "~",
    CellVerdict.VALID_NOT_RECOGNISED: "o",
    CellVerdict.NOT_RECOGNISED: "x",
}
_MARK = {
    LayerState.PASS: ("✓", "+", "green"),
    LayerState.FAIL: ("✗", "x", "red"),
    LayerState.INDETERMINATE: ("?", "?", "yellow"),
    LayerState.UNSUPPORTED: ("∅", "0", "yellow"),
    LayerState.NOT_EVALUATED: ("·", ".", "dim"),
    LayerState.NOT_APPLICABLE: ("-", "-", "dim"),
}
_PLAIN = {"…": "...", "•": "*"}
_LAST_COLUMN = 24
"""Columns that the last column of a table needs to be worth reading."""
NARROWEST = 40
"""Columns below which a page does not shrink: it wraps words there, and the terminal wraps the page."""


def _can_write(encoding: str) -> bool:
    drawn = "".join(GLYPH.values()) + "".join(mark for mark, _, _ in _MARK.values()) + "".join(_PLAIN)
    try:
        drawn.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text filled up to a width in columns (a Chinese character takes two)."""
    fill = " " * max(width - cell_len(text), 0)
    return fill + text if right else text + fill


class Page:
    """Prints to one console in one language. Colour is the console's affair."""

    def __init__(self, console: Console, lang: Lang = "en") -> None:
        self._console = console
        self.lang: Lang = lang
        self.width = max(console.width, NARROWEST)
        self.ascii = not _can_write(console.encoding)
        """Whether marks are written in plain ASCII."""

    def verdict(self, verdict: CellVerdict) -> Styled:
        """Mark of a cell."""
        return Styled(_ASCII_GLYPH[verdict] if self.ascii else GLYPH[verdict], style=STYLE[verdict])

    def state(self, state: LayerState) -> Styled:
        """Mark of a layer."""
        mark, plain, style = _MARK[state]
        return Styled(plain if self.ascii else mark, style=style)

    def plain(self, text: str) -> str:
        """Ellipses and bullets as the encoding can write them."""
        if self.ascii:
            for drawn, typed in _PLAIN.items():
                text = text.replace(drawn, typed)
        return text

    def blank(self) -> None:
        """An empty line."""
        self._emit(Styled())

    def title(self, text: str) -> None:
        """A heading after an empty line."""
        self.blank()
        self.hang(Styled(text, style="bold"), rest=2)

    def hang(self, text: Styled | str, *, first: int | str = 0, rest: int | None = None) -> None:
        """A paragraph. `first` indents its first line (or is what stands there), `rest` the lines after it."""
        lead = " " * first if isinstance(first, int) else first
        indent = cell_len(lead) if rest is None else rest
        body = Styled(self.plain(text)) if isinstance(text, str) else text
        width = max(self.width - max(indent, cell_len(lead)), 20)
        for number, line in enumerate(wrapped(body, width)):
            self._emit(Styled(lead if number == 0 else " " * indent).append_text(line))

    def flow(self, items: Iterable[Styled | str], *, indent: int = 0, gap: str = "  ", lead: Styled | str = "") -> None:
        """Items in a row, broken between items only (an item that is wider than a line is folded). `lead` stands first."""
        pieces = [Styled(self.plain(item)) if isinstance(item, str) else item for item in items]
        start = Styled(lead) if isinstance(lead, str) else lead.copy()
        widest = max((cell_len(piece.plain) for piece in pieces), default=0)
        if start.plain and indent + cell_len(start.plain) + widest > self.width:  # what leads stands alone above
            self.hang(start, first=indent)
            indent, start = indent + 2, Styled()
        line = Styled(" " * indent).append_text(start)
        inner = cell_len(line.plain)
        column, empty = inner, True
        for item in pieces:
            piece = item
            wide = cell_len(piece.plain)
            if not empty and column + cell_len(gap) + wide > self.width:
                self._emit(line)
                line, column, empty = Styled(" " * inner), inner, True
            if empty and inner + wide > self.width:
                lines = wrapped(piece, max(self.width - inner, 20))
                for part in lines[:-1]:
                    self._emit(line.append_text(part))
                    line = Styled(" " * inner)
                piece = lines[-1]
                wide = cell_len(piece.plain)
            line.append("" if empty else gap).append_text(piece)
            column, empty = column + (0 if empty else cell_len(gap)) + wide, False
        if not empty or start.plain:
            self._emit(line)

    def rows(self, rows: Iterable[Sequence[Styled | str]], *, indent: int = 0) -> None:
        """Short columns before a last one that wraps under itself. Every row has the same number of columns."""
        table = [[Styled(self.plain(c)) if isinstance(c, str) else c for c in row] for row in rows]
        if not table:
            return
        widths = [max(cell_len(row[i].plain) for row in table) for i in range(len(table[0]) - 1)]
        at = indent + sum(width + 2 for width in widths)
        for row in table:
            if at > self.width:  # not even the short columns fit beside each other
                self.flow(row[:-1], indent=indent)
                self.hang(row[-1], first=indent + 4)
                continue
            head = Styled(" " * indent)
            for cell, width in zip(row[:-1], widths, strict=True):
                head.append_text(cell).append(" " * (width - cell_len(cell.plain) + 2))
            if self.width - at < min(_LAST_COLUMN, cell_len(row[-1].plain)):  # the last column goes below
                self._emit(head)
                self.hang(row[-1], first=indent + 4)
                continue
            for number, line in enumerate(wrapped(row[-1], self.width - at)):
                self._emit((head if number == 0 else Styled(" " * at)).append_text(line))

    def line(self, text: Styled) -> None:
        """One line as it is, already fitted."""
        self._emit(text)

    def _emit(self, line: Styled) -> None:
        line.rstrip()
        self._console.print(line, soft_wrap=True, markup=False, highlight=False, emoji=False)
