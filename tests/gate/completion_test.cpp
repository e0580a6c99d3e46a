#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/completion.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

TEST(Completion, KnowsEveryCommandAndSettingInEveryShell) {
    for (std::string const shell : {"bash", "zsh", "fish"}) {
        auto const script = completion_script(shell);
        ASSERT_TRUE(script.has_value());
        for (auto const& command : commands())
            EXPECT_EQ(script->find(command.name) == std::string::npos, command.is_hidden)
                << shell << " " << command.name;
        for (auto const& setting : setting_infos())
            EXPECT_NE(script->find(setting.name), std::string::npos) << shell << setting.name;
    }
}

TEST(Completion, RefusesAnotherShellWithASuggestion) {
    auto const script = completion_script("zhs");
    ASSERT_FALSE(script.has_value());
    EXPECT_EQ(script.error().kind(), ErrorKind::usage);
    EXPECT_NE(script.error().text().find("zsh"), std::string::npos);
}

} // namespace
} // namespace clairgate::gate
