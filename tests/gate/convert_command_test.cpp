#include <clairgate/io/files.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <gate/program.hpp>
#include <gate/sample_report.hpp>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

using finding::Severity;
using test::run_program;

TEST(ConvertCommand, WritesEveryFormatAsTheRunWouldHave) {
    test::TempDir const folder;
    auto const report = test::sample_report(Severity::critical, "3.0.2");
    auto const stored = (folder.path() / "report.json").string();
    std::ofstream(stored) << report::json_of(report);
    report::Record const record(report);
    for (auto const& format : report::formats()) {
        auto const file = (folder.path() / format.name).string();
        auto const ended =
            run_program({"convert", stored, "-o", std::string(format.name) + "=" + file});
        EXPECT_EQ(ended.status, 0) << ended.error; // whatever the verdict was
        auto const bytes = io::read_file(file, 10'000'000);
        ASSERT_TRUE(bytes.has_value()) << format.name;
        EXPECT_EQ(*bytes, report::rendered(format, record)) << format.name;
    }
    EXPECT_TRUE(run_program({"convert", stored}).out.starts_with("BLOCKED"));
}

TEST(ConvertCommand, AReportOfAnotherToolHasNoVerdict) {
    test::TempDir const folder;
    auto const stored = (folder.path() / "clair.json").string();
    std::ofstream(stored) << R"({"manifest_hash":"sha256:)" << std::string(64, 'a')
                          << R"(","packages":{},"distributions":{},"repository":{},)"
                             R"("environments":{},"vulnerabilities":{},)"
                             R"("package_vulnerabilities":{},"enrichments":{}})";
    auto const ended = run_program({"convert", stored});
    EXPECT_EQ(ended.status, 0) << ended.error;
    EXPECT_TRUE(ended.out.starts_with("UNDECIDED")) << ended.out;
    EXPECT_NE(ended.out.find("clairgate gate"), std::string::npos) << ended.out;
}

TEST(ConvertCommand, SaysWhatItNeeds) {
    EXPECT_EQ(run_program({"convert"}).status, 2);
    EXPECT_EQ(run_program({"convert", "a.json", "b.json"}).status, 2);
    EXPECT_EQ(run_program({"convert", "/nowhere.json"}).status, 3);
    EXPECT_EQ(run_program({"convert", "/nowhere.json", "-o", "htm=x"}).status, 2);
}

} // namespace
} // namespace clairgate::gate
