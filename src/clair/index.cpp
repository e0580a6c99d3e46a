#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/index.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/io/retry.hpp>

#include <algorithm>

namespace clairgate::clair {

namespace {

using namespace boost::asio::experimental::awaitable_operators;

constexpr std::string_view index_path = "/indexer/api/v1/index_report";
constexpr auto first_poll_after = std::chrono::milliseconds(100);
constexpr auto poll_interval_max = std::chrono::milliseconds(500);
constexpr int attempts_max = 6;
constexpr int missing_attempts_max = 3;

// One manifest on its way through Clair.
class Indexing {
  public:
    Indexing(Exchange const& exchange,
             registry::Client& registry,
             image::Repository const& repository,
             image::Manifest const& manifest,
             Progress const& progress,
             Deadline deadline)
        : exchange_(exchange), registry_(registry), repository_(repository), manifest_(manifest),
          progress_(progress), deadline_(deadline) {}

    io::Task<Result<void>> run() {
        auto token = registry::Client::Token::cached;
        int missing = 0;
        for (int attempt = 1;; ++attempt) {
            CO_TRY(auto verdict, co_await try_once(token));
            if (!verdict)
                co_return ok();
            token = registry::Client::Token::cached;
            // A Clair that is only busy (it never says for how long) is waited for.
            bool const is_busy = verdict->error.http_status() == 429;
            bool give_up = verdict->failure == IndexFailure::permanent ||
                           (attempt >= attempts_max && !is_busy);
            if (verdict->failure == IndexFailure::credentials) {
                token = registry::Client::Token::fresh;
                give_up = give_up || std::exchange(had_fresh_token_, true);
            } else if (verdict->failure == IndexFailure::missing) {
                give_up = give_up || ++missing == missing_attempts_max;
            } else if (verdict->failure == IndexFailure::corrupt) {
                give_up = give_up || std::exchange(was_corrupt_, true);
            }
            if (give_up)
                co_return std::move(verdict->error);
            CO_TRY_VOID(co_await pause(attempt, verdict->error));
        }
    }

  private:
    using Tried = Result<std::optional<IndexVerdict>>; // nothing: it is indexed

    io::Task<Tried> try_once(registry::Client::Token token) {
        CO_TRY(auto const access, co_await registry_.pull_access(repository_, token, deadline_));
        CO_TRY(auto body, manifest_json(exchange_.options(), access, manifest_));
        auto race = co_await (
            io::without_exceptions(exchange_.post_held(
                std::string(index_path), std::move(body), limits::index_report_bytes, deadline_)) ||
            io::without_exceptions(watch()));
        if (race.index() == 1) {
            auto const& finished = std::get<1>(race);
            if (!finished.has_value())
                co_return finished.error();
            co_return std::optional<IndexVerdict>();
        }
        auto answer = std::get<0>(std::move(race));
        if (!answer.has_value()) {
            auto const error = answer.error();
            if (!io::retryable(error.kind(), error.http_status()))
                co_return error;
            co_return std::optional(IndexVerdict{IndexFailure::passing, error});
        }
        co_return co_await judged(*answer);
    }

    io::Task<Tried> judged(io::Response answer) {
        if (answer.status != 201)
            co_return std::optional(classify_index_failure(
                answer.status, answer.body, exchange_.failed("POST index_report", answer)));
        auto const report = decode_index_report(answer.body);
        if (!report.has_value()) // cut off or garbled: the stored one is asked for by trying again
            co_return std::optional(IndexVerdict{
                IndexFailure::passing, Error(ErrorKind::unreachable, report.error().text())});
        if (report->manifest_hash != manifest_.digest.text())
            co_return Error(ErrorKind::integrity,
                            cat("Clair indexed ",
                                report->manifest_hash,
                                " when asked for ",
                                manifest_.digest.text()));
        if (report->is_finished())
            co_return std::optional<IndexVerdict>();
        // A swallowed timeout may leave an empty report that sticks: it must be deleted once.
        Error const unsuccessful(ErrorKind::unreachable,
                                 cat("Clair could not index the image: state ",
                                     report->state,
                                     report->error.empty() ? "" : ": ",
                                     report->error));
        if (std::exchange(was_deleted_, true))
            co_return std::optional(IndexVerdict{IndexFailure::permanent, unsuccessful});
        CO_TRY(auto const deleted,
               co_await exchange_.remove(cat(index_path, "/", manifest_.digest.text()), deadline_));
        exchange_.world().log.info(
            "deleted an unsuccessful index report",
            {{"manifest", manifest_.digest.text()}, {"status", cat(deleted.status)}});
        co_return std::optional(IndexVerdict{IndexFailure::passing, unsuccessful});
    }

