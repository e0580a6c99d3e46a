"""Policy folders, and the pieces of their files that the tests put together."""
import datetime
import itertools
import json
import pathlib

from support.gate import POLICIES

FOLDER = ".clairgate/policy"  # where a clone has it
ZLIB = "CVE-2099-0002"        # of the planted ones: critical without a fix, in zlib1g alone
OPENSSL = "CVE-2099-0010"     # high with a fix, in openssl and libssl3
BASH = "CVE-2099-0012"        # low without a fix


def day(offset):
    """That many days from today, as Greenwich counts them."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return (today + datetime.timedelta(days=offset)).isoformat()


def tree(folder, files):
    """A policy folder. files: {path: text without its schema line, or a name of POLICIES}."""
    folder = pathlib.Path(folder)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("schema = 1\n" + POLICIES.get(text, text))
    return folder


def allow(cve, days=60):
    """An exception for it that ends that many days from today."""
    return f'[[allow]]\nid = "{cve}"\nreason = "not reachable"\nowner = "team-shop"\nexpires = {day(days)}\n'


def printed_exception(table):
    """The snippet that the table of a blocked image offers, without its indent."""
    lines = table.splitlines()
    snippet = itertools.takewhile(lambda line: line.startswith("    "), lines[lines.index("    [[allow]]"):])
    return "".join(line[4:] + "\n" for line in snippet)


def filled(snippet, days=30):
    """The snippet with the fields that a person fills in."""
    for field, value in (('reason  = ""', 'reason  = "not reachable"'), ('owner   = ""', 'owner   = "team-shop"'),
                         ("YYYY-MM-DD", day(days))):
        assert snippet.count(field) == 1, snippet
        snippet = snippet.replace(field, value)
    return snippet


def line_of(file, text):
    """The number of the only line of a file that reads so."""
    numbers = [number for number, line in enumerate(file.read_text().splitlines(), 1) if line == text]
    assert len(numbers) == 1, (file, text)
    return numbers[0]


def decided(report):
    """{(id, package): (action, whether by an exception)}"""
    out = {(one["id"], one["package"]["name"]): (one["action"], one["waived"]) for one in report["findings"]}
    assert len(out) == len(report["findings"])
    return out


def finding(report, cve):
    """The only finding of that name."""
    (one,) = [one for one in report["findings"] if one["id"] == cve]
    return one


def loaded(file):
    """A report file that a call wrote."""
    return json.loads(file.read_text())
