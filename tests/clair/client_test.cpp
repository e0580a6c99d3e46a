// The rows of what can go wrong while Clair matches, against a scripted Clair.
#include <clairgate/base/text.hpp>
#include <clairgate/clair/client.hpp>

#include <gtest/gtest.h>

#include <clair/scripted_clair.hpp>

namespace clairgate::clair {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using test::Answer;
using test::Received;
using test_support::clair_error;
using test_support::clair_report;
using test_support::digest_of;
using test_support::match_path;
using test_support::platform_image;
using test_support::ScriptedClair;

constexpr std::string_view post = "POST /indexer/api/v1/index_report";
constexpr std::string_view match = "GET /matcher/api/v1/vulnerability_report";
constexpr int always = 1000;

// The first `times` requests for paths that hold `part` are answered so.
ScriptedClair::Hook answers(std::string part, Answer answer, int times = always) {
    return [part = std::move(part), answer = std::move(answer), times](Received const& request,
                                                                       int nth) {
        bool const is_it = request.target.find(part) != std::string::npos;
        return is_it && nth <= times ? std::optional(answer) : std::nullopt;
    };
}

TEST(Scan, GivesFindingsCoverageAndTheStateOfTheData) {
    ScriptedClair scripted;
    scripted.options.data_date = SystemTime(std::chrono::seconds(5));
    auto const report = scripted.scan({platform_image("m")});
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(report->findings.size(), 3U);
    ASSERT_EQ(report->platforms.size(), 1U);
    auto const& platform = report->platforms.front();
    EXPECT_EQ(platform.platform, "linux/amd64");
    EXPECT_EQ(platform.manifest, digest_of("m"));
    EXPECT_EQ(platform.packages, 2U);
    EXPECT_EQ(platform.layers, 2U);
    ASSERT_EQ(platform.ecosystems.size(), 2U);
    EXPECT_EQ(platform.ecosystems[0].updaters, std::vector<std::string>{"debian/updater"});
    EXPECT_TRUE(platform.ecosystems[1].updaters.empty()) << "no data for pypi";
    EXPECT_EQ(report->scanner.index_state, "0123456789abcdef");
    EXPECT_TRUE(report->scanner.has_updater_facts);
    ASSERT_EQ(report->scanner.updaters.size(), 2U);
    EXPECT_EQ(report->scanner.updaters[0].updater, "clair.cvss");
    EXPECT_EQ(report->scanner.data_date, scripted.options.data_date);
}

TEST(Scan, NeedsNoMoreThanOneRequestOfEachKind) {
    ScriptedClair scripted;
    EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
    EXPECT_EQ(scripted.clair->received().size(), 5U); // index, match, state, two update_operation
}

TEST(Scan, WaitsForVulnerabilityDataWhileTheMatcherIsEmpty) {
    ScriptedClair scripted;
    scripted.hook = answers(std::string(match_path), Answer::text(202, ""), 1);
    auto const report = scripted.scan({platform_image("m")});
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(report->findings.size(), 3U);
    EXPECT_NE(std::find(scripted.steps.begin(),
                        scripted.steps.end(),
                        "match: Clair has no vulnerability data yet"),
              scripted.steps.end());
}

TEST(Scan, NeverTakesAnEmptyMatcherForACleanImage) {
    ScriptedClair scripted;
    scripted.options.data_wait_max = milliseconds(50);
    scripted.hook = answers(std::string(match_path), Answer::text(202, ""));
    auto const report = scripted.scan({platform_image("m")});
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().kind(), ErrorKind::unreachable);
    EXPECT_EQ(report.error().http_status(), 202);
    EXPECT_NE(report.error().remedy().find("clairgate data import"), std::string::npos);
}

TEST(Scan, IndexesOnceMoreWhenTheMatcherDoesNotKnowTheManifest) {
    ScriptedClair scripted;
    scripted.hook = answers(std::string(match_path), clair_error(404, "index report not found"), 1);
    EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
    EXPECT_EQ(scripted.count(post), 2);
}

TEST(Scan, TellsAMatcherOfAnotherIndexerFromALostReport) {
    ScriptedClair foreign;
    foreign.hook = answers(std::string(match_path), clair_error(404, "index report not found"));
    auto const report = foreign.scan({platform_image("m")});
    EXPECT_EQ(report.error().kind(), ErrorKind::unreachable);
    EXPECT_NE(report.error().remedy().find("belong together"), std::string::npos);
    EXPECT_EQ(foreign.count(post), 2);
    ScriptedClair lost;
    lost.hook = [&](Received const& request, int) -> std::optional<Answer> {
        if (request.target.starts_with(match_path))
            lost.indexed.clear();
        return std::nullopt;
    };
    EXPECT_NE(lost.scan({platform_image("m")}).error().message().find("lost"), std::string::npos);
}

