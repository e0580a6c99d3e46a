#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <support/temp_dir.hpp>
#include <vector>

namespace clairgate::test {

/// A repository of the real git in a folder of its own, on branch main, without a commit.
class GitRepository {
  public:
    GitRepository();

    /// Runs git there with nobody's configuration; its output without the last newline. `input` is
    /// its standard input. Ends the test's process when git fails.
    std::string git(std::string const& arguments, std::string_view input = "") const;
    /// The same in another folder.
    std::string git_in(std::filesystem::path const& folder, std::string const& arguments) const;

    void put(std::string const& path, std::string_view bytes) const;
    /// Commits all there is; gives the id.
    std::string commit() const;

    struct RawEntry {
        std::string mode; ///< "100644", or what git would never write
        std::string name;
        std::string id;
    };
    std::string put_blob(std::string_view bytes) const;
    /// A tree object with exactly these entries, whatever git thinks of them.
    std::string put_tree(std::vector<RawEntry> const& entries) const;
    /// A commit whose folder "policy" is that tree.
    std::string commit_of(std::vector<RawEntry> const& entries) const;
    /// Where a loose object lies.
    std::filesystem::path object(std::string const& id) const;

    std::filesystem::path const& root() const { return root_; }
    /// A folder beside the repository.
    std::filesystem::path beside(std::string const& name) const { return folder_.path() / name; }

  private:
    TempDir folder_;
    std::filesystem::path root_;
};

} // namespace clairgate::test
