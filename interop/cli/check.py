"""`interop check`: somebody else's signed PDF or XML."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.lazy import exit_codes
from interop.cli.parameters import CACHE_OPTIONS, JOBS, LANG, add_options, cache_folder, split

if TYPE_CHECKING:
    from interop.model.check import CheckedFile, CheckReport
    from interop.model.rules import RelyingRules
    from interop.model.text import Lang
    from interop.run.check import File
    from interop.run.lists import ListParty

__all__ = ["check"]

EXIT_CODES = exit_codes(
    0, 1, 3, 5,
    c0="every file passes the technical layers (with --as or --list: is accepted by all of those)",
    c1="some file does not",
    c2="wrong usage, or a file that cannot be read",
    c3="some file could not be looked at to the end",
    c5="no signature was found",
    c130="interrupted",
)  # fmt: skip
EPILOG = f"""
\b
examples
  interop check contract.pdf
  interop check contract.pdf --as hk-recognised --as eu-qtsp-natural
  interop check invoice.xml --trust partner-root.pem --at claimed
  interop check signature.xml --detached contract.xml
  cat contract.pdf | interop check - -f json
  interop check old.xml --trust root.pem --rules legacy
  interop check contract.pdf --list lotl.xml --list zz.xml --list-signer lotl-signer.pem
  interop check incoming/                           every PDF and XML in a folder and in those below it

{EXIT_CODES}
"""


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Home anchors: a file (PEM, DER, bundle) or folder; repeat it.",
)
@click.option(
    "--with-cert", multiple=True, type=click.Path(path_type=Path), help="Certificates that may complete a path."
)
@click.option("--as", "relying", multiple=True, metavar="ID[,ID]", help="As this relying party.  [default: all]")
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Trusted list (ETSI TS 119 612); repeat it. Adds the relying party `lists`.",
)
@click.option(
    "--list-signer",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Certificates trusted to sign lists; the lists name the signers of those they point to.",
)
@click.option(
    "--no-recognition",
    is_flag=True,
    help="Leave the mutual-recognition information of lists aside: as if nothing was agreed.",
)
@click.option("--at", "at_text", default="now", show_default=True, metavar="TIME", help="An instant, now, or claimed.")
@click.option("--detached", type=click.Path(path_type=Path), help="Content beside a detached signature.")
@click.option("--password-file", type=click.Path(path_type=Path), help="File with the password of a PDF.")
@click.option("--element", metavar="ID", help="XML: the element that you consume, where it is not the root.")
@click.option(
    "--rules",
    metavar="NAME|FILE",
    help="Technical rules: neutral, legacy (old algorithms, no status demanded), or a file.",
)
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@add_options(JOBS, LANG, *CACHE_OPTIONS)
def check(
    files: tuple[str, ...], trust: tuple[Path, ...], with_cert: tuple[Path, ...], relying: tuple[str, ...],
    lists: tuple[Path, ...], list_signer: tuple[Path, ...], no_recognition: bool, at_text: str,
    detached: Path | None, password_file: Path | None, element: str | None, rules: str | None, profiles: Path | None,
    agreements: Path | None, form: str, jobs: int, lang: Lang, cache: Path | None, no_cache: bool,
) -> int:  # fmt: skip
    """Look at somebody's signed PDF or XML, and say who would accept it and what would change that.

    Two conclusions: technical, against the signer's home (--trust, else a provider known here), and one per relying
    party. Without a home the chain stays open; everything else is still said. Nothing goes to the network.
    """
    from interop.cli.console import ConsoleListener, data_console, print_json
    from interop.model.codec import dump_json
    from interop.report.checked import print_report
    from interop.run.check import CheckOptions, check_files
    from interop.run.plan import Options, plan_check

    now = datetime.now(UTC).replace(microsecond=0)
    at = None if at_text == "claimed" else now if at_text == "now" else _instant(at_text)
    party = _list_party(lists, list_signer, recognition=not no_recognition, at=at or now)
    chosen, others = _chosen(split(relying), party)
    inputs = _inputs(files, detached=detached, password_file=password_file, element=element)
    with ExitStack() as stack:
        folder = stack.enter_context(cache_folder(cache, none=no_cache))
        planned = plan_check(
            Options(profiles=profiles, agreements=agreements, relying=others, at=at or now, jobs=jobs, cache=folder)
        )
        if party is not None:
            _no_namesake(provider.id for provider in planned.world.providers)
        listener = stack.enter_context(ConsoleListener())
        report = check_files(
            inputs,
            planned,
            CheckOptions(
                at=at,
                now=now,
                trust=_certificates(trust, "--trust"),
                with_cert=_certificates(with_cert, "--with-cert"),
                relying=() if relying and not others else planned.relying,
                rules=None if rules is None else _rules(rules),
                lists=party,
                jobs=jobs,
            ),
            listener,
        )
    if form == "json":
        print_json(dump_json(report, indent=1))
    else:
        print_report(report, data_console(), lang)
    return _exit_code(report, chosen=chosen)


def _list_party(
    lists: tuple[Path, ...], signers: tuple[Path, ...], *, recognition: bool, at: datetime
) -> ListParty | None:
    """The party of the lists named; None: there are none. UsageError where one option lacks the other."""
    from interop.model.errors import UsageError

    if not lists:
        if signers or not recognition:
            option = "--list-signer" if signers else "--no-recognition"
            raise UsageError(f"{option} without --list", hints=("--list names a trusted list",))
        return None
    if not signers:
        raise UsageError(
            "--list without --list-signer: a list is believed by its signer alone",
            hints=("--list-signer names the certificate of whoever signs the list, or the list of lists",),
        )
    from interop.run.lists import load_lists
    from interop.x509.certificate import read_certificates

    trusted = [
        der for name, content in _certificates(signers, "--list-signer") for der in read_certificates(content, name)
    ]
    return load_lists([(str(path), _read(path)) for path in lists], signers=trusted, at=at, recognition=recognition)


def _chosen(named: tuple[str, ...], party: ListParty | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(whose acceptance decides the exit code, those of them that have a profile). Naming lists is naming that party."""
    from interop.model.errors import UsageError
    from interop.run.lists import LISTS

    others = tuple(name for name in named if name != LISTS)
    if party is None:
        if others != named:
            raise UsageError("--as lists without --list", hints=("--list names a trusted list",))
        return named, named
    return (*others, LISTS), others


