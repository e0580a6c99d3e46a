#include <clairgate/base/text.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/wait/registry_look.hpp>

#include <algorithm>

namespace clairgate::wait {

io::Task<Result<RegistryLook>>
look_at_registry(Surroundings& surroundings, image::Reference reference, Deadline deadline) {
    auto const answer = co_await surroundings.registry.exists(reference, deadline);
    RegistryLook look;
    if (answer.has_value()) {
        look.digest = *answer;
        look.is_absent = !look.digest.has_value();
        if (look.is_absent)
            look.why = cat("the registry does not serve ", reference.text(), " yet");
        co_return look;
    }
    auto const error = answer.error();
    if (!io::retryable(error.kind(), error.http_status()))
        co_return Error(error).with_context(cat("asking the registry for ", reference.text()));
    look.why = error.text();
    look.retry_after = error.retry_after();
    surroundings.world.log.debug("the registry does not answer", {{"reason", look.why}});
    co_return look;
}

io::Task<Result<std::optional<image::Digest>>> manifest_of_image_id(Surroundings& surroundings,
                                                                    image::Reference tagged,
                                                                    image::Digest announced,
                                                                    Deadline deadline) {
    auto const served = co_await surroundings.registry.exists(tagged, deadline);
    auto const digest = served.has_value() ? *served : std::optional<image::Digest>();
    if (!digest)
        co_return digest;
    auto const pinned = tagged.at(*digest);
    auto const subject = co_await surroundings.registry.resolve(pinned, deadline);
    if (!subject.has_value())
        co_return std::optional<image::Digest>();
    bool const is_image_id = std::any_of(subject->platforms.begin(),
                                         subject->platforms.end(),
                                         [&](image::PlatformImage const& platform) {
                                             return platform.manifest.config.digest == announced;
                                         });
    co_return is_image_id ? digest : std::optional<image::Digest>();
}

} // namespace clairgate::wait
