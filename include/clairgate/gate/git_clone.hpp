#pragma once

#include <clairgate/base/result.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::gate {

/// Whether the text is a full commit id: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal
/// characters.
bool is_commit_id(std::string_view text);

/// The objects of a local git clone (libgit2), read and nothing else: no checkout, filter, hook,
/// replacement or network. No configuration outside of the clone is read; who owns the clone does
/// not matter. Every object is proven by its hash, and its size is asked before it is read.
class GitClone {
  public:
    enum class Search { here, upwards };
    /// The clone at `place`, or the nearest above. Kind policy when there is none that can be read.
    static Result<GitClone> open(std::filesystem::path const& place, Search search);
    GitClone(GitClone&& other) noexcept;
    GitClone& operator=(GitClone&& other) noexcept;
    ~GitClone();

    struct Commit {
        std::string tree;
        std::vector<std::string> parents;
    };
    /// The commit, or nothing when the clone does not hold it (also an id of another length). Kind
    /// policy for an object that is no commit, integrity for a damaged one, limit.
    Result<std::optional<Commit>> commit(std::string_view id) const;

    struct Entry {
        enum class Kind { file, folder, link, submodule, unknown } kind;
        std::string name; ///< as the tree says it: may be any bytes
        std::string id;
    };
    /// The entries of a tree, at most 4 MiB of it. Kinds policy (the clone lacks it: a partial
    /// clone), integrity, limit.
    Result<std::vector<Entry>> tree(std::string_view id) const;

    /// The bytes of a file. Kinds as for a tree.
    Result<std::string> file(std::string_view id, std::size_t bytes_max) const;

    /// The commit that is checked out; nothing before the first one.
    std::optional<std::string> head() const;

  private:
    class Impl;
    explicit GitClone(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace clairgate::gate
