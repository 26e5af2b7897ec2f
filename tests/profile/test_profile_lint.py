"""Every check of meaning fires on one planted mistake, alone, at the right place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interop.model.agreement import Agreement, AgreementKind
from interop.model.errors import Problem
from interop.model.hierarchy import AccessDescription, AltNames, DistributionPoint, NameConstraintsSpec, QcSpec
from interop.model.profile import Provider, World
from interop.profile.lint import Remark, lint_agreement, lint_provider, lint_world
from interop.profile.load import load_agreement, load_provider

HERE = Path(__file__).parent
Plant = Callable[..., tuple[Problem, ...]]
SIGNER, EXT = "certificates[2]", "certificates[2].extensions"

PROVIDER = [
    ('id = "minimal"', 'id = "Minimal"', "id", "is not an id"),
    ('jurisdiction = "XX"', 'jurisdiction = "xx"', "jurisdiction", "no country code"),
    ('anchors = ["root"]', 'anchors = ["rot"]', "anchors[0]", "unknown certificate 'rot' (did you mean 'root'?)"),
    ('anchors = ["root"]', 'anchors = ["signer"]', "anchors[0]", "'signer' is no CA"),
    ('anchors = ["root"]', "anchors = []", "anchors", "names no home anchor"),
    ('id = "ocsp"\nrole', 'id = "tsa"\nrole', "certificates[4].id", "certificate 'tsa' is already at certificates[3].id"),
    ('id = "ocsp"\nrole', 'id = "OCSP"\nrole', "certificates[4].id", "'OCSP' is not an id"),
    ('issuer = "issuing"', 'issuer = "issuign"', f"{SIGNER}.issuer", "unknown certificate 'issuign' (did you mean 'issuing'?)"),
    ('role = "ocsp"\nissuer = "issuing"', 'role = "ocsp"\nissuer = "tsa"', "certificates[4].issuer", "'tsa' is no CA"),
    ('role = "root"\nissuer = "root"', 'role = "root"\nissuer = "issuing"', "certificates[0].issuer", "a root issues itself"),
    ("not_after = 2027-06-01", "not_after = 2025-01-01", f"{SIGNER}.not_after", "is not later than not_before"),
    ('kind = "EC"', 'kind = "ECC"', "certificates[1].key.kind", "unknown key kind 'ECC' (did you mean 'EC'?)"),
    ("bits = 2048, ", "", "certificates[0].key.bits", "needs its size"),
    ("bits = 2048", "bits = 2049", "certificates[0].key.bits", "2049 is no size"),
    ('curve = "P-256", ', "", "certificates[1].key.curve", "needs its curve"),
    ('curve = "P-256"', 'curve = "P-265"', "certificates[1].key.curve", "unknown curve 'P-265' (did you mean 'P-256'?)"),
    ('curve = "P-256"', 'curve = "sm2p256v1"', "certificates[1].key.curve", "is for keys of kind SM2"),
    ('curve = "P-256"', 'bits = 256, curve = "P-256"', "certificates[1].key.bits", "follows from its curve"),
    ("bits = 3072", 'bits = 3072, curve = "P-256"', "certificates[3].key.curve", "an RSA key has no curve"),
    ('"ecdsa-sha256"', '"ecdsa-sha265"', "certificates[1].key.signature", "(did you mean 'ecdsa-sha256'?)"),
    ('"ecdsa-sha256"', '"rsa-sha256"', "certificates[1].key.signature", "does not sign with a key of kind EC"),
    ('type = "CN", value = "TEST Root"', 'type = "CM", value = "TEST Root"',
     "certificates[0].subject[1].type", "unknown attribute type 'CM'"),
    ('value = "TEST Signer"', 'value = "Signer"', SIGNER + ".subject", "word TEST"),  # the serial number says TEST too: see below
    ('value = "TEST Root"', 'value = ""', "certificates[0].subject[1].value", "is empty"),
    ('type = "C", value = "XX", string', 'type = "C", value = "Xx", string', "certificates[0].subject[0].value", "no country code"),
    ('value = "XX", string = "printable"', 'value = "XX", string = "printable" }, { type = "O", value = "a@b", string = "printable"',
     "certificates[0].subject[1].value", "'@' has no place in a PrintableString"),
    ('value = "TEST-1"', 'value = "TEST-é"', f"{SIGNER}.subject[1].value", "an IA5String holds ASCII only"),
    ('origin = "stand-in"\nkey = { kind = "SM2"', 'serial_octets = 0\norigin = "stand-in"\nkey = { kind = "SM2"',
     f"{SIGNER}.serial_octets", "0 is less than 1"),
    ('origin = "stand-in"\nkey = { kind = "SM2"', 'key_id = "rot"\norigin = "stand-in"\nkey = { kind = "SM2"',
     f"{SIGNER}.key_id", "unknown certificate 'rot'"),
    ('origin = "stand-in"\nkey = { kind = "SM2"', 'key_id = "root"\norigin = "stand-in"\nkey = { kind = "SM2"',
     f"{SIGNER}.key", "differs from that of 'root'"),
    ('["digitalSignature"]\npolicies', '["digitalSignatur"]\npolicies', f"{EXT}.key_usage[0]", "(did you mean 'digitalSignature'?)"),
    ('"1.3.6.1.5.5.7.3.8"', '"1.3.6.1.5.5.7.3.8", "timeStamping"', "certificates[3].extensions.extended_key_usage[1]", "not an OID"),
    ('["digitalSignature"]\npolicies', '["digitalSignature"]\npath_length = 1\npolicies', f"{EXT}.path_length", "only a CA"),
    ('["digitalSignature"]\npolicies', '["digitalSignature"]\npolicy_mappings = [["2.999.1", "2.999.2"]]\npolicies',
     f"{EXT}.policy_mappings", "only a CA"),
    ('["2.999.1", "2.999.2"]', '["2.999.1", "2.999"]', "certificates[1].extensions.policy_mappings[0][1]", "'2.999' is not an OID"),
    ('oid = "2.999.1.1"', 'oid = "2.999.01"', f"{EXT}.policies[0].oid", "not an OID"),
    ('oid = "2.999.1.1"', 'oid = "3.1.1"', f"{EXT}.policies[0].oid", "not an OID"),
    ('oid = "2.999.1.1"', 'oid = "1.40.1"', f"{EXT}.policies[0].oid", "not an OID"),
    ('oid = "2.999.1.1"', 'oid = "1.2.3.4"', f"{EXT}.policies[0].origin", "does not lie under 2.999"),
    ('oid = "2.999.1.1"', 'oid = "2.9990.1"', f"{EXT}.policies[0].origin", "does not lie under 2.999"),
    ('cps = "https://cps.minimal.example/", origin = "stand-in"', 'cps = "https://cps.minimal.example/", origin = "real"',
     f"{EXT}.policies[0].origin", "so its origin is 'stand-in', not 'real'"),
    ('origin = "stand-in" }]\nqc_st', 'origin = "stand-in" }, { oid = "2.999.1.1", origin = "stand-in" }]\nqc_st',
     f"{EXT}.policies[1].oid", "policy '2.999.1.1' is already at"),
    ('"https://cps.minimal.example/"', '"https://cps.minimal.com/"', f"{EXT}.policies[0].cps", "'cps.minimal.com' may belong to somebody"),
    ('oid = "0.4.0.1862.1.5"', 'oid = "2.999.5"', f"{EXT}.qc_statements[0].origin", "so its origin is 'stand-in'"),
    ('oid = "0.4.0.1862.1.5"', 'oid = "0.4.0.1862.1.6", oids = ["1"]', f"{EXT}.qc_statements[0].oids[0]", "not an OID"),
    ('"https://pds.minimal.example/"', '"https://pds.example.org/"', f"{EXT}.qc_statements[0].urls[0][0]", "may belong to somebody"),
    ('"http://ocsp.minimal.example/"', '"http://10.0.0.1/"', f"{EXT}.authority_info.ocsp[0]", "may belong to somebody"),
    ('"http://ocsp.minimal.example/"', '"file://x.example/"', f"{EXT}.authority_info.ocsp[0]", "no http, https or ldap"),
    ('"http://crl.minimal.example/root.crl"', '"ldap://notexample/x"', "certificates[1].extensions.crl_points[0].uris[0]", "may belong"),
    ('"signer@minimal.example"', '"signer@mail.org"', f"{EXT}.subject_alt_emails[0]", "may belong to somebody"),
    ('directory = [{ type = "C", value = "XX" }]', 'directory = [{ type = "CC", value = "XX" }]',
     "certificates[1].extensions.name_constraints.permitted[0].directory[0].type", "unknown attribute type 'CC'"),
    ('oid = "2.999.7", text = "TEST value"', 'oid = "2.999.7"', f"{EXT}.private[0]", "needs either"),
    ('text = "TEST value", string = "printable"', 'der = "0g"', f"{EXT}.private[0].der", "is no hex"),
    ('text = "TEST value"', 'text = "TEST_value"', f"{EXT}.private[0].text", "PrintableString"),
    ('oid = "2.999.7"', 'oid = "1.2.3.7"', f"{EXT}.private[0].origin", "does not lie under 2.999"),
    ('tsa = "tsa"', 'tsa = "tas"', "services.tsa", "unknown certificate 'tas' (did you mean 'tsa'?)"),
    ('tsa = "tsa"', 'tsa = "ocsp"', "services.tsa", "has not the role tsa"),
    ('tsa = "tsa"\n', "", "identities[0].formats[0].levels", "need services.tsa"),
    ('tsa_policy = "2.999.4"', 'tsa_policy = "2.999"', "services.tsa_policy", "not an OID"),
    ('tsa_policy = "2.999.4"', 'tsa_policy = "1.2.3"', "services.tsa_policy", "does not lie under 2.999"),
    ('ocsp_hash = "sha1"', 'ocsp_hash = "sha-1"', "services.ocsp_hash", "unknown digest 'sha-1' (did you mean 'sha1'?)"),
    ('ocsp_hash = "sha1"', "crl_next_update_days = 0", "services.crl_next_update_days", "0 is less than 1"),
    ('ocsp_hash = "sha1"', "crl_period_hours = 200", "services.crl_period_hours", "longer than a CRL is valid"),
    ('events = [{ certificate = "signer"', 'events = [{ certificate = "sig"', "services.events[0].certificate", "unknown certificate"),
    ('reason = "keyCompromise"', 'reason = "compromise"', "services.events[0].reason", "unknown revocation reason 'compromise'"),
    ('role = "ocsp"', 'role = "encryption"', "services.ocsp_delegated", "no certificate has the role ocsp"),
    ('id = "only"', 'id = "o.nly"', "identities[0].id", "is not an id"),
    ('certificate = "signer"\ncert', 'certificate = "singer"\ncert', "identities[0].certificate", "(did you mean 'signer'?)"),
    ('certificate = "signer"\ncert', 'certificate = "root"\ncert', "identities[0].certificate", "has the role root, not signer"),
    ('certificate_type = "TEST only"', 'certificate_type = ""', "identities[0].certificate_type", "is empty"),
    ('levels = ["b-b", "b-t"]', "levels = []", "identities[0].formats[0].levels", "names no level"),
    ('levels = ["b-b", "b-t"]', 'levels = ["b-b", "b-b"]', "identities[0].formats[0].levels[1]", "already at"),
    ('format = "pdf-gm"', 'format = "pades", signing_certificate = false', "identities[0].formats[0].signing_certificate", "always"),
    ('signing_time = true', 'packagings = ["enveloped"]', "identities[0].formats[0].packagings", "is a PDF format"),
    ('packagings = ["enveloped"]', "signing_time = true", "identities[0].formats[1].signing_time", "is an XML format"),
    ('"1.2.156.10197.1.301.1"', '"sm2"', "identities[0].formats[0].signature_oid", "not an OID"),
    ('format = "xml-customs"', 'format = "pdf-gm"', "identities[0].formats[1].format", "format 'pdf-gm' is already at"),
    ('#sm2-sm3", digest_uri', '#sm2-sm4", digest_uri', "identities[0].formats[1].signature_uri", "unknown signature URI"),
    ('"http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3", d', '"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", d',
     "identities[0].formats[1].signature_uri", "is for keys of kind RSA, the key is SM2"),
    ('digest_uri = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"', 'digest_uri = "urn:sm3"',
     "identities[0].formats[1].digest_uri", "unknown digest URI"),
    ('accept = ["pdf-gm", "xml-customs"]', "accept = []", "relying.formats.accept", "names no format"),
    ('accept = ["pdf-gm", "xml-customs"]', 'accept = ["pdf-gm", "pdf-gm"]', "relying.formats.accept[1]", "already at"),
    ('signature_uris = ["http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"]', 'signature_uris = ["x"]',
     "relying.formats.signature_uris[0]", "unknown signature URI"),
    ('digest_uris = ["http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"]', 'digest_uris = ["x"]',
     "relying.formats.digest_uris[0]", "unknown digest URI"),
    ('{ name = "SM2" }]', '{ name = "SM3" }]', "relying.algorithms.keys[1].name", "unknown key kind or curve 'SM3' (did you mean 'SM2'?)"),
    ('{ name = "SM2" }]', '{ name = "SM2", min_bits = 256 }]', "relying.algorithms.keys[1].min_bits", "the size of SM2 is fixed"),
    ('{ name = "SM2" }]', '{ name = "RSA" }]', "relying.algorithms.keys[1].name", "key 'RSA' is already at"),
    ('digests = ["sm3"', 'digests = ["sm33"', "relying.algorithms.digests[0]", "(did you mean 'sm3'?)"),
    ('suites = ["gm"]', "suites = []", "relying.algorithms.suites", "names no suite"),
    ('key_usage_all = ["digitalSignature"]', 'key_usage_all = ["contentCommitment"]',
     "relying.certificate.key_usage_all[0]", "unknown key usage"),
    ('key_usage_all = ["digitalSignature"]', 'key_usage_all = ["cRLSign"]',
     "relying.certificate.key_usage_refused[1]", "demanded and refused"),
    ('subject_required = ["2.5.4.3"]', 'subject_required = ["CN"]', "relying.certificate.subject_required[0]", "not an OID"),
    ("max_age_seconds = 86400", "max_age_seconds = 0", "relying.revocation.max_age_seconds", "less than a second"),
    ('anchors = ["minimal:root"]', 'anchors = ["minimal:rot"]', "relying.trust.anchors[0]", "(did you mean 'root'?)"),
    ('anchors = ["minimal:root"]', 'anchors = ["minimal", "minimal"]', "relying.trust.anchors[1]", "already at"),
    ('load = ["minimal-agreement"]', 'load = ["a", "a"]', "relying.trust.load[1]", "already at"),
    ('initial_policies = ["2.999.1"]', 'initial_policies = ["any"]', "relying.trust.initial_policies[0]", "not an OID"),
    ('leg = "SM2"', 'leg = "SM"', "relying.leg", "unknown key kind 'SM' (did you mean 'SM2'?)"),
    ('ceiling = "L4"', 'ceiling = "L1"', "relying.ceiling", "L1 is below the floor L2"),
    # numbers that cannot be
    ("path_length = 0", "path_length = -4", "certificates[1].extensions.path_length", "-4 is less than 0 (RFC 5280 4.2.1.9)"),
    ("path_length = 0", "require_explicit_policy = -1", "certificates[1].extensions.require_explicit_policy", "less than 0"),
    ("path_length = 0", "inhibit_policy_mapping = -1", "certificates[1].extensions.inhibit_policy_mapping", "less than 0"),
    ("path_length = 0", "inhibit_any_policy = -1", "certificates[1].extensions.inhibit_any_policy", "-1 is less than 0"),
    ('bits = 3072', 'bits = 65536', "certificates[3].key.bits", "65536 is no size"),
    ('oid = "2.999.7", text', 'oid = "2.999.7", tag = 31, text', f"{EXT}.private[0].tag", "31 is more than 30"),
    ('ocsp_hash = "sha1"', "crl_next_update_days = 99999999", "services.crl_next_update_days", "is more than 36525"),
    ('ocsp_hash = "sha1"', "crl_period_hours = 0", "services.crl_period_hours", "0 is less than 1"),
    ('ocsp_hash = "sha1"', "ocsp_validity_hours = -24", "services.ocsp_validity_hours", "-24 is less than 1"),
    ('ocsp_hash = "sha1"', "tsa_accuracy_ms = -1", "services.tsa_accuracy_ms", "-1 is less than 0"),
    ("min_bits = 2048", "min_bits = 2", "relying.algorithms.keys[0].min_bits", "2 is less than 512"),
    ("min_bits = 2048", "min_bits = 2048000", "relying.algorithms.keys[0].min_bits", "2048000 is more than 16384"),
    # origins of single values
    ('ocsp_hash = "sha1"', 'origins = { tsa_polic = "stand-in" }', "services.origins.tsa_polic", "(did you mean 'tsa_policy'?)"),
    ('ocsp_hash = "sha1"', 'origins = { origin = "real" }', "services.origins.origin", "names no value of this table"),
    ('ocsp_hash = "sha1"', 'origins = { "events[1].at" = "real" }', "services.origins.events[1].at", "there are 1, so [1] is not there"),
    ('ocsp_hash = "sha1"', 'origins = { "events[0].when" = "real" }', "services.origins.events[0].when", "unknown key 'when'"),
    ('ocsp_hash = "sha1"', 'origins = { "events[x]" = "real" }', "services.origins.events[x]", "no dotted path"),
    ('leg = "SM2"', 'origins = { "trust.anchor" = "real" }', "relying.origins.trust.anchor", "(did you mean 'anchors'?)"),
    ('certificate_type = "TEST only"', 'certificate_type = "TEST only"\norigins = { assurances = "real" }',
     "identities[0].origins.assurances", "(did you mean 'assurance'?)"),
    # names, places, limits, policies of signatures
    ('subject_alt_emails = ["signer@minimal.example"]', "subject_alt = {}", f"{EXT}.subject_alt", "holds no name"),
    ('subject_alt_emails = ["signer@minimal.example"]', 'subject_alt = { dns = ["minimal.org"] }',
     f"{EXT}.subject_alt.dns[0]", "may belong to somebody"),
    ('subject_alt_emails = ["signer@minimal.example"]', 'issuer_alt = { uris = ["ftp://minimal.example/"] }',
     f"{EXT}.issuer_alt.uris[0]", "no http, https or ldap"),
    ('subject_alt_emails = ["signer@minimal.example"]',
     'subject_alt = { others = [{ oid = "2.999", text = "x", origin = "stand-in" }] }',
     f"{EXT}.subject_alt.others[0].oid", "not an OID"),
    ('subject_alt_emails = ["signer@minimal.example"]',
     'subject_alt = { others = [{ oid = "2.999.1", text = "机", string = "ia5", origin = "stand-in" }] }',
     f"{EXT}.subject_alt.others[0].text", "ASCII only"),
    ('subject_alt_emails = ["signer@minimal.example"]', 'subject_alt = { directories = [[{ type = "CC", value = "x" }]] }',
     f"{EXT}.subject_alt.directories[0][0].type", "unknown attribute type 'CC'"),
    ('subject_alt_emails = ["signer@minimal.example"]', "freshest_crl = [{}]", f"{EXT}.freshest_crl[0]", "names no place"),
    ('cps = "https://cps.minimal.example/"', f'notice = "{"x" * 201}"', f"{EXT}.policies[0].notice", "has 201 characters"),
    ('urls = [["https://pds.minimal.example/", "en"]]', 'limit = { currency = "euro", amount = 5 }',
     f"{EXT}.qc_statements[0].limit.currency", "'euro' is no currency"),
    ('urls = [["https://pds.minimal.example/", "en"]]', 'limit = { currency = "EUR", amount = -5 }',
     f"{EXT}.qc_statements[0].limit.amount", "-5 is less than 0"),
    ('signing_time = true', 'signature_policy = { oid = "2.999.8", digest = "sha255", hash = "00", origin = "stand-in" }',
     "identities[0].formats[0].signature_policy.digest", "unknown digest 'sha255'"),
    ('signing_time = true', 'signature_policy = { oid = "2.999.8", digest = "sha256", hash = "00", origin = "stand-in" }',
     "identities[0].formats[0].signature_policy.hash", "has 1 octets, sha256 makes 32"),
    ('signing_time = true', 'signature_policy = { oid = "2.999.8", digest = "sha256", hash = "zz", origin = "stand-in" }',
     "identities[0].formats[0].signature_policy.hash", "is no hex"),
    ('signing_time = true', f'signature_policy = {{ oid = "1.2.3", digest = "sha256", hash = "{"00" * 32}", origin = "stand-in" }}',
     "identities[0].formats[0].signature_policy.origin", "does not lie under 2.999"),
    ('value_encoding = "raw"', f'signature_policy = {{ oid = "2.999.8", digest = "sha256", hash = "{"00" * 32}", origin = "stand-in" }}',
     "identities[0].formats[1].signature_policy", "'xml-customs' has no place for one: XML carries it in XAdES only"),
]  # fmt: skip

SEVERAL = {
    ('id = "minimal"', "id"): 2,  # the file is named after the id
    ('value = "TEST Root"', "certificates[0].subject[1].value"): 2,  # and the name no longer says TEST
    ('role = "root"\nissuer = "root"', "certificates[0].issuer"): 3,  # and so root and issuing issue one another
    ('format = "xml-customs"', "identities[0].formats[1].format"): 4,  # and three keys are for XML
    ('format = "pdf-gm"', "identities[0].formats[0].signing_certificate"): 2,  # signing_time is forbidden in PAdES too
    ('oid = "0.4.0.1862.1.5"', f"{EXT}.qc_statements[0].oids[0]"): 2,  # and it carries two kinds of value
}
"""Mistakes from which a second one follows by itself."""


@pytest.mark.parametrize(("old", "new", "where", "what"), PROVIDER)
def test_profile_mistake(plant: Plant, old: str, new: str, where: str, what: str) -> None:
    extra = (('value = "TEST-1"', 'value = "1"'),) if "word TEST" in what else ()
    problems = plant("minimal", (old, new), *extra)
    assert any(p.where == where and what in p.what for p in problems), problems
    assert len(problems) == SEVERAL.get((old, where), 1), problems


@pytest.mark.parametrize("kind", ["pdf-gm", "xml-customs"])
def test_chinese_message_formats_need_an_sm2_key(plant: Plant, kind: str) -> None:
    problems = plant(
        "minimal",
        (
            'key = { kind = "SM2", curve = "sm2p256v1", signature = "sm2-sm3" }',
            'key = { kind = "EC", curve = "P-256", signature = "ecdsa-sha256" }',
        ),
    )  # fmt: skip
    assert any(f"'{kind}' needs an SM2 key, the key is EC" in p.what for p in problems)
    assert any("is for SM2 keys" in p.what for p in problems)


AGREEMENT = [
    ('id = "minimal-agreement"', 'id = "minimal_agreement"', "id", "is not an id"),
    ('signers = ["minimal"]', "signers = []", "signers", "names no provider"),
    ('signers = ["minimal"]', 'signers = ["minimal", "minimal"]', "signers[1]", "already at"),
    ('relying = ["other"]', "relying = []", "relying", "names no provider"),
    ("at = 2030-01-01T00:00:00Z", "at = 2020-01-01T00:00:00Z", "history[1].at", "is not later than the step before"),
    ('evidence = "published"', 'evidence = "framework-only"', "entries", "a framework grants nothing"),
    ('origin = "modelled"', 'origin = "stand-in"', "origin", "no stand-in"),
    ('source = "this file"', 'source = "this file"\ncounterpart = "minimal-agreement"', "counterpart", "is itself"),
    ('anchor = "minimal:root"\n', "", "entries[0]", "names no anchor"),
    ("end = 2030-01-01T00:00:00Z", "end = 2019-01-01T00:00:00Z", "entries[0].end", "is not later than start"),
    ('policy_prefix = "2.999.1"', 'policy_prefix = "2.999"', "entries[0].condition.policy_prefix", "not an OID"),
    ('policy_prefix = "2.999.1"\n', "", "entries[0].condition.policy_prefix", "kind oid-prefix needs one"),
    ('policies_any = ["2.999.1.1"]', 'policies_any = ["x"]', "entries[0].condition.policies_any[0]", "not an OID"),
    ('["digitalSignature"]', '["sign"]', "entries[0].condition.key_usage_all[0]", "unknown key usage"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "what"), AGREEMENT)
def test_agreement_mistake(plant: Plant, old: str, new: str, where: str, what: str) -> None:
    problems = plant("minimal-agreement", (old, new))
    assert any(p.where == where and what in p.what for p in problems), problems
    assert len(problems) == (2 if where == "id" else 1), problems


CASE = [
    ('formats = ["xmldsig"]', 'formats = ["pades"]', "formats[0]", "no format of the family xml"),
    ('formats = ["xmldsig"]', "formats = []", "formats", "names no format"),
    ('formats = ["xmldsig"]', 'formats = ["xmldsig", "xmldsig"]', "formats[1]", "already at"),
    ('family = "xml"\ndocument = "contract"\nformats = ["xmldsig"]', 'family = "pdf"\ndocument = "contract"\nformats = ["pades"]',
     "packaging", "is for XML"),
    ('control = "positive"\n', "", "control", "names its positive twin"),
    ('control = "positive"', 'control = "minimal-case"', "control", "is itself"),
    ('layer = "chain"\n', "", "expectation.layer", "names the layer"),
    ("reasons = []", 'reasons = ["chain.nothing-such"]', "expectation.reasons[0]", "unknown reason"),
    ('keys = ["RSA"]', 'keys = ["RSB"]', "keys[0]", "(did you mean 'RSA'?)"),
    ('id = "minimal-case"', 'id = "minimal case"', "id", "is not an id"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "what"), CASE)
def test_case_mistake(plant: Plant, old: str, new: str, where: str, what: str) -> None:
    problems = plant("minimal-case", (old, new))
    assert [p.where for p in problems] == [where]
    assert what in problems[0].what


def test_case_without_mutation_is_not_rejected_and_has_no_control(plant: Plant) -> None:
    problems = plant("minimal-case", ('[mutation]\nname = "byte-changed"\n', ""))
    assert {p.where for p in problems} == {"mutation", "control"}


SUITE = [
    ('name = "sha256"', 'name = "sha-265"', "entries[0].name", "unknown digest 'sha-265'"),
    ('name = "P-256"', 'name = "P-265"', "entries[1].name", "unknown key 'P-265' (did you mean 'P-256'?)"),
    ("end = 2030", "end = 2010", "entries[0].end", "is not later than start"),
    ('id = "minimal-suite"', 'id = "other"', "id", "is not the name of the file"),
]


@pytest.mark.parametrize(("old", "new", "where", "what"), SUITE)
def test_suite_mistake(plant: Plant, old: str, new: str, where: str, what: str) -> None:
    problems = plant("minimal-suite", (old, new))
    assert [p.where for p in problems] == [where]
    assert what in problems[0].what


def test_rules_alone_are_checked(plant: Plant) -> None:
    problems = plant("minimal-rules", ('name = "RSA"', 'name = "RSO"'))
    assert [(p.where, p.what) for p in problems] == [
        ("algorithms.keys[0].name", "unknown key kind or curve 'RSO' (did you mean 'RSA'?)")
    ]


# ------------------------------------------------------------------ warnings


@pytest.fixture
def provider() -> Provider:
    return load_provider(HERE / "minimal.toml")


@pytest.fixture
def agreement() -> Agreement:
    return load_agreement(HERE / "minimal-agreement.toml")


def only(remarks: tuple[Remark, ...], severity: str) -> list[tuple[str, str]]:
    return [(r.where, r.what) for r in remarks if r.severity == severity]


CRITICALITY = [
    ({"authority_key_id_critical": True}, "authority_key_id_critical", "should not be critical (RFC 5280 4.2.1.1)"),
    ({"subject_key_id_critical": True}, "subject_key_id_critical", "should not be critical (RFC 5280 4.2.1.2)"),
    ({"require_explicit_policy": 0, "policy_constraints_critical": False}, "policy_constraints_critical", "must be critical"),
    ({"inhibit_any_policy": 0, "inhibit_any_policy_critical": False}, "inhibit_any_policy_critical", "must be critical"),
    ({"subject_alt": AltNames(dns=("a.example",), critical=True)}, "subject_alt.critical", "the subject is not empty"),
    ({"issuer_alt": AltNames(dns=("a.example",), critical=True)}, "issuer_alt.critical", "(RFC 5280 4.2.1.7)"),
    ({"crl_points_critical": True}, "crl_points_critical", "(RFC 5280 4.2.1.13)"),
    ({"freshest_crl": (DistributionPoint(uris=("http://a.example/",)),), "freshest_crl_critical": True},
     "freshest_crl_critical", "(RFC 5280 4.2.1.15)"),
    ({"authority_info": AccessDescription(critical=True)}, "authority_info.critical", "(RFC 5280 4.2.2.1)"),
    ({"subject_info": AccessDescription(critical=True)}, "subject_info.critical", "(RFC 5280 4.2.2.2)"),
    ({"qc_statements": (QcSpec(oid="2.999.5", origin="stand-in"),), "qc_critical": True}, "qc_critical", "(EN 319 412-5 4.1)"),
    ({"ocsp_nocheck": True, "ocsp_nocheck_critical": True}, "ocsp_nocheck_critical", "(RFC 6960 4.2.2.2.1)"),
    ({"name_constraints": NameConstraintsSpec(critical=False)}, "name_constraints.critical", "must be critical (RFC 5280 4.2.1.10)"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where", "what"), CRITICALITY)
def test_criticality_that_a_standard_forbids_is_a_warning(
    provider: Provider, changes: dict[str, object], where: str, what: str
) -> None:
    issuing = provider.certificate("issuing")
    odd = replace(issuing, extensions=replace(issuing.extensions, **changes))
    remarks = lint_provider(replace(provider, certificates=(provider.certificates[0], odd, *provider.certificates[2:])))
    assert only(remarks, "error") == []
    ((found, said),) = only(remarks, "warning")
    assert found == f"certificates[1].extensions.{where}"
    assert what in said


def test_empty_subject_needs_a_critical_alternative_name(provider: Provider) -> None:
    def said(names: AltNames | None) -> list[str]:
        signer = provider.certificate("signer")
        bare = replace(signer, subject=(), extensions=replace(signer.extensions, subject_alt=names))
        changed = (*provider.certificates[:2], bare, *provider.certificates[3:])
        return [what for _, what in only(lint_provider(replace(provider, certificates=changed)), "warning")]

    assert any("empty subject needs a critical subjectAltName" in what for what in said(None))
    assert said(AltNames(critical=True)) == []


def test_long_serial_numbers_are_met_and_warned_of(provider: Provider) -> None:
    def said(octets: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        changed = replace(provider.certificates[0], serial_octets=octets)
        remarks = lint_provider(replace(provider, certificates=(changed, *provider.certificates[1:])))
        return only(remarks, "error"), only(remarks, "warning")

    where = "certificates[0].serial_octets"
    assert said(1) == said(20) == ([], [])
    assert said(21) == ([], [(where, "21 is more than 20 (RFC 5280 4.1.2.2)")])
    for octets in (-1, 0, 256):
        assert [place for place, _ in said(octets)[0]] == [where]


def test_hypothetical_agreement_that_is_on_is_a_warning(agreement: Agreement) -> None:
    on = replace(agreement, evidence="hypothetical", enabled=True)
    assert only(lint_agreement(on), "error") == []
    assert [where for where, _ in only(lint_agreement(on), "warning")] == ["enabled"]
    assert lint_agreement(replace(on, enabled=False)) == ()


def test_child_outside_its_issuer_is_a_warning(provider: Provider) -> None:
    late = replace(provider.certificate("tsa"), not_after=datetime(2037, 1, 1, tzinfo=UTC))
    remarks = lint_provider(
        replace(provider, certificates=(*provider.certificates[:3], late, provider.certificates[4]))
    )
    assert only(remarks, "error") == []
    assert only(remarks, "warning") == [("certificates[3]", "is valid outside the validity of its issuer 'issuing'")]


def test_role_and_content_that_disagree_are_warnings(provider: Provider) -> None:
    tsa = provider.certificate("tsa")
    odd = replace(tsa, extensions=replace(tsa.extensions, extended_key_usage=(), ca=True))
    remarks = lint_provider(replace(provider, certificates=(*provider.certificates[:3], odd, provider.certificates[4])))
    assert {where for where, _ in only(remarks, "warning")} == {
        "certificates[3].extensions.ca", "certificates[3].extensions.extended_key_usage",
    }  # fmt: skip


def test_signer_that_nobody_uses_is_a_warning(provider: Provider) -> None:
    spare = replace(provider.certificate("signer"), id="spare")
    remarks = lint_provider(replace(provider, certificates=(*provider.certificates, spare)))
    assert only(remarks, "warning") == [("certificates[5].id", "no identity signs with 'spare'")]


def test_what_is_not_invented_names_its_source(provider: Provider) -> None:
    (identity,) = provider.identities
    changed = replace(provider, identities=(replace(identity, origin="modelled"),))
    assert only(lint_provider(changed), "warning") == [
        ("identities[0].source", "is called 'modelled' and names no source")
    ]
    sourced = replace(changed, identities=(replace(identity, origin="modelled", source="this test"),))
    assert lint_provider(sourced) == ()
    # of single values those that the table has: the other path is about a default
    single = replace(provider.relying, origins={"floor": "real", "ceiling": "real"})
    assert [where for where, _ in only(lint_provider(replace(provider, relying=single)), "warning")] == [
        "relying.ceiling.source"
    ]


def test_a_value_under_the_arc_for_examples_is_called_a_stand_in(provider: Provider) -> None:
    def with_issuing(**changes: object) -> Provider:
        issuing = replace(provider.certificates[1], origin="modelled", source="RFC 5280 4.2.1.5", **changes)
        return replace(provider, certificates=(provider.certificates[0], issuing, *provider.certificates[2:]))

    ((where, what), *_) = only(lint_provider(with_issuing()), "warning")
    assert where == "certificates[1].extensions.policy_mappings"
    assert what == "2.999.1 lies under 2.999, so its origin is 'stand-in', not 'modelled'"
    assert lint_provider(with_issuing(origins={"extensions.policy_mappings": "stand-in"})) == ()
    half = with_issuing(origins={"extensions.policy_mappings[0][0]": "stand-in"})
    assert [where for where, _ in only(lint_provider(half), "warning")] == [
        "certificates[1].extensions.policy_mappings[0][1]"
    ]


def test_an_origin_is_stated_once(provider: Provider) -> None:
    signer = replace(provider.certificates[2], origins={"extensions.private[0]": "real"})
    changed = replace(provider, certificates=(*provider.certificates[:2], signer, *provider.certificates[3:]))
    assert only(lint_provider(changed), "error") == [
        ("certificates[2].origins.extensions.private[0]", "names a table that says 'stand-in' itself")
    ]


def test_profile_without_source_is_a_warning(provider: Provider) -> None:
    assert only(lint_provider(replace(provider, sources=())), "warning") == [("sources", "names no source")]


def test_issuers_in_a_circle(provider: Provider) -> None:
    looped = replace(provider.certificate("issuing"), issuer="issuing-b")
    other = replace(provider.certificate("issuing"), id="issuing-b", issuer="issuing")
    remarks = lint_provider(
        replace(provider, certificates=(provider.certificates[0], looped, *provider.certificates[2:], other))
    )
    assert any("issuers go in a circle" in what for _, what in only(remarks, "error"))


# ------------------------------------------------------------------ together


def world(provider: Provider, *agreements: Agreement) -> World:
    other = replace(
        provider,
        id="other",
        relying=replace(provider.relying, trust=replace(provider.relying.trust, anchors=("other",))),
    )
    quiet = replace(provider, relying=replace(provider.relying, trust=replace(provider.relying.trust, load=())))
    return World(providers=(quiet, other), agreements=agreements)


def home(*members: str) -> Agreement:
    base = load_agreement(HERE / "minimal-agreement.toml")
    return replace(base, id="home", kind=AgreementKind.HOME, signers=members, relying=members, entries=())


def test_world_that_fits_is_silent(provider: Provider, agreement: Agreement) -> None:
    assert lint_world(world(provider, agreement, home("minimal", "other"))) == ()
    assert lint_agreement(home("minimal")) == ()


def test_home_carries_no_entries_and_has_equal_sides(agreement: Agreement) -> None:
    bad = replace(agreement, kind=AgreementKind.HOME)
    assert {r.where for r in lint_agreement(bad)} == {"entries", "relying"}


def test_instrument_without_entries_would_grant_nothing(agreement: Agreement) -> None:
    assert [r.where for r in lint_agreement(replace(agreement, entries=()))] == ["entries"]
    assert lint_agreement(replace(agreement, entries=(), evidence="framework-only")) == ()
    assert [r.where for r in lint_agreement(replace(agreement, history=()))] == ["history"]
    listed = replace(agreement, kind=AgreementKind.POLICY_ALLOW_LIST)
    entry = replace(listed.entries[0], condition=replace(listed.entries[0].condition, policies_any=()))
    assert [r.where for r in lint_agreement(replace(listed, entries=(entry,)))] == ["entries[0].condition.policies_any"]


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("signers", ("minmal",), "unknown provider 'minmal' (did you mean 'minimal'?)"),
        ("relying", ("other", "nobody"), "unknown provider 'nobody'"),
        ("counterpart", "home-", "unknown agreement 'home-' (did you mean 'home'?)"),
        ("counterpart", "home", "home does not name minimal-agreement as its counterpart"),
    ],
)
def test_agreement_names_what_exists(
    provider: Provider, agreement: Agreement, field: str, value: object, what: str
) -> None:
    bad = replace(agreement, **{field: value})
    assert any(what in r.what for r in lint_world(world(provider, bad, home("minimal", "other"))))


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"anchor": "nobody:root"}, "unknown provider 'nobody'"),
        ({"anchor": "minimal:rot"}, "unknown certificate of minimal 'rot' (did you mean 'root'?)"),
        ({"issuer": "minimal"}, "'minimal' names no certificate"),
        ({"anchor": "other:root"}, "other is not among the signers"),
    ],
)
def test_entry_names_what_exists(provider: Provider, agreement: Agreement, entry: dict[str, str], what: str) -> None:
    bad = replace(agreement, entries=(replace(agreement.entries[0], **entry),))
    assert [r.what for r in lint_world(world(provider, bad, home("minimal", "other"))) if what in r.what]


def test_entry_asks_for_a_certificate_type_that_somebody_has(provider: Provider, agreement: Agreement) -> None:
    def asking(kind: str) -> tuple[Remark, ...]:
        entry = agreement.entries[0]
        changed = replace(entry, condition=replace(entry.condition, certificate_type=kind))
        return lint_world(world(provider, replace(agreement, entries=(changed,)), home("minimal", "other")))

    assert asking("TEST only") == ()
    assert [r.what for r in asking("TEST onyl")] == [
        "unknown certificate type of the signers 'TEST onyl' (did you mean 'TEST only'?)"
    ]


def test_counterparts_are_the_same_thing_the_other_way_round(provider: Provider, agreement: Agreement) -> None:
    there = replace(agreement, counterpart="back")
    back = replace(agreement, id="back", counterpart=there.id)  # same direction: no counterpart
    remarks = lint_world(world(provider, there, back, home("minimal", "other")))
    assert sum("are not these the other way round" in r.what for r in remarks) == 2


def test_relying_party_loads_what_names_it(provider: Provider, agreement: Agreement) -> None:
    homes = home("minimal", "other")

    def loading(*names: str) -> list[tuple[str, str]]:
        base = world(provider, agreement, homes)
        trust = replace(base.providers[0].relying.trust, load=names)
        loaded = replace(base.providers[0], relying=replace(base.providers[0].relying, trust=trust))
        return [
            (r.where, r.what)
            for r in lint_world(World(providers=(loaded, base.providers[1]), agreements=base.agreements))
        ]

    assert loading("nothing") == [
        ("minimal.relying.trust.load[0]", "unknown agreement 'nothing' (there is home, minimal-agreement)")
    ]
    assert loading("minimal-agreement")[0][1] == "minimal-agreement does not name minimal as a relying party"
    assert loading("home")[0][1] == "home has no entries to load"


def test_anchor_of_another_provider_exists(provider: Provider, agreement: Agreement) -> None:
    base = world(provider, agreement, home("minimal", "other"))
    trust = replace(base.providers[0].relying.trust, anchors=("other:rot", "nobody"))
    changed = replace(base.providers[0], relying=replace(base.providers[0].relying, trust=trust))
    remarks = lint_world(World(providers=(changed, base.providers[1]), agreements=base.agreements))
    assert [r.where for r in remarks] == ["minimal.relying.trust.anchors[0]", "minimal.relying.trust.anchors[1]"]


def test_provider_without_home_and_agreement_nobody_loads_are_warnings(
    provider: Provider, agreement: Agreement
) -> None:
    base = world(provider, agreement, home("minimal"))
    silent = replace(base.providers[1], relying=base.providers[0].relying)
    remarks = lint_world(World(providers=(base.providers[0], silent), agreements=base.agreements))
    assert only(remarks, "error") == []
    assert [where for where, _ in only(remarks, "warning")] == ["minimal-agreement.relying", "other"]


def test_the_same_id_twice(provider: Provider, agreement: Agreement) -> None:
    remarks = lint_world(World(providers=(provider, provider), agreements=(agreement, agreement, home("minimal"))))
    assert [r.what for r in remarks if "is already at" in r.what] == [
        "provider 'minimal' is already at minimal.id",
        "agreement 'minimal-agreement' is already at minimal-agreement.id",
    ]
