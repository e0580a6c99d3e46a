#include <clairgate/finding/version_order.hpp>

#include <gtest/gtest.h>

namespace clairgate::finding {
namespace {

struct Case {
    char const* ecosystem;
    char const* less;
    char const* greater;
};

// Debian: deb-version(7) and dpkg's own tests; rpm: rpm-version(7).
constexpr Case cases[] = {
    {"debian", "3.0.9", "3.0.11"},
    {"debian", "3.0.11-1~deb12u1", "3.0.11-1~deb12u2"},
    {"debian", "3.0.11-1~deb12u1", "3.0.11-1"},
    {"debian", "1:1.0", "2:0.5"},
    {"debian", "9.0", "1:1.0"},
    {"debian", "1.0~~", "1.0~"},
    {"debian", "1.0~", "1.0"},
    {"debian", "1.0", "1.0a"},
    {"debian", "1.0a", "1.0+"},
    {"debian", "1.0-1", "1.0-1+b1"},
    {"debian", "1.2.3-4-1", "1.2.3-4-2"},
    {"ubuntu", "2.35-0ubuntu3.1", "2.35-0ubuntu3.10"},
    {"debian", "0.99999999999999999999999999", "0.100000000000000000000000000"},
    {"rhel", "1.0.1e-15.el6", "1.0.1e-30.el6_6.5"},
    {"rhel", "1.0~rc1-1", "1.0-1"},
    {"rhel", "1.0-1", "1.0^git1-1"},
    {"rhel", "1.0^git1-1", "1.0.1-1"},
    {"rhel", "2.0a-1", "2.0.1-1"},
    {"rhel", "1:1.0-1", "2:0.1-1"},
    {"amazon", "3.0.8-1.amzn2023.0.3", "3.0.8-1.amzn2023.0.14"},
    {"pypi", "2.28.1", "2.31.0"},
    {"pypi", "2.9", "2.10"},
    {"golang", "v1.2.3", "v1.10.0"},
    {"npm", "1.2", "1.2.1"},
};

TEST(CompareVersions, OrdersAsTheEcosystemDoes) {
    for (auto const& c : cases) {
        EXPECT_EQ(compare_versions(c.ecosystem, c.less, c.greater), std::strong_ordering::less)
            << c.less << " < " << c.greater;
        EXPECT_EQ(compare_versions(c.ecosystem, c.greater, c.less), std::strong_ordering::greater)
            << c.greater << " > " << c.less;
        EXPECT_EQ(compare_versions(c.ecosystem, c.less, c.less), std::strong_ordering::equal);
    }
    EXPECT_EQ(compare_versions("debian", "1.0-1", "1.00-01"), std::strong_ordering::equal);
    EXPECT_EQ(compare_versions("rhel", "1.0-1", "1_0-1"), std::strong_ordering::equal);
    EXPECT_EQ(compare_versions("debian", "", ""), std::strong_ordering::equal);
}

TEST(CompareVersions, SaysNothingWhereItCannotTell) {
    for (auto const* version : {"1.0rc1", "2.0-beta", "", "1..2", "1.", ".1", "latest", "v"})
        EXPECT_FALSE(compare_versions("pypi", "1.0", version).has_value()) << version;
}

} // namespace
} // namespace clairgate::finding
