"""The images of the tests, by what is planted in them."""
import itertools
import os

from support import filesystems as fs
from support import oci

_count = itertools.count()


def fresh(files):
    """The same image with a layer and a digest nobody has seen: nothing of it is in any cache."""
    return {**files, "etc/build-id": f"{os.getpid()}-{next(_count)}\n"}


PATCHED = {"openssl": "3.0.17-1~deb12u2", "libc6": ("2.36-9+deb12u10", "glibc"), "tar": "1.34+dfsg-1.2"}
OUTDATED = {**PATCHED, "openssl": "3.0.7-1", "libssl3": ("3.0.7-1", "openssl"), "bash": "5.2.15-2+b7",
            "zlib1g": ("1:1.2.13.dfsg-1", "zlib"), "coreutils": "9.1-1"}


def debian_outdated():
    """High with a fix (openssl, two packages), Critical without one (zlib), Medium, Low, Unknown."""
    return oci.image(fresh(fs.debian(OUTDATED)))


def debian_patched():
    return oci.image(fresh(fs.debian(PATCHED)))


def debian_unfixed():
    """One Critical that has no fix."""
    return oci.image(fresh(fs.debian({**PATCHED, "zlib1g": ("1:1.2.13.dfsg-1", "zlib")})))


def debian_hostile():
    return oci.image(fresh(fs.debian({**PATCHED, "hostile": "1.0"})))


def alpine_outdated(architecture="amd64"):
    return oci.image(fresh(fs.alpine({"libssl3": ("3.1.4-r1", "openssl"), "musl": "1.2.4-r2"})),
                     architecture=architecture)


def ubuntu_outdated():
    return oci.image(fresh(fs.ubuntu({"bash": "5.1-6ubuntu1.1", "tar": "1.34+dfsg-1ubuntu0.1"})))


def python_outdated():
    """Two layers: a patched Debian, and a vulnerable package on top of it."""
    return oci.image(fs.debian(PATCHED), fresh(fs.python_package("demo", "1.0.0")))


def java_outdated():
    return oci.image(fs.debian(PATCHED), fresh(fs.java_archive("org.example", "demo-lib", "1.0.0")))


def two_platforms(amd64, arm64):
    return oci.index({"amd64": amd64, "arm64": arm64})


def scratch():
    """A static binary and nothing else: Clair cannot know anything about it."""
    return oci.image(fresh({"server": b"\x7fELF static"}))


def unsupported():
    """Packages of a distribution that Clair lists but never matches."""
    return oci.image(fresh({**fs.with_dpkg(fs.FEDORA_40, {"bash": "5.2"})}))


def debian_patched_with(noise_megabytes):
    """With a layer that takes a while: bytes that do not compress, nothing to find in them."""
    noise = os.urandom(1 << 20) * noise_megabytes
    return oci.image(fs.debian(PATCHED), fresh({"opt/noise": noise}))