TEST(Scan, AsksAgainAfterAPassingFailureOfTheMatcher) {
    auto const whole = clair_report(digest_of("m")).dump();
    Answer cut = Answer::json(200, whole);
    cut.fault = Answer::Fault::truncate;
    for (auto const& passing : {clair_error(500, "experienced a server side error"),
                                clair_error(429, "busy"),
                                clair_error(503, ""),
                                Answer::json(200, whole.substr(0, whole.size() / 2)),
                                Answer::json(200, ""),
                                Answer::json(200, "null"),
                                cut}) {
        ScriptedClair scripted;
        scripted.hook = answers(std::string(match_path), passing, 1);
        auto const report = scripted.scan({platform_image("m")});
        ASSERT_TRUE(report.has_value()) << passing.body << report.error().text();
        EXPECT_EQ(scripted.count(match), 2);
    }
}

TEST(Scan, RefusesTheReportOfAnotherManifestAtOnce) {
    ScriptedClair scripted;
    scripted.hook =
        answers(std::string(match_path), Answer::json(200, clair_report(digest_of("x")).dump()));
    EXPECT_EQ(scripted.scan({platform_image("m")}).error().kind(), ErrorKind::integrity);
    EXPECT_EQ(scripted.count(match), 1);
}

TEST(Scan, TellsAnImageWithoutPackagesFromACleanOne) {
    auto report = clair_report(digest_of("m"));
    for (auto const* const key : {"packages", "environments", "package_vulnerabilities"})
        report[key] = json::object();
    ScriptedClair scripted;
    scripted.hook = answers(std::string(match_path), Answer::json(200, report.dump()));
    auto const got = scripted.scan({platform_image("m")});
    ASSERT_TRUE(got.has_value()) << got.error().text();
    EXPECT_EQ(got->platforms.front().packages, 0U);
    EXPECT_TRUE(got->platforms.front().ecosystems.empty());
}

TEST(Scan, DoesNotPostAnImageWithoutLayers) {
    ScriptedClair scripted;
    auto image = platform_image("m");
    image.manifest.layers.clear();
    auto const got = scripted.scan({image});
    ASSERT_TRUE(got.has_value()) << got.error().text();
    EXPECT_EQ(got->platforms.front().packages, 0U);
    EXPECT_EQ(scripted.count(post), 0);
}

TEST(Scan, DoesNotBelieveAClairThatHidesItsUpdaters) {
    for (int const status : {403, 404, 405, 501}) {
        ScriptedClair scripted;
        scripted.hook = answers("update_operation", Answer::text(status, ""));
        auto const report = scripted.scan({platform_image("m")});
        ASSERT_FALSE(report.has_value()) << status;
        EXPECT_NE(report.error().remedy().find("update_operation"), std::string::npos) << status;
    }
}

TEST(Scan, FailsWhenTheUpdatersStateCannotBeReadThoughItIsThere) {
    for (auto const& broken : {Answer::text(401, ""), clair_error(400, "bad")}) {
        ScriptedClair scripted;
        scripted.hook = answers("update_operation", broken);
        EXPECT_FALSE(scripted.scan({platform_image("m")}).has_value()) << broken.status;
    }
    ScriptedClair scripted;
    scripted.hook = answers("update_operation", clair_error(503, ""), 1);
    auto const report = scripted.scan({platform_image("m")});
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_TRUE(report->scanner.has_updater_facts);
}

TEST(Scan, ScansEveryPlatform) {
    ScriptedClair scripted;
    auto const report = scripted.scan(
        {platform_image("a"), platform_image("b", "arm64"), platform_image("c", "s390x")});
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(report->platforms.size(), 3U);
    EXPECT_EQ(report->findings.size(), 9U);
    EXPECT_EQ(scripted.count(post), 3);
}

TEST(Scan, PostsAManifestOnceHoweverManyPlatformsHaveIt) {
    ScriptedClair scripted;
    auto const report = scripted.scan({platform_image("a"), platform_image("a", "arm64")});
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(scripted.count(post), 1);
    ASSERT_EQ(report->platforms.size(), 2U);
    EXPECT_EQ(report->platforms[1].platform, "linux/arm64");
    EXPECT_EQ(report->findings.size(), 6U);
}

