#include <clairgate/policy/imports.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::policy::imports {
namespace {

TEST(ImportDraft, WhatIsLeftIsSafeToPrintAndShort) {
    Draft draft;
    draft.leave("a\x1b[31m\n::set-output\xE2\x80\xAE", std::string(1000, 'w'));
    ASSERT_EQ(draft.left.size(), 1U);
    EXPECT_EQ(draft.left[0].entry, "a\\x1b[31m\\x0a::set-output\\u{202e}");
    EXPECT_LE(draft.left[0].why.size(), 310U);
    draft.leave(std::string(100'000, '\x01'), "");
    EXPECT_LE(draft.left[1].entry.size(), 130U);
}

TEST(ImportDraft, TheOnlyFileIsMadeOnce) {
    Draft draft;
    draft.only_file().waivers.emplace_back();
    draft.only_file().waivers.emplace_back();
    ASSERT_EQ(draft.files.size(), 1U);
    EXPECT_EQ(draft.files[0].waivers.size(), 2U);
    EXPECT_EQ(draft.files[0].path, "");
}

TEST(ImportDraft, DaysAreOfTheCalendar) {
    for (std::string_view const text : {"2026-12-31", "2028-02-29", "0001-01-01", "9999-12-31"})
        EXPECT_EQ(to_string(parse_day(text).value()), text);
    for (std::string_view const text : {"",
                                        "2026-02-29",
                                        "2026-13-01",
                                        "2026-1-1",
                                        "9999-99-99",
                                        "0000-01-01",
                                        "+2026-01-0",
                                        "2026/01/01",
                                        "2026-01-01 ",
                                        "2026-01-01T",
                                        "10000-01-01",
                                        "tomorrow"})
        EXPECT_FALSE(parse_day(text).has_value()) << text;
}

TEST(ImportDraft, AnEndWithinADayTakesTheWholeDay) {
    auto const last = [](std::string_view end) {
        return to_string(last_day_before(parse_rfc3339(end).value()));
    };
    EXPECT_EQ(last("2026-11-25T00:00:00Z"), "2026-11-24");
    EXPECT_EQ(last("2026-11-25T00:00:01Z"), "2026-11-24");
    EXPECT_EQ(last("2026-11-25T23:59:59Z"), "2026-11-24");
    EXPECT_EQ(last("2026-03-01T00:00:00Z"), "2026-02-28");
    EXPECT_EQ(last("1970-01-01T00:00:00Z"), "1969-12-31");
}

TEST(ImportDraft, IdsAreBoundedAndPlain) {
    EXPECT_TRUE(is_vulnerability_id("RHSA-2024:0001"));
    EXPECT_TRUE(is_vulnerability_id("GO-" + std::string(120, '1')));
    EXPECT_FALSE(is_vulnerability_id("GO-" + std::string(126, '1')));
    for (std::string_view const text : {"",
                                        "-",
                                        "CVE",
                                        "CVE-",
                                        "CVE-2024-0001 ",
                                        " CVE-2024-0001",
                                        "CVE-2024-0001\n",
                                        "GO-",
                                        "GO-a",
                                        "GO-1\"",
                                        "GO-1#",
                                        "GO-1*",
                                        "GO-1/2",
                                        "GO-\xC3\xA9"
                                        "1",
                                        "ALAS",
                                        "ALAS-",
                                        "ALASx1",
                                        "rhsa-2024:1",
                                        "GHSA-2qrg-x229-3v8",
                                        "GHSA-2qrg-x229-3v8q-1",
                                        "GHSA-2qrg-x229-3v8.",
                                        "RHSA-2024:0001:",
                                        "GO-2024-"})
        EXPECT_FALSE(is_vulnerability_id(text)) << text;
}

TEST(ImportDraft, TextOfAnythingElseIsEmpty) {
    nlohmann::json const object{{"a", "b"}, {"n", 1}, {"l", {"x"}}};
    EXPECT_EQ(text_of(object, "a"), "b");
    EXPECT_EQ(text_of(object, "n"), "");
    EXPECT_EQ(text_of(object, "l"), "");
    EXPECT_EQ(text_of(object, "absent"), "");
    EXPECT_EQ(text_of(nlohmann::json::array({"a"}), "a"), "");
    EXPECT_EQ(text_of(nullptr, "a"), "");
}

} // namespace
} // namespace clairgate::policy::imports
