#include <clairgate/base/text.hpp>
#include <clairgate/gate/evidence.hpp>
#include <clairgate/gate/proof.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <gate/signed_report.hpp>
#include <support/test_world.hpp>

namespace clairgate::gate {
namespace {

using image::Digest;
using test::KeyPair;
using test::report_that;

CiRun ci_run(std::map<std::string, std::string, std::less<>> variables) {
    return ci_run_of(io::Environment(std::move(variables)));
}

TEST(CiRun, IsWhatTheSystemsVariablesSay) {
    auto const github = ci_run({{"GITHUB_SERVER_URL", "https://github.example"},
                                {"GITHUB_REPOSITORY", "team/app"},
                                {"GITHUB_RUN_ID", "42"}});
    EXPECT_EQ(github.uri, "https://github.example/team/app/actions/runs/42");
    EXPECT_EQ(github.event_id, "42");
    auto const gitlab =
        ci_run({{"CI_JOB_URL", "https://gitlab.example/jobs/7"}, {"CI_PIPELINE_ID", "3"}});
    EXPECT_EQ(gitlab.uri, "https://gitlab.example/jobs/7");
    EXPECT_EQ(gitlab.event_id, "3");
    auto const jenkins =
        ci_run({{"BUILD_URL", "https://ci.example/5/"}, {"BUILD_TAG", "jenkins-app-5"}});
    EXPECT_EQ(jenkins.uri, "https://ci.example/5/");
    EXPECT_EQ(jenkins.event_id, "jenkins-app-5");
    auto const nowhere = ci_run({{"GITHUB_SERVER_URL", "https://github.example"}});
    EXPECT_EQ(nowhere.uri, "");
    EXPECT_EQ(nowhere.event_id, "");
}

// An index of two platforms.
image::Subject index() {
    auto subject = test::subject_of(report_that({.image = test::image_of(Digest::of("index"))}));
    subject.platforms = {test::platform_image("linux/amd64", Digest::of("amd64"), 1),
                         test::platform_image("linux/arm64", Digest::of("arm64"), 1)};
    return subject;
}

TEST(SubjectsOf, BeginWithAWholeIndex) {
    auto subject = index();
    auto subjects = subjects_of(subject);
    ASSERT_EQ(subjects.size(), 3U);
    EXPECT_EQ(subjects[0], (attest::Subject{"reg.example/app", Digest::of("index")}));
    EXPECT_EQ(subjects[1].digest, Digest::of("amd64"));
    EXPECT_EQ(subjects[2].digest, Digest::of("arm64"));
    subject.is_whole = false; // it would vouch for platforms that nobody scanned
    subjects = subjects_of(subject);
    ASSERT_EQ(subjects.size(), 2U);
    EXPECT_EQ(subjects[0].digest, Digest::of("amd64"));
    EXPECT_EQ(subjects[1].digest, Digest::of("arm64"));
}

TEST(SubjectsOf, NameEachDigestOnce) {
    auto const alone = subjects_of(test::subject_of(report_that({})));
    ASSERT_EQ(alone.size(), 1U);
    EXPECT_EQ(alone[0].digest, Digest::of("manifest"));
    auto subject = index();
    subject.platforms.push_back(test::platform_image("linux/arm/v7", Digest::of("amd64"), 1));
    EXPECT_EQ(subjects_of(subject).size(), 3U);
}

TEST(ScanFacts, NameTheNewestDataOfTheScanner) {
    auto report = report_that({});
    auto& scanner = report.scan.scanner;
    auto const later = test::scan_time() - std::chrono::hours(1);
    scanner.version = "4.9.0";
    scanner.updaters = {{"osv/pypi", later - std::chrono::hours(9), "f", "ref-1"},
                        {"debian/updater", later, "f", "ref-2"},
                        {"alpine/updater", later - std::chrono::hours(1), "f", "ref-3"}};
    auto facts = scan_facts_of(report, {"https://ci.example/5", "5"});
    EXPECT_EQ(facts.scanner_version, "4.9.0");
    EXPECT_EQ(facts.database, "debian/updater");
    EXPECT_EQ(facts.database_state, "ref-2");
    EXPECT_EQ(facts.database_updated, later);
    EXPECT_EQ(facts.invocation_uri, "https://ci.example/5");
    EXPECT_EQ(facts.event_id, "5");
    EXPECT_EQ(facts.builder_id, "pkg:generic/clairgate@0.0.0");
    EXPECT_EQ(facts.started, report.run.started);
    EXPECT_EQ(facts.finished, report.run.finished);
    scanner.data_date = later + std::chrono::minutes(1);
    EXPECT_EQ(scan_facts_of(report, {}).database_updated, scanner.data_date);
    scanner.updaters.clear();
    scanner.data_date.reset();
    facts = scan_facts_of(report, {});
    EXPECT_EQ(facts.database, "");
    EXPECT_FALSE(facts.database_updated.has_value());
}

TEST(PolicyUri, TellsContextsApart) {
    EXPECT_EQ(policy_uri_of({}), "clairgate:policy");
    EXPECT_EQ(policy_uri_of({{"environment", "production"}}),
              "clairgate:policy?environment=production");
    EXPECT_EQ(policy_uri_of({{"environment", "production"}, {"application", "shop"}}),
              "clairgate:policy?application=shop&environment=production");
}

TEST(Summary, HasPassedOnlyWithAVerdictThatLetsItPass) {
    for (auto const& [verdict, passes] : {std::pair("pass", true),
                                          std::pair("warn", true),
                                          std::pair("block", false),
                                          std::pair("undecided", false)}) {
        auto const summary = summary_of_report(report_that({.verdict = verdict}), "statement");
        EXPECT_EQ(summary.has_passed, passes) << verdict;
        EXPECT_EQ(summary.verdict, verdict);
        auto const parsed =
            attest::parse_summary_predicate(attest::summary_predicate(summary)).value();
        EXPECT_EQ(parsed.has_passed, passes);
    }
}

TEST(Summary, NamesPolicyImageAndStatement) {
    auto report = report_that({.context = {{"application", "shop"}}});
    report.policy = policy::load({{"global.toml", "schema = 1\n"},
                                  {"environment/production.toml", "schema = 1\n"}})
                        .value();
    auto const summary = summary_of_report(report, "statement");
    EXPECT_EQ(summary.verifier_id, verifier_uri);
    EXPECT_EQ(summary.verified, report.run.finished);
    EXPECT_EQ(summary.resource_uri, cat("oci://", report.reference.text()));
    EXPECT_EQ(summary.policy_uri, "clairgate:policy?application=shop");
    EXPECT_EQ(summary.scan_report, Digest::of("statement"));
    ASSERT_EQ(summary.policy_files.size(), report.policy->files.size());
    EXPECT_EQ(summary.policy_files.back().uri, "global.toml");
    EXPECT_EQ(summary.policy_files.back().digest, Digest::of("schema = 1\n"));
}

SignedReport sign(KeyPair const& key, report::Report const& report, bool wants_vulns) {
    test::TestWorld world;
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(9));
    SigningChoice choice;
    choice.key = key.private_file();
    auto notary = world.run(Notary::make(world.world, choice, deadline)).value();
    auto const subject = test::subject_of(report);
    return world.run(sign_report(notary, report, subject, {}, wants_vulns, deadline)).value();
}

TEST(SignReport, MakesStatementsThatProveTheReport) {
    KeyPair const key;
    auto const report = report_that({.verdict = "block"});
    auto const made = sign(key, report, true);
    EXPECT_EQ(made.report_json, report::json_of(report));
    ASSERT_EQ(made.statements.size(), 3U);
    EXPECT_EQ(made.statements[0].predicate_type, attest::predicate_type::vuln);
    EXPECT_EQ(made.statements[1].predicate_type, attest::predicate_type::summary);
    EXPECT_EQ(made.statements[2].predicate_type, attest::predicate_type::vulns);
    for (auto const& one : made.statements) {
        auto const envelope = prove_signature(
            registry::EvidenceForm::bundle, attest::bundle_json(one.bundle), key.public_key());
        ASSERT_TRUE(envelope.has_value()) << envelope.error().why;
        auto const statement = attest::parse_statement(envelope->payload).value();
        EXPECT_EQ(statement.predicate_type, one.predicate_type);
        EXPECT_TRUE(attest::is_about(statement, Digest::of("manifest")));
    }
    auto const& scan = made.statements[0].bundle.envelope.payload;
    auto const proven = prove_report(scan, {Digest::of("manifest"), {}, false}, "here");
    ASSERT_TRUE(proven.has_value()) << proven.error().why;
    EXPECT_EQ(proven->report_json, made.report_json);
    auto const& summed = made.statements[1].bundle.envelope.payload;
    EXPECT_NE(summed.find(Digest::of(scan).hex()), std::string::npos);
    EXPECT_NE(summed.find("FAILED"), std::string::npos);
    EXPECT_EQ(sign(key, report, false).statements.size(), 2U);
}

} // namespace
} // namespace clairgate::gate
