#pragma once

#include <clairgate/clair/client.hpp>
#include <clairgate/clair/decode.hpp>
#include <clairgate/clair/exchange.hpp>
#include <clairgate/image/subject.hpp>
#include <clairgate/registry/client.hpp>

#include <string>
#include <string_view>

namespace clairgate::clair {

/// The body of POST index_report: layers base first, each with its registry URL and what fetches
/// it. Kinds config (a Basic password that may not be posted, a broken --layer-host).
Result<std::string> manifest_json(Options const& options,
                                  registry::PullAccess const& access,
                                  image::Manifest const& manifest);

/// What is to be done after Clair refused or failed to index.
enum class IndexFailure {
    credentials, ///< the registry refused Clair: a fresh token, then again
    missing,     ///< a layer is not there (yet)
    corrupt,     ///< a layer does not have its digest
    passing,     ///< anything that may go away by itself
    permanent    ///< trying again changes nothing
};
struct IndexVerdict {
    IndexFailure failure;
    Error error; ///< what to say when it stays
};
/// Reads the only discriminator Clair offers: the text of its error (clair.md section 8).
IndexVerdict classify_index_failure(int status, std::string_view body, Error fallback);

/// Has Clair index one manifest and returns when its stored report is finished and successful. The
/// POST is held by Clair; the stored report is polled meanwhile, since waiters on one digest sit on
/// a lock for seconds after it is done.
io::Task<Result<void>> index_manifest(Exchange const& exchange,
                                      registry::Client& registry,
                                      image::Repository const& repository,
                                      image::Manifest const& manifest,
                                      Progress const& progress,
                                      Deadline deadline);

/// The stored index report, or nothing (404).
io::Task<Result<std::optional<IndexReport>>>
stored_index_report(Exchange const& exchange, image::Digest manifest, Deadline deadline);

} // namespace clairgate::clair
