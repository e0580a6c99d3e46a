#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/attachment.hpp>
#include <clairgate/registry/attestation_tag.hpp>
#include <clairgate/registry/bundle_manifest.hpp>
#include <clairgate/registry/fallback_index.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace clairgate::registry {

namespace {

constexpr int looks_max = 3; // at a listing that may lag behind what it was told
constexpr Duration look_again = std::chrono::milliseconds(300);

// The error of an edit, with the way round it where it is the refusal to change a tag.
Error tag_failed(Error error, std::string_view remedy) {
    if (!is_tag_refusal(error))
        return error;
    return std::move(error)
        .with_context("the registry does not let the tag be changed")
        .with_remedy(std::string(remedy));
}

std::set<image::Digest> digests_of(std::vector<Referrer> const& referrers) {
    std::set<image::Digest> digests;
    for (auto const& referrer : referrers)
        digests.insert(referrer.digest);
    return digests;
}

Result<void> check_new(NewEvidence const& evidence, EvidenceLimits const& limits) {
    if (evidence.bundle.empty() && evidence.envelope.empty())
        return Error(ErrorKind::usage, "there is no evidence to attach");
    auto const largest = std::max(evidence.bundle.size(), evidence.envelope.size());
    if (largest > limits.blob_bytes)
        return Error(ErrorKind::limit,
                     cat("evidence of ", largest, " bytes; readers take ", limits.blob_bytes));
    return ok();
}

} // namespace

