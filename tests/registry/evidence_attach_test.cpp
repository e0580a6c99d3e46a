#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/attachment.hpp>
#include <clairgate/registry/bundle_manifest.hpp>
#include <clairgate/registry/fallback_index.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <registry/evidence_setting.hpp>

namespace clairgate::registry {
namespace {

using nlohmann::json;
using test::Answer;
using test::EvidenceSetting;
using test::FakeReferrers;
using test::Received;
using Api = FakeReferrers::Api;
using Words = std::vector<std::string>;

NewEvidence evidence(std::string const& words) {
    return EvidenceSetting::evidence(words);
}

NewEvidence bundle_of(std::string const& words) {
    auto one = evidence(words);
    one.envelope.clear();
    return one;
}

Words both(std::string const& words) {
    return {evidence(words).bundle, evidence(words).envelope};
}

TEST(AttachEvidence, PutsBothFormsWhereReadersLook) {
    for (auto const api : {Api::native, Api::none, Api::page}) {
        EvidenceSetting setting(api);
        auto const attached = setting.attach(evidence("a")).value();
        EXPECT_EQ(setting.found(), both("a"));
        ASSERT_EQ(attached.places.size(), 2U);
        EXPECT_TRUE(attached.places[0].starts_with(setting.registry.repository().text() + "@"));
        EXPECT_EQ(attached.places[1],
                  cat(setting.registry.repository().text(), ":", setting.attestations()));
        EXPECT_EQ(attached.pruned, 0U);
        EXPECT_EQ(attached.warnings, Words());
        EXPECT_EQ(setting.referrers.tagged(setting.fallback()).empty(), api == Api::native);
    }
}

TEST(AttachEvidence, PutsTheFormThatIsWantedOnly) {
    EvidenceSetting setting;
    ASSERT_TRUE(setting.attach(bundle_of("a")).has_value());
    EXPECT_EQ(setting.found(), Words({evidence("a").bundle}));
    EXPECT_EQ(setting.referrers.tagged(setting.attestations()), "");
    EvidenceSetting other;
    auto envelope = evidence("a");
    envelope.bundle.clear();
    ASSERT_TRUE(other.attach(envelope).has_value());
    EXPECT_EQ(other.found(), Words({envelope.envelope}));
    EXPECT_EQ(other.registry.count("PUT", "/v2/team/app/manifests/sha256:"), 0U);
}

TEST(AttachEvidence, ListsWithTypeAndAnnotationsByTheTag) {
    EvidenceSetting setting(Api::none);
    ASSERT_TRUE(setting.attach(bundle_of("a")).has_value());
    auto const index = json::parse(setting.referrers.tagged(setting.fallback()));
    auto const& entry = index.at("manifests").at(0);
    EXPECT_EQ(entry.at("artifactType"), bundle_type);
    EXPECT_EQ(entry.at("annotations").at("dev.sigstore.bundle.predicateType"),
              "https://example.com/vuln/v1");
    auto const content = setting.registry.content("/v2/team/app/manifests/" + setting.fallback());
    EXPECT_EQ(content.value().headers.at(0).second, image::media_type::oci_index);
}

// An OCI-Subject header proves nothing.
TEST(AttachEvidence, BelievesAListingOnly) {
    for (auto const api : {Api::none, Api::page}) {
        EvidenceSetting setting(api);
        setting.referrers.echoes_subject = true;
        ASSERT_TRUE(setting.attach(evidence("a")).has_value());
        EXPECT_EQ(setting.found(), both("a"));
    }
    EvidenceSetting blind(Api::blind);
    blind.referrers.echoes_subject = true;
    auto const attached = blind.attach(bundle_of("a")).value();
    EXPECT_EQ(attached.warnings.size(), 1U) << "nobody who trusts that listing finds it";
    EXPECT_NE(blind.referrers.tagged(blind.fallback()), "");
    blind.writes();
    ASSERT_TRUE(blind.attach(bundle_of("a")).has_value());
    EXPECT_EQ(blind.writes(), 0U);
}

TEST(AttachEvidence, WaitsForAListingThatLags) {
    EvidenceSetting setting;
    int looks = 0;
    setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
        if (received.target.find("/referrers/") == std::string::npos)
            return std::nullopt;
        setting.referrers.api =
            ++looks < 4 ? Api::blind : Api::native; // the first is ours of before
        return std::nullopt;
    };
    ASSERT_TRUE(setting.attach(bundle_of("a")).has_value());
    EXPECT_EQ(setting.referrers.tagged(setting.fallback()), "");
}

TEST(AttachEvidence, ChangesNothingTheSecondTime) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        auto const first = setting.attach(evidence("a")).value();
        setting.writes();
        auto again = evidence("a");
        again.created = "2027-01-01T00:00:00Z";
        auto const second = setting.attach(again).value();
        EXPECT_EQ(setting.writes(), 0U);
        EXPECT_EQ(second.places, first.places);
        EXPECT_EQ(setting.found(), both("a"));
    }
}

