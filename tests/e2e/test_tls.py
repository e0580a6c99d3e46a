"""TLS: a private CA works when it is named; everything else about it fails closed."""
import socket

import pytest

from support import images
from support.net import wait_until
from support.process import Process, tool
from support.registry import Registry
from support.tls import Tls


@pytest.fixture(scope="module")
def tls_registry(tls):
    server = Registry(tls=tls)
    yield server
    server.remove()


class OtherName(Registry):
    """Not pushed to: the tests' own client would refuse it as well."""

    def start(self):
        self.process = Process([tool("docker-registry"), "serve", self.config], self.folder / "log")

        def is_open():
            with socket.create_connection((self.name, self.port), 1):
                return True
        wait_until(is_open, "the registry listens")


def test_a_registry_with_a_private_ca_is_trusted_when_the_ca_is_named(gated, tls_registry, tls):
    image = images.debian_outdated()
    tls_registry.push("app", image)
    reference = tls_registry.reference("app", image)
    ended, _ = gated.run(reference, "--registry-ca", tls.ca)
    assert ended.status == 1, ended.explain()


def test_an_unknown_ca_is_undecided_and_names_the_setting(gated, tls_registry):
    image = images.debian_patched()
    tls_registry.push("app", image)
    ended, report = gated.run(tls_registry.reference("app", image), "--timeout", "10s")
    assert ended.status == 3 and (report is None or report["verdict"] == "undecided"), ended.explain()


def test_a_certificate_for_another_name_is_refused(gated, root):
    other = Tls("DNS:registry.example")
    image = images.debian_patched()
    server = OtherName(tls=other)
    try:
        ended, _ = gated.run(server.reference("app", image), "--registry-ca", other.ca,
                             "--timeout", "10s")
        assert ended.status == 3, ended.explain()
    finally:
        server.process.stop()
