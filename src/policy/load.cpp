#include <clairgate/base/text.hpp>
#include <clairgate/image/digest.hpp>
#include <clairgate/policy/policy.hpp>
#include <clairgate/policy/source_text.hpp>
#include <clairgate/policy/toml_library.hpp>

#include <algorithm>
#include <set>
#include <tuple>

namespace clairgate::policy {

namespace {

constexpr std::size_t mistakes_max = 100;
constexpr std::size_t word_bytes_max = 60; // of a wrong word, in the message about it

constexpr std::string_view top_keys[] = {"schema", "severity", "scan"};
constexpr std::string_view action_words[] = {"allow", "warn", "block", "block-if-fixed", "inherit"};
constexpr std::string_view effect_words[] = {"allow", "warn", "block"};
constexpr std::string_view file_names[] = {"global.toml"};
constexpr std::string_view severity_words[] = {
    "critical", "high", "medium", "low", "negligible", "unknown", "moderate", "important"};

// Parts of the language that this version does not have: they must not be believed to be in force.
constexpr std::string_view later_keys[] = {
    "rule", "allow", "lock", "budget", "require", "exceptions", "precedence", "cluster"};
constexpr std::string_view later_scan_keys[] = {"max_report_age", "require_signature", "enforce"};

// [scan]'s keys that hold an effect, and where it goes.
struct EffectKey {
    std::string_view name;
    Setting<Action> ScanSettings::* setting;
};
constexpr EffectKey effect_keys[] = {{"on_error", &ScanSettings::on_error},
                                     {"uncovered", &ScanSettings::uncovered},
                                     {"partly_covered", &ScanSettings::partly_covered}};
constexpr std::string_view max_data_age_key = "max_data_age";
constexpr std::string_view scan_keys[] = {
    "on_error", "uncovered", "partly_covered", max_data_age_key};

template <std::size_t N>
bool is_one_of(std::string_view word, std::string_view const (&words)[N]) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string choices(std::span<std::string_view const> words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
        out += cat(i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i]);
    return out;
}

// Reads one file into the policy, collecting every mistake with its position.
class FileReader {
  public:
    FileReader(SourceFile const& file, Policy& policy, std::vector<Error>& mistakes)
        : file_(file), policy_(policy), mistakes_(mistakes) {}

    void read() {
        auto in_text = mistakes_of_text(file_);
        if (!in_text.empty()) {
            std::move(in_text.begin(), in_text.end(), std::back_inserter(mistakes_));
            return;
        }
        auto const parsed = toml::parse(file_.bytes, std::string_view(file_.path));
        if (!parsed)
            return say(position(parsed.error().source()),
                       cat("not valid TOML: ", printable(parsed.error().description(), 200)));
        auto const& table = parsed.table();
        for (auto const& [key, node] : table)
            top_level(key, node);
        if (table.get("schema") == nullptr)
            say({file_.path, 0, 0}, "schema is missing", "begin the file with schema = 1");
    }

  private:
    SourcePosition position(toml::source_region const& region) const {
        return {file_.path, region.begin.line, region.begin.column};
    }

    void say(SourcePosition position, std::string message, std::string remedy = {}) {
        mistakes_.push_back(Error(ErrorKind::policy, std::move(message))
                                .with_position(std::move(position))
                                .with_remedy(std::move(remedy)));
    }

    void say_unknown(toml::key const& key,
                     std::string_view where,
                     std::span<std::string_view const> known) {
        say(position(key.source()),
            cat("unknown key ",
                printable(key.str(), word_bytes_max),
                where,
                did_you_mean(key.str(), known),
                look_alike_note(key.str())),
            cat("known: ", choices(known)));
    }

    void say_later(toml::key const& key, std::string_view what) {
        say(position(key.source()),
            cat(what, " is not known to this version: nothing in it would be in force"),
            "take it out of the file");
    }

    Origin origin(toml::key const& key, std::string rule) const {
        auto const at = key.source().begin;
        return {Level::global, file_.path, at.line, at.column, std::move(rule)};
    }

    void top_level(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        if (name == "schema")
            return schema(key, node);
        if (is_one_of(name, later_keys))
            return say_later(key, cat("\"", name, "\""));
        if (!is_one_of(name, top_keys))
            return say_unknown(key, "", top_keys);
        auto const* const table = node.as_table();
        if (table == nullptr)
            return say(position(key.source()), cat(name, " must be a table: [", name, "]"));
        for (auto const& [inner, value] : *table)
            name == "severity" ? severity(inner, value) : scan(inner, value);
    }

    void schema(toml::key const& key, toml::node const& node) {
        auto const number = node.value_exact<std::int64_t>();
        if (!number)
            return say(position(key.source()), "schema must be the number 1");
        if (*number != 1)
            say(position(node.source()),
                cat("schema ", *number, " is not known to this version, which reads schema 1"));
    }

