#include <clairgate/clair/ecosystems.hpp>

#include <gtest/gtest.h>

namespace clairgate::clair {
namespace {

Habitat distribution(std::string did, std::string version, std::string version_id) {
    Habitat out;
    out.did = std::move(did);
    out.version = std::move(version);
    out.version_id = std::move(version_id);
    return out;
}

Habitat alpine(std::string version, std::string pretty_name) {
    auto out = distribution("alpine", std::move(version), "");
    out.pretty_name = std::move(pretty_name);
    return out;
}

Habitat registry(std::string name) {
    Habitat out;
    out.repository_name = std::move(name);
    return out;
}

finding::Package package(std::string name, std::string version, std::string architecture = "") {
    finding::Package out;
    out.name = std::move(name);
    out.version = std::move(version);
    out.architecture = std::move(architecture);
    return out;
}

TEST(EcosystemOf, KnowsWhatClairMatches) {
    struct Row {
        Habitat habitat;
        std::string_view name;
        bool is_supported;
        bool is_language;
    };
    Habitat red_hat_cpe = registry("cpe:/o:redhat:enterprise_linux:8::baseos");
    red_hat_cpe.repository_key = "rhel-cpe-repository";
    auto python_on_debian = distribution("debian", "12 (bookworm)", "12");
    python_on_debian.repository_name = "pypi";
    Row const rows[] = {{distribution("debian", "12 (bookworm)", "12"), "debian", true, false},
                        {distribution("ubuntu", "22.04 (Jammy)", "22.04"), "ubuntu", true, false},
                        {alpine("3.19", "Alpine Linux v3.19"), "alpine", true, false},
                        {distribution("rhel", "8", "8"), "rhel", true, false},
                        {distribution("ol", "9", "9"), "oracle", true, false},
                        {distribution("amzn", "2", "2"), "amazon", true, false},
                        {distribution("photon", "3.0", "3.0"), "photon", true, false},
                        {distribution("sles", "15.4", "15.4"), "suse", true, false},
                        {distribution("opensuse-leap", "15.5", "15.5"), "opensuse", true, false},
                        {distribution("almalinux", "9.1", "9.1"), "almalinux", false, false},
                        {distribution("rocky", "9", "9"), "rocky", false, false},
                        {distribution("wolfi", "", ""), "wolfi", false, false},
                        {distribution("chainguard", "", ""), "chainguard", false, false},
                        {red_hat_cpe, "rhel", true, false},
                        {registry("Red Hat Container Catalog"), "rhel", true, false},
                        {registry("pypi"), "pypi", true, true},
                        {registry("maven"), "maven", true, true},
                        {registry("rubygems"), "gem", true, true},
                        {registry("go"), "golang", true, true},
                        {python_on_debian, "pypi", true, true},
                        {registry("npm"), "unknown", false, false},
                        {Habitat{}, "unknown", false, false}};
    for (auto const& row : rows) {
        auto const got = ecosystem_of(row.habitat);
        EXPECT_EQ(got.name, row.name);
        EXPECT_EQ(got.is_supported, row.is_supported) << row.name;
        EXPECT_EQ(got.is_language, row.is_language) << row.name;
    }
}

TEST(Feeds, AsksForTheImagesReleaseWhereUpdatersArePerRelease) {
    struct Row {
        std::string_view updater;
        std::string_view ecosystem;
        std::string_view distribution;
        bool feeds;
    };
    Row const rows[] = {
        {"debian/updater", "debian", "debian 12 (bookworm)", true},
        {"debian/updater", "debian", "debian 9 (stretch)", true},
        {"debian/updater", "ubuntu", "ubuntu 22.04 (Jammy)", false},
        {"ubuntu/updater/jammy", "ubuntu", "ubuntu 22.04 (Jammy)", true},
        {"ubuntu/updater/focal", "ubuntu", "ubuntu 22.04 (Jammy)", false},
        {"ubuntu/updater/jam", "ubuntu", "ubuntu 22.04 (Jammy)", false},
        {"ubuntu/updater/focal", "ubuntu", "ubuntu 20.04.2 LTS (Focal Fossa)", true},
        {"ubuntu/updater/jammy", "ubuntu", "ubuntu", false},
        {"alpine-main-v3.19-updater", "alpine", "alpine 3.19", true},
        {"alpine-community-v3.19-updater", "alpine", "alpine 3.19", true},
        {"alpine-main-v3.18-updater", "alpine", "alpine 3.19", false},
        {"alpine-main-v3.19-updater", "alpine", "alpine 3.1", false},
        {"alpine-main-edge-updater", "alpine", "alpine edge", true},
        {"alpine-main-v3.19-updater", "alpine", "alpine edge", false},
        {"alpine-main-v3.19-updater", "alpine", "alpine", false},
        {"rhel-vex", "rhel", "rhel 8", true},
        {"oracle-2024-updater", "oracle", "ol 9", true},
        {"aws-AL2-updater", "amazon", "amzn 2", true},
        {"aws-AL2023-updater", "amazon", "amzn 2", false},
        {"aws-AL1-updater", "amazon", "amzn 2018.03", true},
        {"photon-updater-photon3", "photon", "photon 3.0", true},
        {"photon-updater-photon2", "photon", "photon 3.0", false},
        {"suse-updater-suse.linux.enterprise.server.15", "suse", "sles 15.4", true},
        {"suse-updater-suse.linux.enterprise.server.12", "suse", "sles 15.4", false},
        {"suse-updater-opensuse.leap.15.5", "opensuse", "opensuse-leap 15.5", true},
        {"suse-updater-opensuse.leap.15.4", "opensuse", "opensuse-leap 15.5", false},
        {"osv/pypi", "pypi", "", true},
        {"osv/maven", "pypi", "", false},
        {"osv/rubygems", "gem", "", true},
        {"osv/go", "golang", "", true},
        {"clair.cvss", "debian", "debian 12 (bookworm)", false},
        {"debian/updater", "wolfi", "wolfi", false}};
    for (auto const& row : rows)
        EXPECT_EQ(feeds(row.updater, row.ecosystem, row.distribution), row.feeds)
            << row.updater << " " << row.distribution;
}

TEST(DistributionText, NamesAlpinesBranchHoweverClairSpellsIt) {
    EXPECT_EQ(distribution_text(alpine("3.19", "Alpine Linux v3.19")), "alpine 3.19");
    EXPECT_EQ(distribution_text(alpine("3.19", "")), "alpine 3.19");
    EXPECT_EQ(distribution_text(alpine("edge", "Alpine Linux edge")), "alpine edge");
    auto by_id = alpine("", "");
    by_id.version_id = "3.19.1";
    EXPECT_EQ(distribution_text(by_id), "alpine 3.19");
    EXPECT_EQ(distribution_text(alpine("", "")), "alpine");
}

TEST(DistributionText, IsIdAndVersion) {
    EXPECT_EQ(distribution_text(distribution("debian", "12 (bookworm)", "12")),
              "debian 12 (bookworm)");
    EXPECT_EQ(distribution_text(distribution("ol", "", "9.3")), "ol 9.3");
    EXPECT_EQ(distribution_text(distribution("wolfi", "", "")), "wolfi");
    EXPECT_EQ(distribution_text(registry("pypi")), "");
}

TEST(PurlOf, FollowsPurlSpec) {
    struct Row {
        finding::Package package;
        Habitat habitat;
        std::string_view purl;
    };
    auto const debian = distribution("debian", "12 (bookworm)", "12");
    auto const rhel = distribution("rhel", "8", "8");
    Row const rows[] = {
        {package("zlib1g", "1:1.2.13.dfsg-1", "amd64"),
         debian,
         "pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12"},
        {package("libstdc++6", "12.2.0-14+deb12u1"),
         debian,
         "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?distro=debian-12"},
        {package("openssl", "3.1.4-r2", "x86_64"),
         alpine("3.19", "Alpine Linux v3.19"),
         "pkg:apk/alpine/openssl@3.1.4-r2?arch=x86_64&distro=alpine-3.19"},
        {package("bash", "1:4.4.20-1.el8_4", "x86_64"),
         rhel,
         "pkg:rpm/redhat/bash@4.4.20-1.el8_4?arch=x86_64&distro=rhel-8&epoch=1"},
        {package("glibc", "2.34-60.0.2.el9"),
         distribution("ol", "9", "9"),
         "pkg:rpm/ol/glibc@2.34-60.0.2.el9?distro=ol-9"},
        {package("Flask_Login", "0.6.2"), registry("pypi"), "pkg:pypi/flask-login@0.6.2"},
        {package("org.apache.logging.log4j:log4j-core", "2.14.1"),
         registry("maven"),
         "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"},
        {package("log4j-core", "2.14.1"), registry("maven"), "pkg:maven/log4j-core@2.14.1"},
        {package("rails", "7.0.4"), registry("rubygems"), "pkg:gem/rails@7.0.4"},
        {package("github.com/Azure/go-autorest", "v14.2.0"),
         registry("go"),
         "pkg:golang/github.com/azure/go-autorest@v14.2.0"},
        {package("a b?c#d@e/f", "1 2"), registry("pypi"), "pkg:pypi/a%20b%3Fc%23d%40e%2Ff@1%202"},
        {package("naïve", ""), registry("pypi"), "pkg:pypi/na%C3%AFve"},
        {package("", "1"), debian, ""},
        {package("x", "1"), distribution("wolfi", "", ""), ""},
        {package("x", "1"), Habitat{}, ""}};
    for (auto const& row : rows)
        EXPECT_EQ(purl_of(row.package, ecosystem_of(row.habitat), row.habitat), row.purl);
}

TEST(RepositoryOfDatabase, KnowsClairsPrefixes) {
    EXPECT_EQ(repository_of_database("python:usr/lib/python3/dist-packages"), "pypi");
    EXPECT_EQ(repository_of_database("maven:app/x.jar"), "maven");
    EXPECT_EQ(repository_of_database("jar:app/x.jar"), "maven");
    EXPECT_EQ(repository_of_database("ruby:usr/x.gemspec"), "rubygems");
    EXPECT_EQ(repository_of_database("go:bin/x"), "go");
    EXPECT_EQ(repository_of_database("var/lib/dpkg/status"), "");
    EXPECT_EQ(repository_of_database("sqlite:usr/share/rpm"), "");
}

} // namespace
} // namespace clairgate::clair
