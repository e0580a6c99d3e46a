#include <clairgate/base/text.hpp>
#include <clairgate/registry/tag_edit.hpp>

#include <algorithm>

namespace clairgate::registry {

namespace {

constexpr Duration first_pause = std::chrono::milliseconds(50);
constexpr Duration pause_max = std::chrono::seconds(2);
constexpr int precondition_failed = 412;

// Full jitter, so that writers who met once do not meet again.
Duration pause_before(int write, double random) {
    auto ceiling = first_pause;
    for (int doubled = 0; doubled < write && ceiling < pause_max; ++doubled)
        ceiling = std::min(ceiling * 2, pause_max);
    auto const share = std::clamp(random, 0.0, 1.0) * static_cast<double>(ceiling.count());
    return Duration(static_cast<Duration::rep>(share));
}

ManifestWrite write_of(std::string tag,
                       TagUpdate update,
                       std::optional<TagContent> const& replaced,
                       bool is_conditional) {
    ManifestWrite write{
        std::move(tag), std::move(update.bytes), std::move(update.media_type), "", false};
    if (is_conditional && replaced)
        write.replaces = replaced->etag;
    write.is_first = is_conditional && !replaced;
    return write;
}

std::string bytes_of(std::optional<TagContent> const& content) {
    return content ? content->bytes : std::string();
}

} // namespace

io::Task<Result<void>> edit_tag(io::World& world,
                                Uploader& uploader,
                                image::Repository repository,
                                std::string tag,
                                TagEdit edit,
                                Deadline deadline) {
    auto const where = cat(repository.text(), ":", tag);
    bool has_just_written = false;
    std::optional<std::string> refused_over; // what the tag held when our condition failed
    for (int writes = 0;;) {
        CO_TRY(auto const content,
               co_await read_tag(world, uploader.fetcher(), repository, tag, deadline));
        auto update = edit(content);
        if (!update.has_value())
            co_return std::move(update).error().with_context(where);
        auto& wanted = *update;
        if (!wanted)
            co_return ok();
        if (std::exchange(has_just_written, false)) { // lost: let the other one end first
            CO_TRY_VOID(co_await io::sleep_for(pause_before(writes, world.random())));
            continue;
        }
        if (writes++ == tag_writes_max)
            co_return Error(ErrorKind::protocol,
                            cat(where, " was overwritten each time it was written"));
        for (auto const& blob : wanted->blobs)
            CO_TRY_VOID(co_await uploader.push_blob(repository, blob, deadline));
        // A condition that fails over unchanged content is no sign of another writer.
        bool const is_conditional = refused_over != bytes_of(content);
        auto write = write_of(tag, std::move(*wanted), content, is_conditional);
        auto const written = co_await uploader.write_manifest(repository, write, deadline);
        has_just_written = written.has_value();
        if (written.has_value())
            continue;
        if (!is_conditional || written.error().http_status() != precondition_failed)
            co_return written.error();
        refused_over = bytes_of(content);
        CO_TRY_VOID(co_await io::sleep_for(pause_before(writes, world.random())));
    }
}

} // namespace clairgate::registry
