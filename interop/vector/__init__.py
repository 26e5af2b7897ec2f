"""Cases crossed with identities, and the signed bytes that come of it."""
