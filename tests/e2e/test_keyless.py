"""Keyless evidence on a whole private Sigstore: what `run` writes is what cosign and Sigstore's Python client
verify, and `verify` asks cosign who signed."""
import json
import os
import re
import shlex
import uuid

import pytest

from support import attachments, images, verifiers
from support.cosign import Cosign, Identity, statements
from support.evidence import wait_for_the_next_second
from support.gate import policy_folder
from support.net import free_port
from support.process import tool
from support.sigstore import Sigstore

FILE = "report.sigstore.json"
SUMMARY = "https://slsa.dev/verification_summary/v1"


class SigstoreWithAnEmptyLog(Sigstore):
    def log_something(self):
        """Leaves the first entry to us."""


@pytest.fixture(scope="module")
def image():
    return images.debian_outdated()


@pytest.fixture(params=["without referrers", "with referrers"])
def place(request, registry, referrers, image):
    server = registry if request.param == "without referrers" else referrers
    return pushed(server, image)


@pytest.fixture
def reference(registry, image):
    return pushed(registry, image)[2]


def pushed(server, image):
    """(registry, repository, reference) of the image in a repository of its own."""
    repository = f"keyless/{uuid.uuid4().hex[:12]}"
    server.push(repository, image)
    return server, repository, server.reference(repository, image)


@pytest.fixture
def path():
    """A PATH on which verify finds cosign."""
    folder = os.path.dirname(tool("cosign", os.environ["E2E_COSIGN_BIN"]))
    return {"PATH": os.pathsep.join([folder, os.environ["PATH"]])}


def sign(gated, sigstore, reference, *arguments, policy="block", config=None, **options):
    return gated.run(reference, "--sign", "keyless", "--signing-config", config or sigstore.signing_config,
                     "--attach", "always", "--bundle", FILE, *arguments, policy=policy, **options)


def token_file(gated, token):
    file = gated.folder / "token"
    file.write_text(token + "\n")
    file.chmod(0o600)
    return file


def signed(gated, sigstore, reference, **options):
    """A run that a person signed; its report."""
    ended, report = sign(gated, sigstore, reference, "--identity-token", token_file(gated, sigstore.issuer.token()),
                         **options)
    assert ended.status == (1 if options.get("policy", "block") == "block" else 0), ended.explain()
    return report


def verify(gate, reference, identity, *arguments, policy="block", **options):
    return gate("verify", reference, "--certificate-identity", identity.name, "--certificate-oidc-issuer",
                identity.issuer, "--trusted-root", identity.trusted_root, "--policy",
                policy_folder(gate.folder, policy), *arguments, **options)


def bundles(gated):
    """The bundles of the file, each in a file of its own."""
    files = []
    for number, line in enumerate((gated.folder / FILE).read_text().splitlines()):
        files.append(gated.folder / f"{number}.sigstore.json")
        files[-1].write_text(line)
    return files


def test_everybody_verifies_what_a_person_signed(gated, sigstore, place, image, path):
    server, repository, reference = place
    report = signed(gated, sigstore, reference)
    cosign, person = Cosign(gated.folder), sigstore.person()
    ended = cosign.verify_attestation(reference, identity=person)
    assert ended.status == 0, ended.explain()
    [statement] = statements(ended)
    assert statement["predicate"]["scanner"]["result"] == report
    assert cosign.verify_attestation(reference, identity=person, predicate_type=SUMMARY).status == 0
    assert cosign.verify_attestation(reference, identity=sigstore.workflow()).status != 0
    # A bare envelope would lack its certificate.
    assert attachments.envelopes(server, repository, image.digest) == []

    file = gated.folder / "again.json"
    ended = verify(gated, reference, person, "-o", f"json={file}", env=path)
    assert ended.status == 1 and "recorded verdict: block" in ended.stderr, ended.explain()
    assert json.loads(file.read_text()) == report
    assert verify(gated, reference, person, policy="allow", env=path).status == 0


