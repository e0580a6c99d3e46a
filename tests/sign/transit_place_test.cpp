#include <clairgate/base/text.hpp>
#include <clairgate/sign/transit.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <support/temp_dir.hpp>

namespace clairgate::sign {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Result<TransitPlace> place(Variables variables, std::string_view reference = "hashivault://key") {
    return transit_place(io::Environment(std::move(variables)), reference);
}
Variables with(Variables more) {
    Variables variables{{"VAULT_ADDR", "https://vault.example:8200"},
                        {"VAULT_TOKEN", "hvs.secret"}};
    for (auto& [name, value] : more)
        variables[name] = value;
    return variables;
}

TEST(TransitPlace, IsWhatTheEnvironmentSays) {
    auto const found = place(with({}), "hashivault://release_key-1.2").value();
    EXPECT_EQ(found.url.text(), "https://vault.example:8200");
    EXPECT_EQ(found.mount, "transit");
    EXPECT_EQ(found.key, "release_key-1.2");
    EXPECT_FALSE(found.name_space.has_value());
    EXPECT_EQ(found.token.reveal(), "hvs.secret");
    auto const other = place(with({{"VAULT_ADDR", " https://h.example/vault/ "},
                                   {"VAULT_NAMESPACE", "team/a"},
                                   {"VAULT_TOKEN", "t\n"},
                                   {"TRANSIT_SECRET_ENGINE_PATH", "/team/signing/"}}))
                           .value();
    EXPECT_EQ(other.url.text(), "https://h.example/vault");
    EXPECT_EQ(other.mount, "team/signing");
    EXPECT_EQ(other.name_space, "team/a");
    EXPECT_EQ(other.token.reveal(), "t");
}

// A token of one service must not reach the other one.
TEST(TransitPlace, KeepsTheTwoServicesApart) {
    auto const both =
        with({{"BAO_ADDR", "https://bao.example"}, {"BAO_TOKEN", "s.bao"}, {"BAO_NAMESPACE", "b"}});
    EXPECT_EQ(place(both).value().token.reveal(), "hvs.secret");
    EXPECT_FALSE(place(both).value().name_space.has_value());
    auto const bao = place(both, "openbao://key").value();
    EXPECT_EQ(bao.url.origin.host, "bao.example");
    EXPECT_EQ(bao.token.reveal(), "s.bao");
    EXPECT_EQ(bao.name_space, "b");
    EXPECT_EQ(place(with({}), "openbao://key").value().token.reveal(), "hvs.secret");
    EXPECT_FALSE(place({{"VAULT_ADDR", "https://v.example"}, {"BAO_TOKEN", "s.bao"}}).has_value());
    EXPECT_FALSE(place({{"BAO_ADDR", "https://b.example"}, {"VAULT_TOKEN", "x"}}, "openbao://key")
                     .has_value());
    EXPECT_FALSE(place({{"BAO_ADDR", "https://b.example"}, {"BAO_TOKEN", "x"}}).has_value());
}

TEST(TransitPlace, ReadsTheTokenThatTheCommandLineStored) {
    test::TempDir home;
    std::ofstream(home.path() / ".vault-token") << "stored\n";
    Variables variables{{"VAULT_ADDR", "https://v.example"}, {"HOME", home.path().string()}};
    EXPECT_EQ(place(variables).value().token.reveal(), "stored");
    variables["VAULT_TOKEN"] = "set";
    EXPECT_EQ(place(variables).value().token.reveal(), "set");
}

TEST(TransitPlace, NeedsAToken) {
    test::TempDir home;
    for (auto const& variables :
         std::vector<Variables>{{},
                                {{"HOME", home.path().string()}},
                                {{"HOME", "relative"}},
                                {{"VAULT_TOKEN", "hvs.secret with space"}},
                                {{"VAULT_TOKEN", "hvs.secret\r\nX-Other: 1"}},
                                {{"VAULT_TOKEN", " "}}}) {
        auto all = variables;
        all["VAULT_ADDR"] = "https://v.example";
        auto const found = place(all);
        ASSERT_FALSE(found.has_value());
        EXPECT_EQ(found.error().kind(), ErrorKind::config);
        EXPECT_NE(found.error().text().find("VAULT_TOKEN"), std::string::npos);
        EXPECT_EQ(found.error().text().find("hvs.secret"), std::string::npos);
    }
}

TEST(TransitPlace, WantsHttpsExceptOnThisMachine) {
    for (auto const* address :
         {"http://127.0.0.1:8200", "http://localhost:8200", "http://[::1]:8200"})
        EXPECT_TRUE(place(with({{"VAULT_ADDR", address}})).has_value()) << address;
    for (auto const* address : {"http://vault.example",
                                "http://10.0.0.1",
                                "http://localhost.example",
                                "ftp://127.0.0.1",
                                "vault.example",
                                "unix:///run/vault",
                                "https://user:pass@v.example",
                                "https://v.example/?a=b",
                                "https://v.example/#f",
                                ""}) {
        auto const found = place(with({{"VAULT_ADDR", address}}));
        ASSERT_FALSE(found.has_value()) << address;
        EXPECT_EQ(found.error().kind(), ErrorKind::config) << address;
        EXPECT_NE(found.error().text().find("VAULT_ADDR"), std::string::npos);
    }
}

TEST(TransitPlace, RefusesNamesThatAreMoreThanAName) {
    for (auto const* reference : {"hashivault://",
                                  "hashivault:key",
                                  "hashivault://a/b",
                                  "hashivault://..",
                                  "hashivault://.",
                                  "hashivault://a%2fb",
                                  "hashivault://a?b",
                                  "hashivault://a b",
                                  "hashivault://a\nb",
                                  "hashivault:///key",
                                  "hashivault://k\xC3\xA9y"}) {
        auto const found = place(with({}), reference);
        ASSERT_FALSE(found.has_value()) << reference;
        EXPECT_EQ(found.error().kind(), ErrorKind::usage) << reference;
    }
    EXPECT_FALSE(place(with({}), cat("hashivault://", std::string(300, 'a'))).has_value());
}

TEST(TransitPlace, RefusesMountsAndNamespacesThatLeaveTheirPlace) {
    for (auto const* mount : {"/", "a//b", "../sys", "a/..", "a?b", "a b", "a/%2e%2e"})
        EXPECT_EQ(place(with({{"TRANSIT_SECRET_ENGINE_PATH", mount}})).error().kind(),
                  ErrorKind::config)
            << mount;
    EXPECT_EQ(place(with({{"VAULT_NAMESPACE", "a\r\nX: y"}})).error().kind(), ErrorKind::config);
}

} // namespace
} // namespace clairgate::sign
