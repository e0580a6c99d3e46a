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

struct Stored {
    test::TempDir folder;
    std::string put(std::string_view name, report::Report const& report) const {
        auto const path = (folder.path() / name).string();
        std::ofstream(path) << report::json_of(report);
        return path;
    }
};

TEST(GateCommand, RepeatsTheVerdictOfAStoredReport) {
    Stored const stored;
    auto const blocked = stored.put("b.json", test::sample_report(Severity::critical, ""));
    auto const warned = stored.put("w.json", test::sample_report(Severity::low, ""));
    EXPECT_EQ(run_program({"gate", blocked}).status, 1);
    EXPECT_EQ(run_program({"gate", warned}).status, 0);
    EXPECT_EQ(run_program({"gate", warned, "--warn-status"}).status, 10);
}

TEST(GateCommand, LetsTheWorstOfManyCount) {
    Stored const stored;
    auto const blocked = stored.put("b.json", test::sample_report(Severity::critical, ""));
    auto const warned = stored.put("w.json", test::sample_report(Severity::low, ""));
    EXPECT_EQ(run_program({"gate", warned, blocked}).status, 1);
    EXPECT_EQ(run_program({"gate", blocked, "/nowhere.json"}).status, 1);
    EXPECT_EQ(run_program({"gate", warned, "/nowhere.json"}).status, 3);
}

TEST(GateCommand, JudgesByThePolicyOfNow) {
    Stored const stored;
    auto const blocked = stored.put("b.json", test::sample_report(Severity::critical, ""));
    std::ofstream(stored.folder.path() / "global.toml")
        << "schema = 1\n[severity]\ncritical = \"allow\"\n";
    EXPECT_EQ(run_program({"gate", blocked, "--policy", stored.folder.path().string()}).status, 0);
}

TEST(GateCommand, PreviewsAnotherDayWithoutEverAllowing) {
    Stored const stored;
    auto const blocked = stored.put("b.json", test::sample_report(Severity::critical, ""));
    std::ofstream(stored.folder.path() / "global.toml")
        << "schema = 1\n[[allow]]\nid = [\"CVE-2099-0001\"]\nreason = \"r\"\nowner = \"o\"\n"
           "expires = 2099-12-31\n";
    auto const policy = stored.folder.path().string();
    EXPECT_EQ(run_program({"gate", blocked, "--policy", policy}).status, 0);
    EXPECT_EQ(run_program({"gate", blocked, "--policy", policy, "--at", "2099-12-30"}).status, 10);
    EXPECT_EQ(run_program({"gate", blocked, "--policy", policy, "--at", "2100-01-01"}).status, 1);
    EXPECT_EQ(run_program({"gate", blocked, "--at", "tomorrow"}).status, 2);
}

TEST(GateCommand, JudgesForEachEnvironmentAndTheWorstCounts) {
    Stored const stored;
    auto const warned = stored.put("w.json", test::sample_report(Severity::low, ""));
    auto const folder = stored.folder.path();
    std::filesystem::create_directories(folder / "environment");
    std::ofstream(folder / "global.toml") << "schema = 1\n";
    std::ofstream(folder / "environment/dev.toml") << "schema = 1\n";
    std::ofstream(folder / "environment/prod.toml") << "schema = 1\n[severity]\nlow = \"block\"\n";
    auto const judge = [&](std::vector<std::string> environments) {
        std::vector<std::string> arguments{"gate", warned, "--policy", folder.string()};
        for (auto const& environment : environments) {
            arguments.push_back("--environment");
            arguments.push_back(environment);
        }
        return run_program(arguments).status;
    };
    EXPECT_EQ(judge({"dev"}), 0);
    EXPECT_EQ(judge({"dev", "prod"}), 1);
    EXPECT_EQ(judge({"nowhere"}), 2);
}

TEST(GateCommand, NeverPassesWhatCouldNotBeDecidedOrRead) {
    Stored const stored;
    auto report = test::sample_report(Severity::low, "");
    report.verdict.reset();
    report.undecided_reason = "Clair was away";
    EXPECT_EQ(run_program({"gate", stored.put("u.json", report)}).status, 3);
    std::ofstream(stored.folder.path() / "x.json") << "{}";
    EXPECT_EQ(run_program({"gate", (stored.folder.path() / "x.json").string()}).status, 3);
    EXPECT_EQ(run_program({"gate"}).status, 2);
}

} // namespace
} // namespace clairgate::gate
