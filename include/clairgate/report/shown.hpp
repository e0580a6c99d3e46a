#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace clairgate::report {

/// What a document for people shows of a text from outside, before the document's own escape.
struct Shown {
    std::string_view text;
    bool is_cut = false; ///< "…" belongs behind it
};

/// The front of `visible(untrusted)` that has at most `bytes_max` bytes. The text lives in
/// `untrusted` or in `scratch`; no more of a huge one is looked at than is shown.
Shown shown(std::string_view untrusted, std::size_t bytes_max, std::string& scratch);

} // namespace clairgate::report
