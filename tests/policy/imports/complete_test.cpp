#include <clairgate/base/text.hpp>
#include <clairgate/policy/imports.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy::imports {
namespace {

DraftWaiver waiver(std::string id, std::string owner, std::string reason, std::string_view day) {
    return {{std::move(id)}, {}, {}, std::move(owner), std::move(reason), "", parse_day(day)};
}

Draft draft_of(std::vector<DraftWaiver> waivers) {
    Draft draft;
    draft.only_file().waivers = std::move(waivers);
    return draft;
}

std::string said(Draft draft, ImportOptions const& options) {
    auto const done = complete(draft, options);
    if (!done.has_value())
        return cat(to_string(done.error().kind()), ": ", done.error().message());
    std::string out;
    for (auto const& w : draft.files.at(0).waivers)
        out += cat(
            w.ids.front(), " ", w.owner, " ", w.reason, " ", to_string(w.last_day.value()), "\n");
    for (auto const& left : draft.left)
        out += cat("- ", left.entry, ": ", left.why, "\n");
    return out;
}

ImportOptions given(std::optional<std::string> owner,
                    std::optional<std::string> reason,
                    std::optional<std::string> expires) {
    return {std::move(owner), std::move(reason), std::move(expires), std::nullopt, std::nullopt};
}

TEST(ImportComplete, OptionsSayOnlyWhatTheSourceDoesNot) {
    auto const draft = draft_of({waiver("CVE-2024-0001", "own", "why", "2027-01-01"),
                                 waiver("CVE-2024-0002", "", " ", "")});
    EXPECT_EQ(said(draft, given("team", " reason ", "2030-01-01")),
              "CVE-2024-0001 own why 2027-01-01\nCVE-2024-0002 team reason 2030-01-01\n");
}

TEST(ImportComplete, WhatNobodySaysIsNamedByItsFlag) {
    auto const whole = waiver("CVE-2024-0001", "own", "why", "2027-01-01");
    EXPECT_EQ(said(draft_of({whole}), {}), "CVE-2024-0001 own why 2027-01-01\n");
    constexpr std::string_view lacks =
        "usage: the file does not say all that an exception needs: give ";
    EXPECT_EQ(said(draft_of({whole, waiver("CVE-2024-0002", "", "", "")}), {}),
              cat(lacks, "--owner, --reason, --expires for CVE-2024-0002"));
    EXPECT_EQ(said(draft_of({waiver("CVE-2024-0002", "", "", "")}), given("t", {}, "2030-01-01")),
              cat(lacks, "--reason for CVE-2024-0002"));
    EXPECT_EQ(said(draft_of({waiver("CVE-2024-0002", "a", "b", "")}), given("t", "r", {})),
              cat(lacks, "--expires for CVE-2024-0002"));
    std::vector<DraftWaiver> many;
    for (int i = 0; i < 5; ++i)
        many.push_back(waiver(cat("CVE-2024-000", i), "", "r", "2027-01-01"));
    EXPECT_EQ(said(draft_of(many), {}),
              cat(lacks, "--owner for CVE-2024-0000, CVE-2024-0001, CVE-2024-0002 and 2 more"));
    EXPECT_EQ(said(draft_of({}), {}), "");
}

TEST(ImportComplete, BadOptionsAreNamed) {
    auto const draft = draft_of({});
    auto const at = parse_rfc3339("2026-11-25T12:00:00Z").value();
    auto dated = [&](std::string expires) {
        auto options = given({}, {}, std::move(expires));
        options.now = at;
        return said(draft, options);
    };
    EXPECT_EQ(dated("2026-11-25"), "");
    EXPECT_EQ(dated("2026-11-24"), "usage: --expires 2026-11-24 is in the past");
    for (std::string_view const text :
         {"", "never", "2027-02-29", "9999-99-99", "1999-12-31", "2027-01-01Z"})
        EXPECT_EQ(dated(std::string(text)),
                  cat("usage: --expires \"", text, "\" is no date, or one before 2000"));
    EXPECT_EQ(said(draft, given(" ", {}, {})),
              "usage: --owner is empty, longer than 2000 bytes or not UTF-8");
    EXPECT_EQ(said(draft, given({}, std::string(2001, 'x'), {})),
              "usage: --reason is empty, longer than 2000 bytes or not UTF-8");
    EXPECT_EQ(said(draft, given({}, "\xff", {})),
              "usage: --reason is empty, longer than 2000 bytes or not UTF-8");
}

TEST(ImportComplete, WhatHasExpiredNeedsNoOwner) {
    ImportOptions options;
    options.now = parse_rfc3339("2026-11-25T00:00:00Z").value();
    EXPECT_EQ(said(draft_of({waiver("CVE-2024-0001", "", "", "2026-11-24"),
                             waiver("CVE-2024-0002", "o", "r", "2026-11-25")}),
                   options),
              "CVE-2024-0002 o r 2026-11-25\n- CVE-2024-0001: it expired on 2026-11-25\n");
    options.now = std::nullopt;
    EXPECT_EQ(said(draft_of({waiver("CVE-2024-0001", "o", "r", "1999-12-31")}), options),
              "- CVE-2024-0001: it expired on 2000-01-01\n");
}

TEST(ImportComplete, OfRepetitionsTheLongestIsKept) {
    auto other = waiver("CVE-2024-0001", "d", "d", "2027-01-01");
    other.images = {"r.example/a"};
    EXPECT_EQ(said(draft_of({waiver("CVE-2024-0001", "a", "a", "2027-01-01"),
                             waiver("CVE-2024-0001", "b", "b", "2028-01-01"),
                             waiver("CVE-2024-0001", "c", "c", "2028-01-01"),
                             other}),
                   {}),
              "CVE-2024-0001 b b 2028-01-01\n"
              "CVE-2024-0001 d d 2027-01-01\n"
              "- CVE-2024-0001: another entry says the same, and holds as long or longer\n"
              "- CVE-2024-0001: another entry says the same, and holds as long or longer\n");
}

TEST(ImportComplete, LongReasonsAreCutAtACharacter) {
    std::string reason(1990, 'x');
    for (int i = 0; i < 10; ++i)
        reason += "\xE2\x82\xAC";
    auto draft = draft_of({waiver("CVE-2024-0001", "o", reason, "2027-01-01")});
    ASSERT_TRUE(complete(draft, {}).has_value());
    auto const& cut = draft.files[0].waivers[0].reason;
    EXPECT_EQ(cut, std::string(1990, 'x') + "\xE2\x82\xAC\xE2\x82\xAC…");
    EXPECT_LE(cut.size(), 2000U);
}

} // namespace
} // namespace clairgate::policy::imports
