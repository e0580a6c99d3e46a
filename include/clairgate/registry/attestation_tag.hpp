#pragma once

#include <clairgate/image/digest.hpp>
#include <clairgate/registry/evidence_place.hpp>
#include <clairgate/registry/tag_edit.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The manifest of the tag `sha256-<hex>.att`: an image whose layers are DSSE envelopes, as cosign
/// 1 and 2 write and read it.
namespace clairgate::registry {

/// The tag's name, or nothing where a digest is too long for one.
std::optional<std::string> attestation_tag(image::Digest const& subject);

/// The layers that are envelopes, in order. Kind protocol: no image manifest, or a layer that
/// cannot be read; kind limit: more than `limits::layers` layers.
Result<std::vector<EvidencePlace>> parse_attestations(TagContent const& content);

/// One layer that is to be there; its blob is pushed already.
struct EnvelopeLayer {
    std::string envelope; ///< its bytes
    std::string predicate_type;
    std::map<std::string, std::string> annotations; ///< beside those that every layer has
};

/// What becomes of the tag.
struct AttestationEdit {
    std::vector<EnvelopeLayer> added;
    std::set<image::Digest> removed; ///< envelopes
};

/// The edited manifest, with a config that fits its layers; layers of others stay as they are.
/// Nothing when there is nothing to change. Kind protocol: the tag holds something else, which is
/// not overwritten; kind limit: no room for another layer.
Result<std::optional<TagUpdate>> edit_attestations(std::optional<TagContent> const& content,
                                                   AttestationEdit const& edit);

} // namespace clairgate::registry
