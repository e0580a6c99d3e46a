#pragma once

#include <clairgate/image/subject.hpp>
#include <clairgate/registry/fetch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::registry {

/// From repository@digest to everything that is scanned: manifest or index, the children of an
/// index, the config of each image. Every byte is proven by its digest and size, and fetched once.
class Resolver {
  public:
    Resolver(io::World& world, Options const& options, Fetcher& fetcher)
        : world_(world), options_(options), fetcher_(fetcher) {}

    /// See `Client::resolve`.
    io::Task<Result<image::Subject>> resolve(image::Reference reference, Deadline deadline);

  private:
    struct Child {
        std::optional<image::PlatformImage> image;
        std::vector<image::Descriptor> nested;
    };

    io::Task<Result<io::Response>> get_once(image::Repository repository,
                                            std::string path,
                                            std::size_t bytes_max,
                                            Deadline deadline);
    io::Task<Result<io::Response>> verified(image::Repository repository,
                                            std::string kind,
                                            image::Digest digest,
                                            std::size_t bytes_max,
                                            Deadline deadline);
    io::Task<Result<image::Document>> document_of(image::Repository repository,
                                                  image::Digest digest,
                                                  std::optional<std::uint64_t> size_bytes,
                                                  Deadline deadline);
    io::Task<Result<image::PlatformImage>> platform_image(image::Repository repository,
                                                          image::Manifest manifest,
                                                          std::optional<image::Platform> stated,
                                                          Deadline deadline);
    io::Task<Result<std::vector<image::PlatformImage>>>
    children_of(image::Repository repository, image::Index const& index, Deadline deadline);
    io::Task<Result<Child>>
    child_of(image::Repository repository, image::Descriptor descriptor, Deadline deadline);
    // Whether the operator asked for this platform; it is noted as one that there is.
    bool wants(image::Platform const& platform);

    io::World& world_;
    Options const& options_;
    Fetcher& fetcher_;
    std::vector<std::string> there_; // platforms of the image, for the message when none is wanted
};

} // namespace clairgate::registry
