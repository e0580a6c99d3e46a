#pragma once

#include <clairgate/image/digest.hpp>
#include <clairgate/registry/tag_edit.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The index that a fallback tag holds (OCI distribution-spec v1.1, "Referrers Tag Schema").
namespace clairgate::registry {

/// What becomes of a fallback index.
struct FallbackEdit {
    std::vector<std::string> added;  ///< bytes of the manifests to be listed
    std::set<image::Digest> removed; ///< manifests to be listed no more
};

/// The edited index: a new entry has its manifest's artifact type and annotations, so that a
/// reader may choose by them; entries of others stay as they are. Nothing when there is nothing to
/// change. Kind protocol: the tag holds something else than an OCI index, which is not overwritten.
Result<std::optional<TagUpdate>> edit_fallback(std::optional<TagContent> const& content,
                                               FallbackEdit const& edit);

} // namespace clairgate::registry
