"""The evidence tests' own ground: cosign, the registries and the verifiers agree without clairgate."""
import json
import os

import pytest

from support import attachments, images, verifiers
from support.cosign import BUNDLE, LEGACY, Cosign, statements
from support.process import run, tool

REPOSITORY = "org/app"
PREDICATE_TYPE = "https://cosign.sigstore.dev/attestation/vuln/v1"
PREDICATE = {
    "invocation": {"parameters": None, "uri": "", "event_id": "", "builder.id": ""},
    "scanner": {"uri": "pkg:github/quay/clair@v4.9.0", "version": "4.9.0", "db": {"uri": "", "version": ""},
                "result": {"vulnerabilities": {}}},
    "metadata": {"scanStartedOn": "2026-01-01T00:00:00Z", "scanFinishedOn": "2026-01-01T00:00:01Z"},
}


@pytest.fixture
def cosign(folder):
    return Cosign(folder)


@pytest.fixture(params=["docker-registry", "with the referrers API"])
def place(request):
    return request.getfixturevalue("registry" if request.param == "docker-registry" else "referrers")


@pytest.fixture
def pushed(place):
    return attested_nowhere(place)


def attested_nowhere(place):
    """(reference, digest) of a small image that is new there."""
    image = images.debian_patched()
    place.push(REPOSITORY, image)
    return place.reference(REPOSITORY, image), image.digest


def only_bundle(place, digest, folder):
    """The file of the only bundle attached."""
    (bundle,) = attachments.bundles(place, REPOSITORY, digest)
    file = folder / "attached.sigstore.json"
    file.write_bytes(bundle)
    return file


def spoiled(file):
    """The same bundle with one byte of its payload changed."""
    bundle = json.loads(file.read_text())
    payload = bundle["dsseEnvelope"]["payload"]
    bundle["dsseEnvelope"]["payload"] = payload[:-8] + ("A" if payload[-8] != "A" else "B") + payload[-7:]
    other = file.with_name("spoiled.sigstore.json")
    other.write_text(json.dumps(bundle))
    return other


def hex_of(digest):
    return digest.partition(":")[2]


@pytest.mark.parametrize("layout", [BUNDLE, LEGACY], ids=["bundle", "legacy"])
def test_cosign_verifies_what_it_attested_with_a_key(cosign, place, pushed, layout):
    reference, digest = pushed
    key, other = cosign.generate_key_pair(), cosign.generate_key_pair("other")
    attested = cosign.attest(reference, PREDICATE, key=key, layout=layout)
    assert attested.status == 0, attested.explain()
    assert len(attachments.bundles(place, REPOSITORY, digest)) == (layout is BUNDLE)
    assert len(attachments.envelopes(place, REPOSITORY, digest)) == (layout is LEGACY)

    verified = cosign.verify_attestation(reference, key=key.public, layout=layout)
    assert verified.status == 0, verified.explain()
    (statement,) = statements(verified)
    assert statement["predicateType"] == PREDICATE_TYPE
    assert [one["digest"]["sha256"] for one in statement["subject"]] == [hex_of(digest)]
    assert statement["predicate"]["scanner"] == PREDICATE["scanner"]

    assert cosign.verify_attestation(reference, key=other.public, layout=layout).status != 0
    assert cosign.verify_attestation(reference, key=key.public, layout=layout, predicate_type="openvex").status != 0


def test_every_verifier_accepts_a_bundle_signed_with_a_key(cosign, place, pushed, folder):
    reference, digest = pushed
    key, other = cosign.generate_key_pair(), cosign.generate_key_pair("other")
    assert cosign.attest(reference, PREDICATE, key=key).status == 0
    bundle = only_bundle(place, digest, folder)
    accepted = verifiers.keyed(bundle, key.public)
    assert accepted.status == 0, accepted.explain()
    assert json.loads(accepted.stdout)["predicateType"] == PREDICATE_TYPE
    subject = ["--digest", hex_of(digest), "--digestAlg", "sha256"]
    assert cosign.verify_blob_attestation(bundle, *subject, key=key.public).status == 0

    for rejected in (verifiers.keyed(bundle, other.public), verifiers.keyed(spoiled(bundle), key.public)):
        assert rejected.status == 1 and "rejected" in rejected.stderr, rejected.explain()


