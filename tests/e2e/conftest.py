"""One real PostgreSQL, Clair, registry and so on for the whole session; more of them where a test breaks one."""
import os
import pathlib
import shutil
import tempfile

import pytest

from support import images, records
from support.clair import Clair
from support.gate import Gate
from support.openbao import OpenBao
from support.postgres import Postgres
from support.process import fresh_folder
from support.referrers_registry import ReferrersRegistry
from support.registry import Registry
from support.sigstore import Sigstore
from support.tls import Tls


@pytest.fixture(scope="session", autouse=True)
def root():
    """All folders of the session: reachable for unprivileged peers, gone afterwards."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clairgate-e2e-"))
    folder.chmod(0o711)
    os.environ["E2E_ROOT"] = str(folder)
    yield folder
    if not os.environ.get("E2E_KEEP"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(root):
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def tls(root):
    return Tls()


@pytest.fixture(scope="session")
def clair(postgres, tls):
    """With all planted vulnerabilities; it trusts the private CA of the TLS registry."""
    bundle = tls.folder / "bundle.pem"
    bundle.write_text(tls.ca.read_text())
    server = Clair(postgres, {"SSL_CERT_FILE": str(bundle)})
    server.load(records.planted())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def registry(root):
    server = Registry()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def referrers(root):
    """A registry with the referrers API, which `registry` has not."""
    server = ReferrersRegistry()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def sigstore(root):
    services = Sigstore()
    yield services
    services.stop()


@pytest.fixture(scope="session")
def openbao(root):
    server = OpenBao()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def stored(clair, registry):
    """{name: report file of a real run}, for what needs no Clair any more."""
    gate = Gate(fresh_folder("stored"))
    gate.clair = clair
    files = {}
    for name, image in (("outdated", images.debian_outdated()), ("unfixed", images.debian_unfixed())):
        registry.push("stored", image)
        ended, report = gate.run(registry.reference("stored", image), report=f"{name}.json")
        assert report is not None and report["findings"], ended.explain()
        files[name] = gate.folder / f"{name}.json"
    return files


@pytest.fixture
def folder(root):
    path = pathlib.Path(tempfile.mkdtemp(prefix="test-", dir=root))
    path.chmod(0o711)
    yield path
    if not os.environ.get("E2E_KEEP"):
        shutil.rmtree(path, ignore_errors=True)  # all of them at the end take half a minute on a busy disk


@pytest.fixture
def gate(folder):
    """For calls that need no Clair."""
    return Gate(folder)


@pytest.fixture
def gated(folder, clair):
    """For calls of `run` on the session's Clair."""
    gate = Gate(folder)
    gate.clair = clair
    return gate
