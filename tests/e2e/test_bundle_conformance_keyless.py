"""What is a good keyless bundle, and what is none: cosign verifies it, and verify tells its reason. Names with hyphens
are those of the cases of sigstore-conformance; the bundles are made here, by a private Sigstore and with its keys."""
import base64
import json
import os

import pytest
from cryptography.hazmat.primitives import serialization

from support import images
from support import keyless_cases as make
from support.bundle_cases import compact, flipped, text_of
from support.cosign import Cosign
from support.gate import Gate, policy_folder
from support.process import fresh_folder, tool
from support.sigstore_mint import Mint, new_key

FILE = "case.sigstore.json"
NO_PROMISE = "failed to verify signed certificate timestamp"
NO_LEAF = "leaf certificate verification failed"
NOT_SIGNED = "failed to verify signature: could not verify envelope"
NOT_LOGGED = "verifying inclusion: calculated root"
NO_ENTRY = "not enough verified log entries"
NO_TIME = "failed to verify timestamps"
NO_LOG = "note has no verifiable signatures"
UNREADABLE = "cosign reads no bundle in it"
PROOF = "inclusionProof"


def edited(*path, to=None):
    """A change of a log entry: that member is another one, or gone."""
    def edit(entry):
        *way, last = path
        holder = entry
        for step in way:
            holder = holder[step]
        if to is None:
            del holder[last]
        else:
            holder[last] = to(holder[last]) if callable(to) else to
    return edit


def bit(encoded):
    return text_of(flipped(base64.b64decode(encoded)))


