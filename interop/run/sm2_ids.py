"""Which SM2 distinguishing IDs are tried: those that somebody's profile names. Who accepts which one is left to the judge.

GB/T 35276 has a default ID that is used where nothing else is agreed upon; another cannot be read from a signature, so that
an engine has to be told which to try.
"""

from __future__ import annotations

from interop.model.profile import World
from interop.model.rules import RelyingRules

__all__ = ["named_sm2_ids"]


def named_sm2_ids(world: World, *rules: RelyingRules) -> tuple[str, ...]:
    """IDs of all keys and relying parties of the world, and of further rules; sorted, each once."""
    keys = {certificate.key.sm2_id for provider in world.providers for certificate in provider.certificates}
    relying = (*(provider.relying for provider in world.providers), *rules)
    return tuple(sorted(keys.union(*(rule.algorithms.sm2_ids for rule in relying))))
