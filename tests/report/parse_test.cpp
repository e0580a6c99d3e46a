#include "report/rendered.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/json.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <random>
#include <set>

namespace clairgate::report {
namespace {

using nlohmann::json;

std::vector<Report> all_reports() {
    return {sample::report(),
            sample::report_of_two_platforms(),
            sample::undecided_report(),
            sample::report_of(sample::scan(), policy::built_in())};
}

// A stored report judged again, as `gate` does it.
Report judged_again(StoredReport stored, policy::Policy const& policy) {
    stored.report.policy = policy;
    stored.report.verdict = policy::evaluate(policy, stored.report.scan, sample::question());
    return std::move(stored.report);
}

TEST(ParseReport, ReadsBackWhatWasWritten) {
    for (auto const& report : all_reports()) {
        auto const text = json_of(report);
        auto stored = parse_report(text);
        ASSERT_TRUE(stored.has_value()) << stored.error().text();
        stored->report.verdict = report.verdict;
        EXPECT_EQ(json_of(stored->report), text);
    }
}

TEST(ParseReport, JudgingAgainUnderTheSamePolicyGivesTheSameBytes) {
    for (auto const* text : {"", "[severity]\nhigh = \"warn\"\ncritical = \"allow\"\n"}) {
        auto const policy = sample::policy(text);
        for (auto const& report :
             {sample::report(policy), sample::report_of_two_platforms(policy)}) {
            auto const written = json_of(report);
            auto const again = judged_again(parse_report(written).value(), policy);
            EXPECT_EQ(json_of(again), written);
            EXPECT_EQ(again.verdict->effect(), report.verdict->effect());
            EXPECT_EQ(table_of(again), table_of(report));
        }
    }
}

TEST(ParseReport, ReturnsTheVerdictAsTheWordItWas) {
    EXPECT_EQ(parse_report(json_of(sample::report()))->verdict, "block");
    EXPECT_EQ(parse_report(json_of(sample::undecided_report()))->verdict, "undecided");
    EXPECT_FALSE(parse_report(json_of(sample::report()))->report.verdict.has_value());
}

TEST(ParseReport, AnyTextInAnyFieldComesBack) {
    std::mt19937 random(20261124);
    std::string_view const pieces[] = {
        "::", "##[", "\"", "\\", "\n", "\x1b[", "\xC2\x85", "é", "漢", "\xE2\x80\xAE", "</", "a"};
    for (int round = 0; round < 300; ++round) {
        auto report = sample::report();
        auto const text = [&] {
            std::string out;
            for (auto length = random() % 6; length > 0; --length)
                out += pieces[random() % std::size(pieces)];
            return out;
        };
        for (auto& finding : report.scan.findings) {
            finding.id = text();
            finding.description = text();
            finding.fixed_version = text();
            finding.package.name = text();
            finding.package.version = text();
            finding.links = {text(), text()};
        }
        report.scan.platforms[0].ecosystems[0].distribution = text();
        report = sample::report_of(report.scan, *report.policy);
        auto const written = json_of(report);
        auto const again = judged_again(parse_report(written).value(), *report.policy);
        ASSERT_EQ(json_of(again), written);
    }
}

struct Change {
    char const* pointer;
    json value; ///< discarded: the member is taken out
    char const* said;
};

json const gone = json(json::value_t::discarded);

std::string said_of(Change const& change) {
    auto root = json::parse(json_of(sample::report_of_two_platforms()));
    json::json_pointer const pointer(change.pointer);
    if (!change.value.is_discarded())
        root[pointer] = change.value;
    else if (root[pointer.parent_pointer()].is_array())
        root[pointer.parent_pointer()].erase(std::stoul(pointer.back()));
    else
        root[pointer.parent_pointer()].erase(pointer.back());
    auto const parsed = parse_report(root.dump());
    return parsed.has_value() ? "accepted" : parsed.error().text();
}

TEST(ParseReport, WhatContradictsItselfIsRefused) {
    Change const changes[] = {
        {"/schema", "clairgate/report/v2", "its schema is not clairgate/report/v1"},
        {"/schema", 1, "not a string"},
        {"/schema", gone, "\"schema\" is missing"},
        {"/image/digest", image::Digest::of("another").text(), "contradict each other"},
        {"/image/digest", "sha256:abc", "stored report"},
        {"/image/reference", "registry.example/team/shop:latest", "has no digest"},
        {"/image/reference", "-", "has no digest"},
        {"/image/platforms", json::array(), "are not the same"},
        {"/image/platforms/1", gone, "are not the same"},
        {"/image/platforms/1/platform", "linux/s390x", "are not the same"},
        {"/image/platforms/1/digest", image::Digest::of("other").text(), "are not the same"},
        {"/coverage/platforms/1", gone, "of a platform that is not listed"},
        {"/coverage/platforms", json::array(), "it holds no platform"},
        {"/coverage/platforms/1/platform", "linux/amd64", "listed twice"},
        {"/coverage/platforms/0/packages", -1, "not a whole number"},
        {"/coverage/platforms/0/packages", 1.5, "not a whole number"},
        {"/coverage/platforms/0/packages", "100", "not a whole number"},
        {"/coverage/platforms/0/manifest", "sha256:", "stored report"},
        {"/coverage/platforms/0/ecosystems/0/supported", "yes", "not true or false"},
        {"/coverage/platforms/0/ecosystems/0/newest_data", "yesterday", "not an RFC 3339 time"},
        {"/findings/0/platform", "linux/riscv64", "of a platform that is not listed"},
        {"/findings/0/severity", "harmless", "is no severity"},
        {"/findings/0/severity", nullptr, "\"severity\" is not a string"},
        {"/findings/0/fixed_version", nullptr, "\"fixed_version\" is not a string"},
        {"/findings/0/layer/digest", "sha512:00", "stored report"},
        {"/findings/0/aliases", "CVE-1", "is not an array"},
        {"/findings/0/aliases", json::array({1}), "not an array of strings"},
        {"/findings/0/dates/published", "9999-99-99", "not an RFC 3339 time"},
        {"/findings/4/cvss",
         json::array({{{"score", 11}, {"vector", ""}, {"version", ""}}}),
         "between 0 and 10"},
        {"/findings/4/cvss",
         json::array({{{"score", "9"}, {"vector", ""}, {"version", ""}}}),
         "not a number"},
        {"/findings", json::object(), "is not an array"},
        {"/findings", json::array({7}), "is missing"},
        {"/verdict", "green", "its verdict is no verdict"},
        {"/scanner/updaters/0/date", nullptr, "an updater has no date"},
        {"/scanner/has_updater_facts", 1, "not true or false"},
        {"/context", json::array(), "is not an object"},
        {"/context/cluster", 7, "other than strings"},
        {"/run/steps_ms", nullptr, "is not an object"},
        {"/run/steps_ms/scan", "1s", "not a whole number"},
        {"/run/started", nullptr, "run has no times"},
    };
    for (auto const& change : changes)
        EXPECT_NE(said_of(change).find(change.said), std::string::npos)
            << change.pointer << " = " << change.value << " gave: " << said_of(change);
}

// Members that follow from the others: they are written for readers and judged again, never read.
bool is_derived(std::string const& pointer) {
    static std::set<std::string> const names{"action",
                                             "decision",
                                             "reasons",
                                             "state",
                                             "summary",
                                             "policy",
                                             "waived",
                                             "base",
                                             "budget",
                                             "exceptions",
                                             "rules",
                                             "stale"};
    for (auto const& name : names)
        if ((pointer + "/").find("/" + name + "/") != std::string::npos)
            return true;
    // Null says the same as absent.
    for (auto const* name : {"/published", "/newest_data", "/data_date", "/layer/digest"})
        if (pointer.ends_with(name))
            return true;
    // Reports of an earlier version have none.
    if (pointer == "/comparison" ||
        (pointer.starts_with("/image/platforms/") && pointer.ends_with("/layers")))
        return true;
    return pointer.starts_with("/context/") || pointer.starts_with("/run/steps_ms/") ||
           pointer.find("/aliases/") != std::string::npos ||
           pointer.find("/links/") != std::string::npos ||
           pointer.find("/updaters/") != std::string::npos ||
           pointer.find("/ecosystems/") != std::string::npos ||
           pointer.find("/cvss/") != std::string::npos;
}

TEST(ParseReport, EveryMissingMemberIsAnErrorNeverADefault) {
    auto const whole = json::parse(json_of(sample::report_of_two_platforms()));
    std::size_t tried = 0;
    auto const flat = whole.flatten();
    for (auto const& [pointer, value] : flat.items()) {
        if (is_derived(pointer))
            continue;
        auto root = whole;
        json::json_pointer const at(pointer);
        auto& parent = root[at.parent_pointer()];
        if (!parent.is_object())
            continue;
        parent.erase(at.back());
        EXPECT_FALSE(parse_report(root.dump()).has_value()) << pointer;
        root = whole;
        root[at] = json::array({json::object()});
        EXPECT_FALSE(parse_report(root.dump()).has_value()) << pointer << " of another type";
        ++tried;
    }
    EXPECT_GT(tried, 150U);
}

TEST(ParseReport, EveryTruncationIsRefused) {
    auto const text = json_of(sample::report());
    for (std::size_t bytes = 0; bytes + 2 < text.size(); bytes += 13)
        ASSERT_FALSE(parse_report(text.substr(0, bytes)).has_value()) << bytes;
    EXPECT_TRUE(parse_report(text).has_value());
}

TEST(ParseReport, HostileDocumentsEndAsErrors) {
    auto const text = json_of(sample::report());
    std::string twice = text;
    twice.insert(twice.find("\"schema\""), "\"schema\": \"clairgate/report/v1\", ");
    for (auto const& bytes : {std::string(),
                              std::string("null"),
                              std::string("[]"),
                              std::string("{}"),
                              std::string(1'000'000, '['),
                              "\xEF\xBB\xBF\xFF" + text,
                              text + "{}",
                              twice,
                              std::string("{\"schema\": \"clairgate/report/v1\"}"),
                              std::string("\xFF\xFE{\0}\0", 6)})
        EXPECT_FALSE(parse_report(bytes).has_value()) << bytes.substr(0, 40);
}

TEST(ParseReport, FlippedBytesNeverCrash) {
    std::mt19937 random(7);
    auto const text = json_of(sample::report());
    for (int round = 0; round < 400; ++round) {
        auto bytes = text;
        for (int flips = 0; flips < 3; ++flips)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        (void)parse_report(bytes).has_value();
    }
}

} // namespace
} // namespace clairgate::report
