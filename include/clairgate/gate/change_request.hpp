#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/io/world.hpp>

#include <optional>
#include <string>

namespace clairgate::gate {

/// A change that waits for its review, whose author could have edited the policy in the tree.
struct ChangeRequest {
    std::string system; ///< "GitHub pull request 12", for messages and the report
    /// Full id of a commit that the change's author did not write: its target's, or the default
    /// branch's. Nothing where the system does not say, or says it only as a name or a short id.
    std::optional<std::string> base_commit;
    /// Full id of a test merge whose first parent is the target's commit (GitHub). Proves more than
    /// `base_commit`, which is from a file that the build's steps can write: the runner keeps its
    /// GITHUB_* variables from them. See `first_parent_of_merge`.
    std::optional<std::string> merge_commit;
};

/// Whether the CI system says that this run is for a change request. Every system that says so is
/// heard, so that no variable which a build adds hides one; two that name other base commits leave
/// none. An event file (GitHub) that is not there leaves the base unknown; one that is malformed
/// (kind protocol), unreadable (file) or beyond 1 MiB (limit) is an error.
Result<std::optional<ChangeRequest>> change_request_of(io::Environment const& environment);

} // namespace clairgate::gate
