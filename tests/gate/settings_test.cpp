#include <clairgate/gate/settings.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Result<Settings>
parsed(Command command, std::vector<std::string> const& argv, Variables variables = {}) {
    io::Environment const environment(std::move(variables));
    return parse_settings(command, argv, environment);
}

std::string
mistake(Command command, std::vector<std::string> const& argv, Variables variables = {}) {
    auto const result = parsed(command, argv, std::move(variables));
    return result.has_value() ? "no mistake" : result.error().text();
}

TEST(Flags, AreTakenInEverySpelling) {
    auto const settings = parsed(Command::run,
                                 {"--image=a/b:1",
                                  "--clair-url",
                                  "http://c",
                                  "-o",
                                  "json=x",
                                  "-otable",
                                  "--warn-status",
                                  "--accept-existing=false",
                                  "--",
                                  "--not-a-flag"});
    ASSERT_TRUE(settings.has_value()) << settings.error().text();
    EXPECT_EQ(settings->list("image"), std::vector<std::string>{"a/b:1"});
    EXPECT_EQ(settings->text("clair-url"), "http://c");
    EXPECT_EQ(settings->list("output"), (std::vector<std::string>{"json=x", "table"}));
    EXPECT_TRUE(settings->flag("warn-status"));
    EXPECT_FALSE(settings->flag("accept-existing"));
    EXPECT_EQ(settings->arguments(), std::vector<std::string>{"--not-a-flag"});
    EXPECT_EQ(settings->duration("wait-timeout"), std::chrono::minutes(30));
}

TEST(Flags, ThatAreWrongAreNamedWithTheNearestRightOne) {
    EXPECT_EQ(mistake(Command::run, {"--imgae", "x"}),
              "unknown flag: --imgae (did you mean --image?)");
    EXPECT_NE(mistake(Command::run, {"-x"}).find("unknown flag: -x"), std::string::npos);
    EXPECT_NE(mistake(Command::run, {"--image"}).find("needs a value"), std::string::npos);
    EXPECT_NE(mistake(Command::gate, {"--clair-url", "x"}).find("not an option of this command"),
              std::string::npos);
    EXPECT_NE(mistake(Command::run, {"--timeout", "5"}).find("not a duration"), std::string::npos);
    EXPECT_NE(mistake(Command::run, {"--warn-status=maybe"}).find("true or false"),
              std::string::npos);
}

TEST(Mistakes, AreAllToldAtOnce) {
    auto const result =
        parsed(Command::run, {"--imgae", "--polcy"}, {{"CLAIRGATE_CLAIR_ULR", "x"}});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().also().size(), 2U);
}

TEST(Environment, IsOverruledByFlagsAndRefusesWhatItDoesNotKnow) {
    Variables const variables{{"CLAIRGATE_CLAIR_URL", "http://env"},
                              {"CLAIRGATE_IMAGE", "a/b:1\nc/d:2"},
                              {"CLAIRGATE_REGISTRY_USER", "me"},
                              {"CLAIRGATE_WAIT_TIMEOUT", ""},
                              {"OTHER", "x"}};
    auto const settings = parsed(Command::run, {"--clair-url", "http://flag"}, variables);
    ASSERT_TRUE(settings.has_value());
    EXPECT_EQ(settings->text("clair-url"), "http://flag");
    EXPECT_EQ(settings->origin("clair-url"), "flag");
    EXPECT_EQ(settings->list("image").size(), 2U);
    EXPECT_EQ(settings->origin("image"), "environment CLAIRGATE_IMAGE");
    EXPECT_EQ(settings->origin("wait-timeout"), "default");
    EXPECT_EQ(mistake(Command::run, {}, {{"CLAIRGATE_CLAIRURL", "x"}}),
              "unknown variable CLAIRGATE_CLAIRURL (did you mean CLAIRGATE_CLAIR_URL?)");
}

TEST(ConfigurationFile, ComesLastAndIsOnlyReadWhenNamed) {
    test::TempDir const folder;
    auto const file = (folder.path() / "c.toml").string();
    std::ofstream(file) << "clair-url = \"http://file\"\nwarn-status = true\nimage = [\"a/b:1\"]\n";
    auto const settings = parsed(Command::run, {"--config", file}, {{"CLAIRGATE_IMAGE", "x/y:2"}});
    ASSERT_TRUE(settings.has_value()) << settings.error().text();
    EXPECT_EQ(settings->text("clair-url"), "http://file");
    EXPECT_EQ(settings->origin("clair-url"), file + ":1:1");
    EXPECT_TRUE(settings->flag("warn-status"));
    EXPECT_EQ(settings->list("image"), std::vector<std::string>{"x/y:2"});
}

} // namespace
} // namespace clairgate::gate
