"""A policy in a real registry: pushed once, judged by from everywhere, and never believed without its digest."""
import re
import uuid

import pytest

from support import images, oci, policy
from support.policy import ZLIB

BLOCK = '[severity]\ncritical = "block"\n'
LOOSE = '[severity]\ncritical = "allow"\n'
REPOSITORY = "org/policy"


@pytest.fixture
def pushed(gate, registry):
    """push({path: text}) -> the --policy-source that `policy push` printed."""
    def push(files):
        files = {**files, "global.toml": f"# {uuid.uuid4()}\n" + files["global.toml"]}  # blobs of its own
        folder = policy.tree(gate.folder / "pushed", files)
        ended = gate("policy", "push", f"{registry.host}/{REPOSITORY}:1", "--policy", folder)
        assert ended.status == 0, ended.explain()
        source = ended.stdout.strip()
        assert re.fullmatch(rf"oci:{re.escape(registry.host)}/{REPOSITORY}@sha256:[0-9a-f]{{64}}", source), source
        return source
    return push


def manifest_of(registry, source):
    digest = source.partition("@")[2]
    answer = registry.call("GET", f"/v2/{REPOSITORY}/manifests/{digest}", headers={"Accept": oci.MANIFEST})
    assert answer.status == 200 and oci.digest_of(answer.body) == digest
    return answer.json()


def test_a_pushed_policy_decides_and_is_trusted(gate, stored, registry, pushed):
    source = pushed({"global.toml": BLOCK, "application/shop.toml": policy.allow(ZLIB)})
    layers = manifest_of(registry, source)["layers"]
    assert {layer["annotations"]["org.opencontainers.image.title"] for layer in layers} == {
        "global.toml", "application/shop.toml"}
    for arguments, status in ([], 1), (["--application", "shop"], 0):
        ended, report = gate.judge(stored["unfixed"], "--policy-source", source, *arguments)
        assert ended.status == status, ended.explain()
        assert report["policy"]["trusted"] is True and report["policy"]["source"] == source
        assert source in ended.stdout, ended.explain()
    digests = {one["path"]: one["digest"] for one in report["policy"]["files"]}
    file = gate.folder / "pushed/application/shop.toml"
    assert digests["application/shop.toml"] == oci.digest_of(file.read_bytes())


def test_a_run_is_judged_by_a_pushed_policy(gated, registry, clair, pushed):
    image = images.debian_unfixed()
    registry.push("app", image)
    for text, status in ((BLOCK, 1), (LOOSE, 0)):
        source = pushed({"global.toml": text})
        ended = gated("run", "--image", registry.reference("app", image), "--clair-url", clair.url,
                      "--clair-psk-file", clair.psk_file, "--policy-source", source)
        assert ended.status == status and source in ended.stdout, ended.explain()


def test_the_global_file_may_come_from_the_registry_and_the_rest_from_the_folder(gate, stored, pushed):
    source = pushed({"global.toml": BLOCK + '[[lock]]\nkey = "severity.critical"\nwaivable = true\n',
                     "application/shop.toml": LOOSE})
    folder = policy.tree(gate.folder / "policy", {"global.toml": LOOSE, "application/shop.toml": LOOSE})
    arguments = ["--policy", folder, "--policy-source", f"global={source}", "--application", "shop"]
    ended, report = gate.judge(stored["unfixed"], *arguments)
    assert ended.status == 1, ended.explain()
    assert {one["path"]: one["source"] for one in report["policy"]["files"]} == {
        "global.toml": source, "application/shop.toml": "folder"}
    assert report["policy"]["trusted"] is False, "the folder could be anybody's"
    assert policy.finding(report, ZLIB)["decision"]["lock"]["file"] == "global.toml"

    policy.tree(folder, {"application/shop.toml": policy.allow(ZLIB)})
    ended, report = gate.judge(stored["unfixed"], *arguments)
    assert ended.status == 0 and policy.finding(report, ZLIB)["waived"], ended.explain()


def test_bytes_that_are_not_those_of_the_digest_are_refused(gate, stored, registry, pushed):
    source = pushed({"global.toml": BLOCK})
    (layer,) = manifest_of(registry, source)["layers"]
    name = layer["digest"].partition(":")[2]
    file = registry.folder / "data/docker/registry/v2/blobs/sha256" / name[:2] / name / "data"
    loosened = file.read_bytes().replace(b'"block"', b'"allow"')
    assert len(loosened) == layer["size"] and oci.digest_of(loosened) != layer["digest"]
    file.write_bytes(loosened)
    ended, report = gate.judge(stored["unfixed"], "--policy-source", source, "--timeout", "20s")
    assert ended.status == 3 and report is None and ended.stdout == "", ended.explain()
    assert layer["digest"] in ended.stderr, ended.explain()


def test_what_is_not_there_or_no_policy_decides_nothing(gate, stored, registry, pushed):
    pushed({"global.toml": LOOSE})
    image = images.debian_patched()
    registry.push(REPOSITORY, image)
    place = f"oci:{registry.host}/{REPOSITORY}"
    for source in (f"{place}@sha256:{'a' * 64}", f"{place}@{image.digest}", f"oci:127.0.0.1:1/p@sha256:{'a' * 64}"):
        ended, report = gate.judge(stored["unfixed"], "--policy-source", source, "--timeout", "3s")
        assert ended.status == 3 and report is None and ended.stdout == "", ended.explain()


def test_a_tag_can_be_moved_and_is_refused(gate, stored, registry, pushed):
    pushed({"global.toml": LOOSE})
    for name in (f"oci:{registry.host}/{REPOSITORY}:1", f"global=oci:{registry.host}/{REPOSITORY}"):
        ended, report = gate.judge(stored["unfixed"], "--policy-source", name)
        assert ended.status == 2 and report is None and "digest" in ended.stderr, ended.explain()


def test_mistakes_are_not_published(gate, registry):
    folder = policy.tree(gate.folder / "policy", {"global.toml": '[severity]\ncritical = "blok"\n'})
    ended = gate("policy", "push", f"{registry.host}/org/broken:1", "--policy", folder)
    assert ended.status == 2 and ended.stdout == "" and "global.toml:3:" in ended.stderr, ended.explain()
    assert registry.call("GET", "/v2/org/broken/tags/list").status == 404
    policy.tree(folder, {"global.toml": BLOCK})
    for target in (f"{registry.host}/org/broken@sha256:{'a' * 64}", "not a reference"):
        assert gate("policy", "push", target, "--policy", folder).status == 2, target
