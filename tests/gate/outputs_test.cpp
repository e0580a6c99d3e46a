#include <clairgate/gate/outputs.hpp>

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

TEST(Outputs, GoToStandardOutputAndFiles) {
    test::TempDir const folder;
    Written written;
    auto const file = (folder.path() / "r-{digest}.json").string();
    auto const report = test::sample_report(finding::Severity::high, "3.0.2");
    EXPECT_TRUE(
        write_outputs(report, {target("table"), target("json", file)}, written.streams, false)
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
    auto const result =
        write_outputs(report,
                      {target("json", "/nowhere/r.json"), target("json", good), target("table")},
                      written.streams,
                      false);
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().text().find("/nowhere/r.json"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(good));
    EXPECT_FALSE(written.out.empty());
}

TEST(FileName, TakesTheDigestAsOftenAsItIsNamed) {
    auto const digest = image::Digest::of("x");
    auto const name = "sha256-" + std::string(digest.hex());
    EXPECT_EQ(file_name_for("{digest}/{digest}.json", digest), name + "/" + name + ".json");
    EXPECT_EQ(file_name_for("r.json", digest), "r.json");
}

} // namespace
} // namespace clairgate::gate
