"""Keyless bundles that are wrong (or unusual) in one way each. Each function gets a Scene; it gives the bundle, or the
bundle and the trusted root that it is looked at with."""
import base64
import copy
import datetime
import hashlib
import json

from cryptography.x509.oid import ExtendedKeyUsageOID

from support.bundle_cases import compact, flipped, hint, names_of_proto_files, pae, sign, text_of, Draft
from support.sigstore_mint import MINUTE, new_key, now


class Scene:
    """A bundle that clairgate signed, and everything it takes to make others of the same payload."""

    def __init__(self, mint, signed):
        self.mint, self.signed = mint, signed
        self.payload = base64.b64decode(signed["dsseEnvelope"]["payload"])
        self.author = mint.author()

    def bundle(self, author=None, payload=None, **parts):
        return self.mint.bundle(author or self.author, payload or self.payload, **parts)

    def entry(self, author=None, payload=None, envelope=None):
        author = author or self.author
        return self.mint.entry(self.mint.hashed_record(author, envelope or author.envelope(payload or self.payload)))

    def another_payload(self):
        """A valid statement about the same image."""
        return compact({**json.loads(self.payload), "predicateType": "https://acme.test/other"}).encode()

    def of_time_authority(self, authority, *arguments):
        envelope = self.author.envelope(self.payload)
        return self.bundle(envelope=envelope, times=[self.mint.time_of(authority, raw_signature(envelope), *arguments)])


def raw_signature(envelope):
    return base64.b64decode(envelope["signatures"][0]["sig"])


def as_signed(scene):
    return scene.signed


def entry_with(edit):
    """The log entry that clairgate got, changed."""
    def make(scene):
        bundle = copy.deepcopy(scene.signed)
        edit(bundle["verificationMaterial"]["tlogEntries"][0])
        return bundle
    return make


def material_with(edit):
    def make(scene):
        bundle = copy.deepcopy(scene.signed)
        edit(bundle["verificationMaterial"])
        return bundle
    return make


def by_author(**how):
    """Somebody whose certificate is another one."""
    return lambda scene: scene.bundle(scene.mint.author(**how))


def in_proto_names(scene):
    return names_of_proto_files(Draft(scene.signed, None))


# Certificates

def promised_by_nobody_known(scene):
    return scene.bundle(scene.mint.author(promised_by=new_key()))


def of_another_ca(scene):
    """Its certificate has the right names, and another key signed it."""
    return scene.bundle(scene.mint.author(by=(scene.mint.fulcio, new_key())))


def of_the_wrong_kind_of_ca(scene):
    """By the time authority, whose root is the same."""
    return scene.bundle(scene.mint.author(by=(scene.mint.times, scene.mint.key["times"])))


def expired_when_signed(scene):
    """The certificate was over before the time that the authority gives."""
    return scene.bundle(scene.mint.author(begins=now() - 30 * MINUTE))


def signed_before_it_was_valid(scene):
    return scene.bundle(scene.mint.author(begins=now() + 30 * MINUTE))


def issued_before_the_ca_counted(scene):
    def change(root):
        root["certificateAuthorities"][0]["validFor"] = {"start": "2020-01-01T00:00:00Z", "end": "2021-01-01T00:00:00Z"}
    return scene.bundle(), scene.mint.trusted_root(change)


def chain_of(*names):
    def make(scene):
        bundle = copy.deepcopy(scene.signed)
        material = bundle["verificationMaterial"]
        leaf = base64.b64decode(material.pop("certificate")["rawBytes"])
        certificates = {"leaf": leaf, "root": scene.mint.der_of(scene.mint.root)}
        material["x509CertificateChain"] = {"certificates": [{"rawBytes": text_of(certificates[name])}
                                                             for name in names]}
        return bundle
    return make


# Signatures, and what the log keeps of them

def signed_by_another_key(scene):
    """The log's entry and the time are for the wrong signature."""
    return scene.bundle(envelope=scene.author.envelope(scene.payload, by=new_key()))


def signed_something_else(scene):
    envelope = scene.author.envelope(scene.payload)
    envelope["signatures"] = [{"sig": text_of(sign(scene.author.key, pae(scene.another_payload())))}]
    return scene.bundle(envelope=envelope)


def payload_changed(scene):
    bundle = copy.deepcopy(scene.signed)
    bundle["dsseEnvelope"]["payload"] = text_of(scene.another_payload())
    return bundle


def logged_another_payload(scene):
    return scene.bundle(entry=scene.entry(payload=scene.another_payload()))


