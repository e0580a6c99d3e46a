"""Evidence under fire: `run` killed at every write to the registry leaves nothing that a next run does not mend."""
import os
import re
import signal

import pytest

from fault_proxy import Proxy
from support import images
from support.evidence import FILE, SUMMARY, VULN, Place, wait_for_the_next_second

WRITES_MAX = 60  # more than any run makes


class DeadlyProxy(Proxy):
    """Kills the client when the peer has done its n-th write, and keeps the answer to itself.

    What is in a registry changes by writes alone: killed between two of them, a client leaves the same."""
    ALL = re.compile(r"(PUT|DELETE) ")
    VISIBLE = re.compile(r"(PUT|DELETE) \S+/manifests/")  # a blob that nothing names yet is seen by nobody

    def __init__(self, server):
        super().__init__("registry", [("/", ("127.0.0.1", server.port))])
        self.kind = self.deadly = self.child = None
        self.writes = 0

    def ask(self, head, body):
        answer = super().ask(head, body)
        if self.deadly and self.kind.match(head):
            self.writes += 1
            if self.writes == self.deadly:
                os.kill(self.child.pid, signal.SIGKILL)
                self.child.wait()
        return answer

    def run(self, place, kind, deadly):
        """A run that dies at that write of the kind; False when it got to its end before."""
        self.kind, self.deadly, self.writes = kind, deadly, 0
        self.child = place.gated.start(*place.arguments("allow"))
        ended = place.gated.end(self.child)
        self.deadly = None
        assert ended.status == (-signal.SIGKILL if self.writes >= deadly else 0), ended.explain()
        return ended.status != 0


@pytest.fixture(params=["without referrers", "with referrers"])
def server(request, registry, referrers):
    return registry if request.param == "without referrers" else referrers


@pytest.fixture
def proxy(server):
    between = DeadlyProxy(server)
    yield between
    between.stop()


@pytest.fixture(scope="module")
def image():
    return images.debian_outdated()


def test_killed_while_it_attaches_the_first_report(gated, server, proxy, image):
    for deadly in range(1, WRITES_MAX):
        place = Place(gated, server, image, proxy.host)
        was_killed = proxy.run(place, proxy.ALL, deadly)
        ended = place.verify()
        assert ended.status == 0 or (was_killed and "there is no signed scan report" in ended.stderr), ended.explain()
        if not was_killed:
            break
        place.sign()
        place.check_one_of_each()
    assert not was_killed and deadly > 8, deadly
    left = {"home", "policy", "team.key", "team.pub", "r.json", FILE, FILE + ".vsa"}
    assert {file.name for file in gated.folder.iterdir()} == left


def test_killed_while_it_replaces_a_report(gated, server, proxy, image):
    place = Place(gated, server, image, proxy.host)
    place.sign()
    for deadly in range(1, WRITES_MAX):
        wait_for_the_next_second()
        was_killed = proxy.run(place, proxy.VISIBLE, deadly)
        for attached in place.attached():
            assert VULN in attached, "there was a moment with neither the old nor the new"
        assert place.verify().status == 0
        if not was_killed:
            break
        place.sign()
        place.check_one_of_each()
    assert not was_killed and deadly > 5, deadly


def test_runs_at_once_lose_nothing(gated, server, image):
    place = Place(gated, server, image)
    place.sign()
    wait_for_the_next_second()
    for ended in [gated.end(child) for child in [gated.start(*place.arguments("allow")) for _ in range(3)]]:
        assert ended.status == 0, ended.explain()
    for attached in place.attached():
        assert VULN in attached and SUMMARY in attached
    assert place.verify().status == 0
    place.sign()
    place.check_one_of_each()
