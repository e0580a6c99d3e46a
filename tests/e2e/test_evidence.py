"""Signed evidence: what `run --sign` writes is what cosign verifies, on registries with and without the
referrers API; and `verify` believes what cosign signed, and nothing else."""
import base64
import datetime
import json
import time
import uuid

import pytest

from support import images, oci
from support.cosign import BUNDLE, LEGACY, Cosign, statements
from support.gate import policy_folder
from support.net import free_port

PASSWORD = {"COSIGN_PASSWORD": "correct horse"}
VULN = "https://cosign.sigstore.dev/attestation/vuln/v1"


@pytest.fixture(params=["without referrers", "with referrers"])
def place(request, registry, referrers):
    """A registry of each kind, with the outdated image in a repository of this test's own."""
    server = registry if request.param == "without referrers" else referrers
    repository = f"evidence/{uuid.uuid4().hex[:12]}"
    image = images.debian_outdated()
    server.push(repository, image)
    return server, repository, image, server.reference(repository, image)


@pytest.fixture
def keys(gate):
    ended = gate("keys", "generate", env=PASSWORD)
    assert ended.status == 0, ended.explain()
    return gate.folder / "cosign.key", gate.folder / "cosign.pub"


@pytest.fixture
def signed(gated, place, keys):
    """A blocked image whose signed report is beside it and in a file."""
    ended, report = gated.run(place[3], "--sign", keys[0], "--bundle", "report.sigstore.json",
                              "--attach", "always", env=PASSWORD)
    assert ended.status == 1, ended.explain()
    return report


def verify(gate, reference, key, *arguments, policy="block", **options):
    return gate("verify", reference, "--key", key, "--policy", policy_folder(gate.folder, policy), *arguments,
                **options)


def test_cosign_verifies_what_run_signed(gated, place, keys, signed):
    _, _, image, reference = place
    cosign = Cosign(gated.folder)
    for layout in (BUNDLE, LEGACY):
        ended = cosign.verify_attestation(reference, key=keys[1], layout=layout)
        assert ended.status == 0, ended.explain()
        [statement] = statements(ended)
        assert statement["predicateType"] == VULN
        assert statement["subject"] == [{"name": reference.split("@")[0], "digest": {"sha256": image.digest[7:]}}]
        assert statement["predicate"]["scanner"]["result"] == signed
        assert statement["predicate"]["metadata"]["scanFinishedOn"] == signed["run"]["finished"]
        summary = cosign.verify_attestation(reference, key=keys[1], layout=layout,
                                            predicate_type="https://slsa.dev/verification_summary/v1")
        assert summary.status == 0, summary.explain()
        assert statements(summary)[0]["predicate"]["verificationResult"] == "FAILED"
    bundle = (gated.folder / "report.sigstore.json").read_text().splitlines()[0]
    alone = gated.folder / "alone.sigstore.json"
    alone.write_text(bundle)
    ended = cosign.verify_blob_attestation(alone, "--digest", image.digest[7:], "--digestAlg", "sha256", key=keys[1])
    assert ended.status == 0, ended.explain()


def test_verify_repeats_the_verdict(gated, place, keys, signed):
    reference = place[3]
    file = gated.folder / "again.json"
    ended = verify(gated, reference, keys[1], "-o", f"json={file}", "-o", "table")
    assert ended.status == 1, ended.explain()
    assert json.loads(file.read_text()) == signed
    assert "recorded verdict: block" in ended.stderr
    assert verify(gated, reference, keys[1], policy="allow").status == 0


def test_each_layer_of_proof_says_its_sentence(gated, place, keys, signed):
    server, repository, _, reference = place
    other = images.debian_unfixed()
    server.push(repository, other)
    gated("keys", "generate", "--output-key-prefix", "other", env=PASSWORD)
    for why, reference_of, key, more in (
            ("the signature of", reference, gated.folder / "other.pub", ()),
            ("there is no signed scan report", server.reference(repository, other), keys[1], ()),
            ("the subject of", server.reference(repository, other), keys[1],
             ("--bundle", "report.sigstore.json")),
            ("the age of", reference, keys[1], ("--max-age", "1s"))):
        if why == "the age of":
            make_older(gated, 3)
            more = (*more, "--bundle", "report.sigstore.json")
        ended = verify(gated, reference_of, key, *more, policy="allow")
        assert ended.status == 1, ended.explain()
        assert why in ended.stderr, ended.explain()


