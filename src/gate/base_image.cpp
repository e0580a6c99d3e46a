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

// The base image with what its tag means now.
struct Base {
    image::Subject subject;
    image::Reference named; ///< as it was given, with the digest that was looked at
    std::optional<image::Digest> newest;
};

io::Task<Result<Base>>
look_at(registry::Client& registry, image::Reference reference, Deadline deadline) {
    std::optional<image::Digest> newest;
    if (reference.tag() || !reference.digest()) {
        auto const tag =
            cat(reference.repository().text(), ":", reference.tag().value_or("latest"));
        CO_TRY(auto const by_tag, image::Reference::parse(tag));
        auto const found = co_await registry.exists(by_tag, deadline);
        if (!found.has_value() && !reference.digest())
            co_return found.error();
        if (found.has_value())
            newest = *found; // with a digest at hand the tag is only news
    }
    auto digest = reference.digest();
    if (!digest)
        digest = newest;
    if (!digest)
        co_return Error(ErrorKind::not_found,
                        cat("the registry has no ", reference.text(), " (--base-image)"));
    auto subject = co_await registry.resolve(reference.at(*digest), deadline);
    CO_TRY(auto found, std::move(subject).with_context("--base-image"));
    co_return Base{std::move(found), std::move(reference), std::move(newest)};
}

// repository[:tag]@digest
std::string words_of(image::Reference const& reference, image::Digest const& digest) {
    auto const& tag = reference.tag();
    return cat(
        reference.repository().text(), tag ? cat(":", *tag) : std::string(), "@", digest.text());
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
    if (!is_here)
        return std::nullopt;
    auto const tagged = image::Reference::parse(words_of(*name, *digest));
    return tagged.has_value() ? std::optional(*tagged) : std::nullopt;
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

io::Task<Result<std::optional<report::BaseImage>>>
find_base_layers(io::World& world,
                 registry::Client& registry,
                 std::optional<image::Reference> named,
                 image::Subject const& subject,
                 finding::ScanReport& scan,
                 Deadline deadline) {
    auto const reference = named ? named : stated_base(subject);
    if (!reference)
        co_return std::optional<report::BaseImage>();
    auto const base = co_await look_at(registry, *reference, deadline);
    if (!base.has_value()) {
        if (named)
            co_return base.error();
        world.log.info("the base image that the image names cannot be read",
                       {{"base", reference->text()}, {"reason", base.error().text()}});
        co_return std::optional<report::BaseImage>();
    }
    report::BaseImage told;
    told.reference = words_of(base->named, base->subject.digest);
    told.newest = base->newest;
    told.is_below = mark_base_layers(scan, subject, base->subject) > 0;
    if (!told.is_below)
        world.log.warning("the image does not begin with the layers of its base image",
                          {{"base", told.reference}});
    co_return std::optional<report::BaseImage>(std::move(told));
}

} // namespace clairgate::gate
