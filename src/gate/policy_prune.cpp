#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/foreign_report.hpp>
#include <clairgate/gate/judges.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/policy/prune.hpp>

namespace clairgate::gate {

namespace {

// Shows the report to the pruner; false where it could not decide, since its findings are then not
// all that there are.
Result<bool> see(policy::Pruner& pruner, PolicyChoice const& choice, std::string const& file) {
    auto bytes = TRY(io::read_file(file, limits::stored_report_bytes));
    auto const report = TRY(parse_any_report(file, std::move(bytes)).with_context(file));
    if (!report.undecided_reason.empty())
        return false;
    pruner.see(report.scan, repository_of(report), contexts_for(choice, report));
    return true;
}

// "application/shop.toml:12-18: delete allow CVE-2024-0001: expired on 2026-01-01".
std::string line_of(policy::Deletion const& deletion) {
    auto const& at = deletion.origin;
    auto const place = deletion.is_inline ? policy::place_of(at)
                                          : cat(at.file, ":", at.line, "-", deletion.last_line);
    return cat(printable(place),
               deletion.is_inline ? ": delete the inline table of " : ": delete ",
               printable(at.rule),
               ": ",
               printable(deletion.reason),
               "\n");
}

std::string summary_of(policy::Pruner const& pruner,
                       std::size_t deletions,
                       std::size_t given,
                       std::size_t undecided) {
    auto out = cat(deletions,
                   " of ",
                   pruner.exceptions(),
                   pruner.exceptions() == 1 ? " exception" : " exceptions",
                   " to delete\n");
    if (given == 0)
        return cat(out,
                   "no reports were given, so only expired ones are told; for unused ones: "
                   "clairgate policy prune reports/*.json\n");
    if (undecided > 0)
        out += cat(undecided, " of ", given, " reports could not decide, and were left out\n");
    if (pruner.unseen() > 0)
        out += cat(pruner.unseen(),
                   " more may be in use: no report is of an image that they apply to\n");
    return out;
}

} // namespace

io::Task<Outcome> policy_prune(PolicyCall call) {
    auto const files = co_await files_as_written(call);
    if (!files.has_value())
        co_return Outcome::failed(files.error());
    auto mistakes = policy::mistakes_of_tree(*files);
    if (!mistakes.empty())
        co_return Outcome::failed(policy::all_mistakes(std::move(mistakes)));
    policy::Pruner pruner(*files, call.runtime.world().clock.now());
    std::size_t undecided = 0;
    for (auto const& file : call.arguments) {
        auto const seen = see(pruner, call.config.policy, file);
        if (!seen.has_value())
            co_return Outcome::failed(seen.error());
        undecided += *seen ? 0U : 1U;
    }
    auto const deletions = pruner.deletions();
    std::string out;
    for (auto const& deletion : deletions)
        out += line_of(deletion);
    out += summary_of(pruner, deletions.size(), call.arguments.size(), undecided);
    call.invocation.streams.out(out);
    if (deletions.empty())
        co_return Outcome::done();
    co_return Outcome::judged(policy::Effect::warn);
}

} // namespace clairgate::gate
