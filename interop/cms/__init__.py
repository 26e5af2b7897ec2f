"""CMS SignedData and RFC 3161 tokens: build them, take them apart, say what is in them and which checks hold.

Import from the module: `build`, `parse`, `observe`, `token`.
"""

from interop.crypto.asn1 import prepare

prepare()
