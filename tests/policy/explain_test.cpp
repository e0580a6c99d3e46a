#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;

Explanation decision_of(Policy const& policy, finding::Finding const& finding) {
    return sample::explained(policy, finding);
}

TEST(Explain, TheSentenceSaysWhyInPlainWords) {
    auto const policy = built_in();
    EXPECT_EQ(decision_of(policy, sample::finding(Severity::high, "3.0.17")).sentence,
              "high, fixed in 3.0.17: severity.high is block-if-fixed");
    EXPECT_EQ(decision_of(policy, sample::finding(Severity::high)).sentence,
              "high, no fix known: severity.high is block-if-fixed");
    EXPECT_EQ(decision_of(policy, sample::finding(Severity::critical)).sentence,
              "critical, no fix known: severity.critical is block");
}

TEST(Explain, TheSentenceSaysWhenTheScoreGaveTheSeverity) {
    auto finding = sample::finding(Severity::critical);
    finding.severity_source = "cvss";
    finding.vendor_severity = Severity::unknown;
    finding.cvss = {{"3.1", "CVSS:3.1/AV:N", 9.8}};
    EXPECT_EQ(decision_of(built_in(), finding).sentence,
              "critical by CVSS 9.8, since the vendor gives none, no fix known: "
              "severity.critical is block");
}

TEST(Explain, TheRemedyIsTheUpgradeOrNothing) {
    EXPECT_EQ(decision_of(built_in(), sample::finding(Severity::low, "3.0.17")).remedy,
              "upgrade openssl to 3.0.17");
    EXPECT_EQ(decision_of(built_in(), sample::finding(Severity::critical)).remedy, "");
}

std::string allow(std::string const& more) {
    return cat("[[allow]]\nid = \"CVE-2024-0001\"\nreason = \"not reachable\"\n"
               "owner = \"team\"\nexpires = 2026-12-31\n",
               more);
}

Policy shop(std::string const& global, std::string const& application) {
    return load({{"global.toml", "schema = 1\n" + global},
                 {"application/shop.toml", "schema = 1\n" + application}},
                {"", "", "shop"})
        .value();
}

struct Case {
    std::string global;
    std::string application;
    char const* sentence;
    char const* place;
    char const* lock;
};

TEST(Explain, NamesWhoDecidedAndWhoHeldIt) {
    std::string const rule = "[[rule]]\nname = \"old\"\nwhen = { fixed = true, severity = "
                             "[\"critical\", \"high\"] }\naction = \"block\"\n";
    std::string const locked = "[severity]\ncritical = \"block\"\n[[lock]]\n"
                               "key = \"severity.critical\"\n";
    Case const cases[] = {
        {"", "", "severity.critical is block", "built-in", ""},
        {rule,
         "",
         "rule.old (has a fix and severity critical or high) is block",
         "global.toml:2:1",
         ""},
        {rule + "reason = \"fixed long ago\"\n",
         "",
         "rule.old (has a fix and severity critical or high) is block: fixed long ago",
         "global.toml:2:1",
         ""},
        {"",
         allow(""),
         "allow CVE-2024-0001 by team until 2026-12-31: not reachable",
         "application/shop.toml:2:1",
         ""},
        {locked,
         allow(""),
         "allow CVE-2024-0001 by team until 2026-12-31: not reachable; "
         "lock severity.critical (global.toml:4:1) holds it at block",
         "application/shop.toml:2:1",
         "global.toml:4:1"},
        {rule + "[[lock]]\nkey = \"rule.old\"\n",
         "[severity]\ncritical = \"warn\"\n",
         "severity.critical is warn; lock rule.old (global.toml:6:1) holds it at block",
         "application/shop.toml:3:1",
         "global.toml:6:1"},
        {"",
         "[[rule]]\nname = \"kev\"\nwhen = { kev = true }\naction = \"block\"\n",
         "rule.kev (known exploited) is block; a fact it asks for is not known, so the stricter "
         "outcome counts",
         "application/shop.toml:2:1",
         ""},
    };
    auto const finding = sample::finding(Severity::critical, "2");
    for (auto const& c : cases) {
        auto const said = sample::explained(shop(c.global, c.application), finding);
        EXPECT_EQ(said.sentence, cat("critical, fixed in 2: ", c.sentence));
        EXPECT_EQ(place_of(said.origin), c.place) << c.sentence;
        EXPECT_EQ(said.lock ? place_of(*said.lock) : "", c.lock) << c.sentence;
    }
}

TEST(Explain, ShoutsABreakGlass) {
    auto const policy = sample::policy(
        "[[allow]]\nbreak_glass = true\nticket = \"INC-1\"\nreason = \"outage\"\nowner = \"o\"\n"
        "issued = 2026-11-24T10:00:00Z\nexpires = 2026-11-25T10:00:00Z\n");
    EXPECT_EQ(sample::explained(policy, sample::finding(Severity::low)).sentence,
              "low, no fix known: BREAK-GLASS allow of any id by o until "
              "2026-11-25T10:00:00Z: outage");
}

TEST(Explain, TextOfAnOpinionIsItsNameAndAction) {
    auto const policy = shop("[severity]\nhigh = \"warn\"\n[[rule]]\nname = \"a b\"\n"
                             "when = { fixed = true }\naction = \"block-if-fixed\"\n[[lock]]\n"
                             "key = \"rule.a b\"\n[[lock]]\nkey = \"severity.high\"\n",
                             allow(""));
    using Kind = OpinionRef::Kind;
    auto const high = static_cast<std::uint32_t>(Severity::high);
    EXPECT_EQ(text_of(policy, {1, Kind::severity, high}), "severity.high is warn");
    EXPECT_EQ(text_of(policy, {1, Kind::rule, 0}), "rule.a b is block-if-fixed");
    EXPECT_EQ(text_of(policy, {1, Kind::lock, 0}), "lock rule.a b holds it at block-if-fixed");
    EXPECT_EQ(text_of(policy, {1, Kind::lock, 1}), "lock severity.high holds it at warn");
    EXPECT_EQ(text_of(policy, {2, Kind::waiver, 0}), "allow CVE-2024-0001");
}

TEST(Explain, TheSnippetIsAnExceptionOnceItsFieldsAreFilled) {
    auto finding = sample::finding(Severity::critical);
    auto snippet = exception_snippet(finding);
    EXPECT_FALSE(parse_layer({"application/shop.toml", "schema = 1\n" + snippet}).has_value())
        << "nobody has filled it in";
    auto const fill = [&snippet](std::string_view what, std::string_view with) {
        snippet.replace(snippet.find(what), what.size(), with);
    };
    fill("reason  = \"\"", "reason = \"r\"");
    fill("owner   = \"\"", "owner = \"o\"");
    fill("YYYY-MM-DD", "2026-12-31");
    auto const verdict = sample::judge(shop("", snippet), sample::scan({finding}));
    EXPECT_TRUE(verdict.decisions().front().is_waived) << snippet;
}

TEST(Explain, TheSnippetIsHarmlessWhateverTheScannerSays) {
    auto finding = sample::finding(Severity::critical);
    finding.id = "CVE\"\n[severity]\ncritical = \"allow\"\n#";
    finding.package.name = "\\\"\x1b[31m\xFF\u202E" + std::string(100'000, 'x');
    auto const snippet = exception_snippet(finding);
    EXPECT_LT(snippet.size(), 1000U);
    EXPECT_EQ(snippet.find('\x1b'), std::string::npos);
    EXPECT_EQ(snippet.find("\n[severity]"), std::string::npos) << snippet;
}

} // namespace
} // namespace clairgate::policy
