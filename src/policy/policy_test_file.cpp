#include <clairgate/base/text.hpp>
#include <clairgate/policy/keys.hpp>
#include <clairgate/policy/policy_test_file.hpp>
#include <clairgate/policy/toml_reader.hpp>

#include <algorithm>
#include <set>

namespace clairgate::policy {

namespace {

constexpr std::size_t tests_max = 1000; // of one file
constexpr std::size_t findings_max = 1000;
constexpr std::size_t aliases_max = 100;
constexpr double score_max = 10; // of CVSS
constexpr std::string_view platform = "linux/amd64";

constexpr std::string_view top_keys[] = {"schema", "test"};
constexpr std::string_view test_keys[] = {
    "name", "application", "environment", "cluster", "image", "now", "expect", "finding"};
constexpr std::string_view finding_keys[] = {
    "id",           "aliases",    "severity",       "package", "source",
    "version",      "purl",       "ecosystem",      "cvss",    "epss",
    "published",    "first_seen", "fix_first_seen", "fixed",   "kev",
    "distribution", "new",        "layer",          "expect",  "rule"};
constexpr std::string_view verdict_words[] = {"pass", "warn", "block"};
constexpr std::string_view decision_words[] = {"allow", "warn", "block", "waived"};
constexpr std::string_view layer_words[] = {"application", "base"};

// The members that a file says as they are.
struct TextMember {
    std::string_view key;
    std::string& (*of)(finding::Finding&);
};
constexpr TextMember text_members[] = {
    {"package", [](finding::Finding& f) -> std::string& { return f.package.name; }},
    {"source", [](finding::Finding& f) -> std::string& { return f.package.source_name; }},
    {"version", [](finding::Finding& f) -> std::string& { return f.package.version; }},
    {"purl", [](finding::Finding& f) -> std::string& { return f.package.purl; }},
    {"ecosystem", [](finding::Finding& f) -> std::string& { return f.package.ecosystem; }},
    {"distribution", [](finding::Finding& f) -> std::string& { return f.distribution; }},
    {"fixed", [](finding::Finding& f) -> std::string& { return f.fixed_version; }},
};

// One of the words; a mistake where it is none, and "" where it is no text.
std::string word_of(TomlReader& reader,
                    toml::key const& key,
                    toml::node const& node,
                    std::span<std::string_view const> words) {
    auto word = reader.text(key, node).value_or("");
    bool const is_known = std::find(words.begin(), words.end(), word) != words.end();
    if (!is_known && node.is_string())
        reader.say_unknown_word(node, word, key.str(), words);
    return word;
}

std::optional<double>
number_of(TomlReader& reader, toml::key const& key, toml::node const& node, double most) {
    auto const number = node.is_number() ? node.value<double>() : std::nullopt;
    if (number && *number >= 0 && *number <= most)
        return number;
    reader.say(key.source(),
               cat(key.str(), " must be a number from 0 to ", static_cast<int>(most)),
               "without quotes");
    return std::nullopt;
}

// Reads one [[test.finding]].
class FindingReader {
  public:
    FindingReader(TomlReader& reader, toml::table const& table) : reader_(reader), table_(table) {}

    TestFinding read() {
        out_.at = reader_.position(table_.source());
        out_.finding.platform = platform;
        out_.finding.updater = "policy test";
        for (auto const& [key, node] : table_)
            member(key, node);
        for (std::string_view const key : {"id", "severity"})
            if (table_.get(key) == nullptr)
                reader_.say(table_.source(),
                            cat("[[test.finding]] without ", key),
                            "it needs id and severity");
        auto& finding = out_.finding;
        if (finding.severity == finding::Severity::unknown && !finding.cvss.empty()) { // as a scan
            finding.severity = finding::severity_of_score(finding.cvss.front().score);
            finding.severity_source = "cvss";
        }
        return std::move(out_);
    }

  private:
    void member(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        auto& finding = out_.finding;
        for (auto const& one : text_members)
            if (one.key == name)
                return void(one.of(finding) = reader_.prose(key, node).value_or(""));
        if (name == "id")
            return id(key, node);
        if (name == "aliases")
            return aliases(key, node);
        if (name == "severity")
            return severity(key, node);
        if (name == "cvss") {
            if (auto const score = number_of(reader_, key, node, score_max))
                finding.cvss = {{"3.1", "", *score}};
            return;
        }
        if (name == "expect")
            return void(out_.expect = word_of(reader_, key, node, decision_words));
        if (name == "rule")
            return void(out_.rule = reader_.prose(key, node).value_or(""));
        fact(key, node);
    }

    // What a scan alone does not tell.
    void fact(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        auto& finding = out_.finding;
        if (name == "epss")
            finding.epss = number_of(reader_, key, node, 1);
        else if (name == "kev")
            finding.is_known_exploited = reader_.boolean(key, node);
        else if (name == "new")
            finding.is_new = reader_.boolean(key, node).value_or(true);
        else if (name == "published")
            finding.published = reader_.moment(key, node);
        else if (name == "first_seen")
            finding.first_seen = reader_.moment(key, node);
        else if (name == "fix_first_seen")
            finding.fix_first_seen = reader_.moment(key, node);
        else if (name == "layer")
            finding.is_base_layer = word_of(reader_, key, node, layer_words) == "base";
        else
            reader_.say_unknown(key, " in [[test.finding]]", finding_keys);
    }

