#include <clairgate/base/text.hpp>
#include <clairgate/policy/epss_file.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

constexpr std::string_view title = "#model_version:v2025.03.14,score_date:2026-11-24T12:55:00Z\n";
constexpr std::string_view header = "cve,epss,percentile\n";

std::string csv(std::string_view rows) {
    return cat(title, header, rows);
}

std::string refusal(std::string_view text) {
    auto const parsed = parse_epss(text);
    if (parsed.has_value())
        return "none";
    EXPECT_EQ(parsed.error().kind(), ErrorKind::policy);
    return parsed.error().message();
}

TEST(EpssFile, KnowsTheScoreOfEachVulnerability) {
    auto const parsed = parse_epss(csv("CVE-2024-1001,0.94334,0.99985\n"
                                       "CVE-2024-10001,0.1,0.5\n"
                                       "CVE-1999-0001,0.00043,0\n"
                                       "CVE-2024-0999,1,1.0\n"
                                       "CVE-2024-0998,1e-05,9.9e-1\n"));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
    EXPECT_EQ(parsed->model, "v2025.03.14");
    EXPECT_EQ(to_rfc3339(parsed->score_date), "2026-11-24T12:55:00Z");
    EXPECT_EQ(parsed->rows.size(), 5U);
    // Exactly the doubles of the decimals: thresholds in policy files are read the same way.
    EXPECT_EQ(parsed->lookup("CVE-2024-1001"), (Epss{0.94334, 0.99985}));
    EXPECT_EQ(parsed->lookup("cve-2024-10001"), (Epss{0.1, 0.5}));
    EXPECT_EQ(parsed->lookup("CVE-1999-0001"), (Epss{0.00043, 0}));
    EXPECT_EQ(parsed->lookup("CVE-2024-0999"), (Epss{1, 1}));
    EXPECT_EQ(parsed->lookup("CVE-2024-0998"), (Epss{0.00001, 0.99}));
    for (std::string_view const other : {"CVE-2024-100", "CVE-2024-1002", "CVE-1998-0001", "", "x"})
        EXPECT_EQ(parsed->lookup(other), std::nullopt) << other;
}

TEST(EpssFile, EveryScoreOfFiveDecimalsIsKeptExactly) {
    std::string rows;
    for (int i = 0; i < 1000; ++i) {
        auto const decimals = std::to_string(100000 + i * 97).substr(1);
        rows += cat("CVE-2024-", 10000 + i, ",0.", decimals, ",0.", decimals, "\n");
    }
    auto const table = parse_epss(csv(rows)).value();
    for (int i = 0; i < 1000; ++i)
        EXPECT_EQ(table.lookup(cat("CVE-2024-", 10000 + i))->score, i * 97 / 100000.0) << i;
}

TEST(EpssFile, ToleratesCarriageReturnsAndBothSpellingsOfTheOffset) {
    auto const parsed =
        parse_epss("#model_version:v2023.03.01,score_date:2024-01-15T01:30:00+0130\r\n"
                   "cve,epss,percentile\r\nCVE-2024-1001,0.5,0.6\r\n");
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
    EXPECT_EQ(to_rfc3339(parsed->score_date), "2024-01-15T00:00:00Z");
    EXPECT_EQ(parsed->lookup("CVE-2024-1001"), (Epss{0.5, 0.6}));
    EXPECT_TRUE(parse_epss("#model_version:v1,score_date:2024-01-15T00:00:00-05:00\n"
                           "cve,epss,percentile\nCVE-2024-1001,0.5,0.6\n")
                    .has_value());
}

TEST(EpssFile, ACompressedFileIsNamedWithTheRemedy) {
    auto const parsed = parse_epss(std::string("\x1f\x8b\x08\0\0\0\0\0", 8));
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().message(), "it is compressed");
    EXPECT_EQ(parsed.error().remedy(), "unpack it first: gunzip");
}

