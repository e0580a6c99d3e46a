#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/fetch.hpp>

#include <string>

namespace clairgate::registry {

/// What became of a manifest that was to be deleted.
struct Deletion {
    bool is_gone = false;
    std::string reason; ///< why the registry keeps it
};

/// Deletes a manifest by digest (OCI distribution-spec v1.1, "Deleting Manifests"); one that is not
/// there is gone. That a registry does not delete, or not for us, is an outcome. `fetcher` has
/// `Rights::remove`. Kinds unreachable, timeout, those of the exchange.
io::Task<Result<Deletion>> delete_manifest(io::World& world,
                                           Fetcher& fetcher,
                                           image::Repository repository,
                                           image::Digest digest,
                                           Deadline deadline);

} // namespace clairgate::registry