    bool is_id(toml::node const& node, std::string const& text) {
        bool const is_right = is_vulnerability_id(text);
        if (!is_right)
            reader_.say(node.source(),
                        cat("\"", printable(text, 60), "\" is no vulnerability id"),
                        "write one such as CVE-2024-0001");
        return is_right;
    }

    void id(toml::key const& key, toml::node const& node) {
        auto text = reader_.text(key, node);
        if (text && is_id(node, *text))
            out_.finding.id = *std::move(text);
    }

    void aliases(toml::key const& key, toml::node const& node) {
        auto texts = reader_.texts(key, node);
        if (!texts)
            return;
        if (texts->size() > aliases_max)
            return reader_.say(key.source(), cat("more than ", aliases_max, " aliases"));
        bool const are_ids = std::all_of(
            texts->begin(), texts->end(), [&](std::string const& one) { return is_id(node, one); });
        if (are_ids)
            out_.finding.aliases = *std::move(texts);
    }

    void severity(toml::key const& key, toml::node const& node) {
        auto const word = word_of(reader_, key, node, keys::severities);
        auto const severity = finding::parse_severity(word);
        if (!severity)
            return;
        out_.finding.severity = *severity;
        out_.finding.vendor_severity = *severity;
        out_.finding.severity_source = "vendor";
    }

    TomlReader& reader_;
    toml::table const& table_;
    TestFinding out_;
};

// Reads one [[test]].
class TestReader {
  public:
    TestReader(TomlReader& reader, toml::table const& table) : reader_(reader), table_(table) {}

    PolicyTest read() {
        out_.at = reader_.position(table_.source());
        for (auto const& [key, node] : table_)
            member(key, node);
        if (table_.get("name") == nullptr)
            reader_.say(table_.source(), "[[test]] without name", "say what it shows");
        if (table_.get("finding") == nullptr)
            reader_.say(table_.source(),
                        "[[test]] without a finding",
                        "add [[test.finding]] with id and severity");
        bool const expects =
            table_.get("expect") != nullptr ||
            std::any_of(out_.findings.begin(), out_.findings.end(), [](TestFinding const& one) {
                return !one.expect.empty() || !one.rule.empty();
            });
        if (!expects)
            reader_.say(table_.source(),
                        "[[test]] expects nothing",
                        cat("expect = one of ", choices(verdict_words)));
        return std::move(out_);
    }

  private:
    void member(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        if (name == "name")
            out_.name = reader_.prose(key, node).value_or("");
        else if (name == "image")
            out_.image = reader_.prose(key, node).value_or("");
        else if (name == "now")
            out_.now = reader_.moment(key, node);
        else if (name == "expect")
            out_.expect = word_of(reader_, key, node, verdict_words);
        else if (name == "application")
            level(key, node, out_.context.application);
        else if (name == "environment")
            level(key, node, out_.context.environment);
        else if (name == "cluster")
            level(key, node, out_.context.cluster);
        else if (name == "finding")
            for (auto const* const one :
                 reader_.tables(key, node, "[[test.finding]]", findings_max))
                out_.findings.push_back(FindingReader(reader_, *one).read());
        else
            reader_.say_unknown(key, " in [[test]]", test_keys);
    }

    void level(toml::key const& key, toml::node const& node, std::string& into) {
        auto name = reader_.text(key, node);
        if (name && is_level_name(*name))
            into = *std::move(name);
        else if (name)
            reader_.say(node.source(),
                        cat("\"", printable(*name, 60), "\" is no name"),
                        "names match [a-z0-9][a-z0-9._-]*");
    }

    TomlReader& reader_;
    toml::table const& table_;
    PolicyTest out_;
};

} // namespace

std::vector<PolicyTest> parse_policy_tests(SourceFile const& file, std::vector<Error>& mistakes) {
    std::vector<PolicyTest> tests;
    TomlReader reader(file, Level::global, mistakes);
    auto const table = reader.document();
    if (!table)
        return tests;
    std::set<std::string, std::less<>> names;
    for (auto const& [key, node] : *table) {
        if (key.str() != "test") {
            if (key.str() != "schema") // `document` has read it
                reader.say_unknown(key, "", top_keys);
            continue;
        }
        for (auto const* const one : reader.tables(key, node, "[[test]]", tests_max)) {
            tests.push_back(TestReader(reader, *one).read());
            auto const& name = tests.back().name;
            if (!name.empty() && !names.insert(name).second)
                reader.say(one->source(), cat("two tests are named \"", printable(name, 60), "\""));
        }
    }
    return tests;
}

std::vector<PolicyTest> tests_of_tree(std::vector<SourceFile> const& files,
                                      std::vector<Error>& mistakes) {
    std::vector<PolicyTest> tests;
    for (auto const& file : files) {
        auto const role = role_of(file.path);
        if (!role.has_value() || !role->is_test)
            continue;
        for (auto& test : parse_policy_tests(file, mistakes))
            tests.push_back(std::move(test));
    }
    return tests;
}

} // namespace clairgate::policy
