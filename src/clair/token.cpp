#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/token.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::clair {

Secret mint_token(Secret const& key, std::string_view issuer, SystemTime now) {
    constexpr std::int64_t slack_s = 60;
    auto const seconds = now.time_since_epoch().count();
    nlohmann::json const claims{
        {"exp", seconds + slack_s}, {"iat", seconds}, {"iss", issuer}, {"nbf", seconds - slack_s}};
    auto const signed_part =
        cat(to_base64url(R"({"alg":"HS256","typ":"JWT"})"), ".", to_base64url(json::dump(claims)));
    return Secret(cat(signed_part, ".", to_base64url(hmac_sha256(key.reveal(), signed_part))));
}

} // namespace clairgate::clair
