#include <clairgate/report/advisory.hpp>
#include <clairgate/report/links.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

TEST(Advisory, KnowsWhoGaveAnId) {
    EXPECT_EQ(advisory_type("CVE-2024-0001"), "cve");
    EXPECT_EQ(advisory_type("GHSA-aaaa-bbbb-cccc"), "ghsa");
    EXPECT_EQ(advisory_type("RHSA-2024:0001"), "rhsa");
    EXPECT_EQ(advisory_type("ALAS2-2024-1"), "alas");
    EXPECT_EQ(advisory_type("something"), "advisory");
    EXPECT_EQ(advisory_type(""), "advisory");
}

TEST(Advisory, HasAPageForIt) {
    EXPECT_EQ(advisory_url("CVE-2024-0001"), "https://nvd.nist.gov/vuln/detail/CVE-2024-0001");
    EXPECT_EQ(advisory_url("RHSA-2024:0001"), "https://access.redhat.com/errata/RHSA-2024:0001");
    EXPECT_EQ(advisory_url("ELSA-2024-1"), "https://linux.oracle.com/errata/ELSA-2024-1.html");
    EXPECT_EQ(advisory_url("ALAS-2024-1"), std::nullopt);
    EXPECT_EQ(advisory_url("something"), std::nullopt);
}

TEST(Advisory, APageIsAnHttpsUrlWhateverTheIdHolds) {
    for (char const* const id : {"CVE-2024-1/../x", "CVE-1?a", "CVE-\n", "CVE-\"", "CVE-%2e"}) {
        EXPECT_EQ(advisory_url(id), std::nullopt) << id;
        EXPECT_EQ(advisory_type(id), "advisory") << id;
    }
    EXPECT_EQ(advisory_url("CVE-" + std::string(100, '1')), std::nullopt);
    EXPECT_TRUE(https_url(*advisory_url("USN-1-1")).has_value());
}

} // namespace
} // namespace clairgate::report
