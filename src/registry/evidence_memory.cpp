#include <clairgate/registry/evidence_memory.hpp>

namespace clairgate::registry {

void EvidenceMemory::keep(image::Digest const& digest, Proven const& known) {
    if (known.bytes.size() > bytes_left_)
        return;
    if (known_.emplace(digest, known).second)
        bytes_left_ -= known.bytes.size();
}

std::optional<Proven> EvidenceMemory::find(image::Digest const& digest) const {
    auto const found = known_.find(digest);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

} // namespace clairgate::registry
