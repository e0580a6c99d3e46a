#pragma once

#include <clairgate/registry/evidence.hpp>

#include <registry/fake_referrers.hpp>
#include <string>
#include <support/test_world.hpp>
#include <vector>

namespace clairgate::test {

/// One image in a registry, beside which evidence is found and put.
struct EvidenceSetting {
    explicit EvidenceSetting(FakeReferrers::Api api = FakeReferrers::Api::native);

    /// Evidence whose bundle and envelope say `words`.
    static registry::NewEvidence evidence(std::string const& words);
    /// A bundle's manifest beside our image, whose blob is there too.
    std::string bundle_manifest(std::string const& words);
    /// A bundle of somebody else, as a referrer that is listed natively.
    image::Digest put_bundle(std::string const& words);

    /// Lays both forms of it there, in place of all others, without a request.
    void lay(std::string const& words);

    Result<std::vector<registry::Evidence>> find(registry::EvidenceWish wish = {});
    /// The bytes that are found, in order.
    std::vector<std::string> found(registry::EvidenceWish wish = {});
    Result<registry::Attached> attach(registry::NewEvidence evidence);
    Result<registry::Attached> attach_all(std::vector<registry::NewEvidence> all);
    Deadline deadline() const;
    std::string fallback() const;     ///< the name of the tag
    std::string attestations() const; ///< the name of the tag
    /// How many requests that change something came since the last time.
    std::size_t writes();

    TestWorld world;
    FakeRegistry registry;
    FakeUploads uploads{registry};
    FakeReferrers referrers{registry, uploads};
    FakeRegistry::Put image = registry.put_image("linux", "amd64");
    registry::Options options;
    registry::EvidenceLimits limits;
    /// Which evidence is replaced; asked with the bytes.
    std::function<bool(registry::Evidence const&)> is_stale;
    std::shared_ptr<registry::EvidenceMemory> memory;

  private:
    std::size_t seen_ = 0;
};

} // namespace clairgate::test
