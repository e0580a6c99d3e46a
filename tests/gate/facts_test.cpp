#include <clairgate/base/text.hpp>
#include <clairgate/gate/facts.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <gate/sample_report.hpp>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

constexpr char const* kev = R"({"title":"CISA Catalog of Known Exploited Vulnerabilities",
"catalogVersion":"2026.11.20","dateReleased":"2026-11-20T10:00:00.000Z","count":1,
"vulnerabilities":[
{"cveID":"CVE-2099-0001","vendorProject":"v","product":"p","vulnerabilityName":"n",
"dateAdded":"2026-11-19","shortDescription":"s","requiredAction":"r","dueDate":"2026-12-01",
"knownRansomwareCampaignUse":"Unknown","notes":"","cwes":[]}]})";
constexpr char const* epss = "#model_version:v2025.03.14,score_date:2026-11-20T00:00:00+0000\n"
                             "cve,epss,percentile\nCVE-2099-0001,0.25,0.9\n";
constexpr char const* vex = R"({"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://e.x/v1",
"author":"security@example.com","timestamp":"2026-11-20T00:00:00Z","version":1,"statements":[
{"vulnerability":{"name":"CVE-2099-0001"},
"products":[{"@id":"pkg:oci/app?repository_url=reg.example/app"}],
"status":"not_affected","justification":"vulnerable_code_not_present"}]})";

struct Files {
    test::TempDir folder;
    std::string put(std::string_view name, std::string_view text) const {
        auto const path = folder.path() / name;
        std::ofstream(path) << text;
        return path.string();
    }
};

SystemTime now() {
    return parse_rfc3339("2026-11-25T00:00:00Z").value();
}

FactChoice choice() {
    FactChoice out;
    out.kev_age_max = out.epss_age_max = std::chrono::hours(14 * 24);
    return out;
}

TEST(ReadFacts, OfNoFilesAreNone) {
    auto const facts = read_facts(choice(), now()).value();
    auto scan = test::sample_report(finding::Severity::low, "").scan;
    add_facts(scan, facts);
    EXPECT_EQ(scan.findings[0].is_known_exploited, std::nullopt);
    EXPECT_EQ(scan.findings[0].epss, std::nullopt);
    EXPECT_TRUE(scan.findings[0].is_new);
}

TEST(ReadFacts, MarkTheFindings) {
    Files const files;
    auto wanted = choice();
    wanted.kev_file = files.put("kev.json", kev);
    wanted.epss_file = files.put("epss.csv", epss);
    auto const facts = read_facts(wanted, now());
    ASSERT_TRUE(facts.has_value()) << facts.error().text();
    auto scan = test::sample_report(finding::Severity::low, "").scan;
    scan.findings.push_back(scan.findings[0]);
    scan.findings[1].id = "CVE-2099-0002";
    add_facts(scan, *facts);
    EXPECT_EQ(scan.findings[0].is_known_exploited, true);
    EXPECT_EQ(scan.findings[0].epss, 0.25);
    EXPECT_EQ(scan.findings[1].is_known_exploited, false);
    EXPECT_EQ(scan.findings[1].epss, std::nullopt);
}

TEST(ReadFacts, AreAMistakeWhenMissingMalformedOrTooOld) {
    Files const files;
    auto wanted = choice();
    wanted.kev_file = "/nowhere.json";
    EXPECT_EQ(read_facts(wanted, now()).error().kind(), ErrorKind::policy);
    wanted.kev_file = files.put("kev.json", "{}");
    EXPECT_EQ(read_facts(wanted, now()).error().kind(), ErrorKind::policy);
    wanted.kev_file = files.put("kev.json", kev);
    wanted.kev_age_max = std::chrono::hours(24);
    auto const old = read_facts(wanted, now());
    ASSERT_FALSE(old.has_value());
    EXPECT_NE(old.error().remedy().find("--kev-max-age"), std::string::npos);
}

TEST(Compare, TellsWhatTheBaselineHadAndTheScanHasNot) {
    auto const older = test::sample_report(finding::Severity::high, "");
    auto scan = older.scan;
    FactFiles facts;
    EXPECT_FALSE(compare(scan, facts).has_value());
    auto second = older.scan.findings.front();
    second.id = "CVE-2099-0002";
    second.severity = finding::Severity::critical;
    auto before = std::make_shared<finding::ScanReport>(older.scan);
    before->findings.push_back(second);
    before->findings.push_back(second); // told once
    facts.baseline = EarlierScan{"older", before, policy::Baseline(*before)};
    scan.findings.front().package.version = "3.0.2"; // an upgrade that does not mend it
    auto const comparison = compare(scan, facts);
    ASSERT_TRUE(comparison.has_value());
    EXPECT_EQ(comparison->baseline, "older");
    ASSERT_EQ(comparison->fixed.size(), 1U);
    EXPECT_EQ(comparison->fixed[0].id, "CVE-2099-0002");
    EXPECT_EQ(comparison->fixed[0].installed, "3.0.1");
    scan.findings.front().id = "CVE-2099-0003";
    add_facts(scan, facts);
    EXPECT_TRUE(scan.findings.front().is_new);
    EXPECT_EQ(compare(scan, facts)->fixed.size(), 2U);
}

TEST(AddVex, IsHeardOnlyFromAuthorsThatPolicyTrusts) {
    Files const files;
    auto wanted = choice();
    wanted.vex_files = {files.put("vex.json", vex)};
    auto const facts = read_facts(wanted, now());
    ASSERT_TRUE(facts.has_value()) << facts.error().text();
    auto const report = test::sample_report(finding::Severity::critical, "");
    auto const effect = [&](policy::Policy policy) {
        add_vex(policy, *facts);
        return policy::evaluate(policy,
                                report.scan,
                                {"reg.example/app", now(), report.reference.digest()->text()})
            .effect();
    };
    auto policy = policy::built_in();
    EXPECT_EQ(effect(policy), policy::Effect::block);
    policy.exceptions.vex_authors =
        policy::Setting<std::vector<std::string>>{{"security@example.com"}, {}};
    EXPECT_EQ(effect(policy), policy::Effect::allow);
}

} // namespace
} // namespace clairgate::gate
