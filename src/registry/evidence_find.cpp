#include <clairgate/base/text.hpp>
#include <clairgate/registry/evidence.hpp>
#include <clairgate/registry/evidence_reader.hpp>

#include <algorithm>
#include <iterator>

namespace clairgate::registry {

namespace {

// The referrers as the registry lists them itself, else as the fallback tag does.
io::Task<Result<std::vector<Referrer>>> listed(io::World& world,
                                               Fetcher& fetcher,
                                               image::Repository repository,
                                               image::Digest subject,
                                               EvidenceReader& reader,
                                               Deadline deadline) {
    CO_TRY(auto native, co_await native_referrers(world, fetcher, repository, subject, deadline));
    if (native)
        co_return std::move(*native);
    co_return co_await reader.fallback_referrers(deadline);
}

} // namespace

io::Task<Result<std::vector<Evidence>>> find_evidence(io::World& world,
                                                      Options options,
                                                      image::Reference reference,
                                                      EvidenceWish wish,
                                                      EvidenceLimits limits,
                                                      Deadline deadline) {
    auto const& subject = reference.digest();
    if (!subject)
        co_return Error(ErrorKind::usage, cat(reference.text(), " names no digest"))
            .with_remedy("write registry/repository@sha256:…: evidence belongs to a digest");
    auto const& repository = reference.repository();
    Fetcher fetcher(world, options);
    EvidenceReader reader(world, fetcher, repository, *subject, limits, wish.note, wish.memory);
    std::vector<EvidencePlace> places;
    if (wish.is_bundle_wanted) {
        CO_TRY(auto referrers,
               co_await listed(world, fetcher, repository, *subject, reader, deadline));
        CO_TRY(places, co_await reader.bundles(std::move(referrers), deadline));
    }
    if (wish.is_envelope_wanted) {
        CO_TRY(auto const tagged, co_await reader.attestations(deadline));
        CO_TRY(auto envelopes, reader.envelopes(tagged));
        std::move(envelopes.begin(), envelopes.end(), std::back_inserter(places));
    }
    if (wish.wants)
        std::erase_if(places, [&](auto const& place) { return !wish.wants(place.predicate_type); });
    auto found = co_await reader.fetch(std::move(places), deadline);
    co_return std::move(found).with_context(cat("evidence of ", reference.text()));
}

} // namespace clairgate::registry
