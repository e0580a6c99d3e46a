// The rows of what can go wrong while Clair indexes, against a scripted Clair.
#include <clairgate/base/text.hpp>
#include <clairgate/clair/index.hpp>

#include <gtest/gtest.h>

#include <clair/scripted_clair.hpp>

namespace clairgate::clair {
namespace {

using nlohmann::json;
using test::Answer;
using test::Received;
using test_support::clair_error;
using test_support::index_path;
using test_support::platform_image;
using test_support::ScriptedClair;

std::string const manifest = test_support::digest_of("m").text();
constexpr std::string_view post = "POST /indexer/api/v1/index_report";
constexpr std::string_view remove = "DELETE /indexer/api/v1/index_report";

bool is_post(Received const& request) {
    return request.method == "POST" && request.target == index_path;
}
bool is_poll(Received const& request) {
    return request.method == "GET" && request.target.starts_with(index_path);
}

std::string fetch_error(std::string_view status) {
    return cat("failed to start scan: failed to fetch layers: unexpected status code: \"",
               status,
               "\" for \"http://r.test/v2/a/blobs/sha256:00\"");
}

// The first `times` POSTs are answered so; later ones faithfully.
ScriptedClair::Hook posts(Answer answer, int times) {
    return [answer = std::move(answer), times](Received const& request, int nth) {
        return is_post(request) && nth <= times ? std::optional(answer) : std::nullopt;
    };
}

constexpr int always = 1000;

TEST(IndexManifest, PostsOnceAndSaysSo) {
    ScriptedClair scripted;
    EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
    EXPECT_EQ(scripted.count(post), 1);
    EXPECT_FALSE(scripted.steps.empty());
    EXPECT_TRUE(scripted.leaves_nothing());
}

TEST(IndexManifest, PostsAgainAfterAPassingFailure) {
    Answer reset;
    reset.fault = Answer::Fault::reset_before_headers;
    Answer cut = test_support::index_report(201, manifest, "IndexFinished");
    cut.fault = Answer::Fault::truncate;
    for (auto const& passing : {clair_error(500, fetch_error("503 Service Unavailable")),
                                clair_error(500, "request failed"),
                                clair_error(429, "server handling too many requests"),
                                clair_error(503, "starting"),
                                clair_error(500, "write /var/tmp/x: no space left on device"),
                                Answer::text(201, R"({"manifest_hash":"sha)"),
                                Answer::text(201, ""),
                                reset,
                                cut}) {
        ScriptedClair scripted;
        scripted.hook = posts(passing, 1);
        auto const report = scripted.scan({platform_image("m")});
        ASSERT_TRUE(report.has_value()) << passing.body << report.error().text();
        EXPECT_EQ(scripted.count(post), 2) << passing.body;
        EXPECT_EQ(report->findings.size(), 3U);
    }
}

TEST(IndexManifest, IsGivenUpAtTheDeadlineWhileClairStaysBusy) {
    ScriptedClair scripted;
    scripted.hook = posts(clair_error(429, "server handling too many requests"), always);
    auto const report = scripted.scan({platform_image("m")}, std::chrono::milliseconds(1200));
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().kind(), ErrorKind::unreachable);
    EXPECT_GE(scripted.count(post), 2);
}

TEST(IndexManifest, PostsAFreshTokenAfterTheRegistryRefusedClair) {
    for (auto const* const refused : {"401 Unauthorized", "403 Forbidden"}) {
        ScriptedClair scripted;
        scripted.hook = posts(clair_error(500, fetch_error(refused)), 1);
        EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
        std::set<std::string> tokens;
        for (auto const& request : scripted.clair->received())
            if (is_post(request))
                tokens.insert(json::parse(request.body)["layers"][0]["headers"].dump());
        EXPECT_EQ(tokens.size(), 2U) << refused;
    }
}

TEST(IndexManifest, NeverLogsTheTokenItPosts) {
    ScriptedClair scripted;
    scripted.hook = posts(clair_error(503, "starting"), 1);
    EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
    for (auto const& event : scripted.world.events)
        EXPECT_EQ(to_text_line(event).find("token-"), std::string::npos);
}

TEST(IndexManifest, FailsForGoodWithTheCause) {
    struct Row {
        Answer answer;
        ErrorKind kind;
        int posts;
    };
    Row const rows[] = {
        {clair_error(500, fetch_error("401 Unauthorized")), ErrorKind::denied, 2},
        {clair_error(500, fetch_error("404 Not Found")), ErrorKind::not_found, 3},
        {clair_error(500, "fetcher: validation failed: got x"), ErrorKind::integrity, 2},
        {clair_error(500, "fetcher: unknown content-type \"a/b\""), ErrorKind::protocol, 1},
        {clair_error(500, "fetcher: mismatched compression"), ErrorKind::protocol, 1},
        {clair_error(500, "failed to scan: rhel: mappingFile"), ErrorKind::config, 1},
        {clair_error(400, "tarfs: format error"), ErrorKind::protocol, 1},
        {clair_error(400, "bogus manifest"), ErrorKind::protocol, 1},
        {Answer::text(412, ""), ErrorKind::protocol, 1},
        {Answer::text(200, "{}"), ErrorKind::protocol, 1}, // Clair has no 200 here
        {test_support::index_report(201, test_support::digest_of("other").text(), "IndexFinished"),
         ErrorKind::integrity,
         1}};
    for (auto const& row : rows) {
        ScriptedClair scripted;
        scripted.hook = posts(row.answer, always);
        auto const report = scripted.scan({platform_image("m")});
        ASSERT_FALSE(report.has_value()) << row.answer.body;
        EXPECT_EQ(report.error().kind(), row.kind) << row.answer.body << report.error().text();
        EXPECT_EQ(scripted.count(post), row.posts) << row.answer.body;
    }
}

TEST(IndexManifest, DeletesAnUnsuccessfulReportOnceAndPostsAgain) {
    for (auto const* const state : {"", "IndexError", "ScanLayers"}) {
        ScriptedClair scripted;
        scripted.hook = posts(test_support::index_report(201, manifest, state), 1);
        EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value()) << state;
        EXPECT_EQ(scripted.count(remove), 1) << state;
        EXPECT_EQ(scripted.count(post), 2) << state;
    }
}

