"""cosign as an independent signer and verifier: no prompt, no network beyond loopback, a home of its own."""
import base64
import dataclasses
import json
import os
import pathlib

from support.process import tool
from support.program import call

# The layout of an attestation: a bundle that refers to the image, or a layer of the tag `sha256-….att`.
BUNDLE, LEGACY = ["--new-bundle-format=true"], ["--new-bundle-format=false"]
ALONE = ["--use-signing-config=false", "--tlog-upload=false"]


@dataclasses.dataclass(frozen=True)
class KeyPair:
    private: pathlib.Path
    public: pathlib.Path
    password: str


@dataclasses.dataclass(frozen=True)
class Identity:
    """Who a keyless attestation must come from, and the trusted root that says so."""
    name: str
    issuer: str
    trusted_root: pathlib.Path

    def arguments(self):
        return ["--certificate-identity", self.name, "--certificate-oidc-issuer", self.issuer,
                "--trusted-root", self.trusted_root, "--use-signed-timestamps"]


def statements(ended):
    """The statements that a successful verification printed, one line an envelope."""
    return [json.loads(base64.b64decode(json.loads(line)["payload"])) for line in ended.stdout.splitlines()]


class Cosign:
    """Calls of cosign. Its home, where it writes, is a folder in the given one."""

    def __init__(self, folder):
        self.binary = tool("cosign", os.environ["E2E_COSIGN_BIN"])
        self.home = pathlib.Path(folder) / "cosign"
        self.home.mkdir(parents=True, exist_ok=True)

    def __call__(self, *arguments, env=None, timeout=60):
        return call(self.binary, *arguments, home=self.home, env=env, timeout=timeout)

    def must(self, *arguments, **options):
        """A call that prepares a test: anything but 0 is a failure."""
        ended = self(*arguments, **options)
        assert ended.status == 0, ended.explain()
        return ended

    def generate_key_pair(self, name="cosign", password="correct horse"):
        self.must("generate-key-pair", "--output-key-prefix", name, env={"COSIGN_PASSWORD": password})
        return KeyPair(self.home / f"{name}.key", self.home / f"{name}.pub", password)

    def attest(self, reference, predicate, *arguments, key=None, token=None, layout=BUNDLE, signing=ALONE,
               predicate_type="vuln", registry=None, env=None):
        """predicate: a value, written as JSON. key: a KeyPair, or a reference like hashivault://name and the
        `env` it needs; token: an OIDC token. Keyless, `signing` names the services (Sigstore.signing())."""
        file = self.home / "predicate.json"
        file.write_text(json.dumps(predicate))
        env = {**(env or {}), **({"COSIGN_PASSWORD": key.password} if isinstance(key, KeyPair) else {})}
        who = [] if key is None else ["--key", getattr(key, "private", key)]
        who += [] if token is None else ["--identity-token", token]
        return self("attest", "--yes", "--type", predicate_type, "--predicate", file, *who, *signing, *layout,
                    *registry_arguments(registry), *arguments, reference, env=env)

    def verify_attestation(self, reference, *arguments, key=None, identity=None, layout=BUNDLE,
                           predicate_type="vuln", registry=None):
        """By a public key's file (in no log), or by an Identity."""
        return self("verify-attestation", "--type", predicate_type, *trusted(key, identity), *layout,
                    *registry_arguments(registry), *arguments, reference)

    def verify_blob_attestation(self, bundle, *arguments, key=None, identity=None, predicate_type="vuln"):
        """A bundle in a file. arguments: the artifact's file, or --digest HEX --digestAlg sha256."""
        return self("verify-blob-attestation", "--type", predicate_type, *trusted(key, identity), "--bundle",
                    bundle, *arguments)


def trusted(key, identity):
    return ["--key", key, "--insecure-ignore-tlog=true"] if identity is None else identity.arguments()


def registry_arguments(registry):
    """registry: a support.registry.Registry, for its CA and its credentials; loopback is plain HTTP."""
    if registry is None:
        return ["--allow-http-registry=true"]
    arguments = ["--registry-cacert", registry.tls.ca] if registry.tls else ["--allow-http-registry=true"]
    if registry.headers.get("Authorization", "").startswith("Basic "):
        arguments += ["--registry-username", registry.USER, "--registry-password", registry.PASSWORD]
    return arguments
