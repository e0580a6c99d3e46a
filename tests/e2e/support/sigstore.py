"""A whole private Sigstore on loopback: certificates, their log, the signatures' log, times, and identities."""
import base64
import hashlib
import json
import os
import time

from support.cosign import Cosign, Identity
from support.net import free_port, request, wait_until
from support.oidc_issuer import AUDIENCE, WORKFLOW, OidcIssuer
from support.process import Process, fresh_folder, run, tool

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
CA = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"]


class Sigstore:
    """rekor: of version 2 (tiles), so times come from the authority. `trusted_root` and `signing_config`
    are files as cosign writes them, `services` the URLs by name."""

    def __init__(self):
        self.folder = fresh_folder("sigstore")
        self.bin = os.environ["E2E_SIGSTORE_BIN"]
        self.cosign = Cosign(self.folder)
        self.issuer = OidcIssuer()
        self.pem = {name: self.folder / f"{name}.pem" for name in (
            "root", "fulcio", "fulcio-chain", "times", "times-chain", "ct", "ct-public", "rekor", "rekor-public")}
        self.make_keys()
        self.services, self.processes = {}, {}
        self.start_ct_log()
        self.start_fulcio()
        self.start_timestamps()
        self.start_rekor()
        self.signing_config, self.trusted_root = self.folder / "signing_config.json", self.folder / "trusted_root.json"
        self.write_documents()

    def stop(self):
        self.issuer.stop()
        for process in self.processes.values():
            process.kill()  # nothing of it outlives the tests; the CT log would wait for a metrics collector

    def make_keys(self):
        empty = self.folder / "openssl.cnf"  # the machine's own adds extensions
        empty.write_text("[req]\ndistinguished_name = name\n[name]\n")

        def certificate(name, subject, *extensions):
            """Self-signed for the root, else by the root."""
            by = ["-CA", self.pem["root"], "-CAkey", self.key("root")] if name != "root" else []
            more = [item for extension in ("subjectKeyIdentifier=hash", *extensions)
                    for item in ("-addext", extension)]
            run("openssl", "req", "-x509", "-config", empty, *CURVE, "-keyout", self.key(name), "-out",
                self.pem[name], "-days", "2", "-subj", f"/O=tests/CN={subject}", *by, *more)
        certificate("root", "root", *CA)
        certificate("fulcio", "fulcio", *CA, "extendedKeyUsage=codeSigning", "authorityKeyIdentifier=keyid")
        certificate("times", "times", "keyUsage=critical,digitalSignature", "authorityKeyIdentifier=keyid",
                    "extendedKeyUsage=critical,timeStamping")
        for name in ("fulcio", "times"):
            self.pem[name + "-chain"].write_text(self.pem[name].read_text() + self.pem["root"].read_text())
        for name in ("ct", "rekor"):
            run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.pem[name])
            run("openssl", "ec", "-in", self.pem[name], "-pubout", "-out", self.pem[name + "-public"])

    def key(self, name):
        return self.folder / f"{name}.key"

    def start(self, program, service, port, arguments, ready):
        """ready: the path that answers 200 when it serves."""
        self.services[service] = f"http://127.0.0.1:{port}"
        process = self.processes[service] = Process(
            [tool(program, self.bin), *arguments], self.folder / f"{service}.log", cwd=self.folder,
            env={"HOME": str(self.folder)})

        def is_ready():
            assert process.is_running(), process.log.read_text()[-2000:]
            return request("GET", self.services[service] + ready).status == 200
        wait_until(is_ready, f"{program} is ready", 60)

    def start_ct_log(self):
        port = free_port()
        self.start("ct-log", "ct", port, [
            "-http_endpoint", f"127.0.0.1:{port}", "-origin", "ct.tests", "-private_key", self.pem["ct"],
            "-roots_pem_file", self.pem["root"], "-storage_dir", self.folder / "ct", "-checkpoint_interval", "100ms",
            "-batch_max_age", "50ms"], "/ct/v1/get-roots")

    def start_fulcio(self):
        config, port = self.folder / "fulcio.json", free_port()
        config.write_text(json.dumps({"OIDCIssuers": {
            url: {"IssuerURL": url, "ClientID": AUDIENCE, "Type": kind}
            for url, kind in ((self.issuer.url, "email"), (self.issuer.workflows, "github-workflow"))}}))
        self.start("fulcio", "fulcio", port, [
            "serve", "--ca", "fileca", "--fileca-cert", self.pem["fulcio-chain"], "--fileca-key", self.key("fulcio"),
            "--fileca-key-passwd", "none", "--fileca-watch=false", "--config-path", config, "--ct-log-url",
            self.services["ct"], "--ct-log-public-key-path", self.pem["ct-public"], "--host", "127.0.0.1", "--port",
            port, "--grpc-host", "127.0.0.1", "--grpc-port", free_port(), "--metrics-port", free_port(),
            "--legacy-unix-domain-socket", self.folder / "socket"], "/healthz")

    def start_timestamps(self):
        port = free_port()
        self.start("timestamp-server", "times", port, [port, self.key("times"), self.pem["times-chain"]], "/ping")
        self.services["times"] += "/api/v1/timestamp"

    def start_rekor(self):
        port = free_port()
        self.start("rekor-server", "rekor", port, [
            "serve", "--hostname", "127.0.0.1", "--http-address", "127.0.0.1", "--http-port", port,
            "--http-metrics-port", free_port(), "--grpc-address", "127.0.0.1", "--grpc-port", free_port(),
            "--storage-dir", self.folder / "rekor", "--signer-filepath", self.pem["rekor"], "--checkpoint-interval",
            "100ms", "--batch-max-age", "50ms"], "/healthz")
        # JSON leaves out the zero of the very first entry, and Sigstore's Python client wants to see it.
        self.log_something()

    def log_something(self):
        signed = self.folder / "something"
        signed.write_bytes(b"something")
        run("openssl", "dgst", "-sha256", "-sign", self.pem["rekor"], "-out", self.folder / "signature", signed)
        run("openssl", "ec", "-in", self.pem["rekor"], "-pubout", "-outform", "DER", "-out", self.folder / "der")

        def text(data):
            return base64.b64encode(data).decode()
        entry = {"digest": text(hashlib.sha256(signed.read_bytes()).digest()), "signature": {
            "content": text((self.folder / "signature").read_bytes()), "verifier": {
                "publicKey": {"rawBytes": text((self.folder / "der").read_bytes())},
                "keyDetails": "PKIX_ECDSA_P256_SHA_256"}}}
        answer = request("POST", self.services["rekor"] + "/api/v2/log/entries",
                         json.dumps({"hashedRekordRequestV002": entry}), {"Content-Type": "application/json"})
        assert answer.status == 201, (answer.status, answer.body)

    def write_documents(self):
        """By cosign: what we sign with and trust must not be our own reading of the formats."""
        begun = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))

        def service(name, version, url=None):
            return f"url={url or self.services[name]},api-version={version},start-time={begun},operator=tests"

        def log(name):
            return f"url={self.services[name]},public-key={self.pem[name + '-public']},start-time={begun}"
        self.cosign.must(
            "signing-config", "create", "--fulcio", service("fulcio", 1), "--rekor", service("rekor", 2),
            "--rekor-config", "ANY", "--tsa", service("times", 1), "--tsa-config", "ANY", "--oidc-provider",
            service("oidc", 1, self.issuer.url), "--out", self.signing_config)
        self.cosign.must(
            "trusted-root", "create", "--fulcio",
            f"url={self.services['fulcio']},certificate-chain={self.pem['fulcio-chain']}", "--tsa",
            f"url={self.services['times']},certificate-chain={self.pem['times-chain']}", "--ctfe", log("ct"),
            "--rekor", log("rekor") + ",origin=127.0.0.1", "--out", self.trusted_root)

    def signing(self):
        """The arguments that make cosign sign here."""
        return ["--signing-config", self.signing_config, "--trusted-root", self.trusted_root]

    def person(self, email="ci@acme.test"):
        return Identity(email, self.issuer.url, self.trusted_root)

    def workflow(self):
        return Identity("https://github.com/" + WORKFLOW, self.issuer.workflows, self.trusted_root)
