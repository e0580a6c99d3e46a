#include <clairgate/policy/cve_id.hpp>

#include <gtest/gtest.h>

#include <string>

namespace clairgate::policy {
namespace {

TEST(CveKey, SortsByYearThenNumber) {
    std::string_view const in_order[] = {"CVE-0000-0000",
                                         "CVE-1999-0001",
                                         "CVE-1999-9999",
                                         "CVE-1999-10000",
                                         "CVE-2000-0001",
                                         "CVE-2024-1000000",
                                         "CVE-2024-99999999999999",
                                         "CVE-2025-0001",
                                         "CVE-9999-99999999999999"};
    std::optional<std::uint64_t> last;
    for (auto const id : in_order) {
        auto const key = cve_key(id);
        ASSERT_TRUE(key.has_value()) << id;
        EXPECT_TRUE(!last || *last < *key) << id;
        last = key;
    }
}

TEST(CveKey, DoesNotMindTheCase) {
    EXPECT_EQ(cve_key("cve-2021-44228"), cve_key("CVE-2021-44228"));
    EXPECT_EQ(cve_key("Cve-2021-44228"), cve_key("CVE-2021-44228"));
}

TEST(CveKey, IsNothingForWhatIsNoCve) {
    for (std::string const id : {"",
                                 "CVE",
                                 "CVE-2021",
                                 "CVE-2021-",
                                 "CVE-2021-123",
                                 "CVE-21-12345",
                                 "CVE-2021-01234",
                                 "CVE-2021-000000001",
                                 "CVE-2021-123456789012345",
                                 "CVE-2021-1234x",
                                 "CVE-2021-+234",
                                 "CVE-2021- 1234",
                                 "CVE-+021-1234",
                                 "CVE-2O21-1234",
                                 "CVE_2021_1234",
                                 "CVE-2021_1234",
                                 " CVE-2021-1234",
                                 "CVE-2021-1234 ",
                                 "CVE-2021-1234\n",
                                 "CVE-2021-1234\xE2\x80\x8D",
                                 "CVE\xE2\x80\x93"
                                 "2021-1234",
                                 "GHSA-jfh8-c2jp-5v3q",
                                 "RHSA-2021:1234"})
        EXPECT_EQ(cve_key(id), std::nullopt) << id;
    EXPECT_EQ(cve_key(std::string("CVE-2021-1234\0", 14)), std::nullopt);
}

} // namespace
} // namespace clairgate::policy
