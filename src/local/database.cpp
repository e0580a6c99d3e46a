#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/io/process.hpp>
#include <clairgate/local/database.hpp>
#include <clairgate/local/dump.hpp>

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace clairgate::local {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view matcher = "clair_matcher";
constexpr std::string_view copy = "clair_matcher_import";
constexpr std::string_view old = "clair_matcher_old";
constexpr int swap_attempts_max = 5;
constexpr std::string_view loader = "clair_import"; // may insert rows, nothing else

// A folder that goes away with its owner.
class Scratch {
  public:
    explicit Scratch(fs::path path) : path_(std::move(path)) {}
    ~Scratch() {
        std::error_code ignored; // what is left is removed by the next import
        fs::remove_all(path_, ignored);
    }
    Scratch(Scratch const&) = delete;
    Scratch& operator=(Scratch const&) = delete;
    fs::path const& path() const { return path_; }

  private:
    fs::path path_;
};

void append(std::vector<std::string>& arguments, std::vector<std::string> const& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
}

} // namespace

Database::Database(io::World& world,
                   Layout const& layout,
                   Programs programs,
                   std::map<std::string, std::string> environment,
                   std::optional<io::RunAs> run_as)
    : world_(world), layout_(layout), programs_(std::move(programs)),
      environment_(std::move(environment)), run_as_(run_as) {}

std::vector<std::string> Database::connection() const {
    return {"-h", layout_.run.string(), "-p", "5432", "-U", "clair", "--no-password"};
}

io::Task<Result<std::string>>
Database::tool(fs::path program, std::vector<std::string> arguments, Deadline deadline) const {
    io::Command command;
    command.program = program;
    command.arguments = std::move(arguments);
    command.environment = environment_;
    command.folder = layout_.work;
    command.run_as = run_as_;
    CO_TRY(auto const ended, co_await io::run_process(std::move(command), world_.clock, deadline));
    if (ended.exit.ok())
        co_return ended.output;
    auto const said = trim(ended.error_output.empty() ? ended.output : ended.error_output);
    co_return Error(ErrorKind::tool,
                    cat(program.filename().string(),
                        " ended with ",
                        ended.exit.text(),
                        ": ",
                        said.substr(said.size() > 600 ? said.size() - 600 : 0)));
}

