#include <clairgate/gate/foreign_report.hpp>

#include <gtest/gtest.h>

#include <gate/foreign_samples.hpp>

namespace clairgate::gate {
namespace {

using finding::Severity;
using nlohmann::json;

Result<report::Report> parsed(json const& report) {
    auto text = report.dump();
    return parse_roxctl_report(text);
}

ErrorKind kind_of_error(json const& report) {
    auto const read = parsed(report);
    EXPECT_FALSE(read.has_value()) << report.dump().substr(0, 200);
    return read.has_value() ? ErrorKind::usage : read.error().kind();
}

TEST(ParseRoxctlReport, GivesTheFindings) {
    auto const read = parsed(test::roxctl_sample());
    ASSERT_TRUE(read.has_value()) << read.error().text();
    ASSERT_EQ(read->scan.findings.size(), 3U);
    auto const& apt = read->scan.findings[0];
    EXPECT_EQ(apt.id, "CVE-2024-0001");
    EXPECT_EQ(apt.aliases, std::vector<std::string>{"RHSA-2024:0001"});
    EXPECT_EQ(apt.package.name, "apt");
    EXPECT_EQ(apt.package.version, "1.0");
    EXPECT_EQ(apt.fixed_version, "1.3");
    EXPECT_EQ(apt.severity, Severity::critical);
    EXPECT_EQ(apt.severity_source, "vendor");
    EXPECT_EQ(apt.vendor_severity_word, "CRITICAL");
    ASSERT_EQ(apt.cvss.size(), 1U);
    EXPECT_EQ(apt.cvss[0].score, 9.8);
    EXPECT_EQ(apt.links, std::vector<std::string>{"https://nvd.test/CVE-2024-0001"});
    auto const& last = read->scan.findings[2];
    EXPECT_EQ(last.severity, Severity::medium);
    EXPECT_TRUE(last.cvss.empty()); // 0 was never set
    EXPECT_EQ(read->scan.platforms.at(0).packages, 2U);
    EXPECT_EQ(read->scan.scanner.name, "stackrox");
}

TEST(ParseRoxctlReport, NamesTheImageByTheReport) {
    auto const report = test::roxctl_sample();
    auto const read = parsed(report);
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->reference.digest(), image::Digest::of(report.dump()));
    EXPECT_EQ(read->reference.repository(), untold_repository());
    EXPECT_TRUE(image::Reference::parse(read->reference.text()).has_value());
}

TEST(ParseRoxctlReport, KnowsTheSeveritiesOfThePrinterAndOfTheInterface) {
    struct Row {
        char const* word;
        Severity severity;
    };
    Row const rows[] = {{"LOW", Severity::low},
                        {"MODERATE", Severity::medium},
                        {"IMPORTANT", Severity::high},
                        {"CRITICAL", Severity::critical},
                        {"LOW_VULNERABILITY_SEVERITY", Severity::low},
                        {"MODERATE_VULNERABILITY_SEVERITY", Severity::medium},
                        {"IMPORTANT_VULNERABILITY_SEVERITY", Severity::high},
                        {"CRITICAL_VULNERABILITY_SEVERITY", Severity::critical},
                        {"UNKNOWN_VULNERABILITY_SEVERITY", Severity::critical}}; // by its score
    for (auto const& row : rows) {
        auto report = test::roxctl_sample();
        report["result"]["vulnerabilities"][0]["cveSeverity"] = row.word;
        auto const read = parsed(report);
        ASSERT_TRUE(read.has_value()) << row.word << ": " << read.error().text();
        EXPECT_EQ(read->scan.findings[0].severity, row.severity) << row.word;
    }
    for (auto const* const word : {"", "low", "HIGH", "NONE", "_VULNERABILITY_SEVERITY"}) {
        auto report = test::roxctl_sample();
        report["result"]["vulnerabilities"][0]["cveSeverity"] = word;
        EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << word;
    }
}

TEST(ParseRoxctlReport, TakesWhatOlderVersionsWrote) {
    auto report = test::roxctl_sample();
    for (auto& entry : report["result"]["vulnerabilities"])
        for (auto const* const key : {"cveCVSS", "advisoryId", "advisoryInfo"})
            entry.erase(key);
    report["result"]["summary"]["TOTAL-VULNERABILITIES"] = 3; // each, not each id
    auto const read = parsed(report);
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->scan.findings.size(), 3U);
}

