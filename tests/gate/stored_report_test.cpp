#include <clairgate/base/text.hpp>
#include <clairgate/gate/pipeline.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <gate/foreign_samples.hpp>
#include <gate/sample_report.hpp>

namespace clairgate::gate {
namespace {

using nlohmann::json;

struct Sample {
    std::string text;
    std::size_t findings;
};

// One a line of the table, in its order.
std::vector<Sample> samples() {
    auto const own = test::sample_report(finding::Severity::low, "2");
    return {{report::json_of(own), 1},
            {test::clair_sample().dump(), 2},
            {test::roxctl_sample().dump(), 3},
            {test::central_sample().dump(2), 2}};
}

ErrorKind kind_of_error(std::string text) {
    auto const start = text.substr(0, 200);
    auto const read = parse_any_report("r.json", std::move(text));
    EXPECT_FALSE(read.has_value()) << start;
    return read.has_value() ? ErrorKind::usage : read.error().kind();
}

TEST(ParseAnyReport, ReadsOursWithoutItsVerdict) {
    auto const report = test::sample_report(finding::Severity::low, "2");
    auto const read = parse_any_report("r.json", report::json_of(report));
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->scan.findings.size(), 1U);
    EXPECT_FALSE(read->verdict.has_value());
    EXPECT_TRUE(read->undecided_reason.empty());
}

TEST(ParseAnyReport, KeepsThatARunCouldNotDecide) {
    auto report = test::sample_report(finding::Severity::low, "");
    report.verdict.reset();
    auto const read = parse_any_report("r.json", report::json_of(report));
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_FALSE(read->undecided_reason.empty());
}

TEST(ParseAnyReport, RecognisesEachKindOfTheTable) {
    auto const all = samples();
    ASSERT_EQ(all.size(), stored_kinds().size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& kind = stored_kinds()[i];
        auto const top = json::parse(all[i].text);
        for (std::size_t other = 0; other < all.size(); ++other) {
            auto const& keys = stored_kinds()[other].keys;
            bool const has_all = std::all_of(
                keys.begin(), keys.end(), [&](auto key) { return top.contains(std::string(key)); });
            EXPECT_EQ(has_all, i == other) << kind.name << " as " << stored_kinds()[other].name;
        }
        auto const read = parse_any_report("r.json", all[i].text);
        ASSERT_TRUE(read.has_value()) << kind.name << ": " << read.error().text();
        EXPECT_EQ(read->scan.findings.size(), all[i].findings) << kind.name;
        EXPECT_EQ(read->scan.platforms.size(), 1U) << kind.name;
        EXPECT_FALSE(read->verdict.has_value()) << kind.name;
        EXPECT_TRUE(read->context.empty()) << kind.name;
    }
}

TEST(ParseAnyReport, GivesWhatItsOwnReportKeeps) {
    auto const now = SystemTime{std::chrono::seconds(1'700'000'000)};
    Judge const judge(policy::built_in());
    for (auto const& sample : samples()) {
        auto const read = parse_any_report("r.json", sample.text);
        ASSERT_TRUE(read.has_value()) << read.error().text();
        auto const judged = judge.judged(*read, now);
        auto const again = parse_any_report("r.json", report::json_of(judged));
        ASSERT_TRUE(again.has_value()) << again.error().text();
        auto const judged_again = judge.judged(*again, now);
        EXPECT_EQ(report::json_of(judged), report::json_of(judged_again));
    }
}

TEST(ParseAnyReport, BelievesNoForeignReportToBeCovered) {
    auto const now = SystemTime{std::chrono::seconds(1'700'000'000)};
    auto const all = samples();
    for (std::size_t i = 1; i < all.size(); ++i) {
        auto const read = parse_any_report("r.json", all[i].text);
        ASSERT_TRUE(read.has_value()) << read.error().text();
        EXPECT_FALSE(read->scan.scanner.has_updater_facts);
        auto const verdict = policy::evaluate(policy::built_in(), read->scan, {"r/i", now});
        EXPECT_EQ(verdict.coverage().at(0).state, policy::CoverageState::partly) << i;
    }
}

TEST(ParseAnyReport, RefusesWhatIsNoneAndNamesTheKinds) {
    for (auto const* text : {"", " ", "{}", "[]", "null", "7", "\"\"", "{\"schema\":\"another\"}"})
        EXPECT_EQ(kind_of_error(text), ErrorKind::protocol) << text;
    for (std::string const other :
         {R"({"status":"scanned","data":{"Layer":null}})",                // Quay's
          R"({"version":"2.1.0","runs":[]})",                             // SARIF
          R"({"manifest_hash":"sha256:0","state":"X","packages":{}})"}) { // Clair's index report
        auto const read = parse_any_report("r.json", other);
        ASSERT_FALSE(read.has_value()) << other;
        for (auto const& kind : stored_kinds())
            EXPECT_NE(read.error().text().find(kind.name), std::string::npos) << kind.name;
    }
}

TEST(ParseAnyReport, RefusesWhatIsTwo) {
    auto const all = samples();
    for (auto const& one : all) {
        for (auto const& other : all) {
            if (one.text == other.text)
                continue;
            auto both = json::parse(one.text);
            both.update(json::parse(other.text));
            EXPECT_EQ(kind_of_error(both.dump()), ErrorKind::protocol);
        }
    }
}

TEST(ParseAnyReport, RefusesEachKindCutAnywhere) {
    for (auto const& sample : samples()) {
        auto const step = std::max<std::size_t>(1, sample.text.size() / 500);
        for (std::size_t size = 0; size + 2 < sample.text.size(); size += step)
            ASSERT_EQ(kind_of_error(sample.text.substr(0, size)), ErrorKind::protocol) << size;
    }
}

TEST(ParseAnyReport, RefusesEachKindWithMoreBehindItOrInAnotherEncoding) {
    for (auto const& sample : samples()) {
        std::string utf16;
        for (char const c : sample.text)
            utf16 += {c, '\0'};
        for (auto const& text : {sample.text + "{}",
                                 sample.text + std::string(1, '\0'),
                                 std::string(1, '\0') + sample.text,
                                 "\xEF\xBB\xBF" + sample.text,
                                 utf16})
            EXPECT_EQ(kind_of_error(text), ErrorKind::protocol);
    }
}

TEST(ParseAnyReport, BoundsDepthAndCounts) {
    auto const bomb = std::string(1'000'000, '[');
    auto const deep = std::string(100, '[') + std::string(100, ']');
    for (auto const& sample : samples()) {
        auto const rest = sample.text.substr(1);
        EXPECT_EQ(kind_of_error(R"({"x":)" + bomb + "," + rest), ErrorKind::limit);
        EXPECT_EQ(kind_of_error(R"({"x":)" + deep + "," + rest), ErrorKind::limit);
        std::string many = "{";
        for (int i = 0; i < 2000; ++i)
            many += cat("\"x", i, "\":1,");
        EXPECT_EQ(kind_of_error(many + rest), ErrorKind::limit);
    }
}

} // namespace
} // namespace clairgate::gate
