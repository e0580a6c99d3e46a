#include <clairgate/base/text.hpp>
#include <clairgate/registry/credential_helper.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::TempDir;
using test::TestWorld;
using Answer = Result<std::optional<Credential>>;

// A folder on PATH with a helper "docker-credential-tests" of this shell script.
struct Helper {
    explicit Helper(std::string const& script)
        : world({{"PATH", folder.path().string() + ":/usr/bin:/bin"}}) {
        auto const file = folder.path() / "docker-credential-tests";
        std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    }
    Answer ask(std::string name = "tests", Duration time = std::chrono::seconds(20)) {
        return world.run(ask_helper(
            world.world, std::move(name), "h.example", Deadline::after(world.clock, time)));
    }
    TempDir folder;
    TestWorld world;
};

TEST(AskHelper, GivesTheServerOnStandardInputAndReadsTheAnswer) {
    Helper helper(R"(read -r server || true
test "$1" = get || exit 9
printf '{"ServerURL":"%s","Username":"%s","Secret":"pass word"}' "$server" "$server")");
    auto const credential = helper.ask();
    ASSERT_TRUE(credential.has_value()) << credential.error().text();
    auto const& basic = std::get<Credential::Basic>((*credential)->value);
    EXPECT_EQ(basic.user, "h.example");
    EXPECT_EQ(basic.password.reveal(), "pass word");
    EXPECT_EQ((*credential)->source, "docker-credential-tests");
}

TEST(AskHelper, ReadsAnIdentityToken) {
    Helper helper(R"(echo '{"ServerURL":"h","Username":"<token>","Secret":"it"}')");
    auto const credential = helper.ask().value();
    EXPECT_EQ(std::get<Credential::IdentityToken>(credential->value).token.reveal(), "it");
}

TEST(AskHelper, TakesNotFoundForNothing) {
    Helper helper("echo 'credentials not found in native keychain'; exit 1");
    auto const credential = helper.ask();
    ASSERT_TRUE(credential.has_value());
    EXPECT_FALSE(credential->has_value());
    Helper empty(R"(echo '{"ServerURL":"","Username":"","Secret":""}')");
    EXPECT_FALSE(empty.ask().value().has_value());
}

TEST(AskHelper, RefusesNamesThatAreMoreThanAName) {
    Helper helper("exit 0");
    for (auto const* name : {"", "../tests", "a/b", "..", ".hidden", "Tests", "a b", "a;b", "$x"}) {
        auto const credential = helper.ask(name);
        ASSERT_FALSE(credential.has_value()) << name;
        EXPECT_EQ(credential.error().kind(), ErrorKind::config) << name;
    }
}

TEST(AskHelper, ExplainsTheWayOutWhenItIsMissing) {
    Helper helper("exit 0");
    auto const credential = helper.ask("desktop");
    ASSERT_FALSE(credential.has_value());
    EXPECT_EQ(credential.error().kind(), ErrorKind::config);
    EXPECT_NE(credential.error().message().find("docker-credential-desktop"), std::string::npos);
    EXPECT_NE(credential.error().remedy().find("CLAIRGATE_REGISTRY_USER"), std::string::npos);
}

TEST(AskHelper, GivesUpOnOneThatHangs) {
    Helper helper("exec sleep 1000");
    auto const credential = helper.ask("tests", std::chrono::milliseconds(200));
    ASSERT_FALSE(credential.has_value());
    EXPECT_EQ(credential.error().kind(), ErrorKind::timeout);
    EXPECT_FALSE(credential.error().remedy().empty());
}

TEST(AskHelper, StopsAFlood) {
    Helper helper("exec yes");
    auto const credential = helper.ask();
    ASSERT_FALSE(credential.has_value());
    EXPECT_EQ(credential.error().kind(), ErrorKind::limit);
}

TEST(AskHelper, NeverRepeatsWhatAFailingHelperPrinted) {
    Helper failing("echo t0psecret; echo t0psecret >&2; exit 3");
    Helper garbled("echo '{\"Username\":\"u\",\"Secret\":\"t0psecret\"'");
    Helper typed("echo '{\"Username\":\"u\",\"Secret\":[\"t0psecret\"]}'");
    for (auto* helper : {&failing, &garbled, &typed}) {
        auto const credential = helper->ask();
        ASSERT_FALSE(credential.has_value());
        EXPECT_EQ(credential.error().text().find("t0psecret"), std::string::npos);
        for (auto const& event : helper->world.events)
            EXPECT_EQ(to_text_line(event).find("t0psecret"), std::string::npos);
    }
}

} // namespace
} // namespace clairgate::registry
