"""What a report may hold once it came through a format: each format's own parser, what it must read back for a text
from outside, and what no bytes may hold. Written from the formats' rules, not from our source."""
import collections
import csv
import functools
import io
import json
import os
import re
import subprocess
import unicodedata
import urllib.parse
from xml.parsers import expat

from support.process import tool

# --- what `clairgate::visible` promises: nothing that moves the cursor, reorders or hides text -------------------

# Unicode's Default_Ignorable_Code_Point: drawn as nothing at all.
IGNORABLE = ((0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2060, 0x206F), (0x3164, 0x3164),
             (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF))
ALSO = ((0xAD, 0xAD), (0x61C, 0x61C), (0x200B, 0x200F), (0x202A, 0x202E), (0xFEFF, 0xFEFF), (0xFDD0, 0xFDEF),
        (0xFFF0, 0xFFFF))


@functools.lru_cache(maxsize=None)
def is_active(character):
    code = ord(character)
    if unicodedata.category(character) in ("Cc", "Cs", "Co", "Zl", "Zp") or code & 0xFFFE == 0xFFFE:
        return True
    return any(first <= code <= last for first, last in IGNORABLE + ALSO)


def _shown(character):
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:04x}}}"


@functools.lru_cache(maxsize=None)  # of the corpus, many times
def visible(text):
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(one) if is_active(one) else one for one in text)


def front(text, bytes_max):
    data = text.encode()
    return text if len(data) <= bytes_max else data[:bytes_max].decode(errors="ignore")


# --- what a format's reader sees for a text -----------------------------------------------------------------------

EXACT = ("json", "cyclonedx", "openvex")  # for programs: the text itself
SIGNS = tuple("=+-@＝＋－＠")
LEADS = " \"'\u00a0\u3000"  # a spreadsheet looks past them


def _no_formula(cell):
    """A text that would be a formula, in a sheet of commas or of semicolons, is quoted as spreadsheets quote."""
    parts = cell.split(";")
    return ";".join("'" + part if part.lstrip(LEADS).startswith(SIGNS) else part for part in parts)


def expected(text, form):
    """The whole text as that format's parser must give it back; where a limit cuts it: see `fits`."""
    return _finished(text if form in EXACT else visible(text), form)


def _finished(value, form):
    if form == "csv":
        broken = re.sub("(?<=#)#", r"\\x23", _no_formula(value))
        return re.sub("(?:(?<=section_start)|(?<=section_end)|(?<=travis_fold)|(?<=travis_time)):", r"\\x3a", broken)
    # Lines of prose stay lines in HTML; `leaves_of` tells them as the rest of the document would.
    return value.replace(r"\x0d\x0a", r"\x0a") if form == "html" else value


PLACE = ":7:3"  # of line 7, column 3: cut with the file that it is of
MARKER = re.compile(rf"zq(\d{{5}})x({PLACE})?")
CUT = ("…", "...")


def marker(number):
    """A harmless text that says which one it is: the twin of a hostile report is made of them."""
    return f"zq{number:05d}x"


def filled(template, texts, form):
    """What a twin's value becomes with the texts in place of its marks."""
    seen = (lambda text: text) if form in EXACT else visible
    return _finished(MARKER.sub(lambda found: seen(texts[int(found[1])]) + (found[2] or ""), template), form)


def _after(value, at, piece):
    """Where a value goes on behind a piece that stands at `at`, whole or cut; None when it does not stand there."""
    if value.startswith(piece, at):
        return at + len(piece)
    same = len(os.path.commonprefix([value[at:at + len(piece)], piece]))
    return next((at + same + len(mark) for mark in CUT if value.startswith(mark, at + same)), None)


def fits(template, value, texts, form):
    """Whether a value is what the twin's value says with the texts in it, whole or each cut with a visible mark."""
    whole = filled(template, texts, form)
    if value == whole or any(value.endswith(mark) and whole.startswith(value[:-len(mark)]) for mark in CUT):
        return True
    pieces = MARKER.split(template)  # words of ours, the number of a text, its place, words of ours…
    at = len(pieces[0]) if value.startswith(pieces[0]) else None
    for number, place, ours in zip(pieces[1::3], pieces[2::3], pieces[3::3]):
        at = None if at is None else _after(value, at, expected(texts[int(number)], form) + (place or ""))
        if at is not None and place and value.startswith(place, at):  # it stands behind what was cut before
            at += len(place)
        at = None if at is None or not value.startswith(ours, at) else at + len(ours)
    return at == len(value)


