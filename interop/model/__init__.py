"""The vocabulary: ids, enums and frozen values that every other package speaks in.

Imports nothing of ours. Each module is named after what it knows; import from the module.
"""
