#pragma once

#include <clairgate/io/world.hpp>
#include <clairgate/registry/attestation_tag.hpp>
#include <clairgate/registry/evidence_reader.hpp>
#include <clairgate/registry/upload.hpp>

#include <optional>
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
               EvidenceChange const& change,
               EvidenceLimits const& limits,
               Deadline deadline)
        : world_(world), uploader_(world, options), remover_(world, options, Rights::remove),
          reader_(world,
                  uploader_.fetcher(),
                  subject.repository,
                  subject.digest,
                  limits,
                  nullptr,
                  change.memory),
          subject_(subject), change_(change), deadline_(deadline) {}

    io::Task<Result<Attached>> run();

  private:
    // What was there before.
    io::Task<Result<void>> look();
    io::Task<Result<void>> look_at_native();
    io::Task<Result<void>> look_at_fallback();
    io::Task<Result<void>> look_at_envelopes();
    io::Task<Result<void>> choose_stale();

    // The new ones; the two forms know nothing of each other and are attached side by side.
    io::Task<Result<void>> attach_bundles();
    io::Task<Result<void>> list_bundles();
    io::Task<Result<void>> push_manifest(std::string manifest);
    io::Task<Result<std::optional<std::string>>> known_manifest(std::string bundle);
    io::Task<Result<std::set<image::Digest>>> listed_natively();
    io::Task<Result<void>> attach_envelopes();
    io::Task<Result<void>> push_blobs(std::vector<std::string> blobs);
    io::Task<Result<void>> check_stored(Store store, std::string bytes);
    io::Task<Result<void>> edit_fallback_tag(std::vector<std::string> added);
    io::Task<Result<void>> edit_attestation_tag(std::vector<EnvelopeLayer> added);
    void tell_places();

    // The stale ones.
    io::Task<Result<void>> prune_fallback();
    io::Task<Result<void>> prune_envelopes();
    io::Task<Result<void>> delete_stale();
    io::Task<Result<void>> settle();
    io::Task<Result<void>> settle_fallback();
    io::Task<Result<void>> settle_envelopes();
    std::string place_of(image::Digest const& manifest) const;
    void keep(image::Digest const& manifest, std::string_view reason);

    io::World& world_;
    Uploader uploader_;
    Fetcher remover_;
    EvidenceReader reader_;
    EvidenceSubject const& subject_;
    EvidenceChange const& change_;
    Deadline deadline_;

    // What was there before.
    bool has_native_ = false;
    std::vector<Referrer> referrers_, tagged_referrers_; // by the registry's word and by the tag's
    std::set<image::Digest> native_, fallback_;          // their digests
    std::optional<TagContent> tagged_;                   // `.att`
    std::vector<EvidencePlace> bundles_, envelopes_;
    std::set<image::Digest> stale_manifests_, stale_envelopes_;
    // What is there now.
    std::vector<std::string> bundles_added_, manifests_; // the new bundles, and what names each
    bool has_subject_ = false;          // the registry said that it lists them itself
    std::vector<std::string> unlisted_; // of them: those that only the fallback tag lists
    std::vector<EnvelopeLayer> layers_; // of the new envelopes
    bool stays_in_fallback_ = false;    // the stale ones, since that tag may not be changed
    Attached attached_;
};

/// Whether a registry refused to change a tag, as those with immutable tags do.
bool is_tag_refusal(Error const& error);

} // namespace clairgate::registry
