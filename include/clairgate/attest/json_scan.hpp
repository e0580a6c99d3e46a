#pragma once

#include <clairgate/base/result.hpp>

#include <string>
#include <string_view>

namespace clairgate::attest {

/// Checks that `text` is one JSON document to its last byte (RFC 8259): syntax, UTF-8 without byte
/// order mark or lone surrogates, no object with a key twice (escapes resolved), nesting of at most
/// `limits::json_depth`, nothing behind it but white space. Kind protocol, with the place and the
/// reason. Iterative, one pass; keeps views of the keys of open objects alone.
Result<void> check_json(std::string_view text);

/// What the content of a string (without its quotes, from a checked document) stands for.
std::string unescape(std::string_view content);

} // namespace clairgate::attest
