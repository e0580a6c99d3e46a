"""Signed evidence in a repository of its own: made by whole runs, and read back without clairgate."""
import base64
import json
import time
import uuid

from support import attachments
from support.gate import policy_folder
from support.intruder import Intruder
from support.process import run

FILE = "report.sigstore.json"
VULN = "https://cosign.sigstore.dev/attestation/vuln/v1"
SUMMARY = "https://slsa.dev/verification_summary/v1"


def wait_for_the_next_second():
    """Reports of one second stay beside each other: none of them is the older one."""
    begun = int(time.time())
    while int(time.time()) == begun:
        time.sleep(0.01)


class Place:
    """The image in a repository of its own, and the key that signs for it."""

    def __init__(self, gated, server, image, host=None):
        self.gated, self.server, self.image = gated, server, image
        self.key, self.public = gated.folder / "team.key", gated.folder / "team.pub"
        if not self.key.exists():
            run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.key)
            run("openssl", "pkey", "-in", self.key, "-pubout", "-out", self.public)
            self.key.chmod(0o600)
        self.repository = f"faults/{uuid.uuid4().hex[:12]}"
        server.push(self.repository, image)
        self.reference = f"{host or server.host}/{self.repository}@{image.digest}"

    def arguments(self, policy, attach="always"):
        clair = self.gated.clair
        return ["run", "--image", self.reference, "--clair-url", clair.url, "--clair-psk-file", clair.psk_file,
                "--policy", policy_folder(self.gated.folder, policy), "-o", f"json={self.gated.folder / 'r.json'}",
                "--sign", self.key, "--bundle", FILE, "--attach", attach]

    def sign(self, policy="allow", status=None, **options):
        """A whole run; its report."""
        wait_for_the_next_second()
        ended = self.gated(*self.arguments(policy, **options))
        assert ended.status == (status if status is not None else int(policy == "block")), ended.explain()
        return json.loads((self.gated.folder / "r.json").read_text())

    def verify(self, *arguments, policy="allow"):
        by = [] if policy is None else ["--policy", policy_folder(self.gated.folder, policy)]
        return self.gated("verify", self.reference, "--key", self.public, *by, *arguments)

    def bundles(self):
        """Of the run before."""
        return [line.encode() for line in (self.gated.folder / FILE).read_text().splitlines()]

    def intruder(self):
        return Intruder(self.server, self.repository, self.image.digest)

    def attached(self):
        """The predicate types beside the image, of its bundles and of its envelopes."""
        where = self.server, self.repository, self.image.digest
        envelopes = [json.loads(bundle)["dsseEnvelope"] for bundle in attachments.bundles(*where)]
        return tuple(sorted(json.loads(base64.b64decode(one["payload"]))["predicateType"] for one in all_of)
                     for all_of in (envelopes, [json.loads(one) for one in attachments.envelopes(*where)]))

    def check_one_of_each(self):
        """One report and its summary in each form, and they are what verify finds."""
        assert self.attached() == ([VULN, SUMMARY], [VULN, SUMMARY])
        ended = self.verify()
        assert ended.status == 0 and "left out" not in ended.stderr, ended.explain()
