"""A private CA with one server certificate for this machine's name, made by openssl."""
import socket

from support.process import fresh_folder, run


class Tls:
    def __init__(self, name=f"DNS:{socket.gethostname()}", days=2):
        self.folder = fresh_folder("tls")
        self.ca, self.key = self.folder / "ca.pem", self.folder / "server.key"
        self.certificate = self.folder / "server.pem"
        ca_key, request = self.folder / "ca.key", self.folder / "server.csr"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
        run("openssl", "req", "-x509", *curve, "-keyout", ca_key, "-out", self.ca, "-days", days,
            "-subj", "/CN=a private CA", "-addext", "keyUsage=critical,keyCertSign")
        run("openssl", "req", "-new", *curve, "-keyout", self.key, "-out", request, "-subj", "/CN=server")
        extensions = self.folder / "extensions"
        extensions.write_text(f"subjectAltName={name}\nextendedKeyUsage=serverAuth\n")
        run("openssl", "x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial",
            "-days", days, "-extfile", extensions, "-out", self.certificate)