bool is_tag_refusal(Error const& error) {
    constexpr std::array statuses = {400, 403, 405, 409, 412};
    auto const status = error.http_status().value_or(0);
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

io::Task<Result<Attached>> Attachment::run() {
    CO_TRY_VOID(co_await look());
    CO_TRY_VOID(co_await choose_stale());
    if (!evidence_.bundle.empty())
        CO_TRY_VOID(co_await attach_bundle());
    if (!evidence_.envelope.empty())
        CO_TRY_VOID(co_await attach_envelope());
    CO_TRY_VOID(co_await prune_fallback());
    CO_TRY_VOID(co_await prune_envelopes());
    CO_TRY_VOID(co_await delete_stale());
    CO_TRY_VOID(co_await read_back());
    co_return std::move(attached_);
}

// Both listings: what an older registry left in the tag is replaced too.
io::Task<Result<void>> Attachment::look() {
    auto& fetcher = uploader_.fetcher();
    CO_TRY(auto native,
           co_await native_referrers(
               world_, fetcher, subject_.repository, subject_.digest, deadline_));
    CO_TRY(auto by_tag, co_await reader_.fallback_referrers(deadline_));
    has_native_ = native.has_value();
    auto all = native ? std::move(*native) : std::vector<Referrer>();
    native_ = digests_of(all);
    fallback_ = digests_of(by_tag);
    std::copy_if(by_tag.begin(), by_tag.end(), std::back_inserter(all), [&](auto const& one) {
        return !native_.contains(one.digest);
    });
    CO_TRY(bundles_, co_await reader_.bundles(std::move(all), deadline_));
    if (!is_stale_) // adding one needs no look at the others
        co_return ok();
    CO_TRY(envelopes_, co_await reader_.envelopes(deadline_));
    co_return ok();
}

io::Task<Result<void>> Attachment::attach_bundle() {
    auto const blob = image::Digest::of(evidence_.bundle);
    auto const known = std::find_if(
        bundles_.begin(), bundles_.end(), [&](auto const& place) { return place.blob == blob; });
    if (known == bundles_.end()) {
        CO_TRY_VOID(co_await push_bundle());
    } else { // under another manifest perhaps: the time of its making is no difference
        CO_TRY(auto answer,
               co_await fetch_verified(world_,
                                       uploader_.fetcher(),
                                       subject_.repository,
                                       Store::manifests,
                                       known->manifest,
                                       limits::manifest_bytes,
                                       deadline_));
        manifest_bytes_ = std::move(answer.body);
    }
    auto const digest = image::Digest::of(manifest_bytes_);
    CO_TRY(bool const is_native, co_await is_listed_natively());
    if (is_native) {
        attached_.places.push_back(cat(place_of(digest), " (referrer)"));
        co_return ok();
    }
    is_in_fallback_ = true;
    CO_TRY_VOID(co_await edit_fallback_tag(manifest_bytes_));
    attached_.places.push_back(cat(
        place_of(digest), " (referrer, listed by the tag ", fallback_tag(subject_.digest), ")"));
    if (has_native_)
        attached_.warnings.push_back(
            cat("the registry has the referrers API and does not list ", place_of(digest)));
    co_return ok();
}

io::Task<Result<void>> Attachment::push_bundle() {
    auto const& repository = subject_.repository;
    manifest_bytes_ = bundle_manifest(subject_, evidence_);
    CO_TRY_VOID(co_await uploader_.push_blob(repository, std::string(empty_config), deadline_));
    CO_TRY_VOID(co_await uploader_.push_blob(repository, evidence_.bundle, deadline_));
    ManifestWrite write{image::Digest::of(manifest_bytes_).text(),
                        manifest_bytes_,
                        std::string(image::media_type::oci_manifest),
                        "",
                        false};
    CO_TRY(auto const written,
           co_await uploader_.write_manifest(repository, std::move(write), deadline_));
    has_subject_ = written.has_subject;
    co_return ok();
}

// Asked, not believed: registries have echoed OCI-Subject without having the API.
io::Task<Result<bool>> Attachment::is_listed_natively() {
    auto const digest = image::Digest::of(manifest_bytes_);
    if (native_.contains(digest))
        co_return true;
    if (!has_native_ && !has_subject_)
        co_return false;
    for (int look = 1;; ++look) {
        CO_TRY(auto const listed,
               co_await native_referrers(
                   world_, uploader_.fetcher(), subject_.repository, subject_.digest, deadline_));
        has_native_ = listed.has_value();
        if (!listed)
            co_return false;
        if (digests_of(*listed).contains(digest))
            co_return true;
        if (!has_subject_ || look == looks_max)
            co_return false;
        auto const share = world_.random() * static_cast<double>(look_again.count());
        CO_TRY_VOID(co_await io::sleep_for(Duration(static_cast<Duration::rep>(share))));
    }
}

io::Task<Result<void>> Attachment::attach_envelope() {
    auto const tag = attestation_tag(subject_.digest);
    if (!tag)
        co_return Error(ErrorKind::usage, "a sha512 digest has no .att tag")
            .with_remedy("--storage bundle needs none");
    CO_TRY_VOID(co_await uploader_.push_blob(subject_.repository, evidence_.envelope, deadline_));
    CO_TRY_VOID(co_await edit_attestation_tag(evidence_.envelope));
    attached_.places.push_back(cat(subject_.repository.text(), ":", *tag));
    co_return ok();
}

// Adding and removing is one write, so that no moment has neither the old nor the new.
io::Task<Result<void>> Attachment::edit_fallback_tag(std::string added) {
    FallbackEdit const what{std::move(added), stale_manifests_};
    TagEdit const edit = [&](std::optional<TagContent> const& content) {
        return edit_fallback(content, what);
    };
    auto const tag = fallback_tag(subject_.digest);
    auto edited = co_await edit_tag(world_, uploader_, subject_.repository, tag, edit, deadline_);
    if (!edited.has_value())
        co_return tag_failed(edited.error(),
                             cat("let the tag ",
                                 tag,
                                 " be changed: without the referrers API of the registry, "
                                 "--storage bundle needs it too"));
    co_return ok();
}

io::Task<Result<void>> Attachment::edit_attestation_tag(std::string added) {
    AttestationEdit const what{std::move(added),
                               evidence_.predicate_type,
                               evidence_.envelope_annotations,
                               stale_envelopes_};
    TagEdit const edit = [&](std::optional<TagContent> const& content) {
        return edit_attestations(content, what);
    };
    auto const tag = attestation_tag(subject_.digest).value_or("");
    auto edited = co_await edit_tag(world_, uploader_, subject_.repository, tag, edit, deadline_);
    if (!edited.has_value())
        co_return tag_failed(
            edited.error(),
            cat("--storage bundle does without the tag, or let ", tag, " be changed"));
    co_return ok();
}

// Both tags once more: what another writer overwrote meanwhile is written again.
io::Task<Result<void>> Attachment::read_back() {
    if (!evidence_.bundle.empty()) {
        CO_TRY_VOID(co_await check_stored(Store::manifests, manifest_bytes_));
        CO_TRY_VOID(co_await check_stored(Store::blobs, evidence_.bundle));
    }
    if (is_in_fallback_)
        CO_TRY_VOID(co_await edit_fallback_tag(manifest_bytes_));
    if (!evidence_.envelope.empty()) {
        CO_TRY_VOID(co_await check_stored(Store::blobs, evidence_.envelope));
        CO_TRY_VOID(co_await edit_attestation_tag(evidence_.envelope));
    }
    co_return ok();
}

io::Task<Result<void>> Attachment::check_stored(Store store, std::string const& bytes) {
    auto const digest = image::Digest::of(bytes);
    auto const answer = co_await fetch_verified(
        world_, uploader_.fetcher(), subject_.repository, store, digest, bytes.size(), deadline_);
    if (answer.has_value())
        co_return ok();
    auto const kind = answer.error().kind();
    if (kind == ErrorKind::not_found || kind == ErrorKind::limit)
        co_return Error(ErrorKind::integrity,
                        cat("the registry took ", digest.text(), " and does not serve it"));
    co_return answer.error();
}

std::string Attachment::place_of(image::Digest const& manifest) const {
    return cat(subject_.repository.text(), "@", manifest.text());
}

io::Task<Result<Attached>> attach_evidence(io::World& world,
                                           Options options,
                                           EvidenceSubject subject,
                                           NewEvidence evidence,
                                           std::function<bool(Evidence const&)> is_stale,
                                           EvidenceLimits limits,
                                           Deadline deadline) {
    CO_TRY_VOID(check_new(evidence, limits));
    Attachment attachment(world, options, subject, evidence, is_stale, limits, deadline);
    auto attached = co_await attachment.run();
    co_return std::move(attached).with_context(
        cat("attaching evidence to ", subject.repository.text(), "@", subject.digest.text()));
}

} // namespace clairgate::registry
