#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::policy {

/// Who speaks, nearest to the deployment last: a greater level is nearer.
enum class Level { built_in, global, cluster, environment, application, application_environment };
std::string_view to_string(Level level); ///< "built-in", "application@environment"

/// A level that has files: "global", "cluster", "environment", "application".
std::optional<Level> parse_level(std::string_view word);

/// Where an opinion stands. `file` is relative to the policy folder, "" for the built-in policy.
struct Origin {
    Level level = Level::built_in;
    std::string file;
    std::uint32_t line = 0;   ///< 1-based; 0 where there is no file
    std::uint32_t column = 0; ///< 1-based, in characters
    std::string rule;         ///< "severity.high", "rule.known exploited", "allow CVE-2024-0001"
    friend bool operator==(Origin const&, Origin const&) = default;
};

/// "global.toml:3:1", or "built-in".
std::string place_of(Origin const& origin);

/// For whom policy is resolved; "" where a level was not named.
struct Context {
    std::string cluster;
    std::string environment;
    std::string application;
    friend bool operator==(Context const&, Context const&) = default;
};

template <class T>
struct Setting {
    T value;
    Origin origin;
};

} // namespace clairgate::policy
