#include "report/sample_report.hpp"
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <set>

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

TEST(Formats, EachHasAnOwnNameHelpAndGolden) {
    std::set<std::string_view> names;
    for (auto const& format : formats()) {
        EXPECT_TRUE(names.insert(format.name).second) << format.name;
        EXPECT_FALSE(format.help.empty()) << format.name;
        std::ifstream golden(std::string(CLAIRGATE_SOURCE_DIR) + "/tests/data/golden/blocked." +
                             std::string(format.name));
        EXPECT_TRUE(golden.good()) << "tests/data/golden/blocked." << format.name;
    }
}

TEST(Formats, EachRendersEveryKindOfReportTheSameTwice) {
    for (auto const& format : formats())
        for (auto const& report : {sample::report(),
                                   sample::report_of_two_platforms(),
                                   sample::undecided_report(),
                                   sample::report_of(sample::scan(), policy::built_in())})
            EXPECT_EQ(format.render(report, {}), format.render(report, {})) << format.name;
}

} // namespace
} // namespace clairgate::report
