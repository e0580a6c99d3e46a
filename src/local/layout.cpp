#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/local/layout.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clairgate::local {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t socket_path_max = 107; // sun_path, unix(7)

// Whom Linux calls nobody where no file says so (overflowuid, proc(5)).
constexpr io::RunAs overflow_user{65534, 65534};

// What Clair needs to reach feeds and registries from where it runs.
constexpr std::array network_variables{"HTTP_PROXY",
                                       "HTTPS_PROXY",
                                       "NO_PROXY",
                                       "http_proxy",
                                       "https_proxy",
                                       "no_proxy",
                                       "SSL_CERT_FILE",
                                       "SSL_CERT_DIR"};

std::optional<io::RunAs> user_named(char const* name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    if (::getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return std::nullopt;
    return io::RunAs{entry.pw_uid, entry.pw_gid};
}

// Debian keeps each major version in a folder of its own; the newest that is there.
std::vector<fs::path> usual_postgres_folders() {
    std::vector<fs::path> folders;
    std::error_code failed;
    fs::directory_iterator versions("/usr/lib/postgresql", failed);
    for (fs::directory_iterator const end; !failed && versions != end; versions.increment(failed))
        folders.push_back(versions->path() / "bin");
    std::sort(folders.begin(), folders.end(), [](fs::path const& a, fs::path const& b) {
        auto const number = [](fs::path const& path) {
            return parse_unsigned(path.parent_path().filename().string()).value_or(0);
        };
        return number(a) > number(b);
    });
    folders.emplace_back("/usr/pgsql/bin");
    folders.emplace_back("/usr/local/pgsql/bin");
    return folders;
}

bool has_all_tools(fs::path const& folder) {
    constexpr std::array tools{"initdb", "postgres", "createdb", "psql", "pg_dump", "pg_restore"};
    auto const is_there = [&folder](char const* tool) {
        return ::access((folder / tool).c_str(), X_OK) == 0;
    };
    return folder.is_absolute() && std::all_of(tools.begin(), tools.end(), is_there);
}

Result<void>
make_folder(fs::path const& folder, mode_t mode, std::optional<io::RunAs> const& owner) {
    TRY_VOID(io::make_folders(folder, mode));
    // Mended as well: an older umask or a root run may have left another mode or owner.
    if (::chmod(folder.c_str(), mode) != 0 && errno != EPERM)
        return Error(ErrorKind::file, cat(folder.string(), ": ", std::strerror(errno)));
    if (owner && ::lchown(folder.c_str(), owner->uid, owner->gid) != 0)
        return Error(ErrorKind::file, cat(folder.string(), ": ", std::strerror(errno)));
    return ok();
}

} // namespace

Layout::Layout(fs::path const& state_folder)
    : state(state_folder), engine(state / "engine"), database(engine / "database"),
      run(engine / "run"), logs(engine / "logs"), lock(engine / "lock"),
      socket(run / "supervisor.sock"), config(engine / "clair.json"),
      data_record(engine / "data.json"), work(engine / "work") {}

Result<Programs> find_programs(Options const& options, std::optional<std::string> const& path) {
    auto const in_path = io::path_folders(path);
    auto clair_folders = options.clair_folders;
    clair_folders.insert(clair_folders.end(), in_path.begin(), in_path.end());
    auto postgres_folders = options.postgres_folders;
    postgres_folders.insert(postgres_folders.end(), in_path.begin(), in_path.end());
    auto const usual = usual_postgres_folders();
    postgres_folders.insert(postgres_folders.end(), usual.begin(), usual.end());
    auto const clair = io::find_program("clair", clair_folders);
    auto const clairctl = io::find_program("clairctl", clair_folders);
    if (!clair || !clairctl)
        return Error(ErrorKind::config,
                     cat("the local engine needs ",
                         clair ? "clairctl" : "clair",
                         ", which is not in PATH"))
            .with_remedy(
                "--clair-bin DIR names its folder (plugins/local/clair/build makes one); or "
                "use a Clair service with --clair-url");
    // All of one installation: Debian's wrappers in /usr/bin are of whatever version they choose.
    for (auto const& folder : postgres_folders)
        if (has_all_tools(folder))
            return Programs{*clair, *clairctl, folder};
    return Error(ErrorKind::config,
                 "the local engine needs PostgreSQL's server, which is not found")
        .with_remedy("apt-get install postgresql, or --postgres-bin DIR");
}

Result<std::optional<io::RunAs>> unprivileged_user() {
    if (::geteuid() != 0)
        return std::optional<io::RunAs>();
    for (auto const* name : {"postgres", "nobody"})
        if (auto const user = user_named(name))
            return std::optional<io::RunAs>(user);
    return std::optional<io::RunAs>(overflow_user);
}

Result<void> prepare_folders(Layout const& layout, std::optional<io::RunAs> const& owner) {
    if (layout.socket.string().size() > socket_path_max)
        return Error(ErrorKind::config,
                     cat("the path ", layout.state.string(), " is too long for a socket"))
            .with_remedy("--state-dir DIR with at most 70 characters");
    TRY_VOID(make_folder(layout.state, owner ? 0711 : 0700, std::nullopt));
    for (auto const* folder : {&layout.engine, &layout.run, &layout.logs, &layout.work})
        TRY_VOID(make_folder(*folder, 0700, owner));
    return ok();
}

std::map<std::string, std::string> program_environment(Layout const& layout,
                                                       io::Environment const& environment) {
    std::map<std::string, std::string> variables{{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                                 {"LC_ALL", "C"},
                                                 {"TZ", "UTC"},
                                                 {"HOME", layout.work.string()},
                                                 {"TMPDIR", layout.work.string()}};
    for (auto const* name : network_variables)
        if (auto const value = environment.value(name))
            variables[name] = *value;
    return variables;
}

Result<void> become(io::RunAs const& user) {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(user.gid, user.gid, user.gid) != 0 ||
        ::setresuid(user.uid, user.uid, user.uid) != 0)
        return Error(ErrorKind::config,
                     cat("cannot become uid ", user.uid, ": ", std::strerror(errno)))
            .with_remedy("run as an ordinary user, or with CAP_SETUID and CAP_SETGID");
    return ok();
}

Result<void> check_access(Programs const& programs) {
    for (auto const& program : {programs.clair, programs.postgres_folder / "postgres"})
        if (::access(program.c_str(), X_OK) != 0)
            return Error(ErrorKind::config,
                         cat("the engine runs as uid ",
                             ::geteuid(),
                             ", which may not run ",
                             program.string(),
                             ": ",
                             std::strerror(errno)))
                .with_remedy("install it where every user may read it");
    return ok();
}

} // namespace clairgate::local
