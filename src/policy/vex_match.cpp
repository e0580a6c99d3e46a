#include <clairgate/base/text.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/policy/purl.hpp>
#include <clairgate/policy/vex_match.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace clairgate::policy {

namespace {

constexpr std::string_view image_type = "oci";
constexpr std::string_view repository_key = "repository_url";
constexpr std::string_view tag_key = "tag";
constexpr std::string_view arch_key = "arch";

struct Image {
    std::string_view repository;
    std::string_view digest;
    std::string_view platform;
};

// What uname calls a machine, in the words of image platforms.
std::string_view platform_word(std::string_view arch) {
    return arch == "x86_64" ? "amd64" : arch == "aarch64" ? "arm64" : arch;
}

bool is_of_platform(std::string_view arch, std::string_view platform) {
    auto const parts = split(platform, '/'); // os/architecture[/variant]
    return parts.size() >= 2 && platform_word(arch) == parts[1];
}

bool is_repository(std::string_view url, std::string_view repository) {
    constexpr std::string_view https = "https://"; // purl-spec calls it a URL, and examples vary
    if (url.starts_with(https))
        url.remove_prefix(https.size());
    auto const reference = image::Reference::parse(url);
    return reference.has_value() && !reference->tag() && !reference->digest() &&
           reference->repository().text() == repository;
}

// purl-spec, type oci: the version is the digest; a tag says nothing that a digest does not.
bool names_image(Purl const& product, Image const& image) {
    for (auto const& [key, value] : product.qualifiers()) {
        bool const is_understood = key == repository_key ||
                                   (key == tag_key && !product.version().empty()) ||
                                   (key == arch_key && is_of_platform(value, image.platform));
        if (!is_understood)
            return false;
    }
    if (!product.name_space().empty() || !product.subpath().empty())
        return false;
    if (!product.version().empty())
        return product.version() == image.digest;
    return is_repository(product.qualifier(repository_key), image.repository) &&
           image.repository.ends_with("/" + product.name());
}

std::int64_t age_rank(VexStatement const& statement) {
    if (statement.time)
        return statement.time->time_since_epoch().count();
    return statement.suppresses() ? std::numeric_limits<std::int64_t>::min()
                                  : std::numeric_limits<std::int64_t>::max();
}

} // namespace

bool vex_applies(VexStatement const& statement,
                 std::string_view repository,
                 std::string_view digest,
                 std::string_view package_purl,
                 std::string_view platform) {
    auto const package = Purl::parse(package_purl);
    auto const covers_package = [&](std::string const& name) {
        auto const purl = Purl::parse(name);
        return purl && package && purl->type() != image_type && purl->covers(*package);
    };
    Image const image{repository, digest, platform};
    auto const is_image = [&](std::string const& name) {
        auto const purl = Purl::parse(name);
        return purl ? purl->type() == image_type && names_image(*purl, image)
                    : !digest.empty() && name == digest;
    };
    auto const any = [](std::vector<std::string> const& names, auto const& is) {
        return std::any_of(names.begin(), names.end(), is);
    };
    if (statement.subcomponents.empty())
        return any(statement.products, is_image) || any(statement.products, covers_package);
    return any(statement.subcomponents, covers_package) && any(statement.products, is_image);
}

VexIndex::VexIndex(std::span<VexDocument const> documents) {
    std::vector<VexStatement const*> all;
    for (auto const& document : documents)
        for (auto const& statement : document.statements)
            all.push_back(&statement);
    std::vector<std::pair<decltype(age_rank(*all.front())), std::size_t>> aged;
    for (std::size_t i = 0; i < all.size(); ++i)
        aged.emplace_back(age_rank(*all[i]), i); // of one age the later one counts
    std::sort(aged.begin(), aged.end());
    for (auto const& [age, position] : aged)
        statements_.push_back(all[position]);
    for (std::size_t i = 0; i < statements_.size(); ++i)
        for (auto const& id : statements_[i]->ids)
            by_id_.emplace_back(to_lower(id), i);
    std::sort(by_id_.begin(), by_id_.end());
}

VexStatement const* VexIndex::effective(std::span<std::string const> ids,
                                        std::string_view repository,
                                        std::string_view digest,
                                        std::string_view package_purl,
                                        std::string_view platform) const {
    std::string const only(digest);
    return effective(ids, repository, std::span(&only, 1), package_purl, platform);
}

VexStatement const* VexIndex::effective(std::span<std::string const> ids,
                                        std::string_view repository,
                                        std::span<std::string const> digests,
                                        std::string_view package_purl,
                                        std::string_view platform) const {
    auto const is_about = [&](VexStatement const& statement) {
        return std::any_of(digests.begin(), digests.end(), [&](std::string const& digest) {
            return vex_applies(statement, repository, digest, package_purl, platform);
        });
    };
    std::size_t newest = 0; // one more than its index; 0: none
    for (auto const& id : ids) {
        auto const lower = to_lower(id);
        auto at =
            std::upper_bound(by_id_.begin(), by_id_.end(), std::pair(lower, statements_.size()));
        // From the newest on, down to what another id has already found.
        while (at != by_id_.begin() && (--at)->first == lower && at->second >= newest) {
            if (!is_about(*statements_[at->second]))
                continue;
            newest = at->second + 1;
            break;
        }
    }
    return newest == 0 ? nullptr : statements_[newest - 1];
}

} // namespace clairgate::policy
