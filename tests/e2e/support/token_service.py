"""A token service as registries have one: Basic credentials in, a signed JWT for one scope out."""
import base64
import http.server
import json
import subprocess
import threading
import time
import urllib.parse
import uuid

from support.process import fresh_folder, run
from support.registry import Registry, basic

SERVICE, ISSUER = "registry.tests", "tokens.tests"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenService:
    """`realm`: the URL that the registry names; ours by default, a proxy's when it fronts both."""

    def __init__(self, realm=None):
        self.folder = fresh_folder("tokens")
        self.key, self.certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", self.key,
            "-out", self.certificate, "-days", "2", "-subj", "/CN=tokens")
        self.asked = []  # (authorization, scope) of every request
        self.lifetime = 300
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.port = self.server.server_address[1]
        self.realm = realm or f"http://127.0.0.1:{self.port}/token"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def registry_config(self):
        return {"realm": self.realm, "service": SERVICE, "issuer": ISSUER,
                "rootcertbundle": str(self.certificate)}

    def issue(self, scope):
        kind, name, actions = scope.split(":", 2)
        now = int(time.time())
        access = [] if name == "*" else [{"type": kind, "name": name, "actions": actions.split(",")}]
        claims = {"iss": ISSUER, "sub": "ci", "aud": SERVICE, "exp": now + self.lifetime, "nbf": now - 10,
                  "iat": now, "jti": str(uuid.uuid4()), "access": access}
        pem = self.certificate.read_text().split("-----")[2].replace("\n", "")
        header = {"typ": "JWT", "alg": "RS256", "x5c": [pem]}
        text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(self.key)],
                                   input=text.encode(), capture_output=True, check=True).stdout
        return text + "." + encoded(signature)

    def handler(service):  # pylint: disable=no-self-argument
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                scope = query.get("scope", ["repository:*:*"])[0]
                authorization = self.headers.get("Authorization")
                service.asked.append((authorization, scope))
                if authorization != basic(Registry.USER, Registry.PASSWORD):
                    self.answer(401, {"errors": [{"code": "UNAUTHORIZED", "message": "who are you?"}]})
                    return
                self.answer(200, {"token": service.issue(scope), "expires_in": service.lifetime})

            def answer(self, status, value):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        return Handler
