#include <clairgate/gate/evidence_choice.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

using Arguments = std::vector<std::string>;

Result<SigningChoice> signing(Arguments const& arguments) {
    io::Environment const environment({});
    return signing_choice_of(parse_settings(Command::run, arguments, environment).value());
}

Result<TrustChoice> trust(Arguments const& arguments) {
    io::Environment const environment({});
    return trust_choice_of(parse_settings(Command::verify, arguments, environment).value());
}

TEST(SigningChoice, IsUnsignedAndAutomaticUnlessSaid) {
    auto const choice = signing({}).value();
    EXPECT_FALSE(choice.key || choice.bundle_file || choice.signing_config_file);
    EXPECT_EQ(choice.attach, Attach::automatic);
    EXPECT_EQ(choice.storage, Storage::both);
    EXPECT_FALSE(choice.wants_vulns || choice.wants_old_log || choice.is_keyless());
}

TEST(SigningChoice, TakesEachSetting) {
    auto const choice = signing({"--sign",
                                 "cosign.key",
                                 "--bundle",
                                 "out.json",
                                 "--attach",
                                 "always",
                                 "--storage",
                                 "att",
                                 "--predicate",
                                 "vulns",
                                 "--identity-token",
                                 "token",
                                 "--old-log"})
                            .value();
    EXPECT_EQ(choice.key, "cosign.key");
    EXPECT_EQ(choice.bundle_file, "out.json");
    EXPECT_EQ(choice.attach, Attach::always);
    EXPECT_EQ(choice.storage, Storage::envelope);
    EXPECT_EQ(choice.token_file, "token");
    EXPECT_TRUE(choice.wants_vulns && choice.wants_old_log);
    EXPECT_FALSE(choice.is_keyless());
    EXPECT_EQ(signing({"--attach", "never"}).value().attach, Attach::never);
    EXPECT_EQ(signing({"--attach", "auto"}).value().attach, Attach::automatic);
    EXPECT_EQ(signing({"--storage", "bundle"}).value().storage, Storage::bundle);
    EXPECT_EQ(signing({"--storage", "both"}).value().storage, Storage::both);
}

TEST(SigningChoice, NamesTheSettingThatIsWrong) {
    for (Arguments const& arguments : {Arguments{"--attach", "sometimes"},
                                       Arguments{"--attach", "Always"},
                                       Arguments{"--storage", "envelope"},
                                       Arguments{"--predicate", "vuln"},
                                       Arguments{"--predicate", "vulns", "--predicate", "x"},
                                       Arguments{"--sign", "keyless"},
                                       Arguments{"--attach", "always"}}) {
        auto const wrong = signing(arguments);
        ASSERT_FALSE(wrong.has_value()) << arguments.back();
        EXPECT_EQ(wrong.error().kind(), ErrorKind::usage);
        EXPECT_NE(wrong.error().text().find(arguments.front()), std::string::npos)
            << wrong.error().text();
    }
}

TEST(SigningChoice, IsKeylessWithTheFileThatSaysWhere) {
    auto const choice = signing({"--sign", "keyless", "--signing-config", "public.json"}).value();
    EXPECT_TRUE(choice.is_keyless());
    EXPECT_EQ(choice.signing_config_file, "public.json");
    EXPECT_NE(signing({"--sign", "keyless"}).error().remedy().find("--signing-config"),
              std::string::npos);
}

TEST(TrustChoice, TakesEachSetting) {
    auto const keyed = trust({"--key",
                              "cosign.pub",
                              "--bundle",
                              "in.json",
                              "--max-age",
                              "36h",
                              "--offline",
                              "--unsafe-allow-unsigned"})
                           .value();
    EXPECT_EQ(keyed.key, "cosign.pub");
    EXPECT_EQ(keyed.bundle_file, "in.json");
    EXPECT_EQ(keyed.age_max, std::chrono::hours(36));
    EXPECT_TRUE(keyed.is_offline && keyed.may_be_unsigned);
    auto const identity = trust({"--certificate-identity",
                                 "a@example.org",
                                 "--certificate-oidc-issuer",
                                 "https://issuer.example",
                                 "--trusted-root",
                                 "root.json"})
                              .value();
    EXPECT_EQ(identity.identity, "a@example.org");
    EXPECT_EQ(identity.issuer, "https://issuer.example");
    EXPECT_EQ(identity.trusted_root_file, "root.json");
    EXPECT_FALSE(identity.key || identity.age_max);
    auto const nothing = trust({}).value();
    EXPECT_FALSE(nothing.is_offline || nothing.may_be_unsigned || nothing.age_max);
}

TEST(TrustChoice, NeedsIdentityAndIssuerTogetherAndNoKeyBeside) {
    auto const lonely = trust({"--certificate-identity", "a@example.org"});
    ASSERT_FALSE(lonely.has_value());
    EXPECT_EQ(lonely.error().kind(), ErrorKind::usage);
    EXPECT_NE(lonely.error().text().find("needs --certificate-oidc-issuer"), std::string::npos);
    auto const anybody = trust({"--certificate-oidc-issuer", "https://issuer.example"});
    ASSERT_FALSE(anybody.has_value());
    EXPECT_NE(anybody.error().text().find("needs --certificate-identity"), std::string::npos);
    auto const both = trust({"--key",
                             "cosign.pub",
                             "--certificate-identity",
                             "a@example.org",
                             "--certificate-oidc-issuer",
                             "https://issuer.example"});
    ASSERT_FALSE(both.has_value());
    EXPECT_EQ(both.error().kind(), ErrorKind::usage);
}

TEST(TrustChoice, RefusesAnAgeThatIsNone) {
    for (auto const* const text : {"", "5", "soon", "-1h", "99999d"}) {
        auto const wrong = trust({std::string("--max-age=") + text});
        if (*text == '\0' && wrong.has_value()) {
            EXPECT_FALSE(wrong->age_max.has_value()); // an empty setting is one that is not set
            continue;
        }
        ASSERT_FALSE(wrong.has_value()) << text;
        EXPECT_EQ(wrong.error().kind(), ErrorKind::usage);
        EXPECT_NE(wrong.error().text().find("--max-age"), std::string::npos);
    }
}

} // namespace
} // namespace clairgate::gate
