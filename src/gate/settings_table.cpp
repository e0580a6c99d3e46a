#include <clairgate/gate/settings.hpp>

namespace clairgate::gate {

namespace {

constexpr unsigned bit(Command command) {
    return static_cast<unsigned>(command);
}

constexpr unsigned everywhere = bit(Command::run) | bit(Command::wait) | bit(Command::gate) |
                                bit(Command::data) | bit(Command::config) | bit(Command::doctor) |
                                bit(Command::engine_supervisor);
constexpr unsigned shown = bit(Command::config) | bit(Command::doctor);
constexpr unsigned run = bit(Command::run) | shown;
constexpr unsigned image = run | bit(Command::wait);
constexpr unsigned judged = run | bit(Command::gate);
constexpr unsigned engine = run | bit(Command::data) | bit(Command::engine_supervisor);
constexpr unsigned timed = run | bit(Command::data);

using enum SettingKind;

constexpr SettingInfo table[] = {
    {"image",
     list,
     "REF[@DIGEST]",
     "",
     image,
     "Image",
     "the image; without a digest: wait until the registry serves the tag"},
    {"digest-file",
     list,
     "PATH",
     "",
     image,
     "Image",
     "wait for this file of the build (glob allowed): a digest, repository@digest, or buildx "
     "metadata"},
    {"accept-existing",
     flag,
     "",
     "",
     image,
     "Image",
     "believe a digest file that is older than this run"},
    {"wait-timeout", duration, "TIME", "30m", image, "Image", "give up waiting (status 4)"},
    {"platform",
     list,
     "OS/ARCH",
     "",
     image,
     "Image",
     "only these platforms of an index (default: all)"},
    {"clair-url", text, "URL", "", run, "Clair", "a Clair v4 service (default: the local engine)"},
    {"clair-psk-file", text, "FILE", "", run, "Clair", "its pre-shared key in base64"},
    {"clair-psk-issuer", text, "NAME", "clairgate", run, "Clair", "issuer of our tokens"},
    {"clair-ca", text, "FILE", "", run, "Clair", "PEM file with the CA of Clair's certificate"},
    {"layer-host", list, "FROM=TO", "", run, "Clair", "the registry's host as Clair reaches it"},
    {"allow-basic-to-clair",
     flag,
     "",
     "",
     run,
     "Clair",
     "hand Clair the registry password where the registry has no tokens"},
    {"data-wait",
     duration,
     "TIME",
     "10m",
     run,
     "Clair",
     "how long a Clair without vulnerability data is waited for"},
    {"policy", text, "DIR", ".clairgate/policy", judged, "Policy", "folder with global.toml"},
    {"on-error",
     text,
     "ACTION",
     "",
     run,
     "Policy",
     "what \"could not decide\" becomes: block, warn or allow (default: block, status 3)"},
    {"warn-status",
     flag,
     "",
     "",
     judged,
     "Policy",
     "end with 10 instead of 0 when there are warnings"},
    {"output",
     list,
     "FORMAT[=FILE]",
     "",
     judged,
     "Output",
     "a report; repeatable; also -o (default: table)"},
    {"color", text, "WHEN", "auto", judged, "Output", "auto, always or never"},
    {"plain-http",
     list,
     "HOST",
     "",
     image,
     "Registry",
     "talk to this host without TLS (loopback needs no flag)"},
    {"registry-ca", text, "FILE", "", image, "Registry", "PEM file with the registry's CA"},
    {"insecure-tls", list, "HOST", "", image, "Registry", "do not verify this host's certificate"},
    {"trusted-realm",
     list,
     "HOST",
     "",
     image,
     "Registry",
     "token service that may be on a private address"},
    {"clair-bin", list, "DIR", "", engine, "Local engine", "where clair and clairctl are"},
    {"postgres-bin", list, "DIR", "", engine, "Local engine", "where postgres and initdb are"},
    {"updaters",
     list,
     "SET",
     "",
     engine,
     "Local engine",
     "run Clair's updaters of these sets (default: the image's own when there is no data)"},
    {"updater-url",
     list,
     "KEY=URL",
     "",
     engine,
     "Local engine",
     "a mirror for an updater, such as debian.mirror_url=http://…/"},
    {"timeout",
     duration,
     "TIME",
     "15m",
     timed,
     "General",
     "for everything after the wait (status 3)"},
    {"state-dir", text, "DIR", "", everywhere, "General", "where the local engine keeps its data"},
    {"config",
     text,
     "FILE",
     "",
     everywhere,
     "General",
     "configuration file; never read unless named"},
    {"log-format", text, "FORMAT", "text", everywhere, "General", "text or json"},
    {"log-level", text, "LEVEL", "info", everywhere, "General", "debug, info, warning or error"},
    {"origin", flag, "", "", bit(Command::config), "General", "say where each value comes from"},
};

} // namespace

std::span<SettingInfo const> setting_infos() {
    return table;
}

} // namespace clairgate::gate
