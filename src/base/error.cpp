#include <clairgate/base/error.hpp>
#include <clairgate/base/result.hpp>
#include <clairgate/base/text.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace clairgate {

std::string_view to_string(ErrorKind kind) {
    static constexpr std::array<std::string_view, 14> words{"usage",
                                                            "config",
                                                            "policy",
                                                            "not_found",
                                                            "denied",
                                                            "unreachable",
                                                            "timeout",
                                                            "cancelled",
                                                            "protocol",
                                                            "integrity",
                                                            "tool",
                                                            "limit",
                                                            "no_digest",
                                                            "file"};
    return words.at(static_cast<std::size_t>(kind));
}

Error::Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

Error Error::with_context(std::string where) && {
    context_.push_back(std::move(where));
    return std::move(*this);
}

Error Error::with_remedy(std::string remedy) && {
    remedy_ = std::move(remedy);
    return std::move(*this);
}

Error Error::with_http_status(int status) && {
    http_status_ = status;
    return std::move(*this);
}

Error Error::with_position(SourcePosition position) && {
    position_ = std::move(position);
    return std::move(*this);
}

Error Error::with_retry_after(std::int64_t seconds) && {
    retry_after_ = seconds;
    return std::move(*this);
}

Error Error::with_also(std::vector<Error> others) && {
    also_ = std::move(others);
    return std::move(*this);
}

std::string Error::text() const {
    std::string out;
    if (position_) {
        out += position_->file;
        if (position_->line != 0)
            out += cat(":", position_->line, ":", position_->column);
        out += ": ";
    }
    for (auto it = context_.rbegin(); it != context_.rend(); ++it)
        out += cat(*it, ": ");
    return out + message_;
}

void throw_exception_from_error(Error const& error, boost::source_location const& at) {
    throw std::logic_error(
        cat("value of a failed result at ", at.file_name(), ":", at.line(), ": ", error.text()));
}

void assertion_failed(char const* condition, char const* file, int line) {
    std::fprintf(stderr, "clairgate: internal error: %s (%s:%d)\n", condition, file, line);
    std::abort();
}

} // namespace clairgate
