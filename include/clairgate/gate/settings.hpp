#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/io/world.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::gate {

/// The commands, as bits, so that a setting can name those it belongs to.
enum class Command : unsigned {
    run = 1,
    wait = 2,
    gate = 4,
    data = 8,
    config = 16,
    doctor = 32,
    version = 64,
    help = 128,
    engine_supervisor = 256,
    policy = 512,
    completion = 1024,
    verify = 2048,
    keys = 4096,
    convert = 8192
};

enum class SettingKind { text, flag, duration, list };

/// One setting with its three spellings: `--name`, `CLAIRGATE_NAME`, `name` in the configuration
/// file. A new setting is one line of the table and its reader in config.cpp.
struct SettingInfo {
    std::string_view name;
    SettingKind kind;
    std::string_view placeholder; ///< "URL"; "" for flags
    std::string_view fallback;    ///< default as text; "" = unset
    unsigned commands;            ///< bits of Command
    std::string_view group;       ///< heading in --help
    std::string_view help;
    std::string environment_name() const; ///< "CLAIRGATE_CLAIR_URL"
};
std::span<SettingInfo const> setting_infos();

/// The values of one invocation, each with where it comes from. Flag > environment > configuration
/// file > default. Frozen.
class Settings {
  public:
    /// Last value, or the default; nothing when unset. `name` must be one of the table.
    std::optional<std::string> text(std::string_view name) const;
    std::vector<std::string> list(std::string_view name) const;
    bool flag(std::string_view name) const;
    /// Of a setting of kind duration that has a default; validated when parsed.
    Duration duration(std::string_view name) const;
    /// "flag", "environment CLAIRGATE_X", "FILE:3:1", "default", or "unset".
    std::string origin(std::string_view name) const;
    bool is_set(std::string_view name) const;
    std::vector<std::string> const& arguments() const { return arguments_; }

    struct Value {
        std::vector<std::string> texts;
        std::string origin;
    };
    Settings(std::map<std::string, Value, std::less<>> values, std::vector<std::string> arguments)
        : values_(std::move(values)), arguments_(std::move(arguments)) {}

  private:
    std::map<std::string, Value, std::less<>> values_;
    std::vector<std::string> arguments_;
};

/// Reads argv (after the command word), the environment and the named configuration file. All
/// mistakes are reported at once; kinds usage and config. A flag of another command is a mistake; a
/// variable or key of another command is checked and then left out, since those two are shared.
Result<Settings> parse_settings(Command command,
                                std::vector<std::string> const& argv,
                                io::Environment const& environment);

/// The options of a command, grouped, at most 80 columns.
std::string help_of(Command command);
/// Every setting, its value and its origin, one a line. Secrets are files, so nothing is hidden but
/// a password that was wrongly written into a URL.
std::string show_origins(Settings const& settings);

} // namespace clairgate::gate
