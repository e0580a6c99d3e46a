#pragma once

#include <clairgate/base/time.hpp>
#include <clairgate/report/out.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// Writes comma-separated values (RFC 4180): lines end with CRLF, texts are in quotes. A text from
/// outside comes back from a parser as `visible` shows it (cut to the field's limit), but for two
/// things that no quote makes inert:
///  - where a spreadsheet would begin a formula (`=`, `+`, `-`, `@`, also full-width, also behind
///    spaces and quotes, also behind a ";", which some locales split cells at), a "'" stands first;
///  - the second of two "#" is shown as "\x23", since Azure and TeamCity look for their commands
///    anywhere in a line, and the colon of a fold marker ("section_start:") as "\x3a". What acts at
///    the beginning of a line alone ("::") needs nothing: each line begins with a word of ours.
class CsvWriter : private Sink {
  public:
    explicit CsvWriter(Out& out) : Sink(out) {}

    void word(Fixed text);
    void cell(std::string_view untrusted, std::size_t bytes_max = 1000);
    /// Several in one cell, with a space between them.
    void cell(std::vector<std::string> const& untrusted, std::size_t bytes_max = 1000);
    void cell(std::uint64_t number);
    /// The shortest digits that read back the same; empty for what is not finite.
    void cell(double number);
    void cell(std::optional<double> number);
    /// "2026-11-24T09:51:39Z"
    void cell(std::optional<SystemTime> time);
    /// "true" or "false"; empty: not known.
    void cell(std::optional<bool> fact);
    void empty_cells(std::size_t count);
    /// Every row has as many cells as the first one (asserted).
    void end_row();

  private:
    void begin();
    void escaped(std::string_view text);

    std::string scratch_;
    std::string joined_;
    std::size_t cells_ = 0;
    std::optional<std::size_t> columns_;
};

} // namespace clairgate::report
