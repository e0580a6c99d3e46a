"""Evidence is judged again where there is nothing: an empty root without network, in another time zone, locale and
umask. Verdict and report are those of the run, byte for byte."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from support import images, policy
from support.gate import SANITIZERS, Ended
from support.policy import OPENSSL, ZLIB
from support.process import fresh_folder, run

FILE = "report.sigstore.json"
ELSEWHERE = {"TZ": "<+14>-14", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"}
POLICIES = {
    "blocked": ({"global.toml": "block"}, [], 1),
    "allowed": ({"global.toml": "allow"}, [], 0),
    "for an application in an environment": (
        {"global.toml": '[severity]\ncritical = "block"\nhigh = "block"\n',
         "environment/prod.toml": '[severity]\nmedium = "block"\n',
         "application/shop.toml": policy.allow(ZLIB) + policy.allow(OPENSSL, 3)},
        ["--application", "shop", "--environment", "prod"], 1),
    "with warnings": ({"global.toml": '[severity]\ncritical = "warn"\nhigh = "warn"\n'}, ["--warn-status"], 10),
}


class Machine:
    """The binary with its libraries in a folder that is the root of everything it sees; /proc is there for the
    sanitizers alone. Its network has no interface that is up."""

    def __init__(self):
        self.root = fresh_folder("machine")
        binary = pathlib.Path(os.environ["E2E_BINARY"])
        shutil.copy(binary, self.root / "clairgate")
        for library in re.findall(r"(/\S+) \(0x", run("ldd", binary)):
            place = self.root / library.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, place)
        (self.root / "proc").mkdir()

    def put(self, *files):
        """Copies files and folders into the root's folder /evidence, which holds nothing else then."""
        folder = self.root / "evidence"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file in files:
            (shutil.copytree if file.is_dir() else shutil.copy)(file, folder / file.name)
        return folder

    def __call__(self, *arguments):
        command = ["unshare", "--map-root-user", "--net", "--mount", "--pid", "--fork",
                   f"--mount-proc={self.root}/proc", "chroot", self.root, "/clairgate", *arguments]
        environment = {"PATH": os.environ["PATH"], **SANITIZERS, **ELSEWHERE}
        done = subprocess.run([str(word) for word in command], env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, umask=0o077, timeout=60, check=False)
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode(), 0)

    def verify(self, reference, *arguments):
        return self("verify", "--offline", "--bundle", f"/evidence/{FILE}", "--key", "/evidence/team.pub", "--policy",
                    "/evidence/policy", *arguments, reference)


@pytest.fixture(scope="module")
def machine(root):
    return Machine()


@pytest.fixture(scope="module")
def image():
    return images.debian_outdated()


@pytest.fixture
def key(folder):
    private, public = folder / "team.key", folder / "team.pub"
    run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", private)
    run("openssl", "pkey", "-in", private, "-pubout", "-out", public)
    private.chmod(0o600)
    return private, public


def signed(gated, registry, image, key, files, *arguments):
    """(how the run ended, its reference, its report's bytes); everything that verify needs is in the gate's folder."""
    registry.push("offline", image)
    reference, report = registry.reference("offline", image), gated.folder / "r.json"
    clair = gated.clair
    ended = gated("run", "--image", reference, "--clair-url", clair.url, "--clair-psk-file", clair.psk_file, "--policy",
                  policy.tree(gated.folder / "policy", files), "-o", f"json={report}", "--sign", key[0], "--bundle",
                  FILE, "--attach", "never", *arguments)
    return ended, reference, report.read_bytes()


def moved(gated, machine, key):
    return machine.put(gated.folder / FILE, gated.folder / "policy", key[1])


@pytest.mark.parametrize("name", POLICIES)
def test_the_report_is_the_same_byte_for_byte(gated, registry, machine, image, key, name):
    files, arguments, status = POLICIES[name]
    ended, reference, report = signed(gated, registry, image, key, files, *arguments)
    assert ended.status == status, ended.explain()
    folder = moved(gated, machine, key)
    verified = machine.verify(reference, *arguments, "-o", "json=/evidence/again.json", "-o", "json")
    assert verified.status == status, verified.explain()
    assert (folder / "again.json").read_bytes() == report
    assert verified.stdout.encode() == report
    assert "recorded verdict" in verified.stderr and "left out" not in verified.stderr, verified.explain()


def test_hostile_names_are_the_same_byte_for_byte(gated, registry, machine, key):
    ended, reference, report = signed(gated, registry, images.debian_hostile(), key, {"global.toml": "block"})
    assert ended.status == 1, ended.explain()
    moved(gated, machine, key)
    verified = machine.verify(reference, "-o", "json")
    assert verified.status == 1 and verified.stdout.encode() == report, verified.explain()


def test_an_index_is_the_same_byte_for_byte(gated, registry, machine, key):
    index = images.two_platforms(images.debian_patched(), images.alpine_outdated("arm64"))
    ended, reference, report = signed(gated, registry, index, key, {"global.toml": "block"})
    assert ended.status == 1, ended.explain()
    moved(gated, machine, key)
    for part in (index, *index.children[::2]):
        verified = machine.verify(f"{reference.split('@')[0]}@{part.digest}", "-o", "json")
        assert verified.status == 1 and verified.stdout.encode() == report, verified.explain()


def test_what_is_changed_or_missing_is_refused(gated, registry, machine, image, key):
    _, reference, _ = signed(gated, registry, image, key, {"global.toml": "allow"})
    folder = moved(gated, machine, key)
    assert machine.verify(reference).status == 0
    bundle = (folder / FILE).read_text()
    where = bundle.index('"payload":"') + 200
    (folder / FILE).write_text(bundle[:where] + ("A" if bundle[where] != "A" else "B") + bundle[where + 1:])
    ended = machine.verify(reference)
    assert ended.status == 1 and "the signature of" in ended.stderr, ended.explain()
    (folder / FILE).unlink()
    ended = machine.verify(reference)
    assert ended.status == 1 and FILE in ended.stderr, ended.explain()


def test_without_a_policy_what_was_recorded_for_the_environment_counts(gated, registry, image, key):
    files = {"global.toml": "allow", "environment/prod.toml": ""}
    made, reference, _ = signed(gated, registry, image, key, files, "--environment", "prod")
    assert made.status == 0, made.explain()
    for environment, status, word in (("prod", 0, "recorded verdict: pass"), ("test", 1, "the context of")):
        ended = gated("verify", "--offline", "--bundle", FILE, "--key", key[1], "--allow-untrusted-policy",
                      "--environment", environment, reference)
        assert ended.status == status and word in ended.stderr, ended.explain()
        assert ended.stdout.startswith("RECORDED: pass") == (status == 0), ended.explain()


def test_offline_means_offline(gated, machine):
    reference = f"registry.test/app@sha256:{'a' * 64}"
    policy.tree(gated.folder / "policy", {"global.toml": "allow"})
    for arguments, word in ((["--key", "k"], "--bundle"),
                            (["--key", "k", "--bundle", "b", "--policy-source", f"oci:{reference}"], "registry")):
        ended = machine("verify", "--offline", *arguments, reference)
        assert ended.status == 2 and word in ended.stderr, ended.explain()
