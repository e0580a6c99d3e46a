#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

constexpr std::size_t words_max = 1000;
constexpr std::size_t id_bytes_max = 128;

constexpr ConditionKind table[] = {
    {"id", "CVE or another id, aliases included", "[\"CVE-2024-0001\"]", false, parse_id},
    {"severity", "severity", "[\"critical\", \"high\"]", false, parse_severity_condition},
    {"cvss", "highest CVSS base score", "\">= 9.0\"", false, parse_cvss},
    {"epss", "probability of exploitation (--epss)", "\">= 0.1\"", false, parse_epss},
    {"kev", "in CISA's catalogue of exploited vulnerabilities (--kev)", "true", false, parse_kev},
    {"fixed", "a fixed version is known", "true", false, parse_fixed},
    {"fixed-for", "how long the fix is known here", "\">= 14d\"", false, parse_fixed_for},
    {"package", "name of the package or its source; glob", "\"openssl*\"", true, parse_package},
    {"purl", "package URL; glob", "\"pkg:pypi/**\"", true, parse_purl},
    {"ecosystem", "debian, pypi, maven…; glob", "\"pypi\"", false, parse_ecosystem},
    {"distribution", "distribution; glob", "\"debian 12 *\"", false, parse_distribution},
    {"image", "repository of the image; glob", "\"registry.example/team/**\"", true, parse_image},
    {"environment", "environment that is judged for; glob", "\"prod*\"", true, parse_environment},
    {"layer", "base or application", "\"application\"", true, parse_layer_condition},
    {"age", "since it was published or first-seen", "\"first-seen >= 7d\"", false, parse_age},
    {"new", "not in the baseline (--against)", "true", false, parse_new},
    {"end-of-life", "the distribution is out of support", "true", false, parse_end_of_life},
};

std::string canonical(std::string_view name) {
    std::string out(name);
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
}

} // namespace

std::span<ConditionKind const> condition_kinds() {
    return table;
}

Result<Condition> parse_condition(std::string_view name, ConditionValue const& value) {
    auto const spelled = canonical(name);
    for (auto const& kind : table)
        if (kind.name == spelled)
            return kind.parse(value);
    std::vector<std::string_view> names;
    for (auto const& kind : table)
        names.push_back(kind.name);
    return Error(ErrorKind::policy,
                 cat("unknown condition ", printable(name, 60), did_you_mean(name, names)));
}

Result<bool> truth_in(std::string_view name, ConditionValue const& value) {
    if (auto const* const is_true = std::get_if<bool>(&value))
        return *is_true;
    return Error(ErrorKind::policy, cat(name, " is true or false, without quotes"));
}

Result<std::vector<std::string>> words_in(std::string_view name, ConditionValue const& value) {
    auto const* const words = std::get_if<std::vector<std::string>>(&value);
    if (words == nullptr)
        return Error(ErrorKind::policy, cat(name, " is a string or an array of strings"));
    if (words->empty())
        return Error(ErrorKind::policy, cat(name, " is empty: it would match nothing"));
    if (words->size() > words_max)
        return Error(ErrorKind::policy, cat(name, " has more than ", words_max, " values"));
    for (auto const& word : *words)
        if (word.empty() || trim(word) != word)
            return Error(ErrorKind::policy,
                         cat(name, " has a value that is empty or begins or ends with a space"));
    return *words;
}

bool is_vulnerability_id(std::string_view text) {
    auto const is_part = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '-' || c == '.' || c == '_' || c == ':';
    };
    return !text.empty() && text.size() <= id_bytes_max && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), is_part);
}

std::string either(std::vector<std::string> const& words) {
    constexpr std::size_t shown_max = 3;
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i == shown_max)
            return cat(out, " or ", words.size() - shown_max, " others");
        out += cat(i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i]);
    }
    return out;
}

Result<std::vector<Glob>> globs_of(std::string_view name, std::vector<std::string> const& words) {
    std::vector<Glob> globs;
    globs.reserve(words.size());
    for (auto const& word : words)
        globs.push_back(TRY(Glob::parse(word).with_context(std::string(name))));
    return globs;
}

bool any_matches(std::vector<Glob> const& globs, std::string_view text) {
    return std::any_of(
        globs.begin(), globs.end(), [&](Glob const& glob) { return glob.matches(text); });
}

Result<Condition> glob_condition(std::string_view name,
                                 ConditionValue const& value,
                                 std::optional<std::string_view> (*read)(Facts const&)) {
    auto const words = TRY(words_in(name, value));
    auto globs = TRY(globs_of(name, words));
    auto text = cat(name, " ", either(words));
    return Condition{name, std::move(text), [globs = std::move(globs), read](Facts const& facts) {
                         auto const fact = read(facts);
                         return fact ? truth_of(any_matches(globs, *fact)) : Truth::unknown;
                     }};
}

} // namespace clairgate::policy
