"""Root file systems of images by hand: exactly the files that Clair's indexers read."""
import io
import zipfile


def os_release(**fields):
    return "".join(f'{key}="{value}"\n' for key, value in fields.items())


DEBIAN_12 = os_release(PRETTY_NAME="Debian GNU/Linux 12 (bookworm)", NAME="Debian GNU/Linux", VERSION_ID="12",
                       VERSION="12 (bookworm)", VERSION_CODENAME="bookworm", ID="debian")
UBUNTU_22 = os_release(PRETTY_NAME="Ubuntu 22.04.4 LTS", NAME="Ubuntu", VERSION_ID="22.04",
                       VERSION="22.04.4 LTS (Jammy Jellyfish)", VERSION_CODENAME="jammy", ID="ubuntu",
                       ID_LIKE="debian", UBUNTU_CODENAME="jammy")
ALPINE_319 = os_release(NAME="Alpine Linux", ID="alpine", VERSION_ID="3.19.1",
                        PRETTY_NAME="Alpine Linux v3.19")
FEDORA_40 = os_release(NAME="Fedora Linux", ID="fedora", VERSION_ID="40", PRETTY_NAME="Fedora Linux 40")


def dpkg_status(packages, architecture="amd64"):
    """packages: {binary: version} or {binary: (version, source)}."""
    blocks = []
    for name, version in packages.items():
        version, source = version if isinstance(version, tuple) else (version, None)
        lines = [f"Package: {name}", "Status: install ok installed", "Maintainer: nobody <n@example.test>",
                 f"Architecture: {architecture}"]
        lines += [f"Source: {source}"] if source else []
        blocks.append("\n".join(lines + [f"Version: {version}", "Description: by hand"]) + "\n")
    return "\n".join(blocks) + "\n"


def with_dpkg(release, packages):
    return {"etc/": "", "etc/os-release": release, "usr/lib/os-release": release, "var/lib/dpkg/": "",
            "var/lib/dpkg/info/": "", "var/lib/dpkg/status": dpkg_status(packages)}


def debian(packages):
    return with_dpkg(DEBIAN_12, packages)


def ubuntu(packages):
    return with_dpkg(UBUNTU_22, packages)


def alpine(packages):
    """packages: {name: version} or {name: (version, origin)}."""
    blocks = []
    for name, version in packages.items():
        version, origin = version if isinstance(version, tuple) else (version, name)
        blocks.append(f"P:{name}\nV:{version}\nA:x86_64\no:{origin}\nT:by hand\n")
    return {"etc/os-release": ALPINE_319, "lib/apk/db/installed": "\n".join(blocks) + "\n"}


def python_package(name, version):
    folder = f"usr/lib/python3/dist-packages/{name}-{version}.dist-info"
    return {f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{folder}/RECORD": ""}


def java_archive(group, artifact, version):
    """A jar whose Maven coordinates stand in its pom.properties."""
    out = io.BytesIO()
    stamp = (2026, 1, 1, 0, 0, 0)
    with zipfile.ZipFile(out, "w") as jar:
        jar.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF", stamp), "Manifest-Version: 1.0\r\n\r\n")
        jar.writestr(zipfile.ZipInfo(f"META-INF/maven/{group}/{artifact}/pom.properties", stamp),
                     f"groupId={group}\nartifactId={artifact}\nversion={version}\n")
    return {f"app/{artifact}-{version}.jar": out.getvalue()}
