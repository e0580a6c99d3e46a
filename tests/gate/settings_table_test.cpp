#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/settings.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace clairgate::gate {
namespace {

bool has(Command command, std::string_view name) {
    auto const infos = setting_infos();
    return std::any_of(infos.begin(), infos.end(), [&](SettingInfo const& info) {
        return info.name == name && (info.commands & static_cast<unsigned>(command)) != 0;
    });
}

TEST(SettingsTable, GivesEachCommandWhatItReads) {
    for (auto const* name : {"image", "clair-url", "policy", "output", "clair-bin", "timeout"})
        EXPECT_TRUE(has(Command::run, name)) << name;
    for (auto const* name : {"image", "digest-file", "wait-timeout", "plain-http", "registry-ca"})
        EXPECT_TRUE(has(Command::wait, name)) << name;
    for (auto const* name : {"clair-url", "policy", "output", "clair-bin"})
        EXPECT_FALSE(has(Command::wait, name)) << name;
    for (auto const* name : {"policy", "output", "warn-status"})
        EXPECT_TRUE(has(Command::gate, name)) << name;
    for (auto const* name : {"image", "clair-url", "on-error"})
        EXPECT_FALSE(has(Command::gate, name)) << name;
    for (auto const* name : {"state-dir", "clair-bin", "postgres-bin", "timeout"})
        EXPECT_TRUE(has(Command::data, name)) << name;
}

TEST(SettingsTable, ShowsAndExaminesEverySetting) {
    for (auto const& info : setting_infos()) {
        EXPECT_TRUE(has(Command::config, info.name)) << info.name;
        if (info.name != "origin") {
            EXPECT_TRUE(has(Command::doctor, info.name)) << info.name;
        }
    }
}

TEST(SettingsTable, HoldsNoSecretThatWouldStandInArgv) {
    for (auto const& info : setting_infos()) {
        bool const sounds_secret = info.name.find("psk") != std::string_view::npos ||
                                   info.name.find("password") != std::string_view::npos ||
                                   info.name.find("token") != std::string_view::npos;
        EXPECT_TRUE(!sounds_secret || info.placeholder == "FILE" || info.name == "clair-psk-issuer")
            << info.name;
    }
}

TEST(SettingsTable, KeepsTheSettingsOfAGroupTogether) {
    std::vector<std::string_view> groups;
    for (auto const& info : setting_infos())
        if (groups.empty() || groups.back() != info.group)
            groups.push_back(info.group);
    auto sorted = groups;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end())
        << "--help would show a heading twice";
}

std::string readme_table() {
    std::string table = "| setting | value | default | what it does |\n|---|---|---|---|\n";
    for (auto const& info : setting_infos()) {
        auto const value =
            info.placeholder.empty() ? std::string("yes/no") : cat("`", info.placeholder, "`");
        auto const fallback = info.fallback.empty() ? std::string() : cat("`", info.fallback, "`");
        table += cat("| `", info.name, "` | ", value, " | ", fallback, " | ", info.help, " |\n");
    }
    return table;
}

// With UPDATE_GOLDEN=1 the table of README.md is rewritten.
TEST(SettingsTable, StandsInTheReadme) {
    constexpr std::string_view begin = "<!-- settings -->\n";
    constexpr std::string_view end = "<!-- end of settings -->";
    auto const path = std::string(CLAIRGATE_SOURCE_DIR) + "/README.md";
    std::ostringstream read;
    read << std::ifstream(path).rdbuf();
    auto readme = read.str();
    auto const from = readme.find(begin);
    auto const to = readme.find(end);
    ASSERT_TRUE(from != std::string::npos && to != std::string::npos && from < to);
    auto const start = from + begin.size();
    if (std::getenv("UPDATE_GOLDEN") != nullptr)
        std::ofstream(path) << readme.replace(start, to - start, readme_table());
    else
        EXPECT_EQ(readme.substr(start, to - start), readme_table());
}

} // namespace
} // namespace clairgate::gate
