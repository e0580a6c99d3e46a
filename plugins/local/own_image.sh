# The quickstart's --image: somebody's own image, judged with what data can be had. Sourced, never run.
# shellcheck shell=bash disable=SC2154

begin "Collect vulnerability data for $IMAGE"
refresh_lists
if dpkg_status_of "$IMAGE" "$RUN/status"; then
    if "$here/debian-fixes" --status "$RUN/status" --output "$RUN/fixes.ndjson" >"$RUN/fixes.count" 2>&1; then
        note "$(cat "$RUN/fixes.count"); only what Debian's security suite fixes is known here"
        "$CLAIRGATE" data import "$RUN/fixes.ndjson" --state-dir "$STATE" --clair-bin "$CLAIR" </dev/null
    else
        sed 's/^/   /' "$RUN/fixes.count"
    fi
else
    note "the image is no Debian 12: the local engine runs Clair's own updaters for it, when it has a network"
fi
finish

begin "Scan and judge $IMAGE"
verdict=0
"$CLAIRGATE" run --image "$IMAGE" "${gate_arguments[@]}" -o table </dev/null || verdict=$?
finish
note "exit status $verdict, $(seconds_since "$started") s in all"
exit "$verdict"
