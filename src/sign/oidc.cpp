#include "oidc.hpp"

#include "sigstore_service.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace clairgate::sign {

namespace {

constexpr std::string_view token_variable = "SIGSTORE_ID_TOKEN";
constexpr std::string_view github_url_variable = "ACTIONS_ID_TOKEN_REQUEST_URL";
constexpr std::string_view github_token_variable = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
constexpr std::string_view projected_token_file = "/var/run/sigstore/cosign/oidc-token";
constexpr std::string_view asking_github = "asking GitHub for an identity token";
constexpr std::string_view github_permission =
    "GitHub Actions: `permissions: id-token: write` (a pull request from a fork is never given it)";

// What a CI system is recognised by and what it needs. The last ones run others, so they are last.
struct TokenHelp {
    std::string_view variable;
    std::string_view help;
};
constexpr std::array<TokenHelp, 5> token_help = {{
    {"GITHUB_ACTIONS", github_permission},
    {"GITLAB_CI", "GitLab: `id_tokens: SIGSTORE_ID_TOKEN: aud: sigstore` in the job"},
    {"CIRCLECI",
     "CircleCI: SIGSTORE_ID_TOKEN from `circleci run oidc get --claims '{\"aud\":\"sigstore\"}'`"},
    {"BUILDKITE",
     "Buildkite: SIGSTORE_ID_TOKEN from `buildkite-agent oidc request-token --audience sigstore`"},
    {"KUBERNETES_SERVICE_HOST",
     "Kubernetes, Tekton: a projected service account token for the audience sigstore at "
     "/var/run/sigstore/cosign/oidc-token"},
}};

std::string help_for(io::Environment const& environment) {
    auto const here = std::find_if(token_help.begin(), token_help.end(), [&](TokenHelp const& one) {
        return environment.value(one.variable).has_value();
    });
    if (here != token_help.end())
        return std::string(here->help);
    std::string all;
    for (auto const& one : token_help)
        all += cat(one.help, "; ");
    return cat(all, "elsewhere: SIGSTORE_ID_TOKEN, or the file that holds the token");
}

Error no_token(io::Environment const& environment) {
    return Error(ErrorKind::config,
                 cat("there is no identity token: neither a token file, nor ",
                     token_variable,
                     ", nor GitHub's ",
                     github_url_variable,
                     ", nor ",
                     projected_token_file))
        .with_remedy(help_for(environment));
}

// RFC 7515 section 2: URL-safe, without padding.
Result<std::string> from_base64url(std::string_view part) {
    if (part.find_first_of("+/=") != std::string_view::npos)
        return Error(ErrorKind::protocol, "not valid base64url");
    std::string padded(part);
    padded.append((4 - padded.size() % 4) % 4, '=');
    return from_base64_any(padded);
}

bool is_email_verified(nlohmann::json const& claims) {
    auto const* const verified = json::find(claims, "email_verified");
    if (verified == nullptr)
        return false;
    if (verified->is_string()) // some issuers write it so
        return verified->get_ref<std::string const&>() == "true";
    return verified->is_boolean() && verified->get<bool>();
}

// Refuses early what Fulcio could only refuse without saying where it came from.
Result<IdentityToken> checked(Secret const& found, std::string from) {
    Secret token{std::string(trim(found.reveal()))};
    auto const identity = identity_of(token);
    if (!identity.has_value())
        return Error(ErrorKind::config,
                     cat("what ", from, " holds is no identity token: ", identity.error().text()));
    return IdentityToken{std::move(token), std::move(from)};
}

Result<IdentityToken> token_of_file(std::filesystem::path const& path) {
    auto const secret = io::read_secret(path);
    if (!secret.has_value())
        return Error(ErrorKind::config, secret.error().message()).with_context("identity token");
    return checked(*secret, path.native());
}

io::Url for_sigstore(io::Url url) {
    url.target += url.target.find('?') == std::string::npos ? '?' : '&';
    url.target += "audience=sigstore";
    return url;
}

Result<Secret> token_of_answer(std::string_view text) {
    auto const document = TRY(json::parse(text));
    return Secret(TRY(json::string(document, "value")));
}

io::Task<Result<IdentityToken>>
token_of_github(io::World& world, std::string service, Deadline deadline) {
    auto const bearer = world.environment.value(github_token_variable);
    if (!bearer)
        co_return Error(ErrorKind::config,
                        cat(github_url_variable, " is set, ", github_token_variable, " is not"))
            .with_remedy("hand both into the container");
    auto url = service_url(service);
    if (!url.has_value())
        co_return url.error().with_context(std::string(github_url_variable));
    auto request = io::Request::get(for_sigstore(*std::move(url)))
                       .header("Accept", "application/json")
                       .authorization(Secret(cat("bearer ", *bearer)))
                       .body_bytes_max(limits::token_bytes);
    auto const answer =
        co_await ask_service(world, "the request for a token", std::move(request), deadline);
    if (!answer.has_value())
        co_return answer.error().with_context(std::string(asking_github));
    if (answer->status != 200)
        co_return io::unexpected("GET", *answer, world.clock.now())
            .with_context(std::string(asking_github))
            .with_remedy(std::string(github_permission));
    auto token = token_of_answer(answer->body);
    if (!token.has_value())
        co_return token.error().with_context(std::string(asking_github));
    co_return checked(*token, "GitHub's token service");
}

} // namespace

Result<std::string> identity_of(Secret const& token) {
    auto const text = token.reveal();
    if (text.size() > limits::token_bytes)
        return Error(ErrorKind::limit, cat("longer than ", limits::token_bytes, " bytes"));
    auto const parts = split(text, '.');
    if (parts.size() != 3)
        return Error(ErrorKind::protocol, cat("a JWT has three parts, this has ", parts.size()));
    for (auto const part : parts) {
        if (part.empty() || !from_base64url(part).has_value())
            return Error(ErrorKind::protocol, "a part of the JWT is not base64url");
    }
    auto const claims = TRY(json::parse(TRY(from_base64url(parts[1]))).with_context("its claims"));
    auto email = TRY(json::optional_string(claims, "email")).value_or("");
    if (!email.empty() && is_email_verified(claims))
        return email;
    auto subject = TRY(json::string(claims, "sub").with_context("its claims"));
    if (subject.empty())
        return Error(ErrorKind::protocol, "its subject is empty");
    return subject;
}

io::Task<Result<IdentityToken>> find_identity_token_in(io::World& world,
                                                       std::optional<std::string> token_file,
                                                       std::filesystem::path projected_file,
                                                       Deadline deadline) {
    if (token_file)
        co_return token_of_file(*token_file);
    if (auto const value = world.environment.value(token_variable))
        co_return checked(Secret(*value), std::string(token_variable));
    if (auto const service = world.environment.value(github_url_variable))
        co_return co_await token_of_github(world, *service, deadline);
    auto const secret = io::read_secret(projected_file);
    if (!secret.has_value() && secret.error().kind() == ErrorKind::not_found)
        co_return no_token(world.environment);
    co_return token_of_file(projected_file);
}

io::Task<Result<IdentityToken>>
find_identity_token(io::World& world, std::optional<std::string> token_file, Deadline deadline) {
    std::filesystem::path const projected_file(projected_token_file);
    co_return co_await find_identity_token_in(
        world, std::move(token_file), projected_file, deadline);
}

} // namespace clairgate::sign
