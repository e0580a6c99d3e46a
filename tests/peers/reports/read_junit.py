"""Reads JUnit XML as CI systems do and prints what they would show, as JSON: suites with their cases.

usage: read_junit.py FILE
"""
import json
import sys

from junitparser import JUnitXml


def read(file):
    root = JUnitXml.fromfile(file)
    suites = [root] if root.__class__.__name__ == "TestSuite" else list(root)
    return [{"name": suite.name, "tests": suite.tests, "failures": suite.failures, "errors": suite.errors,
             "skipped": suite.skipped,
             "cases": [{"classname": case.classname, "name": case.name,
                        "results": [{"kind": type(one).__name__.lower(), "message": one.message, "type": one.type,
                                     "text": one.text} for one in case.result]} for case in suite]}
            for suite in suites]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    json.dump(read(sys.argv[1]), sys.stdout)
