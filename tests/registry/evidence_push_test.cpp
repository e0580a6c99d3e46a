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

// A report and a verdict about it, say.
std::vector<NewEvidence> pair_of(std::string const& words) {
    auto report = EvidenceSetting::evidence(words + " report");
    auto verdict = EvidenceSetting::evidence(words + " verdict");
    verdict.predicate_type = "https://example.com/verdict/v1";
    return {report, verdict};
}

Words all_of(std::string const& words) {
    auto const pair = pair_of(words);
    return {pair[0].bundle, pair[1].bundle, pair[0].envelope, pair[1].envelope};
}

std::size_t writes_of(EvidenceSetting const& setting, std::string const& tag) {
    return setting.registry.count("PUT", "/v2/team/app/manifests/" + tag);
}

TEST(PushEvidence, WritesEachTagOnceForAllThatIsAdded) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        auto const attached = setting.attach_all(pair_of("a")).value();
        EXPECT_EQ(setting.found(), all_of("a"));
        EXPECT_EQ(attached.places.size(), 3U) << "two referrers and the tag";
        // The name of one tag begins the other's.
        EXPECT_EQ(writes_of(setting, setting.fallback()), api == Api::native ? 1U : 2U);
        EXPECT_EQ(writes_of(setting, setting.attestations()), 1U);
        EXPECT_EQ(writes_of(setting, "sha256:"), 2U);
    }
}

TEST(PushEvidence, ReplacesEachByItsOwnTypeInOnePass) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        ASSERT_TRUE(setting.attach_all(pair_of("old")).has_value());
        setting.is_stale = [](Evidence const& one) {
            return one.bytes.find("old") != std::string::npos;
        };
        setting.writes();
        auto const attached = setting.attach_all(pair_of("new")).value();
        EXPECT_EQ(attached.pruned, 4U);
        EXPECT_EQ(setting.found(), all_of("new"));
        setting.writes();
        ASSERT_TRUE(setting.attach_all(pair_of("new")).has_value());
        EXPECT_EQ(setting.writes(), 0U);
    }
}

TEST(PushEvidence, AddsWhatIsMissingOfThem) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        ASSERT_TRUE(setting.attach(pair_of("a")[1]).has_value());
        ASSERT_TRUE(setting.attach_all(pair_of("a")).has_value());
        auto found = setting.found();
        auto wanted = all_of("a");
        std::sort(found.begin(), found.end());
        std::sort(wanted.begin(), wanted.end());
        EXPECT_EQ(found, wanted);
    }
}

// Whatever it remembers, a run asks anew what is listed.
TEST(PushEvidence, FetchesWhatTheRunHasReadBeforeNoSecondTime) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        ASSERT_TRUE(setting.attach_all(pair_of("old")).has_value());
        setting.memory = std::make_shared<EvidenceMemory>();
        EvidenceWish wish;
        wish.memory = setting.memory;
        ASSERT_EQ(setting.found(wish), all_of("old"));
        setting.is_stale = [](Evidence const& one) {
            return one.bytes.find("old") != std::string::npos;
        };
        auto const old = image::Digest::of(pair_of("old")[0].bundle).text();
        auto const fetched = setting.registry.count("GET", "/v2/team/app/blobs/" + old);
        EXPECT_EQ(setting.attach_all(pair_of("new")).value().pruned, 4U);
        EXPECT_EQ(setting.registry.count("GET", "/v2/team/app/blobs/" + old), fetched);
        EXPECT_EQ(setting.found(wish), all_of("new"));
    }
}

// What another wrote between our two looks is met by the second one.
TEST(PushEvidence, SeesWhatWasAddedSinceTheRunLooked) {
    EvidenceSetting setting(Api::none);
    setting.memory = std::make_shared<EvidenceMemory>();
    EvidenceWish wish;
    wish.memory = setting.memory;
    EXPECT_EQ(setting.found(wish), Words());
    ASSERT_TRUE(setting.attach_all(pair_of("old")).has_value());
    setting.is_stale = [](Evidence const& one) {
        return one.bytes.find("old") != std::string::npos;
    };
    EXPECT_EQ(setting.attach_all(pair_of("new")).value().pruned, 4U);
    EXPECT_EQ(setting.found(wish), all_of("new"));
}

bool is_write(Received const& received) {
    return received.method != "GET" && received.method != "HEAD";
}

bool has_both_forms(EvidenceSetting& setting, std::string const& type) {
    auto const found = setting.find().value();
    std::size_t forms = 0;
    for (auto const form : {EvidenceForm::bundle, EvidenceForm::envelope})
        forms += std::any_of(found.begin(), found.end(), [&](auto const& one) {
            return one.form == form && one.predicate_type == type;
        });
    return forms == 2;
}

// Killed before any write of a pass that replaces a report and its verdict: neither is ever missing
// in either form, and the next pass leaves its own alone.
TEST(PushEvidence, MayBeKilledAnywhere) {
    for (auto const api : {Api::native, Api::none}) {
        auto const writes_of_a_pass = [&](std::size_t survived) {
            EvidenceSetting setting(api);
            EXPECT_TRUE(setting.attach_all(pair_of("old")).has_value());
            setting.is_stale = [](Evidence const&) { return true; };
            std::size_t count = 0;
            setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
                bool const is_dead =
                    count > survived || (is_write(received) && count++ == survived);
                return is_dead ? std::optional(Answer::text(403, "")) : std::nullopt;
            };
            static_cast<void>(setting.attach_all(pair_of("killed")).has_value());
            setting.referrers.before = nullptr;
            for (auto const& evidence : pair_of("old"))
                EXPECT_TRUE(has_both_forms(setting, evidence.predicate_type)) << survived;
            EXPECT_TRUE(setting.attach_all(pair_of("new")).has_value()) << survived;
            EXPECT_EQ(setting.found(), all_of("new")) << survived;
            return count;
        };
        auto const writes = writes_of_a_pass(1'000);
        EXPECT_GT(writes, 10U);
        for (std::size_t survived = 0; survived < writes; ++survived)
            EXPECT_GT(writes_of_a_pass(survived), survived);
    }
}

} // namespace
} // namespace clairgate::registry
