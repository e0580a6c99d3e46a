#include <clairgate/base/text.hpp>
#include <clairgate/gate/policies.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <gate/git_repository.hpp>
#include <gate/policy_tree.hpp>
#include <support/test_world.hpp>

namespace clairgate::gate {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Result<std::vector<policy::Policy>> load(PolicyChoice const& choice, Variables variables = {}) {
    test::TestWorld world(std::move(variables));
    return world.run(load_policies(
        world.world, choice, {}, Deadline::after(world.clock, std::chrono::seconds(5))));
}

PolicyChoice choice_of(std::filesystem::path const& folder) {
    PolicyChoice choice;
    choice.folder = folder;
    choice.is_named = true;
    return choice;
}

TEST(LoadPolicies, OfAPlainFolderAreNotTrusted) {
    test::PolicyTree tree;
    tree.put("global.toml", "[severity]\nlow = \"block\"\n");
    auto const policies = load(choice_of(tree.path()));
    ASSERT_TRUE(policies.has_value()) << policies.error().text();
    ASSERT_EQ(policies->size(), 1U);
    EXPECT_EQ(policies->front().severity.at(finding::Severity::low).value, policy::Action::block);
    EXPECT_FALSE(policies->front().is_trusted);
    EXPECT_EQ(policies->front().source, "folder");
}

TEST(LoadPolicies, HaveOnePerEnvironmentInOrder) {
    test::PolicyTree tree;
    tree.put("global.toml", "").put("environment/a.toml", "").put("environment/b.toml", "");
    auto choice = choice_of(tree.path());
    choice.contexts = {{"", "b", ""}, {"", "a", ""}};
    auto const policies = load(choice);
    ASSERT_TRUE(policies.has_value()) << policies.error().text();
    EXPECT_EQ(policies->at(0).context.environment, "b");
    EXPECT_EQ(policies->at(1).context.environment, "a");
}

// A clone with a base commit whose policy blocks, and a working tree that loosens it.
class Clone {
  public:
    Clone() {
        repository.put(".clairgate/policy/global.toml",
                       "schema = 1\n[severity]\ncritical = \"block\"\n");
        base = repository.commit();
        repository.put(".clairgate/policy/global.toml",
                       "schema = 1\n[severity]\ncritical = \"allow\"\n");
        head = repository.commit();
    }
    policy::Action critical(PolicyChoice const& choice, Variables variables) {
        auto const policies = load(choice, std::move(variables));
        if (!policies.has_value())
            throw std::runtime_error(policies.error().text());
        loaded = policies->front();
        return loaded.severity.at(finding::Severity::critical).value;
    }
    PolicyChoice choice() const { return choice_of(repository.root() / ".clairgate/policy"); }

    test::GitRepository repository;
    std::string base, head;
    policy::Policy loaded = policy::built_in();
};

TEST(LoadPolicies, OfACleanTreeAreTrusted) {
    Clone clone;
    EXPECT_EQ(clone.critical(clone.choice(), {}), policy::Action::allow);
    EXPECT_TRUE(clone.loaded.is_trusted);
    EXPECT_EQ(clone.loaded.source, "git:" + clone.head);
}

TEST(LoadPolicies, OfAChangeRequestAreThoseOfItsBase) {
    Clone clone;
    Variables const request{{"CI_MERGE_REQUEST_IID", "7"},
                            {"CI_MERGE_REQUEST_DIFF_BASE_SHA", clone.base},
                            {"CI_PIPELINE_SOURCE", "merge_request_event"},
                            {"GITLAB_CI", "true"}};
    EXPECT_EQ(clone.critical(clone.choice(), request), policy::Action::block);
    EXPECT_TRUE(clone.loaded.is_trusted);
    EXPECT_EQ(clone.loaded.source, "git:" + clone.base);
    bool is_told = false;
    for (auto const& note : clone.loaded.notes)
        is_told = is_told || note.text == "this change alters global.toml";
    EXPECT_TRUE(is_told);
}

TEST(LoadPolicies, OfAChangeRequestWithoutItsBaseAreAMistakeUnlessBelieved) {
    Clone clone;
    Variables const request{{"CI_MERGE_REQUEST_IID", "7"},
                            {"CI_MERGE_REQUEST_DIFF_BASE_SHA", std::string(40, 'a')},
                            {"CI_PIPELINE_SOURCE", "merge_request_event"},
                            {"GITLAB_CI", "true"}};
    auto choice = clone.choice();
    auto const refused = load(choice, request);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::policy);
    EXPECT_NE(refused.error().remedy().find("git fetch"), std::string::npos);
    choice.may_be_untrusted = true;
    EXPECT_EQ(clone.critical(choice, request), policy::Action::allow);
    EXPECT_FALSE(clone.loaded.is_trusted);
}

TEST(LoadPolicies, OfANamedCommitDecideForTheirLevel) {
    Clone clone;
    auto choice = clone.choice();
    PolicySource source;
    source.commit = clone.base;
    source.text = "git:" + clone.base;
    choice.sources = {source};
    EXPECT_EQ(clone.critical(choice, {}), policy::Action::block);
    EXPECT_TRUE(clone.loaded.is_trusted);
    choice.sources.push_back(source);
    EXPECT_FALSE(load(choice).has_value()) << "two sources for all levels";
    choice.sources[1].level = policy::Level::environment;
    EXPECT_TRUE(load(choice).has_value());
}

TEST(LoadPolicies, OfALevelsSourceHoldThatLevel) {
    test::GitRepository repository;
    repository.put("policy/environment/prod.toml", "schema = 1\n");
    PolicySource source;
    source.level = policy::Level::global;
    source.commit = repository.commit();
    source.text = "git:" + source.commit;
    auto choice = choice_of(repository.root() / "policy");
    choice.sources = {source};
    EXPECT_NE(load(choice).error().text().find("holds no global.toml"), std::string::npos);
    repository.put("policy/Global.toml", "schema = 1\n");
    choice.sources[0].commit = repository.commit();
    EXPECT_NE(load(choice).error().text().find("is no policy file"), std::string::npos);
}

} // namespace
} // namespace clairgate::gate
