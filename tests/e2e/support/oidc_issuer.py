"""An OIDC issuer on loopback: people by e-mail, and the workflows of a CI that asks for tokens as GitHub's do."""
import base64
import http.server
import json
import subprocess
import threading
import time
import urllib.parse

from support.process import fresh_folder, run

AUDIENCE = "sigstore"
WORKFLOW = "acme/app/.github/workflows/gate.yml@refs/heads/main"
WORKFLOW_CLAIMS = {
    "sub": "repo:acme/app:ref:refs/heads/main", "job_workflow_ref": WORKFLOW, "workflow_ref": WORKFLOW,
    "sha": "1" * 40, "job_workflow_sha": "1" * 40, "workflow_sha": "1" * 40, "event_name": "push",
    "repository": "acme/app", "repository_id": "1", "repository_owner": "acme", "repository_owner_id": "2",
    "repository_visibility": "private", "workflow": "gate", "ref": "refs/heads/main",
    "runner_environment": "self-hosted", "run_id": "3", "run_attempt": "1",
}


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class OidcIssuer:
    """Two issuers on one port: `url` for people, `workflows` for CI jobs."""
    REQUEST_TOKEN = "the job's own token"

    def __init__(self):
        self.folder = fresh_folder("oidc")
        self.key = self.folder / "key.pem"
        run("openssl", "genrsa", "-traditional", "-out", self.key, "2048")
        modulus = run("openssl", "rsa", "-in", self.key, "-noout", "-modulus").strip().partition("=")[2]
        self.keys = {"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "e": "AQAB",
                               "n": encoded(bytes.fromhex(modulus))}]}
        self.asked = []  # (authorization, audience) of every request for a job's token
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.workflows = self.url + "/workflows"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def sign(self, claims):
        head = {"alg": "RS256", "typ": "JWT", "kid": "1"}
        text = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(self.key)],
                                   input=text.encode(), capture_output=True, check=True).stdout
        return text + "." + encoded(signature)

    def token(self, email="ci@acme.test", seconds=300, audience=AUDIENCE, **claims):
        """Of a person. claims: more of them, or others."""
        now = int(time.time())
        return self.sign({"iss": self.url, "sub": email, "aud": audience, "iat": now - 5, "nbf": now - 5,
                          "exp": now + seconds, "email": email, "email_verified": True, **claims})

    def workflow_token(self, audience=AUDIENCE, seconds=300, **claims):
        """Of a CI job."""
        now = int(time.time())
        return self.sign({"iss": self.workflows, "aud": audience, "iat": now - 5, "nbf": now - 5,
                          "exp": now + seconds, **WORKFLOW_CLAIMS, **claims})

    def job_environment(self):
        """What GitHub gives a job that may ask for a token."""
        return {"GITHUB_ACTIONS": "true", "ACTIONS_ID_TOKEN_REQUEST_URL": self.url + "/token?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self.REQUEST_TOKEN}

    def documents(self):
        found = {"/keys": self.keys}
        for issuer in (self.url, self.workflows):
            path = issuer.removeprefix(self.url) + "/.well-known/openid-configuration"
            found[path] = {"issuer": issuer, "jwks_uri": self.url + "/keys", "response_types_supported": ["id_token"],
                           "authorization_endpoint": self.url + "/none", "subject_types_supported": ["public"],
                           "id_token_signing_alg_values_supported": ["RS256"]}
        return found

    def answer(self, target, authorization):
        parts = urllib.parse.urlsplit(target)
        if parts.path != "/token":
            document = self.documents().get(parts.path)
            return (404, {}) if document is None else (200, document)
        audience = urllib.parse.parse_qs(parts.query).get("audience", [""])[0]
        self.asked.append((authorization, audience))
        if authorization.lower() != f"bearer {self.REQUEST_TOKEN}":
            return 401, {"message": "who are you?"}
        return 200, {"value": self.workflow_token(audience)}

    def handler(issuer):  # pylint: disable=no-self-argument
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, value = issuer.answer(self.path, self.headers.get("Authorization", ""))
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        return Handler
