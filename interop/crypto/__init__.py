"""Algorithms, digests, keys, SM2/SM3 and the repairs of asn1crypto. `table` is pure data; the rest computes.

Import from the module: `interop.crypto.table`, `.digests`, `.keys`, `.sm2`, `.asn1`.
"""
