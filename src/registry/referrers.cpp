#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/registry/bundle_manifest.hpp>
#include <clairgate/registry/referrers.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

namespace clairgate::registry {

namespace {

using nlohmann::json;

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

Result<Referrer> entry_of(json const& entry) {
    if (TRY(clairgate::json::string(entry, "mediaType")) != image::media_type::oci_manifest)
        return refuse("not an image manifest");
    auto const text = TRY(clairgate::json::string(entry, "digest"));
    auto digest = TRY(image::Digest::parse(text));
    auto type = TRY(clairgate::json::optional_string(entry, "artifactType")).value_or("");
    return Referrer{std::move(digest), std::move(type)};
}

// Passing trouble is tried again and then an error: taken for a registry without the API, it would
// hide what is there.
io::Task<Result<io::Response>>
page_once(Fetcher& fetcher, image::Repository repository, std::string path, Deadline deadline) {
    CO_TRY(auto answer,
           co_await fetcher.send("GET", repository, path, limits::manifest_bytes, deadline));
    if (answer.status < 400 || answer.status == 501)
        co_return answer;
    auto const error = fetcher.failed("GET", repository, answer);
    if (io::retryable(error.kind(), answer.status))
        co_return error;
    co_return answer;
}

// The query of the next page, which must be one of the same listing on the same registry.
Result<std::optional<std::string>>
next_page(io::Response const& answer, io::UrlOrigin const& registry, std::string_view listing) {
    std::optional<std::string> target;
    for (auto const& [name, value] : answer.headers)
        if (name == "link" && !target)
            target = next_link(value);
    if (!target)
        return std::optional<std::string>();
    auto const url = answer.url.resolve(*target);
    if (!url.has_value())
        return Error(ErrorKind::denied, "the next page of the referrers is no URL we follow");
    auto const question = std::min(url->target.find('?'), url->target.size());
    auto path = to_lower(url->target.substr(0, question));
    if (auto const colon = path.rfind("%3a"); colon != std::string::npos)
        path.replace(colon, 3, ":");
    if (url->origin != registry || path != listing)
        return Error(ErrorKind::denied,
                     cat("the registry sends us elsewhere for more referrers: ", url->redacted()));
    return std::optional(url->target.substr(question));
}

} // namespace

std::string fallback_tag(image::Digest const& subject) {
    return cat(subject.algorithm(), "-", subject.hex().substr(0, 64));
}

Result<std::vector<Referrer>> parse_referrers(std::string_view bytes) {
    auto const index = TRY(clairgate::json::parse(bytes));
    if (!index.is_object() || index.contains("layers") || index.contains("config"))
        return refuse("not an index");
    auto const type = TRY(clairgate::json::optional_string(index, "mediaType"));
    if (type && *type != image::media_type::oci_index)
        return refuse("not an OCI index");
    auto const* const entries = TRY(clairgate::json::optional_array(index, "manifests"));
    if (entries == nullptr)
        return refuse("an index without manifests");
    std::vector<Referrer> referrers;
    std::set<image::Digest> seen;
    for (auto const& element : *entries) {
        auto entry = entry_of(element);
        if (entry.has_value() && seen.insert(entry->digest).second)
            referrers.push_back(*std::move(entry));
    }
    return referrers;
}

Result<std::vector<Referrer>> parse_fallback(TagContent const& content) {
    if (content.media_type != image::media_type::oci_index)
        return refuse(cat("not an OCI index but ", content.media_type));
    return parse_referrers(content.bytes);
}

bool may_be_bundle(Referrer const& referrer) {
    constexpr std::array<std::string_view, 4> silent = {
        "",
        "application/vnd.oci.empty.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.container.image.v1+json"};
    return referrer.artifact_type.starts_with(bundle_type_prefix) ||
           std::find(silent.begin(), silent.end(), referrer.artifact_type) != silent.end();
}

std::optional<std::string> next_link(std::string_view header) {
    while (true) {
        auto const open = header.find('<');
        auto const close = header.find('>', open == std::string_view::npos ? 0 : open);
        if (open == std::string_view::npos || close == std::string_view::npos)
            return std::nullopt;
        auto const target = header.substr(open + 1, close - open - 1);
        header.remove_prefix(close + 1);
        // Its parameters end before the next target; a comma inside of one does no harm.
        auto const parameters = header.substr(0, std::min(header.find('<'), header.size()));
        auto const pieces = split(parameters, ';');
        for (auto const piece : pieces) {
            auto const parameter = trim(piece.substr(0, piece.find(',')));
            if (equals_ignoring_case(parameter, "rel=\"next\"") ||
                equals_ignoring_case(parameter, "rel=next"))
                return std::string(target);
        }
    }
}

io::Task<Result<std::optional<std::vector<Referrer>>>>
native_referrers(io::World& world,
                 Fetcher& fetcher,
                 image::Repository repository,
                 image::Digest subject,
                 Deadline deadline) {
    CO_TRY(auto const root, fetcher.root_of(repository));
    auto const listing = cat("referrers/", subject.text());
    auto const whole = cat("/v2/", repository.path, "/", listing);
    std::vector<Referrer> all;
    std::set<image::Digest> seen;
    auto path = listing;
    for (std::size_t page = 0; page < referrer_pages_max; ++page) {
        std::function<io::Task<Result<io::Response>>()> const once = [&] {
            return page_once(fetcher, repository, path, deadline);
        };
        auto answer = co_await io::with_retry<io::Response>(world, listing, deadline, once);
        if (!answer.has_value())
            co_return answer.error().with_context("listing referrers");
        bool const is_index =
            answer->status == 200 && answer->header("content-type") == image::media_type::oci_index;
        if (!is_index && page == 0)
            co_return std::optional<std::vector<Referrer>>();
        if (!is_index)
            co_return refuse(cat("page ", page + 1, " of the referrers is no index"));
        auto entries = parse_referrers(answer->body);
        if (!entries.has_value())
            co_return entries.error().with_context("listing referrers");
        for (auto& entry : *entries)
            if (seen.insert(entry.digest).second)
                all.push_back(std::move(entry));
        CO_TRY(auto const next, next_page(*answer, root.origin, whole));
        if (!next)
            co_return std::optional(std::move(all));
        path = cat(listing, *next);
    }
    co_return Error(ErrorKind::limit,
                    cat("the referrers have more than ", referrer_pages_max, " pages"));
}

} // namespace clairgate::registry
