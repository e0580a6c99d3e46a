#include <clairgate/base/json.hpp>
#include <clairgate/local/clair_config.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::local {
namespace {

nlohmann::json config_of(ClairSettings const& settings) {
    return json::parse(render_clair_config(settings)).value();
}

ClairSettings settings() {
    ClairSettings out;
    out.api_port = 6060;
    out.introspection_port = 8089;
    out.postgres_socket_folder = "/state/run";
    out.mapping_folder = "/state";
    out.psk_base64 = "c2VjcmV0";
    out.psk_issuer = "clairgate";
    return out;
}

TEST(ClairConfig, ListensOnLoopbackAloneAndWantsTheKey) {
    auto const config = config_of(settings());
    EXPECT_EQ(config["http_listen_addr"], "127.0.0.1:6060");
    EXPECT_EQ(config["introspection_addr"], "127.0.0.1:8089");
    EXPECT_EQ(config["auth"]["psk"]["key"], "c2VjcmV0");
    EXPECT_EQ(config["auth"]["psk"]["iss"], nlohmann::json::array({"clairgate"}));
}

TEST(ClairConfig, UsesThreeDatabasesOverTheSocket) {
    auto const config = config_of(settings());
    for (auto const* part : {"indexer", "matcher", "notifier"})
        EXPECT_EQ(config[part]["connstring"],
                  std::string("host=/state/run port=5432 user=clair dbname=clair_") + part +
                      " sslmode=disable");
}

TEST(ClairConfig, IsAirgappedWithMappingFilesUnlessUpdatersRun) {
    auto offline = config_of(settings());
    EXPECT_EQ(offline["indexer"]["airgap"], true);
    EXPECT_EQ(offline["matcher"]["disable_updaters"], true);
    EXPECT_EQ(
        offline["indexer"]["scanner"]["repo"]["rhel-repository-scanner"]["repo2cpe_mapping_file"],
        "/state/repo2cpe.json");
    auto with = settings();
    with.updaters = {"debian"};
    with.updater_urls = {{"debian.mirror_url", "http://127.0.0.1:1/"}, {"nodot", "x"}};
    auto const online = config_of(with);
    EXPECT_EQ(online["indexer"]["airgap"], false);
    EXPECT_EQ(online["matcher"]["disable_updaters"], false);
    EXPECT_EQ(online["updaters"]["sets"], nlohmann::json::array({"debian"}));
    EXPECT_EQ(online["updaters"]["config"]["debian"]["mirror_url"], "http://127.0.0.1:1/");
    EXPECT_EQ(online["updaters"]["config"].size(), 1U);
}

} // namespace
} // namespace clairgate::local
