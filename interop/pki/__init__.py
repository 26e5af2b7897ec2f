"""From a provider's profile to real certificates and services: keys, certificates, CRLs, OCSP answers, time-stamps.

Deterministic: the same profile and the same keys give the same bytes. No clock, no network; the only disk is a key folder.
"""
