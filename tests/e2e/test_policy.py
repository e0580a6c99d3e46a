"""What policy decides about a real Clair's findings: levels, locks, exceptions, and the reason for each decision."""
import tomllib

from support import images, policy
from support.policy import BASH, OPENSSL, ZLIB

LOCKED = '[severity]\ncritical = "block"\n\n[[lock]]\nkey = "severity.critical"\n'


def words(text):
    """The text in one line: the table breaks lines where a terminal ends."""
    return " ".join(text.split())


def judged_for_shop(gate, stored, *arguments, files):
    folder = policy.tree(gate.folder / "policy", files)
    return gate.judge(stored, "--policy", folder, "--application", "shop", *arguments)


def test_the_printed_exception_waives_its_finding_and_nothing_else(gated, registry):
    image = images.debian_outdated()
    registry.push("app", image)
    reference = registry.reference("app", image)
    ended, before = gated.run(reference, "--application", "shop")
    assert ended.status == 1 and len(before["findings"]) > 3, ended.explain()

    snippet = policy.filled(policy.printed_exception(ended.stdout))
    (exception,) = tomllib.loads(snippet)["allow"]
    chosen = (exception["id"][0], exception["package"])
    assert policy.decided(before)[chosen] == ("block", False)
    policy.tree(gated.folder / "policy", {"application/shop.toml": "\n" + snippet})

    ended, after = gated.run(reference, "--application", "shop")
    assert policy.decided(after) == {**policy.decided(before), chosen: ("allow", True)}, ended.explain()
    assert ended.status == 1 and after["summary"]["waived"] == 1
    _, _, dates = words(ended.stdout).partition("Allowed today, blocking from ")
    assert f": {chosen[0]} in {chosen[1]} blocks" in dates, ended.stdout


def test_each_blocked_finding_has_an_exception_of_its_own(gate, stored):
    files = {"global.toml": "block"}
    _, before = judged_for_shop(gate, stored["outdated"], files=files)
    blocked = [one for one in before["findings"] if one["action"] == "block"]
    assert len(blocked) == 3
    for one in blocked:
        name = (one["id"], one["package"]["name"])
        files["application/shop.toml"] = policy.filled(one["decision"]["exception"])
        ended, after = judged_for_shop(gate, stored["outdated"], files=files)
        assert policy.decided(after) == {**policy.decided(before), name: ("allow", True)}, ended.explain()


def test_an_exception_holds_through_its_last_day_everywhere(gated, registry):
    image = images.debian_unfixed()
    registry.push("app", image)
    policy.tree(gated.folder / "policy", {"application/shop.toml": policy.allow(ZLIB, days=10)})
    ended, report = gated.run(registry.reference("app", image), "--application", "shop")
    assert ended.status == 0 and policy.finding(report, ZLIB)["waived"], ended.explain()
    last, after = policy.day(10), policy.day(11)
    assert policy.finding(report, ZLIB)["decision"]["turns_red"] == f"{after}T00:00:00Z"

    stored, folder = gated.folder / "r.json", gated.folder / "policy"
    for moment, status in ((last, 10), (f"{last}T23:59:59Z", 10), (f"{after}T00:30:00+01:00", 10),
                           (after, 1), (f"{after}T00:00:00Z", 1), (f"{last}T23:30:00-01:00", 1)):
        for zone in ("UTC", "Pacific/Kiritimati"):
            ended, again = gated.judge(stored, "--policy", folder, "--at", moment, env={"TZ": zone})
            assert ended.status == status, (moment, zone, ended.explain())
            assert again["verdict"] == ("block" if status == 1 else "pass")


def test_a_lock_stands_against_an_exception_and_is_named(gate, stored):
    files = {"global.toml": LOCKED, "application/shop.toml": policy.allow(ZLIB)}
    ended, report = judged_for_shop(gate, stored["unfixed"], files=files)
    assert ended.status == 1 and report["verdict"] == "block", ended.explain()
    line = policy.line_of(gate.folder / "policy/global.toml", "[[lock]]")
    one = policy.finding(report, ZLIB)
    assert (one["action"], one["waived"]) == ("block", False)
    assert (one["decision"]["lock"]["file"], one["decision"]["lock"]["line"]) == ("global.toml", line)
    assert f"global.toml:{line}:" in one["decision"]["sentence"]
    assert f"(global.toml:{line}:" in words(ended.stdout).partition("Rules:")[2], ended.explain()
    (exception,) = report["exceptions"]
    assert exception["shadowed"] and exception["waived"] == 0 and "has no effect" in ended.stdout, ended.explain()


