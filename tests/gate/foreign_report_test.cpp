#include <clairgate/gate/foreign_report.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::gate::foreign {
namespace {

using nlohmann::json;

TEST(ForeignReport, GivesTheMembersThatWereAskedFor) {
    constexpr std::string_view keys[] = {"a", "b", "c"};
    EXPECT_EQ(members(R"({"x":{"a":9},"b":[1, 2],"a":"t"})", keys).value(),
              (std::vector<std::string_view>{"\"t\"", "[1, 2]", ""}));
    EXPECT_FALSE(members(R"({"a":1,"a":1})", keys).has_value());
    EXPECT_FALSE(members("[]", keys).has_value());
}

TEST(ForeignReport, BoundsEntriesAndTexts) {
    EXPECT_TRUE(value("").value().is_null());
    EXPECT_EQ(value("\"" + std::string(entry_bytes_max, 'x') + "\"").error().kind(),
              ErrorKind::limit);
    EXPECT_FALSE(entry("[]").has_value());
    json const object{{"text", "t"},
                      {"null", nullptr},
                      {"number", 1},
                      {"long", std::string(text_bytes_max + 1, 'x')},
                      {"nul", std::string(1, '\0')}};
    EXPECT_EQ(text(object, "text").value(), "t");
    EXPECT_EQ(text(object, "null").value(), "");
    EXPECT_EQ(text(object, "absent").value(), "");
    EXPECT_FALSE(told_text(object, "null").has_value());
    EXPECT_FALSE(told_text(object, "absent").has_value());
    for (auto const* const key : {"number", "long", "nul"})
        EXPECT_FALSE(text(object, key).has_value()) << key;
}

TEST(ForeignReport, TakesOnlyScoresForScores) {
    json const object{{"a", 9.8}, {"zero", 0.0}, {"high", 10.1}, {"low", -1}, {"text", "9"}};
    EXPECT_EQ(score(object, "a").value(), 9.8);
    EXPECT_EQ(score(object, "zero").value(), std::nullopt);
    EXPECT_EQ(score(object, "absent").value(), std::nullopt);
    for (auto const* const key : {"high", "low", "text"})
        EXPECT_FALSE(score(object, key).has_value()) << key;
}

TEST(ForeignReport, GradesByTheVendorElseByTheScore) {
    finding::Finding finding;
    finding.cvss = {{"3.1", "", 9.8}};
    grade(finding, finding::Severity::low, "LOW");
    EXPECT_EQ(finding.severity, finding::Severity::low);
    EXPECT_EQ(finding.severity_source, "vendor");
    grade(finding, finding::Severity::unknown, "UNKNOWN");
    EXPECT_EQ(finding.severity, finding::Severity::critical);
    EXPECT_EQ(finding.severity_source, "cvss");
    EXPECT_EQ(stackrox_severity("IMPORTANT_VULNERABILITY_SEVERITY").value(),
              finding::Severity::high);
    EXPECT_FALSE(stackrox_severity("harmless").has_value());
}

} // namespace
} // namespace clairgate::gate::foreign
