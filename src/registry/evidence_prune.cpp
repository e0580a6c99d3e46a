#include <clairgate/base/text.hpp>
#include <clairgate/registry/attachment.hpp>
#include <clairgate/registry/delete.hpp>

#include <algorithm>
#include <iterator>

namespace clairgate::registry {

io::Task<Result<void>> Attachment::choose_stale() {
    if (!change_.is_stale)
        co_return ok();
    std::set<std::string> types;
    std::set<image::Digest> added;
    for (auto const& evidence : change_.added) {
        types.insert(evidence.predicate_type);
        added.insert(image::Digest::of(evidence.bundle));
        added.insert(image::Digest::of(evidence.envelope));
    }
    std::vector<EvidencePlace> others;
    for (auto const* const places : {&bundles_, &envelopes_})
        std::copy_if(
            places->begin(), places->end(), std::back_inserter(others), [&](auto const& place) {
                return types.contains(place.predicate_type) && !added.contains(place.blob);
            });
    CO_TRY(auto const found, co_await reader_.fetch(std::move(others), deadline_));
    for (auto const& one : found) {
        if (!change_.is_stale(one))
            continue;
        if (one.form == EvidenceForm::bundle)
            stale_manifests_.insert(one.manifest);
        else
            stale_envelopes_.insert(one.blob);
    }
    co_return ok();
}

// Of bundles that are in the tag when the new one is not, or is listed natively.
io::Task<Result<void>> Attachment::prune_fallback() {
    bool const is_there =
        std::any_of(stale_manifests_.begin(), stale_manifests_.end(), [&](auto const& digest) {
            return fallback_.contains(digest);
        });
    if (!is_there || !unlisted_.empty())
        co_return ok();
    std::vector<std::string> const none;
    auto const edited = co_await edit_fallback_tag(none);
    if (edited.has_value())
        co_return ok();
    if (!is_tag_refusal(edited.error()))
        co_return edited;
    stays_in_fallback_ = true;
    attached_.warnings.push_back(cat("stale evidence stays listed: ", edited.error().text()));
    co_return ok();
}

io::Task<Result<void>> Attachment::prune_envelopes() {
    if (stale_envelopes_.empty())
        co_return ok();
    if (layers_.empty()) {
        std::vector<EnvelopeLayer> const none;
        auto const edited = co_await edit_attestation_tag(none);
        if (!edited.has_value() && !is_tag_refusal(edited.error()))
            co_return edited;
        if (!edited.has_value()) {
            attached_.warnings.push_back(cat("stale evidence stays: ", edited.error().text()));
            co_return ok();
        }
    }
    attached_.pruned += stale_envelopes_.size();
    co_return ok();
}

io::Task<Result<void>> Attachment::delete_stale() {
    std::string refusal;
    for (auto const& digest : stale_manifests_) {
        if (refusal.empty()) {
            CO_TRY(
                auto const deletion,
                co_await delete_manifest(world_, remover_, subject_.repository, digest, deadline_));
            refusal = deletion.reason;
        }
        // One that no listing names is found by nobody, whether it is deleted or not.
        bool const is_listed = (has_native_ && native_.contains(digest)) ||
                               (stays_in_fallback_ && fallback_.contains(digest));
        if (refusal.empty() || !is_listed)
            ++attached_.pruned;
        else
            keep(digest, refusal);
    }
    co_return ok();
}

void Attachment::keep(image::Digest const& manifest, std::string_view reason) {
    attached_.warnings.push_back(
        cat("stale evidence ", place_of(manifest), " stays, the registry keeps it: ", reason));
}

} // namespace clairgate::registry