def test_a_waivable_lock_lets_an_exception_through_and_says_so(gate, stored):
    files = {"global.toml": LOCKED + "waivable = true\n", "application/shop.toml": policy.allow(ZLIB)}
    ended, report = judged_for_shop(gate, stored["unfixed"], files=files)
    assert ended.status == 0 and report["verdict"] == "pass", ended.explain()
    one = policy.finding(report, ZLIB)
    assert (one["action"], one["waived"], one["decision"]["lock"]) == ("allow", True, None)
    assert (one["decision"]["file"], one["decision"]["line"]) == ("application/shop.toml", 2)
    assert f"allow {ZLIB} by team-shop until {policy.day(60)}: not reachable" in one["decision"]["sentence"]
    assert "1 by exceptions" in ended.stdout, ended.explain()

    files["application/shop.toml"] = '[severity]\ncritical = "allow"\n'
    ended, report = judged_for_shop(gate, stored["unfixed"], files=files)
    assert ended.status == 1, "only an exception lifts it, no severity of a nearer file"


FOUR_LEVELS = {
    "global.toml": LOCKED + '[scan]\nuncovered = "warn"\n[exceptions]\nmax_days = 90\n',
    "cluster/east.toml": '[severity]\nhigh = "block"\nmedium = "warn"\n[scan]\npartly_covered = "block"\n',
    "environment/production.toml": 'cluster = "east"\n[severity]\nlow = "warn"\n[budget]\nmedium = 20\n',
    "application/shop.toml": '[severity]\ncritical = "allow"\nmedium = "block"\n',
    "application/shop@production.toml": '[severity]\nunknown = "block"\n',
}
# Key, value, the file that says it, its line there; what it overrides or what is held off, with the place.
ORIGINS = [
    ("severity.critical", "block", "global.toml", 'critical = "block"',
     ["holds against allow (application/shop.toml:3:1)"]),
    ("severity.high", "block", "cluster/east.toml", 'high = "block"', ["overrides block-if-fixed (built-in)"]),
    ("severity.medium", "block", "application/shop.toml", 'medium = "block"',
     ["overrides warn (cluster/east.toml:4:1)", "overrides warn (built-in)"]),
    ("severity.low", "warn", "environment/production.toml", 'low = "warn"', []),
    ("severity.unknown", "block", "application/shop@production.toml", 'unknown = "block"', []),
    ("scan.uncovered", "warn", "global.toml", 'uncovered = "warn"', []),
    ("scan.partly_covered", "block", "cluster/east.toml", 'partly_covered = "block"', []),
    ("exceptions.max_days", "90", "global.toml", "max_days = 90", []),
    ("budget.medium", "20", "environment/production.toml", "medium = 20", []),
]


def test_explain_tells_where_each_value_of_four_levels_comes_from(gate):
    folder = policy.tree(gate.folder / "policy", FOUR_LEVELS)
    ended = gate("policy", "explain", "--policy", folder, "--application", "shop", "--environment", "production")
    assert ended.status == 0, ended.explain()
    assert "application shop, environment production, cluster east" in ended.stdout
    told, key = {}, None
    for line in ended.stdout.splitlines():
        if line.startswith("  "):
            told[key].append(line.strip())
        elif line:
            key, _, rest = line.partition(" ")
            told[key] = [rest.strip()]
    for key, value, file, text, others in ORIGINS:
        place = f"{file}:{policy.line_of(folder / file, text)}:1"
        assert told[key][0].split()[:2] == [value, place], (key, ended.explain())
        assert set(others) <= set(told[key][1:]), (key, ended.explain())
    lock = policy.line_of(folder / "global.toml", "[[lock]]")
    assert f"locked by global.toml:{lock}:1" in told["severity.critical"][0], ended.explain()
    assert told["severity.negligible"][0].split() == ["warn", "built-in"]


def test_a_stored_report_gives_the_verdict_of_its_run_again(gated, registry):
    image = images.debian_outdated()
    registry.push("app", image)
    exceptions = policy.allow(ZLIB, days=5) + policy.allow(OPENSSL, days=-5) + policy.allow("CVE-2099-0777")
    policy.tree(gated.folder / "policy", {**FOUR_LEVELS, "application/shop.toml": exceptions})
    ended, report = gated.run(registry.reference("app", image), "--application", "shop", "--environment",
                              "production", policy=FOUR_LEVELS["global.toml"])
    assert ended.status == 1 and report["context"]["cluster"] == "east", ended.explain()
    again, second = gated.judge(gated.folder / "r.json", "--policy", gated.folder / "policy")
    assert again.status == 1, again.explain()
    for one in (report, second):
        del one["run"]
    assert second == report


