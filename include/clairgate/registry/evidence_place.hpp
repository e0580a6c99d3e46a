#pragma once

#include <clairgate/image/digest.hpp>
#include <clairgate/registry/evidence.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace clairgate::registry {

/// Where one piece of evidence is, as the manifest that carries it says: `Evidence` before its
/// bytes are fetched.
struct EvidencePlace {
    EvidenceForm form = EvidenceForm::bundle;
    image::Digest manifest;
    image::Digest blob;
    std::uint64_t size_bytes = 0;
    std::string predicate_type;
    std::map<std::string, std::string> annotations;
};

} // namespace clairgate::registry
