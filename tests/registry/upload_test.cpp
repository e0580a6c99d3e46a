#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/upload.hpp>

#include <gtest/gtest.h>

#include <registry/fake_uploads.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::auth_config;
using test::FakeRegistry;
using test::FakeUploads;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;

constexpr std::string_view uploads = "/v2/team/app/blobs/uploads/";

struct Setting {
    explicit Setting(FakeRegistry::Login login = FakeRegistry::Login::none)
        : registry(world.context, login),
          fake(registry,
               login == FakeRegistry::Login::none ? FakeUploads::Asks::nothing
                                                  : FakeUploads::Asks::login) {}
    void know_password() {
        world.environment =
            io::Environment({{"DOCKER_AUTH_CONFIG", auth_config(registry.host(), "user:s3cr3t")}});
    }
    // Time for no more than the first retries.
    Deadline deadline() const {
        return Deadline::after(world.clock, std::chrono::milliseconds(1500));
    }
    Result<void> push_blob(std::string bytes) {
        return world.run(uploader.push_blob(registry.repository(), std::move(bytes), deadline()));
    }
    Result<image::Digest> push_manifest(std::string name, std::string bytes) {
        return world.run(uploader.push_manifest(registry.repository(),
                                                std::move(name),
                                                std::move(bytes),
                                                "application/vnd.example+json",
                                                deadline()));
    }
    // Answers requests of that method and target prefix with `answer`.
    void answer(std::string method, std::string prefix, Answer with) {
        fake.before = [=](Received const& received) -> std::optional<Answer> {
            if (received.method == method && received.target.starts_with(prefix))
                return with;
            return std::nullopt;
        };
    }
    TestWorld world;
    FakeRegistry registry;
    FakeUploads fake;
    Options options;
    Uploader uploader{world.world, options};
};

TEST(PushBlob, AsksForAPlaceAndPutsAllBytesThere) {
    Setting setting;
    std::string const bytes("a\0b", 3);
    ASSERT_TRUE(setting.push_blob(bytes).has_value());
    auto const& received = setting.registry.received();
    ASSERT_EQ(received.size(), 3U);
    EXPECT_EQ(received[0].method, "HEAD");
    EXPECT_EQ(received[0].target, "/v2/team/app/blobs/" + image::Digest::of(bytes).text());
    EXPECT_EQ(received[1].method, "POST");
    EXPECT_EQ(received[1].body, "");
    EXPECT_EQ(received[2].method, "PUT");
    EXPECT_EQ(received[2].body, bytes);
    EXPECT_EQ(received[2].headers.at("content-type"), "application/octet-stream");
    EXPECT_EQ(received[2].headers.at("content-length"), "3");
}

TEST(PushBlob, SendsNothingThatIsThereAlready) {
    Setting setting;
    ASSERT_TRUE(setting.push_blob("bytes").has_value());
    ASSERT_TRUE(setting.push_blob("bytes").has_value());
    EXPECT_EQ(setting.registry.count("HEAD", "/v2/"), 2U);
    EXPECT_EQ(setting.registry.count("POST", "/v2/"), 1U);
    EXPECT_EQ(setting.registry.count("PUT", "/v2/"), 1U);
}

TEST(PushNewBlob, AsksWhetherItIsThereOnlyBeforeAnotherTry) {
    Setting setting;
    auto const push = [&](std::string bytes) {
        return setting.world.run(setting.uploader.push_new_blob(
            setting.registry.repository(), std::move(bytes), setting.deadline()));
    };
    ASSERT_TRUE(push("a").has_value());
    EXPECT_EQ(setting.registry.count("HEAD", "/v2/"), 0U);
    EXPECT_EQ(setting.registry.count("PUT", "/v2/"), 1U);
    setting.answer("PUT", "/v2/team/app/blobs/", Answer::text(503, ""));
    EXPECT_FALSE(push("b").has_value());
    EXPECT_GE(setting.registry.count("HEAD", "/v2/"), 1U);
    EXPECT_EQ(setting.registry.count("HEAD", "/v2/") + 1,
              setting.registry.count("PUT", "/v2/") - 1);
}

TEST(PushBlob, TakesAPlaceWithoutAQueryAndOneGivenInFull) {
    for (bool const is_absolute : {false, true}) {
        Setting setting;
        setting.fake.location =
            cat(is_absolute ? setting.registry.url() : "", "/elsewhere/on/it/session");
        setting.answer("PUT", "/elsewhere/on/it/session?digest=sha256%3A", Answer::text(201, ""));
        EXPECT_TRUE(setting.push_blob("x").has_value()) << is_absolute;
        EXPECT_EQ(setting.registry.count("PUT", "/"), 1U) << is_absolute;
    }
}

