#pragma once

#include <clairgate/base/time.hpp>
#include <clairgate/finding/severity.hpp>
#include <clairgate/report/out.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace clairgate::report {

/// Writes GitHub-flavoured Markdown. Every text from outside stands in a code span, as `visible`
/// shows it (cut to the field's limit). Escapes would not do: GitHub and GitLab look for mentions,
/// issues, commits, labels, emoji and formulas in the text after Markdown's escapes were undone,
/// and cmark finds e-mail addresses there too; but all of them leave code alone. A code span has
/// no escapes of its own, so that some characters stand between two spans, each one alone, as
/// character references that nothing can be made of:
///  - "`", which would end the span, and "|", which would end a table's cell;
///  - "@", since bots look for their names in the source of a comment, whatever is code there;
///  - what completes a marker of a CI log ("::", "##").
/// Callers never begin a line with a text from outside (quick actions of GitLab: "/close").
class MarkdownWriter : private Sink {
  public:
    explicit MarkdownWriter(Out& out) : Sink(out) {}

    void text(Fixed markdown) { put(markdown.text()); }
    void number(std::size_t number);
    /// "1 finding", "2 findings"
    void count(std::size_t number, Fixed noun);
    void severity(finding::Severity severity) { put(finding::to_string(severity)); }
    /// "2026-11-24"
    void date(SystemTime time);
    void code(std::string_view untrusted, std::size_t bytes_max);
    /// The text as a link where the target is https and at most `url_bytes_max` long, else alone.
    void link(std::string_view untrusted,
              std::size_t bytes_max,
              std::string_view untrusted_url,
              std::size_t url_bytes_max);
    /// "<!-- LABEL REPOSITORY KEY=VALUE… -->": the same for the same image and context, so that a
    /// comment is found again and replaced. Nothing in it ends the comment.
    void hidden(Fixed label,
                std::string_view repository,
                std::map<std::string, std::string> const& context);

    std::size_t bytes() const { return bytes_so_far(); }

  private:
    void span(std::string_view text);
    void reference(char c);
    void hidden_word(std::string_view text);
    std::string scratch_;
};

/// Whether a link to that page would show up there ("mentioned in …") on GitHub or GitLab.
bool is_noticed_by_target(std::string_view url);

} // namespace clairgate::report
