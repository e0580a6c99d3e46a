#pragma once

#include <clairgate/base/limits.hpp>
#include <clairgate/base/result.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string_view>

/// Reading YAML from outside (ignore lists, manifests, compose files) as JSON values. Total
/// functions: no exception leaves this file.
namespace clairgate::yaml {

inline constexpr std::size_t bytes_max = limits::mib;
inline constexpr std::size_t depth_max = 32; ///< of mappings and sequences
/// Values, keys included, once aliases are expanded; what an anchor keeps counts a second time.
inline constexpr std::size_t nodes_max = 100'000;
/// Text of all values and keys, counted as nodes are.
inline constexpr std::size_t expanded_bytes_max = 4 * limits::mib;

/// Parses one document of YAML 1.1 (an empty stream is null). Quoted scalars are strings; plain
/// ones are null, true, false, integers and floats by the core schema (YAML 1.2 section 10.3.2)
/// and else strings: dates, yes, no, .inf, numbers that do not fit. Keys are the text of their
/// scalar. Aliases and merge keys ("<<") are expanded.
///
/// Refuses, with line and column (`SourcePosition` without a file), kind protocol: syntax errors,
/// invalid UTF-8, control characters, several documents, a key twice, keys that are no scalars,
/// tags other than those of the core schema, unknown aliases and aliases inside of their own
/// anchor; kind limit: more bytes, depth or nodes than the bounds above.
Result<nlohmann::json> parse(std::string_view text);

} // namespace clairgate::yaml
