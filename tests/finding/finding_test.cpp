#include <clairgate/finding/finding.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace clairgate::finding {
namespace {

Finding finding(std::string id, std::string package, std::string updater, std::string fixed) {
    Finding out;
    out.id = std::move(id);
    out.package.name = std::move(package);
    out.updater = std::move(updater);
    out.fixed_version = std::move(fixed);
    out.platform = "linux/amd64";
    out.severity_source = "vendor";
    return out;
}

std::string text_of(Finding const& f) {
    std::string out = f.platform + "|" + f.package.name + "|" + f.id + "|" + f.updater + "|" +
                      f.fixed_version + "|" + std::string(to_string(f.severity)) + "|" +
                      f.vendor_severity_word + "|" + f.description;
    for (auto const& alias : f.aliases)
        out += "," + alias;
    for (auto const& link : f.links)
        out += " " + link;
    return out;
}

std::vector<std::string> texts(std::vector<Finding> const& findings) {
    std::vector<std::string> out;
    for (auto const& one : findings)
        out.push_back(text_of(one));
    return out;
}

TEST(Normalise, SortsByPackageThenId) {
    std::vector<Finding> findings{finding("CVE-2024-0002", "zlib", "u", ""),
                                  finding("CVE-2024-0003", "bash", "u", ""),
                                  finding("CVE-2024-0001", "zlib", "u", "")};
    normalise(findings);
    ASSERT_EQ(findings.size(), 3U);
    EXPECT_EQ(findings[0].package.name, "bash");
    EXPECT_EQ(findings[1].id, "CVE-2024-0001");
    EXPECT_EQ(findings[2].id, "CVE-2024-0002");
}

TEST(Normalise, FoldsAdvisoriesOfOneUpdaterAndKeepsTheWorst) {
    auto low = finding("CVE-2024-0001", "zlib", "rhel-vex", "");
    low.severity = low.vendor_severity = Severity::low;
    low.vendor_severity_word = "low";
    low.published = SystemTime(std::chrono::seconds(1000));
    low.aliases = {"RHSA-1"};
    low.links = {"https://a.test"};
    auto high = finding("CVE-2024-0001", "zlib", "rhel-vex", "1.2");
    high.severity = high.vendor_severity = Severity::high;
    high.vendor_severity_word = "important";
    high.published = SystemTime(std::chrono::seconds(2000));
    high.aliases = {"RHSA-0", "RHSA-1"};
    high.links = {"https://b.test"};
    std::vector<Finding> findings{high, low};
    normalise(findings);
    ASSERT_EQ(findings.size(), 1U);
    auto const& one = findings.front();
    EXPECT_EQ(one.severity, Severity::high);
    EXPECT_EQ(one.vendor_severity_word, "important");
    EXPECT_EQ(one.published, low.published);
    EXPECT_EQ(one.fixed_version, "1.2");
    EXPECT_EQ(one.aliases, (std::vector<std::string>{"RHSA-0", "RHSA-1"}));
    EXPECT_EQ(one.links, (std::vector<std::string>{"https://a.test", "https://b.test"}));
}

TEST(Normalise, FoldsTwoUpdatersOnlyWhenTheyNameOneFix) {
    std::vector<Finding> same{finding("CVE-2024-0001", "zlib", "a", "1.2"),
                              finding("CVE-2024-0001", "zlib", "b", "1.2")};
    normalise(same);
    EXPECT_EQ(same.size(), 1U);
    std::vector<Finding> other{finding("CVE-2024-0001", "zlib", "a", "1.2"),
                               finding("CVE-2024-0001", "zlib", "b", "1.3")};
    normalise(other);
    EXPECT_EQ(other.size(), 2U);
}

TEST(Normalise, KeepsPlatformsPackagesAndIdsApart) {
    auto elsewhere = finding("CVE-2024-0001", "zlib", "a", "");
    elsewhere.platform = "linux/arm64";
    std::vector<Finding> findings{finding("CVE-2024-0001", "zlib", "a", ""),
                                  elsewhere,
                                  finding("CVE-2024-0001", "zlib2", "a", ""),
                                  finding("CVE-2024-0002", "zlib", "a", "")};
    normalise(findings);
    EXPECT_EQ(findings.size(), 4U);
}

TEST(Normalise, KeepsNoMoreLinksThanAFindingMayHave) {
    std::vector<Finding> findings;
    for (int i = 0; i < 20; ++i) {
        findings.push_back(finding("CVE-2024-0001", "zlib", "a", ""));
        findings.back().links = {"https://l.test/" + std::to_string(i)};
    }
    normalise(findings);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings.front().links.size(), links_max);
}

// Few values per field, so that duplicates of every kind occur.
Finding random_finding(std::mt19937& random) {
    auto const pick = [&](int count) { return std::to_string(random() % unsigned(count)); };
    auto out = finding("CVE-" + pick(2), "p" + pick(2), "u" + pick(3), "");
    out.fixed_version = random() % 2 == 0 ? "" : "1." + pick(2);
    out.severity = severities.at(random() % severities.size());
    out.vendor_severity_word = pick(3);
    out.description = pick(3);
    out.aliases = {"A-" + pick(3)};
    out.links = {"https://" + pick(3)};
    if (random() % 2 == 0)
        out.published = SystemTime(std::chrono::seconds(random() % 3));
    out.cvss = {{"3.1", pick(2), double(random() % 10)}};
    return out;
}

TEST(Normalise, IsIdempotentAndBlindToTheOrderOfItsInput) {
    for (unsigned seed = 0; seed < 300; ++seed) {
        std::mt19937 random(seed);
        std::vector<Finding> findings;
        for (int i = 0; i < 25; ++i)
            findings.push_back(random_finding(random));
        auto shuffled = findings;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        normalise(findings);
        normalise(shuffled);
        ASSERT_EQ(texts(findings), texts(shuffled)) << "seed " << seed;
        auto twice = findings;
        normalise(twice);
        ASSERT_EQ(texts(findings), texts(twice)) << "seed " << seed;
    }
}

} // namespace
} // namespace clairgate::finding