TEST(Scan, HasNoMoreThanTwoPlatformsUnderWay) {
    ScriptedClair scripted;
    Answer stalled;
    stalled.fault = Answer::Fault::stall;
    scripted.hook = [&](Received const& request, int) {
        return request.method == "POST" ? std::optional(stalled) : std::nullopt;
    };
    auto const report = scripted.scan(
        {platform_image("a"), platform_image("b"), platform_image("c"), platform_image("d")},
        milliseconds(400));
    EXPECT_FALSE(report.has_value());
    EXPECT_EQ(scripted.count(post), 2);
    EXPECT_TRUE(scripted.leaves_nothing());
}

TEST(Scan, LeavesNothingBehindWhenItIsToldToStop) {
    std::string const stages[] = {
        "/indexer/api/v1/index_report", std::string(match_path), "index_state", "update_operation"};
    for (auto const& stage : stages) {
        ScriptedClair scripted;
        Answer stalled;
        stalled.fault = Answer::Fault::stall;
        scripted.hook = answers(stage, stalled);
        auto const report = scripted.interrupted_scan(
            {platform_image("a"), platform_image("b"), platform_image("c")}, milliseconds(150));
        ASSERT_FALSE(report.has_value()) << stage;
        EXPECT_EQ(report.error().kind(), ErrorKind::timeout) << stage;
        EXPECT_TRUE(scripted.leaves_nothing()) << stage;
    }
    ScriptedClair waiting; // between two tries
    waiting.hook = answers(std::string(match_path), Answer::text(202, ""));
    EXPECT_FALSE(waiting.interrupted_scan({platform_image("a")}, milliseconds(100)).has_value());
    EXPECT_TRUE(waiting.leaves_nothing());
}

TEST(Scan, FailsAsAWholeWhenOnePlatformFails) {
    ScriptedClair scripted;
    scripted.hook =
        answers(digest_of("b").text(), Answer::json(200, clair_report(digest_of("x")).dump()));
    EXPECT_FALSE(scripted.scan({platform_image("a"), platform_image("b", "arm64")}).has_value());
}

TEST(Scan, SendsATokenWithEveryRequest) {
    ScriptedClair scripted;
    scripted.options.psk = Secret("key");
    EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
    for (auto const& request : scripted.clair->received())
        EXPECT_TRUE(request.headers.contains("authorization")) << request.target;
}

std::vector<std::string> names(finding::ScanReport const& report) {
    std::vector<std::string> out;
    for (auto const& one : report.findings)
        out.push_back(cat(one.platform,
                          " ",
                          one.package.name,
                          " ",
                          one.id,
                          " ",
                          finding::to_string(one.severity),
                          " ",
                          one.fixed_version));
    for (auto const& platform : report.platforms)
        for (auto const& one : platform.ecosystems)
            out.push_back(cat(platform.platform, " ", one.ecosystem, " ", one.updaters.size()));
    return out;
}

// What the n-th exchange is answered instead, for every exchange and every fault.
std::vector<Answer> faults() {
    std::vector<Answer> out{Answer::text(200, ""),
                            Answer::text(201, "{}"),
                            Answer::text(204, ""),
                            Answer::text(302, ""),
                            Answer::text(401, ""),
                            Answer::text(404, ""),
                            Answer::text(429, ""),
                            Answer::text(500, ""),
                            Answer::json(200, clair_report(digest_of("x")).dump())};
    using Fault = Answer::Fault;
    for (auto const fault :
         {Fault::reset_before_headers, Fault::reset_in_body, Fault::truncate, Fault::garbage}) {
        out.push_back(Answer::json(200, clair_report(digest_of("m")).dump()));
        out.back().fault = fault;
    }
    return out;
}

TEST(Scan, IsEitherRightOrAnErrorWhicheverExchangeFails) {
    ScriptedClair faithful;
    auto const right = faithful.scan({platform_image("m")});
    ASSERT_TRUE(right.has_value()) << right.error().text();
    auto const exchanges = faithful.clair->received().size();
    std::size_t survived = 0;
    for (std::size_t broken = 1; broken <= exchanges; ++broken) {
        for (auto const& fault : faults()) {
            ScriptedClair scripted;
            std::size_t number = 0;
            scripted.hook = [&](Received const&, int) {
                return ++number == broken ? std::optional(fault) : std::nullopt;
            };
            auto const report = scripted.scan({platform_image("m")});
            if (!report.has_value())
                continue;
            ++survived;
            EXPECT_TRUE(report->scanner.has_updater_facts);
            EXPECT_EQ(names(*report), names(*right)) << broken << " " << fault.status;
        }
    }
    EXPECT_GT(survived, exchanges); // most faults pass by
}

} // namespace
} // namespace clairgate::clair
