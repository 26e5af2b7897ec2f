"""A verifier that is wrong in one known way, as a process engine: the acceptance test of the matrix.

    python fake_verifier.py MODE --key KEY.json [--state STATE.json]

Speaks the protocol of docs/matrix.md: one JSON object a line on stdin and stdout, its own introduction first. What is in a file it takes
from KEY, which maps the SHA-256 of each negative to its layer and reasons (`{"sha256:...": {"layer": "integrity", "reasons":
["integrity.digest-mismatch"]}}`); what KEY does not list is sound. So it needs no cryptography, and the engine protocol
still tells it nothing about what is expected. STATE keeps what `changing` has seen when the process is started anew.

Modes: honest accept-all reject-all crash hang malformed unsupported-declared unsupported wrong-layer no-instrument
changing black-box accept-all-black-box reject-all-black-box
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

LAYERS = (
    "container", "integrity", "signature", "format", "algorithm", "certificate", "chain", "revocation", "time", "trust",
    "assurance",
)  # fmt: skip
MODES = (
    "honest", "accept-all", "reject-all", "crash", "hang", "malformed", "unsupported-declared", "unsupported", "wrong-layer",
    "no-instrument", "changing", "black-box", "accept-all-black-box", "reject-all-black-box",
)  # fmt: skip
CAPABILITY = "signatures"
TRUSTED = "trusted.json"
"""Beside KEY: the SHA-256 of files whose signer the `honest` ones among the fakes trust; without it every signer is trusted."""


def passed() -> dict[str, dict[str, Any]]:
    return {layer: {"result": "pass", "reasons": []} for layer in LAYERS}


def accepted() -> dict[str, Any]:
    return {"indication": "TOTAL_PASSED", "layers": passed()}


def refused(layer: str, reasons: list[str]) -> dict[str, Any]:
    layers = passed()
    layers[layer] = {"result": "fail", "reasons": reasons}
    return {"indication": "INDETERMINATE", "layers": layers}


def everything_refused() -> dict[str, Any]:
    layers = {layer: {"result": "fail", "reasons": [f"{layer}.refused"]} for layer in LAYERS}
    return {"indication": "TOTAL_FAILED", "sub_indication": "FORMAT_FAILURE", "layers": layers}


def honest(flaw: dict[str, Any] | None, *, trusted: bool) -> dict[str, Any]:
    if flaw is not None:
        return refused(flaw["layer"], flaw["reasons"])
    return accepted() if trusted else refused("trust", ["trust.no-path-to-known-anchor"])


class Fake:
    def __init__(self, mode: str, key: Path | None, state: Path | None) -> None:
        self.mode = mode
        self.key = {} if key is None else json.loads(key.read_text(encoding="utf-8"))
        beside = None if key is None else key.with_name(TRUSTED)
        self.trusted = None
        if beside is not None and beside.exists():
            self.trusted = frozenset(json.loads(beside.read_text(encoding="utf-8")))
        self.state = state
        self.seen: dict[str, int] = {}
        if state is not None and state.exists():
            self.seen = json.loads(state.read_text(encoding="utf-8"))

    def hello(self) -> dict[str, Any]:
        declared = [] if self.mode == "unsupported" else [CAPABILITY]
        return {"name": f"fake-{self.mode}", "version": "1.0", "capabilities": declared}

    def answer(self, digest: str) -> dict[str, Any]:
        flaw = self.key.get(digest)
        trusted = self.trusted is None or digest in self.trusted
        match self.mode:
            case "accept-all":
                return accepted()
            case "reject-all":
                return everything_refused()
            case "accept-all-black-box":
                return {"indication": "TOTAL_PASSED"}
            case "reject-all-black-box":
                return {"indication": "TOTAL_FAILED", "sub_indication": "FORMAT_FAILURE"}
            case "unsupported" | "unsupported-declared":
                return {"unsupported": CAPABILITY}
            case "wrong-layer" if flaw is not None:
                return refused("certificate", ["certificate.refused"])
            case "no-instrument":
                return honest(flaw, trusted=True)
            case "changing" if flaw is None:
                self.seen[digest] = self.seen.get(digest, 0) + 1
                if self.state is not None:
                    self.state.write_text(json.dumps(self.seen), encoding="utf-8")
                return accepted() if self.seen[digest] % 2 else everything_refused()
            case "black-box":
                return {"indication": honest(flaw, trusted=trusted)["indication"]}
            case _:
                return honest(flaw, trusted=trusted)


def serve(fake: Fake) -> None:
    print(json.dumps(fake.hello()), flush=True)
    for line in sys.stdin:
        if not line.strip():
            continue
        request = json.loads(line)
        if fake.mode == "crash":
            sys.stderr.write("fake verifier: crashing as told\n")
            raise SystemExit(70)
        if fake.mode == "hang":
            while True:
                time.sleep(3600)
        if fake.mode == "malformed":
            print('{"id": "' + request["id"] + '", "indication": "TOTAL_PA', flush=True)
            continue
        digest = "sha256:" + hashlib.sha256(Path(request["artifact_path"]).read_bytes()).hexdigest()
        print(json.dumps({"id": request["id"], **fake.answer(digest)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--state", type=Path)
    options = parser.parse_args()
    serve(Fake(options.mode, options.key, options.state))


if __name__ == "__main__":
    main()
