"""The keys of a private Sigstore in a forger's hands: certificates, log entries and times as its services make them,
and as they never would."""
import base64
import datetime
import hashlib
import json
import struct

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from support.bundle_cases import compact, pae, sign, text_of
from support.net import request
from support.process import fresh_folder, run

FULCIO = "1.3.6.1.4.1.57264.1."
PROMISES = "1.3.6.1.4.1.11129.2.4.2"
CT_LOG = object()
MINUTE = datetime.timedelta(minutes=1)
PRECERTIFICATE, SHA256, ECDSA = 1, 4, 3  # RFC 6962
TSA = """[tsa]
serial = {folder}/serial
default_policy = 1.3.6.1.4.1.57264.2
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def der(key):
    """The public half."""
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def name_of(key):
    """As logs are named."""
    return hashlib.sha256(der(key)).digest()


def now():
    return datetime.datetime.utcnow().replace(microsecond=0)


def utf8(value):
    return b"\x0c" + bytes([len(value)]) + value.encode()


def canonical(value):
    """RFC 8785, of values as plain as these."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


class Author:
    """Somebody with a certificate: the key's owner, but for a forgery."""

    def __init__(self, key, certificate):
        self.key, self.certificate = key, certificate
        self.raw = certificate.public_bytes(serialization.Encoding.DER)

    def envelope(self, payload, by=None):
        return {"payload": text_of(payload), "payloadType": "application/vnd.in-toto+json",
                "signatures": [{"sig": text_of(sign(by or self.key, pae(payload)))}]}