def test_other_verifiers_accept_the_bundle(gated, sigstore, reference, image):
    signed(gated, sigstore, reference)
    [bundle] = bundles(gated)
    subject = ["--digest", image.digest.partition(":")[2], "--digestAlg", "sha256"]
    ended = Cosign(gated.folder).verify_blob_attestation(bundle, *subject, identity=sigstore.person())
    assert ended.status == 0, ended.explain()
    ended = verifiers.keyless(bundle, sigstore.person())
    assert ended.status == 0, ended.explain()
    assert json.loads(ended.stdout)["predicate"]["scanner"]["result"]["image"]["digest"] == image.digest
    for other in (sigstore.person("eve@acme.test"), sigstore.workflow()):
        ended = verifiers.keyless(bundle, other)
        assert ended.status == 1 and "rejected" in ended.stderr, ended.explain()


@pytest.mark.parametrize("way", ["SIGSTORE_ID_TOKEN", "GitHub's endpoint"])
def test_the_token_comes_from_the_environment(gated, sigstore, reference, path, way):
    issuer = sigstore.issuer
    asked = len(issuer.asked)
    if way == "SIGSTORE_ID_TOKEN":
        identity, env = sigstore.person(), {"SIGSTORE_ID_TOKEN": issuer.token()}
    else:
        identity, env = sigstore.workflow(), issuer.job_environment()
    ended, report = sign(gated, sigstore, reference, policy="allow", env=env)
    assert ended.status == 0, ended.explain()
    for secret in (issuer.REQUEST_TOKEN, env.get("SIGSTORE_ID_TOKEN", issuer.REQUEST_TOKEN)):
        assert secret not in ended.stderr + ended.stdout + json.dumps(report) + (gated.folder / FILE).read_text()
    if way == "GitHub's endpoint":
        assert {audience for _, audience in issuer.asked[asked:]} == {"sigstore"}
    assert Cosign(gated.folder).verify_attestation(reference, identity=identity).status == 0
    ended = verify(gated, reference, identity, policy="allow", env=path)
    assert ended.status == 0, ended.explain()


def test_nobody_else_is_believed(gated, sigstore, registry, reference, path):
    signed(gated, sigstore, reference, policy="allow")
    person = sigstore.person()
    for identity, word in ((sigstore.person("eve@acme.test"), "eve@acme.test"),
                           (Identity(person.name, "https://elsewhere.test", person.trusted_root), "elsewhere.test"),
                           (sigstore.workflow(), "gate.yml@refs/heads/main")):
        ended = verify(gated, reference, identity, policy="allow", env=path)
        assert ended.status == 1 and "the signature of" in ended.stderr and word in ended.stderr, ended.explain()
    other = pushed(registry, images.debian_patched())[2]
    ended = verify(gated, other, person, "--bundle", FILE, policy="allow", env=path)
    assert ended.status == 1 and "artifact digest does not match" in ended.stderr, ended.explain()
    ended = verify(gated, other, person, policy="allow", env=path)
    assert ended.status == 1 and "there is no signed scan report" in ended.stderr, ended.explain()


def test_without_cosign_the_command_is_told(gated, sigstore, reference):
    signed(gated, sigstore, reference, policy="allow")
    empty = gated.folder / "bin"
    empty.mkdir()
    ended = verify(gated, reference, sigstore.person(), policy="allow", env={"PATH": str(empty)})
    assert ended.status == 2 and "not on PATH" in ended.stderr, ended.explain()
    command = re.search(r"run by hand: cosign (.*)", ended.stderr).group(1)
    command = shlex.split(command.replace("REPOSITORY", reference.split("@")[0]))
    ended = Cosign(gated.folder)(*command, "--allow-http-registry=true")
    assert ended.status == 0 and len(statements(ended)) == 1, ended.explain()


