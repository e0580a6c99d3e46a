#pragma once

#include <clairgate/io/world.hpp>
#include <clairgate/registry/evidence_reader.hpp>
#include <clairgate/registry/upload.hpp>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::registry {

/// One attachment (see `attach_evidence`), step by step: each may be the last one before the
/// process is killed, and all may be done again. Refers to what it is given.
class Attachment {
  public:
    Attachment(io::World& world,
               Options const& options,
               EvidenceSubject const& subject,
               NewEvidence const& evidence,
               std::function<bool(Evidence const&)> const& is_stale,
               EvidenceLimits const& limits,
               Deadline deadline)
        : world_(world), uploader_(world, options), remover_(world, options, Rights::remove),
          reader_(world, uploader_.fetcher(), subject.repository, subject.digest, limits, nullptr),
          subject_(subject), evidence_(evidence), is_stale_(is_stale), deadline_(deadline) {}

    io::Task<Result<Attached>> run();

  private:
    io::Task<Result<void>> look();
    io::Task<Result<void>> choose_stale();
    io::Task<Result<void>> attach_bundle();
    io::Task<Result<void>> push_bundle();
    io::Task<Result<bool>> is_listed_natively();
    io::Task<Result<void>> attach_envelope();
    io::Task<Result<void>> prune_fallback();
    io::Task<Result<void>> prune_envelopes();
    io::Task<Result<void>> delete_stale();
    io::Task<Result<void>> read_back();
    io::Task<Result<void>> edit_fallback_tag(std::string added);
    io::Task<Result<void>> edit_attestation_tag(std::string added);
    io::Task<Result<void>> check_stored(Store store, std::string const& bytes);
    std::string place_of(image::Digest const& manifest) const;
    void keep(image::Digest const& manifest, std::string_view reason);

    io::World& world_;
    Uploader uploader_;
    Fetcher remover_;
    EvidenceReader reader_;
    EvidenceSubject const& subject_;
    NewEvidence const& evidence_;
    std::function<bool(Evidence const&)> const& is_stale_;
    Deadline deadline_;

    // What was there before.
    bool has_native_ = false;
    std::set<image::Digest> native_, fallback_;
    std::vector<EvidencePlace> bundles_, envelopes_;
    std::set<image::Digest> stale_manifests_, stale_envelopes_;
    // What is there now.
    std::string manifest_bytes_; // of the bundle's manifest
    bool has_subject_ = false;   // the registry said that it lists the bundle itself
    bool is_in_fallback_ = false;
    bool stays_in_fallback_ = false; // the stale ones, since that tag may not be changed
    Attached attached_;
};

/// Whether a registry refused to change a tag, as those with immutable tags do.
bool is_tag_refusal(Error const& error);

} // namespace clairgate::registry
