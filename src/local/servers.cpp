#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/local/nameless_user.hpp>
#include <clairgate/local/servers.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

#include <unistd.h>

namespace clairgate::local {

namespace {

namespace fs = std::filesystem;

constexpr Duration ready_poll = std::chrono::milliseconds(20);
constexpr Duration clair_grace = std::chrono::seconds(1); // nobody is left whom it could answer
constexpr Duration postgres_grace = std::chrono::seconds(5);
constexpr Duration quit_grace = std::chrono::seconds(1);
constexpr int start_attempts_max = 3; // a port may be taken between choosing and listening

// A log of the run before is kept as .1.
void rotate(fs::path const& log) {
    std::error_code
        ignored; // a log that cannot be rotated grows on; that is no reason not to start
    if (fs::exists(log, ignored))
        fs::rename(log, fs::path(log.string() + ".1"), ignored);
}

} // namespace

std::string last_lines(fs::path const& file, std::size_t bytes_max) {
    std::ifstream log(file, std::ios::binary | std::ios::ate);
    if (!log)
        return {};
    auto const size = static_cast<std::size_t>(std::max<std::streamoff>(log.tellg(), 0));
    auto const wanted = std::min(size, bytes_max + 1); // the last one is a line's end
    log.seekg(static_cast<std::streamoff>(size - wanted));
    std::string bytes(wanted, '\0');
    log.read(bytes.data(), static_cast<std::streamsize>(wanted));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(log.gcount(), 0)));
    auto const text = trim(bytes);
    return std::string(text.size() > bytes_max ? text.substr(text.size() - bytes_max) : text);
}

Result<std::uint16_t> free_port() {
    boost::asio::io_context context;
    boost::system::error_code failed;
    boost::asio::ip::tcp::acceptor acceptor(context);
    acceptor.open(boost::asio::ip::tcp::v4(), failed);
    if (!failed)
        acceptor.bind({boost::asio::ip::address_v4::loopback(), 0}, failed);
    if (failed)
        return Error(ErrorKind::tool, cat("no free port: ", failed.message()));
    return acceptor.local_endpoint().port();
}

Servers::Servers(io::World& world,
                 Layout const& layout,
                 Programs programs,
                 std::optional<io::RunAs> run_as,
                 std::map<std::string, std::string> environment)
    : world_(world), layout_(layout), programs_(std::move(programs)), run_as_(run_as),
      environment_(std::move(environment)) {}

io::Command Servers::command(fs::path program, std::vector<std::string> arguments) const {
    io::Command command;
    command.program = std::move(program);
    command.arguments = std::move(arguments);
    command.environment = environment_;
    command.run_as = run_as_;
    command.folder = layout_.engine;
    return command;
}

io::Task<Result<void>> Servers::run_tool(io::Command tool, Deadline deadline) const {
    auto const name = tool.program.filename().string();
    CO_TRY(auto const ended, co_await io::run_process(std::move(tool), world_.clock, deadline));
    if (!ended.exit.ok())
        co_return Error(ErrorKind::tool,
                        cat(name,
                            " ended with ",
                            ended.exit.text(),
                            ": ",
                            trim(ended.error_output).substr(0, 500)));
    co_return ok();
}

io::Task<Result<void>> Servers::create_cluster(Deadline deadline) {
    std::error_code failed;
    fs::remove_all(layout_.database, failed); // what an interrupted initdb left
    CO_TRY(auto variables,
           initdb_environment(layout_, run_as_ ? run_as_->uid : ::geteuid(), environment_));
    auto tool = command(programs_.postgres_folder / "initdb",
                        {"-D",
                         layout_.database.string(),
                         "-U",
                         "clair",
                         "--auth=trust",
                         "-E",
                         "UTF8",
                         "--locale=C"});
    tool.environment = std::move(variables);
    co_return co_await run_tool(std::move(tool), deadline);
}

// Only a socket in a folder that nobody else can enter, so no password would add anything.
io::Command Servers::postgres_command() const {
    auto server = command(programs_.postgres_folder / "postgres",
                          {"-D",
                           layout_.database.string(),
                           "-k",
                           layout_.run.string(),
                           "-p",
                           "5432",
                           "-c",
                           "listen_addresses=",
                           "-c",
                           "unix_socket_permissions=0700",
                           "-c",
                           "shared_buffers=64MB",
                           "-c",
                           "max_connections=80",
                           "-c",
                           "logging_collector=off"});
    server.log_file = layout_.logs / "postgres.log";
    server.parent_death_signal =
        SIGQUIT; // an immediate shutdown; recovery follows at the next start
    return server;
}

io::Task<Result<void>> Servers::start_postgres(Progress const& progress, Deadline deadline) {
    bool const is_new = !fs::exists(layout_.database / "PG_VERSION");
    if (is_new) {
        progress("engine", "creating the database");
        CO_TRY_VOID(co_await create_cluster(deadline));
    }
    progress("engine", "starting PostgreSQL");
    rotate(layout_.logs / "postgres.log");
    CO_TRY(auto child, io::Child::start(world_.executor, postgres_command()));
    postgres_.emplace(std::move(child));
    CO_TRY_VOID(co_await await_postgres(deadline));
    auto const marker = layout_.engine / "databases";
    if (fs::exists(marker) && !is_new)
        co_return ok();
    for (std::string const name : {"clair_indexer", "clair_matcher", "clair_notifier"}) {
        auto tool = command(programs_.postgres_folder / "createdb",
                            {"-h", layout_.run.string(), "-p", "5432", "-U", "clair", name});
        auto const created = co_await run_tool(std::move(tool), deadline);
        bool const is_there = !created.has_value() &&
                              created.error().message().find("already exists") != std::string::npos;
        if (!created.has_value() && !is_there)
            co_return created.error();
    }
    co_return io::write_atomically(marker, "clair_indexer clair_matcher clair_notifier\n", 0600);
}

