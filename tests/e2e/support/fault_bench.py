"""One bench of the fault walk: a registry with a token service, and proxies before it and before Clair."""
import dataclasses
import http.server
import json
import threading
import types

from fault_proxy import Exchange, Plan, Proxy, message
from support import images
from support.clair import INDEXER, MATCHER
from support.gate import Gate
from support.registry import Registry
from support.token_service import TokenService

TIMEOUT = 10  # of a whole run, so that a stall ends soon
LATE = 6      # how much later than its deadline a run with sanitizers on a busy machine may end


@dataclasses.dataclass(frozen=True)
class Case:
    exchange: Exchange
    fault: str
    allowed: bool

    def __hash__(self):
        return hash((self.exchange.key, self.fault, self.allowed))


@dataclasses.dataclass
class Baseline:
    status: int
    report: str
    exchanges: list


@dataclasses.dataclass
class Result:
    case: Case
    kind: str  # recovered, refused, unreached; green and wrong are failures
    explanation: str


class Elsewhere:
    """Where a redirect leads: answers with what would look clean, and notes credentials it is sent."""

    def __init__(self, bench):
        self.credentials = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                if "Authorization" in self.headers:
                    outer.credentials.append(f"{self.command} {self.path}")
                exchange = Exchange(self.command, self.path, "", 0)
                self.wfile.write(bench.clean_answer(exchange) or message(404, "Not Found", {}))
                self.close_connection = True

            do_GET = do_POST = do_HEAD = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Bench:
    def __init__(self, clair, folder):
        folder.mkdir()
        folder.chmod(0o711)
        self.clair, self.gate = clair, Gate(folder)
        self.registry_proxy = Proxy("registry", [])
        self.tokens = TokenService(self.registry_proxy.url + "/token")
        self.registry = Registry(token_service=self.tokens)
        self.registry_proxy.routes = [("/token", ("127.0.0.1", self.tokens.port)),
                                      ("/", ("127.0.0.1", self.registry.port))]
        self.clair_proxy = Proxy("clair", [("/", ("127.0.0.1", clair.port))])
        self.clean = images.debian_patched()
        self.index(self.clean)
        self.elsewhere = Elsewhere(self)
        for proxy in (self.registry_proxy, self.clair_proxy):
            proxy.other_answer = self.clean_answer
            proxy.elsewhere = self.elsewhere.url
        self.password = folder / "password"
        self.password.write_text(Registry.PASSWORD)

    def stop(self):
        for part in (self.registry_proxy, self.clair_proxy, self.registry, self.tokens):
            part.stop()
        self.elsewhere.server.shutdown()

    def index(self, image):
        """The image that is clean: pushed and scanned, so that its answers are there to be mixed up."""
        self.registry.push("app", image)
        token = "Bearer " + self.tokens.issue("repository:app:pull")
        layers = [{"hash": one.digest, "uri": f"{self.registry.url}/v2/app/blobs/{one.digest}",
                   "headers": {"Authorization": [token]}} for one in image.layers]
        done = self.clair.index(image.digest, layers)
        assert done.status == 201 and done.json()["success"], done.body

    def clean_answer(self, exchange):
        """The real peer's answer to the same request about the clean image; nothing where that means nothing."""
        method, path = exchange.method, exchange.path
        digest = self.clean.digest
        if method == "POST" and path.startswith(INDEXER + "index_report"):
            return self.as_message(self.clair.index_report(digest), 201)
        if method == "GET" and path.startswith(INDEXER + "index_report/"):
            return self.as_message(self.clair.index_report(digest))
        if method == "GET" and path.startswith(MATCHER + "vulnerability_report/"):
            return self.as_message(self.clair.call("GET", MATCHER + "vulnerability_report/" + digest))
        if path.startswith("/v2/app/manifests/"):
            return self.from_registry(method, f"/v2/app/manifests/{digest}")
        if path.startswith("/v2/app/blobs/"):
            return self.from_registry(method, f"/v2/app/blobs/{self.clean.layers[0].digest}")
        if path.startswith("/token"):
            token = self.tokens.issue("repository:another:pull")
            return message(200, "OK", {"Content-Type": "application/json"}, json.dumps({"token": token}).encode())
        return None

    def from_registry(self, method, path):
        accept = {"Accept": self.clean.manifest.media_type}
        return self.as_message(self.registry.call(method, path, headers=accept, repository="app"))

    @staticmethod
    def as_message(answer, status=None):
        kept = {name: value for name, value in answer.headers.items()
                if name.lower() in ("content-type", "etag", "docker-content-digest")}
        return message(status or answer.status, "OK", kept, answer.body)

    def is_applicable(self, exchange, fault):
        return fault != "another digest's answer" or self.clean_answer(exchange) is not None

    def run(self, allowed, plan=None):
        """A run on an image nobody has seen: (Ended, comparable report or None, exchanges)."""
        image = images.debian_patched() if allowed else images.debian_outdated()
        self.registry.push("app", image)
        names = {image.digest: "manifest", image.blobs[0].digest: "config"}
        names |= {one.digest: f"layer {number}" for number, one in enumerate(image.layers)}
        for proxy in (self.registry_proxy, self.clair_proxy):
            mine = plan and plan.key.startswith(proxy.peer + " ")
            proxy.begin(plan if mine else None, names)
        ended, report = self.gate.run(
            f"{self.registry_proxy.host}/app@{image.digest}", "--timeout", f"{TIMEOUT}s", timeout=TIMEOUT + 20,
            clair=types.SimpleNamespace(url=self.clair_proxy.url, psk_file=self.clair.psk_file),
            env={"CLAIRGATE_REGISTRY_USER": Registry.USER,
                 "CLAIRGATE_REGISTRY_PASSWORD_FILE": str(self.password)})
        text = None
        if report is not None:
            report.pop("run", None)
            text = json.dumps(report, sort_keys=True, indent=1)
            for digest, name in names.items():
                text = text.replace(digest, name)
            text = text.replace(self.registry_proxy.host, "REGISTRY").replace(self.clair_proxy.host, "CLAIR")
        return ended, text, self.registry_proxy.exchanges + self.clair_proxy.exchanges

    def run_without_fault(self, allowed):
        ended, report, exchanges = self.run(allowed)
        assert ended.status == (0 if allowed else 1) and report, ended.explain()
        return Baseline(ended.status, report, exchanges)

    def run_with_fault(self, case, baseline):
        plan = Plan(case.fault, case.exchange.key, case.exchange.number)
        self.elsewhere.credentials.clear()
        ended, report, _ = self.run(case.allowed, plan)
        is_same = ended.status == baseline.status and report == baseline.report
        # Clair follows redirects of layers with what it was given: only our own exchanges are judged.
        given_away = [] if "/blobs/{layer" in case.exchange.key else self.elsewhere.credentials
        if ended.status == 0 and not is_same:
            kind = "green"
        elif given_away:
            kind = "wrong"
        elif is_same:
            kind = "recovered" if plan.reached else "unreached"
        elif ended.status == 3 and ended.seconds <= TIMEOUT + LATE:
            kind = "refused"
        else:
            kind = "wrong"
        explanation = "" if kind in ("recovered", "refused", "unreached") else (
            f"{ended.explain()}\ncredentials sent elsewhere: {given_away}\n"
            f"report {'equals' if report == baseline.report else 'differs from'} the one without a fault")
        return Result(case, kind, explanation)
