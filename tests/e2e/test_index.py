"""An image index is judged with all its platforms; attestation children are no platforms."""
from support import images, oci


def test_the_worst_platform_decides(gated, registry):
    index = images.two_platforms(images.debian_patched(), images.alpine_outdated("arm64"))
    registry.push("multi", index)
    ended, report = gated.run(registry.reference("multi", index), policy='[severity]\ncritical = "block"\n')
    assert ended.status == 1, ended.explain()
    assert report["image"]["digest"] == index.digest
    assert {one["platform"] for one in report["findings"]} == {"linux/arm64"}
    assert "linux/amd64" in str(report["image"]["platforms"])
    assert "unknown" not in str(report["image"]["platforms"])


def test_platform_narrows_what_is_judged(gated, registry):
    index = images.two_platforms(images.debian_patched(), images.alpine_outdated("arm64"))
    registry.push("multi", index)
    ended, report = gated.run(registry.reference("multi", index), "--platform", "linux/amd64")
    assert ended.status == 0 and report["findings"] == [], ended.explain()


def test_a_platform_that_is_not_there_is_undecided(gated, registry):
    index = images.two_platforms(images.debian_patched(), images.debian_patched())
    registry.push("multi", index)
    ended, report = gated.run(registry.reference("multi", index), "--platform", "linux/s390x")
    assert ended.status in (2, 3) and "s390x" in ended.stderr, ended.explain()


def test_a_missing_child_is_an_error(gated, registry):
    child, lost = images.debian_patched(), images.debian_patched()
    index = oci.index({"amd64": child, "arm64": lost}, attested=False)
    registry.push("lost", index)
    gone = registry.call("DELETE", f"/v2/lost/manifests/{lost.digest}")
    assert gone.status == 202
    ended, report = gated.run(registry.reference("lost", index), "--timeout", "10s")
    assert ended.status == 3, ended.explain()
    assert report is None or report["verdict"] == "undecided"


def test_docker_media_types_are_understood(gated, registry):
    image = oci.image(images.fresh(images.fs.debian(images.OUTDATED)), docker=True)
    registry.push("docker", image)
    ended, _ = gated.run(registry.reference("docker", image))
    assert ended.status == 1, ended.explain()
