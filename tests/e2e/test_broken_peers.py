"""Every peer can be gone or wrong: status 3, within the deadline, never 0, and no report that looks judged."""
import json
import threading
import time

import pytest

from support import images, records
from support.clair import Clair
from support.postgres import Postgres
from support.registry import Registry
from support.scripted_clair import ScriptedClair

DEADLINE = 8  # seconds, given as --timeout


@pytest.fixture(scope="module")
def own_clair(root):
    """One that a test may stop; the next one starts it again."""
    server = Clair(Postgres())
    server.load(records.planted())
    yield server
    server.stop()
    server.postgres.stop()


def assert_undecided(ended, report):
    assert ended.status == 3, ended.explain()
    assert ended.seconds < DEADLINE + 5, ended.explain()
    assert report is None or report["verdict"] == "undecided", report
    assert ended.stderr.strip(), "the reason is said"


def run(gated, registry, image, **options):
    registry.push("app", image)
    return gated.run(registry.reference("app", image), "--timeout", f"{DEADLINE}s", **options)


def test_a_stopped_clair(gated, registry, own_clair):
    own_clair.stop()
    try:
        assert_undecided(*run(gated, registry, images.debian_patched(), clair=own_clair))
    finally:
        own_clair.start()


def test_a_database_killed_during_the_scan(gated, registry, own_clair):
    """Killed when Clair has begun to fetch; a big layer keeps it busy meanwhile."""
    image = images.debian_patched_with(noise_megabytes=40)
    registry.push("app", image)
    killer = threading.Thread(target=kill_when_busy, args=(own_clair, image.digest))
    killer.start()
    ended, report = run(gated, registry, image, clair=own_clair)
    killer.join()
    own_clair.stop()
    own_clair.postgres.stop()
    own_clair.postgres.start()
    own_clair.start()
    assert_undecided(ended, report)


def kill_when_busy(clair, digest):
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline and clair.index_report(digest).status != 200:
        time.sleep(0.005)
    clair.postgres.kill()


def test_a_stopped_registry(gated):
    registry = Registry()
    image = images.debian_patched()
    registry.push("app", image)
    registry.stop()
    assert_undecided(*gated.run(registry.reference("app", image), "--timeout", f"{DEADLINE}s"))


def test_a_layer_that_is_gone(gated, registry):
    image = images.debian_patched()
    registry.push("app", image)
    registry.delete_blob("app", image.layers[0].digest)
    assert_undecided(*gated.run(registry.reference("app", image), "--timeout", f"{DEADLINE}s"))


def test_a_layer_with_other_bytes(gated, registry):
    image = images.debian_patched()
    registry.push("app", image)
    hexes = image.layers[0].digest.partition(":")[2]
    stored = registry.folder / f"data/docker/registry/v2/blobs/sha256/{hexes[:2]}/{hexes}/data"
    stored.write_bytes(images.debian_patched().layers[0].data)
    assert_undecided(*gated.run(registry.reference("app", image), "--timeout", f"{DEADLINE}s"))


def test_a_digest_that_the_registry_does_not_have(gated, registry):
    image = images.debian_patched()
    ended, report = gated.run(registry.reference("app", image), "--timeout", f"{DEADLINE}s")
    assert ended.status in (3, 4) and report is None, ended.explain()


def test_a_matcher_without_data(gated, registry, root):
    empty = Clair(Postgres())
    try:
        ended, report = run(gated, registry, images.debian_patched(), clair=empty)
        assert_undecided(ended, report)
        assert "data" in ended.stderr, ended.explain()
    finally:
        empty.stop()
        empty.postgres.stop()


def unsuccessful(method, path, real):
    if "index_report" not in path or method == "DELETE":
        return None
    status, body = real()
    report = json.loads(body)
    if isinstance(report, dict) and "state" in report:
        report |= {"success": False, "state": "ScanLayers", "err": ""}
    return status, json.dumps(report).encode()


def test_201_without_success_is_deleted_posted_once_more_and_refused(gated, registry, clair):
    with ScriptedClair(clair, unsuccessful) as scripted:
        ended, report = run(gated, registry, images.debian_patched(), clair=scripted)
        assert_undecided(ended, report)
        posts = [one for one in scripted.seen if one.startswith("POST")]
        assert 1 < len(posts) <= 3 and any(one.startswith("DELETE") for one in scripted.seen), scripted.seen


CONTRADICTIONS = {
    "another manifest": lambda report: report | {"manifest_hash": "sha256:" + "0" * 64},
    "dangling vulnerability": lambda report: report | {"vulnerabilities": {}},
    "dangling package": lambda report: report | {"packages": {}},
    "wrong type": lambda report: report | {"package_vulnerabilities": []},
    "no vulnerabilities member": lambda report: {key: value for key, value in report.items()
                                                 if key != "vulnerabilities"},
}


@pytest.mark.parametrize("change", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_report_that_contradicts_itself_is_no_clean_report(gated, registry, clair, change):
    def script(method, path, real):
        if "vulnerability_report" not in path:
            return None
        status, body = real()
        return status, json.dumps(change(json.loads(body))).encode()
    with ScriptedClair(clair, script) as scripted:
        assert_undecided(*run(gated, registry, images.debian_outdated(), clair=scripted))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_clair_that_never_gets_well_is_given_up_at_the_deadline(gated, registry, clair, status):
    with ScriptedClair(clair, lambda *_: (status, b"{}")) as scripted:
        assert_undecided(*run(gated, registry, images.debian_patched(), clair=scripted))


def test_on_error_allow_is_a_choice_of_policy_and_flag(gated, registry, own_clair):
    """The flag alone may not loosen what the policy says."""
    own_clair.stop()
    try:
        image = images.debian_patched()
        registry.push("app", image)
        reference, timeout = registry.reference("app", image), ("--timeout", "3s")
        ended, _ = gated.run(reference, *timeout, "--on-error", "allow", clair=own_clair,
                             policy='[scan]\non_error = "block"\n')
        assert ended.status == 3, ended.explain()
        ended, report = gated.run(reference, *timeout, "--on-error", "warn", clair=own_clair, policy="block")
        assert ended.status == 0 and (report is None or report["verdict"] != "pass"), ended.explain()
    finally:
        own_clair.start()