// Neither bytes nor credentials go to a place that is not the registry's own.
TEST(PushBlob, RefusesAPlaceElsewhere) {
    TestWorld other_world;
    LoopbackServer other(other_world.context,
                         [](Received const&) { return Answer::text(201, ""); });
    for (std::string const& location : {other.url() + "/x",
                                        cat("//", other.host(), "/x"),
                                        std::string("https://127.0.0.1:1/x"),
                                        std::string("http://user@127.0.0.1:1/x"),
                                        std::string("file:///etc/passwd"),
                                        std::string("http://127.0.0.1.:1/x")}) {
        Setting setting(FakeRegistry::Login::bearer);
        setting.know_password();
        setting.fake.location = location;
        auto const pushed = setting.push_blob("x");
        ASSERT_FALSE(pushed.has_value()) << location;
        EXPECT_EQ(pushed.error().kind(), ErrorKind::denied) << location;
        EXPECT_EQ(setting.registry.count("PUT", "/"), 0U) << location;
        EXPECT_EQ(setting.registry.count("POST", uploads), 1U) << "asked again: " << location;
    }
    EXPECT_EQ(other.connections(), 0U);
}

TEST(PushBlob, FollowsNoRedirectWithABody) {
    for (auto const* const method : {"POST", "PUT"}) {
        Setting setting;
        auto redirect = Answer::text(307, "");
        redirect.headers.emplace_back("Location", "/v2/team/app/blobs/uploads/2");
        setting.answer(method, std::string(uploads), redirect);
        auto const pushed = setting.push_blob("x");
        ASSERT_FALSE(pushed.has_value()) << method;
        EXPECT_EQ(pushed.error().kind(), ErrorKind::protocol) << method;
        EXPECT_EQ(pushed.error().http_status(), 307) << method;
    }
}

TEST(PushBlob, FailsUnlessTheRegistryStoredThoseBytes) {
    struct Row {
        char const* sentence;
        char const* method;
        int status;
        ErrorKind kind;
    };
    Row const rows[] = {
        {"no such repository", "POST", 404, ErrorKind::not_found},
        {"may not push", "POST", 403, ErrorKind::denied},
        {"may not even look", "HEAD", 403, ErrorKind::denied},
        {"a place without 202", "POST", 200, ErrorKind::protocol},
        {"202 without a Location", "POST", 202, ErrorKind::protocol},
        {"wants more", "PUT", 202, ErrorKind::protocol},
        {"an empty success", "PUT", 204, ErrorKind::protocol},
        {"other bytes arrived", "PUT", 400, ErrorKind::protocol},
        {"too large", "PUT", 413, ErrorKind::protocol},
        {"down", "PUT", 503, ErrorKind::unreachable},
    };
    for (auto const& row : rows) {
        Setting setting;
        setting.answer(row.method, "/v2/team/app/blobs/", Answer::text(row.status, ""));
        auto const pushed = setting.push_blob("x");
        ASSERT_FALSE(pushed.has_value()) << row.sentence;
        EXPECT_EQ(pushed.error().kind(), row.kind) << row.sentence;
    }
    Setting setting;
    setting.fake.stated_digest = image::Digest::of("y").text();
    EXPECT_EQ(setting.push_blob("x").error().kind(), ErrorKind::integrity);
    EXPECT_EQ(setting.registry.count("PUT", "/"), 1U) << "never retried";
}

TEST(PushBlob, TriesAgainAfterPassingTrouble) {
    Setting setting;
    int failures = 0;
    setting.fake.before = [&](Received const& received) -> std::optional<Answer> {
        if (received.method != "PUT" || failures++ > 0)
            return std::nullopt;
        return Answer::text(503, "");
    };
    EXPECT_TRUE(setting.push_blob("x").has_value());
    EXPECT_EQ(setting.registry.count("PUT", "/"), 2U);
    EXPECT_EQ(setting.registry.count("POST", "/"), 2U) << "each try in a place of its own";
}

TEST(PushBlob, AsksForATokenThatMayPush) {
    Setting setting(FakeRegistry::Login::bearer);
    setting.know_password();
    ASSERT_TRUE(setting.push_blob("x").has_value());
    EXPECT_EQ(setting.registry.count("GET", "/token"), 1U);
    EXPECT_EQ(setting.registry.count(
                  "GET", "/token?service=fake&scope=repository%3ateam%2fapp%3apull%2cpush"),
              1U);
    EXPECT_EQ(setting.registry.received().back().headers.at("authorization"), "Bearer token-1");
}

