#include <clairgate/base/text.hpp>
#include <clairgate/policy/source_text.hpp>
#include <clairgate/policy/toml_reader.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

constexpr std::size_t word_bytes_max = 60; // of a wrong word, in the message about it
constexpr std::size_t prose_bytes_max = 2000;

} // namespace

std::string choices(std::span<std::string_view const> words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
        out += cat(i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i]);
    return out;
}

std::optional<SystemTime> day_of(toml::date const& date) {
    auto const day = std::chrono::year(date.year) / date.month / date.day;
    if (!day.ok() || date.year < 2000)
        return std::nullopt;
    return SystemTime(std::chrono::sys_days(day));
}

std::optional<SystemTime> moment_of(toml::date_time const& time) {
    auto const day = day_of(time.date);
    if (!day || !time.offset)
        return std::nullopt;
    return *day + std::chrono::hours(time.time.hour) + std::chrono::minutes(time.time.minute) +
           std::chrono::seconds(time.time.second) - std::chrono::minutes(time.offset->minutes);
}

std::optional<toml::table> TomlReader::document() {
    auto of_text = mistakes_of_text(file_);
    if (!of_text.empty()) {
        for (auto& mistake : of_text)
            mistakes_.push_back(std::move(mistake));
        return std::nullopt;
    }
    auto parsed = toml::parse(file_.bytes, std::string_view(file_.path));
    if (!parsed) {
        say(parsed.error().source(),
            cat("not valid TOML: ", printable(parsed.error().description(), 200)));
        return std::nullopt;
    }
    check_schema(parsed.table());
    return std::move(parsed).table();
}

void TomlReader::check_schema(toml::table const& table) {
    auto const found = table.find("schema");
    if (found == table.end())
        return say(SourcePosition{file_.path, 0, 0},
                   "schema is missing",
                   "begin the file with schema = 1");
    auto const number = found->second.value_exact<std::int64_t>();
    if (!number)
        say(found->first.source(), "schema must be the number 1");
    else if (*number != 1)
        say(found->second.source(),
            cat("schema ", *number, " is not known to this version, which reads schema 1"));
}

SourcePosition TomlReader::position(toml::source_region const& region) const {
    return {file_.path, region.begin.line, region.begin.column};
}

Origin TomlReader::origin(toml::source_region const& region, std::string rule) const {
    return {level_, file_.path, region.begin.line, region.begin.column, std::move(rule)};
}

void TomlReader::say(SourcePosition position, std::string message, std::string remedy) {
    mistakes_.push_back(Error(ErrorKind::policy, std::move(message))
                            .with_position(std::move(position))
                            .with_remedy(std::move(remedy)));
}

void TomlReader::say(toml::source_region const& region, std::string message, std::string remedy) {
    say(position(region), std::move(message), std::move(remedy));
}

void TomlReader::say_unknown(toml::key const& key,
                             std::string_view where,
                             std::span<std::string_view const> known) {
    say(key.source(),
        cat("unknown key ",
            printable(key.str(), word_bytes_max),
            where,
            did_you_mean(key.str(), known),
            look_alike_note(key.str())),
        cat("known: ", choices(known)));
}

void TomlReader::say_unknown_word(toml::node const& node,
                                  std::string_view word,
                                  std::string_view of,
                                  std::span<std::string_view const> known,
                                  std::string_view kind) {
    say(node.source(),
        cat("unknown ",
            kind,
            " \"",
            printable(word, word_bytes_max),
            "\" for ",
            of,
            did_you_mean(word, known)),
        cat("one of ", choices(known)));
}

std::optional<std::string> TomlReader::text(toml::key const& key, toml::node const& node) {
    auto value = node.value_exact<std::string>();
    if (!value)
        say(key.source(), cat(printable(key.str(), word_bytes_max), " must be a string"));
    return value;
}

