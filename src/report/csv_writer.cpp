#include <clairgate/base/error.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/csv_writer.hpp>
#include <clairgate/report/shown.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

namespace clairgate::report {

namespace {

// What may stand before a formula without hindering it.
std::string_view without_lead(std::string_view text) {
    static constexpr std::string_view leads[] = {" ", "\"", "'", "\u00A0", "\u3000"};
    for (;;) {
        auto const* const lead = std::find_if(
            std::begin(leads), std::end(leads), [&](auto one) { return text.starts_with(one); });
        if (lead == std::end(leads))
            return text;
        text.remove_prefix(lead->size());
    }
}

constexpr std::array<bool, 256> bytes_of(std::string_view bytes) {
    std::array<bool, 256> out{};
    for (char const c : bytes)
        out[static_cast<unsigned char>(c)] = true;
    return out;
}
constexpr auto is_looked_at = bytes_of("\"#:;");
constexpr auto may_begin_formula =
    bytes_of(" \"'=+-@\xC2\xE3\xEF"); // the first bytes of both lists

bool begins_formula(std::string_view text) {
    if (text.empty() || !may_begin_formula[static_cast<unsigned char>(text.front())])
        return false;
    static constexpr std::string_view signs[] = {
        "=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    auto const rest = without_lead(text);
    return std::any_of(
        std::begin(signs), std::end(signs), [&](auto sign) { return rest.starts_with(sign); });
}

} // namespace

void CsvWriter::begin() {
    if (cells_++ > 0)
        put(',');
}

void CsvWriter::escaped(std::string_view text) {
    if (begins_formula(text))
        put('\'');
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_looked_at[static_cast<unsigned char>(text[i])])
            continue;
        // "::" acts only where a line begins, and here every line begins with a quote.
        bool const is_marker = completes_marker(text, i) && !(text[i] == ':' && text[i - 1] == ':');
        put(text.substr(from, i + (is_marker ? 0 : 1) - from));
        from = i + 1;
        if (is_marker)
            put(text[i] == '#' ? "\\x23" : "\\x3a");
        else if (text[i] == '"')
            put('"');
        else if (text[i] == ';' && begins_formula(text.substr(from)))
            put('\'');
    }
    put(text.substr(from));
}

void CsvWriter::word(Fixed text) {
    begin();
    put('"');
    escaped(text.text());
    put('"');
}

void CsvWriter::cell(std::string_view untrusted, std::size_t bytes_max) {
    begin();
    auto const kept = shown(untrusted, bytes_max, scratch_);
    put('"');
    escaped(kept.text);
    if (kept.is_cut)
        put("…");
    put('"');
}

void CsvWriter::cell(std::vector<std::string> const& untrusted, std::size_t bytes_max) {
    joined_.clear();
    for (auto const& one : untrusted) {
        if (joined_.size() > bytes_max)
            break;
        if (&one != untrusted.data())
            joined_ += ' ';
        joined_ += one;
    }
    cell(std::string_view(joined_), bytes_max);
}

void CsvWriter::cell(std::uint64_t number) {
    begin();
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    put({digits, static_cast<std::size_t>(end - digits)});
}

void CsvWriter::cell(double number) {
    begin();
    if (!std::isfinite(number) || number < 0)
        return;
    char digits[64];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    put({digits, static_cast<std::size_t>(end - digits)});
}

void CsvWriter::cell(std::optional<double> number) {
    if (number)
        cell(*number);
    else
        begin();
}

void CsvWriter::cell(std::optional<SystemTime> time) {
    begin();
    if (time)
        put(to_rfc3339(*time));
}

void CsvWriter::cell(std::optional<bool> fact) {
    begin();
    if (fact)
        put(*fact ? "true" : "false");
}

void CsvWriter::empty_cells(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        begin();
}

void CsvWriter::end_row() {
    CLAIRGATE_ASSERT(!columns_ || *columns_ == cells_);
    columns_ = cells_;
    cells_ = 0;
    put("\r\n");
}

} // namespace clairgate::report
