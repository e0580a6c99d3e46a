"""docker-registry, plain or behind htpasswd, token or TLS, and pushing to it by HTTP."""
import base64
import json
import shutil
import socket
import warnings

from support import oci
from support.net import free_port, request, wait_until
from support.process import Process, fresh_folder, tool

with warnings.catch_warnings():  # Debian 12's Python still has it, and the registry wants bcrypt
    warnings.simplefilter("ignore", DeprecationWarning)
    import crypt


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Registry:
    """One docker-registry, pushed to with its own credentials."""
    USER, PASSWORD = "ci", "se:cret pass"

    def __init__(self, auth=None, tls=None, token_service=None, port=None):
        self.folder = fresh_folder("registry")
        self.port = port or free_port()
        # Loopback addresses are spoken to without TLS: a TLS registry goes by this machine's name.
        self.name = socket.gethostname() if tls else "127.0.0.1"
        self.tls = tls
        config = {
            "version": "0.1", "log": {"level": "error"},
            "storage": {"filesystem": {"rootdirectory": str(self.folder / "data")},
                        "delete": {"enabled": True}},
            "http": {"addr": f"{socket.gethostbyname(self.name)}:{self.port}"},
        }
        self.headers = {}
        if auth == "basic":
            file = self.folder / "htpasswd"
            salt = crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)
            file.write_text(f"{self.USER}:{crypt.crypt(self.PASSWORD, salt)}\n")
            config["auth"] = {"htpasswd": {"realm": "tests", "path": str(file)}}
            self.headers = {"Authorization": basic(self.USER, self.PASSWORD)}
        if token_service:
            config["auth"] = {"token": token_service.registry_config()}
            self.headers = {"Authorization": "Bearer " + token_service.issue("repository:*:*")}
        if tls:
            config["http"]["tls"] = {"certificate": str(tls.certificate), "key": str(tls.key)}
        self.token_service = token_service
        self.config = self.folder / "config.yml"
        self.config.write_text(json.dumps(config))  # JSON is YAML
        self.process = None
        self.start()

    @property
    def host(self):
        return f"{self.name}:{self.port}"

    @property
    def url(self):
        return ("https://" if self.tls else "http://") + self.host

    def start(self):
        self.process = Process([tool("docker-registry"), "serve", self.config], self.folder / "log",
                               env={"OTEL_TRACES_EXPORTER": "none"})
        wait_until(lambda: self.call("GET", "/v2/").status in (200, 401), "the registry answers")

    def stop(self):
        self.process.stop()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, path, body=None, headers=None, repository=None):
        authorization = self.headers
        if self.token_service and repository:
            scope = f"repository:{repository}:pull,push,delete"
            authorization = {"Authorization": "Bearer " + self.token_service.issue(scope)}
        url = path if path.startswith("http") else self.url + path
        return request(method, url, body, {**authorization, **(headers or {})},
                       ca=self.tls.ca if self.tls else None)

    def push_blob(self, repository, blob):
        if self.call("HEAD", f"/v2/{repository}/blobs/{blob.digest}", repository=repository).status == 200:
            return
        start = self.call("POST", f"/v2/{repository}/blobs/uploads/", repository=repository)
        assert start.status == 202, (start.status, start.body)
        location = start.headers["Location"]
        joint = "&" if "?" in location else "?"
        done = self.call("PUT", f"{location}{joint}digest={blob.digest}", blob.data,
                         {"Content-Type": "application/octet-stream"}, repository)
        assert done.status == 201, (done.status, done.body)

    def push(self, repository, image, tag=None):
        """Pushes an oci.Image or oci.Index; returns its digest."""
        if isinstance(image, oci.Index):
            for child in image.children:
                self.push(repository, child)
        else:
            for blob in image.blobs:
                self.push_blob(repository, blob)
        self.put_manifest(repository, tag or image.digest, image.manifest)
        return image.digest

    def put_manifest(self, repository, name, manifest):
        done = self.call("PUT", f"/v2/{repository}/manifests/{name}", manifest.data,
                         {"Content-Type": manifest.media_type}, repository)
        assert done.status == 201, (done.status, done.body)

    def delete_blob(self, repository, digest):
        """Takes the bytes away under the registry, as a broken storage does."""
        assert self.call("DELETE", f"/v2/{repository}/blobs/{digest}", repository=repository).status == 202

    def reference(self, repository, image):
        return f"{self.host}/{repository}@{image.digest}"

    def layers_for_clair(self, repository, image):
        """What a client posts to Clair for this image."""
        return [{"hash": one.digest, "uri": f"{self.url}/v2/{repository}/blobs/{one.digest}",
                 "headers": {key: [value] for key, value in self.headers.items()}} for one in image.layers]
