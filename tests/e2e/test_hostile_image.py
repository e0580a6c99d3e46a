"""An image made by hand whose every word is hostile, indexed by the real Clair and matched with hostile advisories:
what `run` writes in each format, prints and logs is text and nothing else."""
import dataclasses
import json
import re

import pytest

from support import filesystems as fs
from support import images, inert, oci, records
from support.clair import Clair
from support.gate import Gate, policy_folder
from support.hostile import CORPUS
from support.postgres import Postgres
from support.process import fresh_folder
from test_hostile_reports import FORMATS, failures

INDEX_ROW_MAX = 1000  # bytes of a name: PostgreSQL's index takes no long ones
LAYERS = 24


def one_line(text):
    """What one line of a package database can hold: Clair trims its ends, and PostgreSQL refuses NUL."""
    return re.sub("[\0\r\n]", "", text)[:INDEX_ROW_MAX // 4].strip(" \t\r\n\x0b\x0c\x85\xa0\u2028\u2029\u3000\u202f")


LINES = list(dict.fromkeys(line for line in (one_line(one.text) for one in CORPUS) if line))
# dpkg's and Python's are read as headers of a message, whose values hold no control characters; apk's hold them all.
HEADERS = [line for line in LINES if not re.search("[\0-\x1f\x7f]", line)]
TEXTS = [one.text.replace("\0", "")[:INDEX_ROW_MAX] for one in CORPUS]
URLS = [one.text.replace("\0", "") for one in CORPUS if one.aim in ("links", "HTML and XML")]


def advisories():
    """Of each package that is named with a hostile line or has one as its version, in hostile words."""
    def about(name, i, **place):
        words = {name: TEXTS[(i + shift) % len(TEXTS)] for shift, name in enumerate(("id", "description", "raw"), 1)}
        return records.vulnerability(words["id"] or "x", name, ("Critical", "High", "Low")[i % 3], "",
                                     raw=words["raw"],
                                     description=words["description"], links=" ".join(
                                         [URLS[i % len(URLS)], f"https://evil.test/a{i})](b)",
                                          TEXTS[i % len(TEXTS)]]), **place)
    debian = [about(line, i, distribution=records.DEBIAN) for i, line in enumerate(LINES)]
    debian += [about(f"harmless-{i}", i, distribution=records.DEBIAN) for i in range(len(LINES))]
    alpine = [about(line, i + 7, distribution=records.ALPINE) for i, line in enumerate(LINES)]
    pypi = [about(line.lower(), i + 13, kind="binary", repository=records.PYPI) for i, line in enumerate(LINES)]
    return [*records.update("debian/updater", debian), *records.update("alpine-main-v3.19-updater", alpine),
            *records.update("osv/pypi", pypi),
            *records.update("::error::x ##vso[task.complete] \u202e", debian[:1])]


@pytest.fixture(scope="module")
def hostile_clair(root):
    """Of its own: the advisories would be in the reports of other tests."""
    postgres = Postgres()
    server = Clair(postgres)
    server.load(advisories())
    yield server
    server.stop()
    postgres.stop()


def json_of(value):
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def with_words(image):
    """The image with a history, labels and annotations of hostile words: one instruction for each layer, and more."""
    config, *rest = image.blobs
    said = json.loads(config.data)
    words = [one.text[:5000] for one in CORPUS]
    said["history"] = [{"created_by": words[(11 * i) % len(words)], "comment": words[i], "author": words[i],
                        **({"empty_layer": True} if i >= len(image.layers) else {})} for i in range(len(words))]
    said["author"] = words[0]
    # A member's name that needs escapes is refused by our reader, and the image with it.
    names = [text for text in words if json_of(text)[1:-1] == text.encode()]
    said["config"] = {"Labels": dict(zip(names, words)), "Env": words, "Entrypoint": words}
    config = oci.Blob(config.media_type, json_of(said))
    manifest = json.loads(image.manifest.data)
    manifest["config"] = config.descriptor()
    manifest["annotations"] = dict(zip(names, words)) | {
        "org.opencontainers.image.base.name": words[5], "org.opencontainers.image.base.digest": words[6]}
    return dataclasses.replace(image, manifest=oci.Blob(image.manifest.media_type, json_of(manifest)),
                               blobs=(config, *rest))


def debian_hostile():
    """Names, and versions of packages with harmless names, over many layers, each of which adds some."""
    packages = [(line, "1.0") for line in HEADERS] + [(f"harmless-{i}", line) for i, line in enumerate(HEADERS)]
    layers = [images.fresh(fs.debian(dict(packages[:len(packages) * (i + 1) // LAYERS]))) for i in range(LAYERS)]
    return with_words(oci.image(*layers))


def alpine_hostile():
    blocks = [f"P:{line}\nV:{LINES[-i]}\nA:{LINES[i - 5]}\no:{line}\nT:x\n" for i, line in enumerate(LINES)]
    return with_words(oci.image(images.fresh({"etc/os-release": fs.ALPINE_319,
                                              "lib/apk/db/installed": "\n".join(blocks) + "\n"})))


def python_hostile():
    files = {}
    for i, line in enumerate(HEADERS):
        files[f"opt/{i}.dist-info/METADATA"] = f"Metadata-Version: 2.1\nName: {line}\nVersion: 1.{i}\n"
    return with_words(oci.image(fs.debian(images.PATCHED), images.fresh(files)))


def distribution_hostile():
    """A distribution of which Clair knows nothing has a name of the image's own making."""
    words = [line for line in LINES if not set(line) & set("\"'\\`$")]
    release = "".join(f'{key}="{word}"\n' for key, word in zip(
        ("ID", "NAME", "VERSION", "VERSION_ID", "VERSION_CODENAME", "PRETTY_NAME"), words))
    return with_words(oci.image(images.fresh(fs.with_dpkg(release, {line: "1.0" for line in HEADERS}))))


MAKERS = {"debian": debian_hostile, "alpine": alpine_hostile, "python": python_hostile,
          "distribution": distribution_hostile}


@dataclasses.dataclass
class Scanned:
    """What `run` made of a hostile image, and what Clair says of it."""
    gate: Gate
    files: dict
    ended: object
    clair: dict


@pytest.fixture(scope="module", params=MAKERS)
def scanned(request, hostile_clair, registry):
    gate = Gate(fresh_folder("hostile-image"))
    image = MAKERS[request.param]()
    registry.push("hostile", image)
    files = {form: gate.folder / form for form in FORMATS}
    ended = gate("run", "--image", registry.reference("hostile", image), "--clair-url", hostile_clair.url,
                 "--clair-psk-file", hostile_clair.psk_file, "--policy", policy_folder(gate.folder, "block"),
                 "--log-level",
                 "debug", "-o", "table", *(f"-o{form}={file}" for form, file in files.items()), timeout=120)
    assert ended.status in (0, 1), ended.explain()[:3000]
    return Scanned(gate, files, ended, hostile_clair.vulnerability_report(image.digest))


def test_clair_took_the_hostile_words(scanned, request):
    """Else this file would prove nothing."""
    names = {one["name"] for one in scanned.clair["packages"].values()}
    assert len(names & set(LINES) | names & {line.lower() for line in LINES}) >= 120 or len(names) >= 200


def test_nothing_that_is_printed_or_logged_acts(scanned):
    for said, form in ((scanned.ended.stdout, "table"), (scanned.ended.stderr, "log")):
        failures(inert.offences(said.encode("utf-8", "surrogateescape"), form))


def test_no_file_acts(scanned):
    failures((form, offence) for form, file in scanned.files.items()
             for offence in inert.offences(file.read_bytes(), form))


def test_the_report_holds_exactly_what_clair_said(scanned):
    report = inert.json_of(scanned.files["json"].read_bytes())
    packages, vulnerabilities = scanned.clair["packages"], scanned.clair["vulnerabilities"]
    wanted = {(packages[package]["name"], packages[package]["version"])
              for package, found in scanned.clair["package_vulnerabilities"].items() if found}
    assert {(one["package"]["name"], one["package"]["version"]) for one in report["findings"]} == wanted
    described = {one["description"] for one in vulnerabilities.values()}
    assert all(any(known.startswith(one["description"].removesuffix("…")) for known in described)
               for one in report["findings"])


def test_every_parser_reads_every_file_and_finds_the_names(scanned):
    report = inert.json_of(scanned.files["json"].read_bytes())
    names = {one["package"]["name"] for one in report["findings"]}
    forms = [form for form in FORMATS if form not in ("table", "dotenv", "openvex", "markdown", "markdown-comment")]
    for form, leaves in inert.leaves_of({form: (form, scanned.files[form]) for form in FORMATS
                                         if form not in ("table", "dotenv")}).items():
        if form not in forms:
            continue
        whole = "\n".join(value for _, value in leaves)
        missing = [name for name in names if inert.front(inert.expected(name, form), 60) not in whole]
        assert not missing, (form, missing[:5])
    inert.dotenv_leaves(scanned.files["dotenv"].read_bytes())


def test_convert_writes_what_the_run_wrote(scanned):
    again = {form: scanned.gate.folder / f"again-{form}" for form in FORMATS}
    ended = scanned.gate("convert", scanned.files["json"], *(f"-o{form}={file}" for form, file in again.items()))
    assert ended.status == 0, ended.explain()[:2000]
    for form, file in again.items():
        assert file.read_bytes() == scanned.files[form].read_bytes(), form


@pytest.mark.parametrize("turn", range(4))
def test_a_base_image_of_a_hostile_name_is_no_base_and_no_request(hostile_clair, registry, gate, turn):
    names = [one.text for one in CORPUS if one.aim in ("links", "shell", "CI log")]
    annotations = {"org.opencontainers.image.base.name": names[9 * turn],
                   "org.opencontainers.image.base.digest": names[9 * turn + 1]}
    image = oci.image(images.fresh(fs.debian(images.PATCHED)), annotations=annotations)
    registry.push("hostile", image)
    ended = gate("run", "--image", registry.reference("hostile", image), "--clair-url", hostile_clair.url,
                 "--clair-psk-file", hostile_clair.psk_file, "-o", "table", "--log-level", "debug")
    assert ended.status in (0, 1), ended.explain()
    for said, form in ((ended.stdout, "table"), (ended.stderr, "log")):
        failures(inert.offences(said.encode("utf-8", "surrogateescape"), form))
