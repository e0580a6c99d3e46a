#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/change_request.hpp>
#include <clairgate/gate/git_clone.hpp>
#include <clairgate/io/files.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace clairgate::gate {

namespace {

using nlohmann::json;

constexpr std::size_t event_bytes_max = limits::mib;
constexpr std::size_t number_digits_max = 20;

// How one system tells: a variable that is set for change requests alone (some say "false"
// otherwise), and those that hold a commit of the target, best first: the newest commit of the
// target cannot be chosen by whoever forks from an old one.
struct System {
    std::string_view name;
    std::string_view number;
    std::array<std::string_view, 2> bases;
};

constexpr System systems[] = {
    {"GitLab merge request",
     "CI_MERGE_REQUEST_IID",
     {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA"}},
    {"GitLab external pull request",
     "CI_EXTERNAL_PULL_REQUEST_IID",
     {"CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA", ""}},
    {"Bitbucket pull request", "BITBUCKET_PR_ID", {"BITBUCKET_PR_DESTINATION_COMMIT", ""}},
    {"Jenkins change", "CHANGE_ID", {"", ""}},
    {"Azure pull request", "SYSTEM_PULLREQUEST_PULLREQUESTID", {"", ""}},
    {"Azure pull request", "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", {"", ""}},
    {"Drone pull request", "DRONE_PULL_REQUEST", {"DRONE_COMMIT_BEFORE", ""}},
    {"Woodpecker pull request", "CI_COMMIT_PULL_REQUEST", {"", ""}},
    {"Buildkite pull request", "BUILDKITE_PULL_REQUEST", {"", ""}},
    {"CircleCI pull request", "CIRCLE_PULL_REQUEST", {"", ""}},
    {"Travis pull request", "TRAVIS_PULL_REQUEST", {"", ""}},
    {"Cirrus pull request", "CIRRUS_PR", {"CIRRUS_BASE_SHA", ""}},
    {"Prow pull request", "PULL_NUMBER", {"PULL_BASE_SHA", ""}},
    {"Semaphore pull request", "SEMAPHORE_GIT_PR_NUMBER", {"", ""}},
    {"AppVeyor pull request", "APPVEYOR_PULL_REQUEST_NUMBER", {"", ""}},
};

bool are_digits(std::string_view text) {
    return !text.empty() && text.size() <= number_digits_max &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "GitLab merge request 12"; of a URL its last part, and of anything else no number.
std::string named(std::string_view system, std::string_view number) {
    auto const last = split(number, '/').back();
    return are_digits(last) ? cat(system, " ", last) : std::string(system);
}

// A full id that names something: systems say zeros where there is no commit.
std::optional<std::string> commit_of(std::optional<std::string> const& text) {
    if (text && is_commit_id(*text) && text->find_first_not_of('0') != std::string::npos)
        return text;
    return std::nullopt;
}

std::optional<ChangeRequest> ask(System const& system, io::Environment const& environment) {
    auto const number = environment.value(system.number);
    if (!number || *number == "false")
        return std::nullopt;
    ChangeRequest request{named(system.name, *number), {}, {}};
    for (auto const base : system.bases)
        if (!request.base_commit && !base.empty())
            request.base_commit = commit_of(environment.value(base));
    return request;
}

// The member of objects in objects that "a.b.c" names, or null.
json const* at(json const& event, std::string_view path) {
    auto const* found = &event;
    for (auto const key : split(path, '.'))
        found = found == nullptr ? nullptr : clairgate::json::find(*found, key);
    return found;
}

std::string text_at(json const& event, std::string_view path) {
    auto const* const found = at(event, path);
    if (found == nullptr)
        return "";
    if (found->is_number_unsigned())
        return cat(found->get<std::uint64_t>());
    return found->is_string() ? found->get<std::string>() : std::string();
}

// The document that started the run; an empty object where it is not at hand.
Result<json> event_of(io::Environment const& environment) {
    auto const path = environment.value("GITHUB_EVENT_PATH");
    if (!path)
        return json::object();
    auto const bytes = io::read_file(*path, event_bytes_max);
    if (!bytes.has_value() && bytes.error().kind() == ErrorKind::not_found)
        return json::object(); // a container that was given the variables but not the file
    auto const where = "event file of GITHUB_EVENT_PATH";
    if (!bytes.has_value())
        return bytes.error().with_context(where);
    return clairgate::json::parse(*bytes).with_context(where);
}

// GitHub, and those who speak like it (Gitea, Forgejo).
Result<std::optional<ChangeRequest>> ask_github(io::Environment const& environment) {
    auto const nothing = std::optional<ChangeRequest>();
    auto const name = environment.value("GITHUB_EVENT_NAME").value_or("");
    bool const is_for_change =
        name.starts_with("pull_request") || environment.value("GITHUB_BASE_REF").has_value();
    // These run on the default branch, whatever they check out later.
    bool const is_about_change = name == "issue_comment" || name == "workflow_run";
    if (!is_for_change && !is_about_change && name != "merge_group")
        return nothing;
    auto const event = TRY(event_of(environment));
    auto const cause = text_at(event, "workflow_run.event");
    if (name == "workflow_run" && !cause.empty() && !cause.starts_with("pull_request"))
        return nothing;
    if (name == "issue_comment" && at(event, "issue") != nullptr &&
        at(event, "issue.pull_request") == nullptr)
        return nothing;
    bool const is_github =
        !environment.value("GITEA_ACTIONS") && !environment.value("FORGEJO_ACTIONS");
    auto number = text_at(event, "pull_request.number");
    for (auto const* const other : {"number", "issue.number"})
        number = number.empty() ? text_at(event, other) : number;
    ChangeRequest request{named("GitHub pull request", number), {}, {}};
    if (name == "merge_group")
        request.system = "GitHub merge queue";
    auto const sha = commit_of(environment.value("GITHUB_SHA"));
    auto const ref = environment.value("GITHUB_REF").value_or("");
    request.base_commit = commit_of(
        text_at(event, name == "merge_group" ? "merge_group.base_sha" : "pull_request.base.sha"));
    // Of these three GITHUB_SHA is the target's or the default branch's newest commit.
    if (is_github && (is_about_change || name == "pull_request_target"))
        request.base_commit = sha;
    else if (is_github && ref.starts_with("refs/pull/") && ref.ends_with("/merge"))
        request.merge_commit = sha;
    return std::optional(std::move(request));
}

} // namespace

Result<std::optional<ChangeRequest>> change_request_of(io::Environment const& environment) {
    auto all = TRY(ask_github(environment));
    for (auto const& system : systems) {
        auto const one = ask(system, environment);
        if (!one)
            continue;
        if (!all) {
            all = one;
            continue;
        }
        all->system += cat(" and ", one->system);
        if (all->base_commit != one->base_commit)
            all->base_commit.reset();
        all->merge_commit.reset();
    }
    return all;
}

} // namespace clairgate::gate
