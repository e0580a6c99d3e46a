#include <clairgate/base/text.hpp>
#include <clairgate/policy/imports.hpp>

#include <algorithm>

namespace clairgate::policy::imports {

namespace {

constexpr std::size_t comment_bytes_max = 300;

// Bytes of the well-formed character at the front; 0 when it is malformed.
std::size_t bytes_of_character(std::string_view text) {
    for (std::size_t bytes = 1; bytes <= std::min<std::size_t>(4, text.size()); ++bytes)
        if (is_utf8(text.substr(0, bytes)))
            return bytes;
    return 0;
}

std::uint32_t code_of(std::string_view character) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
    if (character.size() == 1)
        return byte(0);
    std::uint32_t code = byte(0) & (0x7FU >> character.size());
    for (std::size_t i = 1; i < character.size(); ++i)
        code = code << 6U | (byte(i) & 0x3FU);
    return code;
}

std::string escape_of(std::uint32_t code) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string hex(code > 0xFFFF ? 8 : 4, '0');
    for (auto at = hex.rbegin(); at != hex.rend(); ++at, code /= 16)
        *at = digits[code % 16];
    return cat(hex.size() > 4 ? "\\U" : "\\u", hex);
}

bool is_plain_ascii(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

std::string basic_string_of(std::string_view text) {
    std::string out = "\"";
    while (!text.empty()) {
        auto const plain = std::find_if_not(text.begin(), text.end(), is_plain_ascii);
        out.append(text.begin(), plain);
        text.remove_prefix(static_cast<std::size_t>(plain - text.begin()));
        if (text.empty())
            break;
        auto const bytes = bytes_of_character(text);
        auto const character = text.substr(0, bytes);
        if (bytes == 0)
            out += "\\uFFFD";
        else if (character == "\"" || character == "\\")
            out += cat("\\", character);
        else if (character == "\n")
            out += "\\n";
        else if (printable(character) == character) // else a reader would not see it as it is
            out += character;
        else
            out += escape_of(code_of(character));
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out + "\"";
}

std::string array(std::vector<std::string> const& texts) {
    std::string out;
    for (auto const& text : texts)
        out += cat(out.empty() ? "" : ", ", basic_string_of(text));
    return cat("[", out, "]");
}

std::string one_or_array(std::vector<std::string> const& texts) {
    return texts.size() == 1 ? basic_string_of(texts.front()) : array(texts);
}

// One line whatever the text holds: what is no plain character is shown as an escape.
std::string comment(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    auto const shown = printable(trim(line), comment_bytes_max);
    return shown.empty() ? "" : cat("# ", shown, "\n");
}

std::string severity_table(DraftFile const& file) {
    std::string out = file.severity.empty() ? "" : "\n[severity]\n";
    for (auto const severity : finding::severities)
        if (auto const found = file.severity.find(severity); found != file.severity.end())
            out += cat(finding::to_string(severity),
                       " = ",
                       basic_string_of(to_string(found->second)),
                       "\n");
    return out;
}

std::string waiver_table(DraftWaiver const& waiver) {
    auto out = cat("\n", comment(waiver.comment), "[[allow]]\nid = ", array(waiver.ids), "\n");
    if (!waiver.purls.empty())
        out += cat("purl = ", one_or_array(waiver.purls), "\n");
    if (!waiver.images.empty())
        out += cat("image = ", one_or_array(waiver.images), "\n");
    out += cat("reason = ",
               basic_string_of(waiver.reason),
               "\nowner = ",
               basic_string_of(waiver.owner),
               "\n");
    return waiver.last_day ? cat(out, "expires = ", to_string(*waiver.last_day), "\n") : out;
}

std::string rule_table(DraftRule const& rule) {
    return cat("\n[[rule]]\nname = ",
               basic_string_of(cat(to_string(rule.action), " ", rule.id)),
               "\nwhen = { id = ",
               array({rule.id}),
               " }\naction = ",
               basic_string_of(to_string(rule.action)),
               "\nreason = ",
               basic_string_of(rule.reason),
               "\n");
}

} // namespace

std::string to_toml(DraftFile const& file, std::string_view origin) {
    auto out = comment(cat("Imported from ", origin, ". Read every entry before you rely on it."));
    for (auto const& note : file.notes)
        out += comment(note);
    out += "schema = 1\n";
    if (file.is_devtron)
        out += "precedence = \"devtron\"\n";
    out += severity_table(file);
    for (auto const& rule : file.rules)
        out += rule_table(rule);
    for (auto const& waiver : file.waivers)
        out += waiver_table(waiver);
    return out;
}

} // namespace clairgate::policy::imports