def _no_namesake(providers: Iterable[str]) -> None:
    from interop.model.errors import UsageError
    from interop.run.lists import LISTS

    if LISTS in providers:
        raise UsageError(f"a profile has the id '{LISTS}', which --list gives to the party of the lists")


def _instant(text: str) -> datetime:
    from interop.model.errors import UsageError
    from interop.model.instant import parse_instant

    try:
        return parse_instant(text)
    except (ValueError, OverflowError):
        raise UsageError(
            f"--at '{text}' is no instant", hints=("write 2026-03-02, 2026-03-02T12:00:00Z, now, or claimed",)
        ) from None


def _rules(name: str) -> RelyingRules:
    """Shipped rules by name, else those of a file."""
    from interop.model.errors import UsageError
    from interop.profile.data import rules_dir
    from interop.profile.load import load_rules

    shipped = {path.stem: path for path in sorted(rules_dir().glob("*.toml"))}
    path = shipped.get(name, Path(name))
    if not path.is_file():
        raise UsageError(f"--rules '{name}': no such rules", hints=(f"shipped: {', '.join(shipped)}; or name a file",))
    return load_rules(path)


def _read(path: Path) -> bytes:
    from interop.model.errors import UsageError

    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None


def _written(name: str) -> str:
    """A file name as JSON can hold it: octets that are no UTF-8 as their escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _inputs(
    files: tuple[str, ...], *, detached: Path | None, password_file: Path | None, element: str | None
) -> list[File]:
    from interop.model.errors import NothingToDo
    from interop.run.check import File

    beside = None if detached is None else _read(detached)
    password = None if password_file is None else _read(password_file).decode("utf-8", "replace").rstrip("\r\n")
    found: list[File] = []
    for name in files:
        if name == "-":
            data = [("-", sys.stdin.buffer.read())]
        elif Path(name).is_dir():
            paths = sorted(p for p in Path(name).rglob("*") if p.suffix.lower() in _SIGNED and p.is_file())
            data = [(str(path), _read(path)) for path in paths]
        else:
            data = [(name, _read(Path(name)))]
        found += [
            File(name=_written(shown), data=content, detached=beside, password=password, element=element)
            for shown, content in data
        ]
    if not found:
        raise NothingToDo("no PDF or XML file in what was named")
    return found


_SIGNED = frozenset({".pdf", ".xml", ".ofd", ".p7m", ".asice", ".asics", ".sce", ".scs"})
"""What is taken of a folder: files of the formats read, and of containers that are named as not handled."""
_CERTIFICATES = frozenset({".pem", ".crt", ".cer", ".cert", ".der", ".p7b", ".p7c"})


def _certificates(paths: tuple[Path, ...], option: str) -> tuple[tuple[str, bytes], ...]:
    """(name, content) of the files; of a folder, those that are named like certificates."""
    from interop.model.errors import UsageError

    found: list[tuple[str, bytes]] = []
    for path in paths:
        if path.is_dir():
            members = sorted(p for p in path.iterdir() if p.suffix.lower() in _CERTIFICATES and p.is_file())
            if not members:
                raise UsageError(
                    f"{option} {path}: no certificate in that folder",
                    hints=(f"files that end in {', '.join(sorted(_CERTIFICATES))} are read",),
                )
        else:
            members = [path]
        found += [(str(member), _read(member)) for member in members]
    return tuple(found)


_PRECEDENCE = (3, 1, 5, 0)


def _exit_code(report: CheckReport, *, chosen: tuple[str, ...]) -> int:
    """The worst of the files: 3 could not be looked at; 1 not passed (of those `chosen`: not accepted by all); 5 no signature."""
    codes = {_file_code(file, chosen) for file in report.files}
    return next(code for code in _PRECEDENCE if code in codes)


def _file_code(file: CheckedFile, chosen: tuple[str, ...]) -> int:
    if file.error is not None:
        return 3
    if file.indication == "NO_SIGNATURE_FOUND":
        return 5
    if chosen:
        answers = [file.relying_parties.get(name) for name in chosen]
        return 0 if file.signatures and all(answer is not None and answer.accepted for answer in answers) else 1
    return 0 if file.indication == "TOTAL_PASSED" else 1
