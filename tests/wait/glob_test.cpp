#include <clairgate/wait/glob.hpp>

#include <gtest/gtest.h>

#include <string>

namespace clairgate::wait {
namespace {

TEST(Glob, MatchesAsAShellDoesInOneFolder) {
    struct Row {
        char const* pattern;
        char const* name;
        bool matches;
    };
    constexpr Row rows[] = {
        {"digest", "digest", true},
        {"digest", "digests", false},
        {"*", "anything", true},
        {"*", "", true},
        {"*", ".hidden", false},
        {".*", ".hidden", true},
        {"*.txt", "a.txt", true},
        {"*.txt", "a.txt.part", false},
        {"?.txt", "a.txt", true},
        {"?.txt", ".txt", false},
        {"a*b*c", "aXbXbXc", true},
        {"a*b*c", "aXbX", false},
        {"**x", "x", true},
        {"", "", true},
        {"", "a", false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(glob_matches(row.pattern, row.name), row.matches)
            << row.pattern << " on " << row.name;
}

TEST(Glob, TakesNoLongerForAHostilePattern) {
    std::string pattern;
    for (int i = 0; i < 100; ++i)
        pattern += "a*";
    EXPECT_FALSE(glob_matches(pattern + "b", std::string(4000, 'a')));
}

} // namespace
} // namespace clairgate::wait
