"""Trusted lists of profiles and agreements: one per provider, one list of lists per agreement area, signed with TEST keys.

files = export_lists(world, keys, issued=instant)
files["lotl-eu.xml"], files["eu-qtsp-natural.xml"], files["signers.pem"]
write_lists(folder, files)
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from interop.model.certificate import ObjectId
from interop.model.errors import NothingToDo, UsageError
from interop.model.profile import World
from interop.model.trusted_list import TrustedList
from interop.pki.issue import issue
from interop.pki.keystore import KeyStore
from interop.run.files import write_atomically
from interop.trustlist.area_list import area_list
from interop.trustlist.areas import areas_of, words_for
from interop.trustlist.provider_list import provider_list
from interop.trustlist.signers import list_signer
from interop.trustlist.write import ListSigner, sign_list, write_list
from interop.x509.certificate import object_id

__all__ = ["LOTL", "SIGNERS", "export_lists", "write_lists"]

LOTL: Final = "lotl-"
"""How the files of lists of lists begin."""
SIGNERS: Final = "signers.pem"
"""Certificates of those who sign the lists of lists."""


def export_lists(world: World, keys: KeyStore, *, issued: datetime) -> dict[str, bytes]:
    """File name -> content, sorted by name. Equal inputs give equal bytes.

    UsageError for a provider named like a list of lists, NothingToDo without providers; and what issuing raises.
    """
    if not world.providers:
        raise NothingToDo("no provider, no list")
    areas = areas_of(world)
    clash = {f"{LOTL}{area.id}" for area in areas} & {provider.id for provider in world.providers}
    if clash:
        raise UsageError(f"provider '{min(clash)}' is named like a list of lists", hints=("give it another id",))
    certificates: dict[ObjectId, bytes] = {}
    names: dict[str, ObjectId] = {}
    signers: dict[str, ListSigner] = {}
    values: dict[str, TrustedList] = {}
    for provider in world.providers:
        own = issue(provider, keys).certificates
        for name, der in own.items():
            names[f"{provider.id}:{name}"] = object_id(der)
            certificates[object_id(der)] = der
        signer = signers[provider.id] = list_signer(provider.id, provider.jurisdiction, keys)
        certificates[object_id(signer.certificate)] = signer.certificate
        values[provider.id] = provider_list(provider, own, words_for(provider, areas), issued=issued)
    named = {owner: object_id(signer.certificate) for owner, signer in signers.items()}
    firsts: list[bytes] = []
    for area in areas:
        owner = f"{LOTL}{area.id}"
        signers[owner] = list_signer(owner, area.territory, keys)
        firsts.append(signers[owner].certificate)
        values[owner] = area_list(area, world, areas, names=names, signers=named, issued=issued)
    files = {
        f"{owner}.xml": sign_list(write_list(value, certificates), signers[owner], signing=issued)
        for owner, value in values.items()
    }
    files[SIGNERS] = "".join(map(ssl.DER_cert_to_PEM_cert, firsts)).encode("ascii")
    return dict(sorted(files.items()))


def write_lists(folder: Path, files: Mapping[str, bytes]) -> None:
    """All of them or none, `signers.pem` last: without it nobody believes the folder.

    What stands there with the same content stays. UsageError for a file there with other content, and where the folder cannot be
    written.
    """
    other = [name for name, data in files.items() if (folder / name).exists() and not _holds(folder / name, data)]
    if other:
        raise UsageError(
            f"{folder}: {len(other)} of the files are there already and differ, {other[0]} among them; nothing was written",
            hints=("name a new folder with -o",),
        )
    missing = [name for name in files if name != SIGNERS and not (folder / name).exists()]
    if not (folder / SIGNERS).exists():
        missing.append(SIGNERS)
    written: list[Path] = []
    try:
        for name in missing:
            write_atomically(folder / name, files[name])
            written.append(folder / name)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
