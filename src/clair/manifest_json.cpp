#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/index.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::clair {

namespace {

// The layer URL's host as Clair must spell it; --layer-host may also change the scheme.
Result<std::string> mapped_blobs_url(Options const& options, std::string const& blobs_url) {
    auto url = TRY(io::Url::parse(blobs_url));
    auto const host = cat(url.origin.host, ":", url.origin.port);
    for (auto const& [from, to] : options.layer_hosts) {
        auto const wanted = to_lower(from);
        if (wanted != host && wanted != url.origin.host && wanted != url.origin.text())
            continue;
        auto const target =
            to.find("://") == std::string::npos ? cat(url.origin.scheme, "://", to) : to;
        auto mapped = io::Url::parse(target);
        if (!mapped.has_value())
            return Error(ErrorKind::config,
                         cat("--layer-host ", from, "=", to, ": ", mapped.error().message()));
        url.origin = mapped->origin;
        break;
    }
    return url.text();
}

} // namespace

Result<std::string> manifest_json(Options const& options,
                                  registry::PullAccess const& access,
                                  image::Manifest const& manifest) {
    using Scheme = registry::PullAccess::Scheme;
    if (access.scheme == Scheme::basic && !options.may_post_basic)
        return Error(ErrorKind::config,
                     "the registry has no tokens, and its password is not handed to Clair unasked")
            .with_remedy(
                "--allow-basic-to-clair hands it over; a registry with a token service is better");
    auto const blobs_url = TRY(mapped_blobs_url(options, access.blobs_url));
    nlohmann::json headers = nlohmann::json::object();
    if (access.authorization)
        headers["Authorization"] = {std::string(access.authorization->reveal())};
    auto layers = nlohmann::json::array();
    for (auto const& layer : manifest.layers)
        layers.push_back({{"hash", layer.digest.text()},
                          {"headers", headers},
                          {"uri", cat(blobs_url, layer.digest.text())}});
    nlohmann::json const body{{"hash", manifest.digest.text()}, {"layers", layers}};
    return json::dump(body);
}

} // namespace clairgate::clair
