#include <clairgate/base/text.hpp>
#include <clairgate/registry/failure.hpp>

namespace clairgate::registry {

Error connection_failed(Error error, std::string_view registry, io::UrlOrigin const& origin) {
    if (!error.remedy().empty() || error.http_status())
        return error;
    auto const& words = error.message();
    bool const is_unreachable = error.kind() == ErrorKind::unreachable;
    if (is_unreachable && words.find("certificate problem") != std::string::npos)
        return std::move(error).with_remedy(cat("--registry-ca FILE trusts the CA of ", registry));
    if (is_unreachable && words.find("no secure connection") != std::string::npos)
        return std::move(error).with_remedy(
            cat("--plain-http ", registry, " if it does not speak TLS"));
    if (is_unreachable || error.kind() == ErrorKind::timeout)
        return std::move(error).with_remedy(cat("does a registry listen at ",
                                                origin.text(),
                                                "? (the host is part of the image's name)"));
    if (error.kind() == ErrorKind::denied)
        return std::move(error).with_remedy(
            "--trusted-realm HOST if a host that the registry sends us to is yours");
    return error;
}

Error answer_failed(std::string_view method,
                    io::Response const& response,
                    std::string_view registry,
                    std::string_view login,
                    SystemTime now) {
    auto error = io::unexpected(method, response, now);
    if (error.kind() == ErrorKind::denied)
        return std::move(error).with_remedy(
            cat("docker login ",
                registry,
                ", or CLAIRGATE_REGISTRY_USER and CLAIRGATE_REGISTRY_PASSWORD_FILE",
                login.empty() ? "" : " (",
                login,
                login.empty() ? "" : ")"));
    if (error.kind() == ErrorKind::not_found)
        return std::move(error).with_remedy(
            "check the repository's name and the digest, and that the push has ended");
    if (response.status == 429)
        return std::move(error).with_remedy(
            cat(registry, " limits requests; a login may raise its limit"));
    return error;
}

} // namespace clairgate::registry
