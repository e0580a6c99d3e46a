#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/fetch.hpp>
#include <clairgate/registry/verified.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Listing what refers to a manifest (OCI distribution-spec v1.1, "Listing Referrers").
namespace clairgate::registry {

/// Pages of one listing that are followed at most.
inline constexpr std::size_t referrer_pages_max = 32;

/// One entry of a listing. Nothing in it is to be believed, but that such a manifest may be there.
struct Referrer {
    image::Digest digest;
    std::string artifact_type; ///< as stated; "" when it is not
    friend bool operator==(Referrer const&, Referrer const&) = default;
};

/// The tag that stands for the referrers API where a registry lacks it: "sha256-<hex>".
std::string fallback_tag(image::Digest const& subject);

/// The entries of an index that are image manifests, each digest once; an entry that cannot be read
/// is left out. Kind protocol: no index.
Result<std::vector<Referrer>> parse_referrers(std::string_view index);

/// The entries of what a fallback tag holds. Kind protocol: its media type is not exactly the OCI
/// index's, or it is none.
Result<std::vector<Referrer>> parse_fallback(TagContent const& content);

/// Whether the referrer has a bundle's artifact type, or one that says nothing of what it is (older
/// writers put the config's type there).
bool may_be_bundle(Referrer const& referrer);

/// The target of `rel="next"` in the values of Link headers (RFC 8288), or nothing.
std::optional<std::string> next_link(std::string_view header);

/// The referrers as the registry's own API lists them, all pages; nothing where the registry has no
/// such API: any other answer than 200 with exactly the OCI index's media type. Kinds denied (a
/// next page elsewhere), limit (pages, bytes), protocol (no index), those of the exchange.
io::Task<Result<std::optional<std::vector<Referrer>>>>
native_referrers(io::World& world,
                 Fetcher& fetcher,
                 image::Repository repository,
                 image::Digest subject,
                 Deadline deadline);

} // namespace clairgate::registry
