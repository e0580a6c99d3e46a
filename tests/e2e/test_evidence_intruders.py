"""Evidence in a repository that intruders may push to: what they attach is never believed and decides nothing."""
import itertools
import json

import pytest

from support import attachments, images, oci
from support.evidence import SUMMARY, VULN, Place

JUNK = [b" ", b"{", b"[" * 5000, b"\x00\xff" * 100, b"null",
        b'{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}']


def junk(count):
    return list(itertools.islice(itertools.cycle(JUNK), count))


@pytest.fixture(params=["without referrers", "with referrers"])
def server(request, registry, referrers):
    return registry if request.param == "without referrers" else referrers


@pytest.fixture(scope="module")
def image():
    return images.debian_outdated()


@pytest.fixture
def place(gated, server, image):
    return Place(gated, server, image)


def test_a_flood_of_bundles_decides_nothing(place):
    place.sign()
    place.intruder().refer(junk(300), VULN)
    for policy in ("allow", "block"):
        ended = place.verify(policy=policy)
        assert ended.status == 3 and "at most 256" in ended.stderr, ended.explain()
    place.sign("allow", status=5)  # which found no room for its evidence
    place.sign("block", status=1)


def test_junk_that_can_be_looked_through_changes_nothing(place, registry):
    place.sign("block")
    intruder = place.intruder()
    intruder.refer(junk(40), VULN)
    intruder.refer([b"{}"], VULN, size=1 << 30)
    # The other registry lists them without their type, so each could be a bundle until it is fetched.
    foreign = 260 if place.server is registry else 100
    intruder.refer(junk(foreign), VULN, artifact_type="application/vnd.cyclonedx+json")
    for policy, status in (("block", 1), ("allow", 0)):
        ended = place.verify(policy=policy)
        assert ended.status == status and "recorded verdict: block" in ended.stderr, ended.explain()
        assert "1073741824 bytes" in ended.stderr, ended.explain()
    place.sign("allow")
    assert place.verify().status == 0


@pytest.mark.parametrize("size", [1 << 30, 1 << 62])
def test_what_is_too_large_is_no_evidence(place, size):
    place.sign(attach="never")
    place.intruder().refer(place.bundles(), VULN, size=size)
    ended = place.verify()
    assert ended.status == 1 and "there is no signed scan report" in ended.stderr, ended.explain()
    assert f"{size} bytes" in ended.stderr, ended.explain()


def test_a_report_of_another_image_counts_for_none(gated, server, place):
    place.sign()
    other = Place(gated, server, images.debian_unfixed())
    other.intruder().refer(place.bundles(), VULN)
    ended = other.verify()
    assert ended.status == 1 and "the subject of" in ended.stderr, ended.explain()
    green = place.bundles()
    other.sign("block")
    other.intruder().refer(green, VULN)
    for envelope in attachments.envelopes(server, place.repository, place.image.digest):
        other.intruder().attest(envelope, VULN)
    ended = other.verify("--allow-untrusted-policy", policy=None)
    assert ended.status == 1 and "recorded verdict: block" in ended.stderr, ended.explain()


def test_an_older_report_that_is_attached_again_stays_the_older(place):
    place.sign("allow")
    green = place.bundles(), attachments.envelopes(place.server, place.repository, place.image.digest)
    newest = place.sign("block")
    place.check_one_of_each()  # the green one was replaced
    intruder, file = place.intruder(), place.gated.folder / "seen.json"
    intruder.refer(green[0], VULN)
    for envelope in green[1]:
        intruder.attest(envelope, VULN)
    assert [attached.count(VULN) for attached in place.attached()] == [2, 2]
    ended = place.verify("--allow-untrusted-policy", "-o", f"json={file}", policy=None)
    assert ended.status == 1 and "recorded verdict: block" in ended.stderr, ended.explain()
    assert json.loads(file.read_text()) == newest
    place.sign("allow")
    assert place.verify("--allow-untrusted-policy", policy=None).status == 0
    assert place.attached()[0] == [VULN, SUMMARY], "a later run tidies up"


def test_a_tag_that_holds_something_else_is_left_alone(place, registry):
    place.sign("block")
    intruder, tag = place.intruder(), place.image.digest.replace(":", "-")
    image = json.loads(place.image.manifest.data)
    intruder.put(tag + ".att", oci.MANIFEST, {"config": image["config"], "layers": image["layers"]})
    ended = place.verify(policy="block")
    assert ended.status == 1 and "recorded verdict" in ended.stderr, ended.explain()
    intruder.put(tag, oci.MANIFEST, {"config": image["config"], "layers": image["layers"]})
    is_needed = place.server is registry  # to list referrers
    ended = place.verify()
    assert ended.status == int(is_needed), ended.explain()
    place.sign("allow", status=5 if is_needed else 0)
    assert attachments.manifest(place.server, place.repository, tag)["layers"] == image["layers"]
