#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/client.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/local/data_record.hpp>
#include <clairgate/local/database.hpp>
#include <clairgate/local/dump.hpp>
#include <clairgate/local/engine.hpp>

#include <algorithm>

namespace clairgate::local {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t data_file_bytes = 4096 * limits::mib;
constexpr auto leave_time_max = std::chrono::seconds(10);

// Starts or joins the engine, does the work, leaves; the work's outcome counts.
template <class Work>
io::Task<Result<std::string>>
with_engine(io::World& world, Options options, Progress progress, Deadline deadline, Work work) {
    CO_TRY(auto const engine, co_await Engine::start(world, options, progress, deadline));
    auto outcome = co_await io::without_exceptions(work(*engine));
    auto const left = co_await engine->leave(Deadline::after(world.clock, leave_time_max));
    if (!left.has_value())
        world.log.warning("the local engine did not stop cleanly",
                          {{"reason", left.error().text()}});
    co_return outcome;
}

bool is_compressed(fs::path const& file) {
    return file.extension() == ".gz" || file.extension() == ".zst";
}

Error with_range_remedy(Error error) {
    return std::move(error).with_remedy(
        "nothing of the update it stopped at was imported; records with a `range` are a known "
        "cause: leave those updaters out");
}

std::string names_of(std::set<std::string> const& updaters) {
    constexpr std::size_t shown_max = 5;
    std::vector<std::string> names;
    for (auto const& updater : updaters)
        if (names.size() < shown_max)
            names.push_back(printable(updater, 60));
    if (updaters.size() > shown_max)
        names.push_back(cat("and ", updaters.size() - shown_max, " more"));
    return join(names, ", ");
}

std::string dated(std::optional<SystemTime> date) {
    return date ? cat("of ", to_rfc3339(*date)) : std::string("of unknown date");
}

class Import {
  public:
    Import(io::World& world, Options options, fs::path file, Progress progress, Deadline deadline)
        : world_(world), layout_(options.state_folder), options_(std::move(options)),
          file_(fs::absolute(file)), progress_(std::move(progress)), deadline_(deadline) {}

    io::Task<Result<std::string>> run(Engine const&) {
        CO_TRY(auto programs, find_programs(options_, world_.environment.value("PATH")));
        CO_TRY(auto const run_as, unprivileged_user());
        auto environment = program_environment(layout_, world_.environment);
        Database const database(
            world_, layout_, std::move(programs), std::move(environment), run_as);
        if (is_compressed(file_)) { // nothing is known of its records before clairctl reads them
            ExportFacts const unknown;
            co_return co_await updater_export(database, unknown);
        }
        CO_TRY(auto const bytes, io::read_file(file_, data_file_bytes));
        if (looks_like_dump(bytes))
            co_return co_await dump(database, bytes);
        CO_TRY(auto const facts, inspect_export(bytes).with_context(file_.string()));
        co_return co_await updater_export(database, facts);
    }

  private:
    io::Task<Result<std::string>> updater_export(Database const& database, ExportFacts facts) {
        if (facts.has_ranges)
            co_return Error(
                ErrorKind::protocol,
                cat(file_.string(),
                    " holds records with a version range, which clairctl cannot import, of ",
                    names_of(facts.range_updaters)))
                .with_remedy("import a file of `clairgate data export` instead, or leave those "
                             "updaters out");
        progress_("import", file_.string());
        auto const imported = co_await database.import_updaters(file_, deadline_);
        if (!imported.has_value())
            co_return with_range_remedy(imported.error());
        CO_TRY_VOID(write_data_record(layout_.data_record, facts.newest));
        co_return facts.records == 0
            ? cat("imported ", file_.string(), "\n")
            : cat("imported ", facts.records, " records ", dated(facts.newest), "\n");
    }

    io::Task<Result<std::string>> dump(Database const& database, std::string_view bytes) {
        CO_TRY(auto const dump, read_dump(bytes).with_context(file_.string()));
        progress_("import", file_.string());
        CO_TRY_VOID(co_await database.restore(dump.archive, deadline_));
        CO_TRY_VOID(write_data_record(layout_.data_record, dump.data_date));
        co_return cat("imported vulnerability data ", dated(dump.data_date), "\n");
    }

    io::World& world_;
    Layout layout_;
    Options options_;
    fs::path file_;
    Progress progress_;
    Deadline deadline_;
};

io::Task<Result<std::string>>
export_to(io::World& world, Options options, fs::path file, Deadline deadline) {
    Layout const layout(options.state_folder);
    CO_TRY(auto programs, find_programs(options, world.environment.value("PATH")));
    CO_TRY(auto const run_as, unprivileged_user());
    auto environment = program_environment(layout, world.environment);
    Database const database(world, layout, std::move(programs), std::move(environment), run_as);
    Dump dump;
    dump.created = world.clock.now();
    dump.data_date = read_data_record(layout.data_record);
    CO_TRY(dump.archive, co_await database.dump(deadline));
    auto const bytes = write_dump(dump);
    CO_TRY_VOID(io::write_atomically(file, bytes));
    co_return cat("exported ", bytes.size() / 1024, " KiB to ", file.string(), "\n");
}

io::Task<Result<std::string>> status_of(io::World& world, Engine const& engine, Deadline deadline) {
    clair::Options options;
    options.url = engine.url();
    options.psk = engine.psk();
    options.psk_issuer = engine.psk_issuer();
    CO_TRY(auto const operations, co_await clair::update_operations(world, options, deadline));
    if (operations.empty())
        co_return std::string("no vulnerability data yet: clairgate data import FILE\n");
    std::size_t width = 7;
    for (auto const& operation : operations)
        width = std::max(width, std::min<std::size_t>(operation.updater.size(), 60));
    auto out = cat("UPDATER", std::string(width - 7 + 2, ' '), "LOADED                AGE\n");
    for (auto const& operation : operations) {
        auto const name = printable(operation.updater, 60);
        auto const age = std::chrono::duration_cast<Duration>(world.clock.now() - operation.date);
        out += cat(name,
                   std::string(width - std::min(width, name.size()) + 2, ' '),
                   to_rfc3339(operation.date),
                   "  ",
                   to_string(std::max(age, Duration::zero())),
                   "\n");
    }
    if (auto const date = engine.data_date())
        out += cat("the imported data is ", dated(date), "\n");
    co_return out;
}

} // namespace

io::Task<Result<std::string>> data_import(
    io::World& world, Options options, fs::path file, Progress progress, Deadline deadline) {
    Import import(world, options, file, progress, deadline);
    auto const work = [&import](Engine const& engine) { return import.run(engine); };
    co_return co_await with_engine(world, options, progress, deadline, work);
}

io::Task<Result<std::string>> data_export(
    io::World& world, Options options, fs::path file, Progress progress, Deadline deadline) {
    auto const work = [&](Engine const&) { return export_to(world, options, file, deadline); };
    co_return co_await with_engine(world, options, progress, deadline, work);
}

io::Task<Result<std::string>> data_status(io::World& world, Options options, Deadline deadline) {
    auto const work = [&](Engine const& engine) { return status_of(world, engine, deadline); };
    auto const silent = [](std::string_view, std::string_view) {};
    co_return co_await with_engine(world, options, silent, deadline, work);
}

} // namespace clairgate::local
