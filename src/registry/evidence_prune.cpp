#include <clairgate/base/text.hpp>
#include <clairgate/registry/attachment.hpp>
#include <clairgate/registry/delete.hpp>

#include <algorithm>
#include <iterator>

namespace clairgate::registry {

io::Task<Result<void>> Attachment::choose_stale() {
    if (!is_stale_)
        co_return ok();
    auto const bundle = image::Digest::of(evidence_.bundle);
    auto const envelope = image::Digest::of(evidence_.envelope);
    std::vector<EvidencePlace> others;
    for (auto const* const places : {&bundles_, &envelopes_})
        std::copy_if(
            places->begin(), places->end(), std::back_inserter(others), [&](auto const& place) {
                return place.predicate_type == evidence_.predicate_type && place.blob != bundle &&
                       place.blob != envelope;
            });
    CO_TRY(auto const found, co_await reader_.fetch(std::move(others), deadline_));
    for (auto const& one : found) {
        if (!is_stale_(one))
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
    if (!is_there || is_in_fallback_)
        co_return ok();
    auto const edited = co_await edit_fallback_tag("");
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
    if (evidence_.envelope.empty()) {
        auto const edited = co_await edit_attestation_tag("");
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
