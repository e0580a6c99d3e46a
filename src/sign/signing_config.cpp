#include "sigstore_service.hpp"
#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/keyless.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

namespace clairgate::sign {

namespace {

using nlohmann::json;

constexpr std::string_view media_type = "application/vnd.dev.sigstore.signingconfig.v0.2+json";
constexpr std::size_t services_max = 32; ///< as many entries as verifiers read of one bundle

// One line of a list that is valid now.
struct Listed {
    SigstoreService service;
    SystemTime start;
    std::size_t place; ///< in the list, so that equals keep their order
};

Error refuse(std::string message) {
    return {ErrorKind::config, std::move(message)};
}

Result<std::optional<SystemTime>> optional_time(json const& range, std::string_view key) {
    auto const text = TRY(clairgate::json::optional_string(range, key));
    if (!text)
        return std::optional<SystemTime>();
    return std::optional<SystemTime>(TRY(parse_rfc3339(*text)));
}

// The service where it is valid at `now`. A bound that is not given does not bind.
Result<std::optional<Listed>> read_service(json const& one, std::size_t place, SystemTime now) {
    Listed listed{{}, SystemTime::min(), place};
    listed.service.url = TRY(clairgate::json::string(one, "url"));
    if (clairgate::json::find(one, "majorApiVersion") != nullptr) {
        auto const version = TRY(clairgate::json::unsigned_integer(one, "majorApiVersion"));
        if (version > std::numeric_limits<unsigned>::max())
            return refuse("\"majorApiVersion\" is no version");
        listed.service.api_version = static_cast<unsigned>(version);
    }
    listed.service.operator_name =
        TRY(clairgate::json::optional_string(one, "operator")).value_or("");
    if (auto const* const range = TRY(clairgate::json::optional_object(one, "validFor"))) {
        auto const start = TRY(optional_time(*range, "start"));
        auto const end = TRY(optional_time(*range, "end"));
        if ((start && now < *start) || (end && now > *end))
            return std::optional<Listed>();
        listed.start = start.value_or(SystemTime::min());
    }
    return std::optional<Listed>(std::move(listed));
}

Result<std::vector<Listed>>
read_services(json const& document, std::string_view key, SystemTime now) {
    auto const* const list = TRY(clairgate::json::optional_array(document, key));
    std::vector<Listed> valid;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        auto one = TRY(read_service((*list)[i], i, now).with_context(cat(key, "[", i, "]")));
        if (one)
            valid.push_back(*std::move(one));
    }
    std::sort(valid.begin(), valid.end(), [](Listed const& a, Listed const& b) {
        return std::tie(b.start, a.place) < std::tie(a.start, b.place);
    });
    return valid;
}

// The newest of each operator, all of the first API version that there is one of.
std::vector<SigstoreService> usable(std::vector<Listed> const& valid,
                                    std::span<unsigned const> versions) {
    std::vector<SigstoreService> found;
    for (auto const version : versions) {
        for (auto const& [service, start, place] : valid) {
            auto const is_known =
                std::any_of(found.begin(), found.end(), [&](SigstoreService const& other) {
                    return other.operator_name == service.operator_name;
                });
            if (service.api_version == version && !is_known)
                found.push_back(service);
        }
        if (!found.empty())
            break;
    }
    return found;
}

// How many of the usable ones the configuration wants.
Result<std::size_t> wanted(json const& document, std::string_view key, std::size_t usable_count) {
    auto const* const config = TRY(clairgate::json::optional_object(document, key));
    if (config == nullptr)
        return refuse("it is missing");
    auto const selector = TRY(clairgate::json::string(*config, "selector"));
    if (selector == "ANY")
        return std::size_t(1);
    if (selector == "ALL")
        return usable_count;
    if (selector != "EXACT")
        return refuse(cat("selector \"", selector, "\" is not one of ANY, ALL, EXACT"));
    auto const count = TRY(clairgate::json::unsigned_integer(*config, "count"));
    if (count == 0 || count > usable_count)
        return refuse(
            cat("EXACT wants ", count, " services, and ", usable_count, " can be used now"));
    return static_cast<std::size_t>(count);
}

Error none_usable(std::string_view key) {
    return refuse(cat("none of ", key, " is valid now and of an API version that we speak"));
}

Result<void> check_urls(std::vector<SigstoreService> const& services) {
    for (auto const& service : services)
        TRY_VOID(service_url(service.url));
    return ok();
}

// The services of one list that are to be used; none when there is no list.
Result<std::vector<SigstoreService>> select(json const& document,
                                            std::string_view key,
                                            std::string_view config_key,
                                            std::span<unsigned const> versions,
                                            SystemTime now) {
    auto const* const list = TRY(clairgate::json::optional_array(document, key));
    if (list == nullptr || list->empty())
        return std::vector<SigstoreService>();
    auto found = usable(TRY(read_services(document, key, now)), versions);
    if (found.empty())
        return none_usable(key);
    auto const count =
        TRY(wanted(document, config_key, found.size()).with_context(std::string(config_key)));
    if (count > services_max)
        return refuse(cat(key, ": ", count, " services, at most ", services_max));
    found.resize(count);
    TRY_VOID(check_urls(found).with_context(std::string(key)));
    return found;
}

Result<SigstoreService> select_authority(json const& document, SystemTime now) {
    constexpr std::array versions = {1U};
    auto const found = usable(TRY(read_services(document, "caUrls", now)), versions);
    if (found.empty())
        return none_usable("caUrls");
    TRY_VOID(service_url(found.front().url, "/").with_context("caUrls"));
    return found.front();
}

// A certificate lives for minutes: verifiers need to know from somebody when it was used.
Result<void> check_time_source(SigningServices const& services) {
    bool const has_log_with_time =
        std::any_of(services.logs.begin(), services.logs.end(), [](SigstoreService const& log) {
            return log.api_version == 1;
        });
    if (has_log_with_time || !services.timestamps.empty())
        return ok();
    return refuse("neither a timestamp authority nor a log that tells the time (Rekor v1) is there")
        .with_remedy("name a service in tsaUrls");
}

Result<SigningServices> read(std::string_view text, SystemTime now, bool is_old_log_wanted) {
    constexpr std::array newest_first = {2U, 1U};
    constexpr std::array oldest_first = {1U, 2U};
    constexpr std::array timestamp_versions = {1U};
    if (text.size() > limits::config_file_bytes)
        return refuse(cat("more than ", limits::config_file_bytes, " bytes"));
    auto const document = TRY(clairgate::json::parse(text));
    auto const type = TRY(clairgate::json::string(document, "mediaType"));
    if (type != media_type)
        return refuse(cat("its mediaType is \"", type, "\", not ", media_type));
    SigningServices services;
    services.authority = TRY(select_authority(document, now));
    services.logs = TRY(select(document,
                               "rekorTlogUrls",
                               "rekorTlogConfig",
                               is_old_log_wanted ? oldest_first : newest_first,
                               now));
    services.timestamps = TRY(select(document, "tsaUrls", "tsaConfig", timestamp_versions, now));
    TRY_VOID(check_time_source(services));
    return services;
}

} // namespace

Result<SigningServices>
parse_signing_config(std::string_view json, SystemTime now, bool is_old_log_wanted) {
    auto services = read(json, now, is_old_log_wanted);
    if (services.has_value())
        return services;
    auto error = Error(ErrorKind::config, services.error().text()).with_context("signing config");
    if (services.error().remedy().empty())
        return error;
    return std::move(error).with_remedy(services.error().remedy());
}

} // namespace clairgate::sign
