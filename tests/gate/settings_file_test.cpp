#include <clairgate/gate/settings_file.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

Result<std::vector<FileEntry>> read(std::string_view text) {
    test::TempDir const folder;
    auto const file = (folder.path() / "clairgate.toml").string();
    std::ofstream(file) << text;
    return read_settings_file(file);
}

TEST(SettingsFile, TakesStringsBooleansAndLists) {
    auto const entries =
        read("clair-url = \"http://c\"\nwarn-status = true\noutput = [\"table\", \"json=x\"]\n");
    ASSERT_TRUE(entries.has_value()) << entries.error().text();
    EXPECT_EQ(entries->size(), 3U);
}

TEST(SettingsFile, RefusesWithLineColumnAndSuggestion) {
    struct Case {
        std::string_view what, text, message;
    };
    Case const cases[] = {
        {"unknown key",
         "\nclair-ulr = \"x\"",
         ":2:1: unknown key clair-ulr (did you mean clair-url?)"},
        {"wrong type", "clair-url = 5", ":1:1: clair-url is a string"},
        {"flag as string", "warn-status = \"yes\"", "warn-status is true or false"},
        {"list of numbers", "image = [1]", "image holds strings only"},
        {"array for a string", "clair-url = [\"a\"]", "clair-url is a string"},
        {"broken TOML", "clair-url = ", ":1:"},
        {"itself", "config = \"other\"", "unknown key config"},
        {"not UTF-8", "clair-url = \"\xff\"", "not UTF-8"},
        {"a header that is no key", "[=x]", ":1:"},
        {"invisible text", "# \xE2\x80\xAE", "invisible character U+202E"},
    };
    for (auto const& c : cases) {
        auto const entries = read(c.text);
        ASSERT_FALSE(entries.has_value()) << c.what;
        EXPECT_EQ(entries.error().kind(), ErrorKind::config) << c.what;
        EXPECT_NE(entries.error().text().find(c.message), std::string::npos)
            << c.what << ": " << entries.error().text();
    }
}

TEST(SettingsFile, RefusesKeysThatNoParserSurvives) {
    std::string key = "a";
    for (int i = 0; i < 100'000; ++i)
        key += ".a";
    EXPECT_FALSE(read(key + " = 1\n").has_value());
}

TEST(SettingsFile, ThatIsMissingIsAnError) {
    EXPECT_FALSE(read_settings_file("/nowhere/at/all.toml").has_value());
}

} // namespace
} // namespace clairgate::gate
