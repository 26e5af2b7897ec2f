"""One run of the core set for all."""

from core_run import copied_cache, core, interop

__all__ = ["copied_cache", "core", "interop"]
