#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/git_clone.hpp>
#include <clairgate/gate/policy_git.hpp>
#include <clairgate/gate/policy_limits.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

using Entry = GitClone::Entry;
using Files = std::vector<policy::SourceFile>;

Result<void> check_id(std::string_view commit) {
    if (is_commit_id(commit))
        return ok();
    return Error(ErrorKind::usage, cat("not a full commit id: \"", commit.substr(0, 100), "\""))
        .with_remedy("name 40 lower-case hexadecimal characters (git rev-parse NAME): a branch, a "
                     "tag or a short id can be made to mean another commit by a build step");
}

Result<std::vector<std::string_view>> parts_of(std::string_view folder) {
    if (folder.empty())
        return std::vector<std::string_view>();
    auto parts = split(folder, '/');
    bool const is_fine = std::none_of(parts.begin(), parts.end(), [](std::string_view part) {
        return part.empty() || part == "." || part == "..";
    });
    if (!is_fine)
        return Error(ErrorKind::usage, cat("not a folder of the repository: \"", folder, "\""))
            .with_remedy("name it from the repository's root: .clairgate/policy");
    return parts;
}

Error unwanted(Entry::Kind kind, std::string const& path) {
    std::string_view what = "neither a file nor a folder";
    if (kind == Entry::Kind::file)
        what = "a file, not a folder";
    if (kind == Entry::Kind::link)
        what = "a symbolic link";
    if (kind == Entry::Kind::submodule)
        what = "a submodule";
    return Error(ErrorKind::policy, cat(path, " is ", what))
        .with_remedy("a policy folder holds plain files and folders");
}

// The tree of the folder, or nothing when there is none.
Result<std::optional<std::string>>
find_folder(GitClone const& clone, std::string root, std::vector<std::string_view> const& parts) {
    auto id = std::move(root);
    std::string path;
    for (auto const part : parts) {
        path += cat(path.empty() ? "" : "/", part);
        auto const entries = TRY(clone.tree(id));
        auto const found = std::find_if(
            entries.begin(), entries.end(), [&](Entry const& entry) { return entry.name == part; });
        if (found == entries.end())
            return std::optional<std::string>();
        if (found->kind != Entry::Kind::folder)
            return unwanted(found->kind, path);
        id = found->id;
    }
    return std::optional(std::move(id));
}

// Goes through a tree with a list of its own, so that no nesting exhausts the stack.
class Walk {
  public:
    Walk(GitClone const& clone, std::string source) : clone_(clone), source_(std::move(source)) {}

    Result<Files> files_below(std::string root) {
        folders_.push_back({std::move(root), "", 0});
        while (!folders_.empty()) {
            auto const folder = std::move(folders_.back());
            folders_.pop_back();
            auto const entries = TRY(clone_.tree(folder.id).with_context(folder.path));
            for (auto const& entry : entries)
                TRY_VOID(visit(folder, entry));
        }
        std::sort(files_.begin(), files_.end(), [](auto const& a, auto const& b) {
            return a.path < b.path;
        });
        auto const twin =
            std::adjacent_find(files_.begin(), files_.end(), [](auto const& a, auto const& b) {
                return a.path == b.path;
            });
        if (twin != files_.end())
            return Error(ErrorKind::policy, cat(twin->path, " is there twice"));
        return std::move(files_);
    }

  private:
    struct Folder {
        std::string id;
        std::string path; // ends with '/' unless it is the root
        std::size_t depth;
    };

    Result<void> visit(Folder const& folder, Entry const& entry) {
        auto const path = cat(folder.path, entry.name);
        if (++count_ > policy_limits::files)
            return Error(ErrorKind::limit,
                         cat("more than ", policy_limits::files, " files in the policy folder"));
        // git writes no such names, but a tree may hold them.
        bool const is_name = !entry.name.empty() && entry.name != "." && entry.name != ".." &&
                             entry.name.find('/') == std::string::npos;
        if (!is_name)
            return Error(ErrorKind::policy, cat(path, " is no name of a file"));
        if (entry.kind == Entry::Kind::folder && folder.depth == policy_limits::depth)
            return Error(ErrorKind::limit, cat(path, " is nested too deeply"));
        if (entry.kind == Entry::Kind::folder)
            folders_.push_back({entry.id, cat(path, "/"), folder.depth + 1});
        else if (entry.kind != Entry::Kind::file)
            return unwanted(entry.kind, path);
        else if (entry.name.ends_with(".toml"))
            return add(path, entry.id);
        return ok();
    }

    Result<void> add(std::string const& path, std::string const& id) {
        auto bytes = TRY(clone_.file(id, limits::policy_file_bytes).with_context(path));
        total_bytes_ += bytes.size();
        if (total_bytes_ > policy_limits::total_bytes)
            return Error(ErrorKind::limit,
                         cat("more than ", policy_limits::total_bytes, " bytes of policy files"));
        files_.push_back({path, std::move(bytes), source_});
        return ok();
    }

    GitClone const& clone_;
    std::string source_;
    std::vector<Folder> folders_;
    Files files_;
    std::size_t count_ = 0;
    std::size_t total_bytes_ = 0;
};

Result<Files> files_of(GitClone const& clone,
                       std::string_view commit,
                       std::vector<std::string_view> const& folder) {
    auto found = TRY(clone.commit(commit));
    if (!found)
        return Error(ErrorKind::policy, "the clone does not hold that commit")
            .with_remedy(cat("fetch the base commit: git fetch --depth=1 origin ",
                             commit,
                             "; or --policy-source"));
    auto const tree = TRY(find_folder(clone, std::move(found->tree), folder));
    if (!tree)
        return Files();
    return Walk(clone, cat("git:", commit)).files_below(*tree);
}

} // namespace

Result<Files> policy_of_commit(std::filesystem::path const& inside_clone,
                               std::string_view commit,
                               std::string_view folder) {
    TRY_VOID(check_id(commit));
    auto const parts = TRY(parts_of(folder));
    auto const clone = TRY(GitClone::open(inside_clone, GitClone::Search::upwards));
    return files_of(clone, commit, parts).with_context(cat("policy of commit ", commit));
}

Result<std::optional<std::string>> first_parent_of_merge(std::filesystem::path const& inside_clone,
                                                         std::string_view commit) {
    TRY_VOID(check_id(commit));
    auto const clone = TRY(GitClone::open(inside_clone, GitClone::Search::upwards));
    auto const merge = TRY(clone.commit(commit));
    if (!merge || merge->parents.size() != 2)
        return std::optional<std::string>();
    return std::optional(merge->parents[0]);
}

} // namespace clairgate::gate
