#pragma once

#include <string>
#include <string_view>

namespace clairgate::attest {

/// Appends `text` as a JSON string with its quotes. Any parser gives the text back, but for
/// malformed UTF-8, which becomes U+FFFD; what a terminal would act on (controls, bidirectional
/// overrides, zero-width characters…) is written as \uXXXX.
void append_json_string(std::string& out, std::string_view text);

/// Appends `"key":"text"`; `key` is one of ours and needs no escapes.
void append_json_member(std::string& out, std::string_view key, std::string_view text);

} // namespace clairgate::attest
