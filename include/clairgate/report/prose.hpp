#pragma once

#include <clairgate/report/out.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clairgate::report {

/// A sentence for a field of a JSON document that its reader acts on: our words, and texts from
/// outside, each visible, within its limit, and with the escape of the field's syntax.
class Prose {
  public:
    enum class Kind : std::uint8_t {
        plain,    ///< shown as it is
        message,  ///< SARIF 2.1.0 section 3.11: embedded links and placeholders
        markdown, ///< GitHub's and GitLab's dialects; no line may begin with text from outside
    };
    explicit Prose(Kind kind) : kind_(kind) {}

    Prose& clear() {
        text_.clear();
        return *this;
    }
    Prose& say(Fixed words) {
        text_ += words.text();
        return *this;
    }
    Prose& number(std::size_t number);
    /// At most `bytes_max` bytes before the escape, "…" in place of the rest; code in Markdown.
    Prose& quote(std::string_view untrusted, std::size_t bytes_max);
    /// A link to itself, where the syntax has it. Nothing unless it is an `https_url`.
    Prose& link(std::string_view untrusted);

    std::string_view text() const { return text_; }

  private:
    Prose& span(std::string_view untrusted, std::size_t bytes_max);

    Kind kind_;
    std::string text_;
    std::string scratch_;
};

} // namespace clairgate::report
