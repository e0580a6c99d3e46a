#pragma once

#include <clairgate/io/world.hpp>
#include <clairgate/registry/upload.hpp>
#include <clairgate/registry/verified.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::registry {

/// What a tag is to hold, and the blobs that must be there before.
struct TagUpdate {
    std::string bytes;
    std::string media_type;
    std::vector<std::string> blobs;
};

/// From what a tag holds (nothing: there is no such tag) to what it is to hold; nothing when it is
/// as it should be. Called again with what another writer left there.
using TagEdit = std::function<Result<std::optional<TagUpdate>>(std::optional<TagContent> const&)>;

/// Times that a tag is written at most before we give up against other writers.
inline constexpr int tag_writes_max = 8;

/// Reads a tag, edits it, writes it and reads it again, until `edit` finds it as it should be: a
/// tag has no lock, so a writer that came between is met again and merged with. The write is
/// conditional where the registry says what it would replace. Kind protocol when the tag is never
/// left alone; HTTP status 412 when it may not be changed at all.
io::Task<Result<void>> edit_tag(io::World& world,
                                Uploader& uploader,
                                image::Repository repository,
                                std::string tag,
                                TagEdit edit,
                                Deadline deadline);

} // namespace clairgate::registry
