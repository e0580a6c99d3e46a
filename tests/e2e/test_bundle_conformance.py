"""What is a good Sigstore bundle, and what is none. Names with hyphens are those of the cases of sigstore-conformance;
the bundles are made here. Each wrong one differs from a good one in one thing, and is refused for that."""
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support import bundle_cases as make
from support import images
from support.cosign import Cosign
from support.gate import Gate, policy_folder
from support.process import fresh_folder

FILE = "case.sigstore.json"
MEDIA_TYPE = "application/vnd.dev.sigstore.bundle+json;version="
VERSION = "only a Sigstore bundle of version 0.3 is read"
OTHER = "ab" * 32
SUBJECT = ("subject", 0, "digest")
STRANGER = ec.generate_private_key(ec.SECP256R1())

FORM = {
    "bundle-malformed-json": (make.text(lambda whole: whole[:len(whole) // 2]), "string"),
    "bundle-unknown-version": (make.member("mediaType", to=MEDIA_TYPE + "0.99"), VERSION),
    "the version to come": (make.replaced("bundle.v0.3+json", "bundle.v0.4+json"), VERSION),
    "happy-path-v0.1": (make.member("mediaType", to=MEDIA_TYPE + "0.1"), VERSION),
    "happy-path-v0.2": (make.member("mediaType", to=MEDIA_TYPE + "0.2"), VERSION),
    "no media type": (make.member("mediaType", to=make.GONE), '"mediaType" is missing'),
    "bundle-invalid-base64-signature": (make.member("dsseEnvelope", "signatures", 0, "sig", to="!!!!"),
                                        '"sig" is not valid base64'),
    "bundle-empty-certificate-chain": (make.chain(), "a certificate chain"),
    "neither key nor certificate": (make.member("verificationMaterial", to={}), "neither a public key nor"),
    "key and certificate": (make.member("verificationMaterial", "certificate", to={"rawBytes": "AAAA"}),
                            "a public key and a certificate"),
    "message-digest-mismatch": (make.message, "signs a message"),
    "message and envelope": (make.member("messageSignature", to={}), "signs a message"),
    "no envelope": (make.member("dsseEnvelope", to=make.GONE), '"dsseEnvelope" is missing'),
    "no signature": (make.member("dsseEnvelope", "signatures", to=[]), "no signature"),
    "a second signature": (make.second_signature, '"signatures" has more than 1'),
    "an empty signature": (make.member("dsseEnvelope", "signatures", 0, "sig", to=""), '"sig" is empty'),
    "a key id": (make.member("dsseEnvelope", "signatures", 0, "keyid", to="team"), '"keyid"'),
    "an empty payload": (lambda draft: draft.seal(b""), '"payload" is empty'),
    "payload of another type": (make.typed("text/plain"), 'of type "text/plain"'),
    "payload of a narrower type": (make.typed("application/vnd.in-toto.vuln+json"), "of type"),
    "33 log entries": (make.member("verificationMaterial", "tlogEntries", to=[{}] * 33), "more than 32"),
    "an unknown member": (make.member("verificationMaterial", "certificates", to=[]), '"certificates" is unknown'),
    "a member twice": (make.replaced('{"payload":"', '{"payload":"e30=","payload":"'), "a key twice"),
    "a member twice, in two spellings": (make.replaced('{"mediaType"', '{"media_type":"","mediaType"'),
                                         '"mediaType" is there twice'),
    "a spelling that protobuf has not": (make.replaced('"payloadType"', '"payload_type"'), "is unknown"),
    "a spelling in capitals": (make.replaced('"mediaType"', '"MediaType"'), '"MediaType" is unknown'),
    "padding in the middle": (make.member("dsseEnvelope", "signatures", 0, "sig", to="AA=AAA"), "not valid base64"),
    "padding by half": (make.member("dsseEnvelope", "signatures", 0, "sig", to="AA="), "not valid base64"),
    "two alphabets at once": (make.member("dsseEnvelope", "signatures", 0, "sig", to="-_+/"), "not valid base64"),
    "a byte order mark": (make.text(lambda whole: "\ufeff" + whole), "no value"),
    "UTF-16": (make.text(lambda whole: whole.encode("utf-16-be")), "no value"),
    "two on one line": (make.text(lambda whole: whole + whole), "something behind the document"),
    "a list of bundles": (make.text(lambda whole: f"[{whole}]"), "is not an object"),
    "an envelope alone": (make.text(lambda whole: make.compact(json.loads(whole)["dsseEnvelope"])), "is unknown"),
}

NOT_THIS_KEY = "the signature is not"
SIGNATURE = {
    "managed-key-wrong-key": (make.signed_by(STRANGER), NOT_THIS_KEY),
    "signature-mismatch": (make.signature(lambda draft: make.sign(draft.key, b"another payload")), NOT_THIS_KEY),
    "dsse-invalid-sig": (make.signature(lambda draft: make.flipped(draft.signature)), NOT_THIS_KEY),
    "dsse-mismatch-envelope": (make.signature_of_another, NOT_THIS_KEY),
    "the payload without its type": (make.signature(lambda draft: make.sign(draft.key, draft.payload)), NOT_THIS_KEY),
    "the payload as another type": (
        make.signature(lambda draft: make.sign(draft.key, make.pae(draft.payload, "text/plain"))), NOT_THIS_KEY),
    "the encoded payload": (
        make.signature(lambda draft: make.sign(draft.key, make.pae(draft.envelope["payload"].encode()))),
        NOT_THIS_KEY),
    "another hash": (
        make.signature(lambda draft: make.sign(draft.key, make.pae(draft.payload), hashes.SHA384())), NOT_THIS_KEY),
    "one bit of the payload": (
        make.member("dsseEnvelope", "payload", to=make.text_of(b'{"_type":"https://in-toto.io/Statement/v1"}')),
        NOT_THIS_KEY),
    "not DER": (make.signature(make.raw_scalars), "not the DER"),
    "DER and a byte": (make.signature(lambda draft: draft.signature + b"\0"), "not the DER"),
    "BER": (make.signature(make.long_length), "not the DER"),
    "a signature of zeros": (make.with_scalars(lambda r, s: (0, 0)), "r or s is not between"),
    "r is zero": (make.with_scalars(lambda r, s: (0, s)), "r or s is not between"),
    "s beyond the order": (make.with_scalars(lambda r, s: (r, s + make.ORDER)), "r or s is not between"),
}

STATEMENT = {
    "dsse-statement-missing-type": (make.statement("_type", to=make.GONE), '"_type" is missing'),
    "dsse-statement-unknown-type": (make.statement("_type", to="https://in-toto.io/Statement/v2"), "its type is"),
    "no JSON": (make.payload(lambda _: b"hello"), "no value"),
    "no object": (make.payload(lambda _: b"[]"), "is not an object"),
    "something behind it": (make.payload(lambda data: data + b"{}"), "something behind the document"),
    "no UTF-8": (make.payload(lambda data: data.replace(b'"_type"', b'"_t\xffpe"')), "malformed UTF-8"),
    "no predicate type": (make.statement("predicateType", to=make.GONE), '"predicateType" is missing'),
    "an empty predicate type": (make.statement("predicateType", to=""), '"predicateType" is empty'),
    "no predicate": (make.statement("predicate", to=make.GONE), '"predicate" is missing'),
    "a predicate that is a text": (make.statement("predicate", to="all is well"), '"predicate" is not an object'),
    "an unknown member": (make.statement("subjects", to=[]), '"subjects" is unknown'),
    "a member twice": (make.payload(lambda data: data.replace(b'{"_type"', b'{"predicateType":"a","_type"')),
                       "a key twice"),
    "no subject": (make.statement("subject", to=make.GONE), '"subject" is missing'),
    "no subject in the list": (make.statement("subject", to=[]), "it has no subject"),
    "1025 subjects": (make.statement("subject", to=lambda whole: whole["subject"] * 1025), "more than 1024"),
    "a subject without a digest": (make.statement("subject", 0, "digest", to=make.GONE), '"digest" is missing'),
    "a digest of another algorithm": (make.statement(*SUBJECT, to={"sha1": "ab" * 20}), '"sha256" is missing'),
    "a digest in capitals": (make.statement(*SUBJECT, "sha256", to=OTHER.upper()), "a subject:"),
    "half a digest": (make.statement(*SUBJECT, "sha256", to=OTHER[:32]), "a subject:"),
    "a digest with its algorithm": (make.statement(*SUBJECT, "sha256", to="sha256:" + OTHER), "a subject:"),
}

CONTENT = {
    "wrong-material": ("subject", make.statement(*SUBJECT, "sha256", to=OTHER), f"it is about sha256:{OTHER}, not"),
    "a digest that is named otherwise": (
        "subject", make.statement(*SUBJECT, to=lambda whole: {"sha256": OTHER, "sha512": whole["subject"][0][
            "digest"]["sha256"]}), f"it is about sha256:{OTHER}, not"),
    "another predicate": ("predicate type", make.statement("predicateType", to="https://slsa.dev/provenance/v1"),
                          "not a scan report"),
    "a signature of cosign's": ("predicate type", make.statement("predicateType",
                                                                to="https://sigstore.dev/cosign/sign/v1"),
                                "not a scan report"),
    "no result": ("report", make.statement("predicate", "scanner", to={}), '"result" is missing'),
    "another scanner's result": ("report", make.statement("predicate", "scanner", "result", to={"Results": []}),
                                 "it holds no report of clairgate"),
    "a report about another image": ("report", make.report_about("sha256:" + OTHER), "its report is about"),
    "two times": ("report", make.statement("predicate", "metadata", "scanFinishedOn", to="2026-01-01T00:00:00Z"),
                  "name different times"),
    "an old report": ("age", make.of_time("2020-01-01T00:00:00Z"), "at most"),
    "a report from the future": ("age", make.of_time("2100-01-01T00:00:00Z"), "still to come"),
}

WRONG = {f"{layer}: {name}": (layer, *case) for layer, cases in (
    ("form", FORM), ("signature", SIGNATURE), ("statement", STATEMENT)) for name, case in cases.items()}
WRONG.update({f"{layer}: {name}": (layer, *case) for name, (layer, *case) in CONTENT.items()})

KEY_ID = ("dsseEnvelope", "signatures", 0, "keyid")
MATERIAL = "verificationMaterial"
EMPTY = make.both(make.member(MATERIAL, "tlogEntries", to=[]), make.member(
    MATERIAL, "timestampVerificationData", to={"rfc3161Timestamps": []}))

RIGHT = {
    "managed-key-happy-path": make.both(),
    "happy-path-v0.3": make.member("mediaType", to=MEDIA_TYPE + "0.3"),
    "happy-path-v0.3-new-mediaType": make.member("mediaType", to="application/vnd.dev.sigstore.bundle.v0.3+json"),
    "happy-path-intoto-in-dsse-v3": make.payload(lambda data: data),
    "statement v0.1": make.statement("_type", to="https://in-toto.io/Statement/v0.1"),
    "no hint": make.member(MATERIAL, "publicKey", to={}),
    "an empty hint": make.member(MATERIAL, "publicKey", "hint", to=""),
    "somebody else's hint": make.member(MATERIAL, "publicKey", "hint", to=make.hint(STRANGER)),
    "an empty key id": make.member(*KEY_ID, to=""),
    "null for what is absent": make.both(*[make.member(*path, to=None) for path in (
        KEY_ID, (MATERIAL, "tlogEntries"), (MATERIAL, "timestampVerificationData"), (MATERIAL, "certificate"),
        (MATERIAL, "x509CertificateChain"), ("messageSignature",))]),
    "empty lists": EMPTY,
    "names of the .proto files": make.both(EMPTY, make.names_of_proto_files),
    "members in another order": make.text(lambda whole: make.compact(make.backwards(json.loads(whole)))),
    "escapes": make.text(lambda whole: whole.replace("/", "\\/").replace('"sig"', '"\\u0073ig"')),
    "white space": make.text(lambda whole: "\t " + json.dumps(json.loads(whole), separators=(" , ", " : ")) + " "),
    "lines of another system": make.text(lambda whole: "\r\n" + whole + "\r\n\r\n"),
    "no line break at the end": make.text(lambda whole: whole),
    "the other s": make.with_scalars(lambda r, s: (r, make.ORDER - s)),
    "further subjects": make.statement("subject", to=lambda whole: [
        {"name": "other", "digest": {"sha256": OTHER}}, {"digest": {"sha512": "cd" * 64, "sha256": OTHER}},
        *whole["subject"]]),
    "a subject with all it may have": make.statement("subject", 0, to=lambda whole: {
        **whole["subject"][0], "uri": "pkg:oci/app", "downloadLocation": "", "mediaType": "text/plain",
        "annotations": {"any": "thing"}}),
    "a predicate with more members": make.statement("predicate", "acme", to={"any": ["thing"]}),
    **{f"base64 {name}, {padding}": change
       for name, edit in (("for URLs", make.url_safe), ("without padding", make.unpadded),
                          ("for URLs without padding", lambda encoded: make.url_safe(make.unpadded(encoded))))
       for padding, change in enumerate(make.with_every_padding(make.each_base64(edit)))},
}
# Lines of a file whose first and second are these: (good, wrong).
SEVERAL = {
    "a wrong one before it": "{wrong}\n{good}\n",
    "a wrong one after it": "{good}\n{wrong}",
    "empty lines": "\n \r\n{good}\n\n{wrong}\n\n",
}


class Team:
    """Who signs an image's report with a key, and looks at what else is said to be one."""

    def __init__(self, clair, registry):
        self.gate = Gate(fresh_folder("conformance"))
        self.key = ec.generate_private_key(ec.SECP256R1())
        private, self.public = self.gate.folder / "team.key", self.gate.folder / "team.pub"
        private.write_bytes(self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        private.chmod(0o600)
        self.public.write_bytes(self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        image = images.debian_outdated()
        registry.push("conformance", image)
        self.digest, self.reference = image.digest, registry.reference("conformance", image)
        self.gate.clair = clair
        ended, _ = self.gate.run(self.reference, "--sign", private, "--bundle", "good.json", "--attach", "never",
                                 policy="allow")
        assert ended.status == 0, ended.explain()
        good = json.loads((self.gate.folder / "good.json").read_text())
        self.draft = make.Draft(good, self.key)
        assert good["verificationMaterial"] == {"publicKey": {"hint": make.hint(self.key)}}

    def verify(self, *arguments):
        return self.gate("verify", "--offline", "--bundle", FILE, "--policy",
                         policy_folder(self.gate.folder, "allow"), *arguments, self.reference)

    def verify_bytes(self, data):
        (self.gate.folder / FILE).write_bytes(data)
        return self.verify("--key", self.public)


@pytest.fixture(scope="module")
def team(clair, registry):
    return Team(clair, registry)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_bundle_is_refused_for_what_is_wrong(team, name):
    layer, change, reason = WRONG[name]
    ended = team.verify_bytes(team.draft.after(change))
    assert ended.status == 1, ended.explain()
    _, sentence, why = ended.stderr.partition(f"no acceptable scan report: the {layer} of {FILE}:1 failed: ")
    assert sentence and reason in why, ended.explain()


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_bundle_is_accepted(team, folder, name):
    data = team.draft.after(RIGHT[name])
    ended = team.verify_bytes(data)
    assert ended.status == 0 and "recorded verdict: pass" in ended.stderr, ended.explain()
    # So that what we take for right is no whim of ours.
    file = folder / FILE
    file.write_bytes(data)
    ended = Cosign(folder).verify_blob_attestation(file, "--digest", team.digest.partition(":")[2], "--digestAlg",
                                                   "sha256", key=team.public)
    assert ended.status == 0, ended.explain()


@pytest.mark.parametrize("name", SEVERAL)
def test_a_wrong_bundle_beside_a_right_one_changes_nothing(team, name):
    good, wrong = (team.draft.after(change).decode().strip() for change in (make.both(), make.signed_by(STRANGER)))
    ended = team.verify_bytes(SEVERAL[name].format(good=good, wrong=wrong).encode())
    assert ended.status == 0, ended.explain()


def test_of_wrong_bundles_the_one_that_came_furthest_is_told(team):
    changes = (FORM["no signature"][0], CONTENT["wrong-material"][1], make.signed_by(STRANGER))
    ended = team.verify_bytes(b"".join(team.draft.after(change) for change in changes))
    assert ended.status == 1, ended.explain()
    assert f"of 3 looked at: no acceptable scan report: the subject of {FILE}:2 failed" in ended.stderr, ended.explain()


def test_a_signature_needs_somebody_who_counts(team):
    """managed-key-no-key, and managed-key-and-client-identity."""
    (team.gate.folder / FILE).write_bytes(team.draft.after(make.both()))
    identity = ["--certificate-identity", "ci@acme.test", "--certificate-oidc-issuer", "https://issuer.test"]
    for arguments, status, sentence in (
            ([], 2, "whose signature counts?"),
            (identity, 1, f"the signature of {FILE}:1 failed: it is signed with a key, not by an identity"),
            ([*identity, "--key", team.public], 2, "--key and --certificate-identity exclude each other")):
        ended = team.verify(*arguments)
        assert ended.status == status and sentence in ended.stderr, ended.explain()
