"""Trusted lists (ETSI TS 119 612): reading, checking their signature, writing."""
