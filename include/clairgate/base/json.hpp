#pragma once

#include <clairgate/base/result.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reading small JSON documents from outside (manifests, tokens, metadata; Clair's large reports go
/// through simdjson). Total functions: no exception leaves this file.
namespace clairgate::json {

/// Parses one document. Refuses (kind protocol): syntax errors, invalid UTF-8, duplicate keys,
/// nesting beyond `limits::json_depth`, anything after the document.
Result<nlohmann::json> parse(std::string_view text);

/// Deterministic bytes: keys sorted, no white space unless `indent` >= 0, invalid UTF-8 replaced.
std::string dump(nlohmann::json const& value, int indent = -1);

/// The member `key` when `object` is an object that has it, else null pointer.
nlohmann::json const* find(nlohmann::json const& object, std::string_view key);

/// The member as a string; absent or null is nothing; another type is an error that names the key.
Result<std::optional<std::string>> optional_string(nlohmann::json const& object,
                                                   std::string_view key);
/// The member as a string; absence is an error too.
Result<std::string> string(nlohmann::json const& object, std::string_view key);
/// The member as a non-negative integer; absence and other types are errors.
Result<std::uint64_t> unsigned_integer(nlohmann::json const& object, std::string_view key);
/// The member as an array (absent or null: nothing; another type: an error).
Result<nlohmann::json const*> optional_array(nlohmann::json const& object, std::string_view key);
/// The member as an object (absent or null: nothing; another type: an error).
Result<nlohmann::json const*> optional_object(nlohmann::json const& object, std::string_view key);

} // namespace clairgate::json
