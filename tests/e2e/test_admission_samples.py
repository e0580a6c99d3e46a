"""The sample policies of plugins/admission: as the controllers' own schemas want them, about the predicate that
clairgate writes, and with a Rego policy that lets exactly the right reports pass."""
import copy
import os
import pathlib
import re
import uuid

import jsonschema
import pytest
import yaml

from support import images, policy
from support.clone import Clone
from support.cosign import BUNDLE, LEGACY, Cosign, statements

SAMPLES = pathlib.Path(__file__).parents[2] / "plugins/admission"
FILES = sorted(file.name for file in SAMPLES.glob("*.yaml"))
PASSWORD = {"COSIGN_PASSWORD": "correct horse"}
VULN = "https://cosign.sigstore.dev/attestation/vuln/v1"
FREE = "x-kubernetes-preserve-unknown-fields"
SURPLUS = "surplusField"
BLOCK, WARN, ALLOW = (f'[severity]\ncritical = "{action}"\n' for action in ("block", "warn", "allow"))


def documents(name):
    return list(yaml.safe_load_all((SAMPLES / name).read_text()))


def strict(schema):
    """A CRD's schema as JSON Schema, with unknown fields refused where the API server would drop them."""
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    out = {key: value for key, value in schema.items()
           if key in ("type", "enum", "required", "minimum", "maximum", "pattern", "minLength", "maxLength")}
    if "properties" in schema:
        out["properties"] = {key: strict(value) for key, value in schema["properties"].items()}
        if not schema.get(FREE) and "additionalProperties" not in schema:
            out["additionalProperties"] = False
    if isinstance(schema.get("additionalProperties"), dict):
        out["additionalProperties"] = strict(schema["additionalProperties"])
    if "items" in schema:
        out["items"] = strict(schema["items"])
    return out


