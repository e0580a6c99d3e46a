#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex_match.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using Status = VexStatement::Status;

std::string const hex(64, 'a');
std::string const digest = "sha256:" + hex;
constexpr std::string_view repository = "registry.example/team/app";
constexpr std::string_view package = "pkg:deb/debian/openssl@3.0.11-1?arch=amd64&distro=debian-12";

// `{}` in a row's text stands for the image's digest.
std::string with_digest(std::string_view text) {
    auto const at = text.find("{}");
    return at == std::string_view::npos ? std::string(text)
                                        : cat(text.substr(0, at), hex, text.substr(at + 2));
}

bool applies(std::vector<std::string> products, std::vector<std::string> subcomponents = {}) {
    VexStatement statement;
    statement.products = std::move(products);
    statement.subcomponents = std::move(subcomponents);
    return vex_applies(statement, repository, digest, package, "linux/amd64");
}

struct Row {
    std::string_view name;
    bool applies;
};

TEST(VexApplies, AProductIsThisImage) {
    Row const rows[] = {
        {"pkg:oci/app@sha256%3A{}", true},
        {"pkg:oci/app@sha256:{}", true},
        {"pkg:oci/app@sha256%3A{}?repository_url=registry.example%2Fteam%2Fapp", true},
        {"pkg:oci/app@sha256%3A{}?repository_url=mirror.example/app&tag=1.2", true},
        {"pkg:oci/app@sha256%3A{}?arch=amd64", true},
        {"pkg:oci/app@sha256%3A{}?arch=x86_64", true},
        {"pkg:oci/app@sha256%3A{}?arch=arm64", false},
        {"pkg:oci/app@sha256%3A{}?os=linux", false},
        {"pkg:oci/app@sha256%3A{}#usr/bin", false},
        {"pkg:oci/team/app@sha256%3A{}", false},
        {"pkg:oci/app@sha256%3A{}a", false},
        {"pkg:oci/app@sha256%3Aabc", false},
        {"pkg:oci/app@{}", false},
        {"pkg:oci/app@1.2", false},
        {"pkg:oci/app@latest?repository_url=registry.example/team/app", false},
        {"pkg:oci/app?repository_url=registry.example%2Fteam%2Fapp", true},
        {"pkg:oci/app?repository_url=https://registry.example/team/app", true},
        {"pkg:oci/app?repository_url=registry.example/team/app&arch=amd64", true},
        {"pkg:oci/app?repository_url=registry.example/team/app&arch=arm64", false},
        {"pkg:oci/app?repository_url=registry.example/team/app&tag=1.2", false},
        {"pkg:oci/app?repository_url=registry.example/team/app:1.2", false},
        {"pkg:oci/app?repository_url=registry.example/team", false},
        {"pkg:oci/app?repository_url=registry.example/team/app2", false},
        {"pkg:oci/app?repository_url=registry.example/team/app/", false},
        {"pkg:oci/app?repository_url=http://registry.example/team/app", false},
        {"pkg:oci/other?repository_url=registry.example/team/app", false},
        {"pkg:oci/app", false},
        {"pkg:oci/app?arch=amd64", false},
        {"pkg:docker/team/app@sha256:{}", false},
        {"sha256:{}", true},
        {"sha256:{}a", false},
        {"{}", false},
        {"registry.example/team/app", false},
        {"registry.example/team/app@sha256:{}", false},
        {"*", false},
        {"**", false},
        {"", false},
        {"pkg:", false},
        {"cpe:2.3:a:example:app:1:*:*:*:*:*:*:*", false},
        {"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#app", false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(applies({with_digest(row.name)}), row.applies) << row.name;
}

TEST(VexApplies, DockerHubIsOneRegistryWithManyNames) {
    VexStatement statement;
    for (std::string const url :
         {"docker.io/library/debian", "index.docker.io/library/debian", "debian"}) {
        statement.products = {"pkg:oci/debian?repository_url=" + url};
        EXPECT_TRUE(vex_applies(statement, "docker.io/library/debian", digest, package)) << url;
        EXPECT_FALSE(vex_applies(statement, "docker.io/other/debian", digest, package)) << url;
    }
}

TEST(VexApplies, AnArchitectureNeedsAPlatform) {
    VexStatement statement;
    statement.products = {"pkg:oci/app@sha256:" + hex + "?arch=arm64"};
    EXPECT_TRUE(vex_applies(statement, repository, digest, package, "linux/arm64"));
    EXPECT_TRUE(vex_applies(statement, repository, digest, package, "linux/arm64/v8"));
    for (std::string_view const platform : {"", "linux", "linux/amd64", "linux/arm", "arm64"})
        EXPECT_FALSE(vex_applies(statement, repository, digest, package, platform)) << platform;
}

TEST(VexApplies, AProductIsThisPackage) {
    Row const rows[] = {{"pkg:deb/debian/openssl", true},
                        {"pkg:deb/debian/openssl@3.0.11-1", true},
                        {"pkg:deb/debian/openssl@3.0.11-1?arch=amd64", true},
                        {"pkg:deb/debian/openssl@3.0.11-2", false},
                        {"pkg:deb/debian/openssl?arch=arm64", false},
                        {"pkg:deb/debian/openssl?distro=sid", false},
                        {"pkg:deb/debian/libssl3", false},
                        {"pkg:deb/ubuntu/openssl", false},
                        {"openssl", false}};
    for (auto const& row : rows)
        EXPECT_EQ(applies({std::string(row.name)}), row.applies) << row.name;
    EXPECT_TRUE(applies({"nonsense", "pkg:deb/debian/openssl"}));
    EXPECT_FALSE(applies({}));
}

TEST(VexApplies, SubcomponentsNarrowTheProduct) {
    std::string const image = "pkg:oci/app@sha256:" + hex;
    std::string const other = "pkg:oci/app@sha256:" + std::string(64, 'b');
    EXPECT_TRUE(applies({image}, {"pkg:deb/debian/openssl"}));
    EXPECT_TRUE(
        applies({other, image}, {"pkg:deb/debian/curl", "pkg:deb/debian/openssl@3.0.11-1"}));
    EXPECT_FALSE(applies({image}, {"pkg:deb/debian/curl"}));
    EXPECT_FALSE(applies({image}, {"pkg:deb/debian/openssl@1"}));
    EXPECT_FALSE(applies({image}, {"openssl"}));
    EXPECT_FALSE(applies({image}, {image}));
    EXPECT_FALSE(applies({other}, {"pkg:deb/debian/openssl"}));
    // Of a package inside a package nothing is known.
    EXPECT_FALSE(applies({"pkg:deb/debian/openssl"}, {"pkg:deb/debian/openssl"}));
    EXPECT_FALSE(applies({"pkg:gem/app"}, {"pkg:deb/debian/openssl"}));
}

TEST(VexApplies, WithoutAPurlOnlyTheImageIsKnown) {
    VexStatement statement;
    statement.products = {digest};
    EXPECT_TRUE(vex_applies(statement, repository, digest, ""));
    EXPECT_FALSE(vex_applies(statement, repository, "", ""));
    statement.subcomponents = {"pkg:deb/debian/openssl"};
    EXPECT_FALSE(vex_applies(statement, repository, digest, ""));
    statement = {};
    statement.products = {""};
    EXPECT_FALSE(vex_applies(statement, repository, "", ""));
    statement.products = {"pkg:oci/app"};
    EXPECT_FALSE(vex_applies(statement, "", "", "pkg:oci/app"));
}

VexStatement said(std::string id, Status status, std::optional<int> day, std::string place) {
    VexStatement statement;
    statement.ids = {std::move(id)};
    statement.status = status;
    statement.products = {digest};
    statement.place = std::move(place);
    if (day)
        statement.time = SystemTime(std::chrono::days(*day));
    return statement;
}

std::string effective(std::vector<VexDocument> const& documents,
                      std::vector<std::string> const& ids) {
    VexIndex const index(documents);
    auto const* const found = index.effective(ids, repository, digest, package, "linux/amd64");
    return found == nullptr ? "none" : found->place;
}

VexDocument of(std::vector<VexStatement> statements) {
    VexDocument document;
    document.statements = std::move(statements);
    return document;
}

TEST(VexIndex, TheLatestStatementThatAppliesCounts) {
    auto other = said("CVE-2024-0001", Status::affected, 9, "other image");
    other.products = {"pkg:oci/other"};
    std::vector<VexDocument> const documents{
        of({said("CVE-2024-0001", Status::fixed, 3, "third"),
            said("CVE-2024-0001", Status::under_investigation, 1, "first"),
            other,
            said("CVE-2024-0002", Status::affected, 8, "other id")}),
        of({said("CVE-2024-0001", Status::affected, 2, "second")})};
    EXPECT_EQ(effective(documents, {"CVE-2024-0001"}), "third");
    EXPECT_EQ(effective(documents, {"cve-2024-0001"}), "third");
    EXPECT_EQ(effective(documents, {"CVE-2024-0001", "CVE-2024-0002"}), "other id");
    EXPECT_EQ(effective(documents, {"CVE-2024-0002", "CVE-2024-0001"}), "other id");
    EXPECT_EQ(effective(documents, {"CVE-2024-0003"}), "none");
    EXPECT_EQ(effective(documents, {"CVE-2024-000"}), "none");
    EXPECT_EQ(effective(documents, {}), "none");
    EXPECT_EQ(effective({}, {"CVE-2024-0001"}), "none");
}

TEST(VexIndex, AnAliasIsTheSameVulnerability) {
    auto both = said("CVE-2024-0001", Status::affected, 2, "both");
    both.ids.push_back("GHSA-aaaa-bbbb-cccc");
    std::vector<VexDocument> const documents{
        of({both, said("GHSA-aaaa-bbbb-cccc", Status::fixed, 1, "older")})};
    EXPECT_EQ(effective(documents, {"GHSA-AAAA-bbbb-cccc"}), "both");
    EXPECT_EQ(effective(documents, {"CVE-2024-0001"}), "both");
}

TEST(VexIndex, OfEqualTimesTheLastOneCounts) {
    std::vector<VexDocument> documents{
        of({said("A", Status::affected, 1, "a"), said("A", Status::fixed, 1, "b")})};
    EXPECT_EQ(effective(documents, {"A"}), "b");
    documents.push_back(of({said("A", Status::affected, 1, "c")}));
    EXPECT_EQ(effective(documents, {"A"}), "c");
}

TEST(VexIndex, AStatementWithoutTimeCountsOnTheStrictSide) {
    EXPECT_EQ(effective({of({said("A", Status::affected, -100'000, "timed"),
                             said("A", Status::fixed, std::nullopt, "untimed")})},
                        {"A"}),
              "timed");
    EXPECT_EQ(effective({of({said("A", Status::affected, std::nullopt, "untimed"),
                             said("A", Status::fixed, 2'000'000, "timed")})},
                        {"A"}),
              "untimed");
    EXPECT_EQ(effective({of({said("A", Status::fixed, std::nullopt, "only")})}, {"A"}), "only");
}

TEST(VexIndex, AnImageWithSeveralDigestsIsOneImage) {
    std::vector<std::string> const digests{"sha256:" + std::string(64, 'c'), digest};
    auto by_index = said("A", Status::fixed, 1, "index");
    by_index.products = {digests[0]};
    std::vector<VexDocument> const documents{
        of({by_index, said("A", Status::affected, 2, "manifest")})};
    VexIndex const index(documents);
    std::vector<std::string> const ids{"A"};
    auto const place = [&](std::span<std::string const> of_image) {
        auto const* const found = index.effective(ids, repository, of_image, package);
        return found == nullptr ? "none" : found->place;
    };
    EXPECT_EQ(place(digests), "manifest");
    EXPECT_EQ(place(std::span(digests).first(1)), "index");
    EXPECT_EQ(place({}), "none");
}

TEST(VexIndex, HoldsManyStatements) {
    std::vector<VexStatement> statements;
    for (int i = 0; i < 20'000; ++i)
        statements.push_back(
            said(cat("CVE-2024-", 10000 + i), Status::fixed, i, std::to_string(i)));
    std::vector<VexDocument> const documents{of(std::move(statements))};
    VexIndex const index(documents);
    for (int i = 0; i < 20'000; i += 7) {
        std::vector<std::string> const ids{cat("CVE-2024-", 10000 + i)};
        auto const* const found = index.effective(ids, repository, digest, package);
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->place, std::to_string(i));
    }
}

} // namespace
} // namespace clairgate::policy
