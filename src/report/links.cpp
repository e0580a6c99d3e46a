#include <clairgate/report/links.hpp>

#include <algorithm>
#include <array>

namespace clairgate::report {

namespace {

constexpr std::size_t url_bytes_max = 2048;

constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

constexpr std::array<bool, 256> bytes_of(std::string_view marks) {
    std::array<bool, 256> out{};
    for (auto const bytes : {letters_and_digits, marks})
        for (char const c : bytes)
            out[static_cast<unsigned char>(c)] = true;
    return out;
}
constexpr auto url_bytes = bytes_of("-._~:/?#[]@!$&'()*+,;=%");
constexpr auto host_bytes = bytes_of("-.:[]");

bool is_url_character(char c) {
    return url_bytes[static_cast<unsigned char>(c)];
}

bool is_host_character(char c) {
    return host_bytes[static_cast<unsigned char>(c)];
}

} // namespace

std::optional<std::string_view> https_url(std::string_view untrusted) {
    constexpr std::string_view scheme = "https://";
    if (untrusted.size() > url_bytes_max || !untrusted.starts_with(scheme) ||
        !std::all_of(untrusted.begin(), untrusted.end(), is_url_character))
        return std::nullopt;
    auto const rest = untrusted.substr(scheme.size());
    auto const authority = rest.substr(0, rest.find_first_of("/?#"));
    // A name before "@" would be read as the host by people.
    if (authority.empty() || !std::all_of(authority.begin(), authority.end(), is_host_character))
        return std::nullopt;
    return untrusted;
}

} // namespace clairgate::report
