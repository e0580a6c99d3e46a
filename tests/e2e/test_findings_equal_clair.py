"""Pair by pair: what the report says is what Clair's own API says, no more and no less."""
import re

import pytest

from support import images

MAKERS = {"debian": images.debian_outdated, "alpine": images.alpine_outdated, "ubuntu": images.ubuntu_outdated,
          "python": images.python_outdated, "java": images.java_outdated, "patched": images.debian_patched}
CVE = re.compile(r"CVE-\d{4}-\d{4,}")


def pairs_of_clair(answer):
    """(package, version, vulnerability) from the raw vulnerability report."""
    pairs = set()
    for package, found in answer["package_vulnerabilities"].items():
        for one in found:
            name = answer["vulnerabilities"][one]["name"]
            cves = set(CVE.findall(name))
            pairs.add((answer["packages"][package]["name"], answer["packages"][package]["version"],
                       cves.pop() if len(cves) == 1 else name))
    return pairs


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_findings_are_those_of_clair(gated, registry, clair, make):
    image = make()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image))
    assert report is not None, ended.explain()
    found = {(one["package"]["name"], one["package"]["version"], one["id"]) for one in report["findings"]}
    assert found == pairs_of_clair(clair.vulnerability_report(image.digest))
    assert len(found) == len(report["findings"]), "a pair stands in the report twice"
