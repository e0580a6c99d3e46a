"""Verifies a keyless bundle around a DSSE envelope with Sigstore's own Python client.

usage: verify_keyless.py BUNDLE TRUSTED_ROOT IDENTITY ISSUER
Prints the payload of what it accepts; 1 for what it rejects, with the reason on standard error.
"""
import pathlib
import sys

from sigstore.errors import Error
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity


def main(arguments):
    if len(arguments) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    file, root, identity, issuer = arguments
    try:
        bundle = Bundle.from_json(pathlib.Path(file).read_bytes())
        verifier = Verifier(trusted_root=TrustedRoot.from_file(root))
        _, payload = verifier.verify_dsse(bundle, Identity(identity=identity, issuer=issuer))
    except Error as error:
        print(f"rejected: {error}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(payload)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