TEST(AttachEvidence, LeavesTheEvidenceOfOthersAlone) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        ASSERT_TRUE(setting.attach(evidence("theirs")).has_value());
        ASSERT_TRUE(setting.attach(evidence("ours")).has_value());
        EXPECT_EQ(setting.found(),
                  Words({evidence("theirs").bundle,
                         evidence("ours").bundle,
                         evidence("theirs").envelope,
                         evidence("ours").envelope}));
    }
}

TEST(AttachEvidence, MergesWithWritersWhoComeBetween) {
    EvidenceSetting setting(Api::none);
    auto const theirs = setting.bundle_manifest("theirs");
    setting.registry.put_manifest(theirs, std::string(image::media_type::oci_manifest));
    bool has_come = false;
    setting.referrers.after_tag = [&](std::string const& tag) {
        if (tag != setting.fallback() || std::exchange(has_come, true))
            return; // they read the tag before we wrote it
        auto const index = edit_fallback(std::nullopt, {{theirs}, {}}).value().value();
        setting.referrers.overwrite(tag, index.bytes, index.media_type);
    };
    ASSERT_TRUE(setting.attach(bundle_of("ours")).has_value());
    EXPECT_EQ(setting.found(), Words({evidence("theirs").bundle, evidence("ours").bundle}));
}

// A writer who overwrote the list of referrers while we were busy with the other tag.
TEST(AttachEvidence, WritesAgainWhatWasLostMeanwhile) {
    EvidenceSetting setting(Api::none);
    bool has_come = false;
    setting.referrers.after_tag = [&](std::string const& tag) {
        if (tag == setting.attestations() && !std::exchange(has_come, true))
            setting.registry.forget("/v2/team/app/manifests/" + setting.fallback());
    };
    ASSERT_TRUE(setting.attach(evidence("a")).has_value());
    EXPECT_EQ(setting.found(), both("a"));
}

bool is_write(Received const& received) {
    return received.method != "GET" && received.method != "HEAD";
}

// Killed before any write (reads leave nothing behind), and run again with a new signature: never a
// moment without evidence in each form, and in the end the new one alone.
TEST(AttachEvidence, MayBeKilledAnywhere) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting whole(api);
        whole.is_stale = [](Evidence const&) { return true; };
        whole.lay("old");
        EXPECT_EQ(whole.attach(evidence("killed")).value().pruned, 2U);
        EXPECT_EQ(whole.found(), both("killed"));
        auto const writes = whole.writes();
        EXPECT_GT(writes, 10U);
        for (std::size_t survived = 0; survived < writes; ++survived) {
            EvidenceSetting setting(api);
            setting.is_stale = whole.is_stale;
            setting.lay("old");
            std::size_t count = 0;
            bool is_dead = false;
            setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
                is_dead = is_dead || (is_write(received) && count++ == survived);
                return is_dead ? std::optional(Answer::text(403, "")) : std::nullopt;
            };
            static_cast<void>(setting.attach(evidence("killed")).has_value());
            EXPECT_TRUE(is_dead);
            setting.referrers.before = nullptr;
            auto const between = setting.find().value();
            for (auto const form : {EvidenceForm::bundle, EvidenceForm::envelope})
                EXPECT_TRUE(std::any_of(between.begin(), between.end(), [&](auto const& one) {
                    return one.form == form;
                })) << survived;
            ASSERT_TRUE(setting.attach(evidence("new")).has_value()) << survived;
            EXPECT_EQ(setting.found(), both("new")) << survived;
        }
    }
}

