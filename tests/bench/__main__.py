"""Speed: a release build beside the raw calls it is made of, both sides in one run, figures printed."""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

from support import images, oci, records  # noqa: E402  (the path is set above)
from support.clair import INDEXER, MATCHER, Clair, token  # noqa: E402
from support.cosign import ALONE, Cosign  # noqa: E402
from support.gate import Gate, policy_folder  # noqa: E402
from support.registry import Registry  # noqa: E402
from support.synthetic import clair_report  # noqa: E402

ROUNDS = 21
failures = []


def claim(text, measured, limit, unit="ms"):
    good = measured <= limit
    print(f"{'ok  ' if good else 'FAIL'} {text}: {measured:.1f} {unit}, at most {limit} {unit}")
    if not good:
        failures.append(text)


def milliseconds(arguments, expected=(0,), **options):
    begun = time.perf_counter()
    done = subprocess.run([str(one) for one in arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          check=False, **options)
    taken = (time.perf_counter() - begun) * 1000
    assert done.returncode in expected, (arguments, done.returncode, done.stdout, done.stderr)
    return taken


def side_by_side(ours, theirs, rounds=ROUNDS):
    """Medians of two calls measured in turns, so that a noisy machine is noisy for both."""
    both = [(ours(number), theirs(number)) for number in range(rounds)]
    for name, side in (("clairgate", 0), ("beside it", 1)):
        times = sorted(one[side] for one in both)
        print(f"     {name}: median {statistics.median(times):.1f} ms, {times[0]:.1f} to {times[-1]:.1f}")
    return statistics.median(one[0] for one in both), statistics.median(one[1] for one in both)


def least_disturbed(name, median, times=5):
    """The least of several medians: against a fixed limit, what else the machine does can only add."""
    medians = sorted(median() for _ in range(times))
    print(f"     {name}: medians {', '.join(f'{one:.1f}' for one in medians)} ms")
    return medians[0]


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.clair, self.registry, self.gate = Clair(), Registry(), Gate(folder)
        self.clair.load(records.planted())
        self.policy = policy_folder(folder, "block")

    def stop(self):
        self.clair.stop()
        self.clair.postgres.stop()
        self.registry.remove()

    def ours(self, image):
        return milliseconds([self.gate.binary, "run", "--image", self.registry.reference("app", image),
                             "--clair-url", self.clair.url, "--clair-psk-file", self.clair.psk_file, "--policy",
                             self.policy, "-o", f"json={self.folder / 'r.json'}"], (1,),
                            env=self.gate.environment({}))

    def raw(self, image):
        """The same three exchanges by one curl: manifest, index report, vulnerability report."""
        body = self.folder / "manifest.json"
        layers = self.registry.layers_for_clair("app", image)
        body.write_text(json.dumps({"hash": image.digest, "layers": layers}))
        bearer = "Authorization: Bearer " + token()
        return milliseconds([
            "curl", "-fsS", "-o", "/dev/null", f"{self.registry.url}/v2/app/manifests/{image.digest}",
            "-H", f"Accept: {image.manifest.media_type}", "--next", "-fsS", "-o", "/dev/null", "-H", bearer,
            "--data-binary", f"@{body}", f"{self.clair.url}{INDEXER}index_report", "--next", "-fsS", "-o",
            "/dev/null", "-H", bearer, f"{self.clair.url}{MATCHER}vulnerability_report/{image.digest}"])

    def new_image(self):
        image = images.debian_outdated()
        self.registry.push("app", image)
        return image

    def warm(self):
        image = self.new_image()
        self.ours(image)
        print("warm run of an indexed image")
        ours, raw = side_by_side(lambda _: self.ours(image), lambda _: self.raw(image))
        claim("warm run above the raw calls by curl", ours - raw, 40)

    def cold(self):
        fresh = [self.new_image() for _ in range(2 * ROUNDS)]
        print("cold run of an image that Clair has not seen")
        ours, raw = side_by_side(lambda n: self.ours(fresh[2 * n]), lambda n: self.raw(fresh[2 * n + 1]))
        claim("cold run above Clair's own calls", ours - raw, 50)

    def clairctl(self):
        image = self.new_image()
        self.ours(image)
        tool = pathlib.Path(os.environ["E2E_CLAIR_BIN"]) / "clairctl"
        arguments = [tool, "--config", self.clair.config, "report", "--host", self.clair.url + "/", "-o", "json",
                     self.registry.reference("app", image)]
        print("warm run beside clairctl report")
        ours, theirs = side_by_side(lambda _: self.ours(image), lambda _: milliseconds(
            arguments, env={**os.environ, "HOME": str(self.folder)}))
        claim("warm run, in parts of clairctl report's time", ours / theirs, 1.0, "×")

    def version(self):
        print("clairgate version")
        arguments = [self.gate.binary, "version"]
        idle = [milliseconds(["/bin/true"]) for _ in range(ROUNDS)]
        print(f"     starting anything takes {statistics.median(idle):.1f} ms of it")
        claim("version, time", least_disturbed("version", lambda: statistics.median(
            milliseconds(arguments, env=self.gate.environment({})) for _ in range(ROUNDS))), 12)
        # By a small program: a child of this one would be charged for the memory it was forked from.
        told = subprocess.run(["/usr/bin/time", "-f", "%M", *arguments], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=True, env=self.gate.environment({}))
        claim("version, memory", int(told.stderr) / 1024, 15, "MB")

    def decoding(self):
        program = pathlib.Path(self.gate.binary).parent / "tests/bench/decode_bench"
        print("decode and judge a report of Clair's")
        for size, limit in ((100_000, 2.0), (2_300_000, 12.0)):
            digest, text = clair_report(size)
            file = self.folder / "report.json"
            file.write_text(text)
            name = f"{len(text) / 1000:.0f} KB"
            claim(name, least_disturbed(name, lambda program=program, file=file, digest=digest: int(subprocess.run(
                [program, file, digest], capture_output=True, text=True, check=True).stdout.split()[0]) / 1000), limit)

    def formats(self):
        """Every format of a report in one process; then a whole `convert` into files, its reading included."""
        program = pathlib.Path(self.gate.binary).parent / "tests/bench/format_bench"
        print("a report in every format")
        for size, limit in ((2_300_000, 10.0), (31_000_000, 150.0)):
            _, text = clair_report(size)
            clairs, report = self.folder / "clairs.json", self.folder / "report.json"
            clairs.write_text(text)
            milliseconds([self.gate.binary, "gate", clairs, "-o", f"json={report}"], (0, 1))
            name = f"{report.stat().st_size / 1e6:.1f} MB"
            rounds = [dict(line.split() for line in subprocess.run(
                [program, report], capture_output=True, text=True, check=True).stdout.splitlines())
                for _ in range(3)]
            least = min(rounds, key=lambda one: int(one["together"]))
            print("     " + ", ".join(f"{key} {int(value) / 1000:.1f}" for key, value in least.items()
                                      if key not in ("together", "memory", "bytes"))
                  + f" ms; {int(least['bytes']) / 1e6:.1f} MB written")
            claim(f"all formats of {name}", int(least["together"]) / 1000, limit)
            claim(f"memory for all formats of {name}", int(rounds[0]["memory"]) / 1024, 64, "MiB")

    def judging(self):
        program = pathlib.Path(self.gate.binary).parent / "tests/bench/policy_bench"
        print("four levels of policy with 1,000 exceptions")
        printed = subprocess.run([program], capture_output=True, text=True, check=True).stdout
        runs = [[int(one) for one in subprocess.run([program], capture_output=True, text=True,
                                                    check=True).stdout.split()] for _ in range(3)]
        print("     load and merge: " + ", ".join(f"{one[0] / 1000:.1f} ms" for one in runs) + "; findings a second: "
              + ", ".join(f"{one[1] / 1e6:.2f} million" for one in runs))
        claim("load and merge", min(one[0] for one in runs) / 1000, 10)
        claim("judge a million findings by them", 1e9 / max(one[1] for one in runs), 500)

    def evidence(self):
        """A report of 2 MB signed; a warm run that signs and attaches; verify; the chain made by hand."""
        key, public = self.folder / "signing.pem", self.folder / "signing.pub"
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key],
                       check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True, capture_output=True)
        program = pathlib.Path(self.gate.binary).parent / "tests/bench/evidence_bench"
        print("a signed report")
        large = self.folder / "large.json"
        large.write_text(json.dumps({"schema": "clairgate/report/v1", "text": ["x" * 1000] * 2000}, indent=2))
        claim("statement, signature and bundle of 2 MB", least_disturbed("2 MB", lambda: int(subprocess.run(
            [program, large, key], capture_output=True, text=True, check=True).stdout.split()[0]) / 1000), 8)

        image = self.new_image()
        reference = self.registry.reference("app", image)
        signing = ["--sign", key, "--attach", "always", "--bundle", self.folder / "b.json"]
        environment = self.gate.environment({})

        def ours(_):
            return milliseconds([self.gate.binary, "run", "--image", reference, "--clair-url", self.clair.url,
                                 "--clair-psk-file", self.clair.psk_file, "--policy", self.policy, "-o",
                                 f"json={self.folder / 'r.json'}", *signing], (1,), env=environment)
        ours(0)
        print("warm run that signs and attaches, beside the same exchanges one after another")
        signed, raw = side_by_side(ours, lambda _: self.raw(image) + self.raw_attachment())
        claim("warm run with evidence above the raw calls", signed - raw, 80)

        print("verify of an attached report, beside its fetches by curl")
        listed = self.registry.call("GET", f"/v2/app/manifests/{image.digest.replace(':', '-')}",
                                    headers={"Accept": oci.INDEX})
        manifests = [one["digest"] for one in json.loads(listed.body)["manifests"]]
        calls = ["curl", "-sS", "-o", "/dev/null", f"{self.registry.url}/v2/app/referrers/{image.digest}", "--next",
                 "-fsS", "-o", "/dev/null", "-H", f"Accept: {oci.INDEX}",
                 f"{self.registry.url}/v2/app/manifests/{image.digest.replace(':', '-')}"]
        for manifest in manifests:
            found = self.registry.call("GET", f"/v2/app/manifests/{manifest}", headers={"Accept": oci.MANIFEST})
            blob = json.loads(found.body)["layers"][0]["digest"]
            calls += ["--next", "-fsS", "-o", "/dev/null", "-H", f"Accept: {oci.MANIFEST}",
                      f"{self.registry.url}/v2/app/manifests/{manifest}", "--next", "-fsS", "-o", "/dev/null",
                      f"{self.registry.url}/v2/app/blobs/{blob}"]
        verified, fetched = side_by_side(
            lambda _: milliseconds([self.gate.binary, "verify", "--key", public, "--policy", self.policy, reference],
                                   (1,), env=environment), lambda _: milliseconds(calls))
        claim("verify above the registry's answers", verified - fetched, 25)
        self.beside_the_chain(image, ours, key)

    def raw_attachment(self):
        """The writes that leave as much beside an image: five blobs, two manifests, each tag read and written."""
        texts = [(self.folder / name).read_bytes() for name in ("b.json", "b.json.vsa")]
        blobs = [os.urandom(8).hex().encode() + text for text in texts for _ in ("bundle", "envelope")]
        blobs.append(os.urandom(400))  # the config of `.att`
        call, begun = self.registry.call, time.perf_counter()
        for blob in blobs:
            opened = call("POST", "/v2/app/blobs/uploads/")
            place = opened.headers["Location"]
            stored = call("PUT", f"{place}{'&' if '?' in place else '?'}digest={oci.digest_of(blob)}", blob)
            assert (opened.status, stored.status) == (202, 201), (opened.status, stored.body)
        layers = [{"mediaType": "text/plain", "digest": oci.digest_of(blob), "size": len(blob)} for blob in blobs]
        listed = {"schemaVersion": 2, "mediaType": oci.MANIFEST, "config": layers[4]}
        writes = [json.dumps({**listed, "layers": [layer]}).encode() for layer in layers[:2]]
        names = [oci.digest_of(one) for one in writes] + ["fallback", "attestations"]
        writes += [json.dumps({**listed, "layers": layers[:number]}).encode() for number in (3, 4)]
        for name, manifest in zip(names, writes, strict=True):
            path = f"/v2/app/manifests/{name}"
            if not name.startswith("sha256:"):
                call("GET", path, headers={"Accept": oci.MANIFEST})
            put = call("PUT", path, manifest, {"Content-Type": oci.MANIFEST})
            assert put.status == 201, put.body
        return (time.perf_counter() - begun) * 1000

    def beside_the_chain(self, image, ours, key):
        """clairctl report, conftest on it, then cosign attest of it."""
        cosign = Cosign(self.folder)
        imported = {"COSIGN_PASSWORD": ""}
        cosign.must("import-key-pair", "--key", key, "--output-key-prefix", "imported", env=imported)
        reference = self.registry.reference("app", image)
        clairctl = [pathlib.Path(os.environ["E2E_CLAIR_BIN"]) / "clairctl", "--config", self.clair.config, "report",
                    "--host", self.clair.url + "/", "-o", "json", reference]
        predicate, checked = self.folder / "predicate.json", self.folder / "clair.json"
        rules = self.folder / "rego"
        rules.mkdir()
        (rules / "gate.rego").write_text("""package main
deny contains message if {
    some one in input.vulnerabilities
    one.normalized_severity == "Critical"
    message := sprintf("%s %s", [one.name, one.package.name])
}
""")
        conftest = [pathlib.Path(os.environ["E2E_CONFTEST_BIN"]) / "conftest", "test", "--policy", rules, checked]

        def chain(_):
            begun = time.perf_counter()
            done = subprocess.run([str(one) for one in clairctl], stdin=subprocess.DEVNULL, capture_output=True,
                                  check=True, env={**os.environ, "HOME": str(self.folder)})
            checked.write_bytes(done.stdout)
            judged = subprocess.run([str(one) for one in conftest], stdin=subprocess.DEVNULL, capture_output=True,
                                    check=False)
            assert judged.returncode == 1 and b"FAIL" in judged.stdout, (judged.stdout, judged.stderr)
            predicate.write_text(json.dumps({"scanner": {"result": json.loads(done.stdout)}}))
            cosign.must("attest", "--yes", "--type", "vuln", "--predicate", predicate, "--key",
                        cosign.home / "imported.key", *ALONE, "--allow-http-registry=true", reference, env=imported)
            return (time.perf_counter() - begun) * 1000
        print("the same by clairctl, conftest and cosign attest")
        mine, theirs = side_by_side(ours, chain, 7)
        claim("warm run with evidence, in parts of that chain's time", mine / theirs, 0.2, "×")

    def stored(self):
        """A thousand stored reports of 100 KB: judged again, and compared under two policies."""
        image = self.new_image()
        self.ours(image)
        report = json.loads((self.folder / "r.json").read_text())
        originals = list(report["findings"])
        while len(json.dumps(report)) < 100_000:
            copy = json.loads(json.dumps(originals[len(report["findings"]) % len(originals)]))
            copy["package"]["name"] += f"-{len(report['findings'])}"
            report["findings"].append(copy)
        text = json.dumps(report)
        folder = self.folder / "stored"
        folder.mkdir()
        for number in range(1000):
            (folder / f"{number}.json").write_text(text.replace(image.digest, "sha256:" + f"{number:064x}"))
        files = sorted(folder.iterdir())
        other = policy_folder(self.folder / "other", "allow")
        print(f"1,000 stored reports of {len(text) // 1000} KB")
        environment = self.gate.environment({})
        written = milliseconds([self.gate.binary, "gate", *files, "--policy", self.policy, "-o",
                                f"json={self.folder}/again-{{digest}}.json"], (1,), env=environment)
        print(f"     gate that also writes and syncs a JSON report each: {written:.0f} ms")
        for name, arguments, statuses in (
                ("gate", ["gate", *files, "--policy", self.policy], (1,)),
                ("policy diff", ["policy", "diff", self.policy, other, *files], (0,))):
            claim(name, least_disturbed(name, lambda arguments=arguments, statuses=statuses: milliseconds(
                [self.gate.binary, *arguments], statuses, env=environment), 3), 1000)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clairgate-bench-"))
    folder.chmod(0o711)
    os.environ["E2E_ROOT"] = str(folder)
    bench = Bench(folder)
    try:
        for part in (bench.version, bench.decoding, bench.formats, bench.judging, bench.stored, bench.warm, bench.cold, bench.clairctl,
                     bench.evidence):
            part()
    finally:
        bench.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"bench: {'all within their limits' if not failures else 'too slow: ' + ', '.join(failures)}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
