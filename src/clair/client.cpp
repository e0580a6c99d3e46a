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

using namespace boost::asio::experimental::awaitable_operators;

constexpr std::string_view report_path = "/matcher/api/v1/vulnerability_report/";
constexpr std::string_view operations_path = "/matcher/api/v1/internal/update_operation";
constexpr std::size_t platforms_at_once = 2; // each may hold a report of many megabytes
constexpr Duration data_poll_max = std::chrono::seconds(5);

struct UpdaterFacts {
    std::vector<finding::UpdateOperation> operations;
    std::string index_state;
};
struct PlatformResult {
    finding::PlatformScan scan;
    std::vector<finding::Finding> findings;
};

// Whether the endpoint itself is missing: a proxy that hides internal paths. Without it a clean
// answer cannot be believed, and a passing 404 would look like such a proxy.
bool is_absent(Error const& error) {
    auto const status = error.http_status().value_or(0);
    return status == 403 || status == 404 || status == 405 || status == 501;
}

// Adds a copy of everything that is about the platform `known`, as about the platform `name`.
template <class T>
void repeat(std::vector<T>& all, std::string const& known, std::string const& name) {
    for (std::size_t i = 0, count = all.size(); i < count; ++i) {
        if (all[i].platform != known)
            continue;
        auto copy = all[i];
        copy.platform = name;
        all.push_back(std::move(copy));
    }
}

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
        auto both = co_await (io::without_exceptions(platforms()) &&
                              io::without_exceptions(updater_facts()));
        auto& [report, facts] = both;
        if (!report.has_value())
            co_return report.error();
        if (!facts.has_value())
            co_return facts.error();
        report->scanner.has_updater_facts = true;
        report->scanner.updaters = std::move(facts->operations);
        report->scanner.index_state = std::move(facts->index_state);
        report->scanner.data_date = exchange_.options().data_date;
        for (auto& scanned : report->platforms)
            attach_updaters(scanned.ecosystems, report->scanner.updaters);
        finding::normalise(report->findings);
        co_return std::move(report);
    }

  private:
    // Each manifest once, even where an index lists it for several platforms.
    io::Task<Result<finding::ScanReport>> platforms() {
        std::vector<image::PlatformImage const*> distinct;
        for (auto const& image : subject_.platforms)
            if (first_with(image.manifest.digest) == &image)
                distinct.push_back(&image);
        std::function<io::Task<Result<PlatformResult>>(std::size_t)> const make =
            [this, &distinct](std::size_t i) { return platform(*distinct[i]); };
        auto results = co_await io::for_each_concurrent<PlatformResult>(
            distinct.size(), platforms_at_once, make);
        finding::ScanReport report;
        for (auto& result : results) {
            if (!result.has_value())
                co_return result.error();
            report.platforms.push_back(std::move(result->scan));
            std::move(result->findings.begin(),
                      result->findings.end(),
                      std::back_inserter(report.findings));
        }
        for (auto const& image : subject_.platforms)
            repeat_for(image, report);
        co_return report;
    }

    image::PlatformImage const* first_with(image::Digest const& manifest) const {
        auto const found =
            std::find_if(subject_.platforms.begin(),
                         subject_.platforms.end(),
                         [&](auto const& image) { return image.manifest.digest == manifest; });
        return &*found;
    }

    // What is known of a manifest, for one more platform that has the same.
    void repeat_for(image::PlatformImage const& image, finding::ScanReport& report) const {
        auto const name = image.platform.text();
        auto const known = first_with(image.manifest.digest)->platform.text();
        auto const is_named = [&](auto const& scan) { return scan.platform == name; };
        if (std::any_of(report.platforms.begin(), report.platforms.end(), is_named))
            return;
        repeat(report.platforms, known, name);
        repeat(report.findings, known, name);
    }

    io::Task<Result<PlatformResult>> platform(image::PlatformImage const& image) {
        auto const name = image.platform.text();
        PlatformResult result{{name, image.manifest.digest, 0, image.manifest.layers.size(), {}},
                              {}};
        if (image.manifest.layers.empty())
            co_return result; // nothing to look into: uncovered, not clean
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
        co_return result;
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
        bool has_told_no_data = false;
        Duration pause = std::chrono::milliseconds(500);
        for (;;) {
            auto const once = [&] { return match_once(image.manifest.digest, name); };
            CO_TRY(auto answer, co_await io::with_retry<Matched>(world, "match", deadline_, once));
            if (auto* const report = std::get_if<VulnerabilityReport>(&answer))
                co_return std::move(*report);
            if (std::get<State>(answer) == State::not_indexed) {
                if (std::exchange(was_indexed_again, true))
                    co_return co_await why_not_indexed(image.manifest.digest);
                CO_TRY_VOID(co_await index_manifest(exchange_,
                                                    registry_,
                                                    subject_.reference.repository(),
                                                    image.manifest,
                                                    progress_,
                                                    deadline_));
                continue;
            }
            if (!std::exchange(has_told_no_data, true))
                progress_("match", "Clair has no vulnerability data yet");
            if (data_deadline.remaining(world.clock) <= pause)
                co_return no_data();
            CO_TRY_VOID(co_await io::sleep_for(pause));
            pause = std::min(pause * 2, data_poll_max);
        }
    }

    // The matcher says 404 although indexing succeeded, twice.
    io::Task<Error> why_not_indexed(image::Digest manifest) {
        auto const stored = co_await stored_index_report(exchange_, manifest, deadline_);
        if (!stored.has_value())
            co_return stored.error();
        auto const report = stored->value_or(IndexReport());
        if (!report.is_finished())
            co_return Error(
                ErrorKind::unreachable,
                cat("Clair lost the index report it had finished: state \"", report.state, "\""))
                .with_remedy("does something else delete or change this Clair's index reports?");
        co_return Error(ErrorKind::unreachable,
                        "Clair's matcher does not know the manifest its indexer has finished")
            .with_remedy("do indexer and matcher of --clair-url belong together?");
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
        CO_TRY(auto report, decode_vulnerability_report(answer.body, manifest, name));
        co_return Matched(std::move(report));
    }

    io::Task<Result<UpdaterFacts>> updater_facts() {
        auto& world = exchange_.world();
        auto const& options = exchange_.options();
        UpdaterFacts facts;
        CO_TRY(facts.index_state, co_await probe(world, options, deadline_));
        auto operations = co_await update_operations(world, options, deadline_);
        if (!operations.has_value() && is_absent(operations.error()))
            co_return operations.error().with_remedy(
                cat("let whatever stands before Clair pass GET ",
                    operations_path,
                    ": it tells which data Clair has"));
        if (!operations.has_value())
            co_return operations.error();
        facts.operations = *std::move(operations);
        co_return facts;
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
    auto const vulnerability = [&] { return operations_once(exchange, "vulnerability", deadline); };
    auto const enrichment = [&] { return operations_once(exchange, "enrichment", deadline); };
    std::string const what = "update_operation";
    auto both = co_await (
        io::without_exceptions(io::with_retry<Operations>(world, what, deadline, vulnerability)) &&
        io::without_exceptions(io::with_retry<Operations>(world, what, deadline, enrichment)));
    auto& [all, enrichments] = both;
    if (!all.has_value())
        co_return all.error();
    if (!enrichments.has_value())
        co_return enrichments.error();
    std::move(enrichments->begin(), enrichments->end(), std::back_inserter(*all));
    std::sort(all->begin(), all->end(), [](auto const& a, auto const& b) {
        return a.updater < b.updater;
    });
    co_return std::move(all);
}

} // namespace clairgate::clair
