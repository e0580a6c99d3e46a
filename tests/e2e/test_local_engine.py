"""Without --clair-url: a private PostgreSQL and Clair that start, are shared, and are gone afterwards."""
import json
import os
import pathlib
import signal
import time

import pytest

from support import images, records
from support.debian_updater import DebianUpdater
from support.gate import Gate, policy_folder, rows
from support.net import wait_until
from support.process import fresh_folder


def left_running(state):
    """Processes whose command line names the state folder, which all of the engine's do."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes()
        except OSError:
            continue
        if str(state).encode() + b"/" in line or line.replace(b"\0", b" ").rstrip().endswith(str(state).encode()):
            found.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return found


def assert_nothing_left(state, seconds=10):
    try:
        wait_until(lambda: not left_running(state), "the engine has stopped", seconds)
    except AssertionError:
        raise AssertionError(left_running(state)) from None


def engine(state):
    return ["--state-dir", state, "--clair-bin", os.environ["E2E_CLAIR_BIN"]]


def judge(gate, state, reference, *arguments, report="r.json", **options):
    file = gate.folder / report
    ended = gate("run", "--image", reference, *engine(state), "--policy", policy_folder(gate.folder, "block"),
                 "-o", "table", "-o", f"json={file}", *arguments, timeout=120, **options)
    return ended, json.loads(file.read_text()) if file.exists() else None


@pytest.fixture(scope="module")
def state(root):
    """A state folder with the planted data in it."""
    gate = Gate(fresh_folder("import"))
    folder = gate.folder / "state"
    file = gate.folder / "records.ndjson"
    file.write_text("".join(json.dumps(record) + "\n" for record in records.planted()))
    ended = gate("data", "import", file, *engine(folder), timeout=120)
    assert ended.status == 0, ended.explain()
    assert_nothing_left(folder)
    return folder


@pytest.mark.parametrize("make, status", [(images.debian_outdated, 1), (images.debian_patched, 0)])
def test_a_run_without_a_service_judges_and_leaves_nothing_running(gate, registry, state, make, status):
    image = make()
    registry.push("app", image)
    ended, report = judge(gate, state, registry.reference("app", image))
    assert ended.status == status, ended.explain()
    assert_nothing_left(state)


def test_data_status_names_each_updater_with_its_date(gate, state):
    ended = gate("data", "status", *engine(state), timeout=120)
    assert ended.status == 0, ended.explain()
    for updater in ("debian/updater", "alpine-main-v3.19-updater", "ubuntu/updater/jammy", "osv/pypi"):
        assert updater in ended.stdout, ended.explain()
    assert_nothing_left(state)


def test_an_export_carries_the_data_to_another_machine(gate, registry, state):
    dump, other = gate.folder / "data.dump", gate.folder / "other-state"
    ended = gate("data", "export", dump, *engine(state), timeout=120)
    assert ended.status == 0 and dump.stat().st_size > 1000, ended.explain()
    ended = gate("data", "import", dump, *engine(other), timeout=120)
    assert ended.status == 0, ended.explain()
    image = images.debian_outdated()
    registry.push("app", image)
    ended, report = judge(gate, other, registry.reference("app", image))
    assert ended.status == 1 and len(rows(report)) >= 5, ended.explain()
    assert_nothing_left(other)


def test_a_dump_that_was_changed_is_not_imported(gate, state):
    dump, other = gate.folder / "data.dump", gate.folder / "other-state"
    assert gate("data", "export", dump, *engine(state), timeout=120).status == 0
    data = bytearray(dump.read_bytes())
    data[len(data) // 2] ^= 1
    dump.write_bytes(data)
    ended = gate("data", "import", dump, *engine(other), timeout=120)
    assert ended.status in (2, 3), ended.explain()
    assert_nothing_left(other)


def test_records_with_a_range_are_refused_with_the_reason(gate, state):
    record = records.update("osv/go", [records.vulnerability(
        "GO-2099-1", "golang.org/x/demo", "High", "1.0.0", kind="binary",
        range={"[": "semver:0.0.0.0.0.0.0.0.0.0", ")": "semver:0.1.0.0.0.0.0.0.0.0"})])
    file = gate.folder / "range.ndjson"
    file.write_text(json.dumps(record[0]) + "\n")
    ended = gate("data", "import", file, *engine(state), timeout=120)
    assert ended.status in (2, 3) and "range" in ended.stderr, ended.explain()


def test_two_runs_share_one_engine(gate, registry, state):
    image = images.debian_outdated()
    registry.push("app", image)
    children = []
    for name in ("first", "second"):
        children.append(gate.start("run", "--image", registry.reference("app", image), *engine(state), "--policy",
                                   policy_folder(gate.folder, "block"), "-o", f"json={gate.folder / name}"))
    for child in children:
        ended = gate.end(child, 120)
        assert ended.status == 1, ended.explain()
    first, second = (json.loads((gate.folder / name).read_text()) for name in ("first", "second"))
    assert rows(first) == rows(second)
    assert_nothing_left(state)


@pytest.mark.parametrize("how, status", [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_run_that_is_stopped_takes_its_engine_along_and_blocks_nobody(gate, registry, state, how, status):
    image = images.debian_patched_with(noise_megabytes=60)
    registry.push("app", image)
    child = gate.start("run", "--image", registry.reference("app", image), *engine(state))
    wait_until(lambda: len(left_running(state)) > 1, "the engine runs", 60)
    time.sleep(0.3)
    child.send_signal(how)
    ended = gate.end(child, 30)
    assert ended.status == status, ended.explain()
    assert_nothing_left(state, 20)
    small = images.debian_patched()
    registry.push("app", small)
    ended, _ = judge(gate, state, registry.reference("app", small))
    assert ended.status == 0, ended.explain()


def test_missing_binaries_are_named_with_what_to_install(gate, registry):
    image = images.debian_patched()
    registry.push("app", image)
    ended = gate("run", "--image", registry.reference("app", image), "--state-dir", gate.folder / "state",
                 "--clair-bin", gate.folder, env={"PATH": "/nowhere"}, timeout=60)
    assert ended.status in (2, 3) and "clair" in ended.stderr and "--clair-bin" in ended.stderr, ended.explain()


def test_without_data_the_engine_runs_the_updater_of_the_image(gate, registry):
    updater = DebianUpdater()
    image = images.debian_outdated()
    registry.push("app", image)
    state = gate.folder / "state"
    ended, report = judge(gate, state, registry.reference("app", image), "--updater-url",
                          f"debian.mirror_url={updater.url}/", "--updater-url",
                          f"debian.json_url={updater.url}/data.json", "--timeout", "100s")
    updater.stop()
    assert ended.status == 1, ended.explain()
    assert "CVE-2099-0100" in {one["id"] for one in report["findings"]}
    assert_nothing_left(state)


def test_a_user_without_a_passwd_entry_has_an_engine_too(gate, registry):
    image = images.debian_patched()
    registry.push("app", image)
    state = gate.folder / "state"
    state.mkdir()
    if os.getuid() == 0:
        os.chown(state, 54321, 54321)
        os.chown(gate.home, 54321, 54321)
    file = gate.folder / "records.ndjson"
    file.write_text("".join(json.dumps(record) + "\n" for record in records.planted()))
    nameless = {"user": 54321, "group": 54321, "extra_groups": []} if os.getuid() == 0 else {}
    ended = gate("data", "import", file, *engine(state), timeout=120, **nameless)
    assert ended.status == 0, ended.explain()
    ended = gate("run", "--image", registry.reference("app", image), *engine(state), timeout=120, **nameless)
    assert ended.status == 0, ended.explain()
    assert_nothing_left(state)


def test_secrets_of_the_engine_are_in_no_command_line(gate, registry, state):
    image = images.debian_patched_with(noise_megabytes=20)
    registry.push("app", image)
    child = gate.start("run", "--image", registry.reference("app", image), *engine(state))
    wait_until(lambda: len(left_running(state)) > 1, "the engine runs", 60)
    lines = " ".join(left_running(state))
    ended = gate.end(child, 120)
    assert ended.status == 0, ended.explain()
    for word in ("password", "psk=", "PGPASSWORD"):
        assert word not in lines.lower(), lines
    modes = {path: oct(path.stat().st_mode & 0o077) for path in state.rglob("*")
             if path.is_file() and any(word in path.name for word in ("psk", "password", "clair.yaml", "clair.json"))}
    assert set(modes.values()) <= {"0o0"}, modes
