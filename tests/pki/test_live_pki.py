"""A run whose status answers come over HTTP from URLs in its certificates: the round trip is real, and the verdicts are the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from interop.model.codec import dump_json
from interop.model.errors import EngineError
from interop.pki.issue import issue
from interop.pki.shipped import shipped_keys
from interop.pki.status import publish
from interop.run import fetch as fetch_module
from interop.run.execute import Run, execute
from interop.run.fetch import fetch
from interop.run.live import LivePki
from interop.run.measure import matrix_of
from interop.run.plan import Options, plan
from interop.run.serve import SiteServer
from interop.vector.fates import with_fates

PROVIDERS = ("us-fpki", "eu-qtsp-brainpool", "kr-npki", "ua-dual")
"""p7c bundles; no CRLs, so OCSP answers for signer variants too; distribution points in LDAP alone; deltas, and a responder that has to
be asked about."""


def outcome(run: Run) -> object:
    """The cells, without what names the bytes of a run."""
    cells = json.loads(dump_json(matrix_of(run)))["cells"]
    return json.loads(json.dumps(cells), object_hook=lambda table: {k: v for k, v in table.items() if k not in NAMES})


NAMES = {"recipe", "vector", "object", "artifact"}


def test_the_same_verdicts_as_without(tmp_path: Path) -> None:
    options = Options(signers=PROVIDERS, relying=PROVIDERS, jobs=0, cache=tmp_path / "plain")
    planned = plan(options)
    plain = execute(planned)
    asked: list[str] = []
    with LivePki() as live:
        live.server.report = asked.append
        rewritten = live.rewritten(replace(planned, options=replace(options, cache=tmp_path / "live")))
        run = execute(rewritten, run=Run(rewritten, live=live))
        assert outcome(run) == outcome(plain)
        for name in PROVIDERS:
            issued = issue(with_fates(rewritten.world.provider(name), rewritten.signing), shipped_keys())
            assert dict(run.published[name].certificates) == dict(issued.certificates)
            assert any(live.base.encode() in der for der in issued.certificates.values())
            made = {(a.service, a.der, a.since, a.until) for a in publish(issued, rewritten.validation)}
            assert made <= {(a.service, a.der, a.since, a.until) for a in run.published[name].answers}
    answers = sum(len(published.answers) for published in run.published.values())
    assert len(asked) == answers
    assert "GET /repo.us-fpki.example/crls/issuing.crl HTTP/1.1 200" in asked
    assert "GET /crl.ua-dual.example/issuing-delta.crl HTTP/1.1 200" in asked
    assert "POST /ocsp.eu-qtsp-brainpool.example/root HTTP/1.1 200" in asked
    assert "GET /kr-npki/crl/issuing.crl HTTP/1.1 200" in asked
    assert all(line.endswith(" 200") for line in asked)


def test_a_server_that_is_gone_or_says_no_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = issue(plan(Options()).world.provider("us-fpki"), shipped_keys())
    at = plan(Options()).validation
    monkeypatch.setattr(fetch_module, "SECONDS", 2.0)
    with SiteServer() as server, pytest.raises(EngineError, match="answers 503"):  # it has no site yet
        list(fetch(issued, at, server.base))
    with pytest.raises(EngineError, match="does not answer"):
        list(fetch(issued, at, server.base))


def test_a_run_that_cannot_have_its_status_says_so(tmp_path: Path) -> None:
    with LivePki() as live:
        planned = live.rewritten(plan(Options(signers=("us-fpki",), relying=("us-fpki",), jobs=0, cache=tmp_path)))
        run = Run(planned, live=live)
        live.server.site = None
        with pytest.raises(EngineError, match="answers 503"):
            execute(planned, run=run)
