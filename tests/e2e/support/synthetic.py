"""A vulnerability report of any size in the shape of a real Clair's, for measuring."""
import json

LOREM = ("A flaw was found in the way the library handled a length field of an incoming record, which a remote "
         "attacker could use to read or write out of bounds, or to make the process use all of its memory. ")


def vulnerability(number):
    name = f"CVE-2098-{10000 + number}"
    return {"id": str(number), "updater": "debian/updater", "name": name, "description": LOREM * 5,
            "issued": "2026-01-01T00:00:00Z",
            "links": " ".join(f"https://example.test/{place}/{name}" for place in range(8)),
            "severity": "medium", "normalized_severity": ("Low", "Medium", "High", "Critical")[number % 4],
            "package": {"id": "", "name": f"package-{number % 97}", "version": "", "kind": "source",
                        "normalized_version": "", "arch": "", "module": "", "cpe": ""},
            "distribution": {"id": "", "did": "debian", "name": "Debian GNU/Linux", "version": "12 (bookworm)",
                             "version_code_name": "bookworm", "version_id": "12", "arch": "", "cpe": "",
                             "pretty_name": "Debian GNU/Linux 12 (bookworm)"},
            "repository": {"id": "", "name": "", "key": "", "uri": "", "cpe": ""},
            "fixed_in_version": f"1.{number}-1" if number % 3 else ""}


def clair_report(size):
    """(manifest digest, JSON text) of about `size` bytes: as many vulnerabilities as fit beside the packages."""
    count = max(1, int(size / 2380))
    packages = {str(number): {
        "id": str(number), "name": f"package-{number}", "version": f"1.0-{number}", "kind": "binary",
        "source": {"id": str(10_000 + number), "name": f"package-{number % 97}", "version": "1.0-1",
                   "kind": "source", "normalized_version": "", "cpe": ""},
        "normalized_version": "", "arch": "amd64", "cpe": ""} for number in range(count)}
    digest = "sha256:" + "e" * 64
    layer = "sha256:" + "f" * 64
    report = {
        "manifest_hash": digest, "packages": packages,
        "distributions": {"1": vulnerability(0)["distribution"] | {"id": "1"}}, "repository": {},
        "environments": {name: [{"package_db": "var/lib/dpkg/status", "introduced_in": layer,
                                 "distribution_id": "1", "repository_ids": None}] for name in packages},
        "vulnerabilities": {str(number): vulnerability(number) for number in range(count)},
        "package_vulnerabilities": {str(number): [str(number)] for number in range(count)},
        "enrichments": {}}
    return digest, json.dumps(report)
