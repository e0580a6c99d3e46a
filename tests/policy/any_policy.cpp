#include "policy/any_policy.hpp"

#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>

namespace clairgate::sample {

namespace {

using policy::Level;

char const* any_action(Random& random) {
    return random.one_of({"allow", "warn", "block-if-fixed", "block"});
}

char const* any_severity(Random& random) {
    return random.one_of({"critical", "high", "medium"});
}

std::string any_id(Random& random) {
    return cat(random.one_of({"CVE-2024-000", "cve-2024-000", "GHSA-"}), random.below(6));
}

// The facts of the second half can be unknown.
std::string any_condition(Random& random) {
    return random.one_of<std::string>(
        {cat("id = [\"", any_id(random), "\", \"", any_id(random), "\"]"),
         cat("severity = \"", any_severity(random), "\""),
         cat("package = \"", random.one_of({"openssl", "lib*", "curl"}), "\""),
         cat("fixed = ", random.one_of({"true", "false"})),
         cat("image = \"", random.one_of({"registry.example/**", "other/**"}), "\""),
         cat("environment = \"", random.one_of({"prod", "test"}), "\""),
         cat("cvss = \"", random.one_of({">= 7", "< 9"}), "\""),
         cat("epss = \"", random.one_of({">= 0.1", "< 0.5"}), "\""),
         cat("kev = ", random.one_of({"true", "false"})),
         cat("layer = \"", random.one_of({"base", "application"}), "\""),
         cat("age = \"first-seen ", random.one_of({">= 7d", "< 30d"}), "\""),
         cat("fixed-for = \"", random.one_of({">= 7d", "< 7d"}), "\"")});
}

std::string any_rule(Random& random, std::string_view name) {
    auto when = any_condition(random);
    auto const other = any_condition(random);
    if (random.chance(50) && other.substr(0, 4) != when.substr(0, 4))
        when += cat(", ", other);
    return cat("[[rule]]\nname = \"",
               name,
               "\"\nwhen = { ",
               when,
               " }\naction = \"",
               any_action(random),
               "\"\n");
}

std::string any_lock(Random& random, std::string_view key, std::size_t percent) {
    if (!random.chance(percent))
        return {};
    return cat("[[lock]]\nkey = \"", key, "\"\n", random.chance(30) ? "waivable = true\n" : "");
}

} // namespace

std::string any_allow(Random& random) {
    if (random.chance(10))
        return cat("[[allow]]\nbreak_glass = true\nticket = \"T\"\nreason = \"r\"\nowner = \"o\"\n",
                   random.chance(50) ? cat("id = \"", any_id(random), "\"\n") : std::string(),
                   "issued = 2026-11-24T",
                   random.one_of({"10", "14"}),
                   ":00:00Z\nexpires = 2026-11-2",
                   random.one_of({"4T18", "5T10"}),
                   ":00:00Z\n");
    auto out = cat("[[allow]]\nid = \"",
                   any_id(random),
                   "\"\nreason = \"r\"\nowner = \"o\"\nexpires = ",
                   random.one_of({"2026-11-23", "2026-11-24", "2026-12-01", "2027-03-01"}),
                   "\n");
    if (random.chance(20))
        out += cat("package = \"", random.one_of({"openssl", "lib*"}), "\"\n");
    if (random.chance(10))
        out += "layer = \"base\"\n";
    if (random.chance(10))
        out += cat("environment = \"", random.one_of({"prod", "test"}), "\"\n");
    if (random.chance(20))
        out += "until = \"fixable\"\n";
    return out;
}

std::string any_policy(Random& random, Level level) {
    std::string head = "schema = 1\n";
    if (level == Level::global && random.chance(30))
        head += "precedence = \"devtron\"\n";
    std::string severities = "[severity]\n";
    std::string budgets = "[budget]\n";
    std::string rest;
    for (auto const* severity : {"critical", "high", "medium"}) {
        if (random.chance(15))
            budgets += cat(severity, " = ", random.below(60), "\n");
        if (!random.chance(35))
            continue;
        severities += cat(severity, " = \"", any_action(random), "\"\n");
        rest += any_lock(random, cat("severity.", severity), 35);
    }
    for (auto const* name : {"a", "b"}) {
        if (!random.chance(40))
            continue;
        rest += any_rule(random, name);
        rest += any_lock(random, cat("rule.", name), 35);
    }
    for (auto count = random.below(4); count > 0; --count)
        rest += any_allow(random);
    if (random.chance(20)) {
        rest += cat("[exceptions]\nmax_days = ", random.one_of({"3", "30", "300"}), "\n");
        if (random.chance(30))
            rest += "[[lock]]\nkey = \"exceptions.max_days\"\n";
    }
    return head + severities + budgets + rest;
}

finding::Finding any_finding(Random& random) {
    auto out = finding(random.one_of(
        {finding::Severity::critical, finding::Severity::high, finding::Severity::medium}));
    auto const knows = [&random] { return random.chance(60); };
    auto const day = [&random] { return now() - std::chrono::hours(24 * random.below(60)); };
    out.id = any_id(random);
    if (random.chance(30))
        out.aliases.push_back(any_id(random));
    out.package.name = random.one_of({"openssl", "libssl3", "curl", "zlib"});
    if (random.chance(50))
        out.fixed_version = "2";
    if (knows())
        out.cvss.push_back({"3.1", "", static_cast<double>(random.below(11))});
    if (knows())
        out.epss = static_cast<double>(random.below(10)) / 10;
    if (knows())
        out.is_known_exploited = random.chance(50);
    if (knows())
        out.is_base_layer = random.chance(50);
    if (knows())
        out.first_seen = day();
    if (knows())
        out.fix_first_seen = day();
    return out;
}

} // namespace clairgate::sample
