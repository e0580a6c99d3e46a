#pragma once

#include <clairgate/io/world.hpp>
#include <clairgate/registry/evidence_place.hpp>
#include <clairgate/registry/referrers.hpp>
#include <clairgate/registry/verified.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::registry {

/// Reads evidence beside one manifest, within bounds. What is no evidence is left out and noted;
/// what could not be fetched is an error, since it may be what decides.
class EvidenceReader {
  public:
    using Note = std::function<void(std::string_view text)>;
    EvidenceReader(io::World& world,
                   Fetcher& fetcher,
                   image::Repository repository,
                   image::Digest subject,
                   EvidenceLimits limits,
                   Note note,
                   std::shared_ptr<EvidenceMemory> memory)
        : world_(world), fetcher_(fetcher), repository_(std::move(repository)),
          subject_(std::move(subject)), limits_(limits), note_(std::move(note)),
          memory_(std::move(memory)) {}

    /// Where the bundles of these referrers are: the manifest of each candidate is fetched. More
    /// candidates than `EvidenceLimits::referrers`: kind limit.
    io::Task<Result<std::vector<EvidencePlace>>> bundles(std::vector<Referrer> referrers,
                                                         Deadline deadline);
    /// What the fallback tag lists; nothing there, and nothing readable there, are no referrers.
    io::Task<Result<std::vector<Referrer>>> fallback_referrers(Deadline deadline);
    /// What the `.att` tag holds; nothing where there is none.
    io::Task<Result<std::optional<TagContent>>> attestations(Deadline deadline);
    /// Where the envelopes of what it holds are; nothing readable there are none.
    Result<std::vector<EvidencePlace>> envelopes(std::optional<TagContent> const& content) const;
    /// The evidence itself, in order. One that is larger than `EvidenceLimits::blob_bytes`, or than
    /// its descriptor says, is left out; all together beyond `total_bytes`: kind limit.
    io::Task<Result<std::vector<Evidence>>> fetch(std::vector<EvidencePlace> places,
                                                  Deadline deadline);

  private:
    io::Task<Result<std::optional<EvidencePlace>>> bundle_of(Referrer referrer, Deadline deadline);
    io::Task<Result<std::optional<Evidence>>> evidence_at(EvidencePlace place, Deadline deadline);
    io::Task<Result<Proven>>
    read(Store store, image::Digest digest, std::size_t bytes_max, Deadline deadline);
    Result<std::vector<EvidencePlace>> within_limits(std::vector<EvidencePlace> places) const;
    void note(std::string_view what, image::Digest const& digest, std::string_view why) const;

    io::World& world_;
    Fetcher& fetcher_;
    image::Repository repository_;
    image::Digest subject_;
    EvidenceLimits limits_;
    Note note_;
    std::shared_ptr<EvidenceMemory> memory_; // nothing where none is kept
};

} // namespace clairgate::registry
