#include <clairgate/base/text.hpp>
#include <clairgate/io/side_by_side.hpp>
#include <clairgate/registry/attachment.hpp>
#include <clairgate/registry/fallback_index.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace clairgate::registry {

namespace {

// The error of an edit, with the way round it where it is the refusal to change a tag.
Error tag_failed(Error error, std::string_view remedy) {
    if (!is_tag_refusal(error))
        return error;
    return std::move(error)
        .with_context("the registry does not let the tag be changed")
        .with_remedy(std::string(remedy));
}

Result<void> check_new(std::vector<NewEvidence> const& added, EvidenceLimits const& limits) {
    if (added.empty())
        return Error(ErrorKind::usage, "there is no evidence to attach");
    for (auto const& evidence : added) {
        auto const largest = std::max(evidence.bundle.size(), evidence.envelope.size());
        if (largest == 0)
            return Error(ErrorKind::usage, "there is no evidence to attach");
        if (largest > limits.blob_bytes)
            return Error(ErrorKind::limit,
                         cat("evidence of ", largest, " bytes; readers take ", limits.blob_bytes));
    }
    return ok();
}

std::set<image::Digest> digests_of(std::vector<Referrer> const& referrers) {
    std::set<image::Digest> digests;
    for (auto const& referrer : referrers)
        digests.insert(referrer.digest);
    return digests;
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
    std::function<io::Task<Result<void>>(std::size_t)> const form = [&](std::size_t i) {
        return i == 0 ? attach_bundles() : attach_envelopes();
    };
    CO_TRY_VOID(co_await io::side_by_side(2, 2, form));
    tell_places();
    CO_TRY_VOID(co_await prune_fallback());
    CO_TRY_VOID(co_await prune_envelopes());
    CO_TRY_VOID(co_await settle());
    co_return std::move(attached_);
}

// Both listings: what an older registry left in the tag is replaced too.
io::Task<Result<void>> Attachment::look() {
    std::function<io::Task<Result<void>>(std::size_t)> const at = [&](std::size_t i) {
        return i == 0 ? look_at_native() : i == 1 ? look_at_fallback() : look_at_envelopes();
    };
    CO_TRY_VOID(co_await io::side_by_side(3, 3, at));
    native_ = digests_of(referrers_);
    fallback_ = digests_of(tagged_referrers_);
    std::copy_if(tagged_referrers_.begin(),
                 tagged_referrers_.end(),
                 std::back_inserter(referrers_),
                 [&](auto const& one) { return !native_.contains(one.digest); });
    CO_TRY(bundles_, co_await reader_.bundles(std::move(referrers_), deadline_));
    co_return ok();
}

io::Task<Result<void>> Attachment::look_at_native() {
    CO_TRY(auto native,
           co_await native_referrers(
               world_, uploader_.fetcher(), subject_.repository, subject_.digest, deadline_));
    has_native_ = native.has_value();
    if (native)
        referrers_ = std::move(*native);
    co_return ok();
}

io::Task<Result<void>> Attachment::look_at_fallback() {
    CO_TRY(tagged_referrers_, co_await reader_.fallback_referrers(deadline_));
    co_return ok();
}

io::Task<Result<void>> Attachment::look_at_envelopes() {
    CO_TRY(tagged_, co_await reader_.attestations(deadline_));
    CO_TRY(envelopes_, reader_.envelopes(tagged_));
    co_return ok();
}

// Adding and removing is one write, so that no moment has neither the old nor the new.
io::Task<Result<void>> Attachment::edit_fallback_tag(std::vector<std::string> added) {
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

io::Task<Result<void>> Attachment::edit_attestation_tag(std::vector<EnvelopeLayer> added) {
    AttestationEdit const what{std::move(added), stale_envelopes_};
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

// The stale ones go; both tags once more: what another writer overwrote meanwhile is written again.
io::Task<Result<void>> Attachment::settle() {
    std::function<io::Task<Result<void>>(std::size_t)> const part = [&](std::size_t i) {
        return i == 0 ? delete_stale() : i == 1 ? settle_fallback() : settle_envelopes();
    };
    co_return co_await io::side_by_side(3, 3, part);
}

io::Task<Result<void>> Attachment::settle_fallback() {
    if (unlisted_.empty())
        co_return ok();
    co_return co_await edit_fallback_tag(unlisted_);
}

io::Task<Result<void>> Attachment::settle_envelopes() {
    if (layers_.empty())
        co_return ok();
    co_return co_await edit_attestation_tag(layers_);
}

void Attachment::tell_places() {
    for (auto const& manifest : manifests_) {
        auto const place = place_of(image::Digest::of(manifest));
        bool const is_listed =
            std::find(unlisted_.begin(), unlisted_.end(), manifest) == unlisted_.end();
        auto const by_tag = cat(", listed by the tag ", fallback_tag(subject_.digest));
        attached_.places.push_back(cat(place, " (referrer", is_listed ? "" : by_tag, ")"));
        if (!is_listed && has_native_)
            attached_.warnings.push_back(
                cat("the registry has the referrers API and does not list ", place));
    }
    if (!layers_.empty())
        attached_.places.push_back(
            cat(subject_.repository.text(), ":", attestation_tag(subject_.digest).value_or("")));
}

std::string Attachment::place_of(image::Digest const& manifest) const {
    return cat(subject_.repository.text(), "@", manifest.text());
}

io::Task<Result<Attached>> attach_evidence(io::World& world,
                                           Options options,
                                           EvidenceSubject subject,
                                           EvidenceChange change,
                                           EvidenceLimits limits,
                                           Deadline deadline) {
    CO_TRY_VOID(check_new(change.added, limits));
    Attachment attachment(world, options, subject, change, limits, deadline);
    auto attached = co_await attachment.run();
    co_return std::move(attached).with_context(
        cat("attaching evidence to ", subject.repository.text(), "@", subject.digest.text()));
}

} // namespace clairgate::registry
