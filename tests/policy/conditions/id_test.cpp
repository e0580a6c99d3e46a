#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;

finding::Finding named(std::string id, std::vector<std::string> aliases = {}) {
    auto finding = sample::high();
    finding.id = std::move(id);
    finding.aliases = std::move(aliases);
    return finding;
}

TEST(IdCondition, MatchesIdsAndAliasesInAnyCase) {
    auto const finding = named("CVE-2024-0001", {"GHSA-aaaa-bbbb-cccc", "RHSA-2024:0001"});
    for (auto const* id :
         {"CVE-2024-0001", "cve-2024-0001", "GHSA-AAAA-bbbb-cccc", "RHSA-2024:0001"})
        EXPECT_EQ(asked("id", Words{id}, finding), Truth::yes) << id;
    for (auto const* id : {"CVE-2024-0002", "CVE-2024-00010", "CVE-2024-000", "GHSA-aaaa-bbbb"})
        EXPECT_EQ(asked("id", Words{id}, finding), Truth::no) << id;
    EXPECT_EQ(asked("id", Words{"CVE-1999-1", "RHSA-2024:0001"}, finding), Truth::yes);
}

TEST(IdCondition, AThousandIdsAreAskedAtOnce) {
    Words ids;
    for (int i = 0; i < 1000; ++i)
        ids.push_back("CVE-2024-" + std::to_string(10'000 + i));
    EXPECT_EQ(asked("id", ids, named("CVE-2024-10999")), Truth::yes);
    EXPECT_EQ(asked("id", ids, named("CVE-2024-11000")), Truth::no);
    ids.emplace_back("CVE-2024-1");
    EXPECT_EQ(sample::refusal("id", ids), "id has more than 1000 values");
}

TEST(IdCondition, RefusesWhatNoIdCanBe) {
    for (auto const* id : {"CVE-2024-*", "CVE 2024", "-CVE", "CVE-2024-0001\xE2\x80\x8D", "a/b"})
        EXPECT_NE(sample::refusal("id", Words{id}).find("is no vulnerability id"),
                  std::string::npos)
            << id;
    EXPECT_NE(sample::refusal("id", Words{std::string(129, 'A')}), "");
    EXPECT_EQ(sample::refusal("id", Words{}), "id is empty: it would match nothing");
    EXPECT_NE(sample::refusal("id", Words{" CVE-2024-0001"}).find("space"), std::string::npos);
    EXPECT_EQ(sample::refusal("id", true), "id is a string or an array of strings");
}

TEST(IdCondition, SaysTheFirstThreeIds) {
    EXPECT_EQ(sample::text_of("id", Words{"A-1"}), "id A-1");
    EXPECT_EQ(sample::text_of("id", Words{"A-1", "A-2", "A-3"}), "id A-1, A-2 or A-3");
    EXPECT_EQ(sample::text_of("id", Words{"A-1", "A-2", "A-3", "A-4", "A-5"}),
              "id A-1, A-2, A-3 or 2 others");
}

} // namespace
} // namespace clairgate::policy
