#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace clairgate::report {

/// Text that stands in our source. Nothing that is known only at run time becomes one: the compiler
/// refuses it. What came from outside reaches a document through a writer's escape alone.
class Fixed {
  public:
    template <std::size_t N>
    consteval Fixed(char const (&literal)[N]) : text_(literal, N - 1) {}
    constexpr std::string_view text() const { return text_; }

  private:
    std::string_view text_;
};

/// Where a document goes, piece by piece: a report of any size needs one buffer. Only writers can
/// put text into it (`Sink`).
class Out {
  public:
    /// Takes the pieces in order; it keeps its own errors. A piece is gone when it returns.
    using Drain = std::function<void(std::string_view)>;

    explicit Out(Drain drain) : drain_(std::move(drain)), buffer_(buffer_bytes, '\0') {}
    Out(Out const&) = delete;
    Out& operator=(Out const&) = delete;
    ~Out() = default;

    /// Hands over what is still buffered; the document is complete.
    void finish() { drain(); }
    /// Bytes of the document so far.
    std::size_t size() const { return drained_ + used_; }

  private:
    friend class Sink;
    static constexpr std::size_t buffer_bytes = std::size_t{64} * 1024;
    void append(std::string_view text) {
        if (text.size() > buffer_.size() - used_)
            return append_large(text);
        text.copy(buffer_.data() + used_, text.size());
        used_ += text.size();
    }
    void append(char c) {
        if (used_ == buffer_.size())
            drain();
        buffer_[used_++] = c;
    }
    void append_large(std::string_view text) {
        drain();
        if (text.size() <= buffer_.size())
            return append(text);
        drain_(text);
        drained_ += text.size();
    }
    void drain() {
        if (used_ > 0)
            drain_({buffer_.data(), used_});
        drained_ += used_;
        used_ = 0;
    }

    Drain drain_;
    std::string buffer_;
    std::size_t used_ = 0;
    std::size_t drained_ = 0;
};

/// What every writer is made of: one for each way of escaping. A writer shows its users functions
/// that take `Fixed` text, numbers, or text that it escapes; `put` stays inside.
class Sink {
  public:
    explicit Sink(Out& out) : out_(out) {}

  protected:
    void put(std::string_view raw) { out_.append(raw); }
    void put(char raw) { out_.append(raw); }
    std::size_t bytes_so_far() const { return out_.size(); }

  private:
    Out& out_;
};

} // namespace clairgate::report
