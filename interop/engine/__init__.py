"""Software that observes a vector: the embedded engine, and independent witnesses behind one thin protocol each."""
