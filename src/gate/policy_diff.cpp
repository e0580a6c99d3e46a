#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/in_batches.hpp>
#include <clairgate/gate/judges.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/gate/policy_folder.hpp>
#include <clairgate/gate/policy_git.hpp>
#include <clairgate/gate/policy_place.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/io/files.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

// A side of the comparison: a folder, or git:COMMIT of the clone that --policy is in.
Result<PolicyFiles> files_of(std::string const& text, std::filesystem::path const& folder) {
    PolicyFiles side;
    if (!text.starts_with("git:")) {
        side.files = TRY(read_policy_folder(text, true));
        return side;
    }
    auto const place = policy_place(folder);
    if (!place)
        return Error(ErrorKind::policy, cat(folder.string(), " is in no git clone"))
            .with_remedy("--policy DIR names the folder in the clone");
    side.files = TRY(policy_of_commit(place->clone, text.substr(4), place->folder));
    if (side.files.empty())
        return Error(ErrorKind::policy, cat("it has no ", place->folder));
    return side;
}

// A mistake is told before any report is judged, and with its side.
Result<PolicyFiles> side_of(std::string const& text, std::filesystem::path const& folder) {
    auto side = TRY(files_of(text, folder).with_context(text));
    auto mistakes = policy::mistakes_of_tree(side.files);
    if (!mistakes.empty())
        return policy::all_mistakes(std::move(mistakes)).with_context(text);
    return side;
}

std::string_view word(policy::Effect effect) {
    return effect == policy::Effect::allow  ? "pass"
           : effect == policy::Effect::warn ? "warn"
                                            : "block";
}

// The finding that flips the verdict, in words: of the stricter side, where it is what the verdict
// is.
std::string reason_of(report::Report const& before, report::Report const& after) {
    if (!before.verdict || !after.verdict)
        return {};
    auto const& old_decisions = before.verdict->decisions();
    auto const& new_decisions = after.verdict->decisions();
    bool const is_stricter = after.verdict->effect() > before.verdict->effect();
    auto const& decisive = is_stricter ? new_decisions : old_decisions;
    auto const worst = std::max(before.verdict->effect(), after.verdict->effect());
    for (std::size_t i = 0; i < old_decisions.size(); ++i) {
        if (old_decisions[i].effect == new_decisions[i].effect || decisive[i].effect != worst)
            continue;
        auto const& finding = after.scan.findings[i];
        auto const words = policy::explain(*after.policy, finding, new_decisions[i]);
        return cat(finding.id,
                   " in ",
                   finding.package.name,
                   ": ",
                   words.sentence,
                   " (",
                   policy::place_of(words.lock ? *words.lock : words.origin),
                   ")");
    }
    return "coverage or a budget";
}

// What one report's comparison says.
struct Compared {
    std::optional<Error> error;
    std::size_t verdicts = 0; // none of a run that could not decide: it has nothing to flip
    std::size_t flips = 0;
    std::string lines; // "" when the verdict stays
};

class Diff {
  public:
    Diff(PolicyFiles before, PolicyFiles after, PolicyChoice const& choice, SystemTime now)
        : before_(std::move(before), facts_), after_(std::move(after), facts_), choice_(choice),
          now_(now) {}

    // On any thread.
    Compared compare(std::string const& file) {
        Compared out;
        auto const done = compare_into(out, file);
        if (!done.has_value())
            out.error = done.error();
        return out;
    }

  private:
    Result<void> compare_into(Compared& out, std::string const& file) {
        auto bytes = TRY(io::read_file(file, limits::stored_report_bytes));
        auto const report = TRY(parse_any_report(file, std::move(bytes)).with_context(file));
        if (!report.undecided_reason.empty())
            return ok();
        for (auto const& context : contexts_for(choice_, report)) {
            auto const line = TRY(line_of(file, report, context));
            ++out.verdicts;
            out.flips += line.empty() ? 0U : 1U;
            out.lines += line;
        }
        return ok();
    }

    Result<std::string>
    line_of(std::string const& file, report::Report const& report, policy::Context const& context) {
        auto const before = TRY(before_.of(context));
        auto const after = TRY(after_.of(context));
        auto const was = before->verdict(report, now_).effect();
        auto const is = after->verdict(report, now_).effect();
        if (was == is)
            return std::string();
        auto const reason = reason_of(before->judged(report, now_), after->judged(report, now_));
        auto const& environment = context.environment;
        return cat(printable(file),
                   environment.empty() ? "" : cat(" (", environment, ")"),
                   ": ",
                   word(was),
                   " -> ",
                   word(is),
                   "  ",
                   printable(reason, 400),
                   "\n");
    }

    FactFiles facts_; // none: both sides see what the report holds
    Judges before_;
    Judges after_;
    PolicyChoice const& choice_;
    SystemTime now_;
};

// The lines of all files, and the first failure beside them.
struct Difference {
    std::string text;
    std::optional<Error> failure;
};

Difference difference(Diff& diff, std::vector<std::string> const& files) {
    Difference out;
    std::size_t verdicts = 0, flips = 0, undecided = 0;
    std::function<Compared(std::size_t)> const make = [&](std::size_t i) {
        return diff.compare(files[i]);
    };
    std::function<void(Compared)> const take = [&](Compared compared) {
        undecided += !compared.error && compared.verdicts == 0 ? 1U : 0U;
        if (compared.error && !out.failure)
            out.failure = std::move(compared.error);
        verdicts += compared.verdicts;
        flips += compared.flips;
        out.text += compared.lines;
    };
    in_batches(files.size(), make, take);
    if (out.failure)
        return out; // a sum of the others would look like one of all
    out.text += cat(flips, " of ", verdicts, verdicts == 1 ? " verdict" : " verdicts", " flip");
    out.text += undecided == 0 ? "\n" : cat("; ", undecided, " undecided left out\n");
    return out;
}

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
    auto const now = call.runtime.world().clock.now();
    Diff diff(*std::move(before), *std::move(after), call.config.policy, now);
    auto const told = difference(diff, {arguments.begin() + 2, arguments.end()});
    call.invocation.streams.out(told.text);
    if (told.failure)
        co_return Outcome::failed(*told.failure);
    co_return Outcome::done();
}

} // namespace clairgate::gate
