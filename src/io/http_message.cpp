#include <clairgate/io/http_message.hpp>

#include <utility>

namespace clairgate::io {

Request::Request(std::string method_name, Url to)
    : method(std::move(method_name)), url(std::move(to)) {}

Request Request::get(Url url) {
    return {"GET", std::move(url)};
}

Request Request::head(Url url) {
    return {"HEAD", std::move(url)};
}

Request Request::post(Url url, std::string body, std::string content_type) {
    Request request("POST", std::move(url));
    request.body = std::move(body);
    request.headers.emplace_back("Content-Type", std::move(content_type));
    return request;
}

Request Request::put(Url url, std::string body, std::string content_type) {
    Request request("PUT", std::move(url));
    request.body = std::move(body);
    request.headers.emplace_back("Content-Type", std::move(content_type));
    return request;
}

Request Request::patch(Url url, std::string body, std::string content_type) {
    auto request = put(std::move(url), std::move(body), std::move(content_type));
    request.method = "PATCH";
    return request;
}

Request Request::remove(Url url) {
    return {"DELETE", std::move(url)};
}

Request Request::header(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

Request Request::authorization(Secret value) && {
    authorization_value = std::move(value);
    return std::move(*this);
}

Request Request::secret_header(std::string name, Secret value) && {
    secret_headers.push_back({std::move(name), std::move(value), url.origin});
    return std::move(*this);
}

Request Request::body_bytes_max(std::size_t bytes) && {
    body_bytes_cap = bytes;
    return std::move(*this);
}

Request Request::addresses(AddressRule rule) && {
    address_rule = rule;
    return std::move(*this);
}

Request Request::time_max(Duration duration) && {
    time_cap = duration;
    return std::move(*this);
}

Request Request::silence_max(Duration duration) && {
    silence_cap = duration;
    return std::move(*this);
}

std::optional<std::string_view> Response::header(std::string_view name) const {
    for (auto const& [key, value] : headers) {
        if (key == name)
            return value;
    }
    return std::nullopt;
}

} // namespace clairgate::io
