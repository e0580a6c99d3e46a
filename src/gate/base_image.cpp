#include <clairgate/base/text.hpp>
#include <clairgate/gate/base_image.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

using Layers = std::vector<image::Descriptor>;

bool begins_with(Layers const& layers, Layers const& base) {
    return !base.empty() && base.size() <= layers.size() &&
           std::equal(base.begin(), base.end(), layers.begin(), [](auto const& a, auto const& b) {
               return a.digest == b.digest;
           });
}

image::PlatformImage const* of_platform(image::Subject const& base,
                                        image::Platform const& platform) {
    auto const found = std::find_if(base.platforms.begin(), base.platforms.end(), [&](auto& one) {
        return one.platform == platform;
    });
    return found == base.platforms.end() ? nullptr : &*found;
}

// An annotation of the index, else of the first manifest that has it.
std::string annotation_of(image::Subject const& subject, std::string const& key) {
    if (auto const found = subject.annotations.find(key); found != subject.annotations.end())
        return found->second;
    for (auto const& image : subject.platforms)
        if (auto const found = image.manifest.annotations.find(key);
            found != image.manifest.annotations.end())
            return found->second;
    return {};
}

io::Task<Result<image::Subject>>
subject_of(registry::Client& registry, image::Reference reference, Deadline deadline) {
    if (!reference.digest()) {
        CO_TRY(auto const digest, co_await registry.exists(reference, deadline));
        if (!digest)
            co_return Error(ErrorKind::not_found,
                            cat("the registry has no ", reference.text(), " (--base-image)"));
        reference = reference.at(*digest);
    }
    auto subject = co_await registry.resolve(reference, deadline);
    co_return std::move(subject).with_context("--base-image");
}

} // namespace

std::optional<image::Reference> stated_base(image::Subject const& subject) {
    auto const name =
        image::Reference::parse(annotation_of(subject, "org.opencontainers.image.base.name"));
    auto const digest =
        image::Digest::parse(annotation_of(subject, "org.opencontainers.image.base.digest"));
    if (!name.has_value() || !digest.has_value())
        return std::nullopt;
    bool const is_here = name->repository().registry == subject.reference.repository().registry;
    return is_here ? std::optional(name->at(*digest)) : std::nullopt;
}

std::size_t mark_base_layers(finding::ScanReport& scan,
                             image::Subject const& subject,
                             image::Subject const& base) {
    std::size_t marked = 0;
    for (auto const& image : subject.platforms) {
        auto const& layers = image.manifest.layers;
        auto const* const below = of_platform(base, image.platform);
        if (below == nullptr || !begins_with(layers, below->manifest.layers))
            continue;
        ++marked;
        auto const end =
            layers.begin() + static_cast<std::ptrdiff_t>(below->manifest.layers.size());
        auto const platform = image.platform.text();
        for (auto& finding : scan.findings) {
            if (finding.platform != platform || !finding.layer)
                continue;
            auto const& digest = *finding.layer;
            finding.is_base_layer = std::any_of(
                layers.begin(), end, [&](auto const& layer) { return layer.digest == digest; });
        }
    }
    return marked;
}

io::Task<Result<void>> find_base_layers(io::World& world,
                                        registry::Client& registry,
                                        std::optional<image::Reference> named,
                                        image::Subject const& subject,
                                        finding::ScanReport& scan,
                                        Deadline deadline) {
    auto const reference = named ? named : stated_base(subject);
    if (!reference)
        co_return ok();
    auto const base = co_await subject_of(registry, *reference, deadline);
    if (!base.has_value()) {
        if (named)
            co_return base.error();
        world.log.info("the base image that the image names cannot be read",
                       {{"base", reference->text()}, {"reason", base.error().text()}});
        co_return ok();
    }
    if (mark_base_layers(scan, subject, *base) == 0)
        world.log.warning("the image does not begin with the layers of its base image",
                          {{"base", reference->text()}});
    co_return ok();
}

} // namespace clairgate::gate
