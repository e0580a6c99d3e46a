#pragma once

#include <clairgate/image/digest.hpp>
#include <clairgate/wait/sighting.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::wait {

/// What one line or object of a builder's file says.
struct Announcement {
    std::optional<std::string> repository; ///< as written, without tag: "registry/team/app"
    image::Digest digest;
};

/// Reads a builder's file: a bare digest (buildah, podman, skopeo, kaniko), lines of
/// repository@digest or repository:tag@digest (kaniko, ko), or JSON metadata (buildx
/// `containerimage.digest`, one object per target of bake, jib's `imageDigest`). Kinds protocol
/// (the reason, also for an image ID in place of a manifest's digest), limit.
Result<std::vector<Announcement>> parse_announcements(std::string_view bytes);

/// Picks the announcement for a repository: all that name it must agree; a bare digest needs
/// `repository`. Without `repository` the file must name exactly one. Kinds protocol, integrity
/// (they disagree).
Result<image::Reference> choose(std::vector<Announcement> const& announcements,
                                std::optional<image::Repository> const& repository);

/// Makes the sources for --digest-file.
Result<std::vector<std::unique_ptr<Source>>> make_digest_file_sources(Surroundings& surroundings);

} // namespace clairgate::wait
