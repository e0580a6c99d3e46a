#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/fetch.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::registry {

/// Which of a repository's two stores something is named in by its digest.
enum class Store { manifests, blobs };

/// Fetches what has this digest, retried, each byte proven. Kinds integrity (other bytes),
/// not_found, limit (more than `bytes_max`), those of the exchange.
io::Task<Result<io::Response>> fetch_verified(io::World& world,
                                              Fetcher& fetcher,
                                              image::Repository repository,
                                              Store store,
                                              image::Digest digest,
                                              std::size_t bytes_max,
                                              Deadline deadline);

/// What a tag holds at one moment.
struct TagContent {
    std::string bytes;
    std::string media_type; ///< as the registry says; "" when it does not
    std::string etag;       ///< strong, with its quotes; "" when there is none
};

/// Fetches what the tag holds now, retried, or nothing (404). Kind integrity: the registry states
/// another digest than the bytes have.
io::Task<Result<std::optional<TagContent>>> read_tag(io::World& world,
                                                     Fetcher& fetcher,
                                                     image::Repository repository,
                                                     std::string tag,
                                                     Deadline deadline);

} // namespace clairgate::registry