def make_older(gated, seconds):
    """Waits until the signed report is that old: its own clock says when."""
    bundle = json.loads((gated.folder / "report.sigstore.json").read_text().splitlines()[0])
    statement = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
    finished = datetime.datetime.fromisoformat(statement["predicate"]["metadata"]["scanFinishedOn"].replace("Z", "+00:00"))
    while (datetime.datetime.now(datetime.timezone.utc) - finished).total_seconds() < seconds:
        time.sleep(0.05)


def test_one_flipped_byte_makes_both_refuse(gated, place, keys, signed):
    _, _, image, reference = place
    bundle = json.loads((gated.folder / "report.sigstore.json").read_text().splitlines()[0])
    payload = bytearray(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
    payload[payload.index(b'"block"') + 1] ^= 1
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(payload).decode()
    file = gated.folder / "flipped.sigstore.json"
    file.write_text(json.dumps(bundle))
    cosign = Cosign(gated.folder)
    ended = cosign.verify_blob_attestation(file, "--digest", image.digest[7:], "--digestAlg", "sha256", key=keys[1])
    assert ended.status != 0
    ended = verify(gated, reference, keys[1], "--offline", "--bundle", file, policy="allow")
    assert ended.status == 1 and "the signature of" in ended.stderr, ended.explain()


def test_verify_believes_what_cosign_attests_of_our_report(gated, place, keys):
    """A report that run wrote, attested by cosign with another key of its own."""
    reference = place[3]
    _, report = gated.run(reference)
    cosign = Cosign(gated.folder)
    pair = cosign.generate_key_pair()
    times = {"scanStartedOn": report["run"]["started"], "scanFinishedOn": report["run"]["finished"]}
    predicate = {"invocation": {}, "scanner": {"uri": "pkg:github/quay/clair", "version": "", "result": report},
                 "metadata": times}
    for layout in (BUNDLE, LEGACY):
        ended = cosign.attest(reference, predicate, key=pair, layout=layout)
        assert ended.status == 0, ended.explain()
        ended = verify(gated, reference, pair.public)
        assert ended.status == 1 and "recorded verdict: block" in ended.stderr, ended.explain()
        assert verify(gated, reference, pair.public, policy="allow").status == 0
    ended = verify(gated, reference, keys[1], policy="allow")
    assert ended.status == 1 and "the signature of" in ended.stderr, ended.explain()


def test_a_second_report_replaces_the_first(gated, place, keys, signed):
    server, repository, image, reference = place
    make_older(gated, 1.1)
    ended, _ = gated.run(reference, "--sign", keys[0], "--attach", "always", policy="allow", env=PASSWORD)
    assert ended.status == 0, ended.explain()
    cosign = Cosign(gated.folder)
    for layout in (BUNDLE, LEGACY):
        ended = cosign.verify_attestation(reference, key=keys[1], layout=layout)
        assert len(statements(ended)) == 1, ended.explain()
    assert verify(gated, reference, keys[1], policy="allow").status == 0
    listed = server.call("GET", f"/v2/{repository}/referrers/{image.digest}")
    if listed.status != 200:
        listed = server.call("GET", f"/v2/{repository}/manifests/{image.digest.replace(':', '-')}",
                             headers={"Accept": oci.INDEX})
    assert len(json.loads(listed.body)["manifests"]) == 2


def test_the_recorded_verdict_needs_a_trusted_policy(gated, place, keys, signed):
    reference = place[3]
    ended = gated("verify", reference, "--key", keys[1])  # no policy of its own here
    assert ended.status == 1 and "untrusted policy" in ended.stderr, ended.explain()
    ended = gated("verify", reference, "--key", keys[1], "--allow-untrusted-policy")
    assert ended.status == 1 and "the recorded verdict counts" in ended.stderr, ended.explain()


def test_an_unsigned_bundle_is_believed_only_by_its_unsafe_name(gated, place):
    reference = place[3]
    ended, report = gated.run(reference, "--bundle", "plain.json")
    assert "not signed" in ended.stderr, ended.explain()
    assert json.loads((gated.folder / "plain.json").read_text()) == report
    policy = policy_folder(gated.folder, "allow")
    ended = gated("verify", reference, "--bundle", "plain.json", "--policy", policy)
    assert ended.status == 2, ended.explain()
    ended = gated("verify", reference, "--bundle", "plain.json", "--policy", policy, "--unsafe-allow-unsigned")
    assert ended.status == 0, ended.explain()


def test_a_registry_that_is_away_decides_nothing(gated, keys):
    ended = gated("verify", f"127.0.0.1:{free_port()}/a/b@sha256:{'a' * 64}", "--key", keys[1], "--timeout", "2s")
    assert ended.status == 3, ended.explain()
