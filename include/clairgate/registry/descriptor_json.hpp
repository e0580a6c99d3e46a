#pragma once

#include <clairgate/image/digest.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

/// OCI descriptors (image-spec v1.1, descriptor.md) as JSON, for manifests that we write or edit.
namespace clairgate::registry {

using Annotations = std::map<std::string, std::string>;

/// A descriptor of these bytes.
nlohmann::json descriptor_of(std::string_view media_type, std::string_view bytes);

/// Digest and size of a descriptor; kind protocol.
struct Described {
    image::Digest digest;
    std::uint64_t size_bytes;
};
Result<Described> read_descriptor(nlohmann::json const& descriptor);

/// The annotations of a manifest or descriptor; those that are no text are left out.
Annotations annotations_of(nlohmann::json const& object);

/// The annotation, or "".
std::string annotation(Annotations const& annotations, std::string_view key);

} // namespace clairgate::registry
