#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/token.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::clair {
namespace {

constexpr SystemTime now(std::chrono::seconds(1'700'000'000));

std::string decoded(std::string_view part) {
    std::string text(part);
    for (auto& c : text)
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    text.append((4 - text.size() % 4) % 4, '=');
    return from_base64(text).value();
}

TEST(MintToken, ClaimsWhatClairChecks) {
    auto const token = mint_token(Secret("secret"), "ci-sidecar", now);
    auto const parts = split(token.reveal(), '.');
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(json::parse(decoded(parts[0])).value(),
              (nlohmann::json{{"alg", "HS256"}, {"typ", "JWT"}}));
    EXPECT_EQ(json::parse(decoded(parts[1])).value(),
              (nlohmann::json{{"iss", "ci-sidecar"},
                              {"iat", 1'700'000'000},
                              {"nbf", 1'699'999'940},
                              {"exp", 1'700'000'060}}));
}

TEST(MintToken, SignsHeaderAndClaimsWithTheKey) {
    auto const token = mint_token(Secret("secret"), "clairgate", now);
    auto const dot = token.reveal().rfind('.');
    EXPECT_EQ(token.reveal().substr(dot + 1),
              to_base64url(hmac_sha256("secret", token.reveal().substr(0, dot))));
    EXPECT_NE(token.reveal(), mint_token(Secret("other"), "clairgate", now).reveal());
}

TEST(MintToken, KeepsAnyIssuerInsideItsString) {
    auto const token = mint_token(Secret("k"), "a\",\"exp\":\"9", now);
    auto const claims = json::parse(decoded(split(token.reveal(), '.')[1]));
    EXPECT_EQ((*claims)["iss"], "a\",\"exp\":\"9");
    EXPECT_EQ((*claims)["exp"], 1'700'000'060);
}

} // namespace
} // namespace clairgate::clair
