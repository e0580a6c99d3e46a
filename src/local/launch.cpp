#include <clairgate/base/text.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/local/supervisor.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>

namespace clairgate::local {

namespace {

// posix_spawn's two helper objects, destroyed in every case.
class SpawnSettings {
  public:
    SpawnSettings() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }
    ~SpawnSettings() {
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&actions);
    }
    SpawnSettings(SpawnSettings const&) = delete;
    SpawnSettings& operator=(SpawnSettings const&) = delete;

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

std::vector<std::string> arguments_for(Options const& options) {
    std::vector<std::string> arguments{options.self.string(),
                                       "engine-supervisor",
                                       "--state-dir",
                                       options.state_folder.string(),
                                       "--log-format",
                                       "json"};
    for (auto const& folder : options.clair_folders) {
        arguments.emplace_back("--clair-bin");
        arguments.push_back(folder.string());
    }
    for (auto const& folder : options.postgres_folders) {
        arguments.emplace_back("--postgres-bin");
        arguments.push_back(folder.string());
    }
    return arguments;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

} // namespace

// Not io::Child: this process outlives the one that starts it, since others may share the engine.
Result<int> launch_supervisor(Options const& options,
                              Layout const& layout,
                              io::Environment const& environment) {
    SpawnSettings settings;
    auto const log = (layout.logs / "supervisor.log").string();
    ::posix_spawn_file_actions_addopen(&settings.actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(
        &settings.actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    ::posix_spawn_file_actions_adddup2(&settings.actions, 1, 2);
    ::posix_spawn_file_actions_addclosefrom_np(&settings.actions, 3);
    sigset_t none;
    sigset_t defaults;
    ::sigemptyset(&none);
    ::sigemptyset(&defaults);
    for (int const signal : {SIGINT, SIGTERM, SIGPIPE})
        ::sigaddset(&defaults, signal);
    ::posix_spawnattr_setsigmask(&settings.attributes, &none);
    ::posix_spawnattr_setsigdefault(&settings.attributes, &defaults);
    ::posix_spawnattr_setflags(&settings.attributes,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    auto arguments = arguments_for(options);
    std::vector<std::string> variables;
    for (auto const* name : {"PATH",
                             "HOME",
                             "TMPDIR",
                             "HTTP_PROXY",
                             "HTTPS_PROXY",
                             "NO_PROXY",
                             "http_proxy",
                             "https_proxy",
                             "no_proxy",
                             "SSL_CERT_FILE",
                             "SSL_CERT_DIR"})
        if (auto const value = environment.value(name))
            variables.push_back(cat(name, "=", *value));
    auto const argv = pointers(arguments);
    auto const envp = pointers(variables);
    pid_t pid = 0;
    int const failed = ::posix_spawn(&pid,
                                     options.self.c_str(),
                                     &settings.actions,
                                     &settings.attributes,
                                     argv.data(),
                                     envp.data());
    if (failed != 0)
        return Error(ErrorKind::tool,
                     cat("cannot start ", options.self.string(), ": ", std::strerror(failed)));
    return pid;
}

} // namespace clairgate::local
