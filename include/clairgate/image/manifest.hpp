#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/image/digest.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace clairgate::image {

namespace media_type {
inline constexpr std::string_view oci_index = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view oci_manifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view docker_list =
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view docker_manifest =
    "application/vnd.docker.distribution.manifest.v2+json";
} // namespace media_type

/// "os/architecture[/variant]"; empty members mean that nobody said.
struct Platform {
    std::string os;
    std::string architecture;
    std::string variant;
    /// "linux/amd64", "linux/arm/v7", or "unknown".
    std::string text() const;
    /// Parses OS/ARCH[/VARIANT]; kind usage.
    static Result<Platform> parse(std::string_view text);
    friend bool operator==(Platform const&, Platform const&) = default;
};

/// OCI image-spec descriptor.md.
struct Descriptor {
    std::string media_type;
    Digest digest;
    std::uint64_t size_bytes = 0;
    std::optional<Platform> platform;
    std::map<std::string, std::string> annotations;
};

/// An image manifest (OCI manifest.md, Docker schema 2). Layers base first.
struct Manifest {
    std::string media_type;
    Digest digest;
    Descriptor config;
    std::vector<Descriptor> layers;
    std::map<std::string, std::string> annotations;
    std::uint64_t size_bytes = 0; ///< of the document
};

/// An image index (OCI image-index.md, Docker manifest list). Nested indexes are kept as children.
struct Index {
    std::string media_type;
    Digest digest;
    std::vector<Descriptor> manifests;
    std::map<std::string, std::string> annotations;
    std::uint64_t size_bytes = 0; ///< of the document
};

using Document = std::variant<Manifest, Index>;

/// Decodes manifest bytes whose digest the caller has already verified to be `digest`.
/// `content_type` is the registry's header ("" if none); a `mediaType` in the document must agree
/// with it. Refuses, with the reason: schema 1, both `manifests` and `layers` (CVE-2021-41190),
/// members whose spelling a case-insensitive reader would take for another member, more than
/// `limits::layers` or `limits::platforms` entries, a bad digest or negative size, an artifact that
/// is no image (media type of the config or a layer of something else). A foreign layer is kept
/// like any other: its `urls` and a descriptor's `data` are never looked at, so what the registry
/// does not serve itself cannot be scanned. Kinds protocol, limit.
Result<Document>
parse_document(std::string_view bytes, std::string_view content_type, Digest const& digest);

/// Whether an index entry is no image: BuildKit's attestation (`vnd.docker.reference.type`), or
/// platform unknown/unknown.
bool is_attestation(Descriptor const& child);

} // namespace clairgate::image
