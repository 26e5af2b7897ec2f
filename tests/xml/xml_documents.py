"""Generated namespaced documents for the canonicalisation laws."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

PREFIXES = ("", "p", "q", "r")
NAMES = ("urn:a", "urn:b", "urn:c")


@dataclass
class Draft:
    declared: dict[str, str] = field(default_factory=dict)
    prefix: int = 0
    attributes: list[tuple[int, str, str]] = field(default_factory=list)
    xml_attributes: dict[str, str] = field(default_factory=dict)
    children: list[tuple[str, Draft]] = field(default_factory=list)
    text: str = ""


BETWEEN = st.sampled_from(
    ["", "t", "a &amp; b", "\n  ", "<!-- c -->", "<?pi data?>", "&#13;", "&gt;中文", "<![CDATA[<x>]]>"]
)
VALUES = st.sampled_from(["v", "", "a&#10;b&#9;c", "&lt;&quot;'", "&#13;", "中"])
XML_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["lang", "space", "base"]), st.sampled_from(["0", "1", "2"]), max_size=2
)
XML_VALUES = {
    "lang": ("en", "zh-CN", "de"),
    "space": ("preserve", "default", "preserve"),
    "base": ("http://a.example/x/y/", "sub/", "../up/"),
}


def drafts() -> st.SearchStrategy[Draft]:
    def node(children: st.SearchStrategy[list[tuple[str, Draft]]]) -> st.SearchStrategy[Draft]:
        return st.builds(
            Draft,
            declared=st.dictionaries(st.sampled_from(PREFIXES), st.sampled_from((*NAMES, "")), max_size=2),
            prefix=st.integers(0, 3),
            attributes=st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab"), VALUES), max_size=3),
            xml_attributes=XML_ATTRIBUTES,
            children=children,
            text=BETWEEN,
        )

    leaf = node(st.just([]))
    return st.recursive(leaf, lambda inner: node(st.lists(st.tuples(BETWEEN, inner), max_size=3)), max_leaves=8)


def written(draft: Draft, counter: list[int], scope: dict[str, str] | None = None) -> str:
    """The document, every element named `e` and numbered by an Id `i0`, `i1`, ..."""
    scope = {"": ""} if scope is None else scope
    declared = {p: u for p, u in draft.declared.items() if u or not p}
    scope = {**scope, **declared}
    usable = [p for p in scope if p == "" or scope[p]]
    prefix = usable[draft.prefix % len(usable)]
    name = f"{prefix}:e" if prefix else "e"
    parts = [f"<{name}"]
    parts += [f' xmlns{":" if p else ""}{p}="{u}"' for p, u in declared.items()]
    parts.append(f' Id="i{counter[0]}"')
    counter[0] += 1
    used: set[tuple[str, str]] = set()
    for index, attribute, value in draft.attributes:
        place = usable[index % len(usable)]
        key = (scope[place] if place else "", attribute)
        if key not in used:
            used.add(key)
            parts.append(f' {place + ":" if place else ""}{attribute}="{value}"')
    parts += [f' xml:{k}="{XML_VALUES[k][int(v)]}"' for k, v in draft.xml_attributes.items()]
    parts.append(">" + draft.text)
    for between, child in draft.children:
        parts += [between, written(child, counter, scope)]
    parts.append(f"</{name}>")
    return "".join(parts)
