"""No text of a stored report is more than text in any format. A report whose texts are harmless marks is the twin of
reports whose texts are hostile: through each format's own parser both have the same shape, and where a mark stood
stands exactly the neutralised text."""
import concurrent.futures
import copy
import hashlib
import json
import os
import re
import subprocess

import pytest

from support import inert
from support.hostile import CORPUS, NOT_TEXT

FORMATS = ("table", "json", "sarif", "gitlab", "codequality", "junit", "markdown", "markdown-comment", "html",
           "cyclonedx", "openvex",
           "csv", "dotenv")
SEVERITIES = ("critical", "high", "medium", "low", "negligible", "unknown")
ACTIONS = ("block", "block", "warn", "warn", "allow", "allow")
STATES = ("active", "expired", "not-yet", "refused")
DATE = "2026-01-02T03:04:05Z"
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
LONG = [one.text for one in CORPUS if one.aim == "limits"]
SHORT = [one.text for one in CORPUS if one.aim != "limits"]
LONG_SHARE = 12  # of so many texts one is long, lest the report grow beyond what is read


def digest(word):
    return "sha256:" + hashlib.sha256(word.encode()).hexdigest()


# --- a report that has every member report.json may have; text: name -> the text of that name ---------------------

def _place(text, name):
    return {"level": "global", "line": 7, "column": 3, "file": text(name + " file"), "rule": text(name + " rule")}


def _judged(text, name, action):
    return {"action": action, "decision": {**_place(text, name), "sentence": text(name + " sentence")}}


def _finding(text, i, is_decided):
    package = ("architecture", "ecosystem", "kind", "module", "name", "purl", "repository", "version")
    out = {
        "aliases": [text(f"alias {i} {j}") for j in range(2)],
        "cvss": [{"score": 9.8 - i, "vector": VECTOR, "version": "3.1"},
                 {"score": 7.5 - i, "vector": text(f"vector {i}"), "version": text(f"cvss version {i}")}],
        "dates": {"first_seen": DATE, "fix_first_seen": DATE, "published": DATE},
        "description": text(f"description {i}"), "distribution": text(f"distribution {i}"), "epss": 0.5,
        "fixed_version": text(f"fixed version {i}"), "id": text(f"id {i}"), "kev": i == 0,
        "layer": {"base": i % 3 == 0, "digest": digest(f"layer {i // 3} {i % 3}")},
        "links": [text(f"link {i} {j}") for j in range(2)], "new": i % 2 == 0,
        "package": {**{name: text(f"package {name} {i}") for name in package},
                    "source": {name: text(f"source {name} {i}") for name in ("name", "version")}},
        "platform": text(f"platform {i // 3}"), "severity": SEVERITIES[i],
        "severity_source": text(f"severity source {i}"), "updater": text(f"updater {i}"),
        "vendor_severity": {"normalized": SEVERITIES[i], "word": text(f"vendor word {i}")}, "waived": False}
    if is_decided:
        out |= {"action": ACTIONS[i], "waived": i == 4, "decision": {
            **_place(text, f"rule {i}"), "assumed": i == 5, "exception": text(f"snippet {i}") if i == 0 else None,
            "lock": _place(text, f"lock {i}") if i == 1 else None, "pinned": text(f"pinned {i}") if i == 1 else None,
            "remedy": text(f"remedy {i}"), "sentence": text(f"sentence {i}"),
            "turns_red": "2027-01-01T00:00:00Z" if ACTIONS[i] == "warn" else None}}
    return out


def _exception(text, i):
    name = f"exception {i}"
    return {**_place(text, name), **{word: text(f"{name} {word}")
                                     for word in ("expires", "owner", "reason", "sentence")},
            "break_glass": i == 0, "expires_soon": i == 0, "ids": [text(f"{name} id {j}") for j in range(2)],
            "matched": 2,
            "over_broad": i == 1, "shadowed": i == 2, "state": STATES[i], "waived": 1 if i == 0 else 0}


