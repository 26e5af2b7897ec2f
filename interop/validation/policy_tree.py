"""Certificate policies along a path: RFC 5280 section 6.1, the valid_policy_tree and its three counters.

The tree is kept as one set of nodes per depth. A node is (valid policy, the policy of the anchor's domain it comes from):
that is all that the algorithm asks of it, and it keeps the tree small where mappings would make the textbook tree grow
exponentially (CVE-2023-0464).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interop.model.certificate import Certificate

__all__ = ["ANY_POLICY", "PolicyInputs", "PolicyOutcome", "process_policies"]

ANY_POLICY = "2.5.29.32.0"
MOST_NODES = 1000
"""Nodes of one depth, and policies expected below them together times a hundred: OpenSSL's bound for the same tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInputs:
    """What the relying party gives to path validation (RFC 5280 section 6.1.1 c to g)."""

    policies: frozenset[str] = frozenset()
    """user-initial-policy-set; empty: anyPolicy."""
    explicit_policy: bool = False
    inhibit_mapping: bool = False
    inhibit_any: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyOutcome:
    """What comes out (RFC 5280 section 6.1.6)."""

    ok: bool
    """A policy is valid, or none was asked for explicitly."""
    policies: frozenset[str]
    """User-constrained policy set, in the anchor's domain; `2.5.29.32.0` where any policy is valid; empty: none is."""
    end_policies: frozenset[str]
    """The same policies as the signer's certificate names them, after mapping."""
    explicit: bool
    """An explicit policy was required at the end, by the inputs or by a certificate."""
    mapping_any: bool
    """A certificate maps to or from anyPolicy, which section 6.1.4 (a) forbids."""
    too_large: bool = False
    """The policies of the path are more than is worked through: nothing is valid (CVE-2023-0464)."""


_TOO_LARGE = PolicyOutcome(
    ok=False, policies=frozenset(), end_policies=frozenset(), explicit=True, mapping_any=False, too_large=True
)


@dataclass(slots=True)
class _Counters:
    explicit: int
    mapping: int
    any: int

    def step_down(self) -> None:
        self.explicit = max(0, self.explicit - 1)
        self.mapping = max(0, self.mapping - 1)
        self.any = max(0, self.any - 1)

    def constrain(self, certificate: Certificate) -> None:
        limits = certificate.constraints
        if limits.require_explicit_policy is not None:
            self.explicit = min(self.explicit, limits.require_explicit_policy)
        if limits.inhibit_policy_mapping is not None:
            self.mapping = min(self.mapping, limits.inhibit_policy_mapping)
        if limits.inhibit_any_policy is not None:
            self.any = min(self.any, limits.inhibit_any_policy)


@dataclass(frozen=True, slots=True)
class _Node:
    policy: str
    """valid_policy."""
    root: str
    """The policy of the anchor's domain (first node below anyPolicy on the way up); anyPolicy for the any-chain."""
    expected: frozenset[str]
    """expected_policy_set."""


def process_policies(path: Sequence[Certificate], inputs: PolicyInputs) -> PolicyOutcome:
    """Policies of a path given signer first, without its anchor."""
    count = len(path)
    state = _Counters(
        explicit=0 if inputs.explicit_policy else count + 1,
        mapping=0 if inputs.inhibit_mapping else count + 1,
        any=0 if inputs.inhibit_any else count + 1,
    )
    nodes = {_Node(ANY_POLICY, ANY_POLICY, frozenset({ANY_POLICY}))}
    mapping_any = False
    refused = False
    for depth, certificate in enumerate(reversed(path), start=1):
        last = depth == count
        nodes = _apply(nodes, certificate, state, last=last)
        if len(nodes) > MOST_NODES:
            return _TOO_LARGE
        refused = refused or (state.explicit == 0 and not nodes)  # 6.1.3 (f)
        if last:
            break
        mapping_any = mapping_any or any(ANY_POLICY in pair for pair in certificate.policy_mappings)
        nodes = _map(nodes, certificate, state)
        if len(nodes) > MOST_NODES or sum(len(node.expected) for node in nodes) > 100 * MOST_NODES:
            return _TOO_LARGE
        if not certificate.self_issued:
            state.step_down()
        state.constrain(certificate)
    state.explicit = max(0, state.explicit - 1)  # 6.1.5 (a)
    if path and path[0].constraints.require_explicit_policy == 0:  # 6.1.5 (b)
        state.explicit = 0
    policies, ends = _intersect(nodes, inputs.policies)
    explicit = state.explicit == 0
    ok = not refused and not mapping_any and (not explicit or bool(policies))
    return PolicyOutcome(
        ok=ok, policies=policies, end_policies=ends, explicit=explicit or refused, mapping_any=mapping_any
    )


def _apply(nodes: set[_Node], certificate: Certificate, state: _Counters, *, last: bool) -> set[_Node]:
    """Section 6.1.3 (d) and (e)."""
    if certificate.policies is None:
        return set()
    asserted = certificate.policy_oids
    children: set[_Node] = set()
    expecting: dict[str, list[_Node]] = {}
    for node in nodes:
        for policy in node.expected:
            expecting.setdefault(policy, []).append(node)
    anything = [node for node in nodes if node.policy == ANY_POLICY]
    for policy in asserted - {ANY_POLICY}:
        for parent in expecting.get(policy) or anything:
            root = policy if parent.root == ANY_POLICY else parent.root
            children.add(_Node(policy, root, frozenset({policy})))
    if ANY_POLICY in asserted and (state.any > 0 or (not last and certificate.self_issued)):
        present = {(child.policy, child.root) for child in children}
        for parent in nodes:
            for expected in parent.expected:
                root = expected if parent.root == ANY_POLICY else parent.root
                if (expected, root) not in present:
                    children.add(_Node(expected, root, frozenset({expected})))
    return children


def _map(nodes: set[_Node], certificate: Certificate, state: _Counters) -> set[_Node]:
    """Section 6.1.4 (b)."""
    targets: dict[str, set[str]] = {}
    for issuer_policy, subject_policy in certificate.policy_mappings:
        if ANY_POLICY not in (issuer_policy, subject_policy):
            targets.setdefault(issuer_policy, set()).add(subject_policy)
    if not targets:
        return nodes
    if state.mapping == 0:
        return {node for node in nodes if node.policy not in targets}
    mapped: set[_Node] = set()
    for node in nodes:
        expected = frozenset(targets[node.policy]) if node.policy in targets else node.expected
        mapped.add(_Node(node.policy, node.root, expected))
    any_node = next((node for node in nodes if node.policy == ANY_POLICY), None)
    named = {node.policy for node in nodes}
    if any_node is not None:
        for policy in targets.keys() - named:
            root = policy if any_node.root == ANY_POLICY else any_node.root
            mapped.add(_Node(policy, root, frozenset(targets[policy])))
    return mapped


def _intersect(nodes: set[_Node], wanted: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Section 6.1.5 (g), and what the signer's certificate calls the policies that remain."""
    if not wanted or ANY_POLICY in wanted:
        all_roots = frozenset(node.root for node in nodes)
        return (frozenset({ANY_POLICY}) if ANY_POLICY in all_roots else all_roots), frozenset(
            node.policy for node in nodes
        )
    kept = {node for node in nodes if node.root in wanted}
    roots = {node.root for node in kept}
    ends = {node.policy for node in kept}
    if any(node.root == ANY_POLICY for node in nodes):
        roots.update(wanted)
        ends.update(policy for policy in wanted if not any(node.root == policy for node in kept))
    return frozenset(roots), frozenset(ends)
