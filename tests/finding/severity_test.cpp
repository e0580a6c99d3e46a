#include <clairgate/finding/severity.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace clairgate::finding {
namespace {

TEST(Severity, EveryWordIsReadBack) {
    for (auto const severity : severities)
        EXPECT_EQ(parse_severity(to_string(severity)), severity) << to_string(severity);
}

TEST(ParseSeverity, TakesVendorsWordsInAnyCaseAndNothingElse) {
    struct Row {
        std::string_view word;
        std::optional<Severity> severity;
    };
    Row const rows[] = {{"Critical", Severity::critical},
                        {"HIGH", Severity::high},
                        {"moderate", Severity::medium},
                        {"Important", Severity::high},
                        {"Defcon1", Severity::critical},
                        {"none", Severity::negligible},
                        {"Unknown", Severity::unknown},
                        {"", std::nullopt},
                        {" high", std::nullopt},
                        {"highest", std::nullopt},
                        {"hıgh", std::nullopt}};
    for (auto const& row : rows)
        EXPECT_EQ(parse_severity(row.word), row.severity) << row.word;
}

TEST(SeverityOfScore, FollowsTheBandsOfCvssV3) {
    struct Row {
        double score;
        Severity severity;
    };
    Row const rows[] = {{0.0, Severity::negligible},
                        {0.1, Severity::low},
                        {3.9, Severity::low},
                        {4.0, Severity::medium},
                        {6.9, Severity::medium},
                        {7.0, Severity::high},
                        {8.9, Severity::high},
                        {9.0, Severity::critical},
                        {10.0, Severity::critical},
                        {10.1, Severity::unknown},
                        {-0.1, Severity::unknown},
                        {std::nan(""), Severity::unknown},
                        {std::numeric_limits<double>::infinity(), Severity::unknown}};
    for (auto const& row : rows)
        EXPECT_EQ(severity_of_score(row.score), row.severity) << row.score;
}

} // namespace
} // namespace clairgate::finding
