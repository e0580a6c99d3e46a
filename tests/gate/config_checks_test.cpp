#include <clairgate/base/text.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/config_checks.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

std::vector<Error> mistakes(std::vector<std::string> const& argv) {
    io::Environment const environment({});
    auto const settings = parse_settings(Command::run, argv, environment);
    CLAIRGATE_ASSERT(settings.has_value());
    return mistakes_in(*settings);
}

TEST(ConfigChecks, TakeHostsInEverySpelling) {
    for (auto const* host :
         {"registry", "registry:5000", "Registry.Example", "10.0.0.1:80", "[::1]:5000"})
        for (auto const* name : {"--plain-http", "--insecure-tls", "--trusted-realm"})
            EXPECT_TRUE(mistakes({name, host}).empty()) << name << " " << host;
    for (auto const* host : {"",
                             "http://registry",
                             "registry/app",
                             "registry/",
                             "me@registry",
                             "registry:0x50",
                             "a b",
                             "*"})
        for (auto const* name : {"--plain-http", "--insecure-tls", "--trusted-realm"}) {
            auto const found = mistakes({name, host});
            ASSERT_EQ(found.size(), 1U) << name << " " << host;
            EXPECT_EQ(found.front().kind(), ErrorKind::usage);
            EXPECT_TRUE(found.front().message().starts_with(name)) << found.front().message();
        }
}

TEST(ConfigChecks, TakeLayerHostsAsPairs) {
    for (auto const* pair : {"127.0.0.1:5000=registry:5000",
                             "http://127.0.0.1:5000=https://registry",
                             "[::1]:5000=registry"})
        EXPECT_TRUE(mistakes({"--layer-host", pair}).empty()) << pair;
    for (auto const* pair : {"", "a", "a=", "=b", "a=b/c", "a/b=c", "a=ftp://b", "a=b=c"})
        EXPECT_EQ(mistakes({"--layer-host", pair}).size(), 1U) << pair;
    EXPECT_EQ(mistakes({"--layer-host", "a=b", "--layer-host", "A=c"}).size(), 1U);
}

TEST(ConfigChecks, TakeUpdaterUrlsAsPairs) {
    EXPECT_TRUE(mistakes({"--updater-url", "debian.mirror_url=http://127.0.0.1:1/"}).empty());
    for (auto const* pair : {"debian.mirror_url", "=http://a/", "a=", "a=file:///etc/passwd"})
        EXPECT_EQ(mistakes({"--updater-url", pair}).size(), 1U) << pair;
}

TEST(ConfigChecks, RefuseASettingThatHasNoEffect) {
    struct Row {
        std::vector<std::string> argv;
        char const* needs;
    };
    Row const rows[] = {
        {{"--clair-psk-file", "f"}, "--clair-url"},
        {{"--clair-ca", "f"}, "--clair-url"},
        {{"--registry-ca", "f", "--digest-file", "d"}, "--image"},
    };
    for (auto const& row : rows) {
        auto const found = mistakes(row.argv);
        ASSERT_EQ(found.size(), 1U) << row.argv.front();
        EXPECT_EQ(found.front().remedy(), row.needs);
    }
    EXPECT_TRUE(mistakes({"--clair-psk-file", "f", "--clair-url", "http://c"}).empty());
}

TEST(ConfigChecks, AreToldTogetherWithEveryOtherMistakeOfTheConfiguration) {
    io::Environment const environment({});
    auto const settings = parse_settings(Command::run,
                                         {"--plain-http",
                                          "http://a",
                                          "--layer-host",
                                          "a",
                                          "--clair-url",
                                          "clair",
                                          "--on-error",
                                          "ignore",
                                          "-o",
                                          "tabel",
                                          "--platform",
                                          "linux",
                                          "--image",
                                          "https://x",
                                          "--color",
                                          "red",
                                          "--log-level",
                                          "loud"},
                                         environment);
    ASSERT_TRUE(settings.has_value()) << settings.error().text();
    auto const config = make_config(*settings, environment, Streams{});
    ASSERT_FALSE(config.has_value());
    EXPECT_EQ(config.error().also().size() + 1, 9U) << config.error().text();
}

} // namespace
} // namespace clairgate::gate
