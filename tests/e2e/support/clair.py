"""A real Clair v4 in combo mode, and its API as the tests' own independent client."""
import base64
import hashlib
import hmac
import json
import os
import time

from support.net import free_port, request, wait_until
from support.postgres import Postgres
from support.process import Process, fresh_folder, run, tool

KEY = base64.b64encode(b"the key of the tests, 32 bytes.."[:32]).decode()
ISSUER = "clairgate"
INDEXER, MATCHER = "/indexer/api/v1/", "/matcher/api/v1/"


def token(key=KEY, issuer=ISSUER):
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")
    now = int(time.time())
    claims = {"iss": issuer, "iat": now, "nbf": now - 10, "exp": now + 60}
    text = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    signature = hmac.new(base64.b64decode(key), text, hashlib.sha256).digest()
    return (text + b"." + part(signature)).decode()


class Clair:
    """postgres: shared when given. env: e.g. SSL_CERT_FILE for registries with a private CA."""

    def __init__(self, postgres=None, env=None):
        self.folder = fresh_folder("clair")
        self.postgres = postgres or Postgres()
        self.env = env or {}
        self.bin = os.environ["E2E_CLAIR_BIN"]
        self.port, self.introspection = free_port(), free_port()
        self.psk_file = self.folder / "psk"
        self.psk_file.write_text(KEY + "\n")
        self.config = self.folder / "clair.json"
        self.write_config()
        self.process = None
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def write_config(self):
        mapping = self.folder / "mapping.json"
        mapping.write_text('{"data":{}}')
        def database(name):
            return {"connstring": self.postgres.dsn("clair_" + name), "migrations": True}
        self.config.write_text(json.dumps({
            "http_listen_addr": f"127.0.0.1:{self.port}",
            "introspection_addr": f"127.0.0.1:{self.introspection}",
            "log_level": "info",
            "indexer": {**database("indexer"), "airgap": True, "scanner": {
                "repo": {"rhel-repository-scanner": {"repo2cpe_mapping_file": str(mapping)}},
                "package": {"rhel_containerscanner": {"name2repos_mapping_file": str(mapping)},
                            "java": {"disable_api": True}}}},
            "matcher": {**database("matcher"), "disable_updaters": True},
            "notifier": database("notifier"),
            "auth": {"psk": {"key": KEY, "iss": [ISSUER, "clairctl"]}},
        }))

    def start(self):
        self.process = Process([tool("clair", self.bin), "-conf", self.config, "-mode", "combo"],
                               self.folder / "log", env=self.env)
        wait_until(self.is_ready, "Clair is ready", 60)

    def is_ready(self):
        assert self.process.is_running(), self.process.log.read_text()[-2000:]
        return request("GET", f"http://127.0.0.1:{self.introspection}/readyz").status == 200

    def stop(self):
        self.process.stop()

    def clairctl(self, *arguments, **options):
        return run(tool("clairctl", self.bin), "--config", self.config, *arguments, **options)

    def load(self, records):
        """Imports vulnerability records (support.records) into the matcher."""
        file = self.folder / "records.ndjson"
        file.write_text("".join(json.dumps(record) + "\n" for record in records))
        self.clairctl("import-updaters", file)

    def call(self, method, path, body=None):
        headers = {"Authorization": "Bearer " + token()}
        data = None if body is None else json.dumps(body)
        return request(method, self.url + path, data, headers)

    def index_report(self, digest):
        return self.call("GET", INDEXER + "index_report/" + digest)

    def vulnerability_report(self, digest):
        answer = self.call("GET", MATCHER + "vulnerability_report/" + digest)
        assert answer.status == 200, (answer.status, answer.body)
        return answer.json()

    def forget(self, digest):
        assert self.call("DELETE", INDEXER + "index_report/" + digest).status == 204

    def index(self, digest, layers):
        """Posts a manifest as clairgate would; layers: [{"hash":…,"uri":…,"headers":…}]."""
        return self.call("POST", INDEXER + "index_report", {"hash": digest, "layers": layers})
