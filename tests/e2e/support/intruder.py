"""Somebody who may push to a repository, and puts beside an image what nobody should believe."""
import itertools
import json

from support import oci
from support.attachments import BUNDLE, ENVELOPE, manifest, referrers

EMPTY = oci.Blob("application/vnd.oci.empty.v1+json", b"{}")
_count = itertools.count()


class Intruder:
    """Beside one digest. Writes the fallback tag where the registry has no referrers API."""

    def __init__(self, server, repository, digest):
        self.server, self.repository, self.digest = server, repository, digest
        answer = server.call("GET", f"/v2/{repository}/manifests/{digest}",
                             headers={"Accept": f"{oci.MANIFEST}, {oci.INDEX}"}, repository=repository)
        self.subject = {"mediaType": answer.headers["Content-Type"], "digest": digest, "size": len(answer.body)}

    def refer(self, blobs, predicate_type, artifact_type=BUNDLE, size=None):
        """A referrer for each of the blobs (bytes). size: what its descriptor says instead of the truth."""
        entries = []
        layers = [oci.Blob(BUNDLE, data) for data in blobs]
        for blob in {EMPTY, *layers}:
            self.server.push_blob(self.repository, blob)
        for layer in layers:
            annotations = {"dev.sigstore.bundle.content": "dsse-envelope", "number": str(next(_count)),
                           "dev.sigstore.bundle.predicateType": predicate_type}
            body = {"schemaVersion": 2, "mediaType": oci.MANIFEST, "artifactType": artifact_type,
                    "config": EMPTY.descriptor(), "layers": [layer.descriptor()], "subject": self.subject,
                    "annotations": annotations}
            if size is not None:
                body["layers"][0]["size"] = size
            referrer = oci.Blob(oci.MANIFEST, json.dumps(body).encode())
            self.server.put_manifest(self.repository, referrer.digest, referrer)
            entries.append(referrer.descriptor(artifactType=artifact_type, annotations=annotations))
        listing = self.server.call("GET", f"/v2/{self.repository}/referrers/{self.digest}", repository=self.repository)
        if listing.status == 404:
            listed = referrers(self.server, self.repository, self.digest) + entries
            self.put(self.digest.replace(":", "-"), oci.INDEX, {"manifests": listed})
        return [entry["digest"] for entry in entries]

    def attest(self, envelope, predicate_type):
        """One more layer of the tag `sha256-….att`, which is there already."""
        tag = self.digest.replace(":", "-") + ".att"
        there = manifest(self.server, self.repository, tag)
        layer = oci.Blob(ENVELOPE, envelope)
        self.server.push_blob(self.repository, layer)
        there["layers"].append(layer.descriptor(annotations={
            "dev.cosignproject.cosign/signature": "", "predicateType": predicate_type}))
        self.put(tag, oci.MANIFEST, there)

    def put(self, tag, media_type, content):
        body = json.dumps({"schemaVersion": 2, "mediaType": media_type, **content}).encode()
        self.server.put_manifest(self.repository, tag, oci.Blob(media_type, body))
