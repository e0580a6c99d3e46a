#include <clairgate/local/supervisor.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace clairgate::local {
namespace {

TEST(Protocol, CarriesWishesAndEventsOnOneLineEach) {
    Wish const wish{{"debian"}, {{"debian.mirror_url", "http://x/\n"}}};
    auto const line = to_line(wish);
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    auto const back = parse_wish(line);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->updaters, wish.updaters);
    EXPECT_EQ(back->updater_urls, wish.updater_urls);

    auto const ready =
        parse_event(to_line(Event(ReadyEvent{"http://127.0.0.1:1", "cHNr", "clairgate"})));
    ASSERT_TRUE(ready.has_value());
    EXPECT_EQ(std::get<ReadyEvent>(*ready).psk_base64, "cHNr");
    auto const failed = parse_event(to_line(Event(FailedEvent{"a\nb", "mend"})));
    EXPECT_EQ(std::get<FailedEvent>(*failed).message, "a\nb");
    auto const progress = parse_event(to_line(Event(ProgressEvent{"engine", "starting"})));
    EXPECT_EQ(std::get<ProgressEvent>(*progress).detail, "starting");
}

TEST(Protocol, RefusesWhatItDoesNotKnow) {
    for (auto const* bad :
         {"", "{}", R"({"event":"other"})", R"({"event":"ready","url":"x"})", "leave"})
        EXPECT_FALSE(parse_event(bad).has_value()) << bad;
    for (auto const* bad : {"", "leave", R"({"updaters":"debian"})"})
        EXPECT_FALSE(parse_wish(bad).has_value()) << bad;
}

} // namespace
} // namespace clairgate::local
