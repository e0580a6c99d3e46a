#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/local/clair_config.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::local {

namespace {

using nlohmann::json;

std::string connection(ClairSettings const& settings, std::string_view database) {
    return cat("host=",
               settings.postgres_socket_folder.string(),
               " port=5432 user=clair dbname=",
               database,
               " sslmode=disable");
}

json updaters_json(ClairSettings const& settings) {
    auto config = json::object();
    for (auto const& [key, url] : settings.updater_urls) {
        auto const dot = key.find('.');
        if (dot != std::string::npos)
            config[key.substr(0, dot)][key.substr(dot + 1)] = url;
    }
    return {{"sets", settings.updaters}, {"config", config}};
}

} // namespace

std::string render_clair_config(ClairSettings const& settings) {
    auto const mapping = [&](std::string_view name) {
        return (settings.mapping_folder / name).string();
    };
    bool const is_airgapped = settings.updaters.empty();
    json const scanner{
        {"repo",
         {{"rhel-repository-scanner", {{"repo2cpe_mapping_file", mapping("repo2cpe.json")}}}}},
        {"package",
         {{"rhel_containerscanner", {{"name2repos_mapping_file", mapping("name2repos.json")}}},
          {"java", {{"disable_api", true}}}}}};
    json const config{
        {"http_listen_addr", cat("127.0.0.1:", settings.api_port)},
        {"introspection_addr", cat("127.0.0.1:", settings.introspection_port)},
        {"log_level", "info"},
        {"indexer",
         {{"connstring", connection(settings, "clair_indexer")},
          {"migrations", true},
          {"airgap", is_airgapped},
          {"scanner", scanner}}},
        {"matcher",
         {{"connstring", connection(settings, "clair_matcher")},
          {"migrations", true},
          {"disable_updaters", is_airgapped}}},
        {"notifier",
         {{"connstring", connection(settings, "clair_notifier")}, {"migrations", true}}},
        {"updaters", updaters_json(settings)},
        {"auth", {{"psk", {{"key", settings.psk_base64}, {"iss", {settings.psk_issuer}}}}}}};
    return clairgate::json::dump(config, 2) + "\n";
}

} // namespace clairgate::local
