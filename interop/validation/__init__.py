"""Facts, evidence, anchors, suite and time to the nine technical layers and an indication. Pure: it reads values, nothing else.

Path processing is RFC 5280 section 6, the processes are those of EN 319 102-1, both over edges that were verified before.
The door is `interop.validation.technical.judge_signature`.
"""
