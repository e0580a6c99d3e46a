#pragma once

#include <clairgate/io/http_message.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace clairgate::io {

/// Collects one answer from the lines and bytes that the transport delivers, within the request's
/// caps. Knows no socket. Strict where parsers are known to differ: control bytes, folded lines,
/// names that are no tokens.
class ResponseReader {
  public:
    ResponseReader(Url url, bool is_head, std::size_t body_bytes_max);

    /// One line of a head (1xx, final) or trailer with its line end, in order; false: stop reading.
    bool take_header(std::string_view line);
    /// The next bytes of the body; false: stop reading.
    bool take_body(std::string_view bytes);

    /// Why reading stopped, when the answer is not acceptable.
    std::optional<Error> const& refusal() const { return refusal_; }
    /// Whether the body of an error was cut at its cap: the status counts all the same.
    bool is_cut() const { return is_cut_; }
    /// The answer after its end; kind protocol when there was no final status.
    Result<Response> finish() &&;

  private:
    enum class Reading { status_line, fields, body };

    Result<void> read_line(std::string_view line);
    Result<void> read_status_line(std::string_view line);
    Result<void> read_field(std::string_view line);
    Result<void> check_stated_length() const;
    Error refused(ErrorKind kind, std::string_view sentence) const;

    Response response_;
    bool is_head_;
    std::size_t body_bytes_max_;
    std::size_t header_bytes_ = 0;
    Reading reading_ = Reading::status_line;
    bool is_cut_ = false;
    std::optional<Error> refusal_;
};

/// Whether the text is a token of RFC 9110 section 5.6.2, as header names have to be.
bool is_http_token(std::string_view text);
/// Whether a header value holds CR, LF or NUL.
bool holds_line_break(std::string_view value);

} // namespace clairgate::io