TEST(PushBlob, SendsTheBytesAgainAfterALogin) {
    Setting setting(FakeRegistry::Login::basic);
    setting.know_password();
    bool is_expired = true;
    setting.fake.before = [&](Received const& received) -> std::optional<Answer> {
        if (received.method != "PUT" || !std::exchange(is_expired, false))
            return std::nullopt;
        auto refused = Answer::text(401, "");
        refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"r\"");
        return refused;
    };
    ASSERT_TRUE(setting.push_blob("bytes").has_value());
    EXPECT_EQ(setting.registry.received().back().body, "bytes");
    EXPECT_EQ(setting.registry.count("PUT", "/"), 2U);
}

TEST(PushBlob, SaysWithWhichCredentialItWasRefused) {
    Setting setting(FakeRegistry::Login::bearer);
    setting.know_password();
    setting.fake.before = [](Received const& received) -> std::optional<Answer> {
        if (received.method == "POST" && received.headers.contains("authorization"))
            return Answer::json(403, R"({"errors":[{"code":"DENIED"}]})");
        return std::nullopt;
    };
    auto const pushed = setting.push_blob("x");
    ASSERT_FALSE(pushed.has_value());
    EXPECT_EQ(pushed.error().kind(), ErrorKind::denied);
    EXPECT_NE(pushed.error().remedy().find("DOCKER_AUTH_CONFIG"), std::string::npos);
}

// Bytes of two chunks and a bit.
std::string large_blob() {
    std::string bytes(2 * limits::mib + 7, 'x');
    bytes[0] = 'a';
    bytes[limits::mib] = 'b';
    return bytes;
}

TEST(PushBlob, GoesInChunksWhereOnePieceIsRefused) {
    for (int const status : {400, 404, 405, 411, 413, 416}) {
        Setting setting;
        setting.fake.whole_status = status;
        auto const bytes = large_blob();
        ASSERT_TRUE(setting.push_blob(bytes).has_value()) << status;
        EXPECT_EQ(setting.registry.count("PATCH", uploads), 3U);
        EXPECT_EQ(setting.registry.count("POST", uploads), 2U) << "in a place of its own";
        auto const& last = setting.registry.received().back();
        EXPECT_EQ(last.method, "PUT");
        EXPECT_EQ(last.body, "");
        auto const stored = cat("/v2/team/app/blobs/", image::Digest::of(bytes).text());
        EXPECT_EQ(setting.registry.content(stored).value().body, bytes);
    }
}

TEST(PushBlob, HonoursTheLeastSizeOfAChunk) {
    Setting setting;
    setting.fake.whole_status = 413;
    setting.fake.chunk_bytes_min = 2 * limits::mib;
    ASSERT_TRUE(setting.push_blob(large_blob()).has_value());
    EXPECT_EQ(setting.registry.count("PATCH", uploads), 2U);
    Setting all;
    all.fake.whole_status = 413;
    all.fake.chunk_bytes_min = std::size_t{1} << 62U;
    ASSERT_TRUE(all.push_blob(large_blob()).has_value());
    EXPECT_EQ(all.registry.count("PATCH", uploads), 1U);
}

TEST(PushBlob, ChecksWhatTheRegistryHasAfterAChunk) {
    for (auto const& [range, is_fine] : std::vector<std::pair<std::string, bool>>{
             {"0-0", true}, {"bytes=0-0", true}, {"0-1", false}, {"1-0", false}, {"x", false}}) {
        Setting setting;
        setting.fake.whole_status = 413;
        setting.fake.range = range;
        EXPECT_EQ(setting.push_blob("x").has_value(), is_fine) << range;
    }
}

TEST(PushBlob, SaysTheFirstRefusalWhereThereAreNoChunksEither) {
    Setting setting;
    setting.fake.whole_status = 413;
    setting.fake.has_chunks = false;
    auto const pushed = setting.push_blob("x");
    ASSERT_FALSE(pushed.has_value());
    EXPECT_EQ(pushed.error().http_status(), 413);
    EXPECT_EQ(setting.registry.count("PATCH", "/"), 1U);
}

TEST(PushBlob, MountsWhatAnotherRepositoryHas) {
    Setting setting;
    auto const digest = image::Digest::of("x").text();
    setting.fake.mountable = {cat("team/base ", digest)};
    auto const push = [&](std::string from) {
        return setting.world.run(setting.uploader.push_blob(
            setting.registry.repository(), "x", setting.deadline(), std::move(from)));
    };
    EXPECT_TRUE(push("team/base").has_value());
    EXPECT_EQ(setting.registry.count("PUT", "/"), 0U);
    EXPECT_TRUE(push("team/without").has_value());
    EXPECT_EQ(setting.registry.count("PUT", "/"), 1U) << "it takes the bytes then";
    EXPECT_EQ(setting.registry.count("POST", uploads), 2U);
}

