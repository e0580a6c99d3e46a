"""A loopback proxy between `run` and one real peer: numbers the exchanges, applies one fault to one of them.

Every connection carries one exchange ("Connection: close" both ways), so that connections, exchanges and
faults can be counted against each other.
"""
import dataclasses
import re
import select
import socket
import struct
import threading
import time

from support.net import free_port

FAULTS = ("refuse", "reset before headers", "reset in the body", "stall", "truncate", "garbage", "401", "404",
          "429", "500", "503", "redirect elsewhere", "another digest's answer")
REASONS = {"401": "Unauthorized", "404": "Not Found", "429": "Too Many Requests",
           "500": "Internal Server Error", "503": "Service Unavailable"}
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
REFUSED_SECONDS = 0.4


@dataclasses.dataclass
class Exchange:
    method: str
    path: str
    key: str            # peer, method, path with names for digests, and which one of these it is
    number: int         # of the connection on this proxy
    authorization: bool = False


@dataclasses.dataclass
class Plan:
    """One fault at one exchange; `reached` tells whether it came to that."""
    fault: str
    key: str
    number: int
    reached: bool = False


def message(status, reason, headers, body=b""):
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", "Connection: close",
             *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_head(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return None, data
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), rest


def reset(sock):
    """Closes with RST instead of FIN."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Proxy:
    """routes: [(path prefix, (host, port))], the first that fits. names: {digest: what it is called}."""

    def __init__(self, peer, routes):
        self.peer, self.routes = peer, routes
        self.lock = threading.Lock()
        self.names, self.other_answer, self.elsewhere = {}, None, None
        self.is_open = threading.Event()
        self.is_open.set()
        self.is_stopped = False
        self.begin()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # By number: a port that the kernel chose is forgotten when listening stops for a while.
        self.port = free_port()
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        return "http://" + self.host

    def begin(self, plan=None, names=None):
        """Forgets what was; the next exchanges are numbered from 0 and meet this plan."""
        self.is_open.wait()
        with self.lock:
            self.plan, self.exchanges, self.connections = plan, [], 0
            self.names = names or {}
        # An exchange may be refused that is the very first one.
        if plan and plan.fault == "refuse" and plan.number == 0:
            self.refuse(plan)

    def stop(self):
        self.is_stopped = True
        self.listener.close()

    def accept(self):
        while not self.is_stopped:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                time.sleep(0.005)  # refusing just now, or stopped
                continue
            with self.lock:
                number, self.connections = self.connections, self.connections + 1
                plan = self.plan
            served = threading.Thread(target=self.serve, args=(sock, number), daemon=True)
            served.start()
            if plan and plan.fault == "refuse" and number + 1 == plan.number:
                self.refuse(plan, served)

    def refuse(self, plan, after=None):
        """No connection is taken until a while after the exchange before it has ended."""
        self.is_open.clear()
        self.listener.shutdown(socket.SHUT_RDWR)
        plan.reached = True

        def again():
            if after:
                after.join()
            time.sleep(REFUSED_SECONDS)
            if not self.is_stopped:
                self.listener.listen(64)
            self.is_open.set()
        threading.Thread(target=again, daemon=True).start()

    def key_of(self, method, target):
        path = DIGEST.sub(lambda found: "{" + self.names.get(found.group(), "digest") + "}",
                          target.partition("?")[0])
        same = f"{self.peer} {method} {path}"
        return f"{same} #{1 + sum(one.key.startswith(same + ' #') for one in self.exchanges)}"

    def serve(self, sock, number):
        try:
            with sock:
                head, body = read_head(sock)
                if head is None:
                    return
                method, target, _ = head.split("\r\n", 1)[0].split(" ", 2)
                length = re.search(r"(?i)\r\ncontent-length: *(\d+)", head)
                while length and len(body) < int(length.group(1)):
                    body += sock.recv(65536)
                with self.lock:
                    exchange = Exchange(method, target, self.key_of(method, target), number,
                                        "\r\nauthorization:" in head.lower())
                    self.exchanges.append(exchange)
                    plan = self.plan
                if plan and plan.fault != "refuse" and plan.key == exchange.key and not plan.reached:
                    plan.reached = True
                    self.misbehave(sock, plan.fault, exchange, head, body)
                else:
                    sock.sendall(self.ask(head, body))
        except OSError:
            pass  # the client went away, or the peer did: the client sees a closed connection

    def ask(self, head, body):
        """The peer's whole answer, byte for byte."""
        lines = [line for line in head.split("\r\n") if not re.match(r"(?i)(connection|keep-alive|expect):", line)]
        target = lines[0].split(" ")[1]
        address = next(place for prefix, place in self.routes if target.startswith(prefix))
        with socket.create_connection(address, timeout=120) as peer:
            peer.sendall("\r\n".join([*lines, "Connection: close"]).encode("latin-1") + b"\r\n\r\n" + body)
            answer = b""
            while piece := peer.recv(1 << 16):
                answer += piece
        return answer

    def misbehave(self, sock, fault, exchange, head, body):
        if fault == "reset before headers":
            reset(sock)
        elif fault == "stall":
            select.select([sock], [], [], 120)  # until the client has enough
        elif fault in ("reset in the body", "truncate"):
            answer = self.ask(head, body)
            start = answer.find(b"\r\n\r\n") + 4
            rest = len(answer) - start
            sock.sendall(answer[: start + rest // 2] if rest > 1 else answer[: start // 2])
            if fault == "reset in the body":
                time.sleep(0.05)  # so that what was sent is not thrown away by the reset
                reset(sock)
        elif fault == "garbage":
            noise = bytes((37 * i * i + 11 * i) % 256 for i in range(700))
            sock.sendall(message(200, "OK", {"Content-Type": "application/json"}, noise))
        elif fault == "redirect elsewhere":
            sock.sendall(message(307, "Temporary Redirect", {"Location": self.elsewhere + exchange.path}))
        elif fault == "another digest's answer":
            sock.sendall(self.other_answer(exchange))
        else:
            headers = {"Retry-After": "1"} if fault == "429" else {}
            sock.sendall(message(fault, REASONS[fault], headers))
