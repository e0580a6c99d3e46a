#include <clairgate/report/terminal_writer.hpp>

#include <gtest/gtest.h>

#include <functional>

namespace clairgate::report {
namespace {

std::string written(RenderOptions const& options,
                    std::function<void(TerminalWriter&)> const& write) {
    std::string text;
    Out sink([&text](std::string_view piece) { text += piece; });
    TerminalWriter out(sink, options);
    write(out);
    sink.finish();
    return text;
}

TEST(TerminalWriter, EveryLineEndsAndWrapsToTheWidth) {
    RenderOptions options;
    options.columns = 20;
    auto const text = written(options, [](TerminalWriter& out) {
        out.line("a line");
        out.say("  head: ", out.safe("one two three four"), "    ");
        out.title(said({"Title (", 3, ")"}));
    });
    EXPECT_EQ(text, "a line\n  head: one two\n    three four\n\nTitle (3)\n");
}

TEST(TerminalWriter, ColoursOnlyWhereTheyAreWanted) {
    auto const write = [](TerminalWriter& out) {
        out.title("T");
        out.line(out.coloured("x", TerminalWriter::Colour::red));
    };
    RenderOptions options;
    EXPECT_EQ(written(options, write), "\nT\nx\n");
    options.has_colour = true;
    EXPECT_EQ(written(options, write), "\n\x1b[1mT\x1b[0m\n\x1b[1;31mx\x1b[0m\n");
}

TEST(TerminalWriter, CutsWithAMarkAndStaysInert) {
    RenderOptions options;
    auto const text = written(options, [](TerminalWriter& out) {
        out.line(out.safe("RUN a very long instruction", 10));
        out.line(out.safe("\x1b[31m::error::", 80));
        out.line(TerminalWriter::day(SystemTime(std::chrono::hours(24))));
    });
    EXPECT_EQ(text, "RUN a ver…\n\\x1b[31m:\\:error:\\:\n1970-01-02\n");
}

TEST(OutTest, HandsPiecesOverInOrderAndNeverHoldsAWholeDocument) {
    std::string text;
    std::size_t largest = 0;
    Out sink([&](std::string_view piece) {
        text += piece;
        largest = std::max(largest, piece.size());
    });
    RenderOptions const options;
    TerminalWriter out(sink, options);
    for (int i = 0; i < 20'000; ++i)
        out.line("0123456789");
    EXPECT_EQ(sink.size(), 220'000U);
    sink.finish();
    EXPECT_EQ(text.size(), 220'000U);
    EXPECT_LT(largest, 70'000U);
    EXPECT_EQ(text.substr(0, 22), "0123456789\n0123456789\n");
}

} // namespace
} // namespace clairgate::report
