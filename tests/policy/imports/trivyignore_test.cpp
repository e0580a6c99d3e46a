#include <policy/imports/imported.hpp>

namespace clairgate::policy {
namespace {

using test::allow;

std::string read(std::string_view text) {
    return test::import(".trivyignore", text);
}

constexpr std::string_view not_an_id =
    "it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, RHSA-2024:0001)\n";

TEST(ImportTrivyignore, ALineIsAnExceptionAndTheCommentsRightBeforeItAreItsOwn) {
    EXPECT_EQ(read("# list of team-a\n"
                   "\n"
                   "# Accept\n"
                   "#   the risk\n"
                   "CVE-2018-14618\r\n"
                   "\tGHSA-jfh8-c2jp-5v3q   \n"
                   "\n"
                   "RHSA-2017:2479 # backported\n"),
              allow("CVE-2018-14618", "", "accepted", "2030-12-31", "Accept the risk") +
                  allow("GHSA-jfh8-c2jp-5v3q") +
                  allow("RHSA-2017:2479", "", "accepted", "2030-12-31", "backported"));
    EXPECT_EQ(read(""), "");
    EXPECT_EQ(read("# nothing\n"), "");
}

struct Expiry {
    char const* words;
    char const* day; ///< nothing: trivy drops the line
};

TEST(ImportTrivyignore, AnExpiryEndsBeforeItsDayBegins) {
    Expiry const cases[] = {
        {"exp:2027-01-01", "2026-12-31"},
        {"exp:2028-03-01", "2028-02-29"},
        {"key:value exp:2027-01-02", "2027-01-01"},
        {"exp:2027-01-02 exp:2099-01-01", "2027-01-01"},
        {"exp:9999-12-31", "9999-12-30"},
        {"EXP:2027-01-01", "2030-12-31"},
        {"exp: 2027-01-01", nullptr},
        {"exp:2027-02-29", nullptr},
        {"exp:2027-1-1", nullptr},
        {"exp:9999-99-99", nullptr},
        {"exp:tomorrow", nullptr},
        {"exp:2027-01-01T00:00:00Z", nullptr},
        {"exp:+2027-01-01", nullptr},
        {"exp:", nullptr},
        {"exp:bad exp:2027-01-01", nullptr},
    };
    for (auto const& c : cases) {
        auto const said = read(cat("CVE-2024-0001 ", c.words, "\n"));
        if (c.day != nullptr)
            EXPECT_EQ(said, allow("CVE-2024-0001", "", "accepted", c.day)) << c.words;
        else
            EXPECT_NE(said.find("- CVE-2024-0001: \"exp:"), std::string::npos) << said;
    }
}

TEST(ImportTrivyignore, WhatHasExpiredIsNotImportedWhenTheTimeIsKnown) {
    auto const text = "CVE-2024-0001 exp:2026-11-25\n";
    auto options = test::options();
    options.now = parse_rfc3339("2026-11-24T23:59:59Z").value();
    EXPECT_EQ(test::import(".trivyignore", text, options),
              allow("CVE-2024-0001", "", "accepted", "2026-11-24"));
    options.now = parse_rfc3339("2026-11-25T00:00:00Z").value();
    EXPECT_EQ(test::import(".trivyignore", text, options),
              "- CVE-2024-0001: it expired on 2026-11-25\n");
    EXPECT_EQ(read("CVE-2024-0001 exp:1999-01-01\n"),
              "- CVE-2024-0001: it expired on 1999-01-01\n");
    EXPECT_EQ(read("CVE-2024-0001 exp:0001-01-01\n"),
              "- CVE-2024-0001: it expired on 0001-01-01\n");
}

TEST(ImportTrivyignore, OtherFindingsOfTrivyAreNoVulnerabilities) {
    for (std::string_view const id : {"AVD-AWS-0175",
                                      "AVD-ID400",
                                      "KSV001",
                                      "DS002",
                                      "aws-access-key-id",
                                      "GPL-3.0",
                                      "MIT",
                                      "cve-2024-0001",
                                      "CVE-2024-1",
                                      "CVE-2024-0001,CVE-2024-0002",
                                      "CVE-2024-*",
                                      "*",
                                      "exp:2024-01-01",
                                      "GHSA-jfh8-c2jp",
                                      "RHSA-",
                                      "RHSA-2024:1\"]",
                                      "http://CVE-2024-0001"})
        EXPECT_EQ(read(id), cat("- ", id, ": ", not_an_id)) << id;
    EXPECT_EQ(read("\xEF\xBB\xBF"
                   "CVE-2024-0001"),
              cat("- \\u{feff}CVE-2024-0001: ", not_an_id));
    EXPECT_EQ(read("CVE-2024-0001\xE2\x80\x8D"), cat("- CVE-2024-0001\\u{200d}: ", not_an_id));
    EXPECT_EQ(read("CVE-2024-0001\xC2\xA0x"), cat("- CVE-2024-0001\xC2\xA0x: ", not_an_id));
}

TEST(ImportTrivyignore, AdvisoriesOfManySchemesAreIds) {
    for (std::string_view const id : {"CVE-2024-0001",
                                      "CVE-1999-1234567",
                                      "GHSA-2qrg-x229-3v8q",
                                      "RHSA-2024:0001",
                                      "ELSA-2024-12345",
                                      "ALAS-2024-1",
                                      "ALAS2023-2023-001",
                                      "ALAS2DOCKER-2021-001",
                                      "DSA-5678-1",
                                      "DLA-1-1",
                                      "TEMP-0000000-3F1B2C",
                                      "USN-4495-1",
                                      "SUSE-SU-2024:1234-1",
                                      "openSUSE-SU-2020:0051-1",
                                      "PHSA-2024-4.0-0001",
                                      "GO-2024-2687",
                                      "PYSEC-2023-1",
                                      "UBUNTU-CVE-2024-1"})
        EXPECT_EQ(read(id), allow(id)) << id;
}

TEST(ImportTrivyignore, IsDetectedByNameOrByItsLines) {
    EXPECT_EQ(test::import("ci/prod.trivyignore", "nonsense"), cat("- nonsense: ", not_an_id));
    EXPECT_EQ(test::import("ignored.txt", "# why\nCVE-2024-0001 exp:2030-01-01\n"),
              allow("CVE-2024-0001", "", "accepted", "2029-12-31", "why"));
    EXPECT_EQ(test::import("ignored.txt", "CVE-2024-0001\nnonsense\n"),
              "usage: ignored.txt: the format is not recognised");
    EXPECT_EQ(test::import("ignored.txt", "nonsense", test::as("trivyignore")),
              cat("- nonsense: ", not_an_id));
}

} // namespace
} // namespace clairgate::policy
