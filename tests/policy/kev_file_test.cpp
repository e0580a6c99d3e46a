#include <clairgate/base/text.hpp>
#include <clairgate/policy/kev_file.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

std::string entry(std::string_view cve, std::string_view date) {
    return cat(R"({"cveID":")",
               cve,
               R"(","vendorProject":"Example","product":"Thing","dateAdded":")",
               date,
               R"(","shortDescription":"It\u2019s bad","requiredAction":"Apply updates",)",
               R"("dueDate":"2024-02-01","knownRansomwareCampaignUse":"Unknown",)",
               R"("notes":"https:\/\/example.org\/1","cwes":["CWE-59"]})");
}

std::string catalog(std::string_view count, std::string_view entries) {
    return cat(R"({"title":"CISA Catalog of Known Exploited Vulnerabilities",)",
               R"("catalogVersion":"2026.11.24","dateReleased":"2026-11-24T17:04:19.9796Z",)",
               R"("count":)",
               count,
               R"(,"vulnerabilities":[)",
               entries,
               "]}");
}

std::string refusal(std::string_view json) {
    auto const parsed = parse_kev(json);
    if (parsed.has_value())
        return "none";
    EXPECT_EQ(parsed.error().kind(), ErrorKind::policy);
    return parsed.error().message();
}

TEST(KevFile, KnowsWhenEachVulnerabilityWasAdded) {
    auto const parsed = parse_kev(catalog("3",
                                          entry("CVE-2025-48384", "2025-08-25") + "," +
                                              entry("CVE-2021-44228", "2021-12-10") + "," +
                                              entry("CVE-2002-0367", "2022-03-03")));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
    EXPECT_EQ(parsed->version, "2026.11.24");
    EXPECT_EQ(to_rfc3339(parsed->released), "2026-11-24T17:04:19Z");
    EXPECT_EQ(to_rfc3339(parsed->lookup("CVE-2021-44228").value()), "2021-12-10T00:00:00Z");
    EXPECT_EQ(to_rfc3339(parsed->lookup("cve-2002-0367").value()), "2022-03-03T00:00:00Z");
    EXPECT_TRUE(parsed->lookup("CVE-2025-48384").has_value());
    for (std::string_view const other :
         {"CVE-2021-44229", "CVE-2021-4422", "CVE-1999-0001", "CVE-9999-0001", "", "GHSA-x"})
        EXPECT_EQ(parsed->lookup(other), std::nullopt) << other;
}

TEST(KevFile, AVulnerabilityListedTwiceCountsFromItsFirstDay) {
    auto const parsed = parse_kev(catalog("3",
                                          entry("CVE-2024-0001", "2024-06-01") + "," +
                                              entry("CVE-2024-0001", "2024-01-01") + "," +
                                              entry("cve-2024-0001", "2024-03-01")));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->entries.size(), 1U);
    EXPECT_EQ(to_rfc3339(parsed->lookup("CVE-2024-0001").value()), "2024-01-01T00:00:00Z");
}

TEST(KevFile, ACatalogueThatLacksSomethingIsRefused) {
    auto const one = entry("CVE-2024-0001", "2024-01-01");
    struct Bad {
        std::string json;
        std::string_view said;
    };
    auto const without = [&](std::string_view part) {
        auto json = catalog("1", one);
        auto const at = json.find(part);
        EXPECT_NE(at, std::string::npos) << part;
        return json.erase(at, part.size());
    };
    Bad const cases[] = {
        {"", "not valid JSON"},
        {"[]", "the document is not CISA's catalogue: it has no \"vulnerabilities\""},
        {"{}", "the document is not CISA's catalogue: it has no \"vulnerabilities\""},
        {R"({"vulnerabilities":null})",
         "the document is not CISA's catalogue: it has no \"vulnerabilities\""},
        {catalog("0", ""), "vulnerabilities is empty: nothing would be known to be exploited"},
        {catalog("2", one), "count is 2, but there are 1 vulnerabilities"},
        {catalog("0", one), "count is 0, but there are 1 vulnerabilities"},
        {catalog("-1", one), "count is not a whole number"},
        {catalog("\"1\"", one), "count is not a whole number"},
        {catalog("1.0", one), "count is not a whole number"},
        {catalog("null", one), "count is missing"},
        {without(R"("catalogVersion":"2026.11.24",)"), "catalogVersion is missing"},
        {without(R"("dateReleased":"2026-11-24T17:04:19.9796Z",)"), "dateReleased is missing"},
        {without("T17:04:19.9796Z"), "dateReleased is not a time (write 2026-11-24T09:51:39Z)"},
        {without(R"("cveID":"CVE-2024-0001",)"), "vulnerabilities/0/cveID is missing"},
        {without(R"("dateAdded":"2024-01-01",)"), "vulnerabilities/0/dateAdded is missing"},
        {catalog("1", "7"), "vulnerabilities/0/cveID is missing"},
        {catalog("1", "null"), "vulnerabilities/0/cveID is missing"},
        {catalog("1", R"({"cveID":7})"), "vulnerabilities/0/cveID is not a string"},
        {R"({"catalogVersion":"1","dateReleased":"2026-11-24T17:04:19Z","vulnerabilities":{}})",
         "vulnerabilities is not an array"}};
    for (auto const& bad : cases)
        EXPECT_EQ(refusal(bad.json), bad.said);
}

TEST(KevFile, AnEntryThatIsWrongIsNamed) {
    auto const good = entry("CVE-2024-0001", "2024-01-01") + ",";
    for (std::string const id : {"CVE-2024-1", "GHSA-jfh8-c2jp-5v3q", "CVE-2024-0001 ", "x"})
        EXPECT_EQ(refusal(catalog("2", good + entry(id, "2024-01-01"))),
                  "vulnerabilities/1/cveID is not a CVE id")
            << id;
    for (std::string const date : {"2024-02-30",
                                   "2024-13-01",
                                   "24-01-01",
                                   "2024-1-1",
                                   "01/02/2024",
                                   "2024-01-01T00:00:00Z",
                                   "2024-01-01 ",
                                   "0000-01-01",
                                   "10000-01-01",
                                   "tomorrow"})
        EXPECT_EQ(refusal(catalog("2", good + entry("CVE-2024-0002", date))),
                  "vulnerabilities/1/dateAdded is not a date (YYYY-MM-DD)")
            << date;
}

TEST(KevFile, FloodsAreRefused) {
    EXPECT_EQ(refusal(std::string(KevCatalog::bytes_max + 1, ' ')), "larger than 32 MiB");
    EXPECT_EQ(refusal(catalog("1", std::string(100'000, '['))), "JSON is nested too deeply");
    EXPECT_EQ(refusal(R"({"vulnerabilities":[],"vulnerabilities":[]})"),
              "JSON key twice: \"vulnerabilities\"");
}

} // namespace
} // namespace clairgate::policy
