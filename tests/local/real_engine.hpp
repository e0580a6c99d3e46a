#pragma once

#include <clairgate/local/engine.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

namespace clairgate::test {

/// A state folder of its own for the real PostgreSQL and Clair. `tests/run` names Clair's folder in
/// E2E_CLAIR_BIN; without it the test fails, since it cannot show what it claims.
class EngineScene {
  public:
    EngineScene() {
        std::filesystem::permissions(folder_.path(), std::filesystem::perms(0711));
        auto const* const clair = std::getenv("E2E_CLAIR_BIN");
        if (clair == nullptr)
            throw std::runtime_error("E2E_CLAIR_BIN names no folder with clair and clairctl");
        options.state_folder = folder_.path() / "s";
        options.clair_folders = {clair};
        options.self = std::filesystem::read_symlink("/proc/self/exe");
    }

    std::unique_ptr<local::Engine> start() {
        auto const silent = [](std::string_view, std::string_view) {};
        auto started = world.run(local::Engine::start(world.world, options, silent, deadline()));
        if (!started.has_value())
            throw std::runtime_error(started.error().text());
        return *std::move(started);
    }
    void leave(local::Engine& engine) {
        auto const left = world.run(engine.leave(deadline()));
        if (!left.has_value())
            throw std::runtime_error(left.error().text());
    }
    Deadline deadline() { return Deadline::after(world.clock, std::chrono::seconds(60)); }

  private:
    TempDir folder_;

  public:
    TestWorld world;
    local::Options options;
};

/// One vulnerability of Debian 12's zlib, as clairctl imports it.
inline constexpr std::string_view sample_export =
    R"({"Updater":"debian/updater","Fingerprint":"t-1","Date":"2026-01-01T00:00:00Z",)"
    R"("Ref":"6f1d2a52-0000-4000-8000-000000000002","Kind":"vulnerability",)"
    R"("Vuln":{"updater":"debian/updater","name":"CVE-2099-0002","description":"d",)"
    R"("issued":"2026-01-01T00:00:00Z","links":"","severity":"high",)"
    R"("normalized_severity":"Critical","package":{"name":"zlib","kind":"source"},)"
    R"J("distribution":{"did":"debian","name":"Debian GNU/Linux","version":"12 (bookworm)"},)J"
    R"("fixed_in_version":""}})"
    "\n";

} // namespace clairgate::test