class Mint:
    def __init__(self, sigstore):
        self.sigstore, self.folder = sigstore, fresh_folder("mint")
        self.key = {name: serialization.load_pem_private_key(file.read_bytes(), None) for name, file in (
            ("root", sigstore.key("root")), ("fulcio", sigstore.key("fulcio")), ("times", sigstore.key("times")),
            ("ct", sigstore.pem["ct"]), ("rekor", sigstore.pem["rekor"]))}
        self.root, self.fulcio, self.times = (x509.load_pem_x509_certificate(sigstore.pem[name].read_bytes())
                                              for name in ("root", "fulcio", "times"))
        self.origin = "127.0.0.1"

    @staticmethod
    def der_of(certificate):
        return certificate.public_bytes(serialization.Encoding.DER)

    @staticmethod
    def public_text(key):
        return text_of(der(key))

    # Certificates and the promises of their log

    def author(self, email="ci@acme.test", issuer=None, begins=None, minutes=10, by=None, promised_by=CT_LOG,
               extensions=b"", key=None):
        """Fulcio's certificate for a new key. by: another CA's certificate and key. promised_by: a log's key, or None
        for no promise; extensions: of that promise."""
        ca, ca_key = by or (self.fulcio, self.key["fulcio"])
        begins, key = begins or now() - MINUTE, key or new_key()
        issuer = issuer or self.sigstore.issuer.url
        builder = (
            x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(ca.subject)
            .serial_number(x509.random_serial_number()).public_key(key.public_key())
            .not_valid_before(begins).not_valid_after(begins + minutes * MINUTE)
            .add_extension(x509.KeyUsage(True, *[False] * 8), True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False)
            .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(email)]), True))
        for number, value in (("1", issuer.encode()), ("8", utf8(issuer))):
            builder = self.with_extension(builder, FULCIO + number, value)
        if promised_by is not None:
            log = self.key["ct"] if promised_by is CT_LOG else promised_by
            unpromised = builder.sign(ca_key, hashes.SHA256()).tbs_certificate_bytes
            promise = self.promise(log, unpromised, ca_key, extensions)
            listed = struct.pack(">HH", len(promise) + 2, len(promise)) + promise
            octets = b"\x04" + (bytes([len(listed)]) if len(listed) < 128 else bytes([0x81, len(listed)])) + listed
            builder = self.with_extension(builder, PROMISES, octets)
        return Author(key, builder.sign(ca_key, hashes.SHA256()))

    @staticmethod
    def with_extension(builder, oid, value):
        return builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), False)

    @staticmethod
    def promise(log, unpromised, ca_key, extensions):
        """RFC 6962, 3.2: that a log will hold this certificate."""
        time = struct.pack(">Q", int(datetime.datetime.now().timestamp() * 1000))
        extensions = struct.pack(">H", len(extensions)) + extensions
        entry = struct.pack(">H", PRECERTIFICATE) + hashlib.sha256(der(ca_key)).digest() + struct.pack(
            ">I", len(unpromised))[1:] + unpromised
        signature = sign(log, b"\0\0" + time + entry + extensions)
        return b"\0" + name_of(log) + time + extensions + bytes([SHA256, ECDSA]) + struct.pack(
            ">H", len(signature)) + signature

    def authority(self, name, usage=None, begins=None, ends=None):
        """(certificate, key) below the root; without a usage it is a CA. name: a text, or another's subject."""
        key = new_key()
        begins, ends = begins or now() - MINUTE, ends or now() + 60 * MINUTE
        if isinstance(name, str):
            name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder().subject_name(name).issuer_name(self.root.subject)
            .serial_number(x509.random_serial_number()).public_key(key.public_key())
            .not_valid_before(begins).not_valid_after(ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.public_key()), False)
            .add_extension(x509.BasicConstraints(usage is None, None), True))
        if usage is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), True)
        return builder.sign(self.key["root"], hashes.SHA256()), key

    # The log of signatures

    @staticmethod
    def hashed_record(author, envelope, signer=None):
        """What a log of version 2 keeps of an envelope. signer: who it says it was, where it is no certificate."""
        signer = signer or {"x509Certificate": {"rawBytes": text_of(author.raw)}}
        digest = hashlib.sha256(pae(base64.b64decode(envelope["payload"]))).digest()
        return {"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
            "data": {"algorithm": "SHA2_256", "digest": text_of(digest)},
            "signature": {"content": envelope["signatures"][0]["sig"], "verifier": {
                "keyDetails": "PKIX_ECDSA_P256_SHA_256", **signer}}}}}

    def entry(self, body, index=1):
        """The second leaf of a log with two. body: a value, or bytes."""
        body = body if isinstance(body, bytes) else canonical(body)
        sibling = hashlib.sha256(b"\0somebody else's").digest()
        leaf = hashlib.sha256(b"\0" + body).digest()
        root = hashlib.sha256(b"\1" + sibling + leaf).digest()
        kind = json.loads(body)
        return {"logIndex": str(index), "logId": {"keyId": text_of(name_of(self.key["rekor"]))},
                "kindVersion": {"kind": kind["kind"], "version": kind["apiVersion"]},
                "inclusionProof": {"logIndex": "1", "rootHash": text_of(root), "treeSize": "2",
                                   "hashes": [text_of(sibling)], "checkpoint": {"envelope": self.checkpoint(root)}},
                "canonicalizedBody": text_of(body)}

    def old_entry(self, author, envelope, time=None, by=None, payload=None):
        """The only leaf of a log of version 1, which promises it at a time. by: who does, where it is not the log."""
        digest = hashlib.sha256(payload or base64.b64decode(envelope["payload"])).hexdigest()
        of_all = hashlib.sha256(compact(envelope).encode()).hexdigest()
        pem = author.certificate.public_bytes(serialization.Encoding.PEM)
        body = canonical({"apiVersion": "0.0.1", "kind": "dsse", "spec": {
            "envelopeHash": {"algorithm": "sha256", "value": of_all},
            "payloadHash": {"algorithm": "sha256", "value": digest},
            "signatures": [{"signature": envelope["signatures"][0]["sig"], "verifier": text_of(pem)}]}})
        root, log = hashlib.sha256(b"\0" + body).digest(), name_of(self.key["rekor"])
        time = int((time or datetime.datetime.now()).timestamp())
        promise = {"body": text_of(body), "integratedTime": time, "logID": log.hex(), "logIndex": 0}
        return {"logIndex": "0", "logId": {"keyId": text_of(log)}, "kindVersion": {"kind": "dsse", "version": "0.0.1"},
                "integratedTime": str(time), "inclusionPromise": {
                    "signedEntryTimestamp": text_of(sign(by or self.key["rekor"], canonical(promise)))},
                "inclusionProof": {"logIndex": "0", "rootHash": text_of(root), "treeSize": "1", "hashes": [],
                                   "checkpoint": {"envelope": self.checkpoint(root, self.origin + " - 42", 1)}},
                "canonicalizedBody": text_of(body)}

    def checkpoint(self, root, origin=None, size=2, by=None, lines=None):
        """lines: of the text, where they are not origin, size and root."""
        lines = lines or [origin or self.origin, str(size), text_of(root)]
        note = "".join(line + "\n" for line in lines)
        return note + "\n" + self.note_signature(note, by)

    def note_signature(self, note, by=None, name=None):
        key = by or self.key["rekor"]
        return f"\u2014 {name or self.origin} {text_of(name_of(key)[:4] + sign(key, note.encode()))}\n"

    # Times

    def question(self, signature, *arguments):
        (self.folder / "signature").write_bytes(signature)
        query = self.folder / "query"
        run("openssl", "ts", "-query", "-data", self.folder / "signature", "-sha256", "-out", query, *arguments)
        return query

    def time(self, signature, *arguments):
        """The service's own answer. arguments: -cert, for one with the authority's certificate."""
        answer = request("POST", self.sigstore.services["times"], self.question(signature, *arguments).read_bytes(),
                         {"Content-Type": "application/timestamp-query"})
        assert answer.status in (200, 201), (answer.status, answer.body)
        return answer.body

    def time_of(self, authority, signature, *arguments):
        """Of an authority that is a certificate and its key: now, even where they are too old."""
        certificate, key = authority
        files = [self.folder / name for name in ("config", "signer", "key", "serial", "answer")]
        config, signer, private, serial, answer = files
        config.write_text(TSA.format(folder=self.folder))
        serial.write_text("01\n")
        signer.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                              serialization.NoEncryption()))
        run("openssl", "ts", "-reply", "-config", config, "-section", "tsa", "-queryfile",
            self.question(signature, *arguments), "-signer", signer, "-inkey", private, "-out", answer)
        return answer.read_bytes()

    # Whole bundles

    def bundle(self, author, payload, envelope=None, entry=None, times=None):
        """All of one author's making, but for what is given."""
        envelope = envelope or author.envelope(payload)
        signature = base64.b64decode(envelope["signatures"][0]["sig"])
        entries = [entry or self.entry(self.hashed_record(author, envelope))]
        times = [self.time(signature)] if times is None else times
        return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": {
            "certificate": {"rawBytes": text_of(author.raw)}, "tlogEntries": entries, "timestampVerificationData": {
                "rfc3161Timestamps": [{"signedTimestamp": text_of(one)} for one in times]}}, "dsseEnvelope": envelope}

    def trusted_root(self, change=None):
        """A file with what is trusted, changed."""
        value = json.loads(self.sigstore.trusted_root.read_text())
        if change is not None:
            change(value)
        file = fresh_folder("trust") / "trusted_root.json"
        file.write_text(compact(value))
        return file
