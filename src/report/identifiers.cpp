#include <clairgate/base/text.hpp>
#include <clairgate/report/identifiers.hpp>

#include <algorithm>
#include <cstddef>

namespace clairgate::report {

namespace {

constexpr std::size_t purl_bytes_max = 4096;
constexpr std::string_view scheme = "pkg:";

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_unreserved(char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' ||
           c == '_' || c == '~';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool has_only_uri_characters(std::string_view text) {
    constexpr std::string_view marks = ":/?#@!$&'()*+,;=";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
                return false;
            i += 2;
        } else if (!is_unreserved(text[i]) && marks.find(text[i]) == std::string_view::npos) {
            return false;
        }
    }
    // A fragment ends the URI: it has no second one.
    return std::count(text.begin(), text.end(), '#') <= 1;
}

// Percent-encodes all but RFC 3986's unreserved characters and `kept`.
void append_encoded(std::string& out, std::string_view text, std::string_view kept) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char const c : text) {
        if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

// Each piece with its length before it: no two lists of pieces give the same text.
class Pieces {
  public:
    void add(std::string_view piece) { text_ += cat(piece.size(), ":", piece); }
    std::string const& text() const { return text_; }

  private:
    std::string text_;
};

std::string pieces_of(Record const& record, std::string_view format) {
    Pieces pieces;
    pieces.add(format);
    pieces.add(record.reference().text());
    for (auto const& [key, value] : record.context()) {
        pieces.add(key);
        pieces.add(value);
    }
    pieces.add(to_rfc3339(record.run().started));
    pieces.add(to_rfc3339(record.run().finished));
    pieces.add(record.clairgate_version());
    pieces.add(record.scan().scanner.index_state);
    for (auto const& updater : record.scan().scanner.updaters)
        pieces.add(updater.ref);
    for (auto const& file : record.account().policy.files)
        pieces.add(file.digest);
    pieces.add(record.verdict_word());
    return pieces.text();
}

} // namespace

std::string image_purl(image::Repository const& repository, std::string_view digest) {
    auto const name = std::string_view(repository.path).substr(repository.path.rfind('/') + 1);
    std::string out(scheme);
    out += "oci/";
    append_encoded(out, name, {});
    out += '@';
    append_encoded(out, digest, {});
    out += "?repository_url=";
    append_encoded(out, repository.text(), ":/");
    return out;
}

bool is_plain_purl(std::string_view untrusted) {
    if (untrusted.size() > purl_bytes_max || !untrusted.starts_with(scheme) ||
        !has_only_uri_characters(untrusted))
        return false;
    auto const rest = untrusted.substr(scheme.size());
    auto const type = rest.substr(0, rest.find('/'));
    auto const path = rest.substr(std::min(type.size() + 1, rest.size()));
    return !type.empty() && is_lower(type.front()) &&
           std::all_of(type.begin(),
                       type.end(),
                       [](char c) { return is_lower(c) || is_digit(c) || c == '.' || c == '-'; }) &&
           !path.empty() && path.front() != '@' && path.front() != '?' && path.front() != '#';
}

std::string purl_of(finding::Package const& package) {
    if (is_plain_purl(package.purl))
        return package.purl;
    auto out = cat(scheme, "generic/");
    append_encoded(out, package.name.empty() ? std::string_view("unnamed") : package.name, {});
    if (!package.version.empty()) {
        out += '@';
        append_encoded(out, package.version, {});
    }
    return out;
}

std::string document_urn(Record const& record, std::string_view format) {
    auto const digest = image::Digest::of(pieces_of(record, format));
    auto const hex = digest.hex();
    // The version's digit is 8, and the variant's two bits are 10 (RFC 9562, section 4).
    constexpr std::string_view variants = "89ab";
    auto const variant = variants[static_cast<std::size_t>(hex[16]) % variants.size()];
    return cat("urn:uuid:",
               hex.substr(0, 8),
               "-",
               hex.substr(8, 4),
               "-8",
               hex.substr(13, 3),
               "-",
               variant,
               hex.substr(17, 3),
               "-",
               hex.substr(20, 12));
}

} // namespace clairgate::report
