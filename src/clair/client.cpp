#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/client.hpp>
#include <clairgate/clair/decode.hpp>
#include <clairgate/clair/exchange.hpp>
#include <clairgate/clair/index.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/io/retry.hpp>

#include <algorithm>
#include <variant>

namespace clairgate::clair {

namespace {

constexpr std::string_view report_path = "/matcher/api/v1/vulnerability_report/";
constexpr std::string_view operations_path = "/matcher/api/v1/internal/update_operation";
constexpr std::size_t pieces_at_once = 3;
constexpr Duration data_poll_max = std::chrono::seconds(5);

// What one concurrent piece of a scan brings.
struct UpdaterFacts {
    bool is_known = false;
    std::vector<finding::UpdateOperation> operations;
    std::string index_state;
};
struct PlatformResult {
    finding::PlatformScan scan;
    std::vector<finding::Finding> findings;
};
using Piece = std::variant<UpdaterFacts, PlatformResult>;

class Scan {
  public:
    Scan(Exchange const& exchange,
         registry::Client& registry,
         image::Subject const& subject,
         Deadline deadline,
         Progress const& progress)
        : exchange_(exchange), registry_(registry), subject_(subject), deadline_(deadline),
          progress_(progress) {}

    io::Task<Result<finding::ScanReport>> run() {
        auto const count = subject_.platforms.size();
        std::function<io::Task<Result<Piece>>(std::size_t)> const make = [this,
                                                                          count](std::size_t i) {
            return i < count ? platform(subject_.platforms[i]) : updater_facts();
        };
        auto pieces = co_await io::for_each_concurrent<Piece>(count + 1, pieces_at_once, make);
        finding::ScanReport report;
        for (auto& piece : pieces) {
            if (!piece.has_value())
                co_return piece.error();
            if (auto* const facts = std::get_if<UpdaterFacts>(&*piece)) {
                report.scanner.has_updater_facts = facts->is_known;
                report.scanner.updaters = std::move(facts->operations);
                report.scanner.index_state = std::move(facts->index_state);
                continue;
            }
            auto& result = std::get<PlatformResult>(*piece);
            report.platforms.push_back(std::move(result.scan));
            std::move(result.findings.begin(),
                      result.findings.end(),
                      std::back_inserter(report.findings));
        }
        report.scanner.data_date = exchange_.options().data_date;
        for (auto& scanned : report.platforms)
            attach_updaters(scanned.ecosystems, report.scanner.updaters);
        finding::normalise(report.findings);
        co_return report;
    }

  private:
    io::Task<Result<Piece>> platform(image::PlatformImage const& image) {
        auto const name = image.platform.text();
        PlatformResult result{{name, image.manifest.digest, 0, image.manifest.layers.size(), {}},
                              {}};
        if (image.manifest.layers.empty())
            co_return Piece(std::move(result)); // nothing to look into: uncovered, not clean
        progress_("index", cat("sent to Clair: ", name));
        auto const& repository = subject_.reference.repository();
        auto indexed = co_await index_manifest(
            exchange_, registry_, repository, image.manifest, progress_, deadline_);
        if (!indexed.has_value())
            co_return indexed.error().with_context(cat("indexing ", name));
        progress_("match", name);
        CO_TRY(auto report, co_await matched(image, name));
        result.scan.packages = report.packages;
        result.scan.ecosystems = std::move(report.ecosystems);
        result.findings = std::move(report.findings);
        co_return Piece(std::move(result));
    }

    // What one GET of the vulnerability report says.
    enum class State { no_data, not_indexed };
    using Matched = std::variant<State, VulnerabilityReport>;

    io::Task<Result<VulnerabilityReport>> matched(image::PlatformImage const& image,
                                                  std::string const& name) {
        auto& world = exchange_.world();
        auto const data_deadline =
            Deadline::after(world.clock, exchange_.options().data_wait_max).capped(deadline_);
        bool was_indexed_again = false;
        Duration pause = std::chrono::milliseconds(500);
        for (;;) {
            auto const once = [&] { return match_once(image.manifest.digest, name); };
            CO_TRY(auto answer, co_await io::with_retry<Matched>(world, "match", deadline_, once));
            if (auto* const report = std::get_if<VulnerabilityReport>(&answer))
                co_return std::move(*report);
            if (std::get<State>(answer) == State::not_indexed) {
                if (std::exchange(was_indexed_again, true))
                    co_return Error(
                        ErrorKind::unreachable,
                        "Clair's matcher does not know the manifest its indexer has finished")
                        .with_remedy("do indexer and matcher of --clair-url belong together?");
                CO_TRY_VOID(co_await index_manifest(exchange_,
                                                    registry_,
                                                    subject_.reference.repository(),
                                                    image.manifest,
                                                    progress_,
                                                    deadline_));
                continue;
            }
            progress_("match", "Clair has no vulnerability data yet");
            if (data_deadline.remaining(world.clock) <= pause)
                co_return no_data();
            CO_TRY_VOID(co_await io::sleep_for(pause));
            pause = std::min(pause * 2, data_poll_max);
        }
    }

