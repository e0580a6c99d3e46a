#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/digest.hpp>

#include <algorithm>

namespace clairgate::image {

namespace {

bool is_lower_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

Error refuse(std::string_view text, std::string_view why) {
    return Error(ErrorKind::usage, cat("not a digest: \"", text.substr(0, 160), "\" (", why, ")"))
        .with_remedy("a digest is sha256: and 64 lower-case hexadecimal characters");
}

} // namespace

Result<Digest> Digest::parse(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos)
        return refuse(text, "no algorithm");
    auto const algorithm = text.substr(0, colon);
    auto const hex = text.substr(colon + 1);
    if (algorithm != "sha256" && algorithm != "sha512")
        return refuse(text, "the algorithm is neither sha256 nor sha512");
    std::size_t const length = algorithm == "sha256" ? 64 : 128;
    if (hex.size() != length)
        return refuse(text, cat(hex.size(), " characters in place of ", length));
    if (!is_lower_hex(hex))
        return refuse(text, is_lower_hex(to_lower(hex)) ? "upper case" : "not hexadecimal");
    return Digest(std::string(text));
}

Digest Digest::of(std::string_view bytes) {
    return Digest("sha256:" + to_hex(sha256(bytes)));
}

std::string_view Digest::algorithm() const {
    return std::string_view(text_).substr(0, text_.find(':'));
}

std::string_view Digest::hex() const {
    return std::string_view(text_).substr(text_.find(':') + 1);
}

bool Digest::matches(std::string_view bytes) const {
    return hex() == to_hex(algorithm() == "sha512" ? sha512(bytes) : sha256(bytes));
}

} // namespace clairgate::image
