#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_folder.hpp>
#include <clairgate/gate/policy_limits.hpp>
#include <clairgate/io/files.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

namespace fs = std::filesystem;

Error cannot_list(fs::path const& folder, std::error_code const& failed) {
    return Error(ErrorKind::policy, cat("cannot list ", folder.string(), ": ", failed.message()));
}

// Every *.toml below the folder, at any depth: a file in the wrong place must be refused by name
// and not be overlooked.
class FolderReader {
  public:
    explicit FolderReader(fs::path const& root) : root_(root) {}

    Result<std::vector<policy::SourceFile>> read() {
        std::error_code failed;
        fs::recursive_directory_iterator entries(root_, failed);
        if (failed)
            return cannot_list(root_, failed);
        for (fs::recursive_directory_iterator const end; entries != end;) {
            auto const& entry = *entries;
            if (++entries_ > policy_limits::files)
                return Error(
                           ErrorKind::policy,
                           cat(root_.string(), " holds more than ", policy_limits::files, " files"))
                    .with_remedy("--policy names the folder that holds global.toml");
            if (entries.depth() >= static_cast<int>(policy_limits::depth))
                return Error(ErrorKind::policy, "folders are nested too deeply")
                    .with_position({relative(entry), 0, 0});
            if (entry.is_symlink(failed) && fs::is_directory(entry.path(), failed))
                return Error(ErrorKind::policy, "is a link: policy folders hold no links")
                    .with_position({relative(entry), 0, 0});
            if (entry.path().extension() == ".toml")
                TRY_VOID(take(entry));
            entries.increment(failed);
            if (failed)
                return cannot_list(root_, failed);
        }
        std::sort(files_.begin(), files_.end(), [](auto const& a, auto const& b) {
            return a.path < b.path;
        });
        return std::move(files_);
    }

  private:
    std::string relative(fs::directory_entry const& entry) const {
        return entry.path().lexically_relative(root_).generic_string();
    }

    Result<void> take(fs::directory_entry const& entry) {
        auto const path = relative(entry);
        auto bytes = io::read_file(entry.path(), limits::policy_file_bytes, io::Links::refuse);
        if (!bytes.has_value())
            return Error(ErrorKind::policy, bytes.error().message()).with_position({path, 0, 0});
        bytes_ += bytes->size();
        if (bytes_ > policy_limits::total_bytes)
            return Error(ErrorKind::policy, "the policy files are too large together");
        files_.push_back({path, *std::move(bytes), "folder"});
        return ok();
    }

    fs::path root_;
    std::vector<policy::SourceFile> files_;
    std::size_t entries_ = 0;
    std::size_t bytes_ = 0;
};

} // namespace

Result<std::vector<policy::SourceFile>> read_policy_folder(fs::path const& folder, bool is_named) {
    std::error_code failed;
    auto const status = fs::status(folder, failed);
    if (!fs::exists(status)) {
        if (!is_named)
            return std::vector<policy::SourceFile>();
        return Error(ErrorKind::policy, cat("no such policy folder: ", folder.string()))
            .with_remedy("--policy DIR names a folder that holds global.toml");
    }
    if (!fs::is_directory(status))
        return Error(ErrorKind::policy, cat("not a folder: ", folder.string()))
            .with_remedy("--policy DIR names the folder, not a file in it");
    auto files = TRY(FolderReader(folder).read());
    if (files.empty())
        return Error(ErrorKind::policy, cat(folder.string(), " holds no policy file"))
            .with_remedy(cat("write ",
                             (folder / "global.toml").string(),
                             " (clairgate policy init), or name another folder with --policy"));
    return files;
}

} // namespace clairgate::gate