def logged_another_signature(scene):
    """Of the same payload, by the same key: ECDSA never gives one twice."""
    return scene.bundle(entry=scene.entry())


def logged_by_somebody_else(scene):
    return scene.bundle(entry=scene.entry(scene.mint.author("eve@acme.test")))


def logged_with_another_certificate(scene):
    """Of the same key: the entry is valid, and about the same signature."""
    envelope = scene.author.envelope(scene.payload)
    other = scene.mint.author("eve@acme.test", key=scene.author.key)
    return scene.bundle(envelope=envelope, entry=scene.entry(other, envelope=envelope))


def logged_another_digest(scene):
    envelope = scene.author.envelope(scene.payload)
    body = scene.mint.hashed_record(scene.author, envelope)
    body["spec"]["hashedRekordV002"]["data"]["digest"] = text_of(hashlib.sha256(b"another artifact").digest())
    return scene.bundle(envelope=envelope, entry=scene.mint.entry(body))


def logged_before(scene):
    """A good bundle with the entry of another good bundle, which the real log made."""
    return scene.bundle(entry=scene.signed["verificationMaterial"]["tlogEntries"][0])


def with_proof_of_another_entry(scene):
    bundle = scene.bundle()
    bundle["verificationMaterial"]["tlogEntries"][0]["inclusionProof"] = scene.entry()["inclusionProof"]
    return bundle


def without_entry(bundle_material):
    bundle_material["tlogEntries"] = []


# Entries of a log of version 1

def old_log(edit=None, times=None, begun=None, after=None, by=None):
    """edit gets the log's entry. begun, after: minutes from now, of the certificate and of the log's time."""
    def make(scene):
        who = scene.author if begun is None else scene.mint.author(begins=now() + begun * MINUTE)
        envelope = who.envelope(scene.payload)
        time = None if after is None else datetime.datetime.now() + after * MINUTE
        entry = scene.mint.old_entry(who, envelope, time, by)
        if edit is not None:
            edit(entry)
        return scene.bundle(who, envelope=envelope, entry=entry, times=times)
    return make


def old_log_of_another_payload(scene):
    envelope = scene.author.envelope(scene.payload)
    entry = scene.mint.old_entry(scene.author, envelope, payload=b"another payload")
    return scene.bundle(envelope=envelope, entry=entry)


def old_log_of_another_signature(scene):
    return scene.bundle(entry=scene.mint.old_entry(scene.author, scene.author.envelope(scene.payload)))


def old_log_of_another_key(scene):
    """The entry has the right signature, and somebody else's certificate."""
    envelope = scene.author.envelope(scene.payload)
    entry = scene.mint.old_entry(scene.mint.author("eve@acme.test"), envelope)
    return scene.bundle(envelope=envelope, entry=entry)


# Checkpoints

def checkpoint_with(edit):
    """edit gets the checkpoint's lines of the text, and gives others, which the log signs again."""
    def make(scene):
        bundle = scene.bundle()
        [entry] = bundle["verificationMaterial"]["tlogEntries"]
        proof = entry["inclusionProof"]
        lines = proof["checkpoint"]["envelope"].split("\n\n")[0].split("\n")
        proof["checkpoint"]["envelope"] = scene.mint.checkpoint(b"", lines=edit(lines))
        return bundle
    return make


def signatures_with(edit):
    """edit gets the checkpoint's text, the line with the log's signature, and the mint; it gives the lines."""
    def make(scene):
        bundle = scene.bundle()
        [entry] = bundle["verificationMaterial"]["tlogEntries"]
        checkpoint = entry["inclusionProof"]["checkpoint"]
        note, _, line = checkpoint["envelope"].partition("\n\n")
        checkpoint["envelope"] = note + "\n\n" + edit(note + "\n", line, scene.mint)
        return bundle
    return make


def witness(mint, note):
    """A line of somebody whom nobody knows."""
    return mint.note_signature(note, by=new_key(), name="witness.test")


def by_another_log(note, _, mint):
    return mint.note_signature(note, by=new_key())


def by_another_name(_, line, mint):
    return line.replace(mint.origin, "log.test")


def spoiled(_, line, __):
    name, encoded = line.strip().rsplit(" ", 1)
    return f"{name} {text_of(flipped(base64.b64decode(encoded)))}\n"


def with_another_hint(_, line, __):
    name, encoded = line.strip().rsplit(" ", 1)
    return f"{name} {text_of(flipped(base64.b64decode(encoded), 0))}\n"