HASH = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{16,64}\b")


# Members of which a format takes a part: GitLab wants "debian:12" of "debian 12 (bookworm)".
PARTS = {".vulnerabilities[].location.operating_system":
         lambda text: text.split(" (")[0].strip(" \t\n\r\f\v").replace(" ", ":") or "unknown"}


def differences(twin, leaves, texts, form):
    """What a hostile report's leaves are beyond the twin's with each mark replaced. Neither the order nor values that
    are hashes of the texts count."""
    wanted, got, out = {}, {}, []
    parts = {path: [part(text) for text in texts] for path, part in PARTS.items() if form == "gitlab"}
    for path, template in twin:
        wanted.setdefault(path, []).append((template, filled(template, parts.get(path, texts), form)))
    for path, value in leaves:
        got.setdefault(path, []).append(value)
    for path in (wanted.keys() | got.keys()) - {"outside code"}:
        values = collections.Counter(got.get(path, ()))
        left = []
        for template, whole in wanted.get(path, ()):
            if values[whole] > 0:
                values[whole] -= 1
            else:
                left.append((template, whole))
        values = list(values.elements())
        for template, whole in left:
            one = next((one for one in values if fits(template, one, parts.get(path, texts), form)
                        or HASH.sub("#", one) == HASH.sub("#", template)), None)
            if one is None:
                out.append(f"{path}: wanted {template[:200]!r} = {whole[:300]!r}, "
                           f"not among {[one[:300] for one in values][:3]!r}")
            else:
                values.remove(one)
        if len(values) > sum(line.startswith(f"{path}: wanted") for line in out):
            out.append(f"{path}: more than in the twin: {[one[:300] for one in values][:3]!r}")
    return out


# --- raw bytes ----------------------------------------------------------------------------------------------------

ANYWHERE = re.compile(r"##\[|##vso\[|##teamcity\[|section_(start|end):\d+:\w|travis_(fold|time):(start|end):\w")
AT_LINE_START = re.compile(r"(\s*::|--- evil|\^\^\^ \+\+\+)")


