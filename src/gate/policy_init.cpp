#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/io/files.hpp>

#include <filesystem>

namespace clairgate::gate {

namespace {

struct Starter {
    std::string_view path;
    std::string_view text;
};

constexpr Starter own[] = {
    {"global.toml",
     R"toml(schema = 1

# What each severity does: allow, warn, block, block-if-fixed (warns while no fix is known).
[severity]
critical = "block"
high     = "block-if-fixed"
medium   = "warn"
low      = "allow"
unknown  = "warn"

# Nearer files may tighten what is locked here, not loosen it.
[[lock]]
key      = "severity.critical"
waivable = true # an [[allow]] of an application lifts it for its finding

# [[rule]]
# name   = "known exploited"
# when   = { kev = true }
# action = "block"
# reason = "CISA KEV (clairgate run --kev FILE)"

[scan]
on_error       = "block"
uncovered      = "block"
partly_covered = "warn"
# max_data_age = "48h"
# enforce      = "report" # for a roll-out: tell, but do not stop the deployment

[exceptions]
max_days = 90
)toml"},
    {"environment/production.toml",
     R"toml(schema = 1
# cluster = "east" # cluster/east.toml then stands between global.toml and this file

# [severity]
# medium = "block-if-fixed"
)toml"},
    {"application/example.toml",
     R"toml(schema = 1

# An exception: accountable, and it ends.
# [[allow]]
# id      = ["CVE-2024-0001"]
# package = "openssl"
# reason  = "not reachable: the feature is not compiled in"
# owner   = "team-example"
# expires = 2026-12-31
)toml"},
    {"tests/floor.toml",
     R"toml(schema = 1

# What policy must keep saying: clairgate policy test.
[[test]]
name   = "a critical finding blocks, fixed or not"
expect = "block"

[[test.finding]]
id       = "CVE-2024-0001"
severity = "critical"

[[test]]
name        = "a high one without a fix only warns"
application = "example"
environment = "production"
expect      = "warn"

[[test.finding]]
id       = "CVE-2024-0002"
severity = "high"
rule     = "severity.high"
)toml"},
};

// Devtron's order, and what it does where nothing is said: it allows.
constexpr Starter devtron[] = {
    {"global.toml",
     R"toml(schema = 1
precedence = "devtron" # a CVE's own entry at any level beats severity at any level

[severity]
critical = "allow"
high     = "allow"
medium   = "allow"
low      = "allow"
unknown  = "allow"
)toml"},
};

} // namespace

io::Task<Outcome> policy_init(PolicyCall call) {
    auto const from = call.invocation.settings.text("from");
    if (from && *from != "devtron")
        co_return Outcome::failed(
            Error(ErrorKind::usage, cat("--from: \"", *from, "\" is not devtron")));
    auto const& folder = call.config.policy.folder;
    std::span<Starter const> const starters =
        from ? std::span<Starter const>(devtron) : std::span<Starter const>(own);
    for (auto const& starter : starters)
        if (std::filesystem::exists(folder / starter.path))
            co_return Outcome::failed(
                Error(ErrorKind::usage, cat((folder / starter.path).string(), " is there already"))
                    .with_remedy("--policy DIR names an empty folder"));
    for (auto const& starter : starters) {
        auto const path = folder / starter.path;
        std::error_code failed;
        std::filesystem::create_directories(path.parent_path(), failed);
        auto const written = io::write_atomically(path, starter.text);
        if (!written.has_value())
            co_return Outcome::failed(written.error());
        call.invocation.streams.out(cat("wrote ", path.string(), "\n"));
    }
    call.invocation.streams.out("next: clairgate policy lint, then test and explain\n");
    co_return Outcome::done();
}

} // namespace clairgate::gate
