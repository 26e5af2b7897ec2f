"""Trust, agreement, assurance: what a relying party and the instruments in force make of a technically judged signature. Pure.

The doors are `interop.recognition.verdict.recognise` (one signature) and `interop.recognition.judge.judge_file` (one file).
"""
