#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/registry/attestation_tag.hpp>
#include <clairgate/registry/bundle_manifest.hpp>
#include <clairgate/registry/evidence_reader.hpp>

#include <algorithm>
#include <iterator>

namespace clairgate::registry {

namespace {

constexpr std::size_t fetches_at_once = 4;

// All values that are there, or the first error.
template <class T>
Result<std::vector<T>> present(std::vector<Result<std::optional<T>>> results) {
    std::vector<T> values;
    for (auto& result : results) {
        if (!result.has_value())
            return std::move(result).error();
        auto& value = *result;
        if (value)
            values.push_back(std::move(*value));
    }
    return values;
}

} // namespace

io::Task<Result<std::vector<EvidencePlace>>>
EvidenceReader::bundles(std::vector<Referrer> referrers, Deadline deadline) {
    std::vector<Referrer> candidates;
    std::copy_if(referrers.begin(), referrers.end(), std::back_inserter(candidates), may_be_bundle);
    if (candidates.size() > limits_.referrers)
        co_return Error(ErrorKind::limit,
                        cat(candidates.size(),
                            " referrers look like bundles, at most ",
                            limits_.referrers,
                            " are looked at"))
            .with_remedy("delete the ones that nobody needs");
    std::function<io::Task<Result<std::optional<EvidencePlace>>>(std::size_t)> const make =
        [&](std::size_t i) { return bundle_of(candidates[i], deadline); };
    auto results = co_await io::for_each_concurrent<std::optional<EvidencePlace>>(
        candidates.size(), fetches_at_once, make);
    co_return present(std::move(results));
}

io::Task<Result<Proven>>
EvidenceReader::read(Store store, image::Digest digest, std::size_t bytes_max, Deadline deadline) {
    if (memory_)
        if (auto known = memory_->find(digest); known && known->bytes.size() <= bytes_max)
            co_return *std::move(known);
    CO_TRY(
        auto answer,
        co_await fetch_verified(world_, fetcher_, repository_, store, digest, bytes_max, deadline));
    std::string media_type(answer.header("content-type").value_or(""));
    Proven fetched{std::move(answer.body), std::move(media_type)};
    if (memory_)
        memory_->keep(digest, fetched);
    co_return fetched;
}

io::Task<Result<std::optional<EvidencePlace>>> EvidenceReader::bundle_of(Referrer referrer,
                                                                         Deadline deadline) {
    auto const& digest = referrer.digest;
    auto const answer = co_await read(Store::manifests, digest, limits::manifest_bytes, deadline);
    if (!answer.has_value()) {
        auto const kind = answer.error().kind();
        if (kind != ErrorKind::not_found && kind != ErrorKind::limit)
            co_return answer.error();
        note("referrer", digest, kind == ErrorKind::limit ? "it is too large" : "it is gone");
        co_return std::optional<EvidencePlace>();
    }
    auto place = parse_bundle_manifest(answer->bytes, answer->media_type, digest, subject_);
    if (place.has_value())
        co_return std::optional(*std::move(place));
    if (referrer.artifact_type.starts_with(bundle_type_prefix)) // else it never said it was one
        note("referrer", digest, place.error().message());
    co_return std::optional<EvidencePlace>();
}

io::Task<Result<std::vector<Referrer>>> EvidenceReader::fallback_referrers(Deadline deadline) {
    auto const tag = fallback_tag(subject_);
    CO_TRY(auto const content, co_await read_tag(world_, fetcher_, repository_, tag, deadline));
    if (!content)
        co_return std::vector<Referrer>();
    auto referrers = parse_fallback(*content);
    if (referrers.has_value())
        co_return referrers;
    note("tag", subject_, referrers.error().message());
    co_return std::vector<Referrer>();
}

io::Task<Result<std::optional<TagContent>>> EvidenceReader::attestations(Deadline deadline) {
    auto const tag = attestation_tag(subject_);
    if (!tag)
        co_return std::optional<TagContent>();
    co_return co_await read_tag(world_, fetcher_, repository_, *tag, deadline);
}

Result<std::vector<EvidencePlace>>
EvidenceReader::envelopes(std::optional<TagContent> const& content) const {
    if (!content)
        return std::vector<EvidencePlace>();
    auto places = parse_attestations(*content);
    if (places.has_value() || places.error().kind() == ErrorKind::limit)
        return std::move(places).with_context("the tag .att");
    note("tag .att of", subject_, places.error().message());
    return std::vector<EvidencePlace>();
}

Result<std::vector<EvidencePlace>>
EvidenceReader::within_limits(std::vector<EvidencePlace> places) const {
    std::vector<EvidencePlace> kept;
    std::uint64_t total = 0;
    for (auto& place : places) {
        if (place.size_bytes > limits_.blob_bytes) {
            note("evidence", place.blob, cat("it has ", place.size_bytes, " bytes"));
            continue;
        }
        total += place.size_bytes;
        if (total > limits_.total_bytes)
            return Error(ErrorKind::limit,
                         cat("the evidence has more than ", limits_.total_bytes, " bytes"))
                .with_remedy("delete what nobody needs");
        kept.push_back(std::move(place));
    }
    return kept;
}

io::Task<Result<std::vector<Evidence>>> EvidenceReader::fetch(std::vector<EvidencePlace> places,
                                                              Deadline deadline) {
    CO_TRY(auto const wanted, within_limits(std::move(places)));
    std::function<io::Task<Result<std::optional<Evidence>>>(std::size_t)> const make =
        [&](std::size_t i) { return evidence_at(wanted[i], deadline); };
    auto results = co_await io::for_each_concurrent<std::optional<Evidence>>(
        wanted.size(), fetches_at_once, make);
    co_return present(std::move(results));
}

io::Task<Result<std::optional<Evidence>>> EvidenceReader::evidence_at(EvidencePlace place,
                                                                      Deadline deadline) {
    auto answer = co_await read(Store::blobs, place.blob, place.size_bytes, deadline);
    auto const kind = answer.has_value() ? ErrorKind::protocol : answer.error().kind();
    if (!answer.has_value() && kind != ErrorKind::not_found && kind != ErrorKind::limit)
        co_return answer.error();
    bool const is_whole = answer.has_value() && answer->bytes.size() == place.size_bytes;
    if (!is_whole) {
        note("evidence",
             place.blob,
             kind == ErrorKind::not_found ? "it is gone" : "it has another size than was said");
        co_return std::optional<Evidence>();
    }
    co_return std::optional(Evidence{place.form,
                                     std::move(answer->bytes),
                                     std::move(place.manifest),
                                     std::move(place.blob),
                                     std::move(place.predicate_type),
                                     std::move(place.annotations)});
}

void EvidenceReader::note(std::string_view what,
                          image::Digest const& digest,
                          std::string_view why) const {
    if (note_)
        note_(cat(what, " ", digest.text(), " is left out: ", why));
}

} // namespace clairgate::registry
