"""Run by an interpreter that has JPype: asks the EU DSS library, through its prototype, about documents and lists.

Reads `{"folder": prototype, "at": instant, "signers": [path], "anchors": [path], "cases": [{"name", "document", "lotl", "list",
"recognition"}]}` from standard input,
writes `{name: {"indication", "qualification", "rule", "lists"}}` to standard output.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path


def main() -> None:
    asked = json.load(sys.stdin)
    sys.path.insert(0, asked["folder"])
    import dss

    signers = [Path(path).read_bytes() for path in asked["signers"]]
    anchors = [Path(path).read_bytes() for path in asked.get("anchors", ())]
    at = datetime.fromisoformat(asked["at"])
    answers = {}
    for case in asked["cases"]:
        (result,) = dss.validate_with_lists(
            [case["document"]], case["lotl"], [case["list"]], signers, mra=case["recognition"], at=at, anchors=anchors
        )
        (signature,) = result["signatures"] or [{}]
        answers[case["name"]] = {
            "error": result["error"],
            "indication": signature.get("indication"),
            "sub_indication": signature.get("sub_indication"),
            "qualification": signature.get("qualification"),
            "rule": signature.get("mutual_recognition"),
            "lists": sorted(result["lists"].values()),
            "errors": signature.get("errors"),
        }
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
