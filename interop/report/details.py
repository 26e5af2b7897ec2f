"""Details of reasons in words that people read: in both languages, certificates by their common name and role, long lists gathered.

The judge and the readers write details once, in neutral English notation; here they are read by the patterns of
`detail_words`. What no pattern fits (a message of a parser, another program's own words) is quoted as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from interop.model.certificate import Certificate
from interop.model.text import Lang, Text
from interop.report.detail_reading import MARKS, USE, read
from interop.report.detail_words import WORDS

__all__ = ["CertificateName", "certificate_names", "gathered", "in_words"]

_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
_ROOT = Text(en="root", zh="根 CA")
_ISSUING = Text(en="issuing CA", zh="签发 CA")
_STAMPS = Text(en="time-stamping unit", zh="时间戳单元")
_ANSWERS = Text(en="OCSP responder", zh="OCSP 响应者")
_SIGNS = Text(en="signing certificate", zh="签名证书")
_CERTIFICATE = Text(en="certificate", zh="证书")
_COMMON = re.compile(r"(?:^|, )CN=((?:[^,\\]|\\.)+)")
_FIRST_MARK = 0xE000
"""Names stand as characters of the private use area while a detail is read."""
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00Z")
_SPACE = re.compile("(?<=[\u4e00-\u9fff》”）：；，、]) (?=[\u4e00-\u9fff《“（])")
"""No space between Chinese characters, where a name that stands for a value turns out to be Chinese."""
_SENT = re.compile(r"(?P<what>[^:;, ]+); accepted (?P<accepted>[^;]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateName:
    """How people call a certificate."""

    role: Text
    """What it is there for."""
    common: str
    """Its common name, else the whole name; untrusted text."""

    @property
    def text(self) -> Text:
        """Role and name."""
        return Text(en=f"{self.role.en} '{self.common}'", zh=f"{self.role.zh}“{self.common}”")


def certificate_names(certificates: Iterable[Certificate]) -> dict[str, CertificateName]:
    """The certificates by their name as details write it. Two of one name and different roles are plain certificates."""
    found: dict[str, CertificateName] = {}
    for certificate in certificates:
        name = certificate.subject.text
        if not name:
            continue
        said = CertificateName(role=_role(certificate), common=_common(name))
        known = found.get(name)
        if known is not None and known.role != said.role:
            said = CertificateName(role=_CERTIFICATE, common=said.common)
        found[name] = said
    return found


def _role(certificate: Certificate) -> Text:
    if certificate.self_issued:
        return _ROOT
    usages = certificate.extended_key_usage or ()
    if _TIME_STAMPING in usages:
        return _STAMPS
    if _OCSP_SIGNING in usages:
        return _ANSWERS
    return _ISSUING if certificate.ca else _SIGNS


def _common(name: str) -> str:
    found = _COMMON.search(name)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else name


def in_words(detail: str, names: Mapping[str, CertificateName] | None = None) -> Text:
    """One detail in both languages. `names` as `certificate_names` gives them: without them names stay as they are."""
    masked, shown = _masked(detail, names or {})
    english, chinese = read(masked, "en"), read(masked, "zh")
    quoted = chinese is None
    said = Text(
        en=_unmasked(masked if english is None else english, shown, "en"),
        zh=_unmasked(f"原文“{masked}”" if quoted or chinese is None else chinese, shown, "zh"),
    )
    return Text(en=_INSTANT.sub(r"\1", said.en), zh=_SPACE.sub("", _INSTANT.sub(r"\1", said.zh)))


def gathered(details: Sequence[str], names: Mapping[str, CertificateName] | None = None) -> tuple[Text, ...]:
    """The details of one reason, each once: algorithm uses that are refused for the same are one line, by what is used and where."""
    names = names or {}
    uses: dict[str, dict[str, dict[Text, None]]] = {}
    seen: list[tuple[str, str, str]] = []
    others: list[str] = []
    for detail in _sent(details):
        parts = [USE.fullmatch(part) for part in detail.split("; ")]
        if all(parts):
            seen.extend((part["where"], part["what"], part["tail"] or "") for part in parts if part)
        elif detail:
            others.append(detail)
    seen = list(dict.fromkeys(seen))
    full = len({where for where, _, _ in seen if where.startswith("certificate ")}) <= 1
    for where, what, tail in sorted(seen, key=lambda use: use[0].startswith("certificate ")):
        uses.setdefault(tail, {}).setdefault(what, {})[_place(where, names, full=full)] = None
    lines = [_use_line(tail, used) for tail, used in uses.items()]
    return tuple(dict.fromkeys((*lines, *(in_words(detail, names) for detail in others))))


def _sent(details: Sequence[str]) -> tuple[str, ...]:
    """`pades; accepted pdf-gm` and `xades; accepted pdf-gm` are one."""
    sent: dict[str, list[str]] = {}
    rest: list[str] = []
    for detail in dict.fromkeys(details):
        found = _SENT.fullmatch(detail)
        if found is None:
            rest.append(detail)
        else:
            sent.setdefault(found["accepted"], []).append(found["what"])
    return (*(f"{', '.join(what)}; accepted {accepted}" for accepted, what in sent.items()), *rest)


def _place(where: str, names: Mapping[str, CertificateName], *, full: bool) -> Text:
    if not where.startswith("certificate "):
        return Text(en=where, zh=WORDS[where])
    name = where.removeprefix("certificate ")
    known = names.get(name, CertificateName(role=_CERTIFICATE, common=_common(name)))
    return known.text if full or name not in names else known.role


def _use_line(tail: str, used: Mapping[str, Mapping[Text, None]]) -> Text:
    """`RSA-4096 (root), RSA-2048 (signature, issuing CA): in none of gm`."""
    verdict = in_words(f"signature: -{tail}") if tail else None
    sides = {}
    for lang in ("en", "zh"):
        comma, opening, closing, colon = (", ", " (", ")", ": ") if lang == "en" else ("、", "（", "）", "：")
        what = comma.join(
            f"{name}{opening}{comma.join(place.in_(lang) for place in places)}{closing}"
            for name, places in used.items()
        )
        if verdict is not None:
            what += colon + re.split(r"-[,，] ?", verdict.in_(lang), maxsplit=1)[1]
        sides[lang] = what
    return Text(en=sides["en"], zh=sides["zh"])


def _masked(detail: str, names: Mapping[str, CertificateName]) -> tuple[str, list[CertificateName]]:
    shown: list[CertificateName] = []
    if MARKS.search(detail):  # it holds such characters of its own
        return detail, shown
    for name in sorted((name for name in names if name in detail), key=len, reverse=True):
        if name in detail:
            mark = chr(_FIRST_MARK + len(shown))
            detail = detail.replace(f"certificate {name}", mark).replace(name, mark)
            shown.append(names[name])
    return detail, shown


def _unmasked(text: str, shown: Sequence[CertificateName], lang: Lang) -> str:
    if not shown:
        return text
    return MARKS.sub(lambda found: shown[ord(found[0]) - _FIRST_MARK].text.in_(lang), text)
