#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/http_reader.hpp>

#include <algorithm>
#include <utility>

namespace clairgate::io {

bool is_http_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool holds_line_break(std::string_view value) {
    return value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

namespace {

constexpr std::size_t large_body_bytes = 4 * limits::mib;

Response answer_to(Url url) {
    Response response;
    response.url = std::move(url);
    return response;
}

} // namespace

ResponseReader::ResponseReader(Url url, bool is_head, std::size_t body_bytes_max)
    : response_(answer_to(std::move(url))), is_head_(is_head), body_bytes_max_(body_bytes_max) {}

Error ResponseReader::refused(ErrorKind kind, std::string_view sentence) const {
    return {kind, cat(response_.url.redacted(), " answered ", sentence)};
}

bool ResponseReader::take_header(std::string_view line) {
    header_bytes_ += line.size(); // of all blocks, so that endless 1xx answers end too
    auto const read = read_line(line);
    if (!read.has_value())
        refusal_ = read.error();
    return read.has_value();
}

Result<void> ResponseReader::read_line(std::string_view line) {
    if (header_bytes_ > limits::response_header_bytes)
        return refused(
            ErrorKind::limit,
            cat("more than ", limits::response_header_bytes / limits::kib, " KiB of headers"));
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    if (holds_line_break(line))
        return refused(ErrorKind::protocol, "a header line with a control byte");
    if (reading_ == Reading::status_line)
        return read_status_line(line);
    if (!line.empty())
        return read_field(line);
    if (reading_ != Reading::fields)
        return ok();
    if (response_.status < 200) { // after a 1xx the real answer follows
        reading_ = Reading::status_line;
        return ok();
    }
    reading_ = Reading::body;
    return check_stated_length();
}

// A body that is too long by its own account is not waited for.
Result<void> ResponseReader::check_stated_length() const {
    bool const has_body = !is_head_ && response_.status != 204 && response_.status != 304;
    auto const length = parse_unsigned(response_.header("content-length").value_or(""));
    if (has_body && response_.status < 400 && length && *length > body_bytes_max_)
        return refused(ErrorKind::limit, cat("more than ", body_bytes_max_, " bytes"));
    return ok();
}

Result<void> ResponseReader::read_status_line(std::string_view line) {
    auto const pieces = split(line, ' ');
    auto const status = pieces.size() < 2 ? 0 : parse_unsigned(pieces[1]).value_or(0);
    bool const is_http = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
    if (!is_http || pieces[1].size() != 3 || status < 100 || status > 599)
        return refused(ErrorKind::protocol, "no HTTP/1.1 status line");
    response_.http_version = std::string(pieces[0].substr(5));
    response_.status = static_cast<int>(status);
    response_.headers.clear();
    reading_ = Reading::fields;
    return ok();
}

Result<void> ResponseReader::read_field(std::string_view line) {
    auto const colon = line.find(':');
    if (colon == std::string_view::npos || !is_http_token(line.substr(0, colon)))
        return refused(ErrorKind::protocol, "a malformed header line");
    auto name = to_lower(line.substr(0, colon));
    auto const value = trim(line.substr(colon + 1));
    bool const has_body = !is_head_ && response_.status != 204 && response_.status != 304;
    if (name == "content-encoding" && has_body && !equals_ignoring_case(value, "identity"))
        return refused(
            ErrorKind::protocol,
            cat("with Content-Encoding ", printable(value, 40), ", which was not asked for"));
    if (name == "content-length" || name == "transfer-encoding") {
        // Two readings of where the body ends (RFC 9112 section 6.3): request smuggling's twin.
        for (auto const& [other, length] : response_.headers) {
            bool const is_same = other == name && length == value;
            if (!is_same && (other == "content-length" || other == "transfer-encoding"))
                return refused(ErrorKind::protocol, "two lengths of one body");
        }
    }
    response_.headers.emplace_back(std::move(name), std::string(value));
    return ok();
}

bool ResponseReader::take_body(std::string_view bytes) {
    bool const is_error = response_.status >= 400;
    auto const cap = is_error ? limits::error_body_bytes : body_bytes_max_;
    auto const room = cap - std::min(cap, response_.body.size());
    if (bytes.size() <= room) {
        // Growing by doubling would hold a large report twice; pages that are never written are
        // free.
        if (response_.body.size() <= large_body_bytes &&
            response_.body.size() + bytes.size() > large_body_bytes)
            response_.body.reserve(cap);
        response_.body += bytes;
        return true;
    }
    if (is_error) { // the status is what counts; its words are cut
        response_.body += bytes.substr(0, room);
        is_cut_ = true;
    } else {
        refusal_ = refused(ErrorKind::limit, cat("more than ", cap, " bytes"));
    }
    return false;
}

Result<Response> ResponseReader::finish() && {
    if (refusal_)
        return *refusal_;
    if (response_.status < 200)
        return refused(ErrorKind::protocol, "no final status");
    return std::move(response_);
}

} // namespace clairgate::io
