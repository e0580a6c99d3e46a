#include <clairgate/base/text.hpp>
#include <clairgate/gate/pipeline.hpp>

#include <gtest/gtest.h>

#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::gate {
namespace {

using test::Answer;
using test::Received;

// A registry with one image of one layer, and a Clair that knows it; both on loopback, both
// scripted.
class Scene {
  public:
    Scene()
        : registry_(world_.context, [this](Received const& r) { return registry(r); }),
          clair_(world_.context, [this](Received const& r) { return clair(r); }) {
        progressed_.policies = {policy::built_in()};
        plan_.wait.images = {cat(registry_.host(), "/app@", manifest_digest_.text())};
        plan_.timeout = std::chrono::seconds(5);
        clair::Options options;
        options.url = io::Url::parse(clair_.url()).value();
        plan_.clair = std::move(options);
    }

    Result<report::Report> run() {
        auto const silent = [](std::string_view, std::string_view) {};
        auto reports = world_.run(judge_image(world_.world, plan_, progressed_, silent));
        if (!reports.has_value())
            return reports.error();
        EXPECT_EQ(reports->size(), progressed_.policies.size());
        return reports->back();
    }

    std::string vulnerabilities =
        R"({"9":{"id":"9","name":"CVE-2099-0001","updater":"debian/updater",)"
        R"("normalized_severity":"Critical","fixed_in_version":"2"}})";
    std::string pairs = R"({"1":["9"]})";
    std::string stated_manifest; ///< what Clair says it is about; "" = the right one
    Progressed progressed_;
    Plan plan_;

  private:
    Answer registry(Received const& request) {
        auto const& target = request.target;
        if (target.find("/manifests/") != std::string::npos) {
            auto answer = Answer::json(200, manifest_);
            answer.headers.emplace_back("Docker-Content-Digest", manifest_digest_.text());
            return answer;
        }
        if (target.find(image::Digest::of(config_).text()) != std::string::npos)
            return Answer::json(200, config_);
        return Answer::json(200, "{}");
    }

    Answer clair(Received const& request) {
        auto const about = stated_manifest.empty() ? manifest_digest_.text() : stated_manifest;
        if (request.target.ends_with("/index_state"))
            return Answer::json(200, R"({"state":"s"})");
        if (request.method == "POST")
            return Answer::json(201,
                                cat(R"({"manifest_hash":")",
                                    manifest_digest_.text(),
                                    R"(","state":"IndexFinished","success":true,"err":""})"));
        if (request.target.find("update_operation") != std::string::npos)
            return Answer::json(200,
                                R"({"debian/updater":[{"ref":"r","updater":"debian/updater",)"
                                R"("fingerprint":"f","date":"2026-01-01T00:00:00Z"}]})");
        return Answer::json(
            200,
            cat(R"({"manifest_hash":")",
                about,
                R"(","packages":{"1":{"id":"1","name":"openssl","version":"1","kind":"binary"}},)",
                R"json("distributions":{"d":{"did":"debian","version":"12 (bookworm)"}},)json",
                R"("repository":{},"environments":{"1":[{"distribution_id":"d"}]},)",
                R"("vulnerabilities":)",
                vulnerabilities,
                R"(,"package_vulnerabilities":)",
                pairs,
                "}"));
    }

    test::TestWorld world_;
    std::string config_ = R"({"os":"linux","architecture":"amd64"})";
    std::string manifest_ = cat(
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)",
        R"({"mediaType":"application/vnd.oci.image.config.v1+json","digest":")",
        image::Digest::of(config_).text(),
        R"(","size":)",
        config_.size(),
        R"(},"layers":[{"mediaType":)",
        R"("application/vnd.oci.image.layer.v1.tar","digest":")",
        image::Digest::of("layer").text(),
        R"(","size":5}]})");
    image::Digest manifest_digest_ = image::Digest::of(manifest_);
    test::LoopbackServer registry_;
    test::LoopbackServer clair_;
};

TEST(Pipeline, CarriesTheDigestFromTheSightingToAJudgedReport) {
    Scene scene;
    auto const report = scene.run();
    ASSERT_TRUE(report.has_value()) << report.error().text();
    ASSERT_TRUE(report->verdict.has_value());
    EXPECT_EQ(report->verdict->effect(), policy::Effect::block);
    ASSERT_EQ(report->scan.findings.size(), 1U);
    EXPECT_EQ(report->scan.findings[0].id, "CVE-2099-0001");
    EXPECT_EQ(cat(report->reference.text()), scene.plan_.wait.images.front());
}

TEST(Pipeline, IsAllowedWhenClairKnowsNothingAgainstACoveredImage) {
    Scene scene;
    scene.vulnerabilities = "{}";
    scene.pairs = "{}";
    auto const report = scene.run();
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(report->verdict->effect(), policy::Effect::allow);
}

TEST(Pipeline, JudgesOneScanByThePolicyOfEachEnvironment) {
    Scene scene;
    policy::Layer lenient;
    lenient.level = policy::Level::global;
    lenient.severity[finding::Severity::critical] = {policy::Action::allow, {}};
    scene.progressed_.policies.push_back(policy::resolve({lenient}, {"", "dev", ""}));
    auto const report = scene.run();
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(report->verdict->effect(), policy::Effect::allow);
    EXPECT_EQ(report->context.at("environment"), "dev");
}

TEST(Pipeline, DecidesNothingWhenClairContradictsItself) {
    Scene foreign;
    foreign.stated_manifest = image::Digest::of("other").text();
    auto const about_another = foreign.run();
    ASSERT_FALSE(about_another.has_value());
    EXPECT_EQ(about_another.error().kind(), ErrorKind::integrity);
    Scene dangling;
    dangling.vulnerabilities = "{}";
    dangling.plan_.timeout = std::chrono::seconds(1);
    EXPECT_FALSE(dangling.run().has_value());
}

TEST(Pipeline, KeepsTheSubjectForAnUndecidedReport) {
    Scene scene;
    scene.stated_manifest = image::Digest::of("other").text();
    auto const failed = scene.run();
    ASSERT_TRUE(scene.progressed_.subject.has_value());
    auto const reports = undecided_reports(scene.progressed_, failed.error());
    ASSERT_EQ(reports.size(), 1U);
    auto const& report = reports.front();
    EXPECT_FALSE(report.verdict.has_value());
    EXPECT_FALSE(report.undecided_reason.empty());
    EXPECT_EQ(report.scan.platforms.size(), 1U);
}

} // namespace
} // namespace clairgate::gate
