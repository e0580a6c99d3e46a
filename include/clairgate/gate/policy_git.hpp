#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/policy/load.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::gate {

/// The *.toml files at any depth below `folder` ("/"-relative to the repository's root; "" is the
/// root itself) in a commit of a local clone, sorted by their path in the folder. `inside_clone` is
/// any place in it. A commit without the folder: no files. Nothing is checked out, filtered or run,
/// and references of the clone decide nothing. Errors: usage (no full commit id, since build steps
/// can move references and make ids that begin alike; a malformed folder), policy (no clone; a
/// commit that it lacks, with the remedy; links, submodules or malformed entries below the folder),
/// limit (`policy_limits`), integrity (damaged objects).
Result<std::vector<policy::SourceFile>> policy_of_commit(std::filesystem::path const& inside_clone,
                                                         std::string_view commit,
                                                         std::string_view folder);

/// The first parent of a merge of two: of a test merge of a change into its target, the target's
/// commit, proven by the merge's own id. Nothing when the clone lacks the commit or it is no such
/// merge. Errors as for `policy_of_commit`.
Result<std::optional<std::string>> first_parent_of_merge(std::filesystem::path const& inside_clone,
                                                         std::string_view commit);

} // namespace clairgate::gate