def test_several_environments_have_a_verdict_each_and_the_worst_counts(gated, registry):
    image = images.debian_unfixed()
    registry.push("app", image)
    names = ("production", "staging")
    policy.tree(gated.folder / "policy", {"environment/production.toml": '[severity]\ncritical = "block"\n',
                                          "environment/staging.toml": '[severity]\ncritical = "warn"\n'})
    chosen = ["--environment", "production", "--environment", "staging"]
    ended, _ = gated.run(registry.reference("app", image), *chosen, policy="allow", report="r-{environment}.json")
    assert ended.status == 1, ended.explain()
    stored = gated.folder / "r-staging.json"
    for order in (chosen, chosen[2:] + chosen[:2]):
        ended, _ = gated.judge(stored, "--policy", gated.folder / "policy", *order, report="again-{environment}.json")
        assert ended.status == 1 and ended.stdout.count("BLOCKED") == 1, ended.explain()
        assert ended.stdout.count("ALLOWED with warnings") == 1, ended.explain()
    for kind in ("r", "again"):
        reports = [policy.loaded(gated.folder / f"{kind}-{name}.json") for name in names]
        assert [report["context"]["environment"] for report in reports] == list(names)
        assert [report["verdict"] for report in reports] == ["block", "warn"]

    ended, _ = gated.judge(stored, "--policy", gated.folder / "policy", *chosen)
    assert ended.status == 2 and "{environment}" in ended.stderr, "two reports, and one file for both"


def test_a_gate_that_only_reports_shouts_it(gated, registry):
    image = images.debian_outdated()
    registry.push("app", image)
    text = '[severity]\ncritical = "block"\n[scan]\nenforce = "report"\n'
    ended, report = gated.run(registry.reference("app", image), policy=text)
    assert ended.status == 0, ended.explain()
    assert report["verdict"] == "block" and report["policy"]["enforce"] == "report"
    assert report["summary"]["block"] > 0
    assert "BLOCKED" in ended.stdout and "NOT ENFORCED" in ended.stdout, ended.explain()
    assert "global.toml:5:1" in ended.stdout.partition("NOT ENFORCED")[2], ended.explain()
    ended, report = gated.judge(gated.folder / "r.json", "--policy", gated.folder / "policy", "--warn-status")
    assert ended.status == 10 and report["verdict"] == "block" and "NOT ENFORCED" in ended.stdout, ended.explain()


def test_only_the_global_file_may_ask_for_reports_alone(gate, stored):
    files = {"global.toml": "block", "application/shop.toml": '[scan]\nenforce = "report"\n'}
    ended, report = judged_for_shop(gate, stored["unfixed"], files=files)
    assert ended.status == 2 and report is None, ended.explain()
    assert "application/shop.toml:3:" in ended.stderr and "global.toml" in ended.stderr, ended.explain()


def test_a_run_tells_which_exceptions_are_over_soon_over_and_unused(gated, registry):
    image = images.debian_outdated()
    registry.push("app", image)
    over, soon = policy.allow(OPENSSL, days=-3), policy.allow(BASH, days=5)
    policy.tree(gated.folder / "policy", {"application/shop.toml": over + soon + policy.allow("CVE-2099-0777")})
    ended, report = gated.run(registry.reference("app", image), "--application", "shop")
    assert ended.status == 1, ended.explain()
    told = {one["ids"][0]: one for one in report["exceptions"]}
    assert told[OPENSSL]["state"] == "expired" and told[OPENSSL]["matched"] == 2
    assert told[BASH]["state"] == "active" and told[BASH]["expires_soon"] and told[BASH]["waived"] == 1
    assert told["CVE-2099-0777"]["matched"] == 0 and not told["CVE-2099-0777"]["expires_soon"]
    assert all(policy.decided(report)[OPENSSL, name] == ("block", False) for name in ("openssl", "libssl3"))
    table = words(ended.stdout)
    assert f"allow {OPENSSL} (application/shop.toml:2:1) expired on {policy.day(-3)}; 2 findings" in table
    assert f"allow {BASH} (application/shop.toml:7:1) ends on {policy.day(5)}: 1 finding" in table
    assert "allow CVE-2099-0777 (application/shop.toml:12:1) matches nothing in this image" in table