def _coverage(text, p, is_decided):
    out = {"ecosystems": [{"distribution": text(f"covered distribution {p} {j}"),
                           "ecosystem": text(f"ecosystem {p} {j}"),
                           "newest_data": None if j else DATE, "packages": 40 + j, "supported": j == 0,
                           "updaters": [text(f"ecosystem updater {p} {j}")]} for j in range(2)],
           "layers": 3, "manifest": digest(f"manifest {p}"), "packages": 81, "platform": text(f"platform {p}")}
    if is_decided:
        out |= {**_judged(text, f"coverage {p}", "warn"), "reasons": [text(f"reason {p}")], "stale": p == 1,
                "state": ("partly", "uncovered")[p]}
    return out


def _image(text):
    platforms = [{"digest": digest(f"manifest {p}"), "platform": text(f"platform {p}"), "layers": [
        {"digest": digest(f"layer {p} {j}"), "instruction": text(f"instruction {p} {j}")} for j in range(3)]}
        for p in range(2)]
    return {"base": {"below": True, "newest": digest("newest"), "reference": text("base reference")},
            "digest": digest("index"), "media_type": text("media type"), "platforms": platforms,
            "reference": "registry.example/team/shop@" + digest("index")}


def _scanner(text):
    updaters = [{"date": DATE, "fingerprint": text(f"fingerprint {i}"), "ref": text(f"ref {i}"),
                 "updater": text(f"scanner updater {i}")} for i in range(2)]
    return {"data_date": DATE, "has_updater_facts": True, "index_state": text("index state"),
            "name": text("scanner name"),
            "updaters": updaters, "version": text("scanner version")}


def _rules(text):
    places = [_place(text, f"rule {i}") for i in range(len(SEVERITIES))] + [_place(text, "lock 1")]
    return [{"place": place, "text": text(f"rule text {i}")} for i, place in enumerate(places)]


def _policy(text):
    files = [{"digest": digest(f"file {i}"), **{name: text(f"policy file {name} {i}") for name in ("path", "source")}}
             for i in range(2)]
    return {"enforce": "block", "files": files, "not_enforced_by": None,
            "notes": [text(f"note {i}") for i in range(2)],
            "precedence": "nearest", "source": text("policy source"), "trusted": False}


def report_of(text, is_decided=True):
    gone = [{**{name: text(f"fixed {name} {i}") for name in ("id", "installed", "package", "platform")},
             "severity": SEVERITIES[i]} for i in range(2)]
    counts = {"block": 2, "warn": 2, "allow": 2, "waived": 1}
    return {
        "budget": [{**_judged(text, "budget", "warn"), "allowed": 1, "severity": "low", "unwaived": 2}]
        if is_decided else [],
        "clairgate": {"version": text("version")}, "comparison": {"baseline": text("baseline"), "fixed": gone},
        "context": {name: text(name) for name in ("application", "cluster", "environment")},
        "coverage": {"platforms": [_coverage(text, p, is_decided) for p in range(2)]},
        "exceptions": [_exception(text, i) for i in range(len(STATES))] if is_decided else [],
        "findings": [_finding(text, i, is_decided) for i in range(len(SEVERITIES))], "image": _image(text),
        "policy": _policy(text), "rules": _rules(text) if is_decided else [],
        "run": {"finished": DATE, "started": DATE, "steps_ms": {"index": 1}}, "scanner": _scanner(text),
        "schema": "clairgate/report/v1", "summary": counts if is_decided else dict.fromkeys(counts, 0),
        "undecided_reason": "" if is_decided else text("undecided reason"),
        "verdict": "block" if is_decided else "undecided"}


class Texts:
    """Numbers the names of a report in the order in which they are first asked for, and keeps what each became."""

    def __init__(self, make):
        self.make, self.of_name, self.numbered = make, {}, []

    def __call__(self, name):
        if name not in self.of_name:
            self.of_name[name] = self.make(len(self.numbered), name)
            self.numbered.append(self.of_name[name])
        return self.of_name[name]


# What a format takes for what it is, and then shows otherwise: links that may be followed are another test's.
MEANT = {"link": "https://", "package purl": "pkg:", "id": "CVE-", "alias": "CVE-"}