TEST(WriteManifest, StatesItsCondition) {
    Setting setting;
    auto const write = [&](std::string replaces, bool is_first) {
        return setting.world.run(setting.uploader.write_manifest(
            setting.registry.repository(),
            {"v1", "{}", "application/x", std::move(replaces), is_first},
            setting.deadline()));
    };
    ASSERT_TRUE(write("\"e\"", false).has_value());
    ASSERT_TRUE(write("", true).has_value());
    ASSERT_TRUE(write("", false).has_value());
    auto const& received = setting.registry.received();
    ASSERT_EQ(received.size(), 3U);
    EXPECT_EQ(received[0].headers.at("if-match"), "\"e\"");
    EXPECT_EQ(received[1].headers.at("if-none-match"), "*");
    for (auto const* const name : {"if-match", "if-none-match"})
        EXPECT_FALSE(received[2].headers.contains(name));
    setting.answer("PUT", "/v2/", Answer::text(412, ""));
    EXPECT_EQ(write("\"e\"", false).error().http_status(), 412);
    EXPECT_EQ(setting.registry.count("PUT", "/"), 4U) << "never retried";
}

TEST(WriteManifest, SaysWhetherTheSubjectWasSeen) {
    Setting setting;
    auto const write = [&] {
        return setting.world.run(
            setting.uploader.write_manifest(setting.registry.repository(),
                                            {"v1", "{}", "application/x", "", false},
                                            setting.deadline()));
    };
    EXPECT_FALSE(write().value().has_subject);
    auto stored = Answer::text(201, "");
    stored.headers.emplace_back("OCI-Subject", image::Digest::of("x").text());
    setting.answer("PUT", "/v2/", stored);
    EXPECT_TRUE(write().value().has_subject);
}

TEST(PushManifest, PutsExactBytesAndTypeUnderATagOrDigest) {
    Setting setting;
    std::string const bytes = R"({"schemaVersion":2})";
    auto const digest = image::Digest::of(bytes);
    EXPECT_EQ(setting.push_manifest("v1", bytes).value(), digest);
    EXPECT_EQ(setting.push_manifest(digest.text(), bytes).value(), digest);
    auto const& received = setting.registry.received();
    ASSERT_EQ(received.size(), 2U);
    EXPECT_EQ(received[0].target, "/v2/team/app/manifests/v1");
    EXPECT_EQ(received[0].body, bytes);
    EXPECT_EQ(received[0].headers.at("content-type"), "application/vnd.example+json");
    EXPECT_EQ(received[1].target, "/v2/team/app/manifests/" + digest.text());
}

TEST(PushManifest, ChecksTheAnswer) {
    for (auto const& [status, is_stored] : std::vector<std::pair<int, bool>>{
             {200, true}, {201, true}, {202, true}, {203, false}, {204, false}, {307, false}}) {
        Setting setting;
        setting.fake.manifest_status = status;
        EXPECT_EQ(setting.push_manifest("v1", "{}").has_value(), is_stored) << status;
    }
    Setting lying;
    lying.fake.stated_digest = image::Digest::of("[]").text();
    EXPECT_EQ(lying.push_manifest("v1", "{}").error().kind(), ErrorKind::integrity);
    Setting silent;
    silent.answer("PUT", "/v2/team/app/manifests/", Answer::text(201, ""));
    EXPECT_EQ(silent.push_manifest("v1", "{}").value(), image::Digest::of("{}"));
    Setting immutable;
    immutable.answer(
        "PUT", "/v2/", Answer::json(412, R"({"errors":[{"message":"tag is immutable"}]})"));
    auto const refused = immutable.push_manifest("v1", "{}");
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().text().find("tag is immutable"), std::string::npos);
    EXPECT_EQ(immutable.registry.count("PUT", "/"), 1U);
}

TEST(PushManifest, HasABound) {
    Setting setting;
    auto const pushed = setting.push_manifest("v1", std::string(limits::manifest_bytes + 1, ' '));
    ASSERT_FALSE(pushed.has_value());
    EXPECT_EQ(pushed.error().kind(), ErrorKind::limit);
    EXPECT_EQ(setting.registry.received().size(), 0U);
    EXPECT_TRUE(setting.push_manifest("v1", std::string(limits::manifest_bytes, ' ')).has_value());
}

} // namespace
} // namespace clairgate::registry
