#include "report/sample_report.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/report/gitlab_parts.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

TEST(GitlabFields, OnlyCompleteVectorsOfVersion2And3Pass) {
    for (char const* const vector :
         {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
          "CVSS:3.0/AV:P/AC:H/PR:H/UI:R/S:C/C:L/I:L/A:N",
          "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C/MAV:X",
          "AV:N/AC:L/Au:N/C:P/I:P/A:P",
          "AV:N/AC:L/Au:N/C:P/I:P/A:P/E:POC/CDP:LM/TD:ND"})
        EXPECT_TRUE(is_gitlab_cvss_vector(vector)) << vector;
    for (char const* const vector :
         {"",
          "AV:N",
          "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
          "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
          "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
          "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
          "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
          "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",
          "CVSS:3.1/AV:/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
          "(AV:N/AC:L/Au:N/C:P/I:P/A:P)",
          "AV:N/AC:L/Au:N/C:P/I:P/A:P\n"})
        EXPECT_FALSE(is_gitlab_cvss_vector(vector)) << vector;
}

TEST(GitlabFields, AnOperatingSystemIsWhatAFindingIsTrackedBy) {
    finding::Finding finding;
    EXPECT_EQ(operating_system(finding), "unknown");
    finding.package.ecosystem = "pypi";
    EXPECT_EQ(operating_system(finding), "pypi");
    for (auto const& [distribution, expected] :
         std::vector<std::pair<std::string, std::string>>{{"debian 12 (bookworm)", "debian:12"},
                                                          {"alpine 3.20", "alpine:3.20"},
                                                          {"arch rolling", "arch:rolling"},
                                                          {"wolfi", "wolfi"},
                                                          {" ", "unknown"}}) {
        finding.distribution = distribution;
        EXPECT_EQ(operating_system(finding), expected);
    }
}

TEST(GitlabFields, AUuidIsOneOfVersionEight) {
    EXPECT_EQ(uuid_of(std::string(32, '\0')), "00000000-0000-8000-8000-000000000000");
    EXPECT_EQ(uuid_of(std::string(32, '\xFF')), "ffffffff-ffff-8fff-bfff-ffffffffffff");
    EXPECT_NE(uuid_of(sha256("a")), uuid_of(sha256("b")));
}

} // namespace
} // namespace clairgate::report