# Times

def time_of_another_signature(scene):
    return scene.bundle(times=[scene.mint.time(b"another signature")])


def time_of_a_stranger(*arguments):
    def make(scene):
        return scene.of_time_authority(scene.mint.authority("stranger", ExtendedKeyUsageOID.TIME_STAMPING), *arguments)
    return make


def time_of_the_authority(*arguments):
    """The same authority, asked in another way."""
    return lambda scene: scene.of_time_authority((scene.mint.times, scene.mint.key["times"]), *arguments)


def time_of_an_authority_that_expired(scene):
    authority = scene.mint.authority("was", ExtendedKeyUsageOID.TIME_STAMPING, now() - 9 * MINUTE, now() - 5 * MINUTE)

    def change(root):
        chain = root["timestampAuthorities"][0]["certChain"]["certificates"]
        chain[0]["rawBytes"] = text_of(scene.mint.der_of(authority[0]))
        root["timestampAuthorities"][0]["validFor"] = {"start": "2020-01-01T00:00:00Z"}
    return scene.of_time_authority(authority), scene.mint.trusted_root(change)


def time_of_an_authority_that_counts_no_more(scene):
    def change(root):
        root["timestampAuthorities"][0]["validFor"] = {"start": "2020-01-01T00:00:00Z", "end": "2021-01-01T00:00:00Z"}
    return scene.bundle(), scene.mint.trusted_root(change)


# Other trusted roots

def root_without(part):
    return lambda scene: (scene.signed, scene.mint.trusted_root(lambda root: root.update({part: []})))


def log_that_counts(**period):
    """A log of version 1 and its time, which is within that period or not. period: start and end, or "time" for the
    entry's own."""
    def make(scene):
        bundle = old_log(times=[])(scene)
        seconds = int(bundle["verificationMaterial"]["tlogEntries"][0]["integratedTime"])
        time = datetime.datetime.utcfromtimestamp(seconds).isoformat() + "Z"

        def change(root):
            root["tlogs"][0]["publicKey"]["validFor"] = {
                name: time if value == "time" else value for name, value in period.items()}
        return bundle, scene.mint.trusted_root(change)
    return make


def time_borrowed(scene):
    """The authority counts no more, and another one does."""
    def change(root):
        [authority] = root["timestampAuthorities"]
        stranger, _ = scene.mint.authority("stranger", ExtendedKeyUsageOID.TIME_STAMPING)
        chain = [scene.mint.der_of(certificate) for certificate in (stranger, scene.mint.root)]
        authority["validFor"] = {"start": "2020-01-01T00:00:00Z", "end": "2021-01-01T00:00:00Z"}
        root["timestampAuthorities"].append({
            **authority, "certChain": {"certificates": [{"rawBytes": text_of(one)} for one in chain]},
            "validFor": {"start": "2020-01-01T00:00:00Z"}})
    return scene.bundle(), scene.mint.trusted_root(change)


def with_key_and_log(scene):
    """A bundle of somebody with a key and no certificate; its log entry and time are as they should be."""
    key, envelope = scene.author.key, scene.author.envelope(scene.payload)
    body = scene.mint.hashed_record(scene.author, envelope, {"publicKey": {"rawBytes": scene.mint.public_text(key)}})
    bundle = scene.bundle(envelope=envelope, entry=scene.mint.entry(body))
    del bundle["verificationMaterial"]["certificate"]
    bundle["verificationMaterial"]["publicKey"] = {"hint": hint(key)}
    return bundle


def with_a_namesake(scene):
    """Another CA of the same name comes first."""
    def change(root):
        namesake, _ = scene.mint.authority(scene.mint.fulcio.subject)
        other = copy.deepcopy(root["certificateAuthorities"][0])
        other["certChain"]["certificates"][0]["rawBytes"] = text_of(scene.mint.der_of(namesake))
        root["certificateAuthorities"].insert(0, other)
    return scene.signed, scene.mint.trusted_root(change)


def of_another_instance(scene):
    """The same names and places, and other keys everywhere."""
    def change(root):
        key = scene.mint.public_text(new_key())
        for log in [*root["tlogs"], *root["ctlogs"]]:
            log["publicKey"]["rawBytes"] = key
        for part in ("certificateAuthorities", "timestampAuthorities"):
            ca, _ = scene.mint.authority("another")
            root[part][0]["certChain"]["certificates"] = [{"rawBytes": text_of(scene.mint.der_of(ca))}]
    return scene.signed, scene.mint.trusted_root(change)
