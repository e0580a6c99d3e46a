"""What Clair's own Debian updater reads, on loopback: a listing, a Release file, the tracker's JSON."""
import http.server
import json
import threading
from email.utils import formatdate

TRACKER = {"openssl": {"CVE-2099-0100": {"description": "from the tracker", "releases": {"bookworm": {
    "status": "resolved", "repositories": {"bookworm": "3.0.7-1"}, "fixed_version": "3.0.9-1",
    "urgency": "medium"}}}}}


class DebianUpdater:
    def __init__(self):
        files = {
            "/debian/dists/": ("text/html", '<a href="bookworm/">bookworm/</a>'),
            "/debian/dists/bookworm/Release": ("text/plain", "Origin: Debian\nVersion: 12.12\nCodename: bookworm\n"),
            "/data.json": ("application/json", json.dumps(TRACKER)),
        }
        modified = formatdate(usegmt=True)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                kind, text = files.get(self.path, ("text/plain", None))
                body = (text or "").encode()
                self.send_response(200 if text else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Last-Modified", modified)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
