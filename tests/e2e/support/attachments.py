"""What is attached to an image, read from a registry without cosign and without clairgate."""
from support import oci

BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
ENVELOPE = "application/vnd.dsse.envelope.v1+json"


def manifest(registry, repository, name):
    """The JSON of a manifest or an index; None where there is none."""
    answer = registry.call("GET", f"/v2/{repository}/manifests/{name}",
                           headers={"Accept": f"{oci.MANIFEST}, {oci.INDEX}"}, repository=repository)
    assert answer.status in (200, 404), (answer.status, answer.body)
    return answer.json() if answer.status == 200 else None


def blob(registry, repository, digest):
    answer = registry.call("GET", f"/v2/{repository}/blobs/{digest}", repository=repository)
    assert answer.status == 200 and oci.digest_of(answer.body) == digest, answer.status
    return answer.body


def referrers(registry, repository, digest):
    """The descriptors of what refers to a digest: by the API where it is, else by the fallback tag."""
    answer = registry.call("GET", f"/v2/{repository}/referrers/{digest}", repository=repository)
    if answer.status == 200:
        return answer.json()["manifests"]
    assert answer.status == 404, (answer.status, answer.body)
    index = manifest(registry, repository, digest.replace(":", "-"))
    return index["manifests"] if index else []


def bundles(registry, repository, digest):
    """The bundles attached to a digest, as bytes."""
    found = [manifest(registry, repository, one["digest"]) for one in referrers(registry, repository, digest)]
    return [blob(registry, repository, one["layers"][0]["digest"]) for one in found
            if one["layers"][0]["mediaType"] == BUNDLE]


def envelopes(registry, repository, digest):
    """The envelopes of the tag `sha256-….att`, as bytes."""
    attached = manifest(registry, repository, digest.replace(":", "-") + ".att")
    return [blob(registry, repository, layer["digest"]) for layer in (attached["layers"] if attached else [])
            if layer["mediaType"] == ENVELOPE]
