#include <clairgate/base/text.hpp>
#include <clairgate/gate/change_request.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

std::string const base(40, 'b');
std::string const sha(40, 'a');
std::string const zeros(40, '0');

Result<std::optional<ChangeRequest>> asked(Variables variables) {
    return change_request_of(io::Environment(std::move(variables)));
}

// The same with an event file.
Result<std::optional<ChangeRequest>> asked(Variables variables, std::string_view event) {
    test::TempDir const folder;
    auto const path = folder.path() / "event.json";
    std::ofstream(path) << event;
    variables["GITHUB_EVENT_PATH"] = path.string();
    return asked(std::move(variables));
}

struct SystemRow {
    char const* sentence;
    Variables variables;
    std::string system; // "" for none
    std::optional<std::string> base_commit;
};

SystemRow const system_rows[] = {
    {"nobody says anything", {}, "", {}},
    {"a push on GitHub",
     {{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "push"}, {"GITHUB_SHA", sha}},
     "",
     {}},
    {"a branch pipeline on GitLab",
     {{"GITLAB_CI", "true"}, {"CI_COMMIT_SHA", sha}, {"CI_PIPELINE_SOURCE", "push"}},
     "",
     {}},
    {"GitLab: the fork point",
     {{"CI_MERGE_REQUEST_IID", "7"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", base}},
     "GitLab merge request 7",
     base},
    {"GitLab: the target's newest commit is better",
     {{"CI_MERGE_REQUEST_IID", "7"},
      {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA", base},
      {"CI_MERGE_REQUEST_DIFF_BASE_SHA", sha}},
     "GitLab merge request 7",
     base},
    {"GitLab: an empty variable is none",
     {{"CI_MERGE_REQUEST_IID", "7"},
      {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA", ""},
      {"CI_MERGE_REQUEST_DIFF_BASE_SHA", base}},
     "GitLab merge request 7",
     base},
    {"GitLab: zeros are no commit",
     {{"CI_MERGE_REQUEST_IID", "7"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", zeros}},
     "GitLab merge request 7",
     {}},
    {"GitLab on GitHub's code",
     {{"CI_EXTERNAL_PULL_REQUEST_IID", "7"}, {"CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA", base}},
     "GitLab external pull request 7",
     base},
    {"Bitbucket",
     {{"BITBUCKET_PR_ID", "7"}, {"BITBUCKET_PR_DESTINATION_COMMIT", base}},
     "Bitbucket pull request 7",
     base},
    {"Bitbucket's short ids name no commit for sure",
     {{"BITBUCKET_PR_ID", "7"}, {"BITBUCKET_PR_DESTINATION_COMMIT", base.substr(0, 12)}},
     "Bitbucket pull request 7",
     {}},
    {"Jenkins names the target alone",
     {{"CHANGE_ID", "7"}, {"CHANGE_TARGET", "main"}},
     "Jenkins change 7",
     {}},
    {"Azure", {{"SYSTEM_PULLREQUEST_PULLREQUESTID", "7"}}, "Azure pull request 7", {}},
    {"Drone",
     {{"DRONE_PULL_REQUEST", "7"}, {"DRONE_COMMIT_BEFORE", base}},
     "Drone pull request 7",
     base},
    {"Woodpecker", {{"CI_COMMIT_PULL_REQUEST", "7"}}, "Woodpecker pull request 7", {}},
    {"Buildkite", {{"BUILDKITE_PULL_REQUEST", "7"}}, "Buildkite pull request 7", {}},
    {"Buildkite says no", {{"BUILDKITE_PULL_REQUEST", "false"}}, "", {}},
    {"CircleCI gives a URL",
     {{"CIRCLE_PULL_REQUEST", "https://github.com/o/r/pull/7"}},
     "CircleCI pull request 7",
     {}},
    {"Travis says no", {{"TRAVIS_PULL_REQUEST", "false"}}, "", {}},
    {"Cirrus", {{"CIRRUS_PR", "7"}, {"CIRRUS_BASE_SHA", base}}, "Cirrus pull request 7", base},
    {"Prow", {{"PULL_NUMBER", "7"}, {"PULL_BASE_SHA", base}}, "Prow pull request 7", base},
    {"a branch in place of a commit",
     {{"CIRRUS_PR", "7"}, {"CIRRUS_BASE_SHA", "refs/heads/main"}},
     "Cirrus pull request 7",
     {}},
    {"a number that is none", {{"CHANGE_ID", "7\n::error::x"}}, "Jenkins change", {}},
    {"a number beyond all bounds", {{"CHANGE_ID", std::string(21, '7')}}, "Jenkins change", {}},
    {"a full SHA-256 id",
     {{"CIRRUS_PR", "7"}, {"CIRRUS_BASE_SHA", std::string(64, 'c')}},
     "Cirrus pull request 7",
     std::string(64, 'c')},
    {"an upper-case id",
     {{"CIRRUS_PR", "7"}, {"CIRRUS_BASE_SHA", std::string(40, 'C')}},
     "Cirrus pull request 7",
     {}},
};

TEST(ChangeRequest, IsToldByEverySystemInItsWay) {
    for (auto const& row : system_rows) {
        auto const request = asked(row.variables).value();
        ASSERT_EQ(request.has_value(), !row.system.empty()) << row.sentence;
        if (!request)
            continue;
        EXPECT_EQ(request->system, row.system) << row.sentence;
        EXPECT_EQ(request->base_commit, row.base_commit) << row.sentence;
        EXPECT_EQ(request->merge_commit, std::nullopt) << row.sentence;
    }
}

// GitHub, its event and GITHUB_REF.
struct GitHubRun {
    std::string name;
    std::string event;
    std::string ref = "refs/heads/main";
    Variables more = {};
};

Result<std::optional<ChangeRequest>> asked_by_github(GitHubRun const& run) {
    auto variables = run.more;
    variables["GITHUB_ACTIONS"] = "true";
    variables["GITHUB_EVENT_NAME"] = run.name;
    variables["GITHUB_REF"] = run.ref;
    variables["GITHUB_SHA"] = sha;
    return asked(std::move(variables), run.event);
}

std::string pull_request(std::string const& commit) {
    return cat(R"({"number":12,"pull_request":{"number":12,"base":{"sha":")", commit, R"("}}})");
}

struct EventRow {
    char const* sentence;
    GitHubRun run;
    std::string system; // "" for none
    std::optional<std::string> base_commit;
    std::optional<std::string> merge_commit;
};

std::string const pr = "GitHub pull request 12";
std::string const merge = "refs/pull/12/merge";

EventRow const event_rows[] = {
    {"a pull request", {"pull_request", pull_request(base), merge}, pr, base, sha},
    {"a review", {"pull_request_review", pull_request(base), merge}, pr, base, sha},
    {"no test merge", {"pull_request", pull_request(base), "refs/pull/12/head"}, pr, base, {}},
    {"on the target's commit", {"pull_request_target", pull_request(base)}, pr, sha, {}},
    {"an event that nobody knows yet",
     {"pull_request_new", pull_request(base), merge},
     pr,
     base,
     sha},
    {"told by the target's name alone",
     {"something", "{}", merge, {{"GITHUB_BASE_REF", "main"}}},
     "GitHub pull request",
     {},
     sha},
    {"the merge queue",
     {"merge_group", cat(R"({"merge_group":{"base_sha":")", base, "\"}}")},
     "GitHub merge queue",
     base,
     {}},
    {"a comment on a pull request",
     {"issue_comment", R"({"issue":{"number":12,"pull_request":{}}})"},
     pr,
     sha,
     {}},
    {"a comment on an issue", {"issue_comment", R"({"issue":{"number":12}})"}, "", {}, {}},
    {"after a run for a pull request",
     {"workflow_run", R"({"workflow_run":{"event":"pull_request"}})"},
     "GitHub pull request",
     sha,
     {}},
    {"after a run for a push",
     {"workflow_run", R"({"workflow_run":{"event":"push"}})"},
     "",
     {},
     {}},
    {"after a run for who knows what", {"workflow_run", "{}"}, "GitHub pull request", sha, {}},
    {"a push", {"push", pull_request(base)}, "", {}, {}},
    {"a push with a broken event", {"push", "{"}, "", {}, {}},
    {"a base that is a branch", {"pull_request", pull_request("main"), merge}, pr, {}, sha},
    {"zeros", {"pull_request", pull_request(zeros), merge}, pr, {}, sha},
    {"a base of another type",
     {"pull_request", R"({"number":"x","pull_request":{"base":[7]}})", merge},
     "GitHub pull request",
     {},
     sha},
    {"an event that is no object", {"pull_request", "[]", merge}, "GitHub pull request", {}, sha},
    {"Gitea checks the head out, which may be any merge",
     {"pull_request", pull_request(base), merge, {{"GITEA_ACTIONS", "true"}}},
     pr,
     base,
     {}},
    {"Forgejo, on the target",
     {"pull_request_target", pull_request(base), merge, {{"FORGEJO_ACTIONS", "true"}}},
     pr,
     base,
     {}},
};

TEST(ChangeRequest, IsReadFromGitHubsEvent) {
    for (auto const& row : event_rows) {
        auto const request = asked_by_github(row.run);
        ASSERT_TRUE(request.has_value()) << row.sentence << ": " << request.error().text();
        ASSERT_EQ(request->has_value(), !row.system.empty()) << row.sentence;
        if (!*request)
            continue;
        EXPECT_EQ((*request)->system, row.system) << row.sentence;
        EXPECT_EQ((*request)->base_commit, row.base_commit) << row.sentence;
        EXPECT_EQ((*request)->merge_commit, row.merge_commit) << row.sentence;
    }
}

TEST(ChangeRequest, IsToldWithoutTheEventFileAndNotWithABrokenOne) {
    auto const without = asked({{"GITHUB_EVENT_NAME", "pull_request"}}).value();
    ASSERT_TRUE(without.has_value());
    EXPECT_EQ(without->base_commit, std::nullopt);
    auto const gone =
        asked({{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_EVENT_PATH", "/none/e.json"}});
    ASSERT_TRUE(gone.value().has_value());
    EXPECT_EQ((*gone)->base_commit, std::nullopt);
    Variables const pull = {{"GITHUB_EVENT_NAME", "pull_request"}};
    EXPECT_EQ(asked(pull, "{").error().kind(), ErrorKind::protocol);
    EXPECT_EQ(asked(pull, pull_request(base) + "{}").error().kind(), ErrorKind::protocol);
    EXPECT_EQ(asked(pull, R"({"pull_request":1,"pull_request":2})").error().kind(),
              ErrorKind::protocol);
    EXPECT_EQ(asked(pull, std::string(100'000, '[')).error().kind(), ErrorKind::limit);
    EXPECT_EQ(asked(pull, std::string(1024 * 1024 + 1, ' ')).error().kind(), ErrorKind::limit);
    auto padded = pull_request(base);
    padded.resize(1024 * 1024, ' ');
    EXPECT_EQ(asked(pull, padded).value()->base_commit, base);
    test::TempDir const folder;
    auto const device =
        asked({{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_EVENT_PATH", folder.path()}});
    EXPECT_EQ(device.error().kind(), ErrorKind::file);
}

// What a build's steps may add to the environment neither hides a change request nor chooses whose
// policy counts.
TEST(ChangeRequest, IsNotTurnedByVariablesOfAnotherSystem) {
    GitHubRun const honest{"pull_request", pull_request(base), "refs/pull/12/merge"};
    auto run = honest;
    run.more = {{"CI_MERGE_REQUEST_IID", "1"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", sha}};
    auto const forged = asked_by_github(run).value();
    ASSERT_TRUE(forged.has_value());
    EXPECT_EQ(forged->system, "GitHub pull request 12 and GitLab merge request 1");
    EXPECT_EQ(forged->base_commit, std::nullopt);
    EXPECT_EQ(forged->merge_commit, std::nullopt);
    run.more["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = base;
    EXPECT_EQ(asked_by_github(run).value()->base_commit, base) << "both say the same";
    auto const hidden = asked({{"CHANGE_ID", "7"},
                               {"GITHUB_ACTIONS", "true"},
                               {"GITHUB_EVENT_NAME", "push"},
                               {"BUILDKITE_PULL_REQUEST", "false"}});
    ASSERT_TRUE(hidden.value().has_value());
    EXPECT_EQ((*hidden)->system, "Jenkins change 7");
}

} // namespace
} // namespace clairgate::gate
