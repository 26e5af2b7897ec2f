"""Where the shipped data is, in a checkout and installed.

Installed, the data travels inside the package (`interop/data/profiles`, `interop/data/vectors`); in a checkout it stands in
the root of the repository (`profiles/`, `vectors/`). Both have the same shape below the folder that `data_root` names.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from interop.model.errors import UsageError

__all__ = ["agreements_dir", "data_root", "providers_dir", "rules_dir", "suites_dir"]


@cache
def data_root() -> Path:
    """The folder that holds `profiles/` and `vectors/`: `interop/data` of the package, else the root of the repository.

    Raises UsageError where neither is there.
    """
    package = Path(str(files("interop")))
    for root in (package / "data", package.parent):
        if (root / "profiles").is_dir():
            return root
    raise UsageError(
        "the shipped profiles are not there: neither in the package nor beside it",
        hints=("reinstall interop, or name your own folders with --profiles",),
    )


def providers_dir() -> Path:
    """Shipped provider profiles."""
    return data_root() / "profiles" / "providers"


def agreements_dir() -> Path:
    """Shipped agreements."""
    return data_root() / "profiles" / "agreements"


def suites_dir() -> Path:
    """Shipped algorithm suites."""
    return data_root() / "profiles" / "algorithms"


def rules_dir() -> Path:
    """Shipped rules that belong to no provider."""
    return data_root() / "profiles" / "rules"
