"""One run of the core set for all, and a scene of it that may be changed."""

from assumed import own_cache, scene
from core_run import copied_cache, core, interop

__all__ = ["copied_cache", "core", "interop", "own_cache", "scene"]