TEST(EpssFile, ATitleThatIsNotFirstsIsRefused) {
    auto const with = [](std::string_view first) {
        return refusal(cat(first, "\n", header, "CVE-2024-1001,0.5,0.6\n"));
    };
    EXPECT_EQ(with("cve,epss,percentile"), "line 1: not FIRST's EPSS scores");
    EXPECT_EQ(with(""), "line 1: not FIRST's EPSS scores");
    EXPECT_EQ(with("#model_version:v1"), "line 1: not FIRST's EPSS scores");
    EXPECT_EQ(with("\xEF\xBB\xBF#model_version:v1,score_date:2024-01-15T00:00:00Z"),
              "line 1: not FIRST's EPSS scores");
    EXPECT_EQ(with("#model_version:,score_date:2024-01-15T00:00:00Z"), "line 1: no model version");
    EXPECT_EQ(
        with(cat("#model_version:", std::string(1000, 'v'), ",score_date:2024-01-15T00:00:00Z")),
        "line 1: no model version");
    EXPECT_EQ(with("#model_version:v1,date:2024-01-15T00:00:00Z"), "line 1: no score date");
    for (std::string_view const date : {"2024-01-15",
                                        "",
                                        "today",
                                        "2024-01-15T00:00:00",
                                        "2024-01-15T00:00:00+000",
                                        "2024-02-30T00:00:00Z",
                                        "2024-01-15T00:00:00Z,x"})
        EXPECT_EQ(with(cat("#model_version:v1,score_date:", date)),
                  "line 1: the score date is not a time")
            << date;
    EXPECT_EQ(refusal(""), "line 1: it has no end: the file was cut off");
    EXPECT_EQ(refusal(title), "line 2: it has no end: the file was cut off");
    EXPECT_EQ(refusal(cat(title, "cve,epss\n")), "line 2: the header is not cve,epss,percentile");
    EXPECT_EQ(refusal(cat(title, "CVE-2024-1001,0.5,0.6\n")),
              "line 2: the header is not cve,epss,percentile");
    EXPECT_EQ(refusal(csv("")), "it holds no scores");
}

TEST(EpssFile, ARowThatIsWrongIsNamedByItsLine) {
    struct Bad {
        std::string row;
        std::string_view said;
    };
    Bad const cases[] = {
        {"\n", "line 4: not three values with commas between"},
        {"\r\n", "line 4: not three values with commas between"},
        {"CVE-2024-1002\n", "line 4: not three values with commas between"},
        {"CVE-2024-1002,0.5\n", "line 4: not three values with commas between"},
        {"CVE-2024-1,0.5,0.6\n", "line 4: not a CVE id: \"CVE-2024-1\""},
        {"\x1b[31m,0.5,0.6\n", "line 4: not a CVE id: \"\\x1b[31m\""},
        {"=cmd|x,0.5,0.6\n", "line 4: not a CVE id: \"=cmd|x\""},
        {" CVE-2024-1002,0.5,0.6\n", "line 4: not a CVE id: \" CVE-2024-1002\""},
        {"CVE-2024-1002,0.5,0.6", "line 4: it has no end: the file was cut off"},
        {"CVE-2024-1002,,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,1.00001,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,-0.5,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,+0.5,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,nan,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,inf,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,1e400,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,0.5 ,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002, 0.5,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,0x1,0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,\"0.5\",0.6\n", "line 4: the score is not a number from 0 to 1"},
        {"CVE-2024-1002,0.5,\n", "line 4: the percentile is not a number from 0 to 1"},
        {"CVE-2024-1002,0.5,2\n", "line 4: the percentile is not a number from 0 to 1"},
        {"CVE-2024-1002,0.5,0.6,0.7\n", "line 4: the percentile is not a number from 0 to 1"},
        {"CVE-2024-1002,0.5,0.6\r\r\n", "line 4: the percentile is not a number from 0 to 1"},
        {"cve-2024-1001,0.5,0.6\n", "CVE-2024-1001 is scored twice"},
    };
    for (auto const& bad : cases)
        EXPECT_EQ(refusal(csv("CVE-2024-1001,0.5,0.6\n" + bad.row)), bad.said);
    EXPECT_EQ(refusal(csv("CVE-2024-0001,0,0\nCVE-2024-0001,0,0\n")),
              "CVE-2024-0001 is scored twice");
}

// Ids spread over years as they are, and in the order FIRST has: by text, not by number.
std::string many_rows(std::size_t count) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < count; ++i)
        ids.push_back(cat("CVE-", 1999 + i % 28, "-", 1000 + i));
    std::sort(ids.begin(), ids.end());
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += cat(ids[i], ",0.", 10000 + i % 89999, ",0.", 10000 + i % 79999, "\n");
    return out;
}

TEST(EpssFile, FindsEachOfManyWhateverTheirOrder) {
    constexpr std::size_t count = 30'000;
    auto const parsed = parse_epss(csv(many_rows(count)));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
    EXPECT_EQ(parsed->rows.size(), count);
    for (std::size_t i = 0; i < count; i += 7)
        EXPECT_TRUE(parsed->lookup(cat("CVE-", 1999 + i % 28, "-", 1000 + i)).has_value()) << i;
}

TEST(EpssFile, FloodsAreRefused) {
    std::string const most(EpssTable::rows_max, '\n');
    EXPECT_EQ(refusal(csv(most + "\n")), "more than 2000000 scores");
    EXPECT_EQ(refusal(csv(most)), "line 3: not three values with commas between");
    EXPECT_EQ(refusal(std::string(EpssTable::bytes_max + 1, 'x')), "larger than 128 MiB");
}

} // namespace
} // namespace clairgate::policy
