"""One cache and one set of built vectors for all tests of the command line: the first run fills it, the others use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_calls import Result, call
from outside import data

Interop = Callable[..., Result]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli-cache")


@pytest.fixture(scope="session")
def interop(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Interop:
    """`interop(*arguments, **streams)`: in this process, without workers, in a folder of its own."""
    home = tmp_path_factory.mktemp("cli-home")

    def run(*arguments: str | Path, **given: Any) -> Result:
        env = {"INTEROP_CACHE": str(cache), "INTEROP_JOBS": "0", **given.pop("env", {})}
        return call(*arguments, env=env, folder=given.pop("folder", home), **given)

    return run


@pytest.fixture(scope="session")
def vectors(interop: Interop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of our own: `SIGNER.IDENTITY/FORMAT/LEVEL/CASE.pdf`, and `anchors/SIGNER.pem`."""
    folder = tmp_path_factory.mktemp("vectors")
    for signer in ("us-fpki", "cn-licensed-sm2", "eu-qtsp-natural"):
        built = interop("vectors", "build", "-k", f"{signer}.", "-o", folder)
        assert built.code == 0, built.err
    return folder


@pytest.fixture(scope="session")
def external() -> Path:
    """Signed files made by others, with manifest.csv."""
    return data("external")
