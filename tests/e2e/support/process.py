"""Child processes of the tests: always stopped, their output kept in files."""
import os
import pathlib
import pwd
import signal
import shutil
import subprocess
import tempfile


def fresh_folder(name):
    """A folder that an unprivileged peer can enter; removed by the caller or with the session's root."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir=os.environ.get("E2E_ROOT")))
    folder.chmod(0o711)
    return folder


def unprivileged():
    """Arguments for Popen that drop root (PostgreSQL refuses it); nothing when we are somebody else."""
    if os.getuid() != 0:
        return {}, os.getuid(), os.getgid()
    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}, entry.pw_uid, entry.pw_gid


class Process:
    """A running peer."""

    def __init__(self, arguments, log, env=None, **options):
        self.log = pathlib.Path(log)
        self.arguments = [str(argument) for argument in arguments]
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", **(env or {})}
        with open(self.log, "ab") as output:
            self.child = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=output,
                                          stderr=output, env=environment, **options)

    @property
    def pid(self):
        return self.child.pid

    def is_running(self):
        return self.child.poll() is None

    def stop(self, how=signal.SIGTERM, seconds=15):
        if self.is_running():
            self.child.send_signal(how)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
        return self.child.wait()

    def kill(self):
        return self.stop(signal.SIGKILL)


def tool(name, *folders):
    """The path of a peer's binary. A missing one is a failure with a remedy, never a skip."""
    path = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ["PATH"]]))
    if path is None:
        raise AssertionError(f"{name} is not installed; tests/run installs what the tests need")
    return path


def run(*arguments, **options):
    """Runs a tool to its end; its output is part of the failure."""
    done = subprocess.run([str(argument) for argument in arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{arguments}: status {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout
