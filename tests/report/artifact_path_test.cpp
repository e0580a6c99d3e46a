#include "report/sample_report.hpp"
#include <clairgate/report/artifact_path.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

TEST(ArtifactPath, ASourceFileIsBelowTheCheckout) {
    EXPECT_EQ(source_path("Dockerfile"), "Dockerfile");
    EXPECT_EQ(source_path("./docker//./Dockerfile"), "docker/Dockerfile");
    EXPECT_EQ(source_path("docker/../Dockerfile"), "Dockerfile");
    EXPECT_EQ(source_path("..file"), "..file");
}

TEST(ArtifactPath, WhatIsNotBelowItIsRefused) {
    for (char const* const path :
         {"", ".", "./", "..", "../Dockerfile", "a/../../Dockerfile", "/src/Dockerfile", "a/.."})
        EXPECT_EQ(source_path(path), std::nullopt) << path;
    EXPECT_EQ(source_path(std::string(5'000, 'a')), std::nullopt);
}

TEST(ArtifactPath, IsTheRepositoryWithoutASourceFile) {
    auto const report = sample::report();
    auto const path = artifact_path(Record(report), {});
    EXPECT_EQ(path.path, "team/shop");
    EXPECT_EQ(path.uri, "team/shop");
    EXPECT_FALSE(path.is_source_refused);
}

TEST(ArtifactPath, AnOddNameIsEncodedAsAUri) {
    auto const report = sample::report();
    RenderOptions options;
    options.source_file = "a b/c:d/100%/#ü";
    auto const path = artifact_path(Record(report), options);
    EXPECT_EQ(path.path, "a b/c:d/100%/#ü");
    EXPECT_EQ(path.uri, "a%20b/c%3Ad/100%25/%23%C3%BC");
}

TEST(ArtifactPath, ARefusedSourceFileIsTold) {
    auto const report = sample::report();
    RenderOptions options;
    options.source_file = "/etc/passwd";
    auto const path = artifact_path(Record(report), options);
    EXPECT_EQ(path.path, "team/shop");
    EXPECT_TRUE(path.is_source_refused);
}

} // namespace
} // namespace clairgate::report
