#include "report/cyclonedx_document.hpp"
#include "report/golden.hpp"

#include <regex>

namespace clairgate::report {
namespace {

using cyclonedx_document::cyclonedx;
using cyclonedx_document::json;
using cyclonedx_document::property;
using cyclonedx_document::text_of;

TEST(CycloneDx, LooksAsItShould) {
    expect_golden("blocked.cyclonedx.json", text_of(sample::report()));
    expect_golden("waived.cyclonedx.json", text_of(sample::waived_report()));
    expect_golden("undecided.cyclonedx.json", text_of(sample::undecided_report()));
    expect_golden("platforms.cyclonedx.json", text_of(sample::report_of_two_platforms()));
}

TEST(CycloneDx, SaysOfTheImageWhatGitLabReads) {
    auto const document = cyclonedx(sample::report());
    auto const& metadata = document["metadata"];
    EXPECT_EQ(property(metadata, "gitlab:meta:schema_version"), "1");
    EXPECT_EQ(property(metadata, "gitlab:container_scanning:image:name"),
              "registry.example/team/shop");
    EXPECT_EQ(property(metadata, "gitlab:container_scanning:operating_system:name"), "debian");
    EXPECT_EQ(property(metadata, "gitlab:container_scanning:operating_system:version"), "12");
    EXPECT_EQ(property(metadata, "clairgate:verdict"), "block");
    EXPECT_EQ(metadata["component"]["type"], "container");
    EXPECT_EQ(metadata["component"]["version"], image::Digest::of("index").text());
    EXPECT_EQ(document["compositions"][0]["aggregate"], "incomplete");
}

TEST(CycloneDx, SerialNumbersAreUuidsOfTheRecord) {
    auto report = sample::report();
    auto const serial = cyclonedx(report)["serialNumber"].get<std::string>();
    EXPECT_TRUE(std::regex_match(
        serial,
        std::regex("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
        << serial;
    EXPECT_EQ(cyclonedx(report)["serialNumber"], serial);
    report.run.finished += std::chrono::seconds(1);
    EXPECT_NE(cyclonedx(report)["serialNumber"], serial);
}

TEST(CycloneDx, UndecidedIsLoudAndJudgesNothing) {
    auto report = sample::report();
    report.verdict.reset();
    report.undecided_reason = "clair: gone";
    auto const document = cyclonedx(report);
    EXPECT_EQ(property(document["metadata"], "clairgate:verdict"), "undecided");
    EXPECT_EQ(property(document["metadata"], "clairgate:undecided_reason"), "clair: gone");
    EXPECT_EQ(document["metadata"]["component"]["description"],
              "UNDECIDED, nothing was judged: clair: gone");
    EXPECT_EQ(document["vulnerabilities"].size(), 4U);
    for (auto const& vulnerability : document["vulnerabilities"]) {
        EXPECT_FALSE(vulnerability.contains("analysis"));
        EXPECT_TRUE(property(vulnerability, "clairgate:action").is_null());
    }
}

} // namespace
} // namespace clairgate::report
