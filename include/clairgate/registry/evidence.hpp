#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/evidence_memory.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Attestations beside an image: Sigstore bundles as OCI 1.1 referrers (distribution-spec v1.1,
/// "Listing Referrers", with the fallback tag), and cosign's older `sha256-….att` tag.
namespace clairgate::registry {

/// In which form something is kept.
enum class EvidenceForm {
    bundle,  ///< a referrer that holds one Sigstore bundle
    envelope ///< one layer of the `.att` tag: a DSSE envelope
};

/// What one place beside an image holds; nothing in it is verified but its digest.
struct Evidence {
    EvidenceForm form = EvidenceForm::bundle;
    std::string bytes;          ///< JSON of the bundle or envelope
    image::Digest manifest;     ///< that carries it
    image::Digest blob;         ///< of `bytes`
    std::string predicate_type; ///< as annotated; "" when not said; not to be believed
    std::map<std::string, std::string>
        annotations; ///< of the layer, for an envelope (certificate…)
};

/// Bounds of one look: what an attacker who may push can make us read.
struct EvidenceLimits {
    std::size_t referrers = 256; ///< that look like bundles; more is kind limit
    std::size_t blob_bytes = std::size_t{128}
                             << 20U; ///< of one piece of evidence (cosign's own cap)
    std::size_t total_bytes = std::size_t{512} << 20U; ///< of all of one look
};

/// All evidence for repository@digest: referrers of the bundle's artifact type (native API, all its
/// pages, filtered again here; else the fallback tag), and the layers of `.att`. Descriptors of an
/// index are not believed: each manifest is fetched and must have exactly one layer of a bundle's
/// type and, when it names a subject, ours. What is no bundle, too large (`note` tells) or gone is
/// left out; what cannot be fetched for another reason is an error. `wants` says by the annotated
/// predicate type ("" when unknown) whether the bytes are worth fetching.
struct EvidenceWish {
    bool is_bundle_wanted = true;
    bool is_envelope_wanted = true;
    std::function<bool(std::string_view predicate_type)> wants;
    std::function<void(std::string_view text)> note;
    std::shared_ptr<EvidenceMemory> memory = nullptr; ///< of this run; nothing: none is kept
};
io::Task<Result<std::vector<Evidence>>> find_evidence(io::World& world,
                                                      Options options,
                                                      image::Reference reference,
                                                      EvidenceWish wish,
                                                      EvidenceLimits limits,
                                                      Deadline deadline);

/// What is put beside an image.
struct NewEvidence {
    std::string predicate_type;
    std::string bundle;   ///< JSON; "" when only an envelope is wanted
    std::string envelope; ///< JSON; "" when only a bundle is wanted
    std::string created;  ///< RFC 3339, for the manifest's annotation
    std::map<std::string, std::string> envelope_annotations; ///< certificate and log entry, if any
};

/// The manifest that evidence is put beside: an image manifest or an index, as it is in the
/// registry.
struct EvidenceSubject {
    image::Repository repository;
    image::Digest digest;
    std::string media_type;
    std::uint64_t size_bytes = 0;
};

/// What becomes of the evidence beside one manifest.
struct EvidenceChange {
    std::vector<NewEvidence> added; ///< at least one, each of another predicate type
    /// Which other evidence, annotated with the predicate type of an added one, is replaced; none
    /// where this is empty.
    std::function<bool(Evidence const&)> is_stale = nullptr;
    std::shared_ptr<EvidenceMemory> memory = nullptr; ///< of this run; nothing: none is kept
    bool may_be_stored = true; ///< the registry may have these very bytes already
};

/// What became of an attachment.
struct Attached {
    std::vector<std::string> places; ///< "repository@sha256:… (referrer)", "….att"
    std::size_t pruned = 0;          ///< stale evidence of ours that is gone
    /// Stale evidence that stays, since the registry forbids deleting; evidence that the registry's
    /// own listing leaves out.
    std::vector<std::string> warnings;
};

/// Attaches evidence: pushes the blobs, then the referrers by digest; those that the registry did
/// not list natively afterwards (asked, since an OCI-Subject header alone is not proof) are added
/// to the fallback tag: read, append, write, read again, until the entries stand (a writer that
/// came between is merged with, not overwritten). The envelopes are appended to `.att` the same
/// way, at the same time. Attaching the same bytes again changes nothing. `is_stale` decides, for
/// each other piece of evidence, whether it is ours and replaced; it is asked with the fetched
/// bytes, and must order what is ours (by time, say), or two writers at once remove each other's.
/// Stale referrers leave the fallback tag and are deleted, stale layers leave `.att`, in both forms
/// whichever is attached. Everything written is read back and compared (kind integrity).
/// A tag that may not be changed is an error whose remedy names --storage bundle.
/// Errors: denied (may not push), limit, protocol, unreachable, timeout, integrity.
io::Task<Result<Attached>> attach_evidence(io::World& world,
                                           Options options,
                                           EvidenceSubject subject,
                                           EvidenceChange change,
                                           EvidenceLimits limits,
                                           Deadline deadline);

} // namespace clairgate::registry
