"""Completion in the real shells."""
import subprocess

import pytest


def script(gate, shell, folder):
    ended = gate("completion", shell)
    assert ended.status == 0, ended.explain()
    path = folder / f"completion.{shell}"
    path.write_text(ended.stdout)
    return path


def told(*arguments):
    done = subprocess.run([str(one) for one in arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.split()


BASH = """source "$1"; shift; COMP_WORDS=(clairgate "$@"); COMP_CWORD=$#; _clairgate; printf '%s\\n' "${COMPREPLY[@]}" """


@pytest.mark.parametrize("typed, offered", [
    (["ga"], ["gate"]),
    (["data", "im"], ["import"]),
    (["help", "wa"], ["wait"]),
    (["run", "--digest-f"], ["--digest-file"]),
    (["wait", "--wait-timeout", ""], []),
    (["gate", "--max"], []),
])
def test_bash(gate, tmp_path, typed, offered):
    path = script(gate, "bash", tmp_path)
    assert told("bash", "-c", BASH, "bash", path, *typed) == offered


def test_bash_offers_files_where_one_is_wanted(gate, tmp_path):
    path = script(gate, "bash", tmp_path)
    (tmp_path / "a digest").write_text("")
    got = told("bash", "-c", BASH, "bash", path, "run", "--digest-file", f"{tmp_path}/a")
    assert " ".join(got) == f"{tmp_path}/a digest"


def test_zsh(gate, tmp_path):
    path = script(gate, "zsh", tmp_path)
    assert told("zsh", "-f", "-c", 'autoload -U compinit && compinit -u -D && source "$1" && print $_comps[clairgate]',
                "zsh", path) == ["_clairgate"]


@pytest.mark.parametrize("typed, offered", [("clairgate ga", "gate"), ("clairgate run --digest-f", "--digest-file"),
                                            ("clairgate data im", "import")])
def test_fish(gate, tmp_path, typed, offered):
    path = script(gate, "fish", tmp_path)
    assert told("fish", "-N", "-c", f"source {path}; complete -C '{typed}'")[0] == offered
