#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/git_clone.hpp>
#include <clairgate/gate/policy_git.hpp>
#include <clairgate/gate/policy_limits.hpp>
#include <clairgate/gate/work_tree.hpp>
#include <clairgate/io/files.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

namespace fs = std::filesystem;
using Files = std::vector<policy::SourceFile>;

// The policy files of a folder on disk, or nothing when there is more to it than files and folders,
// or something that cannot be read: then nobody can say that it is clean.
class DiskWalk {
  public:
    std::optional<Files> files_below(fs::path const& root) {
        folders_.push_back({root, "", 0});
        while (!folders_.empty()) {
            auto const folder = std::move(folders_.back());
            folders_.pop_back();
            if (!visit(folder))
                return std::nullopt;
        }
        std::sort(files_.begin(), files_.end(), [](auto const& a, auto const& b) {
            return a.path < b.path;
        });
        return std::move(files_);
    }

  private:
    struct Folder {
        fs::path place;
        std::string path; // ends with '/' unless it is the root
        std::size_t depth;
    };

    bool visit(Folder const& folder) {
        std::error_code failed;
        fs::directory_iterator entries(folder.place, failed);
        for (fs::directory_iterator const end; !failed && entries != end;
             entries.increment(failed)) {
            auto const& place = entries->path();
            auto const name = place.filename().string();
            if (name == ".git") // never part of a commit
                continue;
            auto const type = entries->symlink_status(failed).type();
            if (failed || ++count_ > policy_limits::files)
                return false;
            auto const path = cat(folder.path, name);
            if (type == fs::file_type::directory && folder.depth < policy_limits::depth)
                folders_.push_back({place, cat(path, "/"), folder.depth + 1});
            else if (type != fs::file_type::regular)
                return false;
            else if (name.ends_with(".toml") && !add(place, path))
                return false;
        }
        return !failed;
    }

    bool add(fs::path const& place, std::string const& path) {
        auto bytes = io::read_file(place, limits::policy_file_bytes, io::Links::refuse);
        if (!bytes.has_value())
            return false;
        total_bytes_ += bytes->size();
        files_.push_back({path, *std::move(bytes), ""});
        return total_bytes_ <= policy_limits::total_bytes;
    }

    std::vector<Folder> folders_;
    Files files_;
    std::size_t count_ = 0;
    std::size_t total_bytes_ = 0;
};

// No files where the folder is missing; nothing where a part of its path is a link or a file.
std::optional<Files> files_on_disk(fs::path const& root, std::string_view folder) {
    auto place = root;
    for (auto const part : split(folder, '/')) {
        place /= part;
        std::error_code failed;
        auto const type = fs::symlink_status(place, failed).type();
        if (type == fs::file_type::not_found)
            return Files();
        if (type != fs::file_type::directory)
            return std::nullopt;
    }
    return DiskWalk().files_below(place);
}

bool are_same(Files const& a, Files const& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](auto const& one, auto const& two) {
        return one.path == two.path && one.bytes == two.bytes;
    });
}

} // namespace

std::optional<fs::path> work_tree_of(fs::path const& place) {
    std::error_code failed;
    auto folder = fs::canonical(place, failed);
    if (failed)
        return std::nullopt;
    for (;;) {
        auto const status = fs::symlink_status(folder / ".git", failed);
        if (fs::exists(status))
            return folder;
        if (folder == folder.parent_path())
            return std::nullopt;
        folder = folder.parent_path();
    }
}

Result<std::optional<std::string>> clean_commit(fs::path const& inside_clone,
                                                std::string_view folder) {
    auto const nothing = std::optional<std::string>();
    auto const root = work_tree_of(inside_clone);
    if (!root)
        return nothing;
    auto const clone = GitClone::open(*root, GitClone::Search::here);
    if (!clone.has_value())
        return nothing;
    auto const head = clone->head();
    if (!head)
        return nothing;
    auto const committed = TRY(policy_of_commit(*root, *head, folder));
    auto const on_disk = files_on_disk(*root, folder);
    if (!on_disk || !are_same(committed, *on_disk))
        return nothing;
    return head;
}

} // namespace clairgate::gate
