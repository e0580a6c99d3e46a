#include "report/sample_report.hpp"
#include <clairgate/policy/purl.hpp>
#include <clairgate/report/identifiers.hpp>

#include <gtest/gtest.h>

#include <set>

namespace clairgate::report {
namespace {

TEST(Identifiers, NameAnImageAsPurlSpecDoes) {
    auto const text = image_purl({"localhost:5000", "team/shop"}, "sha256:00ff");
    EXPECT_EQ(text, "pkg:oci/shop@sha256%3A00ff?repository_url=localhost:5000/team/shop");
    auto const purl = policy::Purl::parse(text);
    ASSERT_TRUE(purl.has_value());
    EXPECT_EQ(purl->version(), "sha256:00ff");
    EXPECT_EQ(purl->qualifier("repository_url"), "localhost:5000/team/shop");
    EXPECT_EQ(image_purl({"docker.io", "debian"}, "sha256:1"),
              "pkg:oci/debian@sha256%3A1?repository_url=docker.io/debian");
}

TEST(Identifiers, KnowAPlainPurl) {
    for (auto const* good : {"pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12",
                             "pkg:npm/%40angular/core@1.2.3#sub/path",
                             "pkg:maven/org.apache/log4j@1"})
        EXPECT_TRUE(is_plain_purl(good)) << good;
    for (auto const* bad : {"",
                            "pkg:",
                            "pkg:deb",
                            "pkg:deb/",
                            "pkg:deb/@1",
                            "pkg:/x",
                            "pkg:Deb/x",
                            "purl:deb/x",
                            "pkg:deb/x y",
                            "pkg:deb/x\"",
                            "pkg:deb/x%",
                            "pkg:deb/x%4",
                            "pkg:deb/x%zz",
                            "pkg:deb/x#a#b",
                            "pkg:deb/\xc3\xa9",
                            "pkg:deb/x\n",
                            "pkg:deb/[x]"})
        EXPECT_FALSE(is_plain_purl(bad)) << bad;
    EXPECT_FALSE(is_plain_purl("pkg:deb/" + std::string(5000, 'x')));
}

TEST(Identifiers, GiveEveryPackageAPurl) {
    finding::Package package;
    EXPECT_EQ(purl_of(package), "pkg:generic/unnamed");
    package.name = "a/b\xff?";
    package.version = "1:2";
    EXPECT_EQ(purl_of(package), "pkg:generic/a%2Fb%FF%3F@1%3A2");
    EXPECT_TRUE(is_plain_purl(purl_of(package)));
    package.purl = "pkg:deb/debian/a@1";
    EXPECT_EQ(purl_of(package), package.purl);
}

TEST(Identifiers, TellDocumentsApart) {
    auto const report = sample::report();
    Record const record(report);
    EXPECT_EQ(document_urn(record, "openvex"), document_urn(record, "openvex"));
    std::set<std::string> urns{document_urn(record, "openvex"), document_urn(record, "cyclonedx")};
    auto other = sample::report();
    other.context["application"] = "shop";
    urns.insert(document_urn(Record(other), "openvex"));
    other.context.clear();
    other.run.finished += std::chrono::seconds(1);
    urns.insert(document_urn(Record(other), "openvex"));
    auto undecided = sample::report();
    undecided.verdict.reset();
    urns.insert(document_urn(Record(undecided), "openvex"));
    EXPECT_EQ(urns.size(), 5U);
}

} // namespace
} // namespace clairgate::report
