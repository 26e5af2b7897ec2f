"""Certificates, CRLs and OCSP responses: bytes to frozen values, leniently and with findings; one edge verified.

Import from the module that knows the subject. The readers never change a byte and use no ASN.1 library; importing the package
still applies the registrations and repairs of asn1crypto, since everybody above works with it beside us.
"""

from interop.crypto.asn1 import prepare

prepare()
