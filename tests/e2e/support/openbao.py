"""A real OpenBao in memory, its transit engine on, and keys to sign with."""
import itertools
import json
import os

from support.net import free_port, request, wait_until
from support.process import Process, fresh_folder, tool


class OpenBao:
    """mount: where the transit engine is."""
    TOKEN = "the-root-token"

    def __init__(self, mount="transit"):
        self.folder = fresh_folder("openbao")
        self.mount = mount
        self.count = itertools.count()
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = Process(
            [tool("bao", os.environ["E2E_OPENBAO_BIN"]), "server", "-dev", f"-dev-listen-address=127.0.0.1:{port}",
             f"-dev-root-token-id={self.TOKEN}", "-dev-no-store-token"], self.folder / "log", cwd=self.folder,
            env={"HOME": str(self.folder), "SKIP_SETCAP": "1"})
        wait_until(self.is_ready, "OpenBao is ready", 60)
        self.must("POST", f"sys/mounts/{mount}", {"type": "transit"})

    def is_ready(self):
        assert self.process.is_running(), self.process.log.read_text()[-2000:]
        return request("GET", self.url + "/v1/sys/health").status == 200

    def stop(self):
        self.process.stop()

    def call(self, method, path, body=None, token=TOKEN):
        data = None if body is None else json.dumps(body)
        return request(method, f"{self.url}/v1/{path}", data, {"X-Vault-Token": token})

    def must(self, method, path, body=None):
        answer = self.call(method, path, body)
        assert answer.status in (200, 204), (answer.status, answer.body)
        return answer

    def create_key(self, name, kind="ecdsa-p256"):
        """Makes a key; returns the PEM of its public half."""
        self.must("POST", f"{self.mount}/keys/{name}", {"type": kind})
        return self.public_key(name)

    def rotate_key(self, name):
        self.must("POST", f"{self.mount}/keys/{name}/rotate")
        return self.public_key(name)

    def public_key(self, name):
        key = self.must("GET", f"{self.mount}/keys/{name}").json()["data"]
        return key["keys"][str(key["latest_version"])]["public_key"]

    def token_for(self, *rules):
        """A token that may do only this: rules are (path, capability, …)."""
        policy = "".join(f'path "{path}" {{ capabilities = {json.dumps(may)} }}\n' for path, *may in rules)
        name = f"narrow-{next(self.count)}"
        self.must("PUT", f"sys/policies/acl/{name}", {"policy": policy})
        answer = self.must("POST", "auth/token/create", {"policies": [name], "ttl": "10m"})
        return answer.json()["auth"]["client_token"]

    def environment(self, token=TOKEN):
        """What cosign and clairgate find it by."""
        return {"VAULT_ADDR": self.url, "VAULT_TOKEN": token, "TRANSIT_SECRET_ENGINE_PATH": self.mount}