def test_a_cosign_that_hangs_or_lies_convinces_nobody(gated, sigstore, reference):
    signed(gated, sigstore, reference, policy="allow")
    program, temporary = gated.folder / "bin/cosign", gated.folder / "tmp"
    program.parent.mkdir()
    temporary.mkdir()
    for script, status in (("exec sleep 60", 3), ("kill -9 $$", 1), ("echo 'Verified OK'; exit 1", 1)):
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        ended = verify(gated, reference, sigstore.person(), "--timeout", "2s", policy="allow",
                       env={"PATH": f"{program.parent}:/usr/bin:/bin", "TMPDIR": str(temporary)}, timeout=20)
        assert ended.status == status, ended.explain()
        assert list(temporary.iterdir()) == [], "the bundle that cosign read is gone again"


def test_log_entries_are_written_out_whole(gated, sigstore, reference):
    """JSON of protocol buffers may leave out zeros and empty lists, which Sigstore's Python client wants to see."""
    signed(gated, sigstore, reference)
    for file in bundles(gated):
        material = json.loads(file.read_text())["verificationMaterial"]
        assert material["certificate"]["rawBytes"]
        assert material["timestampVerificationData"]["rfc3161Timestamps"]
        for entry in material["tlogEntries"]:
            assert isinstance(entry["logIndex"], str) and isinstance(entry["inclusionProof"]["hashes"], list)


def test_the_very_first_entry_of_a_log_is_written_out_whole(gated, reference, root, path):
    """Its index is 0 and its proof has no hashes."""
    with_a_new_log = SigstoreWithAnEmptyLog()
    try:
        signed(gated, with_a_new_log, reference)
        entries = [json.loads(file.read_text())["verificationMaterial"]["tlogEntries"][0] for file in bundles(gated)]
        [first] = [entry for entry in entries if entry["logIndex"] == "0"]
        assert first["inclusionProof"]["logIndex"] == "0" and first["inclusionProof"]["hashes"] == []
        assert first["inclusionProof"]["treeSize"] == "1"
        ended = verifiers.keyless(bundles(gated)[0], with_a_new_log.person())
        assert ended.status == 0, ended.explain()
        assert verify(gated, reference, with_a_new_log.person(), env=path).status == 1
    finally:
        with_a_new_log.stop()


@pytest.mark.parametrize("service", ["fulcio", "rekor", "times"])
def test_a_service_that_is_down_fails_the_evidence(gated, sigstore, registry, reference, image, service):
    config = gated.folder / "config.json"
    nobody = f"http://127.0.0.1:{free_port()}"
    config.write_text(sigstore.signing_config.read_text().replace(sigstore.services[service], nobody))
    token = token_file(gated, sigstore.issuer.token())
    for policy, status in (("allow", 5), ("block", 1)):
        ended, report = sign(gated, sigstore, reference, "--identity-token", token, "--timeout", "4s", policy=policy,
                             config=config, timeout=20)
        assert ended.status == status and report["verdict"] in ("pass", "block"), ended.explain()
        assert nobody.removeprefix("http://") in ended.stderr, ended.explain()
        assert not (gated.folder / FILE).exists()
    repository = reference.split("@")[0].partition("/")[2]
    assert attachments.referrers(registry, repository, image.digest) == []


def test_a_token_that_fulcio_refuses_is_no_evidence(gated, sigstore, reference):
    for token in (sigstore.issuer.token(seconds=-60), sigstore.issuer.token(audience="elsewhere")):
        ended, _ = sign(gated, sigstore, reference, "--identity-token", token_file(gated, token), policy="allow")
        assert ended.status == 5 and token not in ended.stderr, ended.explain()
    ended, report = sign(gated, sigstore, reference, "--identity-token", token_file(gated, "no.token"))
    assert ended.status == 2 and report is None, ended.explain()


def test_the_same_identity_replaces_its_report_and_another_does_not(gated, sigstore, place, image):
    server, repository, reference = place
    signed(gated, sigstore, reference)
    wait_for_the_next_second()
    signed(gated, sigstore, reference)
    assert len(list(attachments.bundles(server, repository, image.digest))) == 2, "a report and its summary"
    wait_for_the_next_second()
    token = token_file(gated, sigstore.issuer.token("other@acme.test"))
    sign(gated, sigstore, reference, "--identity-token", token)
    assert len(list(attachments.bundles(server, repository, image.digest))) == 4