def hostile_text(turn):
    """In turn after turn each name gets each short text once; the last turns have some long ones."""
    def make(number, name):
        if turn >= len(SHORT) and (number + turn) % LONG_SHARE == 0:
            return LONG[(number // LONG_SHARE + turn) % len(LONG)]
        text = SHORT[(turn + 41 * number) % len(SHORT)]
        if any(name.startswith(field) and text.startswith(head) for field, head in MEANT.items()):
            return "x" + text
        # Formats list platforms in the order of their names: the twin's order stays.
        return text if name != "platform 1" or text > texts.of_name["platform 0"] else "\U0010fffd" + text
    texts = Texts(make)
    return texts


TURNS = len(SHORT) + 2 * len(LONG)


# --- running ------------------------------------------------------------------------------------------------------

class Converted:
    """What `clairgate convert` made of a report: a file per format."""

    def __init__(self, gate, report, folder, formats=FORMATS, arguments=(), **env):
        folder.mkdir()
        self.stored = folder / "stored.json"
        self.stored.write_bytes(report if isinstance(report, bytes) else json.dumps(report).encode())
        self.files = {form: folder / form for form in formats}
        outputs = [f"-o{form}={file}" for form, file in self.files.items()]
        self.ended = subprocess.run([gate.binary, "convert", self.stored, *outputs, *arguments], cwd=folder,
                                    check=False,
                                    stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                                    env=gate.environment({"COLUMNS": "120", **env}))
        self.said = self.ended.stdout + self.ended.stderr


class Runs:
    """The twin, and hostile reports: `turns[i]` is (its texts, what became of it)."""

    def __init__(self, gate, folder, is_decided):
        folder.mkdir()
        self.twin = Converted(gate, report_of(Texts(lambda number, _: inert.marker(number)), is_decided),
                              folder / "twin")
        assert self.twin.ended.returncode == 0, self.twin.said.decode(errors="replace")

        def turn(number):
            texts = hostile_text(number)
            return texts.numbered, Converted(gate, report_of(texts, is_decided), folder / str(number))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            self.turns = list(pool.map(turn, range(0, TURNS, 1 if is_decided else 7)))


@pytest.fixture(scope="module", params=["decided", "undecided"])
def runs(request, root, tmp_path_factory):
    from support.gate import Gate
    folder = tmp_path_factory.mktemp("hostile")
    return Runs(Gate(folder), folder / request.param, request.param == "decided")


def failures(found):
    found = list(found)
    assert not found, f"{len(found)} in all; the first:\n" + "\n".join(map(str, found[:12]))


# --- tests --------------------------------------------------------------------------------------------------------

def test_the_corpus_is_what_the_issue_asks_for():
    assert len(CORPUS) >= 120 and len({one.text for one in CORPUS}) == len({one.name
                                                                            for one in CORPUS}) == len(CORPUS)


def test_each_hostile_report_is_converted_and_says_nothing_active(runs):
    failures((i, one.ended.returncode, one.said[:300]) for i, (_, one) in enumerate(runs.turns)
             if one.ended.returncode != 0 or inert.offences(one.said, "log"))


@pytest.mark.parametrize("form", FORMATS)
def test_no_bytes_act_on_a_terminal_or_a_log(runs, form):
    failures((i, offence) for i, (_, one) in enumerate(runs.turns)
             for offence in inert.offences(one.files[form].read_bytes(), form))


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "table"])
def test_each_text_comes_back_as_the_neutralised_text_and_the_shape_stays(runs, form):
    files = {"twin": (form, runs.twin.files[form])} | {i: (form, one.files[form]) for i,
                                                       (_, one) in enumerate(runs.turns)}
    leaves = inert.leaves_of(files)
    twin = leaves.pop("twin")
    assert any(inert.MARKER.search(value) for _, value in twin), "no text of the report is in the document"
    failures((i, difference) for i, found in leaves.items()
             for difference in inert.differences(twin, found, runs.turns[i][0], form))
    if form in ("markdown", "markdown-comment"):
        failures((i, text) for i, found in leaves.items() for text in inert.references(found))


def squeezed(text):
    """What is left of a table's text when it is wrapped, aligned, and its markers are broken with backslashes."""
    return re.sub(r"[\s\\]", "", text)


