#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/endpoint.hpp>
#include <clairgate/registry/redirect.hpp>
#include <clairgate/registry/token.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::registry {

namespace {

// application/x-www-form-urlencoded, for queries and forms alike.
std::string encoded(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                              c == '~';
        if (is_plain)
            out += c;
        else
            out += cat("%", to_hex({&c, 1}));
    }
    return out;
}

Secret basic_value(Credential::Basic const& basic) {
    auto plain = cat(basic.user, ":", basic.password.reveal());
    return Secret(cat("Basic ", to_base64(plain)));
}

Error no_credential(image::Repository const& repository, std::vector<std::string> const& looked) {
    return Error(ErrorKind::denied,
                 cat(repository.registry, " wants a login, and there is no credential for it"))
        .with_http_status(401)
        .with_remedy(cat("docker login ",
                         repository.registry,
                         ", or set CLAIRGATE_REGISTRY_USER and "
                         "CLAIRGATE_REGISTRY_PASSWORD_FILE (looked in: ",
                         join(looked, ", "),
                         ")"));
}

// A bearer token that the configuration holds ready for use.
std::optional<Secret> registry_token(std::optional<Credential> const& credential) {
    if (!credential)
        return std::nullopt;
    auto const* const ready = std::get_if<Credential::RegistryToken>(&credential->value);
    return ready == nullptr ? std::optional<Secret>() : ready->token;
}

// What one request for a token needs.
struct TokenAsk {
    io::Url realm;
    io::AddressRule rule;
    std::string service;
    std::string scope;
};

std::string_view actions_of(Rights rights) {
    switch (rights) {
    case Rights::pull:
        return "pull";
    case Rights::push:
        return "pull,push";
    case Rights::remove:
        return "pull,push,delete";
    }
    return "";
}

Result<TokenAsk> ask_of(Challenge const& challenge,
                        Options const& options,
                        io::Url const& registry,
                        image::Repository const& repository,
                        Rights rights) {
    auto const realm = challenge.parameters.find("realm");
    if (realm == challenge.parameters.end())
        return Error(ErrorKind::denied, "the registry's Bearer challenge names no realm");
    auto url = io::Url::parse(realm->second);
    if (!url.has_value()) // denied, not protocol: asking again would bring the same
        return Error(ErrorKind::denied,
                     cat("the registry's token realm is refused: ", url.error().message()));
    auto const rule = TRY(realm_rule(registry.origin, url->origin, options.trusted_realm_hosts)
                              .with_context("token realm"));
    auto const service = challenge.parameters.find("service");
    return TokenAsk{*std::move(url),
                    rule,
                    service == challenge.parameters.end() ? std::string() : service->second,
                    // Never the scope of the challenge: it is the registry's wish, not ours.
                    cat("repository:", repository.path, ":", actions_of(rights))};
}

io::Request get_request(TokenAsk const& ask, std::optional<Credential> const& credential) {
    auto url = ask.realm;
    url.target += url.target.find('?') == std::string::npos ? '?' : '&';
    if (!ask.service.empty())
        url.target += cat("service=", encoded(ask.service), "&");
    url.target += cat("scope=", encoded(ask.scope));
    auto request = io::Request::get(std::move(url));
    if (credential)
        if (auto const* const basic = std::get_if<Credential::Basic>(&credential->value))
            request = std::move(request).authorization(basic_value(*basic));
    return request;
}

io::Request post_request(TokenAsk const& ask, Secret const& refresh_token) {
    auto form = cat("grant_type=refresh_token&client_id=clairgate&service=",
                    encoded(ask.service),
                    "&scope=",
                    encoded(ask.scope),
                    "&refresh_token=",
                    encoded(refresh_token.reveal()));
    return io::Request::post(ask.realm, std::move(form), "application/x-www-form-urlencoded");
}

// Says whose host failed: the user may never have heard of it.
Result<io::Response> told(TokenAsk const& ask, Result<io::Response> answer) {
    if (answer.has_value())
        return answer;
    auto error = std::move(answer).error().with_context("token service chosen by the registry");
    if (error.kind() == ErrorKind::denied)
        return std::move(error).with_remedy(
            cat("--trusted-realm ", ask.realm.origin.host, " if it is yours"));
    return error;
}

