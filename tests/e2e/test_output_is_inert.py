"""Nothing that a registry or Clair says reaches the terminal or a CI log as more than text."""
import os
import pty
import re
import select
import subprocess

from support import images
from support.gate import policy_folder

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
MARKERS = re.compile(r"(?m)^\s*(::[a-z-]+|##vso\[|##\[|##teamcity\[)")


def assert_inert(text):
    assert not FORBIDDEN.search(text), repr(FORBIDDEN.search(text))
    assert not MARKERS.search(text), repr(MARKERS.search(text))


def test_a_hostile_vulnerability_is_text(gated, registry):
    image = images.debian_hostile()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image), "--log-level", "debug")
    assert ended.status == 1 and "CVE-2099-0666" in ended.stdout, ended.explain()
    assert_inert(ended.stdout)
    assert_inert(ended.stderr)
    assert report["findings"][0]["package"]["name"] == "hostile"


def test_a_hostile_vulnerability_is_text_on_a_terminal_too(gated, registry, clair):
    image = images.debian_hostile()
    registry.push("app", image)
    ours, theirs = pty.openpty()
    said = b""
    child = subprocess.Popen([gated.binary, "run", "--image", registry.reference("app", image), "--clair-url",
                              clair.url, "--clair-psk-file", str(clair.psk_file), "--policy",
                              str(policy_folder(gated.folder, "block"))],
                             stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                             env=gated.environment({"TERM": "xterm"}), cwd=gated.folder)
    os.close(theirs)
    while True:
        ready, _, _ = select.select([ours], [], [], 60)
        try:
            piece = os.read(ours, 65536) if ready else b""
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert child.wait(10) == 1
    text = said.decode("utf-8", "replace")
    # Our own colours and the live line's erasing are all that may be there.
    plain = re.sub("\x1b\\[[0-9;]*[mK]|\r", "", text)
    assert_inert(plain)
    assert "CVE-2099-0666" in plain


def test_a_hostile_registry_error_is_text(gate, registry):
    """The path of a repository that is not there comes back in the registry's own words."""
    ended = gate("run", "--image", f"{registry.host}/no/such@sha256:{'a' * 64}", "--clair-url",
                 "http://127.0.0.1:1", "--timeout", "3s", "--wait-timeout", "2s")
    assert ended.status in (3, 4), ended.explain()
    assert_inert(ended.stdout + ended.stderr)
