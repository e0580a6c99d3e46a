#include <policy/imports/imported.hpp>

namespace clairgate::policy {
namespace {

using test::allow;

std::string read(std::string_view text) {
    return test::import("allowlist.json", text, test::as("harbor"));
}

TEST(ImportHarbor, TakesTheSystemsList) {
    constexpr std::string_view text =
        R"({"id":1,"project_id":0,"expires_at":1798761600,
            "creation_time":"2024-01-01T00:00:00.000Z","items":[
            {"cve_id":"CVE-2019-10164"},{"cve_id":"GHSA-2qrg-x229-3v8q"},{"cve_id":""},{}]})";
    auto const expected =
        allow("CVE-2019-10164", "", "accepted", "2026-12-31") +
        allow("GHSA-2qrg-x229-3v8q", "", "accepted", "2026-12-31") +
        "- an item without cve_id: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
        "RHSA-2024:0001)\n"
        "- an item without cve_id: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
        "RHSA-2024:0001)\n";
    EXPECT_EQ(read(text), expected);
    EXPECT_EQ(test::import("allowlist.json", text), expected);
    EXPECT_EQ(read(R"({"expires_at":null,"items":[{"cve_id":"CVE-2019-10164"}]})"),
              allow("CVE-2019-10164"));
    EXPECT_EQ(read(R"({"items":null})"), "");
}

struct End {
    std::int64_t seconds;
    char const* said;
};

TEST(ImportHarbor, EndsWithTheLastWholeDayBefore) {
    for (auto const& [seconds, day] : {End{1798761599, "2026-12-30"},
                                       End{1798761600, "2026-12-31"},
                                       End{1798847999, "2026-12-31"},
                                       End{253402300799, "9999-12-30"}})
        EXPECT_EQ(
            read(cat(R"({"items":[{"cve_id":"CVE-2019-10164"}],"expires_at":)", seconds, "}")),
            allow("CVE-2019-10164", "", "accepted", day));
    EXPECT_EQ(read(R"({"items":[{"cve_id":"CVE-2019-10164"}],"expires_at":0})"),
              "- CVE-2019-10164: it expired on 1970-01-01\n");
    for (std::string_view const end :
         {"-1", "253402300800", "99999999999999999999", "1e9", "\"2027-01-01\"", "true", "[]"})
        EXPECT_EQ(
            read(cat(R"({"items":[],"expires_at":)", end, "}")),
            "protocol: allowlist.json: not an allow-list of Harbor: its expires_at is no number "
            "of seconds since 1970")
            << end;
}

TEST(ImportHarbor, AProjectsListHoldsForItsRepositories) {
    EXPECT_EQ(test::import("project.json",
                           R"({"name":"library","project_id":2,"metadata":{"public":"true",
                               "reuse_sys_cve_allowlist":"false"},
                               "cve_allowlist":{"project_id":2,
                                "items":[{"cve_id":"CVE-2019-10164"}]}})"),
              allow("CVE-2019-10164", R"(image = "*/library/**")"));
    EXPECT_EQ(
        read(R"({"project_id":2,"items":[{"cve_id":"CVE-2019-10164"}]})"),
        "- CVE-2019-10164: the list is of one project: import the answer of GET /projects/NAME, "
        "which names it\n");
    EXPECT_EQ(read(R"({"name":"library","metadata":{"reuse_sys_cve_allowlist":"true"},
                       "cve_allowlist":{"items":[{"cve_id":"CVE-2019-10164"}]}})"),
              "- CVE-2019-10164: the project uses the system's list instead\n");
}

TEST(ImportHarbor, IsRefusedWhenItIsSomethingElse) {
    std::pair<char const*, char const*> const cases[] = {
        {"[]", "it is no object"},
        {"{}", "it has no list \"items\""},
        {R"({"items":{}})", "it has no list \"items\""},
        {R"({"cve_allowlist":[]})", "it has no list \"items\""},
        {R"({"cve_allowlist":{"items":[]}})", "its project has no usable name"},
        {R"({"name":"**","cve_allowlist":{"items":[]}})", "its project has no usable name"},
        {R"({"name":"a:b","cve_allowlist":{"items":[]}})", "its project has no usable name"},
        {R"({"name":["a"],"cve_allowlist":{"items":[]}})", "its project has no usable name"},
    };
    for (auto const& [text, why] : cases)
        EXPECT_EQ(read(text), cat("protocol: allowlist.json: not an allow-list of Harbor: ", why))
            << text;
    EXPECT_EQ(read("items: []"), "protocol: allowlist.json: not valid JSON");
}

} // namespace
} // namespace clairgate::policy
