"""A clean answer is only believed when Clair could know."""
import json

import pytest

from support import images


@pytest.mark.parametrize("make", [images.scratch, images.unsupported], ids=["scratch", "unsupported"])
def test_an_image_that_clair_cannot_know_is_blocked_as_uncovered(gated, registry, make):
    image = make()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image), policy="allow")
    assert ended.status == 1, ended.explain()
    assert "uncovered" in json.dumps(report["coverage"]) and report["verdict"] == "block"
    assert "uncovered" in ended.stdout + ended.stderr


def test_uncovered_can_be_allowed_by_policy_only(gated, registry):
    image = images.scratch()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image), policy='[scan]\nuncovered = "warn"\n')
    assert ended.status == 0 and report["verdict"] == "warn", ended.explain()


def test_data_older_than_the_policy_wants_is_no_coverage(gated, registry):
    image = images.debian_patched()
    registry.push("app", image)
    # Clair dates an update by its import, and that was seconds ago: a day is enough, a second is not.
    for age, status in (("24h", 0), ("1s", 1)):
        ended, _ = gated.run(registry.reference("app", image), policy=f'[scan]\nmax_data_age = "{age}"\n')
        assert ended.status == status, ended.explain()
