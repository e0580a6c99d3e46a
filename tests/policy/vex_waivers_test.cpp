#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex_waivers.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

VexSource source(std::string file, char const* status, char const* time) {
    VexDocument document;
    document.author = "security@example.com";
    VexStatement statement;
    statement.ids = {"CVE-2024-0001"};
    statement.status = std::string_view(status) == "affected" ? VexStatement::Status::affected
                                                              : VexStatement::Status::not_affected;
    statement.products = {"pkg:oci/app?repository_url=registry.example/team/app"};
    statement.time = sample::time(time);
    statement.place = "statements/0";
    document.statements = {statement};
    return {std::move(file), std::move(document)};
}

Effect effect_with(std::vector<VexSource> const& sources, char const* global = "") {
    auto policy = sample::policy(global);
    add_vex_waivers(policy, sources);
    return sample::judge(policy, sample::scan({sample::finding(finding::Severity::critical)}))
        .effect();
}

TEST(VexWaivers, LiftWhatTheyAreAbout) {
    EXPECT_EQ(effect_with({}), Effect::block);
    EXPECT_EQ(effect_with({source("a", "not_affected", "2026-01-01T00:00:00Z")}), Effect::allow);
    EXPECT_EQ(effect_with({source("a", "affected", "2026-01-01T00:00:00Z")}), Effect::block);
}

TEST(VexWaivers, AreTakenBackByALaterStatementOfAnyDocument) {
    auto const lifts = source("a", "not_affected", "2026-01-01T00:00:00Z");
    EXPECT_EQ(effect_with({lifts, source("b", "affected", "2026-02-01T00:00:00Z")}), Effect::block);
    EXPECT_EQ(effect_with({lifts, source("b", "affected", "2025-02-01T00:00:00Z")}), Effect::allow);
}

TEST(VexWaivers, DoNotLiftALock) {
    auto const lifts = source("a", "not_affected", "2026-01-01T00:00:00Z");
    EXPECT_EQ(effect_with({lifts},
                          "[severity]\ncritical = \"block\"\n"
                          "[[lock]]\nkey = \"severity.critical\"\n"),
              Effect::block);
}

} // namespace
} // namespace clairgate::policy
