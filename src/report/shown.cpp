#include <clairgate/base/text.hpp>
#include <clairgate/report/shown.hpp>

namespace clairgate::report {

Shown shown(std::string_view untrusted, std::size_t bytes_max, std::string& scratch) {
    // No byte is shown by less than itself, and a cut disturbs at most the last character.
    constexpr std::size_t character_bytes_max = 4;
    auto const all = visible(untrusted.substr(0, bytes_max + character_bytes_max), scratch);
    auto const kept = front(all, bytes_max);
    return {kept, kept.size() < all.size() || untrusted.size() > bytes_max + character_bytes_max};
}

} // namespace clairgate::report
