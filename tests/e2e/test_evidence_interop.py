"""Signed evidence in other hands: verifiers of other makers, and keys that are kept everywhere."""
import json
import sys
import uuid

import pytest

from support import attachments, images, verifiers
from support.cosign import BUNDLE, LEGACY, Cosign, statements
from support.gate import policy_folder
from support.process import run

PASSWORD = {"COSIGN_PASSWORD": "correct horse"}
FILE = "report.sigstore.json"
VERIFIER, PASSED = "pkg:generic/clairgate", "CLAIRGATE_SCAN_PASS"
VULNS = "https://in-toto.io/attestation/vulns/v0.2"
# A signer of the kind that `exec:` calls. Its arguments: the public key's file, the private key's, and the word.
PROGRAM = """#!{python}
import base64, os, subprocess, sys
public, private, word = sys.argv[1:]
assert "COSIGN_PASSWORD" not in os.environ
if word == "public-key":
    sys.stdout.write(open(public).read())
else:
    assert word == "sign"
    digest = bytes.fromhex(sys.stdin.readline())
    arguments = ["openssl", "pkeyutl", "-sign", "-inkey", private, "-pkeyopt", "digest:sha256"]
    signature = subprocess.run(arguments, input=digest, stdout=subprocess.PIPE, check=True).stdout
    print(base64.encodebytes(signature).decode(), end="")
"""
P256, P384 = (["EC", "-pkeyopt", f"ec_paramgen_curve:P-{bits}"] for bits in (256, 384))


@pytest.fixture(scope="module")
def image():
    return images.debian_outdated()


@pytest.fixture
def reference(registry, image):
    """The image in a repository of this test's own."""
    repository = f"interop/{uuid.uuid4().hex[:12]}"
    registry.push(repository, image)
    return registry.reference(repository, image)


@pytest.fixture
def cosign(folder):
    return Cosign(folder)


def pair_of(folder, *kind, name="plain"):
    """A private key that is not encrypted, by openssl, and its public half."""
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    run("openssl", "genpkey", "-algorithm", *kind, "-out", private)
    run("openssl", "pkey", "-in", private, "-pubout", "-out", public)
    private.chmod(0o600)
    return private, public


def sign(gated, reference, key, *arguments, policy="allow", **options):
    """A run that writes signed evidence and leaves it beside the image."""
    ended, report = gated.run(reference, "--sign", key, "--bundle", FILE, "--attach", "always", *arguments,
                              policy=policy, **options)
    assert ended.status == (0 if policy == "allow" else 1), ended.explain()
    assert "PRIVATE KEY" not in (gated.folder / FILE).read_text() + ended.stdout + ended.stderr
    return report


def check(gated, cosign, reference, public, key=None, **options):
    """Both verify what is beside the image; `key` is the key reference that ours asks by."""
    policy = policy_folder(gated.folder, "allow")
    ended = gated("verify", reference, "--key", key or public, "--policy", policy, **options)
    assert ended.status == 0, ended.explain()
    for layout in (BUNDLE, LEGACY):
        ended = cosign.verify_attestation(reference, key=public, layout=layout)
        assert ended.status == 0 and len(statements(ended)) == 1, ended.explain()


def first_line(gated):
    file = gated.folder / "first.sigstore.json"
    file.write_text((gated.folder / FILE).read_text().splitlines()[0])
    return file


def test_the_javascript_verifier_accepts_the_bundle(gated, reference):
    private, public = pair_of(gated.folder, *P256)
    _, other = pair_of(gated.folder, *P256, name="other")
    report = sign(gated, reference, private)
    accepted = verifiers.keyed(first_line(gated), public)
    assert accepted.status == 0, accepted.explain()
    assert json.loads(accepted.stdout)["predicate"]["scanner"]["result"] == report
    rejected = verifiers.keyed(first_line(gated), other)
    assert rejected.status == 1 and "rejected" in rejected.stderr, rejected.explain()


