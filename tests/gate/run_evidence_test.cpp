#include <clairgate/base/text.hpp>
#include <clairgate/gate/find_report.hpp>
#include <clairgate/gate/run_evidence.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <gate/evidence_scene.hpp>
#include <iterator>

namespace clairgate::gate {
namespace {

namespace fs = std::filesystem;
using test::EvidenceScene;
using Reports = std::vector<report::Report>;

class Publishing {
  public:
    Publishing() {
        choice.key = scene.key.private_file();
        choice.bundle_file = file();
    }
    std::string file(std::string const& name = "report.sigstore.json") const {
        return (folder_.path() / name).string();
    }
    std::string read(std::string const& name) const {
        std::ifstream in(file(name));
        return {std::istreambuf_iterator<char>(in), {}};
    }
    bool has_written(std::string const& name) const { return fs::exists(file(name)); }

    Result<void> publish(Reports const& reports) {
        auto& world = scene.setting.world;
        auto evidence = world.run(RunEvidence::make(world.world, choice, scene.setting.deadline()));
        if (!evidence.has_value())
            return evidence.error();
        EXPECT_EQ(evidence->key().has_value(), choice.key.has_value());
        auto const subject = test::subject_of(reports.front(), scene.setting.image.size_bytes);
        auto const announce = [this](std::string_view step, std::string_view) {
            steps += cat(step, " ");
        };
        registry::Options const options;
        return world.run(evidence->publish(
            world.world, options, subject, reports, announce, scene.setting.deadline()));
    }
    Result<void> publish(test::Says const& says = {}) { return publish({scene.report(says)}); }
    std::size_t beside() { return scene.beside(scene.setting.image.digest).size(); }
    /// The registry answers every push so.
    void refuse(int status) {
        scene.setting.referrers.before = [status](test::Received const& received) {
            return received.method == "POST" ? std::optional(test::Answer::json(status, "{}"))
                                             : std::nullopt;
        };
    }

    EvidenceScene scene;
    SigningChoice choice;
    std::string steps;

  private:
    test::TempDir folder_;
};

std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> lines;
    for (auto const line : split(text, '\n'))
        lines.emplace_back(line);
    EXPECT_EQ(lines.back(), ""); // each line ends
    lines.pop_back();
    return lines;
}

// The predicate types of the lines, each proven with the key.
std::vector<std::string>
types_of(std::string const& text, registry::EvidenceForm form, sign::PublicKey const& key) {
    std::vector<std::string> types;
    for (auto const& line : lines_of(text)) {
        auto const envelope = prove_signature(form, line, key);
        if (!envelope.has_value())
            types.push_back(envelope.error().why);
        else
            types.push_back(attest::parse_statement(envelope->payload).value().predicate_type);
    }
    return types;
}

using Types = std::vector<std::string>;
Types const vuln{std::string(attest::predicate_type::vuln)};
Types const summary{std::string(attest::predicate_type::summary)};

TEST(RunEvidence, IsInAFileAndBesideTheImage) {
    Publishing run;
    auto const done = run.publish({.verdict = "block"});
    ASSERT_TRUE(done.has_value()) << done.error().text();
    auto const key = run.scene.key.public_key();
    EXPECT_EQ(types_of(run.read("report.sigstore.json"), registry::EvidenceForm::bundle, key),
              vuln);
    EXPECT_EQ(types_of(run.read("report.sigstore.json.vsa"), registry::EvidenceForm::envelope, key),
              summary);
    EXPECT_EQ(run.beside(), 4U);
    EXPECT_EQ(run.scene.warnings(), "");
    EXPECT_EQ(run.steps, "sign attach ");
    auto const pieces = pieces_of_file(run.file(), false).value();
    ASSERT_EQ(pieces.size(), 1U);
}

TEST(RunEvidence, HasALineForEachStatement) {
    Publishing run;
    run.choice.wants_vulns = true;
    run.choice.attach = Attach::never;
    auto const report = [&](std::string const& environment) {
        return run.scene.report({.context = {{"environment", environment}}});
    };
    ASSERT_TRUE(run.publish(Reports{report("test"), report("production")}).has_value());
    Types const all{vuln[0],
                    std::string(attest::predicate_type::vulns),
                    vuln[0],
                    std::string(attest::predicate_type::vulns)};
    auto const key = run.scene.key.public_key();
    EXPECT_EQ(types_of(run.read("report.sigstore.json"), registry::EvidenceForm::bundle, key), all);
    EXPECT_EQ(lines_of(run.read("report.sigstore.json.vsa")).size(), 2U);
    EXPECT_TRUE(run.scene.setting.registry.received().empty());
    EXPECT_EQ(run.steps, "sign ");
}

TEST(RunEvidence, IsInSeveralFilesWhereTheirNameTellsThemApart) {
    Publishing run;
    run.choice.bundle_file = run.file("{environment}.json");
    run.choice.attach = Attach::never;
    auto const report = [&](std::string const& environment) {
        return run.scene.report({.context = {{"environment", environment}}});
    };
    ASSERT_TRUE(run.publish(Reports{report("test"), report("production")}).has_value());
    for (auto const* const name : {"test.json", "production.json"}) {
        EXPECT_EQ(lines_of(run.read(name)).size(), 1U) << name;
        EXPECT_EQ(lines_of(run.read(cat(name, ".vsa"))).size(), 1U) << name;
    }
    EXPECT_NE(run.read("test.json"), run.read("production.json"));
}

TEST(RunEvidence, ReplacesThatOfTheRunBefore) {
    Publishing run;
    ASSERT_TRUE(run.publish({.finished = test::scan_time() - std::chrono::minutes(1)}).has_value());
    ASSERT_TRUE(run.publish({.verdict = "block"}).has_value());
    EXPECT_EQ(run.beside(), 4U);
}

TEST(RunEvidence, WarnsWhereTheCredentialMayNotPush) {
    for (int const status : {401, 403}) {
        Publishing run;
        run.refuse(status);
        auto const done = run.publish();
        ASSERT_TRUE(done.has_value()) << done.error().text();
        EXPECT_NE(run.scene.warnings().find("not beside the image"), std::string::npos);
        EXPECT_TRUE(run.has_written("report.sigstore.json"));
        EXPECT_EQ(run.beside(), 0U);
    }
}

TEST(RunEvidence, FailsWhereItWasAskedForAndMayNotPush) {
    Publishing run;
    run.choice.attach = Attach::always;
    run.refuse(403);
    auto const done = run.publish();
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().kind(), ErrorKind::denied);
    EXPECT_TRUE(run.has_written("report.sigstore.json"));
}