def offences(data, form):
    """What a terminal or a CI log would act on, were the document printed there."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return [f"not UTF-8: {error}"]
    out = []
    if form == "csv":
        if text.replace("\r\n", "").count("\r") or text.replace("\r\n", "").count("\n"):
            out.append("a line end that is not CRLF")
        text = text.replace("\r\n", "\n")
    active = {one for one in set(text) if is_active(one)} - {"\n"}
    if active:
        at = next(i for i, one in enumerate(text) if one in active)
        out.append(f"active characters {sorted(map(_shown, active))}, the first in {text[max(0, at - 40):at + 40]!r}")
    for line in text.split("\n"):
        if AT_LINE_START.match(line):
            out.append(f"a line that begins with a marker: {line[:120]!r}")
    for found in ANYWHERE.finditer(text):
        out.append(f"{found[0]!r} in {text[max(0, found.start() - 60):found.end() + 60]!r}")
    if text and not text.endswith("\n"):
        out.append("no line break at the end")
    return out


# --- parsers: a document as leaves, each a path without indices and its text ---------------------------------------

def _unique(pairs):
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), f"a key twice: {keys}"
    return dict(pairs)


def json_of(data):
    return json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=lambda word: 1 / 0)


def _read(value):
    """A package URL tells the name and version of a package percent-encoded."""
    return urllib.parse.unquote(value) if value.startswith("pkg:") else value


def json_leaves(data):
    out, stack = [], [("", json_of(data))]
    # GitLab wants the name and the version of a distribution apart; there may be none.
    properties = stack[0][1].get("metadata", {}).get("properties") if isinstance(stack[0][1], dict) else None
    for one in [one for one in properties or ()
                if one["name"].startswith("gitlab:container_scanning:operating_system")]:
        properties.remove(one)
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{path}.{key}", one) for key, one in value.items()]
            out.append((path, "{}"))
        elif isinstance(value, list):
            stack += [(path + "[]", one) for one in value]
            out.append((path, f"[{len(value)}]"))
        else:
            assert not isinstance(value, str) or value.isascii() or value.encode()  # no lone surrogate
            out.append((path, _read(value) if isinstance(value, str) else json.dumps(value)))
    return out


def xml_leaves(data):
    out, path, texts = [], [], []
    parser = expat.ParserCreate()

    def refuse(*arguments):
        raise AssertionError(f"more than elements and text: {arguments}")

    def start(name, attributes):
        path.append(name)
        texts.append("")
        out.append(("/".join(path), "<>"))
        out.extend((f"{'/'.join(path)}@{key}", value) for key, value in attributes.items())

    def end(_):
        text = texts.pop()
        if text.strip():
            out.append(("/".join(path), text.strip("\n")))
        path.pop()

    def characters(text):
        texts[-1] += text
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.CommentHandler = parser.ProcessingInstructionHandler = parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(data, True)
    return out


def csv_leaves(data):
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    header = rows[0]
    assert all(len(row) == len(header) for row in rows), [row for row in rows if len(row) != len(header)][:1]
    formulas = [cell for row in rows for cell in row for part in cell.split(";")
                if part.lstrip(LEADS.replace("'", "")).startswith(SIGNS)]
    assert not formulas, f"formulas: {formulas[:3]!r}"
    return [(key, cell) for row in rows[1:] for key, cell in zip(header, row)]


DOTENV = re.compile(r"([A-Z][A-Z0-9_]*)=((?:[A-Za-z0-9_./:@+-]|%[0-9A-F]{2})*)")


def dotenv_leaves(data):
    """GitLab's grammar, and values that no shell would look at twice: what else there is is percent-encoded."""
    lines = data.decode().splitlines()
    assert len(data) <= 5000 and len(lines) <= 20, (len(data), len(lines))
    found = [DOTENV.fullmatch(line) for line in lines]
    assert all(found), [line for line, one in zip(lines, found) if not one][:3]
    assert len({one[1] for one in found}) == len(found), "a variable twice"
    return [(one[1], urllib.parse.unquote(one[2], errors="strict")) for one in found]


# The parsers of browsers and of GitHub's Markdown; run in a folder with these packages.
NODE = r"""
import fs from "node:fs";
import { parse } from "parse5";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfm } from "micromark-extension-gfm";
import { gfmFromMarkdown } from "mdast-util-gfm";

function html(text) {
  const errors = [], out = [];
  const root = parse(text, { onParseError: (error) => errors.push(error.code), scriptingEnabled: false });
  const walk = [[root, ""]];
  while (walk.length) {
    const [node, path] = walk.pop();
    const here = node.nodeName.startsWith("#document") ? path : path + "/" + node.nodeName;
    if (node.nodeName === "#text") { if (node.value.trim()) out.push([here, node.value]); continue; }
    if (node.nodeName === "#comment") { out.push([here, node.data]); continue; }
    out.push([here, "<>"]);
    for (const { name, value } of node.attrs ?? []) out.push([here + "@" + name, value]);
    const children = node.nodeName === "template" ? node.content.childNodes : node.childNodes ?? [];
    for (const child of children) walk.push([child, here]);
  }
  return [...out, ...errors.map((code) => ["parse error", code])];
}

function markdown(text) {
  const out = [];
  const walk = [[fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }), ""]];
  while (walk.length) {
    const [node, path] = walk.pop();
    const here = path + "/" + node.type;
    out.push([here, node.value ?? "<>"]);
    for (const key of ["url", "title", "alt", "label", "identifier", "lang", "meta", "depth", "checked"])
      if (node[key] !== undefined && node[key] !== null) out.push([here + "@" + key, String(node[key])]);
    let words = "";  // a text may be told in several spans
    for (const child of [...(node.children ?? []), null]) {
      if (child?.type === "text" || child?.type === "inlineCode") {
        words += child.value;
        if (child.type === "text") out.push(["outside code", child.value]);
        continue;
      }
      if (words !== "") out.push([here + "/words", words]);
      words = "";
      if (child) walk.push([child, here]);
    }
  }
  return out;
}

// The members of a JSON document that its reader takes for Markdown.
function members(value, pattern) {
  const out = [];
  const walk = [["", JSON.parse(value)]];
  while (walk.length) {
    const [path, node] = walk.pop();
    if (typeof node === "string" && new RegExp(pattern).test(path))
      for (const [inner, text] of markdown(node)) out.push([inner === "outside code" ? inner : path + inner, text]);
    if (node === null || typeof node !== "object") continue;
    const step = (key) => path + (Array.isArray(node) ? "[]" : "." + key);
    for (const [key, child] of Object.entries(node)) walk.push([step(key), child]);
  }
  return out;
}

for (const [kind, file] of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const text = fs.readFileSync(file, "utf8");
  const leaves = kind === "html" ? html(text) : kind === "markdown" ? markdown(text) : members(text, kind);
  process.stdout.write(JSON.stringify(leaves) + "\n");
}
"""


