#include <clairgate/attest/vuln.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::attest {
namespace {

ScanFacts facts() {
    ScanFacts out;
    out.scanner_version = "4.8.0";
    out.database = "https://clair.example/";
    out.database_state = "operation-7";
    out.database_updated = parse_rfc3339("2026-11-24T06:00:00Z").value();
    out.started = parse_rfc3339("2026-11-24T09:51:39Z").value();
    out.finished = parse_rfc3339("2026-11-24T09:52:00Z").value();
    return out;
}

finding::Finding finding(std::string id, finding::Severity severity) {
    finding::Finding out;
    out.id = std::move(id);
    out.updater = "debian/updater";
    out.package.name = "libssl3";
    out.package.version = "3.0.11";
    out.package.purl = "pkg:deb/debian/libssl3@3.0.11";
    out.severity = severity;
    out.vendor_severity = severity;
    return out;
}

finding::ScanReport scan(std::vector<finding::Finding> findings) {
    finding::ScanReport out;
    out.findings = std::move(findings);
    return out;
}

constexpr std::string_view head =
    R"({"scanner":{"uri":"pkg:github/quay/clair@4.8.0","version":"4.8.0",)"
    R"("db":{"uri":"https://clair.example/","version":"operation-7",)"
    R"("lastUpdate":"2026-11-24T06:00:00Z"},"result":[)";
constexpr std::string_view tail = R"(]},"metadata":{"scanStartedOn":"2026-11-24T09:51:39Z",)"
                                  R"("scanFinishedOn":"2026-11-24T09:52:00Z"}})";

nlohmann::json results(std::vector<finding::Finding> findings) {
    return nlohmann::json::parse(vulns_predicate(facts(), scan(std::move(findings))))
        .at("scanner")
        .at("result");
}

TEST(VulnsPredicate, HasDeterministicBytes) {
    EXPECT_EQ(vulns_predicate(facts(), scan({})), std::string(head) + std::string(tail));
    auto high = finding("CVE-2099-0001", finding::Severity::high);
    high.cvss = {{"3.1", "CVSS:3.1/AV:N", 9.8}, {"2.0", "AV:N", 7.5}};
    high.fixed_version = "3.0.17";
    EXPECT_EQ(vulns_predicate(facts(),
                              scan({finding("CVE-2099-0002", finding::Severity::unknown), high})),
              std::string(head) +
                  R"({"id":"CVE-2099-0001","severity":[{"method":"clair","score":"High"},)"
                  R"({"method":"CVSSv31","score":"9.8"}],"annotations":[{"package":"libssl3",)"
                  R"("version":"3.0.11","purl":"pkg:deb/debian/libssl3@3.0.11",)"
                  R"("fixedVersion":"3.0.17"}]},)"
                  R"({"id":"CVE-2099-0002","severity":[{"method":"clair","score":"Unknown"}],)"
                  R"("annotations":[{"package":"libssl3","version":"3.0.11",)"
                  R"("purl":"pkg:deb/debian/libssl3@3.0.11","fixedVersion":""}]})" +
                  std::string(tail));
}

TEST(VulnsPredicate, LeavesOutAnUnknownUpdate) {
    auto unknown = facts();
    unknown.database_updated.reset();
    EXPECT_EQ(vulns_predicate(unknown, scan({})).find("lastUpdate"), std::string::npos);
}

TEST(VulnsPredicate, KeepsTheWorstOfEachPackage) {
    auto low = finding("CVE-2099-0001", finding::Severity::low);
    low.cvss = {{"3.1", "", 9.9}};
    auto high = finding("CVE-2099-0001", finding::Severity::high);
    auto scored = high;
    scored.updater = "osv/x";
    scored.cvss = {{"4.0", "", 7.0}};
    auto other = high;
    other.package.name = "openssl";
    auto const result = results({low, high, other, scored});
    ASSERT_EQ(result.size(), 2U);
    EXPECT_EQ(result[0].at("severity").dump(),
              R"([{"method":"clair","score":"High"},{"method":"CVSSv4","score":"7.0"}])");
    EXPECT_EQ(result[1].at("annotations").at(0).at("package"), "openssl");
}

TEST(VulnsPredicate, DoesNotDependOnTheOrderOfFindings) {
    std::vector<finding::Finding> findings;
    for (int i = 0; i < 6; ++i) {
        auto some = finding(i % 2 == 0 ? "CVE-2099-0001" : "CVE-2099-0002",
                            finding::severities.at(static_cast<std::size_t>(i % 3)));
        if (i % 3 == 0)
            some.cvss = {{i == 0 ? "3.0" : "3.1", "", 5.0}};
        some.fixed_version = i < 3 ? "1" : "2";
        findings.push_back(some);
    }
    auto const expected = vulns_predicate(facts(), scan(findings));
    for (int turn = 0; turn < 6; ++turn) {
        std::rotate(findings.begin(), findings.begin() + 1, findings.end());
        EXPECT_EQ(vulns_predicate(facts(), scan(findings)), expected);
        std::swap(findings[0], findings[3]);
        EXPECT_EQ(vulns_predicate(facts(), scan(findings)), expected);
    }
}

TEST(VulnsPredicate, WritesHostileTextAndOddScores) {
    auto hostile = finding("CVE\"\n\x1B[31m", finding::Severity::critical);
    hostile.package.name = "a\xFF";
    hostile.cvss = {{"3.1", "", -1.0}, {"5.0", "", 10.0}};
    auto const result = results({hostile});
    EXPECT_EQ(result[0].at("id"), "CVE\"\n\x1B[31m");
    EXPECT_EQ(result[0].at("annotations").at(0).at("package"), "a\uFFFD");
    EXPECT_EQ(result[0].at("severity").at(1).dump(), R"({"method":"CVSS","score":"10.0"})");
    hostile.cvss = {{"3.1", "", std::numeric_limits<double>::quiet_NaN()}};
    EXPECT_EQ(results({hostile})[0].at("severity").size(), 1U);
}

} // namespace
} // namespace clairgate::attest
