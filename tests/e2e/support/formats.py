"""Validators of the report formats: programs that read them for a living where there are any, else their rules.

Each takes the file and the run's report.json; what is wrong is an AssertionError that says where.
"""
import csv
import json
import os
import re

import jsonschema

from support.process import fresh_folder, tool
from support.program import call

# The verdict as people are told it.
SAID = {"pass": "allowed", "warn": "allowed", "block": "blocked", "undecided": "undecided"}
MARKERS = ("::", "##[", "##vso[", "##teamcity[")


def peer(program, *arguments, timeout=120):
    binary = tool(program, os.environ["E2E_REPORTS_BIN"])
    return call(binary, *arguments, home=fresh_folder(program), timeout=timeout)


def accepted(program, *arguments, **options):
    ended = peer(program, *arguments, **options)
    assert ended.status == 0, ended.explain()
    return ended.stdout


def actions(report, action):
    return [one for one in report["findings"] if one.get("action") == action]


def table(file, report):
    lines = file.read_text().splitlines()
    assert SAID[report["verdict"]] in lines[0].lower(), lines[0]
    assert max(len(line) for line in lines) <= 160


def json_report(file, report):
    assert json.loads(file.read_text()) == report and report["schema"] == "clairgate/report/v1"


def sarif(file, report):
    """Microsoft's validator with the rules of the standard and of GitHub's code scanning."""
    log = file.with_name("sarif-validation.json")
    accepted("sarif", "validate", file, "--rule-kind", "Sarif;Ghas", "--output", log, "--log", "ForceOverwrite")
    said = [result for run in json.loads(log.read_text())["runs"] for result in run.get("results", [])]
    errors = [one for one in said if one.get("level", "warning") == "error"]
    assert not errors, json.dumps(errors, indent=1)
    (run,) = json.loads(file.read_text())["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        assert rules[result.get("ruleIndex", rules.index(result["ruleId"]))] == result["ruleId"]
    ids = {result["ruleId"] for result in run["results"]}
    assert {one["id"] for one in actions(report, "block")} <= ids or "\x1b" in json.dumps(report), ids


TOOL = {"type": "object", "required": ["id", "name", "version", "vendor"], "properties": {
    "id": {"type": "string", "minLength": 1}, "name": {"type": "string", "minLength": 1},
    "version": {"type": "string", "minLength": 1}, "url": {"type": "string", "pattern": "^https?://.+"},
    "vendor": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}}}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"}
IDENTIFIER = {"type": "object", "required": ["type", "name", "value"], "properties": {
    "type": {"type": "string", "minLength": 1}, "name": {"type": "string", "minLength": 1},
    "value": {"type": "string", "minLength": 1}, "url": {"type": "string", "pattern": "^(https?|ftp)://.+"}}}
# What GitLab's server refuses a container scanning report for. Its own schema is in no package that our
# registries have; these are its documented rules, in our words.
GITLAB = {"type": "object", "required": ["version", "scan", "vulnerabilities"], "properties": {
    "version": {"type": "string", "pattern": r"^15\.2\.\d+$"},
    "schema": {"type": "string", "pattern": "^https?://.+"},
    "scan": {"type": "object", "required": ["analyzer", "scanner", "start_time", "end_time", "status", "type"],
             "properties": {
                 "analyzer": TOOL, "scanner": TOOL, "start_time": TIME, "end_time": TIME,
                 "status": {"enum": ["success", "failure"]},
                 "type": {"enum": ["container_scanning", "container_scanning_for_registry"]},
                 "messages": {"type": "array", "items": {
                     "type": "object", "required": ["level", "value"], "properties": {
                         "level": {"enum": ["info", "warn", "fatal"]},
                         "value": {"type": "string", "minLength": 1}}}},
                 "options": {"type": "array", "items": {
                     "type": "object", "required": ["name", "value"], "properties": {
                         "name": {"type": "string", "maxLength": 255}, "value": {
                             "type": ["boolean", "integer", "null", "string"]}}}}}},
    "vulnerabilities": {"type": "array", "items": {
        "type": "object", "required": ["id", "identifiers", "location"], "properties": {
            "id": {"type": "string", "minLength": 1}, "name": {"type": "string", "maxLength": 255},
            "description": {"type": "string", "maxLength": 1048576},
            "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
            "solution": {"type": "string", "maxLength": 7000},
            "identifiers": {"type": "array", "minItems": 1, "maxItems": 20, "items": IDENTIFIER},
            "cvss_vectors": {"type": "array", "minItems": 1, "maxItems": 10, "items": {
                "type": "object", "required": ["vendor", "vector"], "properties": {
                    "vendor": {"type": "string", "minLength": 1},
                    "vector": {"type": "string", "pattern": r"^(CVSS:3\.[01]/)?(AV|AC|Au|PR|UI|S|C|I|A):"}}}},
            "links": {"type": "array", "items": {"type": "object", "required": ["url"], "properties": {
                "name": {"type": "string"}, "url": {"type": "string", "pattern": "^(https?|ftp)://.+"}}}},
            "location": {"type": "object", "required": ["dependency", "operating_system", "image"], "properties": {
                "image": {"type": "string", "minLength": 1},
                "default_branch_image": {"type": "string", "maxLength": 255},
                "operating_system": {"type": "string", "minLength": 1, "maxLength": 255},
                "dependency": {"type": "object", "required": ["package", "version"], "properties": {
                    "version": {"type": "string"}, "package": {
                        "type": "object", "required": ["name"], "properties": {
                            "name": {"type": "string"}}}}}}}}}},
    "remediations": {"type": "array", "items": {"type": "object", "required": ["fixes", "summary", "diff"]}}}}


