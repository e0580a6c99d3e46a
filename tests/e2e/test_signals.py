"""SIGINT and SIGTERM end a run cleanly at once, wherever it is."""
import fcntl
import json
import os
import signal
import termios
import time

import pytest

from support import images
from support.scripted_clair import ScriptedClair


@pytest.mark.parametrize("how, status", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_while_waiting(gate, registry, how, status):
    child = gate.start("wait", "--image", f"{registry.host}/never:9", "--wait-timeout", "60s")
    time.sleep(0.7)
    begun = time.monotonic()
    child.send_signal(how)
    ended = gate.end(child, 10)
    assert ended.status == status and time.monotonic() - begun < 3, ended.explain()


@pytest.mark.parametrize("how, status", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_while_clair_is_working(gated, registry, clair, how, status):
    def slow(method, path, real):
        if method == "POST":
            time.sleep(5)
        return (404, b"{}") if "index_report/" in path and method == "GET" else None
    image = images.debian_patched()
    registry.push("app", image)
    with ScriptedClair(clair, slow) as scripted:
        report = gated.folder / "r.json"
        child = gated.start("run", "--image", registry.reference("app", image), "--clair-url", scripted.url,
                            "--clair-psk-file", clair.psk_file, "-o", f"json={report}")
        time.sleep(1.5)
        begun = time.monotonic()
        child.send_signal(how)
        ended = gated.end(child, 10)
        assert ended.status == status and time.monotonic() - begun < 3, ended.explain()
        assert not report.exists() or json.loads(report.read_text())["verdict"] == "undecided"


@pytest.mark.parametrize("how", (signal.SIGINT, signal.SIGTERM))
def test_a_signal_at_the_password_prompt_leaves_the_terminal_as_it_was(gate, how):
    controller, terminal = os.openpty()
    with open(controller, "r+b", buffering=0) as person, open(terminal, "r+b", buffering=0) as screen:
        before = termios.tcgetattr(screen)
        child = gate.start("keys", "generate", preexec_fn=lambda: be_at(screen))
        assert person.read(8) == b"Password"
        assert termios.tcgetattr(screen) != before
        if how == signal.SIGINT:
            person.write(b"half\x03")  # as Ctrl-C
        else:
            child.send_signal(how)
        ended = gate.end(child, 10)
        assert ended.status == -how, ended.explain()
        assert termios.tcgetattr(screen) == before
    assert not list(gate.folder.glob("cosign.*"))


def be_at(terminal):
    """Makes it the terminal of this process and of nobody else, with the signals of one: a shell ignores SIGINT for
    what it starts in the background, and that is inherited."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
