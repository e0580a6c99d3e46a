"""Credentials: found where users keep them, given to nobody but the registry, and to Clair only as a token."""
import base64
import json

import pytest

from fault_proxy import Proxy
from support import images
from support.registry import Registry
from support.token_service import TokenService


@pytest.fixture(scope="module")
def basic_registry(root):
    server = Registry(auth="basic")
    yield server
    server.remove()


@pytest.fixture(scope="module")
def token_registry(root):
    """A registry whose token service answers on the registry's own host and port."""
    front = Proxy("registry", [])
    tokens = TokenService(front.url + "/token")
    server = Registry(token_service=tokens)
    front.routes = [("/token", ("127.0.0.1", tokens.port)), ("/", ("127.0.0.1", server.port))]
    server.front = front
    yield server
    front.stop()
    tokens.stop()
    server.remove()


def by_variables(gate, host):
    file = gate.folder / "password"
    file.write_text(Registry.PASSWORD + "\n")
    return {"CLAIRGATE_REGISTRY_USER": Registry.USER, "CLAIRGATE_REGISTRY_PASSWORD_FILE": str(file)}


def auths(host):
    secret = base64.b64encode(f"{Registry.USER}:{Registry.PASSWORD}".encode()).decode()
    return {"auths": {host: {"auth": secret}}}


def by_docker_config(gate, host):
    (gate.home / ".docker").mkdir()
    (gate.home / ".docker/config.json").write_text(json.dumps(auths(host)))
    return {}


def by_auth_file(gate, host):
    file = gate.folder / "auth.json"
    file.write_text(json.dumps(auths(host)))
    return {"REGISTRY_AUTH_FILE": str(file)}


def by_docker_auth_config(gate, host):
    return {"DOCKER_AUTH_CONFIG": json.dumps(auths(host))}


def by_credential_helper(gate, host):
    tools = gate.folder / "tools"
    tools.mkdir()
    helper = tools / "docker-credential-tests"
    answer = json.dumps({"ServerURL": host, "Username": Registry.USER, "Secret": Registry.PASSWORD})
    helper.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{answer}'\n")
    helper.chmod(0o755)
    (gate.home / ".docker").mkdir()
    (gate.home / ".docker/config.json").write_text(json.dumps({"credHelpers": {host: "tests"}}))
    return {"PATH": f"{tools}:/usr/bin:/bin"}


WAYS = (by_variables, by_docker_config, by_auth_file, by_docker_auth_config, by_credential_helper)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_token_is_had_with_credentials_from(gated, token_registry, way):
    image = images.debian_outdated()
    token_registry.push("team/app", image)
    front = token_registry.front
    token_registry.token_service.asked.clear()
    ended, _ = gated.run(f"{front.host}/team/app@{image.digest}", env=way(gated, front.host))
    assert ended.status == 1, ended.explain()
    assert {scope for _, scope in token_registry.token_service.asked} == {"repository:team/app:pull"}


def test_wrong_credentials_are_undecided_and_name_the_setting(gated, token_registry):
    image = images.debian_patched()
    token_registry.push("team/app", image)
    file = gated.folder / "password"
    file.write_text("wrong")
    ended, report = gated.run(f"{token_registry.front.host}/team/app@{image.digest}", "--timeout", "10s", env={
        "CLAIRGATE_REGISTRY_USER": Registry.USER, "CLAIRGATE_REGISTRY_PASSWORD_FILE": str(file)})
    assert ended.status == 3 and report is None or report["verdict"] == "undecided", ended.explain()
    assert "CLAIRGATE_REGISTRY" in ended.stderr or "credential" in ended.stderr, ended.explain()


def test_a_basic_password_is_not_given_to_clair_unless_allowed(gated, basic_registry):
    image = images.debian_outdated()
    basic_registry.push("app", image)
    reference, env = basic_registry.reference("app", image), by_variables(gated, basic_registry.host)
    ended, _ = gated.run(reference, "--timeout", "10s", env=env)
    assert ended.status in (2, 3) and "--allow-basic-to-clair" in ended.stderr, ended.explain()
    ended, _ = gated.run(reference, "--allow-basic-to-clair", env=env)
    assert ended.status == 1, ended.explain()


def test_credentials_of_another_host_are_not_used(gated, basic_registry):
    image = images.debian_patched()
    basic_registry.push("app", image)
    ended, _ = gated.run(basic_registry.reference("app", image), "--timeout", "10s",
                         env={"DOCKER_AUTH_CONFIG": json.dumps(auths("127.0.0.1:1"))})
    assert ended.status == 3, ended.explain()


def test_no_secret_is_said_even_at_the_finest_log_level(gated, token_registry, clair):
    image = images.debian_patched()
    token_registry.push("team/app", image)
    front = token_registry.front
    ended, report = gated.run(f"{front.host}/team/app@{image.digest}", "--log-level", "debug",
                              env=by_variables(gated, front.host))
    said = ended.stdout + ended.stderr + json.dumps(report)
    assert ended.status == 0, ended.explain()
    for secret in (Registry.PASSWORD, clair.psk_file.read_text().strip(), "eyJ"):
        assert secret not in said


def test_a_wrong_psk_is_undecided_and_names_the_setting(gated, registry, clair):
    image = images.debian_patched()
    registry.push("app", image)
    wrong = gated.folder / "wrong.psk"
    wrong.write_text(base64.b64encode(b"another key").decode())
    ended = gated("run", "--image", registry.reference("app", image), "--clair-url", clair.url,
                  "--clair-psk-file", wrong, "--timeout", "10s")
    assert ended.status == 3 and "psk" in ended.stderr.lower(), ended.explain()
    assert ended.seconds < 10, "a refusal needs no retries until the deadline"