    std::optional<std::string> text(toml::key const& key, toml::node const& node) {
        auto value = node.value_exact<std::string>();
        if (!value)
            say(position(key.source()), cat(key.str(), " must be a string"));
        return value;
    }

    void severity(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        auto const severity = finding::parse_severity(name);
        if (!severity || !is_one_of(name, severity_words))
            return say_unknown(key, " in [severity]", severity_words);
        if (auto const [first, is_first] = seen_.emplace(*severity, name); !is_first)
            return say(position(key.source()),
                       cat(name, " and ", first->second, " are the same severity"),
                       "keep one of them");
        auto const word = text(key, node);
        if (!word || *word == "inherit")
            return;
        auto const action = parse_action(*word);
        if (!action)
            return say_unknown_value(node, *word, cat("severity.", name), action_words);
        policy_.severity.insert_or_assign(
            *severity,
            Setting<Action>{*action, origin(key, cat("severity.", finding::to_string(*severity)))});
    }

    void scan(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        if (is_one_of(name, later_scan_keys))
            return say_later(key, cat("scan.", name));
        if (!is_one_of(name, scan_keys))
            return say_unknown(key, " in [scan]", scan_keys);
        auto const word = text(key, node);
        if (!word)
            return;
        if (name == max_data_age_key)
            return max_data_age(key, node, *word);
        auto const action = parse_action(*word);
        if (!action || *action == Action::block_if_fixed)
            return say_unknown_value(node, *word, cat("scan.", name), effect_words);
        for (auto const& effect_key : effect_keys)
            if (effect_key.name == name)
                policy_.scan.*effect_key.setting = {*action, origin(key, cat("scan.", name))};
    }

    void max_data_age(toml::key const& key, toml::node const& node, std::string_view word) {
        auto const age = parse_duration(word);
        if (!age.has_value())
            return say(position(node.source()), age.error().message());
        if (*age == Duration::zero())
            return say(position(node.source()),
                       "scan.max_data_age must be more than nothing",
                       "leave the key out when age does not matter");
        policy_.scan.max_data_age =
            Setting<Duration>{*age, origin(key, cat("scan.", max_data_age_key))};
    }

    void say_unknown_value(toml::node const& node,
                           std::string_view word,
                           std::string_view of,
                           std::span<std::string_view const> known) {
        say(position(node.source()),
            cat("unknown action \"",
                printable(word, word_bytes_max),
                "\" for ",
                of,
                did_you_mean(word, known)),
            cat("one of ", choices(known)));
    }

    SourceFile const& file_;
    Policy& policy_;
    std::vector<Error>& mistakes_;
    std::map<finding::Severity, std::string> seen_;
};

Error unread_file(std::string const& path) {
    return Error(ErrorKind::policy,
                 cat("is not read by this version", did_you_mean(path, file_names)))
        .with_position({path, 0, 0})
        .with_remedy("only global.toml is read: take the file out of the policy folder");
}

// All mistakes as one error, in the order of the text; a flood of them is cut.
Error all_of(std::vector<Error> mistakes) {
    std::sort(mistakes.begin(), mistakes.end(), [](Error const& a, Error const& b) {
        auto const key = [](Error const& e) {
            auto const at = e.position().value_or(SourcePosition{});
            return std::tuple(at.file, at.line, at.column, e.message());
        };
        return key(a) < key(b);
    });
    if (mistakes.size() > mistakes_max) {
        auto const rest = mistakes.size() - mistakes_max;
        auto where = mistakes.back().position().value_or(SourcePosition{});
        where.line = where.column = 0;
        mistakes.erase(mistakes.begin() + mistakes_max, mistakes.end());
        mistakes.push_back(
            Error(ErrorKind::policy, cat("and ", rest, " more mistakes")).with_position(where));
    }
    auto first = std::move(mistakes.front());
    mistakes.erase(mistakes.begin());
    return std::move(first).with_also(std::move(mistakes));
}

} // namespace

Result<Policy> load(std::vector<SourceFile> const& files) {
    auto policy = built_in();
    std::vector<Error> mistakes;
    std::set<std::string> paths;
    for (auto const& file : files) {
        if (!paths.insert(file.path).second)
            mistakes.push_back(
                Error(ErrorKind::policy, "is given twice").with_position({file.path, 0, 0}));
        else if (!is_one_of(file.path, file_names))
            mistakes.push_back(unread_file(file.path));
        else
            FileReader(file, policy, mistakes).read();
        policy.files.push_back({file.path, image::Digest::of(file.bytes).text()});
    }
    if (!mistakes.empty())
        return all_of(std::move(mistakes));
    if (!files.empty())
        policy.source = "folder";
    std::sort(policy.files.begin(), policy.files.end(), [](auto const& a, auto const& b) {
        return a.path < b.path;
    });
    return policy;
}

} // namespace clairgate::policy
