#pragma once

#include <clairgate/report/formats.hpp>
#include <clairgate/report/inert_text.hpp>

namespace clairgate::report {

/// Writes lines for people: a terminal, or the log of a CI system. Every line begins with our own
/// words, and text from outside is `inert`.
class TerminalWriter : private Sink {
  public:
    enum class Colour { bold, red, yellow, green, magenta, dim };

    TerminalWriter(Out& out, RenderOptions const& options) : Sink(out), options_(options) {}

    InertText safe(std::string_view untrusted) const { return inert(untrusted, options_.is_utf8); }
    /// The same cut to that many columns.
    InertText safe(std::string_view untrusted, std::size_t columns) const;
    /// "A → B", or "A -> B" in ASCII.
    Fixed arrow() const { return options_.is_utf8 ? Fixed("→") : Fixed("->"); }
    /// The date of a moment: "2027-01-01".
    static InertText day(SystemTime when);
    /// Text in a colour, where colours are wanted.
    InertText coloured(Fixed text, Colour colour) const;

    void line(InertPiece const& text);
    void title(InertPiece const& text);
    /// `sentence` broken at spaces to the width of the terminal, the first line after `head`, the
    /// others after `indent`.
    void say(InertPiece const& head, InertPiece const& sentence, Fixed indent = "    ");
    void blank() { put('\n'); }
    std::size_t columns() const { return options_.columns; }

  private:
    RenderOptions const& options_;
};

} // namespace clairgate::report
