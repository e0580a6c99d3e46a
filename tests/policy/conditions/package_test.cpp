#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;

finding::Finding of(std::string name, std::string source = {}) {
    auto finding = sample::high();
    finding.package.name = std::move(name);
    finding.package.source_name = std::move(source);
    return finding;
}

TEST(PackageCondition, MatchesTheNameOrThatOfItsSource) {
    EXPECT_EQ(asked("package", Words{"openssl"}, of("openssl")), Truth::yes);
    EXPECT_EQ(asked("package", Words{"openssl"}, of("libssl3", "openssl")), Truth::yes);
    EXPECT_EQ(asked("package", Words{"openssl"}, of("libssl3", "openssl3")), Truth::no);
    EXPECT_EQ(asked("package", Words{"lib*", "curl"}, of("curl")), Truth::yes);
    EXPECT_EQ(asked("package", Words{"OpenSSL"}, of("openssl")), Truth::no);
}

TEST(PackageCondition, APackageWithoutSourceHasOnlyItsName) {
    EXPECT_EQ(asked("package", Words{"lib*"}, of("openssl", "")), Truth::no);
}

TEST(PackageCondition, AStarStopsAtASlash) {
    EXPECT_EQ(asked("package", Words{"golang.org/*"}, of("golang.org/x/net")), Truth::no);
    EXPECT_EQ(asked("package", Words{"golang.org/**"}, of("golang.org/x/net")), Truth::yes);
}

TEST(PackageCondition, RefusesWhatIsNoPattern) {
    EXPECT_NE(sample::refusal("package", Words{""}), "");
    EXPECT_NE(sample::refusal("package", Words{std::string(257, 'a')}), "");
    EXPECT_NE(sample::refusal("package", Words{"a\\"}), "");
    EXPECT_NE(sample::refusal("package", true), "");
}

} // namespace
} // namespace clairgate::policy
