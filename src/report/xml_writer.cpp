#include <clairgate/base/error.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/shown.hpp>
#include <clairgate/report/xml_writer.hpp>

#include <array>
#include <charconv>

namespace clairgate::report {

namespace {

constexpr std::array<bool, 256> bytes_to_look_at() {
    std::array<bool, 256> out{};
    for (char const c : {'<', '>', '&', '"', '\'', '\t', '\n', '\r', ':', '#'})
        out[static_cast<unsigned char>(c)] = true;
    return out;
}
constexpr auto is_looked_at = bytes_to_look_at();

// "" where the character may stand as it is.
std::string_view reference_at(std::string_view text, std::size_t i) {
    switch (text[i]) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    case ':':
        return completes_marker(text, i) ? "&#58;" : "";
    default:
        return completes_marker(text, i) ? "&#35;" : "";
    }
}

} // namespace

XmlWriter::XmlWriter(Out& out) : Sink(out) {
    put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void XmlWriter::escaped(std::string_view text) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_looked_at[static_cast<unsigned char>(text[i])])
            continue;
        auto const reference = reference_at(text, i);
        if (reference.empty())
            continue;
        put(text.substr(from, i - from));
        put(reference);
        from = i + 1;
    }
    put(text.substr(from));
}

void XmlWriter::indent(std::size_t depth) {
    static constexpr std::string_view spaces = "                ";
    CLAIRGATE_ASSERT(depth * 2 <= spaces.size());
    put(spaces.substr(0, depth * 2));
}

void XmlWriter::begin_content() {
    CLAIRGATE_ASSERT(!is_in_attribute_);
    if (is_in_tag_)
        put('>');
    is_in_tag_ = false;
}

void XmlWriter::open(Fixed element) {
    begin_content();
    if (!levels_.empty()) {
        auto& parent = levels_.back();
        CLAIRGATE_ASSERT(!parent.has_text);
        if (!parent.has_elements)
            put('\n');
        parent.has_elements = true;
    }
    indent(levels_.size());
    put('<');
    put(element.text());
    levels_.push_back({element});
    is_in_tag_ = true;
}

void XmlWriter::begin_attribute(Fixed name) {
    CLAIRGATE_ASSERT(is_in_tag_ && !is_in_attribute_);
    put(' ');
    put(name.text());
    put("=\"");
    is_in_attribute_ = true;
}

void XmlWriter::end_attribute() {
    CLAIRGATE_ASSERT(is_in_attribute_);
    put('"');
    is_in_attribute_ = false;
}

void XmlWriter::attribute(Fixed name, Fixed value) {
    begin_attribute(name);
    text(value);
    end_attribute();
}

void XmlWriter::attribute(Fixed name, std::uint64_t value) {
    begin_attribute(name);
    text(value);
    end_attribute();
}

void XmlWriter::attribute(Fixed name, std::string_view untrusted, std::size_t bytes_max) {
    begin_attribute(name);
    text(untrusted, bytes_max);
    end_attribute();
}

void XmlWriter::text(Fixed piece) {
    if (!is_in_attribute_) {
        begin_content();
        CLAIRGATE_ASSERT(!levels_.empty() && !levels_.back().has_elements);
        levels_.back().has_text = true;
    }
    if (is_in_attribute_)
        return escaped(piece.text());
    // Line breaks of ours stay: people read them, and parsers keep them in content.
    auto rest = piece.text();
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        escaped(rest.substr(0, end));
        put('\n');
        rest.remove_prefix(end + 1);
    }
    escaped(rest);
}

void XmlWriter::text(std::uint64_t number) {
    text("");
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    put({digits, static_cast<std::size_t>(end - digits)});
}

void XmlWriter::text(std::string_view untrusted, std::size_t bytes_max) {
    text("");
    auto const kept = shown(untrusted, bytes_max, scratch_);
    escaped(kept.text);
    if (kept.is_cut)
        put("…");
}

void XmlWriter::close() {
    CLAIRGATE_ASSERT(!levels_.empty() && !is_in_attribute_);
    auto const level = levels_.back();
    levels_.pop_back();
    if (is_in_tag_) {
        put("/>\n");
        is_in_tag_ = false;
        return;
    }
    if (level.has_elements)
        indent(levels_.size());
    put("</");
    put(level.element.text());
    put(">\n");
}

} // namespace clairgate::report
