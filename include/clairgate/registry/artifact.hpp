#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/client.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Files kept in a registry as an OCI artifact (image-spec v1.1, "Guidelines for Artifact Usage"):
/// the empty config, one layer for each file, its name in `org.opencontainers.image.title`.
namespace clairgate::registry {

/// What tells one sort of artifact from another; both are compared exactly.
struct ArtifactKind {
    std::string artifact_type; ///< "application/vnd.clairgate.policy.v1"
    std::string layer_type;    ///< media type of every file
};

/// What one artifact may hold at most.
struct ArtifactLimits {
    std::size_t files = 0;
    std::size_t file_bytes = 0;
    std::size_t total_bytes = 0;
};

/// One file: a relative path, and its bytes.
struct NamedBlob {
    std::string title;
    std::string bytes;
    friend bool operator==(NamedBlob const&, NamedBlob const&) = default;
};

/// A file as the manifest announces it.
struct ArtifactLayer {
    std::string title;
    image::Digest digest;
    std::uint64_t size_bytes = 0;
};

/// Whether a title may name a file: components of [a-z0-9._@-] with '/' between them, none of them
/// "", "." or "..", at most 512 bytes.
bool is_artifact_title(std::string_view title);

/// The manifest's bytes: the same files give the same bytes, in whatever order they come.
std::string artifact_manifest(ArtifactKind const& kind, std::vector<NamedBlob> const& blobs);

/// The layers of an artifact's manifest, sorted by title. Refuses another type of artifact or
/// layer, an index, a config that is not the empty one, titles that name no file or come twice
/// (kind protocol), and what exceeds the limits (kind limit).
Result<std::vector<ArtifactLayer>> parse_artifact_manifest(std::string_view bytes,
                                                           ArtifactKind const& kind,
                                                           ArtifactLimits const& limits);

/// Fetches repository@digest and all its files, each byte proven by digest and size; sorted by
/// title. Nothing is fetched before the manifest as a whole is within the limits. Errors: those of
/// `parse_artifact_manifest` and of the exchanges; integrity for other bytes; usage without a
/// digest.
io::Task<Result<std::vector<NamedBlob>>> pull_artifact(io::World& world,
                                                       Options options,
                                                       image::Reference reference,
                                                       ArtifactKind kind,
                                                       ArtifactLimits limits,
                                                       Deadline deadline);

/// Pushes the files and then the manifest under the reference's tag; gives the manifest's digest.
/// Kind usage: no file, a title that names no file or comes twice, a reference without a tag or
/// with a digest. Kind limit: what `pull_artifact` would refuse.
io::Task<Result<image::Digest>> push_artifact(io::World& world,
                                              Options options,
                                              image::Reference reference,
                                              ArtifactKind kind,
                                              std::vector<NamedBlob> blobs,
                                              ArtifactLimits limits,
                                              Deadline deadline);

} // namespace clairgate::registry
