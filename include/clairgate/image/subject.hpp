#pragma once

#include <clairgate/image/manifest.hpp>
#include <clairgate/image/reference.hpp>

#include <string>
#include <vector>

namespace clairgate::image {

/// The part of an image config (OCI config.md) that we use.
struct ImageConfig {
    Platform platform;
    struct History {
        std::string created_by;
        bool is_empty_layer = false;
    };
    std::vector<History> history;
    std::map<std::string, std::string> labels;
};

/// Decodes a config blob. Unknown members are ignored; kinds protocol, limit.
Result<ImageConfig> parse_image_config(std::string_view bytes);

/// One platform's manifest of the image under test, fetched by digest and verified.
struct PlatformImage {
    Platform platform;
    Manifest manifest;
    ImageConfig config;
};

/// What is scanned: `reference` is repository@digest of what was sighted (manifest or index), and
/// every platform of it. Never empty.
struct Subject {
    Reference reference;
    Digest digest;
    std::string media_type;
    std::vector<PlatformImage> platforms;
    std::map<std::string, std::string> annotations;
    std::uint64_t size_bytes = 0; ///< of the manifest or index
    bool is_whole = true;         ///< false: some platforms of the index were left out
};

} // namespace clairgate::image