io::Task<Result<void>>
Database::sql(std::string database, std::vector<std::string> statements, Deadline deadline) const {
    auto arguments = connection();
    append(arguments, {"-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database});
    for (auto& statement : statements)
        append(arguments, {"-c", std::move(statement)});
    CO_TRY_VOID(co_await tool(programs_.postgres_folder / "psql", std::move(arguments), deadline));
    co_return ok();
}

// Where tools and we exchange files: theirs as much as ours.
Result<void> Database::hand_over(fs::path const& path) const {
    if (run_as_ && ::lchown(path.c_str(), run_as_->uid, run_as_->gid) != 0)
        return Error(ErrorKind::file, cat(path.string(), ": ", std::strerror(errno)));
    return ok();
}

io::Task<Result<void>> Database::import_updaters(fs::path file, Deadline deadline) const {
    Scratch const scratch(layout_.work / "import");
    auto readable = file;
    if (run_as_) { // who may not be able to read the file where it is
        CO_TRY_VOID(io::make_folders(scratch.path(), 0700));
        readable = scratch.path() / cat("records", file.extension().string());
        std::error_code failed;
        fs::copy_file(file, readable, fs::copy_options::overwrite_existing, failed);
        if (failed)
            co_return Error(ErrorKind::file, cat(file.string(), ": ", failed.message()));
        CO_TRY_VOID(hand_over(readable));
        CO_TRY_VOID(hand_over(scratch.path()));
    }
    std::vector<std::string> const arguments{
        "--config", layout_.config.string(), "import-updaters", readable.string()};
    CO_TRY_VOID(co_await tool(programs_.clairctl, arguments, deadline));
    co_return ok();
}

io::Task<Result<std::string>> Database::dump(Deadline deadline) const {
    Scratch const scratch(layout_.work / "export");
    CO_TRY_VOID(io::make_folders(scratch.path(), 0700));
    CO_TRY_VOID(hand_over(scratch.path()));
    auto const file = scratch.path() / "data.pgdump";
    auto arguments = connection();
    append(arguments, {"-Fc", "--data-only", "-f", file.string()});
    for (auto const& table : data_tables())
        append(arguments, {"-t", cat("public.", table)});
    arguments.emplace_back(matcher);
    CO_TRY_VOID(
        co_await tool(programs_.postgres_folder / "pg_dump", std::move(arguments), deadline));
    co_return io::read_file(file, 4096 * limits::mib);
}

io::Task<Result<void>> Database::restore(std::string_view archive, Deadline deadline) const {
    Scratch const scratch(layout_.work / "import");
    CO_TRY_VOID(io::make_folders(scratch.path(), 0700));
    auto const file = scratch.path() / "data.pgdump";
    CO_TRY_VOID(io::write_atomically(file, archive, 0600));
    CO_TRY_VOID(hand_over(file));
    CO_TRY_VOID(hand_over(scratch.path()));
    auto const pg_restore = programs_.postgres_folder / "pg_restore";
    std::vector<std::string> const listing{"--list", file.string()};
    CO_TRY(auto const list, co_await tool(pg_restore, listing, deadline));
    CO_TRY(auto const entries, allowed_entries(list));
    CO_TRY_VOID(io::write_atomically(scratch.path() / "entries", entries, 0600));
    CO_TRY_VOID(hand_over(scratch.path() / "entries"));
    CO_TRY_VOID(co_await fill_copy(scratch.path(), deadline));
    co_return co_await replace(deadline);
}

io::Task<Result<void>> Database::fill_copy(fs::path folder, Deadline deadline) const {
    std::vector<std::string> const fresh{cat("DROP DATABASE IF EXISTS ", copy),
                                         cat("DROP DATABASE IF EXISTS ", old),
                                         cat("CREATE DATABASE ", copy, " TEMPLATE template0")};
    CO_TRY_VOID(co_await sql("postgres", fresh, deadline));
    std::vector<std::string> const schema{"--schema-only"};
    CO_TRY_VOID(co_await copy_part(schema, folder / "schema.pgdump", deadline));
    // Migrations are the schema's state, and this very Clair's own.
    std::vector<std::string> const migrations{"--data-only", "-t", "public.*migrations*"};
    CO_TRY_VOID(co_await copy_part(migrations, folder / "migrations.pgdump", deadline));
    CO_TRY_VOID(co_await load(folder, deadline));
    std::vector<std::string> finish;
    for (auto const* table : {"vuln", "update_operation", "enrichment"})
        finish.push_back(cat("SELECT setval(pg_get_serial_sequence('public.",
                             table,
                             "', 'id'), GREATEST((SELECT COALESCE(max(id), 0) FROM public.",
                             table,
                             "), 1))"));
    finish.emplace_back("REFRESH MATERIALIZED VIEW latest_update_operations");
    co_return co_await sql(std::string(copy), std::move(finish), deadline);
}

// From the matcher's database into the copy, both ours.
io::Task<Result<void>> Database::copy_part(std::vector<std::string> const& part,
                                           fs::path const& file,
                                           Deadline deadline) const {
    auto out = connection();
    append(out, part);
    append(out, {"-Fc", "-f", file.string(), std::string(matcher)});
    CO_TRY_VOID(co_await tool(programs_.postgres_folder / "pg_dump", std::move(out), deadline));
    auto in = connection();
    append(in, {"--exit-on-error", "-d", std::string(copy), file.string()});
    CO_TRY_VOID(co_await tool(programs_.postgres_folder / "pg_restore", std::move(in), deadline));
    co_return ok();
}

// An archive says itself which statements load its rows, so they are run by a role that may do
// nothing else, and that has no rights left afterwards.
io::Task<Result<void>> Database::load(fs::path const& folder, Deadline deadline) const {
    std::string tables;
    for (auto const& table : data_tables())
        tables += cat(tables.empty() ? "" : ", ", "public.", table);
    std::vector<std::string> const rights{
        cat("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '",
            loader,
            "') THEN CREATE ROLE ",
            loader,
            " LOGIN; END IF; END $$"),
        cat("GRANT USAGE ON SCHEMA public TO ", loader),
        cat("GRANT INSERT, SELECT ON ", tables, " TO ", loader)};
    CO_TRY_VOID(co_await sql(std::string(copy), rights, deadline));
    std::vector<std::string> arguments{"-h",
                                       layout_.run.string(),
                                       "-p",
                                       "5432",
                                       "-U",
                                       std::string(loader),
                                       "--no-password",
                                       "--data-only",
                                       "--single-transaction",
                                       "--exit-on-error",
                                       "-L",
                                       (folder / "entries").string(),
                                       "-d",
                                       std::string(copy),
                                       (folder / "data.pgdump").string()};
    CO_TRY_VOID(
        co_await tool(programs_.postgres_folder / "pg_restore", std::move(arguments), deadline));
    std::vector<std::string> const afterwards{cat("DROP OWNED BY ", loader),
                                              cat("ALTER ROLE ", loader, " RESET ALL")};
    co_return co_await sql(std::string(copy), afterwards, deadline);
}

// One transaction, so that an interrupted import leaves the old data in place and reachable.
// Clair's connections are cut and made anew by its pool; whoever is asked in between retries, and
// so do we when a new connection was faster than the renaming.
io::Task<Result<void>> Database::replace(Deadline deadline) const {
    std::string const statement =
        cat("DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '",
            matcher,
            "'; FOR i IN 1..100 LOOP EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity "
            "WHERE datname = '",
            matcher,
            "'); PERFORM pg_sleep(0.02); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$; ",
            "ALTER DATABASE ",
            matcher,
            " RENAME TO ",
            old,
            "; ALTER DATABASE ",
            copy,
            " RENAME TO ",
            matcher);
    for (int attempt = 1;; ++attempt) {
        std::vector<std::string> const statements{statement};
        auto const swapped = co_await sql("postgres", statements, deadline);
        if (swapped.has_value())
            break;
        bool const is_used = swapped.error().message().find("other users") != std::string::npos;
        if (!is_used || attempt == swap_attempts_max)
            co_return swapped.error();
    }
    std::vector<std::string> const last{cat("DROP DATABASE IF EXISTS ", old)};
    co_return co_await sql("postgres", last, deadline);
}

} // namespace clairgate::local
