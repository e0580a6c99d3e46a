#pragma once

#include <clairgate/image/digest.hpp>
#include <clairgate/registry/evidence_place.hpp>

#include <string>
#include <string_view>

/// The manifest that carries one Sigstore bundle beside an image, as cosign 3 writes and reads it.
namespace clairgate::registry {

inline constexpr std::string_view bundle_type = "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr std::string_view bundle_type_prefix = "application/vnd.dev.sigstore.bundle";
/// The config of a manifest that needs none (image-spec v1.1, "Guidance for an Empty Descriptor").
inline constexpr std::string_view empty_config = "{}";

/// The manifest's bytes: empty config, one layer, the subject, and the annotations that tell a
/// reader what is in the bundle.
std::string bundle_manifest(EvidenceSubject const& subject, NewEvidence const& evidence);

/// Reads a manifest whose digest was verified. Kind protocol, with the reason, for what carries no
/// bundle: another media type (of the manifest, as artifact, of its layer), not exactly one layer,
/// another subject than `subject`. `media_type` is the registry's header ("" if none).
Result<EvidencePlace> parse_bundle_manifest(std::string_view bytes,
                                            std::string_view media_type,
                                            image::Digest const& digest,
                                            image::Digest const& subject);

} // namespace clairgate::registry
