#include <clairgate/base/text.hpp>
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

TEST(Settings, KeepTheLastOfAScalarAndAllOfAList) {
    auto const settings = parsed(
        Command::run, {"--policy", "a", "--policy=b", "--image", "x/y:1", "--image", "x/z:1"});
    ASSERT_TRUE(settings.has_value());
    EXPECT_EQ(settings->text("policy"), "b");
    EXPECT_EQ(settings->list("image").size(), 2U);
    EXPECT_TRUE(settings->is_set("policy"));
    EXPECT_FALSE(settings->is_set("timeout"));
    EXPECT_EQ(settings->origin("clair-url"), "unset");
    EXPECT_EQ(settings->text("clair-url"), std::nullopt);
}

TEST(Settings, DoNotMixTheListsOfTwoOrigins) {
    auto const settings =
        parsed(Command::run, {"--image", "x/y:1"}, {{"CLAIRGATE_IMAGE", "x/z:1"}});
    EXPECT_EQ(settings->list("image"), std::vector<std::string>{"x/y:1"});
}

TEST(Settings, OfAnotherCommandAreWrongAsFlagsAndLeftOutElsewhere) {
    auto const flag = parsed(Command::wait, {"--clair-url", "http://c"});
    ASSERT_FALSE(flag.has_value());
    EXPECT_NE(flag.error().message().find("run, config, doctor"), std::string::npos)
        << flag.error().message();
    auto const shared = parsed(Command::wait, {}, {{"CLAIRGATE_CLAIR_URL", "http://c"}});
    ASSERT_TRUE(shared.has_value());
    EXPECT_FALSE(shared->is_set("clair-url"));
    EXPECT_FALSE(parsed(Command::wait, {}, {{"CLAIRGATE_TIMEOUT", "soon"}}).has_value())
        << "a wrong value is wrong everywhere";
}

TEST(Settings, LetNoForgottenValueSwallowTheNextFlag) {
    auto const settings = parsed(Command::run, {"--image", "--digest-file", "x"});
    ASSERT_FALSE(settings.has_value());
    EXPECT_EQ(settings.error().message(), "--image needs a value: REF[@DIGEST]");
    EXPECT_EQ(parsed(Command::run, {"--policy=--odd"})->text("policy"), "--odd");
}

TEST(Settings, AreNotDisturbedByAServiceOfOurNameInKubernetes) {
    Variables const links{{"CLAIRGATE_SERVICE_HOST", "10.0.0.1"},
                          {"CLAIRGATE_SERVICE_PORT", "80"},
                          {"CLAIRGATE_SERVICE_PORT_HTTP", "80"},
                          {"CLAIRGATE_PORT", "tcp://10.0.0.1:80"},
                          {"CLAIRGATE_PORT_80_TCP", "tcp://10.0.0.1:80"},
                          {"CLAIRGATE_PORT_80_TCP_ADDR", "10.0.0.1"},
                          {"CLAIRGATE_CONSOLE_SERVICE_HOST", "10.0.0.2"}};
    EXPECT_TRUE(parsed(Command::run, {}, links).has_value());
    for (auto const& info : setting_infos()) {
        EXPECT_FALSE(parsed(Command::run, {}, {{info.environment_name() + "X", "1"}}).has_value())
            << info.name;
    }
    EXPECT_FALSE(parsed(Command::run, {}, {{"CLAIRGATE_PORT_X", "1"}}).has_value());
}

TEST(Settings, TellEveryMistakeOfFlagsEnvironmentAndFile) {
    test::TempDir const folder;
    auto const file = (folder.path() / "c.toml").string();
    std::ofstream(file) << "wait-timeout = 5\nclair-ulr = \"x\"\nbanana = true\n";
    auto const settings =
        parsed(Command::run, {"--timeout", "soon", "--config", file}, {{"CLAIRGATE_IMGE", "x"}});
    ASSERT_FALSE(settings.has_value());
    auto const error = settings.error(); // a value: nothing may be borrowed from a temporary one
    std::vector<std::string> texts{error.text()};
    for (auto const& other : error.also())
        texts.push_back(other.text());
    ASSERT_EQ(texts.size(), 5U) << join(texts, "\n");
    EXPECT_NE(texts[0].find("timeout"), std::string::npos);
    EXPECT_NE(texts[1].find("CLAIRGATE_IMAGE?"), std::string::npos);
    EXPECT_NE(texts[2].find(":1:1: wait-timeout is a string with a unit"), std::string::npos);
    EXPECT_NE(texts[3].find(":2:1: unknown key clair-ulr"), std::string::npos);
    EXPECT_NE(texts[4].find(":3:1: unknown key banana"), std::string::npos);
}

TEST(Help, FitsATerminal) {
    for (auto const command :
         {Command::run, Command::wait, Command::gate, Command::data, Command::doctor}) {
        for (auto const line : split(help_of(command), '\n'))
            EXPECT_LE(line.size(), 82U) << line; // "…" has three bytes
    }
}

TEST(Help, LosesNoWord) {
    auto text = help_of(Command::run);
    std::string flat;
    for (char const c : text)
        if (c != ' ' && c != '\n')
            flat += c;
    for (auto const& info : setting_infos()) {
        if ((info.commands & static_cast<unsigned>(Command::run)) == 0)
            continue;
        std::string help;
        for (char const c : info.help)
            if (c != ' ')
                help += c;
        EXPECT_NE(flat.find(help), std::string::npos) << info.name;
    }
}

TEST(Origins, HideAPasswordInAUrlAndEscapeTheRest) {
    auto const settings = parsed(Command::config,
                                 {"--clair-url",
                                  "https://me:hunter2@clair/x@y",
                                  "--updater-url",
                                  "a=http://u:hunter2@m/",
                                  "--updater-url",
                                  "b=http://u:hunter2@m/",
                                  "--policy",
                                  "a\nb\x1b[31m"});
    ASSERT_TRUE(settings.has_value());
    auto const text = show_origins(*settings);
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_NE(text.find("https://…@y"), std::string::npos) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_NE(text.find("a\\x0ab"), std::string::npos) << text;
}

} // namespace
} // namespace clairgate::gate
