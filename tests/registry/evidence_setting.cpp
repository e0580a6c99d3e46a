#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/attestation_tag.hpp>
#include <clairgate/registry/bundle_manifest.hpp>
#include <clairgate/registry/fallback_index.hpp>

#include <registry/evidence_setting.hpp>

namespace clairgate::test {

EvidenceSetting::EvidenceSetting(FakeReferrers::Api api) : registry(world.context) {
    referrers.api = api;
    referrers.echoes_subject = api == FakeReferrers::Api::native;
    world.world.random = [] { return 0.0; }; // no pause between tries
}

registry::NewEvidence EvidenceSetting::evidence(std::string const& words) {
    registry::NewEvidence evidence;
    evidence.predicate_type = "https://example.com/vuln/v1";
    evidence.bundle = cat(R"({"bundle":")", words, "\"}");
    evidence.envelope = cat(R"({"envelope":")", words, "\"}");
    evidence.created = "2026-11-24T00:45:49Z";
    return evidence;
}

std::string EvidenceSetting::bundle_manifest(std::string const& words) {
    auto const one = evidence(words);
    registry.put_blob(one.bundle);
    return registry::bundle_manifest({registry.repository(),
                                      image.digest,
                                      std::string(image::media_type::oci_manifest),
                                      image.size_bytes},
                                     one);
}

image::Digest EvidenceSetting::put_bundle(std::string const& words) {
    return referrers.put(bundle_manifest(words));
}

void EvidenceSetting::lay(std::string const& words) {
    auto const one = evidence(words);
    auto const manifest = bundle_manifest(words);
    referrers.put(manifest);
    if (referrers.api != FakeReferrers::Api::native) {
        auto const index = registry::edit_fallback(std::nullopt, {{manifest}, {}}).value().value();
        referrers.overwrite(fallback(), index.bytes, index.media_type);
    }
    registry.put_blob(one.envelope);
    registry::AttestationEdit const edit{{{one.envelope, one.predicate_type, {}}}, {}};
    auto const tagged = registry::edit_attestations(std::nullopt, edit).value().value();
    referrers.overwrite(attestations(), tagged.bytes, tagged.media_type);
}

Result<std::vector<registry::Evidence>> EvidenceSetting::find(registry::EvidenceWish wish) {
    return world.run(registry::find_evidence(
        world.world, options, registry.at(image.digest), std::move(wish), limits, deadline()));
}

std::vector<std::string> EvidenceSetting::found(registry::EvidenceWish wish) {
    std::vector<std::string> bytes;
    for (auto const& one : find(std::move(wish)).value())
        bytes.push_back(one.bytes);
    return bytes;
}

Result<registry::Attached> EvidenceSetting::attach(registry::NewEvidence evidence) {
    return attach_all({std::move(evidence)});
}

Result<registry::Attached> EvidenceSetting::attach_all(std::vector<registry::NewEvidence> all) {
    registry::EvidenceSubject const subject{registry.repository(),
                                            image.digest,
                                            std::string(image::media_type::oci_manifest),
                                            image.size_bytes};
    registry::EvidenceChange change{std::move(all), is_stale, memory};
    return world.run(registry::attach_evidence(
        world.world, options, subject, std::move(change), limits, deadline()));
}

Deadline EvidenceSetting::deadline() const {
    return Deadline::after(world.clock, std::chrono::seconds(20));
}

std::string EvidenceSetting::fallback() const {
    return cat("sha256-", image.digest.hex());
}

std::string EvidenceSetting::attestations() const {
    return cat(fallback(), ".att");
}

std::size_t EvidenceSetting::writes() {
    std::size_t count = 0;
    auto const& all = registry.received();
    for (; seen_ < all.size(); ++seen_)
        count += all[seen_].method != "GET" && all[seen_].method != "HEAD" ? 1U : 0U;
    return count;
}

} // namespace clairgate::test
