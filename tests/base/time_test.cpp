#include <clairgate/base/time.hpp>

#include <gtest/gtest.h>

namespace clairgate {
namespace {

using namespace std::chrono_literals;

TEST(Rfc3339, GoesBothWays) {
    for (auto const* text : {"2026-11-24T09:51:39Z",
                             "1970-01-01T00:00:00Z",
                             "2038-01-19T03:14:08Z",
                             "2100-02-28T23:59:59Z",
                             "2024-02-29T12:00:00Z",
                             "0001-01-01T00:00:00Z"})
        EXPECT_EQ(to_rfc3339(parse_rfc3339(text).value()), text);
}

TEST(Rfc3339, AppliesOffsetsAndDropsFractions) {
    EXPECT_EQ(to_rfc3339(parse_rfc3339("2026-01-01T00:30:00.999+01:00").value()),
              "2025-12-31T23:30:00Z");
    EXPECT_EQ(to_rfc3339(parse_rfc3339("2026-01-01t00:00:00-05:30").value()),
              "2026-01-01T05:30:00Z");
    EXPECT_EQ(to_rfc3339(parse_rfc3339("2016-12-31T23:59:60Z").value()), "2017-01-01T00:00:00Z");
}

TEST(Rfc3339, RefusesEverythingElse) {
    for (auto const* bad : {"",
                            "tomorrow",
                            "2026-13-01T00:00:00Z",
                            "2026-02-29T00:00:00Z",
                            "2026-01-01",
                            "2026-01-01T24:00:00Z",
                            "2026-01-01T00:00:00",
                            "2026-01-01T00:00:00Zx",
                            "2026-01-01T00:00:00.Z",
                            "99999-01-01T00:00:00Z",
                            "0000-01-01T00:00:00Z",
                            "2026-1-1T00:00:00Z",
                            "2026-01-01T00:00:00+1:00"})
        EXPECT_FALSE(parse_rfc3339(bad).has_value()) << bad;
}

TEST(ParseDuration, NeedsAUnit) {
    EXPECT_EQ(parse_duration("90s").value(), 90s);
    EXPECT_EQ(parse_duration("1h30m").value(), 90min);
    EXPECT_EQ(parse_duration("7d").value(), 168h);
    EXPECT_EQ(parse_duration("500ms").value(), 500ms);
    for (auto const* bad : {"",
                            "5",
                            "s",
                            "5 s",
                            "-5s",
                            "1y",
                            "1e3s",
                            "4000d",
                            "99999999999999999999s",
                            "3650d1s",
                            "5sec"})
        EXPECT_FALSE(parse_duration(bad).has_value()) << bad;
}

TEST(DurationText, IsShort) {
    EXPECT_EQ(to_string(850ms), "850ms");
    EXPECT_EQ(to_string(12'345ms), "12.3s");
    EXPECT_EQ(to_string(Duration(245s)), "4m05s");
    EXPECT_EQ(to_string(Duration(130min)), "2h10m");
    EXPECT_EQ(to_string(Duration(76h)), "3d4h");
}

TEST(Deadline, CountsDownOnTheSteadyClockOnly) {
    SteadyTime now{};
    Clock const clock{[] { return SystemTime{}; }, [&now] { return now; }};
    auto const deadline = Deadline::after(clock, 10s);
    EXPECT_EQ(deadline.remaining(clock), 10s);
    now += 9'999ms;
    EXPECT_FALSE(deadline.passed(clock));
    now += 1ms;
    EXPECT_TRUE(deadline.passed(clock));
    EXPECT_EQ(deadline.remaining(clock), 0s);
    EXPECT_EQ(deadline.capped(Deadline(now - 1s)).at(), now - 1s);
}

} // namespace
} // namespace clairgate
