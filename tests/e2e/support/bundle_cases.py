"""Bundles that are wrong (or unusual) in one way each, made from a good one: what a fault spoils is signed again."""
import base64
import copy
import dataclasses
import hashlib
import json
import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

TYPE = "application/vnd.in-toto+json"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
GONE = object()


def text_of(data):
    return base64.b64encode(data).decode()


def pae(payload, kind=TYPE):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def sign(key, data, by=None):
    return key.sign(data, ec.ECDSA(by or hashes.SHA256()))


def hint(key):
    """As bundles name a key: the hash of its public half."""
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return text_of(hashlib.sha256(public).digest())


def compact(value):
    return json.dumps(value, separators=(",", ":"))


@dataclasses.dataclass
class Draft:
    """A bundle that may be changed, and the key that signs for the team. A change works on it in place; the file is
    what the change gives back (bytes, or a text), or else the bundle as one line."""
    bundle: dict
    key: ec.EllipticCurvePrivateKey

    @property
    def material(self):
        return self.bundle["verificationMaterial"]

    @property
    def envelope(self):
        return self.bundle["dsseEnvelope"]

    @property
    def payload(self):
        return base64.b64decode(self.envelope["payload"])

    @property
    def signature(self):
        return base64.b64decode(self.envelope["signatures"][0]["sig"])

    def seal(self, payload, signature=None):
        """Another payload, signed as it should be unless there is a signature."""
        self.envelope["payload"] = text_of(payload)
        self.envelope["signatures"] = [{"sig": text_of(signature or sign(self.key, pae(payload)))}]

    def after(self, change):
        """The file's bytes when a copy of this was changed."""
        draft = Draft(copy.deepcopy(self.bundle), self.key)
        made = change(draft)
        if made is None:
            made = compact(draft.bundle) + "\n"
        return made if isinstance(made, bytes) else made.encode()


def put(value, path, new):
    """Sets a member deep inside of a document; takes it out when it is GONE."""
    *way, last = path
    for step in way:
        value = value[step]
    if new is GONE:
        del value[last]
    else:
        value[last] = new


# Changes of a bundle, for Draft.after.

def member(*path, to):
    """Nothing is signed again."""
    return lambda draft: put(draft.bundle, path, to)


def statement(*path, to):
    """A validly signed statement with another member."""
    def change(draft):
        value = json.loads(draft.payload)
        put(value, path, to(value) if callable(to) else to)
        draft.seal(compact(value).encode())
    return change


def payload(edit):
    """A validly signed payload; edit gets and gives bytes."""
    return lambda draft: draft.seal(edit(draft.payload))


def signature(make):
    """Another signature of the same payload: make gets the draft, and gives bytes."""
    return lambda draft: draft.seal(draft.payload, make(draft))


def text(edit):
    """Another text of the same bundle."""
    return lambda draft: edit(compact(draft.bundle))


def replaced(old, new):
    """Another text of the same bundle, in one place."""
    def edit(whole):
        assert whole.count(old) == 1, old
        return whole.replace(old, new)
    return text(edit)


def both(*changes):
    def change(draft):
        made = None
        for one in changes:
            made = one(draft)
        return made
    return change


# What the changes are made of.

def flipped(data, at=-1):
    """One bit of it is another one."""
    out = bytearray(data)
    out[at] ^= 1
    return bytes(out)


def integer(number):
    data = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes([len(data)]) + data


def pair(r, s):
    content = integer(r) + integer(s)
    return b"\x30" + bytes([len(content)]) + content


def with_scalars(edit):
    """The good signature as other numbers: edit gets r and s, and gives both."""
    return signature(lambda draft: pair(*edit(*utils.decode_dss_signature(draft.signature))))


def raw_scalars(draft):
    return b"".join(number.to_bytes(32, "big") for number in utils.decode_dss_signature(draft.signature))


def long_length(draft):
    """The DER's length in two bytes, where one is enough."""
    return draft.signature[:1] + b"\x81" + draft.signature[1:]


def signed_by(key):
    """Somebody else's valid signature, and the hint that says so."""
    return both(signature(lambda draft: sign(key, pae(draft.payload))),
                member("verificationMaterial", "publicKey", "hint", to=hint(key)))


def signature_of_another(draft):
    """A good signature of the same key, below another statement than its own."""
    other = json.loads(draft.payload)
    other["predicateType"] = "https://acme.test/other"
    draft.seal(draft.payload, sign(draft.key, pae(compact(other).encode())))


def typed(kind):
    """A payload that is signed as one of another type."""
    def change(draft):
        draft.seal(draft.payload, sign(draft.key, pae(draft.payload, kind)))
        draft.envelope["payloadType"] = kind
    return change


def second_signature(draft):
    draft.envelope["signatures"].append({"sig": text_of(sign(draft.key, b"another payload"))})


def message(draft):
    """A signature of the bytes themselves, with the hash of others beside it."""
    del draft.bundle["dsseEnvelope"]
    digest = {"algorithm": "SHA2_256", "digest": text_of(hashlib.sha256(b"another artifact").digest())}
    draft.bundle["messageSignature"] = {"messageDigest": digest, "signature": text_of(sign(draft.key, b"artifact"))}


def chain(*certificates):
    """What bundles of version 0.2 have in place of a certificate."""
    def change(draft):
        draft.material.pop("publicKey", None)
        draft.material.pop("certificate", None)
        draft.material["x509CertificateChain"] = {"certificates": [{"rawBytes": text_of(one)} for one in certificates]}
    return change


def of_time(time):
    """Statement and report both say that the scan ended then."""
    return both(statement("predicate", "metadata", "scanFinishedOn", to=time),
                statement("predicate", "scanner", "result", "run", "finished", to=time))


def report_about(digest):
    """The statement is about this image, and the report in it about another one."""
    def change(draft):
        value = json.loads(draft.payload)
        result = compact(value["predicate"]["scanner"]["result"])
        value["predicate"]["scanner"]["result"] = json.loads(result.replace(
            "sha256:" + value["subject"][0]["digest"]["sha256"], digest))
        draft.seal(compact(value).encode())
    return change


def names_of_proto_files(draft):
    """All names of Sigstore's own messages as they are in the .proto files; in log entries too."""
    def renamed(value):
        if isinstance(value, dict):
            return {re.sub("[A-Z]", lambda capital: "_" + capital.group().lower(), key): renamed(one)
                    for key, one in value.items()}
        return [renamed(one) for one in value] if isinstance(value, list) else value
    return compact({**renamed({**draft.bundle, "dsseEnvelope": None}), "dsse_envelope": draft.envelope})


def each_base64(edit):
    """All bytes of the bundle are written in another base64."""
    def change(draft):
        draft.envelope["payload"] = edit(draft.envelope["payload"])
        draft.envelope["signatures"][0]["sig"] = edit(draft.envelope["signatures"][0]["sig"])
    return change


def url_safe(encoded):
    return encoded.replace("+", "-").replace("/", "_")


def unpadded(encoded):
    return encoded.rstrip("=")


def with_every_padding(change):
    """The change made on three payloads, one of which has two `=`, one has one, and one has none."""
    return [both(payload(lambda data, more=more: data + b" " * more), change) for more in range(3)]


def backwards(value):
    """The same value with the members of all objects in another order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(one) for one in value] if isinstance(value, list) else value