TEST(RunEvidence, FailsWhereARegistryIsBroken) {
    Publishing run;
    run.refuse(400);
    auto const done = run.publish();
    ASSERT_FALSE(done.has_value());
    EXPECT_NE(done.error().kind(), ErrorKind::denied);
}

TEST(RunEvidence, OfAnUndecidedRunIsNotBesideTheImage) {
    Publishing run;
    ASSERT_TRUE(run.publish({.verdict = "undecided"}).has_value());
    EXPECT_EQ(lines_of(run.read("report.sigstore.json")).size(), 1U);
    EXPECT_NE(run.scene.warnings().find("undecided"), std::string::npos);
    EXPECT_TRUE(run.scene.setting.registry.received().empty());
    // A report that was decided is, though another one was not.
    auto const undecided = run.scene.report({.verdict = "undecided"});
    ASSERT_TRUE(run.publish(Reports{undecided, run.scene.report({})}).has_value());
    EXPECT_EQ(run.beside(), 4U);
}

TEST(RunEvidence, WithoutAKeyIsThePlainReportAndAWarning) {
    Publishing run;
    run.choice.key.reset();
    auto const report = run.scene.report({.context = {{"environment", "test"}}});
    ASSERT_TRUE(run.publish(Reports{report}).has_value());
    EXPECT_EQ(run.read("report.sigstore.json"), report::json_of(report));
    EXPECT_FALSE(run.has_written("report.sigstore.json.vsa"));
    EXPECT_NE(run.scene.warnings().find("not signed"), std::string::npos);
    EXPECT_TRUE(run.scene.setting.registry.received().empty());
    run.choice.bundle_file = run.file("{environment}.json");
    ASSERT_TRUE(run.publish(Reports{report}).has_value());
    EXPECT_EQ(run.read("test.json"), report::json_of(report));
}

TEST(RunEvidence, WithoutAKeyAndAFileIsNothing) {
    Publishing run;
    run.choice = {};
    ASSERT_TRUE(run.publish().has_value());
    EXPECT_EQ(run.scene.warnings(), "");
    EXPECT_TRUE(run.scene.setting.registry.received().empty());
}

TEST(RunEvidence, FailsWhereTheFileCannotBeWrittenAndAttachesNothing) {
    Publishing run;
    run.choice.bundle_file = run.file("no/such/folder.json");
    auto const done = run.publish();
    ASSERT_FALSE(done.has_value());
    EXPECT_NE(done.error().remedy().find("--bundle"), std::string::npos);
    EXPECT_EQ(run.beside(), 0U);
    run.choice.key.reset();
    EXPECT_FALSE(run.publish().has_value());
}

TEST(RunEvidence, KnowsAKeyThatCannotBeUsedBeforeTheRun) {
    Publishing run;
    run.choice.key = "/nowhere/cosign.key";
    auto& world = run.scene.setting.world;
    auto const lost =
        world.run(RunEvidence::make(world.world, run.choice, run.scene.setting.deadline()));
    ASSERT_FALSE(lost.has_value());
    EXPECT_EQ(lost.error().kind(), ErrorKind::config);
}

} // namespace
} // namespace clairgate::gate
