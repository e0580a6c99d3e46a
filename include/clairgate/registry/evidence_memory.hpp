#pragma once

#include <clairgate/image/digest.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace clairgate::registry {

/// Something that was fetched and proven to have its digest.
struct Proven {
    std::string bytes;
    std::string media_type; ///< as the registry said; "" when it did not
};

/// What one run has already read of the evidence beside an image, so that a second look fetches
/// only what is new. What has a digest never changes; whether it is still listed is asked anew each
/// time, and nothing is believed to be stored because it is remembered.
class EvidenceMemory {
  public:
    /// Nothing more is kept beyond `bytes_max` in all.
    explicit EvidenceMemory(std::size_t bytes_max = std::size_t{64} << 20U)
        : bytes_left_(bytes_max) {}

    /// `known` has been proven to have this digest.
    void keep(image::Digest const& digest, Proven const& known);
    std::optional<Proven> find(image::Digest const& digest) const;

  private:
    std::map<image::Digest, Proven> known_;
    std::size_t bytes_left_;
};

} // namespace clairgate::registry
