#include <clairgate/gate/commands.hpp>

#include <gtest/gtest.h>

#include <gate/program.hpp>
#include <set>

namespace clairgate::gate {
namespace {

using test::run_program;

TEST(Commands, HaveUniqueNamesAndAnExampleWhereTheyTakeOptions) {
    std::set<std::string_view> names;
    for (auto const& command : commands()) {
        EXPECT_TRUE(names.insert(command.name).second) << command.name;
        EXPECT_NE(command.run, nullptr) << command.name;
        if (!command.usage.empty() && !command.is_hidden && command.name != "help") {
            EXPECT_NE(command.details.find("clairgate "), std::string_view::npos) << command.name;
        }
    }
}

TEST(Execute, SuggestsTheNearestCommand) {
    auto const ran = run_program({"rnu"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.error.find("unknown command: rnu (did you mean run?)"), std::string::npos);
}

TEST(Execute, DoesNotOfferWhatIsNotForPeople) {
    auto const ran = run_program({"engine-supervisr"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.error.find("engine-supervisor"), std::string::npos);
}

TEST(Execute, TakesTheSpellingsPeopleTryFirst) {
    for (auto const* word : {"--help", "-h", "help"})
        EXPECT_EQ(run_program({word}).status, 0) << word;
    EXPECT_EQ(run_program({"--version"}).out, run_program({"version"}).out);
    EXPECT_EQ(run_program({}).status, 0);
    EXPECT_NE(run_program({"run", "--help"}).out.find("--digest-file"), std::string::npos);
}

TEST(ErrorText, EscapesAndTellsEverything) {
    auto const text = error_text(Error(ErrorKind::policy, "first\x1b[2J")
                                     .with_position({"global.toml", 3, 1})
                                     .with_remedy("do this")
                                     .with_also({Error(ErrorKind::policy, "second\n::error::x")}));
    EXPECT_EQ(text,
              "clairgate: global.toml:3:1: first\\x1b[2J\n"
              "clairgate: second\\x0a::error::x\n"
              "  help: do this\n");
}

} // namespace
} // namespace clairgate::gate
