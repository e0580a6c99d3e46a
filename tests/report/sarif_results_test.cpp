#include "report/json_document.hpp"
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <set>

namespace clairgate::report {
namespace {

nlohmann::json results_of(Report const& report, RenderOptions const& options = {}) {
    return document_of(render_sarif, report, options)["runs"][0]["results"];
}

std::string fingerprint_of(nlohmann::json const& result) {
    return result["partialFingerprints"]["primaryLocationLineHash"];
}

// 3.11.5 and 3.11.6, as a reader of plain text undoes them.
std::string read(std::string const& message) {
    std::string out;
    for (std::size_t i = 0; i < message.size(); ++i) {
        if (message[i] == '\\' || message.compare(i, 2, "{{") == 0 ||
            message.compare(i, 2, "}}") == 0)
            ++i;
        out += message[i];
    }
    return out;
}

TEST(SarifResults, SayWhatWhereAndWhy) {
    auto const results = results_of(sample::report());
    ASSERT_EQ(results.size(), 5U);
    EXPECT_EQ(results[0]["ruleId"], "CVE-2099-0003") << "critical first";
    auto const& high = results[1];
    EXPECT_EQ(high["message"]["text"],
              "libssl3 3.0.11-1~deb12u1 has CVE-2099-0001. Blocked: high, fixed in "
              "3.0.17-1~deb12u2: severity.high is block-if-fixed (built-in).");
    EXPECT_EQ(high["level"], "error");
    EXPECT_EQ(high["properties"]["action"], "block");
    EXPECT_EQ(high["properties"]["fixedVersion"], "3.0.17-1~deb12u2");
    EXPECT_EQ(results[4]["level"], "note");
}

TEST(SarifResults, HaveTheLocationThatGitHubAsksFor) {
    RenderOptions options;
    options.source_file = "./docker/Dockerfile";
    for (auto const& result : results_of(sample::report(), options)) {
        auto const& location = result["locations"][0];
        EXPECT_EQ(location["physicalLocation"]["artifactLocation"]["uri"], "docker/Dockerfile");
        for (char const* const key : {"startLine", "startColumn", "endLine", "endColumn"})
            EXPECT_EQ(location["physicalLocation"]["region"][key], 1) << key;
        std::string const name = location["logicalLocations"][0]["fullyQualifiedName"];
        EXPECT_TRUE(name.starts_with("registry.example/team/shop@sha256:")) << name;
    }
    EXPECT_EQ(
        results_of(
            sample::report())[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "team/shop");
}

TEST(SarifResults, FingerprintsAreStableFromPushToPushAndUnique) {
    auto const first = results_of(sample::report());
    auto const again = results_of(pushed_again(sample::report()));
    ASSERT_EQ(first.size(), again.size());
    std::set<std::string> seen;
    for (std::size_t i = 0; i < first.size(); ++i) {
        auto const hash = fingerprint_of(first[i]);
        EXPECT_EQ(hash, fingerprint_of(again[i]));
        EXPECT_TRUE(seen.insert(hash).second);
        EXPECT_EQ(hash.size(), 66U);
        EXPECT_TRUE(hash.ends_with(":1"));
        EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), 64U);
    }
}

TEST(SarifResults, PlatformsOfAnImageShareOne) {
    auto const one = results_of(sample::report());
    auto const two = results_of(sample::report_of_two_platforms());
    ASSERT_EQ(two.size(), 7U) << "one more finding, and a notice about coverage";
    EXPECT_EQ(two[0]["ruleId"], "clairgate/coverage");
    std::set<std::string> hashes;
    for (auto const& result : two)
        hashes.insert(fingerprint_of(result));
    for (auto const& result : one)
        EXPECT_EQ(hashes.count(fingerprint_of(result)), 1U);
    std::string all;
    for (auto const& result : two)
        all += result["message"]["text"].get<std::string>() + "\n";
    EXPECT_NE(all.find(" On linux/amd64, linux/arm64."), std::string::npos) << all;
    EXPECT_NE(all.find(" On linux/arm64."), std::string::npos) << all;
}

TEST(SarifResults, OnlyAnExceptionSuppresses) {
    for (auto const& result : results_of(sample::report()))
        EXPECT_FALSE(result.contains("suppressions"));
    std::size_t suppressed = 0;
    for (auto const& result : results_of(sample::report(policy_with_exception()))) {
        ASSERT_TRUE(result.contains("suppressions")) << "all say it, or none";
        if (result["suppressions"].empty())
            continue;
        ++suppressed;
        EXPECT_EQ(result["ruleId"], "CVE-2099-0003");
        EXPECT_EQ(result["suppressions"][0]["kind"], "external");
        EXPECT_EQ(result["suppressions"][0]["status"], "accepted");
        std::string const why = result["suppressions"][0]["justification"];
        EXPECT_NE(why.find("not reachable: [see](x) {0}"), std::string::npos) << why;
    }
    EXPECT_EQ(suppressed, 1U);
}

TEST(SarifResults, HostileTextComesBackAsWhatIsVisible) {
    for (auto const& text : hostile_texts()) {
        auto finding = sample::vulnerable(text, text, text, finding::Severity::high, text);
        finding.package.ecosystem = text;
        auto const results = results_of(report_with({finding}));
        ASSERT_EQ(results.size(), 1U);
        std::string scratch;
        std::string const shown(visible(text, scratch));
        auto const message = read(results[0]["message"]["text"]);
        EXPECT_TRUE(message.starts_with(cat(shown, " ", shown, " has ", shown, "."))) << message;
        EXPECT_EQ(results[0]["properties"]["package"], shown);
        EXPECT_EQ(results[0]["properties"]["fixedVersion"], shown);
        EXPECT_EQ(results[0]["locations"][0]["logicalLocations"][0]["name"], shown);
        if (trim(shown).size() > 0 && shown != "clairgate/undecided") {
            EXPECT_EQ(results[0]["ruleId"], shown);
        }
    }
}

TEST(SarifResults, LongTextsAreCutBelowGitHubsLimit) {
    std::string const text(10'000, '[');
    auto const results =
        results_of(report_with({sample::vulnerable(text, text, text, finding::Severity::high)}));
    std::string const message = results[0]["message"]["text"];
    EXPECT_LE(read(message).size(), 1'024U);
    EXPECT_NE(message.find("…"), std::string::npos);
}

} // namespace
} // namespace clairgate::report
