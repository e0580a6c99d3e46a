"""A policy named by a tag: believed only when what the tag names now is signed with the key of --policy-key."""
import json
import re
import uuid

import pytest

from support import attachments, images, policy
from support.cosign import ALONE, BUNDLE, LEGACY, Cosign
from support.intruder import Intruder
from support.net import free_port
from support.policy import ZLIB
from support.process import run

BLOCK = '[severity]\ncritical = "block"\n'
LOOSE = '[severity]\ncritical = "allow"\n'
SIGNED = "https://sigstore.dev/cosign/sign/v1"


@pytest.fixture(params=["without referrers", "with referrers"])
def server(request, registry, referrers):
    return registry if request.param == "without referrers" else referrers


class Shelf:
    """A repository of policies, pushed by clairgate."""

    def __init__(self, gate, server):
        self.gate = gate
        self.place = f"{server.host}/policy/{uuid.uuid4().hex[:12]}"
        self.cosign = Cosign(gate.folder)
        self.tag = f"oci:{self.place}:1"

    def keys(self, name="team"):
        """A private key that is not encrypted, and its public half."""
        private, public = self.gate.folder / f"{name}.key", self.gate.folder / f"{name}.pub"
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", private)
        run("openssl", "pkey", "-in", private, "-pubout", "-out", public)
        private.chmod(0o600)
        return private, public

    def push(self, text, *arguments, files=None):
        """Pushes it as tag 1; returns repository@digest."""
        files = {"global.toml": f"# {uuid.uuid4()}\n" + text, **(files or {})}
        folder = policy.tree(self.gate.folder / "pushed", files)
        ended = self.gate("policy", "push", f"{self.place}:1", "--policy", folder, *arguments)
        assert ended.status == 0, ended.explain()
        assert re.fullmatch(rf"oci:{re.escape(self.place)}@sha256:[0-9a-f]{{64}}\n", ended.stdout), ended.explain()
        return ended.stdout.strip().removeprefix("oci:")

    def sign(self, reference, pair, layout=BUNDLE):
        self.cosign.must("sign", "--yes", "--key", pair.private, *ALONE, "--allow-http-registry=true", *layout,
                         reference, env={"COSIGN_PASSWORD": pair.password})


@pytest.fixture
def shelf(gate, server):
    return Shelf(gate, server)


def refused(gate, stored, shelf, key, status=2):
    """Judging by the tag ends without a verdict; what was said."""
    ended, report = gate.judge(stored["unfixed"], "--policy-source", shelf.tag, "--policy-key", key)
    assert ended.status == status and report is None and ended.stdout == "", ended.explain()
    return ended.stderr


def test_what_cannot_be_signed_is_not_pushed(gate, stored, shelf):
    _, public = shelf.keys()
    folder = policy.tree(gate.folder / "pushed", {"global.toml": BLOCK})
    for key in ("nowhere.key", public):
        ended = gate("policy", "push", f"{shelf.place}:1", "--policy", folder, "--sign", key)
        assert ended.status == 2 and "signing the policy" in ended.stderr, ended.explain()
    assert "there is no policy" in refused(gate, stored, shelf, public)


def test_a_signed_policy_is_judged_by_its_tag(gate, stored, shelf):
    private, public = shelf.keys()
    for text, status, form in ((BLOCK, 1, "bundle"), (LOOSE, 0, "att"), (BLOCK, 1, "both"), (LOOSE, 0, "both")):
        pinned = shelf.push(text, "--sign", private, "--storage", form,
                            files={"application/shop.toml": policy.allow(ZLIB)})
        ended, report = gate.judge(stored["unfixed"], "--policy-source", shelf.tag, "--policy-key", public)
        assert ended.status == status, ended.explain()
        assert report["policy"]["trusted"] is True and report["policy"]["source"] == f"oci:{pinned}"
        assert f"oci:{pinned}" in ended.stdout, ended.explain()
        ended, _ = gate.judge(stored["unfixed"], "--policy-source", f"oci:{pinned}")
        assert ended.status == status, ended.explain()
    explained = gate("policy", "explain", "--application", "shop", "--policy-source", shelf.tag, "--policy-key",
                     public)
    assert explained.status == 0, explained.explain()
    assert re.search(r"severity.critical +allow +global.toml:4:1", explained.stdout), explained.explain()
    assert f"allow {ZLIB}" in explained.stdout, explained.explain()