WRONG_CERTIFICATE = {
    "another person's": (make.by_author(email="eve@acme.test"), 'expected SAN value "ci@acme.test", got "eve@acme'),
    "another issuer's": (make.by_author(issuer="https://elsewhere.test"), 'got "https://elsewhere.test"'),
    "another CA's": (make.of_another_ca, NO_LEAF),
    "of a certificate that is no CA": (make.of_the_wrong_kind_of_ca, NO_LEAF),
    "in no log": (make.by_author(promised_by=None), NO_PROMISE),
    "invalid-ct-key": (make.promised_by_nobody_known, NO_PROMISE),
    "expired when it was signed with": (make.expired_when_signed, NO_LEAF),
    "intoto-expired-certificate": (make.issued_before_the_ca_counted, NO_LEAF),
}
WRONG_SIGNATURE = {
    "dsse-invalid-sig": (make.signed_something_else, NOT_SIGNED),
    "rekor2-dsse-invalid-sig": (make.signed_by_another_key, NOT_SIGNED),
    "a payload changed later": (make.payload_changed, NOT_LOGGED),
}
WRONG_ENTRY = {
    "none": (make.material_with(make.without_entry), NO_ENTRY),
    "rekor2-dsse-mismatch-envelope": (make.logged_another_payload, NOT_LOGGED),
    "rekor2-dsse-mismatch-sig": (make.logged_another_signature, NOT_LOGGED),
    "wrong-hashedrekord-entry": (make.logged_by_somebody_else, NOT_LOGGED),
    "wrong-hashedrekord-cert-and-sig": (make.logged_with_another_certificate, NOT_LOGGED),
    "wrong-hashedrekord-artifact": (make.logged_another_digest, NOT_LOGGED),
    "cve-2022-36056-swapped-tlog-entry": (make.logged_before, NOT_LOGGED),
    "inclusion-proof-corrupted-hash": (make.entry_with(edited(PROOF, "hashes", 0, to=bit)), NOT_LOGGED),
    "invalid-inclusion-proof": (make.with_proof_of_another_entry, NOT_LOGGED),
    "checkpoint-wrong-roothash": (make.checkpoint_with(lambda lines: [*lines[:2], text_of(b"x" * 32)]), NOT_LOGGED),
    "a checkpoint of another size": (make.checkpoint_with(lambda lines: [lines[0], "3", lines[2]]), "wrong proof size"),
    "a checkpoint of another origin": (make.checkpoint_with(lambda lines: ["elsewhere", *lines[1:]]), "got Origin"),
    "rekor2-checkpoint-missing-origin": (make.checkpoint_with(lambda lines: lines[1:]), "too few newlines"),
    "rekor2-checkpoint-missing-size": (make.checkpoint_with(lambda lines: [lines[0], lines[2]]), "too few newlines"),
    "rekor2-checkpoint-missing-root-hash": (make.checkpoint_with(lambda lines: lines[:2]), "too few newlines"),
    "rekor2-checkpoint-missing-log-signature": (make.signatures_with(lambda *_: ""), "malformed note"),
    "rekor2-checkpoint-no-matching-signature": (make.signatures_with(make.by_another_name), NO_LOG),
    "checkpoint-bad-keyhint": (make.signatures_with(make.with_another_hint), NO_LOG),
    "signed by another log": (make.signatures_with(make.by_another_log), NO_LOG),
    "invalid-checkpoint-signature": (make.signatures_with(make.spoiled), "invalid signature for key"),
}
UNREADABLE_ENTRY = {
    "bundle-negative-log-index": edited("logIndex", to="-1"),
    "rekor2-no-inclusion-proof": edited(PROOF),
    "no checkpoint": edited(PROOF, "checkpoint"),
    "of an unknown kind": edited("canonicalizedBody", to=lambda _: text_of(b'{"kind":"x","apiVersion":"0.0.1"}')),
}
WRONG_TIME = {
    "rekor2-no-timestamp": (lambda scene: scene.bundle(times=[]), NO_TIME),
    "rekor2-timestamp-payload-mismatch": (make.time_of_another_signature, "hashed messages don't match"),
    "rekor2-timestamp-with-incorrect-time": (make.signed_before_it_was_valid, NO_LEAF),
    "rekor2-timestamp-untrusted-tsa-without-embedded-cert": (make.time_of_a_stranger(), "No certificate for signer"),
    "rekor2-timestamp-untrusted-tsa-with-embedded-cert": (make.time_of_a_stranger("-cert"), "does not match the"),
    "rekor2-timestamp-outside-tsa-cert-validity": (make.time_of_an_authority_that_expired, "outside of certificate"),
    "rekor2-timestamp-outside-trust-root-tsa-validity": (make.time_of_an_authority_that_counts_no_more,
                                                         "after the validity period end"),
    "no timestamp at all": (lambda scene: scene.bundle(times=[b"0\0"]), "error parsing response"),
}
WRONG_OLD_ENTRY = {
    "set-invalid-signature": (make.old_log(by=new_key()), NO_ENTRY),
    "the same, and no other time": (make.old_log(by=new_key(), times=[]), NO_ENTRY),
    "integrated-time-in-future": (make.old_log(times=[], after=60), "integrated time outside certificate"),
    "intoto-set-outside-signing-cert-validity": (make.old_log(after=60), "integrated time outside certificate"),
    "intoto-tsa-timestamp-outside-cert-validity": (make.old_log(begun=-30, after=-25), NO_LEAF),
    "no promise and no other time": (make.old_log(edited("inclusionPromise"), times=[]), NO_TIME),
    "dsse-mismatch-envelope": (make.old_log_of_another_payload, "payload hash"),
    "dsse-mismatch-sig": (make.old_log_of_another_signature, "log signature does not match"),
    "incorrect-public-key": (make.old_log_of_another_key, "log certificate does not match"),
}
WRONG_TRUST = {
    "bundle-from-wrong-instance": (make.of_another_instance, NO_LOG),
    "trust-root-tlog-missing-validity-start": (make.log_that_counts(end="2100-01-01T00:00:00Z"),
                                               "missing public key validity period start"),
    "a log that counts no more": (make.log_that_counts(start="2020-01-01T00:00:00Z", end="2021-01-01T00:00:00Z"),
                                  NO_ENTRY),
    "rekor2-timestamp-wrong-tsa-validity-borrow": (make.time_borrowed, NO_TIME),
    "trust in no log": (make.root_without("tlogs"), NO_ENTRY),
    "trust in no log of certificates": (make.root_without("ctlogs"), NO_PROMISE),
    "trust in no CA": (make.root_without("certificateAuthorities"), NO_LEAF),
    "trust in no time": (make.root_without("timestampAuthorities"), NO_TIME),
}
WRONG = {f"{what}: {name}": ("signature", *case) for what, cases in (
    ("certificate", WRONG_CERTIFICATE), ("signature", WRONG_SIGNATURE), ("log entry", WRONG_ENTRY),
    ("time", WRONG_TIME), ("log v1", WRONG_OLD_ENTRY), ("trusted root", WRONG_TRUST)) for name, case in cases.items()}
WRONG.update({f"log entry: {name}": ("form", make.entry_with(edit), UNREADABLE)
              for name, edit in UNREADABLE_ENTRY.items()})
WRONG.update({
    "log v1: intoto-missing-inclusion-proof": ("form", make.old_log(edited(PROOF)), UNREADABLE),
    "chain: bundle-empty-certificate-chain": ("form", make.chain_of(), "a certificate chain"),
    "chain: bundle-with-root-cert": ("form", make.chain_of("leaf", "root"), "a certificate chain"),
    "chain: the leaf alone": ("form", make.chain_of("leaf"), "a certificate chain"),
})