TEST(ParseRoxctlReport, HasNoCoverageWhereNothingWasFound) {
    auto report = test::roxctl_sample();
    report["result"].erase("vulnerabilities");
    report["result"]["summary"]["TOTAL-VULNERABILITIES"] = 0;
    for (int i = 0; i < 2; ++i) {
        auto const read = parsed(report);
        ASSERT_TRUE(read.has_value()) << read.error().text();
        EXPECT_TRUE(read->scan.findings.empty());
        EXPECT_TRUE(read->scan.platforms.at(0).ecosystems.empty());
        report["result"]["vulnerabilities"] = json::array();
    }
}

TEST(ParseRoxctlReport, RefusesAListThatItsSummaryDenies) {
    auto report = test::roxctl_sample();
    report["result"].erase("vulnerabilities");
    EXPECT_EQ(kind_of_error(report), ErrorKind::protocol);
    report["result"]["vulnerabilities"] = json::array();
    EXPECT_EQ(kind_of_error(report), ErrorKind::protocol);
    report = test::roxctl_sample();
    report["result"]["vulnerabilities"].erase(2);
    report["result"]["vulnerabilities"].erase(1);
    EXPECT_EQ(kind_of_error(report), ErrorKind::protocol);
    for (json const& count : {json(0), json(-2), json("2"), json(2.5), json(nullptr)}) {
        report = test::roxctl_sample();
        report["result"]["summary"]["TOTAL-VULNERABILITIES"] = count;
        EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << count;
    }
}

TEST(ParseRoxctlReport, RefusesWhatIsMissingOrOfAnotherType) {
    for (std::string const pointer : {"/result",
                                      "/result/summary",
                                      "/result/vulnerabilities",
                                      "/result/vulnerabilities/0",
                                      "/result/vulnerabilities/0/cveId",
                                      "/result/vulnerabilities/0/cveSeverity",
                                      "/result/vulnerabilities/0/cveCVSS",
                                      "/result/vulnerabilities/0/cveInfo",
                                      "/result/vulnerabilities/0/componentName",
                                      "/result/vulnerabilities/0/componentVersion",
                                      "/result/vulnerabilities/0/componentFixedVersion"}) {
        for (json const& wrong : {json(77), json(true), json::array({7}), json(1e300)}) {
            auto report = test::roxctl_sample();
            report[json::json_pointer(pointer)] = wrong;
            EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << pointer << " " << wrong;
        }
    }
    for (auto const* const key :
         {"cveId", "cveSeverity", "componentName", "componentVersion", "componentFixedVersion"}) {
        auto report = test::roxctl_sample();
        report["result"]["vulnerabilities"][1].erase(key);
        EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << key;
        report["result"]["vulnerabilities"][1][key] = std::string("a\0b", 3);
        EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << key;
    }
    for (auto const* const key : {"cveId", "componentName"}) {
        auto report = test::roxctl_sample();
        report["result"]["vulnerabilities"][1][key] = "";
        EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << key;
    }
}

TEST(ParseRoxctlReport, BoundsWhatEachFindingRepeats) {
    auto report = test::roxctl_sample();
    report["result"]["vulnerabilities"][0]["componentName"] = std::string(5000, 'n');
    EXPECT_EQ(kind_of_error(report), ErrorKind::limit);
    report = test::roxctl_sample();
    report["result"]["vulnerabilities"][0]["later"] = std::string(300'000, 'n');
    EXPECT_EQ(kind_of_error(report), ErrorKind::limit);
}

TEST(ParseRoxctlReport, RefusesKeysTwice) {
    for (std::string const key : {"result", "summary", "vulnerabilities", "cveSeverity"}) {
        auto text = test::roxctl_sample().dump();
        auto const at = text.find('"' + key + "\":");
        ASSERT_NE(at, std::string::npos) << key;
        text.insert(at, '"' + key + "\":\"LOW\",");
        EXPECT_FALSE(parse_roxctl_report(text).has_value()) << key;
    }
}

TEST(ParseRoxctlReport, KeepsOnlyAddressesOfTheWeb) {
    auto report = test::roxctl_sample();
    for (auto& entry : report["result"]["vulnerabilities"])
        entry["cveInfo"] = "javascript:alert(1)";
    auto const read = parsed(report);
    ASSERT_TRUE(read.has_value()) << read.error().text();
    for (auto const& finding : read->scan.findings)
        EXPECT_TRUE(finding.links.empty());
}

} // namespace
} // namespace clairgate::gate
