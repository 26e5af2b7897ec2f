"""Where the values of a table of data come from."""

from __future__ import annotations

from typing import Literal

__all__ = ["Origin", "Origins"]

Origin = Literal["real", "modelled", "stand-in"]
"""`real`: a published value; `modelled`: a shape copied from a public certificate or standard; `stand-in`: invented, under 2.999
where it is an OID."""
Origins = dict[str, Origin]
"""Dotted paths of single values whose origin differs from that of their table."""
