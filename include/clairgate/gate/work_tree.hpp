#pragma once

#include <clairgate/base/result.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::gate {

/// The root of the working tree that holds this place: the nearest folder upwards with a `.git`,
/// links resolved. The clone's own opinion (core.worktree) is not asked. Nothing outside of a
/// clone.
std::optional<std::filesystem::path> work_tree_of(std::filesystem::path const& place);

/// HEAD's commit id when the *.toml files below `folder` ("/"-relative to the working tree's root)
/// are, byte for byte and untracked ones included, those of HEAD. Nothing when they are not, when
/// a link or device is among them, or without a repository that has a commit. What lies on disk may
/// change after this look: load what `policy_of_commit` gives for the id. Errors: those of
/// `policy_of_commit` about HEAD's own files.
Result<std::optional<std::string>> clean_commit(std::filesystem::path const& inside_clone,
                                                std::string_view folder);

} // namespace clairgate::gate
