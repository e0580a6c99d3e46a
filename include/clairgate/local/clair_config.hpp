#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::local {

/// What Clair's generated configuration depends on.
struct ClairSettings {
    std::uint16_t api_port = 0;
    std::uint16_t introspection_port = 0;
    std::filesystem::path postgres_socket_folder;
    std::filesystem::path mapping_folder; ///< holds repo2cpe.json and name2repos.json
    std::string psk_base64;
    std::string psk_issuer;
    std::vector<std::string>
        updaters; ///< sets; empty: none, and the indexer stays on the private network
    std::map<std::string, std::string> updater_urls; ///< "debian.mirror_url" → URL
};

/// Clair's configuration as JSON (Clair 4.9, config v1): combo mode on loopback, three databases,
/// mapping files so that indexing works offline, updaters only where they are asked for.
std::string render_clair_config(ClairSettings const& settings);

/// The content of both mapping files when nothing is mapped.
inline constexpr std::string_view empty_mapping = "{\"data\":{}}\n";

} // namespace clairgate::local