@pytest.mark.parametrize("who", ["person", "workflow"])
def test_every_verifier_accepts_a_keyless_bundle(cosign, sigstore, registry, folder, who):
    reference, digest = attested_nowhere(registry)
    token = sigstore.issuer.token() if who == "person" else sigstore.issuer.workflow_token()
    identity, other = sigstore.person(), sigstore.workflow()
    if who == "workflow":
        identity, other = other, identity
    attested = cosign.attest(reference, PREDICATE, token=token, signing=sigstore.signing())
    assert attested.status == 0, attested.explain()
    verified = cosign.verify_attestation(reference, identity=identity)
    assert verified.status == 0, verified.explain()
    assert cosign.verify_attestation(reference, identity=other).status != 0

    bundle = only_bundle(registry, digest, folder)
    material = json.loads(bundle.read_text())["verificationMaterial"]
    assert material["tlogEntries"] and material["timestampVerificationData"]["rfc3161Timestamps"]
    accepted = verifiers.keyless(bundle, identity)
    assert accepted.status == 0, accepted.explain()
    for rejected in (verifiers.keyless(bundle, other), verifiers.keyless(spoiled(bundle), identity)):
        assert rejected.status == 1 and "rejected" in rejected.stderr, rejected.explain()


def test_the_issuer_gives_a_token_to_a_job_that_may_ask(cosign, sigstore, registry):
    reference, _ = attested_nowhere(registry)
    attested = cosign.attest(reference, PREDICATE, signing=["--oidc-provider", "github-actions", *sigstore.signing()],
                             env=sigstore.issuer.job_environment())
    assert attested.status == 0, attested.explain()
    verified = cosign.verify_attestation(reference, identity=sigstore.workflow())
    assert verified.status == 0, verified.explain()


def test_cosign_signs_with_a_key_of_the_transit_engine(cosign, openbao, registry, folder):
    reference, _ = attested_nowhere(registry)
    public = folder / "transit.pub"
    public.write_text(openbao.create_key("gate"))
    token = openbao.token_for(("transit/sign/gate/*", "update"), ("transit/keys/gate", "read"))
    attested = cosign.attest(reference, PREDICATE, key="hashivault://gate", env=openbao.environment(token))
    assert attested.status == 0, attested.explain()
    verified = cosign.verify_attestation(reference, key=public)
    assert verified.status == 0, verified.explain()
    refused = cosign.attest(reference, PREDICATE, key="hashivault://gate", env=openbao.environment("nobody's"))
    assert refused.status != 0, refused.explain()


def test_the_verifier_of_summaries_accepts_a_bare_envelope(cosign, registry, folder):
    resource, digest = attested_nowhere(registry)
    key, file, verifier = cosign.generate_key_pair(), folder / "summary.json", "https://gate.tests/"
    predicate = {"verifier": {"id": verifier}, "timeVerified": "2026-01-01T00:00:00Z", "resourceUri": resource,
                 "policy": {"uri": "https://gate.tests/policy"}, "verificationResult": "PASSED",
                 "verifiedLevels": ["CLAIR_SCAN_PASS"]}
    attested = cosign.attest(resource, predicate, key=key, layout=LEGACY,
                             predicate_type="https://slsa.dev/verification_summary/v1")
    assert attested.status == 0, attested.explain()
    (envelope,) = attachments.envelopes(registry, REPOSITORY, digest)
    file.write_bytes(envelope)
    accepted = verifiers.summary(file, digest, verifier, resource, key.public, "CLAIR_SCAN_PASS")
    assert accepted.status == 0, accepted.explain()
    assert verifiers.summary(file, digest, verifier, resource, key.public, "OTHER").status != 0
    assert verifiers.summary(file, "sha256:" + "0" * 64, verifier, resource, key.public).status != 0


def test_an_independent_client_reads_both_registries(place, pushed):
    crane = tool("crane", os.environ["E2E_REFERRERS_REGISTRY_BIN"])
    reference, digest = pushed
    assert run(crane, "digest", "--insecure", reference).strip() == digest
    run(crane, "validate", "--insecure", "--remote", reference)
