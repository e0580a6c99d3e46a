#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/credentials.hpp>

#include <gtest/gtest.h>

namespace clairgate::registry {
namespace {

std::string auth_of(std::string_view key, std::string_view user_and_password) {
    return cat("\"", key, R"(":{"auth":")", to_base64(user_and_password), "\"}");
}

AuthFile file_with(std::string const& auths) {
    return AuthFile::parse(cat(R"({"auths":{)", auths, "}}"), "the file").value();
}

// "user:password" of the entry that is found, "" for none.
std::string found(AuthFile const& file, std::string registry, std::string path = "team/app") {
    auto const credential = file.find({std::move(registry), std::move(path)}).value();
    if (!credential)
        return "";
    auto const& basic = std::get<Credential::Basic>(credential->value);
    return cat(basic.user, ":", basic.password.reveal());
}

TEST(AuthFile, FindsTheHostInEverySpellingOfDockersKeys) {
    for (auto const* key : {"h.example",
                            "h.example/",
                            "https://h.example",
                            "https://h.example/",
                            "https://h.example/v1/",
                            "https://h.example/v2/",
                            "http://h.example",
                            "h.example/v1/",
                            "H.Example"})
        EXPECT_EQ(found(file_with(auth_of(key, "u:p")), "h.example"), "u:p") << key;
}

TEST(AuthFile, NeverTakesAnotherHost) {
    auto const file = file_with(auth_of("ghcr.io", "u:p"));
    EXPECT_EQ(found(file, "ghcr.io"), "u:p");
    for (auto const* registry : {"ghcr.io.evil.test",
                                 "evilghcr.io",
                                 "evil.ghcr.io",
                                 "ghcr.io:443",
                                 "ghcr.io:5000",
                                 "cr.io",
                                 "xn--ghcr-io",
                                 "io",
                                 "docker.io"})
        EXPECT_EQ(found(file, registry), "") << registry;
}

TEST(AuthFile, TakesTheLongestPrefixOfThePathInWholeComponents) {
    auto const file =
        file_with(auth_of("h.example", "host:1") + "," + auth_of("h.example/team", "team:2") + "," +
                  auth_of("h.example/team/app", "app:3"));
    EXPECT_EQ(found(file, "h.example", "team/app"), "app:3");
    EXPECT_EQ(found(file, "h.example", "team/app/sub"), "app:3");
    EXPECT_EQ(found(file, "h.example", "team/other"), "team:2");
    EXPECT_EQ(found(file, "h.example", "team/apple"), "team:2");
    EXPECT_EQ(found(file, "h.example", "teams/x"), "host:1");
}

TEST(AuthFile, KnowsDockerHubByItsOldAndNewName) {
    for (auto const* key : {"https://index.docker.io/v1/", "index.docker.io", "docker.io"})
        EXPECT_EQ(found(file_with(auth_of(key, "u:p")), "docker.io", "library/debian"), "u:p")
            << key;
    EXPECT_EQ(found(file_with(auth_of("docker.io/library", "u:p")), "docker.io", "library/debian"),
              "u:p");
}

TEST(AuthFile, ReadsPasswordsTokensAndPlainFields) {
    EXPECT_EQ(found(file_with(auth_of("h.example", "u:p:with:colons")), "h.example"),
              "u:p:with:colons");
    EXPECT_EQ(found(file_with(R"("h.example":{"username":"u","password":"p"})"), "h.example"),
              "u:p");
    EXPECT_EQ(found(file_with(R"("h.example":{})"), "h.example"), "");
    EXPECT_EQ(found(file_with(R"("h.example":{"auth":""})"), "h.example"), "");
    auto const identity =
        file_with(cat(R"("h.example":{"identitytoken":"it","auth":")", to_base64("u:"), "\"}"));
    auto const one = identity.find({"h.example", "a"}).value();
    EXPECT_EQ(std::get<Credential::IdentityToken>(one->value).token.reveal(), "it");
    EXPECT_EQ(one->source, "the file");
    auto const ready = file_with(R"("h.example":{"registrytoken":"rt"})");
    auto const two = ready.find({"h.example", "a"}).value();
    EXPECT_EQ(std::get<Credential::RegistryToken>(two->value).token.reveal(), "rt");
}

TEST(AuthFile, NamesTheHelperOfTheHostBeforeTheStore) {
    auto const file =
        AuthFile::parse(
            R"({"credsStore":"desktop","credHelpers":{"h.example":"ecr-login"},"HttpHeaders":{}})",
            "the file")
            .value();
    EXPECT_EQ(file.helper("h.example"), "ecr-login");
    EXPECT_EQ(file.helper("h.example.evil.test"), "desktop");
    EXPECT_EQ(file_with("").helper("h.example"), std::nullopt);
    auto const hub =
        AuthFile::parse(R"({"credHelpers":{"https://index.docker.io/v1/":"hub"}})", "f").value();
    EXPECT_EQ(hub.helper("docker.io"), "hub");
}

TEST(AuthFile, RefusesWhatItCannotReadAndPrintsNoSecret) {
    for (std::string const text : {R"({"auths":{"h.example":{"auth":"c2VjcmV0"}}})", // no colon
                                   R"({"auths":{"h.example":{"auth":"!!"}}})",
                                   R"({"auths":{"h.example":{"auth":7}}})",
                                   R"({"auths":[]})",
                                   R"({"auths":{"h.example":"c2VjcmV0"},"credHelpers":"x"})",
                                   R"({"credsStore":{}})",
                                   R"({"auths":{"h.example":{"auth":"c2VjcmV0")",
                                   ""}) {
        auto const file = AuthFile::parse(text, "the file");
        ASSERT_FALSE(file.has_value()) << text;
        EXPECT_EQ(file.error().kind(), ErrorKind::config) << text;
        EXPECT_NE(file.error().text().find("the file"), std::string::npos);
        EXPECT_EQ(file.error().text().find("c2VjcmV0"), std::string::npos) << file.error().text();
    }
}

} // namespace
} // namespace clairgate::registry
