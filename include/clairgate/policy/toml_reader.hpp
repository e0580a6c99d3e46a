#pragma once

#include <clairgate/policy/load.hpp>
#include <clairgate/policy/toml_library.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// Reads values of one TOML file and collects every mistake with its position and remedy. Only for
/// .cpp files: the library behind it is heavy.
class TomlReader {
  public:
    TomlReader(SourceFile const& file, Level level, std::vector<Error>& mistakes)
        : file_(file), level_(level), mistakes_(mistakes) {}

    Level level() const { return level_; }
    /// The file's table, which says schema = 1. Nothing, and its mistakes noted, where the text is
    /// no TOML that may be read.
    std::optional<toml::table> document();
    SourcePosition position(toml::source_region const& region) const;
    Origin origin(toml::source_region const& region, std::string rule) const;

    void say(toml::source_region const& region, std::string message, std::string remedy = {});
    void say(SourcePosition position, std::string message, std::string remedy = {});
    /// "unknown key X in [scan] (did you mean Y?)".
    void say_unknown(toml::key const& key,
                     std::string_view where,
                     std::span<std::string_view const> known);
    /// `unknown action "blok" for severity.high (did you mean "block"?)`.
    void say_unknown_word(toml::node const& node,
                          std::string_view word,
                          std::string_view of,
                          std::span<std::string_view const> known,
                          std::string_view kind = "word");

    // Nothing, and a mistake noted, where the value has another type.
    std::optional<std::string> text(toml::key const& key, toml::node const& node);
    /// A text that says something: not empty, at most `bytes_max`.
    std::optional<std::string> prose(toml::key const& key, toml::node const& node);
    std::optional<bool> boolean(toml::key const& key, toml::node const& node);
    std::optional<std::int64_t> integer(toml::key const& key, toml::node const& node);
    /// A string, or an array of strings.
    std::optional<std::vector<std::string>> texts(toml::key const& key, toml::node const& node);
    /// One of the words; "inherit" is nothing, and no mistake.
    std::optional<Action> action(toml::key const& key,
                                 toml::node const& node,
                                 std::string_view of,
                                 std::span<std::string_view const> words);
    std::optional<Duration> duration(toml::key const& key, toml::node const& node);
    /// The tables of a list, "[[rule]]" by its header; none, and a mistake noted, where it is no
    /// such list or has more than `count_max`.
    std::vector<toml::table const*> tables(toml::key const& key,
                                           toml::node const& node,
                                           std::string_view header,
                                           std::size_t count_max);
    /// A date, which is its first moment in UTC, or a date-time with its offset.
    std::optional<SystemTime> moment(toml::key const& key, toml::node const& node);

  private:
    void check_schema(toml::table const& table);

    SourceFile const& file_;
    Level level_;
    std::vector<Error>& mistakes_;
};

/// From the year 2000 on; nothing for a day that no calendar has.
std::optional<SystemTime> day_of(toml::date const& date);
/// Nothing without an offset, since the moment would be a guess.
std::optional<SystemTime> moment_of(toml::date_time const& time);

/// "a, b or c".
std::string choices(std::span<std::string_view const> words);

/// Reads `[[rule]]`, `[[allow]]`, `[[require]]` and `[[lock]]` into the layer.
void read_rule(TomlReader& reader, toml::table const& table, Layer& layer);
void read_allow(TomlReader& reader, toml::table const& table, Layer& layer);
void read_require(TomlReader& reader, toml::table const& table, Layer& layer);
void read_lock(TomlReader& reader, toml::table const& table, Layer& layer);
/// Reads `[scan]`, `[exceptions]`, `[severity]` and `[budget]` into the layer.
void read_scan(TomlReader& reader, toml::table const& table, Layer& layer);
void read_exceptions(TomlReader& reader, toml::table const& table, Layer& layer);
void read_severity(TomlReader& reader, toml::table const& table, Layer& layer);
void read_budget(TomlReader& reader, toml::table const& table, Layer& layer);
/// Mistakes of locks that name nothing of their file. After everything else is read.
void check_locks(TomlReader& reader, Layer const& layer);

} // namespace clairgate::policy