RIGHT = {
    "happy-path-intoto-in-dsse-v3": make.as_signed,
    "rekor2-dsse-happy-path": lambda scene: scene.bundle(),
    "bundle-with-sct-with-extensions": make.by_author(extensions=b"\0\0\5\0\0\0\0\7"),
    "sct-duplicate-intermediate-name": make.with_a_namesake,
    "intoto-with-custom-trust-root": lambda scene: (scene.signed, scene.mint.trusted_root()),
    "trust-root-tlog-validity-end-inclusive": make.log_that_counts(start="2020-01-01T00:00:00Z", end="time"),
    "a log that counts since then": make.log_that_counts(start="time"),
    "names of the .proto files": make.in_proto_names,
    "rekor2-checkpoint-cosigned": make.signatures_with(lambda note, line, mint: line + make.witness(mint, note)),
    "rekor2-checkpoint-multiple-cosigs": make.signatures_with(
        lambda note, line, mint: line + make.witness(mint, note) + make.witness(mint, note)),
    "rekor2-checkpoint-origin-not-first": make.signatures_with(
        lambda note, line, mint: make.witness(mint, note) + line),
    "rekor2-checkpoint-two-sigs-from-origin": make.signatures_with(
        lambda note, line, mint: line + make.by_another_log(note, line, mint)),
    "rekor2-checkpoint-two-sigs-cosigned": make.signatures_with(
        lambda note, line, mint: line + make.by_another_log(note, line, mint) + make.witness(mint, note)),
    "rekor2-timestamp-without-embedded-cert": make.time_of_the_authority(),
    "rekor2-timestamp-with-embedded-cert": make.time_of_the_authority("-cert"),
    "log v1, and an authority's time": make.old_log(),
    "log v1, which tells the time": make.old_log(times=[]),
}


class Person:
    """Somebody who let clairgate sign without a key, and looks at other bundles of the same report."""

    def __init__(self, clair, registry, sigstore):
        self.gate = Gate(fresh_folder("conformance"))
        self.gate.clair = clair
        self.mint, self.identity = Mint(sigstore), sigstore.person()
        image = images.debian_outdated()
        registry.push("conformance", image)
        self.reference = registry.reference("conformance", image)
        token = self.gate.folder / "token"
        token.write_text(sigstore.issuer.token())
        token.chmod(0o600)
        ended, _ = self.gate.run(
            self.reference, "--sign", "keyless", "--signing-config", sigstore.signing_config, "--identity-token", token,
            "--bundle", "good.json", "--attach", "never", policy="allow")
        assert ended.status == 0, ended.explain()
        self.scene = make.Scene(self.mint, json.loads((self.gate.folder / "good.json").read_text()))

    def verify(self, made, *trust):
        """made: what a case makes. trust: other arguments than this person's identity."""
        bundle, root = made if isinstance(made, tuple) else (made, self.identity.trusted_root)
        (self.gate.folder / FILE).write_text(bundle if isinstance(bundle, str) else compact(bundle))
        who = trust or ["--certificate-identity", self.identity.name, "--certificate-oidc-issuer",
                        self.identity.issuer, "--trusted-root", root]
        return self.gate("verify", "--offline", "--bundle", FILE, "--policy",
                         policy_folder(self.gate.folder, "allow"), *who, self.reference,
                         env={"PATH": self.path()})

    @staticmethod
    def path():
        folder = os.path.dirname(tool("cosign", os.environ["E2E_COSIGN_BIN"]))
        return os.pathsep.join([folder, os.environ["PATH"]])


@pytest.fixture(scope="module")
def person(clair, registry, sigstore):
    return Person(clair, registry, sigstore)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_bundle_is_refused_for_what_is_wrong(person, name):
    layer, change, reason = WRONG[name]
    ended = person.verify(change(person.scene))
    assert ended.status == 1, ended.explain()
    _, sentence, why = ended.stderr.partition(f"no acceptable scan report: the {layer} of {FILE}:1 failed: ")
    assert sentence and reason in why, ended.explain()


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_bundle_is_accepted(person, name):
    ended = person.verify(RIGHT[name](person.scene))
    assert ended.status == 0 and "recorded verdict: pass" in ended.stderr, ended.explain()


def test_a_key_needs_neither_log_nor_certificate(person):
    """managed-key-and-trusted-root: cosign proves the log entry too; with --key it is not looked at."""
    bundle, public = make.with_key_and_log(person.scene), person.gate.folder / "team.pub"
    public.write_bytes(person.scene.author.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    ended = person.verify(bundle, "--key", public)
    assert ended.status == 0, ended.explain()
    subject = ["--digest", person.reference.partition("@sha256:")[2], "--digestAlg", "sha256"]
    ended = Cosign(person.gate.folder)(
        "verify-blob-attestation", "--type", "vuln", "--key", public, "--trusted-root", person.identity.trusted_root,
        "--bundle", person.gate.folder / FILE, *subject)
    assert ended.status == 0, ended.explain()
    for made, who, why in ((person.scene.bundle(), ["--key", public], "signed with a certificate, not with this key"),
                           (bundle, [], "it is signed with a key, not by an identity")):
        ended = person.verify(made, *who)
        assert ended.status == 1 and f"the signature of {FILE}:1 failed: " in ended.stderr, ended.explain()
        assert why in ended.stderr, ended.explain()
