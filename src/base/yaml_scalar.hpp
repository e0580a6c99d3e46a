#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace clairgate::yaml {

/// The value of a plain scalar by the core schema (YAML 1.2 section 10.3.2). What JSON cannot hold
/// as it is written (.inf, .nan, numbers beyond 64 bits or a double) stays a string.
nlohmann::json plain_value(std::string_view text);

} // namespace clairgate::yaml
