#include <clairgate/attest/json_text.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::attest {
namespace {

std::string written(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

TEST(JsonText, EscapesWhatJsonForbidsAndWhatATerminalActsOn) {
    std::pair<std::string_view, char const*> const cases[] = {
        {"", R"("")"},
        {"plain ::debug:: ## text", R"("plain ::debug:: ## text")"},
        {"\"\\/", R"("\"\\/")"},
        {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
        {std::string_view("\0\x1B[31m\x7F", 7), R"("\u0000\u001b[31m\u007f")"},
        {"naïve 漢字 🙂", R"("naïve 漢字 🙂")"},
        {"\xC2\x9B", R"("\u009b")"},
        {"\u202E\u200B\uFEFF", R"("\u202e\u200b\ufeff")"},
        {"\U000E0041", R"("\udb40\udc41")"},
        {"a\xFF\xC3", R"("a\ufffd\ufffd")"},
        {"\xED\xA0\x80", R"("\ufffd\ufffd\ufffd")"}};
    for (auto const& [text, expected] : cases)
        EXPECT_EQ(written(text), expected);
}

TEST(JsonText, EveryCharacterComesBackFromAParser) {
    for (char32_t code = 0; code < 0x11'0000; code += code < 0x3000 ? 1 : 97) {
        if (code >= 0xD800 && code < 0xE000)
            continue;
        std::string utf8;
        auto const six = [&](unsigned shift) {
            return static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
        };
        if (code < 0x80)
            utf8 = {static_cast<char>(code)};
        else if (code < 0x800)
            utf8 = {static_cast<char>(0xC0U | code >> 6U), six(0)};
        else if (code < 0x10000)
            utf8 = {static_cast<char>(0xE0U | code >> 12U), six(6), six(0)};
        else
            utf8 = {static_cast<char>(0xF0U | code >> 18U), six(12), six(6), six(0)};
        auto const json = written(utf8);
        ASSERT_EQ(nlohmann::json::parse(json).get<std::string>(), utf8) << json;
        ASSERT_EQ(printable(json), json) << "not inert on a terminal";
    }
}

TEST(JsonText, WritesMembers) {
    std::string out = "{";
    append_json_member(out, "name", "a\"b");
    EXPECT_EQ(out, R"({"name":"a\"b")");
}

} // namespace
} // namespace clairgate::attest
