#include <clairgate/base/text.hpp>
#include <clairgate/report/shown.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

TEST(Shown, IsTheTextItselfWhereItIsPlainAndShort) {
    std::string scratch;
    std::string const text = "openssl 3.0.11-1~deb12u1";
    auto const kept = shown(text, 100, scratch);
    EXPECT_EQ(kept.text.data(), text.data());
    EXPECT_EQ(kept.text, text);
    EXPECT_FALSE(kept.is_cut);
}

TEST(Shown, IsTheFrontOfWhatVisibleShowsAtAnyLength) {
    std::string const texts[] = {"plain text",
                                 "na\xC3\xAFve \xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\x9A\x80!",
                                 "a\x1b[31mb\nc",
                                 "\xE2\x80\xAEgpj.exe",
                                 std::string(50, '\x80'),
                                 "\xE2\x80\xE2\x80\xE2\x80\xF0\x9F\xF0\x9F"};
    for (auto const& text : texts) {
        std::string whole_scratch, scratch;
        auto const whole = visible(text, whole_scratch);
        for (std::size_t bytes = 0; bytes <= whole.size() + 2; ++bytes) {
            auto const kept = shown(text, bytes, scratch);
            ASSERT_EQ(kept.text, front(whole, bytes)) << bytes;
            ASSERT_EQ(kept.is_cut, bytes < whole.size()) << bytes;
        }
    }
}

TEST(Shown, LooksAtNoMoreOfAHugeTextThanItShows) {
    std::string scratch;
    std::string const huge(10'000'000, '\x01');
    EXPECT_EQ(shown(huge, 8, scratch).text, "\\x01\\x01");
    EXPECT_LT(scratch.size(), 100U);
}

TEST(CompletesMarker, KnowsTheMarkersOfCiLogs) {
    struct {
        char const* text;
        bool is_marker; // its last character completes one
    } const cases[] = {{"::", true},
                       {"##", true},
                       {"a::", true},
                       {"section_start:", true},
                       {"section_end:", true},
                       {"travis_fold:", true},
                       {"travis_time:", true},
                       {":", false},
                       {"#", false},
                       {": :", false},
                       {"#:", false},
                       {":#", false},
                       {"section:", false}};
    for (auto const& [text, is_marker] : cases)
        EXPECT_EQ(completes_marker(text, std::string_view(text).size() - 1), is_marker) << text;
}

} // namespace
} // namespace clairgate::report
