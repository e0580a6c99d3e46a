#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/io/side_by_side.hpp>
#include <clairgate/registry/attachment.hpp>
#include <clairgate/registry/bundle_manifest.hpp>

#include <algorithm>

namespace clairgate::registry {

namespace {

constexpr std::size_t pushes_at_once = 4;
constexpr int looks_max = 3; // at a listing that may lag behind what it was told
constexpr Duration look_again = std::chrono::milliseconds(300);

using Jobs = std::function<io::Task<Result<void>>(std::size_t)>;

} // namespace

// All blobs, then the manifests that name them, then the listing; what was pushed is read back
// while that is written.
io::Task<Result<void>> Attachment::attach_bundles() {
    std::vector<std::string> blobs, pushed;
    for (auto const& evidence : change_.added) {
        if (evidence.bundle.empty())
            continue;
        CO_TRY(auto known, co_await known_manifest(evidence.bundle));
        if (!known) {
            blobs.push_back(evidence.bundle);
            pushed.push_back(bundle_manifest(subject_, evidence));
        }
        manifests_.push_back(known ? std::move(*known) : pushed.back());
        bundles_added_.push_back(evidence.bundle);
    }
    if (manifests_.empty())
        co_return ok();
    if (!pushed.empty())
        blobs.emplace_back(empty_config);
    CO_TRY_VOID(co_await push_blobs(std::move(blobs)));
    Jobs const push = [&](std::size_t i) { return push_manifest(pushed[i]); };
    CO_TRY_VOID(co_await io::side_by_side(pushed.size(), pushes_at_once, push));
    auto const count = manifests_.size();
    Jobs const stand = [&](std::size_t i) {
        return i == 0       ? list_bundles()
               : i <= count ? check_stored(Store::manifests, manifests_[i - 1])
                            : check_stored(Store::blobs, bundles_added_[i - 1 - count]);
    };
    co_return co_await io::side_by_side(1 + 2 * count, 1 + pushes_at_once, stand);
}

io::Task<Result<void>> Attachment::list_bundles() {
    CO_TRY(auto const listed, co_await listed_natively());
    for (auto const& manifest : manifests_)
        if (!listed.contains(image::Digest::of(manifest)))
            unlisted_.push_back(manifest);
    if (unlisted_.empty())
        co_return ok();
    co_return co_await edit_fallback_tag(unlisted_);
}

io::Task<Result<void>> Attachment::push_manifest(std::string manifest) {
    ManifestWrite write{image::Digest::of(manifest).text(),
                        std::move(manifest),
                        std::string(image::media_type::oci_manifest),
                        "",
                        false};
    CO_TRY(auto const written,
           co_await uploader_.write_manifest(subject_.repository, std::move(write), deadline_));
    has_subject_ = has_subject_ || written.has_subject;
    co_return ok();
}

// Of a bundle that is there already: perhaps under another manifest than ours would be, since the
// time of its making is no difference.
io::Task<Result<std::optional<std::string>>> Attachment::known_manifest(std::string bundle) {
    auto const blob = image::Digest::of(bundle);
    auto const known = std::find_if(
        bundles_.begin(), bundles_.end(), [&](auto const& place) { return place.blob == blob; });
    if (known == bundles_.end())
        co_return std::optional<std::string>();
    CO_TRY(auto answer,
           co_await fetch_verified(world_,
                                   uploader_.fetcher(),
                                   subject_.repository,
                                   Store::manifests,
                                   known->manifest,
                                   limits::manifest_bytes,
                                   deadline_));
    co_return std::optional(std::move(answer.body));
}

io::Task<Result<void>> Attachment::push_blobs(std::vector<std::string> blobs) {
    Jobs const push = [&](std::size_t i) {
        bool const is_new = !change_.may_be_stored && blobs[i] != empty_config;
        return is_new ? uploader_.push_new_blob(subject_.repository, blobs[i], deadline_)
                      : uploader_.push_blob(subject_.repository, blobs[i], deadline_);
    };
    co_return co_await io::side_by_side(blobs.size(), pushes_at_once, push);
}

// Asked, not believed: registries have echoed OCI-Subject without having the API.
io::Task<Result<std::set<image::Digest>>> Attachment::listed_natively() {
    auto const are_all_in = [&](std::set<image::Digest> const& listed) {
        return std::all_of(manifests_.begin(), manifests_.end(), [&](auto const& manifest) {
            return listed.contains(image::Digest::of(manifest));
        });
    };
    if (are_all_in(native_) || (!has_native_ && !has_subject_))
        co_return native_;
    for (int look = 1;; ++look) {
        CO_TRY(auto const answer,
               co_await native_referrers(
                   world_, uploader_.fetcher(), subject_.repository, subject_.digest, deadline_));
        has_native_ = answer.has_value();
        std::set<image::Digest> listed;
        if (answer)
            for (auto const& referrer : *answer)
                listed.insert(referrer.digest);
        if (!answer || are_all_in(listed) || !has_subject_ || look == looks_max)
            co_return listed;
        auto const share = world_.random() * static_cast<double>(look_again.count());
        CO_TRY_VOID(co_await io::sleep_for(Duration(static_cast<Duration::rep>(share))));
    }
}

io::Task<Result<void>> Attachment::attach_envelopes() {
    std::vector<std::string> blobs;
    for (auto const& evidence : change_.added) {
        if (evidence.envelope.empty())
            continue;
        blobs.push_back(evidence.envelope);
        layers_.push_back(
            {evidence.envelope, evidence.predicate_type, evidence.envelope_annotations});
    }
    if (layers_.empty())
        co_return ok();
    if (!attestation_tag(subject_.digest))
        co_return Error(ErrorKind::usage, "a sha512 digest has no .att tag")
            .with_remedy("--storage bundle needs none");
    auto pushed = blobs;
    auto const foreseen = edit_attestations(tagged_, {layers_, stale_envelopes_});
    auto const update = foreseen.has_value() ? *foreseen : std::nullopt;
    if (update) // the edit pushes another config if the tag changes meanwhile
        pushed.insert(pushed.end(), update->blobs.begin(), update->blobs.end());
    CO_TRY_VOID(co_await push_blobs(std::move(pushed)));
    Jobs const job = [&](std::size_t i) {
        return i == 0 ? edit_attestation_tag(layers_) : check_stored(Store::blobs, blobs[i - 1]);
    };
    co_return co_await io::side_by_side(1 + blobs.size(), pushes_at_once, job);
}

io::Task<Result<void>> Attachment::check_stored(Store store, std::string bytes) {
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

} // namespace clairgate::registry
