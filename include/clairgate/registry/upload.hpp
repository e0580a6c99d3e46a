#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/fetch.hpp>

#include <string>

namespace clairgate::registry {

/// Writes to a registry (OCI distribution-spec v1.1, "Push"), with a token that allows it. Every
/// operation may be repeated: what is pushed is named by its content, and is retried like a pull.
class Uploader {
  public:
    Uploader(io::World& world, Options const& options)
        : world_(world), options_(options), fetcher_(world, options, Rights::push) {}

    /// Puts a blob unless the registry has it already: HEAD, POST for a place, one PUT with all
    /// bytes. The place must be on the registry's own origin. Errors: denied (may not push, or a
    /// place elsewhere), not_found (no such repository), integrity (the registry states another
    /// digest), protocol, unreachable, timeout.
    io::Task<Result<void>>
    push_blob(image::Repository repository, std::string bytes, Deadline deadline);

    /// Puts a manifest under `name` (a tag, or its digest) with exactly this media type, after the
    /// blobs it names. Gives its digest, which the registry must not contradict (kind integrity).
    /// Larger than `limits::manifest_bytes`: kind limit. Other errors as for a blob.
    io::Task<Result<image::Digest>> push_manifest(image::Repository repository,
                                                  std::string name,
                                                  std::string bytes,
                                                  std::string media_type,
                                                  Deadline deadline);

  private:
    io::Task<Result<void>>
    push_blob_once(image::Repository repository, std::string bytes, Deadline deadline);
    io::Task<Result<io::Url>> upload_place(image::Repository repository, Deadline deadline);
    io::Task<Result<image::Digest>> push_manifest_once(image::Repository repository,
                                                       std::string name,
                                                       std::string bytes,
                                                       std::string media_type,
                                                       Deadline deadline);
    Error refused(io::Response const& answer,
                  std::string_view method,
                  image::Repository const& repository) const;

    io::World& world_;
    Options const& options_;
    Fetcher fetcher_;
};

} // namespace clairgate::registry
