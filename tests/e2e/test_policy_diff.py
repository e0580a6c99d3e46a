"""`policy diff` over many stored reports, all made from one of a real run: exactly the verdicts that flip."""
import json

import pytest

from support import policy
from support.clone import Clone
from support.gate import Gate
from support.policy import OPENSSL, ZLIB

REPORTS = 1000
# What a report keeps of the findings, by its number.
KINDS = {"all": {ZLIB, OPENSSL}, "zlib": {ZLIB}, "openssl": {OPENSSL}, "none": set()}


def kind_of(number):
    return list(KINDS)[number % len(KINDS)]


def variant(text, number, **more):
    """The report of another image, with the findings of its kind."""
    report = json.loads(text) | more
    digest = report["image"]["digest"]
    report["findings"] = [one for one in report["findings"] if one["id"] in KINDS[kind_of(number)]]
    return json.dumps(report).replace(digest, f"sha256:{number:064x}")


@pytest.fixture(scope="module")
def many(stored):
    folder = stored["outdated"].parent / "many"
    folder.mkdir()
    text = stored["outdated"].read_text()
    for number in range(REPORTS):
        (folder / f"{number}.json").write_text(variant(text, number))
    return folder


def sides(gate, old, new):
    return policy.tree(gate.folder / "old", old), policy.tree(gate.folder / "new", new)


def flips(ended):
    """{name: what the line says} of all lines but the sum, which must agree with them."""
    assert ended.status == 0, ended.explain()
    *lines, total = ended.stdout.splitlines()
    out = dict(line.split(": ", 1) for line in lines)
    assert len(out) == len(lines) and total.startswith(f"{len(out)} of "), ended.explain()
    return out


def test_exactly_the_flipped_verdicts_of_a_thousand_are_named(gate, many):
    old, new = sides(gate, {"global.toml": "block"},
                     {"global.toml": '[severity]\ncritical = "block-if-fixed"\nhigh = "block-if-fixed"\n'})
    files = sorted(many.iterdir())
    assert len(files) == REPORTS
    expected = {str(file) for file in files if kind_of(int(file.stem)) == "zlib"}
    for before, after, change in ((old, new, "block -> warn"), (new, old, "warn -> block")):
        ended = gate("policy", "diff", before, after, *files, timeout=180)
        told = flips(ended)
        assert set(told) == expected and ended.stdout.endswith(f" of {REPORTS} verdicts flip\n"), ended.stdout[-300:]
        for line in told.values():
            assert line.startswith(f"{change}  {ZLIB} in zlib1g: ") and line.endswith("(global.toml:3:1)"), line
    ended = gate("policy", "diff", old, old, *files, timeout=180)
    assert ended.status == 0 and ended.stdout == f"0 of {REPORTS} verdicts flip\n", ended.explain()


def test_the_gate_agrees_with_what_is_named(gate, many):
    old, new = sides(gate, {"global.toml": "block"}, {"global.toml": '[severity]\nhigh = "warn"\n'})
    files = [many / f"{number}.json" for number in range(len(KINDS))]
    told = flips(gate("policy", "diff", old, new, *files))
    for file in files:
        verdicts = [gate.judge(file, "--policy", side)[1]["verdict"] for side in (old, new)]
        if verdicts[0] == verdicts[1]:
            assert str(file) not in told
        else:
            assert told[str(file)].startswith(" -> ".join(verdicts)), told


def test_a_report_is_compared_for_the_application_it_is_of(gate, stored):
    old, new = sides(gate, {"global.toml": "block", "application/shop.toml": policy.allow(ZLIB)},
                     {"global.toml": "block"})
    context = {"application": "shop", "cluster": None, "environment": None}
    file = gate.folder / "shop.json"
    file.write_text(variant(stored["outdated"].read_text(), 1, context=context))
    assert [gate.judge(file, "--policy", side)[0].status for side in (old, new)] == [0, 1]
    assert list(flips(gate("policy", "diff", old, new, file))) == [str(file)]
    assert list(flips(gate("policy", "diff", old, new, file, "--application", "shop"))) == [str(file)]


def test_a_commit_can_be_a_side(folder, stored):
    clone = Clone(folder / "clone")
    base = clone.commit({"global.toml": "block"})
    policy.tree(clone.folder / policy.FOLDER, {"global.toml": "allow"})
    ended = Gate(clone.folder)("policy", "diff", f"git:{base}", policy.FOLDER, stored["unfixed"])
    assert flips(ended)[str(stored["unfixed"])].startswith("block -> pass"), ended.explain()


BAD = {"missing": None, "no JSON": "{", "no report": "{}", "another schema": '{"schema": "clairgate/report/v9"}'}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_a_bad_report_is_named_and_nothing_is_summed_up(gate, stored, text):
    old, new = sides(gate, {"global.toml": "block"}, {"global.toml": "allow"})
    bad = gate.folder / "bad.json"
    if text is not None:
        bad.write_text(text)
    ended = gate("policy", "diff", old, new, stored["unfixed"], bad)
    assert ended.status == 3 and "bad.json" in ended.stderr and "flip" not in ended.stdout, ended.explain()


def test_a_bad_side_ends_with_2(gate, stored):
    old, new = sides(gate, {"global.toml": "block"}, {"global.toml": '[severity]\ncritical = "blok"\n'})
    for arguments, word in (([old, new, stored["unfixed"]], "global.toml:3:"),
                            ([gate.folder / "nowhere", old, stored["unfixed"]], "nowhere"),
                            (["git:main", old, stored["unfixed"]], "git"),
                            ([old, new], "reports"), ([], "OLD")):
        ended = gate("policy", "diff", *arguments)
        assert ended.status == 2 and ended.stdout == "" and word in ended.stderr, ended.explain()
