"""Verifiers of bundles and envelopes that share no code with cosign's Go."""
import os

from support.process import fresh_folder, tool
from support.program import call


def keyed(bundle, public_key):
    """Sigstore's JavaScript library: a bundle signed with a key and in no log. It prints the payload."""
    return call(tool("verify-keyed", os.environ["E2E_NPM_BIN"]), bundle, public_key, home=fresh_folder("npm"))


def keyless(bundle, identity):
    """Sigstore's Python client: a bundle with a certificate, by a support.cosign.Identity. It prints the payload."""
    return call(tool("verify-keyless", os.environ["E2E_PYPI_BIN"]), bundle, identity.trusted_root, identity.name,
                identity.issuer, home=fresh_folder("pypi"))


def summary(envelope, digest, verifier, resource, public_key, *levels):
    """slsa-verifier: a verification summary in a bare envelope."""
    arguments = [item for level in levels for item in ("--verified-level", level)]
    return call(tool("slsa-verifier", os.environ["E2E_SLSA_VERIFIER_BIN"]), "verify-vsa", "--attestation-path",
                envelope, "--subject-digest", digest, "--verifier-id", verifier, "--resource-uri", resource,
                "--public-key-path", public_key, "--print-attestation", *arguments, home=fresh_folder("slsa"))
