"""A Clair that stands before the real one and says something else about one path: what no real one does on demand."""
import http.server
import threading

from support.net import request


class ScriptedClair:
    """script(method, path, real) -> (status, body) or None for the real answer; real() asks it."""

    def __init__(self, clair, script):
        self.psk_file = clair.psk_file
        self.seen = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.seen.append(f"{self.command} {self.path}")

                def real():
                    headers = {"Authorization": self.headers.get("Authorization", "")}
                    got = request(self.command, clair.url + self.path, body or None, headers)
                    return got.status, got.body
                status, said = script(self.command, self.path, real) or real()
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
