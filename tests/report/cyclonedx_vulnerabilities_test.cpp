#include "report/cyclonedx_document.hpp"
#include <clairgate/policy/vex.hpp>

namespace clairgate::report {
namespace {

using cyclonedx_document::by_id;
using cyclonedx_document::cyclonedx;
using cyclonedx_document::expect_sound_references;
using cyclonedx_document::json;
using cyclonedx_document::text_of;

TEST(CycloneDxVulnerabilities, OneVulnerabilityHasAllPackagesOfWhichTheSameIsTrue) {
    auto const shared = by_id(cyclonedx(sample::report()))["CVE-2099-0001"];
    EXPECT_EQ(shared["affects"].size(), 2U);
    EXPECT_EQ(shared["recommendation"], "upgrade libssl3, openssl to 3.0.17-1~deb12u2");
    auto scan = sample::scan(sample::findings());
    for (auto& finding : scan.findings)
        if (finding.package.name == "openssl")
            finding.severity = finding::Severity::medium;
    auto const document = cyclonedx(sample::report_of(scan, policy::built_in()));
    std::multiset<std::string> ids;
    for (auto const& vulnerability : document["vulnerabilities"])
        ids.insert(vulnerability["id"]);
    EXPECT_EQ(ids.count("CVE-2099-0001"), 2U);
    expect_sound_references(document);
}

TEST(CycloneDxVulnerabilities, AnalysisSaysNoMoreThanIsKnown) {
    auto open = by_id(cyclonedx(sample::report()));
    for (auto const& [id, vulnerability] : open)
        EXPECT_EQ(vulnerability["analysis"]["state"], "in_triage") << id;
    auto waived = by_id(cyclonedx(sample::waived_report()));
    auto const accepted = waived["CVE-2099-0001"]["analysis"];
    EXPECT_EQ(accepted["state"], "exploitable");
    EXPECT_FALSE(accepted.contains("justification"));
    EXPECT_NE(accepted["detail"].get<std::string>().find("until 2026-12-31 by team-shop"),
              std::string::npos);
    EXPECT_EQ(waived["CVE-2099-0002"]["analysis"]["state"], "not_affected");
    EXPECT_EQ(waived["CVE-2099-0002"]["analysis"]["justification"], "code_not_reachable");
    EXPECT_EQ(waived["CVE-2099-0003"]["analysis"]["justification"], "requires_configuration");
    EXPECT_EQ(waived["CVE-2099-0004"]["analysis"]["state"], "resolved");
}

TEST(CycloneDxVulnerabilities, LiftsInPolicyOnlyWhatVexLifted) {
    auto const lifting = [](Report const& report) {
        std::set<std::string> ids;
        for (auto const& statement : policy::parse_vex(text_of(report)).value().statements)
            if (statement.suppresses())
                ids.insert(statement.ids.front());
        return ids;
    };
    EXPECT_TRUE(lifting(sample::report()).empty());
    EXPECT_EQ(lifting(sample::waived_report()),
              (std::set<std::string>{"CVE-2099-0002", "CVE-2099-0003", "CVE-2099-0004"}));
}

TEST(CycloneDxVulnerabilities, RatingsUseItsOwnWords) {
    auto one = sample::finding(finding::Severity::negligible);
    one.cvss = {
        {"2.0", "AV:N", 5.0}, {"3.0", "v", 9.8}, {"3.1", "v", 0}, {"4.0", "v", 7}, {"9", "v", 1}};
    auto const ratings = cyclonedx(sample::report_of(
        sample::scan({one}), policy::built_in()))["vulnerabilities"][0]["ratings"];
    std::vector<std::string> words;
    for (auto const& rating : ratings)
        words.push_back(
            cat(rating.value("method", "-"), " ", rating["severity"].get<std::string>()));
    EXPECT_EQ(words,
              (std::vector<std::string>{"- info",
                                        "CVSSv2 medium",
                                        "CVSSv3 critical",
                                        "CVSSv31 none",
                                        "CVSSv4 high",
                                        "other low"}));
}

TEST(CycloneDxVulnerabilities, OnlyHttpsBecomesAnAddress) {
    auto one = sample::finding(finding::Severity::low);
    one.links = {"http://example.org/a", "https://e.org/\"><b>", "https://example.org/ok"};
    one.aliases = {"CVE-2024-1 <x>", "GHSA-aaaa", "ZZZ-1"};
    auto const it =
        cyclonedx(sample::report_of(sample::scan({one}), policy::built_in()))["vulnerabilities"][0];
    EXPECT_EQ(it["advisories"], json::parse(R"([{"url": "https://example.org/ok"}])"));
    EXPECT_EQ(it["source"]["url"], "https://example.org/ok");
    EXPECT_EQ(it["references"][0]["id"], "CVE-2024-1 <x>");
    EXPECT_FALSE(it["references"][0]["source"].contains("url"));
    EXPECT_EQ(it["references"][1]["source"]["url"], "https://github.com/advisories/GHSA-aaaa");
    EXPECT_EQ(it["references"][2]["source"]["name"], "debian/updater");
}

} // namespace
} // namespace clairgate::report
