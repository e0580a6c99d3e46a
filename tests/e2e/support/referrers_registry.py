"""A registry in memory that has the referrers API, with the interface of support.registry.Registry."""
import os
import shutil

from support.net import free_port, wait_until
from support.process import Process, fresh_folder, tool
from support.registry import Registry


class ReferrersRegistry(Registry):
    """Plain HTTP on loopback, open to everybody; what it holds is gone with the process."""

    def __init__(self, port=None):  # pylint: disable=super-init-not-called
        self.folder = fresh_folder("referrers-registry")
        self.port = port or free_port()
        self.name = "127.0.0.1"
        self.tls, self.token_service, self.headers = None, None, {}
        self.process = None
        self.start()

    def start(self):
        self.process = Process([tool("referrers-registry", os.environ["E2E_REFERRERS_REGISTRY_BIN"]), self.host],
                               self.folder / "log")
        wait_until(lambda: self.call("GET", "/v2/").status == 200, "the registry answers")

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