    static Error no_data() {
        return Error(ErrorKind::unreachable, "Clair has no vulnerability data yet")
            .with_http_status(202)
            .with_remedy(
                "load data (clairgate data import FILE), let Clair's updaters run, or wait longer "
                "with --data-wait");
    }

    io::Task<Result<Matched>> match_once(image::Digest manifest, std::string name) {
        CO_TRY(auto answer,
               co_await exchange_.get(cat(report_path, manifest.text()),
                                      limits::vulnerability_report_bytes,
                                      deadline_));
        if (answer.status == 202)
            co_return Matched(State::no_data);
        if (answer.status == 404)
            co_return Matched(State::not_indexed);
        if (answer.status != 200)
            co_return exchange_.failed("GET vulnerability_report", answer);
        if (auto const trailer = answer.header("clair-error"); trailer && !trailer->empty())
            co_return Error(ErrorKind::unreachable, cat("Clair broke off: ", *trailer));
        CO_TRY(auto report, decode_vulnerability_report(answer.body, manifest, name));
        co_return Matched(std::move(report));
    }

    io::Task<Result<Piece>> updater_facts() {
        UpdaterFacts facts;
        CO_TRY(facts.index_state,
               co_await probe(exchange_.world(), exchange_.options(), deadline_));
        auto operations =
            co_await update_operations(exchange_.world(), exchange_.options(), deadline_);
        if (!operations.has_value() && operations.error().kind() != ErrorKind::not_found)
            co_return operations.error();
        facts.is_known = operations.has_value();
        if (operations.has_value())
            facts.operations = *std::move(operations);
        co_return Piece(std::move(facts));
    }

    Exchange const& exchange_;
    registry::Client& registry_;
    image::Subject const& subject_;
    Deadline deadline_;
    Progress const& progress_;
};

io::Task<Result<std::string>> probe_once(Exchange const& exchange, Deadline deadline) {
    CO_TRY(
        auto const answer,
        co_await exchange.get("/indexer/api/v1/index_state", limits::error_body_bytes, deadline));
    if (answer.status != 200)
        co_return exchange.failed("GET index_state", answer);
    co_return decode_index_state(answer.body);
}

io::Task<Result<std::vector<finding::UpdateOperation>>>
operations_once(Exchange const& exchange, std::string kind, Deadline deadline) {
    CO_TRY(auto const answer,
           co_await exchange.get(cat(operations_path, "?kind=", kind, "&latest=true"),
                                 limits::update_operations_bytes,
                                 deadline));
    if (answer.status != 200)
        co_return exchange.failed("GET update_operation", answer);
    co_return decode_update_operations(answer.body);
}

} // namespace

io::Task<Result<finding::ScanReport>> scan(io::World& world,
                                           Options const& options,
                                           registry::Client& registry,
                                           image::Subject const& subject,
                                           Deadline deadline,
                                           Progress const& progress) {
    Exchange const exchange(world, options);
    Scan scanning(exchange, registry, subject, deadline, progress);
    co_return co_await scanning.run();
}

io::Task<Result<std::string>> probe(io::World& world, Options const& options, Deadline deadline) {
    Exchange const exchange(world, options);
    auto const once = [&] { return probe_once(exchange, deadline); };
    co_return co_await io::with_retry<std::string>(world, "index_state", deadline, once);
}

io::Task<Result<std::vector<finding::UpdateOperation>>>
update_operations(io::World& world, Options const& options, Deadline deadline) {
    using Operations = std::vector<finding::UpdateOperation>;
    Exchange const exchange(world, options);
    Operations all;
    for (std::string const kind : {"vulnerability", "enrichment"}) {
        auto const once = [&] { return operations_once(exchange, kind, deadline); };
        CO_TRY(auto some,
               co_await io::with_retry<Operations>(world, "update_operation", deadline, once));
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    std::sort(
        all.begin(), all.end(), [](auto const& a, auto const& b) { return a.updater < b.updater; });
    co_return all;
}

} // namespace clairgate::clair
