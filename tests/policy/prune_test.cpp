#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/prune.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

std::string allow(std::string const& id, std::string const& more = "expires = 2027-01-01\n") {
    return cat("[[allow]]\nid = \"", id, "\"\nreason = \"r\"\nowner = \"o\"\n", more);
}

std::string const unused = allow("CVE-2024-9999");
std::string const used = allow("cve-2024-0001"); // what sample::finding is about

SourceFile file_of(std::string path, std::string const& text) {
    return {std::move(path), cat("schema = 1\n", text)};
}

// "FILE:FIRST-LAST REASON", one a line.
std::string told(Pruner const& pruner) {
    std::string out;
    for (auto const& one : pruner.deletions())
        out += cat(one.origin.file,
                   ":",
                   one.origin.line,
                   "-",
                   one.last_line,
                   one.is_inline ? " inline " : " ",
                   one.reason,
                   "\n");
    return out;
}

void see(Pruner& pruner, std::vector<Context> const& contexts = {{}}) {
    auto finding = sample::finding(finding::Severity::high);
    finding.is_base_layer = false;
    pruner.see(sample::scan({finding}), "registry.example/team/app", contexts);
}

TEST(Pruner, WithoutScansOnlyTheExpiredCanGo) {
    Pruner const pruner({file_of("global.toml",
                                 cat(unused,
                                     "\n# gone\n",
                                     allow("CVE-2024-0002", "expires = 2026-11-23\n"),
                                     allow("CVE-2024-0003", "expires = 2026-11-24\n")))},
                        sample::now());
    EXPECT_EQ(told(pruner), "global.toml:9-13 expired on 2026-11-23\n");
    EXPECT_EQ(pruner.exceptions(), 3U);
    EXPECT_EQ(pruner.unseen(), 2U);
}

TEST(Pruner, ATableEndsWithTheLastOfItsValues) {
    Pruner pruner(
        {file_of("global.toml",
                 "[[allow]]\nexpires = 2026-01-01\nid = [\n  \"CVE-1\",\n  \"CVE-2\"\n]\n"
                 "owner = \"o\"\nreason = \"\"\"a\n[[allow]]\nb\"\"\" # said\n\n"
                 "# about the next one\n[severity]\nlow = \"warn\"\n"),
         file_of("application/a.toml",
                 "allow = [{id=\"CVE-1\",reason=\"r\",owner=\"o\",expires=2026-01-01}]\n")},
        sample::now());
    EXPECT_EQ(told(pruner),
              "global.toml:2-11 expired on 2026-01-01\n"
              "application/a.toml:2-2 inline expired on 2026-01-01\n");
}

TEST(Pruner, UnusedIsWhatNoScanHasAFindingFor) {
    Pruner pruner({file_of("global.toml", cat(used, unused))}, sample::now());
    see(pruner);
    EXPECT_EQ(told(pruner), "global.toml:7-11 the one report has no finding that it speaks of\n");
    see(pruner);
    EXPECT_EQ(told(pruner), "global.toml:7-11 none of 2 reports has a finding that it speaks of\n");
    EXPECT_EQ(pruner.unseen(), 0U);
}

TEST(Pruner, AliasesAndScopesCount) {
    auto const more = [](char const* scope) {
        return allow("CVE-2024-0001", cat("expires = 2027-01-01\n", scope, "\n"));
    };
    Pruner pruner({file_of("global.toml",
                           cat(more("package = \"open*\""),
                               more("package = \"zlib\""),
                               more("image = \"registry.example/team/*\""),
                               more("image = \"registry.example/other/*\""),
                               more("layer = \"application\""),
                               more("layer = \"base\"")))},
                  sample::now());
    see(pruner);
    auto const deletions = pruner.deletions();
    ASSERT_EQ(deletions.size(), 3U) << told(pruner);
    EXPECT_EQ(deletions[0].origin.line, 8U);
    EXPECT_EQ(deletions[1].origin.line, 20U);
    EXPECT_EQ(deletions[2].origin.line, 32U);

    Pruner by_alias({file_of("global.toml", allow("GHSA-xxxx"))}, sample::now());
    auto finding = sample::finding(finding::Severity::high);
    finding.aliases = {"ghsa-XXXX"};
    by_alias.see(sample::scan({finding}), "registry.example/app", {{}});
    EXPECT_EQ(told(by_alias), "");
}