@pytest.fixture(scope="module")
def schemas():
    """{(apiVersion, kind): schema} of all versions that are served, from the controllers' own modules."""
    found = {}
    for file in sorted((pathlib.Path(os.environ["E2E_ADMISSION_BIN"]) / "crd").glob("*.yaml")):
        crd = yaml.load(file.read_text(), yaml.CSafeLoader)["spec"]
        for version in crd["versions"]:
            if version["served"]:
                where = f"{crd['group']}/{version['name']}", crd["names"]["kind"]
                schema = found[where] = strict(version["schema"]["openAPIV3Schema"])
                schema["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {}}  # of every object
    return found


def mistakes(schemas, document):
    validator = jsonschema.Draft7Validator(schemas[document["apiVersion"], document["kind"]])
    return [f"{'.'.join(map(str, one.absolute_path))}: {one.message}" for one in validator.iter_errors(document)]


def mappings(value, path=()):
    """The path of every mapping in a document."""
    pending = [(path, value)]
    while pending:
        path, value = pending.pop()
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        if isinstance(value, dict):
            yield path
        pending += [((*path, key), one) for key, one in inside]


def at(document, path):
    for key in path:
        document = document[key]
    return document


def test_all_samples_are_here():
    assert FILES == ["kyverno-bundle.yaml", "kyverno-keyed.yaml", "policy-controller.yaml", "ratify.yaml"]


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_what_the_controller_takes(schemas, name):
    for document in documents(name):
        assert mistakes(schemas, document) == []


@pytest.mark.parametrize("name", FILES)
def test_a_field_that_the_controller_does_not_know_is_found_out(schemas, name):
    """Or else the test above would say nothing: the API server drops such a field, and the check with it."""
    for document in documents(name):
        for path in mappings(document):
            if "metadata" in path or "parameters" in path:
                continue  # Kubernetes' own, and whatever a plugin of Ratify reads
            wrong = copy.deepcopy(document)
            at(wrong, path)[SURPLUS] = "x"
            (mistake,) = mistakes(schemas, wrong)
            assert SURPLUS in mistake, (path, mistake)


def image_rule(name):
    (document,) = documents(name)
    (rule,) = document["spec"]["rules"]
    (images_of_rule,) = rule["verifyImages"]
    return images_of_rule


def test_both_samples_of_kyverno_ask_for_the_same():
    keyed, bundle = image_rule("kyverno-keyed.yaml"), image_rule("kyverno-bundle.yaml")
    assert (keyed.pop("type"), bundle.pop("type")) == ("Cosign", "SigstoreBundle")
    assert keyed == bundle
    (attestation,) = keyed["attestations"]
    assert attestation["type"] == VULN


@pytest.fixture(scope="module")
def rego():
    """The policy inside of the sample, under the names that the same evaluator has in the cosign program."""
    (document,) = documents("policy-controller.yaml")
    (authority,) = document["spec"]["authorities"]
    (attestation,) = authority["attestations"]
    assert attestation["predicateType"] == "vuln" and attestation["policy"]["type"] == "rego"
    text = attestation["policy"]["data"]
    assert text.startswith("package sigstore\n") and "ctlog" not in authority
    return text.replace("package sigstore", "package signature").replace("isCompliant", "allow")


@pytest.fixture
def judged(gated, registry, clair):
    """judged(policy, argument…) -> the reference of a new image, judged and signed by a trusted policy."""
    assert gated("keys", "generate", env=PASSWORD).status == 0

    def judge(text, *arguments, trusted=True):
        image = images.debian_unfixed()
        repository = f"admission/{uuid.uuid4().hex[:12]}"
        registry.push(repository, image)
        clone = Clone(gated.folder / uuid.uuid4().hex)
        clone.commit({"global.toml": text, "environment/staging.toml": ""})
        if not trusted:
            (clone.folder / policy.FOLDER / "global.toml").write_text("schema = 1\n" + text + "# changed\n")
        reference = registry.reference(repository, image)
        ended = gated("run", "--image", reference, "--clair-url", clair.url, "--clair-psk-file", clair.psk_file,
                      "--policy", clone.folder / policy.FOLDER, "--sign", "cosign.key", "--attach", "always",
                      *arguments, env=PASSWORD)
        assert ended.status == (1 if text == BLOCK else 0), ended.explain()
        return reference
    return judge


def complies(gated, reference, text):
    """Whether the policy lets the report of an image pass, in both forms that it is kept in."""
    file = gated.folder / "sample.rego"
    file.write_text(text)
    statuses = set()
    for layout in (BUNDLE, LEGACY):
        ended = Cosign(gated.folder).verify_attestation(reference, "--policy", file, layout=layout,
                                                        key=gated.folder / "cosign.pub")
        assert ended.status == 0 or "expression value, false, is not true" in ended.stderr, ended.explain()
        statuses.add(ended.status)
    (status,) = statuses
    return status == 0


def test_the_rego_policy_lets_the_right_reports_pass(gated, judged, rego):
    passed = judged(ALLOW)
    assert complies(gated, passed, rego)
    assert complies(gated, judged(WARN), rego)
    assert not complies(gated, judged(BLOCK), rego)
    assert not complies(gated, judged(ALLOW, trusted=False), rego)
    assert not complies(gated, judged(ALLOW, "--environment", "staging"), rego)
    for before, after in (("<= 24 * 60 * minute", "<= 0"), ("<= 5 * minute", "<= -60 * minute"),
                          ('"environment": null', '"environment": "staging"')):
        assert rego.count(before) == 1
        assert not complies(gated, passed, rego.replace(before, after)), before


def test_what_kyverno_looks_at_is_in_the_predicate(gated, judged):
    (attestation,) = image_rule("kyverno-keyed.yaml")["attestations"]
    (condition,) = attestation["conditions"]
    (statement,) = statements(Cosign(gated.folder).verify_attestation(judged(ALLOW), key=gated.folder / "cosign.pub"))
    asked = [re.findall(r"\{\{ ([\w.]+) \}\}", one["key"]) for one in condition["all"]]
    found = {path: at(statement["predicate"], path.split(".")) for (path,) in asked}
    assert found["scanner.result.verdict"] == "pass" and found["scanner.result.policy.trusted"] is True
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", found["metadata.scanFinishedOn"])
    assert len(found) == 3 and statement["predicateType"] == attestation["type"]
