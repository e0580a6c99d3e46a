#pragma once

#include <clairgate/base/time.hpp>
#include <clairgate/report/out.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clairgate::report {

/// Writes HTML (https://html.spec.whatwg.org). Text from outside can stand in an element or in a
/// quoted attribute: a parser reads back what `visible` shows of it, and nothing of it is markup
/// or, where the page is printed into a log, a marker of a CI system.
class HtmlWriter : private Sink {
  public:
    static constexpr std::size_t text_bytes_max = 240; ///< of one text, if nothing else is said

    explicit HtmlWriter(Out& out) : Sink(out) {}

    HtmlWriter& markup(Fixed literal) {
        put(literal.text());
        return *this;
    }
    /// Cut at a character and marked with "…" where it is longer.
    HtmlWriter& text(std::string_view untrusted, std::size_t bytes_max = text_bytes_max);
    /// The same for prose and snippets: a line feed stays one, as a reference.
    HtmlWriter& lines(std::string_view untrusted, std::size_t bytes_max);
    HtmlWriter& number(std::uint64_t number);
    /// `<tag>text</tag>`, both halves as they stand in the source.
    HtmlWriter& element(Fixed opening, std::string_view untrusted, Fixed closing) {
        return markup(opening).text(untrusted).markup(closing);
    }
    /// "2026-11-24 09:51 UTC", as a `<time>`.
    HtmlWriter& time(SystemTime time);
    /// A link that tells nobody where it was followed from; plain text unless it is `https_url`.
    HtmlWriter& link(std::string_view untrusted);
    /// "sha256-…": what a content security policy names a style or script by.
    HtmlWriter& hash_of(Fixed content);

    std::size_t bytes() const { return bytes_so_far(); }

  private:
    std::size_t escape(std::string_view text, bool is_visible);

    std::string visible_; // scratch of `text`
};

} // namespace clairgate::report
