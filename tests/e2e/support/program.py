"""One call of a peer's program: no input, no network beyond loopback, and whatever it ended with."""
import os
import subprocess
import time

from support.gate import Ended

# A proxy where nobody listens: what is not loopback fails at once and says so.
NOBODY = "http://127.0.0.1:9"


def call(binary, *arguments, home, env=None, timeout=60):
    """home: its home folder, and the one it runs in."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "HTTP_PROXY": NOBODY,
                   "HTTPS_PROXY": NOBODY, "NO_PROXY": "127.0.0.1", **(env or {})}
    begun = time.monotonic()
    done = subprocess.run([str(binary), *map(str, arguments)], stdin=subprocess.DEVNULL, cwd=home,
                          capture_output=True, text=True, env=environment, timeout=timeout, check=False)
    return Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - begun)
