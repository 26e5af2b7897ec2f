"""Signed PDF: three doors. `sign` makes signatures, `observe` sees them, `mutate` breaks them on purpose."""
