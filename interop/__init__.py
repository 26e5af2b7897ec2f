"""interop: who recognises whose electronic signatures, at which level, and why not."""

__version__ = "0.1.0"
__all__ = ["__version__"]
