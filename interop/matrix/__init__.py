"""Judgements to the matrix: outcomes of cases, groups, cells, conformity, exit code. Pure.

The doors are `interop.matrix.build.build_matrix` and `interop.matrix.gate.exit_code`.
"""
