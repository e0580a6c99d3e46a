#include <clairgate/base/text.hpp>
#include <clairgate/policy/imports.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/policy/source_text.hpp>
#include <clairgate/policy/toml_library.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy::imports {
namespace {

DraftFile file_with(std::string text) {
    DraftFile file;
    DraftWaiver waiver;
    waiver.ids = {"CVE-2024-0001"};
    waiver.owner = text;
    waiver.reason = text;
    waiver.comment = text;
    waiver.last_day = parse_day("2030-12-31");
    file.notes = {text};
    file.waivers.push_back(std::move(waiver));
    return file;
}

TEST(ImportToToml, WritesEverythingThatAFileHolds) {
    DraftFile file;
    file.notes = {"note"};
    file.is_devtron = true;
    file.severity = {{finding::Severity::low, Action::allow},
                     {finding::Severity::critical, Action::block_if_fixed}};
    file.rules.push_back({"CVE-2024-0002", Action::block, "because"});
    file.waivers.push_back({{"CVE-2024-0001", "GHSA-jfh8-c2jp-5v3q"},
                            {"pkg:deb/debian/a@1", "pkg:deb/debian/a@1\\?**"},
                            {"r.example/a"},
                            "team",
                            "why",
                            "said",
                            parse_day("2030-12-31")});
    EXPECT_EQ(to_toml(file, "a.json (x)"),
              "# Imported from a.json (x). Read every entry before you rely on it.\n"
              "# note\n"
              "schema = 1\n"
              "precedence = \"devtron\"\n"
              "\n[severity]\ncritical = \"block-if-fixed\"\nlow = \"allow\"\n"
              "\n[[rule]]\nname = \"block CVE-2024-0002\"\nwhen = { id = [\"CVE-2024-0002\"] }\n"
              "action = \"block\"\nreason = \"because\"\n"
              "\n# said\n[[allow]]\nid = [\"CVE-2024-0001\", \"GHSA-jfh8-c2jp-5v3q\"]\n"
              "purl = [\"pkg:deb/debian/a@1\", \"pkg:deb/debian/a@1\\\\?**\"]\n"
              "image = \"r.example/a\"\nreason = \"why\"\nowner = \"team\"\n"
              "expires = 2030-12-31\n");
}

// Texts that want to end their string or comment, or to hide in it.
std::vector<std::string> const& hostile() {
    static std::vector<std::string> const texts = [] {
        std::vector<std::string> out{
            "\"\nexpires = 9999-12-31\n#",
            "\"\"\"",
            "'''",
            "\\",
            "\\\"",
            "\\u0041",
            "x\"]\n[[allow]]\nid = [\"CVE-2024-9999\"]",
            "\r\n[severity]\ncritical = \"allow\"",
            "a\rb",
            "\xE2\x80\xA8[severity]",
            "\xC2\x85[severity]",
            "# # #",
            std::string("nul\0nul", 7),
            "\x1b]8;;http://evil\x07link",
            "\xE2\x80\xAEtxet",
            "zero\xE2\x80\x8Bwidth\xE2\x80\x8D",
            "tag\xF3\xA0\x81\x81",
            "\xEF\xBB\xBF"
            "bom",
            "\xEF\xBF\xBF",
            "\xF4\x8F\xBF\xBF",
            "\x7f\xC2\x9B",
            "tab\there",
            "Grüße, 漢字, 🚀",
            "{{ template }} ${{ github.token }} $(id) `id`",
            "::set-output name=x::y",
        };
        return out;
    }();
    return texts;
}

TEST(ImportToToml, NoTextBreaksOutAndEachIsReadBack) {
    for (auto const& text : hostile()) {
        auto const toml = to_toml(file_with(text), text);
        auto const parsed = toml::parse(toml, std::string_view("x"));
        ASSERT_TRUE(bool(parsed)) << toml;
        EXPECT_EQ(parsed.table().size(), 2U) << toml;
        auto const& waivers = *parsed.table()["allow"].as_array();
        ASSERT_EQ(waivers.size(), 1U) << toml;
        auto const& waiver = *waivers[0].as_table();
        EXPECT_EQ(waiver.size(), 4U) << toml;
        EXPECT_EQ(waiver["reason"].value_exact<std::string>(), text) << toml;
        EXPECT_EQ(waiver["owner"].value_exact<std::string>(), text) << toml;
        EXPECT_EQ(waiver["expires"].value_exact<toml::date>(), (toml::date{2030, 12, 31}));
        EXPECT_TRUE(mistakes_of_text({"global.toml", toml}).empty()) << toml;
        EXPECT_TRUE(parse_layer({"global.toml", toml}).has_value()) << toml;
    }
}

TEST(ImportToToml, EveryCharacterIsReadBackAndNoneIsHidden) {
    auto const utf8 = [](std::uint32_t c) {
        std::string out;
        if (c < 0x80)
            return std::string(1, static_cast<char>(c));
        auto const tail = [&](unsigned shift) {
            out += static_cast<char>(0x80U | ((c >> shift) & 0x3FU));
        };
        if (c < 0x800)
            out += static_cast<char>(0xC0U | (c >> 6U));
        else if (c < 0x10000)
            out += static_cast<char>(0xE0U | (c >> 12U));
        else
            out += static_cast<char>(0xF0U | (c >> 18U));
        if (c >= 0x10000)
            tail(12);
        if (c >= 0x800)
            tail(6);
        tail(0);
        return out;
    };
    std::string text;
    for (std::uint32_t c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        text += utf8(c);
    }
    for (std::uint32_t c = 0xFE00; c <= 0xFFFF; ++c)
        text += utf8(c);
    auto const toml = to_toml(file_with(text), "x");
    auto const parsed = toml::parse(toml, std::string_view("x"));
    ASSERT_TRUE(bool(parsed)) << parsed.error().description();
    EXPECT_EQ(parsed.table()["allow"][0]["reason"].value_exact<std::string>(), text);
    EXPECT_TRUE(mistakes_of_text({"global.toml", toml}).empty());
}

TEST(ImportToToml, BytesThatAreNoUtf8AreReplaced) {
    auto const toml = to_toml(file_with("a\xff\xC0\xAF\xED\xA0\x80z\xE2\x82"), "\xff");
    ASSERT_TRUE(bool(toml::parse(toml, std::string_view("x")))) << toml;
    EXPECT_NE(toml.find("reason = \"a\\uFFFD\\uFFFD\\uFFFD\\uFFFD\\uFFFD\\uFFFDz\\uFFFD\\uFFFD\""),
              std::string::npos)
        << toml;
    EXPECT_TRUE(mistakes_of_text({"global.toml", toml}).empty()) << toml;
}

TEST(ImportToToml, ACommentIsOneShortLine) {
    auto const toml = to_toml(file_with("  one\n\ttwo\r\n"), "x");
    EXPECT_NE(toml.find("\n# one  two\n[[allow]]"), std::string::npos) << toml;
    auto const lines = split(to_toml(file_with(std::string(5000, 'x')), "x"), '\n').size();
    EXPECT_EQ(lines, split(toml, '\n').size());
    EXPECT_EQ(to_toml(file_with(" \n "), "x").find("# \n"), std::string::npos);
}

} // namespace
} // namespace clairgate::policy::imports
