#include <clairgate/base/text.hpp>
#include <clairgate/registry/attachment.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <registry/evidence_setting.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::EvidenceSetting;
using test::FakeReferrers;
using test::Received;
using Api = FakeReferrers::Api;
using Words = std::vector<std::string>;

NewEvidence evidence(std::string const& words) {
    return EvidenceSetting::evidence(words);
}

Words both(std::string const& words) {
    return {evidence(words).bundle, evidence(words).envelope};
}

// What says "old" is ours and replaced.
bool is_old(Evidence const& one) {
    return one.bytes.find("old") != std::string::npos;
}

TEST(PruneEvidence, RemovesWhatIsReplacedAndNothingElse) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        auto other_type = evidence("old of another type");
        other_type.predicate_type = "https://example.com/other";
        for (auto const& one :
             {evidence("old 1"), evidence("theirs"), other_type, evidence("old 2")})
            ASSERT_TRUE(setting.attach(one).has_value());
        setting.is_stale = is_old;
        auto const attached = setting.attach(evidence("new")).value();
        EXPECT_EQ(attached.pruned, 4U) << "two of each form";
        EXPECT_EQ(attached.warnings, Words());
        EXPECT_EQ(setting.found(),
                  Words({evidence("theirs").bundle,
                         other_type.bundle,
                         evidence("new").bundle,
                         evidence("theirs").envelope,
                         other_type.envelope,
                         evidence("new").envelope}));
        setting.writes();
        EXPECT_EQ(setting.attach(evidence("new")).value().pruned, 0U);
        EXPECT_EQ(setting.writes(), 0U);
    }
}

TEST(PruneEvidence, AsksWithTheFetchedBytesOfTheSameTypeOnly) {
    EvidenceSetting setting;
    ASSERT_TRUE(setting.attach(evidence("a")).has_value());
    auto other = evidence("b");
    other.predicate_type = "https://example.com/other";
    ASSERT_TRUE(setting.attach(other).has_value());
    Words asked;
    setting.is_stale = [&](Evidence const& one) {
        asked.push_back(one.bytes);
        return false;
    };
    ASSERT_TRUE(setting.attach(evidence("a")).has_value()) << "never about itself";
    EXPECT_EQ(asked, Words());
    ASSERT_TRUE(setting.attach(evidence("c")).has_value());
    EXPECT_EQ(asked, both("a"));
}

TEST(PruneEvidence, ComesAfterTheNewOneStands) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        ASSERT_TRUE(setting.attach(evidence("old")).has_value());
        setting.is_stale = is_old;
        bool is_ever_without = false;
        setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
            if (received.method == "DELETE")
                is_ever_without =
                    is_ever_without ||
                    setting.referrers.tagged(setting.attestations())
                            .find(image::Digest::of(evidence("new").envelope).text()) ==
                        std::string::npos;
            return std::nullopt;
        };
        ASSERT_TRUE(setting.attach(evidence("new")).has_value());
        EXPECT_FALSE(is_ever_without);
        EXPECT_EQ(setting.registry.count("DELETE", "/"), 1U);
        EXPECT_EQ(setting.found(), both("new"));
    }
}

TEST(PruneEvidence, WarnsWhereTheRegistryForbidsDeleting) {
    for (int const status : {400, 403, 405}) {
        EvidenceSetting setting;
        for (auto const* const words : {"old 1", "old 2"})
            ASSERT_TRUE(setting.attach(evidence(words)).has_value());
        setting.is_stale = is_old;
        setting.referrers.delete_status = status;
        auto const attached = setting.attach(evidence("new")).value();
        EXPECT_EQ(attached.pruned, 2U) << "the envelopes";
        EXPECT_EQ(attached.warnings.size(), 2U);
        EXPECT_EQ(setting.registry.count("DELETE", "/"), 1U) << "asked once";
        EXPECT_EQ(setting.found().size(), 4U);
    }
}

// Out of the tag, nobody finds it: that it is not deleted is no matter.
TEST(PruneEvidence, NeedsNoDeletingWhereTheTagLists) {
    EvidenceSetting setting(Api::none);
    ASSERT_TRUE(setting.attach(evidence("old")).has_value());
    setting.is_stale = is_old;
    setting.referrers.delete_status = 405;
    auto const attached = setting.attach(evidence("new")).value();
    EXPECT_EQ(attached.pruned, 2U);
    EXPECT_EQ(attached.warnings, Words());
    EXPECT_EQ(setting.found(), both("new"));
}

TEST(PruneEvidence, RemovesTheFormThatIsNotAttachedToo) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        ASSERT_TRUE(setting.attach(evidence("old")).has_value());
        setting.is_stale = is_old;
        auto bundle = evidence("new");
        bundle.envelope.clear();
        EXPECT_EQ(setting.attach(bundle).value().pruned, 2U);
        EXPECT_EQ(setting.found(), Words({bundle.bundle}));
        EvidenceSetting other(api);
        ASSERT_TRUE(other.attach(evidence("old")).has_value());
        other.is_stale = is_old;
        auto envelope = evidence("new");
        envelope.bundle.clear();
        EXPECT_EQ(other.attach(envelope).value().pruned, 2U);
        EXPECT_EQ(other.found(), Words({envelope.envelope}));
    }
}

TEST(PruneEvidence, WarnsWhereATagOfTheOtherFormMayNotChange) {
    EvidenceSetting setting;
    ASSERT_TRUE(setting.attach(evidence("old")).has_value());
    setting.is_stale = is_old;
    setting.referrers.tag_status = 409;
    auto bundle = evidence("new");
    bundle.envelope.clear();
    auto const attached = setting.attach(bundle).value();
    EXPECT_EQ(attached.pruned, 1U);
    EXPECT_EQ(attached.warnings.size(), 1U);
    EvidenceSetting tagged(Api::none);
    ASSERT_TRUE(tagged.attach(evidence("old")).has_value());
    tagged.is_stale = is_old;
    tagged.referrers.delete_status = 405;
    // Of the two tags, the one that lists the bundle alone is immutable.
    tagged.referrers.before = [&](Received const& received) -> std::optional<Answer> {
        if (received.method == "PUT" && received.target.ends_with(tagged.fallback()))
            return Answer::text(409, "");
        return std::nullopt;
    };
    auto envelope = evidence("new");
    envelope.bundle.clear();
    auto const kept = tagged.attach(envelope).value();
    EXPECT_EQ(kept.pruned, 1U);
    EXPECT_EQ(kept.warnings.size(), 2U);
}

// A registry that learnt the API keeps what older clients wrote into the tag.
TEST(PruneEvidence, CleansTheTagOfARegistryThatListsNow) {
    EvidenceSetting setting(Api::none);
    ASSERT_TRUE(setting.attach(evidence("old")).has_value());
    setting.referrers.api = Api::native;
    setting.is_stale = is_old;
    ASSERT_TRUE(setting.attach(evidence("new")).has_value());
    auto const index = setting.referrers.tagged(setting.fallback());
    EXPECT_NE(index.find(R"("manifests":[])"), std::string::npos) << index;
    EXPECT_EQ(setting.found(), both("new"));
}

TEST(PruneEvidence, FailsWhereDeletingFailsForAnotherReason) {
    EvidenceSetting setting;
    ASSERT_TRUE(setting.attach(evidence("old")).has_value());
    setting.is_stale = is_old;
    setting.referrers.delete_status = 302;
    EXPECT_FALSE(setting.attach(evidence("new")).has_value());
    EXPECT_EQ(setting.found().size(), 3U) << "the new one stands";
}

} // namespace
} // namespace clairgate::registry
