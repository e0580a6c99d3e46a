"""The main job: a pushed image is scanned by a real Clair, a policy folder decides, the status blocks."""
import json
import re

import pytest

from support import images
from support.gate import policy_folder, rows


def test_the_same_image_is_blocked_by_one_policy_and_allowed_by_another(gated, registry):
    image = images.debian_outdated()
    registry.push("app", image)
    reference = registry.reference("app", image)

    ended, report = gated.run(reference, policy="block")
    assert ended.status == 1, ended.explain()
    assert report["schema"] == "clairgate/report/v1" and report["verdict"] == "block"
    assert report["image"]["digest"] == image.digest and image.digest in report["image"]["reference"]

    ended, report = gated.run(reference, policy="allow")
    assert ended.status == 0, ended.explain()
    assert report["verdict"] == "pass" and report["summary"]["allow"] == len(report["findings"])


def test_the_table_says_what_blocks_and_why(gated, registry):
    image = images.debian_outdated()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image), policy="block")
    for word in ("CVE-2099-0010", "openssl", "3.0.7-1", "3.0.9-1", "high", "severity.high"):
        assert word in ended.stdout, (word, ended.stdout)
    lines = [line for line in ended.stdout.splitlines() if "CVE-2099-" in line]
    blocking = [row[0] for row in rows(report) if row[4] == "block"]
    assert set(blocking) == {"CVE-2099-0002", "CVE-2099-0010"}
    first = re.search(r"CVE-2099-\d+", lines[0]).group()
    assert first in blocking, "what blocks comes first"


def test_block_if_fixed_only_warns_while_there_is_no_fix(gated, registry):
    image = images.debian_unfixed()
    registry.push("app", image)
    reference, policy = registry.reference("app", image), '[severity]\ncritical = "block-if-fixed"\n'
    ended, report = gated.run(reference, policy=policy)
    assert ended.status == 0 and report["verdict"] == "warn", ended.explain()
    ended, _ = gated.run(reference, "--warn-status", policy=policy)
    assert ended.status == 10, ended.explain()


def test_a_patched_image_is_allowed_and_covered(gated, registry):
    image = images.debian_patched()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image), policy="block")
    assert ended.status == 0, ended.explain()
    assert report["findings"] == [] and report["verdict"] == "pass"
    assert "covered" in json.dumps(report["coverage"])


def test_without_a_policy_folder_the_built_in_policy_decides_and_says_so(gated, registry, clair):
    image = images.debian_outdated()
    registry.push("app", image)
    ended = gated("run", "--image", registry.reference("app", image), "--clair-url", clair.url,
                  "--clair-psk-file", clair.psk_file)
    assert ended.status == 1, ended.explain()
    assert "built-in" in ended.stdout + ended.stderr


def test_a_named_policy_folder_that_is_missing_decides_nothing(gated, registry, clair):
    image = images.debian_patched()
    registry.push("app", image)
    ended = gated("run", "--image", registry.reference("app", image), "--clair-url", clair.url,
                  "--clair-psk-file", clair.psk_file, "--policy", gated.folder / "nowhere")
    assert ended.status == 2 and "nowhere" in ended.stderr, ended.explain()


@pytest.mark.parametrize("policy, status", [("block", 1), ("allow", 0)])
def test_gate_repeats_the_verdict_of_a_run_from_its_report(gated, registry, policy, status):
    image = images.debian_outdated()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image), policy=policy)
    assert ended.status == status, ended.explain()
    again = gated("gate", gated.folder / "r.json", "--policy", policy_folder(gated.folder, policy),
                  "-o", f"json={gated.folder / 'again.json'}")
    assert again.status == status, again.explain()
    second = json.loads((gated.folder / "again.json").read_text())
    assert rows(second) == rows(report) and second["verdict"] == report["verdict"]


def test_reports_are_equal_byte_for_byte_outside_the_member_run(gated, registry):
    image = images.debian_outdated()
    registry.push("app", image)
    texts = []
    for _ in range(2):
        gated.run(registry.reference("app", image))
        text = (gated.folder / "r.json").read_text()
        run = json.dumps(json.loads(text).pop("run"))
        assert "started" in run
        parsed = json.loads(text)
        del parsed["run"]
        texts.append(json.dumps(parsed))
    assert texts[0] == texts[1]


def test_a_changed_tag_does_not_change_what_is_judged(gated, registry):
    """The digest is carried: a tag that moves after the push is never looked at again."""
    bad, good = images.debian_outdated(), images.debian_patched()
    registry.push("moved", bad, "1.0")
    registry.push("moved", good, "1.0")
    ended, report = gated.run(registry.reference("moved", bad))
    assert ended.status == 1 and report["image"]["digest"] == bad.digest, ended.explain()