io::Task<Result<io::Response>> exchange(io::World& world,
                                        Options const& options,
                                        io::Url const& registry,
                                        TokenAsk const& ask,
                                        io::Request request,
                                        Deadline deadline) {
    request = std::move(request)
                  .addresses(ask.rule)
                  .body_bytes_max(limits::token_bytes)
                  .time_max(options.exchange_time_max);
    RedirectCheck const check = [&](io::UrlOrigin const& target) {
        return realm_rule(registry.origin, target, options.trusted_realm_hosts);
    };
    if (request.method == "POST") // a form with a refresh token is never sent on
        co_return told(ask, co_await world.http.send(std::move(request), deadline));
    co_return told(ask, co_await send_following(world, std::move(request), check, deadline));
}
io::Task<Result<Token>> fetch_token(io::World& world,
                                    Options const& options,
                                    io::Url const& registry,
                                    TokenAsk ask,
                                    std::optional<Credential> credential,
                                    Deadline deadline) {
    auto const* const identity =
        credential ? std::get_if<Credential::IdentityToken>(&credential->value) : nullptr;
    auto request =
        identity != nullptr ? post_request(ask, identity->token) : get_request(ask, credential);
    CO_TRY(auto answer,
           co_await exchange(world, options, registry, ask, std::move(request), deadline));
    bool const has_no_post = answer.status == 404 || answer.status == 405;
    if (credential && identity != nullptr && has_no_post) {
        // Older token services know GET alone: the identity token is then the password.
        CLAIRGATE_ASSERT(credential.has_value());
        Credential const as_password{Credential::Basic{"<token>", identity->token},
                                     credential->source};
        auto again = get_request(ask, as_password);
        CO_TRY(answer,
               co_await exchange(world, options, registry, ask, std::move(again), deadline));
    }
    if (answer.status != 200) {
        auto error = io::unexpected("token request", answer, world.clock.now());
        if (credential)
            error =
                std::move(error).with_remedy(cat("check the credential from ", credential->source));
        co_return error;
    }
    co_return decode_token(answer.body);
}

} // namespace

std::vector<Challenge> challenges_of(io::Response const& response) {
    std::string all;
    for (auto const& [name, value] : response.headers)
        if (name == "www-authenticate")
            all += cat(all.empty() ? "" : ", ", value);
    return parse_challenges(all);
}

Result<Token> decode_token(std::string_view text) {
    constexpr std::uint64_t seconds_default = 60; // the token specification's
    constexpr std::uint64_t seconds_max = 86400;
    auto const answer = TRY(json::parse(text).with_context("token answer"));
    auto token = TRY(json::optional_string(answer, "token")).value_or("");
    if (token.empty())
        token = TRY(json::optional_string(answer, "access_token")).value_or("");
    bool const is_fine = !token.empty() && std::all_of(token.begin(), token.end(), [](char c) {
        return c > ' ' && c < '\x7f' && c != '"' && c != '\\';
    });
    if (!is_fine)
        return Error(ErrorKind::protocol, "the token service's answer holds no usable token");
    auto const stated = json::unsigned_integer(answer, "expires_in");
    auto const seconds =
        std::min(stated.has_value() && *stated > 0 ? *stated : seconds_default, seconds_max);
    return Token{Secret(std::move(token)), std::chrono::seconds(seconds)};
}

io::Task<Result<Login>> answer_challenges(io::World& world,
                                          Options const& options,
                                          io::Url const& registry,
                                          image::Repository const& repository,
                                          std::vector<Challenge> const& challenges,
                                          OwnVariables variables,
                                          Deadline deadline,
                                          Rights rights) {
    auto const named = [&](std::string_view scheme) {
        return std::find_if(challenges.begin(), challenges.end(), [&](Challenge const& c) {
            return c.scheme == scheme;
        });
    };
    std::vector<std::string> looked;
    CO_TRY(auto const credential,
           co_await find_credential(world, repository, variables, looked, deadline));
    Login login;
    login.how = credential ? cat("refused the credential from ", credential->source)
                           : cat("found no credential; looked in ", join(looked, ", "));
    if (auto const bearer = named("bearer"); bearer != challenges.end()) {
        login.access.scheme = PullAccess::Scheme::bearer;
        if (auto const ready = registry_token(credential)) {
            login.access.authorization = Secret(cat("Bearer ", ready->reveal()));
            co_return login;
        }
        CO_TRY(auto ask, ask_of(*bearer, options, registry, repository, rights));
        auto token =
            co_await fetch_token(world, options, registry, std::move(ask), credential, deadline);
        if (!token.has_value() && token.error().kind() == ErrorKind::denied && !credential &&
            token.error().http_status())
            co_return no_credential(repository, looked);
        if (!token.has_value())
            co_return token.error();
        login.access.authorization = Secret(cat("Bearer ", token->value.reveal()));
        login.valid_for = token->valid_for;
        co_return login;
    }
    if (named("basic") == challenges.end())
        co_return Error(ErrorKind::denied,
                        cat(repository.registry, " asks for an authentication we do not know"));
    auto const* const basic =
        credential ? std::get_if<Credential::Basic>(&credential->value) : nullptr;
    if (basic == nullptr)
        co_return no_credential(repository, looked);
    login.access.scheme = PullAccess::Scheme::basic;
    login.access.authorization = basic_value(*basic);
    co_return login;
}

} // namespace clairgate::registry
