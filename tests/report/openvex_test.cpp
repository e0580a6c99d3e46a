#include "report/golden.hpp"
#include "report/waived_sample.hpp"
#include <clairgate/base/json.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace clairgate::report {
namespace {

using nlohmann::json;

std::string text_of(Report const& report) {
    std::string text;
    Out out([&text](std::string_view piece) { text += piece; });
    render_openvex(Record(report), {}, out);
    out.finish();
    return text;
}

json openvex(Report const& report) {
    return clairgate::json::parse(text_of(report)).value();
}

std::map<std::string, json> by_name(json const& document) {
    std::map<std::string, json> out;
    for (auto const& statement : document["statements"])
        out[statement["vulnerability"]["name"]] = statement;
    return out;
}

std::string index_purl() {
    return cat("pkg:oci/shop@sha256%3A",
               image::Digest::of("index").hex(),
               "?repository_url=registry.example/team/shop");
}

TEST(OpenVex, LooksAsItShould) {
    expect_golden("waived.openvex.json", text_of(sample::waived_report()));
    expect_golden("blocked.openvex.json", text_of(sample::report()));
    expect_golden("undecided.openvex.json", text_of(sample::undecided_report()));
}

TEST(OpenVex, SaysNotAffectedOnlyWhereADocumentSaidSo) {
    auto statements = by_name(openvex(sample::waived_report()));
    ASSERT_EQ(statements.size(), 4U);
    auto const& accepted = statements["CVE-2099-0001"];
    EXPECT_EQ(accepted["status"], "affected");
    auto const action = accepted["action_statement"].get<std::string>();
    for (auto const* word : {"risk accepted", "2026-12-31", "team-shop", "no TLS here", "upgrade"})
        EXPECT_NE(action.find(word), std::string::npos) << word << " in " << action;
    auto const& known = statements["CVE-2099-0002"];
    EXPECT_EQ(known["status"], "not_affected");
    EXPECT_EQ(known["justification"], "vulnerable_code_not_in_execute_path");
    EXPECT_FALSE(known.contains("impact_statement")); // exactly one of the two
    auto const& of_another_vocabulary = statements["CVE-2099-0003"];
    EXPECT_EQ(of_another_vocabulary["status"], "not_affected");
    EXPECT_EQ(of_another_vocabulary["impact_statement"], "zlib is not called");
    EXPECT_FALSE(of_another_vocabulary.contains("justification"));
    EXPECT_EQ(statements["CVE-2099-0004"]["status"], "fixed");
}

TEST(OpenVex, NamesTheImageAndThePackages) {
    auto statements = by_name(openvex(sample::waived_report()));
    auto const& products = statements["CVE-2099-0001"]["products"];
    auto const& whole = products.back();
    EXPECT_EQ(whole["@id"], index_purl());
    EXPECT_EQ(whole["identifiers"]["purl"], index_purl());
    // Both packages have the same purl in the sample: it is named once.
    ASSERT_EQ(whole["subcomponents"].size(), 1U);
    EXPECT_EQ(whole["subcomponents"][0]["identifiers"]["purl"],
              "pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12");
    // One without a purl gets one that names no package of another kind.
    EXPECT_EQ(statements["CVE-2099-0003"]["products"].back()["subcomponents"][0]["@id"],
              "pkg:generic/zlib1g@1%3A1.2.13.dfsg-1");
}

TEST(OpenVex, DoesNotSpeakForAPlatformThatHasNoSuchFinding) {
    auto report = sample::report_of_two_platforms(
        sample::policy("[[allow]]\nid = [\"CVE-2099-0009\"]\nreason = \"r\"\nowner = \"o\"\n"
                       "expires = 2026-12-31\n"));
    auto const statements = openvex(report)["statements"];
    ASSERT_EQ(statements.size(), 1U);
    ASSERT_EQ(statements[0]["products"].size(), 1U);
    EXPECT_NE(statements[0]["products"][0]["@id"].get<std::string>().find(
                  image::Digest::of("second").hex()),
              std::string::npos);
}

TEST(OpenVex, WithoutExceptionsSaysWhatIsOpen) {
    for (auto const& [name, statement] : by_name(openvex(sample::report())))
        EXPECT_EQ(statement["status"], "under_investigation") << name;
    auto undecided = sample::report();
    undecided.verdict.reset();
    undecided.undecided_reason = "clair: gone";
    auto const statements = openvex(undecided)["statements"];
    ASSERT_FALSE(statements.empty());
    for (auto const& statement : statements) {
        EXPECT_EQ(statement["status"], "under_investigation");
        EXPECT_EQ(statement["status_notes"], "nothing was decided: clair: gone");
    }
}

TEST(OpenVex, HasAStatementWhenNothingWasFound) {
    auto const clean = openvex(sample::report_of(sample::scan(), policy::built_in()));
    ASSERT_EQ(clean["statements"].size(), 1U);
    EXPECT_EQ(clean["statements"][0]["status"], "not_affected");
    EXPECT_EQ(clean["statements"][0]["vulnerability"]["name"], "clairgate:no-findings");
    auto uncovered = sample::scan();
    uncovered.platforms.front().ecosystems.front().is_supported = false;
    auto const blocked = openvex(sample::report_of(uncovered, policy::built_in()));
    EXPECT_EQ(blocked["statements"][0]["status"], "under_investigation");
    auto const undecided = openvex(sample::undecided_report());
    EXPECT_EQ(undecided["statements"][0]["status"], "under_investigation");
    EXPECT_EQ(undecided["statements"][0]["vulnerability"]["name"], "clairgate:undecided");
}

TEST(OpenVex, LiftsInPolicyWhatLiftedItBefore) {
    auto scan = sample::waived_report().scan;
    for (auto& finding : scan.findings)
        finding.package.purl = cat("pkg:generic/", finding.package.name, "@1");
    auto policy = policy::built_in();
    policy::add_vex_waivers(policy, {sample::vex_source()});
    auto const first = sample::report_of(scan, policy);
    ASSERT_EQ(Record(first).account().summary.waived, 3U);

    auto again = policy::built_in();
    policy::add_vex_waivers(again, {{"again.json", policy::parse_vex(text_of(first)).value()}});
    auto const second = sample::report_of(scan, again);
    EXPECT_EQ(Record(second).account().summary.waived, 3U);
    // An accepted risk and what is open are lifted by nobody's reading of it.
    for (auto const& text : {text_of(sample::report()), text_of(sample::waived_report())})
        for (auto const& statement : policy::parse_vex(text).value().statements)
            EXPECT_TRUE(!statement.suppresses() || statement.ids.front() != "CVE-2099-0001");
}

TEST(OpenVex, CarriesHostileTextUnchangedAndNoHostilePurl) {
    auto scan = sample::scan({sample::finding(finding::Severity::critical)});
    auto& finding = scan.findings.front();
    finding.id = "CVE-1\n::error::x";
    finding.aliases = {"\x1b[31m"};
    finding.package.name = "a b/\"c";
    finding.package.purl = "pkg:deb/debian/x y\"@1";
    auto const text = text_of(sample::report_of(scan, policy::built_in()));
    EXPECT_EQ(text.find("\n::"), std::string::npos);
    auto const root = clairgate::json::parse(text).value();
    auto const& statement = root["statements"][0];
    EXPECT_EQ(statement["vulnerability"]["name"], finding.id);
    EXPECT_EQ(statement["vulnerability"]["aliases"][0], finding.aliases.front());
    EXPECT_EQ(statement["products"].back()["subcomponents"][0]["@id"],
              "pkg:generic/a%20b%2F%22c@3.0.11-1~deb12u1");
}

} // namespace
} // namespace clairgate::report