def test_the_summary_passes_the_verifier_of_summaries_only_when_allowed(gated, reference, image):
    private, public = pair_of(gated.folder, *P256)
    resource, file = f"oci://{reference}", gated.folder / (FILE + ".vsa")
    sign(gated, reference, private)
    assert len(file.read_text().splitlines()) == 1
    accepted = verifiers.summary(file, image.digest, VERIFIER, resource, public, PASSED)
    assert accepted.status == 0, accepted.explain()
    for wrong in ({"levels": "CLAIRGATE_SCAN_WARN"}, {"resource": resource + "x"}, {"verifier": VERIFIER + "x"},
                  {"digest": "sha256:" + "0" * 64}):
        asked = {"digest": image.digest, "verifier": VERIFIER, "resource": resource, "levels": PASSED, **wrong}
        refused = verifiers.summary(file, asked["digest"], asked["verifier"], asked["resource"], public,
                                    asked["levels"])
        assert refused.status == 1, (wrong, refused.explain())
    sign(gated, reference, private, policy="block")
    refused = verifiers.summary(file, image.digest, VERIFIER, resource, public)
    assert refused.status == 1 and "FAILED" in refused.stderr, refused.explain()


def test_a_warning_is_a_level_of_its_own(gated, reference, image):
    private, public = pair_of(gated.folder, *P256)
    ended, _ = gated.run(reference, "--sign", private, "--bundle", FILE, "--attach", "never",
                         policy='[severity]\ncritical = "warn"\nhigh = "warn"\n')
    assert ended.status == 0, ended.explain()
    file, resource = gated.folder / (FILE + ".vsa"), f"oci://{reference}"
    accepted = verifiers.summary(file, image.digest, VERIFIER, resource, public, "CLAIRGATE_SCAN_WARN")
    assert accepted.status == 0, accepted.explain()
    assert verifiers.summary(file, image.digest, VERIFIER, resource, public, PASSED).status == 1


@pytest.mark.parametrize("variables", ["VAULT", "BAO"])
def test_a_key_of_the_transit_engine_signs(gated, cosign, reference, openbao, variables):
    name = f"gate-{variables.lower()}"
    public = gated.folder / "transit.pub"
    public.write_text(openbao.create_key(name))
    token = openbao.token_for((f"transit/sign/{name}/*", "update"), (f"transit/keys/{name}", "read"))
    env = {key.replace("VAULT", variables): value for key, value in openbao.environment(token).items()}
    key = f"openbao://{name}"
    sign(gated, reference, key, env=env)
    check(gated, cosign, reference, public, key, env=env)
    exported = gated("keys", "public", key, env=env)
    assert exported.status == 0 and exported.stdout == public.read_text(), exported.explain()


def test_what_the_transit_engine_refuses_is_no_evidence(gated, reference, openbao):
    openbao.create_key("refused")
    # Before the scan nothing is decided; after it the verdict stands and the evidence is what fails.
    for token, status in (("nobody's", 3), (openbao.token_for(("transit/keys/refused", "read")), 5)):
        ended, _ = gated.run(reference, "--sign", "openbao://refused", "--bundle", FILE, policy="allow",
                             env=openbao.environment(token))
        assert ended.status == status and "answered 403" in ended.stderr, ended.explain()
        assert token not in ended.stderr and not (gated.folder / FILE).exists()


def test_a_program_signs(gated, cosign, reference):
    private, public = pair_of(gated.folder, *P256)
    program = gated.folder / "signer"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    key = f"exec:{program} {public} {private}"
    sign(gated, reference, key, env=PASSWORD)
    check(gated, cosign, reference, public, key, env=PASSWORD)


def test_a_program_that_signs_with_another_key_is_found_out(gated, reference):
    _, public = pair_of(gated.folder, *P256)
    other, _ = pair_of(gated.folder, *P256, name="other")
    program = gated.folder / "signer"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    for policy, status in (("allow", 5), ("block", 1)):
        ended, report = gated.run(reference, "--sign", f"exec:{program} {public} {other}", "--bundle", FILE,
                                  policy=policy)
        assert ended.status == status and report, ended.explain()
        assert "what the signer gave back" in ended.stderr, ended.explain()
        assert not (gated.folder / FILE).exists()


