#include "report/rendered.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

namespace clairgate::report {
namespace {

TEST(Formats, AreFoundByName) {
    EXPECT_EQ(find_format("table").value()->render, render_table);
    EXPECT_EQ(find_format("json").value()->render, render_json);
}

TEST(Formats, AnotherNameIsRefusedWithTheNearest) {
    struct {
        char const* name;
        char const* said;
    } const cases[] = {{"jsn", "unknown report format: jsn (did you mean json?)"},
                       {"JSON", "unknown report format: JSON (did you mean json?)"},
                       {"tabel", "unknown report format: tabel (did you mean table?)"},
                       {"", "unknown report format: "},
                       {"postscript", "unknown report format: postscript"}};
    for (auto const& c : cases) {
        auto const found = find_format(c.name);
        ASSERT_FALSE(found.has_value()) << c.name;
        EXPECT_EQ(found.error().kind(), ErrorKind::usage);
        EXPECT_EQ(found.error().message(), c.said);
        EXPECT_NE(found.error().remedy().find("table"), std::string::npos);
    }
}

std::vector<std::string> goldens() {
    std::vector<std::string> texts;
    auto const folder = std::string(CLAIRGATE_SOURCE_DIR) + "/tests/data/golden";
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        texts.push_back(text.str());
    }
    return texts;
}

TEST(Formats, EachHasAnOwnNameHelpAndGolden) {
    auto const texts = goldens();
    std::set<std::string_view> names;
    for (auto const& format : formats()) {
        EXPECT_TRUE(names.insert(format.name).second) << format.name;
        EXPECT_FALSE(format.help.empty()) << format.name;
        bool has_golden = format.name == "html"; // html_test's golden leaves its assets out
        for (auto const& report : {sample::report(),
                                   sample::report_of_two_platforms(),
                                   sample::undecided_report(),
                                   sample::report_of(sample::scan(), policy::built_in())})
            has_golden = has_golden || std::find(texts.begin(),
                                                 texts.end(),
                                                 rendered_by(format.render, report)) != texts.end();
        EXPECT_TRUE(has_golden) << "no file of tests/data/golden is a sample as " << format.name;
    }
}

TEST(Formats, StandInTheReadme) {
    std::ifstream file(std::string(CLAIRGATE_SOURCE_DIR) + "/README.md", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    for (auto const& format : formats()) {
        auto const row = cat("\n| `", format.name, "` | ", format.help, " |\n");
        EXPECT_NE(text.str().find(row), std::string::npos) << row;
    }
}

TEST(Formats, EachRendersEveryKindOfReportTheSameTwice) {
    for (auto const& format : formats())
        for (auto const& report : {sample::report(),
                                   sample::report_of_two_platforms(),
                                   sample::undecided_report(),
                                   sample::report_of(sample::scan(), policy::built_in())})
            EXPECT_EQ(rendered(format, Record(report)), rendered(format, Record(report)))
                << format.name;
}

} // namespace
} // namespace clairgate::report
