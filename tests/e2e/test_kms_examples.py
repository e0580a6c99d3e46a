"""The example programs of plugins/kms, as `--sign exec:…` calls them: a real PKCS#11 token, Google's REST API with a
real curl, and a stand-in for aws that takes exactly the documented arguments."""
import base64
import http.server
import json
import pathlib
import threading
import uuid

import pytest

from support import images
from support.cosign import Cosign
from support.gate import policy_folder
from support.process import run, tool
from support.program import call

PROGRAMS = pathlib.Path(__file__).parents[2] / "plugins/kms"
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
VERSION = "projects/p/locations/global/keyRings/r/cryptoKeys/release/cryptoKeyVersions/1"
SIGN = ["openssl", "pkeyutl", "-sign", "-pkeyopt", "digest:sha256", "-inkey"]
# Both end with 9 on any call but those that the vendor documents.
AWS = """#!/usr/bin/python3
import base64, subprocess, sys
command, arguments = sys.argv[1:3], sys.argv[3:]
options = dict(zip(arguments[::2], arguments[1::2]))
which = {{"--key-id": "alias/release", "--output": "text"}}
if command == ["kms", "get-public-key"] and options == {{**which, "--query": "PublicKey"}}:
    sys.stdout.write(base64.b64encode(open("{folder}/key.der", "rb").read()).decode() + "\\n")
elif command == ["kms", "sign"] and options == {{
        **which, "--query": "Signature", "--message": "fileb:///dev/stdin", "--message-type": "DIGEST",
        "--signing-algorithm": "ECDSA_SHA_256"}}:
    signed = subprocess.run({sign} + ["{folder}/key.pem"], input=open("/dev/stdin", "rb").read(),
                            stdout=subprocess.PIPE, check=True).stdout
    print(base64.b64encode(signed).decode())
else:
    sys.exit(9)
"""
GCLOUD = """#!/usr/bin/python3
import sys
if sys.argv[1:] == ["kms", "keys", "versions", "get-public-key", "{version}"]:
    sys.stdout.write(open("{folder}/key.pub").read())
elif sys.argv[1:] == ["auth", "print-access-token"]:
    print("ya29.a-token")
else:
    sys.exit(9)
"""


class CloudKms:
    """The one method of Google's API: signs digests for who has the token."""

    def __init__(self, key):
        self.key = key
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, headers, body):
        if headers.get("Authorization") != "Bearer ya29.a-token":
            return 401, {"error": {"code": 401}}
        asked = json.loads(body)
        if path != f"/v1/{VERSION}:asymmetricSign" or set(asked) != {"digest"} or set(asked["digest"]) != {"sha256"}:
            return 400, {"error": {"code": 400}}
        file = self.key.with_name("digest")
        file.write_bytes(base64.b64decode(asked["digest"]["sha256"], validate=True))
        signature = self.key.with_name("signature")
        run(*SIGN, self.key, "-in", file, "-out", signature)
        return 200, {"signature": base64.b64encode(signature.read_bytes()).decode(), "signatureCrc32c": "1",
                     "name": VERSION, "protectionLevel": "HSM"}

    def handler(service):  # pylint: disable=no-self-argument
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, value = service.answer(self.path, self.headers, body)
                text = json.dumps(value, indent=2).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass
        return Handler


def stub(folder, name, text):
    file = folder / "bin" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.format(folder=folder, sign=SIGN, version=VERSION))
    file.chmod(0o755)


def key_pair(folder):
    run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder / "key.pem")
    run("openssl", "pkey", "-in", folder / "key.pem", "-pubout", "-out", folder / "key.pub")
    run("openssl", "pkey", "-in", folder / "key.pem", "-pubout", "-outform", "DER", "-out", folder / "key.der")


def token(folder):
    """A fresh PKCS#11 token with two keys; returns the environment it is found by."""
    (folder / "tokens").mkdir()
    (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    env = {"SOFTHSM2_CONF": str(folder / "softhsm.conf"), "PKCS11_PIN": "1234", "PATH": "/usr/bin:/bin"}
    run(tool("softhsm2-util"), "--init-token", "--free", "--label", "gate", "--pin", "1234", "--so-pin", "5678", env=env)
    for name in ("03", "01"):  # the first one found would be another
        run(tool("pkcs11-tool"), "--module", MODULE, "--token-label", "gate", "--login", "--pin", "env:PKCS11_PIN",
            "--keypairgen", "--key-type", "EC:prime256v1", "--usage-sign", "--id", name, env=env)
    return env


@pytest.fixture(params=["aws", "gcp", "pkcs11"])
def program(request, folder):
    """(its name, the arguments in front of the last, its environment)"""
    path = {"PATH": f"{folder}/bin:/usr/bin:/bin"}
    if request.param == "pkcs11":
        yield "pkcs11", [MODULE, "gate", "01"], token(folder)
        return
    key_pair(folder)
    if request.param == "aws":
        stub(folder, "aws", AWS)
        yield "aws", ["alias/release"], path
        return
    stub(folder, "gcloud", GCLOUD)
    service = CloudKms(folder / "key.pem")
    yield "gcp", [VERSION], {**path, "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS": service.url}
    service.stop()


def test_an_example_signs_what_both_verify(gated, registry, program):
    name, arguments, env = program
    key = f"exec:{PROGRAMS / name} {' '.join(arguments)}"
    exported = gated("keys", "public", key, env=env)
    assert exported.status == 0, exported.explain()
    public = gated.folder / "release.pub"
    public.write_text(exported.stdout)
    image = images.debian_patched()
    repository = f"kms/{uuid.uuid4().hex[:12]}"
    registry.push(repository, image)
    reference = registry.reference(repository, image)
    ended, report = gated.run(reference, "--sign", key, "--bundle", "report.sigstore.json", policy="allow", env=env)
    assert ended.status == 0 and report, ended.explain()
    assert "1234" not in ended.stderr and "ya29" not in ended.stderr
    for trusted in (public, key):
        ended = gated("verify", reference, "--key", trusted, "--policy", policy_folder(gated.folder, "allow"), env=env)
        assert ended.status == 0, ended.explain()
    verified = Cosign(gated.folder).verify_attestation(reference, key=public)
    assert verified.status == 0, verified.explain()


def test_an_example_answers_only_what_it_is_asked(program, folder):
    name, arguments, env = program
    for wrong in ([*arguments], [*arguments, "decrypt"], [*arguments, "sign", "sign"], ["sign"], [],
                  [*arguments, "sign"]):  # the last one without a hash
        ended = call(PROGRAMS / name, *wrong, home=folder, env=env)
        assert ended.status != 0 and ended.stdout == "", (wrong, ended.explain())


def test_a_refusal_of_the_service_is_no_signature(gated, program):
    name, arguments, env = program
    other = {"aws": ["alias/other"], "gcp": [VERSION + "1"], "pkcs11": [MODULE, "gate", "02"]}[name]
    key = f"exec:{PROGRAMS / name} {' '.join(other)}"
    ended = gated("keys", "public", key, env=env)
    assert ended.status == 3 and ended.stdout == "" and "public-key ended with" in ended.stderr, ended.explain()
    ended = call("/bin/sh", "-c", f"printf '%064d\\n' 0 | {PROGRAMS / name} {' '.join(other)} sign", home=gated.folder,
                 env=env)
    assert ended.status != 0 and ended.stdout == "", ended.explain()
