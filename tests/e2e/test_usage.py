"""Wrong flags, keys and references: status 2 (or 3), the reason, and the fix."""
import pytest

from support import images
from support.gate import policy_folder

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize("arguments, words", [
    (["rum"], ["run"]),
    (["run", "--imagee", "a/b:1"], ["--image"]),
    (["run", "--digestfile", "x"], ["--digest-file"]),
    (["run"], ["--image"]),
    (["run", "--image", "a/b@" + DIGEST, "-o", "tabel"], ["table"]),
    (["run", "--image", "a/b@" + DIGEST, "--timeout", "soon"], ["timeout"]),
    (["run", "--image", "a/b@" + DIGEST, "--platform", "linux"], ["platform"]),
    (["run", "--image", "a/b@" + DIGEST, "--on-error", "ignore"], ["on-error"]),
    (["gate"], ["report"]),
    (["data", "improt", "x"], ["import"]),
    (["config", "show", "--orign"], ["--origin"]),
])
def test_a_wrong_word_ends_with_2_and_names_the_right_one(gate, arguments, words):
    ended = gate(*arguments)
    assert ended.status == 2 and ended.stdout == "", ended.explain()
    for word in words:
        assert word in ended.stderr, ended.explain()


@pytest.mark.parametrize("reference", [
    "127.0.0.1:1/app@sha256:abc",
    "127.0.0.1:1/app@sha256:" + "A" * 64,
    "127.0.0.1:1/app@sha256:" + "a" * 63,
    "127.0.0.1:1/app@md5:" + "a" * 32,
    "127.0.0.1:1/APP:1",
    "https://127.0.0.1:1/app:1",
    "127.0.0.1:1/../app:1",
    "app:1\n::error::x",
    "",
    " ",
])
def test_a_bad_reference_is_refused_with_2(gate, reference):
    ended = gate("run", "--image", reference, "--clair-url", "http://127.0.0.1:1", "--timeout", "3s",
                 "--wait-timeout", "3s")
    assert ended.status == 2 and ended.stdout == "", ended.explain()
    assert "\n::error::" not in ended.stderr


POLICIES = {
    "unknown key": ('[severity]\ncritcal = "block"\n', ["global.toml:3:", "critical"]),
    "unknown table": ('[sevrity]\n', ["global.toml", "severity"]),
    "unknown action": ('[severity]\ncritical = "blok"\n', ["global.toml:3:", "block"]),
    "wrong type": ('[severity]\ncritical = true\n', ["global.toml:3:"]),
    "broken TOML": ('[severity\n', ["global.toml:2:"]),
}


@pytest.mark.parametrize("text, words", POLICIES.values(), ids=POLICIES.keys())
def test_a_wrong_policy_ends_with_2_and_the_place(gated, registry, text, words):
    image = images.debian_patched()
    registry.push("app", image)
    ended, report = gated.run(registry.reference("app", image), policy=text)
    assert ended.status == 2 and report is None, ended.explain()
    for word in words:
        assert word in ended.stderr, ended.explain()


def test_a_configuration_file_is_read_only_when_named(gate):
    (gate.folder / "clairgate.toml").write_text('clair-url = "http://evil.test"\n')
    file = gate.folder / "named.toml"
    file.write_text('clair-url = "http://127.0.0.1:6060"\n')
    assert "evil.test" not in gate("config", "show", "--origin").stdout
    ended = gate("config", "show", "--origin", "--config", file)
    assert ended.status == 0 and "127.0.0.1:6060" in ended.stdout and "named.toml" in ended.stdout, ended.explain()


def test_flag_beats_environment_beats_file(gate):
    file = gate.folder / "named.toml"
    file.write_text('timeout = "1m"\nwait-timeout = "1m"\nclair-psk-issuer = "file"\n')
    ended = gate("config", "show", "--origin", "--config", file, "--timeout", "3m",
                 env={"CLAIRGATE_TIMEOUT": "2m", "CLAIRGATE_WAIT_TIMEOUT": "2m"})
    lines = {line.split()[0].lstrip("-"): line for line in ended.stdout.splitlines() if line.strip()}
    assert "3m" in lines["timeout"] and "2m" in lines["wait-timeout"], ended.explain()
    assert "file" in lines["clair-psk-issuer"], ended.explain()


def test_an_unknown_key_of_the_configuration_file_names_its_place(gate):
    file = gate.folder / "named.toml"
    file.write_text('\nclair-ulr = "http://127.0.0.1:6060"\n')
    ended = gate("config", "show", "--config", file)
    assert ended.status == 2 and "named.toml:2:" in ended.stderr and "clair-url" in ended.stderr, ended.explain()


@pytest.mark.parametrize("command", ["run", "wait", "gate", "data", "config", "doctor", "version"])
def test_help_of_each_command_has_an_example(gate, command):
    by_word, by_flag = gate("help", command), gate(command, "--help")
    assert by_word.status == 0 and by_flag.status == 0, by_word.explain()
    assert "clairgate " + command in by_word.stdout and by_word.stdout == by_flag.stdout


def test_version_goes_to_standard_output(gate):
    ended = gate("version")
    assert ended.status == 0 and ended.stdout.startswith("clairgate ") and ended.stderr == "", ended.explain()


def test_reports_are_never_half_written(gated, registry):
    image = images.debian_patched()
    registry.push("app", image)
    target = gated.folder / "nowhere" / "r.json"
    ended, _ = gated.run(registry.reference("app", image), "-o", f"json={target}")
    assert ended.status == 5 and "r.json" in ended.stderr, ended.explain()
    assert not list(gated.folder.glob("**/*.tmp*"))


def test_doctor_tells_what_is_wrong(gated, clair, registry):
    good = gated("doctor", "--clair-url", clair.url, "--clair-psk-file", clair.psk_file, "--image",
                 f"{registry.host}/app:1", "--policy", policy_folder(gated.folder, "block"))
    assert good.status == 0 and clair.url in good.stdout, good.explain()
    bad = gated("doctor", "--clair-url", "http://127.0.0.1:1", "--clair-psk-file", clair.psk_file)
    assert bad.status != 0 and "127.0.0.1:1" in bad.stdout + bad.stderr, bad.explain()
