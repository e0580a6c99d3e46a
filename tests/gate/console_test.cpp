#include <clairgate/gate/console.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

using namespace std::chrono_literals;

struct Screen {
    std::string text;
    SteadyTime now{};
    Streams streams;
    Clock clock{[] { return SystemTime{}; }, [this] { return now; }};
    Screen() {
        streams.error = [this](std::string_view piece) { text += piece; };
        streams.columns = 60;
    }
};

TEST(Console, WritesOneLineAnEventWhereThereIsNoTerminal) {
    Screen screen;
    Console console(screen.streams, screen.clock, LogFormat::text);
    console.progress("wait", "for /run/digest");
    console.progress("wait", "for /run/digest");
    console.tick();
    console.write({LogLevel::warning, "slow", {{"host", "a\nb"}}});
    console.finish();
    EXPECT_EQ(screen.text,
              "clairgate: wait detail=\"for /run/digest\"\n"
              "warning: slow host=a\\x0ab\n");
}

TEST(Console, KeepsOneLiveLineOnATerminalAndLeavesNothingBehind) {
    Screen screen;
    screen.streams.is_error_terminal = true;
    Console console(screen.streams, screen.clock, LogFormat::text);
    console.progress("index", "ScanLayers");
    screen.now += 2500ms;
    screen.text.clear();
    console.tick();
    EXPECT_EQ(screen.text, "\r\x1b[K2.5s  index ScanLayers");
    console.finish();
    EXPECT_TRUE(screen.text.ends_with("\r\x1b[K"));
}

TEST(Console, CutsTheLiveLineToTheWidth) {
    Screen screen;
    screen.streams.is_error_terminal = true;
    Console console(screen.streams, screen.clock, LogFormat::text);
    console.progress("wait", std::string(500, 'x'));
    EXPECT_LE(screen.text.size(), 64U);
}

TEST(Console, EscapesWhatPeersSaid) {
    Screen screen;
    screen.streams.is_error_terminal = true;
    Console console(screen.streams, screen.clock, LogFormat::text);
    console.progress("index", "\x1b]0;evil\x07");
    EXPECT_EQ(screen.text.find('\x07'), std::string::npos);
    EXPECT_EQ(screen.text.find("\x1b]"), std::string::npos);
}

TEST(JsonLine, CannotBeOverwrittenByFacts) {
    LogEvent const event{LogLevel::error, "m", {{"level", "info"}, {"k", "a\nb"}}};
    EXPECT_EQ(to_json_line(event, SystemTime{}),
              R"({"k":"a\nb","level":"error","message":"m","time":"1970-01-01T00:00:00Z"})");
}

} // namespace
} // namespace clairgate::gate
