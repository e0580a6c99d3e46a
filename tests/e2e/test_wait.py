"""Waiting for the digest: files, tags, and what must not be believed."""
import json
import os
import time

import pytest

from support import images
from support.gate import policy_folder


def start_run(gated, clair, *arguments):
    return gated.start("run", "--clair-url", clair.url, "--clair-psk-file", clair.psk_file, "--policy",
                       policy_folder(gated.folder, "block"), "-o", "table", *arguments)


def write(file, text):
    """As builders do: another file first, then renamed."""
    part = file.with_suffix(".part")
    part.write_text(text)
    os.rename(part, file)


def buildx(reference, image):
    return json.dumps({"containerimage.config.digest": image.blobs[0].digest,
                       "containerimage.digest": image.digest, "image.name": reference})


KINDS = {
    "plain": lambda name, image: image.digest,
    "plain with newline": lambda name, image: image.digest + "\n",
    "repository@digest": lambda name, image: f"{name}@{image.digest}\n",
    "buildx": lambda name, image: buildx(name + ":1", image),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_waits_takes_the_digest_file(gated, registry, clair, kind):
    image, name = images.debian_outdated(), f"{registry.host}/waited"
    file = gated.folder / "digest"
    child = start_run(gated, clair, "--image", name, "--digest-file", file, "--wait-timeout", "30s")
    registry.push("waited", image, "1")
    write(file, KINDS[kind](name, image))
    ended = gated.end(child, 40)
    assert ended.status == 1 and "CVE-2099-0010" in ended.stdout, ended.explain()


def test_the_file_may_come_before_the_push(gated, registry, clair):
    image, file = images.debian_outdated(), gated.folder / "digest"
    child = start_run(gated, clair, "--image", f"{registry.host}/early", "--digest-file", file,
                      "--wait-timeout", "30s")
    write(file, image.digest)
    time.sleep(1.0)
    assert child.poll() is None, "a digest that nobody serves is no sighting"
    registry.push("early", image)
    assert gated.end(child, 40).status == 1


def test_a_file_older_than_the_run_is_not_believed(gated, registry):
    image, file = images.debian_patched(), gated.folder / "digest"
    registry.push("old", image)
    file.write_text(image.digest)
    os.utime(file, (time.time() - 3600, time.time() - 3600))
    arguments = ["wait", "--image", f"{registry.host}/old", "--digest-file", file, "--wait-timeout", "2s"]
    ended = gated(*arguments)
    assert ended.status == 4 and "--accept-existing" in ended.stderr, ended.explain()
    ended = gated(*arguments, "--accept-existing")
    assert ended.status == 0, ended.explain()
    assert ended.stdout == f"{registry.host}/old@{image.digest}\n"


def test_a_tag_is_waited_for_and_fixed_to_its_digest(gated, registry):
    image = images.debian_patched()
    child = gated.start("wait", "--image", f"{registry.host}/tagged:2.0", "--wait-timeout", "30s")
    time.sleep(0.5)
    assert child.poll() is None
    registry.push("tagged", image, "2.0")
    ended = gated.end(child, 40)
    assert ended.status == 0 and ended.stdout.strip().endswith("@" + image.digest), ended.explain()


def test_beside_a_file_an_existing_tag_is_not_taken(gated, registry):
    old, new, file = images.debian_patched(), images.debian_patched(), gated.folder / "digest"
    registry.push("both", old, "3.0")
    child = gated.start("wait", "--image", f"{registry.host}/both:3.0", "--digest-file", file,
                        "--wait-timeout", "30s")
    time.sleep(1.0)
    assert child.poll() is None, "the tag of an earlier build was taken for this one's"
    registry.push("both", new, "3.0")
    write(file, new.digest)
    assert gated.end(child, 40).stdout.strip().endswith(new.digest)


def test_another_repository_in_the_file_is_refused(gated, registry):
    image, file = images.debian_patched(), gated.folder / "digest"
    registry.push("theirs", image)
    child = gated.start("wait", "--image", f"{registry.host}/ours", "--digest-file", file,
                        "--wait-timeout", "3s")
    write(file, f"{registry.host}/theirs@{image.digest}")
    ended = gated.end(child)
    assert ended.status in (3, 4) and ended.stdout == "", ended.explain()


def test_an_image_id_is_refused_with_the_reason(gated, registry):
    image, file = images.debian_patched(), gated.folder / "digest"
    registry.push("id", image)
    child = gated.start("wait", "--image", f"{registry.host}/id", "--digest-file", file, "--wait-timeout", "3s")
    write(file, json.dumps({"containerimage.config.digest": image.blobs[0].digest}))
    ended = gated.end(child)
    assert ended.status in (2, 3, 4) and "image ID" in ended.stderr, ended.explain()


def test_nothing_before_the_deadline_is_status_4(gated, registry):
    ended = gated("wait", "--image", f"{registry.host}/never:1", "--wait-timeout", "1s")
    assert ended.status == 4 and 0.9 < ended.seconds < 5, ended.explain()
