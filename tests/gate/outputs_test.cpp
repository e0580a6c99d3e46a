#include <clairgate/gate/outputs.hpp>
#include <clairgate/io/files.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <gate/sample_report.hpp>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

struct Written {
    std::string out;
    Streams streams;
    Written() {
        streams.out = [this](std::string_view text) { out += text; };
    }
};

OutputTarget target(std::string_view format, std::optional<std::string> file = std::nullopt) {
    return {report::find_format(format).value(), std::move(file)};
}

OutputChoice choice_of(std::vector<OutputTarget> targets) {
    OutputChoice choice;
    choice.targets = std::move(targets);
    return choice;
}

TEST(Outputs, GoToStandardOutputAndFiles) {
    test::TempDir const folder;
    Written written;
    auto const file = (folder.path() / "r-{digest}.json").string();
    auto const report = test::sample_report(finding::Severity::high, "3.0.2");
    EXPECT_TRUE(write_outputs(report::Record(report),
                              choice_of({target("table"), target("json", file)}),
                              written.streams)
                    .has_value());
    EXPECT_TRUE(written.out.starts_with("BLOCKED"));
    auto const name = "r-sha256-" + std::string(report.reference.digest()->hex()) + ".json";
    EXPECT_TRUE(std::filesystem::exists(folder.path() / name));
}

TEST(Outputs, TellTheFirstFailureAndStillTryTheRest) {
    test::TempDir const folder;
    Written written;
    auto const good = (folder.path() / "good.json").string();
    auto const report = test::sample_report(finding::Severity::high, "");
    auto const result = write_outputs(
        report::Record(report),
        choice_of({target("json", "/nowhere/r.json"), target("json", good), target("table")}),
        written.streams);
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().text().find("/nowhere/r.json"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(good));
    EXPECT_FALSE(written.out.empty());
}

TEST(Outputs, AFileHoldsWhatTheStringHolds) {
    test::TempDir const folder;
    Written written;
    auto const report = test::sample_report(finding::Severity::high, "3.0.2");
    report::Record const record(report);
    for (auto const& format : report::formats()) {
        auto const file = (folder.path() / format.name).string();
        auto const choice = choice_of({{&format, file}});
        ASSERT_TRUE(write_outputs(record, choice, written.streams).has_value()) << format.name;
        auto const bytes = io::read_file(file, 1'000'000);
        ASSERT_TRUE(bytes.has_value());
        EXPECT_EQ(*bytes, report::rendered(format, record)) << format.name;
        EXPECT_EQ(render_outputs(record, choice, written.streams).at(0).text, *bytes);
    }
    EXPECT_EQ(written.out, "");
}

TEST(FileName, TakesTheDigestAsOftenAsItIsNamed) {
    auto const digest = image::Digest::of("x");
    auto const name = "sha256-" + std::string(digest.hex());
    EXPECT_EQ(file_name_for("{digest}/{digest}.json", digest), name + "/" + name + ".json");
    EXPECT_EQ(file_name_for("r.json", digest), "r.json");
    EXPECT_EQ(file_name_for("{environment}.json", digest), "none.json");
    EXPECT_EQ(file_name_for("{environment}.json", digest, "eu-west.1_a"), "eu-west.1_a.json");
}

TEST(FileName, AnEnvironmentOfAStoredReportChoosesNoFolder) {
    auto const digest = image::Digest::of("x");
    EXPECT_EQ(file_name_for("o/{environment}", digest, "../../etc/cron.d/x"),
              "o/_._.._etc_cron.d_x");
    EXPECT_EQ(file_name_for("{environment}", digest, ".."), "_.");
    EXPECT_EQ(file_name_for("{environment}", digest, "."), "_");
    EXPECT_EQ(file_name_for("{environment}", digest, std::string_view("a\0b\n", 4)), "a_b_");
    EXPECT_EQ(file_name_for("{environment}", digest, std::string(300, 'x')).size(), 100U);
}

} // namespace
} // namespace clairgate::gate
