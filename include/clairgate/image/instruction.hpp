#pragma once

#include <string>
#include <string_view>

namespace clairgate::image {

/// What a Dockerfile says for an entry of an image config's history (OCI config.md, `created_by`):
/// BuildKit writes "RUN /bin/sh -c apt-get … # buildkit", the classic builder "/bin/sh -c apt-get"
/// and "/bin/sh -c #(nop) COPY …": all become "RUN apt-get …", "COPY …". On one line; other words
/// stay as they are. Text of the image, not escaped; at most `instruction_bytes_max`.
std::string dockerfile_instruction(std::string_view created_by);

inline constexpr std::size_t instruction_bytes_max = 1000;

} // namespace clairgate::image
