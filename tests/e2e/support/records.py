"""The planted vulnerabilities, in the format that `clairctl import-updaters` and `data import` read."""
import hashlib
import uuid

DATE = "2026-01-01T00:00:00Z"
DEBIAN = {"did": "debian", "name": "Debian GNU/Linux", "version": "12 (bookworm)",
          "version_code_name": "bookworm", "version_id": "12", "pretty_name": "Debian GNU/Linux 12 (bookworm)"}
UBUNTU = {"did": "ubuntu", "name": "Ubuntu", "version": "22.04 (Jammy)", "version_id": "22.04",
          "version_code_name": "jammy", "pretty_name": "Ubuntu 22.04"}
ALPINE = {"did": "alpine", "name": "Alpine Linux", "version_id": "3.19", "pretty_name": "Alpine Linux v3.19"}
PYPI = {"name": "pypi", "uri": "https://pypi.org/"}
MAVEN = {"name": "maven", "uri": "https://repo.example.test/"}
NPM_LIKE_CVSS = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def vulnerability(name, package, severity, fixed, *, kind="source", raw=None, links=None, description=None,
                  **place):
    """place: distribution={…} or repository={…}."""
    return {"name": name, "description": description or f"planted {name}", "issued": DATE,
            "links": links or f"https://example.test/{name}", "severity": severity if raw is None else raw,
            "normalized_severity": severity, "package": {"name": package, "kind": kind},
            "fixed_in_version": fixed, **place}


def update(updater, vulnerabilities, date=DATE):
    """One update operation: all its records share a reference and stand together."""
    key = hashlib.sha256(repr((updater, vulnerabilities, date)).encode()).hexdigest()
    common = {"Updater": updater, "Fingerprint": key, "Date": date, "Ref": str(uuid.uuid4()),
              "Kind": "vulnerability"}
    return [{**common, "Vuln": {"updater": updater, **one}} for one in vulnerabilities]


def cvss(scores):
    """scores: {CVE: base score}, as Clair's own enricher stores them."""
    common = {"Updater": "clair.cvss", "Fingerprint": repr(sorted(scores.items())), "Date": DATE,
              "Ref": str(uuid.uuid4()), "Kind": "enrichment"}
    return [{**common, "Enrichment": {"Tags": [cve], "Enrichment": {
        "version": "3.1", "vectorString": NPM_LIKE_CVSS, "baseScore": score, "baseSeverity": "CRITICAL"}}}
        for cve, score in scores.items()]


DEBIAN_RECORDS = [
    vulnerability("CVE-2099-0002", "zlib", "Critical", "", raw="high", distribution=DEBIAN),
    vulnerability("CVE-2099-0010", "openssl", "High", "3.0.9-1", raw="medium", distribution=DEBIAN),
    vulnerability("CVE-2099-0011", "openssl", "Medium", "3.0.8-1", raw="low", distribution=DEBIAN),
    vulnerability("CVE-2099-0012", "bash", "Low", "", raw="unimportant", distribution=DEBIAN),
    vulnerability("CVE-2099-0013", "coreutils", "Unknown", "", raw="not yet assigned", distribution=DEBIAN),
]
# Every text field of it tries to be something else on a terminal or in a CI log.
HOSTILE = "\x1b[2J\x1b]8;;https://evil.test\x07x\r\n::error::x\u202e\u2028##vso[task.complete]"
HOSTILE_RECORDS = [
    vulnerability("CVE-2099-0666" + HOSTILE, "hostile", "High", "9.9", raw="high" + HOSTILE,
                  description="d" + HOSTILE, links="https://evil.test/" + HOSTILE, distribution=DEBIAN),
]
ALPINE_RECORDS = [
    vulnerability("CVE-2099-0001", "openssl", "Unknown", "3.1.9-r0", raw="", distribution=ALPINE)]
UBUNTU_RECORDS = [
    vulnerability("CVE-2099-0005 on Ubuntu 22.04 LTS (jammy) - medium.", "bash", "Medium", "5.1-6ubuntu1.9",
                  raw="", distribution=UBUNTU)]
PYPI_RECORDS = [
    vulnerability("GHSA-xxxx-yyyy-zzzz", "demo", "Critical", "fixed=2.0.0&introduced=0", kind="binary",
                  raw=NPM_LIKE_CVSS, links="https://osv.dev/vulnerability/CVE-2099-0003", repository=PYPI)]
MAVEN_RECORDS = [
    vulnerability("GHSA-aaaa-bbbb-cccc", "org.example:demo-lib", "High", "fixed=1.2.0&introduced=0",
                  kind="binary", raw=NPM_LIKE_CVSS, links="https://osv.dev/vulnerability/CVE-2099-0004",
                  repository=MAVEN)]


def planted():
    """All of them, one update operation per updater."""
    return [*update("debian/updater", DEBIAN_RECORDS + HOSTILE_RECORDS),
            *update("alpine-main-v3.19-updater", ALPINE_RECORDS),
            *update("ubuntu/updater/jammy", UBUNTU_RECORDS),
            *update("osv/pypi", PYPI_RECORDS), *update("osv/maven", MAVEN_RECORDS),
            *cvss({"CVE-2099-0001": 9.8})]
