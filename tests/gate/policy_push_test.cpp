#include <clairgate/base/text.hpp>
#include <clairgate/gate/policies.hpp>

#include <gtest/gtest.h>

#include <gate/policy_tree.hpp>
#include <gate/program.hpp>
#include <gate/served.hpp>
#include <gate/signed_report.hpp>
#include <registry/evidence_setting.hpp>

namespace clairgate::gate {
namespace {

TEST(PolicyPush, PublishesNothingThatIsWrong) {
    test::PolicyTree tree;
    tree.put("global.toml", "[severity]\ncritcal = \"block\"\n");
    auto const wrong = test::run_program(
        {"policy", "push", "127.0.0.1:1/org/policy:1", "--policy", tree.text(), "--timeout", "2s"});
    EXPECT_EQ(wrong.status, 2) << wrong.error;
    tree.put("global.toml", "");
    auto const away = test::run_program(
        {"policy", "push", "127.0.0.1:1/org/policy:1", "--policy", tree.text(), "--timeout", "2s"});
    EXPECT_EQ(away.status, 3) << away.error;
    EXPECT_EQ(test::run_program({"policy", "push"}).status, 2);
    EXPECT_EQ(test::run_program({"policy", "push", "a b", "--policy", tree.text()}).status, 2);
}

// A registry, and a policy that is pushed to its tag "v1" by the program itself.
struct Published {
    test::Ran push(std::vector<std::string> const& more = {}) {
        std::vector<std::string> arguments{
            "policy", "push", setting.registry.tagged("v1").text(), "--policy", tree.text()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        test::Served const served(setting.world);
        return test::run_program(arguments);
    }
    /// By `--policy-source oci:REF:v1 --policy-key KEY`.
    Result<std::vector<policy::Policy>> load(test::KeyPair const& with) {
        PolicySource source;
        source.artifact = setting.registry.tagged("v1");
        source.text = cat("oci:", source.artifact->text());
        PolicyChoice choice;
        choice.sources = {source};
        choice.key = with.public_file();
        return setting.world.run(
            load_policies(setting.world.world, choice, {}, setting.deadline()));
    }
    test::EvidenceSetting setting;
    test::PolicyTree tree;
    test::KeyPair key;
};

TEST(PolicyPush, SignsATagThatTheKeyMakesAcceptable) {
    Published published;
    published.tree.put("global.toml", "[severity]\nlow = \"block\"\n");
    auto const pushed = published.push({"--sign", published.key.private_file()});
    ASSERT_EQ(pushed.status, 0) << pushed.error;
    auto const policies = published.load(published.key);
    ASSERT_TRUE(policies.has_value()) << policies.error().text();
    auto const& policy = policies->front();
    EXPECT_EQ(policy.severity.at(finding::Severity::low).value, policy::Action::block);
    EXPECT_TRUE(policy.is_trusted);
    EXPECT_EQ(cat(policy.source, "\n"), pushed.out); // oci:…@sha256:…, whatever the tag becomes
    ASSERT_EQ(policy.files.size(), 1U);
    EXPECT_EQ(policy.files[0].source, policy.source);
}

TEST(PolicyPush, LeavesATagThatNoKeyMakesAcceptable) {
    Published published;
    published.tree.put("global.toml", "");
    EXPECT_EQ(published.push().status, 0);
    auto const unsigned_one = published.load(published.key);
    ASSERT_FALSE(unsigned_one.has_value());
    EXPECT_EQ(unsigned_one.error().kind(), ErrorKind::policy);
    EXPECT_EQ(published.push({"--sign", published.key.private_file()}).status, 0);
    EXPECT_TRUE(published.load(published.key).has_value());
    auto const foreign = published.load(test::KeyPair());
    ASSERT_FALSE(foreign.has_value());
    EXPECT_EQ(foreign.error().kind(), ErrorKind::policy);
    // What is under the tag now was signed by nobody.
    published.tree.put("global.toml", "[severity]\ncritical = \"allow\"\n");
    EXPECT_EQ(published.push().status, 0);
    EXPECT_FALSE(published.load(published.key).has_value());
}

TEST(PolicyPush, PublishesNothingThatItCannotSign) {
    Published published;
    published.tree.put("global.toml", "");
    for (auto const& key : {std::string("/nowhere/cosign.key"), published.key.public_file()}) {
        auto const refused = published.push({"--sign", key});
        EXPECT_EQ(refused.status, 2) << refused.error;
        EXPECT_NE(refused.error.find("signing the policy"), std::string::npos) << refused.error;
        EXPECT_EQ(refused.out, "");
    }
    auto const absent = published.load(published.key);
    ASSERT_FALSE(absent.has_value());
    EXPECT_NE(absent.error().text().find("there is no policy"), std::string::npos)
        << absent.error().text();
}

} // namespace
} // namespace clairgate::gate
