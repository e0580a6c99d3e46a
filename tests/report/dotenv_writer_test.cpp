#include "report/hostile_texts.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/dotenv_writer.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

std::string entry(std::string_view text, std::size_t bytes_max = 20'000) {
    std::string written;
    Out out([&](std::string_view piece) { written += piece; });
    DotenvWriter(out).entry("KEY", text, bytes_max);
    out.finish();
    return written;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

TEST(DotenvWriter, KeepsReferencesAndDigestsAsTheyAre) {
    EXPECT_EQ(entry("registry.example:5000/team/a_b-c@sha256:0123"),
              "KEY=registry.example:5000/team/a_b-c@sha256:0123\n");
    EXPECT_EQ(entry(""), "KEY=\n");
}

TEST(DotenvWriter, EncodesWhatAShellOrGitLabWouldActOn) {
    EXPECT_EQ(entry("a b"), "KEY=a%20b\n");
    EXPECT_EQ(entry("$(id)`x`"), "KEY=%24%28id%29%60x%60\n");
    EXPECT_EQ(entry("~root"), "KEY=%7Eroot\n");
    EXPECT_EQ(entry("a\nB=c"), "KEY=a%5Cx0aB%3Dc\n");
    EXPECT_EQ(entry("50%"), "KEY=50%25\n");
    EXPECT_EQ(entry("::"), "KEY=:%3A\n");
    EXPECT_EQ(entry("abcdef", 3), "KEY=abc%E2%80%A6\n");
}

TEST(DotenvWriter, GivesHostileTextsBack) {
    for (auto const& hostile : sample::hostile_texts()) {
        auto const line = entry(hostile);
        std::string scratch;
        ASSERT_EQ(decoded(line.substr(4, line.size() - 5)), visible(hostile, scratch));
        ASSERT_EQ(line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789._/:@+-%=\n"),
                  std::string::npos)
            << printable(line);
        ASSERT_EQ(line.find('='), line.rfind('=')) << printable(line);
        ASSERT_EQ(line.find('\n'), line.size() - 1) << printable(line);
    }
}

} // namespace
} // namespace clairgate::report
