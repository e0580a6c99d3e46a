#pragma once

#include <clairgate/base/result.hpp>

#include <string>
#include <string_view>

namespace clairgate::image {

/// An OCI digest (image-spec descriptor.md, "Digests"): `sha256:` + 64 or `sha512:` + 128
/// lower-case hexadecimal characters. Valid by construction: `parse` and `of` are the only ways to
/// get one.
class Digest {
  public:
    /// Kind usage with the reason in the message (length, case, unknown algorithm).
    static Result<Digest> parse(std::string_view text);
    /// The sha256 digest of these bytes.
    static Digest of(std::string_view bytes);

    std::string const& text() const { return text_; }
    std::string_view algorithm() const;
    std::string_view hex() const;
    /// Whether these bytes have this digest, under its own algorithm.
    bool matches(std::string_view bytes) const;

    friend bool operator==(Digest const&, Digest const&) = default;
    friend auto operator<=>(Digest const&, Digest const&) = default;

  private:
    explicit Digest(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

} // namespace clairgate::image
