#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/pipeline.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/gate/policy_folder.hpp>
#include <clairgate/gate/policy_git.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/gate/work_tree.hpp>
#include <clairgate/io/files.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

// A side of the comparison: a folder, or git:COMMIT of the clone that --policy is in.
Result<PolicyFiles> side_of(std::string const& text, std::filesystem::path const& folder) {
    PolicyFiles side;
    if (!text.starts_with("git:")) {
        side.files = TRY(read_policy_folder(text, true));
        return side;
    }
    auto const place = std::filesystem::absolute(folder).lexically_normal();
    auto const tree = work_tree_of(place);
    if (!tree)
        return Error(ErrorKind::policy, cat(folder.string(), " is in no git clone"))
            .with_remedy("--policy DIR names the folder in the clone");
    side.files = TRY(
        policy_of_commit(*tree, text.substr(4), place.lexically_relative(*tree).generic_string()));
    return side;
}

std::string_view word(policy::Effect effect) {
    return effect == policy::Effect::allow  ? "pass"
           : effect == policy::Effect::warn ? "warn"
                                            : "block";
}

policy::Effect effect_of(report::Report const& report) {
    auto const& verdict = report.verdict;
    CLAIRGATE_ASSERT(verdict.has_value());
    return verdict->effect();
}

// The first finding whose decision differs, in words.
std::string reason_of(report::Report const& before, report::Report const& after) {
    if (!before.verdict || !after.verdict)
        return {};
    auto const& old_decisions = before.verdict->decisions();
    auto const& new_decisions = after.verdict->decisions();
    for (std::size_t i = 0; i < old_decisions.size(); ++i) {
        if (old_decisions[i].effect == new_decisions[i].effect)
            continue;
        auto const& finding = after.scan.findings[i];
        auto const words = policy::explain(after.policy, finding, new_decisions[i]);
        return cat(finding.id,
                   " in ",
                   finding.package.name,
                   ": ",
                   words.sentence,
                   " (",
                   policy::place_of(words.lock ? *words.lock : words.origin),
                   ")");
    }
    return "coverage, a budget or nothing but the notes differ";
}

class Diff {
  public:
    Diff(PolicyFiles before, PolicyFiles after, SystemTime now)
        : before_(std::move(before)), after_(std::move(after)), now_(now) {}

    Result<void> compare(std::string const& file, policy::Context const& context) {
        auto const bytes = TRY(io::read_file(file, limits::stored_report_bytes));
        auto report = TRY(parse_any_report(file, bytes).with_context(file));
        if (!report.undecided_reason.empty())
            return ok(); // nothing to flip
        ++reports_;
        auto const before = TRY(judge(before_, context, report));
        auto const after = TRY(judge(after_, context, report));
        auto const was = effect_of(before);
        auto const is = effect_of(after);
        if (was == is)
            return ok();
        ++flipped_;
        out_ += cat(printable(file),
                    ": ",
                    word(was),
                    " -> ",
                    word(is),
                    "  ",
                    printable(reason_of(before, after), 400),
                    "\n");
        return ok();
    }

    std::string text() const {
        return cat(
            out_, flipped_, " of ", reports_, reports_ == 1 ? " verdict" : " verdicts", " flip\n");
    }

  private:
    Result<report::Report> judge(PolicyFiles const& side,
                                 policy::Context const& context,
                                 report::Report const& report) const {
        auto policies = TRY(policies_of(side, {context}));
        auto judged = judged_report(report, std::move(policies.front()), now_);
        CLAIRGATE_ASSERT(judged.verdict.has_value());
        return judged;
    }

    PolicyFiles before_;
    PolicyFiles after_;
    SystemTime now_;
    std::string out_;
    std::size_t reports_ = 0;
    std::size_t flipped_ = 0;
};

} // namespace

io::Task<Outcome> policy_diff(PolicyCall call) {
    auto const& arguments = call.arguments;
    if (arguments.size() < 3)
        co_return Outcome::failed(
            Error(ErrorKind::usage, "policy diff needs OLD, NEW and reports")
                .with_remedy("clairgate policy diff git:COMMIT .clairgate/policy reports/*.json"));
    auto before = side_of(arguments[0], call.config.policy.folder);
    if (!before.has_value())
        co_return Outcome::failed(before.error());
    auto after = side_of(arguments[1], call.config.policy.folder);
    if (!after.has_value())
        co_return Outcome::failed(after.error());
    Diff diff(*std::move(before), *std::move(after), call.runtime.world().clock.now());
    for (auto file = arguments.begin() + 2; file != arguments.end(); ++file) {
        auto const compared = diff.compare(*file, call.config.policy.contexts.front());
        if (!compared.has_value())
            co_return Outcome::failed(compared.error());
    }
    call.invocation.streams.out(diff.text());
    co_return Outcome::done();
}

} // namespace clairgate::gate