TEST(IndexManifest, NeverTakesAnUnsuccessfulReportForAnIndex) {
    auto const half = [](json const& success, std::string const& state) {
        return Answer::json(
            201, json{{"manifest_hash", manifest}, {"state", state}, {"success", success}}.dump());
    };
    for (auto const& answer : {half(false, "IndexFinished"), half(true, "IndexManifest")}) {
        ScriptedClair scripted;
        scripted.hook = posts(answer, always);
        auto const report = scripted.scan({platform_image("m")});
        ASSERT_FALSE(report.has_value()) << answer.body;
        EXPECT_EQ(scripted.count(remove), 1);
        EXPECT_EQ(scripted.count(post), 2);
        EXPECT_EQ(scripted.count("GET /matcher/api/v1/vulnerability_report"), 0);
    }
}

// A POST that Clair never answers, as when it waits for another one of the same digest.
ScriptedClair::Hook held(std::function<std::optional<Answer>(int nth)> polled) {
    return [polled = std::move(polled)](Received const& request, int nth) -> std::optional<Answer> {
        Answer stalled;
        stalled.fault = Answer::Fault::stall;
        if (is_post(request))
            return stalled;
        return is_poll(request) ? polled(nth) : std::nullopt;
    };
}

TEST(IndexManifest, GoesOnAsSoonAsTheStoredReportIsFinishedThoughThePostIsHeld) {
    ScriptedClair scripted;
    scripted.hook = held([&](int nth) {
        if (nth == 1)
            return clair_error(404, "index report not found");
        if (nth <= 4)
            return test_support::index_report(200, manifest, "ScanLayers");
        scripted.indexed.insert(manifest);
        return test_support::index_report(200, manifest, "IndexFinished");
    });
    auto const begun = scripted.world.clock.steady();
    auto const report = scripted.scan({platform_image("m")});
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(report->findings.size(), 3U);
    EXPECT_LT(scripted.world.clock.steady() - begun, std::chrono::seconds(3));
    EXPECT_EQ(std::count(scripted.steps.begin(), scripted.steps.end(), "index: ScanLayers"), 1);
    EXPECT_TRUE(scripted.leaves_nothing());
}

TEST(IndexManifest, GivesClairTimeToReplaceAReportThatWasThereBefore) {
    ScriptedClair scripted;
    int polls = 0;
    scripted.hook = held([&](int nth) {
        polls = nth;
        scripted.indexed.insert(manifest);
        return test_support::index_report(200, manifest, "IndexFinished");
    });
    EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
    EXPECT_EQ(polls, 3);
}

TEST(IndexManifest, IsNotMisledByPollsThatFail) {
    ScriptedClair scripted;
    scripted.hook = held([&](int nth) {
        if (nth == 1)
            return clair_error(500, "database");
        if (nth == 2)
            return Answer::text(200, "{");
        if (nth == 3)
            return test_support::index_report(200, "", ""); // of a run that was cut off
        scripted.indexed.insert(manifest);
        return test_support::index_report(200, manifest, "IndexFinished");
    });
    EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
}

TEST(IndexManifest, RefusesAStoredReportOfAnotherManifest) {
    ScriptedClair scripted;
    scripted.hook = held([&](int) {
        return test_support::index_report(
            200, test_support::digest_of("other").text(), "IndexFinished");
    });
    EXPECT_EQ(scripted.scan({platform_image("m")}).error().kind(), ErrorKind::integrity);
}

TEST(IndexManifest, LeavesNothingBehindWhenTheDeadlinePasses) {
    ScriptedClair scripted;
    scripted.hook =
        held([&](int) { return test_support::index_report(200, manifest, "ScanLayers"); });
    auto const report = scripted.scan({platform_image("m")}, std::chrono::milliseconds(600));
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().kind(), ErrorKind::timeout);
    EXPECT_TRUE(scripted.leaves_nothing());
}

TEST(IndexManifest, IgnoresWhereClairSaysTheReportIs) {
    ScriptedClair scripted;
    scripted.hook = [&](Received const& request, int) -> std::optional<Answer> {
        if (!is_post(request))
            return std::nullopt;
        scripted.indexed.insert(manifest);
        auto answer = test_support::index_report(201, manifest, "IndexFinished");
        answer.headers.emplace_back("Location", "http://127.0.0.1:1/evil");
        return answer;
    };
    EXPECT_TRUE(scripted.scan({platform_image("m")}).has_value());
}

TEST(IndexManifest, AsksForConsentBeforeItPostsAPassword) {
    ScriptedClair scripted;
    scripted.has_basic_auth = true;
    auto const report = scripted.scan({platform_image("m")});
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(scripted.count(post), 0);
}

} // namespace
} // namespace clairgate::clair