std::optional<std::string> TomlReader::prose(toml::key const& key, toml::node const& node) {
    auto value = text(key, node);
    if (value && trim(*value).empty()) {
        say(node.source(),
            cat(printable(key.str(), word_bytes_max), " is empty"),
            "say it in a few words");
        return std::nullopt;
    }
    if (value && value->size() > prose_bytes_max) {
        say(node.source(),
            cat(printable(key.str(), word_bytes_max),
                " is longer than ",
                prose_bytes_max,
                " bytes"));
        return std::nullopt;
    }
    return value;
}

std::optional<bool> TomlReader::boolean(toml::key const& key, toml::node const& node) {
    auto const value = node.value_exact<bool>();
    if (!value)
        say(key.source(),
            cat(printable(key.str(), word_bytes_max), " must be true or false, without quotes"));
    return value;
}

std::optional<std::int64_t> TomlReader::integer(toml::key const& key, toml::node const& node) {
    auto const value = node.value_exact<std::int64_t>();
    if (!value)
        say(key.source(), cat(printable(key.str(), word_bytes_max), " must be a whole number"));
    return value;
}

std::optional<std::vector<std::string>> TomlReader::texts(toml::key const& key,
                                                          toml::node const& node) {
    if (auto one = node.value_exact<std::string>())
        return std::vector<std::string>{*std::move(one)};
    std::vector<std::string> out;
    auto const* const array = node.as_array();
    bool is_right = array != nullptr;
    for (std::size_t i = 0; is_right && i < array->size(); ++i) {
        auto one = (*array)[i].value_exact<std::string>();
        is_right = one.has_value();
        if (is_right)
            out.push_back(*std::move(one));
    }
    if (is_right)
        return out;
    say(key.source(),
        cat(printable(key.str(), word_bytes_max), " must be a string or an array of strings"));
    return std::nullopt;
}

std::optional<Action> TomlReader::action(toml::key const& key,
                                         toml::node const& node,
                                         std::string_view of,
                                         std::span<std::string_view const> words) {
    auto const word = text(key, node);
    if (!word)
        return std::nullopt;
    if (std::find(words.begin(), words.end(), *word) == words.end()) {
        say_unknown_word(node, *word, of, words, "action");
        return std::nullopt;
    }
    return parse_action(*word); // nothing for "inherit"
}

std::optional<Duration> TomlReader::duration(toml::key const& key, toml::node const& node) {
    auto const word = text(key, node);
    if (!word)
        return std::nullopt;
    auto const value = parse_duration(*word);
    if (!value.has_value()) {
        say(node.source(), value.error().message());
        return std::nullopt;
    }
    if (*value == Duration::zero()) {
        say(node.source(),
            cat(printable(key.str(), word_bytes_max), " must be more than nothing"),
            "leave the key out when age does not matter");
        return std::nullopt;
    }
    return *value;
}

std::vector<toml::table const*> TomlReader::tables(toml::key const& key,
                                                   toml::node const& node,
                                                   std::string_view header,
                                                   std::size_t count_max) {
    std::vector<toml::table const*> out;
    auto const* const array = node.as_array();
    bool const is_right =
        array != nullptr && std::all_of(array->begin(), array->end(), [](toml::node const& item) {
            return item.is_table();
        });
    if (!is_right)
        say(key.source(), cat(key.str(), " is a list of tables: ", header));
    else if (array->size() > count_max)
        say(key.source(),
            cat("more than ", count_max, " of ", header),
            "merge some of them: one entry may name many ids or packages");
    else
        for (auto const& item : *array)
            out.push_back(item.as_table());
    return out;
}

std::optional<SystemTime> TomlReader::moment(toml::key const& key, toml::node const& node) {
    std::optional<SystemTime> moment;
    if (auto const date = node.value_exact<toml::date>())
        moment = day_of(*date);
    else if (auto const time = node.value_exact<toml::date_time>())
        moment = moment_of(*time);
    auto const name = printable(key.str(), word_bytes_max);
    if (!moment)
        say(key.source(),
            cat(name, " must be a date, or a moment with its offset, from 2000 on"),
            cat(name, " = 2026-12-31 or ", name, " = 2026-12-31T18:00:00Z, without quotes"));
    return moment;
}

} // namespace clairgate::policy