// The answer was lost, the write was not.
TEST(AttachEvidence, NeverAttachesTwiceByTryingAgain) {
    for (auto const api : {Api::native, Api::none}) {
        EvidenceSetting setting(api);
        setting.referrers.has_etags = true;
        std::map<std::string, int> tries;
        setting.referrers.after_tag = nullptr;
        std::optional<Received> lost;
        setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
            if (received.method != "PUT" || tries[received.target]++ > 0)
                return std::nullopt;
            auto const type = received.headers.at("content-type");
            auto const name = received.target.substr(received.target.rfind('/') + 1);
            if (name.starts_with("sha256:"))
                setting.referrers.put(received.body);
            else if (name.starts_with("sha256-"))
                setting.referrers.overwrite(name, received.body, type);
            else
                return std::nullopt;
            auto reset = Answer::text(201, "");
            reset.fault = Answer::Fault::reset_before_headers;
            return reset;
        };
        ASSERT_TRUE(setting.attach(evidence("a")).has_value());
        EXPECT_EQ(setting.found(), both("a"));
    }
}

TEST(AttachEvidence, SaysHowToDoWithoutATagThatMayNotChange) {
    for (int const status : {400, 403, 409, 412}) {
        EvidenceSetting setting;
        setting.referrers.tag_status = status;
        auto const attached = setting.attach(evidence("a"));
        ASSERT_FALSE(attached.has_value()) << status;
        EXPECT_NE(attached.error().remedy().find("--storage bundle"), std::string::npos) << status;
        EXPECT_TRUE(setting.attach(bundle_of("a")).has_value()) << status;
        setting.referrers.api = Api::none;
        EXPECT_FALSE(setting.attach(bundle_of("b")).has_value()) << status;
    }
}

TEST(AttachEvidence, OverwritesNoTagThatHoldsSomethingElse) {
    EvidenceSetting setting(Api::none);
    setting.referrers.overwrite(setting.fallback(), "{}", "text/plain");
    auto const attached = setting.attach(bundle_of("a"));
    ASSERT_FALSE(attached.has_value());
    EXPECT_EQ(attached.error().kind(), ErrorKind::protocol);
    EXPECT_EQ(setting.referrers.tagged(setting.fallback()), "{}");
}

TEST(AttachEvidence, ReadsBackWhatItWrote) {
    for (auto const* const store : {"/manifests/sha256:", "/blobs/"}) {
        for (int const status : {200, 404}) {
            EvidenceSetting setting;
            setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
                if (received.method != "GET" || received.target.find(store) == std::string::npos)
                    return std::nullopt;
                return Answer::text(status, "{}");
            };
            auto const attached = setting.attach(bundle_of("a"));
            ASSERT_FALSE(attached.has_value()) << store << status;
            EXPECT_EQ(attached.error().kind(), ErrorKind::integrity) << store << status;
        }
    }
}

TEST(AttachEvidence, RefusesNothingAndTooMuch) {
    EvidenceSetting setting;
    auto nothing = bundle_of("a");
    nothing.bundle.clear();
    EXPECT_EQ(setting.attach(nothing).error().kind(), ErrorKind::usage);
    setting.limits.blob_bytes = 5;
    EXPECT_EQ(setting.attach(bundle_of("a")).error().kind(), ErrorKind::limit);
    EXPECT_EQ(setting.registry.received().size(), 0U);
}

TEST(AttachEvidence, FailsWhereItMayNotPush) {
    EvidenceSetting setting;
    setting.referrers.before = [](Received const& received) -> std::optional<Answer> {
        return received.method == "POST" ? std::optional(Answer::text(403, "")) : std::nullopt;
    };
    EXPECT_EQ(setting.attach(evidence("a")).error().kind(), ErrorKind::denied);
}

} // namespace
} // namespace clairgate::registry
