#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/report/formats.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <gate/evidence_scene.hpp>
#include <gate/policy_tree.hpp>
#include <gate/program.hpp>
#include <gate/served.hpp>

namespace clairgate::gate {
namespace {

using test::KeyPair;
using test::Ran;
using test::report_that;
using Arguments = std::vector<std::string>;

constexpr auto reference = "reg.example/app@sha256:"
                           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

Ran verify(Arguments more) {
    Arguments arguments{"verify"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_program(arguments);
}

TEST(VerifyCommand, SaysWhatItWasNotTold) {
    KeyPair const key;
    auto const pub = key.public_file();
    for (Arguments const& arguments :
         {Arguments{},
          Arguments{"--key", pub},
          Arguments{"--key", pub, "reg.example/app"},
          Arguments{"--key", pub, "reg.example/app:1"},
          Arguments{"--key", pub, reference, reference},
          Arguments{"--key", pub, "Not A Reference"},
          Arguments{reference},
          Arguments{reference, "--unsafe-allow-unsigned"},
          Arguments{reference, "--key", pub, "--offline"},
          Arguments{reference, "--certificate-identity", "a@example.org"},
          Arguments{reference, "--certificate-oidc-issuer", "https://issuer.example"},
          Arguments{reference,
                    "--key",
                    pub,
                    "--certificate-identity",
                    "a@example.org",
                    "--certificate-oidc-issuer",
                    "https://issuer.example"},
          Arguments{reference,
                    "--key",
                    pub,
                    "--offline",
                    "--bundle",
                    "b.json",
                    "--policy-source",
                    cat("oci:", reference)},
          Arguments{reference, "--key", "/nowhere/cosign.pub", "--bundle", "b.json"},
          Arguments{reference, "--key", pub, "--bundle", "b.json", "--max-age", "soon"}}) {
        auto const ran = verify(arguments);
        EXPECT_EQ(ran.status, 2) << join(arguments, " ") << "\n" << ran.error;
        EXPECT_EQ(ran.out, "");
    }
    EXPECT_NE(verify({"--key", pub, "reg.example/app:1"}).error.find("no digest"),
              std::string::npos);
}

// A bundle file of reports that were just made.
class Evidence {
  public:
    explicit Evidence(test::Says says, std::chrono::minutes age = std::chrono::minutes(1)) {
        says.finished = real_clock().now() - age;
        says.image = test::image_of(image::Digest::of("image"));
        report = report_that(says);
        write(test::bundle_of(*report, key) + "\n");
    }
    void write(std::string const& text) const { std::ofstream(file()) << text; }
    std::string file() const { return (folder_.path() / "report.sigstore.json").string(); }
    /// Verified offline with our key.
    Ran verify(Arguments more = {}) const { return verify_with(key, std::move(more)); }
    Ran verify_with(KeyPair const& with, Arguments more) const {
        more.insert(more.begin(),
                    {report->reference.text(),
                     "--offline",
                     "--bundle",
                     file(),
                     "--key",
                     with.public_file()});
        return gate::verify(more);
    }
    KeyPair key;
    std::optional<report::Report> report;

  private:
    test::TempDir folder_;
};

Arguments with_policy(test::PolicyTree& tree, std::string const& text) {
    tree.put("global.toml", text);
    return {"--policy", tree.text()};
}

TEST(VerifyCommand, EndsAsThePolicyHereSays) {
    test::PolicyTree tree;
    Evidence const warned({.verdict = "warn", .is_trusted = false});
    auto const passed = warned.verify(with_policy(tree, "[severity]\nlow = \"allow\"\n"));
    EXPECT_EQ(passed.status, 0) << passed.error;
    EXPECT_NE(passed.error.find("recorded verdict: warn"), std::string::npos) << passed.error;
    auto const blocked = warned.verify(with_policy(tree, "[severity]\nlow = \"block\"\n"));
    EXPECT_EQ(blocked.status, 1) << blocked.error;
    EXPECT_NE(blocked.out.find("CVE-2099-0001"), std::string::npos) << blocked.out;
    auto more = with_policy(tree, "[severity]\nlow = \"warn\"\n");
    more.emplace_back("--warn-status");
    EXPECT_EQ(warned.verify(more).status, 10);
}

TEST(VerifyCommand, TakesTheRecordedVerdictWithoutAPolicy) {
    EXPECT_EQ(Evidence({.verdict = "pass"}).verify().status, 0);
    EXPECT_EQ(Evidence({.verdict = "block"}).verify().status, 1);
    Evidence const untrusted({.verdict = "pass", .is_trusted = false});
    EXPECT_EQ(untrusted.verify().status, 1);
    auto const believed = untrusted.verify({"--allow-untrusted-policy", "-o", "json"});
    EXPECT_EQ(believed.status, 0) << believed.error;
    EXPECT_EQ(believed.out, report::json_of(*untrusted.report));
    auto const table = untrusted.verify({"--allow-untrusted-policy"});
    EXPECT_TRUE(table.out.starts_with("RECORDED: pass  reg.example/app@sha256:")) << table.out;
    EXPECT_NE(table.out.find("\nALLOWED  reg.example/app@sha256:"), std::string::npos) << table.out;
}

TEST(VerifyCommand, BlocksWhatIsNotProven) {
    Evidence const evidence({.verdict = "pass"});
    auto const foreign = evidence.verify_with(KeyPair(), {});
    EXPECT_EQ(foreign.status, 1);
    EXPECT_NE(foreign.error.find("the signature of "), std::string::npos) << foreign.error;
    auto const other = verify({test::image_of(image::Digest::of("other")).text(),
                               "--bundle",
                               evidence.file(),
                               "--key",
                               evidence.key.public_file()});
    EXPECT_EQ(other.status, 1);
    EXPECT_NE(other.error.find("the subject of "), std::string::npos) << other.error;
    for (auto const* const text : {"", "{}\n", "nothing\n"}) {
        evidence.write(text);
        EXPECT_EQ(evidence.verify().status, 1) << text;
    }
    EXPECT_EQ(Evidence({.verdict = "undecided"}).verify().status, 1);
    auto const missing = verify(
        {reference, "--bundle", "/nowhere/report.json", "--key", evidence.key.public_file()});
    EXPECT_EQ(missing.status, 1);
}

TEST(VerifyCommand, TakesTheNewestLineOfTheFile) {
    Evidence const red({.verdict = "block"}, std::chrono::minutes(5));
    auto older = *red.report;
    older.run.finished -= std::chrono::minutes(5);
    auto green = report_that({.verdict = "pass", .finished = older.run.finished});
    green.reference = red.report->reference;
    green.scan.platforms.front().manifest = image::Digest::of("image");
    auto const good = test::bundle_of(green, red.key);
    auto const bad = test::bundle_of(*red.report, red.key);
    red.write(cat(good, "\n", bad, "\n"));
    EXPECT_EQ(red.verify().status, 1);
    red.write(cat(bad, "\r\n", good, "\r\n"));
    EXPECT_EQ(red.verify().status, 1);
}

TEST(VerifyCommand, HoldsToTheAgeOfFlagAndPolicy) {
    using std::chrono::minutes;
    test::PolicyTree tree;
    Evidence const evidence({.verdict = "pass"}, minutes(90));
    EXPECT_EQ(evidence.verify({"--max-age", "2h"}).status, 0);
    auto const stale = evidence.verify({"--max-age", "1h"});
    EXPECT_EQ(stale.status, 1);
    EXPECT_NE(stale.error.find("--max-age"), std::string::npos);
    auto more = with_policy(tree, "[scan]\nmax_report_age = \"1h\"\n");
    EXPECT_EQ(evidence.verify(more).status, 1);
    more.insert(more.end(), {"--max-age", "2h"});
    EXPECT_EQ(evidence.verify(more).status, 1); // which loosens nothing
    EXPECT_EQ(Evidence({}, minutes(-4)).verify().status, 0);
    EXPECT_EQ(Evidence({}, minutes(-6)).verify().status, 1);
}

TEST(VerifyCommand, JudgesForEachContextAndTakesTheWorst) {
    test::PolicyTree tree;
    tree.put("environment/production.toml", "[severity]\nlow = \"block\"\n");
    tree.put("environment/test.toml", "");
    Evidence const evidence({.verdict = "warn"});
    auto more = with_policy(tree, "[severity]\nlow = \"allow\"\n");
    more.insert(more.end(), {"--environment", "test"});
    EXPECT_EQ(evidence.verify(more).status, 0);
    more.insert(more.end(), {"--environment", "production"});
    EXPECT_EQ(evidence.verify(more).status, 1);
    // Without a policy here the report has to be one that was made for that application.
    Evidence const made({.context = {{"application", "shop"}}});
    EXPECT_EQ(made.verify({"--application", "shop"}).status, 0);
    auto const other = made.verify({"--application", "till"});
    EXPECT_EQ(other.status, 1);
    EXPECT_NE(other.error.find("the context of "), std::string::npos) << other.error;
}

TEST(VerifyCommand, TakesWhatWasRecordedForAnEnvironmentWithoutAPolicy) {
    Evidence const made({.context = {{"environment", "prod"}}});
    auto const passed = made.verify({"--environment", "prod"});
    EXPECT_EQ(passed.status, 0) << passed.error;
    for (Arguments const& other : {Arguments{"--environment", "test"},
                                   {"--environment", "prod", "--cluster", "eu"},
                                   {"--environment", "prod", "--application", "shop"},
                                   {"--environment", "prod", "--environment", "test"},
                                   {"--cluster", "prod"}}) {
        auto const refused = made.verify(other);
        EXPECT_EQ(refused.status, 1) << join(other, " ");
        EXPECT_NE(refused.error.find("the context of "), std::string::npos) << refused.error;
    }
    EXPECT_EQ(made.verify({"--environment", "Prod"}).status, 2); // no name
    Evidence const blocked({.verdict = "block", .context = {{"environment", "prod"}}});
    EXPECT_EQ(blocked.verify({"--environment", "prod"}).status, 1);
    // A policy here knows its environments.
    test::PolicyTree tree;
    auto more = with_policy(tree, "");
    more.insert(more.end(), {"--environment", "prod"});
    EXPECT_EQ(made.verify(more).status, 2);
}

TEST(VerifyCommand, BelievesAnUnsignedReportOnlyWhereNoPolicyForbidsIt) {
    test::PolicyTree tree;
    Evidence const evidence({.verdict = "pass"});
    evidence.write(report::json_of(*evidence.report));
    EXPECT_EQ(evidence.verify().status, 1);
    Arguments const believing{
        evidence.report->reference.text(), "--bundle", evidence.file(), "--unsafe-allow-unsigned"};
    EXPECT_EQ(verify(believing).status, 0);
    auto more = believing;
    auto const policy = with_policy(tree, "[scan]\nrequire_signature = true\n");
    more.insert(more.end(), policy.begin(), policy.end());
    auto const forbidden = verify(more);
    EXPECT_EQ(forbidden.status, 1);
    EXPECT_NE(forbidden.error.find("require_signature"), std::string::npos) << forbidden.error;
}

TEST(VerifyCommand, LooksBesideTheImage) {
    test::EvidenceScene scene;
    auto const verify_at = [&](KeyPair const& key) {
        test::Served const served(scene.setting.world);
        return verify({scene.image().text(), "--key", key.public_file(), "--timeout", "20s"});
    };
    auto const nothing = verify_at(scene.key);
    EXPECT_EQ(nothing.status, 1);
    EXPECT_NE(nothing.error.find("no signed scan report"), std::string::npos) << nothing.error;
    auto const now = real_clock().now();
    auto const green = scene.report({.finished = now - std::chrono::minutes(9)});
    ASSERT_TRUE(scene.attach(green, scene.key, Storage::envelope).has_value());
    EXPECT_EQ(verify_at(scene.key).status, 0);
    EXPECT_EQ(verify_at(KeyPair()).status, 1);
    auto const red = scene.report({.verdict = "block", .finished = now});
    ASSERT_TRUE(scene.attach(red, scene.key, Storage::bundle).has_value());
    EXPECT_EQ(verify_at(scene.key).status, 1);
}

} // namespace
} // namespace clairgate::gate