def node_leaves(documents):
    """documents: [("html", "markdown" or a pattern of JSON members, file)], all in one start of Node."""
    folder = os.environ.get("E2E_REPORTS_BIN")
    assert folder, "E2E_REPORTS_BIN is not set; tests/run sets it to what tests/peers/build reports prints"
    asked = json.dumps([[kind, str(file)] for kind, file in documents]).encode()
    done = subprocess.run([tool("node", folder), "--input-type=module", "-e", NODE], cwd=folder, input=asked,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [[tuple(leaf) for leaf in json.loads(line)] for line in done.stdout.decode().split("\n")[:-1]]


# What GitHub and GitLab act on in the text of a comment after Markdown is done with it, outside code.
REFERENCES = re.compile(r"(?<![\w/])@[A-Za-z0-9]|(?<![&\w])#\d|\bGH-\d|(?<!\w)!\d|(?<!\w)&\d|(?<!\w)[~%][\w\"]|"
                        r":(shipit|\+1):|\$[^\s$]|\[(vulnerability|epic|work_item):|\b[0-9a-f]{40}\b|https?://|www\.")


def references(leaves):
    """Text of a Markdown document that would become a mention, a reference, an emoji, mathematics or a link."""
    return [value for path, value in leaves if path == "outside code" and REFERENCES.search(value)]


def sarif_message(text):
    """SARIF 2.1.0 section 3.11: what a viewer shows of a message without links and placeholders."""
    assert not re.search(r"(?<!\\)(?:\\\\)*\[", text) and not re.search(r"(?<!\{)(?:\{\{)*\{(?!\{)", text), text[:300]
    return re.sub(r"\\([\\\[\]])|\{\{|\}\}", lambda found: found[1] or found[0][0], text)


# By which a comment is found again: what it is about, in words that end no comment.
HIDDEN = re.compile(r"<!-- clairgate:comment( [\w.:/%=-]*)* -->")

# What a reader of a JSON document takes for more than plain text.
MARKDOWN_IN = {"sarif": r"\.help\.markdown$", "gitlab": r"\.(description|solution)$"}
PARSERS = {"json": json_leaves, "sarif": json_leaves, "gitlab": json_leaves, "codequality": json_leaves,
           "cyclonedx": json_leaves, "openvex": json_leaves, "junit": xml_leaves, "csv": csv_leaves,
           "dotenv": dotenv_leaves}
NODE_KIND = {"html": "html", "markdown": "markdown", "markdown-comment": "markdown", **MARKDOWN_IN}


def leaves_of(files):
    """files: {key: (format, file)} -> {key: leaves}."""
    out = {}
    for key, (form, file) in files.items():
        leaves = PARSERS[form](file.read_bytes()) if form in PARSERS else []
        if form in MARKDOWN_IN:
            leaves = [leaf for leaf in leaves if not re.search(MARKDOWN_IN[form], leaf[0])]
        out[key] = [(path, sarif_message(value) if form == "sarif" and path.endswith(".message.text") else value)
                    for path, value in leaves]
    by_node = [(key, NODE_KIND[form], file) for key, (form, file) in files.items() if form in NODE_KIND]
    for (key, _, _), leaves in zip(by_node, node_leaves([one[1:] for one in by_node])):
        out[key] += [(path, _finished(value.replace("\n", r"\x0a"), "html") if files[key][0] == "html" else value)
                     for path, value in leaves if not HIDDEN.fullmatch(value)]
    return out
