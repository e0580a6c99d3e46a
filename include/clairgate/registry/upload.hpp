#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/fetch.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace clairgate::registry {

/// A manifest to be put, and under which condition.
struct ManifestWrite {
    std::string name; ///< a tag, or its digest
    std::string bytes;
    std::string media_type;
    std::string replaces;  ///< ETag of what the tag holds (If-Match), where the registry gives one
    bool is_first = false; ///< the tag holds nothing yet (If-None-Match)
};

/// What became of it.
struct ManifestWritten {
    image::Digest digest;
    bool has_subject = false; ///< the registry says that it will list it beside its subject
};

/// Writes to a registry (OCI distribution-spec v1.1, "Push"), with a token that allows it. Every
/// operation may be repeated: what is pushed is named by its content, and is retried like a pull.
class Uploader {
  public:
    Uploader(io::World& world, Options const& options)
        : world_(world), options_(options), fetcher_(world, options, Rights::push) {}

    /// Puts a blob unless the registry has it already: HEAD, POST for a place, one PUT with all
    /// bytes; in chunks where the registry, or a proxy before it, refuses that. The place must be
    /// on the registry's own origin. `mount_from` names a repository of the same registry which may
    /// have the blob ("" when none does): then no bytes are sent. Errors: denied (may not push, or
    /// a place elsewhere), not_found (no such repository), integrity (the registry states another
    /// digest), protocol, unreachable, timeout.
    io::Task<Result<void>> push_blob(image::Repository repository,
                                     std::string bytes,
                                     Deadline deadline,
                                     std::string mount_from = "");

    /// The same for bytes that were made just now, so that no registry can have them: it is asked
    /// only before another try.
    io::Task<Result<void>>
    push_new_blob(image::Repository repository, std::string bytes, Deadline deadline);

    /// Puts a manifest under `name` (a tag, or its digest) with exactly this media type, after the
    /// blobs it names. Gives its digest, which the registry must not contradict (kind integrity).
    /// Larger than `limits::manifest_bytes`: kind limit. Other errors as for a blob.
    io::Task<Result<image::Digest>> push_manifest(image::Repository repository,
                                                  std::string name,
                                                  std::string bytes,
                                                  std::string media_type,
                                                  Deadline deadline);

    /// The same with a condition; one that does not hold is an error with HTTP status 412.
    io::Task<Result<ManifestWritten>>
    write_manifest(image::Repository repository, ManifestWrite manifest, Deadline deadline);

    /// For reading what is there, with the same login.
    Fetcher& fetcher() { return fetcher_; }

  private:
    // Where the bytes of a blob go, and in pieces of which size at least.
    struct Place {
        io::Url url;
        std::size_t chunk_bytes_min = 0;
    };

    io::Task<Result<void>> push_blob_once(image::Repository repository,
                                          std::string bytes,
                                          std::string mount_from,
                                          Deadline deadline);
    io::Task<Result<void>> upload_blob(image::Repository repository,
                                       std::string bytes,
                                       std::string mount_from,
                                       Deadline deadline);
    io::Task<Result<void>>
    push_chunks(image::Repository repository, std::string const& bytes, Deadline deadline);
    io::Task<Result<void>> end_upload(image::Repository repository,
                                      io::Url place,
                                      image::Digest digest,
                                      Deadline deadline);
    io::Task<Result<std::optional<Place>>>
    upload_place(image::Repository repository, std::string query, Deadline deadline);
    io::Task<Result<ManifestWritten>>
    write_manifest_once(image::Repository repository, ManifestWrite manifest, Deadline deadline);
    Error refused(io::Response const& answer,
                  std::string_view method,
                  image::Repository const& repository) const;

    io::World& world_;
    Options const& options_;
    Fetcher fetcher_;
};

} // namespace clairgate::registry
