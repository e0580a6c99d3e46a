#include <clairgate/base/log.hpp>

#include <gtest/gtest.h>

namespace clairgate {
namespace {

TEST(Log, DropsWhatIsBelowItsLevel) {
    std::vector<LogEvent> events;
    Log const log(LogLevel::info, [&](LogEvent const& event) { events.push_back(event); });
    log.debug("hidden");
    log.info("shown", {{"key", "value"}});
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].message, "shown");
}

TEST(TextLine, EscapesAndQuotesFacts) {
    LogEvent const event{
        LogLevel::warning, "asked", {{"url", "https://x/"}, {"said", "a\nb \x1b[0m"}}};
    EXPECT_EQ(to_text_line(event), "asked url=https://x/ said=\"a\\x0ab \\x1b[0m\"");
}

} // namespace
} // namespace clairgate
