#include <clairgate/registry/endpoint.hpp>

#include <gtest/gtest.h>

namespace clairgate::registry {
namespace {

io::UrlOrigin origin(std::string const& url) {
    return io::Url::parse(url).value().origin;
}

TEST(EndpointOf, SpeaksTlsToAllButLoopbackAndNamedHosts) {
    struct Row {
        char const* registry;
        char const* url;
    };
    Row const rows[] = {
        {"docker.io", "https://registry-1.docker.io/"},
        {"ghcr.io", "https://ghcr.io/"},
        {"h.example:5000", "https://h.example:5000/"},
        {"10.0.0.1:5000", "https://10.0.0.1:5000/"},
        {"localhost:5000", "http://localhost:5000/"},
        {"a.localhost", "http://a.localhost/"},
        {"127.0.0.1:5000", "http://127.0.0.1:5000/"},
        {"127.9.9.9", "http://127.9.9.9/"},
        {"[::1]:5000", "http://[::1]:5000/"},
        {"localhost.evil.example", "https://localhost.evil.example/"},
        {"evillocalhost:5000", "https://evillocalhost:5000/"},
        {"named.example:80", "http://named.example/"},
        {"named.example:5000", "http://named.example:5000/"},
        {"port.example:5000", "http://port.example:5000/"},
        {"port.example:5001", "https://port.example:5001/"},
        {"x.named.example", "https://x.named.example/"},
    };
    for (auto const& row : rows) {
        auto const url = endpoint_of(row.registry, {"named.example", "PORT.example:5000"});
        ASSERT_TRUE(url.has_value()) << row.registry;
        EXPECT_EQ(url->text(), row.url) << row.registry;
    }
}

TEST(RealmRule, TrustsTheRegistryItselfAndNamedHostsElsePublicAddressesOnly) {
    struct Row {
        char const* registry;
        char const* realm;
        io::AddressRule rule;
    };
    using enum io::AddressRule;
    Row const rows[] = {
        {"https://r.example", "https://r.example/token", any},
        {"https://r.example:5000", "https://r.example:5000/token", any},
        {"https://10.0.0.1", "https://10.0.0.1/token", any},
        {"http://127.0.0.1:5000", "http://127.0.0.1:5000/token", any},
        {"https://r.example", "https://r.example:8443/token", public_only},
        {"https://r.example", "https://auth.example/token", public_only},
        {"http://127.0.0.1:5000", "http://127.0.0.1:5001/token", public_only},
        {"https://r.example", "https://169.254.169.254/latest", public_only},
        {"https://r.example", "https://trusted.example/token", any},
        {"https://r.example", "https://trusted.example:8443/token", any},
        {"https://r.example", "https://atport.example:7000/token", any},
        {"https://r.example", "https://atport.example/token", public_only},
        {"https://r.example", "https://x.trusted.example/token", public_only},
    };
    for (auto const& row : rows) {
        auto const rule = realm_rule(
            origin(row.registry), origin(row.realm), {"trusted.example", "atport.example:7000"});
        ASSERT_TRUE(rule.has_value()) << row.realm;
        EXPECT_EQ(*rule, row.rule) << row.registry << " " << row.realm;
    }
}

TEST(RealmRule, RefusesTheStepFromTlsToNone) {
    for (auto const* realm : {"http://r.example/token", "http://trusted.example/token"}) {
        auto const rule =
            realm_rule(origin("https://r.example"), origin(realm), {"trusted.example"});
        ASSERT_FALSE(rule.has_value());
        EXPECT_EQ(rule.error().kind(), ErrorKind::denied);
    }
}

TEST(RedirectRule, LetsAPrivateRegistryStayInItsNetwork) {
    auto const rule = [](char const* registry, char const* target) {
        return redirect_rule(origin(registry), origin(target), {"named.example"}).value();
    };
    EXPECT_EQ(rule("https://r.example", "https://cdn.example/x"), io::AddressRule::public_only);
    EXPECT_EQ(rule("https://r.example", "https://r.example/x"), io::AddressRule::any);
    EXPECT_EQ(rule("https://r.example", "https://named.example/x"), io::AddressRule::any);
    EXPECT_EQ(rule("https://10.0.0.1", "https://10.0.0.2/x"), io::AddressRule::any);
    EXPECT_EQ(rule("http://127.0.0.1:5000", "http://127.0.0.1:9000/x"), io::AddressRule::any);
    EXPECT_EQ(rule("https://8.8.8.8", "https://10.0.0.2/x"), io::AddressRule::public_only);
    EXPECT_FALSE(
        redirect_rule(origin("https://r.example"), origin("http://r.example"), {}).has_value());
}

} // namespace
} // namespace clairgate::registry
