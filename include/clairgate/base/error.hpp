#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boost::system {
template <class T, class E>
class result;
}

namespace clairgate {

/// Why something failed. Closed: only `retryable` (io) and `exit_status` (gate) switch on it.
enum class ErrorKind {
    usage,       ///< a flag or argument of ours is wrong
    config,      ///< a setting or configuration file is wrong, or a tool of the machine is missing
    policy,      ///< a policy file is wrong
    not_found,   ///< the peer says that it does not exist (404)
    denied,      ///< the peer refuses us (401, 403)
    unreachable, ///< no connection, or it broke: refused, reset, DNS, TLS, 5xx
    timeout,     ///< a deadline passed
    cancelled,   ///< the operation was told to stop
    protocol,    ///< the peer answered against its specification
    integrity,   ///< bytes or digests contradict each other; never retried, never softened
    tool,        ///< a child process failed
    limit,       ///< more than we accept: bytes, depth, count
    no_digest,   ///< no digest before the deadline, or the build announced its failure
    file         ///< a local file could not be read or written
};

/// The lower-case word of a kind, as it appears in JSON and logs.
std::string_view to_string(ErrorKind kind);

/// A place in a file of the user, 1-based; line 0 means "the file as a whole".
struct SourcePosition {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    friend bool operator==(SourcePosition const&, SourcePosition const&) = default;
};

/// An error as a value. `message` says what happened; `context` says during what, innermost first;
/// `remedy` names the one setting or action that mends it. May hold text of a peer: whatever
/// prints it must escape it (base/text.hpp `printable`).
class [[nodiscard]] Error {
  public:
    Error(ErrorKind kind, std::string message);

    Error with_context(std::string where) &&;
    Error with_remedy(std::string remedy) &&;
    Error with_http_status(int status) &&;
    Error with_position(SourcePosition position) &&;
    /// Seconds the peer asked us to wait (`Retry-After`), already clamped by the reader.
    Error with_retry_after(std::int64_t seconds) &&;
    /// Further errors of the same pass (policy files report all, not the first).
    Error with_also(std::vector<Error> others) &&;

    ErrorKind kind() const { return kind_; }
    std::string const& message() const { return message_; }
    std::vector<std::string> const& context() const { return context_; }
    std::string const& remedy() const { return remedy_; }
    std::optional<int> http_status() const { return http_status_; }
    std::optional<SourcePosition> const& position() const { return position_; }
    std::optional<std::int64_t> retry_after() const { return retry_after_; }
    std::vector<Error> const& also() const { return also_; }

    /// "outer: inner: message" with the position in front; one line, not escaped, no remedy.
    std::string text() const;

  private:
    // Boost 1.81's result::error() names E() for the case "there is a value"; nobody else may.
    template <class T, class E>
    friend class boost::system::result;
    Error() : Error(ErrorKind::protocol, "no error") {}

    ErrorKind kind_;
    std::string message_;
    std::vector<std::string> context_;
    std::string remedy_;
    std::optional<int> http_status_;
    std::optional<SourcePosition> position_;
    std::optional<std::int64_t> retry_after_;
    std::vector<Error> also_;
};

/// Stops the process with the condition's text: for programmer errors only, on in release builds.
[[noreturn]] void assertion_failed(char const* condition, char const* file, int line);

} // namespace clairgate

#define CLAIRGATE_ASSERT(condition)                                                                \
    ((condition) ? void() : ::clairgate::assertion_failed(#condition, __FILE__, __LINE__))
