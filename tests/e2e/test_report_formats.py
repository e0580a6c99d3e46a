"""One run writes every format; each file is read by those who read that format, and `convert` writes it again."""
import datetime
import json

import jsonschema
import pytest

from support import images
from support.formats import MARKERS, VALIDATORS
from support.gate import Gate, POLICIES, policy_folder
from support.process import fresh_folder

IMAGES = {"outdated": images.debian_outdated, "hostile": images.debian_hostile, "patched": images.debian_patched,
          "undecided": images.debian_outdated}
STATUS = {"outdated": 1, "hostile": 1, "patched": 0, "undecided": 3}
# What stands in each file, and what its readers do not understand instead of it.
SPOILED = {"sarif": ('"ruleId"', '"ruleName"'), "cyclonedx": ('"in_triage"', '"triaged"'),
           "openvex": ('"action_statement"', '"action"'), "junit": (" classname=", " class="),
           "gitlab": ('"severity": "', '"severity": "very '), "csv": ("\n", "\n=1+1,"), "dotenv": ("=", "= ")}
OUTPUTS = [name for name in VALIDATORS if name != "json"]


def policy():
    until = datetime.date.today() + datetime.timedelta(days=60)
    return POLICIES["block"] + ('[[allow]]\nid = ["CVE-2099-0011"]\nreason = "no TLS | <b> here"\n'
                                f'owner = "team-shop"\nexpires = {until}\n')


class Written:
    """What one run wrote: {format: file}, and its report.json as an object."""

    def __init__(self, name, clair, registry):
        self.gate = Gate(fresh_folder(name))
        image = IMAGES[name]()
        registry.push("formats", image)
        self.files = {each: self.gate.folder / f"report.{each}" for each in VALIDATORS}
        where = ["--clair-url", clair.url, "--clair-psk-file", clair.psk_file]
        if name == "undecided":
            where = ["--clair-url", "http://127.0.0.1:1", "--timeout", "3s"]
        self.ended = self.gate("run", "--image", registry.reference("formats", image), *where, "--policy",
                               policy_folder(self.gate.folder, policy()), *self.outputs(self.files))
        assert self.ended.status == STATUS[name], self.ended.explain()
        self.report = json.loads(self.files["json"].read_text())

    @staticmethod
    def outputs(files):
        return [argument for name, file in files.items() for argument in ("-o", f"{name}={file}")]


@pytest.fixture(scope="module")
def runs(clair, registry):
    """{name: Written}, each made when it is first asked for."""
    class Runs(dict):
        def __missing__(self, name):
            self[name] = Written(name, clair, registry)
            return self[name]
    return Runs()


def test_every_format_is_validated_here(gate, stored):
    ended = gate("convert", stored["outdated"], "-o", "nonsense")
    assert ended.status == 2, ended.explain()
    known = ended.stderr.partition("-o FORMAT[=FILE] with ")[2].splitlines()[0]
    assert set(known.split(", ")) == set(VALIDATORS), known


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("which", VALIDATORS)
def test_every_file_is_valid_to_those_who_read_it(runs, which, name):
    VALIDATORS[which](runs[name].files[which], runs[name].report)


@pytest.mark.parametrize("name", IMAGES)
def test_no_file_acts_on_a_terminal_or_in_a_ci_log(runs, name):
    for which, file in runs[name].files.items():
        text = file.read_text()
        assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e", "\u2028", "\0"}, which
        for line in text.splitlines():
            assert not line.lstrip().startswith(MARKERS), (which, line)
            assert "section_start:" not in line and "##vso[" not in line, (which, line)


@pytest.mark.parametrize("name", IMAGES)
def test_convert_writes_the_bytes_that_the_run_wrote(runs, name):
    run = runs[name]
    again = {which: file.with_suffix(file.suffix + ".again") for which, file in run.files.items()}
    ended = run.gate("convert", run.files["json"], *run.outputs(again))
    assert ended.status == 0 and ended.stdout == "", ended.explain()
    for which, file in again.items():
        assert file.read_bytes() == run.files[which].read_bytes(), which


@pytest.mark.parametrize("which", OUTPUTS)
def test_convert_prints_the_same(runs, which):
    run = runs["outdated"]
    ended = run.gate("convert", run.files["json"], "-o", which)
    assert ended.status == 0, ended.explain()
    assert ended.stdout.encode() == run.files[which].read_bytes()


def test_an_accepted_risk_is_said_to_be_one(runs):
    """`[[allow]]` says nothing about whether the image is affected: no format may claim that it is not."""
    run = runs["outdated"]
    (statement,) = json.loads(run.files["openvex"].read_text())["statements"]
    assert statement["vulnerability"]["name"] == "CVE-2099-0011" and statement["status"] == "affected"
    assert "team-shop" in statement["action_statement"]
    states = {one["id"]: one["analysis"]["state"]
              for one in json.loads(run.files["cyclonedx"].read_text())["vulnerabilities"]}
    assert states["CVE-2099-0011"] == "exploitable" and states["CVE-2099-0010"] == "in_triage"


@pytest.mark.parametrize("which", SPOILED)
def test_the_validators_refuse_what_is_wrong(runs, which):
    right, wrong = SPOILED[which]
    run = runs["outdated"]
    text = run.files[which].read_text()
    assert right in text
    spoiled = run.gate.folder / f"spoiled.{which}"
    spoiled.write_text(text.replace(right, wrong))
    with pytest.raises((AssertionError, jsonschema.ValidationError)):
        VALIDATORS[which](spoiled, run.report)
