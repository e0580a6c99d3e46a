#include <clairgate/base/text.hpp>
#include <clairgate/gate/earlier_evidence.hpp>
#include <clairgate/gate/find_report.hpp>

namespace clairgate::gate {

io::Task<Result<EarlierScan>> signed_baseline(io::World& world,
                                              registry::Options options,
                                              image::Reference reference,
                                              TrustChoice trust,
                                              Deadline deadline) {
    auto const& digest = reference.digest();
    CLAIRGATE_ASSERT(digest.has_value());
    if (!trust.key && !trust.identity)
        co_return Error(ErrorKind::usage, "--against an image needs a key to prove its report with")
            .with_remedy("--key cosign.pub, or name a stored report: --against report.json");
    CO_TRY(auto key, co_await trusted_key(world, trust, deadline));
    PiecesWish wish{key.has_value()};
    CO_TRY(auto pieces,
           co_await pieces_of_registry(
               world, std::move(options), reference, std::move(wish), deadline));
    Demand demand{*digest, {}, false};
    CO_TRY(auto found,
           co_await prove_pieces(world,
                                 std::move(pieces),
                                 std::move(key),
                                 std::move(trust),
                                 std::move(demand),
                                 deadline));
    auto proven = newest(std::move(found), world.clock.now());
    if (!proven.has_value())
        co_return Error(ErrorKind::policy,
                        cat("--against ", reference.text(), ": ", proven.error().text()));
    auto& report = proven->stored.report;
    policy::Baseline known(report.scan, proven->finished);
    EarlierScan earlier{report.reference.text(),
                        std::make_shared<finding::ScanReport const>(std::move(report.scan)),
                        std::move(known)};
    co_return earlier;
}

io::Task<Result<std::vector<policy::Baseline>>> earlier_evidence(io::World& world,
                                                                 registry::Options options,
                                                                 image::Reference reference,
                                                                 OwnEvidence own,
                                                                 Deadline deadline) {
    auto const& digest = reference.digest();
    CLAIRGATE_ASSERT(digest.has_value());
    PiecesWish wish{true, std::move(own.memory)};
    CO_TRY(auto pieces,
           co_await pieces_of_registry(
               world, std::move(options), reference, std::move(wish), deadline));
    Demand demand{*digest, {}, false};
    CO_TRY(auto const found,
           co_await prove_pieces(
               world, std::move(pieces), std::move(own.key), {}, std::move(demand), deadline));
    auto const now = world.clock.now();
    std::vector<policy::Baseline> earlier;
    for (auto const& report : found.reports)
        if (report.finished <= now && report.stored.report.undecided_reason.empty())
            earlier.emplace_back(report.stored.report.scan, report.finished);
    co_return earlier;
}

} // namespace clairgate::gate