def test_the_table_keeps_its_lines_and_shows_each_name(runs):
    twin = runs.twin.files["table"].read_text()
    heads = {inert.MARKER.split(line)[0] for line in twin.split("\n") if line and not line.startswith(" ")}
    # Of several fixed versions the newest is shown, and which one that is depends on their texts.
    fixes = {int(found[1]) for found in inert.MARKER.finditer(twin)
             if twin[:found.start()].rstrip().endswith(("→", " to"))}
    shown = {int(found[1]) for found in inert.MARKER.finditer(twin)} - fixes
    assert shown and "" not in heads
    for i, (texts, one) in enumerate(runs.turns):
        table = one.files["table"].read_text()
        strays = [line for line in table.split("\n") if line and not line.startswith(" ")
                  and not any(line.startswith(head) for head in heads)]
        assert not strays, (i, strays[:3])
        whole = squeezed(table)
        # The exception to copy stands on lines of its own: its first one tells.
        begun = {number: texts[number].strip().split("\n")[0][:40] for number in shown}
        missing = [texts[number][:80] for number in shown
                   if squeezed(inert.front(inert.visible(begun[number]), 5)) not in whole]
        assert not missing, (i, missing)


@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "COLUMNS": "80"}], ids=["ASCII", "narrow"])
def test_what_is_printed_is_what_is_written_and_as_inert(gate, folder, env):
    """Two outputs cannot share stdout, so each is alone there, with the log at its loudest."""
    for turn in range(0, TURNS, 16):
        for form in ("table", "json"):
            report = report_of(hostile_text(turn))
            one = Converted(gate, report, folder / f"{form}{turn}", (), ("-o", form, "--log-level", "debug"), **env)
            assert one.ended.returncode == 0, one.said[:500]
            assert not inert.offences(one.ended.stdout, form) and not inert.offences(one.ended.stderr, "log")
            if form == "json":
                assert inert.json_of(one.ended.stdout)["findings"] == report["findings"]
            elif env["LC_ALL"] == "C":
                assert one.ended.stdout.isascii()


def test_links_are_followed_only_where_they_lead_where_they_say(gate, folder):
    """Beside the corpus, addresses that are fine as addresses and break a format that does not escape them."""
    good = ["https://good.test/a", "https://evil.test/a)](b)[c](d", "https://evil.test/'onclick='x",
            "https://evil.test/a*_b_*~~c~~",
            "https://evil.test/?a&lt;b&amp;c&#x22;", "https://evil.test/a,=1+1,b;$(id)",
            "https://evil.test/{0}![x](y)"]
    bad = [one.text for one in CORPUS if one.aim in ("links", "HTML and XML") and one.name != "https bracket"]
    report = report_of(Texts(lambda number, _: inert.marker(number)))
    links = good + bad
    for i, finding in enumerate(report["findings"]):
        finding["links"] = links[i::len(report["findings"])]
    one = Converted(gate, report, folder / "out")
    assert one.ended.returncode == 0, one.said[:500]
    files = {form: (form, one.files[form]) for form in FORMATS if form != "table"}
    for form, leaves in inert.leaves_of(files).items():
        addresses = {value for path, value in leaves
                     if re.search(r"(@href|@src|@url|@action|\.url|[uU]ri|reference-url)$", path) and "://" in value}
        if form not in inert.EXACT:
            assert not addresses & set(bad), (form, addresses & set(bad))
        assert {one for one in addresses if "evil.test" in one} <= set(links), (form, addresses - set(links))
    assert not [offence for form in FORMATS for offence in inert.offences(one.files[form].read_bytes(), form)]


def test_a_file_name_with_the_environment_stays_in_its_folder(gate, folder):
    """`{environment}` in an output's name is a word of the stored document, not of the caller."""
    for number, text in enumerate(["..", ".", "../x", "/x", "a/../../x", "\0", "a\0b", "a\nb", "-", "C:x", "\u202e",
                                   "x" * 300,
                                   *(one.text for one in CORPUS if one.aim == "links")]):
        report = report_of(Texts(lambda number, _: inert.marker(number)))
        report["context"]["environment"] = text
        outside, inside = folder / f"{number}", folder / f"{number}" / "in"
        outside.mkdir()
        one = Converted(gate, report, inside, (), (f"-ocsv={inside}/a-{{environment}}.csv",))
        written = [path for path in outside.rglob("*") if path.is_file() and path != one.stored]
        if one.ended.returncode:
            assert not written and not inert.offences(one.said, "log"), (text[:80], written, one.said)
        else:
            assert len(written) == 1 and written[0].parent == inside, (text[:80], written)
            assert re.fullmatch(r"a-[A-Za-z0-9_.-]+\.csv", written[0].name), (text[:80], written)


