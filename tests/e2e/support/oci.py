"""OCI images made by hand: layers, configuration, manifest, index, all deterministic."""
import dataclasses
import gzip
import hashlib
import io
import json
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
DOCKER = {
    MANIFEST: "application/vnd.docker.distribution.manifest.v2+json",
    INDEX: "application/vnd.docker.distribution.manifest.list.v2+json",
    CONFIG: "application/vnd.docker.container.image.v1+json",
    LAYER: "application/vnd.docker.image.rootfs.diff.tar.gzip",
}


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


@dataclasses.dataclass(frozen=True)
class Blob:
    media_type: str
    data: bytes

    @property
    def digest(self):
        return digest_of(self.data)

    def descriptor(self, **more):
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.data), **more}


def tar_of(files):
    """files: {path: text or bytes}; a path that ends in / is a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path, content in files.items():
            entry = tarfile.TarInfo(path.rstrip("/"))
            if path.endswith("/"):
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
                continue
            data = content.encode() if isinstance(content, str) else content
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def layer(files):
    return Blob(LAYER, gzip.compress(tar_of(files), mtime=0))


@dataclasses.dataclass(frozen=True)
class Image:
    """One platform: what it needs in the registry (blobs) and its manifest."""
    manifest: Blob
    blobs: tuple
    layers: tuple

    @property
    def digest(self):
        return self.manifest.digest


@dataclasses.dataclass(frozen=True)
class Index:
    manifest: Blob
    children: tuple

    @property
    def digest(self):
        return self.manifest.digest


def image(*layers_files, architecture="amd64", docker=False, annotations=None):
    """layers_files: one {path: content} per layer, base first."""
    kind = (lambda name: DOCKER[name]) if docker else (lambda name: name)
    layers = tuple(Blob(kind(LAYER), layer(files).data) for files in layers_files)
    config = Blob(kind(CONFIG), json.dumps({
        "architecture": architecture, "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(gzip.decompress(one.data)) for one in layers]},
    }).encode())
    manifest = {"schemaVersion": 2, "mediaType": kind(MANIFEST), "config": config.descriptor(),
                "layers": [one.descriptor() for one in layers]}
    if annotations:
        manifest["annotations"] = annotations
    return Image(Blob(kind(MANIFEST), json.dumps(manifest).encode()), (config, *layers), layers)


def attestation_of(subject):
    """What buildx adds to an index beside each platform: a manifest that no scanner can read."""
    statement = Blob("application/vnd.in-toto+json", b'{"_type":"https://in-toto.io/Statement/v0.1"}')
    config = Blob(CONFIG, b'{"architecture":"unknown","os":"unknown","rootfs":{"type":"layers","diff_ids":[]}}')
    manifest = Blob(MANIFEST, json.dumps({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": config.descriptor(),
        "layers": [statement.descriptor()]}).encode())
    child = Image(manifest, (config, statement), (statement,))
    return child, manifest.descriptor(
        platform={"os": "unknown", "architecture": "unknown"},
        annotations={"vnd.docker.reference.type": "attestation-manifest",
                     "vnd.docker.reference.digest": subject.digest})


def index(platforms, attested=True):
    """platforms: {"amd64": Image, …}, with an attestation child beside each when attested."""
    children, entries = [], []
    for architecture, child in platforms.items():
        children.append(child)
        entries.append(child.manifest.descriptor(platform={"os": "linux", "architecture": architecture}))
        if attested:
            attestation, entry = attestation_of(child)
            children.append(attestation)
            entries.append(entry)
    body = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()
    return Index(Blob(INDEX, body), tuple(children))