// What PostgreSQL said before it ended, and for data of another major version the way out.
Error Servers::postgres_failure() const {
    auto const log = layout_.logs / "postgres.log";
    auto const said = last_lines(log, 600);
    if (said.find("incompatible with server") == std::string::npos)
        return Error(ErrorKind::tool, cat("PostgreSQL did not start: ", said))
            .with_remedy(cat("see ", log.string()));
    auto const version = io::read_file(layout_.database / "PG_VERSION", 64);
    auto const major = version.has_value() ? std::string(trim(*version)) : std::string("another");
    return Error(ErrorKind::config,
                 cat("the engine's database was made by PostgreSQL ",
                     major,
                     ", and ",
                     (programs_.postgres_folder / "postgres").string(),
                     " is of another major version"))
        .with_remedy(cat("--postgres-bin names a folder of PostgreSQL ",
                         major,
                         "; or remove ",
                         layout_.engine.string(),
                         " and import the data again"));
}

// The postmaster writes its state into the eighth line of postmaster.pid (pidfile.h,
// PM_STATUS_READY).
io::Task<Result<void>> Servers::await_postgres(Deadline deadline) {
    CLAIRGATE_ASSERT(postgres_.has_value());
    for (;;) {
        auto const pid_file = io::read_file(layout_.database / "postmaster.pid", 4096);
        if (pid_file.has_value() && pid_file->starts_with(cat(postgres_->pid(), "\n")) &&
            pid_file->find("\nready") != std::string::npos)
            co_return ok();
        if (postgres_->has_ended())
            co_return postgres_failure();
        if (deadline.passed(world_.clock))
            co_return Error(ErrorKind::timeout, "PostgreSQL was not ready in time");
        CO_TRY_VOID(co_await io::sleep_for(ready_poll));
    }
}

io::Task<Result<void>>
Servers::start_clair(ClairSettings settings, Progress const& progress, Deadline deadline) {
    progress("engine", "starting Clair");
    auto const log = layout_.logs / "clair.log";
    for (int attempt = 1;; ++attempt) {
        if (settings_.api_port == 0) {
            CO_TRY(settings_.api_port, free_port());
            CO_TRY(settings_.introspection_port, free_port());
        }
        settings.api_port = settings_.api_port;
        settings.introspection_port = settings_.introspection_port;
        settings_ = settings;
        CO_TRY_VOID(io::write_atomically(layout_.config, render_clair_config(settings_), 0600));
        if (run_as_ && ::lchown(layout_.config.c_str(), run_as_->uid, run_as_->gid) != 0)
            co_return Error(ErrorKind::file, "cannot hand the configuration to Clair's user");
        rotate(log);
        auto server =
            command(programs_.clair, {"-conf", layout_.config.string(), "-mode", "combo"});
        server.log_file = log;
        CO_TRY(auto child, io::Child::start(world_.executor, std::move(server)));
        clair_.emplace(std::move(child));
        auto const ready = co_await await_clair(deadline);
        if (ready.has_value())
            co_return ok();
        bool const is_port_taken =
            last_lines(log, 4000).find("address already in use") != std::string::npos;
        clair_.reset();
        if (!is_port_taken || attempt == start_attempts_max)
            co_return ready.error();
        settings_.api_port = 0;
    }
}

io::Task<Result<void>> Servers::await_clair(Deadline deadline) {
    CLAIRGATE_ASSERT(clair_.has_value());
    CO_TRY(auto const url,
           io::Url::parse(cat("http://127.0.0.1:", settings_.introspection_port, "/readyz")));
    for (;;) {
        auto request = io::Request::get(url).time_max(std::chrono::seconds(2));
        auto const answer = co_await world_.http.send(std::move(request), deadline);
        if (answer.has_value() && answer->status == 200)
            co_return ok();
        if (!answer.has_value() && answer.error().kind() == ErrorKind::cancelled)
            co_return answer.error();
        if (clair_->has_ended())
            co_return Error(
                ErrorKind::tool,
                cat("Clair did not start: ", last_lines(layout_.logs / "clair.log", 600)))
                .with_remedy(cat("see ", (layout_.logs / "clair.log").string()));
        if (deadline.passed(world_.clock))
            co_return Error(ErrorKind::timeout, "Clair was not ready in time")
                .with_remedy(cat("see ", (layout_.logs / "clair.log").string()));
        CO_TRY_VOID(co_await io::sleep_for(ready_poll));
    }
}

io::Task<Result<void>> Servers::stop_clair() {
    if (clair_) {
        CO_TRY_VOID(co_await clair_->stop(SIGTERM, clair_grace));
        clair_.reset();
    }
    co_return ok();
}

io::Task<Result<void>> Servers::stop_postgres() {
    if (postgres_) {
        // A fast shutdown; where that takes too long an immediate one, which takes its backends
        // along and leaves the rest to recovery. SIGKILL would leave backends behind.
        auto const deadline = Deadline::after(world_.clock, postgres_grace);
        if (!postgres_->has_ended())
            ::kill(postgres_->pid(), SIGINT);
        while (!postgres_->has_ended() && !deadline.passed(world_.clock))
            CO_TRY_VOID(co_await io::sleep_for(ready_poll));
        CO_TRY_VOID(co_await postgres_->stop(SIGQUIT, quit_grace));
        postgres_.reset();
    }
    co_return ok();
}

std::optional<std::string> Servers::casualty() const {
    if (postgres_ && postgres_->has_ended())
        return "PostgreSQL ended unexpectedly";
    if (clair_ && clair_->has_ended())
        return "Clair ended unexpectedly";
    return std::nullopt;
}

} // namespace clairgate::local
