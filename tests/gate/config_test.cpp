#include <clairgate/gate/config.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Result<Config> config_of(std::vector<std::string> const& argv, Variables variables = {}) {
    io::Environment const environment(std::move(variables));
    auto const settings = parse_settings(Command::run, argv, environment);
    if (!settings.has_value())
        return settings.error();
    return make_config(*settings, environment, Streams{});
}

TEST(Config, HasTheDefaultsOfTheDesign) {
    auto const config = config_of({});
    ASSERT_TRUE(config.has_value()) << config.error().text();
    EXPECT_FALSE(config->has_clair_url);
    EXPECT_EQ(config->timeout, std::chrono::minutes(15));
    EXPECT_EQ(config->wait.timeout, std::chrono::minutes(30));
    EXPECT_EQ(config->policy.folder, ".clairgate/policy");
    EXPECT_FALSE(config->policy.is_named);
    EXPECT_EQ(config->on_error, std::nullopt);
    ASSERT_EQ(config->output.targets.size(), 1U);
    EXPECT_EQ(config->output.targets.front().format->name, "table");
    EXPECT_EQ(config->clair.psk_issuer, "clairgate");
}

TEST(Config, TakesProxiesAndTrustFromTheEnvironmentOnceAndForAll) {
    auto const config = config_of({},
                                  {{"HTTPS_PROXY", "http://p:1"},
                                   {"HTTP_PROXY", "http://attacker:1"},
                                   {"no_proxy", "a"},
                                   {"SSL_CERT_FILE", "/ca.pem"}});
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->http.https_proxy, "http://p:1");
    EXPECT_EQ(config->http.http_proxy, std::nullopt); // httpoxy
    EXPECT_EQ(config->http.no_proxy, "a");
    EXPECT_EQ(config->http.ca_file, "/ca.pem");
}

TEST(Config, BindsCaFilesToTheirHosts) {
    auto const config = config_of({"--image",
                                   "reg.example:5000/app:1",
                                   "--registry-ca",
                                   "/r.pem",
                                   "--clair-url",
                                   "https://clair.example",
                                   "--clair-ca",
                                   "/c.pem"});
    ASSERT_TRUE(config.has_value()) << config.error().text();
    EXPECT_EQ(config->http.ca_file_by_host.at("reg.example:5000"), "/r.pem");
    EXPECT_EQ(config->http.ca_file_by_host.at("clair.example:443"), "/c.pem");
}

TEST(Config, RefusesWhatCannotBeMeant) {
    struct Case {
        std::vector<std::string> argv;
        std::string_view names;
    };
    Case const cases[] = {
        {{"--clair-url", "clair:6060"}, "--clair-url"},
        {{"--clair-url", "file:///etc/passwd"}, "--clair-url"},
        {{"--layer-host", "a"}, "--layer-host"},
        {{"--platform", "linux"}, "platform"},
        {{"--on-error", "block-if-fixed"}, "--on-error"},
        {{"--on-error", "ignore"}, "--on-error"},
        {{"-o", "tabel"}, "did you mean table?"},
        {{"-o", "json="}, "--output"},
        {{"-o", "table", "-o", "json"}, "two reports for standard output"},
        {{"-o", "table=x", "-o", "json=x"}, "two reports for the file x"},
        {{"--log-level", "loud"}, "--log-level"},
        {{"--log-format", "xml"}, "--log-format"},
        {{"--color", "blue"}, "--color"},
        {{"--image", "https://reg/app"}, "--image"},
    };
    for (auto const& c : cases) {
        auto const config = config_of(c.argv);
        ASSERT_FALSE(config.has_value()) << c.argv.back();
        EXPECT_NE(config.error().text().find(c.names), std::string::npos) << config.error().text();
        EXPECT_EQ(exit_status(config.error().kind()), ExitStatus::usage) << config.error().text();
    }
}

TEST(DecodePsk, WantsBase64AsClairsConfigurationSpellsIt) {
    EXPECT_EQ(decode_psk(Secret("c2VjcmV0"))->reveal(), "secret");
    for (auto const* bad : {"secret!", "", "c2VjcmV0\nx"})
        EXPECT_FALSE(decode_psk(Secret(bad)).has_value()) << bad;
}

} // namespace
} // namespace clairgate::gate
