#pragma once

#include <clairgate/report/formats.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace clairgate::report {

/// `--source-file` as a path below the checkout: no empty, "." or ".." segment. Nothing for an
/// absolute path, one that leaves the checkout, or none: where the checkout is, a document cannot
/// know, and a wrong guess would point at a file that has nothing to do with the image.
std::optional<std::string> source_path(std::string_view source_file);

/// What the findings of a record are shown at.
struct ArtifactPath {
    std::string path;               ///< relative; holds whatever the file's name holds
    std::string uri;                ///< the same as a relative reference (RFC 3986 section 4.2)
    bool is_source_refused = false; ///< there is a `--source-file`, and it could not be used
};
/// The source file where it can be used, else the repository's path: stable from push to push.
ArtifactPath artifact_path(Record const& record, RenderOptions const& options);

} // namespace clairgate::report