CONSTRAINED = [
    ("schema",), ("verdict",), ("image", "reference"), ("image", "digest"), ("image", "platforms", 0, "digest"),
    ("image", "platforms", 0, "platform"), ("image", "platforms", 0, "layers", 0, "digest"),
    ("image", "base", "newest"),
    ("coverage", "platforms", 0, "manifest"), ("coverage", "platforms", 0, "platform"),
    ("coverage", "platforms", 0, "state"),
    ("coverage", "platforms", 0, "action"), ("coverage", "platforms", 0, "decision", "level"),
    ("coverage", "platforms", 0, "ecosystems", 0, "newest_data"), ("findings", 0, "platform"),
    ("findings", 0, "severity"),
    ("findings", 0, "layer", "digest"), ("findings", 0, "dates", "published"), ("findings", 0, "action"),
    ("findings", 0, "decision", "level"), ("findings", 0, "decision", "turns_red"),
    ("findings", 0, "cvss", 0, "score"),
    ("findings", 0, "vendor_severity", "normalized"), ("rules", 0, "place", "level"), ("run", "started"),
    ("run", "steps_ms", "index"), ("scanner", "data_date"), ("scanner", "updaters", 0, "date"),
    ("budget", 0, "severity"),
    ("policy", "files", 0, "digest"),
    ("comparison", "fixed", 0, "severity"), ("findings",), ("summary",)]


def assert_refused(one, what):
    assert one.ended.returncode in (2, 3) and not one.ended.stdout, (what, one.ended.returncode, one.said[:300])
    lines = one.ended.stderr.decode().splitlines()
    assert lines and lines[0].startswith("clairgate: ") and all(line.startswith("  ") for line in lines[1:]), (what,
                                                                                                               lines)
    assert len(one.ended.stderr) < 3000 and not inert.offences(one.ended.stderr, "log"), (what, lines)
    assert not [file for file in one.files.values() if file.exists()], what


def test_what_is_no_free_text_is_refused_in_one_inert_line(gate, folder):
    plain = report_of(Texts(lambda number, _: inert.marker(number)))
    for number, hostile in enumerate(CORPUS):
        path = CONSTRAINED[number % len(CONSTRAINED)]
        report = copy.deepcopy(plain)
        holder = report
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = hostile.text
        assert_refused(Converted(gate, report, folder / f"{number}"), (hostile.name, path))


def test_what_is_no_text_at_all_is_refused_in_one_inert_line(gate, folder):
    plain = json.dumps(report_of(Texts(lambda number, _: inert.marker(number)))).encode()
    for number, (name, raw) in enumerate(NOT_TEXT.items()):
        for place in (b'"' + inert.marker(10 * number).encode(), b'"steps_ms": {"', b'"context": {"'):
            assert place in plain
            one = Converted(gate, plain.replace(place, place + raw, 1), folder / f"{number}-{len(place)}")
            assert_refused(one, (name, place))


def test_names_of_members_are_text_too(gate, folder):
    """Of `context` and `steps_ms` the names are free; elsewhere a hostile one is no member."""
    for number, texts in enumerate([SHORT[::3], SHORT[1::3], SHORT[2::3], LONG]):
        report = report_of(Texts(lambda number, _: inert.marker(number)))
        report["context"] |= {text: text for text in texts}
        report["run"]["steps_ms"] |= {text: place for place, text in enumerate(texts)}
        report["findings"][0] |= {text: text for text in texts if len(text) < 20_000}
        one = Converted(gate, report, folder / str(number))
        assert one.ended.returncode == 0, one.said[:1000]
        failures(offence for form in FORMATS for offence in inert.offences(one.files[form].read_bytes(), form))
        written = inert.json_of(one.files["json"].read_bytes())
        assert written["context"] == report["context"] and written["run"] == report["run"], number


def test_one_key_twice_is_refused_in_one_inert_line(gate, folder):
    for number, text in enumerate(SHORT[::7]):
        key = json.dumps(text)
        report = json.dumps(report_of(Texts(lambda number, _: inert.marker(number))))
        report = report.replace('"steps_ms": {', f'"steps_ms": {{{key}: 1, {key}: 2, ')
        assert_refused(Converted(gate, report.encode(), folder / str(number)), text)
