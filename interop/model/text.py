"""Text that people read, in the two languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Lang", "Text"]

Lang = Literal["en", "zh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One sentence or name, in English and in Chinese."""

    en: str
    """English."""
    zh: str
    """中文"""

    def in_(self, lang: Lang) -> str:
        """The sentence in that language."""
        return self.zh if lang == "zh" else self.en