    // Completes when the stored report is finished; until then whatever goes wrong is the POST's to
    // tell.
    io::Task<Result<void>> watch() {
        bool was_unfinished = false;
        int finished_in_a_row = 0;
        Duration interval = first_poll_after;
        for (;;) {
            CO_TRY_VOID(co_await io::sleep_for(interval));
            interval = std::min<Duration>(interval * 3 / 2, poll_interval_max);
            auto const stored =
                co_await stored_index_report(exchange_, manifest_.digest, deadline_);
            if (!stored.has_value()) {
                if (stored.error().kind() == ErrorKind::cancelled ||
                    stored.error().kind() == ErrorKind::integrity)
                    co_return stored.error();
                continue;
            }
            auto const report = stored->value_or(IndexReport()); // none is as good as unfinished
            bool const is_finished = report.is_finished();
            if (!report.state.empty() && report.state != std::exchange(told_state_, report.state))
                progress_("index", report.state);
            was_unfinished = was_unfinished || !is_finished;
            finished_in_a_row = is_finished ? finished_in_a_row + 1 : 0;
            // A report that was finished before the POST may be of an older Clair that now indexes
            // anew.
            if (is_finished && (was_unfinished || finished_in_a_row >= 3))
                co_return ok();
        }
    }

    io::Task<Result<void>> pause(int attempt, Error const& error) {
        auto& world = exchange_.world();
        io::RetryOptions const options;
        auto const delay = io::next_delay(options,
                                          std::min(attempt, options.attempts_max - 1),
                                          error,
                                          deadline_.remaining(world.clock),
                                          world.random());
        if (!delay)
            co_return Error(error).with_context("no time left to try again");
        io::log_retry(world, "index", attempt, error, *delay);
        co_return co_await io::sleep_for(*delay);
    }

    Exchange const& exchange_;
    registry::Client& registry_;
    image::Repository const& repository_;
    image::Manifest const& manifest_;
    Progress const& progress_;
    Deadline deadline_;
    std::string told_state_;
    bool was_deleted_ = false;
    bool was_corrupt_ = false;
    bool had_fresh_token_ = false;
};

} // namespace

io::Task<Result<std::optional<IndexReport>>>
stored_index_report(Exchange const& exchange, image::Digest manifest, Deadline deadline) {
    CO_TRY(auto const answer,
           co_await exchange.get(
               cat(index_path, "/", manifest.text()), limits::index_report_bytes, deadline));
    if (answer.status == 404)
        co_return std::optional<IndexReport>();
    if (answer.status != 200)
        co_return exchange.failed("GET index_report", answer);
    CO_TRY(auto report, decode_index_report(answer.body));
    // A run that was cut off is stored without a hash.
    if (!report.manifest_hash.empty() && report.manifest_hash != manifest.text())
        co_return Error(ErrorKind::integrity,
                        cat("Clair answered about ",
                            report.manifest_hash,
                            " when asked about ",
                            manifest.text()));
    co_return std::optional(std::move(report));
}

io::Task<Result<void>> index_manifest(Exchange const& exchange,
                                      registry::Client& registry,
                                      image::Repository const& repository,
                                      image::Manifest const& manifest,
                                      Progress const& progress,
                                      Deadline deadline) {
    Indexing indexing(exchange, registry, repository, manifest, progress, deadline);
    co_return co_await indexing.run();
}

} // namespace clairgate::clair
