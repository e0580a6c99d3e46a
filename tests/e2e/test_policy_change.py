"""A change that edits the policy is judged by the policy it wants to change: real clones, a stored real report."""
import json
import shutil

import pytest

from support import policy
from support.clone import Clone
from support.gate import Gate
from support.policy import ZLIB

BLOCK = '[severity]\ncritical = "block"\n'
LOOSE = '[severity]\ncritical = "allow"\n'


@pytest.fixture
def clone(folder):
    """On the branch `change`, which begins where main blocks all that is critical."""
    clone = Clone(folder / "clone")
    clone.base = clone.commit({"global.toml": BLOCK})
    clone.git("checkout", "-q", "-b", "change")
    return clone


def github(clone, built, base=None):
    """What GitHub sets for the pull request; built: the commit of GITHUB_SHA."""
    event = clone.folder.parent / "event.json"
    event.write_text(json.dumps({"number": 7, "pull_request": {"number": 7, "base": {"sha": base or clone.base}}}))
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event),
            "GITHUB_BASE_REF": "main", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": built}


def gitlab(clone, _):
    return {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": clone.base}


def judge(clone, stored, *arguments, env=None):
    """A job's call in the clone: (Ended, report or None)."""
    return Gate(clone.folder).judge(stored["unfixed"], *arguments, env=env)


@pytest.mark.parametrize("system, told", [(github, "GitHub pull request 7"), (gitlab, "GitLab merge request 7")])
def test_a_change_that_loosens_the_policy_is_judged_by_its_base(clone, stored, system, told):
    clone.commit({"global.toml": LOOSE})
    built = clone.merge("change")
    ended, report = judge(clone, stored, env=system(clone, built))
    assert ended.status == 1 and report["verdict"] == "block", ended.explain()
    assert report["policy"]["trusted"] is True and report["policy"]["source"] == f"git:{clone.base}"
    assert "this change alters global.toml" in report["policy"]["notes"]
    for words in (told, clone.base[:12], "this change alters global.toml", f"Policy source: git:{clone.base}"):
        assert words in ended.stdout, (words, ended.explain())

    ended, report = judge(clone, stored)
    assert ended.status == 0 and report["policy"]["trusted"] is True, "merged, the change is the policy"
    assert report["policy"]["source"] == f"git:{built}"


def test_files_that_a_change_adds_and_removes_are_told_and_do_not_count(clone, stored):
    clone.git("checkout", "-q", "main")
    clone.base = clone.commit({"environment/production.toml": BLOCK, "global.toml": LOOSE})
    clone.git("checkout", "-q", "-B", "change")
    (clone.folder / policy.FOLDER / "environment/production.toml").unlink()
    clone.commit({"environment/staging.toml": LOOSE})
    request = github(clone, clone.merge("change"))
    ended, report = judge(clone, stored, "--environment", "production", env=request)
    assert ended.status == 1, ended.explain()
    assert {"this change removes environment/production.toml", "this change adds environment/staging.toml"} <= set(
        report["policy"]["notes"])
    ended, report = judge(clone, stored, "--environment", "staging", env=request)
    assert ended.status == 2 and report is None and "environment/staging.toml" in ended.stderr, ended.explain()


def test_the_merge_commit_proves_the_base_whatever_the_event_file_says(clone, stored):
    head = clone.commit({"global.toml": LOOSE})
    forged = github(clone, clone.merge("change"), base=head)
    ended, report = judge(clone, stored, env=forged)
    assert ended.status == 1 and report["policy"]["source"] == f"git:{clone.base}", ended.explain()


def test_a_policy_that_cannot_be_read_in_the_change_is_judged_by_the_base_too(clone, stored):
    clone.commit({"global.toml": "[severity\n"})
    ended, report = judge(clone, stored, env=github(clone, clone.merge("change")))
    assert ended.status == 1 and report["policy"]["source"] == f"git:{clone.base}", ended.explain()


def test_without_the_base_nothing_is_decided_and_the_remedy_helps(clone, stored):
    head = clone.commit({"global.toml": LOOSE})
    shallow = clone.shallow("shallow", "change")
    shallow.base = clone.base
    request = github(shallow, head)
    ended, report = judge(shallow, stored, env=request)
    assert ended.status == 2 and report is None and ended.stdout == "", ended.explain()
    for words in ("git fetch --depth=1 origin", clone.base, "--policy-source", "--allow-untrusted-policy"):
        assert words in ended.stderr, (words, ended.explain())

    ended, report = judge(shallow, stored, "--policy-source", f"git:{clone.base}", env=request)
    assert ended.status == 2 and report is None, ended.explain()

    shallow.git("fetch", "-q", "--depth=1", "origin", clone.base)
    for arguments in ([], ["--policy-source", f"git:{clone.base}"]):
        ended, report = judge(shallow, stored, *arguments, env=request)
        assert ended.status == 1 and report["policy"]["source"] == f"git:{clone.base}", ended.explain()
        assert report["policy"]["trusted"] is True


def test_a_change_may_be_believed_and_the_report_carries_it(clone, stored):
    head = clone.commit({"global.toml": LOOSE})
    shallow = clone.shallow("shallow", "change")
    ended, report = judge(shallow, stored, "--allow-untrusted-policy", env=github(clone, head))
    assert ended.status == 0 and report["policy"]["trusted"] is False, ended.explain()
    assert "--allow-untrusted-policy" in ended.stdout, ended.explain()

    ended, report = judge(clone, stored, "--allow-untrusted-policy", env=github(clone, clone.merge("change")))
    assert ended.status == 1 and report["policy"]["trusted"] is True, "a base that is there still decides"


def test_a_named_commit_decides_and_a_name_that_can_move_is_refused(clone, stored):
    head = clone.commit({"global.toml": LOOSE})
    for commit, status in ((clone.base, 1), (head, 0)):
        ended, report = judge(clone, stored, "--policy-source", f"git:{commit}")
        assert ended.status == status and report["policy"]["source"] == f"git:{commit}", ended.explain()
        assert report["policy"]["trusted"] is True
    for name in ("main", "HEAD", head[:12], "f" * 40, clone.git("rev-parse", "HEAD^{tree}")):
        ended, report = judge(clone, stored, "--policy-source", f"git:{name}")
        assert ended.status == 2 and report is None and name in ended.stderr, ended.explain()


def test_a_tree_with_changes_of_its_own_is_not_trusted(clone, stored):
    policy.tree(clone.folder / policy.FOLDER, {"global.toml": LOOSE})
    ended, report = judge(clone, stored)
    assert ended.status == 0, ended.explain()
    assert report["policy"]["trusted"] is False and report["policy"]["source"] == "folder"


def test_an_exception_of_the_change_is_pending_and_told_first(clone, stored):
    clone.commit({"application/shop.toml": policy.allow(ZLIB)})
    ended, report = judge(clone, stored, "--application", "shop", env=github(clone, clone.merge("change")))
    assert ended.status == 1 and not policy.finding(report, ZLIB)["waived"], ended.explain()
    assert report["policy"]["trusted"] is True and report["exceptions"] == []
    first, *others = report["policy"]["notes"]
    assert first.startswith(f"new in this change: allow {ZLIB} (application/shop.toml:2:1) by team-shop")
    assert "pending" in first
    assert any("pending exceptions of this change the verdict would be" in note for note in others)
    assert first in " ".join(ended.stdout.split()), ended.explain()


def test_an_exception_of_the_change_counts_where_the_base_says_so(clone, stored):
    clone.git("checkout", "-q", "main")
    clone.base = clone.commit({"global.toml": BLOCK + "[exceptions]\nfrom_change = true\n"})
    clone.git("checkout", "-q", "-B", "change")
    clone.commit({"application/shop.toml": policy.allow(ZLIB), "global.toml": LOOSE})
    request = github(clone, clone.merge("change"))
    ended, report = judge(clone, stored, "--application", "shop", env=request)
    assert ended.status == 0 and policy.finding(report, ZLIB)["waived"], ended.explain()
    assert report["policy"]["trusted"] is False
    assert report["policy"]["notes"][0].startswith(f"new in this change: allow {ZLIB}")

    ended, report = judge(clone, stored, "--application", "other", env=request)
    assert ended.status == 1 and report["policy"]["trusted"] is True, "of that application alone, and no severity"


def test_a_change_cannot_say_that_its_own_exceptions_count(clone, stored):
    clone.commit({"application/shop.toml": policy.allow(ZLIB) + "[exceptions]\nfrom_change = true\n",
                  "global.toml": BLOCK + "[exceptions]\nfrom_change = true\n"})
    ended, report = judge(clone, stored, "--application", "shop", env=github(clone, clone.merge("change")))
    assert ended.status == 1 and report["policy"]["trusted"] is True, ended.explain()


def test_an_exception_that_was_there_counts_and_one_made_longer_is_new(clone, stored):
    clone.git("checkout", "-q", "main")
    clone.base = clone.commit({"application/shop.toml": policy.allow(ZLIB, days=5)})
    clone.git("checkout", "-q", "-B", "change")
    clone.commit({"application/shop.toml": policy.allow(ZLIB, days=500)})
    request = github(clone, clone.merge("change"))
    ended, report = judge(clone, stored, "--application", "shop", env=request)
    assert ended.status == 0 and report["policy"]["trusted"] is True, ended.explain()
    assert policy.finding(report, ZLIB)["decision"]["turns_red"] == f"{policy.day(6)}T00:00:00Z"
    assert "pending" in report["policy"]["notes"][0]
    ended, _ = judge(clone, stored, "--application", "shop", "--at", policy.day(6), env=request)
    assert ended.status == 1, ended.explain()


def test_a_source_of_one_level_leaves_the_others_to_the_base(clone, stored):
    """An organisation's global file from elsewhere must not open the other levels to the change."""
    clone.commit({"application/shop.toml": policy.allow(ZLIB)})
    ended, report = judge(clone, stored, "--application", "shop", "--policy-source", f"global=git:{clone.base}",
                          env=github(clone, clone.merge("change")))
    assert ended.status == 1, ended.explain()
    assert {one["source"] for one in report["policy"]["files"]} == {f"git:{clone.base}"}


def remove(place, _):
    shutil.rmtree(place)


def lead_to(where):
    def lead(place, folder):
        remove(place, folder)
        place.symlink_to(policy.tree(folder / where, {"global.toml": LOOSE}))
    return lead


@pytest.mark.parametrize("arguments", [[], ["--policy", policy.FOLDER]], ids=["unnamed", "named"])
@pytest.mark.parametrize("escape", [remove, lead_to("clone/docs/example"), lead_to("outside")],
                         ids=["removed", "a link to another folder of the base", "a link out of the clone"])
def test_a_change_that_takes_the_policy_folder_away_does_not_pass(clone, stored, folder, escape, arguments):
    clone.git("checkout", "-q", "main")
    policy.tree(clone.folder / "docs/example", {"global.toml": LOOSE})
    clone.base = clone.commit()
    clone.git("checkout", "-q", "-B", "change")
    escape(clone.folder / policy.FOLDER, folder)
    clone.commit()
    ended, report = judge(clone, stored, *arguments, env=github(clone, clone.merge("change")))
    assert ended.status in (1, 2), ended.explain()
    assert report is None or report["policy"]["source"] == f"git:{clone.base}"
