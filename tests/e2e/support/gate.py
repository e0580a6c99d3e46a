"""The binary under test: runs it, keeps what it said, and refuses sanitizer reports."""
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import time

# A sanitizer must not end with 1, which means "blocked".
SANITIZERS = {"ASAN_OPTIONS": "exitcode=99:detect_leaks=1", "LSAN_OPTIONS": "exitcode=99",
              "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1"}

POLICIES = {
    "block": '[severity]\ncritical = "block"\nhigh = "block-if-fixed"\n',
    "allow": '[severity]\ncritical = "allow"\nhigh = "allow"\nmedium = "allow"\nlow = "allow"\n'
             'negligible = "allow"\nunknown = "allow"\n',
}


@dataclasses.dataclass(frozen=True)
class Ended:
    status: int
    stdout: str
    stderr: str
    seconds: float

    def explain(self):
        return f"status {self.status} after {self.seconds:.2f} s\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"


def policy_folder(folder, text):
    """A policy folder with one global file; text: a name of POLICIES or the file's text."""
    folder = pathlib.Path(folder) / "policy"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "global.toml").write_text("schema = 1\n" + POLICIES.get(text, text))
    return folder


class Gate:
    """Calls of clairgate with a home folder of their own, so that no credentials of this machine are used."""

    def __init__(self, folder, binary=None):
        self.binary = binary or os.environ["E2E_BINARY"]
        self.folder = pathlib.Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir(exist_ok=True)
        self.clair = None

    def environment(self, env):
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8", **SANITIZERS, **env}

    def start(self, *arguments, env=None, **options):
        return subprocess.Popen([self.binary, *map(str, arguments)], env=self.environment(env or {}),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                cwd=self.folder, **options)

    def __call__(self, *arguments, env=None, timeout=60, **options):
        child = self.start(*arguments, env=env, **options)
        return self.end(child, timeout)

    def end(self, child, timeout=60):
        """Waits for a started call. Later than `timeout` is a failure: every deadline is ours to keep."""
        begun = time.monotonic()
        try:
            out, err = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            out, err = child.communicate()
            raise AssertionError(f"not ended after {timeout} s: {child.args}\n{out.decode(errors='replace')}"
                                 f"{err.decode(errors='replace')}") from None
        ended = Ended(child.returncode, out.decode("utf-8", "surrogateescape"),
                      err.decode("utf-8", "surrogateescape"), time.monotonic() - begun)
        for sign in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:"):
            assert sign not in ended.stderr, ended.explain()
        return ended

    def run(self, reference, *arguments, policy="block", report="r.json", clair=None, **options):
        """`clairgate run` of one image against a Clair: (Ended, report.json or None)."""
        clair = clair or self.clair
        file = self.folder / report
        file.unlink(missing_ok=True)
        ended = self("run", "--image", reference, "--clair-url", clair.url, "--clair-psk-file", clair.psk_file,
                     "--policy", policy_folder(self.folder, policy), "-o", "table", "-o", f"json={file}",
                     *arguments, **options)
        return ended, json.loads(file.read_text()) if file.exists() else None

    def judge(self, stored, *arguments, report="again.json", **options):
        """`clairgate gate` of a stored report: (Ended, its JSON or None)."""
        file = self.folder / report
        file.unlink(missing_ok=True)
        ended = self("gate", stored, "-o", "table", "-o", f"json={file}", *arguments, **options)
        return ended, json.loads(file.read_text()) if file.exists() else None


def rows(report):
    """What a report says about each finding, in an order of its own."""
    return sorted((one["id"], one["package"]["name"], one["package"]["version"], one["severity"], one["action"])
                  for one in report["findings"])
