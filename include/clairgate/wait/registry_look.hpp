#pragma once

#include <clairgate/wait/sighting.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace clairgate::wait {

/// What one question to the registry gave.
struct RegistryLook {
    std::optional<image::Digest> digest;     ///< what it serves now
    bool is_absent = false;                  ///< it said 404; else it did not say anything useful
    std::string why;                         ///< why there is no digest, for people
    std::optional<std::int64_t> retry_after; ///< seconds, when it asked for a pause
};

/// Asks once whether the registry serves the tag or digest. What may pass (no connection, 5xx, 429,
/// a broken answer) is a look without a digest; what will not (denied, integrity, a certificate
/// that is not trusted) is an error.
io::Task<Result<RegistryLook>>
look_at_registry(Surroundings& surroundings, image::Reference reference, Deadline deadline);

/// When `announced` is not served: the digest of the manifest behind `tagged` whose image
/// configuration has that digest, which proves that an image ID was announced. Nothing when it
/// cannot be told; never an error.
io::Task<Result<std::optional<image::Digest>>> manifest_of_image_id(Surroundings& surroundings,
                                                                    image::Reference tagged,
                                                                    image::Digest announced,
                                                                    Deadline deadline);

/// What to do about an image ID in place of a digest.
inline constexpr char const* image_id_remedy =
    "--iidfile holds an image ID; the digest is in buildx's --metadata-file (with --push), in "
    "--digestfile of buildah, podman and skopeo, in kaniko's --digest-file";

} // namespace clairgate::wait
