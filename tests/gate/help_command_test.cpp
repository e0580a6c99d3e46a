#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

using test::run_program;

TEST(Help, ListsEveryCommandAndEveryExitStatus) {
    auto const help = run_program({"help"}).out;
    for (auto const& command : commands())
        EXPECT_EQ(help.find(cat("  ", command.name, " ")) != std::string::npos, !command.is_hidden)
            << command.name;
    for (auto const* status : {"0 allowed",
                               "1 blocked",
                               "2 usage",
                               "3 could",
                               "4 no digest",
                               "5 report",
                               "10 allowed",
                               "130 and 143"})
        EXPECT_NE(help.find(status), std::string::npos) << status;
}

TEST(Help, OfACommandShowsUsageExampleAndOptions) {
    auto const help = run_program({"help", "run"});
    EXPECT_EQ(help.status, 0);
    for (auto const* part : {"usage: clairgate run", "clairgate run --image", "--clair-url URL"})
        EXPECT_NE(help.out.find(part), std::string::npos) << part;
}

TEST(Help, OfAnUnknownCommandIsAnError) {
    auto const help = run_program({"help", "rum"});
    EXPECT_EQ(help.status, 2);
    EXPECT_NE(help.error.find("did you mean run?"), std::string::npos);
    EXPECT_EQ(run_program({"help", "engine-supervisor"}).status, 2);
}

} // namespace
} // namespace clairgate::gate
