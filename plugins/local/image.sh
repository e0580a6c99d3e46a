# Images for the quickstart: Debian root file systems as OCI layouts, made once a day. Sourced, never run.
# shellcheck shell=bash

# The mirrors are the machine's own, from apt's configuration: archive_of LABEL SUITE prints a URI.
archive_of() {
    # shellcheck disable=SC2016 # apt expands these
    apt-get indextargets --format '$(LABEL)|$(CODENAME)|$(COMPONENT)|$(CREATED_BY)|$(REPO_URI)' |
        awk -F'|' -v label="$1" -v suite="$2" \
            '$1 == label && $2 == suite && $3 == "main" && $4 == "Packages" { print $5; exit }'
}

# apt's lists, not older than a day: the security suite of last month is not the data of today.
refresh_lists() {
    if [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*security*Packages*' -mmin -1440 2>/dev/null)" ]; then
        return 0
    fi
    quiet apt-get -q update || die "apt-get update failed" "is a Debian mirror reachable?"
}

# make_image FOLDER TAG SOURCE...: an OCI layout of a small Debian with a few packages people really ship,
# from exactly these apt sources. Keeps var/lib/dpkg/status beside it.
make_image() {
    local folder=$1 tag=$2 work ctr
    shift 2
    [ ! -f "$folder/$tag/status" ] || return 0
    work=$(mktemp -d "$folder/$tag.XXXXXX")
    # --mode=root in a container without a mount namespace of its own still works: mmdebstrap only warns.
    quiet mmdebstrap --mode=root --variant=essential --include="$IMAGE_PACKAGES" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$work/rootfs.tar" "$@" ||
        die "mmdebstrap could not make the image" "is a Debian mirror reachable, and may this user mount?"
    tar -C "$work" --strip-components=4 -xf "$work/rootfs.tar" ./var/lib/dpkg/status
    local buildah=(buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs)
    export BUILDAH_ISOLATION=chroot
    ctr=$("${buildah[@]}" from scratch)
    quiet "${buildah[@]}" add "$ctr" "$work/rootfs.tar" / || die "buildah add failed"
    quiet "${buildah[@]}" config --cmd /bin/bash "$ctr"
    quiet "${buildah[@]}" commit "$ctr" "oci:$work/layout:$tag" || die "buildah commit failed"
    quiet "${buildah[@]}" rm "$ctr"
    mkdir -p "$work/done"
    mv "$work/layout" "$work/status" "$work/done/"
    rm -rf "${folder:?}/$tag"
    mv "$work/done" "$folder/$tag"
    rm -rf "$work"
}

# push_image LAYOUT TAG REFERENCE DIGEST_FILE
push_image() {
    quiet skopeo --insecure-policy copy --preserve-digests --dest-tls-verify=false --digestfile "$4" \
        "oci:$1:$2" "docker://$3" || die "skopeo could not push $3"
}

# dpkg_status_of REFERENCE FILE: the package list of somebody's image; fails when it is no Debian 12.
dpkg_status_of() {
    local work layer status=1 tls=()
    case $1 in 127.* | localhost[:/]*) tls=(--src-tls-verify=false) ;; esac
    work=$(mktemp -d)
    quiet skopeo --insecure-policy copy "${tls[@]}" "docker://$1" "dir:$work" ||
        die "skopeo could not read $1" "does the image exist, and are its credentials in ~/.docker/config.json?"
    # Newest layer first: the first copy of a file that is found is the one that counts.
    for layer in $(/usr/bin/python3 -c '
import json, sys
for layer in reversed(json.load(open(sys.argv[1]))["layers"]):
    print(layer["digest"].split(":")[1])' "$work/manifest.json"); do
        [ -f "$work/status" ] || tar -xOf "$work/$layer" --wildcards '*var/lib/dpkg/status' \
            >"$work/status" 2>/dev/null || rm -f "$work/status"
        [ -f "$work/release" ] || tar -xOf "$work/$layer" --wildcards '*usr/lib/os-release' \
            >"$work/release" 2>/dev/null || rm -f "$work/release"
    done
    if grep -qs '^VERSION_CODENAME=bookworm' "$work/release" && [ -f "$work/status" ]; then
        cp "$work/status" "$2"
        status=0
    fi
    rm -rf "$work"
    return $status
}
