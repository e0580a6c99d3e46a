"""The tests' own ground: the real Clair finds what is planted, by its own API, without clairgate."""
import pytest

from support import images

CASES = {
    "debian": (images.debian_outdated, {"CVE-2099-0002", "CVE-2099-0010", "CVE-2099-0011", "CVE-2099-0012",
                                        "CVE-2099-0013"}),
    "debian patched": (images.debian_patched, set()),
    "alpine": (images.alpine_outdated, {"CVE-2099-0001"}),
    "ubuntu": (images.ubuntu_outdated, {"CVE-2099-0005 on Ubuntu 22.04 LTS (jammy) - medium."}),
    "python": (images.python_outdated, {"GHSA-xxxx-yyyy-zzzz"}),
    "java": (images.java_outdated, {"GHSA-aaaa-bbbb-cccc"}),
    "scratch": (images.scratch, set()),
}


@pytest.mark.parametrize("make, expected", CASES.values(), ids=CASES.keys())
def test_clair_finds_what_is_planted(clair, registry, make, expected):
    image = make()
    registry.push("app", image)
    indexed = clair.index(image.digest, registry.layers_for_clair("app", image))
    assert indexed.status == 201 and indexed.json()["state"] == "IndexFinished", indexed.body
    found = clair.vulnerability_report(image.digest)["vulnerabilities"].values()
    assert {one["name"] for one in found} == expected