TEST(Pruner, AScanSpeaksOnlyForItsOwnContext) {
    std::vector<SourceFile> const files{file_of("global.toml", unused),
                                        file_of("cluster/east.toml", unused),
                                        file_of("environment/prod.toml", unused),
                                        file_of("application/shop.toml", unused),
                                        file_of("application/shop@prod.toml", unused),
                                        file_of("application/other.toml", unused)};
    Pruner pruner(files, sample::now());
    see(pruner, {{"east", "prod", "shop"}});
    EXPECT_EQ(pruner.deletions().size(), 5U);
    EXPECT_EQ(pruner.unseen(), 1U) << "no report of the other application was given";
    Pruner alone(files, sample::now());
    see(alone, {{"", "", "other"}});
    EXPECT_EQ(alone.deletions().size(), 2U);
    Pruner of_nobody(files, sample::now());
    see(of_nobody);
    EXPECT_EQ(of_nobody.deletions().size(), 6U);
    Pruner of_both(files, sample::now());
    see(of_both, {{"", "", "other"}, {"east", "prod", "shop"}});
    EXPECT_EQ(of_both.deletions().size(), 6U);
    EXPECT_EQ(of_both.deletions().front().reason,
              "the one report has no finding that it speaks of");
}

TEST(Pruner, AScopeOfAnEnvironmentIsTriedInAll) {
    auto const in = [](char const* environment) {
        return allow("CVE-2024-0001",
                     cat("expires = 2027-01-01\nenvironment = \"", environment, "\"\n"));
    };
    std::vector<SourceFile> const files{file_of("application/shop.toml", in("prod*")),
                                        file_of("environment/production.toml", ""),
                                        file_of("environment/test.toml", in("prod*")),
                                        file_of("global.toml", in("staging"))};
    Pruner pruner(files, sample::now());
    see(pruner);
    auto const deletions = pruner.deletions();
    ASSERT_EQ(deletions.size(), 2U) << told(pruner);
    EXPECT_EQ(deletions[0].origin.file, "environment/test.toml");
    EXPECT_EQ(deletions[1].origin.file, "global.toml");
    Pruner of_test(files, sample::now());
    see(of_test, {{"", "test", "shop"}});
    EXPECT_EQ(of_test.deletions().size(), 3U);
}

TEST(Pruner, ABreakGlassOfAnyIdIsUsedByAnyFinding) {
    auto const glass = "[[allow]]\nbreak_glass = true\nticket = \"T\"\nreason = \"r\"\n"
                       "owner = \"o\"\nissued = 2026-11-24T10:00:00Z\n"
                       "expires = 2026-11-25T10:00:00Z\n";
    Pruner pruner({file_of("global.toml", glass)}, sample::now());
    see(pruner);
    EXPECT_EQ(told(pruner), "");
    Pruner clean({file_of("global.toml", glass)}, sample::now());
    clean.see(sample::scan(), "registry.example/app", {{}});
    EXPECT_EQ(clean.deletions().size(), 1U);
}

TEST(Pruner, FilesThatAreWrongOrNoLevelsArePassedOver) {
    Pruner const pruner(
        {file_of("global.toml", "x = 1\n"), {"tests/a.toml", unused}, {"nowhere/a.toml", unused}},
        sample::now());
    EXPECT_EQ(pruner.exceptions(), 0U);
    EXPECT_TRUE(pruner.deletions().empty());
}

} // namespace
} // namespace clairgate::policy
