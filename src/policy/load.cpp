#include <clairgate/base/text.hpp>
#include <clairgate/image/digest.hpp>
#include <clairgate/policy/policy.hpp>

#include <algorithm>

#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES 64
#include <toml++/toml.h>

namespace clairgate::policy {

namespace {

constexpr std::string_view top_keys[] = {"schema", "severity", "scan"};
constexpr std::string_view scan_keys[] = {
    "on_error", "uncovered", "partly_covered", "max_data_age"};
constexpr std::string_view action_words[] = {"allow", "warn", "block", "block-if-fixed", "inherit"};
constexpr std::string_view effect_words[] = {"allow", "warn", "block"};
constexpr std::string_view severity_words[] = {
    "critical", "high", "medium", "low", "negligible", "unknown", "moderate", "important"};
// Parts of the language that this version does not have: they must not be believed to be in force.
constexpr std::string_view later_keys[] = {
    "rule", "allow", "lock", "budget", "require", "exceptions", "precedence", "cluster"};

// Reads one file into the policy, collecting every mistake with its position.
class FileReader {
  public:
    FileReader(SourceFile const& file, Policy& policy, std::vector<Error>& mistakes)
        : file_(file), policy_(policy), mistakes_(mistakes) {}

    void read() {
        if (!is_utf8(file_.bytes))
            return say({file_.path, 0, 0}, "not UTF-8");
        auto const parsed = toml::parse(file_.bytes, std::string_view(file_.path));
        if (!parsed)
            return say(at(parsed.error().source()), std::string(parsed.error().description()));
        auto const& table = parsed.table();
        for (auto const& [key, node] : table)
            top_level(key, node);
        if (table.get("schema") == nullptr)
            say({file_.path, 0, 0}, "schema is missing: write schema = 1");
    }

  private:
    SourcePosition at(toml::source_region const& region) const {
        return {file_.path, region.begin.line, region.begin.column};
    }

    void say(SourcePosition position, std::string message) {
        mistakes_.push_back(
            Error(ErrorKind::policy, std::move(message)).with_position(std::move(position)));
    }

    Origin origin(toml::key const& key, std::string rule) const {
        return {Level::global,
                file_.path,
                key.source().begin.line,
                key.source().begin.column,
                std::move(rule)};
    }

    void top_level(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        if (name == "schema") {
            if (node.value_exact<std::int64_t>() != 1)
                say(at(key.source()), "schema must be 1");
            return;
        }
        if (std::find(std::begin(later_keys), std::end(later_keys), name) != std::end(later_keys))
            return say(at(key.source()), cat("[", name, "] is not known to this version"));
        if (name != "severity" && name != "scan")
            return say(at(key.source()), cat("unknown key ", name, did_you_mean(name, top_keys)));
        auto const* const table = node.as_table();
        if (table == nullptr)
            return say(at(key.source()), cat(name, " must be a table: [", name, "]"));
        for (auto const& [inner, value] : *table)
            name == "severity" ? severity(inner, value) : scan(inner, value);
    }

    std::optional<std::string> text(toml::key const& key, toml::node const& node) {
        auto value = node.value_exact<std::string>();
        if (!value)
            say(at(key.source()), cat(key.str(), " must be a string"));
        return value;
    }

    void severity(toml::key const& key, toml::node const& node) {
        auto const severity = finding::parse_severity(key.str());
        bool const is_word =
            std::find(std::begin(severity_words), std::end(severity_words), key.str()) !=
            std::end(severity_words);
        if (!severity || !is_word)
            return say(
                at(key.source()),
                cat("unknown severity ", key.str(), did_you_mean(key.str(), severity_words)));
        if (!seen_.emplace(*severity, key.str()).second)
            return say(at(key.source()),
                       cat(key.str(), " and ", seen_.at(*severity), " are the same severity"));
        auto const word = text(key, node);
        if (!word || *word == "inherit")
            return;
        auto const action = parse_action(*word);
        if (!action)
            return say(at(node.source()),
                       cat("unknown action \"", *word, "\"", did_you_mean(*word, action_words)));
        policy_.severity.at(*severity) = {
            *action, origin(key, cat("severity.", finding::to_string(*severity)))};
    }

    void scan(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        if (std::find(std::begin(scan_keys), std::end(scan_keys), name) == std::end(scan_keys))
            return say(at(key.source()),
                       cat("unknown key ", name, " in [scan]", did_you_mean(name, scan_keys)));
        auto const word = text(key, node);
        if (!word)
            return;
        auto const where = origin(key, cat("scan.", name));
        if (name == "max_data_age") {
            auto const age = parse_duration(*word);
            if (!age.has_value())
                return say(at(node.source()), age.error().message());
            policy_.scan.max_data_age = Setting<Duration>{*age, where};
            return;
        }
        auto const action = parse_action(*word);
        if (!action || *action == Action::block_if_fixed)
            return say(at(node.source()),
                       cat("unknown action \"",
                           *word,
                           "\" for scan.",
                           name,
                           did_you_mean(*word, effect_words)));
        auto& setting = name == "on_error"    ? policy_.scan.on_error
                        : name == "uncovered" ? policy_.scan.uncovered
                                              : policy_.scan.partly_covered;
        setting = {*action, where};
    }

    SourceFile const& file_;
    Policy& policy_;
    std::vector<Error>& mistakes_;
    std::map<finding::Severity, std::string> seen_;
};

} // namespace

Result<Policy> load(std::vector<SourceFile> const& files) {
    auto policy = built_in();
    std::vector<Error> mistakes;
    for (auto const& file : files) {
        if (file.path != "global.toml")
            mistakes.push_back(Error(ErrorKind::policy, "only global.toml is known to this version")
                                   .with_position({file.path, 0, 0}));
        else
            FileReader(file, policy, mistakes).read();
        policy.files.push_back({file.path, image::Digest::of(file.bytes).text()});
    }
    if (!files.empty())
        policy.source = "folder";
    if (mistakes.empty())
        return policy;
    auto first = mistakes.front();
    mistakes.erase(mistakes.begin());
    return std::move(first).with_also(std::move(mistakes));
}

} // namespace clairgate::policy
