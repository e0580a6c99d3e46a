"""What is planted in each ecosystem comes out with its severity, fix, aliases and coverage."""
import pytest

from support import images

CASES = {
    # id, package, severity, fixed version, ecosystem
    "alpine, severity from CVSS": (images.alpine_outdated,
                                   ("CVE-2099-0001", "libssl3", "critical", "3.1.9-r0", "alpine")),
    "ubuntu": (images.ubuntu_outdated, ("CVE-2099-0005", "bash", "medium", "5.1-6ubuntu1.9", "ubuntu")),
    "python": (images.python_outdated, ("GHSA-xxxx-yyyy-zzzz", "demo", "critical", "2.0.0", "pypi")),
    "java": (images.java_outdated, ("GHSA-aaaa-bbbb-cccc", "org.example:demo-lib", "high", "1.2.0", "maven")),
}


@pytest.mark.parametrize("make, expected", CASES.values(), ids=CASES.keys())
def test_a_planted_vulnerability_is_reported(gated, registry, make, expected):
    image = make()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image), policy='[severity]\nmedium = "block"\n')
    found = [(one["id"], one["package"]["name"], one["severity"].lower(), one["fixed_version"],
              one["package"]["ecosystem"]) for one in report["findings"]]
    assert found == [expected], ended.explain()
    assert ended.status == 1, ended.explain()


def test_the_cve_of_an_advisory_is_among_its_aliases(gated, registry):
    image = images.python_outdated()
    registry.push("app", image)
    _, report = gated.run(registry.reference("app", image))
    assert "CVE-2099-0003" in report["findings"][0]["aliases"]


def test_a_finding_names_the_layer_that_brought_the_package(gated, registry):
    image = images.python_outdated()
    registry.push("app", image)
    _, report = gated.run(registry.reference("app", image))
    assert report["findings"][0]["layer"]["digest"] == image.layers[1].digest