def test_run_and_verify_are_judged_by_a_tag(gated, clair, registry, server):
    shelf = Shelf(gated, server)
    private, public = shelf.keys()
    by = ["--policy-source", shelf.tag, "--policy-key", public]
    image = images.debian_unfixed()
    registry.push("app", image)
    reference, file = registry.reference("app", image), gated.folder / "report.json"
    for text, status in ((BLOCK, 1), (LOOSE, 0)):
        pinned = shelf.push(text, "--sign", private)
        ended = gated("run", "--image", reference, "--clair-url", clair.url, "--clair-psk-file", clair.psk_file, *by,
                      "-o", f"json={file}", "--sign", private, "--bundle", "b.sigstore.json", "--attach", "never")
        assert ended.status == status, ended.explain()
        report = json.loads(file.read_text())
        assert report["policy"]["source"] == f"oci:{pinned}" and report["policy"]["trusted"] is True
        ended = gated("verify", reference, "--key", public, "--bundle", "b.sigstore.json", *by)
        assert ended.status == status and "under a trusted policy" in ended.stderr, ended.explain()
    folder = policy.tree(gated.folder / "policy", {"global.toml": BLOCK})
    ended = gated("verify", reference, "--key", public, "--bundle", "b.sigstore.json", "--policy", folder,
                  "--policy-source", f"global={shelf.tag}", "--policy-key", public)
    assert ended.status == 0, ended.explain()


def test_a_tag_that_was_moved_decides_nothing(gate, stored, shelf):
    private, public = shelf.keys()
    others, _ = shelf.keys("other")
    signed = shelf.push(BLOCK, "--sign", private)
    unsigned = shelf.push(LOOSE)
    assert "verifies with --policy-key" in refused(gate, stored, shelf, public)
    foreign = shelf.push(LOOSE, "--sign", others)
    assert foreign in refused(gate, stored, shelf, public)
    assert len({signed, unsigned, foreign}) == 3
    explained = gate("policy", "explain", "--policy-source", shelf.tag, "--policy-key", public)
    assert explained.status == 2 and explained.stdout == "", explained.explain()


def test_the_signature_of_another_policy_does_not_count(gate, stored, server, shelf):
    private, public = shelf.keys()
    repository, _, signed = shelf.push(BLOCK, "--sign", private).partition("/")[2].partition("@")
    loose = shelf.push(LOOSE).partition("@")[2]
    [signature] = attachments.bundles(server, repository, signed)
    Intruder(server, repository, loose).refer([signature], SIGNED)
    assert attachments.bundles(server, repository, loose) == [signature]
    assert "no signature of" in refused(gate, stored, shelf, public)


def test_an_attestation_is_no_signature(gate, stored, shelf):
    pair = shelf.cosign.generate_key_pair()
    pinned = shelf.push(LOOSE)
    for layout in (BUNDLE, LEGACY):
        ended = shelf.cosign.attest(pinned, {"scanner": {"result": {}}}, key=pair, layout=layout)
        assert ended.status == 0, ended.explain()
    assert "no signature of" in refused(gate, stored, shelf, pair.public)


def test_what_cosign_signs_is_believed(gate, stored, shelf):
    pair = shelf.cosign.generate_key_pair()
    pinned = shelf.push(BLOCK)
    # The tag `.sig` of cosign 2 holds no statement about the digest that we read.
    shelf.sign(pinned, pair, LEGACY)
    refused(gate, stored, shelf, pair.public)
    shelf.sign(pinned, pair)
    ended, report = gate.judge(stored["unfixed"], "--policy-source", shelf.tag, "--policy-key", pair.public)
    assert ended.status == 1 and report["policy"]["source"] == f"oci:{pinned}", ended.explain()
    shelf.sign(pinned, shelf.cosign.generate_key_pair("other"))  # a second signature takes nothing away
    ended, _ = gate.judge(stored["unfixed"], "--policy-source", shelf.tag, "--policy-key", pair.public)
    assert ended.status == 1, ended.explain()


def test_cosign_believes_what_we_sign(gate, shelf):
    private, public = shelf.keys()
    _, other = shelf.keys("other")
    pinned = shelf.push(BLOCK, "--sign", private)
    for key, is_believed in ((public, True), (other, False)):
        ended = shelf.cosign("verify", "--key", key, "--insecure-ignore-tlog=true", "--allow-http-registry=true",
                             pinned)
        assert (ended.status == 0) == is_believed, ended.explain()


def test_what_is_not_there_decides_nothing(gate, stored, shelf):
    private, public = shelf.keys()
    assert "there is no policy" in refused(gate, stored, shelf, public)
    shelf.push(LOOSE, "--sign", private)
    for key in (gate.folder / "nowhere.pub", gate.folder / "empty.pub"):
        (gate.folder / "empty.pub").write_text("")
        assert "--policy-key" in refused(gate, stored, shelf, key)
    nowhere = f"oci:127.0.0.1:{free_port()}/a/policy:1"
    ended, report = gate.judge(stored["unfixed"], "--policy-source", nowhere, "--policy-key", public, "--timeout", "2s")
    assert ended.status == 3 and report is None, ended.explain()
