#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/directory_watch.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/wait/digest_file.hpp>
#include <clairgate/wait/glob.hpp>
#include <clairgate/wait/image_source.hpp>

#include <algorithm>
#include <filesystem>

namespace clairgate::wait {

namespace {

namespace fs = std::filesystem;

constexpr Duration settle_time = std::chrono::milliseconds(100);
constexpr std::size_t glob_matches_max = 256;

// One --digest-file. A file is believed when it is complete, newer than this run and the registry
// serves what it names.
class DigestFile final : public Source {
  public:
    DigestFile(Surroundings& surroundings,
               std::string pattern,
               std::optional<image::Repository> repository)
        : surroundings_(surroundings), pattern_(std::move(pattern)),
          repository_(std::move(repository)),
          folder_(fs::path(pattern_).parent_path().empty() ? fs::path(".")
                                                           : fs::path(pattern_).parent_path()),
          watch_(surroundings.world.executor, folder_) {}

    io::Task<Result<Sighting>> next(Deadline deadline) override {
        auto& world = surroundings_.world;
        for (;;) {
            if (deadline.passed(world.clock))
                co_return Error(ErrorKind::no_digest,
                                cat("--digest-file ", pattern_, ": ", state_));
            CO_TRY(auto found, co_await look(deadline));
            if (found)
                co_return *std::move(found);
            surroundings_.progress(cat("for ", pattern_, " (", state_, ")"));
            auto const pause =
                std::min(surroundings_.options.poll_interval, deadline.remaining(world.clock));
            CO_TRY_VOID(co_await watch_.changed(pause));
        }
    }

    io::Task<Result<std::optional<Sighting>>> now(Deadline deadline) override {
        return look(deadline);
    }

    std::string state() const override { return cat("--digest-file ", pattern_, ": ", state_); }

  private:
    // Every file of the pattern, in name order; nothing yet is no error.
    Result<std::vector<fs::path>> files() const {
        std::vector<fs::path> paths;
        auto const name = fs::path(pattern_).filename().string();
        if (name.find_first_of("*?") == std::string::npos) {
            paths.emplace_back(pattern_);
            return paths;
        }
        std::error_code failed;
        fs::directory_iterator entries(folder_, failed);
        for (fs::directory_iterator const end; !failed && entries != end; entries.increment(failed))
            if (glob_matches(name, entries->path().filename().string()) &&
                paths.size() < glob_matches_max)
                paths.push_back(entries->path());
        std::sort(paths.begin(), paths.end());
        return paths;
    }

    io::Task<Result<std::optional<Sighting>>> look(Deadline deadline) {
        CO_TRY(auto const paths, files());
        state_ = "no such file yet";
        for (auto const& path : paths) {
            CO_TRY(auto found, co_await look_at(path, deadline));
            if (found)
                co_return found;
        }
        co_return std::optional<Sighting>();
    }

    // Content that two reads in a row agree on: most builders write in place.
    io::Task<Result<std::optional<std::string>>> settled(fs::path path) {
        auto const first = io::read_stamped(path, limits::metadata_file_bytes, io::Links::refuse);
        if (!first.has_value()) {
            if (first.error().kind() != ErrorKind::not_found)
                state_ = first.error().text();
            co_return std::optional<std::string>();
        }
        auto const started_ns =
            std::chrono::nanoseconds(surroundings_.options.started.time_since_epoch()).count();
        if (!surroundings_.options.accepts_existing && first->stamp.modified_ns < started_ns) {
            state_ = "the file is older than this run; --accept-existing believes it";
            co_return std::optional<std::string>();
        }
        CO_TRY_VOID(co_await io::sleep_for(settle_time));
        auto const second = io::read_stamped(path, limits::metadata_file_bytes, io::Links::refuse);
        if (!second.has_value() || second->stamp != first->stamp || second->bytes != first->bytes) {
            state_ = "the file is still being written";
            co_return std::optional<std::string>();
        }
        co_return std::optional(second->bytes);
    }

    io::Task<Result<std::optional<Sighting>>> look_at(fs::path path, Deadline deadline) {
        CO_TRY(auto const bytes, co_await settled(path));
        if (!bytes)
            co_return std::optional<Sighting>();
        auto const announcements = parse_announcements(*bytes);
        if (!announcements.has_value()) {
            state_ = announcements.error().text();
            co_return std::optional<Sighting>();
        }
        auto const reference = choose(*announcements, repository_);
        if (!reference.has_value()) {
            bool const is_final = reference.error().kind() != ErrorKind::protocol;
            if (is_final)
                co_return reference.error().with_context(path.string());
            state_ = reference.error().text();
            co_return std::optional<Sighting>();
        }
        CO_TRY(auto const is_served, co_await serves(surroundings_, *reference, deadline, state_));
        if (!is_served)
            co_return std::optional<Sighting>();
        co_return std::optional(Sighting{
            *reference, cat("digest file ", path.string()), surroundings_.world.clock.now()});
    }

    Surroundings& surroundings_;
    std::string pattern_;
    std::optional<image::Repository> repository_;
    fs::path folder_;
    io::DirectoryWatch watch_;
    std::string state_ = "not looked yet";
};

} // namespace

Result<std::vector<std::unique_ptr<Source>>> make_digest_file_sources(Surroundings& surroundings) {
    std::vector<std::unique_ptr<Source>> sources;
    auto const& options = surroundings.options;
    if (options.digest_files.empty())
        return sources;
    std::optional<image::Repository> repository;
    if (!options.images.empty())
        repository = TRY(image::Reference::parse(options.images.front())).repository();
    for (auto const& pattern : options.digest_files)
        sources.push_back(std::make_unique<DigestFile>(surroundings, pattern, repository));
    return sources;
}

} // namespace clairgate::wait