def test_a_key_in_the_environment_signs(gated, cosign, reference):
    private, public = pair_of(gated.folder, *P256)
    sign(gated, reference, "env://SIGNING_KEY", env={"SIGNING_KEY": private.read_text()})
    check(gated, cosign, reference, public, "env://TRUSTED", env={"TRUSTED": public.read_text()})


@pytest.mark.parametrize("kind, is_for_summaries", [
    (P384, False),  # the verifier of summaries hashes by the curve, the others do not
    (["ED25519"], True), (["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], True)], ids=["P-384", "Ed25519", "RSA"])
def test_other_kinds_of_keys_sign_for_all_who_read_them(gated, cosign, reference, image, kind, is_for_summaries):
    private, public = pair_of(gated.folder, *kind)
    sign(gated, reference, private)
    check(gated, cosign, reference, public)
    assert verifiers.keyed(first_line(gated), public).status == 0
    summary = verifiers.summary(gated.folder / (FILE + ".vsa"), image.digest, VERIFIER, f"oci://{reference}", public)
    assert (summary.status == 0) == is_for_summaries, summary.explain()


def test_the_keys_of_both_are_for_both(gated, cosign, reference):
    assert gated("keys", "generate", env=PASSWORD).status == 0
    ours, public = gated.folder / "cosign.key", gated.folder / "cosign.pub"
    told = cosign.must("public-key", "--key", ours, env=PASSWORD)
    assert told.stdout.strip() == public.read_text().strip()
    theirs = cosign.generate_key_pair()
    report = sign(gated, reference, theirs.private, env={"COSIGN_PASSWORD": theirs.password})
    check(gated, cosign, reference, theirs.public)
    times = {"scanStartedOn": report["run"]["started"], "scanFinishedOn": report["run"]["finished"]}
    for layout in (BUNDLE, LEGACY):
        ended = cosign.attest(reference, {"scanner": {"result": report}, "metadata": times}, key=ours, layout=layout,
                              env=PASSWORD)
        assert ended.status == 0, ended.explain()
    check(gated, cosign, reference, public)


def test_the_vulns_predicate_is_verified_by_its_type(gated, cosign, registry, reference, image):
    private, public = pair_of(gated.folder, *P256)
    report = sign(gated, reference, private, "--predicate", "vulns")
    for layout in (BUNDLE, LEGACY):
        ended = cosign.verify_attestation(reference, key=public, layout=layout, predicate_type=VULNS)
        assert ended.status == 0, ended.explain()
        [statement] = statements(ended)
        assert statement["predicateType"] == VULNS
        found = {one["id"] for one in statement["predicate"]["scanner"]["result"]}
        assert found == {one["id"] for one in report["findings"]} and found
        assert statement["predicate"]["metadata"]["scanFinishedOn"] == report["run"]["finished"]
    repository = reference.split("@")[0].partition("/")[2]
    assert len(attachments.bundles(registry, repository, image.digest)) == 3
    assert len((gated.folder / FILE).read_text().splitlines()) == 2  # the summary has a file of its own


def test_an_index_and_its_platforms_have_evidence(gated, cosign, registry):
    private, public = pair_of(gated.folder, *P256)
    one, two = images.debian_patched(), images.alpine_outdated("arm64")
    index = images.two_platforms(one, two)
    for arguments, attested in (((), (index, one, two)), (("--platform", "linux/amd64"), (one,))):
        repository = f"interop/{uuid.uuid4().hex[:12]}"
        registry.push(repository, index)
        sign(gated, registry.reference(repository, index), private, *arguments)
        for part in (index, one, two):
            reference = registry.reference(repository, part)
            if part in attested:
                check(gated, cosign, reference, public)
                continue
            ended = gated("verify", reference, "--key", public, "--policy", policy_folder(gated.folder, "allow"))
            assert ended.status == 1 and "no signed scan report" in ended.stderr, ended.explain()
            assert cosign.verify_attestation(reference, key=public).status != 0
