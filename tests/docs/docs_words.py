"""The glossary, docs/words.md: nouns by hand, everything else from the enums of the model and their docstrings."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from enum import Enum
from itertools import pairwise
from textwrap import dedent

from interop.model.agreement import AgreementKind
from interop.model.assurance import AssuranceLevel
from interop.model.case import Expect
from interop.model.formats import DocumentKind, Format, Level, Packaging
from interop.model.indication import INDICATION_OF, Indication, SubIndication
from interop.model.layers import NAMES, RECOGNITION, Layer, LayerState
from interop.model.outcome import (
    CELL_TEXT,
    GLYPH,
    OUTCOME_CHAR,
    SIDE_TEXT,
    CellVerdict,
    Conformity,
    GroupState,
    Outcome,
    Side,
)
from interop.model.reasons import Actor, Effect
from interop.model.text import Text
from interop.report.words import ACTORS, CONFORMITY

__all__ = ["words_page"]

_HEAD = """# Words

One word, one meaning, in code, data, reports and here. Made from the model by `python tests/docs/docs_writer.py`; a test compares.

| word | meaning | 中文 |
|---|---|---|
| provider | a trust service provider: signs as one, and stands for the parties that rely on it | 信任服务提供者 |
| signer, relying party | the two roles of a provider in a cell | 签署方, 依赖方 |
| identity | one certificate type of a provider that signs (natural person, seal, scheme certificate) | 签署身份 |
| profile | the declarative description of a provider: one TOML file | 证书与验证规范 |
| opaque identity | one whose algorithm is recognised and never verified: listed, not counted | 不透明身份（仅列出、不计入） |
| leg | one of the two signatures of a document that is signed with two algorithms | 双签名中的一个签名 |
| format | how the signature is written into the file, see below | 签名格式 |
| agreement | a legal or contractual instrument of recognition, one direction at a time | 互认安排 |
| case | what is signed, how, and which one thing is wrong with it (or nothing) | 用例 |
| control | the positive twin of a negative case: the same recipe without its mutation | 对照用例 |
| vector | the signed bytes of one case by one identity | 测试向量 |
| group | the required cases of one identity, format and level: the grain at which a cell is accepted or not | 用例组 |
| engine | software that looks at a vector | 验证引擎 |
| fact | one thing an engine saw in one file; never depends on time, trust, policy or relying party | 事实 |
| witness | an independent tool that confirms or contradicts single facts; it never feeds the judge | 佐证引擎 |
| opinion | an engine's own conclusion; never used as a fact | 引擎意见 |
| edge | a checked relation between two known objects, e.g. this certificate was signed by that key | 关联 |
| evidence | a status answer (CRL, OCSP) that a service gives as of a time | 状态证据 |
| layer | one question of the ladder below | 层 |
| verdict | what a relying party makes of the facts | 结论 |
| promise | what the agreements in force say should happen | 承诺 |
| cell | ordered pair signer -> relying party | 单元格 |
| attribution | where to look first for why a cell is blocked, with what speaks for it | 归因 |
| cluster | refused groups that share all their reasons | 同因组 |
| asymmetry | two parties that do not treat, or do not promise to treat, one another alike | 双向不一致 |
| reason | a permanent code of the catalogue; `interop explain CODE` prints sentence, clause and remedy | 原因代码 |
"""


def _docs(kind: type[Enum]) -> dict[str, str]:
    """Member name -> the docstring under it in the source, on one line."""
    tree = ast.parse(dedent(inspect.getsource(kind)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found: dict[str, str] = {}
    for statement, after in pairwise(body):
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            found[statement.targets[0].id] = " ".join(str(after.value.value).split())
    return {member.name: found[member.name] for member in kind}


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|")


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _plain(kind: type[Enum], value: Callable[[Enum], object] = lambda member: f"`{member.value}`") -> str:
    docs = _docs(kind)
    return _table(("word", "meaning"), [(value(member), docs[member.name]) for member in kind])


def _named(kind: type[Enum], text: Callable[[Enum], Text], **extra: Callable[[Enum], object]) -> str:
    docs = _docs(kind)
    rows: list[tuple[object, ...]] = [
        (
            f"`{m.value}`",
            *(show(m) for show in extra.values()),
            text(m).en,
            text(m).zh,
            docs[m.name],
        )
        for m in kind
    ]
    return _table(("word", *extra, "in reports", "中文", "meaning"), rows)


def words_page() -> str:
    """docs/words.md."""
    parts = [
        _HEAD,
        "## Layers\n\nTwelve questions, in the order of explanation. The last three are about recognition, the others technical. "
        "Every layer that can be evaluated is; the first that blocks is the headline, all that block are kept.\n",
        _named(
            Layer, lambda m: NAMES[Layer(m.value)], part=lambda m: "recognition" if m in RECOGNITION else "technical"
        ),
        "## Answers of a layer\n",
        _plain(LayerState),
        "## Verdicts of a cell\n\nThe first rule that holds, in the order of [the matrix page](matrix.md).\n",
        _named(CellVerdict, lambda m: CELL_TEXT[CellVerdict(m.value)], glyph=lambda m: GLYPH[CellVerdict(m.value)]),
        "## Measured against promise\n\nA second axis, never mixed into the verdict.\n",
        _named(Conformity, lambda m: CONFORMITY[Conformity(m.value)]),
        "## Where to look first\n\nTo whom a refusal is attributed; [the matrix page](matrix.md#where-to-look-first) says how.\n",
        _named(Side, lambda m: SIDE_TEXT[Side(m.value)]),
        "## States of a group\n",
        _plain(GroupState),
        "## Outcomes of a case\n\nThe character stands in the outcome strings of `matrix.json`.\n",
        _table(
            ("outcome", "character", "meaning"),
            [(f"`{o.value}`", f"`{OUTCOME_CHAR[o]}`", _docs(Outcome)[o.name]) for o in Outcome],
        ),
        "## What a case expects\n",
        _plain(Expect),
        "## Formats\n",
        _plain(Format),
        "## Levels of a signature\n",
        _plain(Level),
        "## Packaging of XML signatures\n",
        _plain(Packaging),
        "## Documents\n",
        _plain(DocumentKind),
        "## Levels of assurance\n\nOf an identity at home, and of what a relying party grants.\n",
        _plain(AssuranceLevel, value=lambda member: f"`{member.name}`"),
        "## Kinds of agreement\n",
        _plain(AgreementKind),
        "## Reasons: what they do, and who can act\n",
        _plain(Effect),
        "",
        _named(Actor, lambda m: ACTORS[Actor(m.value)]),
        "## Indications\n\nETSI EN 319 102-1, and one of our own for files without a signature.\n",
        _plain(Indication),
        "",
        _table(
            ("sub-indication", "stands under", "meaning"),
            [
                (f"`{sub.value}`", f"`{INDICATION_OF[sub].value}`", _docs(SubIndication)[sub.name])
                for sub in SubIndication
            ],
        ),
    ]
    return "\n".join(parts)
