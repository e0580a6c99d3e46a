#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/wait/file_reader.hpp>
#include <clairgate/wait/glob.hpp>

#include <algorithm>
#include <chrono>

namespace clairgate::wait {

namespace fs = std::filesystem;

namespace {

constexpr Duration settle_time = std::chrono::milliseconds(100);
constexpr std::size_t matches_max = 32;    // of one pattern, each of limits::metadata_file_bytes
constexpr std::size_t entries_max = 10000; // of its folder
constexpr std::size_t notes_max = 4;

Error wrong(std::string_view text, std::string_view why) {
    return Error(ErrorKind::usage, cat("--digest-file \"", text, "\": ", why))
        .with_remedy("--digest-file FOLDER/NAME, where NAME may hold * and ?");
}

// A link may lead elsewhere inside its folder (Kubernetes volumes swap one), never out of it: the
// build could show us any file that we may read.
Result<fs::path> inside_its_folder(fs::path const& path) {
    std::error_code failed;
    if (!fs::is_symlink(fs::symlink_status(path, failed)))
        return path;
    auto const parent = path.parent_path().empty() ? fs::path(".") : path.parent_path();
    auto const folder = fs::canonical(parent, failed);
    auto const target = failed ? fs::path() : fs::canonical(path, failed);
    if (failed)
        return Error(ErrorKind::not_found, "a link that leads nowhere");
    auto const [end, unused] =
        std::mismatch(folder.begin(), folder.end(), target.begin(), target.end());
    if (end != folder.end())
        return Error(ErrorKind::file, "a link out of its folder is not followed");
    return target;
}

SystemTime to_system_time(std::int64_t since_epoch_ns) {
    return SystemTime(
        std::chrono::floor<std::chrono::seconds>(std::chrono::nanoseconds(since_epoch_ns)));
}

} // namespace

Result<FilePattern> FilePattern::parse(std::string_view text) {
    if (text.empty() || text.find('\0') != std::string_view::npos)
        return wrong(text, "no file name");
    fs::path const path{std::string(text)};
    FilePattern pattern;
    pattern.text = std::string(text);
    pattern.folder = path.parent_path().empty() ? fs::path(".") : path.parent_path();
    pattern.name = path.filename().string();
    pattern.is_glob = pattern.name.find_first_of("*?") != std::string::npos;
    if (pattern.name.empty() || pattern.name == "." || pattern.name == "..")
        return wrong(text, "a folder, not a file");
    if (pattern.folder.string().find_first_of("*?") != std::string::npos)
        return wrong(text, "a pattern is possible in the file's name only");
    return pattern;
}

FileReader::FileReader(Surroundings const& surroundings, FilePattern pattern)
    : surroundings_(surroundings), pattern_(std::move(pattern)) {}

void FileReader::note(fs::path const& path, std::string_view why) {
    if (notes_.size() < notes_max)
        notes_.push_back(cat(path.string(), ": ", why));
}

// In the order of their names; a folder that is not there yet holds nothing.
std::vector<fs::path> FileReader::paths() {
    if (!pattern_.is_glob)
        return {fs::path(pattern_.text)};
    std::vector<fs::path> paths;
    std::error_code failed;
    std::size_t seen = 0;
    fs::directory_iterator entries(pattern_.folder, failed);
    for (fs::directory_iterator const end; !failed && entries != end; entries.increment(failed)) {
        if (++seen > entries_max)
            break;
        if (glob_matches(pattern_.name, entries->path().filename().string()))
            paths.push_back(entries->path());
    }
    if (seen > entries_max || paths.size() > matches_max) {
        note(pattern_.text,
             cat("the pattern matches more than ",
                 matches_max,
                 " files, or the ",
                 "folder holds more than ",
                 entries_max));
        return {};
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

Result<io::StampedFile> FileReader::read_one(fs::path const& path) const {
    auto const target = TRY(inside_its_folder(path));
    auto file = TRY(io::read_stamped(target, limits::metadata_file_bytes, io::Links::refuse));
    auto const& options = surroundings_.options;
    auto const written = to_system_time(file.stamp.modified_ns);
    if (!options.accepts_existing && written < options.started)
        return Error(ErrorKind::file,
                     cat("written ",
                         to_rfc3339(written),
                         ", before this run started (",
                         to_rfc3339(options.started),
                         "); --accept-existing believes it"));
    return file;
}

std::vector<FileReader::Stamped> FileReader::read_all() {
    notes_.clear();
    std::vector<Stamped> files;
    for (auto const& path : paths()) {
        auto file = read_one(path);
        if (file.has_value())
            files.push_back({path, *std::move(file)});
        else if (file.error().kind() != ErrorKind::not_found)
            note(path, file.error().message());
    }
    return files;
}

std::vector<ReadFile> FileReader::glance() {
    std::vector<ReadFile> files;
    for (auto& one : read_all())
        files.push_back({std::move(one.path), std::move(one.file.bytes)});
    return files;
}

io::Task<Result<std::vector<ReadFile>>> FileReader::settled() {
    auto const first = read_all();
    bool const is_known = std::all_of(first.begin(), first.end(), [this](Stamped const& one) {
        auto const known = known_.find(one.path);
        return known != known_.end() && known->second == one.file.stamp;
    });
    std::vector<ReadFile> files;
    if (is_known) {
        for (auto const& one : first)
            files.push_back({one.path, one.file.bytes});
        co_return files;
    }
    CO_TRY_VOID(co_await io::sleep_for(settle_time));
    known_.clear();
    for (auto& one : read_all()) {
        auto const before = std::find_if(
            first.begin(), first.end(), [&](Stamped const& f) { return f.path == one.path; });
        if (before == first.end() || before->file.stamp != one.file.stamp ||
            before->file.bytes != one.file.bytes) {
            note(one.path, "still being written");
            continue;
        }
        known_[one.path] = one.file.stamp;
        files.push_back({std::move(one.path), std::move(one.file.bytes)});
    }
    co_return files;
}

} // namespace clairgate::wait