def gitlab(file, report):
    document = json.loads(file.read_text())
    jsonschema.validate(document, GITLAB)
    ids = [one["id"] for one in document["vulnerabilities"]]
    assert len(set(ids)) == len(ids) == len(report["findings"])
    assert document["scan"]["status"] == ("failure" if report["verdict"] == "undecided" else "success")


def codequality(file, report):
    """GitLab's "Implement a custom tool": what its merge request widget needs, else it shows nothing."""
    issues = json.loads(file.read_text())
    jsonschema.validate(issues, {"type": "array", "items": {
        "type": "object", "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1}, "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {"type": "object", "required": ["path", "lines"], "properties": {
                "path": {"type": "string", "pattern": r"^(?!\./|/)."},
                "lines": {"type": "object", "required": ["begin"], "properties": {
                    "begin": {"type": "integer", "minimum": 1}}}}}}}})
    fingerprints = [one["fingerprint"] for one in issues]
    assert len(set(fingerprints)) == len(fingerprints)
    assert len(issues) >= len(actions(report, "block"))
    assert issues or report["verdict"] == "pass", "silence would be read as a pass"


def junit(file, report):
    """The schema that Jenkins reads by, and a reader's view of it."""
    schema = os.path.join(os.environ["E2E_REPORTS_BIN"], "junit-10.xsd")
    accepted("xmllint", "--noout", "--nonet", "--schema", schema, file)
    suites = json.loads(accepted("read-junit", file))
    cases = [case for suite in suites for case in suite["cases"]]
    assert cases, "no case at all is read as no tests"
    for suite in suites:
        kinds = [result["kind"] for case in suite["cases"] for result in case["results"]]
        assert suite["tests"] == len(suite["cases"])
        assert (suite["failures"], suite["errors"]) == (kinds.count("failure"), kinds.count("error"))
    red = [case for case in cases for result in case["results"] if result["kind"] in ("failure", "error")]
    assert bool(red) == (report["verdict"] in ("block", "undecided")), red
    if report["verdict"] == "undecided":
        assert any(result["kind"] == "error" for case in cases for result in case["results"])


def nodes(tree):
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending += node.get("children", [])


def markdown(file, report, characters_max=1 << 20):
    """Read as GitHub's specification says: no HTML but plain tags of our own, and links only to https."""
    text = file.read_text()
    assert len(text.encode() if characters_max == 1 << 20 else text) <= characters_max
    tree = json.loads(accepted("read-markdown", file))
    words = ""
    for node in nodes(tree):
        if node["type"] in ("link", "image", "definition"):
            assert node["url"].startswith("https://"), node
        if node["type"] == "html":
            assert re.fullmatch(r"(\s*(</?(details|summary|sub|sup|br|b|kbd)>|<!--[ a-z0-9:/._-]*-->))+\s*",
                                re.sub(r">[^<>]*<", "><", node["value"])), node
        words += node.get("value", "")
    assert SAID[report["verdict"]] in words.lower(), words[:400]


def markdown_comment(file, report):
    markdown(file, report, 65536)


def html(file, report):
    """In a browser, as people use it. How fast that is, a busy machine cannot say: the bench does."""
    ended = peer("check-page", file, timeout=300)
    assert ended.status in (0, 1) and ended.stdout, ended.explain()
    failures = json.loads(ended.stdout.splitlines()[-1])["failures"]
    assert not [one for one in failures if not re.search(r" took [0-9.]+ ms$", one)], ended.explain()


def cyclonedx(file, report):
    accepted("validate-cyclonedx", file)
    document = json.loads(file.read_text())
    assert {one["id"] for one in document["vulnerabilities"]} == {one["id"] for one in report["findings"]}
    refs = {document["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in document["components"])}
    assert {to["ref"] for one in document["vulnerabilities"] for to in one["affects"]} <= refs
    for one in document["vulnerabilities"]:
        decided = {found["action"] for found in report["findings"] if found["id"] == one["id"] and "action" in found}
        said = {pair["value"] for pair in one["properties"] if pair["name"] == "clairgate:action"}
        assert said <= decided


def openvex(file, report):
    """OpenVEX's own library reads it, and finds what was said of a package of the image."""
    accepted("read-openvex", file)
    document = json.loads(file.read_text())
    waived = [one for one in report["findings"] if one["waived"]]
    if waived:
        assert {one["vulnerability"]["name"] for one in document["statements"]} == {one["id"] for one in waived}
    for statement in document["statements"]:
        for product in statement["products"]:
            for part in product.get("subcomponents", [])[:1]:
                found = accepted("read-openvex", file, statement["vulnerability"]["name"], product["@id"], part["@id"])
                assert statement["status"] in found.split(), (statement, found)


def comma_separated(file, report):
    """RFC 4180, and no cell that a spreadsheet would take for a formula."""
    with open(file, newline="", encoding="utf-8") as text:
        header, *lines = csv.reader(text, strict=True)
    assert len(set(header)) == len(header)
    for line in lines:
        assert len(line) == len(header), line
        for cell in line:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
    assert len(lines) >= len(report["findings"])


def dotenv(file, report):
    """GitLab's `artifacts:reports:dotenv`."""
    text = file.read_text()
    lines = text.splitlines()
    assert len(text.encode()) <= 5120 and len(lines) <= 20 and lines
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9_]+=[^\s]*", line), line
    assert any(line.partition("=")[2] == report["verdict"] for line in lines), lines


VALIDATORS = {"table": table, "json": json_report, "sarif": sarif, "gitlab": gitlab, "codequality": codequality,
              "junit": junit, "markdown": markdown, "markdown-comment": markdown_comment, "html": html,
              "cyclonedx": cyclonedx, "openvex": openvex, "csv": comma_separated, "dotenv": dotenv}
